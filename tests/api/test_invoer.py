"""Imports that wait: seen and confirmed by the secretary alone."""

from pathlib import Path
from typing import Any
from uuid import uuid4

from teams.exchange.run import run_import
from teams.kit.db import Database
from tests.api.conftest import Call, codes
from tests.world import START, TODAY, World

TEAMS = f"""code;naam;bovenliggend;doel;cluster;van;tot
top;Proefdam;;Het doel van Proefdam.;;{START};
groen;Groen en Water;top;Schone sloten en gezonde bomen.;;{START};
balie;Balie;top;Het doel van Balie.;;{START};
nieuw;Wijken;top;Dicht bij mensen.;;{TODAY};
"""


async def test_an_import_waits_for_the_secretary(call: Call, db: Database, world: World, tmp_path: Path) -> None:
    (tmp_path / "teams.csv").write_text(TEAMS, encoding="utf-8")
    code, lines = await run_import(db, "organisatie", tmp_path, dry_run=False, namens=None)
    assert code == 0, lines
    aya, sef = await call("aya"), await call("sef")
    waiting: dict[str, Any] = (await sef.get("/invoer")).json()
    assert waiting["volgende"] is None
    (one,) = waiting["resultaten"]
    assert (one["soort"], one["status"], one["versie"]) == ("organisatie", "wacht", 1)
    assert list(one["verschil"]["teams"]["nieuw"]) == ["nieuw"]
    here = f"/invoer/{one['id']}"
    assert (await sef.get(here)).json() == one
    for name in ("aya", "beer", "gea"):
        other = await call(name)
        for answer in (await other.get("/invoer"), await other.get(here), await other.post(f"{here}/bevestiging")):
            assert (answer.status_code, codes(answer)) == (403, ["geen_recht"])
    assert "Wijken" not in (await aya.get("/teams")).text

    stale = await sef.post(f"{here}/bevestiging", json={"versie": 7})
    assert stale.status_code == 409
    done = await sef.post(f"{here}/bevestiging", json={"versie": 1})
    assert (done.status_code, done.json()["status"]) == (200, "bevestigd"), done.text
    assert done.json()["beslotenDoor"] == "Sef Proef"
    assert "Wijken" in (await aya.get("/teams")).text
    again = await sef.post(f"{here}/bevestiging")
    assert (again.status_code, codes(again)) == (409, ["verkeerd_moment"])
    assert (await sef.get("/invoer")).json()["resultaten"] == []
    assert len((await sef.get("/invoer?alles=true")).json()["resultaten"]) == 1
    assert (await sef.get(f"/invoer/{uuid4()}")).status_code == 404
