"""A disk without room: what does not fit is a clear 503 and leaves nothing half; with room again it goes on by itself."""

import asyncio
import os
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import asyncpg
import pytest

from teams.demo.postgres import embedded
from teams.http.refusals import from_database
from teams.journal.models import SYSTEM, Note, record
from teams.kit.db import Database
from teams.kit.migrate import migrate, provide_roles
from teams.ledger.check import verify
from teams.ledger.sequencer import sequence

pytestmark = [
    pytest.mark.long,
    pytest.mark.skipif(os.geteuid() != 0, reason="a disk of its own is mounted as root"),
]
_FULL = "53100"


@pytest.fixture
def small() -> Iterator[Path]:
    """A disk of 200 MB for one cluster."""
    with tempfile.TemporaryDirectory(prefix="teams-disk-") as name:
        Path(name).chmod(0o755)
        disk = Path(name) / "disk"
        disk.mkdir()
        subprocess.run(["mount", "-t", "tmpfs", "-o", "size=200m,mode=0755", "teams-proef", disk], check=True)
        try:
            yield disk
        finally:
            subprocess.run(["umount", disk], check=True)


def test_a_full_disk_loses_nothing_and_goes_on_when_there_is_room(small: Path) -> None:
    with embedded(small / "pg") as server:
        asyncio.run(provide_roles(server.url(), "teams"))
        migrate(server.url("teams_owner"))
        filler = small / "filler"

        async def until_full(database: Database, told: list[object]) -> list[int | None]:
            free = os.statvfs(small)
            with filler.open("wb") as file:
                file.write(b"\x01" * max(0, free.f_bavail * free.f_frsize - 3_000_000))
            statuses: list[int | None] = []
            for number in range(4000):
                note = Note(
                    "decision.taken",
                    (),
                    {"nummer": f"2026-{number}"},
                    {"reden": os.urandom(4000).hex()},
                    accountable=True,
                )
                try:
                    async with database.begin() as session:
                        told.append(await record(session, note, by=SYSTEM))
                except Exception as error:
                    found = from_database(error)
                    statuses.append(found if isinstance(found, int) else None)
                    if len(statuses) >= 3:
                        break
            return statuses

        async def story() -> None:
            database, told, stop = Database(server.url("teams_app"), pool=2), list[object](), asyncio.Event()
            statuses = await until_full(database, told)
            assert statuses and set(statuses) == {503}, statuses
            before = len(told)
            filler.unlink()
            for _ in range(200):  # PostgreSQL itself may be on its way back: a WAL that does not fit stops it
                try:
                    async with database.begin() as session:
                        told.append(
                            await record(
                                session, Note("decision.taken", (), {"nummer": "na"}, accountable=True), by=SYSTEM
                            )
                        )
                    break
                except Exception:
                    await asyncio.sleep(0.05)
            assert len(told) == before + 1, "does not go on within 10 s"
            writer = asyncio.create_task(sequence(server.url("teams_worker"), "mandaat.proefdam.nl", stop))
            reader = await asyncpg.connect(server.url("teams_auditor"))
            for _ in range(200):
                if (await verify(reader)).waiting == 0:
                    break
                await asyncio.sleep(0.1)
            stop.set()
            await writer
            found = {row[0] for row in await reader.fetch("select id from journal where verb = 'decision.taken'")}
            assert found == set(told) and (await verify(reader)).waiting == 0
            await reader.close()
            await database.close()

        asyncio.run(story())
