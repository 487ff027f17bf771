"""An election on the table of a meeting (rules 28, 30): called, voted and shared among who is there, ended with who is chosen."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from teams.governance.actions.appointing import locked_election
from teams.governance.actions.candidates import lying_of
from teams.governance.actions.elections import call_election, share
from teams.governance.actions.meeting_items import finish, hold_round, now_item
from teams.governance.actions.meeting_room import enter, move, no, note, present, who_runs
from teams.governance.actions.rounds import settle
from teams.governance.choice_forms import ElectionForm
from teams.governance.fillers import in_service
from teams.governance.meeting_forms import CallForm, GuestForm
from teams.governance.meeting_models import ItemState, Meeting, MeetingItem, MeetingState
from teams.governance.meeting_seen import is_rep, item_of, look
from teams.governance.models import RUNNING, Election, ElectionState
from teams.governance.queries import locked_proposal
from teams.journal.models import Actor
from teams.kit.clock import day_of
from teams.kit.errors import Invalid, NotAllowed, Reason
from teams.kit.text import N_

_MISSING = text("select ballots_missing(:election)")
_GUEST = text(
    "insert into meeting_guest (item_id, meeting_id, person_id, invited_by) values (:item, :meeting, :person, :me)"
)


async def call_here(
    session: AsyncSession, meeting_id: UUID, item_id: UUID, form: CallForm, *, by: Actor, at: datetime
) -> None:
    """G30: role and term are said, no word of candidates; then everyone there votes."""
    meeting, room, me = await enter(session, meeting_id, by=by, at=at)
    present(meeting, room, me)
    item = await now_item(session, meeting, item_id)
    if item.role_id is None or item.election_id is not None:
        raise no(meeting, "verkeerd_moment", N_("Bij dit punt kan nu geen verkiezing beginnen."))
    asked = ElectionForm(rolId=item.role_id, tekst=form.tekst, tot=form.tot)
    election = await call_election(session, asked, by=by, at=at)
    await move(session, item, election_id=election.id)
    await move(session, meeting)
    await note(session, "meeting.item_moved", meeting, by=by, item=str(item.id), election=str(election.id))


async def share_here(session: AsyncSession, meeting_id: UUID, item_id: UUID, *, by: Actor, at: datetime) -> None:
    """G28, G30: all who are there have voted; who was told in time and is not there had their chance."""
    meeting, room, me = await enter(session, meeting_id, by=by, at=at)
    who_runs(meeting, room, me)
    present(meeting, room, me)
    item, election = await _on_table(session, meeting, item_id)
    if election.state != ElectionState.BALLOTS:
        raise no(meeting, "verkeerd_moment", N_("De stemmen zijn al gedeeld."))
    if await session.scalar(_MISSING, {"election": election.id}):
        raise no(meeting, "G30", N_("Nog niet iedereen die er is, heeft gestemd."))
    await share(session, election, by=by, at=at)
    await _after(session, meeting, item, by=by, me=me, at=at)


async def elect_here(
    session: AsyncSession, meeting_id: UUID, item_id: UUID, doing: Callable[[UUID], Awaitable[Any]], *, by: Actor, at: datetime
) -> None:  # fmt: skip
    """An act of the election by who is there; the same act as outside a meeting, with the same rules."""
    meeting, room, me = await enter(session, meeting_id, by=by, at=at)
    present(meeting, room, me)
    item = await now_item(session, meeting, item_id)
    if item.election_id is None:
        raise no(meeting, "verkeerd_moment", N_("Bij dit punt loopt geen verkiezing."))
    await doing(item.election_id)
    await _after(session, meeting, item, by=by, me=me, at=at)


async def invite_guest(
    session: AsyncSession, meeting_id: UUID, item_id: UUID, form: GuestForm, *, by: Actor, at: datetime
) -> None:
    """G28: the afgevaardigde invites one guest for a tension, who may speak about it and has no answer in the round."""
    meeting, room, me = await enter(session, meeting_id, by=by, at=at, state=None)
    if meeting.state not in (MeetingState.PLANNED, MeetingState.ON):
        raise no(meeting, "verkeerd_moment", N_("Dit overleg is voorbij."))
    if not await is_rep(session, meeting.team_id, me, today=day_of(at)):
        raise NotAllowed(
            Reason("G28", N_("Een gast nodigt alleen de afgevaardigde uit, van dit team of van een team eronder.")),
            then=look(meeting.id),
        )
    item = await item_of(session, meeting, item_id)
    if item.state == ItemState.DONE:
        raise no(meeting, "verkeerd_moment", N_("Dit punt is al geweest."))
    if form.persoonId in room.members or not await in_service(session, form.persoonId, at=at):
        raise Invalid({"gast": Reason("gast", N_("Kies een collega die geen lid van dit team is."))})
    given = {"item": item.id, "meeting": meeting.id, "person": form.persoonId, "me": me}
    try:
        async with session.begin_nested():
            await session.execute(_GUEST, given)
    except IntegrityError:
        raise no(meeting, "G28", N_("Bij dit punt is al een gast. Eén per punt is genoeg.")) from None
    about = (("person", form.persoonId),)
    await note(
        session, "meeting.guest_invited", meeting, by=by, also=about, item=str(item.id), person=str(form.persoonId)
    )


async def _on_table(session: AsyncSession, meeting: Meeting, item_id: UUID) -> tuple[MeetingItem, Election]:
    item = await now_item(session, meeting, item_id)
    if item.election_id is None:
        raise no(meeting, "verkeerd_moment", N_("Bij dit punt loopt geen verkiezing."))
    return item, await locked_election(session, item.election_id)


async def _after(
    session: AsyncSession, meeting: Meeting, item: MeetingItem, *, by: Actor, me: UUID, at: datetime
) -> None:
    """The candidate's round is held here, among who is there; once somebody is chosen the item has its outcome."""
    assert item.election_id is not None
    lies = await lying_of(session, item.election_id)
    if lies is not None:
        proposal = await locked_proposal(session, lies, by)
        await hold_round(session, meeting, item, proposal)
        await settle(session, proposal, by=by, at=at)
    election = await session.get_one(Election, item.election_id, populate_existing=True)
    if election.state not in RUNNING:
        await finish(session, meeting, item, by=by, me=me)
    else:
        await move(session, meeting)
        await note(session, "meeting.item_moved", meeting, by=by, item=str(item.id))
