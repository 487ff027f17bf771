"""Klussen beside structure: what a team or role offers, what a person works on, which roles look for someone."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncSession

_LIVE = "k.state in ('open', 'in_uitvoering')"
_FREE = f"{_LIVE} and k.accepting and k.taken < k.places"
_ROLE = text(
    f"""
    select k.id, k.number, k.title, k.kind, k.state, k.places, k.taken, k.accepting
    from klus k where k.role_id = :role and {_LIVE}
    order by (k.accepting and k.taken < k.places) desc, k.number desc limit :limit
    """
)
_WORK = text(
    """
    select k.id, k.number, k.title, k.hours_total is not null as once, c.state, k.starts, k.ends, k.team_id,
        case when :mine then c.hours end as hours
    from claim c join klus k on k.id = c.klus_id
    where c.person_id = :person and c.seat is not null order by k.starts, k.number limit 50
    """
)
_WANTED = text(f"select distinct k.role_id from klus k where k.kind = 'vacature' and k.role_id is not null and {_FREE}")
_WANTED_AMONG = text(f"{_WANTED.text} and k.role_id = any(cast(:roles as uuid[]))")
_TEAM = text(
    f"""
    select k.id, k.number, k.title, k.kind, k.state, k.places, k.taken, k.accepting,
        array(select w.role_id from klus w where w.team_id = k.team_id and w.role_id is not null
            and w.kind = 'vacature' and {_FREE.replace("k.", "w.")}) as wanted
    from klus k where k.team_id = :team and {_LIVE}
    order by (k.accepting and k.taken < k.places) desc, k.number desc limit :limit
    """
)


async def offer_of_role(session: AsyncSession, role_id: UUID, *, limit: int = 6) -> list[Row[Any]]:
    """Live klussen from a role, those with a free place first: id, number, title, places, taken, accepting."""
    return list((await session.execute(_ROLE, {"role": role_id, "limit": limit})).all())


async def offer_of_team(session: AsyncSession, team_id: UUID, *, limit: int = 6) -> tuple[list[Row[Any]], set[UUID]]:
    """The same of a team, and which of its roles look for somebody (see `wanted_roles`)."""
    rows = list((await session.execute(_TEAM, {"team": team_id, "limit": limit})).all())
    return rows, set(rows[0].wanted) if rows else set()


async def work_of(session: AsyncSession, person_id: UUID, *, mine: bool) -> list[Row[Any]]:
    """The klussen on which a person holds a place. Hours only when the reader is that person (`mine`)."""
    return list((await session.execute(_WORK, {"person": person_id, "mine": mine})).all())


async def wanted_roles(session: AsyncSession, among: Collection[UUID] | None = None) -> set[UUID]:
    """Roles (`among` these) whose own vacature has a free place: such a role is filled in part as long as somebody fills it."""
    if among is not None:
        return set((await session.execute(_WANTED_AMONG, {"roles": list(among)})).scalars())
    return set((await session.execute(_WANTED)).scalars())
