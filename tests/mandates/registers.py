"""Random small registers and questions: mostly sound, with every kind of flaw now and then."""

from dataclasses import replace
from datetime import timedelta
from random import Random
from typing import Any

from teams.mandates.conditions import parse_condition, parse_triggers
from teams.mandates.facts import (
    Budget,
    Claim,
    Earlier,
    Exclusion,
    Facts,
    Filling,
    Grant,
    Interest,
    Member,
    Party,
    Person,
    Power,
    Replacement,
    Role,
    Settings,
    Span,
    Submandate,
    TakenBack,
)
from teams.mandates.question import Contested, Question
from teams.mandates.terms import Absence, ActKind, Base, Form, Kind, Mandatable, PartyKind, Special, Sub
from tests.mandates.town import ORGANS, day

ORIGIN = day("2026-01-01")
PEOPLE = tuple("abcdefgh")
ROLES = (
    Role("r0", "Secretaris", "T", office="sec"), Role("r1", "Een", "T"), Role("r2", "Twee", "T"),
    Role("r3", "Griffie", "T", outside=True), Role("r4", "Control", "T", control=True), Role("r5", "Vijf", "T", office="vijf"),
)  # fmt: skip
MACHINE = (
    "vier_ogen>100", "advies:T/Control>100", "overleg:T/Een", "niet_afwijken_van:plan", "gebied:noord", "gebied:zuid",
    "zaaktype:x", "max_per_jaar:400", "duur<=24", "alleen bij droog weer",
)  # fmt: skip
KIND_OF = {ActKind.DECISION: Kind.MANDATE, ActKind.PRIVATE: Kind.PROXY, ActKind.FACTUAL: Kind.AUTHORISATION}


def at(days: int) -> Any:
    return ORIGIN + timedelta(days=days)


def few(r: Random, chance: float, yes: Any, no: Any) -> Any:
    return yes if r.random() < chance else no


def span(r: Random, flaw: float) -> Span:
    if r.random() > flaw:
        return Span(r.choice((None, at(0), at(50))), r.choice((None, at(500))))
    return r.choice((Span(at(0), at(90)), Span(at(110)), Span(at(0), at(100)), Span(at(100))))


def known(r: Random) -> Span:
    return few(r, 0.07, r.choice((Span(at(0), at(140)), Span(at(140)))), Span(at(0)))


def party(r: Random) -> Party:
    pick = r.random()
    if pick < 0.75:
        return Party(PartyKind.ROLE, r.choice(("r1", "r2", "r1", "r2", "r3", "r5", "r0")))
    if pick < 0.85:
        return Party(PartyKind.OFFICE, r.choice(("sec", "vijf")))
    if pick < 0.92:
        return Party(PartyKind.PERSON, r.choice(PEOPLE))
    return Party(r.choice((PartyKind.ORGAN, PartyKind.EXTERNAL)), "burgemeester")


def power(r: Random, code: str) -> Power:
    act = r.choice((ActKind.DECISION, ActKind.DECISION, ActKind.PRIVATE, ActKind.FACTUAL))
    organs = (
        ("college", "burgemeester")
        if act is ActKind.PRIVATE and r.random() < 0.7
        else (r.choice(("college", "college", "burgemeester")),)
    )
    return Power(
        code, code, organs, act,
        mandatable=few(r, 0.06, r.choice((Mandatable.NO, Mandatable.ONLY_TO)), Mandatable.YES),
        only_to=frozenset({Party(PartyKind.ROLE, "r1"), Party(PartyKind.OFFICE, "sec")}),
        specials=frozenset({r.choice(tuple(Special))}) if r.random() < 0.25 else frozenset(),
        four_eyes_above=few(r, 0.15, r.choice((-1, 50_00)), None),
        external_by_law=r.random() < 0.2,
        asks=frozenset(few(r, 0.1, [r.choice(("belang", "gevoelig", "rapporteur"))], [])),
    )  # fmt: skip


def grants(r: Random, powers: tuple[Power, ...], flaw: float) -> list[Grant]:
    made: list[Grant] = []
    late = r.random() < 0.08
    for n in range(r.randint(1, 7)):
        parent = r.choice(made) if made and r.random() < 0.65 else None
        codes = frozenset(p.code for p in powers if r.random() < 0.85)
        kinds = {KIND_OF[p.act] for p in powers} if r.random() > flaw else {r.choice(tuple(Kind))}
        if parent is None:
            givers = tuple(
                Party(PartyKind.ORGAN, o)
                for o in few(r, 0.75, ("college", "burgemeester"), (r.choice(("college", "raad", "burgemeester")),))
            )
            givers = few(r, flaw / 2, (party(r),), givers)
        else:
            givers = few(r, flaw, (party(r),), (parent.holder,))
        decided = at(105) if late else few(r, flaw, r.choice((None, at(95), at(100), at(105), at(160))), at(0))
        made.append(
            Grant(
                f"G{n}", frozenset(kinds), givers, party(r),
                parent=few(r, flaw / 2, "weg", parent.number) if parent else None,
                powers=frozenset() if (reverse := r.random() < 0.2) else codes,
                all_except=frozenset(few(r, 0.3, ["P0"], [])) if reverse else None,
                ceiling=few(r, 0.5, r.choice((60_00, 100_00, 200_00)), None),
                base=few(r, 0.2, r.choice(tuple(Base)), Base.DECISION),
                sub=few(r, flaw, r.choice((Submandate(), Submandate(Sub.DEPTH, 1), Submandate(Sub.ONLY_TO, 0, frozenset({Party(PartyKind.ROLE, "r1")})))), Submandate(Sub.YES)),
                conditions=tuple(parse_condition(c) for c in r.sample(MACHINE, few(r, 0.25, r.randint(1, 2), 0))),
                form=few(r, 0.1, Form.SINGLE, Form.GENERAL),
                case=few(r, 0.8, "z1", None),
                written=r.random() > flaw / 2,
                decided_on=decided,
                published_on=few(r, flaw, r.choice((None, at(97), at(101), at(170))), decided),
                consent_holder_on=few(r, 0.7, at(0), r.choice((None, at(101)))),
                consent_employer_on=few(r, 0.8, at(0), None),
                valid=span(r, flaw),
                withdrawn_at=few(r, flaw, r.choice((at(99), at(100), at(101))), None),
                recorded=known(r),
            )
        )  # fmt: skip
    if len(made) > 1 and r.random() < 0.03:
        made[0] = replace(made[0], parent=made[-1].number)
    if r.random() < 0.05:
        kinds_ = frozenset({Kind.DELEGATION})
        made.append(
            Grant(
                "GD",
                kinds_,
                (Party(PartyKind.ORGAN, "college"),),
                Party(PartyKind.ORGAN, "burgemeester"),
                powers=frozenset({"P0"}),
                decided_on=at(0),
                published_on=at(0),
            )
        )
    return made


