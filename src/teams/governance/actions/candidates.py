"""From nominations to one candidate (rule 30): ties, the objection round as a proposal, and on to the next when it fails."""

from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncSession

from teams.governance.actions.appointing import (
    election_act,
    election_note,
    locked_election,
    move_election,
    offer_note,
    terms_asked,
)
from teams.governance.actions.rounds import add_version, end, note, open_round
from teams.governance.fillers import role_now, unfit
from teams.governance.models import Election, ElectionState, Offer, Proposal, ProposalState
from teams.governance.queries import core_fillers, form_of_team, locked_proposal
from teams.governance.rules import due_at, judges
from teams.governance.tally import drawn, latest, leading, may_nominate_again, settled
from teams.journal.models import SYSTEM, Actor
from teams.kit.errors import Conflict, NextStep, Reason
from teams.kit.text import N_

_SAID = text(
    """
    select round, person_id, candidate_id, reason, at from election_nomination where election_id = :election order by id
    """
)
_DROPPED = text(
    "select person_id from filling_offer where election_id = :election and state in ('geweigerd','ingetrokken','vervallen')"
)
_ELECTORS = text("select person_id from election_elector where election_id = :election")
_DRAW = text("insert into election_draw (election_id, tied) values (:election, :tied) returning seed")
_OFFER = text(
    """
    insert into filling_offer (team_id, role_id, person_id, asked_by, election_id, way, decider_id, hours, focus, ends_on, text)
    values (:team, :role, :person, :by, :election, :way, :decider, :hours, :focus, :ends, :text) returning id
    """
)
_TENSION = text(
    "insert into tension (team_id, role_id, person_id, text, example) values (:team, :role, :me, :text, :example) returning id"
)
_PROPOSAL = text(
    "insert into proposal (team_id, tension_id, proposer_id, offer_id) values (:team, :tension, :me, :offer) returning id"
)
_LIES = text(
    """
    select p.id from filling_offer o join proposal p on p.offer_id = o.id
    where o.election_id = :election and o.state in ('gevraagd','aanvaard')
    """
)
_LATE = text(
    """
    select p.id from proposal p join filling_offer o on o.id = p.offer_id
    join proposal_round r on r.proposal_id = p.id and r.version = p.version
    left join proposal_extension x on x.proposal_id = r.proposal_id and x.version = r.version
    where p.state = 'consent' and o.state = 'gevraagd' and greatest(r.due_at, x.due_at) <= now()
    order by p.id limit 20 for no key update of p skip locked
    """
)


async def conclude(session: AsyncSession, election: Election, *, by: Actor, at: datetime) -> None:
    """The most nominated becomes the candidate. A tie that settles itself does; another waits for the facilitator's choice."""
    now = await _now(session, election)
    tied = leading(now, await dropped_of(session, election))
    role = await role_now(session, election.role_id, at=at)
    winner = settled(now, tied, role.fillers)
    if not tied:
        await lapse(session, election, by=by)
    elif winner is not None:
        await _put_forward(session, election, role, winner, by=by, at=at)
    elif election.round < 3 and may_nominate_again(now, tied):
        chosen = await form_of_team(session, election.team_id, at=at)
        await election_act(session, election, "gelijk", by=SYSTEM)
        await move_election(session, election, ElectionState.TIED, due=due_at(chosen, at))
        await election_note(
            session, "election.tied", election, by=SYSTEM, candidates=[str(one) for one in sorted(tied)]
        )
    else:
        await _lot(session, election, role, tied, by=by, at=at)


async def draw_lot(session: AsyncSession, election: Election, *, by: Actor, at: datetime) -> None:
    """G30: the blind draw among the tied."""
    now = await _now(session, election)
    tied = leading(now, await dropped_of(session, election))
    await _lot(session, election, await role_now(session, election.role_id, at=at), tied, by=by, at=at)


