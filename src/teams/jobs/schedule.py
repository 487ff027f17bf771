"""The whole schedule of `teams work`, on one page: what runs when, each run one transaction."""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from uuid import UUID

from apscheduler.executors.asyncio import AsyncIOExecutor
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.cron import CronTrigger
from apscheduler.triggers.interval import IntervalTrigger
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from teams.account.actions.checklists import match_open
from teams.auth import sessions, throttle
from teams.exchange.leaving import apply_leaves
from teams.governance.actions.candidates import drop_silent_candidates
from teams.governance.actions.elections import call_ending_terms, close_due_elections
from teams.governance.actions.offers import fill_after_grantor
from teams.governance.actions.proposals import close_due
from teams.jobs.figures import counted
from teams.jobs.notices import (
    ask_about_stale_klussen,
    clear_old_notices,
    deliver_mail,
    gather_mail,
    remind_of_klussen,
    remind_of_terms,
    tell_what_happened,
)
from teams.jobs.reach import count_who_can
from teams.jobs.runs import ran, write_plan
from teams.jobs.searches import tell_searches
from teams.kit.clock import AMSTERDAM, day_of, now
from teams.kit.db import Database
from teams.kit.settings import Settings
from teams.klussen.actions.consent import void_moved
from teams.klussen.actions.due import apply_due
from teams.klussen.actions.phases import close_stale_klus
from teams.klussen.actions.settle import due_klussen, settle_klus
from teams.klussen.stale import over
from teams.people.settings import current

log = logging.getLogger("teams.work")

Did = Mapping[str, int] | None  # what a job counts, if it does
Job = Callable[[Database], Awaitable[Did]]
RETRIES = (1.0, 5.0, 25.0)
BREAK_OFF = 5.0
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
    await _one_by_one(database, due, lambda session, klus_id, at: settle_klus(session, klus_id, at=at))


async def close_stale_klussen(database: Database, settings: Settings) -> None:
    """Klussen of which nobody said in time that they still stand take no more claims: one klus, one transaction."""
    wait = settings.stale_wait_days
    async with database.read() as session:
        due = await over(session, wait=wait, at=await now(session))
    await _one_by_one(database, due, lambda session, klus_id, at: close_stale_klus(session, klus_id, wait=wait, at=at))


async def _one_by_one(
    database: Database, klussen: Sequence[UUID], act: Callable[[AsyncSession, UUID, datetime], Awaitable[object]]
) -> None:
    failed: Exception | None = None
    for klus_id in klussen:
        try:
            async with database.begin() as session:
                await act(session, klus_id, await now(session))
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


class Turns(AsyncIOExecutor):  # type: ignore[misc]
    """The turns that are under way: a stop lets them end."""

    async def end(self, seconds: float) -> None:
        """Wait for what is under way, at most `seconds`; what goes on then is broken off, and its transaction with it."""
        under_way = set(self._pending_futures)
        for patience in (seconds, BREAK_OFF):
            if under_way:
                _, under_way = await asyncio.wait(under_way, timeout=patience)
            for turn in under_way:
                turn.cancel()


def schedule(database: Database, settings: Settings, turns: Turns | None = None) -> AsyncIOScheduler:
    """Not started yet. Each job runs at once, so that whoever takes over makes up for what was missed; a moment that passed runs once."""
    scheduler = AsyncIOScheduler(
        timezone=AMSTERDAM, executors={"default": turns or Turns()},
        job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
    )  # fmt: skip
    soon = datetime.now(UTC) + timedelta(milliseconds=100)

    def plan(job: Job, trigger: IntervalTrigger | CronTrigger) -> None:
        scheduler.add_job(noted, trigger, args=[job, database], next_run_time=soon)

    def told(job: Callable[[Database, Settings], Awaitable[Did]]) -> Job:
        async def run(database: Database) -> Did:
            async with database.read() as session:
                held = await current(session, settings)
            return await job(database, held)

        run.__name__ = job.__name__
        return run

    async def tell_the_schedule(database: Database) -> None:
        await write_plan(database, scheduler)

    def each(**interval: float) -> IntervalTrigger:
        return IntervalTrigger(**interval)

    def daily(hour: int, minute: int, second: int = 0) -> CronTrigger:
        """In Amsterdam; not between two and three, an hour that one night has twice and another not at all."""
        return CronTrigger(hour=hour, minute=minute, second=second, timezone=AMSTERDAM)

    plan(start_and_expire_klussen, each(minutes=1))
    plan(start_and_expire_klussen, daily(0, 0, 5))
    plan(settle_klussen, each(minutes=1))
    plan(void_consents_of_movers, each(minutes=1))
    plan(close_due_proposals, each(minutes=1))
    plan(close_due_choices, each(minutes=1))
    plan(call_elections, daily(0, 1))
    plan(end_what_leavers_had, daily(0, 0, 20))
    plan(match_outside_lists, daily(4, 5))
    plan(count_who_can, daily(4, 20))
    plan(sweep_access, daily(3, 15))
    plan(told(clear_old_notices), daily(3, 30))
    plan(told(tell_what_happened), each(seconds=2))
    for reminding in (remind_of_klussen, ask_about_stale_klussen, close_stale_klussen, remind_of_terms):
        plan(told(reminding), CronTrigger(minute=10, timezone=AMSTERDAM))
    plan(told(tell_searches), daily(6, 40))
    plan(told(gather_mail), each(minutes=1))
    plan(told(deliver_mail), each(seconds=10))
    plan(tell_the_schedule, each(seconds=15))
    return scheduler


def begin_again(scheduler: AsyncIOScheduler) -> None:
    """After the clock was put back or forward: everything once now, then as planned. What runs goes on."""
    at = datetime.now(UTC)
    for job in scheduler.get_jobs():
        job.modify(next_run_time=at)


async def noted(job: Job, database: Database) -> None:
    """One turn of a job, with how it went for the page of the schedule."""
    begin = time.monotonic()
    try:
        fault, did = await with_retries(job, database)
        spent = time.monotonic() - begin
        await ran(database, job.__name__, seconds=spent, fault=type(fault).__name__ if fault else "", did=did)
    except asyncio.CancelledError:
        log.info("%s is afgebroken en gebeurt bij de volgende start", job.__name__)


async def with_retries(job: Job, database: Database, waits: Sequence[float] = RETRIES) -> tuple[Exception | None, Did]:
    """A failed run is logged and tried again after each of `waits` seconds; then the next turn of the schedule."""
    for wait in (*waits, None):
        try:
            with counted(job.__name__):
                return None, await job(database)
        except Exception as error:
            if wait is None:
                log.exception("%s lukt niet; wacht op de volgende beurt", job.__name__)
                return error, None
            log.warning("%s lukt niet; nog eens over %g seconden", job.__name__, wait, exc_info=True)
            await asyncio.sleep(wait)
    return None, None
