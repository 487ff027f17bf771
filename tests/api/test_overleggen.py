"""Overleggen over the API: the list, one meeting while it is on, and its minutes."""

from typing import Any

import asyncpg

from teams.kit.db import Database
from tests.api.conftest import Call
from tests.conftest import Place
from tests.governance.acts import bigger
from tests.governance.meeting_acts import close_, finish, item, on, output, plan, report, say, standing, start, step
from tests.world import World


async def test_a_meeting_and_its_minutes(
    call: Call, db: Database, world: World, owner: asyncpg.Connection, place: Place
) -> None:
    await bigger(world, owner)
    check = await standing(db, world)
    later = await plan(db, world)
    meeting = await on(db, world, place, "aya", "sef", kind="werkoverleg", plaats="Kamer 3")
    await say(db, world, meeting, "aya", text="Fris.")
    await step(db, world, meeting)
    await report(db, world, meeting, check)
    await step(db, world, meeting, times=3)
    tension = await item(db, world, meeting, label="Takken")
    await step(db, world, meeting)
    await start(db, world, meeting, tension)
    await output(db, world, meeting, tension)
    dirk, aya, gea = await call("dirk"), await call("aya"), await call("gea")
    seen: dict[str, Any] = (await dirk.get(f"/overleggen/{meeting}")).json()
    assert (seen["status"], seen["stap"], seen["agenda"][0]["status"]) == ("bezig", "punten", "bezig")
    await finish(db, world, meeting, tension)
    await close_(db, world, meeting)
    seen = (await dirk.get(f"/overleggen/{meeting}")).json()
    assert (seen["soort"], seen["status"], seen["plaats"]) == ("werkoverleg", "gesloten", "Kamer 3")
    assert {one["naam"]: one["aanwezig"] for one in seen["deelnemers"]} == {
        "Aya Proef": True, "Bram Proef": False, "Cato Proef": False, "Sef Proef": True,
    }  # fmt: skip
    assert seen["lijst"] == [
        {"soort": "checklist", "titel": "Bomen geteld", "rol": "Boombeheerder", "stand": "Gedaan."}
    ]
    assert [one["tekst"] for one in seen["rondes"]] == ["Fris."]
    [one] = seen["agenda"]
    assert (one["titel"], one["uitkomst"]) == ("Takken", "besproken")
    [line] = one["regels"]
    assert (line["soort"], line["rol"], line["persoon"]["naam"], line["tekst"]) == (
        "volgende_stap", "Boombeheerder", "Aya Proef", "Tunnel meten",
    )  # fmt: skip
    every = (await aya.get("/overleggen?aantal=1")).json()
    assert [one["id"] for one in every["resultaten"]] == [str(meeting)]
    rest = await aya.get(every["volgende"].removeprefix("/api/v1"))
    assert [one["id"] for one in rest.json()["resultaten"]] == [str(later)]
    coming = (await aya.get(f"/overleggen?komend=true&mij=true&team={world.teams['groen']}")).json()
    assert [one["id"] for one in coming["resultaten"]] == [str(later)]
    assert (await dirk.get("/overleggen?mij=true")).json()["resultaten"] == []
    assert (await gea.get("/overleggen")).status_code == 403
    assert (await aya.get("/overleggen?team=x")).status_code in (400, 422)
