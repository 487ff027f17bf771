"""What a grant must satisfy before it is stored: every reason at once, each with its rule (M01-M08, M11, M12)."""

from dataclasses import replace
from typing import Any

import pytest

from teams.mandates.check import check_grant
from teams.mandates.facts import Facts, Grant, Party, Role, Span, Submandate
from teams.mandates.terms import Form, Kind, Mandatable, PartyKind, Special, Sub
from tests.mandates.town import (
    COLLEGE,
    COUNCIL,
    MAYOR,
    SECRETARY,
    START,
    TODAY,
    YES,
    changed,
    day,
    grant,
    power,
    role,
    town,
)

K = 1_000_00
EXTERN = Party(PartyKind.EXTERNAL, "Omgevingsdienst")


def codes(draft: Grant, facts: Facts | None = None) -> set[str]:
    reasons = check_grant(facts or town(), draft, at=TODAY)
    for reason in reasons:
        assert reason.text.format(**reason.values)
    return {reason.code for reason in reasons}


def child(**more: Any) -> Grant:
    return grant(
        "N1",
        more.pop("powers_", "SUB-01"),
        more.pop("giver", SECRETARY),
        more.pop("holder", role("consulent")),
        **{"parent": "T01", **more},
    )


def test_good_grants_have_no_reason() -> None:
    assert codes(child(ceiling=25 * K)) == set()
    assert codes(grant("N2", "WKPB-1", COLLEGE, role("gis"))) == set()
    assert codes(grant("N3", "", COLLEGE, SECRETARY, all_except=frozenset({"HK-A5"}))) == set()
    assert codes(grant("N4", "INK-02", (COLLEGE, MAYOR), SECRETARY, kinds=frozenset({Kind.PROXY}))) == set()
    assert codes(grant("N5", "WEG-9", COUNCIL, COLLEGE, kinds=frozenset({Kind.DELEGATION}))) == set()


REFUSED: list[tuple[str, Grant, set[str]]] = [
    ("heffing door het college", grant("N", "LEG-01", COLLEGE, role("belasting")), {"M01"}),
    ("wortel is geen orgaan", grant("N", "SUB-01", SECRETARY, role("gis")), {"M03"}),
    ("geen gever", grant("N", "SUB-01", (), role("gis")), {"M03"}),
    ("hogere grens dan ouder", child(ceiling=25 * K + 1), {"M02"}),
    ("bevoegdheid niet in ouder", child(powers_="SUB-01 WKPB-1"), {"M02"}),
    ("soort niet in ouder", child(kinds=frozenset({Kind.MANDATE, Kind.PROXY})), {"M02"}),
    ("alles behalve onder losse lijst", child(powers_="", all_except=frozenset()), {"M02"}),
    ("begint eerder", child(valid=Span(day("2025-12-31"))), {"M02"}),
    ("ouder onbekend", child(parent="T99"), {"M02"}),
    ("onder zichzelf", child(parent="N1"), {"M02"}),
    ("gever heeft het niet", child(giver=role("gis")), {"M03"}),
    ("aan zichzelf", child(holder=SECRETARY), {"M03"}),
    ("ook via de rol aan zichzelf", child(holder=role("secretaris")), {"M03"}),
    ("delegatie aan ondergeschikte", grant("N", "SUB-01", COLLEGE, SECRETARY, kinds=frozenset({Kind.DELEGATION})), {"M03"}),
    ("geen ondermandaat toegestaan", child(parent="T15", giver=role("subsidies"), ceiling=K), {"M04"}),
    ("extern zonder instemming", grant("N", "SUB-01", COLLEGE, EXTERN), {"M05"}),
    ("griffier zonder werkgever", grant("N", "SUB-01", COLLEGE, role("griffier"), consent_holder_on=START), {"M05"}),
    ("mondeling algemeen", child(written=False), {"M06"}),
    ("bepaald geval zonder zaak", child(form=Form.SINGLE), {"M06"}),
    ("alleen aan", grant("N", "PW-07", COLLEGE, role("gis")), {"M07"}),
    ("openbare orde", grant("N", "OOV-01", MAYOR, role("jurist")), {"M11"}),
    ("alleen tekst", grant("N", "", COLLEGE, role("gis")), {"M12"}),
    ("onbekende bevoegdheid", grant("N", "XX-99", COLLEGE, role("gis")), {"M12"}),
    ("lijst en alles behalve", grant("N", "WKPB-1", COLLEGE, role("gis"), all_except=frozenset({"SUB-01"})), {"M12"}),
    ("einde voor begin", child(valid=Span(START, START)), {"verkeerd_moment"}),
    ("bekend voor besluit", child(decided_on=TODAY), {"verkeerd_moment"}),
    ("geen soort", child(kinds=frozenset()), {"M02"}),
    ("alles tegelijk", grant("N", "LEG-01 OOV-01", COLLEGE, EXTERN, written=False, valid=Span(TODAY, START)), {"M01", "M05", "M06", "M11", "verkeerd_moment"}),
]  # fmt: skip


