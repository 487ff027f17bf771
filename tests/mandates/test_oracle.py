"""The engine against the oracle on random registers: same verdict, same refusing rules, and a right list of who may."""

from collections import Counter
from dataclasses import replace
from random import Random

import pytest

from teams.mandates import judge, shortcut
from teams.mandates.engine import answer
from teams.mandates.facts import Facts
from teams.mandates.question import Question
from teams.mandates.rulebook import ORDERED
from teams.mandates.rules.base import na
from tests.mandates.oracle import NO, WORDS, Oracle
from tests.mandates.registers import PEOPLE, ROLES, question, register


def compare(seed: int) -> tuple[str, tuple[str, ...]]:
    r = Random(seed)
    facts = register(r)
    q = question(r, facts)
    given = answer(facts, q)
    verdict, choices = Oracle(facts, q).verdict(q.person, q.role)
    assert given.verdict.word == WORDS[verdict], (seed, given.sentence, given.codes, choices)
    if verdict == NO:
        assert set(given.codes) in _unions(choices), (seed, given.codes, choices)
        _check_who(facts, q, seed)
    return given.verdict.word, given.codes


def _unions(choices: list[set[frozenset[str]]]) -> list[set[str]]:
    found: list[set[str]] = [set()]
    for options in choices:
        found = [have | one for have in found for one in options]
    return found


def _check_who(facts: Facts, q: Question, seed: int) -> None:
    """Everyone named may do it; nobody is named only when no other role or person may."""
    given = answer(facts, q).who_may
    fair = replace(q, interest=False)
    for line in given:
        for one in line.today if line.kind != "orgaan" else ():
            theirs = replace(fair, second=None if q.second == one.id else q.second)
            role = line.id if line.kind == "rol" else None
            assert Oracle(facts, theirs).verdict(one.id, role)[0] != NO, (seed, line)
    if all(line.kind == "orgaan" for line in given) and q.interest is not True and not facts.interests:
        for person in set(PEOPLE) - {q.person}:
            theirs = replace(fair, second=None if q.second == person else q.second)
            for role in ROLES:
                assert Oracle(facts, theirs).verdict(person, role.id)[0] == NO, (seed, person, role)


def run(seeds: range) -> Counter[str]:
    seen: Counter[str] = Counter()
    for seed in seeds:
        verdict, codes = compare(seed)
        seen.update([verdict, *codes])
    return seen


def test_thousand_registers() -> None:
    seen = run(range(1000))
    missing = {*WORDS, *(f"M{n:02d}" for n in range(1, 31))} - {"M12", "M14", "M15", "M18", "M27"} - set(seen)
    assert not missing, seen


@pytest.mark.long
@pytest.mark.timeout(900)
def test_twenty_thousand_registers() -> None:
    seen = run(range(1000, 21_000))
    assert min(seen[word] for word in WORDS) > 30, seen


QUIET = {"M14", "M15"}


@pytest.mark.long
@pytest.mark.parametrize("code", sorted(rule.code for rule in ORDERED if rule.code not in QUIET))
def test_no_rule_can_be_left_out_unnoticed(code: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without any one rule that can stop a decision, the oracle disagrees."""
    for module, name in ((judge, "ORDERED"), (shortcut, "FOR_ALL"), (shortcut, "FOR_ONE")):
        rules = tuple(replace(r, check=lambda view: na("x")) if r.code == code else r for r in getattr(module, name))
        monkeypatch.setattr(module, name, rules)
    with pytest.raises((AssertionError, ValueError)):
        run(range(3000))
