"""Whatever stands in the files: an import names faults or plans changes, and never breaks."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from teams.exchange.run import run_import
from teams.kit.db import Database
from tests.exchange.files import FILES, SECRETARY, with_cell, with_row, write
from tests.world import TODAY

cells = st.one_of(
    st.text(max_size=12),
    st.sampled_from(["", "ZW", "GR", "1", "2", "3", "Rolverdeler", "Boombeheerder", "ja", "36", "0", "=1", "x|y|x", "1|2|9"]),
    st.sampled_from([TODAY.isoformat(), "2000-01-01", "2199-12-31", "9999-12-31", "29-02-2027"]),
)  # fmt: skip
spots = st.sampled_from(
    [(name, row, column) for name, rows in FILES.items() for row in range(2, len(rows) + 1) for column in rows[0]]
)
rows = st.sampled_from(list(FILES)).flatmap(
    lambda name: st.tuples(st.just(name), st.tuples(*[cells] * len(FILES[name][0])))
)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(st.lists(st.tuples(spots, cells), max_size=4), st.lists(rows, max_size=3))
@pytest.mark.slow
async def test_no_file_breaks_the_import(
    db: Database,
    tmp_path: Path,
    changed: list[tuple[tuple[str, int, str], str]],
    added: list[tuple[str, tuple[str, ...]]],
) -> None:
    files = FILES
    for (name, row, column), cell in changed:
        files = with_cell(files, name, row, column, cell)
    for name, cells_of_row in added:
        files = with_row(files, name, cells_of_row)
    folder = write(tmp_path, files, encoding="utf-8")
    for kind in ("organisatie", "personen"):
        code, lines = await run_import(db, kind, folder, dry_run=True, namens=SECRETARY)
        assert code in (0, 1)
        assert not any("De database" in line for line in lines), lines
        if code and "niets ingelezen" not in lines[-1]:
            raise AssertionError(lines)
        if code and lines[-1] != "niets ingelezen":
            assert all(line.count(":") >= 3 for line in lines[:-1])
