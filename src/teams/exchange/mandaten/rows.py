"""The rows of `mandaten` and `budgetten` as they are meant: what each file states, in the words of the tables."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from teams.exchange import cells
from teams.exchange.mandaten import words
from teams.exchange.tables import Shape, Table
from teams.kit.history import KEEP, Keep
from teams.mandates.conditions import ConditionError, parse_condition, parse_triggers
from teams.mandates.facts import Condition
from teams.mandates.terms import (
    RESERVED,
    Absence,
    ActKind,
    Base,
    ConditionKind,
    Form,
    Kind,
    Mandatable,
    Special,
    TriggerKind,
)

SHAPES = {
    "kaders": Shape(("code", "titel", "tekst", "orgaan", "besloten_op", "besluit", "van"), ("tot",)),
    "bevoegdheden": Shape(
        ("code", "titel", "orgaan", "soort"),
        ("grondslag", "mandateerbaar", "alleen_aan", "mandateerbaar_bron", "grens_basis", "vier_ogen", "vastlegging",
         "vertrouwelijk", "trefwoorden", "vraagt", "bijzonder", "extern_bij_wet"),
    ),
    "mandaten": Shape(
        ("nummer", "bevoegdheden", "soorten", "gever", "ontvanger"),
        ("ouder", "alles_behalve", "grens", "grens_basis", "ondermandaat", "voorwaarden", "instructies", "vorm", "zaak",
         "besloten_op", "bekendgemaakt_op", "publicatie", "instemming_ontvanger_op", "instemming_werkgever_op", "van", "tot",
         "ingetrokken_op", "besluit", "publicatie_adres", "intrekkingsbesluit", "opmerkingen", "kader", "op_schrift"),
    ),
    "uitsluitingen": Shape(("bevoegdheid", "regel"), ("bron", "van", "tot", "mandaat")),
    "vervangingen": Shape(("team", "rol", "vervanger", "reden"), ("van", "tot", "besluit")),
}  # fmt: skip
BUDGET_SHAPES = {
    "budgetten": Shape(
        ("code", "programma", "jaar"),
        ("portefeuillehouder", "bedrag", "budgethouder", "bevoegdheden", "formatie", "team"),
    )
}
EMPTY: list[str] = []
NO_SUB: tuple[str, int, list[str]] = ("nee", 0, [])
ASKS = ("belang", "gevoelig", "rapporteur", "wederpartij", "zaak")
RECORDING = ("per_besluit", "reeks", "uit_zaaksysteem", "niet")
DATED = {
    "decided_on": "besloten_op",
    "published_on": "bekendgemaakt_op",
    "consent_holder_on": "instemming_ontvanger_op",
    "consent_employer_on": "instemming_werkgever_op",
    "withdrawn_at": "ingetrokken_op",
}
"""The fields of a grant that are days of their own: they say when something happened, whatever period they stand in."""


@dataclass
class Meant:
    """`given`: the fields that the row states; parties in it are still as written. `end`: exclusive day, KEEP without a column `tot`."""

    row: cells.Row
    key: str
    given: dict[str, Any]
    first: date | None = None
    end: date | Keep | None = KEEP
    parties: dict[str, list[str]] = field(default_factory=dict)


@dataclass
class GrantRow(Meant):
    """`dated`: days by field. `parent`: a number, `framework`: a code; KEEP without a column."""

    dated: dict[str, date | None] = field(default_factory=dict)
    parent: str | Keep | None = KEEP
    framework: str | Keep | None = KEEP
    conditions: tuple[Condition, ...] = ()


@dataclass
class Rows:
    frameworks: list[Meant]
    powers: list[Meant]
    grants: list[GrantRow]
    exclusions: list[Meant]
    replacements: list[Meant]
    budgets: list[Meant]

    def roles(self) -> Iterator[str]:
        """Every role that is named, as TEAM/ROL."""
        every: list[Meant] = [*self.powers, *self.grants, *self.replacements, *self.budgets]
        for row in every:
            for parties in row.parties.values():
                yield from (party.removeprefix("rol:") for party in parties if party.startswith("rol:"))

    def since(self) -> date | None:
        """The first day that the grants speak of."""
        days = [day for row in self.grants for day in (row.first, row.dated.get("decided_on")) if day is not None]
        return min(days, default=None)


def read_rows(tables: Mapping[str, Table], errors: cells.Errors) -> Rows:
    """Every row without a fault; the faults are in `errors`."""

    def rows(name: str, read: Callable[[cells.Row], Any]) -> list[Any]:
        table = tables.get(name)
        found = [read(cells.Row(table, number, given, errors)) for number, given in table.rows] if table else []
        return [meant for meant in found if meant.row.good]

    return Rows(
        rows("kaders", _framework),
        rows("bevoegdheden", _power),
        rows("mandaten", _grant),
        rows("uitsluitingen", _exclusion),
        rows("vervangingen", _replacement),
        rows("budgetten", _budget),
    )


def _code(row: cells.Row, column: str, *, apart: str = "|/\\") -> str:
    code = row.must(column, cells.line(40), "")
    if any(sign.isspace() or sign in apart for sign in code):
        row.wrong(
            column, "mag geen spatie, schuine streep of | bevatten" if "/" in apart else "mag geen spatie of | bevatten"
        )
    elif code and not any(map(str.isalnum, code)):
        row.wrong(column, "heeft geen letter of cijfer")
    elif column == "nummer" and code.lower() in RESERVED:
        row.wrong(column, f"'{code}' gebruikt Teams zelf; kies een ander nummer")
    return code


def _read(
    row: cells.Row, given: dict[str, Any], column: str, name: str, reader: Callable[[str], Any], empty: Any
) -> None:
    """A stated column; an empty cell says `empty`, or nothing when that is KEEP."""
    if row.has(column):
        value = row.read(column, reader, empty)
        if not isinstance(value, Keep):
            given[name] = value


def _framework(row: cells.Row) -> Meant:
    given: dict[str, Any] = {
        "title": row.must("titel", cells.line(), ""),
        "text": row.must("tekst", cells.words(), ""),
        "organ": row.must("orgaan", cells.line(40), ""),
        "decided_on": row.must("besloten_op", cells.day, None),
        "decision": row.must("besluit", cells.line(), ""),
    }
    row.must("van", cells.line(), "")
    return Meant(row, _code(row, "code"), given, *_period(row))


def _power(row: cells.Row) -> Meant:
    given: dict[str, Any] = {
        "title": row.must("titel", cells.line(300), ""),
        "organs": row.must("orgaan", cells.listing(40, 4), EMPTY),
        "act": row.must("soort", cells.choice([kind.value for kind in ActKind]), ""),
    }
    _read(row, given, "grondslag", "bases", cells.listing(300), [])
    _read(row, given, "mandateerbaar", "mandatable", cells.choice([word.value for word in Mandatable]), KEEP)
    _read(row, given, "mandateerbaar_bron", "mandatable_source", cells.line(300), "")
    _read(row, given, "grens_basis", "ceiling_base", cells.choice([base.value for base in Base]), KEEP)
    _read(row, given, "vier_ogen", "four_eyes", words.four_eyes, None)
    _read(row, given, "vastlegging", "recording", cells.choice(RECORDING), KEEP)
    _read(row, given, "vertrouwelijk", "confidential", cells.yes_no, KEEP)
    _read(row, given, "trefwoorden", "keywords", cells.line(2000), "")
    _read(row, given, "vraagt", "asks", words.choices(ASKS), [])
    _read(row, given, "bijzonder", "specials", words.choices([special.value for special in Special]), [])
    _read(row, given, "extern_bij_wet", "external_by_law", cells.yes_no, KEEP)
    parties = {"alleen_aan": row.read("alleen_aan", words.parties, EMPTY)} if row.has("alleen_aan") else {}
    if given.get("mandatable") == "alleen_aan" and not parties.get("alleen_aan"):
        row.wrong("alleen_aan", "noem aan wie deze bevoegdheid wel gegeven mag worden")
    return Meant(row, _code(row, "code"), given, parties=parties)


def _grant(row: cells.Row) -> GrantRow:
    given: dict[str, Any] = {
        "powers": row.read("bevoegdheden", cells.listing(40, 1000), EMPTY),
        "kinds": row.must("soorten", words.choices([kind.value for kind in Kind]), EMPTY),
    }
    parties = {column: row.must(column, words.parties, EMPTY) for column in ("gever", "ontvanger")}
    if len(parties["ontvanger"]) > 1:
        row.wrong("ontvanger", "hier past er één; maak voor elke ontvanger een mandaat")
    _read(row, given, "alles_behalve", "all_except", words.except_for, None)
    _read(row, given, "grens", "ceiling", words.amount, None)
    _read(row, given, "grens_basis", "base", cells.choice([base.value for base in Base]), KEEP)
    if row.has("ondermandaat"):
        kind, depth, only_to = row.read("ondermandaat", words.submandate, NO_SUB)
        given |= {"sub": kind, "sub_depth": depth}
        parties["ondermandaat"] = only_to
    _read(row, given, "instructies", "instructions", cells.listing(500), [])
    _read(row, given, "vorm", "form", cells.choice([form.value for form in Form]), KEEP)
    _read(row, given, "zaak", "case_number", cells.line(80), None)
    _read(row, given, "op_schrift", "written", cells.yes_no, KEEP)
    for column, name in words.TEXTS.items():
        _read(row, given, column, name, cells.words(4000 if name == "remarks" else 500), "")
    dated = {name: row.read(column, cells.day, None) for name, column in DATED.items() if row.has(column)}
    conditions = _conditions(row)
    if row.has("voorwaarden"):
        given["conditions"] = [condition.text for condition in conditions]
    parent: str | Keep | None = row.read("ouder", cells.line(40), None) if row.has("ouder") else KEEP
    framework: str | Keep | None = row.read("kader", cells.line(40), None) if row.has("kader") else KEEP
    return GrantRow(
        row, _code(row, "nummer"), given, *_period(row), parties, dated=dated, parent=parent, framework=framework,
        conditions=conditions,
    )  # fmt: skip


def _conditions(row: cells.Row) -> tuple[Condition, ...]:
    found = []
    for line in row.read("voorwaarden", cells.listing(500), EMPTY):
        try:
            found.append(parse_condition(line))
        except ConditionError:
            row.wrong("voorwaarden", f"'{line[:80]}' begint als een regel, maar is zo niet te lezen")
    return tuple(found)


def targets(row: GrantRow) -> list[str]:
    """The roles whose advice or consent the conditions ask."""
    return [c.target for c in row.conditions if c.kind in (ConditionKind.ADVICE, ConditionKind.CONSULT)]


def _exclusion(row: cells.Row) -> Meant:
    said: list[str] = []
    triggers: list[str] = []
    for part in row.must("regel", cells.listing(500), EMPTY):
        try:
            (trigger,) = parse_triggers(part)
        except ConditionError:
            row.wrong("regel", f"'{part[:80]}' begint als een regel, maar is zo niet te lezen")
            continue
        (said if trigger.kind is TriggerKind.ALWAYS else triggers).append(part)
    given: dict[str, Any] = {"rule": "; ".join(said), "triggers": triggers}
    _read(row, given, "bron", "source", cells.line(300), "")
    power = _code(row, "bevoegdheid")
    grant: str | None = row.read("mandaat", cells.line(40), None)
    return Meant(row, power, given | {"grant": grant}, *_period(row))


def _replacement(row: cells.Row) -> Meant:
    team, role = row.must("team", cells.line(40), ""), row.must("rol", cells.line(), "")
    given: dict[str, Any] = {
        "number": row.must("vervanger", cells.line(40), ""),
        "reason": row.must("reden", cells.choice([reason.value for reason in Absence]), ""),
    }
    _read(row, given, "besluit", "decision", cells.line(300), "")
    key = f"{team}/{role}"
    return Meant(row, key, given, *_period(row), {"rol": [f"rol:{key}"]})


def _budget(row: cells.Row) -> Meant:
    given: dict[str, Any] = {
        "name": row.must("programma", cells.line(), ""),
        "year": row.must("jaar", words.year, 0),
    }
    _read(row, given, "portefeuillehouder", "portfolio", cells.line(), "")
    _read(row, given, "bedrag", "amount", words.amount, None)
    _read(row, given, "bevoegdheden", "powers", cells.listing(40, 1000), [])
    _read(row, given, "formatie", "formation", words.formation, None)
    _read(row, given, "team", "team", cells.line(40), "")
    holder = row.read("budgethouder", cells.line(200), "") if row.has("budgethouder") else None
    parties = {} if holder is None else {"budgethouder": [f"rol:{holder.removeprefix('rol:')}"] if holder else []}
    return Meant(row, _code(row, "code", apart="|"), given, parties=parties)


def _period(row: cells.Row) -> tuple[date | None, date | Keep | None]:
    first, last = row.period()
    if not row.has("tot"):
        return first, KEEP
    return first, last + timedelta(days=1) if last else None
