"""The drill: two years of Zandermeer with its whole log, lost and put back within five minutes, and guarded as it was."""

import asyncio
import time
from collections.abc import AsyncIterator
from pathlib import Path

import asyncpg
import pytest
import pytest_asyncio

from teams.demo.big.log import seal
from teams.demo.postgres import Server
from teams.exchange.backup import backup, restore
from tests.journeys.conftest import _copy

pytestmark = [pytest.mark.long, pytest.mark.asyncio(loop_scope="session")]
LONGEST = 300
GUARDED = ("journal", "journal_subject", "leaf", "leaf_seed", "node", "checkpoint", "decision")
NAMES = ("drill_before", "drill_after")


@pytest_asyncio.fixture(loop_scope="session")
async def places(server: Server, zandermeer: str) -> AsyncIterator[tuple[str, str]]:
    """The demo with work of two years, and an empty database beside it."""
    boss = await asyncpg.connect(server.url("postgres", "postgres"))
    await _copy(server, zandermeer, NAMES[0])
    await boss.execute(f"create database {NAMES[1]} owner teams_owner")
    marked = await asyncpg.connect(server.url("postgres", NAMES[0]))
    await marked.execute("drop event trigger if exists watch; drop schema if exists watch cascade")
    await marked.close()
    yield NAMES
    for name in NAMES:
        await boss.execute(f"drop database {name} with (force)")
    await boss.close()


async def test_two_years_are_back_in_five_minutes_and_still_guarded(
    server: Server, places: tuple[str, str], tmp_path: Path
) -> None:
    before, after = places
    await seal(server, before, tmp_path)
    begin = time.perf_counter()
    await asyncio.to_thread(backup, server.url("teams_owner", before), tmp_path / "teams.dump")
    checked = await asyncio.to_thread(restore, server.url("teams_owner", after), tmp_path / "teams.dump")
    assert time.perf_counter() - begin < LONGEST
    assert checked.leaves > 6_000 and checked.heads > 1 and checked.waiting == 0
    rows = [await _rows(server, name) for name in places]
    assert rows[0] == rows[1] and rows[1]["decision"] > 5_000
    app = await asyncpg.connect(server.url("teams_app", after))
    try:
        for table in GUARDED:
            column = await app.fetchval(
                "select attname from pg_attribute where attrelid = $1::regclass and attnum = 1", table
            )
            for act in (f"delete from {table}", f"update {table} set {column} = {column}", f"truncate {table}"):
                with pytest.raises(asyncpg.InsufficientPrivilegeError):
                    await app.execute(act)
    finally:
        await app.close()


async def _rows(server: Server, name: str) -> dict[str, int]:
    connection = await asyncpg.connect(server.url("postgres", name))
    try:
        tables = [
            row[0]
            for row in await connection.fetch(
                "select relname from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace"
            )
        ]
        return {table: await connection.fetchval(f'select count(*) from "{table}"') for table in tables}
    finally:
        await connection.close()
