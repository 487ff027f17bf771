"""`teams bench --deel belasting`: people at work on two web processes, beside the same statements sent by asyncpg alone."""

import asyncio
import json
import os
import time
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from random import Random
from statistics import median

import asyncpg

from teams.auth.sessions import open_session
from teams.demo.bench.load_client import Connection
from teams.demo.bench.load_mix import Mix, Visit, Visitor, read_mix
from teams.demo.bench.measure import Measure
from teams.demo.bench.memory import HOST, _child, _free_port, _wait, pss
from teams.demo.bench.pages import BuildApp
from teams.demo.bench.scale import database_name
from teams.demo.bench.scale import provide as provide_town
from teams.demo.bench.visitor import Browser, Sent, statements
from teams.demo.postgres import Server
from teams.demo.run import WORKS_COUNCIL
from teams.kit.clock import AMSTERDAM
from teams.kit.db import Database, plain_url
from teams.kit.settings import Settings

CLIENTS, PROCESSES, VISITORS = 16, 2, 200
RATE, PATIENCE = 100, 30.0
_WARM = 0.1
_FLAT, _FLAT_OVER = 5, 30
"""Percent that memory may differ from its middle, over so many of the last minutes."""
_PEOPLE = """
    select a.id, a.person_id from account a where a.disabled_at is null and exists (select from contract c where c.person_id = a.person_id and upper_inf(c.valid))
        and not exists (select from account_right r where r.account_id = a.id and r."right" = 'raad')
        and not exists (select from organ_member m where m.person_id = a.person_id)
    order by md5(a.email) limit $1
"""


