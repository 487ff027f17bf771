"""Reading frameworks as of a moment, with how many grants refer to each."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from teams.structure.moment import Moment

_LIST = text(
    """
    select f.id, f.code, v.title, v.text, o.name as organ, v.decided_on, v.decision, lower(v.valid) as starts,
        upper(v.valid) as ends, (select coalesce(array_agg(distinct g.number order by g.number), '{}')
            from grant_version x join power_grant g on g.id = x.grant_id where x.framework_id = f.id
            and x.recorded @> cast(:known as timestamptz) and x.valid @> cast(:op as timestamptz)) as grants
    from framework f join framework_version v on v.framework_id = f.id and v.recorded @> cast(:known as timestamptz)
        and (v.valid @> cast(:op as timestamptz) or lower(v.valid) > cast(:op as timestamptz))
    join organ o on o.id = v.organ_id order by f.code, lower(v.valid)
    """
)


@dataclass(frozen=True)
class FrameworkSeen:
    """A kader of an organ; `starts` up to `ends` (exclusive, None: no end); `grants`: numbers that refer to it."""

    id: UUID
    code: str
    title: str
    text: str
    organ: str
    decided_on: datetime
    decision: str
    starts: datetime
    ends: datetime | None
    grants: list[str]


async def frameworks(session: AsyncSession, moment: Moment) -> list[FrameworkSeen]:
    """What holds or is still to come, by code: one query."""
    rows = await session.execute(_LIST, {"op": moment.op, "known": moment.known})
    return [FrameworkSeen(**row._mapping) for row in rows]
