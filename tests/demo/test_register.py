"""The demo's mandate register: big enough, whole, lawful on any day, and the example questions get their answers."""

from collections import Counter
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from functools import lru_cache

import pytest

from teams.demo.zandermeer import zandermeer
from teams.demo.zandermeer.catalogue import klussen
from teams.demo.zandermeer.model import Row, Zandermeer
from teams.kit.clock import start_of
from teams.kit.money import parse_amount
from teams.mandates.check import check_grant
from teams.mandates.conditions import parse_conditions, parse_triggers, specials_of
from teams.mandates.engine import answer
from teams.mandates.facts import (
    Exclusion,
    Facts,
    Filling,
    Grant,
    LegalBasis,
    Member,
    Organ,
    Party,
    Person,
    Power,
    Role,
    Span,
    Submandate,
)
from teams.mandates.question import Question
from teams.mandates.terms import ActKind, Base, ConditionKind, Form, Kind, Mandatable, PartyKind, Special, Sub

DAYS = [date(2026, 11, 22), date(2028, 2, 29), date(2027, 1, 1), date(2027, 6, 14)]
TEST_FACTS = (
    "NAD-01 BEZ-01 GEB-01 AFD-01 BEZ-02 MAN-01 GRI-01 WEG-01 WKP-01 OMG-01 APV-03 WMO-02 PW-07 INK-02 SUB-01 HAN-04 BOE-01 "
    "LEG-01 PRO-01 OOV-01"
)


def moment(text: str, extra: int = 0) -> datetime | None:
    return start_of(date.fromisoformat(text) + timedelta(days=extra)) if text else None


def parties(cell: str) -> tuple[Party, ...]:
    return tuple(
        Party(PartyKind(kind), what) for kind, _, what in (part.partition(":") for part in cell.split("|") if part)
    )


def power(row: Row) -> Power:
    bases = tuple(LegalBasis(text) for text in row["grondslag"].split("|"))
    eyes = {"nee": None, "altijd": -1}
    specials = frozenset(Special(word) for word in row["bijzonder"].split("|") if word)
    return Power(
        row["code"], row["titel"], tuple(row["orgaan"].split("|")), ActKind(row["soort"]), bases,
        Mandatable(row["mandateerbaar"]), frozenset(parties(row["alleen_aan"])), row["mandateerbaar_bron"],
        specials_of(bases) | specials, Base(row["grens_basis"] or "per_besluit"), eyes[row["vier_ogen"]],
        row["extern_bij_wet"] == "ja", frozenset(word for word in row["vraagt"].split("|") if word),
    )  # fmt: skip


def sub(cell: str) -> Submandate:
    if cell.startswith("alleen_aan:"):
        return Submandate(Sub.ONLY_TO, 0, frozenset(parties(f"rol:{cell.removeprefix('alleen_aan:')}")))
    return Submandate(Sub.DEPTH, int(cell)) if cell.isdigit() else Submandate(Sub(cell))


def grant(row: Row) -> Grant:
    codes = frozenset(code for code in row["bevoegdheden"].split("|") if code)
    excepted = frozenset(row["alles_behalve"].split("|")) if row["alles_behalve"] else None
    return Grant(
        row["nummer"], frozenset(map(Kind, row["soorten"].split("|"))), parties(row["gever"]), parties(row["ontvanger"])[0],
        row["ouder"] or None, codes, excepted, parse_amount(row["grens"]) if row["grens"] else None,
        Base(row["grens_basis"] or "per_besluit"), sub(row["ondermandaat"]), parse_conditions(row["voorwaarden"]),
        tuple(text for text in row["instructies"].split("|") if text), Form(row["vorm"]), row["zaak"] or None, True,
        moment(row["besloten_op"]), moment(row["bekendgemaakt_op"]), row["publicatie"], moment(row["instemming_ontvanger_op"]),
        moment(row["instemming_werkgever_op"]), Span(moment(row["van"]), moment(row["tot"], 1)), moment(row["ingetrokken_op"]),
    )  # fmt: skip


@lru_cache(maxsize=8)
def town(today: date) -> tuple[Zandermeer, Facts]:
    z = zandermeer(today)
    roles = tuple(
        Role(f"{r['team']}/{r['rol']}", r["rol"], r["team"], r["functie"] or None, r["functie"] == "griffier", r["functie"] == "controller")
        for r in z.files["rollen"] if not r["tot"]
    )  # fmt: skip
    fillings = tuple(
        Filling(f"{r['team']}/{r['rol']}", r["personeelsnummer"], Span(moment(r["van"]), moment(r["tot"], 1)))
        for r in z.files["rolvervulling"]
    )
    members = tuple(
        Member(r["orgaan"], number) for r in z.files["organen"] for number in r["leden"].split("|") if number
    )
    exclusions = []
    for row in z.files["uitsluitingen"]:
        rule, *triggers = row["regel"].split("|")
        exclusions.append(Exclusion(row["bevoegdheid"], rule, row["bron"], parse_triggers("|".join(triggers))))
    return z, Facts(
        tuple(map(power, z.files["bevoegdheden"])),
        tuple(Organ(r["orgaan"], r["orgaan"], f"de {r['orgaan']}", r["naam"]) for r in z.files["organen"]),
        tuple(map(grant, z.files["mandaten"])),
        tuple(exclusions),
        roles,
        tuple(Person(r["personeelsnummer"], r["naam"]) for r in z.files["personen"]),
        fillings,
        members=members,
    )


