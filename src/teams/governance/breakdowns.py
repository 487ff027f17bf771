"""A team whose deciding no longer works (G34): whether it does, who may say so, who may take over, who may end it."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncSession

from teams.governance.queries import core_fillers, members_at
from teams.governance.rules import judges
from teams.kit.clock import day_of
from teams.structure.models import CoreRole

FAILED_DAYS = 90
"""So long after a proposal lapsed with an objection that nobody could integrate, its proposer may speak of a breakdown."""
_DECLARERS = (CoreRole.FACILITATOR, CoreRole.CIRCLE_SECRETARY)
_SEEN = text(
    """
    select b.id, b.text, b.at, b.acting_as, b.declared_by, d.name as declarer, b.taken_by, k.name as taker, b.taken_role, b.taken_at,
        b.ended_by, e.name as ender, b.ended_text, b.ended_at, exists (select from role_filling f where f.role_id = b.taken_role
            and f.person_id = b.taken_by and upper_inf(f.recorded) and f.valid @> now()) as guides
    from process_breakdown b join person d on d.id = b.declared_by
    left join person k on k.id = b.taken_by left join person e on e.id = b.ended_by
    where b.team_id = :team and (cast(:after as uuid) is null
        or (b.at, b.id) < (select c.at, c.id from process_breakdown c where c.id = cast(:after as uuid)))
    order by b.at desc, b.id desc limit :limit
    """
)
_PARENT = text(
    """
    select t.parent_id from team_version t where t.team_id = :team and upper_inf(t.recorded)
        and range_contains_elem(t.valid, cast(:today as date))
    """
)
_FAILED = text(
    """
    select exists (select from proposal p join proposal_act a on a.proposal_id = p.id and a.kind = 'vervallen'
        and a.at > cast(:at as timestamptz) - make_interval(days => :days)
        where p.team_id = :team and p.proposer_id = :me and p.state = 'vervallen'
        and exists (select from objection o where o.proposal_id = p.id and o.state not in ('ongeldig','opgelost','ingetrokken')))
    """
)
_ROLE_OF = text(
    """
    select v.role_id from role_version v join role_filling f on f.role_id = v.role_id and upper_inf(f.recorded)
        and range_contains_elem(f.valid, cast(:at as timestamptz)) and f.person_id = :person
    where v.team_id = :team and upper_inf(v.recorded) and range_contains_elem(v.valid, cast(:today as date))
    order by v.core is distinct from :core, v.name limit 1
    """
)


async def breakdowns_of(
    session: AsyncSession, team_id: UUID, *, limit: int = 20, after: UUID | None = None
) -> list[Row[Any]]:
    """Newest first; one that has no `ended_at` is going on. `guides`: who took over still fills the role above."""
    return list((await session.execute(_SEEN, {"team": team_id, "limit": limit, "after": after})).all())


async def breakdown_now(session: AsyncSession, team_id: UUID) -> Row[Any] | None:
    rows = await breakdowns_of(session, team_id, limit=1)
    return rows[0] if rows and rows[0].ended_at is None else None


async def parent_of(session: AsyncSession, team_id: UUID, *, at: datetime) -> UUID | None:
    found: UUID | None = await session.scalar(_PARENT, {"team": team_id, "today": day_of(at)})
    return found


async def declares_as(session: AsyncSession, team_id: UUID, person: UUID | None, *, at: datetime) -> str | None:
    """As what this person may say it: facilitator or secretary here or in the team above, or who could not get an answer."""
    if person is None:
        return None
    for team in (team_id, await parent_of(session, team_id, at=at)):
        if team is not None:
            fillers = await core_fillers(session, team, at=at)
            for core in _DECLARERS:
                if person in fillers.get(core, ()):
                    return core.value
    given = {"team": team_id, "me": person, "at": at, "days": FAILED_DAYS}
    return "indiener" if await session.scalar(_FAILED, given) else None


async def takers(
    session: AsyncSession, team_id: UUID, declarer: UUID, *, at: datetime
) -> tuple[UUID | None, str, frozenset[UUID]]:
    """Who may take the guidance over, as what, in which team above: its facilitator, else who stands in (G16); never the declarer."""
    parent = await parent_of(session, team_id, at=at)
    if parent is None:
        return None, "", frozenset()
    members = {member.id for member in await members_at(session, parent, at=at)}
    return parent, *judges(await core_fillers(session, parent, at=at), members, {declarer}, breach=False)


async def role_of(session: AsyncSession, team_id: UUID, person: UUID, core: str, *, at: datetime) -> UUID | None:
    """The role of that team from which this person acts: the core role first."""
    given = {"team": team_id, "person": person, "core": core, "at": at, "today": day_of(at)}
    found: UUID | None = await session.scalar(_ROLE_OF, given)
    return found
