"""`teams import besluiten`: decisions taken elsewhere, each answered as of its own moment and recorded once, by its `kenmerk`."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, get_args
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from teams.decisions.actions.elsewhere import Elsewhere, Laid, record_elsewhere
from teams.decisions.forms import DecisionForm, Herkomst
from teams.decisions.models import Source
from teams.exchange.cells import BadCell, Errors, Row, choice, line, listing, words, yes_no
from teams.exchange.mandaten.state import Names, load_names
from teams.exchange.tables import Shape, Table, ignored_lines, read_tables
from teams.journal.models import Actor
from teams.kit.clock import day_of
from teams.kit.errors import Invalid, Reason
from teams.kit.money import AmountError, parse_amount
from teams.mandates.question import Contested, Question
from teams.structure.moment import moment_from

SHAPE = Shape(
    required=("kenmerk", "bevoegdheid", "personeelsnummer", "op", "motivering"),
    optional=(
        "bedrag", "zaak", "wederpartij", "onderwerp", "belang", "gevoelig", "rol", "tweede_persoon", "rapporteur",
        "bestreden_besluit", "gebied", "zaaktype", "duur", "budget", "bevestigd", "herkomst",
    ),
)  # fmt: skip
AHEAD = timedelta(days=100_000)
Answer = tuple[int, list[str]]


async def import_decisions(session: AsyncSession, path: Path, *, by: Actor, at: datetime, dry_run: bool) -> Answer:
    """Exit code and lines. A fault anywhere: nothing is taken over."""
    tables = read_tables(path, {"besluiten": SHAPE})
    table, errors = tables["besluiten"], Errors()
    roles = {cells.get("rol", "").strip() for _, cells in table.rows} - {""}
    names = await load_names(session, roles, day_of(at))
    found = _rows(table, names, errors, at)
    if not errors.lines:
        laid = await record_elsewhere(session, [row for _, row in found], source=Source.IMPORT, by=by, at=at)
        for place, field, reason in laid.faults:
            errors.add("besluiten", found[place][0], field, _clause(reason))
    if errors.lines:
        number = len(errors.lines)
        return 1, [*errors.lines, f"{number} {'fout' if number == 1 else 'fouten'}, niets ingelezen"]
    return 0, [*ignored_lines(tables.values()), *_told(laid, len(found), dry_run)]


def _told(laid: Laid, rows: int, dry_run: bool) -> list[str]:
    lines = [f"{rows} besluiten: {laid.new} nieuw, {laid.same} stonden er al."]
    if laid.lacking:
        lines.append(f"{laid.lacking} zonder bevoegdheid genomen: zie /besluiten/zonder-bevoegdheid.")
    if laid.unlogged:
        lines.append(f"{laid.unlogged} overgeslagen: hun bevoegdheid wordt niet vastgelegd.")
    if not laid.new:
        return [*lines, "Er is niets te veranderen."]
    return [*lines, "Proef: er is niets veranderd." if dry_run else "Ingelezen."]


def _rows(table: Table, names: Names, errors: Errors, at: datetime) -> list[tuple[int, Elsewhere]]:
    """Row number and decision; what cannot be read is in `errors`."""
    seen: dict[str, int] = {}
    found = []
    for number, cells in table.rows:
        row = Row(table, number, cells, errors)
        external = row.must("kenmerk", line(200), "")
        question = _question(row, names, at)
        form = _form(row, no_interest=question.interest is False)
        before = seen.setdefault(external, number)
        if external and before != number:
            row.wrong("kenmerk", f"staat ook op rij {before}")
        found.append((number, Elsewhere(external, question, form)))
    return found


def _question(row: Row, names: Names, at: datetime) -> Question:
    def person(cell: str) -> str:
        known = names.people.get(cell.strip())
        if known is None:
            raise BadCell(f"'{cell.strip()[:40]}' is geen bekend personeelsnummer")
        return str(known)

    def role(cell: str) -> str:
        known: UUID | None = names.role(cell.strip())
        if known is None:
            raise BadCell(f"'{cell.strip()[:80]}' is geen bekende rol; schrijf TEAM/ROL")
        return str(known)

    def moment(cell: str) -> datetime:
        try:
            when = moment_from(cell, None, at + AHEAD).op
        except Invalid as wrong:
            raise BadCell(_clause(wrong.fields["op"])) from None
        if day_of(when) > day_of(at):
            raise BadCell("deze dag moet nog komen; een besluit lees je in als het genomen is")
        return min(when, at)

    who, second = row.must("personeelsnummer", person, ""), row.read("tweede_persoon", person, "")
    if who and who == second:
        row.wrong("tweede_persoon", "dat is dezelfde persoon; de tweede is altijd iemand anders")
    contested = row.read("bestreden_besluit", line(120), "")
    return Question(
        row.must("bevoegdheid", line(40), ""), row.must("op", moment, at), at, who or None, row.read("rol", role, "") or None,
        row.read("bedrag", _amount, None), row.read("zaak", line(120), "") or None,
        row.read("wederpartij", line(120), "") or None, Contested(contested, None) if contested else None,
        row.read("rapporteur", person, "") or None, second=second or None, interest=row.read("belang", yes_no, None),
        sensitive=row.read("gevoelig", yes_no, None), area=row.read("gebied", line(120), "") or None,
        case_type=row.read("zaaktype", line(120), "") or None, hours=row.read("duur", _hours, None),
        budget=row.read("budget", line(120), "") or None,
        confirmed=frozenset(row.read("bevestigd", listing(300), list[str]())),
    )  # fmt: skip


def _form(row: Row, *, no_interest: bool) -> DecisionForm:
    origin: Any = row.read("herkomst", choice(get_args(Herkomst)), "")
    return DecisionForm.model_construct(
        onderwerp=row.read("onderwerp", line(200), "") or None, motivering=row.must("motivering", words(20_000), ""),
        belangVerklaring=no_interest, herkomst=origin or "intern", instructieReden=None,
    )  # fmt: skip


def _amount(cell: str) -> int:
    try:
        return parse_amount(cell)
    except AmountError:
        raise BadCell(f"'{cell.strip()[:40]}' is geen bedrag; schrijf 7500 of 7.500,00") from None


def _hours(cell: str) -> int:
    text = cell.strip()
    if not (text.isascii() and text.isdigit() and int(text) <= 100_000):
        raise BadCell(f"'{text[:40]}' is geen aantal hele uren")
    return int(text)


def _clause(reason: Reason) -> str:
    sentence = reason.text.format(**reason.values)
    return sentence[:1].lower() + sentence[1:].rstrip(".")
