"""Decisions taken without authority that nobody has ratified and no objection has settled yet (M27), and the decisions of one reeks."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncSession

from teams.decisions.queries.seen import LEVEL, ROLE, SETTLED, who
from teams.journal.models import Actor

_COLUMNS = f"""
    d.number, d.power, d.power_title, d.source, d.decided_at, {LEVEL} as level, d.case_number,
    case when {LEVEL} = 'alles' then d.cents end as cents, case when {LEVEL} = 'alles' then p.name end as person,
    case when {LEVEL} = 'alles' then {ROLE} end as role, case when {LEVEL} = 'alles' then d.answer ->> 'zin' end as why,
    case when {LEVEL} = 'alles' then d.subject end as subject
"""
_LACKING = text(
    f"""
    select * from (select {_COLUMNS}, d.year, d.serial from decision d join person p on p.id = d.person_id
        where d.outcome = 'gebrek' and not ({SETTLED})
            and (cast(:below as text) is null
                or (d.year, d.serial) < (split_part(:below, '-', 1)::int, split_part(:below, '-', 2)::int))) x
    where level is not null order by year desc, serial desc limit :most
    """
)
_BATCH = text(
    f"""
    select {_COLUMNS}, d.entry_id from decision d join person p on p.id = d.person_id
    where d.batch_id = :batch and d.person_id = :me order by d.serial
    """
)


async def lacking(session: AsyncSession, by: Actor, *, below: str | None = None, most: int = 25) -> list[Row[Any]]:
    """For who fills the role, who decided, the organ, the secretary and the controller; newest number first."""
    return list((await session.execute(_LACKING, {**who(by), "below": below, "most": most})).all())


async def batch_of(session: AsyncSession, batch: UUID, by: Actor) -> list[Row[Any]]:
    """Own decisions of this reeks; none when it is not one's own."""
    return list((await session.execute(_BATCH, {**who(by), "batch": batch})).all())