async def break_tie(session: AsyncSession, election_id: UUID, *, lot: bool, by: Actor, at: datetime) -> Election:
    """G30: the facilitator, or who stands in and is no candidate, chooses: the lot, or once more among the tied."""
    election = await locked_election(session, election_id)
    if election.state != ElectionState.TIED:
        raise Conflict(Reason("verkeerd_moment", N_("Er is nu geen gelijke stand.")), then=look(election))
    tied = leading(await _now(session, election), await dropped_of(session, election))
    core = await acting(session, election, tied, by=by, at=at)
    if lot:
        await election_act(session, election, "loting", by=by, acting=core)
        await draw_lot(session, election, by=by, at=at)
        return election
    chosen = await form_of_team(session, election.team_id, at=at)
    await election_act(session, election, "herstemming", by=by, acting=core)
    due = due_at(chosen, at)
    await move_election(session, election, ElectionState.CHANGES, due=due, again=True)
    await election_note(session, "election.again", election, by=by)
    return election


async def drop_candidate(
    session: AsyncSession, election_id: UUID, *, by: Actor, at: datetime, words: str | None = None
) -> Election:
    """G30: an objection that is not resolved drops the candidate; those nominations are ignored, and the next one comes."""
    proposal = await _lying(session, election_id, by)
    election = await locked_election(session, election_id)
    if proposal is None or election.state != ElectionState.OBJECTIONS or proposal.state != ProposalState.OBJECTED:
        raise Conflict(
            Reason("verkeerd_moment", N_("Verder zonder deze kandidaat kan alleen bij een open overwegend bezwaar.")),
            then=look(election),
        )
    assert proposal.offer_id is not None
    candidate = (await session.get_one(Offer, proposal.offer_id)).person_id
    core = await acting(session, election, (candidate,), by=by, at=at)
    await election_act(session, election, "niet_verder", by=by, acting=core, candidate=candidate, words=words)
    await end(session, proposal, ProposalState.WITHDRAWN, by=by, words=words)
    await conclude(session, election, by=by, at=at)
    return election


async def drop_silent_candidates(session: AsyncSession, *, at: datetime) -> int:
    """A candidate who said nothing within the term is not willing (G9): the proposal lapses, the election goes on."""
    late = list(await session.scalars(_LATE))
    for proposal_id in late:
        proposal = await session.get_one(Proposal, proposal_id, populate_existing=True)
        await end(session, proposal, ProposalState.LAPSED, by=SYSTEM)
    return len(late)


async def lapse(session: AsyncSession, election: Election, *, by: Actor) -> None:
    await election_act(session, election, "vervallen", by=by)
    await move_election(session, election, ElectionState.LAPSED)
    await election_note(session, "election.lapsed", election, by=by)


async def offer_and_propose(
    session: AsyncSession, offer: Offer, proposer: UUID, example: str, *, by: Actor, at: datetime
) -> Proposal:
    """The team answers on an offer as on any proposal: same objections, tests and terms."""
    given = {
        "team": offer.team_id,
        "role": offer.role_id,
        "me": proposer,
        "text": offer.text,
        "example": example[:4000],
    }
    tension = (await session.execute(_TENSION, given)).scalar_one()
    made = (await session.execute(_PROPOSAL, {**given, "tension": tension, "offer": offer.id})).scalar_one()
    proposal = await session.get_one(Proposal, made)
    changes = [terms_asked(offer)]
    await add_version(session, proposal, 1, changes, None, proposer)
    await open_round(session, proposal, changes, offer.role_id, by=Actor(person_id=proposer), at=at)
    await note(session, "proposal.submitted", proposal, by=by)
    return proposal


async def make_offer(session: AsyncSession, **values: Any) -> Offer:
    return await session.get_one(Offer, (await session.execute(_OFFER, values)).scalar_one())


async def nominations_of(session: AsyncSession, election: Election) -> list[Row[Any]]:
    """Shared nominations of every round: round, person_id, candidate_id, reason, at."""
    return list((await session.execute(_SAID, {"election": election.id})).all())


