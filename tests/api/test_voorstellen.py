"""Governance over the API: from tension to adopted role, and every refusal with its code."""

import json
from typing import Any

import httpx
import pytest

from tests.api.conftest import Call, codes
from tests.web.test_voorstellen_fout import stored
from tests.world import World


def proposal(world: World, **fields: Any) -> dict[str, Any]:
    return {
        "teamId": str(world.teams["groen"]), "rolId": str(world.roles["boom"]), "spanning": "Egels steken over.",
        "voorbeeld": "Gisteren nog.", "wijzigingen": [{"soort": "rol_nieuw", "naam": "Egelwacht", "doel": "Egels leven."}],
        **fields,
    }  # fmt: skip


async def begun(client: httpx.AsyncClient, world: World, **fields: Any) -> dict[str, Any]:
    made = await client.post("/voorstellen", json=proposal(world, **fields))
    assert made.status_code == 201, made.text
    found: dict[str, Any] = made.json()
    assert made.headers["location"] == f"/api/v1/voorstellen/{found['id']}"
    return found


async def test_from_tension_to_adopted_role_with_one_objection_integrated(call: Call, world: World) -> None:
    aya, bram, dirk = await call("aya"), await call("bram"), await call("dirk")
    made = await begun(aya, world)
    assert (made["status"], made["versie"], made["vorm"]) == ("concept", 1, None)
    url = f"/voorstellen/{made['id']}"
    assert (await bram.get(url)).status_code == 404
    round_ = (await aya.post(f"{url}/indiening")).json()
    assert round_["status"] == "consent"
    assert round_["stemgerechtigd"] == [str(world.people["bram"])]
    assert (await bram.get(url)).json()["laterLid"] == []
    assert (round_["vorm"], round_["tot"]) == ("gewoon", None)

    outsider = await dirk.post(f"{url}/reacties", json={"versie": 1, "reactie": "consent"})
    assert (outsider.status_code, codes(outsider)) == (409, ["geen_recht"])
    question = await bram.post(f"{url}/reacties", json={"versie": 1, "reactie": "vraag", "tekst": "Ook 's nachts?"})
    assert question.status_code == 201
    objection = (await bram.post(f"{url}/bezwaren", json={"versie": 1, "tekst": "Er is geen tunnel."})).json()
    assert objection["status"] == "ingebracht"
    at = f"/bezwaren/{objection['id']}"
    assert (await aya.get(url)).json()["status"] == "bezwaar"
    assert codes(await dirk.post(f"{at}/toets")) == ["geen_recht"]
    better = [{"soort": "rol_nieuw", "naam": "Tunnelwacht", "verantwoordelijkheden": ["Tunnels vrijhouden"]}]
    offered = await aya.post(f"{at}/verwerking", json={"tekst": "Met tunnel.", "wijzigingen": better})
    assert offered.json()["status"] == "verwerking"
    assert (await bram.post(f"{at}/bevestiging")).json()["status"] == "opgelost"
    late = await bram.post(f"{url}/reacties", json={"versie": 1, "reactie": "consent"})
    assert codes(late) == ["verouderd"]
    done = await bram.post(f"{url}/reacties", json={"versie": 2, "reactie": "consent"})
    assert (done.status_code, done.json()["status"]) == (201, "aangenomen")
    team = (await aya.get(f"/teams/{world.teams['groen']}")).json()
    assert "Tunnelwacht" in {role["naam"] for role in team["rollen"]}
    after = await bram.post(f"{url}/reacties", json={"versie": 2, "reactie": "consent"})
    assert "verkeerd_moment" in codes(after)


