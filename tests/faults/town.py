"""One installation as processes on this machine: PostgreSQL, web, work and signer, each killed and started at will."""

import asyncio
import contextlib
import os
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Any
from uuid import UUID

import asyncpg

from teams.auth.actions import create_token
from teams.auth.sessions import open_session
from teams.demo.postgres import Server, embedded
from teams.jobs.logboek import begin_once
from teams.kit.db import Database
from teams.kit.migrate import migrate, provide_roles
from teams.ledger.memory import Files
from tests.decisions.acts import settle
from tests.mandates.stored import uid
from tests.test_serving import free_port, status
from tests.world import START, give_contract

ORIGIN = "mandaat.proefdam.nl/log1"
WORKERS = 6
KLUSSEN = 12
_KLUS = """
    insert into klus (title, kind, way, state, team_id, posted_by, places, hours_min, hours_max, starts)
    select 'Proef ' || $1, 'klus', 'claim', 'open', t.id, $2, $3, 1, 1, current_date + $4::int
    from team t limit 1 returning id
"""


class Town:
    """`folder` keeps everything; `settings` reach every process."""

    def __init__(self, folder: Path, **settings: str) -> None:
        self.folder, self.settings = folder, settings
        folder.chmod(0o755)
        self.files = Files(folder / "key", folder / "state")
        self.running: dict[str, subprocess.Popen[bytes]] = {}
        self.ports: dict[str, int] = {}
        self.stack = ExitStack()
        self.server: Server
        self.sockets: Path

    def __enter__(self) -> "Town":
        self.start_postgres()
        self.sockets = self.server.sockets
        asyncio.run(provide_roles(self.server.url("postgres"), "teams"))
        migrate(self.server.url("teams_owner"))
        asyncio.run(begin_once(self.server.url("teams_signer"), self.files, ORIGIN))
        return self

    def __exit__(self, *_: Any) -> None:
        for name in list(self.running):
            self.kill(name)
        self.stack.close()

    def start_postgres(self) -> None:
        self.stack = ExitStack()
        self.server = self.stack.enter_context(embedded(self.folder / "pg"))

    def kill_postgres(self) -> None:
        os.kill(self.server.pid, 9)
        self.stack.close()

    def url(self, role: str = "teams_app") -> str:
        return self.server.url(role)

    def start(self, name: str, **settings: str) -> subprocess.Popen[bytes]:
        """`web…`, `work…` or `sign`."""
        words = ["work"] if name.startswith("work") else [name]
        if name.startswith("web"):
            self.ports.setdefault(name, free_port())
            words = ["serve", "--port", str(self.ports[name]), *self.listens(name)]
        env = {name: value for name, value in os.environ.items() if not name.startswith("TEAMS_")} | {
            "TEAMS_DATABASE_URL": self.url(), "TEAMS_WORKER_DATABASE_URL": self.url("teams_worker"),
            "TEAMS_SIGNER_DATABASE_URL": self.url("teams_signer"), "TEAMS_SIGNER_KEY": str(self.files.key),
            "TEAMS_SIGNER_STATE": str(self.files.state), "TEAMS_LOG_ORIGIN": ORIGIN,
            "TEAMS_WORKS_COUNCIL": "OR 2026-03", **self.settings, **settings,
        }  # fmt: skip
        with (self.folder / f"{name}.log").open("ab") as log:
            self.running[name] = subprocess.Popen(
                [sys.executable, "-m", "teams", *words], env=env, stdout=log, stderr=subprocess.STDOUT
            )
        return self.running[name]

    def listens(self, name: str) -> list[str]:
        """On which address; by itself it is this machine only."""
        return []

    def kill(self, name: str) -> None:
        process = self.running.pop(name)
        process.kill()
        process.wait()

    def base(self, name: str) -> str:
        return f"http://127.0.0.1:{self.ports[name]}"

    def ready(self, name: str) -> bool:
        return status(self.ports[name]) == 200

    def log(self, name: str) -> str:
        return (self.folder / f"{name}.log").read_text(errors="replace")

    def ask(self, query: str, *args: Any, role: str = "postgres") -> Any:
        async def fetch() -> Any:
            connection = await asyncpg.connect(self.server.url(role), timeout=10)
            try:
                return await connection.fetch(query, *args)
            finally:
                await connection.close()

        return asyncio.run(fetch())

    def people(self) -> "People":
        return asyncio.run(_settle(self))


class People:
    """Who works here, how they log in, and on what."""

    tokens: list[str]
    session: str
    booker: str
    klussen: list[UUID]
    claim: UUID


async def _settle(town: Town) -> People:
    owner, found = await asyncpg.connect(town.server.url("teams_owner")), People()
    database = Database(town.server.url("teams_app"), pool=1)
    try:
        await settle(owner)
        team = await owner.fetchval("select id from team limit 1")
        await owner.execute(
            "insert into team_version (team_id, name, valid, recorded) select id, code, daterange($1, null),"
            " tstzrange($1::date::timestamptz, null) from team on conflict do nothing", START,
        )  # fmt: skip
        emails = []
        for number in range(WORKERS):
            email = f"werker{number}@proefdam.example"
            person = await owner.fetchval(
                "insert into person (number, name, email) values ($1, $1, $2) returning id", f"W{number}", email
            )
            await give_contract(owner, person, 36, START)
            await owner.execute(
                "insert into home_team (person_id, team_id, valid) values ($1, $2, daterange($3, null))",
                person, team, START,
            )  # fmt: skip
            await owner.execute("insert into account (person_id, email) values ($1, $2)", person, email)
            emails.append(email)
        found.klussen = [await owner.fetchval(_KLUS, str(n), person, 1 + n % 3, 10) for n in range(KLUSSEN)]
        found.claim = await owner.fetchval(
            "insert into claim (klus_id, person_id, state, seat, hours, at) values"
            " ($1, $2, 'lopend', 1, 1, now() - interval '200 days') returning id",
            await owner.fetchval(_KLUS, "lang", person, 1, -300), person,
        )  # fmt: skip
        noor = await owner.fetchval(
            "insert into account (person_id, email) values ($1, 'noor@proefdam.example') returning id",
            UUID(uid("noor")),
        )
        async with database.begin() as session:
            found.tokens = [await create_token(session, email, "proef") for email in emails]
            found.session = await open_session(session, noor, device="test", old=None)
            mine = await owner.fetchval("select id from account where email = $1", emails[-1])
            found.booker = await open_session(session, mine, device="test", old=None)
    finally:
        await database.close()
        await owner.close()
    return found


def until(true: Callable[[], Any], seconds: float, what: str) -> float:
    """Wait for it; how many seconds that took."""
    begin = time.monotonic()
    while time.monotonic() - begin < seconds:
        with contextlib.suppress(OSError, asyncpg.PostgresError, asyncpg.InterfaceError):
            if true():
                return time.monotonic() - begin
        time.sleep(0.03)
    raise AssertionError(f"not within {seconds} s: {what}")
