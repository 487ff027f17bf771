"""Small changes of the rules: noticed by the twenty facts, the table of reasons, examples or the oracle."""

import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import replace
from functools import partial
from types import ModuleType
from typing import Any

import pytest
from hypothesis.errors import UnsatisfiedAssumption

from teams.mandates.conditions import parse_conditions
from teams.mandates.engine import answer
from teams.mandates.facts import Earlier
from teams.mandates.rules import base
from teams.mandates.terms import Kind
from tests.mandates import test_chains, test_conditions, test_facts_table, test_properties, test_questions
from tests.mandates.equivalents import EQUIVALENT
from tests.mandates.mutants import AROUND, MODULES, Mutant, alive, mutants
from tests.mandates.reasons import told
from tests.mandates.test_facts_table import CASES
from tests.mandates.test_oracle import compare
from tests.mandates.test_reasons import ROWS
from tests.mandates.town import COLLEGE, MANDATE, MAYOR, PROXY, SECRETARY, TODAY, ask, changed, day, grant, town

ORACLE = range(60)
"""Seeds that the oracle judges."""
SOME = range(60)
"""Seeds of the properties."""


def by_facts() -> None:
    for _, code, person, cents, more, verdict, codes in CASES:
        given = answer(town(), ask(code, person, cents, **more))
        assert (given.verdict.word, " ".join(given.codes)) == (verdict, codes)


def test_a_limit_per_year_counts_this_grant_in_this_year() -> None:
    """M21: what was decided under the grant in the calendar year; at the limit is still allowed."""
    limited = changed(town(), "T15", conditions=parse_conditions("max_per_jaar:10000"))
    earlier = (
        Earlier("E1", "SUB-01", 6_000_00, day("2026-03-01"), grants=frozenset({"T15"})),
        Earlier("E2", "SUB-01", 9_000_00, day("2026-03-02"), grants=frozenset({"T01"})),
        Earlier("E3", "SUB-01", 9_000_00, day("2025-03-03"), grants=frozenset({"T15"})),
    )
    facts = replace(limited, earlier=earlier)
    assert answer(facts, ask("SUB-01", "noor", 4_000_00)).codes == ()
    over = answer(facts, ask("SUB-01", "noor", 4_000_01))
    assert over.codes == ("M21",)
    assert "€ 10.000 per jaar" in over.sentence and "€ 6.000" in over.sentence
    unlimited = changed(facts, "T15", ceiling=None)
    assert answer(changed(unlimited, "T01", ceiling=None), ask("SUB-01", "noor")).codes == ("M21",)


def test_a_limit_of_nothing() -> None:
    """M21: a limit of € 0 is a limit, and a decision of € 0 stays within it, also beside a limit per year."""
    facts = changed(town(), "T15", ceiling=0)
    free = answer(facts, ask("SUB-01", "noor", 0))
    told = {line.code: str(line.fact) for line in free.rules}
    assert (free.codes, told["M21"]) == ((), "€ 0 blijft onder de grens van T15, € 0.")
    assert answer(facts, ask("SUB-01", "noor", 1)).codes == ("M21",)
    used = Earlier("E1", "SUB-01", 100_00, TODAY, grants=frozenset({"T15"}))
    yearly = replace(changed(town(), "T15", conditions=parse_conditions("max_per_jaar:100")), earlier=(used,))
    assert answer(yearly, ask("SUB-01", "noor", 0)).codes == ()
    assert answer(yearly, ask("SUB-01", "noor", 1)).codes == ("M21",)


def test_signing_only_needs_the_organs_decision() -> None:
    """M02: a grant to sign is enough once the organ itself decided (Awb 10:11)."""
    facts = changed(town(), "T09", kinds=frozenset({Kind.SIGNING}))
    for when, codes in ((None, ("M02",)), (TODAY, ()), (day("2026-11-23"), ("M02",))):
        assert answer(facts, ask("WKPB-1", "gijs", organ_decided_on=when)).codes == codes


def test_a_contract_rests_on_a_mandate_and_a_proxy() -> None:
    """M02: the college decides by mandate, the mayor represents by proxy; a mandate of the mayor is none."""
    base_ = changed(town(), "T14", grantors=(COLLEGE,), kinds=MANDATE)
    for kinds, codes in ((PROXY, ()), (MANDATE, ("M02",))):
        second = grant("T14m", "INK-02", MAYOR, SECRETARY, kinds=kinds, ceiling=250_000_00)
        facts = replace(base_, grants=(*base_.grants, second))
        assert answer(facts, ask("INK-02", "wieke", 1_000_00)).codes == codes


