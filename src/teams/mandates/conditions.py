"""Reads the machine-readable conditions and exclusion rules of the register; what cannot be read stays text for a person to confirm."""

from __future__ import annotations

import re
from collections.abc import Callable

from teams.kit.money import AmountError, parse_amount
from teams.mandates.facts import Condition, LegalBasis, Trigger
from teams.mandates.terms import ConditionKind, Special, TriggerKind

_CONDITIONS: tuple[tuple[re.Pattern[str], Callable[[str, re.Match[str]], Condition]], ...] = (
    (
        re.compile(r"vier_ogen>(?P<amount>.+)"),
        lambda t, m: Condition(ConditionKind.FOUR_EYES, t, cents=parse_amount(m["amount"])),
    ),
    (
        re.compile(r"advies:(?P<target>[^/>]+/[^>]+)>(?P<amount>.+)"),
        lambda t, m: Condition(ConditionKind.ADVICE, t, cents=parse_amount(m["amount"]), target=m["target"].strip()),
    ),
    (
        re.compile(r"overleg:(?P<target>[^/]+/.+)"),
        lambda t, m: Condition(ConditionKind.CONSULT, t, target=m["target"].strip()),
    ),
    (
        re.compile(r"niet_afwijken_van:(?P<target>.+)"),
        lambda t, m: Condition(ConditionKind.NO_DEVIATION, t, target=m["target"].strip()),
    ),
    (re.compile(r"gebied:(?P<target>.+)"), lambda t, m: Condition(ConditionKind.AREA, t, target=m["target"].strip())),
    (
        re.compile(r"zaaktype:(?P<target>.+)"),
        lambda t, m: Condition(ConditionKind.CASE_TYPE, t, target=m["target"].strip()),
    ),
    (
        re.compile(r"max_per_jaar:(?P<amount>.+)"),
        lambda t, m: Condition(ConditionKind.MAX_PER_YEAR, t, cents=parse_amount(m["amount"])),
    ),
    (
        re.compile(r"duur<=(?P<hours>[0-9]{1,6})"),
        lambda t, m: Condition(ConditionKind.DURATION, t, hours=int(m["hours"])),
    ),
)
_PREFIXES = (
    "vier_ogen>",
    "advies:",
    "overleg:",
    "niet_afwijken_van:",
    "gebied:",
    "zaaktype:",
    "max_per_jaar:",
    "duur<",
)


class ConditionError(ValueError):
    """A condition that begins like a machine rule but cannot be read as one."""


def parse_condition(source: str) -> Condition:
    """One cell of `voorwaarden`. Free text is a condition that a person confirms; raises ConditionError on a broken machine rule."""
    line = source.strip()
    for pattern, build in _CONDITIONS:
        if found := pattern.fullmatch(line):
            try:
                return build(line, found)
            except AmountError as error:
                raise ConditionError(line) from error
    if not line or line.replace(" ", "").startswith(_PREFIXES):
        raise ConditionError(line)
    return Condition(ConditionKind.TEXT, line)


def parse_conditions(cell: str) -> tuple[Condition, ...]:
    """A list separated by `|`; an empty cell is no condition."""
    return tuple(parse_condition(part) for part in cell.split("|") if part.strip())


def parse_triggers(rule: str) -> tuple[Trigger, ...]:
    """When an exclusion bites: `bedrag>BEDRAG`, `duur>UREN`, `kenmerk:NAAM`, `gebied:CODE`, `zaaktype:CODE`, separated by `|`; any other text is always."""
    return tuple(_trigger(part.strip()) for part in rule.split("|") if part.strip())


def _trigger(line: str) -> Trigger:
    if line.startswith("bedrag>"):
        try:
            return Trigger(TriggerKind.AMOUNT, cents=parse_amount(line.removeprefix("bedrag>")))
        except AmountError as error:
            raise ConditionError(line) from error
    if found := re.fullmatch(r"duur>([0-9]{1,6})", line):
        return Trigger(TriggerKind.DURATION, hours=int(found[1]))
    for kind in (TriggerKind.FEATURE, TriggerKind.AREA, TriggerKind.CASE_TYPE):
        if line.startswith(f"{kind}:") and (code := line.partition(":")[2].strip()):
            return Trigger(kind, code=code)
    return Trigger(TriggerKind.ALWAYS)


_BASES = (
    (re.compile(r"\bAwb (?:art\. ?)?(7:1a|7:11|7:12)\b"), Special.OBJECTION),
    (re.compile(r"\bAwb (?:art\. ?)?5:53\b"), Special.FINE),
    (re.compile(r"\bAwb (?:art\. ?)?9:[0-9]"), Special.COMPLAINT),
    (re.compile(r"\b(?:Gemw|Gemeentewet) (?:art\. ?)?17[2-7]a?\b"), Special.PUBLIC_ORDER),
)


def specials_of(bases: tuple[LegalBasis, ...]) -> frozenset[Special]:
    """What follows from the articles themselves: objection (M09), fine (M10), complaint (M28). Gemeentewet 172-177 alone is public order (M11);
    beside an APV article (174 with an event permit) it is not."""
    found = {special for basis in bases for pattern, special in _BASES if pattern.search(basis.text)}
    if any(re.search(r"\bAPV\b", basis.text) for basis in bases):
        found.discard(Special.PUBLIC_ORDER)
    return frozenset(found)
