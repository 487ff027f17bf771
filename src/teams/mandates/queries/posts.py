"""As whom somebody acts in the register: organs, roles, offices, and by name."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from teams.journal.models import Actor
from teams.kit.clock import day_of

_POSTS = text(
    """
    select 'persoon:' || cast(cast(:person as uuid) as text) as party
    union
    select 'orgaan:' || o.code from organ_member m join organ o on o.id = m.organ_id
    where m.person_id = :person and upper_inf(m.recorded) and range_contains_elem(m.valid, cast(:day as date))
    union
    select unnest(array['rol:' || f.role_id, 'functie:' || r.office]) from role_filling f
    join role_version r on r.role_id = f.role_id and upper_inf(r.recorded) and range_contains_elem(r.valid, cast(:day as date))
    where f.person_id = :person and upper_inf(f.recorded) and range_contains_elem(f.valid, cast(:at as timestamptz))
    """
)


async def posts_of(session: AsyncSession, by: Actor, at: datetime) -> frozenset[str]:
    """As whom this person can give a grant now: organs, roles, offices, and by name."""
    if by.person_id is None:
        return frozenset()
    rows = await session.scalars(_POSTS, {"person": by.person_id, "day": day_of(at), "at": at})
    return frozenset(party for party in rows if party is not None)
