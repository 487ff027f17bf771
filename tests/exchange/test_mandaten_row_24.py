"""Row 24 in an import of mandates: circles of holders, and a chain that is far too long."""

from datetime import datetime
from pathlib import Path

import pytest

from teams.exchange.mandaten import checks
from teams.exchange.run import run_import
from teams.kit.db import Database
from teams.kit.errors import Reason
from teams.mandates.chains import MAX_DEPTH
from teams.mandates.check import check_grant
from teams.mandates.facts import Facts, Grant
from tests.exchange.files import SECRETARY, with_row, write
from tests.exchange.register import REGISTER, SECRETARY_ROLE, grant, municipality

ROLE = "rol:GR/Boombeheerder"


async def refused(db: Database, folder: Path, *rows: list[str]) -> list[str]:
    files = with_row(REGISTER, "mandaten", *rows)
    code, lines = await run_import(db, "mandaten", write(folder, files), dry_run=True, namens=SECRETARY)
    assert code == 1
    return lines


async def test_what_someone_passed_on_does_not_come_back(db: Database, tmp_path: Path) -> None:
    await municipality(db, tmp_path)
    lines = await refused(
        db, tmp_path / "k",
        grant("K1", "SUB-01", "orgaan:college", SECRETARY_ROLE, ondermandaat="ja"),
        grant("K2", "SUB-01", SECRETARY_ROLE, ROLE, ouder="K1", ondermandaat="ja"),
        grant("K3", "SUB-01", ROLE, SECRETARY_ROLE, ouder="K2"),
    )  # fmt: skip
    said = "De ontvanger van K3 gaf dit zelf door met K2. Zo gaat het in een kring rond (M02)"
    assert f"mandaten:9:ouder: {said}" in lines


async def test_a_chain_without_end_costs_its_length(
    db: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each grant is judged between those that a chain can reach: a thousand took minutes when it was between all of them."""
    seen: list[int] = []

    def checked(facts: Facts, draft: Grant, *, at: datetime) -> list[Reason]:
        seen.append(len(facts.grants))
        return check_grant(facts, draft, at=at)

    monkeypatch.setattr(checks, "check_grant", checked)
    await municipality(db, tmp_path)
    ends = (SECRETARY_ROLE, ROLE)
    chain = [
        grant(f"K{n}", "SUB-01", ends[n % 2], ends[1 - n % 2], ouder=f"K{n - 1}", ondermandaat="ja")
        for n in range(1, 60)
    ]
    top = grant("K0", "SUB-01", "orgaan:college", ends[1], ondermandaat="ja")
    lines = await refused(db, tmp_path / "k", top, *chain)
    assert "mandaten:40:ouder: De keten is langer dan 8 stappen (M02)" in lines
    assert max(seen) <= 2 * (MAX_DEPTH + 1) + 1
