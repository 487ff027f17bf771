"""What runs by the clock: klussen begin and expire, old access is swept, one process leads (klussen 3.2)."""

import asyncio
import contextlib
import os
import signal
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from teams.jobs.schedule import (
    end_what_leavers_had,
    start_and_expire_klussen,
    sweep_access,
    with_retries,
)
from teams.jobs.work import BEAT, LEASE
from teams.kit.db import Database
from tests.conftest import Place
from tests.world import TODAY, World


async def post(
    owner: asyncpg.Connection, world: World, state: str, first: date, until: date | None = None, *, claim: bool = False
) -> UUID:
    klus: UUID = await owner.fetchval(
        "insert into klus (title, kind, way, state, team_id, posted_by, places, hours_min, hours_max, starts, ends, apply_until)"
        " values ('Bomen tellen', 'klus', 'claim', $1, $2, $3, 2, 2, 4, $4, $5, $6) returning id",
        state, world.teams["groen"], world.people["aya"], first, first + timedelta(days=30), until,
    )  # fmt: skip
    if claim:
        await owner.execute(
            "insert into claim (klus_id, person_id, state, seat, hours) values ($1, $2, 'bevestigd', 1, 2)",
            klus, world.people["cato"],
        )  # fmt: skip
    return klus


async def states(owner: asyncpg.Connection, *klussen: UUID) -> list[str]:
    return [await owner.fetchval("select state from klus where id = $1", klus) for klus in klussen]


async def until(true: Callable[[], Awaitable[Any]], seconds: float = 15) -> None:
    async with asyncio.timeout(seconds):
        while not await true():
            await asyncio.sleep(0.1)


@pytest.fixture
async def worker(place: Place) -> AsyncIterator[Database]:
    database = Database(place.url("teams_worker"), pool=2)
    yield database
    await database.close()


async def test_klussen_begin_and_expire_on_their_day_as_the_worker(
    worker: Database, owner: asyncpg.Connection, world: World
) -> None:
    """klussen 3.2: with somebody on it a klus begins and claims run; with nobody it expires; else it stays."""
    yesterday = TODAY - timedelta(days=1)
    begins = await post(owner, world, "open", TODAY, claim=True)
    closed = await post(owner, world, "gesloten", yesterday, claim=True)
    expires = await post(owner, world, "open", yesterday, yesterday)
    waits = await post(owner, world, "open", TODAY, TODAY)
    later = await post(owner, world, "open", TODAY + timedelta(days=2), claim=True)
    await start_and_expire_klussen(worker)
    assert await states(owner, begins, closed, expires, waits, later) == [
        "in_uitvoering", "in_uitvoering", "verlopen", "open", "open",
    ]  # fmt: skip
    assert await owner.fetchval("select state from claim where klus_id = $1", begins) == "lopend"
    verbs = await owner.fetch("select verb, actor from journal order by verb")
    assert [tuple(row) for row in verbs] == [("klus.expired", None), ("klus.started", None), ("klus.started", None)]


async def test_more_than_one_batch_is_worked_off_at_once(
    worker: Database, owner: asyncpg.Connection, world: World
) -> None:
    await owner.execute(
        "insert into klus (title, kind, way, state, team_id, posted_by, places, hours_min, hours_max, starts, apply_until)"
        " select 'Klus ' || n, 'klus', 'claim', 'open', $1, $2, 1, 1, 1, current_date - 9, current_date - 9"
        " from generate_series(1, 1100) n",
        world.teams["groen"], world.people["aya"],
    )  # fmt: skip
    await start_and_expire_klussen(worker)
    assert await owner.fetchval("select count(*) from klus where state <> 'verlopen'") == 0
    assert await owner.fetchval("select count(*) from journal where verb = 'klus.expired'") == 1100


