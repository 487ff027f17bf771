"""Klussen and inzet through the API: every call, and every refusal with its code."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from tests.api.conftest import Call, codes, klus, published
from tests.world import TODAY, World


async def test_a_klus_from_draft_to_done(call: Call, world: World) -> None:
    aya = await call("aya")
    made = await aya.post("/klussen", json=klus(world.teams["groen"], urenMin=4, urenMax=6.5, vaardigheden=["snoeien"]))
    assert made.status_code == 201
    found = made.json()
    assert made.headers["location"] == f"/api/v1/klussen/{found['id']}"
    assert (found["status"], found["versie"], found["vrij"], found["urenMax"]) == ("concept", 1, 3, 6.5)
    assert found["team"] == {"id": str(world.teams["groen"]), "naam": "Groen en Water"}
    assert found["vaardigheden"] == ["snoeien"]
    here = f"/klussen/{found['id']}"
    for noun, status in (
        ("publicatie", "open"),
        ("sluiting", "gesloten"),
        ("publicatie", "open"),
        ("afronding", "afgerond"),
    ):
        done = await aya.post(f"{here}/{noun}")
        assert (done.status_code, done.json()["status"]) == (200, status)
    assert codes(await aya.post(f"{here}/sluiting")) == ["verkeerd_moment"]
    other = await published(aya, world.teams["groen"])
    gone = await aya.post(f"/klussen/{other['id']}/intrekking", json={"reden": "Niet meer nodig."})
    assert gone.json()["status"] == "ingetrokken"


async def test_a_draft_exists_only_for_who_manages_it(call: Call, world: World) -> None:
    aya, cato = await call("aya"), await call("cato")
    made = (await aya.post("/klussen", json=klus(world.teams["groen"]))).json()
    assert (await aya.get(f"/klussen/{made['id']}")).json() == made
    hidden = await cato.get(f"/klussen/{made['id']}")
    assert (hidden.status_code, codes(hidden)) == (404, ["onbekend"])
    assert (await cato.post(f"/klussen/{made['id']}/inzet")).status_code == 404
    assert (await cato.get("/klussen")).json() == {"resultaten": [], "volgende": None}


async def test_posting_needs_a_role_in_the_team(call: Call, world: World) -> None:
    cato = await call("cato")
    refused = await cato.post("/klussen", json=klus(world.teams["groen"]))
    assert (refused.status_code, codes(refused)) == (403, ["geen_recht"])
    assert refused.json()["vervolg"][0]["url"] == f"/teams/{world.teams['groen']}"
    open_ = await published(await call("aya"), world.teams["groen"])
    assert (await cato.post(f"/klussen/{open_['id']}/sluiting")).status_code == 403
    assert (await cato.patch(f"/klussen/{open_['id']}", json={"versie": 2, "plaatsen": 9})).status_code == 403


async def test_changing_names_only_what_changes_and_its_version(call: Call, world: World) -> None:
    aya = await call("aya")
    made = await published(aya, world.teams["groen"], omschrijving="Eerst lezen.", vaardigheden=["snoeien"])
    here = f"/klussen/{made['id']}"
    changed = await aya.patch(here, json={"versie": made["versie"], "plaatsen": 5, "aanmeldenTot": made["tot"]})
    assert changed.status_code == 200, changed.text
    assert changed.json() == made | {
        "versie": made["versie"] + 1, "plaatsen": 5, "vrij": 5, "aanmeldenTot": made["tot"],
    }  # fmt: skip
    stale = await aya.patch(here, json={"versie": made["versie"], "plaatsen": 6})
    assert (stale.status_code, codes(stale)) == (409, ["verouderd"])
    bare = await aya.patch(here, json={"plaatsen": 0, "onzin": 1})
    assert (bare.status_code, sorted(codes(bare))) == (400, ["onzin", "plaatsen", "versie"])
    total = await aya.patch(
        here, json={"versie": made["versie"] + 1, "urenTotaal": 12, "urenMin": None, "urenMax": None}
    )
    assert (total.status_code, total.json()["urenTotaal"], total.json()["urenMin"]) == (200, 12, None)
    assert (await aya.patch(here, json=[1])).status_code == 400


async def test_R8_never_fewer_places_than_are_held(call: Call, world: World) -> None:
    aya = await call("aya")
    made = await published(aya, world.teams["groen"])
    for name in ("cato", "dirk"):
        assert (await (await call(name)).post(f"/klussen/{made['id']}/inzet")).status_code == 201
    refused = await aya.patch(f"/klussen/{made['id']}", json={"versie": made["versie"], "plaatsen": 1})
    assert (refused.status_code, codes(refused)) == (409, ["R8"])


async def test_a_claim_from_yes_to_the_end(call: Call, world: World) -> None:
    aya, cato = await call("aya"), await call("cato")
    later = await published(aya, world.teams["groen"], urenMax=8)
    made = await cato.post(f"/klussen/{later['id']}/inzet", json={"uren": 6.5, "motivatie": "Ik ken de wijk."})
    assert made.status_code == 201
    claim = made.json()
    assert (claim["status"], claim["uren"]) == ("bevestigd", 6.5)
    here = f"/inzet/{claim['id']}"
    assert made.headers["location"] == f"/api/v1{here}"
    seen = (await cato.get(here)).json()
    assert (seen["klus"]["id"], seen["persoon"]["id"]) == (later["id"], str(world.people["cato"]))
    assert (await cato.get(f"/klussen/{later['id']}")).json()["mijnInzet"] == {"id": claim["id"], "status": "bevestigd"}
    assert codes(await cato.post(f"{here}/teruggave")) == ["verkeerd_moment"]
    assert (await cato.post(f"{here}/intrekking")).json()["status"] == "ingetrokken"
    again = await cato.post(f"{here}/intrekking")
    assert (again.status_code, codes(again)) == (409, ["verkeerd_moment"])
    assert (await cato.get(f"/klussen/{later['id']}")).json()["vrij"] == 3


async def test_running_work_is_handed_back_or_completed(call: Call, world: World) -> None:
    aya, cato, dirk = await call("aya"), await call("cato"), await call("dirk")
    now = await published(aya, world.teams["groen"], van=str(TODAY - timedelta(days=3)), urenMin=2)
    first = (await cato.post(f"/klussen/{now['id']}/inzet")).json()
    second = (await dirk.post(f"/klussen/{now['id']}/inzet")).json()
    assert (first["status"], second["status"]) == ("lopend", "lopend")
    busy = await aya.post(f"/klussen/{now['id']}/afronding")
    assert (busy.status_code, codes(busy)) == (409, ["R15"])
    back = await cato.post(f"/inzet/{first['id']}/teruggave", json={"reden": "Ziek", "overdracht": "Zie de map."})
    assert back.json()["status"] == "teruggegeven"
    assert (await aya.post(f"/inzet/{second['id']}/afronding")).json()["status"] == "afgerond"
    assert (await aya.post(f"/klussen/{now['id']}/afronding")).json()["status"] == "afgerond"


async def test_R8_changed_hours_ask_again(call: Call, world: World) -> None:
    aya, cato = await call("aya"), await call("cato")
    made = await published(aya, world.teams["groen"], urenMax=8)
    claim = (await cato.post(f"/klussen/{made['id']}/inzet", json={"uren": 6})).json()
    here = f"/inzet/{claim['id']}"
    assert not (await cato.get(here)).json()["herbevestigen"]
    assert (await aya.patch(f"/klussen/{made['id']}", json={"versie": made["versie"], "urenMin": 7})).status_code == 200
    assert (await cato.get(here)).json()["herbevestigen"]
    outside = await cato.post(f"{here}/herbevestiging", json={"uren": 6})
    assert (outside.status_code, codes(outside)) == (400, ["uren"])
    assert (await cato.post(f"{here}/herbevestiging", json={"uren": 7.5})).json()["uren"] == 7.5
    assert not (await cato.get(here)).json()["herbevestigen"]


async def test_a_claim_is_seen_by_the_person_and_the_manager_only(call: Call, world: World) -> None:
    aya, cato, dirk = await call("aya"), await call("cato"), await call("dirk")
    made = await published(aya, world.teams["groen"])
    claim = (await cato.post(f"/klussen/{made['id']}/inzet")).json()
    here = f"/inzet/{claim['id']}"
    assert (await aya.get(here)).status_code == 200
    assert (await dirk.get(here)).status_code == 404
    for noun in ("intrekking", "teruggave", "afronding", "herbevestiging"):
        assert (await dirk.post(f"{here}/{noun}")).status_code == 404
    assert (await aya.post(f"{here}/intrekking")).status_code == 404


@pytest.mark.parametrize(
    ("fields", "body", "status", "code"),
    [
        ({}, {"wachtlijst": True}, 201, ""),
        ({}, {"wachtlijst": False}, 201, ""),
        ({}, {"uren": 40}, 400, "uren"),
        ({}, {"uren": "6"}, 201, ""),
        ({}, {"uren": -1}, 400, "uren"),
        ({}, {"persoonId": "x"}, 400, "persoonId"),
        ({"urenMin": 37}, {}, 409, "uren_te_veel"),
        ({"plaatsen": 1, "bezet": True}, {}, 409, "vol"),
        ({"gesloten": True}, {}, 409, "gesloten"),
        ({"plaatsen": 1, "bezet": True}, {"wachtlijst": True}, 201, ""),
        ({"soort": "vacature", "wijze": "selectie"}, {}, 201, ""),
    ],
)
async def test_what_a_claim_is_refused_for(
    call: Call, world: World, fields: dict[str, Any], body: dict[str, Any], status: int, code: str
) -> None:
    aya, cato = await call("aya"), await call("cato")
    full, closed = fields.pop("bezet", False), fields.pop("gesloten", False)
    made = await published(aya, world.teams["groen"], **fields)
    if full:
        assert (await (await call("dirk")).post(f"/klussen/{made['id']}/inzet")).status_code == 201
    if closed:
        await aya.post(f"/klussen/{made['id']}/sluiting")
    fields |= {"bezet": full, "gesloten": closed}
    answer = await cato.post(f"/klussen/{made['id']}/inzet", json=body)
    assert answer.status_code == status, answer.text
    if code:
        assert codes(answer) == [code]
    if status == 409 and code != "verkeerd_moment":
        assert answer.json()["vervolg"]


async def test_all_reasons_at_once(call: Call, world: World) -> None:
    aya, cato = await call("aya"), await call("cato")
    made = await published(aya, world.teams["groen"], plaatsen=1, urenMin=37)
    big = await published(aya, world.teams["groen"], plaatsen=1)
    assert (await cato.post(f"/klussen/{big['id']}/inzet")).status_code == 201
    twice = await cato.post(f"/klussen/{big['id']}/inzet")
    assert sorted(codes(twice)) == ["al_ingeschreven", "vol"]
    assert (await cato.post(f"/klussen/{made['id']}/inzet")).status_code == 409


async def test_who_may_not_claim(call: Call, world: World) -> None:
    made = await published(await call("aya"), world.teams["groen"])
    for name in ("wil", "gea"):
        refused = await (await call(name)).post(f"/klussen/{made['id']}/inzet")
        assert (refused.status_code, codes(refused)) == (403, ["geen_recht"])
    assert (await (await call("cato")).post(f"/klussen/{uuid4()}/inzet")).status_code == 404


async def test_the_list_pages_by_cursor_and_filters(call: Call, world: World) -> None:
    aya, cato = await call("aya"), await call("cato")
    ids = [(await published(aya, world.teams["groen"], titel=f"Bomen tellen {n}"))["id"] for n in range(5)]
    await published(
        aya, world.teams["groen"], titel="Vijver", soort="vacature", wijze="selectie", vaardigheden=["duiken"]
    )
    found: list[str] = []
    url: str | None = "/klussen?zoek=bomen&aantal=2"
    while url:
        page = await cato.get(url if url.startswith("/klussen") else f"http://teams.test{url}")
        assert page.status_code == 200, page.text
        assert len(page.json()["resultaten"]) <= 2
        found += [row["id"] for row in page.json()["resultaten"]]
        url = page.json()["volgende"]
    assert found == ids[::-1]
    for query, count in (
        ("status=open", 6), ("status=afgerond", 0), ("soort=vacature", 1), ("vaardigheid=Duiken", 1),
        (f"team={world.teams['groen']}", 6), (f"team={world.teams['balie']}", 0), ("zoek=vijvr", 1),
    ):  # fmt: skip
        assert len((await cato.get(f"/klussen?{query}")).json()["resultaten"]) == count, query


async def test_the_baseline_comes_with_the_klus_or_not_at_all(call: Call, world: World, owner: Any) -> None:
    """Klussen 3.5: fixed when posting, by whole cents."""
    aya = await call("aya")
    wrong = klus(world.teams["groen"], nulmeting={"ingehuurd": True})
    assert (await aya.post("/klussen", json=wrong)).status_code == 400
    assert await owner.fetchval("select count(*) from klus") == 0
    right = klus(world.teams["groen"], nulmeting={"ingehuurd": True, "tarief": 85.5, "bron": "Offerte 12"})
    made = await aya.post("/klussen", json=right)
    assert made.status_code == 201, made.text
    assert await owner.fetchval("select rate_cents from klus_baseline") == 8550
