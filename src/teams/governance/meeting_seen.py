"""Meetings as they are read: one with its agenda and everything said, lists, and the facts that its rules need."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncSession

from teams.governance.meeting_models import Meeting, MeetingItem, MeetingState
from teams.governance.meeting_rules import MeetingTerms, acting_as, terms
from teams.governance.queries import core_fillers, members_at
from teams.kit.clock import day_of
from teams.kit.errors import NextStep, NotFound, Reason
from teams.kit.text import N_
from teams.structure.models import CoreRole

STILL_ON = timedelta(hours=12)
"""How long after its end a meeting that nobody closed still counts as coming."""
# A mark differs when something happened to a meeting, or to a proposal or a role to elect on its agenda: their newest entries in the journal.
MARKS = """
    select t.id, md5(array(select e.entry from (
        select cast('meeting' as text) as kind, t.id
        union all select 'proposal', i.proposal_id from meeting_item i where i.meeting_id = t.id and i.proposal_id is not null
        union all select 'role', i.role_id from meeting_item i where i.meeting_id = t.id and i.role_id is not null
    ) w cross join lateral (select s.entry from journal_subject s where s.kind = w.kind and s.id = w.id
        order by s.entry desc limit 20) e order by e.entry)::text) as mark
    from unnest($1::uuid[]) t(id)
