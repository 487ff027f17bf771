"""The rules of consent without a database: properties first."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from teams.governance.forms import CriteriaForm
from teams.governance.models import CLOSED, ConsentForm, Criterion, ObjectionState
from teams.governance.rules import Outcome, Standing, chosen_form, due_at, extended, is_valid, judges, outcome
from teams.kit.clock import day_of
from teams.kit.workdays import after, between, holidays, is_workday

AT = datetime(2026, 11, 22, 12, tzinfo=UTC)
DAYS = st.dates(date(2020, 1, 1), date(2060, 12, 31))
PEOPLE = [UUID(int=n) for n in range(6)]
GROUP = st.frozensets(st.sampled_from(PEOPLE))


@given(DAYS, st.integers(1, 30))
def test_the_term_holds_exactly_that_many_working_days(day: date, days: int) -> None:
    last = after(day, days)
    term = between(day, last)
    assert len(term) == days
    assert term[-1] == last
    assert all(is_workday(one) for one in term)


def test_the_general_holidays_of_2026_and_2027() -> None:
    """Algemene termijnenwet, art. 3; in 2025 Koningsdag fell on a Saturday, 26 April."""
    assert {
        date(2026, 4, 3),
        date(2026, 4, 6),
        date(2026, 4, 27),
        date(2026, 5, 5),
        date(2026, 5, 14),
        date(2026, 5, 25),
    } < holidays(2026)
    assert date(2025, 4, 26) in holidays(2025)
    assert after(date(2026, 12, 24), 1) == date(2026, 12, 28)


@given(
    st.integers(0, 5), st.integers(0, 5), st.lists(st.sampled_from(ObjectionState), max_size=3), st.none() | st.integers(1, 9),
    st.integers(-5, 5), st.integers(-5, 5),
)  # fmt: skip
def test_g22_adoption_only_with_every_answer_or_a_policys_term(
    electors: int, silent: int, objections: list[ObjectionState], days: int | None, due: int, lapses: int
) -> None:
    silent = min(silent, electors)
    standing = Standing(
        electors, silent, tuple(objections), days, uuid4() if days else None,
        AT + timedelta(days=due) if days else None, AT + timedelta(days=lapses),
    )  # fmt: skip
    found = outcome(standing, AT)
    if found is Outcome.ADOPT:
        assert all(one in CLOSED for one in objections)
        assert (electors and not silent) or (days and due <= 0)
    if found is Outcome.OBJECTED:
        assert not all(one in CLOSED for one in objections)
    if found is Outcome.LAPSE:
        assert lapses <= 0


KINDS = st.sampled_from([
    "besluitvorm", "besluitvorm:licht", "besluitvorm:licht:3", "besluitvorm:gewoon", "besluitvorm:gewoon:4", "besluitvorm:streng",
    "besluitvorm:streng:9:ook_onder", "besluitvorm:licht:ook_onder", "besluitvorm:licht:0", "besluitvorm:los:5", "werk",
])  # fmt: skip


@given(st.lists(st.tuples(st.sampled_from(PEOPLE), KINDS, st.integers(0, 3)), max_size=6))
def test_g19_the_nearest_policy_holds_and_no_policy_means_no_silence(policies: list[tuple[UUID, str, int]]) -> None:
    found = chosen_form(policies)
    assert found == chosen_form(reversed(policies))
    if found.policy_id is None:
        assert (found.form, found.days) == (ConsentForm.USUAL, None)
        assert due_at(found, AT) is None
        return
    distance = min(d for p, k, d in policies if p == found.policy_id and f":{found.form}" in k)
    assert not [k for _, k, d in policies if d < distance and chosen_form([(PEOPLE[0], k, d)]).policy_id]


@given(
    st.dictionaries(st.sampled_from(["rolverdeler", "begeleider", "teamsecretaris", "afgevaardigde"]), GROUP),
    GROUP,
    GROUP,
    st.booleans(),
)
def test_g25_no_party_ever_judges(
    fillers: dict[str, frozenset[UUID]], members: frozenset[UUID], parties: frozenset[UUID], breach: bool
) -> None:
    acting, able = judges(fillers, members, parties, breach=breach)
    assert not able & parties
    first = "teamsecretaris" if breach else "begeleider"
    assert acting == first or not fillers.get(first, frozenset()) - parties


@pytest.mark.parametrize("no", [None, *Criterion])
def test_g24_all_four_criteria_or_a_breach(no: Criterion | None) -> None:
    test = {"criteria": [{"criterium": one, "ja": one is not no} for one in Criterion]}
    assert is_valid(CriteriaForm.model_validate(test)) is (no is None)
    assert is_valid(CriteriaForm.model_validate({**test, "regelbreuk": True}))
    assert not is_valid(CriteriaForm(regelbreuk=False))


@given(DAYS, st.integers(1, 10), st.integers(0, 40), st.integers(-3, 3))
def test_2_9b_only_who_is_away_on_every_day_of_the_term_makes_it_longer(
    day: date, days: int, length: int, shift: int
) -> None:
    opened = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
    chosen = chosen_form([(PEOPLE[0], f"besluitvorm:licht:{days}", 0)])
    due = due_at(chosen, opened)
    assert due is not None
    first, last = day + timedelta(days=shift), day + timedelta(days=shift + length)
    term = between(day_of(opened), day_of(due - timedelta(microseconds=1)))
    longer = extended(due, opened, days, [[(first, last)]])
    assert (longer > due) == (first <= term[0] and term[-1] <= last)
    if longer > due:
        assert len(between(day, day_of(longer - timedelta(microseconds=1)))) == 2 * days
