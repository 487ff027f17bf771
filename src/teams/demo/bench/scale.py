"""`teams bench --schaal`: every page and every common act at 1 %, 10 % and 100 % of a large municipality, cost against size."""

import time
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from statistics import median
from typing import Any, NamedTuple

import asyncpg

from teams.demo.bench.measure import Measure
from teams.demo.bench.pages import BuildApp
from teams.demo.bench.scale_acts import ACTS, Doer
from teams.demo.bench.scale_pages import CALLS, PAGES, Seen
from teams.demo.bench.visitor import Browser, sign_in
from teams.demo.big import Size, big
from teams.demo.postgres import Server
from teams.demo.run import say
from teams.kit.clock import AMSTERDAM
from teams.kit.db import Database, plain_url
from teams.kit.process import settle
from teams.kit.settings import Settings

PARTS = (0.01, 0.1, 1.0)
MOST, LINEAR = 2.0, 1.2
_LEAST_BLOCKS = 100  # fewer than this is never growth: the heights of a few trees
_COUNTERS = """
    select coalesce(sum(s.calls), 0)::bigint, coalesce(sum(s.shared_blks_hit + s.shared_blks_read), 0)::bigint, coalesce(sum(s.total_exec_time), 0)
    from pg_stat_statements s where s.dbid = (select oid from pg_database where datname = $1) and s.userid = 'teams_app'::regrole
"""
_PIDS = "select pid from pg_stat_activity where datname = $1 and usename = 'teams_app'"
_SLOW, _TOO_SLOW = 0.5, 2.0  # seconds from which a page is asked for once a round, or once at all


class Spent(NamedTuple):
    """What one call took: statements, 8 kB blocks touched, ms of CPU in Python and in PostgreSQL, ms on the clock."""

    queries: float
    blocks: float
    python: float
    postgres: float
    wall: float

    @property
    def cpu(self) -> float:
        return self.python + self.postgres


@dataclass
class Town:
    """One size of the municipality with everyone who looks at it."""

    part: float
    name: str
    database: Database
    boss: asyncpg.Connection
    finder: asyncpg.Connection
    app: Any
    browsers: dict[str | None, Browser] = field(default_factory=dict)

    @classmethod
    async def open(cls, server: Server, name: str, part: float, build: BuildApp) -> "Town":
        address = server.url("teams_app", name)
        database = Database(address, pool=1)
        boss = await asyncpg.connect(plain_url(server.url(database="postgres")))
        finder = await asyncpg.connect(plain_url(server.url(database=name)))
        contact = "mailto:bench@zandermeer.example"
        settings = Settings(database_url=address, demo=True, works_council="OR 2026-03", security_contact=contact)
        return cls(part, name, database, boss, finder, build(settings, database))

    async def browser(self, who: str | None) -> Browser:
        if who not in self.browsers:
            self.browsers[who] = Browser(self.app, "") if who is None else await sign_in(self.app, self.database, who)
        return self.browsers[who]

    async def address(self, seen: Seen) -> str:
        if not seen.query:
            return seen.address
        found = await self.finder.fetchval(seen.query)
        if found is None:
            raise LookupError(f"{seen.address}: niets gevonden in {self.name}")
        return seen.address.format(found)

    async def spend(self, work: Callable[[], Awaitable[Any]], calls: int) -> Spent:
        before, backends = await self._counters(), await self._backends()
        wall, cpu = time.perf_counter(), time.process_time()
        for _ in range(calls):
            await work()
        cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
        after, now = await self._counters(), await self._backends()
        busy = sum(now[pid] - backends.get(pid, 0) for pid in now) / 1e6
        queries, blocks = (after[n] - before[n] for n in (0, 1))
        return Spent(*(value / calls for value in (queries, blocks, cpu * 1e3, busy, wall * 1e3)))

    async def _counters(self) -> asyncpg.Record:
        return await self.boss.fetchrow(_COUNTERS, self.name)

    async def _backends(self) -> dict[int, int]:
        """Nanoseconds on a core of each backend of the app."""
        return {row["pid"]: on_core(row["pid"]) for row in await self.boss.fetch(_PIDS, self.name)}

    async def close(self) -> None:
        await self.database.close()
        await self.boss.close()
        await self.finder.close()


