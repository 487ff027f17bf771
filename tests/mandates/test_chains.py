"""Who stood where and what was known: versions, members, fillings, replacements, delegation and who may instead, in small registers."""

from dataclasses import replace

import pytest

from teams.mandates.answer import Link
from teams.mandates.chains import Book, Capacity, Chain, Post
from teams.mandates.conditions import parse_conditions
from teams.mandates.engine import answer
from teams.mandates.facts import Exclusion, Facts, Filling, LegalBasis, Member, Party, Person, Replacement, Role, Span
from teams.mandates.question import Question
from teams.mandates.questions import who
from teams.mandates.rulebook import ORDERED
from teams.mandates.rules.base import Verdict
from teams.mandates.terms import Absence, ActKind, Kind, PartyKind
from tests.mandates.town import (
    COLLEGE,
    COUNCIL,
    FROM_START,
    MANDATE,
    MAYOR,
    ROLES,
    SECRETARY,
    START,
    TODAY,
    YES,
    ask,
    changed,
    day,
    grant,
    power,
    role,
    town,
)

K = 1_000_00
SPRING, SUMMER, LATER = day("2026-04-01"), day("2026-07-01"), day("2026-12-01")
SUB = ask("SUB-01", "noor", 4 * K)


def with_versions(*ceilings: tuple[Span, int], recorded: Span = FROM_START) -> Facts:
    """T15 with another ceiling in each period."""
    base = town()
    (one,) = (g for g in base.grants if g.number == "T15")
    versions = tuple(replace(one, valid=valid, ceiling=ceiling, recorded=recorded) for valid, ceiling in ceilings)
    return replace(base, grants=(*versions, *(g for g in base.grants if g.number != "T15")))


@pytest.mark.parametrize("order", [1, -1])
def test_of_several_versions_the_one_of_the_moment(order: int) -> None:
    """M21, M17: another ceiling from April; before the first and after the last the nearest is named."""
    spans = ((Span(SPRING, SUMMER), 2 * K), (Span(SUMMER, LATER), 5 * K), (Span(START, SPRING), K))[::order]
    facts = with_versions(*spans)
    for moment, ceiling in (("2026-02-01", K), ("2026-04-01", 2 * K), ("2026-06-30", 2 * K), ("2026-07-01", 5 * K)):
        at_limit = replace(SUB, cents=ceiling, moment=day(moment), known_at=LATER)
        assert answer(facts, at_limit).verdict is Verdict.YES, moment
        assert answer(facts, replace(at_limit, cents=ceiling + 1)).codes == ("M21",), moment
    after = answer(facts, replace(SUB, moment=LATER, known_at=LATER))
    assert (after.codes, after.chains[0][-2].ceiling) == (("M17",), 5 * K)
    before = answer(facts, replace(SUB, cents=K, moment=day("2025-12-31"), known_at=LATER))
    assert before.chains[0][-2].ceiling == K
    hole = with_versions((Span(START, SPRING), K), (Span(SUMMER), 5 * K))
    within = answer(hole, replace(SUB, cents=K, moment=day("2026-05-01"), known_at=LATER))
    assert (within.codes, within.chains[0][-2].ceiling) == (("M17",), K)


def test_of_the_same_period_the_version_that_was_known_last() -> None:
    first, second = Span(START), Span(SPRING)
    facts = with_versions((Span(START), 5 * K), recorded=first)
    (newer,) = (replace(g, ceiling=K, recorded=second) for g in facts.grants if g.number == "T15")
    for grants in ((newer, *facts.grants), (*facts.grants, newer)):
        assert answer(replace(facts, grants=grants), SUB).codes == ("M21",)


def test_who_decides_for_the_organ_is_who_was_a_member_then() -> None:
    """Gone on the day itself, still to come, or not yet known: not named and not deciding."""
    others = (
        Member("college", "gone", Span(START, TODAY)), Member("college", "next", Span(LATER)),
        Member("college", "unknown", Span(), Span(LATER)), Member("college", "still", Span(START, LATER), FROM_START),
    )  # fmt: skip
    facts = town(members=(*town().members, *others))
    assert [one.id for one in who(facts, SUB)[-1].today] == ["alder", "mayor", "still"]
    for person, verdict in (
        ("still", Verdict.YES),
        ("gone", Verdict.NO),
        ("next", Verdict.NO),
        ("unknown", Verdict.NO),
    ):
        assert answer(facts, replace(SUB, person=person)).verdict is verdict, person


