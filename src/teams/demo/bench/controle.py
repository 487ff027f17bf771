"""The audit page at a million decisions against ten thousand, and a quarter's account over 250,000: blocks, time, CPU."""

import asyncio
import json
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from statistics import median
from typing import Any
from uuid import UUID

import asyncpg

from teams.account.periods import Period
from teams.demo.bench.measure import Measure, interleaved
from teams.demo.bench.visitor import statements
from teams.demo.postgres import Server
from teams.kit.db import Database, plain_url
from teams.kit.migrate import migrate, provide_roles
from teams.reports.accountability import figures_of
from teams.reports.audit import AuditWish, Scope, audit_page, log_state

FEW, MANY = 10_000, 1_000_000
YEAR = 2025
_MOST = 1.5
_ID = "create function bench_id(kind text, n bigint) returns uuid language sql immutable as $$ select md5(kind || n)::uuid $$"
# One year of decisions: 28 teams with ten roles, forty powers; four in a hundred near their ceiling, one in a hundred over it.
_TOWN = """
    insert into organ (id, code, name) values (bench_id('o', 1), 'college', 'College');
    insert into person (id, number, name, email) select bench_id('p', n), 'P' || n, 'Mens ' || n, 'p' || n || '@x.example' from generate_series(1, 400) n;
    insert into team (id, code) select bench_id('t', n), 'T' || n from generate_series(1, 28) n;
    insert into team_version (team_id, name, valid) select bench_id('t', n), 'Team ' || n, daterange('2020-01-01', null) from generate_series(1, 28) n;
    insert into role (id) select bench_id('r', n) from generate_series(1, 280) n;
    insert into role_version (role_id, team_id, name, valid)
        select bench_id('r', n), bench_id('t', 1 + n % 28), 'Rol ' || n, daterange('2020-01-01', null) from generate_series(1, 280) n;
    insert into power (id, code) select bench_id('w', n), 'PW-' || n from generate_series(1, 40) n;
    insert into power_version (power_id, title, organs, valid) select bench_id('w', n), 'Bevoegdheid ' || n, '{{college}}', tstzrange('2020-01-01', null)
        from generate_series(1, 40) n;
    insert into budget (code, year, name, portfolio, powers) select 'B' || n, {year}, 'Programma ' || n, 'Wethouder ' || n, array['PW-' || n, 'PW-' || n + 20]
        from generate_series(1, 12) n;
    insert into decision_counter (year, last) values ({year}, {decisions});
"""
_DECISIONS = """
    insert into decision (id, year, serial, power, power_title, act, organ, confidential, person_id, role_id, capacity, verdict, outcome, chains, ceiling,
        base, cents, rulebook, rules, rules_hash, case_number, counterparty, subject, no_interest, decided_at, recorded_at, entry_id)
    select bench_id('d', n), {year}, n, 'PW-' || 1 + (1 + (n / 7) % 280) % 40, 'Bevoegdheid ' || 1 + (1 + (n / 7) % 280) % 40, 'besluit', 'college', n % 25 = 0, bench_id('p', 1 + n % 400),
        bench_id('r', 1 + (n / 7) % 280), 'houder', 'ja', case when n % 100 = 50 then 'gebrek' else 'bevoegd' end, '[]', 500000, 'per_besluit',
        case n % 100 when 50 then 600000 when 51 then 470000 when 52 then 480000 when 53 then 490000 when 54 then 500000 else 1000 + n % 3000 * 100 end,
        'sha256:' || repeat('0', 64), '[]', 'sha256:' || repeat('0', 64), 'Z-' || n, 'Partij ' || n % 5000,
        case when n % 25 = 0 then null else 'Besluit nummer ' || n end, true, a.at, a.at, bench_id('e', n)
    from generate_series(1, {decisions}) n cross join lateral (select timestamptz '{year}-01-01 00:00+01'
        + n * (interval '364 days 23 hours' / {decisions}) as at) a
"""
_REST = """
    insert into decision_flag (decision_id, flag, decided_at)
    select d.id, f, d.decided_at from decision d cross join lateral unnest(
        decision_flags(d.base, d.ceiling, d.cents, d.total, d.outcome, d.rules) || case when d.outcome = 'gebrek' then array['aandacht'] end) f;
    insert into leaf (log, seq, entry, type, bytes, hash)
        select 1, serial - 1, entry_id, 'besluit', '\\x7b7d', decode(repeat('00', 32), 'hex') from decision;
    insert into checkpoint (log, size, root, note, at) values (1, {decisions}, decode(repeat('00', 32), 'hex'), 'bench', '{year}-12-31');
"""
# Made anew behind the rows: a million times a dozen indexes is most of the time.
_INDEXES = """
    select i.indexrelid::regclass::text as name, pg_get_indexdef(i.indexrelid) as definition from pg_index i
    where i.indrelid in ('decision'::regclass, 'decision_flag'::regclass, 'leaf'::regclass)
        and not exists (select from pg_constraint c where c.conindid = i.indexrelid)
"""
WISHES = {
    "alles": AuditWish(),
    "een kwartaal": AuditWish(period=Period(YEAR, 2)),
    "een team": AuditWish(team=UUID(int=0)),
    "een bevoegdheid": AuditWish(power="PW-5"),
    "team en bevoegdheid": AuditWish(team=UUID(int=0), power="PW-5"),
    "buiten mandaat": AuditWish(outcome="gebrek"),
    "dicht bij de grens": AuditWish(flag="bij_grens"),
    "aandacht in een kwartaal": AuditWish(flag="aandacht", period=Period(YEAR, 3)),
}


