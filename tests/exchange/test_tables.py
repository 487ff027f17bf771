"""Reading files: every encoding and shape that is right, and a named place for everything that is not (rows 25-34)."""

import io
import zipfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from teams.exchange import cells
from teams.exchange.personen import SHAPE
from teams.exchange.structure.rows import SHAPES
from teams.exchange.tables import BadTables, from_json, ignored_lines, read_tables, to_json
from tests.exchange.files import FILES, csv_bytes, workbook, write

ALL = {**SHAPES, "personen": SHAPE}


def people(tmp_path: Path, content: bytes) -> list[str]:
    """The faults of one personnel file; empty when it is read."""
    (tmp_path / "personen.csv").write_bytes(content)
    try:
        read_tables(tmp_path, {"personen": SHAPE})
    except BadTables as error:
        return error.lines
    return []


@pytest.mark.parametrize(
    "how",
    [
        {}, {"delimiter": ","}, {"encoding": "utf-8-sig"}, {"encoding": "cp1252"}, {"delimiter": ",", "encoding": "cp1252"},
    ],
    ids=str,
)  # fmt: skip
def test_any_encoding_and_delimiter_reads_the_same(tmp_path: Path, how: dict[str, str]) -> None:
    plain = read_tables(write(tmp_path / "plain", FILES), ALL)
    assert read_tables(write(tmp_path / "other", FILES, **how), ALL) == plain
    assert plain["personen"].rows[2][1]["naam"] == "Ü"


def test_a_workbook_reads_the_same_and_keeps(tmp_path: Path) -> None:
    plain = read_tables(write(tmp_path / "plain", FILES), ALL)
    assert read_tables(workbook(tmp_path / "alles.xlsx", FILES), ALL) == plain
    assert from_json(to_json(plain)) == plain


def test_a_single_file_is_enough_and_unknown_columns_are_named(tmp_path: Path) -> None:
    rows = [[*row, "x"] for row in FILES["personen"]]
    rows[0][-1] = "Schoen Maat"
    (tmp_path / "personen.csv").write_bytes(csv_bytes(rows))
    tables = read_tables(tmp_path / "personen.csv", ALL)
    assert ignored_lines(tables.values()) == ["personen:1:schoen_maat: onbekende kolom, niet gelezen"]


HEAD = b"personeelsnummer;naam;email;contracturen\n"


@pytest.mark.parametrize(
    ("content", "place"),
    [
        (b"", "personen:1:-: het bestand is leeg"),
        (b"\n" + HEAD, "personen:1:-: de eerste rij is leeg"),
        (b"personeelsnummer;naam;contracturen\n", "personen:1:email: deze kolom ontbreekt"),
        (b"naam;" + HEAD, "personen:1:naam: deze kolom staat er twee keer"),
        (HEAD + b"1;A;a@b.nl;36\n2;B", "personen:3:-: de rij is niet af"),
        (HEAD + b"1;A;a@b.nl;36;x\n", "personen:2:-: de rij heeft meer cellen"),
        (HEAD + b'1;"A;a@b.nl;36\n', "personen:2:-: het bestand is niet af"),
        (HEAD + b"1;A\0;a@b.nl;36\n", "personen:2:-: hier staat een NUL-teken"),
        ("personeelsnummer;naam".encode("utf-16"), "personen:1:-: hier staat een NUL-teken"),
        (HEAD + b"1;\x81;a@b.nl;36\n", "personen:2:-: deze tekens zijn geen UTF-8"),
        (HEAD + b"1;" + b"x" * 30_000 + b";a@b.nl;36\n", "personen:2:naam: meer dan 20000 tekens"),
        (HEAD + b"1;" + b"x" * 200_000 + b";a@b.nl;36\n", "personen:2:-: het bestand is niet af"),
        (HEAD + b"\n" * 60_002, "personen:60002:-: meer dan 60000 rijen"),
        (b"x" * 20_000_001, "personen.csv:1:-: dit bestand is groter dan 20 MB"),
        (b";".join(b"k%d" % n for n in range(61)), "personen:1:-: meer dan 60 kolommen"),
    ],
    ids=lambda value: value[:40] if isinstance(value, str) else "",
)
def test_row_34_files_that_are_not_whole(tmp_path: Path, content: bytes, place: str) -> None:
    faults = people(tmp_path, content)
    assert any(fault.startswith(place) for fault in faults), faults


def test_row_34_the_same_file_twice_or_no_file(tmp_path: Path) -> None:
    (tmp_path / "personen.csv").write_bytes(HEAD)
    (tmp_path / "PERSONEN.CSV").write_bytes(HEAD)
    with pytest.raises(BadTables, match="twee keer"):
        read_tables(tmp_path, ALL)
    with pytest.raises(BadTables, match="geen van deze bestanden"):
        read_tables(tmp_path, {"toetslijst": SHAPE})
    with pytest.raises(BadTables, match="bestaat niet"):
        read_tables(tmp_path / "weg", ALL)


def packed(parts: dict[str, bytes]) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as book:
        for name, part in parts.items():
            book.writestr(name, part)
    return content.getvalue()


