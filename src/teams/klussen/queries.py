"""Reading klussen: what a person may see starts here; the only door to one klus."""

import json
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncSession

from teams.journal.models import Actor
from teams.kit.clock import day_of
from teams.kit.errors import NextStep, NotFound, Reason
from teams.kit.text import N_
from teams.klussen.hours import Hours, hours_from
from teams.klussen.matching import Wishes, wishes_from
from teams.klussen.models import Klus, KlusState
from teams.structure.named import MANY

COLUMNS = """
    k.id, k.number, k.version, k.terms, k.title, k.description, k.kind, k.way, k.state, k.team_id, k.role_id, k.organ_id,
    k.posted_by, k.places, k.taken, k.hours_min, k.hours_max, k.hours_total, k.starts, k.ends, k.apply_until, k.accepting,
    k.origin, k.origin_reference, k.powers, k.published_at,
    (select v.name from team_version v where v.team_id = k.team_id and upper_inf(v.recorded)
        and range_contains_elem(v.valid, cast(:today as date))) as team,
    array(select s.name from klus_skill ks join skill s on s.id = ks.skill_id where ks.klus_id = k.id
        order by s.name) as skills
"""

MANAGES = """(exists (
    select from role_filling f join role_version v on v.role_id = f.role_id and upper_inf(v.recorded)
        and range_contains_elem(v.valid, cast(:today as date))
    where f.person_id = :me and upper_inf(f.recorded) and f.valid @> now()
        and (f.role_id = k.role_id or (v.core is not null and v.team_id = k.team_id))
    ) or exists (select from organ_member m where m.person_id = :me and m.organ_id = k.organ_id
        and upper_inf(m.recorded) and range_contains_elem(m.valid, cast(:today as date))))"""
"""Who may manage a klus, beside the secretary: a filler of its role, of a core role of its team, a member of its organ."""

CO_OWNS = """exists (select from klus_owner o where o.klus_id = k.id and o.person_id = :me and o.ended_at is null)"""
"""Who was asked to help manage it: everything but cancelling it and asking others."""

_ONE = text(
    f"""
    select {COLUMNS},
        (:secretary or {MANAGES}) as full, {CO_OWNS} as helps,
        (select v.name from role_version v where v.role_id = k.role_id and upper_inf(v.recorded)
            and range_contains_elem(v.valid, cast(:today as date))) as role,
        (select p.name from person p where p.id = k.posted_by) as poster,
        array(select s.name from klus_skill ks join person_skill ps on ps.skill_id = ks.skill_id and ps.person_id = :me
            and ps.level >= 2 join skill s on s.id = ks.skill_id where ks.klus_id = k.id) as my_skills,
        (select coalesce(jsonb_object_agg(s.name, ps.level), '{{}}') from klus_skill ks join person_skill ps
            on ps.skill_id = ks.skill_id and ps.person_id = :me join skill s on s.id = ks.skill_id
            where ks.klus_id = k.id) as my_levels,
        (select to_jsonb(w) from person_wish w where w.person_id = :me) as my_wishes,
        (select jsonb_build_object('id', c.id, 'state', c.state, 'seat', c.seat, 'hours', c.hours, 'terms', c.terms,
                'due', c.due_at, 'stops', c.stops_on, 'lot', c.lot, 'skipped', c.skipped, 'place', (select count(*) from claim w
                    where w.klus_id = k.id and w.state = 'wachtlijst' and (w.lined_at, w.id) <= (c.lined_at, c.id)))
            from claim c where c.klus_id = k.id and c.person_id = :me and c.ended_at is null) as mine,
        case when :beside then person_hours(:me) end as my_hours,
        case when :beside then (
            select jsonb_agg(jsonb_build_array(c.id, c.person_id, c.seat, c.state, p.name, t.name, c.stops_on)
                order by c.seat nulls last, c.at)
            from claim c left join person p on p.id = c.person_id
            left join team_claim tc on tc.id = c.team_claim_id and c.person_id is null
            left join home_team h on h.person_id = p.id and upper_inf(h.recorded) and range_contains_elem(h.valid, cast(:today as date))
            left join team_version t on t.team_id = coalesce(tc.team_id, h.team_id) and upper_inf(t.recorded)
                and range_contains_elem(t.valid, cast(:today as date))
            where c.klus_id = k.id and (c.seat is not null or c.state = 'afgerond')) end as places_held
    from klus k where k.id = :klus
    """
)

_HOURS = text("select person_hours(:person)")


class Place(NamedTuple):
    """Who holds a place (`seat`), or has finished with it; without a person: a team that has yet to name one (R16)."""

    id: str
    person_id: str | None
    seat: int | None
    state: str
    name: str | None
    team: str | None
    stops: date | None = None


@dataclass(frozen=True)
class KlusSeen:
    """One klus as this person sees it."""

    row: Row[Any]
    may_manage: bool
    today: date

    def __getattr__(self, name: str) -> Any:
        return getattr(self.row, name)

    @property
    def free(self) -> int:
        return int(self.row.places - self.row.taken)

    @property
    def hours(self) -> Hours | None:
        """The reader's own hours, when what stands beside the klus was asked for."""
        return None if self.row.my_hours is None else hours_from(self.row.my_hours)

    @property
    def people(self) -> list[Place]:
        """Likewise: in order of seat, then those who have finished."""
        return [
            Place(id, person, seat, state, name, team, date.fromisoformat(stops) if stops else None)
            for id, person, seat, state, name, team, stops in self.row.places_held or ()
        ]

    @property
    def stops(self) -> date | None:
        """The reader's own last day, when one was announced."""
        return date.fromisoformat(self.row.mine["stops"]) if self.row.mine and self.row.mine["stops"] else None


