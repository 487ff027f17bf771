"""A process of the app that acts as fast as it can: `python writer.py URL ACTS FILE`. What was acknowledged goes to FILE."""

import asyncio
import os
import sys
from uuid import UUID

from teams.journal.models import SYSTEM, Note, record
from teams.kit.db import Database

LANES = 8


async def write(url: str, acts: int, acknowledged: int) -> None:
    database = Database(url, pool=LANES)
    left = iter(range(acts))

    async def lane() -> None:
        for number in left:
            facts = {"bevoegdheid": "SUB-01", "uitkomst": "bevoegd", "nummer": f"2026-{number}"}
            note = Note("decision.taken", (("besluit", UUID(int=number)),), facts, {"actor": "Noor"}, accountable=True)
            async with database.begin() as session:
                entry = await record(session, note, by=SYSTEM)
            os.write(acknowledged, f"{entry}\n".encode())

    await asyncio.gather(*(lane() for _ in range(LANES)))
    await database.close()


if __name__ == "__main__":
    file = os.open(sys.argv[3], os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    asyncio.run(write(sys.argv[1], int(sys.argv[2]), file))
