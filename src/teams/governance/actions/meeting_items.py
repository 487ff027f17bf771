"""Items of a meeting: put on the agenda, brought in, led through the steps of rule 27, ended with what the proposal came to."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from teams.governance.actions.candidates import lying_of
from teams.governance.actions.meeting_room import enter, line, move, no, note, present, same, who_runs
from teams.governance.actions.objections import raise_objection
from teams.governance.actions.proposals import call_meeting, submit_proposal
from teams.governance.actions.responses import respond
from teams.governance.actions.rounds import settle
from teams.governance.forms import ObjectionForm, ResponseForm
from teams.governance.meeting_forms import AnswerForm, ItemForm
from teams.governance.meeting_models import ItemOutcome, ItemState, ItemStep, Meeting, MeetingItem, MeetingStep
from teams.governance.meeting_rules import item_step_after
from teams.governance.meeting_seen import item_of, look
from teams.governance.models import OPEN, Election, ElectionState, Proposal, ProposalState
from teams.governance.queries import locked_proposal
from teams.journal.models import Actor
from teams.kit.clock import day_of
from teams.kit.errors import Conflict, Invalid, NotAllowed, Reason
from teams.kit.text import N_

_ITEM = text(
    """
    insert into meeting_item (meeting_id, label, person_id, election, role_id, proposal_id)
    values (:meeting, left(:label, 120), :me, cast(:role as uuid) is not null, :role, :proposal) returning id
    """
)
_FIRST = text("select exists (select from meeting_item where meeting_id = :meeting and state = 'open' and election)")
_ROLE = text(
    """
    select v.name from role_version v where v.role_id = :role and v.team_id = :team and v.core is not null
        and upper_inf(v.recorded) and range_contains_elem(v.valid, cast(:today as date))
    """
)
_RUNS = text("select id from election where role_id = :role and state in ('stemmen','wisselen','gelijk','bezwaar')")
_ROUND = text(
    """
    insert into meeting_round (proposal_id, version, meeting_id, item_id) values (:proposal, :version, :meeting, :item)
    on conflict do nothing
    """
)
_ELECTED = {
    ElectionState.ELECTED: ItemOutcome.ELECTED,
    ElectionState.CANCELLED: ItemOutcome.WITHDRAWN,
    ElectionState.LAPSED: ItemOutcome.LAPSED,
}
_OUTCOMES = {
    ProposalState.ADOPTED: ItemOutcome.ADOPTED,
    ProposalState.WITHDRAWN: ItemOutcome.WITHDRAWN,
    ProposalState.LAPSED: ItemOutcome.LAPSED,
    ProposalState.CONSENT: ItemOutcome.ON_PAPER,
    ProposalState.OBJECTED: ItemOutcome.ON_PAPER,
}


async def add_item(session: AsyncSession, meeting_id: UUID, form: ItemForm, *, by: Actor, at: datetime) -> UUID:
    """G28: the agenda is built in the meeting, labels only, by who is there. G29: not in a special meeting."""
    meeting, room, me = await enter(session, meeting_id, by=by, at=at)
    present(meeting, room, me)
    if meeting.intent:
        raise no(meeting, "G29", N_("Dit bijzondere overleg gaat alleen over wat in de uitnodiging staat."))
    if meeting.step not in (MeetingStep.AGENDA, MeetingStep.ITEMS):
        raise no(meeting, "verkeerd_moment", N_("De agenda maak je in de stap Agenda."))
    label = form.label
    if form.rolId is not None:
        if not meeting.is_governance:
            raise no(meeting, "G17", N_("Een verkiezing hoort in een roloverleg."))
        role = await session.scalar(_ROLE, {"role": form.rolId, "team": meeting.team_id, "today": day_of(at)})
        if role is None:
            raise Invalid({"rolId": Reason("rolId", N_("Kies een vaste rol van dit team."))})
        label = label or f"Verkiezing {role}"
    if form.voorstelId is not None:
        proposal = await _bring(session, meeting, form.voorstelId, by=by, at=at)
        label = label or f"Voorstel {proposal.number}"
    given = {"meeting": meeting.id, "label": label, "me": me, "role": form.rolId, "proposal": form.voorstelId}
    try:
        async with session.begin_nested():
            made: UUID = (await session.execute(_ITEM, given)).scalar_one()
    except IntegrityError:
        raise no(meeting, "verkeerd_moment", N_("Dit staat al op de agenda.")) from None
    await note(session, "meeting.item_added", meeting, by=by, item=str(made))
    return made


async def attach_proposal(
    session: AsyncSession, meeting_id: UUID, item_id: UUID, proposal_id: UUID, *, by: Actor, at: datetime
) -> None:
    """Who brought the item in lays a proposal under it; from then on everyone can read it."""
    meeting, room, me = await enter(session, meeting_id, by=by, at=at)
    present(meeting, room, me)
    item = await item_of(session, meeting, item_id)
    if item.person_id != me:
        raise NotAllowed(
            Reason("G20", N_("Een voorstel hangt alleen aan het punt wie het punt inbracht.")), then=look(meeting.id)
        )
    if item.proposal_id is not None or item.state == ItemState.DONE or item.election:
        raise no(meeting, "verkeerd_moment", N_("Bij dit punt kan nu geen voorstel komen."))
    await _bring(session, meeting, proposal_id, by=by, at=at)
    try:
        async with session.begin_nested():
            await move(session, item, proposal_id=proposal_id)
    except IntegrityError:
        raise no(meeting, "verkeerd_moment", N_("Dit voorstel staat al op de agenda.")) from None
    await note(session, "meeting.item_moved", meeting, by=by, item=str(item.id), proposal=str(proposal_id))


async def _bring(session: AsyncSession, meeting: Meeting, proposal_id: UUID, *, by: Actor, at: datetime) -> Proposal:
    """A proposal that waits for a meeting, or a draft of one's own: handed in, and at once taken to this meeting (G20, G23)."""
    if not meeting.is_governance:
        raise no(meeting, "G17", N_("Een voorstel over rollen en afspraken hoort in een roloverleg."))
    proposal = await locked_proposal(session, proposal_id, by)
    if proposal.team_id != meeting.team_id:
        raise no(meeting, "G20", N_("Dit voorstel is van een ander team."))
    if proposal.state == ProposalState.DRAFT:
        await submit_proposal(session, proposal.id, by=by, at=at)
        await call_meeting(session, proposal.id, by=by, at=at)
    if proposal.state != ProposalState.MEETING:
        raise no(meeting, "verkeerd_moment", N_("Dit voorstel wacht niet op een overleg."))
    return proposal


