"""Amounts as the surface describes them: what is read, what is refused, and back to text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from teams.kit.money import MAX_CENTS, AmountError, format_euro, parse_amount, parse_plain_amount

READ = {
    "7500": 750_000, "7500,50": 750_050, "7500.00": 750_000, "7.500": 750_000, "7.500,00": 750_000, "€ 7.500,-": 750_000,
    "0": 0, "0,01": 1, "1.234.567,89": 123_456_789, " 12 ": 1200, "€7": 700, "€\u00a07.500": 750_000, "7.50": 750, "999": 99_900,
}  # fmt: skip
REFUSED = (
    "7,500", "1,000.50", "1.000.50", "7.5", "7,5", "1e9", "\uff17\uff15\uff10\uff10", "\u0667\u0665\u0660", "NaN", "nan", "inf", "-1", "+1", "", " ", "€", "7 500",
    "1.00.000", "0.500", "0012", "12,345", "7.500.", "7.500,0", "1_000", "0x10", "€ €1", "7,-5", "duizend", "90071992547409.93",
    "9" * 40, "½", "7.500,00,00", "\u200b7",
)  # fmt: skip


@pytest.mark.parametrize(("typed", "cents"), READ.items())
def test_read(typed: str, cents: int) -> None:
    assert parse_amount(typed) == cents


@pytest.mark.parametrize("typed", REFUSED)
def test_refused(typed: str) -> None:
    with pytest.raises(AmountError):
        parse_amount(typed)


@pytest.mark.parametrize(
    ("typed", "cents"), {"7500": 750_000, "7500.5": 750_050, "7500.05": 750_005, "0": 0, "0.1": 10}.items()
)
def test_api_reads_plain_decimals(typed: str, cents: int) -> None:
    assert parse_plain_amount(typed) == cents


@pytest.mark.parametrize(
    "typed", ["7.500,00", "7,5", "7.505", "-1", "1e3", "NaN", "\uff17", "", ".5", "5.", "01", "90071992547409.93"]
)
def test_api_refuses(typed: str) -> None:
    with pytest.raises(AmountError):
        parse_plain_amount(typed)


@given(st.integers(0, MAX_CENTS))
def test_what_is_shown_can_be_typed(cents: int) -> None:
    assert parse_amount(format_euro(cents)) == cents


@given(st.text(max_size=12))
def test_any_text_is_read_or_refused(typed: str) -> None:
    try:
        assert 0 <= parse_amount(typed) <= MAX_CENTS
    except AmountError:
        return


def test_shown_as_people_write_it() -> None:
    assert [format_euro(c) for c in (0, 5, 750_000, 123_456_789, -1_050)] == [
        "€ 0",
        "€ 0,05",
        "€ 7.500",
        "€ 1.234.567,89",
        "-€ 10,50",
    ]
