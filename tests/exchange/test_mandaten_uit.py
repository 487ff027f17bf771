"""The register taken along: what goes out comes in again unchanged, no cell is a formula, PDF is accessible, the decree is a text."""

import csv
import io
import json
import re
from datetime import timedelta
from pathlib import Path

import asyncpg
import pytest

from teams.exchange.mandaten.decree import decree_data, decree_pdf, decree_text
from teams.exchange.mandaten.out import FILES, csv_of, register_csv, register_json, register_pdf, register_xlsx
from teams.exchange.mandaten.outgoing import grant_parts
from teams.exchange.run import run_import
from teams.journal.models import Actor
from teams.kit.clock import now
from teams.kit.db import Database
from teams.kit.errors import NotFound
from teams.mandates.actions.decrees import make_decree
from teams.mandates.forms import MandaatbesluitForm
from teams.structure.moment import Moment
from tests.exchange.files import with_cell, with_row
from tests.exchange.register import (
    REGISTER,
    SECRETARY_ROLE,
    confirmed,
    grant,
    offered,
    rows_of_register,
    taken,
    with_register,
)


async def moment(db: Database, days: int = 0) -> Moment:
    async with db.read() as session:
        at = await now(session)
        return Moment(at - timedelta(days=days), at, at)


def read(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig")), delimiter=";"))


async def test_what_goes_out_comes_in_again_and_changes_nothing(
    db: Database, owner: asyncpg.Connection, tmp_path: Path
) -> None:
    files = with_row(
        REGISTER, "mandaten",
        grant("E1", "SUB-01", "orgaan:college", "extern:Bureau 'Ü & zn'; \"Noord\"", instemming_ontvanger_op="2025-01-01",
              instemming_werkgever_op="2025-01-02", grens="0,01", ondermandaat="3", vorm="bepaald_geval", zaak="Z-1"),
        grant("E2", "", "orgaan:college", SECRETARY_ROLE, alles_behalve="niets", tot="2031-12-31"),
    )  # fmt: skip
    await with_register(db, tmp_path, with_cell(files, "mandaten", 3, "instructies", "'=hyperlink(1)|'+31 6|gewoon"))
    await offered(db, tmp_path / "later", with_cell(files, "mandaten", 3, "grens", "4.000,10"))
    await confirmed(db, owner)
    before = await rows_of_register(owner)
    folder = tmp_path / "uit"
    folder.mkdir()
    at = await moment(db)
    async with db.read() as session:
        for file in FILES:
            (folder / f"{file}.csv").write_bytes(await taken(register_csv(session, at, file)))
        (tmp_path / "boek.xlsx").write_bytes(await taken(register_xlsx(session, at)))
    for path in (folder, tmp_path / "boek.xlsx"):
        for kind in ("mandaten", "budgetten"):
            code, lines = await run_import(db, kind, path, dry_run=False, namens=None)
            assert (code, lines[-1]) == (0, "Er is niets te veranderen."), lines
    assert await rows_of_register(owner) == before
    rows = {row["nummer"]: row for row in read((folder / "mandaten.csv").read_bytes())}
    assert rows["G1"]["grens"] == "4000,10" and rows["G1"]["gever"] == SECRETARY_ROLE
    assert rows["C2"]["ondermandaat"] == "alleen_aan:rol:GR/Boombeheerder"
    assert rows["N1"]["ontvanger"] == "persoon:3" and rows["N1"]["besloten_op"] == ""
    assert rows["E2"]["alles_behalve"] == "niets" and rows["E2"]["tot"] == "2031-12-31"


async def test_the_register_of_an_earlier_day(db: Database, owner: asyncpg.Connection, tmp_path: Path) -> None:
    await with_register(db, tmp_path)
    await offered(db, tmp_path / "later", with_cell(REGISTER, "mandaten", 3, "grens", "1.000"))
    await confirmed(db, owner)
    limits = []
    for days in (0, 30):
        at = await moment(db, days)
        async with db.read() as session:
            rows = {row["nummer"]: row for row in read(await taken(register_csv(session, at)))}
        limits.append(rows["G1"]["grens"])
    assert limits == ["1000,00", "5000,00"]


def test_no_cell_is_a_formula() -> None:
    row = {
        "bevoegdheid": "=1+1",
        "regel": ["@SUM(A1)", "-2"],
        "bron": "\t=x",
        "van": "+31",
        "tot": "",
        "mandaat": "'gewoon",
    }
    cells = next(iter(read(csv_of("uitsluitingen", [row])))).values()
    assert list(cells) == ["'=1+1", "'@SUM(A1)|'-2", "'\t=x", "'+31", "", "'gewoon"]


async def test_what_everybody_may_see_has_no_names(db: Database, tmp_path: Path) -> None:
    await with_register(db, tmp_path, with_cell(REGISTER, "mandaten", 6, "besloten_op", "2025-01-01"))
    at = await moment(db)
    async with db.read() as session:
        whole = json.loads(await taken(register_json(session, at)))
        public = json.loads(await taken(register_json(session, at, nameless=True)))
    assert {row["nummer"] for row in whole["mandaten"]} == {"C1", "C2", "G1", "G2", "N1"}
    assert {row["nummer"] for row in public["mandaten"]} == {"C1", "C2", "G1", "G2"}
    assert set(public) == {"op", "bekend", "kaders", "bevoegdheden", "mandaten", "uitsluitingen"}
    one = next(row for row in whole["mandaten"] if row["nummer"] == "G2")
    assert (one["grens"], one["bevoegdheden"], one["tot"]) == ("7500.50", ["INK-02"], None)
    assert next(row for row in whole["mandaten"] if row["nummer"] == "C2")["grens"] is None


async def test_grants_in_small_parts_are_the_same_grants(db: Database, tmp_path: Path) -> None:
    await with_register(db, tmp_path)
    at = await moment(db)
    async with db.read() as session:
        small = [row async for part in grant_parts(session, at, size=2) for row in part]
        large = [row async for part in grant_parts(session, at) for row in part]
        some = [row async for part in grant_parts(session, at, numbers=["G1", "G2"]) for row in part]
    assert len(large) > 4 and small == large
    assert some == [row for row in large if row["nummer"] in ("G1", "G2")]


async def test_the_register_as_accessible_pdf(db: Database, tmp_path: Path) -> None:
    """PDF/UA-1: it says so itself, has a language and a title, and its contents are tagged."""
    await with_register(db, tmp_path)
    at = await moment(db)
    async with db.read() as session:
        made, again = await register_pdf(session, at), await register_pdf(session, at)
    assert made == again
    assert made.startswith(b"%PDF-")
    assert re.search(rb"pdfuaid:part>1<", made) and b"/MarkInfo" in made and b"/Lang(nl-NL)" in made


async def test_the_text_of_a_decree_with_its_difference_and_annex(
    db: Database, owner: asyncpg.Connection, tmp_path: Path
) -> None:
    more = grant("D1", "SUB-01", "orgaan:college", SECRETARY_ROLE, besloten_op="", bekendgemaakt_op="", grens="40.000")
    await with_register(db, tmp_path, with_row(REGISTER, "mandaten", more))
    sara = Actor(await owner.fetchval("select id from person where number = '1'"), "Sara", frozenset({"secretaris"}))
    form = MandaatbesluitForm.model_validate(
        {
            "orgaan": "college",
            "titel": "Mandaatbesluit 2027",
            "tekst": "Vlotter *en* ruimer.",
            "geeft": ["D1", "N1"],
            "trektIn": ["C1"],
        }
    )
    async with db.begin() as session:
        decree = await make_decree(session, form, by=sara, at=await now(session))
        number = decree.number
    at = await moment(db)
    async with db.read() as session:
        data = await decree_data(session, number, at)
        with pytest.raises(NotFound):
            await decree_data(session, number + 1, at)
    said = decree_text(data)
    assert "# Mandaatbesluit 2027\n" in said and "Vlotter \\*en\\* ruimer." in said
    assert "gelet op afdeling 10.1.1 van de Algemene wet bestuursrecht, ASV Zuidwolde 3, Awb 4:23, Awb 7:11;" in said
    assert "C1 wordt ingetrokken: SUB-01 Besluiten over SUB-01, van het college aan de gemeentesecretaris." in said
    change = "Anders: D1 komt voor C1. SUB-01 Besluiten over SUB-01, van het college aan de gemeentesecretaris."
    assert f"- {change} Tot en met: was € 25.000 per besluit, wordt € 40.000 per besluit." in said
    assert "- Nieuw: N1." in said
    assert said.count("\n| D1 | SUB-01 Besluiten over SUB-01 |") == 1
    assert (await decree_pdf(data, at)).startswith(b"%PDF-")