@dataclass(frozen=True)
class Log:
    """One filled log with a door for the page and one for plans."""

    size: int
    database: Database
    reader: asyncpg.Connection
    team: UUID

    @classmethod
    async def open(cls, server: Server, name: str, size: int) -> "Log":
        address = server.url("teams_app", name)
        reader = await asyncpg.connect(plain_url(address))
        return cls(
            size, Database(address, pool=2), reader, await reader.fetchval("select id from team where code = 'T5'")
        )

    async def look(self, wish: AuditWish, times: int = 1) -> int:
        """What the page asks of the database: the decisions and the state of the log."""
        wanted = AuditWish(**{**vars(wish), "team": self.team}) if wish.team else wish
        found = 0
        async with self.database.read() as session:
            for _ in range(times):
                lines, _ = await audit_page(session, wanted, Scope(None, everything=True, opens=True))
                await log_state(session, wish.period)
                found = len(lines)
        return found

    async def blocks(self, wish: AuditWish) -> int:
        with statements(self.database) as sent:
            await self.look(wish)
        return sum([await self.touched(statement, parameters) for statement, parameters in sent])

    async def touched(self, statement: str, parameters: tuple[Any, ...]) -> int:
        plan = json.loads(
            await self.reader.fetchval(f"explain (analyze, buffers, format json) {statement}", *parameters)
        )
        top = plan[0]["Plan"]
        return int(top["Shared Hit Blocks"] + top["Shared Read Blocks"])

    async def close(self) -> None:
        await self.database.close()
        await self.reader.close()


async def controle(server: Server, *, rounds: int, calls: int = 20, part: int = 1) -> list[Measure]:
    """All of it; `part` 20: the large one at a twentieth. The small one stays, so that its pages are full too."""
    sizes = (FEW, MANY // part)
    logs = [await Log.open(server, await fill(server, size), size) for size in sizes]
    try:
        return await pages(logs, rounds=rounds, calls=calls) + await account(logs)
    finally:
        for log in logs:
            await log.close()


async def pages(logs: list[Log], *, rounds: int, calls: int) -> list[Measure]:
    few, many = logs
    found = []
    for what, wish in WISHES.items():
        costs = await interleaved(
            {"few": partial(few.look, wish, calls), "many": partial(many.look, wish, calls)}, calls, rounds
        )
        own = median(b.cpu / a.cpu for a, b in zip(costs["few"], costs["many"], strict=True))
        blocks = [await log.blocks(wish) for log in logs]
        wall, cpu = (
            [median(getattr(cost, kind) for cost in costs[name]) for name in ("few", "many")]
            for kind in ("wall", "cpu")
        )
        note = f"{_n(many.size)} tegen {_n(few.size)} besluiten; {wall[1]:.1f} tegen {wall[0]:.1f} ms, {cpu[1]:.2f} tegen {cpu[0]:.2f} ms proces-CPU"
        found += [
            Measure("controle", f"logboek, {what}: blokken", blocks[1] / blocks[0], "×", most=_MOST, note=f"{blocks[1]} tegen {blocks[0]} blokken"),
            Measure("controle", f"logboek, {what}: rekentijd", own, "×", most=_MOST, note=note),
        ]  # fmt: skip
    return found


async def account(logs: list[Log]) -> list[Measure]:
    """A quarter's figures in each log; no statement may take longer than the app allows one."""
    found = []
    for log in logs:
        known, longest, blocks = datetime(YEAR + 1, 1, 2, tzinfo=UTC), 0.0, 0
        async with log.database.read() as session:
            with statements(log.database) as sent:
                wall, cpu = time.perf_counter(), time.process_time()
                figures = await figures_of(session, Period(YEAR, 2), known)
                wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
        for statement, parameters in sent:
            begin = time.perf_counter()
            blocks += await log.touched(statement, parameters)
            longest = max(longest, time.perf_counter() - begin)
        number = figures["totaal"]["besluiten"]
        found.append(
            Measure("controle", f"kwartaalverantwoording over {_n(number)} besluiten: langste opdracht", longest * 1e3, "ms",
                    note=f"geheel {wall * 1e3:.0f} ms op de klok, {cpu * 1e3:.0f} ms proces-CPU, {blocks} blokken, {len(sent)} opdrachten")
        )  # fmt: skip
    return found


async def fill(server: Server, decisions: int) -> str:
    """A database of its own with so many decisions over one year. Returns its name."""
    name = f"bench_controle_{decisions}"
    boss = await asyncpg.connect(plain_url(server.url(database="postgres")))
    await boss.execute(f'create database "{name}" template template0 strategy file_copy')
    await boss.close()
    await provide_roles(server.url(database=name), name)
    await asyncio.to_thread(migrate, server.url("teams_owner", name))
    connection = await asyncpg.connect(plain_url(server.url(database=name)))
    # as superuser without triggers: the rows are known to be right
    await connection.execute("set session_replication_role = replica; set synchronous_commit = off")
    await connection.execute("set maintenance_work_mem = '512MB'; set work_mem = '64MB'")
    indexes = await connection.fetch(_INDEXES)
    for index in indexes:
        await connection.execute(f"drop index {index['name']}")
    values = {"decisions": decisions, "year": YEAR}
    for statement in (
        _ID,
        _TOWN.format(**values),
        _DECISIONS.format(**values),
        _REST.format(**values),
        *(index["definition"] for index in indexes),
        "vacuum (analyze)",
    ):
        await connection.execute(statement, timeout=900)
    await connection.close()
    return name


def _n(number: int) -> str:
    return f"{number:,}".replace(",", ".")
