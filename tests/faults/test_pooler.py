"""Through PgBouncer in transaction mode, as `deploy/pgbouncer.ini` sets it: few connections, many people, the same answers.

Runs where PgBouncer 1.21 or newer is found (Debian 13: package pgbouncer; or TEAMS_PGBOUNCER names the program).
"""

import asyncio
import configparser
import os
import re
import shutil
import subprocess
import time
from collections import Counter
from collections.abc import AsyncIterator
from pathlib import Path
from uuid import uuid4

import asyncpg
import httpx
import pytest
from sqlalchemy import text

from teams.auth.sessions import form_token, open_session
from teams.http.gate import COOKIE
from teams.kit.db import _SETTINGS, Database, setting
from teams.kit.settings import Settings
from tests.apps import app_for
from tests.klussen.test_claim import posted
from tests.places import Place
from tests.test_serving import free_port
from tests.world import World

ROOT = Path(__file__).parents[2]
PROGRAM = os.environ.get("TEAMS_PGBOUNCER") or shutil.which("pgbouncer") or "/usr/sbin/pgbouncer"
TRACKED = {"TimeZone", "application_name"}
"""What PgBouncer itself keeps for each client."""


def delivered() -> configparser.ConfigParser:
    found = configparser.ConfigParser(comment_prefixes=(";",), interpolation=None)
    found.read(ROOT / "deploy/pgbouncer.ini")
    return found


def old() -> str:
    """Why it cannot run here; empty when it can."""
    if not Path(PROGRAM).exists():
        return "PgBouncer is not here"
    said = subprocess.run([PROGRAM, "--version"], capture_output=True, text=True, check=False).stdout
    version = re.search(r"PgBouncer (\d+)\.(\d+)", said)
    return "" if version and (int(version[1]), int(version[2])) >= (1, 21) else "PgBouncer is older than 1.21"


def test_what_a_pooler_does_not_pass_on_is_ignored_there_and_set_for_the_role() -> None:
    ini = delivered()["pgbouncer"]
    ignored = set(ini["ignore_startup_parameters"].split(","))
    assert ignored == set(_SETTINGS) - TRACKED | {"extra_float_digits"}
    assert ini["pool_mode"] == "transaction" and int(ini["max_prepared_statements"]) > 0
    roles = (ROOT / "migrations/roles.sql").read_text(encoding="utf-8")
    by_role = dict(re.findall(r"^alter role teams_app set (\S+) = '([^']+)';", roles, re.M))
    wanted = {name: re.sub(r"^(\d+)000$", r"\1s", _SETTINGS[name]) for name in ignored & set(_SETTINGS)}
    assert by_role == wanted


@pytest.fixture
async def pooled(place: Place, tmp_path: Path) -> AsyncIterator[str]:
    """The address of the pooler: two connections behind it, whoever asks."""
    reason = old()
    if reason:
        pytest.skip(reason)
    ini, port = delivered(), free_port()
    ini["databases"] = {"teams": f"host={place.server.sockets} port=5432 dbname={place.name}"}
    ini["pgbouncer"].update({
        "listen_port": str(port), "auth_type": "trust", "auth_file": str(tmp_path / "users"), "default_pool_size": "2",
        "server_tls_sslmode": "disable", "unix_socket_dir": "", "logfile": str(tmp_path / "log"),
    })  # fmt: skip
    (tmp_path / "users").write_text('"teams_app" ""\n')
    with (tmp_path / "ini").open("w") as file:
        ini.write(file)
    for path in (tmp_path, *tmp_path.iterdir(), *list(tmp_path.parents)[:-1]):
        if path.owner() == "root" and path.is_relative_to(tmp_path.parents[1]):
            path.chmod(0o777)
    user = ["-u", "nobody"] if os.geteuid() == 0 else []
    process = await asyncio.create_subprocess_exec(PROGRAM, "-q", *user, str(tmp_path / "ini"))
    url = f"postgresql://teams_app@127.0.0.1:{port}/teams"
    begin = time.monotonic()
    try:
        while True:
            try:
                await (await asyncpg.connect(url, timeout=5)).close()
                break
            except OSError:
                assert process.returncode is None and time.monotonic() - begin < 60, "does not start"
                await asyncio.sleep(0.05)
        yield url
    finally:
        process.kill()
        await process.wait()


async def test_many_people_on_two_connections(pooled: str, place: Place, db: Database, world: World) -> None:
    """Pages and acts of eight at the same time; a seat goes to one; nobody's limits or statements are another's."""
    klus = await posted(db, world, plaatsen=1)
    names = ("aya", "bram", "cato", "dirk")
    behind = Database(pooled, pool=8)
    app = app_for(Settings(database_url=place.url(), pool=8), behind)
    clients = []
    for name in names:
        async with db.begin() as session:
            mine = await open_session(session, world.accounts[name], device="test", old=None)
        headers = {"cookie": f"{COOKIE}={mine}", "x-csrf-token": form_token(mine), "sec-fetch-site": "same-origin"}
        transport = httpx.ASGITransport(app, raise_app_exceptions=False)
        clients.append(httpx.AsyncClient(transport=transport, base_url="http://teams.test", headers=headers))
    paths = ("/klussen", "/organisatie", "/api/v1/klussen", "/zoeken?zoek=bomen", "/")
    asked = [client.get(path) for _ in range(2) for path in paths for client in clients]
    acts = [
        client.post(f"/api/v1/klussen/{klus.id}/inzet", json={"uren": 6}, headers={"idempotency-key": str(uuid4())})
        for client in clients[1:]
    ]
    given = await asyncio.gather(*asked, *acts)
    assert {answer.status_code for answer in given[: len(asked)]} == {200}
    claimed = Counter(answer.status_code for answer in given[len(asked) :])
    assert claimed == {201: 1, 409: 2}, [answer.text for answer in given[len(asked) :]]
    limits = text("select current_setting('statement_timeout'), current_setting('lock_timeout'), pg_backend_pid()")
    rows = await asyncio.gather(*(_one(behind, limits) for _ in range(16)))
    assert {(row[0], row[1]) for row in rows} == {("5s", "2s")}
    assert len({row[2] for row in rows}) <= 2, "more connections than the pool has: this test shows nothing"
    for client in clients:
        await client.aclose()
    await behind.close()


async def _one(database: Database, query: object) -> tuple[str, str, int]:
    async with database.read() as session:
        return tuple((await session.execute(query)).one())  # type: ignore[call-overload]


async def test_a_setting_of_one_search_stays_with_nobody(place: Place) -> None:
    """On the connection itself nothing is left, through whatever door the search came; also not after a fault."""
    asked, who = text("select current_setting('plan_cache_mode')"), text("select pg_backend_pid()")
    one = Database(place.url(), pool=1)
    backends = set[int]()
    for door in (one.read, one.begin):
        async with door() as session:
            async with setting(session, "plan_cache_mode", "force_custom_plan"):
                assert await session.scalar(asked) == "force_custom_plan"
            backends.add(await session.scalar(who) or 0)
        with pytest.raises(ZeroDivisionError):
            async with door() as session, setting(session, "plan_cache_mode", "force_custom_plan"):
                raise ZeroDivisionError
        async with one.read() as session:
            assert await session.scalar(asked) == "auto"
            backends.add(await session.scalar(who) or 0)
    assert len(backends) == 1, "several connections: this test shows nothing"
    await one.close()
