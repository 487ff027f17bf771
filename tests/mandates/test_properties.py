"""What must always hold: restrictions and withdrawals only take away, old questions keep their answer, same facts same bytes."""

from dataclasses import fields, replace
from random import Random
from typing import Any

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from teams.mandates.chains import Book
from teams.mandates.conditions import parse_condition
from teams.mandates.engine import answer
from teams.mandates.facts import (
    Budget,
    Earlier,
    Exclusion,
    Facts,
    Filling,
    Grant,
    Interest,
    Party,
    Replacement,
    Role,
    Span,
)
from teams.mandates.judge import judge
from teams.mandates.question import Contested, Question
from teams.mandates.rulebook import ORDERED
from teams.mandates.rules.base import Level, Outcome, Verdict
from teams.mandates.shortcut import Shortcut
from teams.mandates.terms import Absence, Kind, PartyKind
from tests.mandates.registers import MACHINE, PEOPLE, ROLES, at, question, register
from tests.mandates.town import START, TODAY, ask, changed, day, grant, role, town

SEEDS = st.integers(0, 10**9)
K = 1_000_00


def world(seed: int) -> tuple[Random, Facts, Question]:
    r = Random(seed)
    facts = register(r)
    return r, facts, question(r, facts)


def restrict(r: Random, facts: Facts, q: Question) -> Facts:
    """One more restriction somewhere in the register, or on the power."""
    target = r.choice(facts.grants).number
    each: list[dict[str, Any]] = [
        {"ceiling": 1_00}, {"withdrawn_at": at(99)}, {"valid": Span(at(0), at(100))}, {"published_on": None}, {"decided_on": None},
        {"kinds": frozenset()}, {"written": False}, {"parent": "weg"}, {"powers": frozenset()},
    ]  # fmt: skip
    choice = r.randrange(len(each) + 4)
    if choice < len(each):
        change = each[choice]
        return replace(facts, grants=tuple(replace(g, **change) if g.number == target else g for g in facts.grants))
    if choice == len(each):
        line = parse_condition(r.choice(MACHINE))
        # a second area widens the first: not a restriction
        return replace(facts, grants=tuple(
            replace(g, conditions=(*g.conditions, line)) if g.number == target and line.kind not in {c.kind for c in g.conditions} else g
            for g in facts.grants))  # fmt: skip
    if choice == len(each) + 1:
        return replace(facts, exclusions=(*facts.exclusions, Exclusion(q.power, "x")))
    if choice == len(each) + 2:
        return replace(
            facts, powers=tuple(replace(p, four_eyes_above=-1, asks=p.asks | {"belang"}) for p in facts.powers)
        )
    return replace(facts, interests=(*facts.interests, Interest(r.choice(PEOPLE), "z1")))


@settings(max_examples=400, deadline=None)
@given(SEEDS)
def test_a_restriction_never_turns_no_into_yes(seed: int) -> None:
    """Delegation is left out: ending one gives the power back to the organ, which is no restriction on it."""
    r, facts, q = world(seed)
    assume(not any(Kind.DELEGATION in g.kinds for g in facts.grants))
    before = answer(facts, q).verdict
    assert answer(restrict(r, facts, q), q).verdict >= before


@settings(max_examples=200, deadline=None)
@given(SEEDS)
def test_withdrawal_is_monotone(seed: int) -> None:
    """M17: withdrawing one grant, or more, never makes an answer milder; earlier moments are untouched."""
    r, facts, q = world(seed)
    assume(not any(Kind.DELEGATION in g.kinds for g in facts.grants))
    gone = {g.number for g in facts.grants if r.random() < 0.5 and g.withdrawn_at is None}
    after = replace(
        facts, grants=tuple(replace(g, withdrawn_at=at(100)) if g.number in gone else g for g in facts.grants)
    )
    assert answer(after, q).verdict >= answer(facts, q).verdict
    before = replace(q, moment=at(99))
    assert answer(after, before).to_json() == answer(facts, before).to_json()


@settings(max_examples=200, deadline=None)
@given(SEEDS)
def test_a_child_never_has_more_than_its_parent(seed: int) -> None:
    """M02: who may through a sub-grant, may also as holder of the parent (asked as offices, without persons)."""
    _, facts, q = world(seed)
    for child in facts.grants:
        parent = next((g for g in facts.grants if g.number == child.parent), None)
        if parent is None or child.holder.kind is not PartyKind.ROLE or parent.holder.kind is not PartyKind.ROLE:
            continue
        below = answer(facts, replace(q, person=None, role=child.holder.id, sensitive=False))
        above = answer(facts, replace(q, person=None, role=parent.holder.id, sensitive=False))
        if all(chain[-1].number == child.number for chain in below.chains):
            assert above.verdict <= below.verdict