def test_an_exclusion_holds_in_its_own_time_for_its_own_power() -> None:
    """M26: one that ended, is still to come, or was not yet known, keeps nobody away."""
    for valid, recorded, codes in (
        (Span(), Span(), ("M26",)), (Span(START, TODAY), Span(), ()), (Span(LATER), Span(), ()), (Span(), Span(LATER), ()),
    ):  # fmt: skip
        rows = (
            Exclusion("SUB-01", "nooit", "besluit", (), None, valid, recorded),
            Exclusion("APV-03", "nooit", "besluit"),
        )
        assert answer(town(exclusions=rows), SUB).codes == codes, valid


def test_a_filling_that_ended_is_over_and_the_open_one_is_shown() -> None:
    """M24: whose filling ended is not there; of two fillings at once the one without end is shown; of past ones the last."""
    ended = Filling("secretaris", "bram", Span(START, TODAY))
    more = town(fillings=(*town().fillings, ended))
    assert Book(more, SUB).holders("secretaris") == ("wieke",)
    assert [one.id for one in who(more, replace(SUB, cents=9 * K))[0].today] == ["wieke"]
    for rows in (("2026-12-31", None), (None, "2026-12-31")):
        spans = (Span(START, day(end)) if end else Span(START) for end in rows)
        facts = town(fillings=(*town().fillings, *(Filling("subsidies", "vera", span) for span in spans)))
        assert answer(facts, replace(SUB, person="vera")).chains[0][-1].until is None
    past = tuple(Filling("subsidies", "vera", Span(day(a), day(b))) for a, b in (
        ("2026-01-01", "2026-02-01"), ("2026-03-01", "2026-05-01"), ("2026-02-01", "2026-03-01")))  # fmt: skip
    given = answer(town(fillings=(*town().fillings, *past)), replace(SUB, person="vera"))
    assert (given.codes, given.chains[0][-1].until) == (("M24",), day("2026-05-01"))


def test_of_several_replacements_the_one_that_holds() -> None:
    """M23: in its period first, then the right kind of absence, then the lowest decision; who is there too is not replaced."""
    away = Replacement("subsidies", "vera", Absence.AWAY, Span(START), "V2")
    over, vacant = (
        replace(away, valid=Span(START, TODAY), decision="V0"),
        replace(away, reason=Absence.VACANT, decision="V1"),
    )
    for rows in ((away, over, vacant), (vacant, over, away)):
        given = answer(town(replacements=rows), replace(SUB, person="vera"))
        assert (given.verdict, given.chains[0][-1].substitute) == (Verdict.YES, True)
        book = Book(town(replacements=rows), SUB)
        assert book.post(ROLES[1], "vera") == Post(Capacity.SUBSTITUTE, ROLES[1], None, away, ("noor",), True)
        assert book.substitutes("subsidies") == (away,)
    for row in (over, vacant, replace(away, decision="")):
        assert Book(town(replacements=(row,)), SUB).substitutes("subsidies") == ()
    later = town(replacements=(replace(away, recorded=Span(LATER)),))
    assert answer(later, replace(SUB, person="vera")).codes == ("M24",)
    both = Replacement("subsidies", "noor", Absence.AWAY, Span(START), "V3")
    other = town(replacements=(both,), fillings=(*town().fillings, Filling("subsidies", "vera")))
    assert Book(other, SUB).post(ROLES[1], "noor").capacity is Capacity.HOLDER


GIVEN = grant("D1", "SUB-01", COLLEGE, MAYOR, kinds=frozenset({Kind.DELEGATION}))


