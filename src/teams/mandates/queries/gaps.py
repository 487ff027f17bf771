"""What is missing around the register: roles without a grant, grants without a holder or outside the house, requests of teams, the setting."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncSession

from teams.kit.clock import day_of

_LIVE = """range_contains_elem(v.recorded, cast(:at as timestamptz)) and range_contains_elem(v.valid, cast(:at as timestamptz)) and v.decided_on <= cast(:at as timestamptz)
    and (v.withdrawn_at is null or v.withdrawn_at > cast(:at as timestamptz))"""
_NOW = (
    "range_contains_elem({0}.recorded, cast(:at as timestamptz)) and range_contains_elem({0}.valid, cast(:day as date))"
)
_BARE = text(
    f"""
    with given as materialized (select v.holder from grant_version v where {_LIVE})
    select r.role_id, r.name, n.name as team from role_version r
    join team_version n on n.team_id = r.team_id and {_NOW.format("n")}
    where {_NOW.format("r")} and r.core is null and not exists (select from given where holder = 'rol:' || r.role_id)
        and not exists (select from given where holder = 'functie:' || r.office)
    order by n.name, r.name limit 2000
    """
)
_EMPTY = text(
    f"""
    with held as materialized (
        select r.role_id, r.office from role_filling f join role_version r on r.role_id = f.role_id and {_NOW.format("r")}
        where range_contains_elem(f.recorded, cast(:at as timestamptz)) and range_contains_elem(f.valid, cast(:at as timestamptz))
    )
    select g.number from power_grant g join grant_version v on v.grant_id = g.id
    where {_LIVE} and split_part(v.holder, ':', 1) in ('rol', 'functie')
        and not exists (select from held where 'rol:' || role_id = v.holder)
        and not exists (select from held where 'functie:' || office = v.holder)
    order by g.number limit 200
    """
)
_OUTSIDE = text(
    f"""
    select g.number from power_grant g join grant_version v on v.grant_id = g.id
    where {_LIVE} and (split_part(v.holder, ':', 1) = 'extern' or v.holder like 'persoon:%' and exists (
        select from person p where 'persoon:' || p.id = v.holder and not exists (
            select from contract c where c.person_id = p.id and range_contains_elem(c.recorded, cast(:at as timestamptz))
                and range_contains_elem(c.valid, cast(:day as date)))))
    order by g.number limit 200
    """
)
_REQUESTS = text(
    """
    select m.id, m.role_id, m.text, m.at, p.id as proposal, p.number, r.name as role, t.code || '/' || r.name as typed,
        n.name as team, g.number as answered
    from mandate_request m join proposal p on p.id = m.proposal_id
    cross join lateral (select * from role_version v where v.role_id = m.role_id and upper_inf(v.recorded)
        order by range_contains_elem(v.valid, cast(:day as date)) desc, lower(v.valid) desc limit 1) r
    join team t on t.id = r.team_id
    cross join lateral (select name from team_version v where v.team_id = r.team_id and upper_inf(v.recorded)
        order by range_contains_elem(v.valid, cast(:day as date)) desc, lower(v.valid) desc limit 1) n
    left join mandate_request_draft d on d.request_id = m.id left join power_grant g on g.id = d.grant_id
    where cast(:id as uuid) is null or m.id = :id
    order by d.request_id is not null, m.at desc, m.id limit 200
    """
)
_SETTING = text("select unpublished_refuses, decision, at from register_setting order by at desc, id desc limit 20")


async def roles_without(session: AsyncSession, at: datetime) -> list[Row[Any]]:
    """Roles of the work itself that hold no grant: role_id, name, team; at most 2000."""
    return list((await session.execute(_BARE, {"at": at, "day": day_of(at)})).all())


async def grants_without_holder(session: AsyncSession, at: datetime) -> list[str]:
    """Numbers of grants in force to a role or office that nobody fills now."""
    return list(await session.scalars(_EMPTY, {"at": at, "day": day_of(at)}))


async def grants_outside(session: AsyncSession, at: datetime) -> list[str]:
    """Numbers of grants in force to a party outside the municipality, or to a person who left."""
    return list(await session.scalars(_OUTSIDE, {"at": at, "day": day_of(at)}))


async def requests(session: AsyncSession, at: datetime, *, request: UUID | None = None) -> list[Row[Any]]:
    """What teams asked for, open ones first: id, role_id, text, at, proposal, number, role, typed, team, answered."""
    return list((await session.execute(_REQUESTS, {"day": day_of(at), "id": request})).all())


async def settings_made(session: AsyncSession) -> list[Row[Any]]:
    """M13: newest first; none means that an unpublished grant refuses."""
    return list((await session.execute(_SETTING)).all())