async def klus_for(session: AsyncSession, klus_id: UUID, by: Actor, *, at: datetime, beside: bool = False) -> KlusSeen:
    """The klus, or `NotFound`. A draft exists only for those who may manage it. `beside`: with people and hours."""
    today = day_of(at)
    given = {
        "klus": klus_id,
        "me": by.person_id,
        "today": today,
        "secretary": by.has("secretaris"),
        "beside": beside,
    }
    row = (await session.execute(_ONE, given)).one_or_none()
    if row is None or (row.state in (KlusState.DRAFT, KlusState.REVIEWED) and not (row.full or row.helps)):
        raise no_klus()
    return KlusSeen(row, bool(row.full or row.helps), today)


def no_klus() -> NotFound:
    return NotFound(
        Reason("onbekend", N_("Deze klus bestaat niet.")), then=(NextStep(N_("Zoek in de klussen."), "/klussen"),)
    )


async def locked_klus(session: AsyncSession, klus_id: UUID) -> Klus:
    """The klus as an entity, its row locked. Call `klus_for` first: this asks nothing."""
    klus = await session.get(Klus, klus_id, with_for_update={"key_share": True}, populate_existing=True)
    if klus is None:
        raise no_klus()
    return klus


async def hours_of(session: AsyncSession, person_id: UUID) -> Hours:
    """Everything known of this person's hours. Show it to nobody but the person."""
    return hours_from((await session.execute(_HOURS, {"person": person_id})).scalar_one())


_POSTING = text(
    """
    select f.role_id, v.name as role, v.core is not null as core, v.team_id, t.name as team
    from role_filling f
    join role_version v on v.role_id = f.role_id and upper_inf(v.recorded) and range_contains_elem(v.valid, cast(:today as date))
    join team_version t on t.team_id = v.team_id and upper_inf(t.recorded) and range_contains_elem(t.valid, cast(:today as date))
    left join home_team h on h.person_id = f.person_id and upper_inf(h.recorded) and range_contains_elem(h.valid, cast(:today as date))
    where f.person_id = :me and upper_inf(f.recorded) and f.valid @> now()
    order by (v.team_id = h.team_id) desc nulls last, v.core is not null, v.name, f.role_id
    """
)


async def posting_roles(session: AsyncSession, by: Actor, *, at: datetime) -> list[Row[Any]]:
    """The roles from which this person may post: own roles, those of the home team first, core roles last."""
    if by.person_id is None:
        return []
    return list((await session.execute(_POSTING, {"me": by.person_id, "today": day_of(at)})).all())


@dataclass(frozen=True)
class Side:
    """What stands beside the list: my hours, the teams (id, name; None: too many to list), the skills to choose from, mine with their level, my wishes."""

    hours: Hours
    teams: tuple[tuple[str, str], ...] | None
    skills: tuple[str, ...]
    mine: dict[str, int]
    wishes: Wishes


_SIDE = text(
    f"""
    select person_hours(:me)::text as hours,
        case when not {MANY} then (select coalesce(jsonb_agg(jsonb_build_array(t.team_id, t.name) order by t.name), '[]')::text
            from team_version t where upper_inf(t.recorded) and range_contains_elem(t.valid, cast(:today as date))) end as teams,
        (select coalesce(jsonb_agg(s.name order by s.name), '[]')::text from skill s) as skills,
        (select coalesce(jsonb_object_agg(s.name, p.level), '{{}}') from person_skill p join skill s on s.id = p.skill_id
            where p.person_id = :me) as mine,
        (select to_jsonb(w) from person_wish w where w.person_id = :me) as wishes
    """
)


async def list_side(session: AsyncSession, person_id: UUID | None, *, at: datetime) -> Side:
    """One query for everything beside the list."""
    row = (await session.execute(_SIDE, {"me": person_id, "today": day_of(at)})).one()
    return Side(_hours(row.hours), _teams(row.teams), _skills(row.skills), row.mine, wishes_from(row.wishes))


# These change seldom: the same text gives the same objects again, with the weeks that they have worked out.
@lru_cache(maxsize=200)
def _hours(facts: str) -> Hours:
    return hours_from(json.loads(facts))


@lru_cache(maxsize=4)
def _teams(facts: str | None) -> tuple[tuple[str, str], ...] | None:
    if facts is None:
        return None
    return tuple((team_id, name) for team_id, name in json.loads(facts))


@lru_cache(maxsize=4)
def _skills(facts: str) -> tuple[str, ...]:
    return tuple(json.loads(facts))


_ORGAN = text(
    "select organ_id from organ_member where person_id = :me and upper_inf(recorded) and range_contains_elem(valid, cast(:today as date))"
    " order by organ_id limit 1"
)


async def organ_of(session: AsyncSession, by: Actor, *, at: datetime) -> UUID | None:
    """The organ for which an officeholder posts; None for everyone else."""
    organ: UUID | None = await session.scalar(_ORGAN, {"me": by.person_id, "today": day_of(at)})
    return organ
