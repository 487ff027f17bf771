"""Reading governance: what a person may see, who are members, which facts a change set rests on."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncSession

from teams.governance import bounds
from teams.governance.changes import Change, PolicyNew
from teams.governance.models import Objection, ObjectionState, PolicyKind, Proposal, ProposalState
from teams.governance.policies import in_force
from teams.governance.rules import ChosenForm, Standing, chosen_form
from teams.governance.scope import PolicyFacts, RoleFacts, Scope, names, policy_ids, role_ids
from teams.journal.models import Actor
from teams.kit.clock import day_of
from teams.kit.errors import NextStep, NotFound, Reason
from teams.kit.text import N_
from teams.mandates.queries.frameworks import known_frameworks
from teams.structure.models import CoreRole

_NOW = "upper_inf({0}.recorded) and range_contains_elem({0}.valid, cast(:today as date))"
_FILLS = "upper_inf(f.recorded) and range_contains_elem(f.valid, cast(:at as timestamptz))"
# G5: the roles of other teams that take part by a policy of this one.
_LINKED = f"""array(select substr(x.kind, 11)::uuid from policy y join policy_version x on x.policy_id = y.id
        and x.kind like 'koppeling:%' and {_NOW.format("x")} where y.team_id = :team)"""
_MEMBERS = text(
    f"""
    select distinct on (p.id) p.id, p.name, f.role_id, v.name as role
    from role_version v
    join role_filling f on f.role_id = v.role_id and {_FILLS}
    join person p on p.id = f.person_id
    where {_NOW.format("v")} and (v.role_id = any({_LINKED}) or (v.team_id = any(array(select cast(:team as uuid) union all
            select t.team_id from team_version t where t.parent_id = :team and {_NOW.format("t")}))
        and (v.team_id = :team or v.core = 'afgevaardigde')))
    order by p.id, v.team_id <> :team, v.core is not null, v.name
    """
)
_OWN_ROLES = text(
    f"""
    select v.role_id as id, v.name, v.core, m.team_id, t.name as team, m.rep
    from role_filling f
    join role_version v on v.role_id = f.role_id and {_NOW.format("v")}
    left join team_version here on here.team_id = v.team_id and {_NOW.format("here")}
    cross join lateral (select v.team_id, false as rep
        union all select here.parent_id, true where v.core = 'afgevaardigde' and here.parent_id is not null
        union all select y.team_id, true from policy_version x join policy y on y.id = x.policy_id
            where x.kind = 'koppeling:' || v.role_id and x.kind like 'koppeling:%' and {_NOW.format("x")}) m
    join team_version t on t.team_id = m.team_id and {_NOW.format("t")}
    where f.person_id = :me and {_FILLS}
    order by t.name, v.core is not null, v.name, v.role_id
    """
)
_POLICIES = text(
    f"""
    with recursive up(team_id, distance) as (
        select cast(:team as uuid), 0
        union all
        select t.parent_id, u.distance + 1 from up u join team_version t on t.team_id = u.team_id and {_NOW.format("t")}
        where t.parent_id is not null and u.distance < 20
    )
    select y.id, v.kind, u.distance from up u join policy y on y.team_id = u.team_id
    join policy_version v on v.policy_id = y.id and {_NOW.format("v")}
    where v.kind like '%:%'
    """
)
_ROLES = text(
    f"""
    select v.role_id as id, v.team_id, v.name, v.purpose, v.core, v.office,
        (select case when bool_or(upper_inf(w.valid)) then null else (max(upper(w.valid)) - 1)::text end from role_version w
            where w.role_id = v.role_id and upper_inf(w.recorded)) as last,
        (select coalesce(jsonb_object_agg(i.item_id, jsonb_build_array(i.kind, i.text)), '{{}}') from role_item i
            where i.role_id = v.role_id and upper_inf(i.recorded)
            and (upper_inf(i.valid) or upper(i.valid) > cast(:today as date))) as items,
        array(select 'mandaat ' || g.number from grant_version gv join power_grant g on g.id = gv.grant_id
            where upper_inf(gv.recorded) and gv.withdrawn_at is null and (upper_inf(gv.valid) or upper(gv.valid) > now())
            and 'rol:' || v.role_id = any(gv.holder || gv.grantors || gv.sub_only_to)
            union select 'budget ' || b.code from budget b where b.holder_id = v.role_id and upper_inf(b.recorded)
            order by 1) as legal
    from role_version v where v.role_id = any(:roles) and {_NOW.format("v")}
    """
)
_POLICY_FACTS = text(
    f"""
    select y.id, y.team_id, v.kind, v.title, v.text,
        (select case when bool_or(upper_inf(w.valid)) then null else (max(upper(w.valid)) - 1)::text end
            from policy_version w where w.policy_id = y.id and upper_inf(w.recorded)) as last
    from policy y join policy_version v on v.policy_id = y.id and {_NOW.format("v")} where y.id = any(:policies)
    """
)
_TAKEN = text(
    """
    select n.name, v.role_id from unnest(cast(:names as text[])) n(name)
    join role_version v on v.team_id = :team and plain(v.name) = plain(n.name) and upper_inf(v.recorded)
        and (upper_inf(v.valid) or upper(v.valid) > cast(:today as date))
    """
)
_DOMAINS = text(
    f"""
    select i.item_id, i.role_id, i.text, v.name from role_version v join role_item i on i.role_id = v.role_id and i.kind = 'domein'
        and upper_inf(i.recorded) and (upper_inf(i.valid) or upper(i.valid) > cast(:today as date))
    where v.team_id = :team and {_NOW.format("v")}
    """
)
_NEAR = text(
    f"""
    select t.parent_id, array(select b.team_id from team_version b where b.parent_id = t.team_id and {_NOW.format("b")}) as below,
        array(select v.role_id from role_version v where v.team_id = t.team_id and v.core is null and {_NOW.format("v")}) as here
    from (select cast(:team as uuid) as id) x left join team_version t on t.team_id = x.id and {_NOW.format("t")}
    """
)
_STANDING = text(
    """
    select r.days, r.policy_id, r.quorum, r.lapses_at, r.opened_at, greatest(r.due_at, x.due_at) as due_at, x.due_at is not null as longer,
        (select count(*)::int from proposal_elector e where e.proposal_id = r.proposal_id and e.version = r.version) as electors,
        silent_electors(r.proposal_id, r.version) as silent,
        array(select o.state from objection o where o.proposal_id = r.proposal_id) as objections
    from proposal_round r left join proposal_extension x on x.proposal_id = r.proposal_id and x.version = r.version
    where r.proposal_id = :proposal and r.version = :version
    """
)
_ABSENCES = text(
    """
    select person_id, lower(valid) as first, upper(valid) - 1 as last from absence
    where person_id = any(:people) and upper_inf(recorded)
    """
)
_THERE = """not exists (select from absence a where a.person_id = f.person_id and upper_inf(a.recorded)
            and range_contains_elem(a.valid, cast(:today as date)))"""
_CORE_FILLERS = text(
    f"""
    select v.core, f.person_id, false as guides from role_version v join role_filling f on f.role_id = v.role_id and {_FILLS}
    where v.team_id = :team and v.core is not null and {_NOW.format("v")} and {_THERE}
    union all
    select 'begeleider', f.person_id, true from process_breakdown b
    join role_filling f on f.role_id = b.taken_role and f.person_id = b.taken_by and {_FILLS}
    where b.team_id = :team and b.ended_at is null and {_THERE}
    """
)


async def members_at(session: AsyncSession, team_id: UUID, *, at: datetime) -> list[Row[Any]]:
    """G5, G13: who fills a role of the team or one linked to it, or represents a team in it: id, name, role_id, role."""
    return list((await session.execute(_MEMBERS, {"team": team_id, "at": at, "today": day_of(at)})).all())


async def own_roles(session: AsyncSession, by: Actor, *, at: datetime) -> list[Row[Any]]:
    """G20: the roles from which this person may propose, each with the team in which: id, name, core, team_id, team, rep."""
    if by.person_id is None:
        return []
    return list((await session.execute(_OWN_ROLES, {"me": by.person_id, "at": at, "today": day_of(at)})).all())


async def form_of_team(session: AsyncSession, team_id: UUID, *, at: datetime) -> ChosenForm:
    """G19, G22, G28: the form, the term and the quorum that the team's policies set today."""
    rows = await policies_of(session, team_id, at=at)
    quorum = in_force(rows, PolicyKind.QUORUM)
    return replace(chosen_form(rows), quorum=int(quorum[0].args[0]) if quorum else None)