@pytest.mark.parametrize(
    ("change", "gone"),
    [
        ({}, True),
        ({"decided_on": TODAY}, True),
        ({"withdrawn_at": LATER}, True),
        ({"powers": frozenset(), "all_except": frozenset({"APV-03"})}, True),
        ({"powers": frozenset(), "all_except": frozenset({"SUB-01"})}, False),
        ({"powers": frozenset({"APV-03"})}, False),
        ({"kinds": MANDATE}, False),
        ({"grantors": (COUNCIL,)}, False),
        ({"decided_on": None}, False),
        ({"decided_on": LATER}, False),
        ({"withdrawn_at": TODAY}, False),
        ({"valid": Span(START, TODAY)}, False),
        ({"valid": Span(LATER)}, False),
    ],
)
def test_a_power_that_was_delegated_is_no_longer_the_organs_own(change: dict[str, object], gone: bool) -> None:
    """M01 (Awb 10:17): only by a delegation of this organ, of this power, decided and in force at the moment."""
    facts = town(grants=(*town().grants, replace(GIVEN, **change)))  # type: ignore[arg-type]
    assert answer(facts, replace(SUB, person="alder")).codes == (("M01",) if gone else ())
    last = who(facts, SUB)[-1]
    assert (last.id, last.number) == (("burgemeester", "D1") if gone else ("college", None))


def test_a_delegation_to_someone_who_is_no_organ() -> None:
    facts = town(grants=(*town().grants, replace(GIVEN, holder=role("jurist"))))
    assert [line.id for line in who(facts, SUB)][-1] == "college"


def test_who_may_names_persons_once_and_at_most_two_lines() -> None:
    """A grant to a person counts like one to a role, but not for who asks; the organ always stands at the end."""
    people = [grant(f"P{n}", "SUB-01", COLLEGE, Party(PartyKind.PERSON, name), ceiling=9 * K)
              for n, name in enumerate(("mo", "mo", "tax", "bea"))]  # fmt: skip
    q = replace(SUB, cents=8 * K)
    facts = town(grants=(*(g for g in town().grants if g.number not in ("T01", "T15")), *people))
    assert [(x.kind, x.id, x.number) for x in who(facts, q)] == [
        ("persoon", "mo", "P0"), ("persoon", "tax", "P2"), ("orgaan", "college", None),
    ]  # fmt: skip
    assert [one.id for one in answer(facts, replace(q, person="mo", cents=99 * K)).who_may] == ["college"]
    low = changed(facts, "P0", ceiling=K)
    assert [x.number for x in answer(low, replace(q, person="noor")).who_may] == ["P1", "P2", None]
    crowd = tuple(Member("college", f"m{n}") for n in range(9))
    assert [one.id for one in who(town(members=crowd), SUB)[-1].today] == ["m0", "m1", "m2", "m3", "m4"]
    full = town(fillings=(*town().fillings, *(Filling("secretaris", f"s{n}") for n in range(9))))
    assert [len(line.today) for line in who(full, q)] == [5, 2]


def test_an_office_of_three_roles_is_two_lines() -> None:
    roles = tuple(Role(f"w{n}", f"Wijk {n}", "W", office="wijk") for n in range(3))
    facts = town(
        grants=(*town().grants, grant("W1", "SUB-01", COLLEGE, Party(PartyKind.OFFICE, "wijk"))),
        roles=(*ROLES, *roles), fillings=tuple(Filling(one.id, one.id) for one in roles),
    )  # fmt: skip
    assert [x.id for x in who(facts, replace(SUB, cents=80 * K))] == ["w0", "w1", "college"]


def test_who_has_an_interest_is_not_sent_to_himself_or_a_colleague() -> None:
    """M19: someone else in the role may when only the declaration lacks; with an interest of one's own it goes up."""
    (subsidy,) = (p for p in town().powers if p.code == "SUB-01")
    asking = (replace(subsidy, asks=frozenset({"belang"})), *(p for p in town().powers if p.code != "SUB-01"))
    facts = town(powers=asking, fillings=(*town().fillings, Filling("subsidies", "vera")))
    for interest, first in ((None, "subsidies"), (True, "secretaris")):
        given = answer(facts, replace(SUB, interest=interest))
        assert (given.codes, given.who_may[0].id) == (("M19",), first)
    mine = town(grants=(grant("P1", "SUB-01", COLLEGE, Party(PartyKind.PERSON, "tax")),))
    own = answer(mine, replace(SUB, person="tax", interest=True))
    assert own.codes == ("M19",)
    assert [line.id for line in own.who_may] == ["college"]
    (organ,) = answer(mine, replace(SUB, person="alder", interest=True)).who_may[1:]
    assert (organ.id, [one.id for one in organ.today]) == ("college", ["mayor"])
    both = town(fillings=(*town().fillings, Filling("secretaris", "noor")))
    line = answer(both, replace(SUB, role="subsidies", interest=True)).who_may[0]
    assert (line.id, [one.id for one in line.today]) == ("secretaris", ["wieke"])


