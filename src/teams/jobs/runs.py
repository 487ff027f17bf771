"""How the jobs of the schedule go, written down for the page that shows it: last run, what went wrong, next run."""

import json
import logging
from collections.abc import Mapping
from datetime import datetime

from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.cron import CronTrigger
from apscheduler.triggers.interval import IntervalTrigger
from sqlalchemy import text

from teams.kit.db import Database

log = logging.getLogger("teams.work")

_RAN = text(
    """
    insert into job_run (job, last_at, took_ms, fault, did, did_at)
        values (:job, now(), :took, :fault, cast(:did as jsonb), case when :did <> '{}' then now() end)
    on conflict (job) do update set last_at = excluded.last_at, took_ms = excluded.took_ms, fault = excluded.fault,
        did = case when excluded.did_at is null then job_run.did else excluded.did end, did_at = coalesce(excluded.did_at, job_run.did_at)
    where job_run.last_at is null or job_run.fault <> excluded.fault or excluded.did_at is not null
        or job_run.last_at < now() - interval '10 seconds'
    """
)
_PLAN = text(
    """
    with given as (select * from unnest(cast(:jobs as text[]), cast(:plans as text[]), cast(:nexts as timestamptz[])) g(job, plan, next_at)),
    gone as (delete from job_run r where not exists (select from given g where g.job = r.job))
    insert into job_run (job, plan, next_at) select job, plan, next_at from given
    on conflict (job) do update set plan = excluded.plan, next_at = excluded.next_at
    """
)


def coded(trigger: IntervalTrigger | CronTrigger) -> str:
    """`60`: each so many seconds; `3:15`: each day at that time in Amsterdam; `*:10`: each hour at that minute."""
    if isinstance(trigger, IntervalTrigger):
        return str(round(trigger.interval.total_seconds()))
    fields = {field.name: str(field) for field in trigger.fields}
    return f"{fields['hour']}:{fields['minute'].zfill(2)}"


async def ran(
    database: Database, job: str, *, seconds: float, fault: str, did: Mapping[str, int] | None = None
) -> None:
    """A job that runs each second is written down each ten; a database that is away is said elsewhere.

    `did`: what it counts; the last run that did something stays to be seen."""
    done = {what: count for what, count in (did or {}).items() if count}
    given = {"job": job, "took": round(seconds * 1000), "fault": fault, "did": json.dumps(done)}
    try:
        async with database.begin() as session:
            await session.execute(_RAN, given)
    except Exception as error:
        log.debug("the run of %s is not written down: %s", job, error)


async def write_plan(database: Database, scheduler: AsyncIOScheduler) -> None:
    """The whole schedule as this process, which leads, has it; what is no longer in it goes."""
    plans: dict[str, tuple[list[str], datetime | None]] = {}
    for job in scheduler.get_jobs():
        name = job.args[0].__name__
        said, first = plans.get(name, ([], None))
        moments = [moment for moment in (first, job.next_run_time) if moment is not None]
        plans[name] = ([*said, coded(job.trigger)], min(moments, default=None))
    given = {
        "jobs": list(plans), "plans": [" ".join(said) for said, _ in plans.values()],
        "nexts": [first for _, first in plans.values()],
    }  # fmt: skip
    async with database.begin() as session:
        await session.execute(_PLAN, given)
