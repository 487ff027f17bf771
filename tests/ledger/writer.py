"""A process of the app that decides as fast as it can: `python writer.py URL ACTS FILE`. What was acknowledged goes to FILE."""

import asyncio
import os
import sys
from uuid import UUID, uuid4

from teams.decisions.actions.decide import Taken, decide
from teams.decisions.forms import DecisionForm
from teams.journal.models import Actor
from teams.kit.clock import now
from teams.kit.db import Database
from teams.mandates.question import Question

LANES = 8
FORM = DecisionForm(onderwerp="Subsidie dansschool", motivering="Past in het beleid.", belangVerklaring=True)


async def write(url: str, person: str, acts: int, acknowledged: int) -> None:
    """Every lane waits for its own decision to stand before it says so and takes the next."""
    database, by = Database(url, pool=LANES), Actor(UUID(person))
    left = iter(range(acts))

    async def lane() -> None:
        for _ in left:
            async with database.begin() as session:
                at = await now(session)
                question = Question("SUB-01", at, at, person, cents=100_00, case=str(uuid4()), sensitive=False)
                done = await decide(session, question, FORM, by=by, at=at)
                assert isinstance(done, Taken)
            os.write(acknowledged, f"{done.entry}\n".encode())

    await asyncio.gather(*(lane() for _ in range(LANES)))
    await database.close()


if __name__ == "__main__":
    file = os.open(sys.argv[4], os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    asyncio.run(write(sys.argv[1], sys.argv[2], int(sys.argv[3]), file))
