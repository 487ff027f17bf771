"""What a person finished, what was written and endorsed after it, and the hours of the coming weeks."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncSession

from teams.klussen.hours import Hours

AHEAD = 8

_DONE = text(
    """
    select c.id as claim_id, k.id, k.title, c.ended_on, c.result,
        (select v.name from team_version v where v.team_id = k.team_id and upper_inf(v.recorded)
            order by lower(v.valid) desc limit 1) as team,
        array(select distinct s.name from endorsement e join skill s on s.id = e.skill_id where e.claim_id = c.id
            order by 1) as endorsed,
        exists (select from feedback f where f.claim_id = c.id and f.author_id = c.person_id) as said
    from claim c join klus k on k.id = c.klus_id
    where c.person_id = :person and c.state = 'afgerond' order by c.ended_on desc nulls last, c.id desc limit 50
    """
)
_SAID = text(
    """
    select f.words, f.at, p.name, k.title, k.id from feedback f join person p on p.id = f.author_id
    join claim c on c.id = f.claim_id join klus k on k.id = c.klus_id
    where f.about_id = :person order by f.id desc limit 50
    """
)


@dataclass(frozen=True)
class Ahead:
    """One coming week; `free` may be below zero when contract hours were lowered."""

    monday: date
    number: int
    free: int


async def finished_by(session: AsyncSession, person_id: UUID) -> list[Row[Any]]:
    return list((await session.execute(_DONE, {"person": person_id})).all())


async def said_about(session: AsyncSession, person_id: UUID) -> list[Row[Any]]:
    """Feedback on this person: for the person's own eyes."""
    return list((await session.execute(_SAID, {"person": person_id})).all())


def weeks_ahead(hours: Hours, today: date) -> list[Ahead]:
    """The hours that are free in each of the coming weeks, this one first."""
    monday = today - timedelta(days=today.weekday())
    found = []
    for week in range(AHEAD):
        first = monday + timedelta(weeks=week)
        free = hours.tightest(first.toordinal(), first.toordinal() + 7).free
        found.append(Ahead(first, first.isocalendar().week, free))
    return found
