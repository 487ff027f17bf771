"""The register to take along: CSV and XLSX that the import reads back, JSON, and an accessible PDF."""

import asyncio
import csv
import io
import json
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from teams.exchange.mandaten import words
from teams.exchange.mandaten.outgoing import AMOUNTS, Typed, register_rows
from teams.exchange.mandaten.printed import register_data
from teams.exchange.mandaten.rows import BUDGET_SHAPES, SHAPES
from teams.exchange.pdf import pdf
from teams.structure.moment import Moment

FILES = tuple({**SHAPES, **BUDGET_SHAPES})


async def register_csv(
    session: AsyncSession, moment: Moment, file: str = "mandaten", *, nameless: bool = False
) -> bytes:
    """One file of the import: UTF-8 with BOM and semicolons, so that a spreadsheet opens it as it is."""
    rows = await register_rows(session, moment, nameless=nameless)
    return csv_of(file, rows.get(file, []))


async def register_xlsx(session: AsyncSession, moment: Moment, *, nameless: bool = False) -> bytes:
    """All files as sheets of one workbook; every cell is text."""
    rows = await register_rows(session, moment, nameless=nameless)
    stream = io.BytesIO()
    import xlsxwriter  # 12 MiB that no page needs

    book = xlsxwriter.Workbook(stream, {"in_memory": True, "strings_to_formulas": False})
    book.set_properties({"title": "Mandaatregister", "created": moment.known.replace(tzinfo=None)})
    head = book.add_format({"bold": True})
    for file, found in rows.items():
        sheet = book.add_worksheet(file)
        sheet.freeze_panes(1, 1)
        for number, line in enumerate(_grid(file, found)):
            for column, cell in enumerate(line):
                sheet.write_string(number, column, cell, head if number == 0 else None)
    book.close()
    return stream.getvalue()


async def register_json(session: AsyncSession, moment: Moment, *, nameless: bool = False) -> bytes:
    """Lists as lists, amounts as text with two decimals and a point, empty as null."""
    rows = await register_rows(session, moment, nameless=nameless)
    tables = {file: [_plain(row) for row in found] for file, found in rows.items()}
    whole = {"op": moment.op.isoformat(), "bekend": moment.known.isoformat(), **tables}
    return json.dumps(whole, ensure_ascii=False, indent=1).encode()


async def register_pdf(session: AsyncSession, moment: Moment, *, nameless: bool = False) -> bytes:
    """PDF/UA-1, with headings, tables and bookmarks."""
    data = await register_data(session, moment, nameless=nameless)
    return await asyncio.to_thread(pdf, "register", data, at=moment.known)


def csv_of(file: str, rows: Sequence[Typed]) -> bytes:
    text = io.StringIO()
    csv.writer(text, delimiter=";", lineterminator="\r\n").writerows(_grid(file, rows))
    return text.getvalue().encode("utf-8-sig")


def _grid(file: str, rows: Sequence[Typed]) -> list[list[str]]:
    columns = {**SHAPES, **BUDGET_SHAPES}[file].columns
    return [list(columns), *([_cell(column, row[column]) for column in columns] for row in rows)]


def _cell(column: str, value: Any) -> str:
    if column in AMOUNTS:
        return words.plain_amount(value)
    return words.joined(value) if isinstance(value, list) else words.safe(value)


def _plain(row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        column: (None if value is None else f"{value // 100}.{value % 100:02d}")
        if column in AMOUNTS
        else (None if value == "" else value)
        for column, value in row.items()
    }
