"""The schedule as the leading process wrote it down: each job with its last and next run."""

from typing import Any

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncSession

_RUNS = text(
    """
    select job, plan, next_at, last_at, took_ms, fault, did, did_at, next_at < now() - interval '2 minutes' as late
    from job_run order by next_at nulls last, job
    """
)


async def the_schedule(session: AsyncSession) -> list[Row[Any]]:
    """One row for each job; empty while no process ever led. `late`: its next run should have been."""
    return list((await session.execute(_RUNS)).all())