@dataclass
class Seen:
    """What came back: milliseconds by kind of visit, and everything that is no answer."""

    waits: dict[str, list[float]] = field(default_factory=dict)
    errors: Counter[str] = field(default_factory=Counter)
    seconds: float = 0.0

    def note(self, kind: str, status: int, ms: float, fits: bool) -> None:
        self.waits.setdefault(kind, []).append(ms)
        if not fits:
            self.errors[f"{kind} {status}"] += 1

    @property
    def all(self) -> list[float]:
        return sorted(ms for waits in self.waits.values() for ms in waits)

    @property
    def rate(self) -> float:
        return len(self.all) / self.seconds if self.seconds else 0

    def p(self, hundredth: int, kind: str | None = None) -> float:
        waits = self.all if kind is None else sorted(self.waits.get(kind, []))
        return waits[min(len(waits) - 1, len(waits) * hundredth // 100)] if waits else 0


async def load(server: Server, name: str, build: BuildApp, *, seconds: float, rate: int = RATE) -> list[Measure]:
    """On the database `name`: a third of the time as fast as it goes, beside the limit; the rest at a steady rate."""
    mix = await read_mix(server, name)
    visitors = await visitors_of(server, name)
    sent = await _statements(server, name, build, mix)
    port, random = _free_port(), Random(1)
    with _child(
        ["serve", "--host", HOST, "--port", str(port), "--workers", str(PROCESSES)], env_of(server, name)
    ) as web:
        _wait(port, web)
        await closed(port, visitors, mix, random, max(3.0, seconds * _WARM))
        fast, limits = Seen(), list[float]()
        turn = seconds / 15
        for _ in range(3):
            limits.append(await _limit(server, name, sent, turn / 2))
            fast = joined(fast, await closed(port, visitors, mix, random, turn))
        steady, sizes = Seen(), [(0.0, pss(web.pid))]
        begin = time.perf_counter()
        while time.perf_counter() - begin < seconds * 2 / 3:
            steady = joined(steady, await _open(port, visitors, mix, random, min(30.0, seconds * 2 / 9), rate))
            sizes.append((time.perf_counter() - begin, pss(web.pid)))
        alive = web.poll() is None
    return _measures(fast, steady, median(limits), sizes, rate, alive)


def _measures(
    fast: Seen, steady: Seen, limit: float, sizes: list[tuple[float, int]], rate: int, alive: bool
) -> list[Measure]:
    wrong = fast.errors + steady.errors
    errors = sum(wrong.values()) + (not alive)
    told = (
        ", ".join(f"{what}: {n}" for what, n in wrong.most_common(4)) or f"{len(fast.all) + len(steady.all)} verzoeken"
    )
    kinds = ", ".join(f"{kind} {steady.p(95, kind):.0f}" for kind in sorted(steady.waits))
    flat, minutes, told_of = flatness(sizes)
    return [
        Measure("belasting", "fouten", errors, "", most=0, note=told),
        Measure("belasting", "zo snel als het gaat", fast.rate, "/s", note=f"{CLIENTS} tegelijk, {PROCESSES} webprocessen; p95 {fast.p(95):.0f} ms"),
        Measure("belasting", "deel van dezelfde opdrachten in kale asyncpg", 100 * fast.rate / limit, "%", note=f"grens {limit:.0f}/s, in dezelfde ronden"),
        Measure("belasting", f"bij {rate}/s: gehaald", steady.rate, "/s", note=f"{steady.seconds:.0f} s"),
        Measure("belasting", f"bij {rate}/s: p95", steady.p(95), "ms", note=f"p50 {steady.p(50):.0f}, p99 {steady.p(99):.0f}; p95 {kinds}; doel 250"),
        Measure("belasting", f"geheugen van web, de laatste {minutes:.0f} minuten", flat, "%", most=_FLAT if minutes >= _FLAT_OVER else None,
                note=told_of),
    ]  # fmt: skip


def flatness(sizes: list[tuple[float, int]]) -> tuple[float, float, str]:
    """Of (seconds, bytes): the largest distance from the middle in percent, over the last half hour or, of a shorter run, its
    second half; how many minutes that is; in words."""
    end = sizes[-1][0]
    span = _FLAT_OVER * 60 if end >= _FLAT_OVER * 60 else end / 2
    last = [size for at, size in sizes if at >= end - span]
    middle = median(last)
    worst = max(abs(size - middle) for size in last)
    note = f"van {min(last) / 2**20:.0f} tot {max(last) / 2**20:.0f} MiB, aan het begin {sizes[0][1] / 2**20:.0f}"
    return 100 * worst / middle, span / 60, note


def env_of(server: Server, name: str) -> dict[str, str]:
    return {key: value for key, value in os.environ.items() if not key.startswith("TEAMS_")} | {
        "TEAMS_DATABASE_URL": server.url("teams_app", name), "TEAMS_POOL": "5", "TEAMS_WORKS_COUNCIL": WORKS_COUNCIL,
    }  # fmt: skip


async def visitors_of(server: Server, name: str) -> list[Visitor]:
    database, reader = (
        Database(server.url("teams_app", name), pool=1),
        await asyncpg.connect(plain_url(server.url(database=name))),
    )
    try:
        rows = await reader.fetch(_PEOPLE, VISITORS)
        async with database.begin() as session:
            return [
                Visitor(await open_session(session, row["id"], device="bench", old=None), str(row["person_id"]))
                for row in rows
            ]
    finally:
        await database.close()
        await reader.close()


async def _statements(server: Server, name: str, build: BuildApp, mix: Mix) -> list[Sent]:
    """What a hundred reads of the mix ask of the database; writes are too few to count in the limit."""
    address, random = server.url("teams_app", name), Random(2)
    database, found = Database(address, pool=1), list[Sent]()
    try:
        visitors = await visitors_of(server, name)
        app = build(Settings(database_url=address), database)
        for _ in range(100):
            visitor = random.choice(visitors)
            visit = mix.read(random) if random.random() < 0.84 else mix.search(random)
            with statements(database) as sent:
                await Browser(app, visitor.session).get(visit.path)
            found.append(list(sent))
        return found
    finally:
        await database.close()


async def _limit(server: Server, name: str, sent: list[Sent], seconds: float) -> float:
    """Visits a second of which only the statements are sent, by as many at once."""
    settings = {"timezone": "UTC", "pg_trgm.word_similarity_threshold": "0.4"}
    pool = await asyncpg.create_pool(
        plain_url(server.url("teams_app", name)), min_size=CLIENTS, max_size=CLIENTS, server_settings=settings
    )
    random, until, done = Random(3), time.perf_counter() + seconds, 0

    async def client() -> int:
        count = 0
        async with pool.acquire() as connection:
            while time.perf_counter() < until:
                for statement, parameters in random.choice(sent):
                    await connection.fetch(statement, *parameters)
                count += 1
        return count

    begin = time.perf_counter()
    done = sum(await asyncio.gather(*(client() for _ in range(CLIENTS))))
    seconds = time.perf_counter() - begin
    await pool.close()
    return done / seconds


async def closed(
    port: int, visitors: list[Visitor], mix: Mix, random: Random, seconds: float, *, at_once: int = CLIENTS
) -> Seen:
    """Everybody asks again as soon as the answer is there."""
    seen, until = Seen(), time.perf_counter() + seconds

    async def client() -> None:
        async with _connected(port) as connection:
            while time.perf_counter() < until:
                await _visit(connection, random.choice(visitors), mix, random, seen, time.perf_counter())

    begin = time.perf_counter()
    await asyncio.gather(*(client() for _ in range(at_once)))
    seen.seconds = time.perf_counter() - begin
    return seen


async def _open(port: int, visitors: list[Visitor], mix: Mix, random: Random, seconds: float, rate: int) -> Seen:
    """A request each hundredth of a second, whether or not the others were answered; waiting for a connection counts."""
    seen, asked = Seen(), asyncio.Queue[float]()

    async def client() -> None:
        async with _connected(port) as connection:
            while (due := await asked.get()) >= 0:
                await _visit(connection, random.choice(visitors), mix, random, seen, due)

    clients = [asyncio.create_task(client()) for _ in range(4 * CLIENTS)]
    begin = time.perf_counter()
    for number in range(int(seconds * rate)):
        due = begin + number / rate
        await asyncio.sleep(max(0.0, due - time.perf_counter()))
        asked.put_nowait(due)
    for _ in clients:
        asked.put_nowait(-1)
    await asyncio.gather(*clients)
    seen.seconds = time.perf_counter() - begin
    return seen


async def _visit(connection: Connection, visitor: Visitor, mix: Mix, random: Random, seen: Seen, due: float) -> None:
    visit: Visit = mix.next(random, visitor)
    try:
        status, body = await asyncio.wait_for(connection.send(visit, visitor), PATIENCE)
    except (OSError, TimeoutError, asyncio.IncompleteReadError) as error:
        seen.note(visit.kind, 0, 1e3 * (time.perf_counter() - due), fits=False)
        seen.errors[type(error).__name__] += 1
        await connection.again()
        return
    seen.note(visit.kind, status, 1e3 * (time.perf_counter() - due), fits=status in visit.fits)
    if visit.kind == "schrijven" and status == 201:
        visitor.claim = json.loads(body)["id"]


@asynccontextmanager
async def _connected(port: int) -> AsyncIterator[Connection]:
    connection = Connection(HOST, port)
    await connection.again()
    try:
        yield connection
    finally:
        connection.close()


def joined(one: Seen, other: Seen) -> Seen:
    waits = {
        kind: one.waits.get(kind, []) + other.waits.get(kind, []) for kind in one.waits.keys() | other.waits.keys()
    }
    return Seen(waits, one.errors + other.errors, one.seconds + other.seconds)


async def provide(server: Server, part: float, folder: Path) -> str:
    """The municipality that is visited, made when it is not there."""
    await provide_town(server, part, folder, datetime.now(AMSTERDAM).date())
    return database_name(part)
