"""Several hosts in one address: fail-over to a stand-by loses nothing; a replica is read only where it has caught up."""

import asyncio
import os
import time
from collections.abc import Iterator
from uuid import UUID, uuid4

import asyncpg
import httpx
import pytest
from sqlalchemy import text

from teams.auth.sessions import form_token, open_session
from teams.http.gate import COOKIE
from teams.journal.models import SYSTEM, Note, record
from teams.kit.db import Database, servers
from teams.kit.settings import Settings
from tests.apps import app_for
from tests.faults.pair import Pair, pair, tell
from tests.world import build_world

pytestmark = pytest.mark.long
_HERE = text("select exists (select from journal where id = :id)")
_IN_RECOVERY = text("select pg_is_in_recovery()")


async def act(database: Database) -> UUID:
    note = Note("decision.taken", (("besluit", uuid4()),), {"nummer": "2026-1"}, {"actor": "Noor"}, accountable=True)
    async with database.begin() as session:
        return await record(session, note, by=SYSTEM)


@pytest.fixture
def two() -> Iterator[Pair]:
    with pair() as made:
        yield made


@pytest.fixture
def slow_two() -> Iterator[Pair]:
    with pair(delay="2s") as made:
        yield made


@pytest.mark.parametrize("silent", [False, True], ids=["dead", "silent"])
async def test_a_fail_over_loses_nothing_that_was_acknowledged(two: Pair, silent: bool) -> None:
    """`silent`: the machine is gone, and nothing says so: no answer, no refusal."""
    await tell(two.primary, "alter system set synchronous_standby_names = '*'", "select pg_reload_conf()")
    database, told, stop = Database(two.url, pool=4), list[UUID](), asyncio.Event()
    longest = 0.0

    async def lane() -> None:
        nonlocal longest
        while not stop.is_set():
            begin = time.monotonic()
            try:
                told.append(await act(database))
            except Exception:
                await asyncio.sleep(0.1)
            longest = max(longest, time.monotonic() - begin)

    lanes = [asyncio.create_task(lane()) for _ in range(4)]
    await asyncio.sleep(1)
    before = len(told)
    assert before > 4
    if silent:
        two.ways[0].hole = True
    os.kill(two.primary.pid, 9)
    await asyncio.sleep(0.3)
    await tell(two.standby, "select pg_promote()")
    begin, acknowledged = time.monotonic(), len(told)
    while len(told) < acknowledged + 8:
        assert time.monotonic() - begin < 20, "does not go on"
        await asyncio.sleep(0.05)
    recovery = time.monotonic() - begin
    stop.set()
    await asyncio.gather(*lanes)
    async with database.read() as session:
        lost = [one for one in told if not await session.scalar(_HERE, {"id": one})]
    await database.close()
    print(f"{before} acts before, {len(told)} in all, on again after {recovery:.1f} s, longest wait {longest:.1f} s")
    assert not lost
    assert recovery <= 10


async def test_nobody_misses_a_write_of_before_on_a_replica_that_lags(slow_two: Pair) -> None:
    database = Database(slow_two.only(0), pool=2, read_url=slow_two.only(1))
    alone = Database(slow_two.only(1), pool=1)
    beside = []
    for _ in range(5):
        entry = await act(database)
        async with database.read() as primary, database.read_beside(primary) as session:
            assert await session.scalar(_HERE, {"id": entry})
            assert not await session.scalar(_IN_RECOVERY)
    async with alone.read() as session:
        assert not await session.scalar(_HERE, {"id": entry}), "the replica does not lag: this test shows nothing"
    begin = time.monotonic()
    while not any(beside):
        assert time.monotonic() - begin < 20, "the replica is never used"
        await asyncio.sleep(0.2)
        async with database.read() as primary, database.read_beside(primary) as session:
            assert await session.scalar(_HERE, {"id": entry})
            beside.append(await session.scalar(_IN_RECOVERY))
    slow_two.ways[1].hole = True
    begin = time.monotonic()
    async with database.read() as primary, database.read_beside(primary) as session:
        assert await session.scalar(_HERE, {"id": entry}) and not await session.scalar(_IN_RECOVERY)
    assert time.monotonic() - begin < 15
    begin = time.monotonic()
    async with database.read() as primary, database.read_beside(primary) as session:
        assert await session.scalar(_HERE, {"id": entry})
    assert time.monotonic() - begin < 2, "a replica that failed is left alone for a while"
    slow_two.ways[1].hole = False
    await alone.close()
    await database.close()