def test_who_is_there_is_named_once_with_the_mildest_answer() -> None:
    """M20, M23: who stands in and fills the role as well is named once; who is the second person decides together with another."""
    twice = town(replacements=(Replacement("secretaris", "wieke", Absence.AWAY, Span(START), "V1"),))
    assert [(one.id, one.capacity) for one in who(twice, replace(SUB, cents=9 * K))[0].today] == [("wieke", "houder")]
    eyes = changed(
        town(fillings=(*town().fillings, Filling("subsidies", "vera"))),
        "T15",
        conditions=parse_conditions("vier_ogen>5"),
    )
    for second in ("noor", "vera"):
        line = next(x for x in who(eyes, replace(SUB, person=None, second=second)) if x.id == "subsidies")
        assert (line.verdict, [one.id for one in line.today]) == (Verdict.YES, ["noor", "vera"])


def test_the_nearest_comes_first() -> None:
    """Up the asked chain from below, then the longest other chain; without a ceiling before the lowest one, then the lowest number."""
    more = (
        grant("A9", "SUB-01", COLLEGE, role("jurist"), ceiling=20 * K),
        grant("A1", "SUB-01", SECRETARY, role("gis"), parent="T01", ceiling=20 * K),
        grant("A2", "SUB-01", COLLEGE, role("budget")),
    )
    facts = town(grants=(*town().grants, *more))
    assert [x.id for x in answer(facts, replace(SUB, cents=8 * K)).who_may] == ["secretaris", "gis", "college"]
    assert [x.id for x in answer(facts, replace(SUB, person="bea", cents=8 * K)).who_may] == [
        "secretaris",
        "gis",
        "college",
    ]
    flat = town(grants=(*more[:1], *more[2:]))
    assert [x.id for x in answer(flat, replace(SUB, cents=8 * K)).who_may] == ["budget", "jurist", "college"]


def test_two_organs_are_as_strict_as_the_strictest() -> None:
    """M20: one chain asks a second person, the other does not: together it is together, for who may as well."""
    mine = grant(
        "B1", "INK-02", COLLEGE, SECRETARY, kinds=frozenset({Kind.PROXY, Kind.MANDATE}), conditions="vier_ogen>500"
    )
    theirs = grant("B2", "INK-02", MAYOR, SECRETARY, kinds=frozenset({Kind.PROXY}))
    facts = town(grants=(mine, theirs))
    q = ask("INK-02", "wieke", K, counterparty="X", case="Z")
    assert answer(facts, q).verdict is Verdict.TOGETHER
    (line, *organs) = who(facts, replace(q, person=None))
    assert (line.id, line.verdict, [x.id for x in organs]) == (
        "secretaris",
        Verdict.TOGETHER,
        ["college", "burgemeester"],
    )


def test_the_chain_is_told_with_its_articles_and_versions() -> None:
    """Section 3: from organ to person, with the article of that moment, number, version, and until when."""
    (subsidy,) = (p for p in town().powers if p.code == "SUB-01")
    bases = (LegalBasis("oud 1", Span(START, SPRING)), LegalBasis("nieuw 2", Span(SPRING)))
    powers = (replace(subsidy, bases=bases), *(p for p in town().powers if p.code != "SUB-01"))
    facts = changed(town(powers=powers), "T15", version="sha256:1", valid=Span(START, LATER))
    (chain,) = answer(facts, SUB).chains
    assert chain == (
        Link("orgaan", "het college", article="nieuw 2"),
        Link("mandaat", "Gemeentesecretaris", number="T01", kinds=("mandaat",), ceiling=25 * K, decided_on=START, publication=""),
        Link("mandaat", "Subsidies", number="T15", version="sha256:1", kinds=("mandaat",), ceiling=5 * K, decided_on=START,
             publication="", until=LATER),
        Link("persoon", "Noor"),
    )  # fmt: skip
    (then,) = answer(facts, replace(SUB, moment=day("2026-03-31"))).chains
    assert then[0].article == "oud 1"
    (office,) = answer(facts, replace(SUB, person=None, role="subsidies")).chains
    assert [link.name for link in office] == ["het college", "Gemeentesecretaris", "Subsidies"]
    assert answer(facts, replace(SUB, person="gijs")).chains == ()
    (own,) = answer(facts, replace(SUB, person="alder")).chains
    assert [link.name for link in own] == ["het college", "Alder"]


