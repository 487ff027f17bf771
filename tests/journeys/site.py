"""The real server on a copy of Zandermeer, and what a test may do behind its back: sign in, post a klus, take a place."""

import asyncio
import os
import socket
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import asyncpg
import httpx
from sqlalchemy import text

from teams.auth.models import Visitor
from teams.auth.sessions import open_session, visitor_by_session
from teams.http.gate import COOKIE
from teams.kit.clock import now
from teams.kit.db import Database
from teams.klussen.actions.claim import claim_klus, withdraw_claim
from teams.klussen.actions.klus import post_klus
from teams.klussen.actions.phases import publish_klus
from teams.klussen.forms import KlusForm
from tests.places import Place

MEDEWERKER, COLLEGA, FACILITATOR = (f"{name}@zandermeer.example" for name in ("medewerker", "collega", "facilitator"))
PASSWORD = "zandermeer"
TODAY = date.today()
_ACCOUNT = text("select id from account where email = :email")
_TEAM = text("select id from team where code = 'GW'")


@dataclass
class Site:
    """One running Teams with a database of its own."""

    place: Place
    port: int
    database: Database
    process: subprocess.Popen[bytes]

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    async def enter(self, email: str) -> str:
        """The id of a new session, as after a log-in."""
        async with self.database.begin() as session:
            account = await session.scalar(_ACCOUNT, {"email": email})
            return await open_session(session, account, device="journey", old=None)

    async def cookie(self, email: str) -> Any:
        """As the browser keeps it after a log-in."""
        value = await self.enter(email)
        return {"name": COOKIE, "value": value, "url": self.url.replace("http:", "https:"), "secure": True}

    async def newcomer(self) -> str:
        """Someone with a contract and an account, and nothing else yet."""
        email = "nieuw@zandermeer.example"
        await self.value(
            "with p as (insert into person (number, name, email) values ('NIEUW', 'Nieuw Hier', $1) returning id),"
            " c as (insert into contract (person_id, hours, valid) select id, 36, daterange(current_date, null) from p)"
            " insert into account (person_id, email) select id, $1 from p returning id",
            email,
        )
        return email

    async def someone(self, email: str) -> Visitor:
        session_id = await self.enter(email)
        async with self.database.read() as session:
            found = await visitor_by_session(session, session_id)
        assert found is not None
        return found

    async def klus(self, titel: str, *, published: bool = True, **fields: Any) -> UUID:
        """Posted by Groen en Water: two hours a week, one place, four weeks from next week on."""
        by = (await self.someone(FACILITATOR)).actor()
        async with self.database.begin() as session:
            at = await now(session)
            team = await session.scalar(_TEAM)
            values = {"teamId": team, "urenMin": 2, "van": TODAY + timedelta(7), "tot": TODAY + timedelta(35), **fields}
            klus = await post_klus(session, KlusForm(titel=titel, **values), by=by, at=at)
            if published:
                await publish_klus(session, klus.id, by=by, at=at)
            return klus.id

    async def claim(self, klus: UUID, email: str, *, line: bool = False) -> UUID:
        by = (await self.someone(email)).actor()
        async with self.database.begin() as session:
            claim_id, _ = await claim_klus(session, klus, by=by, line=line)
            return claim_id

    async def withdraw(self, claim: UUID, email: str) -> None:
        by = (await self.someone(email)).actor()
        async with self.database.begin() as session:
            await withdraw_claim(session, claim, by=by, at=await now(session))

    async def value(self, query: str, *values: Any) -> Any:
        owner = await asyncpg.connect(self.place.url("teams_owner"))
        try:
            return await owner.fetchval(query, *values)
        finally:
            await owner.close()

    @asynccontextmanager
    async def without_database(self) -> AsyncIterator[None]:
        """The app's role may not connect, and is thrown out."""
        boss = await asyncpg.connect(self.place.server.url("postgres", "postgres"))
        await boss.execute(f'alter database "{self.place.name}" connection limit 0')
        try:
            await boss.execute(
                "select pg_terminate_backend(pid) from pg_stat_activity where datname = $1", self.place.name
            )
            yield
        finally:
            await boss.execute(f'alter database "{self.place.name}" connection limit -1')
            await boss.close()
            await self.database.engine.dispose()

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(15)


@asynccontextmanager
async def serving(place: Place) -> AsyncIterator[Site]:
    """`teams serve` as its own process on a free port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    env = {name: value for name, value in os.environ.items() if not name.startswith("TEAMS_")} | {
        "TEAMS_DATABASE_URL": place.url(), "TEAMS_DEMO": "true", "TEAMS_POOL": "5",
        "TEAMS_WORKS_COUNCIL": "OR 2026-03, 12 maart 2026",
    }  # fmt: skip
    process = subprocess.Popen([sys.executable, "-m", "teams", "serve", "--port", str(port)], env=env)
    database = Database(place.url(), pool=2)
    site = Site(place, port, database, process)
    try:
        async with httpx.AsyncClient() as client:
            for _ in range(2400):
                assert process.poll() is None, "the server stopped at once"
                with suppress(httpx.TransportError):
                    if (await client.get(f"{site.url}/health/ready")).status_code == 200:
                        break
                await asyncio.sleep(0.05)
            else:
                raise AssertionError("the server is not ready after two minutes")
        yield site
    finally:
        await database.close()
        site.stop()
