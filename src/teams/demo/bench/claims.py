"""Claiming: the action against the same statements under pgbench, through HTTP, and with withdrawers beside it."""

import asyncio
import json
import re
import subprocess
import tempfile
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from datetime import UTC, date, datetime
from random import Random
from statistics import median
from typing import Any
from uuid import UUID

import asyncpg
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from teams.auth.sessions import open_session
from teams.demo.bench.measure import Measure, cost, middle_cpu, middle_wall
from teams.demo.bench.pages import BuildApp
from teams.demo.bench.visitor import App, Browser, Sent, statements
from teams.demo.postgres import PORT, Server
from teams.journal.models import Actor
from teams.kit.db import Database, plain_url
from teams.kit.errors import Refusal
from teams.kit.settings import Settings
from teams.klussen.actions.claim import claim_klus, withdraw_claim
from teams.klussen.hours import hours_from, klus_end

CLIENTS = 16
WITHDRAWERS = 4
PEOPLE, KLUSSEN = 5000, 4000
CROWDED_PEOPLE, CROWDED_KLUSSEN = 40, 400
_PLACES = 40

# Numbered ids, so that pgbench can draw one. Two crowds: 'p' with room for everybody, 'c' where hours and places run out.
_PEOPLE = """
    with p as (
        insert into person (id, number, name, email)
        select ('00000000-0000-4000-8000-' || '{crowd}' || lpad(n::text, 11, '0'))::uuid, '{crowd}' || n, 'Bench ' || n,
            'b{crowd}' || n || '@bench.example' from generate_series(0, $1::int - 1) n returning id, email
    ), c as (
        insert into contract (person_id, hours, valid) select id, 24, daterange($2::date - 700, null) from p
    ), h as (
        insert into home_team (person_id, team_id, valid)
        select p.id, t.team_id, daterange($2::date - 100, null) from p,
            (select team_id from team_version where upper_inf(recorded) order by name limit 1) t
    ) insert into account (person_id, email) select id, email from p
"""
_KLUSSEN = """
    insert into klus (id, title, description, kind, way, state, team_id, posted_by, places, hours_min, hours_max, starts, ends)
    select ('00000000-0000-4000-9000-' || '{crowd}' || lpad(n::text, 11, '0'))::uuid, 'Bench ' || n, '', 'klus', 'claim', 'open',
        t.team_id, p.id, $2, $3, $3, $4::date + 1 + n % 40 * 7, $4::date + 42 + n % 40 * 7
    from generate_series(0, $1::int - 1) n,
        (select team_id from team_version where upper_inf(recorded) order by name limit 1) t,
        (select id from person order by number limit 1) p
"""
_SCRIPT = r"""
\set p random(0, {people} - 1)
\set k random(0, {klussen} - 1)
begin;
select f ->> 'claim_id' as claim, '00000000-0000-4000-8000-0' || lpad((:p)::text, 11, '0') as person,
  '00000000-0000-4000-9000-0' || lpad((:k)::text, 11, '0') as klus, ((f ->> 'mine') is null)::int as fresh,
  coalesce((select min(n) from generate_series(1, {places}) n where not f -> 'seats' @> to_jsonb(n)), 0) as seat
from claim_facts(('00000000-0000-4000-8000-0' || lpad((:p)::text, 11, '0'))::uuid,
  ('00000000-0000-4000-9000-0' || lpad((:k)::text, 11, '0'))::uuid) f \gset
\if :seat
\if :fresh
{write};
\endif
\endif
commit;
"""
_CHECK = """
    select (select count(*) from (select from claim c join klus k on k.id = c.klus_id where c.seat is not null
            group by k.id, k.places having count(*) > k.places) x) as oversold,
        (select count(*) from klus k where k.taken <> (select count(*) from claim c where c.klus_id = k.id
            and c.seat is not null) and k.title like 'Bench%') as miscounted,
        (select count(*) from claim where seat is not null) as held,
        (select deadlocks from pg_stat_database where datname = current_database()) as deadlocks
"""
_MINE = text("select id from claim where person_id = :person and state = 'bevestigd' order by random() limit 1")


def person_id(crowd: str, n: int) -> UUID:
    return UUID(f"00000000-0000-4000-8000-{crowd}{n:011}")


def klus_id(crowd: str, n: int) -> UUID:
    return UUID(f"00000000-0000-4000-9000-{crowd}{n:011}")


