"""Elections and fillings as JSON: secret until shared, one name, a yes of one's own."""

import asyncpg
import pytest

from tests.api.conftest import Call, codes
from tests.governance.acts import policy
from tests.governance.choosing import TERM, electing, fillers
from tests.world import World


@pytest.fixture(autouse=True)
async def groen(world: World, owner: asyncpg.Connection) -> None:
    await electing(world, owner)


async def test_an_election_over_the_api(call: Call, world: World, owner: asyncpg.Connection) -> None:
    people = {who: await call(who) for who in ("aya", "bram", "cato", "sef")}
    body = {"rolId": str(world.roles["rep"]), "tekst": "Ons team vertegenwoordigen.", "tot": TERM.isoformat()}
    made = await people["aya"].post("/verkiezingen", json=body)
    assert made.status_code == 201, made.text
    url = f"/verkiezingen/{made.json()['id']}"
    assert codes(await people["aya"].post("/verkiezingen", json=body)) == ["bestaat"]
    for who in people:
        name = {"kandidaatId": str(world.people["aya" if who == "cato" else "cato"]), "reden": "Luistert goed."}
        answer = await people[who].post(f"{url}/stemmen", json=name)
        assert answer.status_code == 201, answer.text
        assert bool(answer.json()["stemmen"]) is (who == "sef"), "nobody reads a ballot before the last is in"
    assert codes(await people["bram"].post(f"{url}/afsluiting")) == ["geen_recht"]
    shared = (await people["sef"].post(f"{url}/afsluiting")).json()
    assert (shared["status"], shared["kandidaat"]["naam"]) == ("bezwaar", "Cato Proef")
    for who in ("aya", "bram", "sef"):
        answer = await people[who].post(
            f"/voorstellen/{shared['voorstelId']}/reacties", json={"versie": 1, "reactie": "consent"}
        )
        assert answer.status_code == 201, answer.text
    offer = await owner.fetchval("select id from filling_offer")
    assert codes(await people["bram"].post(f"/rolvervullingen/{offer}/aanvaarding")) == ["geen_recht"]
    assert (await people["cato"].post(f"/rolvervullingen/{offer}/aanvaarding")).json()["status"] == "vervuld"
    assert (await people["aya"].get(url)).json()["status"] == "gekozen"
    assert await fillers(owner, world, "rep") == {"cato"}


async def test_a_filling_over_the_api(call: Call, world: World, owner: asyncpg.Connection) -> None:
    await policy(owner, world.teams["groen"], "vervulling:rolverdeler")
    aya, bram, dirk = [await call(who) for who in ("aya", "bram", "dirk")]
    body = {
        "rolId": str(world.roles["leeg"]),
        "persoonId": str(world.people["dirk"]),
        "tekst": "Dirk kent otters.",
        "uren": 3.5,
    }
    made = await aya.post("/rolvervullingen", json=body)
    assert (made.status_code, made.json()["status"]) == (201, "gevraagd"), made.text
    url = f"/rolvervullingen/{made.json()['id']}"
    assert codes(await bram.post(f"{url}/besluit", json={"akkoord": True})) == ["verkeerd_moment"]
    assert (await dirk.post(f"{url}/aanvaarding")).json()["status"] == "aanvaard"
    assert (await bram.post(f"{url}/besluit", json={"akkoord": False})).status_code == 400
    assert (await bram.post(f"{url}/besluit", json={"akkoord": True})).json()["status"] == "vervuld"
    role = f"/rollen/{world.roles['leeg']}/neerlegging"
    assert codes(await aya.post(role)) == ["geen_recht"]
    assert (await dirk.post(role)).status_code == 200
    assert await fillers(owner, world, "leeg") == set()
