"""The whole schedule of `teams work`, on one page: what runs when, each run one transaction."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime, timedelta

from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.cron import CronTrigger
from apscheduler.triggers.interval import IntervalTrigger
from sqlalchemy import text

from teams.auth import sessions, throttle
from teams.exchange.leaving import apply_leaves
from teams.governance.actions.proposals import close_due
from teams.kit.clock import AMSTERDAM, day_of, now
from teams.kit.db import Database
from teams.klussen.actions.due import apply_due

log = logging.getLogger("teams.work")

Job = Callable[[Database], Awaitable[None]]
RETRIES = (1.0, 5.0, 25.0)
_OLD_KEYS = text("delete from form_key where at < now() - interval '1 day'")


async def start_and_expire_klussen(database: Database) -> None:
    """Klussen whose day has come, batch after batch until none is left. One batch is one transaction."""
    changed = 1
    while changed:
        async with database.begin() as session:
            changed = await apply_due(session, day_of(await now(session)))
        if changed:
            log.info("%d klussen begonnen of verlopen", changed)


async def end_what_leavers_had(database: Database) -> None:
    """R13: who was in service until yesterday holds no place, no account and no session any more."""
    async with database.begin() as session:
        ended = await apply_leaves(session, at=await now(session))
    if ended:
        log.info("%d mensen uit dienst verwerkt", ended)


async def close_due_proposals(database: Database) -> None:
    """G22: adopt what a policy's term has passed over in silence, let lapse what nobody settled."""
    closed = 1
    while closed:
        async with database.begin() as session:
            closed = await close_due(session, at=await now(session))
        if closed:
            log.info("%d voorstellen waarvan de termijn voorbij is", closed)


async def sweep_access(database: Database) -> None:
    """Sessions that ended, counts of tries and keys of forms that are a day old."""
    async with database.begin() as session:
        await sessions.sweep(session)
        await throttle.sweep(session)
        await session.execute(_OLD_KEYS)


def schedule(database: Database) -> AsyncIOScheduler:
    """Not started yet. After a stand-still, a job that was missed runs once."""
    scheduler = AsyncIOScheduler(
        timezone=AMSTERDAM, job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None}
    )
    soon = datetime.now(UTC) + timedelta(milliseconds=100)

    def plan(job: Job, trigger: IntervalTrigger | CronTrigger, *, at_start: bool = False) -> None:
        first = {"next_run_time": soon} if at_start else {}
        scheduler.add_job(with_retries, trigger, args=[job, database], **first)

    plan(start_and_expire_klussen, IntervalTrigger(minutes=1), at_start=True)
    plan(start_and_expire_klussen, CronTrigger(hour=0, minute=0, second=5, timezone=AMSTERDAM))
    plan(close_due_proposals, IntervalTrigger(minutes=1), at_start=True)
    plan(end_what_leavers_had, CronTrigger(hour=0, minute=0, second=20, timezone=AMSTERDAM), at_start=True)
    plan(sweep_access, CronTrigger(hour=3, minute=15, timezone=AMSTERDAM), at_start=True)
    return scheduler


async def with_retries(job: Job, database: Database, waits: Sequence[float] = RETRIES) -> None:
    """A failed run is logged and tried again after each of `waits` seconds; then the next turn of the schedule."""
    for wait in (*waits, None):
        try:
            await job(database)
            return
        except Exception:
            if wait is None:
                log.exception("%s lukt niet; wacht op de volgende beurt", job.__name__)
            else:
                log.warning("%s lukt niet; nog eens over %g seconden", job.__name__, wait, exc_info=True)
                await asyncio.sleep(wait)
