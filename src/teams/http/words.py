"""Words on screen: the catalogue, and how dates, hours and reasons are written in Dutch and English."""

import gettext
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

from teams.kit.clock import AMSTERDAM
from teams.kit.errors import NextStep, Reason
from teams.kit.text import N_

LOCALES = Path(__file__).parents[1] / "locales"
LANGUAGES = ("nl", "en")
_MONTHS = {
    "nl": [
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
    ],
    "en": [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ],
}
_DAYS = {
    "nl": ["maandag", "dinsdag", "woensdag", "donderdag", "vrijdag", "zaterdag", "zondag"],
    "en": ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"],
}
_SHORT = {
    "nl": ["jan", "feb", "mrt", "apr", "mei", "jun", "jul", "aug", "sep", "okt", "nov", "dec"],
    "en": ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"],
}
STATES = {
    "concept": N_("concept"),
    "ter_toetsing": N_("ter toetsing"),
    "open": N_("open"),
    "gesloten": N_("gesloten"),
    "in_uitvoering": N_("in uitvoering"),
    "afgerond": N_("afgerond"),
    "ingetrokken": N_("ingetrokken"),
    "verlopen": N_("verlopen"),
    "aangemeld": N_("aangemeld"),
    "wachtlijst": N_("op de wachtlijst"),
    "gereserveerd": N_("gereserveerd"),
    "aangeboden": N_("aangeboden"),
    "wacht_op_instemming": N_("wacht op het team"),
    "bevestigd": N_("bevestigd"),
    "lopend": N_("loopt"),
    "afgewezen": N_("afgewezen"),
    "afgeslagen": N_("afgeslagen"),
    "vervallen": N_("vervallen"),
    "geweigerd": N_("geweigerd"),
    "teruggegeven": N_("teruggegeven"),
    "beeindigd": N_("beëindigd"),
}


@cache
def catalogue(language: str) -> gettext.NullTranslations:
    """Dutch is the language of the source; English comes from the catalogue."""
    if language == "nl":
        return gettext.NullTranslations()
    return gettext.translation("teams", LOCALES, [language], fallback=True)


class Words:
    """One language's words. `say` turns a message with values into a sentence."""

    def __init__(self, language: str) -> None:
        self.language = language if language in LANGUAGES else "nl"
        self.translate = catalogue(self.language).gettext

    def say(self, message: str, values: dict[str, Any] | None = None) -> str:
        sentence = self.translate(message)
        return sentence.format(**{k: self.value(v) for k, v in values.items()}) if values else sentence

    def reason(self, reason: Reason | NextStep) -> str:
        return self.say(reason.text, reason.values)

    def value(self, value: Any) -> Any:
        if isinstance(value, datetime):
            return self.moment(value)
        if isinstance(value, date):
            return self.day(value)
        if isinstance(value, Decimal | float):
            return self.number(value)
        if isinstance(value, StrEnum):
            return self.translate(STATES.get(value, value))
        return value

    def day(self, value: date) -> str:
        """24 november 2026."""
        return f"{value.day} {_MONTHS[self.language][value.month - 1]} {value.year}"

    def short(self, value: date, *, year: bool = True) -> str:
        """24 nov 2026."""
        return f"{value.day} {_SHORT[self.language][value.month - 1]}" + (f" {value.year}" if year else "")

    def weekday(self, value: date) -> str:
        """dinsdag 24 november."""
        return f"{_DAYS[self.language][value.weekday()]} {value.day} {_MONTHS[self.language][value.month - 1]}"

    def period(self, first: date, last: date | None) -> str:
        """5 jan t/m 27 feb 2027; the year stands once when it is the same."""
        until = self.translate(N_("t/m"))
        if last is None:
            return self.say(N_("vanaf {day}"), {"day": self.short(first)})
        if first == last:
            return self.short(first)
        return f"{self.short(first, year=first.year != last.year)} {until} {self.short(last)}"

    def moment(self, value: datetime) -> str:
        """24 november 2026, 9.30 uur."""
        local = value.astimezone(AMSTERDAM)
        clock = f"{local.hour}.{local.minute:02} uur" if self.language == "nl" else f"{local:%H:%M}"
        return f"{self.day(local.date())}, {clock}"

    def number(self, value: Decimal | float) -> str:
        """6, 6,5, 1.250: at most one decimal, none when whole."""
        whole = value == int(value)
        written = f"{int(value):,}" if whole else f"{value:,.1f}"
        return written if self.language == "en" else written.translate(str.maketrans(",.", ".,"))

    def state(self, value: str) -> str:
        return self.translate(STATES.get(value, value))


@cache
def words(language: str) -> Words:
    return Words(language)
