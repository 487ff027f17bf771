"""An election (rule 30) is called, ballots come in, are shared with their reasons, and may change once."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from teams.governance.actions.appointing import (
    election_act,
    election_note,
    locked_election,
    move_election,
)
from teams.governance.actions.candidates import acting, conclude, draw_lot, dropped_of, lapse, look, nominations_of
from teams.governance.choice_forms import ElectionForm, NominationForm
from teams.governance.fillers import candidates_rule, in_service, role_now, unfit
from teams.governance.models import Election, ElectionState
from teams.governance.queries import form_of_team, members_at
from teams.governance.rules import due_at, lapses_at
from teams.governance.tally import latest, leading, may_nominate_again
from teams.journal.batch import lock_structure
from teams.journal.models import SYSTEM, Actor
from teams.kit.clock import day_of
from teams.kit.errors import Conflict, Invalid, NextStep, Reason
from teams.kit.text import N_

CALL_DAYS = 28
_RUNNING = text(
    "select exists (select from election where role_id = :role and state in ('stemmen','wisselen','gelijk','bezwaar'))"
)
_CALL = text(
    """
    insert into election (team_id, role_id, text, hours, ends_on, candidates, called_by, days, policy_id, due_at, lapses_at)
    values (:team, :role, :text, :hours, :ends, :candidates, :me, :days, :policy, :due, :lapses) returning id
    """
)
_ELECTORS = text(
    """
    insert into election_elector (election_id, person_id, role_id)
    select :election, e.person, e.role from unnest(cast(:people as uuid[]), cast(:roles as uuid[])) e(person, role)
    """
)
_VOTER = text(
    """
    select exists (select from election_elector e where e.election_id = :election and e.person_id = :me) as elector,
        exists (select from election_ballot b where b.election_id = :election and b.person_id = :me) as voted,
        exists (select from election_elector e where e.election_id = :election and e.person_id = :candidate) as member
    """
)
_BALLOT = text(
    "insert into election_ballot (election_id, person_id, candidate_id, reason) values (:election, :me, :candidate, :reason)"
)
_NOMINATE = text(
    """
    insert into election_nomination (election_id, round, person_id, candidate_id, reason)
    values (:election, :round, :me, :candidate, :reason)
    """
)
_ALL_IN = text(
    """
    select not exists (select from election_elector e where e.election_id = :election and not exists (select from
        election_ballot b where b.election_id = e.election_id and b.person_id = e.person_id))
    """
)
_SHARE = text("select share_ballots(:election)")
_DUE = text(
    """
    select e.id from election e where e.state in ('stemmen','wisselen','gelijk','bezwaar') and (e.lapses_at <= now()
        or (e.state <> 'bezwaar' and e.due_at <= now()) or (e.state = 'bezwaar' and not exists (select from filling_offer o
            where o.election_id = e.id and o.state in ('gevraagd','aanvaard'))))
    order by e.id limit 20 for no key update of e skip locked
    """
)
_ENDING = text(
    """
    select distinct on (v.role_id) v.role_id, v.name, v.purpose, v.team_id, f.hours, lower(f.valid) as first, upper(f.valid) as ends
    from role_version v
    join role_filling f on f.role_id = v.role_id and upper_inf(f.recorded) and f.elected
    where v.core is not null and upper_inf(v.recorded) and range_contains_elem(v.valid, cast(:today as date))
        and upper(f.valid) between now() - interval '28 days' and now() + make_interval(days => :days)
        and not exists (select from role_filling n where n.role_id = v.role_id and upper_inf(n.recorded)
            and (upper_inf(n.valid) or upper(n.valid) > upper(f.valid)))
        and not exists (select from election e where e.role_id = v.role_id and (e.created_at > now() - interval '60 days'
            or e.state in ('stemmen','wisselen','gelijk','bezwaar')))
    order by v.role_id, upper(f.valid) desc limit 20
    """
)


async def call_election(session: AsyncSession, form: ElectionForm, *, by: Actor, at: datetime) -> Election:
    """G14, G30: any member calls one for a core role. Who may vote is fixed now."""
    await lock_structure(session)  # two calls for one role: the second sees the first
    role = await role_now(session, form.rolId, at=at)
    members = await members_at(session, role.team_id, at=at)
    reasons = []
    if by.person_id not in {one.id for one in members}:
        reasons.append(Reason("geen_recht", N_("Een verkiezing vraag je aan in een team waarvan je lid bent.")))
    if role.core is None:
        reasons.append(Reason("G30", N_("Kiezen doe je voor een vaste rol. Voor een andere rol vraag je iemand.")))
    if len(members) < 2:
        reasons.append(Reason("G30", N_("Kiezen kan pas met twee of meer mensen in het team.")))
    if await session.scalar(_RUNNING, {"role": form.rolId}):
        reasons.append(Reason("bestaat", N_("Voor deze rol loopt al een verkiezing.")))
    if reasons:
        raise Conflict(
            *reasons,
            then=(NextStep(N_("Bekijk de verkiezingen van dit team."), f"/teams/{role.team_id}/verkiezingen"),),
        )
    if not day_of(at) < form.tot <= day_of(at) + timedelta(days=5 * 366):
        raise Invalid({"tot": Reason("tot", N_("Kies een dag na vandaag, hoogstens vijf jaar vooruit."))})
    return await _open(session, role.team_id, role.core, form, by=by, at=at)


async def _open(
    session: AsyncSession, team_id: UUID, core: str, form: ElectionForm, *, by: Actor, at: datetime
) -> Election:
    chosen = await form_of_team(session, team_id, at=at)
    members = await members_at(session, team_id, at=at)
    given = {
        "team": team_id, "role": form.rolId, "text": form.tekst, "hours": form.uren, "ends": form.tot, "me": by.person_id,
        "candidates": await candidates_rule(session, team_id, core, at=at), "days": chosen.days, "policy": chosen.policy_id,
        "due": due_at(chosen, at), "lapses": lapses_at(at),
    }  # fmt: skip
    made = (await session.execute(_CALL, given)).scalar_one()
    people = {"people": [one.id for one in members], "roles": [one.role_id for one in members]}
    await session.execute(_ELECTORS, {"election": made, **people})
    election = await session.get_one(Election, made)
    await election_note(session, "election.called", election, by=by, electors=len(members))
    return election


async def cast_ballot(
    session: AsyncSession, election_id: UUID, form: NominationForm, *, by: Actor, at: datetime
) -> Election:
    """One name, with a reason, seen by nobody until all are in. The journal says that you voted, not for whom."""
    election = await locked_election(session, election_id)
    voter = (await session.execute(_VOTER, _given(election, form, by))).one()
    reasons = []
    if election.state != ElectionState.BALLOTS:
        reasons.append(Reason("verkeerd_moment", N_("Stemmen kan nu niet meer.")))
    elif election.due_at is not None and election.due_at <= at:
        reasons.append(Reason("te_laat", N_("De termijn om te stemmen is voorbij.")))
    if not voter.elector:
        reasons.append(
            Reason("geen_recht", N_("Stemmen doet wie bij het begin van de verkiezing lid was van het team."))
        )
    elif voter.voted:
        reasons.append(Reason("verkeerd_moment", N_("Je stem is al binnen.")))
    reasons += await _eligible(session, election, form.kandidaatId, voter.member, at=at)
    if reasons:
        raise Conflict(*reasons, then=look(election))
    await session.execute(_BALLOT, _given(election, form, by))
    await election_note(session, "election.balloted", election, by=by)
    if await session.scalar(_ALL_IN, {"election": election.id}):
        await share(session, election, by=by, at=at)
    return election


async def change_nomination(
    session: AsyncSession, election_id: UUID, form: NominationForm, *, by: Actor, at: datetime
) -> Election:
    """G30: after the reasons everyone says once more whom they nominate; after a tie only who nominated someone else does."""
    election = await locked_election(session, election_id)
    said = await nominations_of(session, election)
    before = latest((one.round, one.person_id, one.candidate_id) for one in said if one.round < election.round)
    tied = leading(before, await dropped_of(session, election))
    who = frozenset(before) if election.round < 3 else may_nominate_again(before, tied)
    reasons = []
    if election.state != ElectionState.CHANGES or (election.due_at is not None and election.due_at <= at):
        reasons.append(Reason("verkeerd_moment", N_("Wisselen kan nu niet.")))
    if by.person_id not in who:
        reasons.append(Reason("geen_recht", N_("In deze ronde ben jij niet aan zet.")))
    elif any(one.round == election.round and one.person_id == by.person_id for one in said):
        reasons.append(Reason("verkeerd_moment", N_("Je keus in deze ronde is al binnen.")))
    if election.round == 3 and form.kandidaatId not in tied:
        reasons.append(Reason("G30", N_("Kies nu een van de kandidaten met de meeste stemmen.")))
    member = (await session.execute(_VOTER, _given(election, form, by))).one().member
    reasons += await _eligible(session, election, form.kandidaatId, member, at=at)
    if reasons:
        raise Conflict(*reasons, then=look(election))
    await session.execute(_NOMINATE, {**_given(election, form, by), "round": election.round})
    await election_note(session, "election.nominated", election, by=by)
    said = await nominations_of(session, election)
    if who <= {one.person_id for one in said if one.round == election.round}:
        await conclude(session, election, by=by, at=at)
    return election


async def close_changes(session: AsyncSession, election_id: UUID, *, by: Actor, at: datetime) -> Election:
    """The facilitator, or who stands in (G16), ends the change round: whoever said nothing keeps to the ballot."""
    election = await locked_election(session, election_id)
    if election.state != ElectionState.CHANGES:
        raise Conflict(Reason("verkeerd_moment", N_("Er loopt nu geen wisselronde.")), then=look(election))
    core = await acting(session, election, (), by=by, at=at)
    await election_act(session, election, "wisselronde_dicht", by=by, acting=core)
    await conclude(session, election, by=by, at=at)
    return election


async def cancel_election(session: AsyncSession, election_id: UUID, *, by: Actor, at: datetime) -> Election:
    """Only before the ballots are shared, by who called it or who facilitates."""
    election = await locked_election(session, election_id)
    if election.state != ElectionState.BALLOTS:
        raise Conflict(
            Reason("verkeerd_moment", N_("De stemmen zijn al gedeeld. Maak de verkiezing af.")), then=look(election)
        )
    core = None if by.person_id == election.called_by else await acting(session, election, (), by=by, at=at)
    await election_act(session, election, "ingetrokken", by=by, acting=core)
    await move_election(session, election, ElectionState.CANCELLED)
    await election_note(session, "election.cancelled", election, by=by)
    return election


async def close_due_elections(session: AsyncSession, *, at: datetime) -> int:
    """What a policy's term has passed: late is excluded (G30). And what nobody settled lapses. Returns how many."""
    due = list(await session.scalars(_DUE))
    for election_id in due:
        election = await session.get_one(Election, election_id, populate_existing=True)
        if election.lapses_at <= at:
            await lapse(session, election, by=SYSTEM)
        elif election.state == ElectionState.BALLOTS:
            await share(session, election, by=SYSTEM, at=at)
        elif election.state == ElectionState.TIED:
            await draw_lot(session, election, by=SYSTEM, at=at)
        else:
            await conclude(session, election, by=SYSTEM, at=at)
    return len(due)


