"""Reading frameworks as of a moment, with how many grants refer to each."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from teams.structure.moment import Moment

SHOWN = 20
_LIST = text(
    """
    select f.id, f.code, v.title, v.text, o.name as organ, v.decided_on, v.decision, lower(v.valid) as starts,
        upper(v.valid) as ends, array(select distinct g.number
            from grant_version x join power_grant g on g.id = x.grant_id where x.framework_id = f.id
            and range_contains_elem(x.recorded, cast(:known as timestamptz)) and range_contains_elem(x.valid, cast(:op as timestamptz))
            order by g.number limit :most) as grants,
        (select coalesce(json_agg(json_build_array(team_id, team, title) order by team, title), '[]') from (
            select y.team_id, t.name as team, w.title from policy_framework l join policy y on y.id = l.policy_id
            join policy_version w on w.policy_id = y.id and range_contains_elem(w.recorded, cast(:known as timestamptz)) and range_contains_elem(w.valid, cast(:day as date))
            join team_version t on t.team_id = y.team_id and range_contains_elem(t.recorded, cast(:known as timestamptz)) and range_contains_elem(t.valid, cast(:day as date))
            where l.framework_id = f.id and l.at <= cast(:known as timestamptz) limit :most) w) as policies
    from framework f join framework_version v on v.framework_id = f.id and range_contains_elem(v.recorded, cast(:known as timestamptz))
        and (range_contains_elem(v.valid, cast(:op as timestamptz)) or lower(v.valid) > cast(:op as timestamptz))
    join organ o on o.id = v.organ_id order by f.code, lower(v.valid)
    """
)
_TITLES = text(
    """
    select f.code, v.title from framework f
    join framework_version v on v.framework_id = f.id and range_contains_elem(v.recorded, cast(:known as timestamptz))
        and (range_contains_elem(v.valid, cast(:op as timestamptz)) or lower(v.valid) > cast(:op as timestamptz))
    order by f.code, lower(v.valid)
    """
)
_OF_POLICIES = text(
    """
    select cast(l.policy_id as text) as policy, f.code, (select title from framework_version v where v.framework_id = f.id
        and range_contains_elem(v.recorded, cast(:known as timestamptz))
        order by range_contains_elem(v.valid, cast(:op as timestamptz)) desc, lower(v.valid) desc limit 1) as title
    from policy_framework l join framework f on f.id = l.framework_id
    where l.policy_id = any(cast(:policies as uuid[])) and l.at <= cast(:known as timestamptz)
    """
)
_KNOWN = text("select code from framework where code = any(:codes)")


@dataclass(frozen=True)
class FrameworkSeen:
    """A kader of an organ; `starts` up to `ends` (exclusive, None: no end); `grants`: numbers that refer to it;
    `policies`: team id, team and title of each policy that works it out."""

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
    policies: list[tuple[str, str, str]]


async def frameworks(session: AsyncSession, moment: Moment) -> list[FrameworkSeen]:
    """What holds or is still to come, by code: one query. Of grants and policies one more than `SHOWN`."""
    rows = await session.execute(_LIST, {**moment.values, "most": SHOWN + 1})
    return [FrameworkSeen(**row._mapping) for row in rows]


async def framework_titles(session: AsyncSession, moment: Moment) -> list[tuple[str, str]]:
    """Code and title of what holds or is still to come, each once, by code: to choose from."""
    rows = await session.execute(_TITLES, moment.values)
    return list(dict.fromkeys((row.code, row.title) for row in rows))


async def frameworks_of(session: AsyncSession, policies: Collection[Any], moment: Moment) -> dict[str, tuple[str, str]]:
    """Of each policy (by id) that works out a framework: its code and title."""
    if not policies:
        return {}
    rows = await session.execute(_OF_POLICIES, {**moment.values, "policies": list(map(str, policies))})
    return {row.policy: (row.code, row.title) for row in rows}


async def known_frameworks(session: AsyncSession, codes: Iterable[str]) -> frozenset[str]:
    """Which of these codes are in the register."""
    return frozenset(await session.scalars(_KNOWN, {"codes": list(codes)}))