async def people_and_klussen(server: Server, name: str, today: date) -> None:
    connection = await asyncpg.connect(plain_url(server.url(database=name)))
    await connection.execute("set synchronous_commit = off")
    for crowd, people, klussen, places, hours in (
        ("0", PEOPLE, KLUSSEN, _PLACES, 1),
        ("c", CROWDED_PEOPLE, CROWDED_KLUSSEN, 3, 6),
    ):
        await connection.execute(_PEOPLE.format(crowd=crowd), people, today)
        await connection.execute(_KLUSSEN.format(crowd=crowd), klussen, places, hours, today)
    await connection.execute("vacuum (analyze)")
    await connection.close()


async def claims(server: Server, name: str, build: BuildApp, *, rounds: int, calls: int) -> list[Measure]:
    """The action and pgbench in turn, on the same people and klussen; then the same through HTTP."""
    address = server.url("teams_app", name)
    database = Database(address, pool=CLIENTS)
    random = Random(1)
    outcomes: Counter[str] = Counter()
    try:
        write = await _written(database, random)
        browsers = await _browsers(build(Settings(database_url=address), database), database, 4 * CLIENTS)
        works: dict[str, Callable[[], Awaitable[None]]] = {
            "action": lambda: _at_once(lambda: _claim(database, random, "0", PEOPLE, KLUSSEN, outcomes), calls),
            "http": lambda: _at_once(lambda: _post(browsers, random, outcomes), calls),
        }
        shares, action, http = [], [], []
        for turn in range(rounds + 1):
            limit = await asyncio.to_thread(_pgbench, server, name, write, calls)
            ours, posted = await cost(works["action"], calls), await cost(works["http"], calls)
            if turn:
                shares.append(limit / ours.wall)
                action.append(ours)
                http.append(posted)
        share, cpu = 100 * median(shares), middle_cpu(action)
        refused = sum(n for what, n in outcomes.items() if what not in ("held", "http 303"))
        note = f"{CLIENTS} tegelijk; {outcomes['held'] + outcomes['http 303']} geclaimd, {refused} geweigerd"
        return [
            Measure("claim", "handeling: deel van dezelfde opdrachten onder pgbench", share, "%", least=35, note=note),
            Measure("claim", "handeling: streven", share, "%", note="≥ 60" if share >= 60 else "60 niet gehaald"),
            Measure("claim", "handeling: rekentijd Python", cpu, "ms", most=1.5, note="proces-CPU per claim"),
            Measure("claim", "door HTTP: rekentijd", middle_cpu(http), "ms", note="ASGI, formulier tot 303"),
            Measure("claim", "door HTTP: deel van de handeling", 100 * middle_wall(action) / middle_wall(http), "%"),
        ]
    finally:
        await database.close()


async def stress(server: Server, name: str, *, seconds: float) -> list[Measure]:
    """Too little room for everybody, people who withdraw meanwhile: what must never happen is counted."""
    database = Database(server.url("teams_app", name), pool=CLIENTS + WITHDRAWERS)
    boss = await asyncpg.connect(plain_url(server.url(database=name)))
    random, outcomes = Random(2), Counter[str]()
    until = time.monotonic() + seconds
    try:
        deadlocks = (await boss.fetchrow(_CHECK))["deadlocks"]

        async def claimer() -> None:
            while time.monotonic() < until:
                await _claim(database, random, "c", CROWDED_PEOPLE, CROWDED_KLUSSEN, outcomes)

        async def withdrawer() -> None:
            while time.monotonic() < until:
                await _withdraw(database, random, outcomes)

        await asyncio.gather(*(claimer() for _ in range(CLIENTS)), *(withdrawer() for _ in range(WITHDRAWERS)))
        await asyncio.sleep(1.1)  # PostgreSQL tells its counters once a second
        found = await boss.fetchrow(_CHECK)
        busy = await _overbooked(boss)
        note = ", ".join(f"{n} {what}" for what, n in sorted(outcomes.items()))
        return [
            Measure("claim", "met intrekkers: te veel plekken vergeven", found["oversold"] + found["miscounted"], "", most=0, note=note),
            Measure("claim", "met intrekkers: mensen overboekt", busy, "", most=0, note=f"{found['held']} plekken bezet"),
            Measure("claim", "met intrekkers: elkaar op slot", found["deadlocks"] - deadlocks + outcomes["databasefout"], "", most=0),
        ]  # fmt: skip
    finally:
        await database.close()
        await boss.close()


async def _claim(
    database: Database, random: Random, crowd: str, people: int, klussen: int, outcomes: Counter[str]
) -> None:
    by = Actor(person_id(crowd, random.randrange(people)), request_id="bench", origin="127.0.0.1")
    try:
        async with database.begin() as session:
            await claim_klus(session, klus_id(crowd, random.randrange(klussen)), by=by)
        outcomes["held"] += 1
    except Refusal:
        outcomes["refused"] += 1
    except DBAPIError:
        outcomes["databasefout"] += 1


