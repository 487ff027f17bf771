"""The imports of mandates and budgets: they wait, show what differs, change only that, and refuse with every reason (M01-M12)."""

from pathlib import Path

import asyncpg
import pytest

from teams.exchange.run import run_import
from teams.kit.db import Database
from tests.exchange.files import LAST_YEAR, SECRETARY, with_cell, with_row, write
from tests.exchange.register import (
    REGISTER,
    SECRETARY_ROLE,
    confirmed,
    grant,
    municipality,
    offered,
    power,
    rows_of_register,
    with_register,
)
from tests.world import TODAY


async def test_the_first_register_of_the_secretary_is_in_force_at_once(
    db: Database, owner: asyncpg.Connection, tmp_path: Path
) -> None:
    await with_register(db, tmp_path)
    states = await owner.fetch("select number, grant_state(id, now(), now()) as state from power_grant order by 1")
    assert dict(states) == {"C1": "geldt", "C2": "geldt", "G1": "geldt", "G2": "geldt", "N1": "voorgenomen"}
    row = await owner.fetchrow(
        "select v.*, p.number as parent from grant_version v join power_grant g on g.id = v.grant_id"
        " left join power_grant p on p.id = v.parent_id where g.number = 'G2'"
    )
    assert (row["ceiling"], row["base"], row["parent"], row["kinds"]) == (750_050, "totale_waarde", "C2", ["volmacht"])
    assert await owner.fetchval("select amount from budget") == 12_000_000
    entries = await owner.fetch(
        "select facts ->> 'number', verb, facts ->> 'link' as link from journal where verb like 'grant.%'"
    )
    assert {row[0]: row[1] for row in entries} == {
        "C1": "grant.published", "C2": "grant.published", "G1": "grant.published", "G2": "grant.published", "N1": "grant.drafted",
    }  # fmt: skip
    assert all("@sha256:" in row["link"] for row in entries)


async def test_who_is_not_the_secretary_confirms_nothing(
    db: Database, owner: asyncpg.Connection, tmp_path: Path
) -> None:
    await municipality(db, tmp_path)
    folder = write(tmp_path / "register", REGISTER)
    code, lines = await run_import(db, "mandaten", folder, dry_run=False, namens="noor@zuidwolde.example")
    assert (code, lines[0]) == (1, "noor@zuidwolde.example vervult de rol van gemeentesecretaris niet")
    code, lines = await run_import(db, "mandaten", folder, dry_run=True, namens=SECRETARY)
    assert (code, lines[-1]) == (0, "Proef: er is niets veranderd.")
    assert await owner.fetchval("select count(*) from power") == 0


async def test_a_register_waits_until_it_is_confirmed(db: Database, owner: asyncpg.Connection, tmp_path: Path) -> None:
    await municipality(db, tmp_path)
    lines = await offered(db, tmp_path / "a", REGISTER)
    assert lines[-1] == "Invoer 2 wacht tot de secretaris haar bevestigt."
    assert "mandaten: 5 nieuw, 0 anders, 0 blijven gelijk" in lines
    assert await owner.fetchval("select count(*) from power_grant") == 0
    await confirmed(db, owner)
    assert await owner.fetchval("select count(*) from power_grant") == 5


async def test_the_same_files_change_nothing(db: Database, owner: asyncpg.Connection, tmp_path: Path) -> None:
    await with_register(db, tmp_path)
    before = await rows_of_register(owner)
    for kind in ("mandaten", "budgetten"):
        lines = await offered(db, tmp_path / "b", REGISTER, kind)
        assert lines[-1] == "Er is niets te veranderen."
    assert await rows_of_register(owner) == before


async def test_only_what_differs_changes_and_the_past_stays(
    db: Database, owner: asyncpg.Connection, tmp_path: Path
) -> None:
    await with_register(db, tmp_path)
    lines = await offered(db, tmp_path / "b", with_cell(REGISTER, "mandaten", 3, "grens", "4.000"))
    assert "  ~ G1: grens: 5000,00 → 4000,00" in lines
    await confirmed(db, owner)
    found = await owner.fetch(
        "select ceiling, lower(valid) < now() - interval '1 day' as past from grant_version v"
        " join power_grant g on g.id = v.grant_id where g.number = 'G1' and upper_inf(v.recorded) order by lower(valid)"
    )
    assert [tuple(row) for row in found] == [(500_000, True), (400_000, False)]
    assert await owner.fetchval("select count(*) from grant_version") == 5 + 2
    await offered(db, tmp_path / "c", with_cell(REGISTER, "budgetten", 2, "bedrag", "90000"), "budgetten")
    await confirmed(db, owner)
    assert await owner.fetch("select amount, upper_inf(recorded) from budget order by lower(recorded)") == [
        (12_000_000, False),
        (9_000_000, True),
    ]