@dataclass
class Line:
    """One page or act with what it took in each size; `fault` when it was not answered. `told`: how many things a report tells
    of in each size; its cost may grow as much as they do."""

    what: str
    told: list[int] = field(default_factory=list)
    spent: list[Spent] = field(default_factory=list)
    fault: str = ""

    @property
    def cpu(self) -> float:
        return self.spent[-1].cpu / self.spent[0].cpu if self.spent else 0

    @property
    def most(self) -> float:
        """What it may grow: a page twice; a report as much as what it tells of, and a fifth for chance."""
        return max(MOST, LINEAR * self.told[-1] / max(self.told[0], 1)) if self.told else MOST

    @property
    def blocks(self) -> float:
        return self.spent[-1].blocks / max(self.spent[0].blocks, _LEAST_BLOCKS) if self.spent else 0


def on_core(pid: int) -> int:
    """Nanoseconds that a process was on a core (Linux); 0 when it has gone."""
    with suppress(FileNotFoundError):
        return int(Path(f"/proc/{pid}/schedstat").read_text().split()[0])
    return 0


def database_name(part: float) -> str:
    return f"schaal_{part:g}".replace(".", "_")


async def provide(server: Server, part: float, folder: Path, today: date, size: Size | None = None) -> list[Measure]:
    """The municipality of one size, unless it stands there already; what making it cost."""
    name, keys = database_name(part), folder / database_name(part)
    boss = await asyncpg.connect(plain_url(server.url(database="postgres")))
    await boss.execute("create extension if not exists pg_stat_statements")
    there = await boss.fetchval("select exists (select from pg_database where datname = $1)", name)
    await boss.close()
    if there and (keys / "klaar").exists():
        return []
    if there:
        boss = await asyncpg.connect(plain_url(server.url(database="postgres")))
        await boss.execute(f'drop database "{name}" with (force)')
        await boss.close()
    say(f"een gemeente van {part:.0%} maken")
    for left in keys.glob("*"):
        left.unlink()
    keys.mkdir(parents=True, exist_ok=True)
    made = await big(server, name, size or Size(part), today=today, folder=keys)
    (keys / "klaar").touch()
    note = ", ".join(f"{what} {seconds:.0f} s" for what, seconds in made.seconds.items())
    return [
        Measure("schaal", f"maken van {part:.0%}", made.total, "s", note=note),
        Measure("schaal", f"grootte van {part:.0%}", made.size / 1e9, "GB"),
    ]


async def scale(
    server: Server,
    build: BuildApp,
    folder: Path,
    *,
    parts: Sequence[float] = PARTS,
    rounds: int = 3,
    calls: int = 4,
    only: str = "",
) -> list[Measure]:
    """`only`: the addresses that hold this text."""
    today, found = datetime.now(AMSTERDAM).date(), list[Measure]()
    for part in parts:
        found += await provide(server, part, folder, today)
    towns = [await Town.open(server, database_name(part), part, build) for part in parts]
    settle()  # as a web process does
    try:
        lines = []
        for seen in (*PAGES, *CALLS):
            if only in seen.address:
                lines.append(await look(towns, seen, rounds, calls))
                say(row(lines[-1]))
        for doer in ACTS:
            if only in doer.what:
                lines.append(await do(towns, doer, rounds, calls))
                say(row(lines[-1]))
    finally:
        for town in towns:
            await town.close()
    print(drawn(lines, parts))
    return found + measures(lines)