@pytest.mark.parametrize(("name", "draft", "expected"), REFUSED, ids=[row[0] for row in REFUSED])
def test_refused(name: str, draft: Grant, expected: set[str]) -> None:
    assert codes(draft) == expected


@pytest.mark.parametrize(
    ("change", "code"),
    [({"mandatable": Mandatable.NO}, "M07"), ({"specials": frozenset({Special.OVERSIGHT})}, "M08")],
)
def test_powers_that_cannot_be_mandated(change: dict[str, Any], code: str) -> None:
    facts = town(powers=(replace(power("X-01", "college", "wet 1"), **change),))
    assert codes(grant("N", "X-01", COLLEGE, role("gis")), facts) == {code}


ROUND = "kring rond"


def said(draft: Grant, *others: Grant) -> list[str]:
    """What is said about a circle of holders."""
    reasons = check_grant(town(grants=others), draft, at=TODAY)
    return [text for reason in reasons if ROUND in (text := reason.text.format(**reason.values))]


def test_row_24_nobody_gets_back_what_they_gave_on() -> None:
    """M02: college > secretaris > gis > belasting, and then one of those before; or the same by a change half way."""
    further = Submandate(Sub.YES)
    one = grant("N1", "SUB-01", COLLEGE, SECRETARY, sub=further)
    two = grant("N2", "SUB-01", SECRETARY, role("gis"), sub=further, parent="N1")
    three = grant("N3", "SUB-01", role("gis"), role("belasting"), sub=further, parent="N2")
    assert said(three, one, two) == []
    for holder, parent in ((SECRETARY, "N2"), (role("secretaris"), "N2"), (COLLEGE, "N1")):
        (sentence,) = said(replace(three, holder=holder), one, two)
        assert sentence == f"De ontvanger van N3 gaf dit zelf door met {parent}. Zo gaat het in een kring rond."
    four = grant("N4", "SUB-01", role("belasting"), role("gis"), parent="N3")
    assert said(four, one, two, three) and said(replace(two, holder=role("subsidies")), one, three, four) == []
    apart = grant("N2", "SUB-01", SECRETARY, role("jurist"), sub=further, parent="N1")
    assert said(two, one, replace(three, holder=role("jurist")), replace(four, holder=role("gis")))
    assert said(apart, one, three, four) == [], "what hangs below is looked at by its own line"


def test_row_24_who_delegated_may_get_a_mandate() -> None:
    """Awb 10:17: by delegation the organ loses the power itself, so that a mandate gives it something."""
    given = grant("N1", "WEG-9", COUNCIL, COLLEGE, kinds=frozenset({Kind.DELEGATION}))
    between = grant("N2", "WEG-9", COLLEGE, role("gis"), sub=Submandate(Sub.YES), parent="N1")
    back = grant("N3", "WEG-9", role("gis"), COUNCIL, parent="N2")
    assert said(back, given, between) == []
    assert said(replace(back, holder=COLLEGE), given, between), "the college did not lose it"
    assert said(replace(back, kinds=frozenset({Kind.DELEGATION})), given, between)


def test_a_parent_keeps_room_for_its_children() -> None:
    """M02, M04: lowering, shortening or closing T01 while T15 hangs below it is refused."""
    t01 = next(g for g in town().grants if g.number == "T01")
    assert codes(t01) == set()
    assert codes(replace(t01, ceiling=4 * K)) == {"M02"}
    assert codes(replace(t01, powers=t01.powers - {"SUB-01"})) == {"M02"}
    assert codes(replace(t01, valid=Span(START, TODAY))) == {"M02"}
    assert codes(replace(t01, sub=Submandate())) == {"M04"}
    assert codes(replace(t01, parent="T15")) >= {"M02"}


def test_depth_and_only_to() -> None:
    """M04: a depth counts every step below; 'alleen aan' is about the next holder."""
    shallow = changed(changed(town(), "T01", sub=Submandate(Sub.DEPTH, 1)), "T15", sub=YES)
    assert codes(child(), shallow) == set()
    assert codes(child(parent="T15", giver=role("subsidies"), ceiling=K), shallow) == {"M04"}
    only = changed(town(), "T01", sub=Submandate(Sub.ONLY_TO, 0, frozenset({role("gis")})))
    assert codes(child(), only) == {"M04"}
    assert codes(child(holder=role("gis")), only) == set()


def test_a_chain_has_at_most_eight_steps() -> None:
    """M02: the ninth is refused, also when the middle is put on top of a long tail."""
    links = [grant("D1", "SUB-01", COLLEGE, role("d1"), sub=YES)]
    links += [
        grant(f"D{n}", "SUB-01", role(f"d{n - 1}"), role(f"d{n}"), parent=f"D{n - 1}", sub=YES) for n in range(2, 10)
    ]
    roles = tuple(Role(f"d{n}", f"D{n}") for n in range(1, 10))
    assert codes(links[7], town(grants=tuple(links[:7]), roles=roles)) == set()
    assert codes(links[8], town(grants=tuple(links[:8]), roles=roles)) == {"M02"}
    tail = tuple(link for link in links if link.number != "D2")
    assert codes(links[1], town(grants=tail, roles=roles)) == {"M02"}