async def test_what_is_said_of_the_whole_grant_holds_for_all_its_time(
    db: Database, owner: asyncpg.Connection, tmp_path: Path
) -> None:
    """M13, M17: a publication or withdrawal is a fact about the grant, not a new period."""
    await with_register(db, tmp_path, with_cell(REGISTER, "mandaten", 3, "bekendgemaakt_op", ""))
    day = TODAY.isoformat()
    files = with_cell(REGISTER, "mandaten", 3, "bekendgemaakt_op", day)
    lines = await offered(db, tmp_path / "b", with_cell(files, "mandaten", 5, "ingetrokken_op", day))
    assert f"  ~ G1: bekendgemaakt_op: leeg → {day}" in lines
    await confirmed(db, owner)
    assert await owner.fetchval("select count(*) from grant_version where upper_inf(recorded)") == 5
    verbs = await owner.fetch(
        "select facts ->> 'number', verb from journal where verb like 'grant.%' order by id desc limit 2"
    )
    assert {tuple(row) for row in verbs} == {("G1", "grant.published"), ("G2", "grant.withdrawn")}


async def test_articles_move_and_old_ones_stay_for_old_decisions(
    db: Database, owner: asyncpg.Connection, tmp_path: Path
) -> None:
    await with_register(db, tmp_path)
    lines = await offered(
        db, tmp_path / "b", with_cell(REGISTER, "bevoegdheden", 2, "grondslag", "Awb 4:23|ASV Zuidwolde 4")
    )
    assert "  ~ SUB-01: grondslag: Awb 4:23|ASV Zuidwolde 3 → Awb 4:23|ASV Zuidwolde 4" in lines
    await confirmed(db, owner)
    rows = await owner.fetch(
        "select text, upper_inf(valid) from power_basis where upper_inf(recorded) and text <> 'Awb 7:11' order by text"
    )
    assert [tuple(row) for row in rows] == [("ASV Zuidwolde 3", False), ("ASV Zuidwolde 4", True), ("Awb 4:23", True)]


async def test_odd_but_allowed_is_said(db: Database, tmp_path: Path) -> None:
    """M13: decided, not published; M17: below what has ended; M23: a replacement without a decision; M07: what a change spoils."""
    await with_register(db, tmp_path)
    files = with_cell(REGISTER, "mandaten", 2, "ingetrokken_op", TODAY.isoformat())
    files = with_cell(files, "mandaten", 5, "bekendgemaakt_op", "")
    lines = await offered(db, tmp_path / "b", with_cell(files, "vervangingen", 2, "besluit", ""))
    assert "mandaten:3:ouder: let op: C1 geldt niet meer, dus dit ook niet (M17)" in lines
    assert "mandaten:5:bekendgemaakt_op: let op: nog niet bekendgemaakt, dus het werkt nog niet (M13)" in lines
    assert "vervangingen:2:besluit: let op: zonder besluit geldt de vervanging niet (M23)" in lines
    spoilt = {"bevoegdheden": with_cell(REGISTER, "bevoegdheden", 2, "mandateerbaar", "nee")["bevoegdheden"]}
    lines = await offered(db, tmp_path / "c", spoilt)
    assert "mandaat G1: let op: SUB-01 kan niet worden gemandateerd (register). (M07)" in lines


