"""The drill with two years of work: a backup put back, and back to a moment from base and WAL, each within five minutes."""

import asyncio
import os
import shutil
import subprocess
import time
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from teams.demo.postgres import PORT, Server, embedded
from teams.exchange.backup import backup, restore
from teams.ledger.check import verify
from tests.faults.pair import tell
from tests.faults.years import guarded, open_folder, write_log, zandermeer

pytestmark = [pytest.mark.long, pytest.mark.timeout(3000)]
MOST = 300.0
_ACT = "insert into journal (verb, facts) values ('test.acted', jsonb_build_object('number', $1::int))"
_NUMBERS = "select (facts ->> 'number')::int from journal where verb = 'test.acted' order by 1"


def as_postgres(folder: Path) -> dict[str, Any]:
    owner = (folder / "data").stat()
    return {"user": owner.st_uid, "group": owner.st_gid, "extra_groups": []} if os.geteuid() == 0 else {}


def test_a_backup_is_put_back_and_proven_within_five_minutes() -> None:
    with open_folder() as folder, zandermeer(folder) as server:
        before = asyncio.run(write_log(server, folder))
        begin = time.monotonic()
        backup(server.url("teams_owner"), folder / "teams.dump")
        written = time.monotonic() - begin
        asyncio.run(tell(server, "create database again owner teams_owner"))
        begin = time.monotonic()
        checked = restore(server.url("teams_owner", "again"), folder / "teams.dump")
        took = time.monotonic() - begin
        asyncio.run(guarded(server, "again"))
        size = (folder / "teams.dump").stat().st_size / 2**20
    print(f"{before.leaves} leaves, {size:.0f} MiB written in {written:.0f} s, put back and verified in {took:.0f} s")
    assert checked.leaves == before.leaves > 5000 and not checked.waiting
    assert took <= MOST


async def act(server: Server, numbers: range) -> None:
    app = await asyncpg.connect(server.url("teams_app"))
    for number in numbers:
        await app.execute(_ACT, number)
    await app.close()


async def moment(server: Server) -> str:
    connection = await asyncpg.connect(server.url())
    found = str(await connection.fetchval("select clock_timestamp()"))
    await connection.close()
    await asyncio.sleep(0.1)
    return found


async def proven(server: Server) -> tuple[list[int], int, int]:
    reader = await asyncpg.connect(server.url("teams_auditor"))
    boss = await asyncpg.connect(server.url())
    try:
        while await boss.fetchval("select pg_is_in_recovery()"):
            await asyncio.sleep(0.1)
        checked = await verify(reader)
        timeline = await boss.fetchval("select timeline_id from pg_control_checkpoint()")
        return [row[0] for row in await boss.fetch(_NUMBERS)], checked.leaves, int(timeline)
    finally:
        await reader.close()
        await boss.close()


def switched(server: Server) -> None:
    """What was written so far is in the archive."""

    async def wait() -> None:
        boss = await asyncpg.connect(server.url())
        name = await boss.fetchval("select pg_walfile_name(pg_switch_wal())")
        async with asyncio.timeout(120):
            while not await boss.fetchval(
                "select coalesce(last_archived_wal >= $1, false) from pg_stat_archiver", name
            ):
                await asyncio.sleep(0.05)
        await boss.close()

    asyncio.run(wait())


def base_backup(server: Server, to: Path, user: dict[str, Any]) -> None:
    subprocess.run(
        [server.programs / "pg_basebackup", "-h", server.sockets, "-p", str(PORT), "-U", "postgres", "-D", to,
         "-X", "none", "-c", "fast", "--no-sync"],
        check=True, capture_output=True, cwd="/", **user,
    )  # fmt: skip


def put_back(base: Path, data: Path, wal: Path, target: str) -> None:
    """The base, and from the archive what came after it until `target`."""
    owner = data.stat()
    shutil.rmtree(data)
    subprocess.run(["cp", "-a", base, data], check=True)
    with (data / "postgresql.auto.conf").open("a") as settings:
        settings.write(
            f"archive_mode = off\nrestore_command = 'cp {wal}/%f %p'\nrecovery_target_time = '{target}'\n"
            "recovery_target_action = promote\n"
        )
    (data / "recovery.signal").touch()
    if os.geteuid() == 0:
        os.chown(data / "recovery.signal", owner.st_uid, owner.st_gid)


def test_back_to_a_moment_before_a_mistake_within_five_minutes() -> None:
    with open_folder() as folder:
        pg, wal, base = folder / "pg", folder / "wal", folder / "base"
        with zandermeer(folder) as server:
            leaves = asyncio.run(write_log(server, folder)).leaves
            keep = f"test ! -f {wal}/%f && cp %p {wal}/%f"
            asyncio.run(
                tell(server, "alter system set archive_mode = on", f"alter system set archive_command = '{keep}'")
            )
        user = as_postgres(pg)
        for made in (wal, base):
            made.mkdir(mode=0o700)
            if user:
                os.chown(made, user["user"], user["group"])
        with embedded(pg) as running:
            base_backup(running, base / "data", user)
            asyncio.run(act(running, range(20)))
            target = asyncio.run(moment(running))
            asyncio.run(act(running, range(20, 30)))
            switched(running)
            os.kill(running.pid, 9)
        begin = time.monotonic()
        put_back(base / "data", pg / "data", wal, target)
        with embedded(pg) as back:
            numbers, found, timeline = asyncio.run(proven(back))
            took = time.monotonic() - begin
            asyncio.run(guarded(back))
    print(f"back at {target}, {found} leaves verified in {took:.0f} s, on timeline {timeline}")
    assert numbers == list(range(20)) and found == leaves and timeline == 2
    assert took <= MOST
