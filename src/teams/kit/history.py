"""What is known of one thing through time, as a row of periods; and how that row changes. No database needed."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Generic, TypeVar
from uuid import UUID

T = TypeVar("T", bound=date)  # a datetime is a date as well
Fields = Mapping[str, Any]


@dataclass(frozen=True)
class Span(Generic[T]):
    """`fields` hold from `start` until `end` (exclusive; None: no end). `row`: where it stands in the database."""

    fields: Fields
    start: T
    end: T | None
    row: UUID | None = None

    def holds(self, moment: T) -> bool:
        return self.start <= moment and before(moment, self.end)


Timeline = Sequence[Span[T]]


def before(moment: T, end: T | None) -> bool:
    """Is `moment` before an end that may be open?"""
    return end is None or moment < end


def earliest(one: T | None, other: T | None) -> T | None:
    """The first of two ends, of which either may be open."""
    if one is None or other is None:
        return one if other is None else other
    return min(one, other)


def at_moment(timeline: Timeline[T], moment: T) -> Span[T] | None:
    return next((span for span in timeline if span.holds(moment)), None)


def covers(timeline: Timeline[T], start: T, end: T | None) -> bool:
    """Does something hold on every moment from `start` until `end`?"""
    for span in tidy(timeline, lambda _: {}):
        if span.holds(start):
            return span.end is None or (end is not None and end <= span.end)
    return False


def overlaps(span: Span[T], start: T, end: T | None) -> bool:
    return before(span.start, end) and before(start, span.end)


def cut(timeline: Timeline[T], start: T, end: T | None = None) -> list[Span[T]]:
    """The timeline with nothing left from `start` until `end`."""
    rest: list[Span[T]] = []
    for span in timeline:
        if not overlaps(span, start, end):
            rest.append(span)
            continue
        if span.start < start:
            rest.append(Span(span.fields, span.start, start))
        if end is not None and before(end, span.end):
            rest.append(Span(span.fields, end, span.end))
    return rest


def put(timeline: Timeline[T], fields: Fields, start: T, end: T | None = None) -> list[Span[T]]:
    """The timeline in which `fields` hold from `start` until `end`, whatever held there before."""
    return tidy([*cut(timeline, start, end), Span(fields, start, end)])


def overlay(timeline: Timeline[T], given: Fields, start: T, end: T | None = None) -> list[Span[T]]:
    """The timeline in which what exists from `start` until `end` also has the `given` fields."""
    changed = list(timeline)
    for span in timeline:
        if overlaps(span, start, end):
            first = max(span.start, start)
            changed = put(changed, {**span.fields, **given}, first, earliest(span.end, end))
    return tidy(changed)


def tidy(timeline: Iterable[Span[T]], fields: Any = None) -> list[Span[T]]:
    """In order of time; neighbours that say the same are one."""
    said: list[Span[T]] = []
    for span in sorted(timeline, key=lambda span: span.start):
        values = fields(span.fields) if fields else span.fields
        last = said[-1] if said else None
        if last is not None and last.end == span.start and last.fields == values:
            said[-1] = Span(values, last.start, span.end)
        else:
            said.append(span if not fields else Span(values, span.start, span.end, span.row))
    return said


def runs(timeline: Timeline[T], *seams: T | None) -> list[list[Span[T]]]:
    """The timeline cut where nothing held, and where a span begins at one of the `seams`."""
    parts: list[list[Span[T]]] = []
    for span in sorted(timeline, key=lambda span: span.start):
        if parts and parts[-1][-1].end == span.start and span.start not in seams:
            parts[-1].append(span)
        else:
            parts.append([span])
    return parts


def difference(old: Timeline[T], new: Timeline[T]) -> tuple[list[UUID], list[Span[T]]]:
    """Which rows are to be closed and which spans written, to get from `old` to `new`."""
    kept = [(span.start, span.end, dict(span.fields)) for span in new]
    stood = [(span.start, span.end, dict(span.fields)) for span in old]
    closed = [span.row for span, key in zip(old, stood, strict=True) if key not in kept and span.row is not None]
    return closed, [span for span, key in zip(new, kept, strict=True) if key not in stood]


def within(timeline: Timeline[T], life: Timeline[T]) -> list[Span[T]]:
    """The part of the timeline on which `life` holds as well."""
    return tidy(
        Span(span.fields, max(span.start, part[0].start), earliest(span.end, part[-1].end))
        for span in timeline
        for part in runs(life)
        if overlaps(span, part[0].start, part[-1].end)
    )


class Keep:
    """The file or form says nothing about this."""


KEEP = Keep()


def aim(
    old: Timeline[T],
    given: Fields,
    defaults: Fields,
    *,
    start: T | None,
    end: T | Keep | None,
    today: T,
    several: bool = False,
) -> list[Span[T]]:
    """The timeline when somebody states: this exists from `start` (None: as it was, or today) until `end`, with `given` fields.

    A stated period corrects the run that it touches. Stated fields that differ hold from today on (of what has yet to
    begin: from its start; of what is past: for its last span), so that what was true before stays. `several`: other
    statements speak of the periods right before and after; without it the end stated is the end of all.
    """
    if not old:
        first = start or today
        until = None if isinstance(end, Keep) else end
        return [Span({**defaults, **given}, first, until)] if before(first, until) else []
    parts = runs(old, start, None if not several or isinstance(end, Keep) else end)
    first = start if start is not None else parts[-1][0].start
    until = parts[-1][-1].end if isinstance(end, Keep) else end
    if not before(first, until):
        return list(old)
    touched = [
        part
        for part in parts
        if part[0].start == first or _touches(part, first, until) or (not several and part[0].start == until)
    ]
    if not touched:
        return _joined(old, [Span({**parts[-1][-1].fields, **given}, first, until)])
    spans = [span for part in touched for span in part]
    if isinstance(end, Keep):
        until = spans[-1].end
    new = _stretch(spans, first, until)
    moment = today if first <= today and before(today, until) else (first if today < first else new[-1].start)
    now = at_moment(new, moment)
    assert now is not None
    if {**now.fields, **given} != now.fields:
        new = overlay(new, given, moment, until)
    return _joined([span for part in parts if part not in touched for span in part], new)


def _joined(one: Timeline[T], other: Timeline[T]) -> list[Span[T]]:
    """Both in order of time; where they meet stays a seam, so that the same statement finds it again."""
    return sorted([*one, *other], key=lambda span: span.start)


def _touches(part: Timeline[T], start: T, end: T | None) -> bool:
    return before(part[0].start, end) and before(start, part[-1].end)


def _stretch(spans: list[Span[T]], start: T, end: T | None) -> list[Span[T]]:
    """Exactly from `start` until `end`: cut what sticks out, let the last value before a hole or edge fill it."""
    inside = [span for span in spans if overlaps(span, start, end)] or spans[:1]
    filled: list[Span[T]] = []
    for index, span in enumerate(inside):
        first = start if index == 0 else span.start
        last = end if index == len(inside) - 1 else inside[index + 1].start
        row = span.row if (first, last) == (span.start, span.end) else None
        filled.append(Span(span.fields, first, last, row))
    return filled
