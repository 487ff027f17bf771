"""kill -9 while reminders are made and mail goes out: every reminder once in the database, at most one mail twice for each kill."""

import asyncio
import contextlib
import os
import random
import signal
import sys
import time
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from teams.jobs.work import LEASE
from tests.conftest import Place
from tests.notices.scene import Box, daytime, mail_server
from tests.world import TODAY, World

PEOPLE = ("bram", "cato", "dirk", "kees")
TAKEOVER = 15
LEADER = """
    select substring(a.application_name from '[0-9]+$')::int from pg_locks l join pg_stat_activity a using (pid)
    where l.locktype = 'advisory' and l.granted and l.database = (select oid from pg_database where datname = current_database())
        and (l.classid::bigint << 32 | l.objid::bigint) = $1
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


class Crew:
    """Processes of `teams work`; whoever leads is killed, and another one stands by in its place."""

    def __init__(self, place: Place, owner: asyncpg.Connection, box: Box, said: Path) -> None:
        self.owner, self.said = owner, said
        self.env = {name: value for name, value in os.environ.items() if not name.startswith("TEAMS_")} | {
            "TEAMS_DATABASE_URL": place.url(), "TEAMS_WORKER_DATABASE_URL": place.url("teams_worker"),
            "TEAMS_SMTP_URL": f"smtp://127.0.0.1:{box.port}", "TEAMS_MAIL_FROM": "teams@proefdam.example",
            "TEAMS_PUBLIC_URL": "https://teams.test",
        }  # fmt: skip
        self.running: dict[asyncio.subprocess.Process, Path] = {}
        self.kills, self.slowest = 0, 0.0

    async def start(self) -> None:
        path = self.said / f"{len(self.running) + self.kills}"
        with path.open("wb") as said:
            process = await asyncio.create_subprocess_exec(
                sys.executable, "-m", "teams", "work", env=self.env, stderr=said
            )
        self.running[process] = path

    async def stands_by(self) -> None:
        """Each has said that it leads or stands by."""
        while not all(path.stat().st_size for path in self.running.values()):
            self._none_stopped()
            await asyncio.sleep(0.05)

    async def leader(self, but: int | None = None) -> int:
        """The process that leads, once it is not `but`."""
        while (pid := await self.owner.fetchval(LEADER, LEASE)) in (None, but):
            self._none_stopped()
            await asyncio.sleep(0.02)
        return int(pid)

    def _none_stopped(self) -> None:
        gone = [path.read_text() for process, path in self.running.items() if process.returncode is not None]
        assert not gone, f"a process stopped by itself: {gone}"

    async def kill_the_leader(self) -> None:
        """kill -9; another one leads within TAKEOVER seconds."""
        async with asyncio.timeout(120):
            await self.stands_by()
            pid = await self.leader()
        [process] = [process for process in self.running if process.pid == pid]
        del self.running[process]
        begin = time.monotonic()
        process.send_signal(signal.SIGKILL)
        await process.wait()
        self.kills += 1
        async with asyncio.timeout(TAKEOVER):
            await self.leader(but=pid)
        self.slowest = max(self.slowest, time.monotonic() - begin)
        await self.start()


@contextlib.asynccontextmanager
async def several(crew: Crew, number: int) -> AsyncIterator[None]:
    try:
        for _ in range(number):
            await crew.start()
        yield
    finally:
        for process in crew.running:
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


async def killed_again_and_again(
    place: Place, owner: asyncpg.Connection, world: World, said: Path, *, rounds: int, number: int
) -> None:
    chance = random.Random(rounds)
    await daytime(owner)
    async with mail_server(Slow()) as box:
        crew = Crew(place, owner, box, said)
        async with several(crew, number):
            for _ in range(rounds):
                await offers(owner, world)
                before, wanted = len(box.mails), chance.randint(1, 3)
                await crew.kill_the_leader()  # whoever leads next begins with the reminders
                # the lease of the dead is over
                await owner.execute("update mail set next_at = now() where state = 'wacht'")

                async def going_out(enough: int = before + wanted) -> bool:
                    return len(box.mails) >= enough

                await until(going_out)
                await asyncio.sleep(chance.random() * 0.08)
            await crew.kill_the_leader()

            async def all_out() -> bool:
                await owner.execute(
                    "update mail set next_at = now() where state = 'wacht' and next_at < now() + interval '110 s'"
                )
                return bool(await owner.fetchval(DONE, rounds * len(PEOPLE)))

            await until(all_out)
    sent = Counter(mail["Message-ID"] for mail in box.mails)
    twice = sum(sent.values()) - len(sent)
    print(
        f"{number} processes, {rounds} rounds, {crew.kills} kills, {len(sent)} reminders mailed, {twice} mails twice,"
        f" slowest takeover {crew.slowest:.1f} s"
    )
    assert await owner.fetchval(TWICE) == 0, "every reminder once in the database"
    assert await owner.fetchval("select count(*) from notice") == rounds * len(PEOPLE), "and nobody is missed"
    assert len(sent) == rounds * len(PEOPLE), "each was mailed"
    assert twice <= crew.kills, "at most one mail twice for each kill"


@pytest.mark.slow
async def test_R12_kills_while_three_processes_work(
    place: Place, owner: asyncpg.Connection, world: World, tmp_path: Path
) -> None:
    await killed_again_and_again(place, owner, world, tmp_path, rounds=1, number=3)


@pytest.mark.long
@pytest.mark.timeout(900)
async def test_R12_twenty_kills_while_three_processes_work(
    place: Place, owner: asyncpg.Connection, world: World, tmp_path: Path
) -> None:
    await killed_again_and_again(place, owner, world, tmp_path, rounds=20, number=3)
