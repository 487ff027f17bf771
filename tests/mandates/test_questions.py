"""The other questions to the register: who, what if, what may this role, what falls away, upkeep, was this office competent."""

import json
from dataclasses import replace

import pytest

from teams.mandates.engine import UnknownPower, answer
from teams.mandates.facts import Call, Earlier, Filling, Replacement, Span, TakenBack
from teams.mandates.questions import (
    falls_away,
    health,
    office_competent,
    role_powers,
    touched_by_withdrawal,
    what_if,
    who,
)
from teams.mandates.rulebook import rulebook_hash
from teams.mandates.rules.base import Outcome, Verdict
from teams.mandates.terms import Absence
from tests.mandates.town import START, TODAY, ask, changed, day, town

K = 1_000_00


def test_who_may_and_who_is_there_with_the_replacement_first() -> None:
    """Question 2: the deputy of the secretary is named before the secretary who is away."""
    away = Replacement("secretaris", "bram", Absence.AWAY, Span(START, day("2026-11-28")), "vervangingsbesluit 2026-31")
    lines = who(town(replacements=(away,)), ask("SUB-01", None, 7_500_00))
    assert [(line.id, [one.id for one in line.today]) for line in lines] == [
        ("secretaris", ["bram", "wieke"]),
        ("college", ["alder", "mayor"]),
    ]
    given = answer(town(replacements=(away,)), ask("SUB-01", "noor", 7_500_00))
    assert given.sentence.endswith("Gemeentesecretaris mag dit wel; nu vervangt Bram.")


def test_nobody_there_is_said() -> None:
    empty = town(fillings=tuple(f for f in town().fillings if f.role != "secretaris"))
    given = answer(empty, ask("SUB-01", "noor", 7_500_00))
    assert given.sentence.endswith("Gemeentesecretaris mag dit wel, maar daar is nu niemand.")
    assert [step.kind for step in given.next_steps] == ["orgaanvoorstel", "hogere_grens"]


def test_what_if_names_the_change_and_the_rule() -> None:
    """Question 8: which rule would become yes."""
    assert [(str(w.change), w.verdict, w.codes) for w in what_if(town(), ask("SUB-01", "noor", 7_500_00))] == [
        ("Als het € 5.000 was.", Verdict.YES, ("M21",))
    ]
    assert [w.codes for w in what_if(town(), ask("OMG-01", "vera"))] == [("M25",)]
    assert [w.codes for w in what_if(town(), ask("PW-07L", "cas", K))] == [("M20",)]
    assert [w.codes for w in what_if(town(), ask("SUB-01", "noor", K, sensitive=True))] == [("M25",)]
    assert what_if(town(), ask("SUB-01", "noor", K)) == ()
    spent = town(earlier=(Earlier("E", "SUB-01", 2 * K, START, case="Z"),))
    assert str(what_if(spent, ask("SUB-01", "noor", 4 * K, case="Z"))[0].change) == "Als het € 3.000 was."


def test_what_a_role_may() -> None:
    """Question 5: facts of a case (amount, case, duration) do not hide a power; a flaw in the grant does."""
    lines = role_powers(town(), "jurist", TODAY, TODAY)
    assert [(line.power, line.numbers, line.people) for line in lines] == [
        ("BOE-01", ("T17",), ("julia",)), ("HAN-04", ("T16",), ("julia",)), ("PRO-01", ("T19",), ("julia",)),
    ]  # fmt: skip
    assert [(line.power, line.ceiling) for line in role_powers(town(), "subsidies", TODAY, TODAY)] == [
        ("SUB-01", 5 * K)
    ]
    assert [line.power for line in role_powers(town(), "gebouw", TODAY, TODAY)] == ["HK-A10"]
    assert role_powers(changed(town(), "T15", published_on=None), "subsidies", TODAY, TODAY) == ()


def test_what_falls_away() -> None:
    """Question 5: powers lost on leaving, and whether anyone is left in the role."""
    facts = town(fillings=(*town().fillings, Filling("subsidies", "vera")))
    assert [(x.power, x.orphaned) for x in falls_away(town(), "noor", "subsidies", TODAY, TODAY)] == [("SUB-01", True)]
    assert [(x.power, x.orphaned) for x in falls_away(facts, "noor", "subsidies", TODAY, TODAY)] == [("SUB-01", False)]
    both = town(fillings=(*town().fillings, Filling("secretaris", "noor")))
    assert falls_away(both, "noor", "subsidies", TODAY, TODAY) == ()


def test_what_a_withdrawal_touches() -> None:
    """Question 6: all below, and the decisions that rest on it."""
    facts = town(earlier=(Earlier("2026-1", "SUB-01", K, START, grants=frozenset({"T01", "T15"})),))
    touched = touched_by_withdrawal(facts, "T01", TODAY)
    assert touched.grants == ("T01", "T01a", "T01b", "T15")
    assert touched.decisions == ("2026-1",)
    assert "SUB-01" in touched.powers
    assert touched_by_withdrawal(facts, "T99", TODAY).grants == ()


