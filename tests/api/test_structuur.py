"""Teams, roles and people through the API, as of a moment and as known then."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from tests.api.conftest import Call, codes
from tests.world import START, World


async def test_a_team_with_its_people_roles_and_parent(call: Call, world: World) -> None:
    aya = await call("aya")
    teams = (await aya.get("/teams")).json()
    assert [team["naam"] for team in teams["resultaten"]] == ["Balie", "Groen en Water", "Proefdam"]
    assert teams["volgende"] is None
    team = (await aya.get(f"/teams/{world.teams['groen']}")).json()
    assert team["bovenliggend"] == {"id": str(world.teams["top"]), "naam": "Proefdam"}
    assert team["leden"][0] == {"id": str(world.people["aya"]), "naam": "Aya Proef", "email": "aya@proefdam.example"}
    assert {role["naam"] for role in team["rollen"]} == {"Boombeheerder", "Waterbeheerder", "Ecoloog", "Rolverdeler"}
    top = (await aya.get(f"/teams/{world.teams['top']}")).json()
    assert [sub["naam"] for sub in top["teams"]] == ["Balie", "Groen en Water"]


async def test_a_role_and_a_person(call: Call, world: World) -> None:
    aya = await call("aya")
    role = (await aya.get(f"/rollen/{world.roles['boom']}")).json()
    assert role["verantwoordelijkheden"][0]["tekst"] == "Zorgen voor boombeheerder"
    assert [who["naam"] for who in role["vervullers"]] == ["Aya Proef"]
    person = (await aya.get(f"/personen/{world.people['aya']}")).json()
    assert (person["personeelsnummer"], person["rollen"][0]["uren"]) == ("P001", 20)
    other = (await aya.get(f"/personen/{world.people['bram']}")).json()
    assert (other["personeelsnummer"], other["rollen"][0]["uren"]) == (None, None)
    assert {role["naam"] for role in other["rollen"]} == {"Waterbeheerder", "Rolverdeler"}


async def test_people_are_found_by_name_address_and_number(call: Call, world: World) -> None:
    aya = await call("aya")
    for word in ("cato", "CATO@proefdam.example", "P003"):
        found = (await aya.get("/personen", params={"zoek": word})).json()["resultaten"]
        assert [row["id"] for row in found] == [str(world.people["cato"])], word
    names: list[str] = []
    url: str | None = "/personen?aantal=4"
    while url:
        page = (await aya.get(url if url.startswith("/personen") else f"http://teams.test{url}")).json()
        names += [row["naam"] for row in page["resultaten"]]
        url = page["volgende"]
    assert len(names) == len(set(names)) == len(world.people)


async def test_structure_as_it_was(call: Call, world: World) -> None:
    aya = await call("aya")
    before = str(START - timedelta(days=1))
    assert (await aya.get("/teams", params={"op": before})).json()["resultaten"] == []
    for path in (f"/teams/{world.teams['groen']}", f"/rollen/{world.roles['boom']}"):
        assert (await aya.get(path)).status_code == 200
        assert (await aya.get(path, params={"op": str(START)})).status_code == 200
        assert (await aya.get(path, params={"op": before})).status_code == 404
        assert (await aya.get(path, params={"bekend": before})).status_code == 404


@pytest.mark.parametrize("path", ["/teams", "/teams/{team}", "/rollen/{role}", "/personen", "/personen/{person}"])
@pytest.mark.parametrize(
    ("query", "fields"),
    [
        ({"op": "2026-10-25T02:30:00"}, ["op"]),
        ({"op": "29-02-2027", "bekend": "morgen"}, ["bekend", "op"]),
        ({"op": "0001-01-01"}, ["op"]),
        ({"op": "2026-03-01T24:00:00Z"}, ["op"]),
        ({"onzin": "1"}, ["onzin"]),
    ],
)
async def test_moments_that_cannot_be_read(
    call: Call, world: World, path: str, query: dict[str, str], fields: list[str]
) -> None:
    ids = {"team": world.teams["groen"], "role": world.roles["boom"], "person": world.people["aya"]}
    answer = await (await call("aya")).get(path.format(**ids), params=query)
    assert (answer.status_code, sorted(codes(answer))) == (400, fields)


async def test_what_does_not_exist(call: Call, world: World) -> None:
    aya = await call("aya")
    for noun in ("teams", "rollen", "personen", "klussen", "inzet"):
        for id in (uuid4(), "99999999999", "1" + "0" * 30, "-1", "x"):
            answer = await aya.get(f"/{noun}/{id}")
            assert answer.status_code == 404, (noun, id)
            codes(answer)


async def test_the_council_reader_reads_no_klussen_and_no_structure(call: Call, world: World) -> None:
    gea: Any = await call("gea")
    for path in ("/klussen", "/teams", f"/teams/{world.teams['groen']}", f"/rollen/{world.roles['boom']}", "/personen"):
        answer = await gea.get(path)
        assert (answer.status_code, codes(answer)) == (403, ["geen_recht"])
