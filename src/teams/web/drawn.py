"""How a klus is written on a page: its hours, its period, its places, and what this person can do with it."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Any

from teams.http.words import Words
from teams.kit.text import N_
from teams.klussen.hours import FOREVER, Hours, klus_end, tenths, weekly
from teams.klussen.models import LIVE, KlusState, Way

KINDS = {"klus": N_("Klus"), "project": N_("Project"), "vacature": N_("Vacature")}
OF_TEAM = {"klus": N_("Klus van"), "project": N_("Project van"), "vacature": N_("Vacature bij")}
ORIGINS = {
    "initiatief": N_("Initiatief uit de samenleving"),
    "uitdaagrecht": N_("Uitdaagrecht"),
    "raad": N_("Vraag van de raad"),
}


@dataclass(frozen=True)
class Drawn:
    """A klus in words. `act`: claim, mine, full, tight, closed, choose, look."""

    head: str
    after: str
    period: str
    total: str
    places: str
    act: str
    short_of: Decimal = Decimal(0)


def drawn(row: Any, speak: Words, *, hours: Hours | None, today: date) -> Drawn:
    """The words of one klus for one person; `hours` None for someone who takes no klussen."""
    act, short_of = _act(row, hours, today)
    head, after = written_hours(speak, row.hours_min, row.hours_max, row.hours_total, row.starts, row.ends)
    total = _total(speak, row.hours_min, row.hours_max, row.starts, row.ends)
    last = row.ends or (row.starts if row.hours_total is not None else None)
    return Drawn(
        head, after, _period(speak, row.starts, last), total, _places(speak, row.places, row.taken), act, short_of
    )


# The same few hours, periods and places stand on page after page: each is written once.
@lru_cache(maxsize=4000)
def written_hours(
    speak: Words, least: Decimal | None, most: Decimal | None, total: Decimal | None, starts: date, ends: date | None
) -> tuple[str, str]:
    """('6 uur', 'per week'), ('2 tot 8 uur', 'per week'), ('6 uur', 'eenmalig')."""
    if total is not None:
        once = ends is None or ends == starts
        return speak.say(N_("{hours} uur"), {"hours": Decimal(total)}), speak.say(
            N_("eenmalig") if once else N_("in totaal")
        )
    if least == most:
        return speak.say(N_("{hours} uur"), {"hours": least}), speak.say(N_("per week"))
    return speak.say(N_("{least} tot {most} uur"), {"least": least, "most": most}), speak.say(N_("per week"))


@lru_cache(maxsize=4000)
def _total(speak: Words, least: Decimal | None, most: Decimal | None, starts: date, ends: date | None) -> str:
    if least is None or most is None or ends is None:
        return ""
    weeks = (ends.toordinal() - 1) // 7 - (starts.toordinal() - 1) // 7 + 1
    if least == most:
        return speak.say(N_("in totaal {hours} uur"), {"hours": least * weeks})
    return speak.say(N_("in totaal {least} tot {most} uur"), {"least": least * weeks, "most": most * weeks})


@lru_cache(maxsize=4000)
def _period(speak: Words, first: date, last: date | None) -> str:
    return speak.period(first, last)


@lru_cache(maxsize=1000)
def _places(speak: Words, places: int, taken: int) -> str:
    free = places - taken
    if free == 0:
        return speak.say(N_("Vol"))
    if places == 1:
        return speak.say(N_("1 plek vrij"))
    return speak.say(N_("{free} van {places} plekken vrij"), {"free": free, "places": places})


def _act(row: Any, hours: Hours | None, today: date) -> tuple[str, Decimal]:
    if row.mine:
        return "mine", Decimal(0)
    if row.state not in LIVE or not row.accepting or (row.apply_until is not None and row.apply_until < today):
        return "closed", Decimal(0)
    if row.way != Way.CLAIM:
        return "choose", Decimal(0)
    if row.taken >= row.places:
        return "full", Decimal(0)
    if hours is None:
        return "look", Decimal(0)
    first = row.starts.toordinal()
    total = row.hours_total is not None
    end = klus_end(first, row.ends, total=total)
    start = max(first, today.toordinal())
    if start >= end:
        return "closed", Decimal(0)
    need = weekly(tenths(row.hours_total if total else row.hours_min), first, end, total=total)
    missing = need - hours.tightest(start, end).free
    return ("tight", Decimal(missing) / 10) if missing > 0 else ("claim", Decimal(0))


def free_now(hours: Hours, today: date) -> Decimal:
    """Hours a week left in the week of today; never below zero."""
    day = today.toordinal()
    return Decimal(max(0, hours.tightest(day, day + 1).free)) / 10


@dataclass(frozen=True)
class Balance:
    """One week in hours: contract, roles, other klussen, this klus, what remains (may be below zero)."""

    contract: Decimal
    roles: Decimal
    klussen: Decimal
    asked: Decimal

    @property
    def busy(self) -> Decimal:
        return self.roles + self.klussen

    @property
    def left(self) -> Decimal:
        return self.contract - self.busy - self.asked


def balance(hours: Hours, day: date, asked: Decimal = Decimal(0)) -> Balance:
    """The hours of one day's week as the person alone may see them."""
    at = day.toordinal()

    def sum_of(spans: Any) -> Decimal:
        return Decimal(sum(span.tenths for span in spans if span.start <= at < span.end)) / 10

    return Balance(sum_of(hours.contracts), sum_of(hours.roles), sum_of(hours.others), asked)


def balance_for(row: Any, hours: Hours, today: date) -> Balance:
    """The tightest week of a klus: what it leaves when you take it."""
    first = row.starts.toordinal()
    total = row.hours_total is not None
    end = klus_end(first, row.ends, total=total)
    start = min(max(first, today.toordinal()), end - 1 if end < FOREVER else FOREVER)
    asked = weekly(tenths(row.hours_total if total else row.hours_min), first, end, total=total)
    week = hours.tightest(start, max(end, start + 1))
    return balance(hours, date.fromordinal(max(week.monday, start)), Decimal(asked) / 10)


def state_label(state: str) -> str:
    """The colour of a state's label."""
    return {KlusState.OPEN: "goed", KlusState.RUNNING: "info", KlusState.CANCELLED: "fout"}.get(
        KlusState(state), "open"
    )