def test_holders_are_told_by_their_names() -> None:
    """A person, an organ, a party from outside; someone who is not known by its id."""
    holders = (Party(PartyKind.PERSON, "mo"), Party(PartyKind.EXTERNAL, "Omgevingsdienst"), MAYOR)
    names = []
    for n, holder in enumerate(holders):
        top = grant(f"H{n}", "WKPB-1", COLLEGE, holder, sub=YES, consent_holder_on=START, consent_employer_on=START)
        below = grant(f"H{n}a", "WKPB-1", holder, role("gis"), parent=f"H{n}")
        facts = town(grants=(top, below))
        names.append([link.name for link in answer(facts, ask("WKPB-1", "gijs")).chains[0]])
    assert [line[1] for line in names] == ["Mo", "Omgevingsdienst", "de burgemeester"]
    book = Book(town(people=(Person("noor", "Noor"),)), SUB)
    assert (book.name("noor"), book.name("weg"), book.name(None)) == ("Noor", "weg", "")


def test_a_reverse_mandate_is_about_the_powers_of_its_organ() -> None:
    """M26: everything of the organ that gives it, and of nobody with the same name."""
    kinds = frozenset({Kind.MANDATE, Kind.PROXY})
    for giver, found in ((COLLEGE, True), (MAYOR, False), (Party(PartyKind.EXTERNAL, "college"), False)):
        reverse = grant("R1", "", giver, SECRETARY, kinds=kinds, all_except=frozenset({"APV-03"}), sub=YES)
        book = Book(town(grants=(reverse,)), SUB)
        assert [g.number for g in book.touching] == (["R1"] if found else []), giver


def test_a_chain_knows_its_ends() -> None:
    facts = town()
    t01, t15 = (next(g for g in facts.grants if g.number == number) for number in ("T01", "T15"))
    chain = Chain((t01, t15), Post(Capacity.PERSON))
    assert (chain.root, chain.leaf, chain.key) == (t01, t15, ("T01", "T15", ""))
    assert (Chain((), Post(Capacity.MEMBER)).root, Chain((), Post(Capacity.MEMBER)).leaf) == (None, None)


def test_an_external_party_needs_consent_whatever_it_is_called() -> None:
    """M05: it never works under the grantor."""
    outside = grant("X1", "WKPB-1", COLLEGE, Party(PartyKind.EXTERNAL, "Dienst"))
    book = Book(town(grants=(outside,)), ask("WKPB-1", None))
    assert [one.outside for one in book.roles_of(outside.holder)] == [True]


def test_a_contract_is_signed_under_the_proxy_of_the_mayor() -> None:
    """M18: by the first grant of the chain, with its day."""
    root = grant("V1", "INK-02", (COLLEGE, MAYOR), SECRETARY, kinds=frozenset({Kind.PROXY}), decided_on=SPRING, sub=YES)
    leaf = grant(
        "V2", "INK-02", SECRETARY, role("budget"), parent="V1", kinds=frozenset({Kind.PROXY}), decided_on=SUMMER
    )
    given = answer(town(grants=(root, leaf)), Question("INK-02", TODAY, TODAY, "bram", cents=K, counterparty="X"))
    assert town().powers[14].act is ActKind.PRIVATE
    assert given.signature is not None
    assert given.signature.lines[1] == "krachtens volmacht van de burgemeester van 1 april 2026,"


def test_the_number_told_is_that_of_the_grant_itself() -> None:
    """Of a chain the last; of a member of the organ with a grant of his own, that grant."""
    first, *_ = who(town(), replace(SUB, person=None))
    assert (first.id, first.number, first.ceiling) == ("subsidies", "T15", 5 * K)
    mine = town(grants=(grant("P1", "SUB-01", COLLEGE, Party(PartyKind.PERSON, "alder"), ceiling=9 * K),))
    assert [(x.kind, x.number) for x in who(mine, SUB)] == [("persoon", "P1"), ("orgaan", None)]


