"""Coming into service, changing, leaving; absence and skills. Who may ask for it is the caller's question, but for one's own."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from teams.journal.batch import Batch, iso, new_ids, subjects
from teams.journal.models import Actor, Note, record
from teams.kit.clock import day_of
from teams.kit.errors import Conflict, Invalid, NotAllowed, Reason
from teams.kit.history import Span, covers, cut, overlay, put, runs
from teams.kit.text import N_
from teams.people.forms import AbsenceForm, PersonForm
from teams.people.models import Absence, Contract, Person, days
from teams.people.queries import absence_of, contract_of, person_by_id

_HOME = text(
    "select team_id from home_team where person_id = :person and upper_inf(recorded) and range_contains_elem(valid, cast(:day as date))"
)
_NEW_SKILLS = text(
    "insert into skill (name) select distinct on (plain(n)) n from unnest(cast(:names as text[])) n"
    " where not exists (select from skill_name k where k.name = plain(n)) on conflict do nothing"
)
_DROP_SKILLS = text(
    """
    delete from person_skill ps using skill s where ps.person_id = :person and s.id = ps.skill_id
        and s.id not in (select k.id from unnest(cast(:names as text[])) n join skill_name k on k.name = plain(n))
    returning s.name
    """
)
_ADD_SKILLS = text(
    """
    insert into person_skill (person_id, skill_id)
    select distinct cast(:person as uuid), k.id from unnest(cast(:names as text[])) n join skill_name k on k.name = plain(n)
    on conflict do nothing returning skill_id
    """
)


async def hire(session: AsyncSession, form: PersonForm, *, by: Actor, at: datetime) -> UUID:
    """A person with contract hours from a day on. `Invalid` when number or address is taken."""
    (person_id,) = await new_ids(session, 1)
    if form.uit_dienst is not None and form.uit_dienst < form.in_dienst:
        raise Invalid({"uit_dienst": _END_BEFORE_START})
    period = days(form.in_dienst, form.uit_dienst)
    batch = Batch()
    batch.entities[Person].append(
        {"id": person_id, "number": form.personeelsnummer, "name": form.naam, "email": form.email}
    )
    batch.rewrite(
        Contract, [], [Span({"person_id": person_id, "hours": form.contracturen}, form.in_dienst, period.upper)]
    )
    batch.notes.append(
        Note(
            "person.hired",
            (("person", person_id),),
            iso((("person", person_id), ("from", form.in_dienst), ("hours", form.contracturen))),
            {"name": form.naam},
        )
    )
    try:
        async with session.begin_nested():
            await batch.write(session, by=by)
    except IntegrityError as error:
        raise _taken(error) from error
    return person_id


async def change_person(
    session: AsyncSession,
    person_id: UUID,
    *,
    name: str | None = None,
    email: str | None = None,
    version: int | None = None,
    by: Actor,
    at: datetime,
) -> Person:
    """Another name or address; the log-in name stays. `Conflict` when somebody else changed it since `version`."""
    person = await person_by_id(session, person_id, lock=True)
    if version is not None and version != person.version:
        raise Conflict(Reason("verouderd", N_("Iemand anders heeft deze gegevens net veranderd. Kijk ze nog eens na.")))
    given = {"name": name or person.name, "email": email or person.email}
    changed = {field: value for field, value in given.items() if value != getattr(person, field)}
    if not changed:
        return person
    old = {f"old_{field}": getattr(person, field) for field in changed}
    try:
        async with session.begin_nested():
            person.name, person.email, person.version = given["name"], given["email"], person.version + 1
            await session.flush()  # a taken address must show here, not at the end of the transaction
    except IntegrityError as error:
        raise _taken(error) from error
    await _record(session, "person.changed", person_id, {"fields": sorted(changed)}, {**old, **changed}, by=by, at=at)
    return person


async def set_hours(
    session: AsyncSession, person_id: UUID, hours: Decimal, *, first: date, by: Actor, at: datetime
) -> None:
    """Other contract hours from `first` on, within the service that stands."""
    await person_by_id(session, person_id, lock=True)
    old = await contract_of(session, person_id)
    if not any(span.end is None or first < span.end for span in old):
        raise Conflict(_NOT_IN_SERVICE)
    batch = Batch()
    if batch.rewrite(Contract, old, overlay(old, {"hours": hours}, first)):
        batch.notes.append(
            await _note(session, "person.hours_changed", person_id, iso((("from", first), ("hours", hours))), at=at)
        )
        await batch.write(session, by=by)


async def leave(session: AsyncSession, person_id: UUID, *, last: date, by: Actor, at: datetime) -> date:
    """`last` is the last day in service. Returns the first day out. Roles, claims and access end elsewhere (R13)."""
    await person_by_id(session, person_id, lock=True)
    old = await contract_of(session, person_id)
    out = last + timedelta(days=1)
    if not old or out <= runs(old)[-1][0].start:
        raise Conflict(_NOT_IN_SERVICE)
    batch = Batch()
    if batch.rewrite(Contract, old, cut(old, out)):
        batch.notes.append(await _note(session, "person.left", person_id, iso((("last", last),)), at=at))
        await batch.write(session, by=by)
    return out


async def add_absence(session: AsyncSession, person_id: UUID, form: AbsenceForm, *, by: Actor, at: datetime) -> None:
    """Days away, in service; days that were already away stay so. Own, or entered by the secretary."""
    _own(person_id, by)
    if form.tot < form.van:
        raise Invalid({"tot": _END_BEFORE_START})
    await person_by_id(session, person_id, lock=True)
    end = form.tot + timedelta(days=1)
    if not covers(await contract_of(session, person_id), form.van, end):
        raise Conflict(Reason("niet_in_dienst", N_("Deze dagen vallen buiten het dienstverband.")))
    old = await absence_of(session, person_id)
    await _absence(session, person_id, old, put(old, {"person_id": person_id}, form.van, end), "person.absent", by, at)


async def remove_absence(session: AsyncSession, person_id: UUID, form: AbsenceForm, *, by: Actor, at: datetime) -> None:
    """There after all: these days are no longer away."""
    _own(person_id, by)
    await person_by_id(session, person_id, lock=True)
    old = await absence_of(session, person_id)
    new = cut(old, form.van, form.tot + timedelta(days=1))
    await _absence(session, person_id, old, new, "person.absence_removed", by, at)


async def set_skills(session: AsyncSession, person_id: UUID, names: Sequence[str], *, by: Actor, at: datetime) -> None:
    """Exactly these skills; a skill with the same letters, or a synonym, is the same skill."""
    _own(person_id, by)
    await person_by_id(session, person_id, lock=True)
    given = {"person": person_id, "names": list(names)}
    await session.execute(_NEW_SKILLS, {"names": given["names"]})
    dropped = (await session.execute(_DROP_SKILLS, given)).all()
    added = (await session.execute(_ADD_SKILLS, given)).all()
    if dropped or added:
        facts = {"added": len(added), "dropped": len(dropped)}
        await _record(session, "person.skills_changed", person_id, facts, {}, by=by, at=at)


async def _absence(
    session: AsyncSession,
    person_id: UUID,
    old: list[Span[date]],
    new: list[Span[date]],
    verb: str,
    by: Actor,
    at: datetime,
) -> None:
    batch = Batch()
    if batch.rewrite(Absence, old, new):
        batch.notes.append(Note(verb, (("person", person_id),)))
        await batch.write(session, by=by)


def _own(person_id: UUID, by: Actor) -> None:
    if by.person_id not in (None, person_id) and not by.has("secretaris"):
        raise NotAllowed(Reason("geen_recht", N_("Dit verandert alleen de persoon zelf.")))


async def _note(
    session: AsyncSession,
    verb: str,
    person_id: UUID,
    facts: dict[str, Any],
    texts: dict[str, str] | None = None,
    *,
    at: datetime,
) -> Note:
    home = await session.scalar(_HOME, {"person": person_id, "day": day_of(at)})
    return Note(verb, subjects(("person", person_id), ("team", home)), facts, texts or {})


async def _record(
    session: AsyncSession,
    verb: str,
    person_id: UUID,
    facts: dict[str, Any],
    texts: dict[str, str],
    *,
    by: Actor,
    at: datetime,
) -> None:
    await record(session, await _note(session, verb, person_id, facts, texts, at=at), by=by)


def _taken(error: IntegrityError) -> Invalid:
    if "uq_person_email" in str(error.orig):
        return Invalid({"email": Reason("bezet", N_("Dit e-mailadres is van iemand anders."))})
    return Invalid({"personeelsnummer": Reason("bezet", N_("Dit personeelsnummer is van iemand anders."))})


_END_BEFORE_START = Reason("tot", N_("De laatste dag ligt voor de eerste dag."))
_NOT_IN_SERVICE = Reason("niet_in_dienst", N_("Deze persoon is dan niet in dienst."))
