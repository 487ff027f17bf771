"""Reading consent: who may answer for a lending team, what waits for somebody's answer, what a klus says of its people."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncSession

from teams.journal.models import Actor
from teams.kit.clock import day_of
from teams.klussen.hours import hours_from
from teams.klussen.lending import lending
from teams.klussen.weighing import fits

# Level 0: fillers of the core role that the policy names; 1: of another core role; 2: any member. The lowest level where
# somebody is left who is no party (the one who goes, who posted, who chose) answers.
_ABLE = """
    asked as (
        select co.*, c.person_id, c.klus_id, c.chosen_by, k.posted_by,
            coalesce(nullif(split_part(co.policy, ':', 2), ''), 'rolverdeler') as core
        from consent co join claim c on c.id = co.claim_id join klus k on k.id = c.klus_id
        where co.state = 'gevraagd' and {which}
    ), able as (
        select a.id, f.person_id as decider, case when v.core = a.core then 0 else 1 end as level, f.role_id
        from asked a
        join role_version v on v.team_id = a.team_id and v.core is not null and upper_inf(v.recorded)
            and range_contains_elem(v.valid, cast(:today as date))
        join role_filling f on f.role_id = v.role_id and upper_inf(f.recorded) and f.valid @> now()
        where f.person_id not in (a.person_id, a.posted_by) and f.person_id is distinct from a.chosen_by
        union all
        select a.id, h.person_id, 2, null from asked a
        join home_team h on h.team_id = a.team_id and upper_inf(h.recorded) and range_contains_elem(h.valid, cast(:today as date))
        where h.person_id not in (a.person_id, a.posted_by) and h.person_id is distinct from a.chosen_by
    ), least as (select id, min(level) as level from able group by id),
    decides as (select able.* from able join least using (id, level))
"""
_DECIDERS = text(
    f"with {_ABLE.format(which='co.id = :consent')} select decider, min(role_id::text)::uuid as role_id from decides group by 1"
)
MINE = text(
    f"""
    with {
        _ABLE.format(
            which='''(co.team_id in (
        select h.team_id from home_team h where h.person_id = :me and upper_inf(h.recorded) and range_contains_elem(h.valid, cast(:today as date))
        union select v.team_id from role_filling f join role_version v on v.role_id = f.role_id and upper_inf(v.recorded)
            and range_contains_elem(v.valid, cast(:today as date)) and v.core is not null
        where f.person_id = :me and upper_inf(f.recorded) and f.valid @> now()))'''
        )
    }
    select distinct a.id, a.claim_id, a.hours, a.starts, a.ends, a.due_at, a.on_expiry, a.policy, a.klus_id, k.title, k.number,
        k.hours_total is not null as once, p.name, a.person_id, t.name as team, person_hours(a.person_id, a.klus_id) as known,
        (select b.rate_cents from klus_baseline b where b.klus_id = a.klus_id) as rate
    from asked a join decides d on d.id = a.id and d.decider = :me
    join klus k on k.id = a.klus_id join person p on p.id = a.person_id
    left join team_version t on t.team_id = k.team_id and upper_inf(t.recorded) and range_contains_elem(t.valid, cast(:today as date))
    order by a.due_at, a.id
    """
)
_OF_KLUS = text(
    """
    select co.claim_id, co.state, co.due_at, t.name as team, p.name as answered_by, r.name as role, co.answered_at
    from consent co join claim c on c.id = co.claim_id
    left join team_version t on t.team_id = co.team_id and upper_inf(t.recorded) and range_contains_elem(t.valid, cast(:today as date))
    left join person p on p.id = co.answered_by
    left join role_version r on r.role_id = co.acting_role and upper_inf(r.recorded) and range_contains_elem(r.valid, cast(:today as date))
    where c.klus_id = :klus and c.ended_at is null order by co.asked_at
    """
)


@dataclass(frozen=True)
class Decider:
    """Who may answer, and the core role in which (None: as a member of the team)."""

    person_id: UUID
    role_id: UUID | None


@dataclass(frozen=True)
class Question:
    """One consent that waits. Of somebody's hours it says 'past' or 'past niet', nothing more."""

    row: Any
    fits: bool

    def __getattr__(self, name: str) -> Any:
        return getattr(self.row, name)

    @property
    def decided(self) -> bool:
        """R7: yes is a decision under a mandate."""
        row = self.row
        return lending(row.policy).decided(row.hours, row.starts, row.ends, total=row.once, rate=row.rate)

    @property
    def until(self) -> date:
        """The last day to answer."""
        return day_of(self.row.due_at - timedelta(microseconds=1))


async def deciders(session: AsyncSession, consent_id: UUID, *, at: datetime) -> dict[UUID, Decider]:
    """Who may answer this consent now; empty when it is no longer open."""
    rows = await session.execute(_DECIDERS, {"consent": consent_id, "today": day_of(at)})
    return {row.decider: Decider(row.decider, row.role_id) for row in rows}


async def consents_for(session: AsyncSession, by: Actor, *, at: datetime) -> list[Question]:
    """What waits for this person's yes or no; one query."""
    if by.person_id is None:
        return []
    rows = await session.execute(MINE, {"me": by.person_id, "today": day_of(at)})
    return [question(row, at) for row in rows]


async def consents_of(session: AsyncSession, klus_id: UUID, *, at: datetime) -> list[Row[Any]]:
    """Consents about who takes part in a klus, for who manages it: states, no reasons."""
    return list((await session.execute(_OF_KLUS, {"klus": klus_id, "today": day_of(at)})).all())


def question(row: Any, at: datetime) -> Question:
    """A row of `MINE` without the hours that it was weighed with."""
    room = fits(hours_from(row.known), row.hours, starts=row.starts, ends=row.ends, total=row.once, today=day_of(at))
    return Question(row, not room)
