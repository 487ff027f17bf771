"""Teams to choose from: all of them while they are few; of more, those whose name has the words that were typed."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from teams.kit.clock import day_of

FEW, CLOSE = 60, 8
MANY = f"(select count(*) > {FEW} from (select from team limit {FEW + 1}) x)"
"""SQL: whether there are more teams than one chooses from in a list."""

_NOW = "upper_inf(t.recorded) and range_contains_elem(t.valid, cast(:day as date))"
_FEW = text(
    f"""
    select (select coalesce(json_agg(json_build_array(t.team_id, t.name) order by t.name, t.team_id), '[]')
        from team_version t where {_NOW}) as teams where not {MANY}
    """
)
_CLOSE = text(
    f"""
    select t.team_id, t.name, plain(t.name) = plain(:words) as same from team_version t
    where plain(t.name) like '%' || plain(:like) || '%' and {_NOW} order by same desc, t.name, t.team_id limit {CLOSE + 1}
    """
)
_NAMES = text(f"select t.team_id, t.name from team_version t where t.team_id = any(cast(:teams as uuid[])) and {_NOW}")


async def few_teams(session: AsyncSession, at: datetime) -> list[tuple[str, str]] | None:
    """Id and name of every team; None when there are more than one chooses from."""
    row = (await session.execute(_FEW, {"day": day_of(at)})).one_or_none()
    return None if row is None else [(team, name) for team, name in row.teams]


async def teams_named(session: AsyncSession, words: str, at: datetime) -> list[tuple[str, str]]:
    """Id and name of the teams that are called so; else of those whose name has these words, one more than `CLOSE` at most."""
    like = words.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    rows = (await session.execute(_CLOSE, {"words": words, "like": like, "day": day_of(at)})).all()
    return [(str(row.team_id), row.name) for row in rows if row.same or not rows[0].same]


async def names_of_teams(session: AsyncSession, teams: Collection[UUID], at: datetime) -> dict[str, str]:
    rows = await session.execute(_NAMES, {"teams": list(teams), "day": day_of(at)})
    return {str(row.team_id): row.name for row in rows}
