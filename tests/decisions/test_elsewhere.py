"""Decisions taken elsewhere: answered as of their own moment, recorded once, also when they lacked authority (mandates 2.4, M27)."""

import asyncio
import csv
import time
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import asyncpg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from teams.decisions.actions import elsewhere as module
from teams.decisions.actions.elsewhere import Elsewhere, Laid, record_elsewhere
from teams.decisions.models import Source
from teams.decisions.queries.known import weigh
from teams.decisions.queries.many import facts_by_moment, weigh_many
from teams.exchange.run import run_import
from teams.journal.models import Actor
from teams.kit.clock import now
from teams.kit.db import Database
from teams.mandates.question import Question
from tests.decisions.acts import FORM, settle
from tests.mandates.stored import uid

HEAD = [
    "kenmerk",
    "bevoegdheid",
    "personeelsnummer",
    "op",
    "bedrag",
    "zaak",
    "wederpartij",
    "onderwerp",
    "motivering",
    "gevoelig",
    "belang",
]
SYSTEM = Actor(None, "Zaaksysteem", origin="zaaksysteem")


@pytest.fixture(autouse=True)
async def there(owner: asyncpg.Connection) -> None:
    await settle(owner)


async def number_of(owner: asyncpg.Connection, name: str) -> str:
    found: str = await owner.fetchval("select number from person where id = $1", uid(name))
    return found


def write(path: Path, rows: Sequence[Sequence[str]], head: Sequence[str] = HEAD) -> Path:
    with (path / "besluiten.csv").open("w", newline="", encoding="utf-8") as file:
        csv.writer(file, delimiter=";").writerows([head, *rows])
    return path / "besluiten.csv"


def day(back: int = 1) -> str:
    return (datetime.now(UTC) - timedelta(days=back)).date().isoformat()


def line(kenmerk: str, person: str, **more: str) -> list[str]:
    cells = {
        "kenmerk": kenmerk, "bevoegdheid": "SUB-01", "personeelsnummer": person, "op": day(), "bedrag": "4000",
        "zaak": "", "wederpartij": "", "onderwerp": "Subsidie", "motivering": "Past in de regeling.", "gevoelig": "nee", "belang": "nee",
    }  # fmt: skip
    return [{**cells, **more}[name] for name in HEAD]


async def outcomes(owner: asyncpg.Connection) -> dict[str, str]:
    return dict(await owner.fetch("select external, outcome from decision"))


async def test_a_yes_and_a_no_are_both_recorded_with_where_they_came_from(
    db: Database, owner: asyncpg.Connection, tmp_path: Path
) -> None:
    noor, cas = await number_of(owner, "noor"), await number_of(owner, "cas")
    path = write(tmp_path, [line("A-1", noor), line("A-2", noor, bedrag="7.500,00"), line("A-3", cas)])
    code, told = await run_import(db, "besluiten", path, dry_run=True, namens=None)
    assert (code, told[-1]) == (0, "Proef: er is niets veranderd.")
    assert await owner.fetchval("select count(*) from decision") == 0, "a dry run changes nothing"
    code, told = await run_import(db, "besluiten", path, dry_run=False, namens=None)
    assert code == 0, told
    assert told[0] == "3 besluiten: 3 nieuw, 0 stonden er al."
    assert "2 zonder bevoegdheid genomen" in told[1]
    assert await outcomes(owner) == {"A-1": "bevoegd", "A-2": "gebrek", "A-3": "gebrek"}
    rows = await owner.fetch("select source, verdict, person_id, number, entry_id from decision order by number")
    assert {row["source"] for row in rows} == {"invoer"}
    assert [row["verdict"] for row in rows] == ["ja", "nee", "nee"]
    entries = await owner.fetch("select accountable, actor from journal where verb = 'decision.taken'")
    assert [(row["accountable"], row["actor"]) for row in entries] == [(True, None)] * 3
    actor = await owner.fetchval(
        "select value from journal_text where field = 'actor' and entry = $1", rows[0]["entry_id"]
    )
    assert actor == uid("noor"), "the entry names who decided, not who read the file"
    again, told = await run_import(db, "besluiten", path, dry_run=False, namens=None)
    assert (again, told) == (0, ["3 besluiten: 0 nieuw, 3 stonden er al.", "Er is niets te veranderen."])
    assert await owner.fetchval("select count(*) from decision") == 3


