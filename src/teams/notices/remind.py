"""Reminders by the clock, each exactly once: the database holds (object, rule, due day) unique (R12)."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import TextClause, text
from sqlalchemy.ext.asyncio import AsyncSession

from teams.kit.clock import day_of
from teams.klussen.stale import CLOSES, SEEN, STALE_DAYS, WARNED_DAYS
from teams.notices.hears import REMINDER, heard_of
from teams.notices.people import Case, hearers
from teams.notices.tell import Told, write

BATCH = 500
TERM_DAYS = 28


@dataclass(frozen=True)
class Rule:
    """What is due: `found` gives object, due, facts, people and teams; it sees `:today`, `:at` and the setting `:wait`."""

    name: str
    found: TextClause


def _rule(name: str, found: str) -> Rule:
    return Rule(
        name,
        text(
            f"""
            with found as ({found}), new as (
                insert into reminder (object, rule, due)
                select distinct f.object, '{name}', f.due from found f
                where not exists (select from reminder r where (r.object, r.rule, r.due) = (f.object, '{name}', f.due))
                limit {BATCH} on conflict do nothing returning object, due
            )
            select f.object, f.due, f.facts, f.people, f.teams from found f join new using (object, due)
            """
        ),
    )


_DAY = "(({0}) at time zone 'Europe/Amsterdam')::date"
# An exclusive end at midnight belongs to the day before: the last day on which it holds.
_LAST_DAY = f"{_DAY.format('upper({0}.valid) - interval ' + chr(39) + '1 microsecond' + chr(39))}"
_ENDS = f"""upper_inf({{0}}.recorded) and not upper_inf({{0}}.valid) and range_contains_elem({{0}}.valid, cast(:at as timestamptz))
    and {_LAST_DAY} <= cast(:today as date) + {TERM_DAYS}"""
_NONE = "cast('{}' as uuid[])"

RULES = (
    # Also on the first day itself, when nobody was there to tell it the day before; not who joined since.
    _rule(
        "klus_begins",
        f"""
        select c.id as object, k.starts as due, jsonb_build_object('klus', k.id, 'person', c.person_id, 'day', k.starts) as facts,
            array[c.person_id] as people, {_NONE} as teams
        from klus k join claim c on c.klus_id = k.id and c.state in ('bevestigd', 'lopend')
        where k.starts between cast(:today as date) and cast(:today as date) + 1
            and k.state in ('open', 'gesloten', 'in_uitvoering') and {_DAY.format("c.at")} < k.starts - 1
        """,
    ),
    _rule(
        "offer_ends",
        f"""
        select c.id as object, {_DAY.format("c.due_at")} as due,
            jsonb_build_object('klus', c.klus_id, 'person', c.person_id, 'moment', c.due_at) as facts,
            array[c.person_id] as people, {_NONE} as teams
        from claim c where c.state = 'aangeboden' and c.due_at > cast(:at as timestamptz)
            and c.due_at <= cast(:at as timestamptz) + interval '1 day'
        """,
    ),
    _rule(
        "consent_ends",
        f"""
        select co.id as object, {_DAY.format("co.due_at")} as due,
            jsonb_build_object('klus', c.klus_id, 'person', c.person_id, 'moment', co.due_at, 'consent', co.id) as facts,
            {_NONE} as people, {_NONE} as teams
        from consent co join claim c on c.id = co.claim_id where co.state = 'gevraagd' and co.due_at > cast(:at as timestamptz)
            and co.due_at <= cast(:at as timestamptz) + interval '1 day'
        """,
    ),
    # Each sixty days since it was placed, last changed or renewed.
    _rule(
        "klus_stale",
        f"""
        select s.id as object, s.seen + (s.days - s.days % {STALE_DAYS}) as due,
            jsonb_build_object('klus', s.id, 'days', s.days - s.days % {STALE_DAYS}) as facts, {_NONE} as people, {_NONE} as teams
        from (select o.id, o.seen, cast(:today as date) - o.seen as days from ({SEEN}) o) s
        where s.days >= {STALE_DAYS}
        """,
    ),
    # The day told is never nearer than a week.
    _rule(
        "klus_closes",
        f"""
        select c.id as object, c.due, jsonb_build_object('klus', c.id,
            'day', greatest(c.due, cast(:today as date) + {WARNED_DAYS})) as facts, {_NONE} as people, {_NONE} as teams
        from ({CLOSES}) c where c.due <= cast(:today as date) + {WARNED_DAYS}
        """,
    ),
    _rule(
        "role_ends",
        f"""
        select md5(f.role_id::text || f.person_id::text)::uuid as object, {_LAST_DAY.format("f")} as due,
            jsonb_build_object('role', f.role_id, 'person', f.person_id, 'day', {_LAST_DAY.format("f")}) as facts,
            array[f.person_id] as people, array[v.team_id] as teams
        from role_filling f join role_version v on v.role_id = f.role_id and upper_inf(v.recorded)
            and range_contains_elem(v.valid, cast(:today as date))
        where {_ENDS.format("f")} and not exists (
            select from role_filling n where n.role_id = f.role_id and n.person_id = f.person_id and upper_inf(n.recorded)
                and lower(n.valid) >= upper(f.valid))
        """,
    ),
    # AVG 12, lid 3: an answer within a month.
    _rule(
        "correction_due",
        f"""
        select c.id as object, c.due as due, jsonb_build_object('person', c.person_id, 'day', c.due) as facts,
            {_NONE} as people, {_NONE} as teams
        from correction c where c.state = 'gevraagd' and c.due <= cast(:today as date) + 7
        """,
    ),
    _rule(
        "grant_ends",
        f"""
        select g.grant_id as object, {_LAST_DAY.format("g")} as due,
            jsonb_strip_nulls(jsonb_build_object('number', p.number, 'day', {_LAST_DAY.format("g")},
                'role', case when g.holder like 'rol:%' then substring(g.holder from 5) end)) as facts,
            case when g.holder like 'persoon:%' then array[substring(g.holder from 9)::uuid] else {_NONE} end as people,
            {_NONE} as teams
        from grant_version g join power_grant p on p.id = g.grant_id
        where {_ENDS.format("g")} and g.withdrawn_at is null and not exists (
            select from grant_version n where n.grant_id = g.grant_id and upper_inf(n.recorded)
                and lower(n.valid) >= upper(g.valid))
        """,
    ),
)


async def remind(session: AsyncSession, rule: Rule, *, at: datetime, mail: bool, wait: int = 0) -> int:
    """Everything that this rule finds due and that was not reminded of yet, at most a batch. Returns how many reminders."""
    known = (("at", at), ("today", day_of(at)), ("wait", wait))
    given: dict[str, Any] = {name: value for name, value in known if f":{name} " in rule.found.text}
    rows = (await session.execute(rule.found, given)).all()
    cases = [_case(row) for row in rows]
    told = []
    for hears in heard_of(REMINDER + rule.name):
        found = await hearers(session, hears.who, cases, at=at)
        for case, people in zip(cases, found, strict=True):
            told += [Told(person, hears, case.facts, None, at) for person in sorted(people)]
    await write(session, told, at=at, mail=mail)
    return len(rows)


def _case(row: Any) -> Case:
    facts = {name: str(value) for name, value in row.facts.items()}
    return Case(facts, tuple(UUID(str(one)) for one in row.people), tuple(UUID(str(one)) for one in row.teams), None)
