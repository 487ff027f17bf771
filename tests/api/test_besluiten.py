"""Besluiten over the API: a yes is recorded once, everything else answers why and stores nothing but the attempt."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import asyncpg
import pytest

from teams.auth.actions import create_token
from teams.auth.sessions import form_token
from teams.kit.db import Database
from tests.decisions.desk import SUBSIDY, Desk, desks
from tests.mandates.stored import uid
from tests.places import Place

API = "/api/v1"


@pytest.fixture
async def desk(place: Place, db: Database, owner: asyncpg.Connection) -> AsyncIterator[Desk]:
    async with desks(place, db, owner) as desk:
        yield desk


async def count(owner: asyncpg.Connection) -> int:
    found: int = await owner.fetchval("select (select count(*) from decision) + (select count(*) from intent)")
    return found


async def test_a_yes_is_a_number_with_its_signature_and_can_be_read(desk: Desk, owner: Any) -> None:
    noor = await desk("noor")
    made = await noor.json("POST", f"{API}/besluiten", {**SUBSIDY, "zaak": "26-SUB-1"})
    assert made.status_code == 201, made.text
    body = made.json()
    assert body["nummer"].endswith("-00001")
    assert (body["uitkomst"], body["vastgelegd"]) == ("bevoegd", False)
    assert "namens dezen" in body["ondertekening"]
    seen = (await noor.get(f"{API}/besluiten/{body['nummer']}")).json()
    assert (seen["bedragCent"], seen["zaak"], seen["stand"]) == (400000, "26-SUB-1", "in_behandeling")
    assert [link.partition("@")[0] for link in seen["ketens"][0]] == ["T01", "T15"]
    assert {line["regel"] for line in seen["regels"]} >= {"M01", "M21", "M30"}
    receipt = await noor.get(f"{API}/besluiten/{body['nummer']}/bewijs")
    assert receipt.status_code == 409
    assert receipt.json()["redenen"][0]["code"] == "in_behandeling"
    listed = (await noor.get(f"{API}/besluiten")).json()["resultaten"]
    assert [line["nummer"] for line in listed] == [body["nummer"]]
    assert (await (await desk("julia")).get(f"{API}/besluiten/{body['nummer']}")).status_code == 404


async def test_a_no_is_409_with_the_questions_own_answer(desk: Desk, owner: Any) -> None:
    noor = await desk("noor")
    no = await noor.json("POST", f"{API}/besluiten", {**SUBSIDY, "bedrag": 7500})
    assert no.status_code == 409
    body = no.json()
    asked = {name: SUBSIDY[name] for name in ("bevoegdheid", "gevoelig")} | {"bedrag": 7500, "belang": False}
    question = (await noor.json("POST", f"{API}/bevoegdheidsvragen", asked)).json()
    assert body["oordeel"] == question["oordeel"] == "nee"
    assert [line["code"] for line in body["redenen"]] == ["M21"]
    assert body["wieWel"] == question["wieWel"]
    assert body["vervolg"]
    assert await count(owner) == 0
    assert await owner.fetchval("select count(*) from attempt") == 1


CHANGED = [
    ({"persoonId": uid("wieke"), "bedrag": 7500}, 403), ({"rolId": uid("secretaris"), "bedrag": 7500}, 409),
    ({"belangVerklaring": False}, 400), ({"bekend": "2026-01-01"}, 400), ({"op": "2199-01-01"}, 400),
    ({"bevoegdheid": "XX-99"}, 400), ({"motivering": "x" * 20_001}, 400), ({"motivering": " "}, 400),
    ({"onderwerp": None}, 400), ({"belang": True}, 409), ({"status": "besloten"}, 400), ({"zaak": "x" * 121}, 400),
    ({"onderwerp": "a\u0000b"}, 400), ({"bevestigd": ["M21"], "bedrag": 7500}, 409),
]  # fmt: skip
ODD = ("-1", "1e9", "7.555", "1e400", "99999999999999999999", '"7,500"', '"NaN"', "true", "[1]")


async def test_changed_fields_decide_nothing(desk: Desk, owner: Any) -> None:
    noor = await desk("noor")
    for change, status in CHANGED:
        answer = await noor.json("POST", f"{API}/besluiten", {**SUBSIDY, **change})
        assert answer.status_code == status, (change, answer.text)
        assert answer.json()["redenen"]
    assert await count(owner) == 0


async def test_every_odd_amount_is_a_sentence_and_nothing_stored(desk: Desk, owner: Any) -> None:
    noor = await desk("noor")
    body = (
        '{"bevoegdheid":"SUB-01","onderwerp":"x","motivering":"y","belangVerklaring":true,"gevoelig":false,"bedrag":%s}'
    )
    token = {"x-csrf-token": form_token(noor.session_id), "sec-fetch-site": "same-origin"}
    for amount in ODD:
        headers = {"content-type": "application/json", **token}
        answer = await noor.post(f"{API}/besluiten", content=body % amount, headers=headers)
        assert answer.status_code == 400, (amount, answer.text)
    assert await count(owner) == 0


async def test_a_megabyte_of_reasons_and_markup(desk: Desk, owner: Any) -> None:
    noor = await desk("noor")
    big = await noor.json("POST", f"{API}/besluiten", {**SUBSIDY, "motivering": "x" * 1_000_000})
    assert big.status_code == 413
    assert await count(owner) == 0
    made = await noor.json("POST", f"{API}/besluiten", {**SUBSIDY, "zaak": "<script>alert(1)</script>"})
    assert made.status_code == 201


async def test_a_key_gives_the_same_answer_and_one_decision(desk: Desk, owner: Any) -> None:
    noor = await desk("noor")
    calls = [noor.json("POST", f"{API}/besluiten", SUBSIDY, **{"idempotency-key": "een"}) for _ in range(4)]
    answers = await asyncio.gather(*calls)
    assert {answer.status_code for answer in answers} <= {201, 409}
    again = await noor.json("POST", f"{API}/besluiten", SUBSIDY, **{"idempotency-key": "een"})
    assert again.status_code == 201
    assert await count(owner) == 1


async def test_a_token_records_no_decision_outside_the_demo(desk: Desk, db: Database, owner: Any, place: Place) -> None:
    await desk("noor")
    async with db.begin() as session:
        token = await create_token(session, "noor@zandermeer.example", "zaak")
    julia = await desk("julia")
    headers = {"authorization": f"Bearer {token}", "cookie": ""}
    answer = await julia.post(f"{API}/besluiten", json=SUBSIDY, headers=headers)
    assert answer.status_code == 403
    assert await count(owner) == 0


async def test_together_with_a_second_person_over_the_api(desk: Desk, owner: Any) -> None:
    """M20."""
    cas, coen = await desk("cas"), await desk("coen")
    loan = {**SUBSIDY, "bevoegdheid": "PW-07L", "bedrag": 100}
    alone = await cas.json("POST", f"{API}/besluiten", loan)
    assert (alone.status_code, alone.json()["oordeel"]) == (409, "samen_met")
    made = await cas.json("POST", f"{API}/besluiten", {**loan, "tweedePersoonId": uid("coen")})
    assert made.status_code == 201
    assert (made.json()["nummer"], made.json()["uitkomst"]) == (None, "samen_met")
    id = made.json()["voornemen"]
    waits = (await coen.get(f"{API}/voornemens")).json()["wachtOpMij"]
    assert [(one["id"], one["wat"]) for one in waits] == [(id, "bevestig")]
    done = await coen.json("POST", f"{API}/voornemens/{id}/bevestiging", {"akkoord": True, "belangVerklaring": True})
    assert done.status_code == 200, done.text
    assert done.json()["nummer"].endswith("-00001")
    shown = (await cas.get(f"{API}/voornemens/{id}")).json()
    assert [step["soort"] for step in shown["stappen"]] == ["gemaakt", "bevestigd", "besloten"]


async def test_kept_as_a_voornemen_and_handed_to_the_organ(desk: Desk, owner: Any) -> None:
    noor, alder = await desk("noor"), await desk("alder")
    made = await noor.json("POST", f"{API}/besluiten", {**SUBSIDY, "bedrag": 90_000, "voornemen": True})
    id = made.json()["voornemen"]
    assert await owner.fetchval("select count(*) from attempt") == 0
    put = await noor.json("POST", f"{API}/voornemens/{id}/orgaanvoorstel", {"orgaan": "college"})
    assert put.json()["orgaanvoorstel"]["status"] == "concept"
    today = str((datetime.now(UTC) + timedelta(hours=1)).date())
    outcome = {"uitkomst": "besloten", "besloten": today, "besluitnummer": "B&W 1"}
    done = await alder.json("POST", f"{API}/voornemens/{id}/uitkomst", outcome)
    assert done.status_code == 200, done.text
    assert done.json()["status"] == "besloten"


async def test_what_comes_after(desk: Desk, owner: Any) -> None:
    noor, alder = await desk("noor"), await desk("alder")
    number = (await noor.json("POST", f"{API}/besluiten", SUBSIDY)).json()["nummer"]
    url = f"{API}/besluiten/{number}"
    fixed = await noor.json("POST", f"{url}/correcties", {"veld": "zaak", "waarde": "26-1", "reden": "Vergeten."})
    assert fixed.status_code == 201, fixed.text
    wrong = await noor.json("POST", f"{url}/correcties", {"veld": "bedrag", "waarde": "1", "reden": "Vergeten."})
    assert wrong.json()["detail"] == "Kies een van deze: zaak, wederpartij, onderwerp, motivering."
    assert (await noor.json("POST", f"{url}/gebreken", {"grond": "verlopen", "reden": "Te laat."})).status_code == 201
    today = str((datetime.now(UTC) + timedelta(hours=1)).date())
    ratified = await alder.json("POST", f"{url}/bekrachtigingen", {"besloten": today, "besluitnummer": "B&W 7"})
    assert ratified.status_code == 201, ratified.text
    assert [one["soort"] for one in ratified.json()["daarna"]] == ["correctie", "gebrek", "bekrachtiging"]
    asked = await alder.json("POST", f"{url}/inlichtingen", {"vraag": "Waarom?", "uiterlijk": "2199-01-01"})
    id = asked.json()["inlichtingen"][0]["id"]
    told = await noor.json("POST", f"{url}/inlichtingen/{id}/antwoord", {"antwoord": "Daarom."})
    assert told.json()["inlichtingen"][0]["antwoord"] == "Daarom."
