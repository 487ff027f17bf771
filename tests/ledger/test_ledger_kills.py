"""Class 14: kill -9 of app, work, signer and PostgreSQL at random points; every acknowledged decision is in the log exactly once."""

import asyncio
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import asyncpg
import pytest
from tests.decisions.acts import settle
from tests.mandates.stored import uid

from teams.demo.postgres import Server, embedded
from teams.jobs.logboek import begin_once
from teams.kit.migrate import migrate, provide_roles
from teams.ledger.check import verify
from teams.ledger.memory import Files

WRITER = Path(__file__).with_name("writer.py")
ORIGIN = "mandaat.proefdam.nl/log1"


class Town:
    """The processes of one installation on a server, and what its writers were told."""

    def __init__(self, folder: Path, acts: int) -> None:
        self.folder, self.acts = folder, acts
        self.files = Files(folder / "key", folder / "state")
        self.running: dict[str, subprocess.Popen[bytes]] = {}

    def start(self, server: Server, *names: str) -> None:
        env = {name: value for name, value in os.environ.items() if not name.startswith("TEAMS_")} | {
            "TEAMS_DATABASE_URL": server.url("teams_app"),
            "TEAMS_WORKER_DATABASE_URL": server.url("teams_worker"),
            "TEAMS_SIGNER_DATABASE_URL": server.url("teams_signer"),
            "TEAMS_SIGNER_KEY": str(self.files.key),
            "TEAMS_SIGNER_STATE": str(self.files.state),
            "TEAMS_LOG_ORIGIN": ORIGIN,
        }
        for name in names:
            writes = [str(WRITER), server.url("teams_app"), uid("noor"), str(self.acts), str(self.folder / "told")]
            words = writes if name.startswith("app") else ["-m", "teams", name]
            self.running[name] = subprocess.Popen(
                [sys.executable, *words], env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
            )

    def kill(self, name: str) -> None:
        process = self.running.pop(name)
        process.kill()
        process.wait()

    def wait(self, name: str) -> int:
        return self.running.pop(name).wait(240)

    def told(self) -> list[str]:
        file = self.folder / "told"
        return file.read_text().split() if file.exists() else []


@contextmanager
def place() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="teams-kill-") as folder:
        Path(folder).chmod(0o755)
        yield Path(folder)


async def ask(server: Server, query: str) -> int:
    connection = await asyncpg.connect(server.url("teams_auditor"))
    try:
        return int(await connection.fetchval(query))
    finally:
        await connection.close()


BEHIND = """
    select (select count(*) from journal where accountable)
        - least((select count(*) from leaf), (select coalesce(max(size), 0) from checkpoint))
"""


def until_covered(server: Server) -> None:
    end = time.monotonic() + 60
    while asyncio.run(ask(server, BEHIND)):
        assert time.monotonic() < end, "not everything is covered"
        time.sleep(0.1)


ASTRAY = """
    select (select count(*) from decision d where (select count(*) from leaf l where l.entry = d.entry_id) <> 1)
        + (select count(*) from leaf l where l.type = 'besluit' and not exists (select from decision d where d.entry_id = l.entry))
        + (select count(*) from decision_counter c where c.last <> (select count(*) from decision d where d.year = c.year))
"""


async def people(server: Server) -> None:
    """Those who decide, and their mandates."""
    connection = await asyncpg.connect(server.url("teams_owner"))
    try:
        await settle(connection)
    finally:
        await connection.close()


async def proven(server: Server) -> set[str]:
    """The whole log agrees with the journal, each decision is in it once and no number is missing; the entries in it."""
    connection = await asyncpg.connect(server.url("teams_auditor"))
    try:
        checked = await verify(connection)
        assert checked.waiting == 0
        assert await connection.fetchval(ASTRAY) == 0
        rows = await connection.fetch("select entry from leaf")
        assert len(rows) == len({row[0] for row in rows}) == checked.leaves
        return {str(row[0]) for row in rows}
    finally:
        await connection.close()


def storm(rounds: int, acts: int, seed: int) -> int:
    """Rounds of two writing processes with kills among them; how many decisions were acknowledged."""
    chance = random.Random(seed)
    with place() as folder, ExitStack() as stack:
        town = Town(folder, acts)
        stack.callback(lambda: [town.kill(name) for name in list(town.running)])
        for number in range(rounds):
            with embedded(folder / "pg") as server:
                if number == 0:
                    asyncio.run(provide_roles(server.url("postgres"), "teams"))
                    migrate(server.url("teams_owner"))
                    asyncio.run(people(server))
                    asyncio.run(begin_once(server.url("teams_signer"), town.files, ORIGIN))
                town.start(server, "app1", "app2", "work", "sign")
                time.sleep(1.2)
                for _ in range(2):
                    time.sleep(chance.random() * 0.5)
                    victim = chance.choice(["app2", "work", "sign"])
                    town.kill(victim)
                    town.start(server, victim)
                time.sleep(chance.random())
                os.kill(server.pid, 9)
                for name in list(town.running):
                    town.kill(name)
        with embedded(folder / "pg") as server:
            town.start(server, "app1", "app2", "work", "sign")
            assert [town.wait(name) for name in ("app1", "app2")] == [0, 0]
            until_covered(server)
            told = town.told()
            assert len(told) == len(set(told))
            assert set(told) <= asyncio.run(proven(server))
            for name in list(town.running):
                town.kill(name)
    return len(told)


@pytest.mark.slow
def test_two_rounds_of_kills_lose_nothing() -> None:
    assert storm(2, 100, seed=1) >= 200


@pytest.mark.long
def test_twenty_rounds_of_kills_lose_nothing() -> None:
    assert storm(20, 500, seed=2) >= 1000