TEN = "2016-01-01"
# file, row, column, cell → the fault, after `file:row:`
BAD: list[tuple[str, int, str, str, str]] = [
    ("mandaten", 3, "grens", "7,500", "grens: '7,500' is geen bedrag; schrijf bijvoorbeeld 7500 of 7.500,00"),
    ("mandaten", 3, "grens", "1,000.50", "grens: '1,000.50' is geen bedrag; schrijf bijvoorbeeld 7500 of 7.500,00"),
    ("mandaten", 3, "grens", "1.000.50", "grens: '1.000.50' is geen bedrag; schrijf bijvoorbeeld 7500 of 7.500,00"),
    ("mandaten", 3, "grens", "7.5", "grens: '7.5' is geen bedrag; schrijf bijvoorbeeld 7500 of 7.500,00"),
    ("mandaten", 3, "grens", "1e9", "grens: '1e9' is geen bedrag; schrijf bijvoorbeeld 7500 of 7.500,00"),
    ("mandaten", 3, "grens", "７５００", "grens: '７５００' is geen bedrag; schrijf bijvoorbeeld 7500 of 7.500,00"),
    ("mandaten", 3, "grens", "NaN", "grens: 'NaN' is geen bedrag; schrijf bijvoorbeeld 7500 of 7.500,00"),
    ("mandaten", 3, "grens", "-5", "grens: '-5' is geen bedrag; schrijf bijvoorbeeld 7500 of 7.500,00"),
    ("mandaten", 3, "grens", "=5000", "grens: '=5000' is geen bedrag; schrijf bijvoorbeeld 7500 of 7.500,00"),
    ("budgetten", 2, "bedrag", "7.5", "bedrag: '7.5' is geen bedrag; schrijf bijvoorbeeld 7500 of 7.500,00"),
    ("mandaten", 3, "van", "29-02-2027", "van: de dag 29-02-2027 bestaat niet"),
    ("mandaten", 3, "tot", TEN, "tot: ligt voor 'van'"),
    ("mandaten", 3, "grens", "25.000,01", "grens: De grens van G1, € 25.000,01, is hoger dan die van C1, € 25.000 (M02)"),
    ("mandaten", 3, "grens", "", ""),
    ("mandaten", 2, "grens", "1.000", "grens: De grens van G1, € 5.000, is hoger dan die van C1, € 1.000 (M02)"),
    ("mandaten", 2, "ouder", "G1", "ouder: De mandaten verwijzen in een kring naar elkaar (M02)"),
    ("mandaten", 2, "ouder", "C1", "ouder: een mandaat kan niet onder zichzelf hangen"),
    ("mandaten", 3, "ouder", "Z9", "ouder: het mandaat 'Z9' staat niet in het register"),
    ("mandaten", 3, "van", TEN, "van: G1 begint eerder dan C1 (M02)"),
    ("mandaten", 2, "tot", "2027-01-01", "tot: G1 duurt langer dan C1 (M02)"),
    ("mandaten", 2, "ondermandaat", "nee", "ouder: C1 mag niet worden doorgegeven (M04)"),
    ("mandaten", 2, "bevoegdheden", "OOV-01", "bevoegdheden: OOV-01 kan niet worden gemandateerd (Gemeentewet 177) (M07)"),
    ("mandaten", 2, "bevoegdheden", "INK-02", "bevoegdheden: SUB-01 staat niet in C1 (M02)"),
    ("mandaten", 2, "bevoegdheden", "XX-99", "bevoegdheden: de bevoegdheid 'XX-99' bestaat niet"),
    ("mandaten", 2, "bevoegdheden", "", "bevoegdheden: Kies ten minste één bevoegdheid uit de lijst. Alleen tekst is te vaag (M12)"),
    ("mandaten", 2, "gever", "orgaan:raad", "gever: SUB-01 is geen bevoegdheid van de gever (M01)"),
    ("mandaten", 2, "gever", "rol:GR/Boombeheerder", "gever: Een mandaat zonder mandaat erboven komt van een bestuursorgaan (M03)"),
    ("mandaten", 3, "gever", "orgaan:raad", "gever: Alleen wie C1 heeft, mag dit doorgeven (M03)"),
    ("mandaten", 3, "soorten", "volmacht", "soorten: C1 geeft geen volmacht (M02)"),
    ("mandaten", 3, "soorten", "delegatie", "gever: Delegatie kan alleen naar een ander bestuursorgaan, nooit aan een ondergeschikte (M03)"),
    ("mandaten", 3, "soorten", "briefje", "soorten: 'briefje' kan hier niet; kies uit mandaat, volmacht, machtiging, ondertekening, delegatie"),
    ("mandaten", 3, "ontvanger", "extern:Omgevingsdienst", "instemming_ontvanger_op: De ontvanger werkt niet onder de gever en heeft nog niet ingestemd (M05)"),
    ("mandaten", 3, "ontvanger", "team:GR", "ontvanger: 'team:GR' begint niet met een van deze woorden: orgaan:, rol:, functie:, persoon:, extern:"),
    ("mandaten", 3, "ontvanger", "rol:GR/Niemand", "ontvanger: 'rol:GR/Niemand' bestaat niet"),
    ("mandaten", 3, "ontvanger", "functie:burgermeester", "ontvanger: 'functie:burgermeester' bestaat niet"),
    ("mandaten", 3, "ontvanger", "persoon:99", "ontvanger: 'persoon:99' bestaat niet"),
    ("mandaten", 3, "bekendgemaakt_op", TEN, "bekendgemaakt_op: Bekendmaken kan pas na het besluit"),
    ("mandaten", 3, "besloten_op", "2199-01-01", "besloten_op: ligt na vandaag"),
    ("mandaten", 3, "ingetrokken_op", TEN, "ingetrokken_op: ligt voor het besluit, of er is nog niet besloten"),
    ("mandaten", 3, "vorm", "bepaald_geval", "zaak: Noem de zaak waarvoor dit mandaat geldt (M06)"),
    ("mandaten", 3, "voorwaarden", "vier_ogen>7,5", "voorwaarden: 'vier_ogen>7,5' begint als een regel, maar is zo niet te lezen"),
    ("mandaten", 3, "voorwaarden", "advies:GR/Niemand>5", "voorwaarden: er is geen rol 'GR/Niemand'"),
    ("mandaten", 3, "voorwaarden", "goed|=cmd()", "voorwaarden: begint met een teken van een formule (= + - @ of tab); zet er een letter voor"),
    ("mandaten", 3, "instructies", "@SUM(A1)", "instructies: begint met een teken van een formule (= + - @ of tab); zet er een letter voor"),
    ("mandaten", 3, "ondermandaat", "9", "ondermandaat: '9' kan hier niet; kies nee, ja, 1 tot en met 8, of alleen_aan:TEAM/ROL"),
    ("mandaten", 3, "nummer", "C1", "nummer: staat ook in rij 2"),
    ("mandaten", 4, "bevoegdheden", "INK-02", "bevoegdheden: Kies losse bevoegdheden of 'alles behalve', niet allebei (M12)"),
    ("bevoegdheden", 2, "orgaan", "hof", "orgaan: er is geen orgaan 'hof'"),
    ("mandaten", 3, "nummer", "2024/12", "nummer: mag geen spatie, schuine streep of | bevatten"),
    ("mandaten", 3, "nummer", "..", "nummer: heeft geen letter of cijfer"),
    ("mandaten", 3, "nummer", "Nieuw", "nummer: 'Nieuw' gebruikt Teams zelf; kies een ander nummer"),
    ("bevoegdheden", 2, "soort", "vaag", "soort: 'vaag' kan hier niet; kies uit besluit, privaatrecht, feitelijk"),
    ("bevoegdheden", 4, "alleen_aan", "", "alleen_aan: noem aan wie deze bevoegdheid wel gegeven mag worden"),
    ("bevoegdheden", 2, "code", "SUB 01", "code: mag geen spatie, schuine streep of | bevatten"),
    ("uitsluitingen", 2, "bevoegdheid", "XX-99", "bevoegdheid: de bevoegdheid 'XX-99' bestaat niet"),
    ("uitsluitingen", 2, "regel", "bedrag>veel", "regel: 'bedrag>veel' begint als een regel, maar is zo niet te lezen"),
    ("vervangingen", 2, "vervanger", "99", "vervanger: er is niemand met personeelsnummer '99'"),
    ("vervangingen", 2, "reden", "zin", "reden: 'zin' kan hier niet; kies uit afwezig, ontstentenis"),
    ("vervangingen", 2, "tot", TEN, "tot: ligt voor 'van'"),
    ("budgetten", 2, "jaar", "26", "jaar: '26' is geen jaar van 2000 tot en met 2199"),
    ("budgetten", 2, "budgethouder", "GR/Niemand", "budgethouder: er is geen rol 'GR/Niemand'; schrijf TEAM/ROL"),
    ("budgetten", 2, "bevoegdheden", "XX-99", "bevoegdheden: de bevoegdheid 'XX-99' bestaat niet"),
]  # fmt: skip