async def dropped_of(session: AsyncSession, election: Election) -> set[UUID]:
    """Candidates who said no, or with whom the election did not go on."""
    return set(await session.scalars(_DROPPED, {"election": election.id}))


async def acting(
    session: AsyncSession, election: Election, candidates: Collection[UUID], *, by: Actor, at: datetime
) -> str:
    """G16: as what this person leads the election now; the facilitator, else the next in line. Never a candidate."""
    core, able = await leaders(session, election, candidates, at=at)
    if by.person_id not in able:
        raise Conflict(
            Reason("geen_recht", N_("Dit doet de begeleider, of wie die vervangt. Nooit een kandidaat.")),
            then=look(election),
        )
    return core


async def leaders(
    session: AsyncSession, election: Election, candidates: Collection[UUID], *, at: datetime
) -> tuple[str, frozenset[UUID]]:
    fillers = await core_fillers(session, election.team_id, at=at)
    voters = list(await session.scalars(_ELECTORS, {"election": election.id}))
    return judges(fillers, voters, candidates, breach=False)


def look(election: Election) -> tuple[NextStep, ...]:
    at = f"/teams/{election.team_id}/verkiezingen/{election.id}"
    return (NextStep(N_("Bekijk de verkiezing zoals zij nu is."), at),)


async def _now(session: AsyncSession, election: Election) -> dict[UUID, UUID]:
    return latest((one.round, one.person_id, one.candidate_id) for one in await nominations_of(session, election))


async def _lot(
    session: AsyncSession, election: Election, role: Row[Any], tied: frozenset[UUID], *, by: Actor, at: datetime
) -> None:
    among = sorted(tied)
    seed: UUID = (await session.execute(_DRAW, {"election": election.id, "tied": among})).scalar_one()
    winner = drawn(seed, among)
    facts: dict[str, Any] = {"seed": str(seed), "tied": [str(one) for one in among], "drawn": str(winner)}
    await election_note(session, "election.drawn", election, by=SYSTEM, **facts)
    await _put_forward(session, election, role, winner, by=by, at=at)


async def _put_forward(
    session: AsyncSession, election: Election, role: Row[Any], candidate: UUID, *, by: Actor, at: datetime
) -> None:
    """The facilitator proposes the candidate; everyone who could vote may object, and the candidate says yes or no."""
    core, able = await leaders(session, election, (candidate,), at=at)
    proposer = min(able)
    reasons = [one.reason for one in await nominations_of(session, election) if one.candidate_id == candidate]
    offer = await make_offer(
        session, team=election.team_id, role=election.role_id, person=candidate, by=proposer, election=election.id,
        way="verkiezing", decider=None, hours=election.hours, focus="", ends=election.ends_on, text=election.text,
    )  # fmt: skip
    await election_act(session, election, "kandidaat", by=Actor(person_id=proposer), acting=core, candidate=candidate)
    await move_election(session, election, ElectionState.OBJECTIONS)
    proposal = await offer_and_propose(session, offer, proposer, "\n".join(dict.fromkeys(reasons)), by=by, at=at)
    await election_note(
        session, "election.candidate", election, by=by, candidate=str(candidate), proposal=proposal.number
    )
    await offer_note(session, "filling.asked", offer, by=Actor(person_id=proposer))
    if await unfit(session, role, candidate, at=at):
        await end(session, proposal, ProposalState.LAPSED, by=SYSTEM)
        await conclude(session, election, by=by, at=at)


async def lying_of(session: AsyncSession, election_id: UUID) -> UUID | None:
    """The proposal about the candidate who lies before the team."""
    found: UUID | None = await session.scalar(_LIES, {"election": election_id})
    return found


async def _lying(session: AsyncSession, election_id: UUID, by: Actor) -> Proposal | None:
    """The candidate's proposal, locked; always before the election, as adoption does."""
    found = await lying_of(session, election_id)
    return await locked_proposal(session, found, by) if found is not None else None
