"""Each night: how many people can do each open klus. Read, count and keep are apart: no transaction waits for the count."""

import asyncio
import logging

from teams.kit.clock import day_of, now
from teams.kit.db import Database
from teams.klussen.matching_nightly import counted, keep_reach, reach_facts

log = logging.getLogger("teams.work")


async def count_who_can(database: Database) -> None:
    """The job."""
    log.info("voor %d klussen geteld wie ze kan doen", await count_reach(database))


async def count_reach(database: Database) -> int:
    """Returns how many klussen were counted."""
    async with database.read() as session:
        at = await now(session)
        facts = await reach_facts(session, at=at)
    counts = await asyncio.to_thread(counted, facts, day_of(at))
    async with database.begin() as session:
        await keep_reach(session, counts, at=at)
    return len(counts)