def test_how_much_there_is() -> None:
    z, facts = town(DAYS[0])
    assert len(facts.powers) >= 60 and len(facts.grants) >= 150
    codes = {power.code for power in facts.powers}
    assert {f"HRM-{n:02d}" for n in range(1, 9)} | set(TEST_FACTS.split()) <= codes
    assert {code for klus in klussen() for code in klus.powers} <= codes
    states = Counter(
        "ingetrokken" if g.withdrawn_at else "voorgenomen" if not g.decided_on else "besloten" if not g.published_on else "bekendgemaakt"
        for g in facts.grants
    )  # fmt: skip
    assert min(states[state] for state in ("ingetrokken", "voorgenomen", "besloten")) >= 3
    organs = {party.id for g in facts.grants for party in g.grantors if party.kind is PartyKind.ORGAN}
    assert organs == {row["orgaan"] for row in z.files["organen"]}
    assert sum(g.all_except is not None for g in facts.grants) >= 3
    assert {row["reden"] for row in z.files["vervangingen"]} == {"afwezig", "ontstentenis"}
    parents = {g.number: g.parent for g in facts.grants}
    assert depth("GW-06", parents) == 4 and depth("IN-06", parents) == 3


def depth(number: str, parents: Mapping[str, str | None]) -> int:
    above = parents[number]
    return 1 if above is None else 1 + depth(above, parents)


@pytest.mark.parametrize("today", DAYS)
def test_every_grant_may_be_stored(today: date) -> None:
    """M01-M12: none of them breaks a rule, whatever the day that the demo begins."""
    _, facts = town(today)
    broken = {g.number: check_grant(facts, g, at=start_of(today)) for g in facts.grants}
    assert {number: reasons for number, reasons in broken.items() if reasons} == {}


@pytest.mark.parametrize("today", DAYS)
def test_every_name_leads_somewhere(today: date) -> None:
    z, facts = town(today)
    filled = {f.role for f in facts.fillings if f.valid.holds(start_of(today))}
    offices, organs = {role.office for role in facts.roles}, {organ.id for organ in facts.organs}
    for g in facts.grants:
        for party in (g.holder, *g.grantors, *g.sub.only_to):
            if party.kind is PartyKind.ROLE:
                assert party.id in filled, (g.number, party)
            elif party.kind is PartyKind.OFFICE:
                assert party.id in offices
            elif party.kind is PartyKind.ORGAN:
                assert party.id in organs
        targets = {c.target for c in g.conditions if c.kind in (ConditionKind.ADVICE, ConditionKind.CONSULT)}
        assert targets <= filled, g.number
        assert g.decided_on is None or g.decided_on <= start_of(today)
    numbers = {row["personeelsnummer"] for row in z.files["personen"]}
    for row in z.files["vervangingen"]:
        assert row["vervanger"] in numbers and f"{row['team']}/{row['rol']}" in filled
    codes = {power.code for power in facts.powers}
    for row in z.files["budgetten"]:
        assert row["budgethouder"] in filled and set(row["bevoegdheden"].split("|")) <= codes
        assert parse_amount(row["bedrag"]) > 0
    assert {row["bevoegdheid"] for row in z.files["uitsluitingen"]} <= codes


def test_no_article_is_presented_as_checked_that_was_not() -> None:
    """Only the articles that were read at the source go without [K]."""
    z, _ = town(DAYS[0])
    read = {"Awb 10:8", "BW 3:60", "Gemeentewet 160", "Gemeentewet 160 lid 1 onder d", "Gemeentewet 171 lid 2"}
    texts = {text for row in z.files["bevoegdheden"] for text in row["grondslag"].split("|")}
    assert {text for text in texts if not text.endswith("[K]")} == read


@pytest.mark.parametrize("today", DAYS)
def test_SUB_01_of_the_subsidies_role(today: date) -> None:
    """M21: € 4.000 yes, € 7.500 no, and then the secretary may."""
    z, facts = town(today)
    at = start_of(today) + timedelta(hours=12)
    person = next(a.personeelsnummer for a in z.accounts if a.email.startswith("rolvervuller@"))
    said = {
        cents: answer(facts, Question("SUB-01", at, at, person, cents=cents))
        for cents in (4_000_00, 5_000_00, 7_500_00)
    }
    assert {cents: given.verdict.word for cents, given in said.items()} == {
        4_000_00: "ja",
        5_000_00: "ja",
        7_500_00: "nee",
    }
    assert said[7_500_00].codes == ("M21",)
    assert "Gemeentesecretaris mag dit wel" in said[7_500_00].sentence
    assert said[4_000_00].signature is not None


def test_the_same_day_gives_the_same_register() -> None:
    one, other = zandermeer(DAYS[0]).files, zandermeer(DAYS[0]).files
    names = ("bevoegdheden", "mandaten", "uitsluitingen", "vervangingen", "budgetten")
    assert {name: one[name] for name in names} == {name: other[name] for name in names}
