"""`import personen`: joiners, leavers (R13), hours, home team and skills; at once, whole or not at all."""

from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import asyncpg
import pytest

from teams.exchange.leaving import apply_leaves
from teams.exchange.run import run_import
from teams.kit.clock import now, start_of
from teams.kit.db import Database
from teams.klussen.actions.claim import claim_klus
from tests.exchange.files import FILES, LAST_YEAR, first_import, rows_of_history, with_cell, with_row, write
from tests.klussen.test_claim import posted
from tests.world import START, TODAY, World

YESTERDAY, NEXT_WEEK = TODAY - timedelta(days=1), TODAY + timedelta(days=7)
HEAD = FILES["personen"][0]


async def imported(
    db: Database, folder: Path, *rows: list[str], head: list[str] = HEAD, dry_run: bool = False
) -> tuple[int, list[str]]:
    return await run_import(db, "personen", write(folder, {"personen": [head, *rows]}), dry_run=dry_run, namens=None)


def cato(**cells: str) -> list[str]:
    row = {
        "personeelsnummer": "P003", "naam": "Cato Proef", "email": "cato@proefdam.example", "contracturen": "36",
        "thuisteam": "balie", "in_dienst": START.isoformat(), "uit_dienst": "", "vaardigheden": "",
    }  # fmt: skip
    return list((row | cells).values())


async def test_nothing_differs_nothing_happens(
    db: Database, world: World, owner: asyncpg.Connection, tmp_path: Path
) -> None:
    before = await rows_of_history(owner)
    assert (await imported(db, tmp_path, cato()))[1][-1] == "Er is niets te veranderen."
    assert await rows_of_history(owner) == before


async def test_hours_home_team_name_and_skills_from_today(
    db: Database, world: World, owner: asyncpg.Connection, tmp_path: Path
) -> None:
    row = cato(naam="Cato Anders", contracturen="24", thuisteam="groen", vaardigheden="Snoeien|Tellen")
    code, lines = await imported(db, tmp_path, row)
    assert code == 0
    assert lines[1] == (
        "  ~ P003: naam: Cato Proef → Cato Anders; contracturen: 36.0 → 24; thuisteam: balie → groen; "
        "vaardigheden: leeg → Snoeien|Tellen"
    )
    person = world.people["cato"]
    hours = "select hours from contract where person_id = $1 and upper_inf(recorded) and valid @> $2::date"
    assert await owner.fetchval(hours, person, YESTERDAY) == 36
    assert await owner.fetchval(hours, person, TODAY) == 24
    home = "select team_id from home_team where person_id = $1 and upper_inf(recorded) and valid @> $2::date"
    assert await owner.fetchval(home, person, YESTERDAY) == world.teams["balie"]
    assert await owner.fetchval(home, person, TODAY) == world.teams["groen"]
    verbs = await owner.fetch("select verb from journal order by verb")
    assert [row["verb"] for row in verbs] == [
        "person.changed", "person.home_team_changed", "person.hours_changed", "person.skills_changed",
    ]  # fmt: skip
    assert (await imported(db, tmp_path, row))[1][-1] == "Er is niets te veranderen."


async def test_R13_a_leaver_loses_claims_roles_and_access(
    db: Database, world: World, owner: asyncpg.Connection, tmp_path: Path
) -> None:
    klus = await posted(db, world, van=TODAY - timedelta(days=3))
    async with db.begin() as session:
        await claim_klus(session, klus.id, by=world.actor("cato"))
    await owner.execute("insert into session (id, account_id) values ($1, $2)", b"s" * 32, world.accounts["cato"])
    code, _ = await imported(db, tmp_path, cato(uit_dienst=YESTERDAY.isoformat()))
    assert code == 0
    claim = await owner.fetchrow("select state, seat, ended_on from claim")
    assert tuple(claim) == ("beeindigd", None, TODAY)
    assert await owner.fetchval("select taken from klus where id = $1", klus.id) == 0
    assert await owner.fetchval("select disabled_at is not null from account where id = $1", world.accounts["cato"])
    assert await owner.fetchval("select count(*) from session") == 0
    filled = (
        "select count(*) from role_filling where person_id = $1 and upper_inf(recorded) and valid @> $2::timestamptz"
    )
    assert await owner.fetchval(filled, world.people["cato"], start_of(TODAY)) == 0
    assert await owner.fetchval(filled, world.people["cato"], start_of(TODAY) - timedelta(seconds=1)) == 2


