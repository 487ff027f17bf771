"""One clock: the time of the database transaction; days are days in Amsterdam."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

AMSTERDAM = ZoneInfo("Europe/Amsterdam")


async def now(session: AsyncSession) -> datetime:
    """The moment of this transaction, from the database (aware, UTC)."""
    moment: datetime | None = await session.scalar(select(func.now()))
    assert moment is not None
    return moment


def day_of(at: datetime) -> date:
    """The calendar day in Amsterdam on which `at` falls."""
    return at.astimezone(AMSTERDAM).date()


def start_of(day: date) -> datetime:
    """Midnight in Amsterdam at which `day` begins."""
    return datetime.combine(day, time(), AMSTERDAM)


def end_of(day: date) -> datetime:
    """Midnight in Amsterdam at which `day` ends (exclusive bound)."""
    return start_of(day + timedelta(days=1))
