"""Each night: for every open klus, how many people can do it and have the hours. Only the number is kept."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncSession

from teams.kit.clock import day_of
from teams.klussen.hours import Hours, hours_from
from teams.klussen.matching import need_of, period_of
from teams.klussen.models import Kind

WEEKS = 26
"""How far ahead weeks are weighed at once; a klus that goes on longer is weighed by itself."""

_KLUSSEN = text(
    """
    select k.id, k.kind, k.starts, k.ends, k.hours_min, k.hours_total,
        array(select ks.skill_id from klus_skill ks where ks.klus_id = k.id) as skills
    from klus k where k.state in ('open', 'in_uitvoering') and k.accepting and k.taken < k.places
        and exists (select from klus_skill ks where ks.klus_id = k.id)
        and coalesce(least(k.apply_until, k.ends, case when k.hours_total is not null then coalesce(k.ends, k.starts) end),
            'infinity') >= :today
    """
)
_PEOPLE = text(
    """
    with wanted as (
        select ps.person_id, array_agg(ps.skill_id) as skills from person_skill ps
        where ps.level >= 2 and ps.skill_id = any(cast(:skills as uuid[])) group by 1
    ), contracts as (
        select c.person_id, jsonb_agg(jsonb_build_array(lower(c.valid), upper(c.valid), c.hours)) as x from contract c
        where upper_inf(c.recorded) group by 1
    ), absences as (
        select a.person_id, jsonb_agg(jsonb_build_array(lower(a.valid), upper(a.valid))) as x from absence a
        where upper_inf(a.recorded) and upper(a.valid) > cast(:today as date) - 8 group by 1
    ), roles as (
        select f.person_id, jsonb_agg(jsonb_build_array((lower(f.valid) at time zone 'Europe/Amsterdam')::date,
            (upper(f.valid) at time zone 'Europe/Amsterdam')::date, f.hours)) as x from role_filling f
        where upper_inf(f.recorded) and (upper_inf(f.valid) or upper(f.valid) > now()) group by 1
    ), others as (
        select c.person_id, jsonb_agg(jsonb_build_array(o.starts,
            case when o.hours_total is null then least(o.ends, c.stops_on) else o.ends end, c.hours, o.hours_total is not null)) as x
        from claim c join klus o on o.id = c.klus_id where c.seat is not null group by 1
    )
    select w.person_id, w.skills, jsonb_build_object('contracts', c.x, 'absences', coalesce(a.x, '[]'),
        'roles', coalesce(r.x, '[]'), 'others', coalesce(o.x, '[]')) as hours
    from wanted w join contracts c using (person_id) left join absences a using (person_id)
    left join roles r using (person_id) left join others o using (person_id)
    """
)
_KEEP = text(
    """
    insert into klus_reach (klus_id, people, counted_at)
    select * from unnest(cast(:klussen as uuid[]), cast(:people as int[]), array_fill(cast(:at as timestamptz), array[cardinality(cast(:klussen as uuid[]))]))
    on conflict (klus_id) do update set people = excluded.people, counted_at = excluded.counted_at
    """
)
_FORGET = text("delete from klus_reach where klus_id <> all (cast(:klussen as uuid[]))")


@dataclass(frozen=True)
class Facts:
    """What the count needs: klussen that ask a skill, and people who have one of these, with their hours."""

    klussen: list[Row[Any]]
    people: list[Row[Any]]


class _Asked(NamedTuple):
    """A klus in days, tenths of an hour a week, and the first and last of its weeks counted from this one."""

    start: int
    end: int
    need: int
    first: int
    last: int


async def reach_facts(session: AsyncSession, *, at: datetime) -> Facts:
    """Two statements. Counting takes seconds: do it when this transaction is over."""
    klussen = (await session.execute(_KLUSSEN, {"today": day_of(at)})).all()
    asked = sorted({skill for klus in klussen for skill in klus.skills})
    people = (await session.execute(_PEOPLE, {"skills": asked, "today": day_of(at)})).all()
    return Facts(list(klussen), list(people))


async def keep_reach(session: AsyncSession, counts: dict[UUID, int], *, at: datetime) -> None:
    """The new numbers for the old; two statements."""
    ids = list(counts)
    await session.execute(_KEEP, {"klussen": ids, "people": [counts[id] for id in ids], "at": at})
    await session.execute(_FORGET, {"klussen": ids})


def counted(facts: Facts, today: date) -> dict[UUID, int]:
    """For each klus the people who have one of its skills and room in every week of it; who does it already counts too.
    A vacancy asks no room."""
    monday = today.toordinal() - today.weekday()
    asked, by_skill = [], defaultdict[UUID, set[int]](set)
    for index, klus in enumerate(facts.klussen):
        start, end = period_of(klus, today)
        asked.append(_Asked(start, end, need_of(klus), (start - monday) // 7, (end - 1 - monday) // 7))
        for skill in klus.skills:
            by_skill[skill].add(index)
    counts = [0] * len(asked)
    for person in facts.people:
        room = _Room(hours_from(person.hours), today.toordinal(), monday)
        for index in set().union(*(by_skill[skill] for skill in person.skills)):
            if facts.klussen[index].kind == Kind.VACANCY or room.takes(asked[index]):
                counts[index] += 1
    return {klus.id: count for klus, count in zip(facts.klussen, counts, strict=True)}


class _Room:
    """One person's free hours in the coming weeks, weighed once for all klussen."""

    def __init__(self, hours: Hours, today: int, monday: int) -> None:
        self._hours = hours
        self._free = [hours.tightest(monday + 7 * n, monday + 7 * n + 7).free for n in range(WEEKS)]
        self._serves = hours.in_service(today, monday + 7 * WEEKS)
        self._least: dict[tuple[int, int], int] = {}

    def takes(self, klus: _Asked) -> bool:
        """Whole weeks say it almost always: a first or last week of which only some days count has as much room or more."""
        if klus.last >= WEEKS or not self._serves or klus.start >= klus.end:
            return self._weighed(klus)
        if klus.need <= self._between(klus.first, klus.last):
            return True
        if klus.last - klus.first > 1 and klus.need > self._between(klus.first + 1, klus.last - 1):
            return False
        return self._weighed(klus)

    def _between(self, first: int, last: int) -> int:
        least = self._least.get((first, last))
        if least is None:
            least = self._least[first, last] = min(self._free[first : last + 1])
        return least

    def _weighed(self, klus: _Asked) -> bool:
        hours, start, end = self._hours, klus.start, klus.end
        return start < end and hours.in_service(start, end) and klus.need <= hours.tightest(start, end).free
