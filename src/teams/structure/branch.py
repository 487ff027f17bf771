"""A part of a large organisation: one team with the teams directly within it, in pages; and roles of some teams."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncSession

from teams.structure.lists import Place
from teams.structure.moment import Moment
from teams.structure.named import MANY
from teams.structure.queries import fills, holds

PAGE = 15
"""Of more teams than are listed at once (`named.MANY`), so many a page."""

_MANY = text(f"select {MANY}")
_SEEN = "t.team_id as id, t.name, t.cluster, t.parent_id"
_ONE = text(f"select {_SEEN} from team_version t where t.team_id = :team and {holds('t')}")
_TOP = text(
    f"select {_SEEN} from team_version t where t.parent_id is null and {holds('t')} order by t.name, t.team_id limit 2"
)
_WITHIN = {
    top: text(
        f"""
        select t.*, (select count(*) from team_version c where c.parent_id = t.id and {holds("c")}) as within
        from (select {_SEEN} from team_version t where {"t.parent_id is null" if top else "t.parent_id = :team"} and {holds("t")}
            and (cast(:after as uuid) is null or (t.name, t.team_id) > (cast(:after_name as text), cast(:after as uuid)))
            offset 0) t  -- found by what they stand within and then put in order, not sought among all names in order
        order by t.name, t.id limit :limit
        """
    )
    for top in (True, False)
}
"""Of all that stand at the top, or of what stands within one team."""
_ROLES = text(
    f"""
    with v as materialized (select v.role_id as id, v.team_id, v.name, v.core from role_version v
        where v.team_id = any(cast(:teams as uuid[])) and {holds("v")}),
    f as (select f.role_id, count(*) as people from role_filling f
        where f.role_id = any(array(select id from v)) and {fills("f")} group by f.role_id)
    select v.*, coalesce(f.people, 0) as fillers from v left join f on f.role_id = v.id order by v.core is not null, v.name, v.id
    """
)


@dataclass(frozen=True)
class Part:
    """`top`: the team whose part this is, None for all that stand at the top; `above`: from far to near; `within`: teams with how
    many teams stand `within` them; `after`: where the next page begins."""

    top: Row[Any] | None
    above: tuple[Row[Any], ...]
    within: tuple[Row[Any], ...]
    after: Place | None


async def is_large(session: AsyncSession) -> bool:
    """Whether the organisation has more teams than are shown at once."""
    large: bool = (await session.execute(_MANY)).scalar_one()
    return large


async def part_of(session: AsyncSession, team: UUID | None, moment: Moment, *, after: Place | None) -> Part | None:
    """The part below this team, or below the one team at the top; None when there was no such team."""
    given = {"known": moment.known, "day": moment.day}
    if team is None:
        tops = (await session.execute(_TOP, given)).all()
        top = tops[0] if len(tops) == 1 else None
    else:
        top = (await session.execute(_ONE, {"team": team, **given})).one_or_none()
        if top is None:
            return None
    above: list[Row[Any]] = []
    seen = {top.id} if top else set()
    near = top
    while near is not None and near.parent_id is not None and near.parent_id not in seen:
        near = (await session.execute(_ONE, {"team": near.parent_id, **given})).one_or_none()
        if near is not None:
            seen.add(near.id)
            above.insert(0, near)
    place = {"after_name": after[0] if after else None, "after": after[1] if after else None}
    values = {**({"team": top.id} if top else {}), **given, **place, "limit": PAGE + 1}
    rows = (await session.execute(_WITHIN[top is None], values)).all()
    last = rows[PAGE - 1] if len(rows) > PAGE else None
    return Part(top, tuple(above), tuple(rows[:PAGE]), (last.name, last.id) if last is not None else None)


async def roles_within(session: AsyncSession, teams: Collection[UUID], moment: Moment) -> list[Row[Any]]:
    """Roles of these teams: id, team_id, name, core, fillers."""
    return list((await session.execute(_ROLES, {"teams": list(teams), **moment.values})).all())
