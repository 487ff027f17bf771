"""Organs of the municipality and who sits in them, by day."""

from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession

from teams.journal.batch import Batch, iso, known, lock_structure, new_ids
from teams.journal.models import Actor, Note, record
from teams.kit.errors import Conflict, Invalid, NotFound, Reason
from teams.kit.history import Span, cut, overlaps, put
from teams.kit.text import N_
from teams.people.models import days
from teams.people.queries import person_by_id
from teams.structure.models import Organ, OrganMember

_RENAME = text("update organ set name = :name where id = :organ and name <> :name returning id")


async def create_organ(session: AsyncSession, code: str, name: str, *, by: Actor, at: datetime) -> UUID:
    await lock_structure(session)
    if await session.scalar(select(Organ.id).where(Organ.code == code)) is not None:
        raise Invalid({"orgaan": Reason("bezet", N_("Dit orgaan bestaat al."))})
    (organ_id,) = await new_ids(session, 1)
    batch = Batch()
    batch.entities[Organ].append({"id": organ_id, "code": code, "name": name})
    batch.notes.append(organ_note("organ.created", organ_id, code, name))
    await batch.write(session, by=by)
    return organ_id


async def rename_organ(session: AsyncSession, organ_id: UUID, name: str, *, by: Actor, at: datetime) -> None:
    await lock_structure(session)
    code = await session.scalar(select(Organ.code).where(Organ.id == organ_id))
    if code is None:
        raise NotFound(Reason("onbekend", N_("Dit orgaan bestaat niet.")))
    if (await session.execute(_RENAME, {"organ": organ_id, "name": name})).first() is not None:
        await record(session, organ_note("organ.renamed", organ_id, code, name), by=by)


async def add_member(
    session: AsyncSession,
    organ_id: UUID,
    person_id: UUID,
    *,
    first: date,
    last: date | None = None,
    by: Actor,
    at: datetime,
) -> None:
    await lock_structure(session)
    await person_by_id(session, person_id)
    old, end = await _member(session, organ_id, person_id), days(first, last).upper
    if any(overlaps(span, first, end) for span in old):
        raise Conflict(Reason("bestaat", N_("Deze persoon is dan al lid.")))
    batch = Batch()
    batch.rewrite(OrganMember, old, put(old, {"organ_id": organ_id, "person_id": person_id}, first, end))
    batch.notes.append(member_note("organ.member_added", organ_id, person_id, first))
    await batch.write(session, by=by)


async def end_member(
    session: AsyncSession, organ_id: UUID, person_id: UUID, *, last: date, by: Actor, at: datetime
) -> None:
    await lock_structure(session)
    old, end = await _member(session, organ_id, person_id), last + timedelta(days=1)
    batch = Batch()
    if not batch.rewrite(OrganMember, old, cut(old, end)):
        raise Conflict(Reason("verkeerd_moment", N_("Deze persoon is dan geen lid.")))
    batch.notes.append(member_note("organ.member_ended", organ_id, person_id, end))
    await batch.write(session, by=by)


def organ_note(verb: str, organ_id: UUID, code: str, name: str) -> Note:
    return Note(verb, (("organ", organ_id),), {"organ": str(organ_id), "code": code}, {"name": name}, accountable=True)


def member_note(verb: str, organ_id: UUID, person_id: UUID, day: date) -> Note:
    """`day`: the first day in, or the first day out."""
    side = "from" if verb.endswith("added") else "until"
    facts = iso((("organ", organ_id), ("person", person_id), (side, day)))
    return Note(verb, (("organ", organ_id), ("person", person_id)), facts, accountable=True)


async def _member(session: AsyncSession, organ_id: UUID, person_id: UUID) -> list[Span[date]]:
    mine = (OrganMember.organ_id == organ_id, OrganMember.person_id == person_id)
    return (await known(session, OrganMember, lambda f: f["person_id"], *mine)).get(person_id, [])