async def policies_of(session: AsyncSession, team_id: UUID, *, at: datetime) -> list[tuple[UUID, str, int]]:
    """Policies that the software may follow, of the team and the teams above: id, kind, distance."""
    rows = await session.execute(_POLICIES, {"team": team_id, "today": day_of(at)})
    return [(row.id, row.kind, row.distance) for row in rows]


async def scope_of(
    session: AsyncSession, team_id: UUID, changes: Sequence[Change], tension_role: UUID, *, today: date
) -> Scope:
    """The facts that the rules of a change set need, as they stand."""
    roles = await session.execute(_ROLES, {"roles": list(role_ids(changes, tension_role)), "today": today})
    policies = await session.execute(_POLICY_FACTS, {"policies": list(policy_ids(changes)), "today": today})
    taken: dict[str, frozenset[UUID]] = {}
    for row in await session.execute(_TAKEN, {"names": names(changes), "team": team_id, "today": today}):
        taken[row.name] = taken.get(row.name, frozenset()) | {row.role_id}
    policies_here = await session.execute(_POLICIES, {"team": team_id, "today": today})
    own: dict[str, frozenset[UUID]] = {}
    linked: dict[UUID, frozenset[UUID]] = {}
    for row in policies_here:
        if row.distance == 0:
            name = row.kind.partition(":")[0]
            own[name] = own.get(name, frozenset()) | {row.id}
            if name == PolicyKind.LINK:
                role = UUID(row.kind.partition(":")[2])
                linked[role] = linked.get(role, frozenset()) | {row.id}
    near = (await session.execute(_NEAR, {"team": team_id, "today": today})).one()
    domains: Sequence[Row[Any]] = ()
    if bounds.domains(changes):
        domains = (await session.execute(_DOMAINS, {"team": team_id, "today": today})).all()
    codes = [change.kader for change in changes if isinstance(change, PolicyNew) and change.kader]
    return Scope(
        team_id,
        {
            row.id: RoleFacts(
                row.id, row.team_id, row.name, row.purpose, row.core, row.office, row.last, row.items, tuple(row.legal)
            )
            for row in roles
        },
        {row.id: PolicyFacts(*row) for row in policies},
        taken,
        own,
        near.parent_id,
        frozenset(near.below),
        frozenset(near.here),
        await known_frameworks(session, codes) if codes else frozenset(),
        domains,
        linked,
    )


