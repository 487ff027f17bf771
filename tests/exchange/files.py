"""Import files of a small municipality, and how tests write and read them."""

import csv
import io
from collections.abc import Mapping, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import asyncpg
import xlsxwriter

from teams.exchange.run import run_import
from teams.kit.db import Database
from tests.world import TODAY

Files = Mapping[str, Sequence[Sequence[str]]]
LAST_YEAR = (TODAY - timedelta(days=365)).isoformat()

FILES: dict[str, list[list[str]]] = {
    "teams": [
        ["code", "naam", "bovenliggend", "doel", "cluster", "van", "tot"],
        ["ZW", "Zuidwolde", "", "Een fijne gemeente.", "", LAST_YEAR, ""],
        ["GR", "Groen", "ZW", "Bomen en water.", "Buiten", LAST_YEAR, ""],
        ["BU", "Burgerzaken", "ZW", "Iedereen geholpen.", "Inwoners", LAST_YEAR, ""],
    ],
    "personen": [
        ["personeelsnummer", "naam", "email", "contracturen", "thuisteam", "in_dienst", "uit_dienst", "vaardigheden"],
        ["1", "Sara Smit", "sara@zuidwolde.example", "36", "ZW", LAST_YEAR, "", "besturen"],
        ["2", "Noor O'Brien-van 't Hof", "noor@zuidwolde.example", "28,5", "GR", LAST_YEAR, "", "snoeien|tellen"],
        ["3", "Ü", "u@zuidwolde.example", "24", "BU", LAST_YEAR, "", ""],
    ],
    "rollen": [
        ["team", "rol", "doel", "verantwoordelijkheden", "domeinen", "kernrol", "functie", "van", "tot"],
        ["ZW", "Gemeentesecretaris", "Samen werken.", "Het college adviseren", "", "", "gemeentesecretaris", LAST_YEAR, ""],
        ["GR", "Boombeheerder", "Gezonde bomen.", "Bomen keuren|Snoeien", "Het bomenregister", "", "", LAST_YEAR, ""],
        ["GR", "Rolverdeler", "Alle rollen vervuld.", "Rollen vervullen", "", "rolverdeler", "", LAST_YEAR, ""],
        ["BU", "Baliemedewerker", "Snel geholpen.", "Paspoorten uitgeven", "", "", "", LAST_YEAR, ""],
    ],
    "rolvervulling": [
        ["team", "rol", "personeelsnummer", "van", "tot", "uren", "focus", "gekozen"],
        ["ZW", "Gemeentesecretaris", "1", LAST_YEAR, "", "30", "", "nee"],
        ["GR", "Boombeheerder", "2", LAST_YEAR, "", "20", "West", "nee"],
        ["GR", "Rolverdeler", "2", LAST_YEAR, "", "", "", "ja"],
        ["BU", "Baliemedewerker", "3", LAST_YEAR, "", "16", "", "nee"],
    ],
    "organen": [["orgaan", "naam", "leden"], ["college", "College van B en W", "1"]],
    "afspraken": [
        ["team", "soort", "titel", "tekst", "van", "tot"],
        ["GR", "overleg", "Stilte telt", "Na vijf werkdagen is een voorstel aangenomen.", LAST_YEAR, ""],
    ],
}  # fmt: skip
SECRETARY = "sara@zuidwolde.example"


def csv_bytes(rows: Sequence[Sequence[str]], *, delimiter: str = ";", encoding: str = "utf-8") -> bytes:
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter, lineterminator="\r\n").writerows(rows)
    return text.getvalue().encode(encoding)


def write(folder: Path, files: Files, **how: Any) -> Path:
    folder.mkdir(exist_ok=True)
    for name, rows in files.items():
        (folder / f"{name}.csv").write_bytes(csv_bytes(rows, **how))
    return folder


def workbook(path: Path, files: Files) -> Path:
    book = xlsxwriter.Workbook(str(path))
    for name, rows in files.items():
        sheet = book.add_worksheet(name)
        for number, row in enumerate(rows):
            for column, cell in enumerate(row):
                sheet.write_string(number, column, cell)
    book.close()
    return path


def with_cell(files: Files, name: str, row: int, column: str, cell: str) -> dict[str, list[list[str]]]:
    """The files with one other cell; `row` counts as people do, the header being 1."""
    changed = {table: [list(line) for line in lines] for table, lines in files.items()}
    changed[name][row - 1][changed[name][0].index(column)] = cell
    return changed


def with_row(files: Files, name: str, *rows: Sequence[str]) -> dict[str, list[list[str]]]:
    changed = {table: [list(line) for line in lines] for table, lines in files.items()}
    changed[name] += [list(row) for row in rows]
    return changed


async def first_import(db: Database, folder: Path, files: Files = FILES) -> None:
    code, lines = await run_import(db, "organisatie", write(folder, files), dry_run=False, namens=SECRETARY)
    assert code == 0, lines


async def rows_of_history(owner: asyncpg.Connection) -> int:
    """How many version rows and journal entries there are: a re-import adds none."""
    tables = ("contract", "team_version", "role_version", "role_item", "role_filling", "home_team", "organ_member")
    total = 0
    for table in (*tables, "policy_version", "journal", "person_skill", "pending_import"):
        total += await owner.fetchval(f"select count(*) from {table}")
    return total
