"""Zandermeer with two years of work, its log written and signed, in a server of its own that keeps what it promised."""

import asyncio
import contextlib
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import asyncpg

from teams.demo.postgres import Server, embedded
from teams.demo.seed import seed
from teams.jobs.logboek import begin_once
from teams.kit.migrate import migrate, provide_roles
from teams.ledger.check import Checked, verify
from teams.ledger.memory import Files
from teams.ledger.sequencer import sequence
from teams.ledger.signer import sign

ORIGIN = "mandaat.zandermeer.example/log1"
PATIENCE = 600


@contextmanager
def open_folder() -> Iterator[Path]:
    """One that PostgreSQL's own user may walk through."""
    with tempfile.TemporaryDirectory(prefix="teams-twee-") as name:
        Path(name).chmod(0o755)
        yield Path(name)


@contextmanager
def zandermeer(folder: Path) -> Iterator[Server]:
    with embedded(folder / "pg") as server:
        asyncio.run(provide_roles(server.url(), "teams"))
        migrate(server.url("teams_owner"))
        asyncio.run(seed(server.url("teams_owner"), date(2026, 11, 22), lambda _: None))
        yield server


async def write_log(server: Server, folder: Path) -> Checked:
    """Until every entry is a leaf and a signed head covers them all; what the check of it all found."""
    files, stop = Files(folder / "key", folder / "state"), asyncio.Event()
    await begin_once(server.url("teams_signer"), files, ORIGIN)
    at_work = [
        asyncio.create_task(sequence(server.url("teams_worker"), "zandermeer", stop)),
        asyncio.create_task(sign(server.url("teams_signer"), files, stop)),
    ]
    reader = await asyncpg.connect(server.url("teams_auditor"))
    signed = "select (select max(size) from checkpoint) = (select count(*) from leaf)"
    try:
        async with asyncio.timeout(PATIENCE):
            while (checked := await verify(reader)).waiting or not await reader.fetchval(signed):
                await asyncio.sleep(1)
    finally:
        stop.set()
        await asyncio.gather(*at_work)
        await reader.close()
    return checked


async def guarded(server: Server, database: str = "teams") -> None:
    """The app is refused what the journal and the log must never undergo."""
    app = await asyncpg.connect(server.url("teams_app", database))
    try:
        for table, column in (("journal", "verb"), ("leaf", "seq"), ("checkpoint", "size")):
            for act in (f"delete from {table}", f"update {table} set {column} = null", f"truncate {table}"):
                with contextlib.suppress(asyncpg.InsufficientPrivilegeError):
                    await app.execute(act)
                    raise AssertionError(f"teams_app may: {act}")
    finally:
        await app.close()
