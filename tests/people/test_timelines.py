"""Periods without a database: whatever is put or cut, nothing overlaps and nothing else changes."""

from datetime import date, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from teams.kit.history import KEEP, Span, aim, at_moment, covers, cut, difference, overlay, put, tidy, within

DAY = date(2026, 1, 1)


def day(number: int) -> date:
    return DAY + timedelta(days=number)


periods = st.tuples(st.integers(0, 40), st.integers(1, 20) | st.none()).map(
    lambda pair: (day(pair[0]), None if pair[1] is None else day(pair[0] + pair[1]))
)
stories = st.lists(st.tuples(periods, st.integers(1, 3)), max_size=8)


def told(story: list[tuple[tuple[date, date | None], int]]) -> list[Span[date]]:
    timeline: list[Span[date]] = []
    for (start, end), value in story:
        timeline = put(timeline, {"v": value}, start, end)
    return timeline


def value_on(timeline: list[Span[date]], number: int) -> object:
    span = at_moment(timeline, day(number))
    return span.fields["v"] if span else None


@given(stories)
def test_the_last_word_holds_on_every_day(story: list[tuple[tuple[date, date | None], int]]) -> None:
    timeline = told(story)
    for number in range(65):
        last = [v for (start, end), v in story if start <= day(number) and (end is None or day(number) < end)]
        assert value_on(timeline, number) == (last[-1] if last else None)
    assert timeline == tidy(timeline)
    assert all(one.end is not None and one.end <= other.start for one, other in pairwise(timeline))


@given(stories, periods)
def test_cut_takes_exactly_the_period(
    story: list[tuple[tuple[date, date | None], int]], period: tuple[date, date | None]
) -> None:
    timeline, (start, end) = told(story), period
    rest = cut(timeline, start, end)
    for number in range(65):
        inside = start <= day(number) and (end is None or day(number) < end)
        assert value_on(rest, number) == (None if inside else value_on(timeline, number))


@given(stories, stories)
def test_difference_leads_from_one_to_the_other(
    one: list[tuple[tuple[date, date | None], int]], other: list[tuple[tuple[date, date | None], int]]
) -> None:
    old, new = told(one), told(other)
    closed, added = difference(old, new)
    assert closed == []  # nothing of this stands in a database
    stays = [span for span in old if span in new]
    assert tidy([*stays, *added]) == new


@given(stories, periods, st.integers(1, 3), st.booleans(), st.booleans(), st.booleans())
def test_aiming_twice_is_aiming_once(
    story: list[tuple[tuple[date, date | None], int]],
    period: tuple[date, date | None],
    value: int,
    open_start: bool,
    keep: bool,
    several: bool,
) -> None:
    """A re-import changes nothing."""
    start, end = None if open_start else period[0], KEEP if keep else period[1]
    once = aim(told(story), {"v": value}, {}, start=start, end=end, today=day(20), several=several)
    if once:
        assert aim(once, {"v": value}, {}, start=start, end=end, today=day(20), several=several) == once


@given(stories, stories)
def test_within_is_where_both_hold(
    one: list[tuple[tuple[date, date | None], int]], other: list[tuple[tuple[date, date | None], int]]
) -> None:
    timeline, life = told(one), told(other)
    both = within(timeline, life)
    for number in range(65):
        assert value_on(both, number) == (value_on(timeline, number) if value_on(life, number) else None)


def test_what_differs_holds_from_today_and_what_was_stays() -> None:
    old = [Span({"v": 1, "w": 1}, day(0), None)]
    new = aim(old, {"v": 2}, {}, start=day(0), end=None, today=day(10))
    assert new == [Span({"v": 1, "w": 1}, day(0), day(10)), Span({"v": 2, "w": 1}, day(10), None)]


def test_a_second_service_leaves_the_first_alone() -> None:
    old = [Span({"v": 1}, day(0), day(10))]
    assert aim(old, {"v": 2}, {}, start=day(20), end=None, today=day(20)) == [*old, Span({"v": 2}, day(20), None)]


def test_overlay_reaches_only_what_exists() -> None:
    old = [Span({"v": 1}, day(0), day(5)), Span({"v": 2}, day(8), None)]
    assert overlay(old, {"v": 3}, day(3)) == [
        Span({"v": 1}, day(0), day(3)), Span({"v": 3}, day(3), day(5)), Span({"v": 3}, day(8), None),
    ]  # fmt: skip
    assert covers(old, day(1), day(5))
    assert not covers(old, day(1), day(9))