async def start_item(
    session: AsyncSession, meeting_id: UUID, item_id: UUID, version: int, *, by: Actor, at: datetime
) -> None:
    """G28: one item at a time, elections first, and nothing new after the time that was told."""
    meeting, room, me = await enter(session, meeting_id, by=by, at=at)
    acting = who_runs(meeting, room, me)
    same(meeting, version)
    present(meeting, room, me)
    item = await item_of(session, meeting, item_id)
    reasons: list[Reason] = []
    if meeting.step != MeetingStep.ITEMS or item.state != ItemState.OPEN:
        reasons.append(Reason("verkeerd_moment", N_("Dit punt kan nu niet beginnen.")))
    if not item.election and await session.scalar(_FIRST, {"meeting": meeting.id}):
        reasons.append(Reason("G28", N_("Verkiezingen gaan voor. Begin daarmee.")))
    if meeting.ends_at <= at:
        reasons.append(
            Reason("G28", N_("De tijd van dit overleg is om. Verleng het als niemand dat erg vindt, of sluit het."))
        )
    if reasons:
        raise Conflict(*reasons, then=look(meeting.id))
    await move(session, meeting)
    try:
        async with session.begin_nested():
            await move(session, item, state=ItemState.NOW, step=ItemStep.PRESENT, started_at=at)
    except IntegrityError:
        raise no(meeting, "verkeerd_moment", N_("Rond eerst het punt af dat nu besproken wordt.")) from None
    if item.role_id is not None and (runs := await session.scalar(_RUNS, {"role": item.role_id})) is not None:
        await move(session, item, election_id=runs)
    await line(session, meeting, "stap", ItemStep.PRESENT, by=me, item=item.id, acting=acting)
    await note(session, "meeting.item_started", meeting, by=by, item=str(item.id))


async def next_item_step(
    session: AsyncSession, meeting_id: UUID, item_id: UUID, version: int, *, by: Actor, at: datetime
) -> None:
    """G27: the facilitator goes one step on. Only the proposer lays the proposal before the meeting (`put_forward`)."""
    meeting, room, me = await enter(session, meeting_id, by=by, at=at)
    acting = who_runs(meeting, room, me)
    same(meeting, version)
    present(meeting, room, me)
    item = await now_item(session, meeting, item_id)
    step = ItemStep(item.step or "")
    if not meeting.is_governance or item.election:
        raise no(meeting, "verkeerd_moment", N_("Dit punt heeft geen stappen. Rond het af als het klaar is."))
    proposal = await proposal_under(session, item)
    if step is ItemStep.CLARIFY and (proposal is None or proposal.state not in OPEN):
        raise no(meeting, "G27", N_("Wie het voorstel doet, legt het zelf voor. Daarna volgt de ronde."))
    objected = proposal is not None and proposal.state == ProposalState.OBJECTED
    after = item_step_after(step, objections=objected)
    if after is None:
        raise no(meeting, "G27", N_("Er is geen overwegend bezwaar om te verwerken."))
    await _to(session, meeting, item, after, proposal, by=by, me=me, acting=acting)
    if proposal is not None and after is ItemStep.OBJECTIONS:
        await settle(session, proposal, by=by, at=at)
        if proposal.state == ProposalState.ADOPTED:
            await finish(session, meeting, item, by=by, me=me)


