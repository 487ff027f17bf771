"""A municipality of 15,000 people, 2,000 teams, a million klussen, a million decisions and ten years, or a part of it.

Zandermeer is copied by set-based SQL: its structure as often as there are teams, its work along with it, and its decisions
with entries, leaves and signed heads that verify. The same day and size give the same rows, but for ids and the seeds of the log.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import asyncpg

from teams.demo.big.decided import decide
from teams.demo.big.log import seal
from teams.demo.big.rows import FUNCTIONS, finish, in_order_of_time, open_filler, without_indexes
from teams.demo.big.structure import grow
from teams.demo.big.work import work
from teams.demo.postgres import Server
from teams.demo.seed import seed
from teams.kit.db import plain_url
from teams.kit.migrate import migrate, provide_roles

PEOPLE, TEAMS, KLUSSEN, DECISIONS = 15_000, 2_000, 1_000_000, 1_000_000
_BASE_PEOPLE, _BASE_TEAMS, _BASE_DECISIONS = 334, 28, 300


@dataclass(frozen=True)
class Size:
    """How much there is of everything at a part of the whole; Zandermeer itself is the least, or so many times it."""

    part: float
    least: int = 1

    @property
    def places(self) -> int:
        """How often the structure stands there."""
        return max(self.least, round(TEAMS * self.part / _BASE_TEAMS))

    @property
    def crowds(self) -> int:
        """How often its people stand there."""
        return max(1, self.least - 1, round(PEOPLE * self.part / _BASE_PEOPLE))

    @property
    def active(self) -> int:
        """How many people do the work, so that each did as much in every size."""
        return max(20, round(PEOPLE * self.part))

    @property
    def klussen(self) -> int:
        return round(KLUSSEN * self.part)

    @property
    def live(self) -> int:
        return self.klussen // 50

    @property
    def decisions(self) -> int:
        return round(DECISIONS * self.part)

    @property
    def governance(self) -> int:
        """How often the proposals and meetings of Zandermeer stand there: ten years of them in each copy."""
        return self.places * 100


@dataclass(frozen=True)
class Made:
    """What it cost: the name of the database, seconds of each step, bytes."""

    name: str
    seconds: dict[str, float]
    size: int

    @property
    def total(self) -> float:
        """Klussen are made beside decisions and log."""
        held = self.seconds
        beside = max(held["klussen"], held["besluiten"] + held["logboek"])
        return held["Zandermeer"] + held["structuur"] + beside + held["afronden"]


async def big(server: Server, name: str, size: Size, *, today: date, folder: Path) -> Made:
    """A database `name` with so much of the municipality; the signer's key and memory stand in `folder`."""
    seconds = dict[str, float]()
    await _timed(seconds, "Zandermeer", lambda: _ground(server, name, today))
    connection = await open_filler(server, name)
    await connection.execute(FUNCTIONS)
    await _timed(seconds, "structuur", lambda: grow(connection, size.places, size.crowds, size.governance))
    again = await without_indexes(connection, "journal", "journal_subject", but="ix_journal_xid")
    other = await open_filler(server, name)

    async def decisions() -> None:
        await _timed(seconds, "besluiten", lambda: decide(other, size.decisions, size.places, size.crowds))
        await _timed(seconds, "logboek", lambda: seal(server, name, folder))

    async with asyncio.TaskGroup() as both:
        both.create_task(_timed(seconds, "klussen", lambda: work(connection, size, today)))
        both.create_task(decisions())
    await other.close()

    async def end() -> None:
        await in_order_of_time(connection)
        await again()
        await finish(connection)

    await _timed(seconds, "afronden", end)
    held = await connection.fetchval("select pg_database_size(current_database())")
    await connection.close()
    return Made(name, seconds, held)


async def _ground(server: Server, name: str, today: date) -> None:
    boss = await asyncpg.connect(plain_url(server.url(database="postgres")))
    await boss.execute(f'create database "{name}" template template0')
    await boss.close()
    await provide_roles(server.url(database=name), name)
    owner = server.url("teams_owner", name)
    await asyncio.to_thread(migrate, owner)
    await seed(owner, today, lambda _: None, decisions=_BASE_DECISIONS)


async def _timed(seconds: dict[str, float], what: str, act: Callable[[], Awaitable[None]]) -> None:
    begin = time.perf_counter()
    await act()
    seconds[what] = round(time.perf_counter() - begin, 1)
