"""`import organisatie`: what is new, what differs and what stays; every rule before anything is written."""

from datetime import timedelta
from pathlib import Path

import asyncpg
import pytest

from teams.exchange.run import run_import
from teams.kit.db import Database
from tests.exchange.files import (
    FILES,
    LAST_YEAR,
    SECRETARY,
    csv_bytes,
    first_import,
    rows_of_history,
    with_cell,
    with_row,
    workbook,
    write,
)  # fmt: skip
from tests.world import TODAY

LONG_AGO = (TODAY - timedelta(days=900)).isoformat()
YESTERDAY = (TODAY - timedelta(days=1)).isoformat()


async def faults(db: Database, folder: Path, files: dict[str, list[list[str]]]) -> list[str]:
    """Without the last line, that counts them."""
    code, lines = await run_import(db, "organisatie", write(folder, files), dry_run=True, namens=SECRETARY)
    assert code == (1 if "niets ingelezen" in lines[-1] else 0)
    return lines[:-1] if code else []


async def test_the_first_import_is_confirmed_by_its_secretary(
    db: Database, owner: asyncpg.Connection, tmp_path: Path
) -> None:
    await first_import(db, tmp_path)
    counts = {
        table: await owner.fetchval(f"select count(*) from {table} where upper_inf(recorded)")
        for table in (
            "team_version",
            "contract",
            "role_version",
            "role_item",
            "role_filling",
            "organ_member",
            "policy_version",
        )
    }
    assert list(counts.values()) == [3, 3, 4, 6, 4, 1, 1]
    secretary = await owner.fetchval("select id from person where number = '1'")
    row = await owner.fetchrow("select state, settled_by from pending_import")
    assert tuple(row) == ("bevestigd", secretary)
    assert await owner.fetchval("select count(*) from journal where actor = $1", secretary) == await owner.fetchval(
        "select count(*) from journal"
    )
    assert await owner.fetchval("select count(*) from journal where verb = 'role.filled' and accountable") == 4
    assert await owner.fetchval("select lower(valid)::date from role_filling limit 1") is not None


async def test_a_second_import_changes_nothing(db: Database, owner: asyncpg.Connection, tmp_path: Path) -> None:
    await first_import(db, tmp_path / "a")
    before = await rows_of_history(owner)
    for path in (
        tmp_path / "a", write(tmp_path / "b", FILES, encoding="cp1252", delimiter=","), workbook(tmp_path / "c.xlsx", FILES),
    ):  # fmt: skip
        code, lines = await run_import(db, "organisatie", path, dry_run=False, namens=None)
        assert (code, lines[-1]) == (0, "Er is niets te veranderen.")
    assert await rows_of_history(owner) == before


async def test_a_workbook_fills_an_empty_installation(db: Database, owner: asyncpg.Connection, tmp_path: Path) -> None:
    code, lines = await run_import(
        db, "organisatie", workbook(tmp_path / "alles.xlsx", FILES), dry_run=False, namens=SECRETARY
    )
    assert (code, lines[-1]) == (0, "Ingelezen.")
    assert (
        await owner.fetchval("select hours from contract c join person p on p.id = c.person_id where number = '2'")
        == 28.5
    )


async def test_a_dry_run_of_the_first_import_leaves_nothing(
    db: Database, owner: asyncpg.Connection, tmp_path: Path
) -> None:
    code, lines = await run_import(db, "organisatie", write(tmp_path, FILES), dry_run=True, namens=SECRETARY)
    assert (code, lines[-1]) == (0, "Proef: er is niets veranderd.")
    assert "teams: 3 nieuw, 0 anders, 0 blijven gelijk" in lines
    assert await rows_of_history(owner) == 0


@pytest.mark.parametrize(
    ("namens", "why"),
    [("niemand@zuidwolde.example", "staat niet in het bestand personen"), ("noor@zuidwolde.example", "vervult de rol van gemeentesecretaris niet")],
)  # fmt: skip
async def test_only_the_secretary_confirms_the_first_import(
    db: Database, owner: asyncpg.Connection, tmp_path: Path, namens: str, why: str
) -> None:
    code, lines = await run_import(db, "organisatie", write(tmp_path, FILES), dry_run=False, namens=namens)
    assert (code, lines) == (1, [f"{namens} {why}", "niets ingelezen"])
    assert await rows_of_history(owner) == 0


