"""Elections and offers as they are read: one, those of a team or role, and what waits for a person."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncSession

from teams.kit.clock import day_of
from teams.kit.errors import NextStep, NotFound, Reason
from teams.kit.text import N_

_ROLE = "(select rv.name from role_version rv where rv.role_id = {0} and upper_inf(rv.recorded) order by range_contains_elem(rv.valid, cast(:today as date)) desc, lower(rv.valid) desc limit 1)"
_TEAM = "(select tv.name from team_version tv where tv.team_id = {0} and upper_inf(tv.recorded) and range_contains_elem(tv.valid, cast(:today as date)))"
_ELECTION = text(
    f"""
    select e.id, e.number, e.team_id, {_TEAM.format("e.team_id")} as team, e.role_id, {_ROLE.format("e.role_id")} as role,
        e.text, e.hours, e.ends_on, e.candidates, e.called_by, c.name as caller, e.days, e.state, e.round, e.due_at, e.lapses_at,
        e.created_at,
        (select jsonb_agg(jsonb_build_object('id', v.person_id, 'name', p.name, 'role', {_ROLE.format("v.role_id")},
            'voted', exists (select from election_ballot b where b.election_id = e.id and b.person_id = v.person_id))
            order by p.name, p.id) from election_elector v join person p on p.id = v.person_id
            where v.election_id = e.id) as electors,
        (select coalesce(jsonb_agg(jsonb_build_object('round', n.round, 'person', n.person_id, 'name', p.name,
            'candidate', n.candidate_id, 'chosen', q.name, 'reason', n.reason) order by n.round, p.name, p.id), '[]')
            from election_nomination n join person p on p.id = n.person_id join person q on q.id = n.candidate_id
            where n.election_id = e.id) as nominations,
        (select coalesce(jsonb_agg(jsonb_build_object('seed', d.seed, 'at', d.at, 'tied',
            (select jsonb_agg(jsonb_build_object('id', p.id, 'name', p.name) order by p.name) from person p
                where p.id = any(d.tied))) order by d.id), '[]') from election_draw d where d.election_id = e.id) as draws,
        (select coalesce(jsonb_agg(jsonb_build_object('kind', a.kind, 'name', p.name, 'acting', a.acting_as,
            'candidate', q.name, 'text', a.text, 'at', a.at) order by a.id desc), '[]') from election_act a
            left join person p on p.id = a.person_id left join person q on q.id = a.candidate_id
            where a.election_id = e.id) as acts,
        (select coalesce(jsonb_agg(jsonb_build_object('id', o.id, 'person', o.person_id, 'name', p.name, 'state', o.state,
            'fills_at', o.fills_at, 'proposal', r.id, 'proposal_state', r.state, 'number', r.number) order by o.id), '[]')
            from filling_offer o join person p on p.id = o.person_id left join proposal r on r.offer_id = o.id
            where o.election_id = e.id) as offers
    from election e left join person c on c.id = e.called_by
    where e.id = :election
    """
)
_LIST = text(
    f"""
    select e.id, e.number, e.state, e.round, e.due_at, e.created_at, e.role_id, {_ROLE.format("e.role_id")} as role,
        (select p.name from filling_offer o join person p on p.id = o.person_id
            where o.election_id = e.id and e.state = 'gekozen' and o.state in ('gever','vervuld','gestopt') limit 1) as chosen
    from election e where e.team_id = :team order by e.number desc limit 50
    """
)
_CORE = text(
    """
    select v.role_id as id, v.name, v.core, array(select p.name from role_filling f join person p on p.id = f.person_id
            where f.role_id = v.role_id and upper_inf(f.recorded) and f.valid @> now() order by p.name) as fillers,
        (select max(upper(f.valid)) from role_filling f where f.role_id = v.role_id and upper_inf(f.recorded)
            and f.valid @> now()) as until,
        (select e.id from election e where e.role_id = v.role_id
            and e.state in ('stemmen','wisselen','gelijk','bezwaar')) as running
    from role_version v where v.team_id = :team and v.core is not null and upper_inf(v.recorded)
        and range_contains_elem(v.valid, cast(:today as date)) order by v.name
    """
)
_PEOPLE = text(
    """
    select p.id, p.name from person p join contract c on c.person_id = p.id and upper_inf(c.recorded)
        and range_contains_elem(c.valid, cast(:today as date)) order by p.name, p.id limit 20000
    """
)
_OFFER = text(
    f"""
    select o.id, o.team_id, {_TEAM.format("o.team_id")} as team, o.role_id, {_ROLE.format("o.role_id")} as role, o.person_id,
        p.name as person, o.asked_by, a.name as asker, o.election_id, o.way, o.decider_id, {_ROLE.format("o.decider_id")} as decider,
        o.hours, o.focus, o.ends_on, o.text, o.state, o.fills_at, o.at, r.id as proposal_id, r.number as proposal,
        (select coalesce(jsonb_agg(jsonb_build_object('kind', d.kind, 'name', q.name, 'text', d.text, 'at', d.at)
            order by d.id desc), '[]') from filling_offer_act d left join person q on q.id = d.person_id
            where d.offer_id = o.id) as acts
    from filling_offer o join person p on p.id = o.person_id left join person a on a.id = o.asked_by
    left join proposal r on r.offer_id = o.id
    where o.id = :offer
    """
)
_OFFERS = text(
    """
    select o.id, o.state, p.name as person, o.focus from filling_offer o join person p on p.id = o.person_id
    where o.role_id = :role and o.state in ('gevraagd','aanvaard','gever') order by o.id
    """
)
WAITING = text(
    f"""
    select 'stem' as what, e.id, e.team_id, {_ROLE.format("e.role_id")} as role, {_TEAM.format("e.team_id")} as team, e.due_at
    from election e join election_elector v on v.election_id = e.id and v.person_id = :me
    where e.state = 'stemmen' and not exists (select from election_ballot b where b.election_id = e.id and b.person_id = :me)
    union all
    select 'wissel', e.id, e.team_id, {_ROLE.format("e.role_id")}, {_TEAM.format("e.team_id")}, e.due_at
    from election e join election_nomination n on n.election_id = e.id and n.person_id = :me and n.round = 1
    where e.state = 'wisselen' and e.round = 2 and not exists (select from election_nomination m
        where m.election_id = e.id and m.person_id = :me and m.round = e.round)
    union all
    select 'gelijk', e.id, e.team_id, {_ROLE.format("e.role_id")}, {_TEAM.format("e.team_id")}, e.due_at
    from election e where e.state = 'gelijk' and exists (select from role_version v join role_filling f on f.role_id = v.role_id
        and upper_inf(f.recorded) and f.valid @> now() and f.person_id = :me
        where v.team_id = e.team_id and v.core = 'begeleider' and upper_inf(v.recorded) and range_contains_elem(v.valid, cast(:today as date)))
    union all
    select 'gevraagd', o.id, o.team_id, {_ROLE.format("o.role_id")}, {_TEAM.format("o.team_id")}, null
    from filling_offer o where o.person_id = :me and o.state = 'gevraagd'
    union all
    select 'beslis', o.id, o.team_id, {_ROLE.format("o.role_id")}, {_TEAM.format("o.team_id")}, null
    from filling_offer o where o.state = 'aanvaard' and o.person_id <> :me and exists (select from role_filling f
        where f.role_id = o.decider_id and f.person_id = :me and upper_inf(f.recorded) and f.valid @> now())
    union all
    select 'gever', o.id, o.team_id, {_ROLE.format("o.role_id")}, {_TEAM.format("o.team_id")}, o.fills_at
    from filling_offer o where o.state = 'gever' and o.person_id <> :me and exists (
        select from grant_version g where upper_inf(g.recorded) and g.withdrawn_at is null
            and (upper_inf(g.valid) or upper(g.valid) > now())
            and (g.holder = 'rol:' || o.role_id or g.holder = (select 'functie:' || v.office from role_version v
                where v.role_id = o.role_id and upper_inf(v.recorded) and range_contains_elem(v.valid, cast(:today as date))))
            and g.grantors && array(
                select 'orgaan:' || x.code from organ_member m join organ x on x.id = m.organ_id
                    where m.person_id = :me and upper_inf(m.recorded) and range_contains_elem(m.valid, cast(:today as date))
                union select unnest(array['rol:' || v.role_id, 'functie:' || v.office]) from role_filling f
                    join role_version v on v.role_id = f.role_id and upper_inf(v.recorded) and range_contains_elem(v.valid, cast(:today as date))
                    where f.person_id = :me and upper_inf(f.recorded) and f.valid @> now()
                union select 'persoon:' || cast(:me as text)))
    order by 6 nulls last, 2
    """
)
"""What waits on a person: what (stem, wissel, gelijk, gevraagd, beslis, gever), id, team_id, role, team, due_at."""


async def election_for(session: AsyncSession, election_id: UUID, *, at: datetime) -> Row[Any]:
    """Everything that may be seen of it; ballots only as who voted. Or `NotFound`."""
    row = (await session.execute(_ELECTION, {"election": election_id, "today": day_of(at)})).one_or_none()
    if row is None:
        raise NotFound(Reason("onbekend", N_("Deze verkiezing bestaat niet.")), then=_LOOK)
    return row


async def elections_of(session: AsyncSession, team_id: UUID, *, at: datetime) -> list[Row[Any]]:
    """Newest first: id, number, state, round, due_at, role, chosen."""
    return list((await session.execute(_LIST, {"team": team_id, "today": day_of(at)})).all())


async def electable(session: AsyncSession, team_id: UUID, *, at: datetime) -> list[Row[Any]]:
    """The team's core roles: id, name, core, fillers, until, and the election that runs."""
    return list((await session.execute(_CORE, {"team": team_id, "today": day_of(at)})).all())


async def people_in_service(session: AsyncSession, *, at: datetime) -> list[Row[Any]]:
    return list((await session.execute(_PEOPLE, {"today": day_of(at)})).all())


async def offer_for(session: AsyncSession, offer_id: UUID, *, at: datetime) -> Row[Any]:
    row = (await session.execute(_OFFER, {"offer": offer_id, "today": day_of(at)})).one_or_none()
    if row is None:
        raise NotFound(Reason("onbekend", N_("Deze vraag om een rol te vervullen bestaat niet.")), then=_LOOK)
    return row


async def offers_of_role(session: AsyncSession, role_id: UUID) -> list[Row[Any]]:
    """What is asked or decided about who will fill this role: id, state, person, focus."""
    return list((await session.execute(_OFFERS, {"role": role_id})).all())


_LOOK = (NextStep(N_("Bekijk de organisatie."), "/organisatie"),)
