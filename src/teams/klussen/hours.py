"""Hours a week (R5): contract minus leave, role hours and other klussen, for every ISO week that a klus touches.

All hours are whole tenths, all days ordinals; periods are half-open, None is 'no end'.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from operator import itemgetter
from typing import Any, NamedTuple

FOREVER = date.max.toordinal()
WORKDAYS = 5
_FREE = itemgetter(1)


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

    @cached_property
    def _mondays(self) -> list[int]:
        """The weeks in which something begins or ends, and the first whole week of each absence, in order."""
        mondays = {_monday(day) for change in self._changes for day in (change - 1, change)}
        mondays.update(_monday(span.start) + 7 for span in self.absences)
        return sorted(mondays)

    def weeks(self, start: int, end: int) -> list[Week]:
        """The weeks that can differ, with what is free in each: the first, the last and those where something changes."""
        first, last = _monday(start), _monday(min(end, FOREVER) - 1)
        if first == last:
            return [Week(first, self._free(first, start, end))]
        mondays = self._mondays
        between = mondays[bisect_right(mondays, first) : bisect_left(mondays, last)]
        return [Week(monday, self._free(monday, start, end)) for monday in (first, *between, last)]

    def tightest(self, start: int, end: int) -> Week:
        """The week with the least room; the earliest of equals."""
        found = self._tightest.get((start, end))
        if found is None:
            found = self._tightest[start, end] = min(self.weeks(start, end), key=_FREE)
        return found

    @cached_property
    def notes(self) -> dict[Any, Any]:
        """What others worked out with these hours and may want again; whoever fills it keeps it small."""
        return {}

    @cached_property
    def _tightest(self) -> dict[tuple[int, int], Week]:
        """What was asked before: a card asks twice, and klussen share their period."""
        return {}

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
