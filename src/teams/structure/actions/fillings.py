"""Who fills a role, from a moment, with which hours and focus; who is at home where; and what ends when someone leaves."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from teams.journal.batch import Batch, iso, known, lock_structure, subjects
from teams.journal.models import Actor, Note
from teams.kit.clock import AMSTERDAM, day_of, start_of
from teams.kit.errors import Conflict, NotFound, Reason
from teams.kit.history import KEEP, Keep, Span, Timeline, covers, cut, earliest, overlaps, overlay, put
from teams.kit.text import N_
from teams.people.queries import contract_of, person_by_id
from teams.structure.forms import FillingForm
from teams.structure.models import HomeTeam, OrganMember, RoleFilling, RoleVersion, TeamVersion

Key = tuple[UUID, UUID]


async def fill_role(
    session: AsyncSession,
    role_id: UUID,
    form: FillingForm,
    *,
    start: datetime,
    end: datetime | None = None,
    acting_role: UUID | None = None,
    by: Actor,
    at: datetime,
) -> None:
    """This person fills the role from `start` until `end` (exclusive), at most as long as role and service last."""
    await lock_structure(session)
    role = await _role(session, role_id)
    await person_by_id(session, form.persoonId)
    service = await contract_of(session, form.persoonId)
    reasons = []
    life, work = moments(role), moments(service)
    if not any(span.holds(start) for span in life):
        reasons.append(Reason("verkeerd_moment", N_("Deze rol bestaat dan niet.")))
    if not any(span.holds(start) for span in work):
        reasons.append(Reason("niet_in_dienst", N_("Deze persoon is dan niet in dienst.")))
    if reasons:
        raise Conflict(*reasons)
    until = earliest(earliest(end, run_end(life, start)), run_end(work, start))
    old = (await fillings_of(session, role_id)).get((role_id, form.persoonId), [])
    if any(overlaps(span, start, until) for span in old):
        raise Conflict(Reason("bestaat", N_("Deze persoon vervult deze rol dan al.")))
    fields = {
        "role_id": role_id, "person_id": form.persoonId, "hours": form.uren, "focus": form.focus or "",
        "elected": form.gekozen,
    }  # fmt: skip
    batch = Batch()
    batch.rewrite(RoleFilling, old, put(old, fields, start, until))
    team = role[-1].fields["team_id"]
    batch.notes.append(
        filling_note("role.filled", role_id, team, form.persoonId, start=start, end=until, acting_role=acting_role)
    )
    await batch.write(session, by=by)


async def change_filling(
    session: AsyncSession,
    role_id: UUID,
    person_id: UUID,
    *,
    start: datetime,
    hours: Decimal | Keep | None = KEEP,
    focus: str | None = None,
    by: Actor,
    at: datetime,
) -> None:
    """Other hours a week (None: not known) or another focus from `start` on."""
    await lock_structure(session)
    role, old = await _role(session, role_id), await _filling(session, role_id, person_id, start)
    given: dict[str, Any] = {} if isinstance(hours, Keep) else {"hours": hours}
    if focus is not None:
        given["focus"] = focus
    batch = Batch()
    if batch.rewrite(RoleFilling, old, overlay(old, given, start)):
        team = role[-1].fields["team_id"]
        batch.notes.append(filling_note("role.filling_changed", role_id, team, person_id, start=start))
        await batch.write(session, by=by)


async def end_filling(
    session: AsyncSession,
    role_id: UUID,
    person_id: UUID,
    *,
    end: datetime,
    acting_role: UUID | None = None,
    by: Actor,
    at: datetime,
) -> None:
    """From `end` on this person no longer fills the role: resigned, or taken back."""
    await lock_structure(session)
    role, old = await _role(session, role_id), await _filling(session, role_id, person_id, end)
    batch = Batch()
    if batch.rewrite(RoleFilling, old, cut(old, end)):
        batch.notes.append(end_note(role_id, role[-1].fields["team_id"], person_id, end, acting_role=acting_role))
        await batch.write(session, by=by)


async def set_home_team(
    session: AsyncSession, person_id: UUID, team_id: UUID | None, *, first: date, by: Actor, at: datetime
) -> None:
    """At home in this team from `first` on (None: in none)."""
    await lock_structure(session)
    await person_by_id(session, person_id)
    service = await contract_of(session, person_id)
    if not any(span.end is None or first < span.end for span in service):
        raise Conflict(Reason("niet_in_dienst", N_("Deze persoon is dan niet in dienst.")))
    end = service[-1].end
    if team_id is not None:
        life = await known(session, TeamVersion, lambda f: f["team_id"], TeamVersion.team_id == team_id)
        if not covers(life.get(team_id, []), first, end):
            raise Conflict(Reason("verkeerd_moment", N_("Dit team bestaat dan niet.")))
    old = (await known(session, HomeTeam, lambda f: f["person_id"], HomeTeam.person_id == person_id)).get(person_id, [])
    new = cut(old, first)
    if team_id is not None:
        new = put(new, {"person_id": person_id, "team_id": team_id}, first, end)
    batch = Batch()
    if batch.rewrite(HomeTeam, old, new):
        before = next((span.fields["team_id"] for span in old if span.holds(first)), None)
        batch.notes.append(home_note(person_id, before, team_id, first))
        await batch.write(session, by=by)


async def leave_structure(
    session: AsyncSession, leaving: Mapping[UUID, date], *, moment: datetime | None = None, by: Actor, at: datetime
) -> None:
    """Roles, home team and places in organs of people who leave end. `leaving`: person → first day out of service.

    Roles end with the day before, or at `moment` where that is known.
    """
    await lock_structure(session)
    people = list(leaving)
    fillings = await known(session, RoleFilling, _key, RoleFilling.person_id.in_(people))
    teams = {
        role: spans[-1].fields["team_id"]
        for role, spans in (
            await known(
                session, RoleVersion, lambda f: f["role_id"], RoleVersion.role_id.in_({role for role, _ in fillings})
            )
        ).items()
    }
    homes = await known(session, HomeTeam, lambda f: f["person_id"], HomeTeam.person_id.in_(people))
    seats = await known(
        session, OrganMember, lambda f: (f["organ_id"], f["person_id"]), OrganMember.person_id.in_(people)
    )
    batch = Batch()
    for (role, person), timeline in fillings.items():
        end = moment or start_of(leaving[person])
        if batch.rewrite(RoleFilling, timeline, cut(timeline, end)):
            batch.notes.append(end_note(role, teams[role], person, end))
    for person, spans in homes.items():
        batch.rewrite(HomeTeam, spans, cut(spans, leaving[person]))
    for (organ, person), spans in seats.items():
        if batch.rewrite(OrganMember, spans, cut(spans, leaving[person])):
            facts = iso((("organ", organ), ("person", person), ("until", leaving[person])))
            batch.notes.append(
                Note("organ.member_ended", (("organ", organ), ("person", person)), facts, accountable=True)
            )
    await batch.write(session, by=by)


async def fillings_of(session: AsyncSession, role_id: UUID) -> dict[Key, list[Span[datetime]]]:
    return await known(session, RoleFilling, _key, RoleFilling.role_id == role_id)


def moments(timeline: Timeline[date]) -> list[Span[datetime]]:
    """Days as moments: from midnight in Amsterdam."""
    return [
        Span(span.fields, start_of(span.start), None if span.end is None else start_of(span.end)) for span in timeline
    ]


def run_end(timeline: Timeline[datetime], start: datetime) -> datetime | None:
    """Until when something goes on holding that holds at `start`."""
    end: datetime | None = start
    for span in sorted(timeline, key=lambda span: span.start):
        if end is not None and span.holds(end):
            end = span.end
    return end


def filling_note(
    verb: str,
    role_id: UUID,
    team_id: UUID,
    person_id: UUID,
    *,
    start: datetime | None = None,
    end: datetime | None = None,
    acting_role: UUID | None = None,
) -> Note:
    facts = iso(
        (("role", role_id), ("team", team_id), ("person", person_id), ("from", _day(start)), ("until", _day(end)))
    )
    about = (("role", role_id), ("team", team_id), ("person", person_id))
    return Note(verb, about, facts, acting_role=acting_role, accountable=True)


def end_note(role_id: UUID, team_id: UUID, person_id: UUID, end: datetime, *, acting_role: UUID | None = None) -> Note:
    return filling_note("role.emptied", role_id, team_id, person_id, end=end, acting_role=acting_role)


def home_note(person_id: UUID, before: UUID | None, after: UUID | None, first: date) -> Note:
    facts = iso((("person", person_id), ("old_team", before), ("team", after), ("from", first)))
    about = subjects(("person", person_id), ("team", before), ("team", after))
    return Note("person.home_team_changed", about, facts)


def _day(moment: datetime | None) -> str | None:
    """A midnight in Amsterdam as its day, another moment in full."""
    if moment is None:
        return None
    midnight = start_of(day_of(moment)) == moment
    return day_of(moment).isoformat() if midnight else moment.astimezone(AMSTERDAM).isoformat()


def _key(fields: dict[str, Any]) -> Key:
    return fields["role_id"], fields["person_id"]


async def _role(session: AsyncSession, role_id: UUID) -> list[Span[date]]:
    found = await known(session, RoleVersion, lambda f: f["role_id"], RoleVersion.role_id == role_id)
    if role_id not in found:
        raise NotFound(Reason("onbekend", N_("Deze rol bestaat niet.")))
    return found[role_id]


async def _filling(session: AsyncSession, role_id: UUID, person_id: UUID, moment: datetime) -> list[Span[datetime]]:
    old = (await fillings_of(session, role_id)).get((role_id, person_id), [])
    if not any(span.end is None or moment < span.end for span in old):
        raise Conflict(Reason("verkeerd_moment", N_("Deze persoon vervult deze rol dan niet.")))
    return old
