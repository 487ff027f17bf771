"""The rows of `organisatie` as they are meant, and since when what they name must have existed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from teams.exchange import cells
from teams.exchange.tables import Shape, Table
from teams.kit.history import KEEP, Keep
from teams.structure.models import CoreRole

SHAPES = {
    "teams": Shape(("code", "naam"), ("bovenliggend", "doel", "cluster", "van", "tot")),
    "rollen": Shape(("team", "rol"), ("doel", "verantwoordelijkheden", "domeinen", "kernrol", "functie", "van", "tot")),
    "rolvervulling": Shape(("team", "rol", "personeelsnummer"), ("van", "tot", "uren", "focus", "gekozen")),
    "organen": Shape(("orgaan", "naam"), ("leden",)),
    "afspraken": Shape(("team", "soort", "titel", "tekst"), ("van", "tot")),
}
NOTHING: list[str] = []
CORE = tuple(core.value for core in CoreRole)


@dataclass
class Meant:
    """`given`: the fields that the file states; `end`: exclusive, KEEP when there is no column `tot`."""

    row: cells.Row
    given: dict[str, Any]
    first: date | None
    end: date | Keep | None


@dataclass
class TeamRow(Meant):
    code: str
    parent: str | Keep | None


@dataclass
class RoleRow(Meant):
    team: str
    name: str
    items: dict[str, list[str]]


@dataclass
class FillingRow(Meant):
    team: str
    role: str
    number: str


@dataclass
class OrganRow(Meant):
    code: str
    name: str
    members: list[str] | None


@dataclass
class PolicyRow(Meant):
    team: str
    title: str


@dataclass
class Rows:
    teams: list[TeamRow]
    roles: list[RoleRow]
    fillings: list[FillingRow]
    organs: list[OrganRow]
    policies: list[PolicyRow]

    def numbers(self) -> list[str]:
        named = [row.number for row in self.fillings]
        return named + [number for row in self.organs for number in row.members or ()]

    def since(self) -> dict[str, date]:
        """Per team code the first day that the files state for it, its roles, fillings, policies and the teams below it."""
        found: dict[str, date] = {}
        stated: list[Any] = [*self.roles, *self.fillings, *self.policies]
        pairs = [(row.team, row.first) for row in stated] + [(row.code, row.first) for row in self.teams]
        for code, first in pairs:
            if first is not None:
                found[code] = min(first, found.get(code, first))
        for _ in range(20):
            for row in self.teams:
                if isinstance(row.parent, str) and row.code in found:
                    found[row.parent] = min(found[row.code], found.get(row.parent, found[row.code]))
        return found


def read_rows(tables: Mapping[str, Table], errors: cells.Errors) -> Rows:
    """Every row without a fault; the faults are in `errors`."""

    def rows(name: str) -> list[cells.Row]:
        table = tables.get(name)
        return [cells.Row(table, number, given, errors) for number, given in table.rows] if table else []

    return Rows(
        _good([_team(row) for row in rows("teams")]),
        _good([_role(row) for row in rows("rollen")]),
        _good([_filling(row) for row in rows("rolvervulling")]),
        _good([_organ(row) for row in rows("organen")]),
        _good([_policy(row) for row in rows("afspraken")]),
    )


def _good(meant: list[Any]) -> list[Any]:
    return [one for one in meant if one.row.good]


def _period(row: cells.Row) -> tuple[date | None, date | Keep | None]:
    first, last = row.period()
    if not row.has("tot"):
        return first, KEEP
    return first, last + timedelta(days=1) if last else None


def _team(row: cells.Row) -> TeamRow:
    given: dict[str, Any] = {"name": row.must("naam", cells.line(), "")}
    if row.has("doel"):
        given["purpose"] = row.read("doel", cells.words(), "")
    if row.has("cluster"):
        given["cluster"] = row.read("cluster", cells.line(), "")
    parent: str | Keep | None = row.read("bovenliggend", cells.line(40), None) if row.has("bovenliggend") else KEEP
    code = row.must("code", cells.line(40), "")
    if "/" in code or "|" in code:
        row.wrong("code", "mag geen / of | bevatten")
    return TeamRow(row, given, *_period(row), code=code, parent=parent)


def _role(row: cells.Row) -> RoleRow:
    name = row.must("rol", cells.line(), "")
    given: dict[str, Any] = {"name": name}
    if row.has("doel"):
        given["purpose"] = row.read("doel", cells.words(), "")
    if row.has("kernrol"):
        given["core"] = row.read("kernrol", cells.choice(CORE), None)
    if row.has("functie"):
        given["office"] = row.read("functie", cells.line(80), None)
    items: dict[str, list[str]] = {
        kind: row.read(column, cells.listing(500), NOTHING)
        for column, kind in (("verantwoordelijkheden", "verantwoordelijkheid"), ("domeinen", "domein"))
        if row.has(column)
    }
    return RoleRow(row, given, *_period(row), team=row.must("team", cells.line(40), ""), name=name, items=items)


def _filling(row: cells.Row) -> FillingRow:
    given: dict[str, Any] = {}
    if row.has("uren"):
        hours: Decimal | None = row.read("uren", cells.hours, None)
        given["hours"] = hours
    if row.has("focus"):
        given["focus"] = row.read("focus", cells.line(), "")
    if row.has("gekozen"):
        given["elected"] = row.read("gekozen", cells.yes_no, False)
    return FillingRow(
        row,
        given,
        *_period(row),
        team=row.must("team", cells.line(40), ""),
        role=row.must("rol", cells.line(), ""),
        number=row.must("personeelsnummer", cells.line(40), ""),
    )


def _organ(row: cells.Row) -> OrganRow:
    members = row.read("leden", cells.listing(40, 200), NOTHING) if row.has("leden") else None
    code = row.must("orgaan", cells.line(40), "")
    return OrganRow(row, {}, None, KEEP, code=code, name=row.must("naam", cells.line(), ""), members=members)


def _policy(row: cells.Row) -> PolicyRow:
    title = row.must("titel", cells.line(), "")
    given = {
        "kind": row.must("soort", cells.line(40), ""),
        "title": title,
        "text": row.must("tekst", cells.words(), ""),
    }
    return PolicyRow(row, given, *_period(row), team=row.must("team", cells.line(40), ""), title=title)
