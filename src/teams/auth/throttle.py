"""Counting tries in PostgreSQL, atomically, so that many processes count as one."""

from datetime import timedelta

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

_TRY = text(
    """
    insert into throttle as t (key) values (:key)
    on conflict (key) do update set
        tries = case when t.since < now() - cast(:window as interval) then 1 else t.tries + 1 end,
        since = case when t.since < now() - cast(:window as interval) then now() else t.since end
    returning tries, extract(epoch from since + cast(:window as interval) - now())::int as wait
    """
)
_CLEAR = text("delete from throttle where key = :key")
_OLD = text("delete from throttle where since < now() - interval '1 day'")


async def too_many(session: AsyncSession, key: str, *, limit: int, window: timedelta) -> int:
    """Count one try. 0 when it is within `limit` per `window`, else the seconds to wait."""
    row = (await session.execute(_TRY, {"key": key, "window": window})).one()
    return max(1, row.wait) if row.tries > limit else 0


async def forgive(session: AsyncSession, key: str) -> None:
    await session.execute(_CLEAR, {"key": key})


async def sweep(session: AsyncSession) -> None:
    await session.execute(_OLD)
