"""Reading people: one person, who has which number or address, what is known of contract and skills."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncSession

from teams.journal.batch import known
from teams.kit.errors import NotFound, Reason
from teams.kit.history import Span
from teams.kit.text import N_
from teams.people.models import Absence, Contract, Person

_SKILLS = text(
    "select s.id, s.name from person_skill ps join skill s on s.id = ps.skill_id where ps.person_id = :person order by s.name"
)
_ABSENCES = text(
    """
    select lower(valid) as first, upper(valid) - 1 as last from absence
    where person_id = :person and upper_inf(recorded) and upper(valid) > :today order by valid
    """
)
_NUMBERS = text("select id, number, name, email, version from person where number = any(:numbers)")
_EMAIL = text("select id, name from person where lower(email) = lower(:email)")


async def person_by_id(session: AsyncSession, person_id: UUID, *, lock: bool = False) -> Person:
    """The person, or `NotFound`; with `lock` nobody else changes hours, claims or absence meanwhile."""
    person = await session.get(
        Person, person_id, with_for_update={"key_share": True} if lock else None, populate_existing=lock
    )
    if person is None:
        raise NotFound(Reason("onbekend", N_("Deze persoon bestaat niet.")))
    return person


async def people_by_number(session: AsyncSession, numbers: Sequence[str]) -> dict[str, Row[Any]]:
    rows = await session.execute(_NUMBERS, {"numbers": list(numbers)})
    return {row.number: row for row in rows}


async def person_by_email(session: AsyncSession, email: str) -> Row[Any] | None:
    return (await session.execute(_EMAIL, {"email": email})).one_or_none()


async def contract_of(session: AsyncSession, person_id: UUID) -> list[Span[date]]:
    """Contract hours as known now, in order of time."""
    return (await known(session, Contract, lambda f: f["person_id"], Contract.person_id == person_id)).get(
        person_id, []
    )


async def absence_of(session: AsyncSession, person_id: UUID) -> list[Span[date]]:
    return (await known(session, Absence, lambda f: f["person_id"], Absence.person_id == person_id)).get(person_id, [])


async def skills_of(session: AsyncSession, person_id: UUID) -> list[Row[Any]]:
    return list((await session.execute(_SKILLS, {"person": person_id})).all())


async def absences_ahead(session: AsyncSession, person_id: UUID, *, today: date) -> list[Row[Any]]:
    """Days away that are not over: for the person's own eyes."""
    return list((await session.execute(_ABSENCES, {"person": person_id, "today": today})).all())