async def call_ending_terms(session: AsyncSession, *, at: datetime) -> int:
    """G30: a term that ends within four weeks calls an election for as long again. Returns how many were called."""
    rows = (await session.execute(_ENDING, {"today": day_of(at), "days": CALL_DAYS})).all()
    called = 0
    for row in rows:
        role = await role_now(session, row.role_id, at=at)
        if len(await members_at(session, row.team_id, at=at)) < 2:
            continue
        length = max(timedelta(days=365), row.ends - row.first)
        ends = day_of(max(row.ends, at) + length - timedelta(microseconds=1))
        form = ElectionForm(rolId=row.role_id, tekst=row.purpose or row.name, tot=ends, uren=row.hours)
        await _open(session, row.team_id, role.core, form, by=SYSTEM, at=at)
        called += 1
    return called


async def share(session: AsyncSession, election: Election, *, by: Actor, at: datetime) -> None:
    """All ballots at once, with names and reasons; then everyone may change."""
    shared = await session.scalar(_SHARE, {"election": election.id})
    if not shared:
        await lapse(session, election, by=by)
        return
    await election_act(session, election, "gedeeld", by=SYSTEM)
    chosen = await form_of_team(session, election.team_id, at=at)
    await move_election(session, election, ElectionState.CHANGES, due=due_at(chosen, at), again=True)
    await election_note(session, "election.shared", election, by=SYSTEM, ballots=shared)


async def _eligible(
    session: AsyncSession, election: Election, candidate: UUID, member: bool, *, at: datetime
) -> list[Reason]:
    """G14, G15: whom one may name, by the rule that held when the election was called."""
    role = await role_now(session, election.role_id, at=at)
    if election.candidates == "organisatie":
        member = await in_service(session, candidate, at=at)
    if not member:
        return [Reason("G15", N_("Kies iemand die je voor deze rol kunt kiezen."))]
    if election.candidates == "niet_zittend" and candidate in role.fillers:
        return [Reason("G15", N_("In dit team kies je niet opnieuw wie de rol nu heeft."))]
    return await unfit(session, role, candidate, at=at)


def _given(election: Election, form: NominationForm, by: Actor) -> dict[str, object]:
    return {"election": election.id, "me": by.person_id, "candidate": form.kandidaatId, "reason": form.reden}