async def _withdraw(database: Database, random: Random, outcomes: Counter[str]) -> None:
    by = Actor(person_id("c", random.randrange(CROWDED_PEOPLE)))
    try:
        async with database.begin() as session:
            claim = await session.scalar(_MINE, {"person": by.person_id})
            if claim is not None:
                await withdraw_claim(session, claim, by=by, at=datetime.now(UTC))
                outcomes["withdrawn"] += 1
    except Refusal:
        outcomes["refused"] += 1
    except DBAPIError:
        outcomes["databasefout"] += 1


async def _overbooked(boss: asyncpg.Connection) -> int:
    """People who in some week of a klus that they hold have promised more hours than they have."""
    rows = await boss.fetch(
        "select c.person_id, person_hours(c.person_id)::text as hours, k.starts, k.ends, k.hours_total is not null as total"
        " from claim c join klus k on k.id = c.klus_id where c.seat is not null and k.title like 'Bench%'"
        " and c.person_id::text like '%-c%'"
    )
    over = set()
    for row in rows:
        first = row["starts"].toordinal()
        if (
            hours_from(json.loads(row["hours"])).tightest(first, klus_end(first, row["ends"], total=row["total"])).free
            < 0
        ):
            over.add(row["person_id"])
    return len(over)


async def _browsers(app: App, database: Database, count: int) -> list[Browser]:
    async with database.begin() as session:
        accounts = (
            await session.execute(
                text("select id from account where email like 'b0%@bench.example' order by email limit :n"),
                {"n": count},
            )
        ).scalars()
        return [Browser(app, await open_session(session, account, device="bench", old=None)) for account in accounts]


async def _post(browsers: list[Browser], random: Random, outcomes: Counter[str]) -> None:
    answer = await random.choice(browsers).post(f"/klussen/{klus_id('0', random.randrange(KLUSSEN))}/inzet", {})
    outcomes[f"http {answer.status}"] += 1


async def _at_once(call: Callable[[], Awaitable[None]], calls: int) -> None:
    async def turn() -> None:
        for _ in range(calls // CLIENTS):
            await call()

    await asyncio.gather(*(turn() for _ in range(CLIENTS)))


async def _written(database: Database, random: Random) -> str:
    """The action's writing statement as pgbench can run it: what differs per claim becomes a variable."""
    klus, person = klus_id("0", 0), person_id("0", 0)
    with statements(database) as sent:
        async with database.begin() as session:
            claim, held = await claim_klus(session, klus, by=Actor(person, request_id="bench", origin="127.0.0.1"))
    assert held.seat is not None
    return _literal(sent, {claim: ":claim", klus: ":klus", person: ":person"}, held.seat)


def _literal(sent: Sent, names: dict[UUID, str], seat: int) -> str:
    statement, parameters = sent[-1]
    assert "insert into claim" in statement
    number = re.search(r"insert into claim \(([^)]*)\)\s*values \(([^)]*)\)", statement)
    assert number is not None
    columns = [column.strip() for column in number[1].split(",")]
    where_seat = re.search(r"\$(\d+)", number[2].split(",")[columns.index("seat")])
    assert where_seat is not None

    def value(found: re.Match[str]) -> str:
        given = parameters[int(found[1]) - 1]
        if found[1] == where_seat[1]:
            return "(:seat)"
        return f"({names[given]})" if isinstance(given, UUID) and given in names else _sql(given)

    return " ".join(re.sub(r"\$(\d+)", value, statement).split())


def _sql(given: Any) -> str:
    if given is None:
        return "null"
    if isinstance(given, bool | int):
        return str(given).lower()
    if isinstance(given, list):
        return "'{" + ",".join(f'"{item}"' for item in given) + "}'"
    return "'" + str(given).replace("'", "''") + "'"


def _pgbench(server: Server, name: str, write: str, calls: int) -> float:
    """ms a transaction, all clients together."""
    with tempfile.NamedTemporaryFile("w", suffix=".pgb") as script:
        script.write(_SCRIPT.format(people=PEOPLE, klussen=KLUSSEN, places=_PLACES, write=write))
        script.flush()
        where = ["-h", str(server.sockets), "-p", str(PORT), "-U", "teams_app", name]
        how = ["-n", "-M", "prepared", "-c", str(CLIENTS), "-j", "1", "-t", str(calls // CLIENTS), "-f", script.name]
        command = [str(server.programs / "pgbench"), *how, *where]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    found = re.search(r"tps = ([\d.]+)", done.stdout)
    if done.returncode or found is None or "number of failed transactions: 0" not in done.stdout:
        raise RuntimeError(done.stdout + done.stderr)
    return 1000 / float(found[1])