async def standing_of(session: AsyncSession, proposal: Proposal) -> tuple[Standing, Row[Any]]:
    """How the open round stands, and its row (opened_at, longer)."""
    row = (await session.execute(_STANDING, {"proposal": proposal.id, "version": proposal.version})).one()
    states = tuple(ObjectionState(state) for state in row.objections)
    standing = Standing(
        row.electors, row.silent, states, row.days, row.policy_id, row.due_at, row.lapses_at, row.quorum
    )
    return standing, row


async def absences_of(session: AsyncSession, people: Sequence[UUID]) -> list[list[tuple[date, date]]]:
    """Per person who is away at all: first and last days."""
    found: dict[UUID, list[tuple[date, date]]] = {}
    for row in await session.execute(_ABSENCES, {"people": list(people)}):
        found.setdefault(row.person_id, []).append((row.first, row.last))
    return list(found.values())


async def core_fillers(session: AsyncSession, team_id: UUID, *, at: datetime) -> dict[str, set[UUID]]:
    """Who fills which core role and is not away today. G34: in a breakdown who took over is the only facilitator."""
    found: dict[str, set[UUID]] = {}
    rows = (await session.execute(_CORE_FILLERS, {"team": team_id, "at": at, "today": day_of(at)})).all()
    for row in rows:
        found.setdefault(row.core, set()).add(row.person_id)
    guides = {row.person_id for row in rows if row.guides}
    return found | {CoreRole.FACILITATOR.value: guides} if guides else found


async def locked_proposal(session: AsyncSession, proposal_id: UUID, by: Actor) -> Proposal:
    """The proposal, its row locked; a draft exists only for its proposer."""
    proposal = await session.get(Proposal, proposal_id, with_for_update={"key_share": True}, populate_existing=True)
    if proposal is None or (proposal.state == ProposalState.DRAFT and proposal.proposer_id != by.person_id):
        raise no_proposal()
    return proposal


async def locked_objection(session: AsyncSession, objection_id: UUID, by: Actor) -> tuple[Proposal, Objection]:
    """Proposal first, then objection, both locked."""
    found = await session.get(Objection, objection_id)
    if found is None:
        raise NotFound(Reason("onbekend", N_("Dit overwegend bezwaar bestaat niet.")), then=_LOOK)
    proposal = await locked_proposal(session, found.proposal_id, by)
    objection = await session.get(Objection, objection_id, with_for_update=True, populate_existing=True)
    assert objection is not None
    return proposal, objection


def no_proposal() -> NotFound:
    return NotFound(Reason("onbekend", N_("Dit voorstel bestaat niet.")), then=_LOOK)


_LOOK = (NextStep(N_("Bekijk de voorstellen."), "/voorstellen"),)