def test_only_chains_of_the_right_organ_are_told() -> None:
    """M01: a chain that comes from elsewhere is not the one that is explained, however little else is wrong with it."""
    own = changed(town(), "T15", decided_on=None, published_on=None)
    wrong = grant("A1", "SUB-01", MAYOR, role("subsidies"))
    facts = replace(own, grants=(*own.grants, wrong))
    assert answer(facts, SUB).codes == ("M06", "M13")


def test_rules_about_grants_say_why_there_is_nothing_to_check() -> None:
    for person, said in (
        ("alder", "Het orgaan besluit zelf; er is geen mandaat."), ("gijs", "Er is geen mandaat om te controleren."),
    ):  # fmt: skip
        lines = {line.code: line for line in answer(town(), replace(SUB, person=person)).rules}
        assert str(lines["M02"].fact) == said
    assert {line.code for line in answer(town(), SUB).rules if line.unsure} == {r.code for r in ORDERED if r.unsure}


def test_an_office_of_several_roles_is_told_by_the_role_of_who_asks() -> None:
    roles = tuple(Role(f"w{n}", f"Wijk {n}", "W", office="wijk") for n in range(2))
    office = Party(PartyKind.OFFICE, "wijk")
    top = grant("W1", "SUB-01", COLLEGE, office, sub=YES)
    below = grant("W2", "SUB-01", office, role("gis"), parent="W1")
    facts = town(grants=(top, below), roles=(*ROLES, *roles), fillings=(*town().fillings, Filling("w1", "vera")))
    names = [[link.name for link in answer(facts, replace(SUB, person=p)).chains[0]] for p in ("vera", "gijs")]
    assert names == [["het college", "Wijk 1", "Vera"], ["het college", "Wijk 0", "GIS-specialist", "Gijs"]]


def test_of_two_organs_the_first_is_named() -> None:
    """M18: who is a member of both decides in the name of the first."""
    facts = town(powers=(*town().powers, power("TWEE-1", "college+burgemeester", "Gemw 160")))
    lines = {line.code: line for line in answer(facts, ask("TWEE-1", "mayor")).rules}
    assert str(lines["M18"].fact) == "Het stuk staat op naam van het college zelf."


def test_who_may_begins_with_the_chain_of_the_first_organ() -> None:
    """A contract asks two organs; nearest is who stands above the asker in the first chain."""
    kinds = frozenset({Kind.PROXY, Kind.MANDATE})
    jurist, gis, budget = role("jurist"), role("gis"), role("budget")
    grants = (
        grant("C1", "INK-02", COLLEGE, jurist, kinds=kinds, sub=YES),
        grant("C2", "INK-02", jurist, budget, parent="C1", kinds=kinds, ceiling=K),
        grant("M1", "INK-02", MAYOR, gis, kinds=kinds, sub=YES),
        grant("M2", "INK-02", gis, budget, parent="M1", kinds=kinds, ceiling=K),
        grant("X1", "INK-02", MAYOR, jurist, kinds=kinds),
        grant("X2", "INK-02", COLLEGE, gis, kinds=kinds),
    )
    given = answer(town(grants=grants), ask("INK-02", "bram", 5 * K, counterparty="X"))
    assert [line.id for line in given.who_may] == ["jurist", "gis", "college", "burgemeester"]
    offices = Book(town(grants=grants), ask("INK-02", None)).chains(None, None)
    assert {chain.post.capacity for chain in offices} == {Capacity.OFFICE}
    two = (grant("C2", "INK-02", COLLEGE, budget, kinds=kinds), grant("M2", "INK-02", MAYOR, role("belasting"), kinds=kinds),
           grant("X1", "INK-02", MAYOR, budget, kinds=kinds))  # fmt: skip
    filled = (*town().fillings, Filling("belasting", "bram"), Filling("budget", "vera"))
    own = answer(town(grants=two, fillings=filled), ask("INK-02", "bram", K, counterparty="X", interest=True))
    assert [line.id for line in own.who_may] == ["college", "burgemeester"]