def parts_of(tmp_path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(workbook(tmp_path / "goed.xlsx", {"personen": FILES["personen"]})) as book:
        return {name: book.read(name) for name in book.namelist()}


def test_row_34_workbooks_that_could_hurt(tmp_path: Path) -> None:
    good = parts_of(tmp_path)
    sheet = "xl/worksheets/sheet1.xml"
    head, tail = good[sheet].split(b"<sheetData>", 1)
    cell = b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    bombs = {
        "uitgepakt groter": good | {"xl/bom.xml": b"<a>" + b" " * 61_000_000 + b"</a>"},
        "groter dan 60 kolommen": good | {sheet: head + b"<sheetData>" + cell + tail},
        "bevat een DTD": good | {sheet: b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>' + good[sheet]},
        "bevat een formule": good | {sheet: good[sheet].replace(b"</c></row>", b"<f>1+1</f></c></row>", 1)},
        "niet heel": good | {sheet: good[sheet][:200]},
        "meer dan 500 delen": good | {f"xl/{n}.xml": b"<a/>" for n in range(501)},
        "geen XLSX-werkboek": {"a.xml": b"<a/>"},
    }
    texts = good[sheet].replace(b't="s"><v>1</v>', b't="s"><v>%s</v>', 1)
    assert b"<v>%s</v>" in texts
    for index in (b"", b"x", b"-1", b"1.0", b"9999", b"1e0", b"9" * 40):
        bombs |= {
            f"verwijst naar een tekst{'' if index else ' die er niet is'}(?#{index.decode()})": good
            | {sheet: texts.replace(b"%s", index)}
        }
    for what, parts in bombs.items():
        (tmp_path / "fout.xlsx").write_bytes(packed(parts))
        with pytest.raises(BadTables, match=what):
            read_tables(tmp_path / "fout.xlsx", ALL)
    for content in (b"", b"PK\x03\x04 half", packed(good)[:-40]):
        (tmp_path / "fout.xlsx").write_bytes(content)
        with pytest.raises(BadTables, match="niet heel"):
            read_tables(tmp_path / "fout.xlsx", ALL)


def test_row_34_a_part_that_lies_about_its_size_is_not_believed(tmp_path: Path) -> None:
    content = bytearray(packed(parts_of(tmp_path) | {"xl/bom.xml": b"<a>" + b" " * 1_000_000 + b"</a>"}))
    place = content.rindex(b"xl/bom.xml") - 46
    content[place + 24 : place + 28] = (100).to_bytes(4, "little")
    (tmp_path / "liegt.xlsx").write_bytes(content)
    with pytest.raises(BadTables, match="niet heel"):
        read_tables(tmp_path / "liegt.xlsx", ALL)


@pytest.mark.parametrize("cell", ["0001-01-01", "9999-12-31", "29-02-2027", "2026-13-01", "1-2-26", "２０２６-01-01", "24:00", "2026-01-01T00:00", "12/31/2026"])  # fmt: skip
def test_row_25_days_that_are_none(cell: str) -> None:
    with pytest.raises(cells.BadCell):
        cells.day(cell)


def test_row_25_days_that_are() -> None:
    assert cells.day("29-02-2028") == cells.day("2028-02-29") == cells.day(" 29-2-2028 ")


@pytest.mark.parametrize("cell", ["-0", "-4", "61", "1e1", "NaN", "９", "36,55", "3.600", "36 uur", "Infinity"])
def test_row_26_hours_that_are_none(cell: str) -> None:
    with pytest.raises(cells.BadCell):
        cells.hours(cell)


@pytest.mark.parametrize(
    "cell", ["=1+1", "+31", "-x", "@SUM(A1)", "\t=1", "\rx", " =1", "\ufeff=1", "\u200b=1", "a|=b"]
)
def test_row_33_a_formula_is_no_text(cell: str) -> None:
    for reader in (cells.listing(),) if "|" in cell else (cells.line(), cells.words(), cells.listing()):
        with pytest.raises(cells.BadCell, match="formule"):
            reader(cell)


@pytest.mark.parametrize(
    "cell",
    [
        "'; DROP TABLE person; --",
        "<script>alert(1)</script>",
        "{{7*7}}",
        "%s",
        "O'Brien-van 't Hof",
        "Ü",
        "İ ß",
        "👨‍👩‍👧",
    ],
)
def test_rows_27_and_30_text_stays_text(cell: str) -> None:
    assert cells.line()(cell) == cell


def test_row_29_hidden_directions_go_and_endless_accents_are_refused() -> None:
    assert cells.line()("Behe\u202eerder\u200b") == "Beheerder"
    assert cells.line()("Cafe\u0301") == "Café"
    for cell in ("e" + "\u0301" * 5000, "\u200b", "a\x07", "x" * 121):
        with pytest.raises(cells.BadCell):
            cells.line()(cell)
    assert cells.line()("'=wie dit uitvoerde") == "=wie dit uitvoerde"


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(
    st.binary(max_size=400) | st.text(max_size=200).map(lambda text: (HEAD.decode() + text).encode("utf-8", "replace"))
)
def test_random_files_are_read_or_named(tmp_path: Path, content: bytes) -> None:
    for fault in people(tmp_path, content):
        assert fault.startswith("personen") and fault.count(":") >= 3
    (tmp_path / "x.xlsx").write_bytes(content)
    with pytest.raises(BadTables):
        read_tables(tmp_path / "x.xlsx", ALL)