async def test_versions_withdrawal_meeting_and_list(call: Call, world: World) -> None:
    aya, bram = await call("aya"), await call("bram")
    made = await begun(aya, world)
    url = f"/voorstellen/{made['id']}"
    await aya.post(f"{url}/indiening")
    changed = await aya.post(f"{url}/versies", json={"wijzigingen": made["wijzigingen"]})
    assert (changed.status_code, changed.json()["versie"]) == (200, 2)
    assert (await bram.post(f"{url}/versies", json={"wijzigingen": made["wijzigingen"]})).status_code == 403
    mine = (await bram.get("/voorstellen", params={"mij": "true"})).json()["resultaten"]
    assert [(row["nummer"], row["wachtOpMij"]) for row in mine] == [(made["nummer"], True)]
    assert (await bram.post(f"{url}/overleg", json={"reden": "Dit bespreek ik liever."})).json()["status"] == "overleg"
    assert (await aya.post(f"{url}/intrekking")).json()["status"] == "ingetrokken"
    second = await begun(aya, world)
    page = (await aya.get("/voorstellen", params={"aantal": 1})).json()
    assert [row["id"] for row in page["resultaten"]] == [second["id"]]
    rest = (await aya.get(page["volgende"].removeprefix("/api/v1"))).json()
    assert [row["id"] for row in rest["resultaten"]] == [made["id"]]
    assert (await bram.get("/voorstellen", params={"status": "concept"})).json()["resultaten"] == []


@pytest.mark.parametrize(
    ("status", "fields"),
    [
        (400, {"wijzigingen": []}),
        (400, {"wijzigingen": [{"soort": "taak", "tekst": "x"}]}),
        (400, {"wijzigingen": [{"soort": "rol_nieuw", "naam": "X", "doel": "y", "status": "aangenomen"}]}),
        (400, {"wijzigingen": "rol_nieuw"}),
        (400, {"spanning": ""}),
        (400, {"status": "aangenomen"}),
        (409, {"rolId": "0199d3c2-6a10-7c21-9d0e-3f6f4f1b2a01"}),
        (409, {"teamId": "0199d3c2-6a10-7c21-9d0e-3f6f4f1b2a01"}),
        (409, {"wijzigingen": [{"soort": "rol_wijzigen", "rolId": "{balie}", "doel": "Van ons."}]}),
        (409, {"wijzigingen": [{"soort": "rol_wijzigen", "rolId": "{groen_lead}", "doel": "Anders."}]}),
        (409, {"wijzigingen": [{"soort": "rol_verplaatsen", "rolId": "{boom}", "teamId": "{groen}"}]}),
        (409, {"wijzigingen": [{"soort": "rol_verplaatsen", "rolId": "{boom}", "teamId": "{boom}"}]}),
        (409, {"wijzigingen": [{"soort": "rol_einde", "rolId": "{boom}"}, {"soort": "rol_einde", "rolId": "{boom}"}]}),
        (400, {"wijzigingen": [{"soort": "rolvervulling", "rolId": "{boom}", "persoonId": "{boom}"}]}),
    ],
)  # fmt: skip
async def test_bad_input_stores_nothing(
    call: Call, world: World, owner: Any, status: int, fields: dict[str, Any]
) -> None:
    """G17, G20; in full Dutch sentences."""
    aya, given = await call("aya"), json.dumps(fields)
    for name, id in (*world.roles.items(), ("groen", world.teams["groen"])):
        given = given.replace(f'"{{{name}}}"', f'"{id}"')
    before = await stored(owner)
    answer = await aya.post("/voorstellen", json=proposal(world, **json.loads(given)))
    assert answer.status_code == status, answer.text
    assert codes(answer) and all(one["tekst"].endswith(".") for one in answer.json()["redenen"])
    assert await stored(owner) == before


async def test_what_is_adopted_is_not_answered_changed_or_taken_back(call: Call, world: World, owner: Any) -> None:
    aya, bram = await call("aya"), await call("bram")
    made = await begun(aya, world)
    url = f"/voorstellen/{made['id']}"
    await aya.post(f"{url}/indiening")
    await bram.post(f"{url}/reacties", json={"versie": 1, "reactie": "consent"})
    before = await stored(owner)
    for client, path, body in (
        (bram, "reacties", {"versie": 1, "reactie": "consent"}), (bram, "bezwaren", {"versie": 1, "tekst": "Toch niet."}),
        (aya, "versies", {"wijzigingen": made["wijzigingen"]}), (aya, "intrekking", None), (aya, "indiening", None),
        (bram, "overleg", None),
    ):  # fmt: skip
        answer = await client.post(f"{url}/{path}", json=body)
        assert (answer.status_code, codes(answer)) == (409, ["verkeerd_moment"]), path
    assert await stored(owner) == before