"""
_MARK = text(MARKS.replace("$1::uuid[]", "cast(:ids as uuid[])").replace("::text", "\\:\\:text"))
_TEAM = "(select v.name from team_version v where v.team_id = {0} and upper_inf(v.recorded) order by range_contains_elem(v.valid, cast(:today as date)) desc, lower(v.valid) desc limit 1)"
_ROLE = "(select v.name from role_version v where v.role_id = {0} and upper_inf(v.recorded) order by range_contains_elem(v.valid, cast(:today as date)) desc, lower(v.valid) desc limit 1)"
_ONE = text(
    f"""
    select m.*, {_TEAM.format("m.team_id")} as team, w.name as planner,
        (select coalesce(jsonb_agg(jsonb_build_object('id', n.person_id, 'name', q.name, 'in_time', n.in_time,
            'here', exists (select from meeting_presence p where p.meeting_id = m.id and p.person_id = n.person_id),
            'left', exists (select from meeting_presence p where p.meeting_id = m.id and p.person_id = n.person_id
                and p.left_at is not null)) order by q.name, q.id), '[]')
            from (select n.person_id, n.in_time from meeting_notice n where n.meeting_id = m.id
                union select p.person_id, false from meeting_presence p where p.meeting_id = m.id and not exists
                    (select from meeting_notice x where x.meeting_id = m.id and x.person_id = p.person_id)) n
            join person q on q.id = n.person_id) as people,
        (select coalesce(jsonb_agg(jsonb_build_object('core', s.core, 'id', s.person_id, 'name', q.name) order by s.core), '[]')
            from meeting_surrogate s join person q on q.id = s.person_id where s.meeting_id = m.id) as surrogates,
        (select coalesce(jsonb_agg(jsonb_build_object('id', i.id, 'label', i.label, 'owner', i.person_id, 'name', q.name,
            'election', i.election, 'role', i.role_id, 'chosen', i.election_id, 'guest', g.person_id, 'guest_name', gp.name,
            'proposal', i.proposal_id, 'state', i.state, 'step', i.step, 'outcome', i.outcome,
            'number', p.number, 'version', p.version, 'stand', p.state, 'proposer', p.proposer_id,
            'started', i.started_at, 'ended', i.ended_at)
            order by i.started_at nulls last, not i.election, i.id), '[]')
            from meeting_item i join person q on q.id = i.person_id left join proposal p on p.id = i.proposal_id
            left join meeting_guest g on g.item_id = i.id left join person gp on gp.id = g.person_id
            where i.meeting_id = m.id) as items,
        (select coalesce(jsonb_agg(jsonb_build_object('item', l.item_id, 'standing', l.standing_id, 'kind', l.kind,
            'step', l.step, 'person', l.person_id, 'name', q.name, 'by', l.written_by, 'acting', l.acting_as, 'text', l.text,
            'role', {_ROLE.format("l.role_id")}, 'at', l.at) order by l.id), '[]')
            from meeting_line l join person q on q.id = l.person_id where l.meeting_id = m.id) as lines,
        (select coalesce(jsonb_agg(jsonb_build_object('id', s.id, 'kind', s.kind, 'label', s.label, 'role_id', s.role_id,
            'role', {_ROLE.format("s.role_id")}) order by s.at, s.id), '[]')
            from standing_item s where s.team_id = m.team_id and m.kind = 'werkoverleg'
            and s.at <= coalesce(m.closed_at, now()) and (s.ended_at is null or s.ended_at > m.closed_at)) as standing
    from meeting m left join person w on w.id = m.planned_by where m.id = :meeting
    """
)
LIST = text(
    f"""
    select m.id, m.number, m.team_id, {_TEAM.format("m.team_id")} as team, m.kind, m.state, m.starts_at, m.ends_at, m.place,
        m.intent, (select count(*) from meeting_item i where i.meeting_id = m.id)::int as items
    from meeting m
    where (cast(:team as uuid) is null or m.team_id = cast(:team as uuid))
        and (cast(:me as uuid) is null or exists (select from meeting_notice n where n.meeting_id = m.id and n.person_id = :me))
        and (not :ahead or (m.state in ('gepland','bezig') and m.ends_at > cast(:since as timestamptz)))
        and (cast(:below as int) is null or m.number < cast(:below as int))
    order by case when :ahead then m.starts_at end, m.number desc limit :limit
    """
)
_SIDE = text(
    f"""
    select array(select jsonb_build_array(v.kind, u.distance) from (
        with recursive up(team_id, distance) as (
            select cast(:team as uuid), 0
            union all select t.parent_id, up.distance + 1 from up join team_version t on t.team_id = up.team_id
                and upper_inf(t.recorded) and range_contains_elem(t.valid, cast(:today as date)) where t.parent_id is not null and up.distance < 20)
        select * from up) u join policy y on y.team_id = u.team_id
        join policy_version v on v.policy_id = y.id and upper_inf(v.recorded) and range_contains_elem(v.valid, cast(:today as date))
        where v.kind like 'overleg:%') as policies,
        {_TEAM.format("cast(:team as uuid)")} as team
    """
)
_ROOM = text(
    """
    select array(select p.person_id from meeting_presence p where p.meeting_id = :meeting and p.left_at is null) as here,
        (select coalesce(jsonb_object_agg(s.core, s.person_id), '{}') from meeting_surrogate s where s.meeting_id = :meeting) as named,
        array(select n.person_id from meeting_notice n where n.meeting_id = :meeting and n.in_time) as told,
        (select coalesce(jsonb_object_agg(g.item_id, g.person_id), '{}') from meeting_guest g where g.meeting_id = :meeting) as guests
    """
)
_REP_OF = """
    exists (select from role_version v join role_filling f on f.role_id = v.role_id and upper_inf(f.recorded)
        and f.valid @> now() and f.person_id = :me
        where v.core = 'afgevaardigde' and upper_inf(v.recorded) and range_contains_elem(v.valid, cast(:today as date))
            and (v.team_id = :team or v.team_id in (select t.team_id from team_version t where t.parent_id = :team
                and upper_inf(t.recorded) and range_contains_elem(t.valid, cast(:today as date)))))