def register(r: Random) -> Facts:
    flaw = r.choice((0.0, 0.03, 0.12))
    powers = tuple(power(r, f"P{n}") for n in range(r.randint(1, 2)))
    some = [role.id for role in ROLES]
    return Facts(
        powers, ORGANS, tuple(grants(r, powers, flaw)),
        exclusions=tuple(
            Exclusion(r.choice(powers).code, "x", "y", parse_triggers(r.choice(("", "bedrag>150", "duur>5", "kenmerk:nat", "gebied:zuid", "zaaktype:y"))), few(r, 0.5, "G1", None), span(r, 0.1), known(r))
            for _ in range(few(r, 0.15, 1, 0))
        ),
        roles=ROLES,
        people=tuple(Person(p, p.upper()) for p in PEOPLE),
        fillings=tuple(Filling(role, r.choice(PEOPLE), span(r, 0.15), known(r)) for role in (*some, *r.sample(some, 3)) if r.random() < 0.85),
        replacements=tuple(
            Replacement(r.choice(some), r.choice(PEOPLE), r.choice(tuple(Absence)), span(r, 0.1), few(r, 0.9, "V1", ""), known(r)) for _ in range(r.randint(0, 2))
        ),
        members=(Member("college", "a"), Member("burgemeester", "a"), Member("college", "b")) if r.random() < 0.8 else (),
        budgets=tuple(Budget(f"B{n}", "Groen", r.choice((2026, 2026, 2025)), frozenset({"P0"}), r.choice((None, 80_00, 10**6)), None, known(r)) for n in range(few(r, 0.4, 2, 0))),
        interests=tuple(Interest(r.choice(PEOPLE), r.choice(("z1", "k1")), "", known(r)) for _ in range(few(r, 0.2, 1, 0))),
        earlier=tuple(
            Earlier(f"E{n}", r.choice(powers).code, r.choice((10_00, 50_00, 90_00)), at(r.choice((10, 90, 100, 101, -20))), r.choice((None, "z1")), r.choice((None, "k1")), frozenset({"G0", r.choice(("G1", "G2"))}), known(r))
            for n in range(few(r, 0.3, 3, 0))
        ),
        taken_back=tuple(TakenBack(r.choice(("G0", "G1")), "z1", "college", at(r.choice((50, 101))), known(r)) for _ in range(few(r, 0.08, 1, 0))),
        claims=tuple(Claim(r.choice(PEOPLE), "klus 1", frozenset({"P0"})) for _ in range(few(r, 0.2, 2, 0))),
        settings=Settings(unpublished_refuses=r.random() < 0.8),
    )  # fmt: skip


def question(r: Random, facts: Facts) -> Question:
    code = r.choice(facts.powers).code
    near = {g.holder.id for g in facts.grants if code in g.powers or g.all_except is not None}
    likely = [f.person for f in facts.fillings if f.role in near] or list(PEOPLE)
    person = few(r, 0.06, None, few(r, 0.8, r.choice(likely), r.choice(PEOPLE)))
    role = r.choice(ROLES).id if person is None or r.random() < 0.12 else None
    machine = frozenset({*MACHINE, "M25", "M09"})
    return Question(
        r.choice(facts.powers).code, at(100), r.choice((at(100), at(100), at(150))), person, role,
        cents=few(r, 0.9, r.choice((10_00, 50_00, 60_00, 60_01, 100_00, 150_00)), None),
        case=few(r, 0.5, "z1", None),
        counterparty=few(r, 0.5, "k1", None),
        contested=few(r, 0.3, Contested("C", few(r, 0.9, frozenset({r.choice(PEOPLE)}), None)), None),
        reporter=few(r, 0.4, r.choice(PEOPLE), None),
        complained_of=few(r, 0.5, r.choice(PEOPLE), None),
        second=few(r, 0.4, r.choice(PEOPLE), None),
        interest=few(r, 0.04, True, r.choice((None, False, False))),
        sensitive=few(r, 0.07, True, r.choice((None, False, False))),
        area=few(r, 0.7, "noord", None),
        case_type=few(r, 0.7, "x", None),
        hours=few(r, 0.7, r.choice((4, 24, 25)), None),
        organ_decided_on=few(r, 0.2, r.choice((at(50), at(101))), None),
        features=few(r, 0.5, {"nat": False}, {"wijkt_af_van": r.choice(("plan", "iets"))}),
        confirmed=few(r, 0.5, machine, frozenset()),
    )  # fmt: skip
