"""`teams import toetslijst`: contracts, payments and cases from outside, laid beside the log at once."""

import hashlib
import json
from datetime import date, datetime
from pathlib import Path

from sqlalchemy.ext.asyncio import AsyncSession

from teams.account.actions.checklists import Post, lay_beside
from teams.exchange.cells import BadCell, Errors, Row, choice, day, line
from teams.exchange.tables import Shape, Table, ignored_lines, read_tables, to_json
from teams.journal.models import Actor
from teams.kit.money import AmountError, parse_amount

SHAPE = Shape(required=("kenmerk", "soort", "datum"), optional=("bedrag", "wederpartij", "zaak", "nummer"))
KINDS = ("contract", "betaling", "zaak")
EARLIEST = date(2000, 1, 1)
Answer = tuple[int, list[str]]


async def import_checklist(session: AsyncSession, path: Path, *, by: Actor, at: datetime, dry_run: bool) -> Answer:
    """Exit code and lines. A fault anywhere: nothing is taken over."""
    tables = read_tables(path, {"toetslijst": SHAPE})
    table, errors = tables["toetslijst"], Errors()
    posts = _posts(table, errors)
    if errors.lines:
        number = len(errors.lines)
        return 1, [*errors.lines, f"{number} {'fout' if number == 1 else 'fouten'}, niets ingelezen"]
    digest = "sha256:" + hashlib.sha256(json.dumps(to_json(tables), sort_keys=True).encode()).hexdigest()
    laid = await lay_beside(session, posts, file=path.name[:200] or "toetslijst", digest=digest, by=by, at=at)
    return 0, [
        *ignored_lines(tables.values()),
        f"{len(posts)} posten: {laid.added} nieuw, {laid.changed} veranderd, {laid.same} gelijk.",
        f"{laid.found} posten horen bij een besluit in het logboek; {laid.open} posten staan open.",
        "Proef: er is niets veranderd." if dry_run else f"Toetslijst {laid.number} ligt naast het logboek.",
    ]


def _posts(table: Table, errors: Errors) -> list[Post]:
    found: dict[tuple[str, str], int] = {}
    posts = []
    for number, cells in table.rows:
        row = Row(table, number, cells, errors)
        kind, reference = row.must("soort", choice(KINDS), ""), row.must("kenmerk", line(120), "")
        on = row.must("datum", _day, EARLIEST)
        post = Post(
            kind, reference, on, row.read("bedrag", _amount, None), row.read("wederpartij", line(120), ""),
            row.read("zaak", line(120), ""), row.read("nummer", line(40), ""),
        )  # fmt: skip
        before = found.setdefault((kind, reference), number)
        if row.good and before != number:
            row.wrong("kenmerk", f"staat ook op rij {before}")
        posts.append(post)
    return posts


def _day(cell: str) -> date:
    found = day(cell)
    if found < EARLIEST:
        raise BadCell("ligt voor 2000")
    return found


def _amount(cell: str) -> int:
    try:
        return parse_amount(cell)
    except AmountError:
        raise BadCell(f"'{cell.strip()[:40]}' is geen bedrag; schrijf 7500 of 7.500,00") from None
