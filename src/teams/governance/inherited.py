"""Policies of other teams that hold in a team or for a role too (G5, G7, G19)."""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncSession

from teams.governance.models import DEFAULTS, PolicyKind
from teams.governance.policies import in_force
from teams.structure.models import CoreRole

_ABOVE = text(
    """
    with recursive up(team_id, distance) as (
        select cast(:team as uuid), 0
        union all
        select t.parent_id, u.distance + 1 from up u join team_version t on t.team_id = u.team_id
            and range_contains_elem(t.recorded, cast(:known as timestamptz)) and range_contains_elem(t.valid, cast(:day as date))
        where t.parent_id is not null and u.distance < 20
    )
    select y.id, v.kind, v.title, v.text, y.team_id, t.name as team, u.distance
    from up u join policy y on y.team_id = u.team_id
    join policy_version v on v.policy_id = y.id and range_contains_elem(v.recorded, cast(:known as timestamptz)) and range_contains_elem(v.valid, cast(:day as date))
    join team_version t on t.team_id = y.team_id and range_contains_elem(t.recorded, cast(:known as timestamptz)) and range_contains_elem(t.valid, cast(:day as date))
    order by u.distance, v.title
    """
)
_TAKES_PART = text(
    """
    select y.team_id, t.name as team, v.text from policy_version v join policy y on y.id = v.policy_id
    join team_version t on t.team_id = y.team_id and range_contains_elem(t.recorded, cast(:known as timestamptz)) and range_contains_elem(t.valid, cast(:day as date))
    where v.kind = 'koppeling:' || cast(:role as uuid) and v.kind like 'koppeling:%'
        and range_contains_elem(v.recorded, cast(:known as timestamptz)) and range_contains_elem(v.valid, cast(:day as date))
    order by t.name
    """
)
_ALWAYS = (PolicyKind.LIMIT, PolicyKind.AUTHORITY, PolicyKind.DOMAIN, PolicyKind.CORE)


async def inherited(session: AsyncSession, team_id: UUID, *, day: date, known: Any) -> list[Row[Any]]:
    """Grants, constraints and additions to the rolverdeler hold in every team below; a default rule only when it says so.

    Of default rules only the one that holds here, and only when it is not the team's own.
    """
    rows = list((await session.execute(_ABOVE, {"team": team_id, "day": day, "known": known})).all())
    policies = [(row.id, row.kind, row.distance) for row in rows]
    chosen = {found[0].policy_id for kind in DEFAULTS if (found := in_force(policies, kind))}
    return [row for row in rows if row.distance and (row.kind.partition(":")[0] in _ALWAYS or row.id in chosen)]


async def additions(session: AsyncSession, team_id: UUID, core: str | None, *, day: date, known: Any) -> list[Row[Any]]:
    """G7: what policies of this team and of those above add to its rolverdeler; it is so in every team below them."""
    if core != CoreRole.CIRCLE_LEAD:
        return []
    rows = (await session.execute(_ABOVE, {"team": team_id, "day": day, "known": known})).all()
    return [row for row in rows if row.kind == f"{PolicyKind.CORE}:{core}"]


async def takes_part(
    session: AsyncSession, role_id: UUID, core: str | None, *, day: date, known: Any
) -> list[Row[Any]]:
    """G5: the teams in which this role takes part by their policy, with what each adds to it: team_id, team, text."""
    if core is not None:
        return []
    return list((await session.execute(_TAKES_PART, {"role": role_id, "day": day, "known": known})).all())