@settings(max_examples=200, deadline=None)
@given(SEEDS)
def test_an_old_question_keeps_its_answer(seed: int) -> None:
    """After the register changed, the same question as known then gives the same bytes."""
    r, facts, q = world(seed)
    later = Span(at(200))
    old = answer(facts, q).to_json()
    closed = tuple(
        replace(g, recorded=Span(g.recorded.start, at(200)) if g.recorded.end is None else g.recorded)
        for g in facts.grants
    )
    fresh = tuple(replace(g, recorded=later, ceiling=1, withdrawn_at=at(0)) for g in facts.grants)
    filled = tuple(Filling(f.role, r.choice(PEOPLE), f.valid, later) for f in facts.fillings)
    stand_ins = (Replacement("r1", "a", Absence.AWAY, Span(), "V9", later),)
    changed_register = replace(
        facts, grants=(*fresh, *closed), fillings=(*facts.fillings, *filled), replacements=(*facts.replacements, *stand_ins),
        exclusions=(*facts.exclusions, Exclusion(q.power, "later", recorded=later)), interests=(*facts.interests, Interest("a", "z1", "", later)),
    )  # fmt: skip
    assert answer(changed_register, q).to_json() == old


@settings(max_examples=200, deadline=None)
@given(SEEDS)
def test_the_order_of_the_rows_does_not_matter(seed: int) -> None:
    r, facts, q = world(seed)
    rows = {f.name: getattr(facts, f.name) for f in fields(Facts) if f.name != "settings"}
    mixed = Facts(**{name: tuple(r.sample(value, len(value))) for name, value in rows.items()}, settings=facts.settings)
    assert answer(mixed, q).to_json() == answer(facts, q).to_json()


@settings(max_examples=150, deadline=None)
@given(SEEDS)
def test_the_short_way_says_what_the_long_way_says(seed: int) -> None:
    """M02: stopping at the first refusal, and remembering how far a chain's beginning passed, changes no verdict and no chain."""
    r, facts, q = world(seed)
    book = Book(facts, q)
    short = Shortcut(book, q, judge(book, q, q.person, q.role) if r.random() < 0.7 else None)
    said = [
        *((None, part.id, short.office(part.id)) for part in ROLES),
        *((person, None, short.person(person)) for person in PEOPLE),
        *((person, part.id, short.holder(person, part.id)) for person in PEOPLE for part in ROLES),
    ]
    for person, part, found in r.sample(said, len(said)):
        fair = replace(q, second=None) if person and q.second == person else q
        long = judge(book, fair, person, part)
        assert found == (None if long.verdict is Verdict.NO else (long.verdict, tuple(p.chain for p in long.parts)))


@settings(max_examples=150, deadline=None)
@given(SEEDS)
def test_a_no_always_has_a_way_on_and_rules_keep_their_level(seed: int) -> None:
    """Every answer reports every rule; only refusing rules refuse; a no names who may and what to do."""
    _, facts, q = world(seed)
    given_ = answer(facts, q)
    assert len(given_.rules) == len(ORDERED) + 2
    assert {line.outcome for line in given_.rules if line.level != Level.REFUSE} <= {
        Outcome.OK,
        Outcome.NOTE,
        Outcome.NA,
    }
    assert (given_.signature is None) == (given_.verdict is Verdict.NO)
    assert given_.next_steps
    if given_.verdict is Verdict.NO:
        assert given_.who_may
        assert given_.codes


def test_every_unknown_is_a_no() -> None:
    """M21, M09, M10: the fact that a rule needs is missing."""
    facts = town()
    assert answer(facts, ask("SUB-01", "noor")).codes == ("M21",)
    assert "M10" in answer(facts, ask("BOE-01", "julia")).codes
    assert answer(facts, ask("HAN-04", "julia", reporter="vera", contested=Contested("x", None))).codes == ("M09",)


def test_splitting_is_seen() -> None:
    """M21: earlier decisions for the same party in the year count; the year before does not."""

    def gone(cents: int, when: str) -> Facts:
        return town(earlier=(Earlier("E1", "SUB-01", cents, day(when), counterparty="dansschool"),))

    q = ask("SUB-01", "noor", 4 * K, counterparty="dansschool")
    assert answer(gone(1 * K, "2026-03-01"), q).verdict is Verdict.YES
    assert "Knip niet op" in str(
        next(line.fact for line in answer(gone(1 * K, "2026-03-01"), q).rules if line.code == "M21")
    )
    assert answer(gone(1 * K + 1, "2026-03-01"), q).codes == ("M21",)
    assert answer(gone(9 * K, "2025-12-31"), q).verdict is Verdict.YES