"""
_REP = text(f"select {_REP_OF}")
_AGENDA = text(
    f"""
    select {_REP_OF} as invites, (select coalesce(jsonb_agg(jsonb_build_array(v.role_id, v.name) order by v.name), '[]')
        from role_version v where v.team_id = :team and v.core in ('begeleider','teamsecretaris','afgevaardigde')
        and upper_inf(v.recorded) and range_contains_elem(v.valid, cast(:today as date))
        and not exists (select from meeting_item i where i.meeting_id = :meeting and i.role_id = v.role_id)) as electable
    """
)
_WAITING = text(
    """
    select p.id, p.number, p.proposer_id, p.state from proposal p where p.team_id = :team
        and (p.state = 'overleg' or (p.state = 'concept' and p.proposer_id = :me))
        and not exists (select from meeting_item i where i.meeting_id = :meeting and i.proposal_id = p.id)
    order by p.number
    """
)
TO_PLAN = text(
    f"""
    select p.id, p.number, p.team_id, {_TEAM.format("p.team_id")} as team, (select m.id from meeting m where m.team_id = p.team_id
        and m.kind = 'roloverleg' and m.state in ('gepland','bezig') order by m.starts_at limit 1) as meeting
    from proposal p where p.state = 'overleg' and (cast(:proposal as uuid) is null or p.id = cast(:proposal as uuid))
        and (cast(:proposal as uuid) is not null or exists (select from role_filling f join role_version v on v.role_id = f.role_id
            and upper_inf(v.recorded) and range_contains_elem(v.valid, cast(:today as date)) and v.core in ('begeleider','teamsecretaris')
            where f.person_id = :me and upper_inf(f.recorded) and f.valid @> now() and v.team_id = p.team_id))
    order by p.number limit 20
    """
)


_NAMES = text("select id, name from person where id = any(cast(:people as uuid[]))")


@dataclass(frozen=True)
class Room:
    """Who belongs in a meeting and who is there; `guests`: by item; `outside`: guides it and is no member (G34).

    `begun`: it is on, or should be; then only who is present runs it (G16).
    """

    members: dict[UUID, str]
    fillers: dict[str, set[UUID]]
    named: dict[str, UUID]
    here: frozenset[UUID]
    told: frozenset[UUID]
    begun: bool
    guests: dict[UUID, UUID] = field(default_factory=dict)
    outside: frozenset[UUID] = frozenset()

    def able(self, core: CoreRole) -> tuple[str, frozenset[UUID]]:
        return acting_as(core, self.fillers, self.named, set(self.members), self.here if self.begun else None)

    def runs(self, who: UUID | None) -> str | None:
        """As what this person runs the meeting today; None: not."""
        acting, people = self.able(CoreRole.FACILITATOR)
        return acting if who in people else None

    def records(self, who: UUID | None) -> str | None:
        """As what this person plans, writes and extends; who runs it may write too."""
        acting, people = self.able(CoreRole.CIRCLE_SECRETARY)
        return acting if who in people else self.runs(who)

    @property
    def unaware(self) -> frozenset[UUID]:
        """G28: members who were not told in time and are not there."""
        return frozenset(self.members) - self.told - self.here - self.outside


async def room_of(session: AsyncSession, meeting: Any, *, at: datetime) -> Room:
    """The room of a meeting (its row, or anything with id, team_id, state, starts_at)."""
    members = {row.id: row.name for row in await members_at(session, meeting.team_id, at=at)}
    fillers = await core_fillers(session, meeting.team_id, at=at)
    outside = frozenset(fillers.get(CoreRole.FACILITATOR.value, set()) - set(members))
    if outside:
        members |= {row.id: row.name for row in await session.execute(_NAMES, {"people": list(outside)})}
    row = (await session.execute(_ROOM, {"meeting": meeting.id})).one()
    named = {core: UUID(person) for core, person in row.named.items()}
    begun = meeting.state == MeetingState.ON or meeting.starts_at <= at
    guests = {UUID(item): UUID(person) for item, person in row.guests.items()}
    return Room(members, fillers, named, frozenset(row.here), frozenset(row.told), begun, guests, outside)


async def terms_of(session: AsyncSession, team_id: UUID, *, at: datetime) -> tuple[MeetingTerms, str | None]:
    """G28: what the team's policy asks of a meeting today, and the team's name; None: there is no such team."""
    row = (await session.execute(_SIDE, {"team": team_id, "today": day_of(at)})).one()
    return terms((kind, distance) for kind, distance in row.policies), row.team


async def locked_meeting(session: AsyncSession, meeting_id: UUID) -> Meeting:
    meeting = await session.get(Meeting, meeting_id, with_for_update={"key_share": True}, populate_existing=True)
    if meeting is None:
        raise no_meeting()
    return meeting


async def item_of(session: AsyncSession, meeting: Meeting, item_id: UUID) -> MeetingItem:
    """An item of this meeting; the meeting's lock guards it."""
    item = await session.get(MeetingItem, item_id, populate_existing=True)
    if item is None or item.meeting_id != meeting.id:
        raise NotFound(Reason("onbekend", N_("Dit punt staat niet op de agenda.")), then=look(meeting.id))
    return item


