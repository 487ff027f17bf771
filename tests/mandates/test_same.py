"""Two spellings of one case or one other party are one (M10, M16, M19, M21), for the rules and for the database alike."""

import unicodedata

import asyncpg
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from teams.mandates.same import case_key, party_key, same_case, same_party
from tests.plans import plan_of

NAMES = st.text(st.characters(exclude_categories=["Cs", "Cn"], min_codepoint=1, max_codepoint=0x2FFF), max_size=12)


@pytest.mark.parametrize(
    "other",
    ["dansschool de pas", "DANSSCHOOL  DE PAS", "Dansschool-de Pas.", "Dánsschool de Pas", "Dansschool de Pas B.V.", "dansschool 'De Pas' bv", "Dansschool de Pas B. V."],
)  # fmt: skip
def test_one_party(other: str) -> None:
    assert same_party("Dansschool de Pas", other)


@pytest.mark.parametrize("other", ["Dansschool de Das", "Dansschool", "BV", "Dansschool de Pas 2", "-", None])
def test_another_party(other: str | None) -> None:
    assert not same_party("Dansschool de Pas", other)


def test_cases_keep_where_their_words_end() -> None:
    assert all(
        same_case("26-SUB-0412", other) for other in ("26-sub-0412", "26/SUB/0412", "26 SUB 0412.", "26.sub-0412")
    )
    assert not any(same_case("26-SUB-0412", other) for other in ("26-SUB-412", "26-SUB-04-12", "2-6SUB-0412", "", None))
    assert not same_case(None, None)
    assert not same_case("-", "?")


@given(NAMES)
def test_capitals_accents_and_punctuation_make_no_other_name(name: str) -> None:
    shouted = unicodedata.normalize("NFD", name).upper()
    if case_key(name) != name:
        assert same_case(name, case_key(name))
    if name.isascii():
        assert same_party(name, shouted) or not any(char.isalnum() for char in name)
        assert same_case(name, f" {shouted}!") or not any(char.isalnum() for char in name)


@settings(max_examples=25, suppress_health_check=list(HealthCheck), deadline=None)
@given(st.lists(NAMES, min_size=40, max_size=80))
@example(
    ["İstanbul", "Straße", "ΣΊΣΥΦΟΣ", "ﬁets", "Ǆ", "½", "xͅy", "ẞ", "K", "Ⅷ", "B.V.", "Jansen b. v.", "---", "O’Brien"]
)
async def test_the_database_finds_what_the_rules_call_one(owner: asyncpg.Connection, names: list[str]) -> None:
    rows = await owner.fetch("select n, case_key(n) as kase, party_key(n) as party from unnest($1::text[]) n", names)
    assert [(row["kase"], row["party"]) for row in rows] == [(case_key(name), party_key(name)) for name in names]


async def test_what_is_looked_up_is_found_by_an_index(owner: asyncpg.Connection) -> None:
    for name, value in (("case", "case_number"), ("party", "counterparty")):
        plan = await plan_of(
            owner, f"select id from decision where power = 'X' and {name}_key({value}) = {name}_key('A B')"
        )
        assert f"ix_decision_{name}_key" in plan, plan
