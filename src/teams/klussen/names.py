"""What people, teams, roles, organs and klussen are called now, by their ids."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

_NAMES = text(
    """
    select 'person' as kind, p.id, p.name from person p where p.id = any(cast(:ids as uuid[]))
    union all
    (select distinct on (t.team_id) 'team', t.team_id, t.name from team_version t
        where t.team_id = any(cast(:ids as uuid[])) and upper_inf(t.recorded) order by t.team_id, lower(t.valid) desc)
    union all
    (select distinct on (v.role_id) 'role', v.role_id, v.name from role_version v
        where v.role_id = any(cast(:ids as uuid[])) and upper_inf(v.recorded) order by v.role_id, lower(v.valid) desc)
    union all
    select 'organ', o.id, o.name from organ o where o.id = any(cast(:ids as uuid[]))
    union all
    select 'klus', k.id, k.title from klus k where k.id = any(cast(:ids as uuid[])) and k.state not in ('concept', 'ter_toetsing')
    """
)


async def names_of(session: AsyncSession, ids: Collection[UUID]) -> dict[UUID, str]:
    """Names by id. A klus that is still a draft has none: it exists only for who manages it."""
    if not ids:
        return {}
    return {row.id: row.name for row in await session.execute(_NAMES, {"ids": list(ids)})}
