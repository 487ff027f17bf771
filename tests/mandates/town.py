"""A small municipality with the twenty test facts: powers, chains from organ to person, and a question with defaults."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from teams.mandates.conditions import parse_conditions, parse_triggers, specials_of
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
from teams.mandates.terms import ActKind, Base, Form, Kind, Mandatable, PartyKind, Sub


def day(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


START, TODAY = day("2026-01-01"), day("2026-11-22")
FROM_START = Span(START)
MANDATE, PROXY = frozenset({Kind.MANDATE}), frozenset({Kind.PROXY})
COLLEGE, MAYOR, COUNCIL, TAX = (Party(PartyKind.ORGAN, o) for o in ("college", "burgemeester", "raad", "heffing"))
SECRETARY = Party(PartyKind.OFFICE, "gemeentesecretaris")

ORGANS = (
    Organ("raad", "raad", "de raad", "De raad van de gemeente Zandermeer"),
    Organ("college", "college", "het college", "Burgemeester en wethouders van Zandermeer"),
    Organ("burgemeester", "burgemeester", "de burgemeester", "De burgemeester van Zandermeer"),
    Organ("heffing", "heffingsambtenaar", "de heffingsambtenaar", "De heffingsambtenaar van Zandermeer"),
)
ROLES = (
    Role("secretaris", "Gemeentesecretaris", "Directie", office="gemeentesecretaris"),
    Role("subsidies", "Subsidies", "Samenleving"),
    Role("consulent", "Consulent", "Sociaal"),
    Role("vergunning", "Vergunningverlener", "Ruimte"),
    Role("budget", "Budgethouder", "Groen"),
    Role("jurist", "Jurist", "Recht"),
    Role("gis", "GIS-specialist", "Ruimte"),
    Role("belasting", "Belastingen", "Financiën"),
    Role("gebouw", "Beheerder gebouwen", "Gebouwen"),
    Role("griffier", "Griffier", "Griffie", office="griffier", outside=True),
    Role("controller", "Controller", "Control", office="controller", control=True),
)
FILLED = {
    "secretaris": "wieke", "subsidies": "noor", "consulent": "cas", "vergunning": "vera", "budget": "bram", "jurist": "julia",
    "gis": "gijs", "belasting": "bea", "gebouw": "gea", "griffier": "gerrit", "controller": "coen",
}  # fmt: skip
PEOPLE = tuple(Person(p, p.capitalize()) for p in (*FILLED.values(), "mayor", "alder", "tax", "mo"))
MEMBERS = (
    Member("college", "mayor"), Member("college", "alder"), Member("burgemeester", "mayor"), Member("heffing", "tax"), Member("raad", "mo"),
)  # fmt: skip


def role(name: str) -> Party:
    return Party(PartyKind.ROLE, name)


def power(code: str, organs: str, basis: str, **more: Any) -> Power:
    bases = (LegalBasis(basis, FROM_START),)
    return Power(code, code, tuple(organs.split("+")), bases=bases, specials=specials_of(bases), **more)


def grant(number: str, powers: str, giver: Any, holder: Party, **more: Any) -> Grant:
    """A decided, published grant that holds from the start; `conditions` as typed in the register."""
    more.setdefault("kinds", MANDATE)
    more["conditions"] = parse_conditions(more.get("conditions", ""))
    givers = (giver,) if isinstance(giver, Party) else giver
    defaults: dict[str, Any] = {"decided_on": START, "published_on": START, "valid": FROM_START, "recorded": FROM_START}
    return Grant(number, grantors=givers, holder=holder, powers=frozenset(powers.split()), **{**defaults, **more})


def excluded(code: str, rule: str, triggers: str = "") -> Exclusion:
    return Exclusion(code, rule, "mandaatbesluit", parse_triggers(triggers))


YES = Submandate(Sub.YES)
POWERS = (
    power("HK-A8", "college", "Ow 15.1"),
    power("HK-A5", "college", "Awb 7:11"),
    power("HK-A10", "college", "gebouwenregeling"),
    power("HK-A9", "college", "Awb 3.4"),
    power("EDE-21", "college", "Awb 7:12"),
    power("HK-22", "college", "Awb 10:8"),
    power("MD-GRIF", "college+burgemeester", "Gemw 160, 168", act=ActKind.PRIVATE),
    power("WEG-9", "raad", "Wegenwet 9"),
    power("WKPB-1", "college", "Wkpb"),
    power("OMG-01", "college", "Ow 5.1, 5.8"),
    power("APV-03", "burgemeester", "APV 2:25, Gemw 174"),
    power("WMO-02", "college", "Wmo 2015 2.3.5", ceiling_base=Base.PER_YEAR),
    power(
        "PW-07", "college", "Pw 35", mandatable=Mandatable.ONLY_TO, only_to=frozenset({SECRETARY, role("consulent")})
    ),
    power("PW-07L", "college", "Pw 35, 48", four_eyes_above=-1),
    power("INK-02", "college+burgemeester", "Gemw 160, 171; BW 3:60", act=ActKind.PRIVATE, ceiling_base=Base.TOTAL),
    power("SUB-01", "college", "Awb 4:23"),
    power("HAN-04", "college", "Gemw 125, Awb 5:32", asks=frozenset({"rapporteur"})),
    power("BOE-01", "burgemeester", "Alcoholwet 44a, Awb 5:53"),
    power("LEG-01", "heffing", "Gemw 229, 231"),
    power("PRO-01", "college", "Awb 8:24", act=ActKind.FACTUAL),
    power("OOV-01", "burgemeester", "Gemw 172a"),
)
FORMS = frozenset({Kind.AUTHORISATION})
GRANTS = (
    grant("T01", "HK-A8 HK-A5 HK-A10 HK-A9 SUB-01", COLLEGE, SECRETARY, ceiling=25_000_00, sub=YES),
    grant("T01a", "HK-A8 HK-A9", SECRETARY, role("vergunning"), parent="T01"),
    grant("T01b", "HK-A10", SECRETARY, role("gebouw"), parent="T01", conditions="duur<=24"),
    grant("T05", "EDE-21", COLLEGE, MAYOR, consent_holder_on=START, conditions="advies Kamer I is ongegrond of niet-ontvankelijk"),
    grant("T06", "HK-22", COLLEGE, SECRETARY),
    grant("T07", "MD-GRIF", (COLLEGE, MAYOR), role("griffier"), kinds=PROXY, consent_holder_on=START),
    grant("T08", "WEG-9", COUNCIL, COLLEGE, kinds=frozenset({Kind.DELEGATION})),
    grant("T09", "WKPB-1", COLLEGE, role("gis")),
    grant("T10", "OMG-01", COLLEGE, SECRETARY, sub=YES),
    grant("T10a", "OMG-01", SECRETARY, role("vergunning"), parent="T10", conditions="niet_afwijken_van:omgevingsplan"),
    grant("T11", "APV-03", MAYOR, role("vergunning"), conditions="hooguit 500 bezoekers"),
    grant("T12", "WMO-02", COLLEGE, role("consulent"), ceiling=25_000_00, base=Base.PER_YEAR),
    grant("T13", "PW-07 PW-07L", COLLEGE, role("consulent"), ceiling=1_500_00),
    grant("T14", "INK-02", (COLLEGE, MAYOR), SECRETARY, kinds=PROXY, ceiling=250_000_00, sub=YES),
    grant("T14a", "INK-02", SECRETARY, role("budget"), parent="T14", kinds=PROXY, ceiling=50_000_00, base=Base.TOTAL),
    grant("T15", "SUB-01", SECRETARY, role("subsidies"), parent="T01", ceiling=5_000_00),
    grant("T16", "HAN-04", COLLEGE, role("jurist")),
    grant("T17", "BOE-01", MAYOR, role("jurist")),
    grant("T18", "LEG-01", COLLEGE, role("belasting")),
    grant("T19", "PRO-01", COLLEGE, role("jurist"), kinds=FORMS, form=Form.SINGLE, case="Z-19"),
    grant("T20", "OOV-01", MAYOR, role("jurist")),
)  # fmt: skip
EXCLUSIONS = (
    excluded("HK-A8", "buiten het advies, of vanaf € 20.000", "bedrag>19.999,99|kenmerk:afwijkend_advies"),
    excluded("HK-A5", "beslissen op bezwaar is voorbehouden"),
    excluded("HK-A9", "na zienswijzen beslist het college", "kenmerk:zienswijzen"),
)


def town(**more: Any) -> Facts:
    fillings = tuple(Filling(r, p, FROM_START, FROM_START) for r, p in FILLED.items())
    base = Facts(POWERS, ORGANS, GRANTS, EXCLUSIONS, ROLES, PEOPLE, fillings, members=MEMBERS)
    return replace(base, **more)


def ask(code: str, person: str | None, cents: int | None = None, **more: Any) -> Question:
    return Question(code, more.pop("moment", TODAY), more.pop("known_at", TODAY), person, cents=cents, **more)


def changed(facts: Facts, number: str, **more: Any) -> Facts:
    return replace(facts, grants=tuple(replace(g, **more) if g.number == number else g for g in facts.grants))
