"""Whatever stands in the files of a register: faults with their row or a plan, never a break; and what goes in comes out and in again."""

from datetime import timedelta
from pathlib import Path

import asyncpg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from teams.exchange.mandaten.out import FILES as OUT
from teams.exchange.mandaten.out import register_csv
from teams.exchange.run import run_import
from teams.kit.clock import now
from teams.kit.db import Database
from teams.structure.moment import Moment
from tests.exchange.files import SECRETARY, first_import, with_cell, with_row, write
from tests.exchange.register import GRANTS, ORGANS, REGISTER, SECRETARY_ROLE, grant, municipality, power, taken
from tests.world import TODAY

cells = st.one_of(
    st.text(max_size=12),
    st.sampled_from(["", "C1", "G1", "N1", "SUB-01", "INK-02", "orgaan:college", SECRETARY_ROLE, "rol:GR/Boombeheerder", "persoon:1"]),
    st.sampled_from(["ja", "nee", "mandaat", "volmacht|mandaat", "delegatie", "alles", "niets", "3", "alleen_aan:rol:GR/Boombeheerder"]),
    st.sampled_from(["0", "7.500,00", "7.5", "€ 1,-", "1" * 20, "=1", "x|y|x", "vier_ogen>1", "bedrag>1", "extern:Ü"]),
    st.sampled_from([TODAY.isoformat(), "2000-01-01", "1-3-2024", "2199-12-31", "9999-12-31", "29-02-2027"]),
)  # fmt: skip
spots = st.sampled_from(
    [(name, row, column) for name, rows in REGISTER.items() for row in range(2, len(rows) + 1) for column in rows[0]]
)
rows = st.sampled_from(list(REGISTER)).flatmap(
    lambda name: st.tuples(st.just(name), st.tuples(*[cells] * len(REGISTER[name][0])))
)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(st.lists(st.tuples(spots, cells), max_size=4), st.lists(rows, max_size=3))
async def test_no_file_breaks_the_import_of_a_register(
    db: Database,
    tmp_path: Path,
    changed: list[tuple[tuple[str, int, str], str]],
    added: list[tuple[str, tuple[str, ...]]],
) -> None:
    if not (tmp_path / "organisatie").exists():
        await municipality(db, tmp_path)
    files = REGISTER
    for (name, row, column), cell in changed:
        files = with_cell(files, name, row, column, cell)
    for name, cells_of_row in added:
        files = with_row(files, name, cells_of_row)
    folder = write(tmp_path / "r", files, encoding="utf-8")
    for kind in ("mandaten", "budgetten"):
        code, lines = await run_import(db, kind, folder, dry_run=True, namens=SECRETARY)
        assert code in (0, 1)
        assert not any("De database" in line for line in lines), lines
        assert code == 0 or "niets ingelezen" in lines[-1]
        if code and lines[-1] != "niets ingelezen":
            assert all(line.count(":") >= 3 for line in lines[:-1]), lines


def many(count: int) -> list[list[str]]:
    """Positions of one large list, with amounts and days as different people write them."""
    amounts = ("", "7500", "7500,50", "7500.00", "7.500", "7.500,00", "€ 7.500,-")
    begin = TODAY - timedelta(days=400)
    days = (begin.isoformat(), f"{begin:%d-%m-%Y}", f"{begin.day}-{begin.month}-{begin.year}")
    return [
        grant(
            f"B.{n}", "SUB-01", "orgaan:college", SECRETARY_ROLE, grens=amounts[n % 7],
            **dict.fromkeys(("van", "besloten_op", "bekendgemaakt_op"), days[n % 3]),
        )
        for n in range(count)
    ]  # fmt: skip


@pytest.mark.parametrize(
    "how",
    [{"encoding": "utf-8-sig"}, {"delimiter": ","}, {}, {"encoding": "cp1252"}],
    ids=["BOM", "comma", "no BOM", "cp1252"],
)
async def test_three_hundred_rows_in_and_out_and_in_again(
    db: Database, owner: asyncpg.Connection, tmp_path: Path, how: dict[str, str]
) -> None:
    await first_import(db, tmp_path / "organisatie", ORGANS)
    files = {"bevoegdheden": REGISTER["bevoegdheden"], "mandaten": [GRANTS, *many(20 if how else 300)]}
    code, lines = await run_import(
        db, "mandaten", write(tmp_path / "in", files, **how), dry_run=False, namens=SECRETARY
    )
    assert code == 0, lines
    assert set(await owner.fetchval("select array_agg(distinct ceiling) from grant_version")) == {
        None,
        750_000,
        750_050,
    }
    (tmp_path / "uit").mkdir()
    async with db.read() as session:
        at = await now(session)
        for file in OUT:
            made = await taken(register_csv(session, Moment(at, at, at), file))
            (tmp_path / "uit" / f"{file}.csv").write_bytes(made)
    code, lines = await run_import(db, "mandaten", tmp_path / "uit", dry_run=False, namens=SECRETARY)
    assert (code, lines[-1]) == (0, "Er is niets te veranderen."), lines


async def test_a_list_without_a_single_grant_and_one_that_lacks_columns(db: Database, tmp_path: Path) -> None:
    await municipality(db, tmp_path)
    empty = write(tmp_path / "a", {"mandaten": [GRANTS]})
    code, lines = await run_import(db, "mandaten", empty, dry_run=False, namens=SECRETARY)
    assert (code, lines[-1]) == (0, "Er is niets te veranderen.")
    lacking = [row[:1] + row[2:4] for row in [GRANTS, grant("C1", "SUB-01", "orgaan:college", SECRETARY_ROLE)]]
    code, lines = await run_import(
        db, "mandaten", write(tmp_path / "b", {"mandaten": lacking}), dry_run=False, namens=SECRETARY
    )
    assert (code, lines) == (
        1, ["mandaten:1:bevoegdheden: deze kolom ontbreekt", "mandaten:1:ontvanger: deze kolom ontbreekt", "2 fouten, niets ingelezen"],
    )  # fmt: skip
    twice = {"bevoegdheden": [*REGISTER["bevoegdheden"], power("SUB-01", "raad")]}
    code, lines = await run_import(db, "mandaten", write(tmp_path / "c", twice), dry_run=False, namens=SECRETARY)
    assert (code, lines[0]) == (1, "bevoegdheden:7:code: staat ook in rij 2")