async def test_R13_who_leaves_later_works_on_until_then(
    db: Database, world: World, owner: asyncpg.Connection, tmp_path: Path
) -> None:
    klus = await posted(db, world, van=TODAY - timedelta(days=3), tot=NEXT_WEEK)
    async with db.begin() as session:
        await claim_klus(session, klus.id, by=world.actor("cato"))
    assert (await imported(db, tmp_path, cato(uit_dienst=NEXT_WEEK.isoformat())))[0] == 0
    async with db.begin() as session:
        assert await apply_leaves(session, at=await now(session)) == 0
    assert await owner.fetchval("select count(*) from claim where seat is not null") == 1
    async with db.begin() as session:
        assert await apply_leaves(session, at=start_of(NEXT_WEEK + timedelta(days=1))) == 1
    assert await owner.fetchval("select ended_on from claim") == NEXT_WEEK + timedelta(days=1)
    assert await owner.fetchval("select disabled_at is not null from account where id = $1", world.accounts["cato"])
    async with db.begin() as session:
        assert await apply_leaves(session, at=start_of(NEXT_WEEK + timedelta(days=1))) == 0


async def test_who_comes_back_keeps_the_first_service(
    db: Database, world: World, owner: asyncpg.Connection, tmp_path: Path
) -> None:
    last_month = TODAY - timedelta(days=30)
    await imported(db, tmp_path, cato(uit_dienst=last_month.isoformat()))
    back = cato(in_dienst=TODAY.isoformat(), contracturen="20")
    assert (await imported(db, tmp_path, back))[0] == 0
    rows = await owner.fetch(
        "select lower(valid), upper(valid), hours from contract where person_id = $1 and upper_inf(recorded) order by valid",
        world.people["cato"],
    )  # fmt: skip
    assert [tuple(row) for row in rows] == [
        (START, last_month + timedelta(days=1), Decimal(36)), (TODAY, None, Decimal(20)),
    ]  # fmt: skip
    assert (await imported(db, tmp_path, back))[1][-1] == "Er is niets te veranderen."


async def test_two_people_trade_addresses_and_a_new_one_takes_a_third(
    db: Database, world: World, owner: asyncpg.Connection, tmp_path: Path
) -> None:
    rows = [
        cato(email="dirk@proefdam.example"),
        cato(personeelsnummer="P004", naam="Dirk Proef", contracturen="24", email="cato@proefdam.example"),
        cato(personeelsnummer="P001", naam="Aya Proef", thuisteam="groen", email="aya2@proefdam.example"),
        cato(personeelsnummer="P999", naam="Aya de Nieuwe", email="aya@proefdam.example"),
    ]
    code, lines = await imported(db, tmp_path, *rows)
    assert code == 0, lines
    found = await owner.fetch(
        "select number, email from person where number in ('P001', 'P003', 'P004', 'P999') order by 1"
    )
    assert [row["email"].split("@")[0] for row in found] == ["aya2", "dirk", "cato", "aya"]


async def test_columns_that_are_not_there_change_nothing(
    db: Database, world: World, owner: asyncpg.Connection, tmp_path: Path
) -> None:
    before = await rows_of_history(owner)
    await imported(db, tmp_path, cato()[:4], head=HEAD[:4])
    assert await rows_of_history(owner) == before


async def test_a_dry_run_shows_and_does_nothing(
    db: Database, world: World, owner: asyncpg.Connection, tmp_path: Path
) -> None:
    before = await rows_of_history(owner)
    code, lines = await imported(db, tmp_path, cato(contracturen="12"), dry_run=True)
    assert (code, lines[-1]) == (0, "Proef: er is niets veranderd.")
    assert "  ~ P003: contracturen: 36.0 → 12" in lines
    assert await rows_of_history(owner) == before


async def test_every_fault_is_named_and_nothing_is_read(
    db: Database, world: World, owner: asyncpg.Connection, tmp_path: Path
) -> None:
    before = await rows_of_history(owner)
    code, lines = await imported(
        db, tmp_path, cato(contracturen="12"), cato(naam="Dubbel"),
        cato(personeelsnummer="A1", email="geen adres", contracturen="veel"),
        cato(personeelsnummer="A2", email="a2@x.nl", thuisteam="weg", naam="=HYPERLINK(1)"),
        cato(personeelsnummer="A3", email="a3@x.nl", thuisteam="weg"),
        cato(personeelsnummer="A4", email="aya@proefdam.example"),
        cato(personeelsnummer="A5", email="a5@x.nl", in_dienst="2026-03-01", uit_dienst="28-2-2026"),
        cato(personeelsnummer="A6", email="a6@x.nl", in_dienst="", uit_dienst="2001-01-01"),
        cato(personeelsnummer="", email="a7@x.nl"),
    )  # fmt: skip
    assert code == 1
    assert lines == [
        "personen:4:email: 'geen adres' is geen e-mailadres",
        "personen:4:contracturen: 'veel' is geen aantal uren van 0 tot en met 60, met hooguit één cijfer achter de komma",
        "personen:5:naam: begint met een teken van een formule (= + - @ of tab); zet er een letter voor",
        "personen:8:uit_dienst: ligt voor 'in_dienst'",
        "personen:10:personeelsnummer: mag niet leeg zijn",
        "personen:3:personeelsnummer: P003 staat ook in rij 2",
        "personen:3:email: cato@proefdam.example staat ook in rij 2",
        "personen:7:email: aya@proefdam.example is van personeelsnummer P001",
        "personen:6:thuisteam: er is geen team met code 'weg'",
        "personen:9:uit_dienst: ligt voor de eerste dag in dienst",
        "10 fouten, niets ingelezen",
    ]
    assert await rows_of_history(owner) == before


