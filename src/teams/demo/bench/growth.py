"""The list at a million klussen against ten thousand: time of the query, and the buffers that PostgreSQL reads for it."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from statistics import median

import asyncpg

from teams.demo.bench.crowd import COMMON, MISSPELT, PAST, RARE
from teams.demo.bench.measure import Measure, interleaved
from teams.demo.bench.pages import EMPLOYEE
from teams.demo.bench.visitor import statements
from teams.demo.postgres import Server
from teams.journal.models import Actor
from teams.kit.db import Database, plain_url
from teams.klussen.listing import Wish, list_klussen

WISHES = {
    "lijst, past bij mij": Wish(order="past"),
    "lijst, nieuwste eerst": Wish(order="nieuw"),
    "lijst, start het eerst": Wish(order="start"),
    f"zoek gewoon woord ({COMMON})": Wish(search=COMMON, order="past"),
    f"zoek gewoon woord ({COMMON}), nieuwste": Wish(search=COMMON, order="nieuw"),
    f"zoek zeldzaam woord ({RARE})": Wish(search=RARE, order="past"),
    f"zoek woord van vroeger ({PAST})": Wish(search=PAST, order="past"),
    f"zoek met tikfout ({MISSPELT})": Wish(search=MISSPELT, order="past"),
}


@dataclass(frozen=True)
class Town:
    """One database with somebody who looks for klussen in it."""

    name: str
    database: Database
    reader: asyncpg.Connection
    me: Actor

    @classmethod
    async def open(cls, server: Server, name: str) -> "Town":
        address = server.url("teams_app", name)
        database, reader = Database(address, pool=2), await asyncpg.connect(plain_url(address))
        person = await reader.fetchval("select person_id from account where email = $1", EMPLOYEE)
        return cls(name, database, reader, Actor(person))

    async def look(self, wish: Wish, times: int = 1) -> int:
        at, found = datetime.now(UTC), 0
        async with self.database.read() as session:
            for _ in range(times):
                found = len((await list_klussen(session, wish, self.me, at=at)).rows)
        return found

    async def buffers(self, wish: Wish) -> int:
        """8 kB blocks touched, cached or not, by every statement of one look."""
        with statements(self.database) as sent:
            await self.look(wish)
        total = 0
        for statement, parameters in sent:
            plan = await self.reader.fetchval(f"explain (analyze, buffers, format json) {statement}", *parameters)
            top = json.loads(plan)[0]["Plan"]
            total += top["Shared Hit Blocks"] + top["Shared Read Blocks"]
        return total

    async def live(self) -> tuple[int, int]:
        """All klussen, and the live ones."""
        row = await self.reader.fetchrow(
            "select count(*), count(*) filter (where state in ('open', 'in_uitvoering')) from klus"
        )
        return row[0], row[1]

    async def close(self) -> None:
        await self.database.close()
        await self.reader.close()


async def growth(
    server: Server, small: str, large: str, *, rounds: int, calls: int, gate: float | None
) -> list[Measure]:
    """The large one's time as a multiple of the small one's, each wish by itself. `gate` None: told, not gated."""
    towns = [await Town.open(server, name) for name in (small, large)]
    try:
        sizes = [await town.live() for town in towns]
        size = f"{_thousands(sizes[1][0])} tegen {_thousands(sizes[0][0])}, {_thousands(sizes[1][1])} en {_thousands(sizes[0][1])} lopend"
        found = []
        for what, wish in WISHES.items():
            few, many = towns
            costs = await interleaved(
                {"few": partial(few.look, wish, calls), "many": partial(many.look, wish, calls)},
                calls,
                rounds,
            )
            times = median(b.wall / a.wall for a, b in zip(costs["few"], costs["many"], strict=True))
            blocks = [await town.buffers(wish) for town in towns]
            rows = [await town.look(wish) for town in towns]
            wall = [median(cost.wall for cost in costs[name]) for name in ("few", "many")]
            found.append(
                Measure("groei", what, times, "×", most=gate,
                        note=f"{blocks[1]} tegen {blocks[0]} blokken, {rows[1]} tegen {rows[0]} rijen, {wall[1]:.1f} tegen {wall[0]:.1f} ms; {size}")
            )  # fmt: skip
        return found
    finally:
        for town in towns:
            await town.close()


def _thousands(number: int) -> str:
    return f"{number:,}".replace(",", ".")
