"""Reading for matching: what one person has and wishes, what fits, and, for who posts, numbers and who asked to be found."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncSession

from teams.kit.clock import day_of
from teams.klussen.hours import Hours, hours_from
from teams.klussen.matching import Level, Rule, Wishes, rules_of, wishes_from

SMALL = 5
"""Below this a number of people is not shown: it would say who they are."""

_PERSON = text(
    """
    select person_hours(:me) as hours,
        (select coalesce(jsonb_object_agg(s.name, ps.level), '{}') from person_skill ps join skill s on s.id = ps.skill_id
            where ps.person_id = :me) as skills,
        (select to_jsonb(w) from person_wish w where w.person_id = :me) as wishes
    """
)
# Only klussen that ask for something this person has: the index on skills finds them.
_OPEN = text(
    """
    select k.id, k.number, k.title, k.kind, k.team_id, k.starts, k.ends, k.hours_min, k.hours_max, k.hours_total,
        array(select s.name from klus_skill ks join skill s on s.id = ks.skill_id where ks.klus_id = k.id order by s.name) as skills
    from klus k
    where k.state in ('open', 'in_uitvoering') and k.accepting and k.taken < k.places
        and coalesce(least(k.apply_until, k.ends, case when k.hours_total is not null then coalesce(k.ends, k.starts) end),
            'infinity') >= :today
        and k.id in (select ks.klus_id from person_skill ps join klus_skill ks on ks.skill_id = ps.skill_id
            where ps.person_id = :me)
        and not exists (select from claim c where c.klus_id = k.id and c.person_id = :me and c.ended_at is null)
    """
)
_REACH = text("select people, counted_at from klus_reach where klus_id = :klus")
_INVITABLE = text(
    """
    select p.id, p.name, t.name as team, array_agg(s.name order by s.name) as skills
    from klus_skill ks join person_skill ps on ps.skill_id = ks.skill_id and ps.level >= 2
    join person_wish w on w.person_id = ps.person_id and w.open
    join person p on p.id = ps.person_id join skill s on s.id = ps.skill_id
    left join home_team h on h.person_id = p.id and upper_inf(h.recorded) and range_contains_elem(h.valid, cast(:today as date))
    left join team_version t on t.team_id = h.team_id and upper_inf(t.recorded) and range_contains_elem(t.valid, cast(:today as date))
    where ks.klus_id = :klus and exists (select from contract c where c.person_id = p.id and upper_inf(c.recorded)
            and range_contains_elem(c.valid, cast(:today as date)) and c.hours > 0)
        and not exists (select from claim c where c.klus_id = ks.klus_id and c.person_id = p.id and c.ended_at is null)
    group by p.id, p.name, t.name order by p.name, p.id limit 50
    """
)
_SPREAD = text(
    """
    select t.team_id as id, t.name, count(distinct h.person_id)::int as people,
        count(c.id) filter (where c.state in ('bevestigd','lopend','afgerond'))::int as places
    from team_version t
    join home_team h on h.team_id = t.team_id and upper_inf(h.recorded) and range_contains_elem(h.valid, cast(:today as date))
    left join claim c on c.person_id = h.person_id and c.at > now() - interval '1 year'
        and exists (select from klus k where k.id = c.klus_id and k.team_id <> h.team_id)
    where upper_inf(t.recorded) and range_contains_elem(t.valid, cast(:today as date))
    group by t.team_id, t.name order by t.name
    """
)


@dataclass(frozen=True)
class Having:
    """What matching knows of one person; shown to nobody else."""

    skills: dict[str, int]
    wishes: Wishes
    hours: Hours


@dataclass(frozen=True)
class Match:
    """A klus that fits, with every rule that was looked at."""

    klus: Row[Any]
    rules: list[Rule]


async def having_of(session: AsyncSession, person_id: UUID | None) -> Having:
    row = (await session.execute(_PERSON, {"me": person_id})).one()
    return Having(row.skills, wishes_from(row.wishes), hours_from(row.hours))


async def matches_for(session: AsyncSession, person_id: UUID, *, at: datetime) -> list[Match]:
    """Every open klus that fits this person, in the order that the page says. Two queries, whatever the number of klussen."""
    having, today = await having_of(session, person_id), day_of(at)
    if not having.hours.contracts:
        return []
    rows = (await session.execute(_OPEN, {"me": person_id, "today": today})).all()
    found = []
    for row in rows:
        rules = rules_of(row, having.skills, having.wishes, having.hours, today)
        if all(rule.holds or rule.code == "mist" for rule in rules):
            found.append((_order(row, having.skills), Match(row, rules)))
    return [match for _, match in sorted(found, key=lambda pair: pair[0])]


def _order(klus: Row[Any], mine: dict[str, int]) -> tuple[int, int, date, int]:
    """Most skills first, then most to learn, then what begins first: the page says so."""
    levels = [mine.get(name, 0) for name in klus.skills]
    return (
        -sum(level >= Level.CAN for level in levels), -levels.count(Level.LEARNS), klus.starts, klus.number,
    )  # fmt: skip


@dataclass(frozen=True)
class Reach:
    """How many people can do a klus and have the hours. `people` None: not counted yet, or so few that it says who."""

    counted: bool
    people: int | None


async def reach_of(session: AsyncSession, klus_id: UUID) -> Reach:
    row = (await session.execute(_REACH, {"klus": klus_id})).one_or_none()
    if row is None:
        return Reach(False, None)
    return Reach(True, row.people if row.people >= SMALL else None)


async def invitable(session: AsyncSession, klus_id: UUID, *, at: datetime) -> list[Row[Any]]:
    """By name: who said to be open for invitations and can do something that is asked. Hours play no part."""
    return list((await session.execute(_INVITABLE, {"klus": klus_id, "today": day_of(at)})).all())


async def spread(session: AsyncSession, *, at: datetime) -> list[Row[Any]]:
    """R20: places that each team's people took with other teams in a year: id, name, people, places; no person is named."""
    return list((await session.execute(_SPREAD, {"today": day_of(at)})).all())
