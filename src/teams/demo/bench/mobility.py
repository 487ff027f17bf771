"""The mobility figures over five years against one year of the same town: time and blocks grow with what happened, no faster."""

import asyncio
import json
from datetime import date
from functools import partial
from statistics import median
from typing import Any

import asyncpg

from teams.demo.bench.measure import Measure, interleaved
from teams.demo.bench.visitor import statements
from teams.demo.postgres import Server
from teams.kit.db import Database, plain_url
from teams.kit.migrate import migrate, provide_roles
from teams.reports.mobility import mobility_of

BEGIN, YEARS = 2020, 5
PEOPLE = 3_000
NAME = "bench_mobiliteit"
_ID = "create function bench_id(kind text, n bigint) returns uuid language sql immutable as $$ select md5(kind || n)::uuid $$"
# Each year the same: every person on two klussen of other teams for a quarter, one booking a week.
_TOWN = """
    insert into person (id, number, name, email) select bench_id('p', n), 'P' || n, 'Mens ' || n, 'p' || n || '@x.example' from generate_series(1, {people}) n;
    insert into contract (person_id, hours, valid) select bench_id('p', n), 24 + n % 13, daterange('{begin}-01-01', null) from generate_series(1, {people}) n;
    insert into team (id, code) select bench_id('t', n), 'T' || n from generate_series(0, 59) n;
    insert into team_version (team_id, name, valid) select bench_id('t', n), 'Team ' || n, daterange('{begin}-01-01', null) from generate_series(0, 59) n;
    insert into home_team (person_id, team_id, valid) select bench_id('p', n), bench_id('t', n % 60), daterange('{begin}-01-01', null) from generate_series(1, {people}) n;
"""
_YEAR = """
    insert into klus (id, title, kind, way, state, team_id, posted_by, places, hours_min, hours_max, starts, ends)
        select bench_id('k{year}', n), 'Klus ' || n, 'klus', 'claim', 'afgerond', bench_id('t', n % 59), bench_id('p', 1), 4, 4, 4,
            make_date({year}, 1 + n % 9, 1), make_date({year}, 3 + n % 9, 28) from generate_series(1, {people} / 2) n;
    insert into claim (id, klus_id, person_id, state, hours, at, ended_at, ended_on)
        select bench_id('c{year}', n), bench_id('k{year}', 1 + (n * 7) % ({people} / 2)), bench_id('p', 1 + n % {people}), 'afgerond', 4,
            k.starts - interval '9 days', k.ends, k.ends
        from generate_series(1, {people} * 2) n join klus k on k.id = bench_id('k{year}', 1 + (n * 7) % ({people} / 2));
    insert into hours_booking (claim_id, person_id, day, tenths)
        select c.id, c.person_id, k.starts + w * 7, 40 from claim c join klus k on k.id = c.klus_id cross join generate_series(0, 7) w
        where k.starts >= '{year}-01-01' and k.starts < '{next}-01-01';
"""


async def mobility(server: Server, *, rounds: int, part: int = 1) -> list[Measure]:
    """`part` 20: a twentieth of the people."""
    await _fill(server, PEOPLE // part)
    database, reader = (
        Database(server.url("teams_app", NAME), pool=2),
        await asyncpg.connect(plain_url(server.url("teams_app", NAME))),
    )
    first, one, all_of_it = (date(BEGIN + years, 1, 1) for years in (0, 1, YEARS))

    async def look(until: date) -> None:
        async with database.read() as session:
            await mobility_of(session, first, until)

    try:
        costs = await interleaved({"one": partial(look, one), "five": partial(look, all_of_it)}, 1, rounds)
        blocks, sent = {}, {}
        for name, until in (("one", one), ("five", all_of_it)):
            with statements(database) as asked:
                await look(until)
            sent[name] = len(asked)
            blocks[name] = sum([await _touched(reader, statement, given) for statement, given in asked])
    finally:
        await database.close()
        await reader.close()
    times = median(b.wall / a.wall for a, b in zip(costs["one"], costs["five"], strict=True))
    note = f"{median(c.wall for c in costs['five']):.0f} ms, {PEOPLE // part} mensen"
    return [
        Measure("mobiliteit", "vijf jaar tegen één jaar, tijd", round(times, 2), "x", most=YEARS, note=note),
        Measure("mobiliteit", "vijf jaar tegen één jaar, blokken", round(blocks["five"] / blocks["one"], 2), "x", most=YEARS, note=f"{blocks['five']} blokken"),
        Measure("mobiliteit", "vragen meer bij vijf jaar", sent["five"] - sent["one"], "", most=0, note=f"{sent['five']} vragen"),
    ]  # fmt: skip


async def _touched(reader: asyncpg.Connection, statement: str, given: tuple[Any, ...]) -> int:
    plan = json.loads(await reader.fetchval(f"explain (analyze, buffers, format json) {statement}", *given))
    return int(plan[0]["Plan"]["Shared Hit Blocks"] + plan[0]["Plan"]["Shared Read Blocks"])


async def _fill(server: Server, people: int) -> None:
    boss = await asyncpg.connect(plain_url(server.url(database="postgres")))
    await boss.execute(f'create database "{NAME}" template template0 strategy file_copy')
    await boss.close()
    await provide_roles(server.url(database=NAME), NAME)
    await asyncio.to_thread(migrate, server.url("teams_owner", NAME))
    connection = await asyncpg.connect(plain_url(server.url(database=NAME)))
    # as superuser without triggers: the rows are known to be right
    await connection.execute("set session_replication_role = replica; set synchronous_commit = off")
    await connection.execute(_ID)
    await connection.execute(_TOWN.format(people=people, begin=BEGIN))
    for year in range(BEGIN, BEGIN + YEARS):
        await connection.execute(_YEAR.format(year=year, next=year + 1, people=people), timeout=900)
    await connection.execute("vacuum (analyze)", timeout=900)
    await connection.close()
