"""A proposal begins as a draft of one tension, gets versions, is submitted, withdrawn, or taken to a meeting."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from teams.governance.actions.rounds import (
    add_version,
    changes_of,
    check_scope,
    end,
    move,
    note,
    open_round,
    settle,
    write_act,
)
from teams.governance.changes import Change
from teams.governance.forms import ProposalForm, VersionForm
from teams.governance.models import OPEN, SETTLED, Offer, Proposal, ProposalState
from teams.governance.queries import locked_proposal, members_at
from teams.journal.models import SYSTEM, Actor
from teams.kit.errors import Conflict, NextStep, NotAllowed, Reason
from teams.kit.text import N_

_TENSION = text(
    """
    insert into tension (team_id, role_id, person_id, text, example) values (:team, :role, :me, :text, :example)
    returning id
    """
)
_PROPOSAL = text("insert into proposal (team_id, tension_id, proposer_id) values (:team, :tension, :me) returning id")
_DUE = text(
    """
    select p.id from proposal p join proposal_round r on r.proposal_id = p.id and r.version = p.version
    left join proposal_extension x on x.proposal_id = r.proposal_id and x.version = r.version
    where p.state in ('consent','bezwaar','overleg') and (r.lapses_at <= now()
        or (p.state = 'consent' and greatest(r.due_at, x.due_at) <= now()))
    order by p.id limit 50 for no key update of p skip locked
    """
)


async def draft_proposal(session: AsyncSession, form: ProposalForm, *, by: Actor, at: datetime) -> Proposal:
    """Version 1, seen by the proposer alone. What a team may not decide is refused at once (G17, G20, G21)."""
    me = _person(by)
    await check_scope(session, form.teamId, form.rolId, form.wijzigingen, by=by, at=at)
    given = {"team": form.teamId, "role": form.rolId, "me": me, "text": form.spanning, "example": form.voorbeeld}
    tension = (await session.execute(_TENSION, given)).scalar_one()
    made = (await session.execute(_PROPOSAL, {"team": form.teamId, "tension": tension, "me": me})).scalar_one()
    proposal = await session.get_one(Proposal, made)
    await add_version(session, proposal, 1, form.wijzigingen, None, me)
    await note(session, "proposal.drafted", proposal, by=by)
    return proposal


async def new_version(
    session: AsyncSession, proposal_id: UUID, form: VersionForm, *, by: Actor, at: datetime
) -> Proposal:
    """Other changes, by the proposer. Under way, the version opens a new round: every answer so far is void (G22)."""
    proposal = await _mine(session, proposal_id, by=by)
    await replace(session, proposal, form.wijzigingen, form.toelichting, by=by, at=at)
    await settle(session, proposal, by=by, at=at)
    return proposal


async def replace(
    session: AsyncSession, proposal: Proposal, changes: Sequence[Change], words: str | None, *, by: Actor, at: datetime
) -> None:
    """The next version; its author is the proposer, who alone can amend (G26, G27)."""
    _, role_id, _ = await changes_of(session, proposal)
    under_way = proposal.state in OPEN
    proposer = Actor(person_id=proposal.proposer_id)
    await check_scope(session, proposal.team_id, role_id, changes, by=proposer, at=at, offer=proposal.offer_id)
    await add_version(session, proposal, proposal.version + 1, changes, words, proposal.proposer_id)
    if under_way:
        await _next_round(session, proposal, changes, role_id, at=at)
    else:
        await move(session, proposal, ProposalState(proposal.state), proposal.version + 1)
    await note(session, "proposal.amended", proposal, by=by)


async def submit_proposal(session: AsyncSession, proposal_id: UUID, *, by: Actor, at: datetime) -> Proposal:
    """From draft, or again after a meeting or a conflict: then as a new version, so that old answers are void."""
    proposal = await _mine(session, proposal_id, by=by)
    if proposal.state not in (ProposalState.DRAFT, ProposalState.MEETING):
        raise _wrong_moment(proposal, N_("Dit voorstel is al ingediend."))
    changes, role_id, opened = await changes_of(session, proposal)
    if opened:
        await add_version(session, proposal, proposal.version + 1, changes, None, proposal.proposer_id)
        await _next_round(session, proposal, changes, role_id, at=at)
    else:
        await open_round(session, proposal, changes, role_id, by=by, at=at)
    await note(session, "proposal.submitted", proposal, by=by)
    await settle(session, proposal, by=by, at=at)
    return proposal


async def withdraw_proposal(
    session: AsyncSession, proposal_id: UUID, *, by: Actor, at: datetime, words: str | None = None
) -> Proposal:
    """By the proposer, until it is adopted. A candidate of an election is dropped there (G30)."""
    proposal = await _mine(session, proposal_id, by=by)
    if proposal.offer_id is not None and (await session.get_one(Offer, proposal.offer_id)).election_id is not None:
        raise _wrong_moment(
            proposal, N_("Dit voorstel hoort bij een verkiezing. Ga daar verder zonder deze kandidaat.")
        )
    await end(session, proposal, ProposalState.WITHDRAWN, by=by, words=words)
    return proposal


async def call_meeting(
    session: AsyncSession, proposal_id: UUID, *, by: Actor, at: datetime, words: str | None = None
) -> Proposal:
    """G23: any member may; the round on paper stops until the proposer submits again after the meeting."""
    proposal = await locked_proposal(session, proposal_id, by)
    if proposal.state not in OPEN:
        raise _wrong_moment(proposal, N_("Over dit voorstel loopt nu geen ronde."))
    if by.person_id not in {member.id for member in await members_at(session, proposal.team_id, at=at)}:
        raise Conflict(
            Reason("geen_recht", N_("Een overleg vraag je aan in een team waarvan je lid bent.")), then=_look(proposal)
        )
    await write_act(session, proposal, ProposalState.MEETING, by=by, words=words)
    await move(session, proposal, ProposalState.MEETING)
    await note(session, "proposal.meeting_called", proposal, by=by)
    return proposal


async def close_due(session: AsyncSession, *, at: datetime) -> int:
    """G22: adopt or let lapse what has reached its term, a batch at a time. Returns how many were looked at."""
    due = list(await session.scalars(_DUE))
    for proposal_id in due:
        proposal = await session.get_one(Proposal, proposal_id, populate_existing=True)
        if proposal.state == ProposalState.MEETING:
            await end(session, proposal, ProposalState.LAPSED, by=SYSTEM)
        else:
            await settle(session, proposal, by=SYSTEM, at=at)
    return len(due)


async def _next_round(
    session: AsyncSession, proposal: Proposal, changes: Sequence[Change], role_id: UUID, *, at: datetime
) -> None:
    await move(session, proposal, ProposalState.DRAFT, proposal.version + 1)
    await open_round(session, proposal, changes, role_id, by=Actor(person_id=proposal.proposer_id), at=at)


async def _mine(session: AsyncSession, proposal_id: UUID, *, by: Actor) -> Proposal:
    proposal = await locked_proposal(session, proposal_id, by)
    if proposal.proposer_id != by.person_id:
        raise NotAllowed(Reason("geen_recht", N_("Dit doet alleen wie het voorstel inbracht.")), then=_look(proposal))
    if proposal.state in SETTLED:
        raise _wrong_moment(proposal, N_("Dit voorstel is al afgehandeld."))
    return proposal


def _person(by: Actor) -> UUID:
    if by.person_id is None:
        raise NotAllowed(
            Reason("geen_recht", N_("Een voorstel doe je vanuit een rol die je zelf vervult.")),
            then=(NextStep(N_("Lees wie wat mag."), "/spelregels"),),
        )
    return by.person_id


def _wrong_moment(proposal: Proposal, sentence: str, **values: Any) -> Conflict:
    return Conflict(Reason("verkeerd_moment", sentence, values), then=_look(proposal))


def _look(proposal: Proposal) -> tuple[NextStep, ...]:
    return (NextStep(N_("Bekijk het voorstel zoals het nu is."), f"/voorstellen/{proposal.id}"),)