async def put_forward(session: AsyncSession, meeting_id: UUID, item_id: UUID, *, by: Actor, at: datetime) -> None:
    """The proposer hands the proposal in to this meeting: its text is fixed, and the objection round begins (G22, G27)."""
    meeting, room, me = await enter(session, meeting_id, by=by, at=at)
    present(meeting, room, me)
    item = await now_item(session, meeting, item_id)
    if item.step != ItemStep.CLARIFY or item.proposal_id is None:
        raise no(meeting, "G27", N_("Eerst komen de vragen en de reacties. Daarna leg je het voorstel voor."))
    proposal = await submit_proposal(session, item.proposal_id, by=by, at=at)
    await _to(session, meeting, item, ItemStep.OBJECTIONS, proposal, by=by, me=me)


async def answer(
    session: AsyncSession, meeting_id: UUID, item_id: UUID, form: AnswerForm, *, by: Actor, at: datetime
) -> None:
    """G22, G27: no objection, or an objection, by the same acts as on paper; the last answer adopts."""
    meeting, room, me = await enter(session, meeting_id, by=by, at=at)
    present(meeting, room, me)
    item = await now_item(session, meeting, item_id)
    lies = await lying_of(session, item.election_id) if item.election_id else item.proposal_id
    if lies is None or (item.election_id is None and item.step != ItemStep.OBJECTIONS):
        raise no(meeting, "G27", N_("Antwoorden doe je in de bezwarenronde."))
    if form.bezwaar:
        objection = ObjectionForm(versie=form.versie, tekst=form.tekst or "", regelbreuk=form.regelbreuk)
        await raise_objection(session, lies, objection, by=by, at=at)
    else:
        consent = ResponseForm(versie=form.versie, reactie="consent")
        proposal = await respond(session, lies, consent, by=by, at=at)
        if proposal.state == ProposalState.ADOPTED:
            await finish(session, meeting, item, by=by, me=me)
    await note(session, "meeting.answered", meeting, by=by, item=str(item.id))


async def finish_item(
    session: AsyncSession, meeting_id: UUID, item_id: UUID, version: int, *, by: Actor, at: datetime
) -> None:
    """The facilitator ends the item; its outcome is what the proposal came to."""
    meeting, room, me = await enter(session, meeting_id, by=by, at=at)
    who_runs(meeting, room, me)
    same(meeting, version)
    present(meeting, room, me)
    await finish(session, meeting, await now_item(session, meeting, item_id), by=by, me=me)


async def finish(session: AsyncSession, meeting: Meeting, item: MeetingItem, *, by: Actor, me: UUID) -> None:
    outcome = ItemOutcome.DISCUSSED
    if item.election_id is not None:
        election = await session.get_one(Election, item.election_id, populate_existing=True)
        outcome = _ELECTED.get(ElectionState(election.state), ItemOutcome.ON_PAPER)
    elif item.proposal_id is not None:
        proposal = await session.get_one(Proposal, item.proposal_id, populate_existing=True)
        outcome = _OUTCOMES.get(ProposalState(proposal.state), ItemOutcome.LATER)
    await session.execute(
        text("update meeting_item set state = 'klaar', outcome = :outcome, ended_at = now() where id = :id"),
        {"id": item.id, "outcome": outcome},
    )
    await session.refresh(item)
    await move(session, meeting)
    await note(session, "meeting.item_closed", meeting, by=by, item=str(item.id), outcome=outcome)


async def proposal_under(session: AsyncSession, item: MeetingItem) -> Proposal | None:
    """The proposal of an item or of its candidate, locked; one that a conflict sent back is still known to the meeting."""
    found = await lying_of(session, item.election_id) if item.election_id else item.proposal_id
    if found is None:
        return None
    return await session.get_one(Proposal, found, with_for_update={"key_share": True}, populate_existing=True)


async def now_item(session: AsyncSession, meeting: Meeting, item_id: UUID) -> MeetingItem:
    """The item that is on the table."""
    item = await item_of(session, meeting, item_id)
    if item.state != ItemState.NOW:
        raise no(meeting, "verkeerd_moment", N_("Dit punt wordt nu niet besproken."))
    return item


async def hold_round(session: AsyncSession, meeting: Meeting, item: MeetingItem, proposal: Proposal) -> None:
    """G28: the round on this version is held here; who was told and is not there had their chance."""
    if proposal.state in OPEN:
        given = {"proposal": proposal.id, "version": proposal.version, "meeting": meeting.id, "item": item.id}
        await session.execute(_ROUND, given)


async def _to(
    session: AsyncSession, meeting: Meeting, item: MeetingItem, step: ItemStep, proposal: Proposal | None, *, by: Actor,
    me: UUID, acting: str | None = None,
) -> None:  # fmt: skip
    await move(session, item, step=step)
    await move(session, meeting)
    if step is ItemStep.OBJECTIONS and proposal is not None:
        await hold_round(session, meeting, item, proposal)
    await line(session, meeting, "stap", step, by=me, item=item.id, acting=acting)
    await note(session, "meeting.item_moved", meeting, by=by, item=str(item.id), step=step)
