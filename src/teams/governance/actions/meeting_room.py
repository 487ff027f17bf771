"""What every act in a meeting does first and last: lock it, look who is there, move it, write down what happened."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from teams.governance.meeting_models import Meeting, MeetingItem, MeetingState
from teams.governance.meeting_seen import Room, locked_meeting, look, room_of
from teams.journal.models import Actor, Note, record
from teams.kit.errors import Conflict, NotAllowed, Reason
from teams.kit.text import N_

_LINE = text(
    """
    insert into meeting_line (meeting_id, item_id, standing_id, kind, step, person_id, role_id, written_by, acting_as, text)
    values (:meeting, :item, :standing, :kind, :step, :person, :role, :by, :acting, :text)
    """
)


async def enter(
    session: AsyncSession, meeting_id: UUID, *, by: Actor, at: datetime, state: MeetingState | None = MeetingState.ON,
    item: UUID | None = None,
) -> tuple[Meeting, Room, UUID]:  # fmt: skip
    """The meeting, locked, its room, and who acts: a member, or the guest of `item` (G28). Refused when not in `state`."""
    meeting = await locked_meeting(session, meeting_id)
    room = await room_of(session, meeting, at=at)
    reasons: list[Reason] = []
    if by.person_id not in room.members and (item is None or room.guests.get(item) != by.person_id):
        reasons.append(Reason("G28", N_("In dit overleg doen de leden van het team mee.")))
    if state is not None and meeting.state != state:
        reasons.append(Reason("verkeerd_moment", _WRONG[state]))
    if reasons or by.person_id is None:
        raise Conflict(*reasons, then=look(meeting.id))
    return meeting, room, by.person_id


def present(meeting: Meeting, room: Room, *people: UUID, guest: UUID | None = None) -> None:
    if not room.here.issuperset({*people} - {guest}):
        raise no(meeting, "G28", N_("Meld je eerst aanwezig: in het overleg doet mee wie er is."))


def who_runs(meeting: Meeting, room: Room, me: UUID) -> str:
    """G15, G16: as what this person leads the meeting, or `NotAllowed`."""
    acting = room.runs(me)
    if acting is None:
        raise NotAllowed(
            Reason("G15", N_("Dit doet de begeleider van het roloverleg, of wie die vervangt.")), then=look(meeting.id)
        )
    return acting


def who_records(meeting: Meeting, room: Room, me: UUID) -> str:
    """G15, G16: as what this person plans, extends and writes down, or `NotAllowed`."""
    acting = room.records(me)
    if acting is None:
        raise NotAllowed(
            Reason("G15", N_("Dit doet de teamsecretaris of de begeleider, of wie hen vervangt.")),
            then=look(meeting.id),
        )
    return acting


def same(meeting: Meeting, version: int) -> None:
    """Compare-and-set: who pressed a button on an older page sees the meeting first."""
    if meeting.version != version:
        raise no(meeting, "verouderd", N_("Het overleg is al verder dan je bladzijde liet zien."))


async def move(session: AsyncSession, row: Meeting | MeetingItem, **fields: Any) -> None:
    """Set these columns; a meeting gets its next version with it."""
    table = row.__tablename__
    sets = [f"{name} = :{name}" for name in fields] + (["version = version + 1"] if table == "meeting" else [])
    await session.execute(text(f"update {table} set {', '.join(sets)} where id = :id"), {**fields, "id": row.id})
    await session.refresh(row)


async def line(
    session: AsyncSession, meeting: Meeting, kind: str, step: str, *, by: UUID, person: UUID | None = None,
    item: UUID | None = None, standing: UUID | None = None, role: UUID | None = None, acting: str | None = None,
    words: str | None = None,
) -> None:  # fmt: skip
    given = {
        "meeting": meeting.id, "item": item, "standing": standing, "kind": kind, "step": step, "person": person or by,
        "role": role, "by": by, "acting": acting, "text": words or "",
    }  # fmt: skip
    await session.execute(_LINE, given)


async def note(
    session: AsyncSession,
    verb: str,
    meeting: Meeting,
    *,
    by: Actor,
    also: tuple[tuple[str, UUID], ...] = (),
    **facts: Any,
) -> None:
    """One entry of the journal; `also`: on whose pages it stands besides the meeting's."""
    about = {"meeting": str(meeting.id), "number": meeting.number, "kind": meeting.kind, **facts}
    await record(session, Note(verb, (("meeting", meeting.id), *also), about), by=by)


def no(meeting: Meeting, code: str, sentence: str, **values: Any) -> Conflict:
    return Conflict(Reason(code, sentence, values), then=look(meeting.id))


_WRONG = {
    MeetingState.ON: N_("Dit overleg is niet bezig."),
    MeetingState.PLANNED: N_("Dit overleg is al begonnen of voorbij."),
}
