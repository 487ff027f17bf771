"""Tables as they come in: a folder of CSV files or one workbook; text in cells, with every fault named by its place."""

import csv
import io
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from teams.exchange.workbook import BadWorkbook, read_workbook

LARGEST_FILE = 20_000_000
MOST_ROWS = 60_000
MOST_COLUMNS = 60
LONGEST_CELL = 20_000


class BadTables(Exception):
    """The files cannot be read; `lines` says of each fault where it is."""

    def __init__(self, lines: list[str]) -> None:
        super().__init__("\n".join(lines))
        self.lines = lines


@dataclass(frozen=True)
class Table:
    """One file or sheet. `rows`: row number (the header is 1) and cells by column; `ignored`: columns nobody knows."""

    name: str
    columns: tuple[str, ...]
    rows: tuple[tuple[int, dict[str, str]], ...]
    ignored: tuple[str, ...] = ()


@dataclass(frozen=True)
class Shape:
    """The columns that a table may have; the required ones must be there."""

    required: tuple[str, ...]
    optional: tuple[str, ...] = ()

    @property
    def columns(self) -> tuple[str, ...]:
        return self.required + self.optional


@dataclass
class _Reading:
    errors: list[str] = field(default_factory=list)

    def wrong(self, name: str, row: int, column: str, what: str) -> None:
        self.errors.append(f"{name}:{row}:{column}: {what}")


def read_tables(path: Path, shapes: Mapping[str, Shape]) -> dict[str, Table]:
    """The tables of `shapes` that are there. BadTables when a file is not whole, not text, too large or lacks a column."""
    try:
        grids = _grids(path, shapes)
    except BadWorkbook as error:
        raise BadTables([f"{path.name}:1:-: {error}"]) from error
    except OSError as error:
        raise BadTables([f"{path.name}:1:-: dit bestand is niet te lezen ({error.strerror or 'fout'})"]) from error
    if not grids:
        names = ", ".join(shapes)
        raise BadTables([f"{path.name}:1:-: geen van deze bestanden of bladen gevonden: {names}"])
    reading = _Reading()
    tables = {name: _table(name, grid, shapes[name], reading) for name, grid in grids.items()}
    if reading.errors:
        raise BadTables(reading.errors)
    return tables


def to_json(tables: Mapping[str, Table]) -> dict[str, object]:
    """For keeping: `{name: {columns, rows: [[number, cell, …]]}}`."""
    return {
        name: {
            "columns": list(table.columns),
            "rows": [[number, *(cells[column] for column in table.columns)] for number, cells in table.rows],
        }
        for name, table in tables.items()
    }


def from_json(kept: Mapping[str, dict[str, list[object]]]) -> dict[str, Table]:
    tables = {}
    for name, table in kept.items():
        columns = tuple(str(column) for column in table["columns"])
        rows = []
        for row in table["rows"]:
            assert isinstance(row, list)
            rows.append((int(row[0]), dict(zip(columns, map(str, row[1:]), strict=True))))
        tables[name] = Table(name, columns, tuple(rows))
    return tables


def _grids(path: Path, shapes: Mapping[str, Shape]) -> dict[str, list[list[str]]]:
    if path.is_dir():
        found: dict[str, list[list[str]]] = {}
        for file in sorted(path.iterdir()):
            name = file.stem.lower()
            if file.suffix.lower() != ".csv" or name not in shapes or not file.is_file():
                continue
            if name in found:
                raise BadTables([f"{name}:1:-: dit bestand staat er twee keer ({file.name})"])
            found[name] = _csv(name, _bytes(file), shapes[name])
        return found
    if not path.is_file():
        raise BadTables([f"{path.name}:1:-: dit bestand of deze map bestaat niet"])
    if path.suffix.lower() == ".csv":
        name = path.stem.lower()
        return {name: _csv(name, _bytes(path), shapes[name])} if name in shapes else {}
    return read_workbook(_bytes(path), shapes, most_rows=MOST_ROWS, most_columns=MOST_COLUMNS)


def _bytes(file: Path) -> bytes:
    with file.open("rb") as stream:
        content = stream.read(LARGEST_FILE + 1)
    if len(content) > LARGEST_FILE:
        raise BadTables([f"{file.name}:1:-: dit bestand is groter dan {LARGEST_FILE // 1_000_000} MB"])
    return content