def test_upkeep() -> None:
    """Question 7: ending soon, never used, not published, parent gone."""
    facts = changed(changed(town(), "T09", valid=Span(START, day("2026-12-31"))), "T12", published_on=None)
    facts = changed(facts, "T14", withdrawn_at=day("2026-11-01"))
    facts = replace(facts, earlier=(Earlier("E", "SUB-01", K, START, grants=frozenset({"T01", "T15"})),))
    found = health(facts, TODAY, TODAY)
    assert (found.expiring, found.unpublished, found.orphans) == (("T09",), ("T12",), ("T14a",))
    assert "T15" not in found.unused
    assert "T09" in found.unused
    assert "T14" not in found.unused


def test_was_this_office_competent() -> None:
    """Question 10: nameless, as of a day; an office without a mandate is not competent."""
    yes = office_competent(town(), "SUB-01", "subsidies", TODAY, TODAY, 5 * K)
    assert yes.verdict is Verdict.YES
    assert "Noor" not in yes.to_json().decode()
    assert office_competent(town(), "SUB-01", "subsidies", TODAY, TODAY, 5 * K + 1).codes == ("M21",)
    assert office_competent(town(), "SUB-01", "gis", TODAY, TODAY, K).codes == ("M24",)
    assert office_competent(town(), "SUB-01", "subsidies", day("2025-12-31"), TODAY, K).codes == ("M17",)


def test_the_answer_has_the_shape_of_the_surface() -> None:
    given = answer(town(), ask("INK-02", "bram", K))
    shape = json.loads(given.to_json())
    assert set(shape) == {
        "oordeel",
        "zin",
        "redenen",
        "ketens",
        "regels",
        "wieWel",
        "ondertekening",
        "vervolg",
        "op",
        "bekend",
        "regelboek",
    }
    assert [[link["naam"] for link in chain] for chain in shape["ketens"]] == [
        ["het college", "Gemeentesecretaris", "Budgethouder", "Bram"], ["de burgemeester", "Gemeentesecretaris", "Budgethouder", "Bram"],
    ]  # fmt: skip
    assert shape["regelboek"] == rulebook_hash()
    assert shape["zin"] == "Ja, jij mag deze opdracht geven, tot en met € 50.000, als Budgethouder. Je vraagt € 1.000."
    assert shape["ondertekening"].startswith(
        "De gemeente Zandermeer,\nkrachtens volmacht van de burgemeester van 1 januari 2026,"
    )
    assert b"NaN" not in given.to_json()


def test_unknown_power() -> None:
    with pytest.raises(UnknownPower):
        answer(town(), ask("XX-99", "noor"))


def test_advice_names_who_to_ask() -> None:
    """M25: above the line the adviser looks first; confirmed, it is a yes."""
    from teams.mandates.conditions import parse_conditions

    facts = changed(town(), "T14a", conditions=parse_conditions("advies:Control/Controller>10.000"))
    given = answer(facts, ask("INK-02", "bram", 12_500_00))
    assert (given.verdict.word, given.sentence) == (
        "eerst_overleg",
        "Nog niet: eerst overleg. Boven € 10.000 kijkt Control/Controller eerst mee.",
    )
    assert [(step.kind, step.about) for step in given.next_steps] == [("advies", "coen")]
    confirmed = frozenset({"advies:Control/Controller>10.000"})
    assert answer(facts, ask("INK-02", "bram", 12_500_00, confirmed=confirmed)).verdict is Verdict.YES
    assert answer(facts, ask("INK-02", "bram", 10_000_00)).verdict is Verdict.YES


def test_instruction_and_information_do_not_refuse() -> None:
    """M14, M15: reported, never a no."""
    facts = changed(town(), "T15", instructions=("Stuur een kopie aan het college",))
    facts = replace(facts, calls=(Call("T15", "Wieke", day("2026-12-01")),))
    given = answer(facts, ask("SUB-01", "noor", K))
    notes = {line.code: str(line.fact) for line in given.rules if line.outcome is Outcome.NOTE}
    assert given.verdict is Verdict.YES
    assert notes == {
        "M14": "Volg de instructie: Stuur een kopie aan het college.",
        "M15": "Wieke wacht op inlichtingen over T15, uiterlijk 1 december 2026.",
    }
    against = answer(facts, ask("SUB-01", "noor", K, against_instruction=True))
    assert "in strijd met een instructie" in str(next(line.fact for line in against.rules if line.code == "M14"))


def test_taken_back() -> None:
    """M16: the grantor decides this case himself; other cases stay."""
    facts = town(taken_back=(TakenBack("T01", "Z1", "het college", START),))
    assert answer(facts, ask("SUB-01", "noor", K, case="Z1")).codes == ("M16",)
    assert answer(facts, ask("SUB-01", "noor", K, case="Z2")).verdict is Verdict.YES
