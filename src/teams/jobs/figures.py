"""Figures of `teams work` for Prometheus: how its jobs go, and how far the log is covered by a signed head."""

import asyncio
import contextlib
import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager

from prometheus_client import Counter, Gauge, start_http_server
from sqlalchemy import text

from teams.kit.db import Database

log = logging.getLogger("teams.work")

RUNS = Counter("teams_job_runs", "Runs of a job of the schedule", ["job", "outcome"])
LAST = Gauge("teams_job_last_success_timestamp_seconds", "When a job last did its work", ["job"])
LEADS = Gauge("teams_work_leads", "1 in the process that runs the schedule")
LEAVES = Gauge("teams_log_leaves", "Entries in the log")
UNSIGNED = Gauge("teams_log_unsigned", "Entries that no signed head covers yet")
ALARMS = Gauge("teams_log_alarms", "Alarms of the signer that are open")
SEEN_EVERY = 15.0
_LOG = text(
    """
    select coalesce((select max(seq) + 1 from leaf where log = l.id), 0) as leaves,
        coalesce((select max(size) from checkpoint where log = l.id), 0) as signed,
        (select count(*) from alarm where settled_at is null) as alarms
    from log l order by l.id desc limit 1
    """
)


@contextmanager
def given(port: int | None, host: str) -> Iterator[None]:
    """Give the figures on a port of their own, for as long as the block lasts."""
    if port is None:
        yield
        return
    server, _thread = start_http_server(port, addr=host)
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()


@contextmanager
def counted(job: str) -> Iterator[None]:
    """One run of a job."""
    try:
        yield
    except Exception:
        RUNS.labels(job, "failed").inc()
        raise
    RUNS.labels(job, "done").inc()
    LAST.labels(job).set(time.time())


async def watch_log(database: Database, stop: asyncio.Event) -> None:
    """Look at the log now and then; a database that is away leaves the figures as they were."""
    while not stop.is_set():
        try:
            async with database.read() as session:
                row = (await session.execute(_LOG)).one()
            LEAVES.set(row.leaves)
            UNSIGNED.set(row.leaves - row.signed)
            ALARMS.set(row.alarms)
        except Exception as error:
            log.debug("no figures of the log: %s", error)
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), SEEN_EVERY)
