"""Matching measured: one person over all open klussen, the nightly count over everyone, and a waiting list of 500, beside their limits."""

import asyncio
import time
from datetime import UTC, date, datetime
from uuid import UUID

import asyncpg
from sqlalchemy import event, func, select

from teams.demo.bench.measure import Measure
from teams.demo.postgres import Server
from teams.jobs.reach import count_reach
from teams.kit.clock import now
from teams.kit.db import Database, plain_url
from teams.kit.migrate import migrate, provide_roles
from teams.klussen.actions.line import promote
from teams.klussen.actions.steps import lock_people
from teams.klussen.matching_queries import matches_for
from teams.klussen.models import Claim
from teams.klussen.queries import locked_klus

NAME = "bench_passen"
_TOWN = """
    insert into organisation (name) values ('gemeente Meetdam');
    insert into team (code) select 'T' || g from generate_series(1, $people / 10 + 1) g;
    insert into team_version (team_id, name, purpose, valid)
        select id, 'Team ' || code, 'Meten.', daterange('$today', null) from team;
    insert into skill (name) select 'Vaardigheid ' || g from generate_series(1, 120) g;
    insert into person (number, name, email)
        select 'P' || g, 'Mens ' || g, 'p' || g || '@meetdam.example' from generate_series(1, $people) g;
    insert into contract (person_id, hours, valid)
        select id, 24 + substr(number, 2)::int % 13, daterange(date '$today' - 400, null) from person;
    insert into absence (person_id, valid)
        select id, daterange(date '$today' + substr(number, 2)::int % 50, date '$today' + substr(number, 2)::int % 50 + 14)
        from person where substr(number, 2)::int % 3 = 0;
    insert into role (id) select uuidv7() from team;
    insert into role_version (role_id, team_id, name, purpose, valid)
        select r.id, t.id, 'Rol', 'Meten.', daterange('$today', null)
        from (select id, row_number() over (order by id) as n from role) r
        join (select id, row_number() over (order by id) as n from team) t using (n);
    insert into role_filling (role_id, person_id, hours, focus, valid)
        select r.id, p.id, 10 + p.n % 20, '', tstzrange(now() - interval '1 day', null)
        from (select id, row_number() over (order by id) as n from person) p
        join (select id, row_number() over (order by id) as n from role) r on r.n = p.n / 10 + 1;
    insert into person_skill (person_id, skill_id, level)
        select p.id, s.id, 1 + (p.n + g) % 3 from (select id, row_number() over (order by id) as n from person) p
        cross join generate_series(1, 5) g
        join (select id, row_number() over (order by id) as n from skill) s on s.n = 1 + (p.n * 7 + g * 31) % 120;
    insert into klus (title, kind, way, state, team_id, posted_by, places, hours_min, hours_max, starts, ends, published_at)
        select 'Klus ' || g, 'klus', 'claim', 'open', (select min(id::text)::uuid from team),
            (select min(id::text)::uuid from person), 1 + g % 4, 2 + g % 12, 2 + g % 12, date '$today' + g % 60,
            date '$today' + 61 + g % 90, now() from generate_series(1, $klussen) g;
    insert into klus_skill (klus_id, skill_id) select k.id, s.id from klus k cross join generate_series(0, 2) g
        join (select id, row_number() over (order by id) as n from skill) s on s.n = 1 + (k.number * 13 + g * 41) % 120;
"""
_LINE = """
    with k as (
        insert into klus (title, kind, way, state, team_id, posted_by, places, hours_min, hours_max, starts, ends, published_at)
        select 'Vol', 'klus', 'claim', 'open', (select min(id::text)::uuid from team), (select min(id::text)::uuid from person),
            1, 60, 60, $1::date + 7, $1::date + 60, now() returning id
    ), w as (
        insert into claim (klus_id, person_id, state, hours, lined_at)
        select k.id, p.id, 'wachtlijst', 60, now() from k, (select id from person order by id limit 500) p
    ) select id from k
"""
"""A free place that asks sixty hours a week: nobody fits, so the whole line is walked and everybody is told."""


async def matching(server: Server, *, people: int, klussen: int, today: date) -> list[Measure]:
    """`people` employees and `klussen` open klussen that each ask three of 120 skills."""
    boss = await asyncpg.connect(plain_url(server.url(database="postgres")))
    await boss.execute(f'drop database if exists "{NAME}" with (force)')
    await boss.execute(f'create database "{NAME}" template template0')
    await boss.close()
    await provide_roles(server.url(database=NAME), NAME)
    await asyncio.to_thread(migrate, server.url("teams_owner", NAME))
    filler = await asyncpg.connect(plain_url(server.url(database=NAME)))
    await filler.execute("set session_replication_role = replica; set synchronous_commit = off")
    sizes = {"people": str(people), "klussen": str(klussen), "today": today.isoformat()}
    town = _TOWN
    for name, value in sizes.items():
        town = town.replace(f"${name}", value)
    await filler.execute(town)
    await filler.execute("vacuum (analyze)")
    someone = await filler.fetchval("select id from person where number = $1", f"P{people // 2}")
    database = Database(server.url("teams_worker", NAME))
    try:
        found = await _measured(database, someone, f"{people} mensen, {klussen} klussen")
        return [*found, await _promoted(database, await filler.fetchval(_LINE, today))]
    finally:
        await filler.close()
        await database.close()


async def _promoted(database: Database, klus_id: UUID) -> Measure:
    sent: list[str] = []
    async with database.begin() as session:
        await lock_people(session, klus_id)
        klus, at = await locked_klus(session, klus_id), await now(session)
        event.listen(database.engine.sync_engine, "before_cursor_execute", lambda *given: sent.append(given[2]))
        begin = time.perf_counter()
        await promote(session, klus, at=at)
        took = (time.perf_counter() - begin) * 1e3
        skipped = await session.scalar(select(func.count()).where(Claim.klus_id == klus_id, Claim.skipped != ""))
    note = f"{skipped} mensen overgeslagen en ingelicht in {took:.0f} ms"
    return Measure("wachtlijst", "vragen om haar door te schuiven", len(sent) - 1, "", most=10, note=note)


async def _measured(database: Database, someone: UUID, note: str) -> list[Measure]:
    sent: list[str] = []
    event.listen(database.engine.sync_engine, "before_cursor_execute", lambda *given: sent.append(given[2]))
    at = datetime.now(UTC)
    async with database.read() as session:
        await matches_for(session, someone, at=at)
        sent.clear()
        begin = time.perf_counter()
        found = await matches_for(session, someone, at=at)
        one = (time.perf_counter() - begin) * 1e3
        asked = len(sent)
    begin, cpu = time.perf_counter(), time.process_time()
    counted = await count_reach(database)
    night, own = time.perf_counter() - begin, time.process_time() - cpu
    return [
        Measure("passen", "vragen voor één mens", asked, "", most=3, note=f"{len(found)} klussen passen; {note}"),
        Measure("passen", "één mens", one, "ms", note=note),
        Measure("passen", "de nacht, voor iedereen", night, "s", note=f"{counted} klussen; {note}"),
        Measure("passen", "waarvan rekentijd hier", own, "s", most=10),
    ]
