"""The mobility figures to take along: every number with its parts as CSV, and the same with the rows behind it as a workbook."""

import asyncio
import codecs
import csv
import io
from collections.abc import AsyncIterator, Iterable, Sequence
from datetime import date, timedelta
from typing import Any

from teams.exchange.scratch import scratch
from teams.reports.mobility import NO_TEAM, Mobility, Place
from teams.reports.savings import Occupancy, Savings

REST, UNPLACED = "Kleine teams samen", "Zonder team"
PLACES = "plekken"
Sheets = dict[str, list[tuple[Any, ...]]]
Places = AsyncIterator[Sequence[Place]]
"""What goes under the first line of the sheet PLACES, a part at a time: it has a line for each place that anybody had."""


def sheets_of(found: Mobility, savings: Savings, occupancy: list[Occupancy]) -> Sheets:
    """Sheet by name; the first line holds the columns. Hours have one decimal, amounts are euros."""
    last = found.until - timedelta(days=1)
    numbers: list[tuple[Any, ...]] = [("getal", "van", "tot_en_met", "teller", "noemer", "delen_door", "procent")]
    rows: list[tuple[Any, ...]] = [("getal", "rij", "teller", "noemer")]
    for code, one in found.figures.items():
        first = found.since if code == "M5" else found.first
        shown = (one.above, one.below, one.divide, None if one.percentage is None else one.percentage / 10)
        numbers.append((code, first, last, *(shown if one.shown else ("minder dan 5 mensen", None, None, None))))
        rows += [(code, _called(row.name), row.above, row.below) for row in one.rows if one.shown]
    for kind in ("structureel", "incidenteel"):
        for state in ("bevestigd", "verwacht"):
            numbers.append(
                (f"{kind} {state} (euro)", found.first, last, savings.total(kind, state) / 100, None, None, None)
            )
    return {
        "getallen": numbers,
        "rijen": rows,
        "stromen": [("leent uit", "leent in", "plekken"), *((_called(f.lends), _called(f.borrows), f.places) for f in found.flows)],
        PLACES: [("leent uit", "leent in", "werk", "klus")],
        "uren": [("team", "uitgeleend", "ingeleend"), *((_called(b.name), b.lent / 10, b.borrowed / 10) for b in found.balances)],
        "vacatures": [
            ("nummer", "titel", "team", "vervuld", "op", "dagen", "besluit"),
            *((v.number, v.title, v.team, v.filled_from, v.filled, v.days, v.decision) for v in found.vacancies),
        ],
        "besparingen": [
            ("nummer", "soort", "euro", "van", "tot_en_met", "stand", "klus", "grond"),
            *((s.number, s.type, s.cents / 100, s.starts, s.ends, s.state, s.klus_number, s.ground) for s in savings.rows),
        ],
        "bezetting": [
            ("team", "mensen", "contracturen", "uren open vacatures", "uren formatie"),
            *((_called(o.name), o.people, o.tenths / 10, o.vacant / 10, None if o.formation is None else o.formation / 10) for o in occupancy),
        ],
    }  # fmt: skip


def _called(name: str) -> str:
    return UNPLACED if name == NO_TEAM else name or REST


async def csv_parts(sheets: Sheets, places: Places) -> AsyncIterator[bytes]:
    """One file: each line begins with the name of its sheet."""
    yield codecs.BOM_UTF8
    for name, rows in sheets.items():
        yield _lines(name, rows)
        if name == PLACES:
            async for part in places:
                yield _lines(name, _placed(part))


def _lines(name: str, rows: Iterable[tuple[Any, ...]]) -> bytes:
    out = io.StringIO()
    csv.writer(out, delimiter=";", lineterminator="\r\n").writerows((name, *map(_written, row)) for row in rows)
    return out.getvalue().encode()


def _placed(places: Sequence[Place]) -> list[tuple[Any, ...]]:
    return [(_called(p.lends), _called(p.borrows), p.work, p.number) for p in places]


async def xlsx_parts(sheets: Sheets, places: Places, day: date) -> AsyncIterator[bytes]:
    """The same as a workbook; its rows go to a file at once, so that memory does not grow with them."""
    with scratch() as made:
        import xlsxwriter  # 12 MiB that no page needs

        small = {"constant_memory": True, "tmpdir": made.folder}
        book = xlsxwriter.Workbook(made.path, small | {"strings_to_formulas": False, "strings_to_urls": False})
        book.set_properties({"title": "Mobiliteit", "created": day})
        head = book.add_format({"bold": True})
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            sheet.freeze_panes(1, 0)
            await asyncio.to_thread(_write, sheet, rows, 0, head)
            below = len(rows)
            if name == PLACES:
                async for part in places:
                    await asyncio.to_thread(_write, sheet, _placed(part), below, None)
                    below += len(part)
        await asyncio.to_thread(book.close)
        return made.parts()


def _write(sheet: Any, rows: Sequence[tuple[Any, ...]], first: int, head: Any) -> None:
    for number, row in enumerate(rows, first):
        for column, cell in enumerate(row):
            if isinstance(cell, int | float):
                sheet.write_number(number, column, cell)
            else:
                sheet.write_string(number, column, _written(cell), head if number == 0 else None)


def _written(cell: Any) -> str:
    """A comma for decimals; text that a spreadsheet would take for a formula gets a quote before it."""
    if cell is None:
        return ""
    if isinstance(cell, float):
        return f"{cell:.2f}".rstrip("0").rstrip(".").replace(".", ",")
    said = str(cell)
    return f"'{said}" if said[:1] in ("=", "+", "-", "@", "\t", "\r") and not isinstance(cell, int) else said