async def test_bad_rows_are_refused_with_their_place_and_nothing_is_stored(
    db: Database, owner: asyncpg.Connection, tmp_path: Path
) -> None:
    await with_register(db, tmp_path)
    before = await rows_of_register(owner)
    for number, (file, row, column, cell, fault) in enumerate(BAD):
        kind = "budgetten" if file == "budgetten" else "mandaten"
        folder = write(tmp_path / str(number), with_cell(REGISTER, file, row, column, cell))
        code, lines = await run_import(db, kind, folder, dry_run=not fault, namens=None)
        if not fault:
            assert code == 0, lines
            continue
        assert code == 1, (file, row, column, cell)
        assert any(line.startswith(f"{file}:") and line.split(":", 2)[2] == fault for line in lines), (fault, lines)
        assert lines[-1].endswith("niets ingelezen")
    assert await rows_of_register(owner) == before


async def test_all_faults_are_told_at_once(db: Database, tmp_path: Path) -> None:
    await municipality(db, tmp_path)
    files = with_row(
        REGISTER, "mandaten",
        grant("X1", "OOV-01|XX-99", "orgaan:college", "rol:GR/Niemand", grens="7,5", van="29-02-2027"),
        grant("X2", "OOV-01", "orgaan:college", SECRETARY_ROLE, bekendgemaakt_op=TEN),
    )  # fmt: skip
    files = with_row(files, "bevoegdheden", power("ZZ-01", "hof"))
    code, lines = await run_import(db, "mandaten", write(tmp_path / "r", files), dry_run=False, namens=SECRETARY)
    assert code == 1
    assert [line.split(": ")[0] for line in lines[:-1]] == [
        "mandaten:7:grens", "mandaten:7:van", "bevoegdheden:7:orgaan", "mandaten:8:bevoegdheden",
        "mandaten:8:bekendgemaakt_op", "mandaten:8:gever",
    ]  # fmt: skip
    assert lines[-1] == "6 fouten, niets ingelezen"


