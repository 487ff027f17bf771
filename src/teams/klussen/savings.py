"""What internal filling saves (klussen 3.5): the sums, and where a chain of moves ends. Whole cents and tenths of hours.

A full-time place is 36 hours. Amounts are rounded half up, once, at the end.
"""

from enum import StrEnum
from typing import NamedTuple
from uuid import UUID

FULL_TIME = 360
MONTHS = 12


class Saving(StrEnum):
    PLACE = "formatie"
    VACANT = "vacature"
    HIRED = "inhuur"
    RECRUITING = "werving"


def structural(tenths: int, norm: int) -> int:
    """Cents a year: a place of `tenths` hours a week that goes, at `norm` cents a year for full-time."""
    return _half_up(tenths * norm, FULL_TIME)


def vacant(months: int, tenths: int, norm: int, cover: int) -> int:
    """Cents: months vacant times what the place costs a month, minus `cover`, what stood in for it cost."""
    return _half_up(months * tenths * norm, FULL_TIME * MONTHS) - cover


def hired(tenths: int, rate: int, backfill: int) -> int:
    """Cents: hours done times the rate that was fixed when posting, minus what replacing the person cost an hour."""
    return _half_up(tenths * (rate - backfill), 10)


def _half_up(above: int, below: int) -> int:
    return (2 * above + below) // (2 * below)


class Gap(NamedTuple):
    """What an appointment from inside left behind: `next` vacancy, a place that goes (`vervalt`), or nothing (`geen`)."""

    kind: str
    next: UUID | None


class End(NamedTuple):
    """Where the chain of a vacancy stands: `klus` is the last one, `state` vervalt, geen, extern, open or onbekend."""

    klus: UUID
    state: str


def end_of_chain(start: UUID, gaps: dict[UUID, Gap], filled: dict[UUID, str], gone: set[UUID]) -> End:
    """Follow the moves. `filled`: from where each vacancy was filled; `gone`: those whose place was deleted.

    A vacancy that was filled from inside opens a place elsewhere: nothing is saved until it is known what became of that.
    """
    seen, at = set[UUID](), start
    while at not in seen:
        seen.add(at)
        if at in gone:
            return End(at, "vervalt")
        if at not in filled:
            return End(at, "open")
        if filled[at] != "intern":
            return End(at, "extern")
        gap = gaps.get(at)
        if gap is None:
            return End(at, "onbekend")
        if gap.next is None:
            return End(at, gap.kind)
        at = gap.next
    return End(at, "onbekend")