async def test_every_bad_row_is_named_and_nothing_is_read(
    db: Database, owner: asyncpg.Connection, tmp_path: Path
) -> None:
    noor = await number_of(owner, "noor")
    tomorrow = (datetime.now(UTC) + timedelta(days=2)).date().isoformat()
    rows = [
        line("B-1", noor), line("B-1", noor), line("", noor), line("B-2", "9999999"), line("B-3", noor, op=tomorrow),
        line("B-4", noor, op="gisteren"), line("B-5", noor, bevoegdheid="XYZ-99"), line("B-6", noor, motivering=""),
        line("B-7", noor, gevoelig="misschien"), line("B-8", noor, onderwerp="=1+1"), line("B-9", noor, op="2026-11-20T10:00"),
    ]  # fmt: skip
    code, told = await run_import(db, "besluiten", write(tmp_path, rows), dry_run=False, namens=None)
    assert code == 1
    places = {line.split(": ")[0] for line in told}
    assert places >= {
        "besluiten:3:kenmerk", "besluiten:4:kenmerk", "besluiten:5:personeelsnummer", "besluiten:6:op", "besluiten:7:op",
        "besluiten:9:motivering", "besluiten:10:gevoelig", "besluiten:11:onderwerp", "besluiten:12:op",
    }  # fmt: skip
    assert told[-1].endswith("fouten, niets ingelezen")
    code, told = await run_import(
        db, "besluiten", write(tmp_path, [rows[6], line("B-0", noor)]), dry_run=False, namens=None
    )
    assert told == ["besluiten:2:bevoegdheid: de bevoegdheid XYZ-99 staat niet in de lijst", "1 fout, niets ingelezen"]
    assert await owner.fetchval("select count(*) from decision") == 0


@pytest.mark.parametrize("amount", ["7500", "7500,50", "7500.00", "7.500", "7.500,00", "€ 7.500,-"])
async def test_amounts_that_are_read(db: Database, owner: asyncpg.Connection, tmp_path: Path, amount: str) -> None:
    path = write(tmp_path, [line("C-1", await number_of(owner, "noor"), bedrag=amount)])
    assert (await run_import(db, "besluiten", path, dry_run=False, namens=None))[0] == 0
    assert await owner.fetchval("select cents from decision") == (750050 if ",50" in amount else 750000)


async def test_amounts_that_are_refused(db: Database, owner: asyncpg.Connection, tmp_path: Path) -> None:
    noor = await number_of(owner, "noor")
    bad = ["7,500", "1,000.50", "1.000.50", "7.5", "1e9", "７５００", "NaN"]
    path = write(tmp_path, [line(f"D-{n}", noor, bedrag=cell) for n, cell in enumerate(bad)])
    code, told = await run_import(db, "besluiten", path, dry_run=False, namens=None)
    assert code == 1
    assert [line.split(": ")[0] for line in told[:-1]] == [f"besluiten:{n}:bedrag" for n in range(2, 2 + len(bad))]


async def test_the_same_name_with_other_facts_is_refused(
    db: Database, owner: asyncpg.Connection, tmp_path: Path
) -> None:
    noor = await number_of(owner, "noor")
    await run_import(db, "besluiten", write(tmp_path, [line("E-1", noor)]), dry_run=False, namens=None)
    path = write(tmp_path, [line("E-1", noor, bedrag="4001"), line("E-2", noor)])
    code, told = await run_import(db, "besluiten", path, dry_run=False, namens=None)
    assert code == 1
    assert told[0].startswith("besluiten:2:kenmerk: dit kenmerk staat al op besluit ")
    assert await outcomes(owner) == {"E-1": "bevoegd"}


async def test_each_is_answered_as_of_its_own_moment(db: Database, owner: asyncpg.Connection, tmp_path: Path) -> None:
    """The grant begins in 2026; what was decided before it had none, whatever holds today."""
    noor = await number_of(owner, "noor")
    rows = [line("F-1", noor, op="2025-06-01"), line("F-2", noor, op="2-1-2026"), line("F-3", noor)]
    assert (await run_import(db, "besluiten", write(tmp_path, rows), dry_run=False, namens=None))[0] == 0
    found = await owner.fetch("select external, verdict, recorded_at > decided_at as later from decision")
    assert {row["external"]: row["verdict"] for row in found}["F-1"] != "ja"
    assert all(row["later"] for row in found)


async def test_pieces_in_one_file_count_together(db: Database, owner: asyncpg.Connection, tmp_path: Path) -> None:
    """M21: the earliest fits under the ceiling, the next ones of the same case do not, whatever their order in the file."""
    noor = await number_of(owner, "noor")
    rows = [
        line("G-3", noor, op=day(1), zaak="Z-1", bedrag="3000"),
        line("G-1", noor, op=day(9), zaak="z/1", bedrag="3000"),
    ]
    rows += [line("G-2", noor, op=day(5), zaak="Z-2", bedrag="3000")]
    assert (await run_import(db, "besluiten", write(tmp_path, rows), dry_run=False, namens=None))[0] == 0
    assert await outcomes(owner) == {"G-1": "bevoegd", "G-2": "bevoegd", "G-3": "gebrek"}


