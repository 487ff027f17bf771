"""A request to put something right: one field, a term of a month, an answer by somebody else (AVG 16); renewing, stopping later."""

from datetime import timedelta
from typing import Any

import asyncpg

from tests.conftest import Place
from tests.klussen.acts import claim
from tests.klussen.test_claim import posted
from tests.world import TODAY, World


async def test_a_correction_is_asked_answered_by_another_and_read_back(visit: Any, world: World, owner: Any) -> None:
    cato, sef = await visit("cato"), await visit("sef")
    empty = await cato.send_form("/profiel/gegevens/correctie", {"watKloptNiet": " "})
    assert empty.status_code == 422 and "Vul dit in." in empty.text
    words = "Mijn naam is Cato Proef-Jansen."
    answer = await cato.send_form("/profiel/gegevens/correctie", {"watKloptNiet": words})
    assert answer.status_code == 303
    row = await owner.fetchrow("select id, due from correction")
    assert timedelta(days=27) < row["due"] - TODAY < timedelta(days=32), "AVG 12, lid 3: a month"
    assert words in (await cato.get("/profiel/gegevens")).text
    assert words not in (await (await visit("bram")).get("/profiel/gegevens")).text
    assert words in (await sef.get("/correcties")).text
    here = f"/correcties/{row['id']}"
    assert (await sef.send_form(here, {"uitkomst": "verbeterd", "antwoord": ""})).status_code == 422
    assert (await cato.send_form(here, {"uitkomst": "verbeterd", "antwoord": "Zo."})).status_code == 403
    assert (await sef.send_form(here, {"uitkomst": "verbeterd", "antwoord": "Aangepast."})).status_code == 303
    assert (await sef.send_form(here, {"uitkomst": "afgewezen", "antwoord": "Nee."})).status_code == 409
    assert "Aangepast." in (await cato.get("/profiel/gegevens")).text
    heard = await owner.fetch("select verb from journal where verb like 'correction.%' order by id")
    assert [one["verb"] for one in heard] == ["correction.asked", "correction.answered"]


async def test_nobody_answers_an_own_request(visit: Any, world: World, owner: Any) -> None:
    sef = await visit("sef")
    await sef.send_form("/profiel/gegevens/correctie", {"watKloptNiet": "Mijn uren kloppen niet."})
    request = await owner.fetchval("select id from correction")
    answer = await sef.send_form(f"/correcties/{request}", {"uitkomst": "verbeterd", "antwoord": "Gedaan."})
    assert answer.status_code == 403 and "Iemand anders beantwoordt het." in answer.text
    kees = await visit("kees")
    assert (
        await kees.send_form(f"/correcties/{request}", {"uitkomst": "verbeterd", "antwoord": "Zo."})
    ).status_code == 303


async def test_stop_later_go_on_and_the_handover_is_read_by_who_takes_part(
    visit: Any, db: Any, world: World, owner: Any
) -> None:
    klus = await posted(db, world, van=TODAY - timedelta(days=7), tot=TODAY + timedelta(days=60))
    for who in ("cato", "dirk"):
        await claim(db, world, who, klus.id)
    mine = await owner.fetchval("select id from claim where person_id = $1", world.people["cato"])
    cato, here = await visit("cato"), f"/inzet/{mine}/teruggave"
    wrong = await cato.send_form(here, {"op": "1-1-2020", "reden": "Druk", "overdracht": "Zie de map."})
    assert wrong.status_code == 422 and "Deze dag is al voorbij." in wrong.text and "Zie de map." in wrong.text
    day = f"{TODAY + timedelta(days=5):%d-%m-%Y}"
    assert (await cato.send_form(here, {"op": day, "reden": "Druk", "overdracht": "Zie de map."})).status_code == 303
    assert "Ik ga toch door" in (await cato.get(f"/klussen/{klus.id}")).text
    for who, reads in (("aya", True), ("dirk", True), ("kees", False)):
        page = (await (await visit(who)).get(f"/klussen/{klus.id}")).text
        assert ("Zie de map." in page) == reads, who
        assert "Stopt na" in page and "Druk" not in page
    assert (await cato.send_form(f"/inzet/{mine}/voortzetting")).status_code == 303
    assert "Stopt na" not in (await cato.get(f"/klussen/{klus.id}")).text


async def test_a_stale_klus_asks_its_manager_and_is_renewed(visit: Any, db: Any, world: World, place: Place) -> None:
    klus = await posted(db, world)
    aya = await visit("aya")
    assert "Verleng" not in (await aya.get(f"/klussen/{klus.id}")).text
    boss = await asyncpg.connect(place.server.url("postgres", place.name))
    await boss.execute("set session_replication_role = replica; update journal set at = at - interval '70 days'")
    await boss.execute(
        "update klus set created_at = created_at - interval '70 days', published_at = now() - interval '70 days'"
    )
    page = (await aya.get(f"/klussen/{klus.id}")).text
    assert "dagen zonder verandering" in page and "sluit de inschrijving vanzelf" not in page
    await boss.execute(
        "insert into reminder (object, rule, due, at) values ($1, 'klus_stale', current_date - 8, now() - interval '24 days'),"
        " ($1, 'klus_closes', (now() at time zone 'Europe/Amsterdam' - interval '24 days')::date + 30, now())", klus.id,
    )  # fmt: skip
    await boss.close()
    page = (await aya.get(f"/klussen/{klus.id}")).text
    assert "sluit de inschrijving vanzelf" in page
    assert "zonder verandering" not in (await (await visit("cato")).get(f"/klussen/{klus.id}")).text
    assert (await aya.send_form(f"/klussen/{klus.id}/verlenging")).status_code == 303
    assert "zonder verandering" not in (await aya.get(f"/klussen/{klus.id}")).text