async def look(towns: list[Town], seen: Seen, rounds: int, calls: int) -> Line:
    """One address, in turn in each town; the first look only warms up, unless it is very slow: then it is the only one."""
    who = "iedereen" if seen.who is None else seen.who.partition("@")[0]
    line = Line(f"{seen.address} ({who})")
    works = []
    for town in towns:
        try:
            browser, address = await town.browser(seen.who), await town.address(seen)
            if seen.tells:
                line.told.append(await town.finder.fetchval(seen.tells))
        except Exception as error:
            line.fault = f"{error} ({town.part:.0%})"
            return line
        works.append(_get(browser, address, seen.status))
    return await _measured(line, towns, works, rounds, calls)


async def do(towns: list[Town], doer: Doer, rounds: int, calls: int) -> Line:
    line = Line(doer.what)
    works = []
    for town in towns:
        try:
            works.append(await doer.begin(town, await town.browser(doer.who), rounds * calls + 1))
        except Exception as error:
            line.fault = f"{error} ({town.part:.0%})"
            return line
    return await _measured(line, towns, works, rounds, calls)


def _get(browser: Browser, address: str, status: int) -> Callable[[], Awaitable[Any]]:
    async def work() -> None:
        answer = await browser.get(address)
        assert answer.status == status, f"{answer.status} op {address}"

    return work


async def _measured(
    line: Line, towns: list[Town], works: list[Callable[[], Awaitable[Any]]], rounds: int, calls: int
) -> Line:
    each: list[list[Spent]] = [[] for _ in towns]
    many = 1
    for _ in range(rounds + 1):
        for place, (town, work) in enumerate(zip(towns, works, strict=True)):
            try:
                each[place].append(await town.spend(work, many))
            except Exception as error:
                line.fault = f"{error!r:.120} ({town.part:.0%})"
                return line
        longest = max(spent[-1].wall for spent in each) / 1e3
        if longest > _TOO_SLOW:
            break
        many = 1 if longest > _SLOW else calls
    each = [spent[1:] or spent for spent in each]
    line.spent = [Spent(*(median(values) for values in zip(*spent, strict=True))) for spent in each]
    return line


def measures(lines: list[Line]) -> list[Measure]:
    """Two gates a line: CPU and blocks."""
    found = []
    for line in lines:
        if line.fault:
            found.append(Measure("schaal", line.what, 0, "", least=1, note=line.fault))
            continue
        first, last = line.spent[0], line.spent[-1]
        found += [
            Measure("schaal", f"{line.what}: rekentijd", line.cpu, "×", most=line.most,
                    note=f"{last.cpu:.1f} tegen {first.cpu:.1f} ms{_told(line)}"),
            Measure("schaal", f"{line.what}: blokken", line.blocks, "×", most=line.most,
                    note=f"{last.blocks:.0f} tegen {first.blocks:.0f}, {last.queries:.0f} opdrachten"),
        ]  # fmt: skip
    return found


def drawn(lines: list[Line], parts: Sequence[float]) -> str:
    """Cost against size, the worst growers first."""
    sizes = " ".join(f"{part:>8.0%}" for part in parts)
    rows = [f"{'wat':58}  opdr.  blokken en dan rekentijd in ms bij {sizes}; groei van elk"]
    rows += [row(line) for line in sorted(lines, key=lambda one: (bool(one.fault), one.cpu, one.blocks), reverse=True)]
    return "\n".join(rows)


def row(line: Line) -> str:
    if line.fault:
        return f"{line.what:58}  {line.fault}"
    blocks = " ".join(f"{one.blocks:8.0f}" for one in line.spent)
    cpu = " ".join(f"{one.cpu:8.1f}" for one in line.spent)
    why = "" if max(line.cpu, line.blocks) <= line.most else "  te veel"
    return f"{line.what:58.58}  {line.spent[-1].queries:5.0f}  {blocks}   {cpu}   {line.blocks:6.1f}× {line.cpu:6.1f}×{_told(line)}{why}"


def _told(line: Line) -> str:
    return f", van {line.told[0]} naar {line.told[-1]} dingen om over te vertellen" if line.told else ""
