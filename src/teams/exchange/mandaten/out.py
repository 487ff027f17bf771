"""The register to take along: CSV and XLSX that the import reads back, JSON, and an accessible PDF."""

import asyncio
import codecs
import csv
import io
import json
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from teams.exchange.mandaten import words
from teams.exchange.mandaten.outgoing import AMOUNTS, Typed, grant_parts, register_around
from teams.exchange.mandaten.printed import register_data
from teams.exchange.mandaten.rows import BUDGET_SHAPES, SHAPES
from teams.exchange.pdf import pdf
from teams.exchange.scratch import scratch
from teams.structure.moment import Moment

FILES = tuple({**SHAPES, **BUDGET_SHAPES})


async def register_csv(
    session: AsyncSession, moment: Moment, file: str = "mandaten", *, nameless: bool = False
) -> AsyncIterator[bytes]:
    """One file of the import: UTF-8 with BOM and semicolons, so that a spreadsheet opens it as it is."""
    yield csv_of(file, [])
    if file == "mandaten":
        async for part in grant_parts(session, moment, nameless=nameless):
            yield _lines(_cells(file, part))
    else:
        around = await register_around(session, moment, nameless=nameless)
        yield _lines(_cells(file, around.get(file, [])))


async def register_xlsx(session: AsyncSession, moment: Moment, *, nameless: bool = False) -> AsyncIterator[bytes]:
    """All files as sheets of one workbook; every cell is text. Rows go to a file at once."""
    around = await register_around(session, moment, nameless=nameless)
    with scratch() as made:
        import xlsxwriter  # 12 MiB that no page needs

        small = {"constant_memory": True, "tmpdir": made.folder}
        book = xlsxwriter.Workbook(made.path, small | {"strings_to_formulas": False, "strings_to_urls": False})
        book.set_properties({"title": "Mandaatregister", "created": moment.known.replace(tzinfo=None)})
        head = book.add_format({"bold": True})
        for file, found in around.items():
            sheet = book.add_worksheet(file)
            sheet.freeze_panes(1, 1)
            sheet.write_row(0, 0, _columns(file), head)
            await asyncio.to_thread(_write, sheet, _cells(file, found), 1)
            if file == "mandaten":
                below = 1
                async for part in grant_parts(session, moment, nameless=nameless):
                    await asyncio.to_thread(_write, sheet, _cells(file, part), below)
                    below += len(part)
        await asyncio.to_thread(book.close)
        parts = made.parts()
    async for piece in parts:
        yield piece


def _write(sheet: Any, lines: Iterable[list[str]], first: int) -> None:
    for number, line in enumerate(lines, first):
        for column, cell in enumerate(line):
            sheet.write_string(number, column, cell)


async def register_json(session: AsyncSession, moment: Moment, *, nameless: bool = False) -> AsyncIterator[bytes]:
    """Lists as lists, amounts as text with two decimals and a point, empty as null. A line for each row."""
    around = await register_around(session, moment, nameless=nameless)
    yield f'{{\n"op": "{moment.op.isoformat()}",\n"bekend": "{moment.known.isoformat()}"'.encode()
    for file, found in around.items():
        yield f',\n"{file}": ['.encode()
        between = "\n"
        parts = grant_parts(session, moment, nameless=nameless) if file == "mandaten" else _once(found)
        async for part in parts:
            for row in part:
                yield (between + json.dumps(_plain(row), ensure_ascii=False)).encode()
                between = ",\n"
        yield b"]"
    yield b"\n}\n"


async def _once(rows: list[Typed]) -> AsyncIterator[list[Typed]]:
    yield rows


async def register_pdf(
    session: AsyncSession, moment: Moment, *, nameless: bool = False, numbers: Sequence[str] | None = None
) -> bytes:
    """PDF/UA-1, with headings, tables and bookmarks."""
    data = await register_data(session, moment, nameless=nameless, numbers=numbers)
    return await asyncio.to_thread(pdf, "register", data, at=moment.known)


def csv_of(file: str, rows: Sequence[Typed]) -> bytes:
    return codecs.BOM_UTF8 + _lines([_columns(file), *_cells(file, rows)])


def _lines(rows: Iterable[list[str]]) -> bytes:
    text = io.StringIO()
    csv.writer(text, delimiter=";", lineterminator="\r\n").writerows(rows)
    return text.getvalue().encode()


def _columns(file: str) -> list[str]:
    return list({**SHAPES, **BUDGET_SHAPES}[file].columns)


def _cells(file: str, rows: Iterable[Typed]) -> list[list[str]]:
    columns = _columns(file)
    return [[_cell(column, row[column]) for column in columns] for row in rows]


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