async def test_namens_confirms_nothing_once_there_are_teams(
    db: Database, owner: asyncpg.Connection, tmp_path: Path
) -> None:
    await first_import(db, tmp_path)
    changed = with_cell(FILES, "teams", 3, "naam", "Groen en Grijs")
    code, lines = await run_import(db, "organisatie", write(tmp_path, changed), dry_run=False, namens=SECRETARY)
    assert (code, lines[-1]) == (0, "Invoer 2 wacht tot de secretaris haar bevestigt.")
    assert await owner.fetchval("select count(*) from team_version where name = 'Groen en Grijs'") == 0


CASES = {
    "unknown parent": (("teams", 3, "bovenliggend", "XX"), ["teams:3:bovenliggend: er is geen team met code 'XX'"]),
    "row 24: its own parent": (
        ("teams", 2, "bovenliggend", "ZW"),
        ["teams:2:bovenliggend: dit team zou onder zichzelf komen te hangen"],
    ),
    "row 24: a circle": (
        ("teams", 2, "bovenliggend", "GR"),
        [
            "teams:2:bovenliggend: dit team zou onder zichzelf komen te hangen",
            "teams:3:bovenliggend: dit team zou onder zichzelf komen te hangen",
        ],
    ),
    "parent too young": (
        ("teams", 3, "van", LONG_AGO), ["teams:3:bovenliggend: het bovenliggende team bestaat dan niet (meer)"]
    ),
    "duplicate team": (("teams", 4, "code", "GR"), ["teams:4:code: staat ook in rij 3"]),
    "row 25: end before start": (("teams", 3, "tot", LONG_AGO), ["teams:3:tot: ligt voor 'van'"]),
    "row 25: no such day": (("teams", 3, "van", "29-02-2027"), ["teams:3:van: de dag 29-02-2027 bestaat niet"]),
    "unknown team": (("rollen", 3, "team", "XX"), ["rollen:3:team: er is geen team met code 'XX'"]),
    "row 29: twin names": (("rollen", 4, "rol", "BOOMBEHÉERDER"), ["rollen:4:rol: staat ook in rij 3"]),
    "role before its team": (("rollen", 3, "van", LONG_AGO), ["rollen:3:van: valt buiten de looptijd van team 'GR'"]),
    "no core role": (
        ("rollen", 3, "kernrol", "baas"),
        ["rollen:3:kernrol: 'baas' kan hier niet; kies uit rolverdeler, begeleider, teamsecretaris, afgevaardigde"],
    ),
    "row 33: formula": (
        ("rollen", 3, "doel", '=cmd|" /C calc"!A0'),
        ["rollen:3:doel: begint met een teken van een formule (= + - @ of tab); zet er een letter voor"],
    ),
    "row 34: unknown person": (
        ("rolvervulling", 3, "personeelsnummer", "77"),
        ["rolvervulling:3:personeelsnummer: er is niemand met personeelsnummer '77'"],
    ),
    "unknown role": (("rolvervulling", 3, "rol", "Mier"), ["rolvervulling:3:rol: team 'GR' heeft geen rol 'Mier'"]),
    "filling before role and service": (
        ("rolvervulling", 3, "van", LONG_AGO),
        [
            "rolvervulling:3:van: valt buiten de looptijd van rol 'Boombeheerder'",
            "rolvervulling:3:van: personeelsnummer 2 is dan niet in dienst",
        ],
    ),
    "row 26: hours": (
        ("rolvervulling", 3, "uren", "１"),
        ["rolvervulling:3:uren: '１' is geen aantal uren van 0 tot en met 60, met hooguit één cijfer achter de komma"],
    ),
    "not yes or no": (("rolvervulling", 3, "gekozen", "misschien"), ["rolvervulling:3:gekozen: 'misschien' kan hier niet; kies uit ja, nee"]),
    "unknown member": (("organen", 2, "leden", "1|77"), ["organen:2:leden: er is niemand met personeelsnummer '77'"]),
    "empty text": (("afspraken", 2, "tekst", " "), ["afspraken:2:tekst: mag niet leeg zijn"]),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
async def test_rows_24_to_34_are_named_by_their_place(
    db: Database, owner: asyncpg.Connection, tmp_path: Path, name: str
) -> None:
    cell, expected = CASES[name]
    found = await faults(db, tmp_path, with_cell(FILES, *cell))
    assert [line for line in found if line.startswith(f"{cell[0]}:")][: len(expected)] == expected
    assert await rows_of_history(owner) == 0


async def test_row_24_a_thousand_deep_is_refused(db: Database, tmp_path: Path) -> None:
    chain = [[f"D{n}", f"Diep {n}", f"D{n - 1}" if n else "ZW", "", "", LAST_YEAR, ""] for n in range(1000)]
    found = await faults(db, tmp_path, with_row(FILES, "teams", *chain))
    assert "teams:24:bovenliggend: teams hangen hooguit 20 diep onder elkaar" in found


async def test_two_periods_of_one_filling_may_not_overlap(db: Database, tmp_path: Path) -> None:
    late = with_row(FILES, "rolvervulling", ["GR", "Boombeheerder", "2", YESTERDAY, "", "8", "", ""])
    assert await faults(db, tmp_path, late) == ["rolvervulling:6:van: overlapt met rij 3: dezelfde rol en persoon"]


async def test_two_periods_of_one_filling_stay_two(db: Database, owner: asyncpg.Connection, tmp_path: Path) -> None:
    ended = with_cell(FILES, "rolvervulling", 3, "tot", YESTERDAY)
    files = with_row(ended, "rolvervulling", ["GR", "Boombeheerder", "2", TODAY.isoformat(), "", "8", "Oost", "nee"])
    await first_import(db, tmp_path, files)
    rows = await owner.fetch(
        "select hours, focus, upper_inf(valid) from role_filling where hours in (20, 8) order by valid"
    )
    assert [tuple(row) for row in rows] == [(20, "West", False), (8, "Oost", True)]
    code, lines = await run_import(db, "organisatie", tmp_path, dry_run=False, namens=None)
    assert (code, lines[-1]) == (0, "Er is niets te veranderen.")


async def test_a_role_that_ends_takes_its_fillings_along_and_a_team_none_of_its_roles(
    db: Database, tmp_path: Path
) -> None:
    await first_import(db, tmp_path / "a")
    ended = with_cell(FILES, "rollen", 3, "tot", TODAY.isoformat())
    code, lines = await run_import(
        db, "organisatie", write(tmp_path / "b", {"rollen": ended["rollen"]}), dry_run=True, namens=None
    )
    assert code == 0
    assert f"  ~ GR/Boombeheerder: tot: leeg → {TODAY.isoformat()}" in lines
    assert f"  ~ GR/Boombeheerder/2: tot: leeg → {TODAY.isoformat()}" in lines
    ended = with_cell(FILES, "teams", 3, "tot", TODAY.isoformat())
    code, lines = await run_import(
        db, "organisatie", write(tmp_path / "c", {"teams": ended["teams"]}), dry_run=True, namens=None
    )
    assert code == 1
    assert "teams:3:tot: rol 'Boombeheerder' van dit team bestaat dan; beëindig die ook" in lines


async def test_files_without_dates_begin_when_they_must(
    db: Database, owner: asyncpg.Connection, tmp_path: Path
) -> None:
    """No `van` in teams and rollen: as early as the first filling, so that history fits."""
    files = {name: [list(row) for row in rows] for name, rows in FILES.items()}
    for name in ("teams", "rollen"):
        at = files[name][0].index("van")
        files[name] = [row[:at] + row[at + 2 :] for row in files[name]]
    await first_import(db, tmp_path, files)
    assert await owner.fetchval("select count(distinct lower(valid)) from team_version") == 1
    assert (await run_import(db, "organisatie", tmp_path, dry_run=False, namens=None))[1][
        -1
    ] == "Er is niets te veranderen."


async def test_wrong_use_and_missing_files(db: Database, tmp_path: Path) -> None:
    assert (await run_import(db, "alles", tmp_path, dry_run=False, namens=None))[0] == 2
    code, lines = await run_import(db, "organisatie", tmp_path / "weg", dry_run=False, namens=None)
    assert (code, lines) == (1, ["weg:1:-: dit bestand of deze map bestaat niet", "1 fout, niets ingelezen"])
    (tmp_path / "rollen.csv").write_bytes(csv_bytes(FILES["rollen"]))
    code, lines = await run_import(db, "organisatie", tmp_path, dry_run=False, namens=None)
    assert (code, lines[-1]) == (1, "4 fouten, niets ingelezen")
