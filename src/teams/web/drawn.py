"""How a klus is written on a page: its hours, its period, its places, and what this person can do with it."""

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from teams.http.words import Words
from teams.kit.text import N_
from teams.klussen.hours import FOREVER, Hours, klus_end, tenths, weekly
from teams.klussen.models import LIVE, KlusState, Way
from teams.klussen.weighing import fits

KINDS = {"klus": N_("Klus"), "project": N_("Project"), "vacature": N_("Vacature")}
OF_TEAM = {"klus": N_("Klus van"), "project": N_("Project van"), "vacature": N_("Vacature bij")}
ORIGINS = {
    "initiatief": N_("Initiatief uit de samenleving"),
    "uitdaagrecht": N_("Uitdaagrecht"),
    "raad": N_("Vraag van de raad"),
}


class Drawn(NamedTuple):
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
    return written(row, speak, *act_for(row, hours, today))


def written(row: Any, speak: Words, act: str, short_of: Decimal) -> Drawn:
    """The words of one klus of which it is known what the reader can do with it."""
    head, after = written_hours(row, speak)
    period = speak.period(row.starts, row.ends or (row.starts if row.hours_total is not None else None))
    return Drawn(head, after, period, _total(row, speak), written_places(row, speak), act, short_of)


def written_hours(row: Any, speak: Words) -> tuple[str, str]:
    """('6 uur', 'per week'), ('2 tot 8 uur', 'per week'), ('6 uur', 'eenmalig')."""
    if row.hours_total is not None:
        return speak.say(N_("{hours} uur"), {"hours": Decimal(row.hours_total)}), speak.say(
            N_("eenmalig") if row.ends is None or row.ends == row.starts else N_("in totaal")
        )
    if row.hours_min == row.hours_max:
        return speak.say(N_("{hours} uur"), {"hours": row.hours_min}), speak.say(N_("per week"))
    return (
        speak.say(N_("{least} tot {most} uur"), {"least": row.hours_min, "most": row.hours_max}),
        speak.say(N_("per week")),
    )


def _total(row: Any, speak: Words) -> str:
    if row.hours_total is not None or row.ends is None:
        return ""
    first = row.starts.toordinal()
    weeks = (row.ends.toordinal() - 1) // 7 - (first - 1) // 7 + 1
    least, most = row.hours_min * weeks, row.hours_max * weeks
    if least == most:
        return speak.say(N_("in totaal {hours} uur"), {"hours": least})
    return speak.say(N_("in totaal {least} tot {most} uur"), {"least": least, "most": most})


def written_places(row: Any, speak: Words) -> str:
    free = row.places - row.taken
    if free == 0:
        return speak.say(N_("Vol"))
    if row.places == 1:
        return speak.say(N_("1 plek vrij"))
    return speak.say(N_("{free} van {places} plekken vrij"), {"free": free, "places": row.places})


def act_for(row: Any, hours: Hours | None, today: date) -> tuple[str, Decimal]:
    """What the reader can do with a klus, and the hours a week that are missing for it."""
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


def lends(row: Any, hours: Hours | None, today: date) -> bool:
    """R6: too much for the own hours, but not for the contract: the home team is asked."""
    if hours is None:
        return False
    asked = row.hours_total if row.hours_total is not None else row.hours_min
    given = {"starts": row.starts, "ends": row.ends, "total": row.hours_total is not None, "today": today}
    return bool(fits(hours, asked, **given)) and not fits(replace(hours, roles=()), asked, **given)


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
