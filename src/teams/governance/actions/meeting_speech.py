"""What is said in a meeting: a turn in a round, or words in a step of an item; nobody's turn comes twice (rule 27)."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from teams.governance.actions.meeting_items import now_item
from teams.governance.actions.meeting_room import enter, line, note, present, who_records
from teams.governance.meeting_forms import SpeechForm
from teams.governance.meeting_models import ItemStep, MeetingStep
from teams.governance.meeting_rules import speaking_fault
from teams.governance.meeting_seen import look
from teams.journal.models import Actor
from teams.kit.errors import Conflict, Reason
from teams.kit.text import N_

_SPOKE = text(
    "select exists (select from meeting_line where meeting_id = :meeting and item_id is not distinct from :item"
    " and step = :step and person_id = :who and kind = 'beurt')"
)


async def speak(
    session: AsyncSession, meeting_id: UUID, form: SpeechForm, *, by: Actor, at: datetime, item_id: UUID | None = None
) -> None:
    """A turn in the opening or closing round, or in a step of an item; written by oneself or by who runs the meeting."""
    meeting, room, me = await enter(session, meeting_id, by=by, at=at, item=item_id)
    who = form.persoonId or me
    acting = who_records(meeting, room, me) if who != me else None
    present(meeting, room, me, who, guest=room.guests.get(item_id) if item_id else None)
    item = await now_item(session, meeting, item_id) if item_id else None
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
