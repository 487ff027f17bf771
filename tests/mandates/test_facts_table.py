"""The twenty test facts from real and realistic regulations: each question with its verdict and codes (M01-M30)."""

from typing import Any

import pytest

from teams.mandates.engine import answer
from teams.mandates.question import Contested
from tests.mandates.town import START, ask, changed, town

K = 1_000_00
ADVICE = {"afwijkend_advies": False}
FREE = "advies Kamer I is ongegrond of niet-ontvankelijk"
OTHER = Contested("2026-7", frozenset({"noor"}))
CASES: list[tuple[str, str, str, int | None, dict[str, Any], str, str]] = [
    # nr, power, person, cents, further facts, verdict, codes
    ("1", "HK-A8", "vera", 19_999_99, {"features": ADVICE}, "ja", ""),
    ("1 boven", "HK-A8", "vera", 20 * K, {"features": ADVICE}, "nee", "M26"),
    ("1 anders dan advies", "HK-A8", "vera", K, {"features": {"afwijkend_advies": True}}, "nee", "M26"),
    ("1 advies onbekend", "HK-A8", "vera", K, {}, "nee", "M26"),
    ("2", "HK-A5", "wieke", K, {"contested": OTHER}, "nee", "M26"),
    ("2 college", "HK-A5", "alder", K, {"contested": OTHER}, "ja", ""),
    ("3", "HK-A10", "gea", K, {"hours": 24}, "ja", ""),
    ("3 langer", "HK-A10", "gea", K, {"hours": 25}, "nee", "M02"),
    ("3 duur onbekend", "HK-A10", "gea", K, {}, "nee", "M02"),
    ("4", "HK-A9", "vera", K, {"features": {"zienswijzen": False}}, "ja", ""),
    ("4 met zienswijzen", "HK-A9", "vera", K, {"features": {"zienswijzen": True}}, "nee", "M26"),
    ("5", "EDE-21", "mayor", None, {"contested": OTHER}, "ja", ""),
    ("6", "HK-22", "wieke", None, {}, "ja", ""),
    ("7 geen instemming werkgever", "MD-GRIF", "gerrit", K, {}, "nee", "M05"),
    ("8", "WEG-9", "alder", None, {}, "ja", ""),
    ("8 raad gaf het weg", "WEG-9", "mo", None, {}, "nee", "M01"),
    ("9", "WKPB-1", "gijs", None, {}, "ja", ""),
    ("9 niet de secretaris", "WKPB-1", "wieke", None, {}, "nee", "M24"),
    ("10 onbevestigd", "OMG-01", "vera", None, {}, "eerst_overleg", "M25"),
    ("10", "OMG-01", "vera", None, {"confirmed": frozenset({"niet_afwijken_van:omgevingsplan"})}, "ja", ""),
    ("10 wijkt af", "OMG-01", "vera", None, {"features": {"wijkt_af_van": "omgevingsplan"}}, "nee", "M25"),
    ("11 onbevestigd", "APV-03", "vera", None, {}, "eerst_overleg", "M02"),
    ("11", "APV-03", "vera", None, {"confirmed": frozenset({"hooguit 500 bezoekers"})}, "ja", ""),
    ("12", "WMO-02", "cas", 25 * K, {"counterparty": "client-1"}, "ja", ""),
    ("12 klant onbekend", "WMO-02", "cas", 25 * K, {}, "nee", "M21"),
    ("13", "PW-07", "cas", 1_500_00, {}, "ja", ""),
    ("13 leenbijstand", "PW-07L", "cas", 1_500_00, {}, "samen_met", "M20"),
    ("13 met controller", "PW-07L", "cas", 1_500_00, {"second": "coen"}, "ja", ""),
    ("13 met zichzelf", "PW-07L", "cas", 1_500_00, {"second": "cas"}, "nee", "M20"),
    ("14", "INK-02", "bram", 50 * K, {}, "ja", ""),
    ("14 boven", "INK-02", "bram", 50 * K + 1, {}, "nee", "M21"),
    ("14 wethouder tekent niet alleen", "INK-02", "alder", K, {}, "nee", "M24"),
    ("15", "SUB-01", "noor", 4 * K, {}, "ja", ""),
    ("15 boven", "SUB-01", "noor", 7_500_00, {}, "nee", "M21"),
    ("15 bedrag onbekend", "SUB-01", "noor", None, {}, "nee", "M21"),
    ("15 precedent", "SUB-01", "noor", 4 * K, {"sensitive": True}, "nee", "M25"),
    ("16", "HAN-04", "julia", None, {"reporter": "vera"}, "ja", ""),
    ("16 rapporteur onbekend", "HAN-04", "julia", None, {}, "nee", "M10"),
    ("17", "BOE-01", "julia", None, {"reporter": "vera"}, "ja", ""),
    ("17 eigen rapport", "BOE-01", "julia", None, {"reporter": "julia"}, "nee", "M10"),
    ("18 verkeerde wortel", "LEG-01", "bea", K, {}, "nee", "M01"),
    ("18 zelf", "LEG-01", "tax", K, {}, "ja", ""),
    ("19", "PRO-01", "julia", None, {"case": "Z-19"}, "ja", ""),
    ("19 andere zaak", "PRO-01", "julia", None, {"case": "Z-20"}, "nee", "M06"),
    ("20", "OOV-01", "julia", None, {}, "nee", "M11"),
    ("20 zelf", "OOV-01", "mayor", None, {}, "ja", ""),
]


@pytest.mark.parametrize(
    ("nr", "code", "person", "cents", "more", "verdict", "codes"), CASES, ids=[c[0] for c in CASES]
)
def test_fact(
    nr: str, code: str, person: str, cents: int | None, more: dict[str, Any], verdict: str, codes: str
) -> None:
    given = answer(town(), ask(code, person, cents, **more))
    assert (given.verdict.word, " ".join(given.codes)) == (verdict, codes), given.sentence
    if verdict == "nee":
        assert given.who_may
        assert given.next_steps
        assert given.signature is None
    else:
        assert given.signature is not None


def test_griffier_may_buy_once_the_council_consented() -> None:
    """Fact 7, M05: the griffier works for the raad."""
    facts = changed(town(), "T07", consent_employer_on=START)
    given = answer(facts, ask("MD-GRIF", "gerrit", K))
    assert given.verdict.word == "ja"
    assert given.signature is not None
    assert given.signature.lines == (
        "De gemeente Zandermeer,", "krachtens volmacht van de burgemeester van 1 januari 2026,", "Gerrit", "Griffier",
    )  # fmt: skip


def test_delegation_is_signed_in_own_name() -> None:
    """Fact 8: the college decides in its own name."""
    signed = answer(town(), ask("WEG-9", "alder")).signature
    assert signed is not None
    assert signed.lines[0] == "Burgemeester en wethouders van Zandermeer,"
    assert "namens dezen," not in signed.lines


def test_the_example_sentence() -> None:
    """A no says why, who may and who is there now."""
    given = answer(town(), ask("SUB-01", "noor", 7_500_00))
    assert given.sentence == (
        "Nee, dit mag jij niet. € 7.500 is meer dan de grens van T15, € 5.000. Gemeentesecretaris mag dit wel; nu is dat Wieke."
    )
    assert [step.kind for step in given.next_steps] == ["vraag_aan", "orgaanvoorstel", "hogere_grens"]


def test_every_rule_is_reported() -> None:
    """All rules are always evaluated, also when an early one refuses."""
    codes = [line.code for line in answer(town(), ask("SUB-01", "noor", 7_500_00)).rules]
    assert codes == [f"M{n:02d}" for n in range(1, 31) if n != 12]
