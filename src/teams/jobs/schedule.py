"""The whole schedule of `teams work`, on one page: what runs when, each run one transaction."""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime, timedelta

from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.cron import CronTrigger
from apscheduler.triggers.interval import IntervalTrigger
from sqlalchemy import text

from teams.account.actions.checklists import match_open
from teams.auth import sessions, throttle
from teams.exchange.leaving import apply_leaves
from teams.governance.actions.candidates import drop_silent_candidates
from teams.governance.actions.elections import call_ending_terms, close_due_elections
from teams.governance.actions.offers import fill_after_grantor
from teams.governance.actions.proposals import close_due
from teams.jobs.figures import counted
from teams.jobs.notices import gather_and_send_mail, make_reminders, tell_what_happened
from teams.jobs.reach import count_who_can
from teams.jobs.runs import ran, write_plan
from teams.kit.clock import AMSTERDAM, day_of, now
from teams.kit.db import Database
from teams.kit.settings import Settings
from teams.klussen.actions.consent import void_moved
from teams.klussen.actions.due import apply_due
from teams.klussen.actions.settle import due_klussen, settle_klus

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


async def settle_klussen(database: Database) -> None:
    """Offers, reservations and consents whose term has passed, lots, places for who waits: one klus, one transaction."""
    async with database.read() as session:
        due = await due_klussen(session, at=await now(session))
    failed: Exception | None = None
    for klus_id in due:
        try:
            async with database.begin() as session:
                await settle_klus(session, klus_id, at=await now(session))
        except Exception as error:
            log.warning("klus %s lukt niet; de andere gaan door", klus_id)
            failed = error
    if failed is not None:
        raise failed


async def void_consents_of_movers(database: Database) -> None:
    """R13: who changed home team is lent out by another team now."""
    found = True
    while found:
        async with database.begin() as session:
            found = await void_moved(session, at=await now(session))


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


async def close_due_choices(database: Database) -> None:
    """G9, G30: elections whose term has passed, candidates who said nothing, fillings that no grantor stopped."""
    for job in (drop_silent_candidates, close_due_elections, fill_after_grantor):
        closed = 1
        while closed:
            async with database.begin() as session:
                closed = await job(session, at=await now(session))


async def call_elections(database: Database) -> None:
    """G30: a term that ends within four weeks calls an election."""
    called = 1
    while called:
        async with database.begin() as session:
            called = await call_ending_terms(session, at=await now(session))
        if called:
            log.info("%d verkiezingen begonnen omdat een termijn afloopt", called)


async def sweep_access(database: Database) -> None:
    """Sessions that ended, counts of tries and keys of forms that are a day old."""
    async with database.begin() as session:
        await sessions.sweep(session)
        await throttle.sweep(session)
        await session.execute(_OLD_KEYS)


async def match_outside_lists(database: Database) -> None:
    """Posts of outside lists whose decision came into the log later."""
    async with database.begin() as session:
        found = await match_open(session)
    if found:
        log.info("%d posten van toetslijsten alsnog gevonden in het logboek", found)


def schedule(database: Database, settings: Settings) -> AsyncIOScheduler:
    """Not started yet. After a stand-still, a job that was missed runs once."""
    scheduler = AsyncIOScheduler(
        timezone=AMSTERDAM, job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None}
    )
    soon = datetime.now(UTC) + timedelta(milliseconds=100)

    def plan(job: Job, trigger: IntervalTrigger | CronTrigger, *, at_start: bool = False) -> None:
        first = {"next_run_time": soon} if at_start else {}
        scheduler.add_job(noted, trigger, args=[job, database], **first)

    def mailing(job: Callable[[Database, Settings], Awaitable[None]]) -> Job:
        async def run(database: Database) -> None:
            await job(database, settings)

        run.__name__ = job.__name__
        return run

    async def tell_the_schedule(database: Database) -> None:
        await write_plan(database, scheduler)

    plan(start_and_expire_klussen, IntervalTrigger(minutes=1), at_start=True)
    plan(start_and_expire_klussen, CronTrigger(hour=0, minute=0, second=5, timezone=AMSTERDAM))
    plan(settle_klussen, IntervalTrigger(minutes=1), at_start=True)
    plan(void_consents_of_movers, IntervalTrigger(minutes=1), at_start=True)
    plan(close_due_proposals, IntervalTrigger(minutes=1), at_start=True)
    plan(close_due_choices, IntervalTrigger(minutes=1), at_start=True)
    plan(call_elections, CronTrigger(hour=0, minute=1, timezone=AMSTERDAM), at_start=True)
    plan(end_what_leavers_had, CronTrigger(hour=0, minute=0, second=20, timezone=AMSTERDAM), at_start=True)
    plan(match_outside_lists, CronTrigger(hour=4, minute=5, timezone=AMSTERDAM))
    plan(count_who_can, CronTrigger(hour=2, minute=20, timezone=AMSTERDAM), at_start=True)
    plan(sweep_access, CronTrigger(hour=3, minute=15, timezone=AMSTERDAM), at_start=True)
    plan(mailing(tell_what_happened), IntervalTrigger(seconds=2), at_start=True)
    plan(mailing(make_reminders), CronTrigger(minute=10, timezone=AMSTERDAM), at_start=True)
    plan(mailing(gather_and_send_mail), IntervalTrigger(seconds=10), at_start=True)
    plan(tell_the_schedule, IntervalTrigger(seconds=15), at_start=True)
    return scheduler


async def noted(job: Job, database: Database) -> None:
    """One turn of a job, with how it went for the page of the schedule."""
    begin = time.monotonic()
    fault = await with_retries(job, database)
    await ran(database, job.__name__, seconds=time.monotonic() - begin, fault=type(fault).__name__ if fault else "")


async def with_retries(job: Job, database: Database, waits: Sequence[float] = RETRIES) -> Exception | None:
    """A failed run is logged and tried again after each of `waits` seconds; then the next turn of the schedule."""
    for wait in (*waits, None):
        try:
            with counted(job.__name__):
                await job(database)
            return None
        except Exception as error:
            if wait is None:
                log.exception("%s lukt niet; wacht op de volgende beurt", job.__name__)
                return error
            log.warning("%s lukt niet; nog eens over %g seconden", job.__name__, wait, exc_info=True)
            await asyncio.sleep(wait)
    return None
