"""Where a team is heading (G8, G12), as of any moment, and who sets it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from teams.kit.clock import day_of
from teams.structure.moment import Moment
from teams.structure.queries import DIRECTION

_KINDS = ("strategie", "prioriteit")
_SEEN = text(f"select {DIRECTION}")
_VERSION = text(
    """
    select count(*) + count(*) filter (where not upper_inf(v.recorded)) from direction d
    join direction_version v on v.direction_id = d.id where d.team_id = :team
    """
)
_LEADS = text(
    """
    with recursive up(team_id, distance) as (
        select cast(:team as uuid), 0
        union all
        select t.parent_id, u.distance + 1 from up u join team_version t on t.team_id = u.team_id and upper_inf(t.recorded)
            and range_contains_elem(t.valid, cast(:today as date)) where t.parent_id is not null and u.distance < 20
    )
    select u.team_id, v.role_id, t.name as team, array_agg(f.person_id order by f.person_id) as people
    from up u
    join team_version t on t.team_id = u.team_id and upper_inf(t.recorded) and range_contains_elem(t.valid, cast(:today as date))
    join role_version v on v.team_id = u.team_id and v.core = 'rolverdeler' and upper_inf(v.recorded)
        and range_contains_elem(v.valid, cast(:today as date))
    join role_filling f on f.role_id = v.role_id and upper_inf(f.recorded)
        and range_contains_elem(f.valid, cast(:at as timestamptz))
    group by u.team_id, v.role_id, t.name, u.distance order by u.distance limit 1
    """
)


@dataclass(frozen=True)
class DirectionSeen:
    """`strategies`, `priorities`: id and words, the weightiest first. `contact`: the role that answers, with who fills it."""

    strategies: tuple[tuple[UUID, str], ...]
    priorities: tuple[tuple[UUID, str], ...]
    contact: dict[str, Any] | None

    def __bool__(self) -> bool:
        return bool(self.strategies or self.priorities or self.contact)


def direction_in(rows: Sequence[dict[str, Any]]) -> DirectionSeen:
    """What the rows of a team say, as `team_for` gives them."""
    said = {kind: tuple((UUID(row["id"]), row["text"]) for row in rows if row["kind"] == kind) for kind in _KINDS}
    contact = next((row for row in rows if row["kind"] == "aanspreekrol"), None)
    return DirectionSeen(said["strategie"], said["prioriteit"], contact)


async def direction_of(session: AsyncSession, team_id: UUID, moment: Moment) -> DirectionSeen:
    return direction_in(await session.scalar(_SEEN, {"team": team_id, **moment.values}) or [])


async def version_of(session: AsyncSession, team_id: UUID) -> int:
    """Higher with every change, so that a form filled in beside an older one is seen."""
    return int(await session.scalar(_VERSION, {"team": team_id}) or 0)


async def leads_of(session: AsyncSession, team_id: UUID, *, at: datetime) -> tuple[UUID | None, str, frozenset[UUID]]:
    """G6, G11: who fills the team's rolverdeler; while nobody does, who does in the nearest team above. Role, team, people."""
    row = (await session.execute(_LEADS, {"team": team_id, "at": at, "today": day_of(at)})).one_or_none()
    return (None, "", frozenset()) if row is None else (row.role_id, row.team, frozenset(row.people))
