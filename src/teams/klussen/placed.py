"""Klussen beside structure: what a team or role offers, what a person works on, which roles look for someone."""

from typing import Any
from uuid import UUID

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncSession

_ON_OFFER = text(
    """
    select k.id, k.number, k.title, k.kind, k.state, k.places, k.taken, k.accepting
    from klus k
    where (k.team_id = cast(:team as uuid) or k.role_id = cast(:role as uuid)) and k.state in ('open', 'in_uitvoering')
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
_WANTED = text(
    """
    select distinct k.role_id from klus k
    where k.kind = 'vacature' and k.role_id is not null and k.state in ('open', 'in_uitvoering') and k.accepting
        and k.taken < k.places and (cast(:team as uuid) is null or k.team_id = cast(:team as uuid))
    """
)


async def on_offer(
    session: AsyncSession, *, team: UUID | None = None, role: UUID | None = None, limit: int = 6
) -> list[Row[Any]]:
    """Live klussen of a team or of a role, those with a free place first: id, number, title, places, taken, accepting."""
    return list((await session.execute(_ON_OFFER, {"team": team, "role": role, "limit": limit})).all())


async def work_of(session: AsyncSession, person_id: UUID, *, mine: bool) -> list[Row[Any]]:
    """The klussen on which a person holds a place. Hours only when the reader is that person (`mine`)."""
    return list((await session.execute(_WORK, {"person": person_id, "mine": mine})).all())


async def wanted_roles(session: AsyncSession, *, team: UUID | None = None) -> set[UUID]:
    """Roles whose own vacature has a free place: such a role is filled in part as long as somebody fills it."""
    return set((await session.execute(_WANTED, {"team": team})).scalars())
