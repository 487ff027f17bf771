"""The rules of claiming without a database: R1, R5, R9, R17, R18, and refusals that hold every reason."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from uuid import UUID

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from teams.kit.clock import day_of, end_of, start_of
from teams.kit.errors import Conflict, Invalid
from teams.klussen.hours import FOREVER, Hours, Span, klus_end, tenths, weekly
from teams.klussen.models import ClaimState, Kind, KlusState, Way
from teams.klussen.rules import ClaimFacts, asked_hours, decide_claim, due_state

NOW = datetime(2026, 10, 5, 9, 0, tzinfo=UTC)
TODAY = day_of(NOW)
FULL_TIME = Hours([Span(TODAY.toordinal() - 400, FOREVER, 360)], [], [], [])
FREE = ClaimFacts(
    at=NOW, state=KlusState.OPEN, way=Way.CLAIM, accepting=True, places=3, taken_seats=frozenset(),
    starts=TODAY + timedelta(days=7), ends=TODAY + timedelta(days=60), apply_until=None, hours_min=Decimal(4),
    hours_max=Decimal(8), hours_total=None, terms=1, team_id=UUID(int=1), home_team=UUID(int=2), mine=None,
    hours=FULL_TIME,
)  # fmt: skip
DST = [date(2026, 10, 25), date(2027, 3, 28), date(2028, 2, 29), date(2026, 12, 31)]


def codes(facts: ClaimFacts, hours: Decimal | None = None) -> set[str]:
    """The reasons of a refusal; none when there is a place."""
    try:
        decide_claim(facts, hours)
    except Conflict as refusal:
        assert refusal.then, "a refusal names the next step"
        return {reason.code for reason in refusal.reasons}
    return set()


@given(contract=st.integers(1, 400), busy=st.integers(0, 400), asked=st.integers(1, 36))
def test_R17_a_vacancy_asks_nothing_of_the_hours_of_today(contract: int, busy: int, asked: int) -> None:
    """Somebody of 20 hours may apply for a place of 36: an appointment replaces the hours of now, and is a decision."""
    days = TODAY.toordinal()
    hours = Hours([Span(days - 9, days + 9, contract)], [], [Span(1, FOREVER, busy)], [Span(1, FOREVER, busy)])
    post = replace(
        FREE,
        kind=Kind.VACANCY,
        way=Way.SELECTION,
        places=1,
        hours_min=Decimal(asked),
        hours_max=Decimal(asked),
        hours=hours,
    )
    assert decide_claim(post, None).state == ClaimState.APPLIED
    assert codes(replace(post, hours=Hours([Span(1, days, contract)], [], [], []))) == {"niet_in_dienst"}


@given(places=st.integers(1, 12), seats=st.sets(st.integers(1, 12)))
def test_R1_the_lowest_free_seat_or_full(places: int, seats: set[int]) -> None:
    facts = replace(FREE, places=places, taken_seats=frozenset(seats))
    free = sorted(set(range(1, places + 1)) - seats)
    if free:
        assert decide_claim(facts, None).seat == free[0]
    else:
        assert codes(facts) == {"vol"}


@given(
    day=st.dates(date(2020, 1, 1), date(2040, 12, 31)),
    early=st.timedeltas(timedelta(microseconds=1), timedelta(hours=20)),
)
@example(DST[0], timedelta(microseconds=1)).via("summer time ends")
@example(DST[1], timedelta(microseconds=1)).via("summer time begins")
@example(DST[2], timedelta(microseconds=1)).via("leap day")
def test_R9_the_last_day_counts_until_midnight_in_amsterdam(day: date, early: timedelta) -> None:
    klus = replace(
        FREE, apply_until=day, starts=day + timedelta(days=30), ends=day + timedelta(days=60),
        hours=Hours([Span(1, FOREVER, 360)], [], [], []),
    )  # fmt: skip
    midnight = end_of(day).astimezone(UTC)
    assert codes(replace(klus, at=midnight - early)) == set()
    assert codes(replace(klus, at=midnight)) == {"te_laat"}
    assert day_of(midnight) == day + timedelta(days=1)


@pytest.mark.parametrize(("day", "hours"), [(DST[0], 25), (DST[1], 23), (DST[3], 24)])
def test_R9_a_day_is_as_long_as_the_clock_makes_it(day: date, hours: int) -> None:
    assert end_of(day).astimezone(UTC) - start_of(day).astimezone(UTC) == timedelta(hours=hours)


@given(way=st.sampled_from([Way.SELECTION, Way.LOTS]), state=st.sampled_from(list(KlusState)))
def test_R17_where_somebody_is_chosen_or_drawn_an_application_holds_no_seat(way: Way, state: KlusState) -> None:
    facts = replace(FREE, way=way, state=state, taken_seats=frozenset({1, 2, 3}))
    if not codes(facts):
        made = decide_claim(facts, None)
        assert (made.state, made.seat) == (ClaimState.APPLIED, None)


@given(
    hours=st.integers(40, 80), role=st.integers(0, 360), other=st.integers(0, 360), away=st.integers(0, 5),
    begin=st.integers(-30, 30), length=st.integers(1, 40),
)  # fmt: skip
def test_R5_a_claim_is_refused_exactly_when_one_week_is_too_full(
    hours: int, role: int, other: int, away: int, begin: int, length: int
) -> None:
    start = TODAY.toordinal() + begin
    week = start - (start - 1) % 7 + 7
    mine = Hours(
        FULL_TIME.contracts,
        [Span(week, week + away, 0)] if away else [],
        [Span(1, FOREVER, role)],
        [Span(week, week + 3, other)],
    )
    facts = replace(FREE, starts=date.fromordinal(start), ends=date.fromordinal(start + length - 1), hours=mine)
    first, end = max(start, TODAY.toordinal()), start + length
    found = codes(facts, Decimal(hours) / 10)
    if first >= end:
        assert found == {"te_laat"}
        return
    known = replace(mine, roles=())
    assert found == (set() if known.tightest(first, end).free >= hours else {"uren_te_veel"})
    if not found:
        waits = decide_claim(facts, Decimal(hours) / 10).state is ClaimState.AWAITING
        assert waits == (mine.tightest(first, end).free < hours), "R5, R6: over the own budget the home team is asked"


def test_every_reason_at_once_each_once() -> None:
    mine = Hours([Span(TODAY.toordinal(), FOREVER, 20)], [], [], [])
    facts = replace(
        FREE, state=KlusState.CLOSED, taken_seats=frozenset({1, 2, 3}), apply_until=TODAY - timedelta(days=1),
        mine="bevestigd", hours=mine,
    )  # fmt: skip
    with pytest.raises(Conflict) as refused:
        decide_claim(facts, None)
    assert [reason.code for reason in refused.value.reasons] == [
        "gesloten", "te_laat", "al_ingeschreven", "vol", "uren_te_veel",
    ]  # fmt: skip
    for reason in refused.value.reasons:
        assert "{" not in reason.text.format(**reason.values)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"state": KlusState.DRAFT}, "gesloten"),
        ({"state": KlusState.CLOSED}, "gesloten"),
        ({"state": KlusState.CANCELLED}, "gesloten"),
        ({"state": KlusState.COMPLETED}, "gesloten"),
        ({"accepting": False}, "gesloten"),
        ({"state": KlusState.RUNNING, "accepting": False}, "gesloten"),
        ({"state": KlusState.EXPIRED}, "te_laat"),
        ({"starts": TODAY - timedelta(days=9), "ends": TODAY - timedelta(days=1)}, "te_laat"),
        ({"mine": "lopend"}, "al_ingeschreven"),
        ({"hours": Hours([], [], [], [])}, "niet_in_dienst"),
        ({"hours": Hours([Span(1, TODAY.toordinal() + 30, 360)], [], [], [])}, "niet_in_dienst"),
    ],
)
def test_each_reason_alone(change: dict[str, object], code: str) -> None:
    assert codes(replace(FREE, **change)) == {code}  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("begin", "state"), [(-1, ClaimState.RUNNING), (0, ClaimState.RUNNING), (1, ClaimState.CONFIRMED)]
)
def test_a_claim_on_a_klus_that_has_begun_runs_at_once(begin: int, state: ClaimState) -> None:
    claim = decide_claim(replace(FREE, starts=TODAY + timedelta(days=begin)), None)
    assert claim.state == state
    assert claim.klus_state == (KlusState.RUNNING if begin <= 0 else KlusState.OPEN)


@given(least=st.integers(1, 600), spread=st.integers(0, 100), asked=st.integers(1, 800))
def test_R18_hours_a_week_lie_within_what_the_klus_asks(least: int, spread: int, asked: int) -> None:
    low, high, wish = (Decimal(n) / 10 for n in (least, least + spread, asked))
    assert asked_hours(None, low, high, None) == low
    if low <= wish <= high:
        assert asked_hours(wish, low, high, None) == wish
    else:
        with pytest.raises(Invalid) as refused:
            asked_hours(wish, low, high, None)
        assert set(refused.value.fields) == {"uren"}


def test_R18_a_one_off_is_done_whole() -> None:
    assert asked_hours(None, None, None, Decimal(6)) == asked_hours(Decimal(6), None, None, Decimal(6)) == Decimal(6)
    with pytest.raises(Invalid):
        asked_hours(Decimal(5), None, None, Decimal(6))


@given(total=st.integers(1, 3000), weeks=st.integers(1, 6))
def test_R18_a_total_asks_its_share_of_each_week(total: int, weeks: int) -> None:
    starts = TODAY + timedelta(days=(7 - TODAY.weekday()))
    ends = starts + timedelta(days=7 * weeks - 1)
    facts = replace(FREE, hours_min=None, hours_max=None, hours_total=Decimal(total) / 10, starts=starts, ends=ends)
    begin = starts.toordinal()
    share = weekly(tenths(Decimal(total) / 10), begin, klus_end(begin, ends, total=True), total=True)
    assert codes(facts) == (set() if share <= 360 else {"uren_te_veel"})


@pytest.mark.parametrize("state", list(KlusState))
@given(
    begin=st.integers(-5, 5),
    length=st.integers(0, 5),
    until=st.one_of(st.none(), st.integers(-5, 5)),
    taken=st.integers(0, 2),
)
def test_only_the_calendar_starts_and_ends_a_klus(
    state: KlusState, begin: int, length: int, until: int | None, taken: int
) -> None:
    starts = TODAY + timedelta(days=begin)
    ends = starts + timedelta(days=length)
    found = due_state(
        state, starts=starts, ends=ends, apply_until=None if until is None else TODAY + timedelta(days=until),
        taken=taken, today=TODAY,
    )  # fmt: skip
    begun = state in (KlusState.OPEN, KlusState.CLOSED) and taken > 0 and begin <= 0
    over = state is KlusState.OPEN and taken == 0 and (ends < TODAY or (until is not None and until < 0))
    assert found == (KlusState.RUNNING if begun else KlusState.EXPIRED if over else state)