def test_replacement_signs_plv_and_stops_when_the_reason_is_gone() -> None:
    """M23: with a decision, in its period, for the absence it names; vacancy and absence are not the same."""
    away = Replacement("subsidies", "vera", Absence.AWAY, Span(START), "vervangingsbesluit 2026-31")
    yes = answer(town(replacements=(away,)), ask("SUB-01", "vera", 4 * K))
    assert yes.verdict is Verdict.YES
    assert yes.signature is not None
    assert yes.signature.lines == (
        "Burgemeester en wethouders van Zandermeer,",
        "namens dezen,",
        "Vera",
        "plv. Subsidies",
    )
    for wrong in (
        replace(away, reason=Absence.VACANT),
        replace(away, decision=""),
        replace(away, valid=Span(START, TODAY)),
    ):
        assert answer(town(replacements=(wrong,)), ask("SUB-01", "vera", 4 * K)).codes == ("M23",)


def test_replacement_inherits_the_ban_of_the_absent() -> None:
    """M09, M23: Vera replaces Julia, who took the contested decision."""
    stand_in = Replacement("jurist", "vera", Absence.AWAY, Span(START), "V1")
    facts = town(replacements=(stand_in,))
    assert answer(
        facts, ask("HAN-04", "vera", reporter="cas", contested=Contested("x", frozenset({"julia"})))
    ).codes == ("M09",)


def test_unpublished_by_setting_and_retroactive() -> None:
    """M13, M29: unpublished refuses; a decision before the mandate was decided needs ratification, only seen from later."""
    facts = changed(town(), "T15", decided_on=day("2026-06-01"), published_on=day("2026-06-02"))
    then = ask("SUB-01", "noor", K, moment=day("2026-03-01"), known_at=TODAY)
    assert answer(facts, then).verdict is Verdict.RATIFY
    assert answer(facts, replace(then, known_at=then.moment)).codes == ("M06", "M13")
    assert answer(changed(facts, "T15", published_on=None), ask("SUB-01", "noor", K)).codes == ("M13",)


def test_withdrawn_parent_ends_the_child() -> None:
    """M17: the secretary's grant is withdrawn: no now, still yes the moment before."""
    facts = changed(town(), "T01", withdrawn_at=TODAY)
    assert answer(facts, ask("SUB-01", "noor", 4 * K)).codes == ("M17",)
    assert answer(facts, ask("SUB-01", "noor", 4 * K, moment=day("2026-11-21"))).verdict is Verdict.YES


def test_budget_is_the_second_yes_of_a_contract() -> None:
    """M22: no budget known warns, too little refuses."""
    facts = town(budgets=(Budget("B1", "Groen", 2026, frozenset({"INK-02"}), 10 * K),))
    outcome = {line.code: line.outcome for line in answer(town(), ask("INK-02", "bram", K)).rules}["M22"]
    assert outcome is Outcome.NOTE
    assert answer(facts, ask("INK-02", "bram", 10 * K)).verdict is Verdict.YES
    assert answer(facts, ask("INK-02", "bram", 10 * K + 1)).codes == ("M22",)


def test_interest_goes_a_step_up() -> None:
    """M19: not to a colleague in the same role, but to whoever gave the mandate."""
    facts = town(fillings=(*town().fillings, Filling("subsidies", "vera")))
    given_ = answer(facts, ask("SUB-01", "noor", K, interest=True))
    assert given_.codes == ("M19",)
    assert [line.id for line in given_.who_may] == ["secretaris", "college"]
    assert answer(facts, ask("SUB-01", "noor", 7 * K)).who_may[0].id == "secretaris"


def test_chain_guards() -> None:
    """M01, M02: a cycle and a chain of nine are refused and named."""
    loop = changed(changed(town(), "T01", parent="T15"), "T15", parent="T01")
    assert {"M01", "M02"} <= set(answer(loop, ask("SUB-01", "noor", K)).codes)
    facts = town()
    links: list[Grant] = [
        grant("D1", "SUB-01", Party(PartyKind.ORGAN, "college"), role("d1"), sub=replace(facts.grants[0].sub))
    ]
    for n in range(2, 10):
        links.append(
            grant(f"D{n}", "SUB-01", role(f"d{n - 1}"), role(f"d{n}"), parent=f"D{n - 1}", sub=facts.grants[0].sub)
        )
    roles = tuple(Role(f"d{n}", f"D{n}") for n in range(1, 10))
    deep = replace(facts, grants=tuple(links), roles=roles, fillings=(Filling("d8", "a"), Filling("d9", "b")))
    assert answer(deep, ask("SUB-01", "a", K)).verdict is Verdict.YES
    assert {"M01", "M02"} <= set(answer(deep, ask("SUB-01", "b", K)).codes)
