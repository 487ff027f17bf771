"""One XLSX workbook as grids of text, unpacked within limits: no bomb, no entity, no formula, no endless sheet."""

import io
import re
import zipfile
import zlib
from collections.abc import Collection
from datetime import date, datetime
from typing import Any
from xml.parsers import expat

from python_calamine import CalamineError, CalamineWorkbook

LARGEST_UNPACKED = 60_000_000
MOST_PARTS = 500
_DIGITS = re.compile(r"[0-9]{1,7}")
_TEXT = re.compile(rb"<(?:\w+:)?si[\s/>]")
_REFERENCE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")


class BadWorkbook(Exception):
    """The workbook is not read; the message says why."""


def read_workbook(
    content: bytes, names: Collection[str], *, most_rows: int, most_columns: int
) -> dict[str, list[list[str]]]:
    """The sheets called `names`, cells as text (days as ISO). `BadWorkbook` for what could hurt or cannot be read."""
    parts = _unpacked(content)
    texts = sum(len(_TEXT.findall(part)) for name, part in parts.items() if name.lower().endswith("sharedstrings.xml"))
    for name, part in parts.items():
        _inspect(name, part, most_rows=most_rows, most_columns=most_columns, texts=texts)
    try:
        with CalamineWorkbook.from_filelike(_repacked(parts)) as book:
            grids: dict[str, list[list[str]]] = {}
            for sheet in book.sheet_names:
                name = sheet.strip().lower()
                if name not in names:
                    continue
                if name in grids:
                    raise BadWorkbook(f"het blad {name} staat er twee keer")
                rows = book.get_sheet_by_name(sheet).to_python(skip_empty_area=False)
                grids[name] = [[_text(cell) for cell in row] for row in rows]
            return grids
    except (CalamineError, ValueError, OverflowError, OSError) as error:
        raise BadWorkbook("dit is geen werkboek dat te lezen is") from error


def _unpacked(content: bytes) -> dict[str, bytes]:
    """The XML parts. What a part says of its own size is not believed."""
    parts: dict[str, bytes] = {}
    left = LARGEST_UNPACKED
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            if len(packed.infolist()) > MOST_PARTS:
                raise BadWorkbook(f"het werkboek bestaat uit meer dan {MOST_PARTS} delen")
            for part in packed.infolist():
                if not part.filename.lower().endswith((".xml", ".rels")):
                    continue
                if part.filename in parts:
                    raise BadWorkbook("een deel van het werkboek staat er twee keer in")
                if part.file_size > left:
                    raise BadWorkbook(f"het werkboek is uitgepakt groter dan {LARGEST_UNPACKED // 1_000_000} MB")
                with packed.open(part) as stream:
                    parts[part.filename] = stream.read(left + 1)
                left -= len(parts[part.filename])
                if left < 0:
                    raise BadWorkbook(f"het werkboek is uitgepakt groter dan {LARGEST_UNPACKED // 1_000_000} MB")
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError, ValueError, OSError) as error:
        raise BadWorkbook("dit is geen CSV-bestand en geen XLSX-werkboek, of het is niet heel") from error
    if "xl/workbook.xml" not in parts:
        raise BadWorkbook("dit is geen XLSX-werkboek")
    return parts


def _repacked(parts: dict[str, bytes]) -> io.BytesIO:
    """The same parts with true sizes, for a reader that believes them."""
    clean = io.BytesIO()
    with zipfile.ZipFile(clean, "w", zipfile.ZIP_STORED) as packed:
        for name, part in parts.items():
            packed.writestr(name, part)
    clean.seek(0)
    return clean


def _inspect(name: str, part: bytes, *, most_rows: int, most_columns: int, texts: int) -> None:
    """Refuse a document type (entities), a formula, a cell so far away that the sheet would not fit in memory, and one
    that names a text which is not among the `texts` of the workbook: the reader would give another."""
    parser = expat.ParserCreate()
    row = column = 0
    names_text, named = False, ""

    def doctype(*_: Any) -> None:
        raise BadWorkbook("het werkboek bevat een DTD; dat wordt niet gelezen")

    def element(tag: str, attributes: dict[str, str]) -> None:
        nonlocal row, column, names_text, named
        local, reference = tag.rpartition(":")[2], attributes.get("r")
        if local == "row":
            row, column = (int(reference) if reference and _DIGITS.fullmatch(reference) else row + 1), 0
        elif local == "c":
            column += 1
            names_text = attributes.get("t") == "s"
            if reference is not None:
                found = _REFERENCE.fullmatch(reference)
                row, column = (int(found[2]), _column(found[1])) if found else (most_rows + 2, column)
        elif local == "f" and name.startswith("xl/worksheets/"):
            raise BadWorkbook(f"rij {row}, kolom {column} bevat een formule; plak de waarde")
        elif local == "v" and names_text:
            named, parser.CharacterDataHandler = "", name_of
        if row > most_rows + 1 or column > most_columns:
            raise BadWorkbook(f"een blad is groter dan {most_columns} kolommen en {most_rows} rijen")

    def name_of(signs: str) -> None:
        nonlocal named
        named += signs[:8]

    def end(tag: str) -> None:
        if parser.CharacterDataHandler and tag.rpartition(":")[2] == "v":
            parser.CharacterDataHandler = None
            if not (_DIGITS.fullmatch(named) and int(named) < texts):
                raise BadWorkbook(
                    f"rij {row}, kolom {column} verwijst naar een tekst die er niet is; het werkboek is niet heel"
                )

    parser.StartDoctypeDeclHandler = doctype
    parser.EndElementHandler = end
    parser.StartElementHandler = element
    try:
        parser.Parse(part, True)
    except (expat.ExpatError, ValueError) as error:
        raise BadWorkbook("een deel van het werkboek is niet heel") from error


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


def _text(cell: Any) -> str:
    if isinstance(cell, bool):
        return "ja" if cell else "nee"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == datetime.min.time() else cell.isoformat()
    if isinstance(cell, date):
        return cell.isoformat()
    return str(cell).replace("\x00", "\ufffd")