def _csv(name: str, content: bytes, shape: Shape) -> list[list[str]]:
    if b"\0" in content:
        row = content[: content.index(b"\0")].count(b"\n") + 1
        raise BadTables([f"{name}:{row}:-: hier staat een NUL-teken; bewaar het bestand als CSV in UTF-8"])
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        try:
            text = content.decode("cp1252")
        except UnicodeDecodeError as error:
            row = content[: error.start].count(b"\n") + 1
            raise BadTables([f"{name}:{row}:-: deze tekens zijn geen UTF-8 en geen Windows-1252"]) from error
    grid: list[list[str]] = []
    try:
        for cells in csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text, shape), strict=True):
            grid.append(cells)
            if len(grid) > MOST_ROWS + 1:
                raise BadTables([f"{name}:{len(grid)}:-: meer dan {MOST_ROWS} rijen"])
    except csv.Error as error:
        what = "het bestand is niet af: een aanhalingsteken wordt niet gesloten of de cel is te lang"
        raise BadTables([f"{name}:{len(grid) + 1}:-: {what}"]) from error
    return grid


def _delimiter(text: str, shape: Shape) -> str:
    """`;` or `,`: the one that gives the header the most columns that are known."""
    first = re.split(r"[\r\n]", text.lstrip("\r\n"), maxsplit=1)[0]

    def known(delimiter: str) -> tuple[int, int]:
        names = [_heading(cell.strip().strip('"')) for cell in first.split(delimiter)]
        return sum(name in shape.columns for name in names), len(names)

    return max(";,", key=known)


def _heading(cell: str) -> str:
    return re.sub(r"[\s\u00a0]+", "_", cell.strip().lower())[:80]


def _table(name: str, grid: list[list[str]], shape: Shape, reading: _Reading) -> Table:
    start = next((index for index, cells in enumerate(grid) if any(cell.strip() for cell in cells)), None)
    if start is None:
        reading.wrong(name, 1, "-", "het bestand is leeg; de eerste rij noemt de kolommen")
        return Table(name, (), ())
    if start > 0:
        reading.wrong(name, 1, "-", "de eerste rij is leeg; daar horen de namen van de kolommen")
        return Table(name, (), ())
    header = [_heading(cell) for cell in grid[0]]
    if len(header) > MOST_COLUMNS:
        reading.wrong(name, 1, "-", f"meer dan {MOST_COLUMNS} kolommen")
        return Table(name, (), ())
    for column in shape.required:
        if column not in header:
            reading.wrong(name, 1, column, "deze kolom ontbreekt")
    for column in {column for column in header if column and header.count(column) > 1}:
        reading.wrong(name, 1, column, "deze kolom staat er twee keer")
    places = {column: header.index(column) for column in shape.columns if column in header}
    rows = tuple(_rows(name, grid, len(header), places, reading))
    ignored = tuple(column for column in header if column and column not in shape.columns)
    return Table(name, tuple(places), rows, ignored)


def _rows(
    name: str, grid: list[list[str]], width: int, places: Mapping[str, int], reading: _Reading
) -> Iterator[tuple[int, dict[str, str]]]:
    for number, cells in enumerate(grid[1:], 2):
        if not any(cell.strip() for cell in cells):
            continue
        if len(cells) < width:
            reading.wrong(name, number, "-", f"de rij is niet af: {len(cells)} van de {width} cellen")
        elif any(cell.strip() for cell in cells[width:]):
            reading.wrong(name, number, "-", f"de rij heeft meer cellen dan de {width} kolommen")
        elif long := next((column for column, at in places.items() if len(cells[at]) > LONGEST_CELL), None):
            reading.wrong(name, number, long, f"meer dan {LONGEST_CELL} tekens")
        else:
            yield number, {column: cells[at] for column, at in places.items()}


def ignored_lines(tables: Collection[Table]) -> list[str]:
    """A line for every column that is not read."""
    return [f"{table.name}:1:{column}: onbekende kolom, niet gelezen" for table in tables for column in table.ignored]