async def test_over_http_whoever_saves_sees_it_at_once_beside_a_replica_that_lags(slow_two: Pair) -> None:
    owner = await asyncpg.connect(slow_two.primary.url("teams_owner"))
    world = await build_world(owner)
    await owner.close()
    settings = Settings(database_url=slow_two.only(0), read_database_url=slow_two.only(1), pool=4)
    database = Database(settings.database_url, pool=4, read_url=settings.read_database_url)
    async with database.begin() as session:
        mine = await open_session(session, world.accounts["aya"], device="test", old=None)
    headers = {"cookie": f"{COOKIE}={mine}", "x-csrf-token": form_token(mine), "sec-fetch-site": "same-origin"}
    transport = httpx.ASGITransport(app_for(settings, database), raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://teams.test", headers=headers) as aya:
        for number in range(5):
            title = f"Bomen tellen {uuid4().hex}"
            klus = {
                "titel": title, "omschrijving": "In de wijk", "soort": "klus", "teamId": str(world.teams["groen"]),
                "plaatsen": 1, "urenMin": 1, "urenMax": 2, "van": "2030-01-07", "tot": "2030-02-07", "wijze": "claim",
                "vaardigheden": [],
            }  # fmt: skip
            made = await aya.post("/api/v1/klussen", json=klus)
            assert made.status_code == 201, made.text
            at = f"/api/v1/klussen/{made.json()['id']}"
            assert (await aya.post(f"{at}/publicatie")).status_code == 200
            for path in (f"/klussen?zoek={title}", f"/zoeken?zoek={title}", f"/api/v1/klussen?zoek={title}"):
                assert title in (await aya.get(path)).text, (number, path)
    await database.close()


async def test_who_follows_knows_the_new_timeline_and_takes_writes(two: Pair) -> None:
    """After the promotion the address with both leads to the new one, whose history differs from the old one's."""
    database, timeline = Database(two.url, pool=2), text("select timeline_id from pg_control_checkpoint()")
    before = await act(database)
    os.kill(two.primary.pid, 9)
    await tell(two.standby, "select pg_promote()", "checkpoint")
    begin = time.monotonic()
    while True:
        try:
            after = await act(database)
            break
        except Exception:
            assert time.monotonic() - begin < 60, "does not go on"
            await asyncio.sleep(0.1)
    boss = await asyncpg.connect(two.standby.url())
    assert await boss.fetchval(str(timeline)) == 2
    assert await boss.fetchval("select count(*) from journal where id = any($1)", [before, after]) == 2
    await boss.close()
    await database.close()


def test_an_address_with_several_hosts() -> None:
    assert servers("postgresql://a:p%40@h1:5432,h2/d?sslmode=verify-full") == [
        "postgresql://a:p%40@h1:5432/d?sslmode=verify-full&target_session_attrs=read-write",
        "postgresql://a:p%40@h2/d?sslmode=verify-full&target_session_attrs=read-write",
    ]
    assert servers("postgresql+asyncpg://a@/d?host=/x,/y&port=1,2&target_session_attrs=any") == [
        "postgresql://a@/d?host=%2Fx&port=1&target_session_attrs=any",
        "postgresql://a@/d?host=%2Fy&port=2&target_session_attrs=any",
    ]
    assert servers("postgresql://a@h/d?sslmode=require") == ["postgresql://a@h/d?sslmode=require"]
