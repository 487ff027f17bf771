"""Frameworks go out and come in with the grants that refer to them; the difference is shown, a wrong one is named."""

import csv
import io
import json
from pathlib import Path

import asyncpg

from teams.exchange.mandaten.out import FILES, register_csv, register_json, register_xlsx
from teams.exchange.run import run_import
from teams.kit.clock import now
from teams.kit.db import Database
from teams.structure.moment import Moment
from tests.exchange.files import LAST_YEAR, SECRETARY, Files, with_cell, write
from tests.exchange.register import GRANTS, REGISTER, SECRETARY_ROLE, confirmed, grant, municipality, offered, taken

FRAMEWORK = ["code", "titel", "tekst", "orgaan", "besloten_op", "besluit", "van", "tot"]


def row(number: str, kader: str, written: str, holder: str = SECRETARY_ROLE, **more: str) -> list[str]:
    return [*grant(number, "SUB-01", "orgaan:college", holder, **more), kader, written]


WITH: dict[str, list[list[str]]] = {
    "kaders": [
        FRAMEWORK,
        ["SUB", "Subsidiekader", "Voor wat inwoners\nzelf beginnen; \"samen\".", "college", LAST_YEAR, "B&W 12", LAST_YEAR, "2031-12-31"],
        ["INKOOP", "Inkoopkader", "Koop in de streek.", "college", LAST_YEAR, "B&W 13", LAST_YEAR, ""],
    ],
    "bevoegdheden": REGISTER["bevoegdheden"],
    "mandaten": [
        [*GRANTS, "kader", "op_schrift"],
        row("C1", "SUB", "ja", ondermandaat="ja"),
        row("C2", "", "ja"),
        row("Z1", "", "nee", "rol:GR/Boombeheerder", vorm="bepaald_geval", zaak="Z-7"),
    ],
}  # fmt: skip


async def registered(db: Database, folder: Path, files: Files = WITH) -> None:
    await municipality(db, folder)
    code, lines = await run_import(db, "mandaten", write(folder / "register", files), dry_run=False, namens=SECRETARY)
    assert (code, lines[-1]) == (0, "Ingelezen."), lines


async def test_frameworks_and_what_refers_to_them_go_round(
    db: Database, owner: asyncpg.Connection, tmp_path: Path
) -> None:
    await registered(db, tmp_path)
    out = tmp_path / "uit"
    out.mkdir()
    async with db.read() as session:
        at = await now(session)
        moment = Moment(at, at, at)
        for file in FILES:
            (out / f"{file}.csv").write_bytes(await taken(register_csv(session, moment, file)))
        (tmp_path / "boek.xlsx").write_bytes(await taken(register_xlsx(session, moment)))
        told = json.loads(await taken(register_json(session, moment)))
    for path in (out, tmp_path / "boek.xlsx"):
        code, lines = await run_import(db, "mandaten", path, dry_run=False, namens=None)
        assert (code, lines[-1]) == (0, "Er is niets te veranderen."), lines
    written = list(csv.reader(io.StringIO((out / "kaders.csv").read_text("utf-8-sig"), newline=""), delimiter=";"))
    assert written == [FRAMEWORK, WITH["kaders"][2], WITH["kaders"][1]]
    assert {(one["nummer"], one["kader"], one["op_schrift"]) for one in told["mandaten"]} == {
        ("C1", "SUB", "ja"), ("C2", None, "ja"), ("Z1", None, "nee"),
    }  # fmt: skip
    assert [one["code"] for one in told["kaders"]] == ["INKOOP", "SUB"]
    assert await owner.fetchval("select count(*) from journal where verb = 'framework.set'") == 2
    assert await owner.fetchval("select count(*) from grant_version where not written") == 1


async def test_another_framework_and_another_text_are_differences(
    db: Database, owner: asyncpg.Connection, tmp_path: Path
) -> None:
    await registered(db, tmp_path)
    files = with_cell(with_cell(WITH, "mandaten", 2, "kader", "INKOOP"), "mandaten", 3, "kader", "SUB")
    files = with_cell(with_cell(files, "kaders", 2, "titel", "Kader subsidies"), "kaders", 3, "tot", "2030-06-30")
    lines = await offered(db, tmp_path / "b", files)
    assert "  ~ C1: kader: SUB → INKOOP" in lines
    assert "  ~ C2: kader: leeg → SUB" in lines
    assert "  ~ SUB: titel: Subsidiekader → Kader subsidies" in lines
    assert "  ~ INKOOP: tot: leeg → 2030-06-30" in lines
    await confirmed(db, owner)
    known = await owner.fetch(
        """
        select f.code, v.title, upper_inf(v.valid) as open from framework_version v join framework f on f.id = v.framework_id
        where upper_inf(v.recorded) order by f.code, lower(v.valid)
        """
    )
    assert [tuple(one) for one in known] == [
        ("INKOOP", "Inkoopkader", False), ("SUB", "Subsidiekader", False), ("SUB", "Kader subsidies", False),
    ]  # fmt: skip
    without = {"mandaten": [[*line[:-2], *line[-1:]] for line in files["mandaten"]]}
    assert (await offered(db, tmp_path / "c", without))[-1] == "Er is niets te veranderen."  # no column, no change


BAD = [
    ("mandaten", 2, "kader", "NIKS", "mandaten:2:kader: het kader 'NIKS' staat niet in het register"),
    ("mandaten", 2, "op_schrift", "soms", "mandaten:2:op_schrift: 'soms' kan hier niet; kies uit ja, nee"),
    ("kaders", 2, "orgaan", "hof", "kaders:2:orgaan: er is geen orgaan 'hof'"),
    ("kaders", 2, "orgaan", "raad", "kaders:2:orgaan: dit kader is van een ander orgaan; kies een andere code"),
    ("kaders", 2, "besloten_op", "2199-01-01", "kaders:2:besloten_op: ligt na vandaag"),
    ("kaders", 2, "besloten_op", "29-02-2027", "kaders:2:besloten_op: de dag 29-02-2027 bestaat niet"),
    ("kaders", 2, "tot", "2016-01-01", "kaders:2:tot: ligt voor 'van'"),
    ("kaders", 2, "van", "", "kaders:2:van: mag niet leeg zijn"),
    ("kaders", 2, "besluit", "", "kaders:2:besluit: mag niet leeg zijn"),
    ("kaders", 3, "code", "SUB", "kaders:3:code: staat ook in rij 2"),
    ("kaders", 2, "tekst", "x" * 4001, "kaders:2:tekst: is langer dan 4000 tekens"),
]


async def test_a_framework_that_is_not_right_is_named_and_nothing_is_stored(
    db: Database, owner: asyncpg.Connection, tmp_path: Path
) -> None:
    await registered(db, tmp_path)
    stored = "select (select count(*) from framework_version), (select count(*) from pending_import), (select count(*) from journal)"
    before = await owner.fetchrow(stored)
    for name, number, column, cell, fault in BAD:
        files = with_cell(WITH, name, number, column, cell)
        code, lines = await run_import(db, "mandaten", write(tmp_path / "b", files), dry_run=False, namens=SECRETARY)
        assert code == 1 and fault in lines, (fault, lines)
        assert lines[-1].endswith("niets ingelezen")
    assert await owner.fetchrow(stored) == before
