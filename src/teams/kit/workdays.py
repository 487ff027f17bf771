"""Working days: Monday to Friday without the days that the Algemene termijnenwet (art. 3) calls general holidays."""

from datetime import date, timedelta
from functools import cache


def after(day: date, days: int) -> date:
    """The `days`-th working day after `day`."""
    while days:
        day += timedelta(days=1)
        days -= is_workday(day)
    return day


def between(first: date, last: date) -> list[date]:
    """The working days after `first`, up to and including `last`."""
    span = (first + timedelta(days=n) for n in range(1, (last - first).days + 1))
    return [day for day in span if is_workday(day)]


def is_workday(day: date) -> bool:
    return day.weekday() < 5 and day not in holidays(day.year)


@cache
def holidays(year: int) -> frozenset[date]:
    easter = _easter(year)
    moving = (easter + timedelta(days=n) for n in (-2, 1, 39, 50))
    king = date(year, 4, 27)
    fixed = (date(year, 1, 1), date(year, 5, 5), date(year, 12, 25), date(year, 12, 26))
    return frozenset({*moving, *fixed, king - timedelta(days=king.weekday() == 6)})


def _easter(year: int) -> date:
    """The Gregorian computus, in the form of Meeus, Jones and Butcher."""
    golden, (century, rest) = year % 19, divmod(year, 100)
    skipped = (century - (century + 8) // 25 + 1) // 3
    epact = (19 * golden + century - century // 4 - skipped + 15) % 30
    week = (32 + 2 * (century % 4) + 2 * (rest // 4) - epact - rest % 4) % 7
    month, day = divmod(epact + week - 7 * ((golden + 11 * epact + 22 * week) // 451) + 114, 31)
    return date(year, month, day + 1)