def test_who_may_hears_of_the_second_person() -> None:
    """M20: a line on a grant counts for whoever is named instead."""
    facts = changed(town(), "T01", conditions=parse_conditions("vier_ogen>500"))
    alone = tuple(one for one in facts.grants if one.number in ("T01", "T15"))
    for register in (facts, replace(facts, grants=alone)):
        first = answer(register, ask("SUB-01", "noor", 7_500_00)).who_may[0]
        assert (first.id, first.verdict.word) == ("secretaris", "samen_met")


def test_each_rule_is_entered_once() -> None:
    fresh: dict[str, base.Rule] = {}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(base, "RULES", fresh)
        base.rule("X", "x", source="x")(lambda _: base.na("x"))
        assert list(fresh) == ["X"]
        with pytest.raises(ValueError, match="X"):
            base.rule("X", "x", source="x")(lambda _: base.na("x"))


def by_examples() -> None:
    for example in (
        test_a_limit_per_year_counts_this_grant_in_this_year,
        test_a_limit_of_nothing,
        test_signing_only_needs_the_organs_decision,
        test_a_contract_rests_on_a_mandate_and_a_proxy,
        test_who_may_hears_of_the_second_person,
        test_each_rule_is_entered_once,
        test_properties.test_chain_guards,
        test_properties.test_splitting_is_seen,
        test_properties.test_unpublished_by_setting_and_retroactive,
    ):
        example()


def by_oracle() -> None:
    for seed in ORACLE:
        compare(seed)


def by_reasons() -> None:
    for row in ROWS:
        assert told(row) == (row.says, row.sentence, row.todo)


def _told(module: ModuleType) -> Iterator[Callable[[], None]]:
    """The tests of a module that need no database: as they are, with each row of their table, or with some seeds."""
    for name, test in vars(module).items():
        if name.startswith("test_") and test.__module__ == module.__name__:
            inner = getattr(getattr(test, "hypothesis", None), "inner_test", None)
            tables = [mark.args for mark in getattr(test, "pytestmark", ()) if mark.name == "parametrize"]
            yield partial(_each, inner or test, *((None, SOME) if inner else tables[0] if tables else (None, None)))


def _each(test: Callable[..., None], names: Any, rows: Any) -> None:
    for row in ((),) if rows is None else rows:
        with suppress(UnsatisfiedAssumption):
            test(*(row if isinstance(row, tuple) and (rows is None or "," in str(names)) else (row,)))


CHECKS: tuple[Callable[[], None], ...] = (by_facts, by_reasons, by_examples, by_oracle)
WIDER = tuple(
    check
    for module in (test_chains, test_conditions, test_questions, test_facts_table, test_properties)
    for check in _told(module)
)
"""For the modules around the rules: chains, who may, the answer itself."""


def noticed(mutant: Mutant, checks: Iterable[Callable[[], None]] = CHECKS) -> str | None:
    """Who noticed the mutant first; None when nobody did."""
    with alive(mutant):
        for check in checks:
            base._bare.cache_clear()
            try:
                check()
            except (Exception, pytest.fail.Exception):  # whatever goes wrong, it is noticed
                return str(check)
    return None


def unnoticed(module: ModuleType) -> list[str]:
    checks = (*CHECKS, *WIDER) if module in AROUND else CHECKS
    return [mutant.name for mutant in mutants(module) if noticed(mutant, checks) is None]


@pytest.mark.long
@pytest.mark.timeout(900)
@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.__name__.rpartition(".")[2])
def test_no_mutant_goes_unnoticed(module: ModuleType) -> None:
    for check in CHECKS:
        check()  # the rules as they are pass
    assert unnoticed(module) == []


@pytest.mark.long
@pytest.mark.timeout(1800)
@pytest.mark.filterwarnings("ignore::hypothesis.errors.HypothesisDeprecationWarning")
@pytest.mark.parametrize("module", AROUND, ids=lambda module: module.__name__.rpartition(".")[2])
def test_of_what_stands_around_the_rules_only_these_go_unnoticed(module: ModuleType) -> None:
    """Each is named with its reason."""
    for check in WIDER:
        check()
    named = {name for names in EQUIVALENT.values() for name in names if name.startswith(short(module) + ".")}
    assert set(unnoticed(module)) == named


def short(module: ModuleType) -> str:
    return module.__name__.rpartition(".")[2]


if __name__ == "__main__":
    for chosen in (*MODULES, *AROUND):
        if short(chosen) in sys.argv[1:]:
            print(*unnoticed(chosen), sep="\n")