async def test_personen_before_organisatie_ends_the_same(
    db: Database, owner: asyncpg.Connection, tmp_path: Path
) -> None:
    folder = write(tmp_path, FILES)
    code, lines = await run_import(db, "personen", folder, dry_run=False, namens=None)
    assert code == 0
    assert "personen:2:thuisteam: team ZW volgt bij 'import organisatie'" in lines
    await first_import(db, folder)
    assert await owner.fetchval("select count(*) from home_team where upper_inf(recorded)") == 3
    assert (await run_import(db, "personen", folder, dry_run=False, namens=None))[1][-1] == "Er is niets te veranderen."


async def test_a_future_joiner_is_at_home_from_the_first_day(
    db: Database, owner: asyncpg.Connection, tmp_path: Path
) -> None:
    row = ["4", "Jip", "jip@zuidwolde.example", "36", "GR", NEXT_WEEK.isoformat(), "", ""]
    await first_import(db, tmp_path)
    files = with_row({"personen": FILES["personen"]}, "personen", row)
    assert (await run_import(db, "personen", write(tmp_path, files), dry_run=False, namens=None))[0] == 0
    home = "select lower(valid) from home_team h join person p on p.id = h.person_id where p.number = '4'"
    assert await owner.fetchval(home) == NEXT_WEEK
    later = with_cell(files, "personen", 5, "contracturen", "32")
    assert (await run_import(db, "personen", write(tmp_path, later), dry_run=False, namens=None))[0] == 0
    hours = await owner.fetch(
        "select hours from contract c join person p on p.id = c.person_id where p.number = '4' and upper_inf(c.recorded)"
    )
    assert [row["hours"] for row in hours] == [32]


@pytest.mark.parametrize("last", [date.fromisoformat(LAST_YEAR) - timedelta(days=1), date(1949, 1, 1)])
async def test_leaving_before_coming_is_a_fault(db: Database, tmp_path: Path, last: date) -> None:
    await first_import(db, tmp_path)
    files = with_cell({"personen": FILES["personen"]}, "personen", 2, "uit_dienst", last.isoformat())
    code, lines = await run_import(db, "personen", write(tmp_path, files), dry_run=False, namens=None)
    assert code == 1
    assert lines[0].startswith("personen:2:uit_dienst: ")


async def test_the_code_of_an_open_list_is_kept_with_its_skill(
    db: Database, world: World, owner: asyncpg.Connection, tmp_path: Path
) -> None:
    head = [*HEAD, "vaardigheidcodes"]
    row = [*cato(vaardigheden="Snoeien|Tellen|Praten"), "esco:12||cnl:7"]
    code, lines = await imported(db, tmp_path / "a", row, head=head)
    assert code == 0, lines
    codes = "select name, code from skill where code is not null order by name"
    assert [tuple(one) for one in await owner.fetch(codes)] == [("Praten", "cnl:7"), ("Snoeien", "esco:12")]
    assert (await imported(db, tmp_path / "b", row, head=head))[1][-1] == "Er is niets te veranderen."
    later = [*cato(vaardigheden="Tellen"), "esco:99"]
    code, lines = await imported(db, tmp_path / "c", later, head=head)
    assert code == 0 and any("vaardigheidcodes: leeg → Tellen: esco:99" in line for line in lines), lines
    for skills, wrong, sentence in (
        ("Tellen|Praten", "esco:1", "geef bij elke vaardigheid één code"),
        ("snoeien", "esco:13", "'snoeien' heeft al de code esco:12"),
        ("Lassen", "cnl:7", "de code cnl:7 hoort al bij 'praten'"),
    ):
        code, lines = await imported(db, tmp_path / wrong, [*cato(vaardigheden=skills), wrong], head=head)
        assert code == 1 and f"personen:2:vaardigheidcodes: {sentence}" in lines[0], lines
