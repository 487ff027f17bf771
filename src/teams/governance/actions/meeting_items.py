"""Items of a meeting: put on the agenda, brought in, led through the steps of rule 27, ended with what the proposal came to."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from teams.governance.actions.meeting_room import enter, line, move, no, note, present, same, who_records, who_runs
from teams.governance.actions.objections import raise_objection
from teams.governance.actions.proposals import call_meeting, submit_proposal
from teams.governance.actions.responses import respond
from teams.governance.actions.rounds import settle
from teams.governance.forms import ObjectionForm, ResponseForm
from teams.governance.meeting_forms import AnswerForm, ItemForm, SpeechForm
from teams.governance.meeting_models import ItemOutcome, ItemState, ItemStep, Meeting, MeetingItem, MeetingStep
from teams.governance.meeting_rules import item_step_after, speaking_fault
from teams.governance.meeting_seen import item_of, look
from teams.governance.models import OPEN, Proposal, ProposalState
from teams.governance.queries import locked_proposal
from teams.journal.models import Actor
from teams.kit.errors import Conflict, NotAllowed, Reason
from teams.kit.text import N_

_ITEM = text(
    """
    insert into meeting_item (meeting_id, label, person_id, election, proposal_id)
    values (:meeting, :label, :me, :election, :proposal) returning id
    """
)
_FIRST = text("select exists (select from meeting_item where meeting_id = :meeting and state = 'open' and election)")
_SPOKE = text(
    "select exists (select from meeting_line where meeting_id = :meeting and item_id is not distinct from :item"
    " and step = :step and person_id = :who and kind = 'beurt')"
)
_ROUND = text(
    """
    insert into meeting_round (proposal_id, version, meeting_id, item_id) values (:proposal, :version, :meeting, :item)
    on conflict do nothing
    """
)
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
    if form.verkiezing and not meeting.is_governance:
        raise no(meeting, "G17", N_("Een verkiezing hoort in een roloverleg."))
    label = form.label
    if form.voorstelId is not None:
        proposal = await _bring(session, meeting, form.voorstelId, by=by, at=at)
        label = label or f"Voorstel {proposal.number}"
    given = {"meeting": meeting.id, "label": label, "me": me, "election": form.verkiezing, "proposal": form.voorstelId}
    try:
        async with session.begin_nested():
            made: UUID = (await session.execute(_ITEM, given)).scalar_one()
    except IntegrityError:
        raise no(meeting, "verkeerd_moment", N_("Dit voorstel staat al op de agenda.")) from None
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
    item = await _now(session, meeting, item_id)
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
    item = await _now(session, meeting, item_id)
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
    item = await _now(session, meeting, item_id)
    if item.step != ItemStep.OBJECTIONS or item.proposal_id is None:
        raise no(meeting, "G27", N_("Antwoorden doe je in de bezwarenronde."))
    if form.bezwaar:
        objection = ObjectionForm(versie=form.versie, tekst=form.tekst or "", regelbreuk=form.regelbreuk)
        await raise_objection(session, item.proposal_id, objection, by=by, at=at)
    else:
        consent = ResponseForm(versie=form.versie, reactie="consent")
        proposal = await respond(session, item.proposal_id, consent, by=by, at=at)
        if proposal.state == ProposalState.ADOPTED:
            await finish(session, meeting, item, by=by, me=me)
    await note(session, "meeting.answered", meeting, by=by, item=str(item.id))


async def speak(
    session: AsyncSession, meeting_id: UUID, form: SpeechForm, *, by: Actor, at: datetime, item_id: UUID | None = None
) -> None:
    """A turn in the opening or closing round, or in a step of an item; written by oneself or by who runs the meeting."""
    meeting, room, me = await enter(session, meeting_id, by=by, at=at)
    who = form.persoonId or me
    acting = who_records(meeting, room, me) if who != me else None
    present(meeting, room, me, who)
    item = await _now(session, meeting, item_id) if item_id else None
    step = item.step if item and item.step else meeting.step
    spoke = await session.scalar(_SPOKE, {"meeting": meeting.id, "item": item_id, "step": step, "who": who})
    turn = step in (MeetingStep.CHECK_IN, MeetingStep.CHECK_OUT, ItemStep.REACTIONS)
    fault: Reason | None = None
    if item is not None and meeting.is_governance and not item.election:
        fault = speaking_fault(ItemStep(step), owner=who == item.person_id, spoke=bool(spoke))
    elif turn and spoke:
        fault = Reason("verkeerd_moment", N_("Deze persoon is al geweest."))
    elif item is None and not turn:
        fault = Reason("verkeerd_moment", N_("In deze stap wordt nog niets besproken."))
    if fault is None and not turn and not form.tekst:
        fault = Reason("tekst", N_("Vul in wat er gezegd is."))
    if fault is not None:
        raise Conflict(fault, then=look(meeting.id))
    kind = "beurt" if turn else "gezegd"
    await line(session, meeting, kind, step, by=me, person=who, item=item_id, acting=acting, words=form.tekst)
    await note(session, "meeting.spoken", meeting, by=by, step=step)


async def finish_item(
    session: AsyncSession, meeting_id: UUID, item_id: UUID, version: int, *, by: Actor, at: datetime
) -> None:
    """The facilitator ends the item; its outcome is what the proposal came to."""
    meeting, room, me = await enter(session, meeting_id, by=by, at=at)
    who_runs(meeting, room, me)
    same(meeting, version)
    present(meeting, room, me)
    await finish(session, meeting, await _now(session, meeting, item_id), by=by, me=me)


async def finish(session: AsyncSession, meeting: Meeting, item: MeetingItem, *, by: Actor, me: UUID) -> None:
    outcome = ItemOutcome.DISCUSSED
    if item.proposal_id is not None:
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
    """The proposal of an item, locked; one that a conflict sent back is still known to the meeting."""
    if item.proposal_id is None:
        return None
    return await session.get_one(
        Proposal, item.proposal_id, with_for_update={"key_share": True}, populate_existing=True
    )


async def _now(session: AsyncSession, meeting: Meeting, item_id: UUID) -> MeetingItem:
    item = await item_of(session, meeting, item_id)
    if item.state != ItemState.NOW:
        raise no(meeting, "verkeerd_moment", N_("Dit punt wordt nu niet besproken."))
    return item


async def _to(
    session: AsyncSession, meeting: Meeting, item: MeetingItem, step: ItemStep, proposal: Proposal | None, *, by: Actor,
    me: UUID, acting: str | None = None,
) -> None:  # fmt: skip
    await move(session, item, step=step)
    await move(session, meeting)
    if step is ItemStep.OBJECTIONS and proposal is not None and proposal.state in OPEN:
        given = {"proposal": proposal.id, "version": proposal.version, "meeting": meeting.id, "item": item.id}
        await session.execute(_ROUND, given)
    await line(session, meeting, "stap", step, by=me, item=item.id, acting=acting)
    await note(session, "meeting.item_moved", meeting, by=by, item=str(item.id), step=step)