async def test_old_sessions_tries_and_form_keys_are_swept(
    worker: Database, owner: asyncpg.Connection, world: World
) -> None:
    account = world.accounts["aya"]
    for number, age in ((1, "0 hours"), (2, "13 hours")):
        await owner.execute(
            "insert into session (id, account_id, created_at, seen_at, ends_at)"
            " values (sha256(int4send($1)), $2, now() - $3::text::interval, now() - $3::text::interval,"
            " now() - $3::text::interval + interval '12 hours')",
            number, account, age,
        )  # fmt: skip
    await owner.execute("insert into throttle (key, since) values ('new', now()), ('old', now() - interval '2 days')")
    await owner.execute(
        "insert into form_key (account_id, key, request_hash, at)"
        " values ($1, 'new', '', now()), ($1, 'old', '', now() - interval '2 days')",
        account,
    )
    await sweep_access(worker)
    assert await owner.fetchval("select count(*) from session") == 1
    assert await owner.fetchval("select string_agg(key, ' ') from throttle") == "new"
    assert await owner.fetchval("select string_agg(key, ' ') from form_key") == "new"


async def test_a_failed_run_is_logged_and_tried_again(caplog: pytest.LogCaptureFixture) -> None:
    turns = 0

    async def job(database: Database) -> None:
        nonlocal turns
        turns += 1
        if turns < 3:
            raise OSError("weg")

    await with_retries(job, None, waits=(0, 0, 0))  # type: ignore[arg-type]
    assert turns == 3
    assert [record.levelname for record in caplog.records] == ["WARNING", "WARNING"]


@contextlib.asynccontextmanager
async def work_process(place: Place) -> AsyncIterator[asyncio.subprocess.Process]:
    env = {name: value for name, value in os.environ.items() if not name.startswith("TEAMS_")}
    env |= {"TEAMS_DATABASE_URL": place.url(), "TEAMS_WORKER_DATABASE_URL": place.url("teams_worker")}
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "teams", "work", env=env, stderr=asyncio.subprocess.PIPE
    )
    try:
        yield process
    finally:
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        await process.communicate()


@pytest.mark.slow
async def test_one_process_leads_and_another_takes_over_after_kill_9(
    place: Place, owner: asyncpg.Connection, world: World
) -> None:
    """Within fifteen seconds where the machine is not overloaded: the lock goes with the connection, and who waits asks each beat."""
    assert 3 * BEAT <= 15
    leaders = (
        "select count(*) from pg_locks where locktype = 'advisory' and granted"
        " and database = (select oid from pg_database where datname = current_database())"
        " and (classid::bigint << 32 | objid::bigint) = $1"
    )

    async def led() -> bool:
        return bool(await owner.fetchval(leaders, LEASE))

    async with work_process(place) as first:
        await until(led)
        async with work_process(place) as second:
            assert second.stderr is not None
            async with asyncio.timeout(60):
                assert "een ander proces leidt al" in (await second.stderr.readline()).decode()
            first.send_signal(signal.SIGSTOP)  # it leads still, and its own next minute changes nothing
            due = await post(owner, world, "open", TODAY, claim=True)
            await asyncio.sleep(BEAT)
            assert await states(owner, due) == ["open"], "the stand-by does nothing"
            first.send_signal(signal.SIGKILL)

            async def begun() -> bool:
                return await states(owner, due) == ["in_uitvoering"]

            await until(begun, seconds=60)
            second.send_signal(signal.SIGTERM)
            async with asyncio.timeout(60):
                assert await second.wait() == 0
            assert not await led()


async def test_R13_who_left_yesterday_holds_nothing_any_more(
    worker: Database, owner: asyncpg.Connection, world: World
) -> None:
    """The day after the last day: the claim ends, the place is free, the account is shut, as role teams_worker."""
    klus = await post(owner, world, "open", TODAY + timedelta(days=5), claim=True)
    await end_what_leavers_had(worker)
    assert await owner.fetchval("select taken from klus where id = $1", klus) == 1
    await owner.execute(
        "update contract set recorded = tstzrange(lower(recorded), now()) where person_id = $1", world.people["cato"]
    )
    await owner.execute(
        "insert into contract (person_id, hours, valid) values ($1, 36, daterange($2, $3))",
        world.people["cato"], TODAY - timedelta(days=400), TODAY,
    )  # fmt: skip
    await end_what_leavers_had(worker)
    assert await owner.fetchval("select taken from klus where id = $1", klus) == 0
    assert await owner.fetchval("select state from claim where klus_id = $1", klus) == "beeindigd"
    assert await owner.fetchval("select disabled_at is not null from account where id = $1", world.accounts["cato"])
