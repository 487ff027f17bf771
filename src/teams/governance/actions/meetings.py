"""A meeting is planned with notice to every member, opened, led from step to step, extended, closed."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from teams.governance.actions.meeting_items import finish, proposal_under
from teams.governance.actions.meeting_room import enter, line, move, no, note, present, same, who_records, who_runs
from teams.governance.actions.rounds import settle
from teams.governance.meeting_forms import LONGEST, ExtendForm, MeetingForm
from teams.governance.meeting_models import (
    ItemOutcome,
    ItemState,
    ItemStep,
    Meeting,
    MeetingItem,
    MeetingKind,
    MeetingState,
    MeetingStep,
)
from teams.governance.meeting_rules import in_time, step_after
from teams.governance.meeting_seen import Room, look, terms_of
from teams.governance.models import ProposalState
from teams.governance.queries import core_fillers, locked_proposal, members_at
from teams.journal.models import Actor
from teams.kit.clock import AMSTERDAM, day_of
from teams.kit.errors import Conflict, Invalid, NextStep, NotAllowed, NotFound, Reason
from teams.kit.text import N_
from teams.structure.models import CoreRole

AHEAD = timedelta(days=400)
EARLY = timedelta(minutes=30)
_MEETING = text(
    """
    insert into meeting (team_id, kind, starts_at, ends_at, place, intent, notice_days, quorum, planned_by)
    values (:team, :kind, :starts, :ends, :place, :intent, :days, :quorum, :me) returning id
    """
)
_NOTICE = text(
    "insert into meeting_notice (meeting_id, person_id, in_time) select :meeting, p, :early from unnest(cast(:people as uuid[])) p"
)
_ITEM = text(
    """
    insert into meeting_item (meeting_id, label, person_id, proposal_id)
    select :meeting, left('Voorstel ' || p.number, 120), p.proposer_id, p.id from proposal p
    where p.team_id = :team and p.state = 'overleg' and (cast(:only as uuid) is null or p.id = cast(:only as uuid))
        and not exists (select from meeting_item i where i.meeting_id = :meeting and i.proposal_id = p.id)
    order by p.number
    """
)
_COME = text(
    """
    insert into meeting_presence (meeting_id, person_id, marked_by) values (:meeting, :person, :by)
    on conflict (meeting_id, person_id) do update set left_at = null, marked_by = :by
    """
)
_GO = text("update meeting_presence set left_at = now() where meeting_id = :meeting and person_id = :person")
_NAME = text(
    "insert into meeting_surrogate (meeting_id, core, person_id, named_by) values (:meeting, :core, :person, :me)"
    " on conflict do nothing returning core"
)


async def plan_meeting(session: AsyncSession, form: MeetingForm, *, by: Actor, at: datetime) -> Meeting:
    """G15, G28: the circle secretary or facilitator (G16) plans; all members are told at once, in time or not."""
    me = by.person_id
    asked, team = await terms_of(session, form.teamId, at=at)
    members = {row.id for row in await members_at(session, form.teamId, at=at)}
    if team is None:
        raise NotFound(
            Reason("onbekend", N_("Dit team bestaat niet.")),
            then=(NextStep(N_("Bekijk de organisatie."), "/organisatie"),),
        )
    fillers = await core_fillers(session, form.teamId, at=at)
    before = Room(
        members=dict.fromkeys(members, ""), fillers=fillers, named={}, here=frozenset(), told=frozenset(), begun=False
    )
    if me is None or before.records(me) is None:
        raise NotAllowed(
            Reason("G15", N_("Een overleg plant de teamsecretaris of de begeleider, of wie hen vervangt.")),
            then=(NextStep(N_("Vraag het de teamsecretaris. Op de bladzijde van het team zie je wie dat is."), f"/teams/{form.teamId}"),),
        )  # fmt: skip
    starts = datetime.combine(form.dag, form.begin, AMSTERDAM)
    if not at < starts < at + AHEAD:
        raise Invalid({"dag": Reason("dag", N_("Kies een tijd die nog komt, binnen een jaar."))})
    if form.voorstelId is not None:
        proposal = await locked_proposal(session, form.voorstelId, by)
        if proposal.team_id != form.teamId or proposal.state != ProposalState.MEETING:
            raise Conflict(
                Reason("verkeerd_moment", N_("Dit voorstel wacht niet op een overleg van dit team.")),
                then=(NextStep(N_("Bekijk het voorstel zoals het nu is."), f"/voorstellen/{proposal.id}"),),
            )
    given = {
        "team": form.teamId, "kind": form.soort, "starts": starts, "ends": starts + timedelta(minutes=form.duur),
        "place": form.plaats or "", "intent": form.bedoeling or "", "days": asked.days, "quorum": asked.quorum, "me": me,
    }  # fmt: skip
    made: UUID = (await session.execute(_MEETING, given)).scalar_one()
    early = in_time(day_of(at), form.dag, asked.days)
    await session.execute(_NOTICE, {"meeting": made, "people": sorted(members), "early": early})
    meeting = await session.get_one(Meeting, made)
    if form.voorstelId is not None:
        await session.execute(_ITEM, {"meeting": made, "team": form.teamId, "only": form.voorstelId})
    about = (("team", form.teamId), *(("person", one) for one in sorted(members)))
    await note(session, "meeting.planned", meeting, by=by, also=about, starts=starts.isoformat(), in_time=early)
    return meeting


async def cancel_meeting(session: AsyncSession, meeting_id: UUID, *, by: Actor, at: datetime) -> Meeting:
    meeting, room, me = await enter(session, meeting_id, by=by, at=at, state=MeetingState.PLANNED)
    who_records(meeting, room, me)
    await _end(session, meeting, MeetingState.CANCELLED, at)
    about = (("team", meeting.team_id), *(("person", one) for one in sorted(room.members)))
    await note(session, "meeting.cancelled", meeting, by=by, also=about)
    return meeting


async def join_meeting(
    session: AsyncSession, meeting_id: UUID, *, by: Actor, at: datetime, person: UUID | None = None
) -> Meeting:
    """I am there; or who runs the meeting says so of another member."""
    meeting, room, me = await enter(session, meeting_id, by=by, at=at, state=None)
    if meeting.state not in (MeetingState.PLANNED, MeetingState.ON) or meeting.starts_at - EARLY > at:
        raise no(
            meeting, "verkeerd_moment", N_("Aanwezig melden kan vanaf een half uur voor het begin, tot het einde.")
        )
    who = person or me
    if who not in room.members:
        raise no(meeting, "G28", N_("In dit overleg doen de leden van het team mee."))
    if who != me:
        who_records(meeting, room, me)
    await session.execute(_COME, {"meeting": meeting.id, "person": who, "by": me})
    await note(session, "meeting.joined", meeting, by=by, also=(("person", who),), person=str(who))
    return meeting


async def leave_meeting(
    session: AsyncSession, meeting_id: UUID, *, by: Actor, at: datetime, person: UUID | None = None
) -> Meeting:
    """Who leaves had their chance (G28): the round goes on among who is there."""
    meeting, room, me = await enter(session, meeting_id, by=by, at=at, state=None)
    who = person or me
    if who != me:
        who_records(meeting, room, me)
    if who not in room.here or meeting.state not in (MeetingState.PLANNED, MeetingState.ON):
        raise no(meeting, "verkeerd_moment", N_("Deze persoon is er nu niet."))
    await session.execute(_GO, {"meeting": meeting.id, "person": who})
    await note(session, "meeting.left", meeting, by=by, also=(("person", who),), person=str(who))
    now = await _item_now(session, meeting)
    held = now is not None and (now.step == ItemStep.OBJECTIONS or now.election_id is not None)
    proposal = await proposal_under(session, now) if held and now is not None else None
    if now is not None and proposal is not None:
        await settle(session, proposal, by=by, at=at)
        if proposal.state == ProposalState.ADOPTED:
            await finish(session, meeting, now, by=by, me=me)
    return meeting


async def name_surrogate(
    session: AsyncSession, meeting_id: UUID, core: CoreRole, person: UUID, *, by: Actor, at: datetime
) -> Meeting:
    """G16: who fills the role and will not be there names who takes over; once."""
    meeting, room, me = await enter(session, meeting_id, by=by, at=at, state=MeetingState.PLANNED)
    if core not in (CoreRole.FACILITATOR, CoreRole.CIRCLE_SECRETARY) or me not in room.fillers.get(core, ()):
        raise NotAllowed(
            Reason("G16", N_("Een vervanger wijst alleen aan wie de rol zelf vervult.")), then=look(meeting.id)
        )
    if person == me or person not in room.members:
        raise Invalid({"persoon": Reason("persoon", N_("Kies een ander lid van het team."))})
    given = {"meeting": meeting.id, "core": core, "person": person, "me": me}
    if (await session.execute(_NAME, given)).one_or_none() is None:
        raise no(meeting, "verkeerd_moment", N_("Voor deze rol is al iemand aangewezen."))
    await note(
        session, "meeting.surrogate_named", meeting, by=by, also=(("person", person),), core=core, person=str(person)
    )
    return meeting


async def open_meeting(session: AsyncSession, meeting_id: UUID, *, by: Actor, at: datetime) -> Meeting:
    """G28: void unless each member was told in time or is there; no quorum unless a policy asks for one."""
    meeting, room, me = await enter(session, meeting_id, by=by, at=at, state=MeetingState.PLANNED)
    acting = who_runs(meeting, room, me)
    reasons: list[Reason] = []
    if meeting.starts_at - EARLY > at:
        reasons.append(
            Reason("verkeerd_moment", N_("Het overleg begint later. Openen kan vanaf een half uur van tevoren."))
        )
    if me not in room.here:
        reasons.append(Reason("G28", N_("Meld je eerst aanwezig: in het overleg doet mee wie er is.")))
    if room.unaware:
        names = ", ".join(sorted(room.members[one] for one in room.unaware))
        reasons.append(
            Reason("G28", N_("Niet iedereen is op tijd uitgenodigd. Dit overleg kan alleen als ook deze leden er zijn: {namen}."), {"namen": names})
        )  # fmt: skip
    if meeting.quorum and len(room.here) < meeting.quorum:
        reasons.append(
            Reason("G28", N_("Volgens de afspraak van het team zijn er {n} leden nodig."), {"n": meeting.quorum})
        )
    if reasons:
        raise Conflict(*reasons, then=look(meeting.id))
    await move(session, meeting, state=MeetingState.ON, opened_at=at)
    if meeting.is_governance and not meeting.intent:
        await session.execute(_ITEM, {"meeting": meeting.id, "team": meeting.team_id, "only": None})
    await line(session, meeting, "stap", meeting.step, by=me, acting=acting)
    await note(session, "meeting.opened", meeting, by=by, also=(("team", meeting.team_id),), acting=acting)
    return meeting


async def next_step(session: AsyncSession, meeting_id: UUID, version: int, *, by: Actor, at: datetime) -> Meeting:
    """The steps of a meeting, in order; the last one ends with closing."""
    meeting, room, me = await enter(session, meeting_id, by=by, at=at)
    acting = who_runs(meeting, room, me)
    same(meeting, version)
    present(meeting, room, me)
    after = step_after(MeetingKind(meeting.kind), MeetingStep(meeting.step))
    if after is None:
        raise no(meeting, "verkeerd_moment", N_("Dit is de laatste stap. Sluit het overleg."))
    if await _item_now(session, meeting) is not None:
        raise no(meeting, "G27", N_("Rond eerst het punt af dat nu besproken wordt."))
    await move(session, meeting, step=after)
    await line(session, meeting, "stap", after, by=me, acting=acting)
    await note(session, "meeting.moved", meeting, by=by, step=after)
    return meeting


async def extend_meeting(
    session: AsyncSession, meeting_id: UUID, form: ExtendForm, *, by: Actor, at: datetime
) -> Meeting:
    """G28: it ends at the time that was told; the secretary may extend when nobody minds."""
    meeting, room, me = await enter(session, meeting_id, by=by, at=at)
    acting = who_records(meeting, room, me)
    present(meeting, room, me)
    ends = max(meeting.ends_at, at) + timedelta(minutes=form.minuten)
    if ends > meeting.starts_at + LONGEST:
        raise Invalid({"minuten": Reason("minuten", N_("Een overleg duurt hoogstens twaalf uur."))})
    await move(session, meeting, ends_at=ends)
    await line(session, meeting, "verlengd", meeting.step, by=me, acting=acting, words=str(form.minuten))
    await note(session, "meeting.extended", meeting, by=by, minutes=form.minuten)
    return meeting


async def close_meeting(session: AsyncSession, meeting_id: UUID, *, by: Actor, at: datetime) -> Meeting:
    """Every item gets its outcome: what was not reached stays for the next meeting. Then nothing changes any more."""
    meeting, room, me = await enter(session, meeting_id, by=by, at=at)
    acting = who_records(meeting, room, me)
    now = await _item_now(session, meeting)
    if now is not None:
        await finish(session, meeting, now, by=by, me=me)
    await session.execute(
        text("update meeting_item set state = 'klaar', outcome = :outcome, ended_at = now() where meeting_id = :meeting and state = 'open'"),
        {"meeting": meeting.id, "outcome": ItemOutcome.NOT_REACHED},
    )  # fmt: skip
    await line(session, meeting, "stap", "gesloten", by=me, acting=acting)
    await _end(session, meeting, MeetingState.CLOSED, at)
    await note(session, "meeting.closed", meeting, by=by, also=(("team", meeting.team_id),), acting=acting)
    return meeting


async def _end(session: AsyncSession, meeting: Meeting, state: MeetingState, at: datetime) -> None:
    await move(session, meeting, state=state, closed_at=at)


async def _item_now(session: AsyncSession, meeting: Meeting) -> MeetingItem | None:
    found = await session.scalar(
        text("select id from meeting_item where meeting_id = :meeting and state = :now"),
        {"meeting": meeting.id, "now": ItemState.NOW},
    )
    return await session.get_one(MeetingItem, found, populate_existing=True) if found else None
