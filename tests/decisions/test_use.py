"""Question 7: a grant is used when it stands in the chain of a recorded decision, as of a moment."""

from datetime import timedelta

import asyncpg

from teams.decisions.queries.use import unused, use_of
from teams.kit.clock import now
from teams.kit.db import Database
from tests.decisions.acts import settle, taken


async def test_every_grant_of_the_chain_is_used_and_no_other(db: Database, owner: asyncpg.Connection) -> None:
    await settle(owner)
    await taken(db, "SUB-01", "noor", 100_00, case="Z-1")
    await taken(db, "SUB-01", "noor", 100_00, case="Z-2")
    async with db.begin() as session:
        at = await now(session)
        numbers = ["T01", "T12", "T15", "bestaat niet"]
        assert await unused(session, numbers, at) == ["T12", "bestaat niet"]
        found = await use_of(session, numbers, at)
        assert {name: one.many for name, one in found.items()} == {"T01": 2, "T12": 0, "T15": 2, "bestaat niet": 0}
        assert found["T12"].last is None
        assert found["T15"].last is not None
        before = await unused(session, numbers, at - timedelta(days=1))
        assert set(before) == set(numbers)
        later = (await use_of(session, ["T15"], at + timedelta(days=400)))["T15"]
        assert (later.many, later.last) == (0, found["T15"].last), "counted over a year, the last day stays"
