"""Reading one cell: text, number, day, list; every fault is a Dutch sentence with its place."""

import re
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import TypeVar

from pydantic_core import PydanticCustomError

from teams.exchange.tables import Table
from teams.kit.text import clean, one_line
from teams.people import forms

_T = TypeVar("_T")
_ISO = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
_DUTCH = re.compile(r"([0-9]{1,2})-([0-9]{1,2})-([0-9]{4})")
_HOURS = re.compile(r"[0-9]{1,2}(?:[.,][0-9])?")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
FIRST_YEAR, LAST_YEAR = 1950, 2199


class BadCell(ValueError):
    """What is wrong with a cell, in one Dutch clause."""


@dataclass
class Errors:
    """All faults of an import, as `bestand:rij:kolom: wat er mis is`."""

    lines: list[str] = field(default_factory=list)

    def add(self, table: str, row: int, column: str, what: str) -> None:
        self.lines.append(f"{table}:{row}:{column}: {what}")


class Row:
    """One row that is being read: a fault in a cell is noted, and the answer is the `otherwise`."""

    def __init__(self, table: Table, number: int, cells: dict[str, str], errors: Errors) -> None:
        self.table, self.number, self._cells, self._errors = table.name, number, cells, errors
        self.good = True

    def has(self, column: str) -> bool:
        return column in self._cells

    def wrong(self, column: str, what: str) -> None:
        self._errors.add(self.table, self.number, column, what)
        self.good = False

    def read(self, column: str, reader: Callable[[str], _T], otherwise: _T) -> _T:
        cell = self._cells.get(column, "")
        if not cell.strip():
            return otherwise
        try:
            return reader(cell)
        except BadCell as error:
            self.wrong(column, str(error))
            return otherwise

    def must(self, column: str, reader: Callable[[str], _T], otherwise: _T) -> _T:
        """The same, of a cell that may not be empty."""
        if not self._cells.get(column, "").strip():
            self.wrong(column, "mag niet leeg zijn")
            return otherwise
        return self.read(column, reader, otherwise)

    def period(self, first: str = "van", last: str = "tot") -> tuple[date | None, date | None]:
        """First and last day, both included; the last not before the first."""
        start, end = self.read(first, day, None), self.read(last, day, None)
        if start is not None and end is not None and end < start:
            self.wrong(last, f"ligt voor '{first}'")
        return start, end


def line(longest: int = 120) -> Callable[[str], str]:
    """One line of text."""

    def reader(cell: str) -> str:
        return _text(cell, longest, single=True)

    return reader


def words(longest: int = 4000) -> Callable[[str], str]:
    """Text that may have several lines."""

    def reader(cell: str) -> str:
        return _text(cell, longest, single=False)

    return reader


def listing(longest: int = 120, most: int = 50) -> Callable[[str], list[str]]:
    """Texts separated by `|`; empty ones are left out, the same text twice is one."""

    def reader(cell: str) -> list[str]:
        parts = [_text(part, longest, single=True) for part in cell.split("|") if part.strip()]
        if len(parts) > most:
            raise BadCell(f"meer dan {most} waarden")
        return list(dict.fromkeys(parts))

    return reader


def choice(options: Collection[str]) -> Callable[[str], str]:
    def reader(cell: str) -> str:
        value = cell.strip().lower()
        if value not in options:
            raise BadCell(f"'{value[:40]}' kan hier niet; kies uit {', '.join(options)}")
        return value

    return reader


def yes_no(cell: str) -> bool:
    return choice(("ja", "nee"))(cell) == "ja"


def day(cell: str) -> date:
    """`2026-03-01` or `1-3-2026`; a day that exists, in a year that can be meant."""
    text = cell.strip()
    iso, dutch = _ISO.fullmatch(text), _DUTCH.fullmatch(text)
    if iso:
        year, month, number = int(iso[1]), int(iso[2]), int(iso[3])
    elif dutch:
        year, month, number = int(dutch[3]), int(dutch[2]), int(dutch[1])
    else:
        raise BadCell(f"'{text[:40]}' is geen datum; schrijf jjjj-mm-dd of dd-mm-jjjj")
    try:
        found = date(year, month, number)
    except ValueError:
        raise BadCell(f"de dag {text} bestaat niet") from None
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise BadCell(f"het jaar ligt niet tussen {FIRST_YEAR} en {LAST_YEAR}")
    return found


def hours(cell: str) -> Decimal:
    """Hours a week: 0 to 60 with at most one decimal."""
    text = cell.strip()
    if not _HOURS.fullmatch(text) or (value := Decimal(text.replace(",", "."))) > 60:
        raise BadCell(f"'{text[:40]}' is geen aantal uren van 0 tot en met 60, met hooguit één cijfer achter de komma")
    return value


def email(cell: str) -> str:
    try:
        return forms.email(_text(cell, 254, single=True))
    except PydanticCustomError:
        raise BadCell(f"'{cell.strip()[:60]}' is geen e-mailadres") from None


def _text(cell: str, longest: int, *, single: bool) -> str:
    exported = cell.startswith("'") and cell[1:].lstrip().startswith(_FORMULA)  # so an export writes such a text
    try:
        text = clean(cell[1:] if exported else cell)
    except PydanticCustomError:
        raise BadCell("er staat een teken in dat niet te lezen is") from None
    if not exported and (cell.startswith(_FORMULA) or text.startswith(_FORMULA)):
        raise BadCell("begint met een teken van een formule (= + - @ of tab); zet er een letter voor")
    if single:
        text = one_line(text)
    if not text:
        raise BadCell("mag niet leeg zijn")
    if len(text) > longest:
        raise BadCell(f"is langer dan {longest} tekens")
    return text
