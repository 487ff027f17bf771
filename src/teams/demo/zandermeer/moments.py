"""Moments at which people in the demo do things."""

from datetime import UTC, date, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo


def moment(rng: Random, day: date, *, after: datetime | None = None) -> datetime:
    """A moment in office hours on a working day at or before `day`, but never before `after`."""
    day -= timedelta(days=max(0, day.weekday() - 4))
    at = datetime.combine(day, time(rng.randint(7, 14), rng.randint(0, 59)), UTC)
    if after is None or at > after:
        return at
    return after + timedelta(minutes=rng.randint(3, 50))


def midnight(day: date) -> datetime:
    return datetime.combine(day, time(), ZoneInfo("Europe/Amsterdam")).astimezone(UTC)
