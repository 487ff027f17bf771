"""A quarter or a year: how it is written, which days it has, which one came before."""

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from teams.kit.clock import end_of, start_of
from teams.kit.errors import NotFound, Reason
from teams.kit.text import N_

_CODE = re.compile(r"(2[01][0-9]{2})(?:-K([1-4]))?")


@dataclass(frozen=True, order=True)
class Period:
    """`quarter` 1 to 4, or 0 for the whole year. Written as `2026-K3` or `2026`."""

    year: int
    quarter: int = 0

    def __str__(self) -> str:
        return f"{self.year}-K{self.quarter}" if self.quarter else str(self.year)

    @property
    def first(self) -> date:
        return date(self.year, 3 * self.quarter - 2 if self.quarter else 1, 1)

    @property
    def last(self) -> date:
        """The last day, inclusive."""
        if self.quarter in (0, 4):
            return date(self.year, 12, 31)
        return date(self.year, 3 * self.quarter + 1, 1) - timedelta(days=1)

    @property
    def start(self) -> datetime:
        return start_of(self.first)

    @property
    def end(self) -> datetime:
        """Exclusive."""
        return end_of(self.last)

    @property
    def before(self) -> "Period":
        if not self.quarter:
            return Period(self.year - 1)
        return Period(self.year, self.quarter - 1) if self.quarter > 1 else Period(self.year - 1, 4)

    def span(self) -> dict[str, datetime]:
        """As parameters of a query."""
        return {"start": self.start, "end": self.end}


def period_of(text: str) -> Period:
    """Reads `2026-K3` and `2026`; anything else is `NotFound`."""
    found = _CODE.fullmatch(text)
    if found is None:
        raise NotFound(
            Reason("onbekend", N_("Deze periode bestaat niet. Schrijf een kwartaal als 2026-K3, een jaar als 2026."))
        )
    return Period(int(found[1]), int(found[2] or 0))


def quarter_of(day: date) -> Period:
    return Period(day.year, (day.month + 2) // 3)


def reviewable(today: date) -> list[Period]:
    """Of which an access review may begin: this year as a whole, this quarter and the three before it."""
    return [Period(today.year), *past_quarters(today, 4)]


def past_quarters(today: date, number: int = 8) -> list[Period]:
    """The quarter of today and those before it, newest first."""
    found = [quarter_of(today)]
    while len(found) < number:
        found.append(found[-1].before)
    return found
