"""A crowd before two web processes: many people with a session each, made in SQL, who all want the same few places."""

import asyncio
import hashlib
import os
import random
import re
import secrets
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import asyncpg
import httpx

from teams.auth.sessions import form_token
from teams.http.gate import COOKIE
from tests.conftest import Place
from tests.world import START, TODAY, World

_SERVE = """
import sys, uvicorn
from teams.app import create_app
from teams.kit.settings import Settings
uvicorn.run(create_app(Settings()), uds=sys.argv[1], log_level="error", access_log=False, timeout_keep_alive=120)
"""
_PEOPLE = """
with p as (
  insert into person (number, name, email)
  select 'M' || n, 'Mens ' || n, 'mens' || n || '@proefdam.example' from generate_series(1, $1) n returning id, email
), c as (insert into contract (person_id, hours, valid) select id, 36, daterange($2, null) from p),
h as (insert into home_team (person_id, team_id, valid) select id, $3, daterange($2, null) from p)
insert into account (person_id, email) select id, email from p returning id, person_id
"""
_KLUSSEN = """
insert into klus (title, kind, way, state, team_id, role_id, posted_by, places, hours_min, hours_max, starts, ends)
select 'Klus ' || n, 'klus', 'claim', 'open', $2, $3, $4, $5, 1, 1, $6::date, $6::date + 30 from generate_series(1, $1) n returning id
"""


@dataclass
class Crowd:
    """What the answers were: how often each status, and every refusal's sentence."""

    statuses: dict[int, int] = field(default_factory=dict)
    sentences: set[str] = field(default_factory=set)
    bare: int = 0


@asynccontextmanager
async def two_processes(place: Place) -> AsyncIterator[list[httpx.AsyncClient]]:
    """Two uvicorn processes of the app on one database, and a client to each."""
    environment = {**os.environ, "TEAMS_DATABASE_URL": place.url(), "PYTHONPATH": os.pathsep.join(sys.path)}
    with tempfile.TemporaryDirectory(prefix="teams-race-", dir="/tmp") as folder:
        paths = [Path(folder) / f"{number}.sock" for number in (1, 2)]
        running = [subprocess.Popen([sys.executable, "-c", _SERVE, str(path)], env=environment) for path in paths]
        clients = [
            httpx.AsyncClient(
                transport=httpx.AsyncHTTPTransport(uds=str(path), limits=httpx.Limits(max_connections=100)),
                base_url="http://teams.test", timeout=60,
            )
            for path in paths
        ]  # fmt: skip
        try:
            for client, process in zip(clients, running, strict=True):
                await _ready(client, process)
            yield clients
        finally:
            for client in clients:
                await client.aclose()
            for process in running:
                process.terminate()
            for process in running:
                process.wait(20)


async def _ready(client: httpx.AsyncClient, process: subprocess.Popen[bytes]) -> None:
    for _ in range(1200):
        try:
            if (await client.get("/health/live")).status_code == 200:
                return
        except httpx.TransportError:
            assert process.poll() is None, "the web process has stopped"
        await asyncio.sleep(0.1)
    raise AssertionError("the web process does not answer")


async def people(owner: asyncpg.Connection, world: World, count: int) -> list[str]:
    """So many employees of Balie with 36 hours; returns the id of a session of each."""
    rows = await owner.fetch(_PEOPLE, count, START, world.teams["balie"])
    sessions = [secrets.token_urlsafe(32) for _ in rows]
    await owner.executemany(
        "insert into session (id, account_id) values ($1, $2)",
        [(hashlib.sha256(name.encode()).digest(), row["id"]) for name, row in zip(sessions, rows, strict=True)],
    )
    return sessions


async def klussen(owner: asyncpg.Connection, world: World, count: int, places: int) -> list[UUID]:
    rows = await owner.fetch(
        _KLUSSEN,
        count,
        world.teams["groen"],
        world.roles["boom"],
        world.people["aya"],
        places,
        TODAY + timedelta(days=10),
    )
    return [row["id"] for row in rows]


async def storm(clients: list[httpx.AsyncClient], sessions: list[str], wanted: list[UUID], tries: int) -> Crowd:
    """All at once: everybody tries so many klussen in an order of their own, each time through either process."""
    crowd = Crowd()

    async def one(number: int, session_id: str) -> None:
        chance = random.Random(number)
        for klus in chance.sample(wanted, min(tries, len(wanted))):
            answer = await chance.choice(clients).post(
                f"/klussen/{klus}/inzet", data={"csrf": form_token(session_id)},
                headers={"cookie": f"{COOKIE}={session_id}", "sec-fetch-site": "same-origin"},
            )  # fmt: skip
            crowd.statuses[answer.status_code] = crowd.statuses.get(answer.status_code, 0) + 1
            if answer.status_code == 409:
                found = re.findall(
                    r"Alle \d+ plekken zijn bezet\.|De enige plek is bezet\.|Je doet al mee aan deze klus\.|heb je \S+ uur vrij",
                    answer.text,
                )
                crowd.sentences.update(found)
                crowd.bare += not found

    await asyncio.gather(*(one(number, session_id) for number, session_id in enumerate(sessions)))
    return crowd


async def seats(owner: asyncpg.Connection) -> dict[str, Any]:
    """Places taken as the rows say, as the counter says, and the worst klus."""
    row = await owner.fetchrow(
        "select (select count(*) from claim where seat is not null) as held, (select sum(taken) from klus) as counted,"
        " (select max(n) from (select count(*) n from claim where seat is not null group by klus_id)) as most,"
        " (select count(*) from (select from claim where seat is not null group by klus_id, seat having count(*) > 1)) as twice,"
        " (select count(*) from journal where verb = 'claim.made') as entries"
    )
    assert row is not None
    return dict(row)
