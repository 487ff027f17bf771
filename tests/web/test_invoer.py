"""An import of structure waits until the secretary confirms it in the browser."""

from pathlib import Path
from typing import Any

from teams.exchange.run import run_import
from tests.world import World


async def test_the_secretary_sees_the_difference_and_confirms(
    visit: Any, db: Any, world: World, tmp_path: Path
) -> None:
    (tmp_path / "teams.csv").write_text("code;naam;bovenliggend\nlucht;Lucht en Geluid;top\n", encoding="utf-8")
    code, lines = await run_import(db, "organisatie", tmp_path, dry_run=False, namens=None)
    assert code == 0, lines
    sef = await visit("sef")
    assert "Bekijk invoer" in (await sef.get("/")).text
    page = await sef.get("/beheer/invoer")
    link = page.text.split('href="/beheer/invoer/')[1].split('"')[0]
    shown = await sef.get(f"/beheer/invoer/{link}")
    assert "Lucht en Geluid" in shown.text
    for other in ("aya", "beer", "kees"):
        assert (
            await (await visit(other)).send_form(f"/beheer/invoer/{link}/bevestiging", {"versie": "1"})
        ).status_code == 403
    assert "Lucht en Geluid" not in (await sef.get("/organisatie")).text
    assert (await sef.send_form(f"/beheer/invoer/{link}/bevestiging", {"versie": "1"})).status_code == 303
    assert "Lucht en Geluid" in (await sef.get("/organisatie")).text
    assert (await sef.send_form(f"/beheer/invoer/{link}/bevestiging", {"versie": "1"})).status_code == 409


async def test_a_refused_import_changes_nothing(visit: Any, db: Any, world: World, tmp_path: Path) -> None:
    (tmp_path / "teams.csv").write_text("code;naam;bovenliggend\nlucht;Lucht en Geluid;top\n", encoding="utf-8")
    await run_import(db, "organisatie", tmp_path, dry_run=False, namens=None)
    sef = await visit("sef")
    link = (await sef.get("/beheer/invoer")).text.split('href="/beheer/invoer/')[1].split('"')[0]
    assert (await sef.send_form(f"/beheer/invoer/{link}/afwijzing", {"reden": "dubbel"})).status_code == 303
    assert "Lucht en Geluid" not in (await sef.get("/organisatie")).text
