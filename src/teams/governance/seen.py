"""Proposals as they are read: one with everything that was said of it, a list, and what waits for a person."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncSession

from teams.governance.changes import CHANGES, Change
from teams.governance.models import OPEN, ProposalState
from teams.governance.queries import no_proposal, scope_of
from teams.journal.models import Actor
from teams.kit.clock import day_of

_TEAM = "(select v.name from team_version v where v.team_id = p.team_id and upper_inf(v.recorded) and range_contains_elem(v.valid, cast(:today as date)))"
_ROLE = "(select v.name from role_version v where v.role_id = {0} and upper_inf(v.recorded) order by range_contains_elem(v.valid, cast(:today as date)) desc, lower(v.valid) desc limit 1)"
_DUE = "(select greatest(r.due_at, x.due_at) from proposal_round r left join proposal_extension x using (proposal_id, version) where r.proposal_id = p.id and r.version = p.version)"
_ONE = text(
    f"""
    select p.id, p.number, p.state, p.version, p.team_id, {_TEAM} as team, p.proposer_id, w.name as proposer, p.created_at,
        t.role_id, {_ROLE.format("t.role_id")} as role, t.text as tension, t.example, v.changes, v.note, v.at as version_at,
        r.version as round, r.form, r.days, r.opened_at, r.due_at as first_due, {_DUE} as due_at, r.lapses_at, r.before,
        a.at as adopted_at, a.by_silence, a.silent,
        (select jsonb_build_object('at', x.at, 'name', q.name, 'acting', x.acting_as, 'text', x.text)
            from proposal_strike x join person q on q.id = x.person_id where x.proposal_id = p.id) as struck,
        o.id as offer_id, o.election_id, o.state as offer_state, o.person_id as candidate_id, k.name as candidate,
        (select coalesce(jsonb_object_agg(t.team_id, t.name), '{{}}') from team_version t where upper_inf(t.recorded)
            and range_contains_elem(t.valid, cast(:today as date)) and t.team_id = any(array(
                select cast(c ->> 'teamId' as uuid) from jsonb_array_elements(v.changes) c where pg_input_is_valid(c ->> 'teamId', 'uuid')))) as teams,
        (select min(x.opened_at) from proposal_round x where x.proposal_id = p.id) as submitted_at,
        (select coalesce(jsonb_agg(jsonb_build_object('id', e.person_id, 'name', q.name, 'role', {_ROLE.format("e.role_id")},
            'consented', exists (select from proposal_response c where c.proposal_id = e.proposal_id
                and c.version = e.version and c.person_id = e.person_id),
            'objections', array(select o.state from objection o where o.proposal_id = e.proposal_id
                and o.person_id = e.person_id order by o.id)) order by q.name, q.id), '[]')
            from proposal_elector e join person q on q.id = e.person_id
            where e.proposal_id = p.id and e.version = r.version) as electors,
        (select coalesce(jsonb_agg(jsonb_build_object('id', o.id, 'version', o.version, 'person', o.person_id,
            'name', q.name, 'text', o.text, 'breach', o.breach, 'state', o.state, 'at', o.at,
            'role', {_ROLE.format("e.role_id")},
            'acts', (select coalesce(jsonb_agg(jsonb_build_object('id', d.id, 'kind', d.kind, 'person', d.person_id,
                'name', z.name, 'acting', d.acting_as, 'of', d.integration_id, 'text', d.text, 'facts', d.facts, 'at', d.at)
                order by d.id), '[]') from objection_act d join person z on z.id = d.person_id where d.objection_id = o.id))
            order by o.id), '[]')
            from objection o join proposal_elector e using (proposal_id, version, person_id)
            join person q on q.id = o.person_id
            where o.proposal_id = p.id) as objections,
        (select coalesce(jsonb_agg(jsonb_build_object('version', m.version, 'person', m.person_id, 'name', q.name,
            'kind', m.kind, 'text', m.text, 'at', m.at) order by m.id), '[]')
            from proposal_remark m join person q on q.id = m.person_id where m.proposal_id = p.id) as remarks,
        (select coalesce(jsonb_agg(jsonb_build_object('version', d.version, 'kind', d.kind, 'name', q.name,
            'text', d.text, 'reasons', d.reasons, 'at', d.at) order by d.id), '[]')
            from proposal_act d left join person q on q.id = d.person_id where d.proposal_id = p.id) as acts
    from proposal p
    join tension t on t.id = p.tension_id
    join person w on w.id = p.proposer_id
    join proposal_version v on v.proposal_id = p.id and v.version = p.version
    left join proposal_round r on r.proposal_id = p.id and r.version = p.version
    left join adoption a on a.proposal_id = p.id
    left join filling_offer o on o.id = p.offer_id
    left join person k on k.id = o.person_id
    where p.id = :proposal and (p.state <> 'concept' or p.proposer_id = :me or r.version is not null)
    """
)
_WAITS = """p.state in ('consent','bezwaar') and exists (select from proposal_elector e where e.proposal_id = p.id
        and e.version = p.version and e.person_id = :me
        and not exists (select from proposal_response c where c.proposal_id = e.proposal_id and c.version = e.version
            and c.person_id = e.person_id)
        and not exists (select from objection o where o.proposal_id = e.proposal_id and o.version = e.version
            and o.person_id = e.person_id))"""
_WISHED = """(cast(:team as uuid) is null or {0}.team_id = cast(:team as uuid))
        and (cast(:states as text[]) is null or {0}.state = any(cast(:states as text[])))
        and (cast(:below as int) is null or {0}.number < cast(:below as int))"""
# Found by whose they are and who was asked, not by looking through all.
_MINE = f"""(p.proposer_id = :me or {_WAITS}) and p.id = any(array(
            (select o.id from proposal o where o.proposer_id = :me and {_WISHED.format("o")} order by o.number desc limit :limit)
            union all select a.proposal_id from proposal_elector a where a.person_id = :me))"""
_LISTS = {
    mine: text(
        f"""
        select p.id, p.number, p.state, p.version, p.team_id, {_TEAM} as team, w.name as proposer, v.changes, {_DUE} as due_at,
            {_ROLE.format("t.role_id")} as role, {_WAITS} as waits,
            (select jsonb_object_agg(n.id, {_ROLE.format("n.id")}) from (select distinct (c ->> 'rolId')::uuid as id
                from jsonb_array_elements(v.changes) c where c ->> 'rolId' is not null) n) as roles,
            (select min(r.opened_at) from proposal_round r where r.proposal_id = p.id) as submitted_at,
            (select k.name from filling_offer o join person k on k.id = o.person_id where o.id = p.offer_id) as candidate,
            exists (select from proposal_strike x where x.proposal_id = p.id) as struck
        from proposal p
        join tension t on t.id = p.tension_id
        join person w on w.id = p.proposer_id
        join proposal_version v on v.proposal_id = p.id and v.version = p.version
        where (p.state <> 'concept' or p.proposer_id = :me) and {_WISHED.format("p")} and {_MINE if mine else "true"}
        order by p.number desc limit :limit
        """
    )
    for mine in (True, False)
}
WAITING = text(
    f"""
    select p.id, p.number, {_TEAM} as team, {_DUE} as due_at, 'antwoord' as what from proposal p where {_WAITS}
    union all
    select p.id, p.number, {_TEAM}, null, case o.state when 'verwerking' then 'bevestiging' when 'toets' then 'toets' else 'bezwaar' end
    from objection o join proposal p on p.id = o.proposal_id and p.state in ('consent','bezwaar')
    where (o.state = 'verwerking' and :me in (o.person_id, p.proposer_id) and not exists (
            select from objection_act b where b.objection_id = o.id and b.kind = 'bevestiging' and b.person_id = :me
            and b.integration_id = (select d.id from objection_act d where d.objection_id = o.id and d.kind = 'verwerking'
                order by d.id desc limit 1)))
        or (o.state in ('ingebracht','geldig') and p.proposer_id = :me)
        or (o.state = 'toets' and :me not in (o.person_id, p.proposer_id) and exists (select from role_version v
            join role_filling f on f.role_id = v.role_id and upper_inf(f.recorded) and f.valid @> now() and f.person_id = :me
            where v.team_id = p.team_id and upper_inf(v.recorded) and range_contains_elem(v.valid, cast(:today as date))
            and v.core = case when o.breach then 'teamsecretaris' else 'begeleider' end))
    union all
    select p.id, p.number, {_TEAM}, null, 'terug' from proposal p
    where p.proposer_id = :me and (p.state = 'overleg' or (p.state = 'concept' and exists (
        select from proposal_act d where d.proposal_id = p.id and d.kind = 'teruggekomen' and d.version = p.version)))
    order by 4 nulls last, 2
    """
)
"""What waits on a person: id, number, team, due_at, what (antwoord, bezwaar, toets, bevestiging, terug)."""
_REQUESTS = text(
    """
    select m.id, m.role_id, m.text, m.at, p.id as proposal_id, p.number from mandate_request m
    join proposal p on p.id = m.proposal_id where m.role_id = :role
        and not exists (select from proposal_strike x where x.proposal_id = p.id) order by m.id desc
    """
)


@dataclass(frozen=True)
class ProposalSeen:
    """One proposal as this person sees it: its row, its change set, and the roles and policies it names, by id."""

    row: Row[Any]
    changes: list[Change]
    roles: dict[str, dict[str, Any]]
    policies: dict[str, dict[str, Any]]
    me: UUID | None

    def __getattr__(self, name: str) -> Any:
        return getattr(self.row, name)

    @property
    def is_mine(self) -> bool:
        return self.me is not None and self.row.proposer_id == self.me

    @property
    def open(self) -> bool:
        return self.row.state in OPEN

    @property
    def elector(self) -> dict[str, Any] | None:
        """This person as one of those who answer."""
        return next((one for one in self.row.electors if one["id"] == str(self.me)), None)


async def proposal_for(session: AsyncSession, proposal_id: UUID, by: Actor, *, at: datetime) -> ProposalSeen:
    """The proposal, or `NotFound`: a draft that never lay before the team exists for its proposer alone."""
    given = {"proposal": proposal_id, "me": by.person_id, "today": day_of(at)}
    row = (await session.execute(_ONE, given)).one_or_none()
    if row is None:
        raise no_proposal()
    changes = CHANGES.validate_python(row.changes)
    if row.before is not None:
        rests = row.before
    else:
        rests = (await scope_of(session, row.team_id, changes, row.role_id, today=day_of(at))).before()
    return ProposalSeen(row, changes, rests["rollen"], rests["afspraken"], by.person_id)


def joined_later(seen: ProposalSeen, members: Sequence[Row[Any]]) -> list[Row[Any]]:
    """G20: those of the members now who were none when the round began: named, not counted. In an offer others answer."""
    if not seen.open or seen.offer_id is not None:
        return []
    counted = {UUID(one["id"]) for one in seen.electors} | {seen.proposer_id}
    return sorted((one for one in members if one.id not in counted), key=lambda one: (one.name, one.id))


async def list_proposals(
    session: AsyncSession, by: Actor, *, today: date, team: UUID | None = None, states: list[ProposalState] | None = None,
    mine: bool = False, below: int | None = None, limit: int = 25,
) -> list[Row[Any]]:  # fmt: skip
    """Newest first; `mine`: my own and those that wait for my answer; `below`: only lower numbers."""
    given = {"me": by.person_id, "today": today, "team": team, "states": states, "below": below, "limit": limit}
    return list((await session.execute(_LISTS[mine], given)).all())


async def mandate_requests(session: AsyncSession, role_id: UUID) -> list[Row[Any]]:
    """What teams asked for a role and still waits for who has the power: id, role_id, text, at, proposal_id, number."""
    return list((await session.execute(_REQUESTS, {"role": role_id})).all())
