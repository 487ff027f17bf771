"""What makes a klus fit a person: skills with their level, hours free in its period, the person's own wishes. Nothing else.

Every rule gives one line that the person reads; people are never put in order (AI Act, annex III, 4: no ranking).
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import IntEnum
from typing import Any

from teams.kit.errors import Reason
from teams.kit.text import N_
from teams.klussen.hours import FOREVER, Hours, klus_end, tenths, weekly
from teams.klussen.models import Kind


class Level(IntEnum):
    """What someone says of an own skill."""

    LEARNS = 1
    CAN = 2
    TEACHES = 3


LEVELS = {
    Level.LEARNS: N_("Wil ik leren"),
    Level.CAN: N_("Kan ik zelf"),
    Level.TEACHES: N_("Kan ik een ander leren"),
}


@dataclass(frozen=True)
class Wishes:
    """What someone looks for. `open`: may be seen by who seeks somebody for a klus."""

    open: bool = False
    hours_most: Decimal | None = None
    kinds: frozenset[str] = field(default_factory=frozenset)


@dataclass(frozen=True)
class Rule:
    """One visible rule and how it came out: `holds`, or not."""

    code: str
    holds: bool
    line: Reason


def wishes_from(row: dict[str, Any] | None) -> Wishes:
    """A row of `person_wish` as JSON; none: nothing wished."""
    if row is None:
        return Wishes()
    most = row["hours_most"]
    return Wishes(row["open"], None if most is None else Decimal(str(most)), frozenset(row["kinds"]))


def rules_of(klus: Any, mine: Mapping[str, int], wishes: Wishes, hours: Hours | None, today: date) -> list[Rule]:
    """Line by line why a klus fits or not; `mine`: own skills by name with their level. A wish that is not there asks nothing,
    nor does a vacancy ask of the hours of today."""
    found = _skills(klus.skills, mine)
    if hours is not None and hours.contracts and klus.kind != Kind.VACANCY:
        found.append(_hours(klus, hours, today))
    if wishes.kinds:
        said = N_("Je zoekt dit soort werk.") if klus.kind in wishes.kinds else N_("Je zoekt een ander soort werk.")
        found.append(_rule("wens_soort", klus.kind in wishes.kinds, said))
    if wishes.hours_most is not None:
        need = Decimal(need_of(klus)) / 10
        said = N_("{need} uur per week. Je wilt hoogstens {most} uur.")
        found.append(_rule("wens_uren", need <= wishes.hours_most, said, need=need, most=wishes.hours_most))
    return found


def why(klus: Any, mine: Mapping[str, int], wishes: Wishes, hours: Hours | None, today: date) -> list[Reason]:
    """'Past bij jou omdat …': the rules that hold, when a skill is among them and none says no."""
    if mine.keys().isdisjoint(klus.skills):
        return []
    rules = rules_of(klus, mine, wishes, hours, today)
    if any(not rule.holds for rule in rules if rule.code != "mist"):
        return []
    return [rule.line for rule in rules if rule.holds]


def need_of(klus: Any) -> int:
    """Tenths of an hour a week that a klus asks at least (R18)."""
    total = klus.hours_total is not None
    first = klus.starts.toordinal()
    end = klus_end(first, klus.ends, total=total)
    return weekly(tenths(klus.hours_total if total else klus.hours_min), first, end, total=total)


def period_of(klus: Any, today: date) -> tuple[int, int]:
    """The days of a klus that are still ahead."""
    first = klus.starts.toordinal()
    return max(first, today.toordinal()), klus_end(first, klus.ends, total=klus.hours_total is not None)


def _skills(asked: Collection[str], mine: Mapping[str, int]) -> list[Rule]:
    can = [name for name in asked if mine.get(name, 0) >= Level.CAN]
    learns = [name for name in asked if mine.get(name) == Level.LEARNS]
    lacks = [name for name in asked if name not in mine]
    found = []
    if can:
        found.append(_rule("kan", True, N_("Je kunt dit: {skills}."), skills=", ".join(can)))
    if learns:
        found.append(_rule("leert", True, N_("Je wilt dit leren: {skills}."), skills=", ".join(learns)))
    if lacks:
        found.append(_rule("mist", False, N_("Dit staat niet in je profiel: {skills}."), skills=", ".join(lacks)))
    return found


def _hours(klus: Any, hours: Hours, today: date) -> Rule:
    start, end = period_of(klus, today)
    need = need_of(klus)
    if start >= end:
        return _rule("uren", False, N_("Deze klus is voorbij."))
    if not hours.in_service(start, end):
        return _rule("uren", False, N_("Je bent niet in dienst in de hele periode van deze klus."))
    week = hours.tightest(start, end)
    monday = date.fromordinal(min(week.monday, FOREVER))
    if need > week.free:
        short = Decimal(need - week.free) / 10
        return _rule(
            "uren", False, N_("In de week van {monday} kom je {short} uur tekort."), monday=monday, short=short
        )
    left = Decimal(week.free - need) / 10
    return _rule("uren", True, N_("Het past in je uren: in de drukste week houd je {left} uur over."), left=left)


def _rule(code: str, holds: bool, text: str, **values: Any) -> Rule:
    return Rule(code, holds, Reason(code, text, values))