@pytest.mark.parametrize("end", ["", LAST_YEAR])
async def test_withdrawn_grants_may_break_todays_rules(db: Database, tmp_path: Path, end: str) -> None:
    """M17: what was taken long ago stays in the register, also when the rules have changed since."""
    await municipality(db, tmp_path)
    old = grant("O1", "OOV-01", "orgaan:burgemeester", SECRETARY_ROLE, ingetrokken_op=end)
    folder = write(tmp_path / "r", with_row(REGISTER, "mandaten", old))
    code, _ = await run_import(db, "mandaten", folder, dry_run=False, namens=SECRETARY)
    assert code == (0 if end else 1)


async def test_the_budget_says_what_formation_a_team_has(
    db: Database, owner: asyncpg.Connection, tmp_path: Path
) -> None:
    """Klussen 3.3: formation is what the budget allows, in full-time places of 36 hours."""
    await with_register(db, tmp_path)
    head, row = REGISTER["budgetten"]
    wide = {**REGISTER, "budgetten": [[*head, "formatie", "team"], [*row, "12,5", ""]]}
    lines = await offered(db, tmp_path / "b", wide, "budgetten")
    assert "  ~ P-GR 2026: formatie: leeg → 12,5; team: leeg → GR" in lines, lines
    await confirmed(db, owner)
    now_known = "select b.formation, t.code from budget b join team t on t.id = b.team_id where upper_inf(b.recorded)"
    assert tuple(await owner.fetchrow(now_known)) == (4500, "GR")
    for files in (wide, REGISTER):
        assert (await offered(db, tmp_path / "c", files, "budgetten"))[-1] == "Er is niets te veranderen."
    for number, cells in enumerate((["veel", "GR"], ["1,5", "XX"])):
        wrong = {**REGISTER, "budgetten": [[*head, "formatie", "team"], [*row, *cells]]}
        code, said = await run_import(
            db, "budgetten", write(tmp_path / f"w{number}", wrong), dry_run=False, namens=None
        )
        assert code == 1 and said[0].startswith(f"budgetten:2:{'formatie' if number == 0 else 'team'}"), said
