"""Hours a week (R5): contract minus leave, role hours and other klussen, for every ISO week that a klus touches.

All hours are whole tenths, all days ordinals; periods are half-open, None is 'no end'.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any, NamedTuple

FOREVER = date.max.toordinal()
WORKDAYS = 5


class Span(NamedTuple):
    """`tenths` of an hour a week on the days start ≤ day < end."""

    start: int
    end: int
    tenths: int


class Week(NamedTuple):
    """What one week has left for a klus; `monday` is its first day."""

    monday: int
    free: int


@dataclass(frozen=True)
class Hours:
    """Everything known of one person's hours. Roles without known hours are not in it: never block on guesses."""

    contracts: Sequence[Span]
    absences: Sequence[Span]
    roles: Sequence[Span]
    others: Sequence[Span]

    def in_service(self, start: int, end: int) -> bool:
        """Contracts cover every day of start ≤ day < end; without an end only the first day counts."""
        day = start
        for span in sorted(self.contracts):
            if span.start <= day < span.end:
                day = span.end
                if end == FOREVER or day >= end:
                    return True
        return False

    @cached_property
    def _changes(self) -> list[int]:
        """The days on which something begins or ends, in order."""
        spans = (*self.contracts, *self.absences, *self.roles, *self.others)
        return sorted({day for span in spans for day in (span.start, span.end)})

    def _changes_between(self, first: int, last: int) -> list[int]:
        changes = self._changes
        return changes[bisect_left(changes, first) : bisect_right(changes, last)]

    def weeks(self, start: int, end: int) -> list[Week]:
        """The weeks that can differ, with what is free in each: the first, the last and those where something changes."""
        first, last = _monday(start), _monday(min(end, FOREVER) - 1)
        marks = {first, last} if end < FOREVER else {first}
        for change in self._changes_between(start, end):
            marks.update(_monday(day) for day in (change - 1, change) if start <= day < end)
        for span in self.absences:
            if span.start < end and start < span.end:
                marks.update(range(max(first, _monday(span.start)), min(span.end, end), 7))
        return [Week(monday, self._free(monday, start, end)) for monday in sorted(marks)]

    def tightest(self, start: int, end: int) -> Week:
        """The week with the least room."""
        return min(self.weeks(start, end), key=lambda week: (week.free, week.monday))

    @cached_property
    def _whole_weeks(self) -> dict[int, int]:
        """What was found free in whole weeks, by Monday: many klussen touch the same weeks."""
        return {}

    def _free(self, monday: int, start: int, end: int) -> int:
        if start > monday or monday + 7 > end:
            return self._left(monday, max(monday, start), min(monday + 7, end))
        free = self._whole_weeks.get(monday)
        if free is None:
            free = self._whole_weeks[monday] = self._left(monday, monday, monday + 7)
        return free

    def _left(self, monday: int, first: int, end: int) -> int:
        """Contract and work stand still between changes: the first day and the days of change say it all."""
        days = [first, *self._changes_between(first + 1, end - 1)]
        contract = min(_at(self.contracts, day) for day in days)
        busy = max(_at(self.roles, day) + _at(self.others, day) for day in days)
        if not self.absences:
            return contract - busy
        leave = sum(1 for day in range(monday, monday + WORKDAYS) if any(a.start <= day < a.end for a in self.absences))
        return contract - -(-contract * leave // WORKDAYS) - busy


def _at(spans: Iterable[Span], day: int) -> int:
    total = 0
    for start, end, tenths in spans:
        if start <= day < end:
            total += tenths
    return total


def _monday(day: int) -> int:
    return day - (day - 1) % 7


def ordinal(value: Any) -> int:
    """A day from JSON ('2026-03-02'), a date, or None (no end) as an ordinal."""
    if value is None:
        return FOREVER
    day: date = date.fromisoformat(value) if isinstance(value, str) else value
    return day.toordinal()


def weekly(tenths: int, start: int, end: int, *, total: bool) -> int:
    """Tenths a week. A total is spread over the ISO weeks that it touches, rounded up (R18)."""
    if not total or end == FOREVER:
        return tenths
    weeks = (_monday(end - 1) - _monday(start)) // 7 + 1
    return -(-tenths // weeks)


def klus_end(starts: int, ends: Any, *, total: bool) -> int:
    """The first day after a klus: a one-off without an end takes its one day; weekly work without an end goes on."""
    if ends is None:
        return starts + 1 if total else FOREVER
    return ordinal(ends) + 1


def hours_from(facts: dict[str, Any]) -> Hours:
    """The person's hours out of what `claim_facts` returned."""
    return Hours(
        contracts=[Span(ordinal(a), ordinal(b), tenths(h)) for a, b, h in facts["contracts"]],
        absences=[Span(ordinal(a), ordinal(b), 0) for a, b in facts["absences"]],
        roles=[Span(ordinal(a), ordinal(b), tenths(h)) for a, b, h in facts["roles"] if h is not None],
        others=[_other(*row) for row in facts["others"]],
    )


def _other(starts: Any, ends: Any, hours: Any, total: bool) -> Span:
    start = ordinal(starts)
    end = klus_end(start, ends, total=total)
    return Span(start, end, weekly(tenths(hours), start, end, total=total))


def tenths(hours: Any) -> int:
    """Hours with one decimal as whole tenths."""
    value: int = round(hours * 10)
    return value
