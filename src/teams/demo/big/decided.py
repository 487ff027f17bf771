"""Ten years of decisions: Zandermeer's own, answered by the engine, again in other places and years, with their entries."""

import json
from collections.abc import Mapping
from typing import Any

import asyncpg

from teams.decisions.models import CONTENT
from teams.demo.big.rows import copy, run, without_indexes
from teams.demo.big.structure import copies

_TABLES = ("decision", "decision_flag", "decision_grant", "journal_text")
_PERSON, _ROLE, _CASE = "@person@", "@role@", "@case@"
# What was found wrong stays alone: its acts are about one decision.
_BASE = f"""
    select d.id, d.person_id, d.role_id, {", ".join(f"d.{name}" for name in CONTENT if name not in ("person_id", "role_id"))}
    from decision d where d.outcome = 'bevoegd' and d.second_id is null and not exists (select from decision_act a where a.decision_id = d.id)
        and not exists (select from information_request i where i.decision_id = d.id) order by d.number
"""
_MADE = """
    create unlogged table big_decision as
    select x.*, big_at(x.at, 'besluit', x.n) as id, big_at(x.at, 'vermelding', x.n) as entry,
        case_number || '-' || n as zaak, coalesce(last.last, 0) + row_number() over (partition by x.year order by x.at, x.n) as serial
    from (
        select m.n, m.c, m.p, b.id as base, d.entry_id as base_entry, b.content, d.case_number, a.at, big_id(d.person_id, m.p) as person,
            big_id(d.role_id, m.c) as role, extract(year from a.at at time zone 'Europe/Amsterdam')::int as year
        from (select n, n / {many} as round, c, p from {copies}) m
        join big_base b on b.k = m.n % {many} join decision d on d.id = b.id
        cross join lateral (select d.decided_at - ((m.round % 5) * 730 + m.n % 13) * interval '1 day' - (m.n * 7919 % 7200) * interval '1 second' as at) a
    ) x left join decision_counter last on last.year = x.year order by x.at, x.n
"""
_COUNTERS = """
    insert into decision_counter (year, last) select year, max(serial) from big_decision group by year
    on conflict (year) do update set last = excluded.last
"""
_JOURNAL = """
    insert into journal (id, at, actor, acting_role, verb, accountable, facts, xid)
    select m.entry, m.at, m.person, m.role, j.verb, true,
        j.facts || jsonb_build_object('decision', m.id, 'nummer', m.year || '-' || lpad(m.serial::text, greatest(5, length(m.serial::text)), '0')),
        pg_current_xact_id()
    from big_decision m join journal j on j.id = m.base_entry order by m.at
"""
_SUBJECTS = """
    insert into journal_subject (entry, kind, id)
    select m.entry, s.kind, s.id from big_decision m cross join lateral (values ('decision', m.id), ('person', m.person), ('role', m.role)) s(kind, id)
    order by m.at
"""
_TEXTS = f"""
    insert into journal_text (entry, field, key, value)
    select m.entry, t.field, sha256(uuid_send(m.entry) || convert_to(t.field, 'UTF8')), case t.field
        when 'actor' then m.person::text when 'rol' then m.role::text when 'zaak' then m.zaak
        when 'inhoud' then 'sha256:' || encode(sha256(convert_to(
            replace(replace(replace(m.content, '{_PERSON}', m.person::text), '{_ROLE}', m.role::text), '{_CASE}', m.zaak), 'UTF8')), 'hex')
        else t.value end
    from big_decision m join journal_text t on t.entry = m.base_entry order by m.at
"""


_USE = """
    insert into decision_grant (number, decided_at, decision_id)
    select distinct g.number, m.at, m.id from big_decision m join decision_grant g on g.decision_id = m.base
"""


async def decide(connection: asyncpg.Connection, decisions: int, places: int, crowds: int) -> None:
    """Needs the structure. Each year's numbers go on, gapless, after Zandermeer's own."""
    await connection.set_type_codec("jsonb", schema="pg_catalog", encoder=json.dumps, decoder=json.loads)
    base = await connection.fetch(_BASE)
    await run(connection, "create unlogged table big_base (k int primary key, id uuid not null, content text not null)")
    await connection.copy_records_to_table(
        "big_base",
        records=[(k, row["id"], _content(row)) for k, row in enumerate(base)],
        columns=("k", "id", "content"),
    )
    again = await without_indexes(connection, *_TABLES)
    many = copies(places, crowds, decisions).replace(f"n % {places}", f"n / {len(base)} % {places}")
    await run(connection, _MADE.format(copies=many, many=len(base)))
    await run(connection, "create index on big_decision (base); analyze big_decision")
    await run(connection, _COUNTERS)
    await copy(
        connection, "decision", "big_decision m", "b.id = m.base", id="m.id", year="m.year", serial="m.serial", person_id="m.person",
        role_id="m.role", reporter_id="who", case_number="m.zaak", decided_at="m.at", recorded_at="m.at", entry_id="m.entry",
    )  # fmt: skip
    await copy(
        connection, "decision_flag", "big_decision m", "b.decision_id = m.base", decision_id="m.id", decided_at="m.at"
    )
    for statement in (_USE, _JOURNAL, _SUBJECTS, _TEXTS):
        await run(connection, statement)
    await again()
    await run(
        connection,
        "drop table big_base; analyze journal; analyze journal_text; analyze journal_subject; analyze decision",
    )


def _content(row: Mapping[str, Any]) -> str:
    """As `content_digest` spells it, with places for what differs in each copy."""
    held = {name: row[name] for name in CONTENT} | {"person_id": _PERSON, "role_id": _ROLE, "case_number": _CASE}
    return json.dumps(held, sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=str)
