"""Whole Dutch sentences with parameters: stored as template and values, so that a page can show them in another language."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from teams.kit.errors import Reason
from teams.kit.money import format_euro

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
_MONTHS = [
    "januari",
    "februari",
    "maart",
    "april",
    "mei",
    "juni",
    "juli",
    "augustus",
    "september",
    "oktober",
    "november",
    "december",
]


@dataclass(frozen=True, slots=True)
class Euro:
    """An amount in cents, shown as money."""

    cents: int


@dataclass(frozen=True, slots=True)
class LastDay:
    """An exclusive end, shown as the last day on which it still holds."""

    end: datetime


Value = str | int | Euro | LastDay | datetime


def show_dutch(value: Value) -> str:
    """Money as `€ 7.500`, a moment as its day in Amsterdam."""
    if isinstance(value, Euro):
        return format_euro(value.cents)
    if isinstance(value, LastDay):
        return dutch_day(value.end - timedelta(microseconds=1))
    return dutch_day(value) if isinstance(value, datetime) else str(value)


def dutch_day(at: datetime | date) -> str:
    day = at.astimezone(AMSTERDAM).date() if isinstance(at, datetime) else at
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def year_of(at: datetime) -> int:
    """The calendar year in Amsterdam."""
    return at.astimezone(AMSTERDAM).year


class Text(NamedTuple):
    """`msgid` is the Dutch template; values never contain templates."""

    msgid: str
    values: tuple[tuple[str, Value], ...] = ()

    def render(self, translate: Callable[[str], str] = str, show: Callable[[Value], str] = show_dutch) -> str:
        if not self.values:
            return translate(self.msgid)
        return translate(self.msgid).format(**{key: show(value) for key, value in self.values})

    def __str__(self) -> str:
        return self.render()

    def reason(self, code: str) -> Reason:
        return Reason(code, self.msgid, {key: show_dutch(value) for key, value in self.values})


def text(msgid: str, **values: Value) -> Text:
    return Text(msgid, tuple(values.items()))
