"""Machine-readable conditions and exclusion rules: read, kept as text, or refused when broken."""

import pytest

from teams.mandates.conditions import ConditionError, parse_condition, parse_conditions, parse_triggers, specials_of
from teams.mandates.facts import Condition, LegalBasis, Trigger
from teams.mandates.terms import ConditionKind, Special, TriggerKind

C = ConditionKind


@pytest.mark.parametrize(
    "condition",
    [
        Condition(C.FOUR_EYES, "vier_ogen>7.500", cents=750_000),
        Condition(C.ADVICE, "advies:Inkoop/Adviseur>10.000,00", cents=1_000_000, target="Inkoop/Adviseur"),
        Condition(C.CONSULT, "overleg:Inkoop/Adviseur", target="Inkoop/Adviseur"),
        Condition(C.NO_DEVIATION, "niet_afwijken_van:omgevingsplan", target="omgevingsplan"),
        Condition(C.AREA, "gebied:noord", target="noord"),
        Condition(C.CASE_TYPE, "zaaktype:B1", target="B1"),
        Condition(C.MAX_PER_YEAR, "max_per_jaar:25000", cents=2_500_000),
        Condition(C.DURATION, "duur<=24", hours=24),
        Condition(C.TEXT, "alleen bij droog weer"),
    ],
    ids=lambda c: c.text,
)
def test_read(condition: Condition) -> None:
    assert parse_condition(f" {condition.text} ") == condition


@pytest.mark.parametrize(
    "typed",
    [
        "vier_ogen>7,500",
        "vier_ogen>",
        "advies:Inkoop>10",
        "advies:A/B>x",
        "overleg:A",
        "gebied:",
        "max_per_jaar:1e9",
        "duur<24",
        "duur<=veel",
        "vier_ogen >",
        "",
    ],
)
def test_broken_machine_rule_is_not_text(typed: str) -> None:
    with pytest.raises(ConditionError):
        parse_condition(typed)


def test_lists_are_split() -> None:
    assert [c.kind for c in parse_conditions("gebied:a | gebied:b|let op")] == [C.AREA, C.AREA, C.TEXT]
    assert parse_conditions("") == ()


def test_triggers() -> None:
    assert parse_triggers("bedrag>19.999,99|duur>24|kenmerk:zienswijzen|gebied:a|zaaktype:b") == (
        Trigger(TriggerKind.AMOUNT, cents=1_999_999),
        Trigger(TriggerKind.DURATION, hours=24),
        Trigger(TriggerKind.FEATURE, code="zienswijzen"),
        Trigger(TriggerKind.AREA, code="a"),
        Trigger(TriggerKind.CASE_TYPE, code="b"),
    )
    assert parse_triggers("voorbehouden aan het college") == (Trigger(TriggerKind.ALWAYS),)
    assert parse_triggers("bedrag>1| |") == (Trigger(TriggerKind.AMOUNT, cents=100),)
    with pytest.raises(ConditionError):
        parse_triggers("bedrag>veel")


@pytest.mark.parametrize(
    ("basis", "special"),
    [("Awb 7:11", Special.OBJECTION), ("Awb 5:53", Special.FINE), ("Awb 9:4", Special.COMPLAINT), ("Gemw 172a", Special.PUBLIC_ORDER), ("Awb 4:23", None), ("APV 2:25, Gemw 174", None)],
)  # fmt: skip
def test_nature_follows_from_the_article(basis: str, special: Special | None) -> None:
    assert specials_of((LegalBasis(basis),)) == (frozenset({special}) if special else frozenset())


def test_one_article_of_a_local_regulation_is_enough() -> None:
    """M11: with the APV beside it, an article about public order is a permit."""
    assert specials_of((LegalBasis("Gemw 174"), LegalBasis("APV 2:25"))) == frozenset()