async def test_what_is_too_small_to_log_is_left_out_and_said(
    db: Database, owner: asyncpg.Connection, boss: asyncpg.Connection, tmp_path: Path
) -> None:
    await boss.execute(
        "update power_version v set recording = 'niet' from power p where p.id = v.power_id and p.code = 'SUB-01'"
    )
    path = write(tmp_path, [line("H-1", await number_of(owner, "noor"))])
    code, told = await run_import(db, "besluiten", path, dry_run=False, namens=None)
    assert (code, told[1]) == (0, "1 overgeslagen: hun bevoegdheid wordt niet vastgelegd.")
    assert await owner.fetchval("select count(*) from decision") == 0


CASES = st.sampled_from([None, "Z-1", "z 1", "Z-2"])
ROW = st.tuples(
    st.sampled_from(["SUB-01", "PW-07", "WKPB-1", "INK-02", "HAN-04"]),
    st.sampled_from(["noor", "cas", "wieke", "gijs", "bram", "alder"]),
    st.integers(0, 6_000).map(lambda euros: euros * 100), CASES, st.sampled_from([None, "Jansen", "JANSEN B.V.", "De Vries"]),
    st.integers(1, 400),
)  # fmt: skip


@settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
@given(rows=st.lists(ROW, min_size=2, max_size=6))
async def test_all_at_once_answers_as_one_by_one(db: Database, owner: asyncpg.Connection, rows: list[Any]) -> None:
    """The quick way gives the verdict and sums that the ordinary question gives once the ones before are recorded."""
    prefix = str(time.perf_counter_ns())
    async with db.begin() as session:
        at = await now(session)

    def renamed(name: str | None) -> str | None:
        return name and f"{prefix} {name}"

    asked = [
        Question(code, at - timedelta(days=back), at, uid(who), None, cents, renamed(case), renamed(party), interest=False, sensitive=False)
        for code, who, cents, case, party, back in rows
    ]  # fmt: skip
    async with db.read() as session:
        many = await weigh_many(session, asked, await facts_by_moment(session, asked))
    for n in sorted(range(len(asked)), key=lambda n: (asked[n].moment, n)):
        async with db.begin() as session:
            one = await weigh(session, asked[n], recording=True)
            assert one.answer.verdict is many[n].answer.verdict
            assert one.judgement.parts[0].view.total == many[n].judgement.parts[0].view.total
            row = Elsewhere(f"{prefix}-{n}", asked[n], FORM)
            await record_elsewhere(session, [row], source=Source.CASE_SYSTEM, by=SYSTEM, at=await now(session))


async def arrive(db: Database, external: str, q: Question) -> Laid:
    async with db.begin() as session:
        row = Elsewhere(external, q, FORM)
        return await record_elsewhere(session, [row], source=Source.CASE_SYSTEM, by=SYSTEM, at=await now(session))


async def question(db: Database) -> Question:
    async with db.begin() as session:
        at = await now(session)
    return Question("SUB-01", at, at, uid("noor"), cents=100_00, case="Z-9", interest=False, sensitive=False)


async def test_two_same_ones_at_once_are_one_decision(
    db: Database, owner: asyncpg.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    q = await question(db)
    told = await asyncio.gather(*(arrive(db, "zaak/1", q) for _ in range(4)))
    assert sorted((one.new, one.same) for one in told) == [(0, 1), (0, 1), (0, 1), (1, 0)]
    assert await owner.fetchval("select count(*) from decision") == 1

    async def no_turn(*args: Any) -> None: ...

    monkeypatch.setattr(module, "take_turn", no_turn)
    without = await asyncio.gather(*(arrive(db, "zaak/2", q) for _ in range(4)), return_exceptions=True)
    assert any(isinstance(one, Exception) for one in without), (
        "without its turn the second fails on the database's own guard"
    )
    assert await owner.fetchval("select count(*) from decision") == 2


@pytest.mark.long
async def test_five_thousand_rows(db: Database, owner: asyncpg.Connection, tmp_path: Path) -> None:
    noor = await number_of(owner, "noor")
    rows = [line(f"K-{n}", noor, zaak=f"Z-{n}", op=day(1 + n % 90), bedrag="100") for n in range(5_000)]
    began = time.perf_counter()
    code, told = await run_import(db, "besluiten", write(tmp_path, rows), dry_run=False, namens=None)
    print(f"5000 rows in {time.perf_counter() - began:.1f} s: {told}")
    assert code == 0
    assert await owner.fetchval("select count(*), max(serial) = 5000 from decision") == 5_000
