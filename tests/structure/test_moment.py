"""Reading `op` and `bekend`: days end in Amsterdam, moments carry a zone, nothing lies after now."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from teams.kit.clock import AMSTERDAM, day_of
from teams.kit.errors import Invalid
from teams.structure.moment import moment_from

NOW = datetime(2026, 11, 22, 14, 30, tzinfo=UTC)


def test_empty_is_now() -> None:
    moment = moment_from("", None, NOW)
    assert moment.is_now
    assert moment.day == date(2026, 11, 22)


@given(st.dates(date(1900, 1, 2), date(2026, 11, 21)), st.booleans())
def test_a_date_is_the_end_of_that_day_in_amsterdam(day: date, dutch: bool) -> None:
    moment = moment_from(f"{day:%d-%m-%Y}" if dutch else day.isoformat(), None, NOW)
    assert moment.day == day
    assert day_of(moment.op + timedelta(microseconds=1)) == day + timedelta(days=1)
    assert not moment.is_now


@given(st.dates(date(2026, 11, 22)))
def test_a_day_is_at_most_now(day: date) -> None:
    assert moment_from(day.isoformat(), day.isoformat(), NOW).is_now


@given(st.datetimes(datetime(1950, 1, 1), datetime(2030, 1, 1), timezones=st.just(AMSTERDAM)))
def test_a_moment_with_zone_is_itself_at_most_now(at: datetime) -> None:
    assert moment_from(None, at.isoformat(), NOW).known == min(at, NOW)


def test_a_plus_sign_that_became_a_space_is_read() -> None:
    assert moment_from("2026-03-01T10:00:00 01:00", None, NOW).op == datetime(2026, 3, 1, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    ["2026-10-25T02:30:00", "2027-02-29", "0001-01-01", "31-04-2026", "gisteren", "2026-13-01", "２０２６-01-01", "1e9",
     "2026-01-01T24:00+01:00", "0001-01-01T00:00+14:00", "2026-01-01T10:00 Europe/Amsterdam", "1900-01-01", "20260101"],
)  # fmt: skip
def test_what_is_not_a_moment_is_refused_by_the_name_of_its_field(text: str) -> None:
    for field, values in (("op", (text, None)), ("bekend", (None, text))):
        with pytest.raises(Invalid) as refused:
            moment_from(*values, NOW)
        assert list(refused.value.fields) == [field]


def test_both_wrong_are_both_named() -> None:
    with pytest.raises(Invalid) as refused:
        moment_from("x", "y", NOW)
    assert set(refused.value.fields) == {"op", "bekend"}


@given(st.text(max_size=40))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        moment = moment_from(text, text, NOW)
    except Invalid:
        return
    assert moment.op <= NOW
