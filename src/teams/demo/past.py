"""Journal entries and recorded times in the past, which only the owner of the tables can write."""

import json
import secrets
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

import asyncpg

GUARDED = (
    "contract", "absence", "team_version", "role_version", "role_item", "role_filling", "home_team", "organ_member",
    "policy_version", "power_version", "power_basis", "framework_version", "grant_version", "power_exclusion", "replacement",
)  # fmt: skip
BY_MOMENT = frozenset(
    {
        "role_filling",
        "power_version",
        "power_basis",
        "framework_version",
        "grant_version",
        "power_exclusion",
        "replacement",
    }
)

_ENTRY = """
    with e as (
        insert into journal (id, at, actor, acting_role, verb, accountable, facts)
        values (uuidv7($1::timestamptz - clock_timestamp()), $1, $2, $3, $4, $5, $6::text::jsonb) returning id
    ), s as (
        insert into journal_subject (entry, kind, id)
        select distinct e.id, u.kind, u.sid from e, unnest($7::text[], $8::uuid[]) u(kind, sid)
    )
    insert into journal_text (entry, field, key, value)
    select e.id, u.field, u.key, u.value from e, unnest($9::text[], $10::bytea[], $11::text[]) u(field, key, value)
"""
# The import's entries speak of days: each moves to its own, and those without one to the beginning.
_MOVE = (
    """
    create temporary table moved on commit drop as
    select old, uuidv7(at - clock_timestamp()) as new, at from (
        select id as old, (least(coalesce(left(coalesce(facts ->> 'from', facts ->> 'last', facts ->> 'until'), 10)::date,
            $1::date - 730), $1::date - 1) + time '08:30') at time zone 'Europe/Amsterdam' as at from journal
    ) placed
    """,
    """
    insert into journal (id, at, actor, acting_role, request_id, origin, verb, schema_version, accountable, facts)
    select m.new, m.at, j.actor, j.acting_role, j.request_id, j.origin, j.verb, j.schema_version, j.accountable, j.facts
    from journal j join moved m on m.old = j.id
    """,
    "update journal_subject s set entry = m.new from moved m where m.old = s.entry",
    "update journal_text t set entry = m.new from moved m where m.old = t.entry",
    "delete from journal j using moved m where m.old = j.id",
)
# The import takes members of organs from today on, and says so of home teams; in the demo they were so from the start.
_SINCE = """
    create temporary table since on commit drop as
    select c.person_id, min(lower(c.valid)) as day, h.team_id,
        greatest(min(lower(c.valid)), (select min(lower(v.valid)) from team_version v where v.team_id = h.team_id)) as home
    from contract c left join home_team h on h.person_id = c.person_id group by c.person_id, h.team_id
"""
_FROM_THE_START = (
    "update organ_member m set valid = daterange(s.day, upper(m.valid)) from since s where s.person_id = m.person_id",
    """
    update journal j set facts = facts || jsonb_build_object('from', case verb when 'organ.member_added' then day else home end)
    from since s where s.person_id::text = facts ->> 'person' and verb in ('person.home_team_changed', 'organ.member_added')
    """,
    """
    update pending_import set offered_at = p.at, settled_at = p.at
    from (select ($1::date - 730 + time '08:30') at time zone 'Europe/Amsterdam' as at) p
    """,
)
# In the demo everything was known on the day it began, also what the import wrote down today.
_KNOWN = """
    update {table} set recorded = tstzrange({since}, null)
    where upper_inf(recorded) and {since} < lower(recorded)
"""


async def antedate(connection: asyncpg.Connection, today: date) -> None:
    """Make an import of today look as if it was written down day by day."""
    for table in ("journal", "journal_subject", *GUARDED):
        await connection.execute(f"alter table {table} disable trigger user")
    for statement in (_SINCE, *_FROM_THE_START, *_MOVE):
        await connection.execute(statement, *([today] if "$1" in statement else []))
    for table in GUARDED:
        since = "lower(valid)" if table in BY_MOMENT else "lower(valid)::timestamp at time zone 'Europe/Amsterdam'"
        await connection.execute(_KNOWN.format(table=table, since=since))


async def guard_again(connection: asyncpg.Connection) -> None:
    for table in ("journal", "journal_subject", *GUARDED):
        await connection.execute(f"alter table {table} enable trigger user")


@dataclass
class Past:
    """What happened before today, gathered in any order and written in the order of time."""

    entries: list[tuple[Any, ...]] = field(default_factory=list)

    def tell(
        self,
        at: datetime,
        verb: str,
        subjects: tuple[tuple[str, UUID | None], ...],
        facts: dict[str, Any],
        *,
        by: UUID | None = None,
        role: UUID | None = None,
        accountable: bool = False,
        **texts: str,
    ) -> None:
        about = [(kind, given) for kind, given in subjects if given is not None]
        words = {name: value for name, value in texts.items() if value}
        self.entries.append(
            (at, by, role, verb, accountable, json.dumps(facts, separators=(",", ":"), default=str),
             [kind for kind, _ in about], [given for _, given in about],
             list(words), [secrets.token_bytes(32) for _ in words], list(words.values()))
        )  # fmt: skip

    async def write(self, connection: asyncpg.Connection) -> None:
        await connection.executemany(_ENTRY, sorted(self.entries, key=lambda entry: entry[0]))
