"""The direction of a team (rules 8, 12) and deciding that broke down (rule 34) through the API."""

from typing import Any

import asyncpg

from teams.governance.actions.breakdowns import declare_breakdown, end_breakdown, take_over
from teams.governance.direction_forms import BreakdownForm
from teams.kit.db import Database
from tests.api.conftest import Call, codes
from tests.governance.acts import act, bigger
from tests.world import START, TODAY, World, add_role, fill


async def test_g12_the_direction_is_read_and_set_with_its_version(call: Call, world: World) -> None:
    url = f"/teams/{world.teams['groen']}/koers"
    bram, aya, gea = await call("bram"), await call("aya"), await call("gea")
    none = {"strategie": [], "prioriteiten": [], "aanspreekrol": None, "versie": 0}
    assert (await aya.get(url)).json() == none
    body: dict[str, Any] = {
        "versie": 0, "strategie": ["Liever voorkomen"], "prioriteiten": ["Wadi's", "Egels"], "aanspreekrolId": str(world.roles["boom"]),
    }  # fmt: skip
    assert codes(await aya.post(url, json=body)) == ["G12"]
    key = {"Idempotency-Key": "een"}
    made = await bram.post(url, json=body, headers=key)
    assert made.status_code == 200 and (await bram.post(url, json=body, headers=key)).json() == made.json()
    seen = (await aya.get(url)).json()
    assert seen == made.json() and [one["tekst"] for one in seen["prioriteiten"]] == ["Wadi's", "Egels"]
    assert seen["aanspreekrol"] == {"id": str(world.roles["boom"]), "naam": "Boombeheerder"}
    stale = await bram.post(url, json=body)
    assert (stale.status_code, codes(stale)) == (409, ["verouderd"])
    for wrong in ({"prioriteiten": ["a", "A"]}, {"aanspreekrolId": str(world.roles["balie"])}, {"strategie": [" "]}, {"naam": "x"},
                  {"strategie": ["a\x00"]}, {"versie": -1}, {"prioriteiten": ["x" * 401]}):  # fmt: skip
        assert (await bram.post(url, json={**body, "versie": seen["versie"], **wrong})).status_code == 400, wrong
    team = (await aya.get(url.removesuffix("/koers"))).json()
    assert team["koers"] == {name: value for name, value in seen.items() if name != "versie"}
    assert codes(await gea.get(url)) == ["geen_recht"]


async def test_the_direction_as_it_was_and_as_known_then(call: Call, owner: asyncpg.Connection, world: World) -> None:
    team = world.teams["groen"]
    line = await owner.fetchval("insert into direction (team_id) values ($1) returning id", team)
    await owner.execute(
        "insert into direction_version (direction_id, kind, text, position, valid, recorded)"
        " values ($1, 'prioriteit', 'Bomen', 1, daterange($2, null), tstzrange($3::date::timestamptz, null))",
        line, START, TODAY.replace(year=TODAY.year - 1, day=1),
    )  # fmt: skip
    aya = await call("aya")
    for query, number in (({}, 1), ({"op": str(START)}, 1), ({"op": "1999-12-31"}, None), ({"op": str(START), "bekend": str(START)}, 0),
                          ({"op": "2999-01-01"}, 1)):  # fmt: skip
        for path in (f"/teams/{team}/koers", f"/teams/{team}"):
            answer = await aya.get(path, params=query)
            if number is None:
                assert answer.status_code == 404
            else:
                found = answer.json().get("koers", answer.json())
                assert len(found["prioriteiten"]) == number, (path, query)
    for odd in ("0001-01-01", "29-02-2027", "2026-03-01T12:00", "morgen"):
        assert codes(await aya.get(f"/teams/{team}/koers", params={"op": odd})) == ["op"]


async def test_g34_every_time_that_deciding_broke_down_is_read(
    call: Call, db: Database, owner: asyncpg.Connection, world: World
) -> None:
    await bigger(world, owner)
    world.roles["top_fac"] = await add_role(owner, world.teams["top"], "Begeleider", core="begeleider")
    await fill(owner, world.roles["top_fac"], world.people["kees"], 1)
    team, aya = world.teams["groen"], await call("aya")
    url = f"/teams/{team}/vastgelopen"
    assert (await aya.get(url)).json() == {"resultaten": [], "volgende": None}
    for words in ("Niemand luistert.", "Weer niemand."):
        await act(db, world, declare_breakdown, "sef", team, BreakdownForm(tekst=words))
        await act(db, world, take_over, "kees", team)
        if words == "Niemand luistert.":
            await act(db, world, end_breakdown, "kees", team, BreakdownForm(tekst="Het gaat weer."))
    page = (await aya.get(url, params={"aantal": 1})).json()
    (now,) = page["resultaten"]
    assert (now["tekst"], now["gemeldAls"], now["eindeOp"], now["eindeTekst"]) == (
        "Weer niemand.",
        "begeleider",
        None,
        "",
    )
    assert now["overgenomenDoor"] == {"id": str(world.people["kees"]), "naam": "Kees Proef"}
    rest = (await aya.get(f"http://teams.test{page['volgende']}")).json()
    assert [one["eindeTekst"] for one in rest["resultaten"]] == ["Het gaat weer."] and rest["volgende"] is None
    assert codes(await aya.get(url, params={"vanaf": "x"})) == ["vanaf"]
    assert (await aya.get(f"/teams/{world.roles['boom']}/vastgelopen")).status_code == 404
