"""Each night: for every open klus, how many people can do it and have the hours. Only the number is kept."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncSession

from teams.kit.clock import day_of
from teams.klussen.hours import Hours, hours_from
from teams.klussen.matching import need_of, period_of

_KLUSSEN = text(
    """
    select k.id, k.starts, k.ends, k.hours_min, k.hours_total,
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
        select c.person_id, jsonb_agg(jsonb_build_array(o.starts, o.ends, c.hours, o.hours_total is not null)) as x
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


async def count_reach(session: AsyncSession, *, at: datetime) -> int:
    """Count anew for every open klus that asks a skill; who does it already counts too. Four statements. Returns the klussen."""
    today = day_of(at)
    klussen = (await session.execute(_KLUSSEN, {"today": today})).all()
    asked = sorted({skill for klus in klussen for skill in klus.skills})
    people = (await session.execute(_PEOPLE, {"skills": asked, "today": today})).all()
    counts = counted(klussen, people, today)
    ids = [klus.id for klus in klussen]
    await session.execute(_KEEP, {"klussen": ids, "people": [counts[id] for id in ids], "at": at})
    await session.execute(_FORGET, {"klussen": ids})
    return len(ids)


def counted(klussen: Iterable[Row[Any]], people: Iterable[Row[Any]], today: date) -> dict[UUID, int]:
    """For each klus the people who have one of its skills and room in every week of it."""
    by_skill: dict[UUID, list[tuple[UUID, int, int, int]]] = defaultdict(list)
    for klus in klussen:
        for skill in klus.skills:
            by_skill[skill].append((klus.id, *period_of(klus, today), need_of(klus)))
    counts: dict[UUID, int] = defaultdict(int)
    for person in people:
        wanted = {klus for skill in person.skills for klus in by_skill[skill]}
        for fits in _with_room(hours_from(person.hours), wanted):
            counts[fits] += 1
    return counts


def _with_room(hours: Hours, klussen: Iterable[tuple[UUID, int, int, int]]) -> Iterable[UUID]:
    """Weeks are weighed once for each period, however many klussen have it."""
    rooms: dict[tuple[int, int], int] = {}
    for klus, start, end, need in klussen:
        room = rooms.get((start, end))
        if room is None:
            room = hours.tightest(start, end).free if start < end and hours.in_service(start, end) else -1
            rooms[start, end] = room
        if need <= room:
            yield klus
