"""The two rules that look at the verdict itself: in whose name, and how a defect is repaired (M18, M27)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from teams.kit.text import N_
from teams.mandates.rules.base import Finding, Level, Verdict, View, na, note, ok
from teams.mandates.terms import ActKind


@dataclass(frozen=True, slots=True)
class AfterRule:
    code: str
    title: str
    source: str
    level: Level
    check: Callable[[View, Verdict], Finding]


def in_whose_name(v: View, verdict: Verdict) -> Finding:
    if verdict is Verdict.NO:
        return na(N_("Er valt niets te ondertekenen."))
    if v.itself:
        return ok(N_("Het stuk staat op naam van {organ} zelf."), organ=v.organ.name)
    if v.power.act is ActKind.PRIVATE:
        return ok(N_("Het stuk noemt de gemeente en de volmacht."))
    return ok(N_("Het stuk noemt namens wie je besluit: {organ}."), organ=v.organ.name)


def repair(v: View, verdict: Verdict) -> Finding:
    if not v.past or verdict not in (Verdict.NO, Verdict.RATIFY):
        return na(N_("Er is niets te herstellen."))
    if v.power.act is ActKind.PRIVATE:
        return note(
            N_("Is het toch gedaan? Dan kan de gemeente het bekrachtigen tegenover de andere partij (BW 3:69).")
        )
    return note(
        N_("Is het toch besloten? Dan kan {organ} het bekrachtigen, of opnieuw beslissen op bezwaar."),
        organ=v.organ.name,
    )


AFTER = (
    AfterRule("M18", N_("Het besluit noemt namens wie het is genomen"), "Awb 10:10", Level.DUTY, in_whose_name),
    AfterRule(
        "M27", N_("Een gebrek wordt hersteld, nooit gewist"), "Awb 6:22, 7:11, 8:72; BW 3:69", Level.WARN, repair
    ),
)
