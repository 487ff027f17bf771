"""kill -9 while reminders are made and mail goes out: every reminder once in the database, at most one mail twice for each kill."""

import asyncio
import contextlib
import os
import random
import signal
import sys
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta
from typing import Any

import asyncpg
import pytest

from teams.jobs.work import LEASE
from tests.conftest import Place
from tests.notices.scene import Box, daytime, mail_server
from tests.world import TODAY, World

PEOPLE = ("bram", "cato", "dirk", "kees")
HOLDER = """
    select pid from pg_locks where locktype = 'advisory' and granted
        and database = (select oid from pg_database where datname = current_database())
        and (classid::bigint << 32 | objid::bigint) = $1
"""
DONE = """
    select (select count(*) from reminder where rule = 'offer_ends') = $1
        and not exists (select from mail where state <> 'verstuurd')
"""
TWICE = """
    select count(*) from (select from notice where said = 'reminder.offer_ends:persoon'
        group by person_id, facts ->> 'klus' having count(*) > 1) t
"""


class Slow(Box):
    """A server that takes its time, so that a kill falls between handing over and marking."""

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        answer = await super().handle_DATA(server, session, envelope)
        await asyncio.sleep(0.05)
        return answer


async def start(place: Place, box: Box) -> asyncio.subprocess.Process:
    env = {name: value for name, value in os.environ.items() if not name.startswith("TEAMS_")}
    env |= {
        "TEAMS_DATABASE_URL": place.url(), "TEAMS_WORKER_DATABASE_URL": place.url("teams_worker"),
        "TEAMS_SMTP_URL": f"smtp://127.0.0.1:{box.port}", "TEAMS_MAIL_FROM": "teams@proefdam.example",
        "TEAMS_PUBLIC_URL": "https://teams.test",
    }  # fmt: skip
    return await asyncio.create_subprocess_exec(
        sys.executable, "-m", "teams", "work", env=env, stderr=asyncio.subprocess.DEVNULL
    )


@contextlib.asynccontextmanager
async def several(place: Place, box: Box, number: int) -> AsyncIterator[list[asyncio.subprocess.Process]]:
    running = [await start(place, box) for _ in range(number)]
    try:
        yield running
    finally:
        for process in running:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
            await process.wait()


async def until(true: Callable[[], Awaitable[Any]], seconds: float = 60) -> None:
    async with asyncio.timeout(seconds):
        while not await true():
            await asyncio.sleep(0.05)


async def offers(owner: asyncpg.Connection, world: World) -> None:
    """A klus with an offer for each of these people that ends within a day: a reminder and a mail for each."""
    klus = await owner.fetchval(
        "insert into klus (title, kind, way, state, team_id, posted_by, places, hours_min, hours_max, starts, ends)"
        " values ('Bomen tellen', 'klus', 'claim', 'open', $1, $2, 4, 1, 2, $3::date, $3::date + 30) returning id",
        world.teams["groen"], world.people["aya"], TODAY + timedelta(days=20),
    )  # fmt: skip
    await owner.executemany(
        "insert into claim (klus_id, person_id, state, seat, hours, lined_at, due_at)"
        " values ($1, $2, 'aangeboden', $3, 1, now(), now() + interval '20 hours')",
        [(klus, world.people[who], seat) for seat, who in enumerate(PEOPLE, 1)],
    )


async def kill_the_leader(owner: asyncpg.Connection, place: Place, box: Box, running: list[Any]) -> int:
    """The oldest first, until the lease has another holder; new processes stand by instead. How many were killed."""
    async with asyncio.timeout(60):
        while (holder := await owner.fetchval(HOLDER, LEASE)) is None:
            await asyncio.sleep(0.05)
    for killed in range(1, len(running) + 1):
        running[0].send_signal(signal.SIGKILL)
        await running.pop(0).wait()
        running.append(await start(place, box))
        for _ in range(20):
            if await owner.fetchval(HOLDER, LEASE) != holder:
                return killed
            await asyncio.sleep(0.02)
    raise AssertionError("nobody led")


async def killed_again_and_again(
    place: Place, owner: asyncpg.Connection, world: World, rounds: int, number: int
) -> None:
    chance, kills = random.Random(rounds), 0
    await daytime(owner)
    async with mail_server(Slow()) as box, several(place, box, number) as running:
        for _ in range(rounds):
            await offers(owner, world)
            before, wanted = len(box.mails), chance.randint(1, 3)
            kills += await kill_the_leader(owner, place, box, running)  # whoever leads next begins with the reminders
            await owner.execute(
                "update mail set next_at = now() where state = 'wacht'"
            )  # the lease of the dead is over

            async def going_out(enough: int = before + wanted) -> bool:
                return len(box.mails) >= enough

            await until(going_out)
            await asyncio.sleep(chance.random() * 0.08)
        kills += await kill_the_leader(owner, place, box, running)

        async def all_out() -> bool:
            await owner.execute(
                "update mail set next_at = now() where state = 'wacht' and next_at < now() + interval '110 s'"
            )
            return bool(await owner.fetchval(DONE, rounds * len(PEOPLE)))

        await until(all_out)
    assert await owner.fetchval(TWICE) == 0, "every reminder once in the database"
    assert await owner.fetchval("select count(*) from notice") == rounds * len(PEOPLE), "and nobody is missed"
    sent = Counter(mail["Message-ID"] for mail in box.mails)
    assert len(sent) == rounds * len(PEOPLE), "each was mailed"
    assert sum(sent.values()) - len(sent) <= kills, "at most one mail twice for each kill"


@pytest.mark.slow
async def test_R12_two_kills_while_it_works(place: Place, owner: asyncpg.Connection, world: World) -> None:
    await killed_again_and_again(place, owner, world, rounds=2, number=2)


@pytest.mark.long
@pytest.mark.timeout(900)
async def test_R12_twenty_kills_while_three_processes_work(
    place: Place, owner: asyncpg.Connection, world: World
) -> None:
    await killed_again_and_again(place, owner, world, rounds=20, number=3)
