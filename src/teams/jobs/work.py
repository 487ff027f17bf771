"""`teams work`: one process leads and runs the schedule, others stand by; each keeps trying to write the log."""

import asyncio
import contextlib
import logging
import os
import signal
import time

import asyncpg

from teams.jobs import figures
from teams.jobs.schedule import Turns, begin_again, schedule
from teams.kit.db import Database, connect, plain_url
from teams.kit.settings import Settings
from teams.ledger.sequencer import sequence

log = logging.getLogger("teams.work")

LEASE = 0x7465616D73
BEAT = 2.0
JUMP = 5.0
_PATIENCE = 5.0
TURN_SECONDS = 8.0  # a job that is under way may end before a stop; it is killed after 30 s (deploy/systemd)


class Clock:
    """Tells when the wall clock was put back or forward. A plan by the old time would stand still for as long as it went back."""

    def __init__(self) -> None:
        self.ahead = time.time() - time.monotonic()

    def jumped(self) -> bool:
        """More than JUMP seconds since it was last asked; slow correction does not count."""
        before, self.ahead = self.ahead, time.time() - time.monotonic()
        return abs(self.ahead - before) > JUMP


async def work(settings: Settings) -> None:
    """Runs until SIGTERM or SIGINT. A database that is away is waited for."""
    with figures.given(settings.work_metrics_port, settings.metrics_host):
        await _work(settings)


async def _work(settings: Settings) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(name, stop.set)
    database = Database(settings.worker_database_url or settings.database_url, pool=2)
    lease = plain_url(settings.direct_database_url or settings.worker_database_url or settings.database_url)
    waiting = ""
    # Every process tries: the sequencer's lock is a row that the app cannot take, the lease is not.
    writer = plain_url(settings.worker_database_url or settings.database_url)
    log_writer = asyncio.create_task(sequence(writer, settings.log_org, stop))
    watcher = asyncio.create_task(figures.watch_log(database, stop)) if settings.work_metrics_port else None
    try:
        while not stop.is_set():
            try:
                led = await _lead(lease, database, settings, stop)
                now_waiting = "" if led else "een ander proces leidt al; dit proces staat klaar"
            except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, TimeoutError) as error:
                now_waiting = f"de database is weg: {error or type(error).__name__}"
            if now_waiting and now_waiting != waiting:
                log.warning("%s", now_waiting)
            waiting = now_waiting
            await _pause(stop)
    finally:
        stop.set()
        await log_writer
        if watcher:
            await watcher
        await database.close()
    log.info("het werk is gestopt")


async def _lead(url: str, database: Database, settings: Settings, stop: asyncio.Event) -> bool:
    """Lead for as long as the lock's own connection lives. False: another process has the lock."""
    named = {"application_name": f"teams work {os.getpid()}"}  # who leads is to be seen in pg_stat_activity
    connection = await connect(url, command_timeout=_PATIENCE, server_settings=named)
    try:
        if not await connection.fetchval("select pg_try_advisory_lock($1)", LEASE):
            return False
        log.info("dit proces leidt het werk")
        turns = Turns()
        scheduler = schedule(database, settings, turns)
        scheduler.start()
        figures.LEADS.set(1)
        clock = Clock()
        try:
            while not stop.is_set():
                await _pause(stop)
                await connection.execute("select 1")
                if clock.jumped():
                    log.warning("de klok is verzet; alles wat op de klok gaat, begint opnieuw")
                    begin_again(scheduler)
        finally:
            figures.LEADS.set(0)
            scheduler.pause()
            await turns.end(TURN_SECONDS if stop.is_set() else 0)
            scheduler.shutdown(wait=False)
        return True
    finally:
        with contextlib.suppress(OSError, asyncpg.PostgresError, asyncpg.InterfaceError, TimeoutError):
            await connection.close(timeout=_PATIENCE)


async def _pause(stop: asyncio.Event) -> None:
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(stop.wait(), BEAT)