async def meeting_for(session: AsyncSession, meeting_id: UUID, *, at: datetime) -> Row[Any]:
    """One meeting with its people, items, lines and standing items; every employee may read it."""
    row = (await session.execute(_ONE, {"meeting": meeting_id, "today": day_of(at)})).one_or_none()
    if row is None:
        raise no_meeting()
    return row


async def mark_of(session: AsyncSession, meeting_id: UUID) -> str:
    """Read it before the meeting: then nothing that happens meanwhile is missed."""
    return str((await session.execute(_MARK, {"ids": [meeting_id]})).one().mark)


async def list_meetings(
    session: AsyncSession, *, at: datetime, team: UUID | None = None, person: UUID | None = None, ahead: bool = False,
    below: int | None = None, limit: int = 25,
) -> list[Row[Any]]:  # fmt: skip
    """`ahead`: what is coming or on, soonest first; else newest first. `person`: of whom was told."""
    given = {
        "team": team, "me": person, "ahead": ahead, "since": at - STILL_ON, "below": below, "limit": limit,
        "today": day_of(at),
    }  # fmt: skip
    return list((await session.execute(LIST, given)).all())


async def bringable(session: AsyncSession, meeting: Any, person_id: UUID | None) -> list[Row[Any]]:
    """Proposals that this person may put on the agenda: id, number, proposer_id, state."""
    given = {"team": meeting.team_id, "me": person_id, "meeting": meeting.id}
    return list((await session.execute(_WAITING, given)).all())


async def for_agenda(
    session: AsyncSession, meeting: Any, person_id: UUID | None, *, today: date
) -> tuple[bool, list[tuple[str, str]]]:
    """Whether this person may invite a guest, and the core roles to elect for that are not on the agenda yet: id, name."""
    given = {"team": meeting.team_id, "meeting": meeting.id, "me": person_id, "today": today}
    row = (await session.execute(_AGENDA, given)).one()
    return row.invites, [(id, name) for id, name in row.electable]


async def is_rep(session: AsyncSession, team_id: UUID, person_id: UUID | None, *, today: date) -> bool:
    """G28: who may invite a guest: the afgevaardigde of the team, or of a team right below."""
    return bool(await session.scalar(_REP, {"me": person_id, "team": team_id, "today": today}))


async def proposals_to_meet(
    session: AsyncSession, *, today: date, person: UUID | None = None, proposal: UUID | None = None
) -> list[Row[Any]]:
    """G23: proposals that wait for a meeting: id, number, team_id, team, meeting (planned, or None); `person`: who can plan it."""
    given = {"me": person, "proposal": proposal, "today": today}
    return list((await session.execute(TO_PLAN, given)).all())


def no_meeting() -> NotFound:
    return NotFound(
        Reason("onbekend", N_("Dit overleg bestaat niet.")),
        then=(NextStep(N_("Bekijk de overleggen."), "/overleggen"),),
    )


def look(meeting_id: UUID) -> tuple[NextStep, ...]:
    return (NextStep(N_("Bekijk het overleg zoals het nu is."), f"/overleggen/{meeting_id}"),)
