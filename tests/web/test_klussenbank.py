"""Pages to wait, choose, lend out and share: what was typed stays, each fault is said, few queries, nobody sees too much."""

from typing import Any

import asyncpg

from teams.kit.db import Database
from teams.klussen.actions.phases import cancel_klus, close_klus
from teams.klussen.actions.team import claim_for_team
from tests.account.acts import decision
from tests.klussen.acts import act, claim
from tests.klussen.scene import policy
from tests.klussen.test_claim import posted
from tests.world import World


async def test_a_full_klus_offers_the_waiting_list_and_shows_ones_own_number_only(
    visit: Any, db: Database, world: World
) -> None:
    klus = (await posted(db, world, plaatsen=1)).id
    await claim(db, world, "dirk", klus)
    bram, sef = await visit("bram"), await visit("sef")
    assert "Ga op de wachtlijst" in (await bram.get(f"/klussen/{klus}")).text
    answer = await bram.send_form(f"/klussen/{klus}/inzet", {"wachtlijst": "1"})
    assert (answer.status_code, answer.headers["location"]) == (303, f"/klussen/{klus}?gelukt=op-de-lijst#claim")
    assert "Je bent nummer 1." in (await bram.get(f"/klussen/{klus}")).text
    page = (await sef.get(f"/klussen/{klus}")).text
    assert "Je bent nummer" not in page and "Bram Proef" not in page, "R14"
    again = await bram.send_form(f"/klussen/{klus}/inzet", {"wachtlijst": "1"})
    assert again.status_code == 409 and "Je staat al op de wachtlijst van deze klus." in again.text


async def test_who_manages_chooses_and_what_was_typed_stays(visit: Any, db: Database, world: World) -> None:
    klus = (await posted(db, world, wijze="selectie")).id
    held = await claim(db, world, "dirk", klus)
    aya, dirk = await visit("aya"), await visit("dirk")
    assert (await dirk.get(f"/klussen/{klus}/aanmeldingen")).status_code == 403
    none = await aya.send_form(f"/klussen/{klus}/selectie", {"reden": "Volgende keer.", "keuze": "afwijzen"})
    assert none.status_code == 422 and "Kies eerst wie je bedoelt." in none.text and "Volgende keer." in none.text
    mute = await aya.send_form(f"/klussen/{klus}/selectie", {"inzet": str(held), "keuze": "afwijzen"})
    assert mute.status_code == 422 and f'value="{held}" checked' in mute.text
    chosen = await aya.send_form(f"/klussen/{klus}/selectie", {"inzet": str(held), "keuze": "kiezen"})
    assert chosen.status_code == 303
    assert "Er is een plek voor je" in (await dirk.get(f"/klussen/{klus}")).text
    assert "Dirk Proef" not in (await (await visit("beer")).get(f"/klussen/{klus}")).text, "an offer is no news yet"
    assert (await dirk.send_form(f"/inzet/{held}/acceptatie")).status_code == 303


async def test_the_team_answers_and_sees_only_whether_it_fits(
    visit: Any, db: Database, world: World, owner: asyncpg.Connection
) -> None:
    await policy(owner, world, "balie", "instemming:rolverdeler:altijd")
    klus = (await posted(db, world)).id
    held = await claim(db, world, "dirk", klus)
    cato = await visit("cato")
    assert "Kan Dirk Proef meedoen" in (await cato.get("/")).text
    page = (await cato.get("/instemmingen")).text
    assert "Dirk Proef" in page and "Past" in page and "uur vrij" not in page, "no balance of hours"
    mute = await cato.send_form(f"/inzet/{held}/instemming", {"akkoord": "nee"})
    assert mute.status_code == 422 and "Schrijf op waarom het niet kan." in mute.text
    assert (await cato.send_form(f"/inzet/{held}/instemming", {"akkoord": "ja"})).status_code == 303
    twice = await cato.send_form(f"/inzet/{held}/instemming", {"akkoord": "ja"})
    assert twice.status_code == 409 and "Deze plek staat al vast; de klus is nog niet begonnen." in twice.text


async def test_R7_above_the_bound_the_answer_asks_for_a_decision(
    visit: Any, db: Database, world: World, owner: asyncpg.Connection
) -> None:
    await policy(owner, world, "balie", "instemming:rolverdeler:besluit-4-0")
    held = await claim(db, world, "dirk", (await posted(db, world)).id)
    cato = await visit("cato")
    assert "besluit wie het mandaat heeft" in (await cato.get("/instemmingen")).text
    wrong = await cato.send_form(f"/inzet/{held}/instemming", {"akkoord": "ja", "besluit": "2026-99999"})
    assert (
        wrong.status_code == 422 and "van iemand die hier geen partij is" in wrong.text and "2026-99999" in wrong.text
    )
    _, number = await decision(owner, world, "sef", role=None, code="HRM-01", cents=None)
    assert (await cato.send_form(f"/inzet/{held}/instemming", {"akkoord": "ja", "besluit": number})).status_code == 303


async def test_a_short_link_opens_for_who_may_see_the_klus(visit: Any, db: Database, world: World) -> None:
    klus = await posted(db, world)
    dirk = await visit("dirk")
    assert (await dirk.get(f"/k/{klus.number}")).headers["location"] == f"/klussen/{klus.id}"
    for wrong in ("0", "999999", "x", "-1", "99999999999999"):
        assert (await dirk.get(f"/k/{wrong}")).status_code == 404, wrong
    assert (await (await visit("gea")).get(f"/k/{klus.number}")).status_code == 403


async def test_forms_around_a_klus_say_what_is_wrong(visit: Any, db: Database, world: World) -> None:
    klus = (await posted(db, world)).id
    aya, cato = await visit("aya"), await visit("cato")
    for client, address, fields, said in (
        (cato, f"/klussen/{klus}/vragen", {"vraag": " "}, "Vul dit in."),
        (aya, f"/klussen/{klus}/uitnodigingen", {"genodigde": "Niemand Nergens"}, "We vinden deze collega niet."),
        (cato, f"/klussen/{klus}/teamclaims", {"team": str(world.teams["balie"]), "aantal": "veel"}, "getal"),
    ):
        answer = await client.send_form(address, fields)
        assert answer.status_code == 422 and said in answer.text, (address, answer.status_code)
    over = await cato.send_form(f"/klussen/{klus}/teamclaims", {"team": str(world.teams["balie"]), "aantal": "9"})
    assert over.status_code == 409 and "Er zijn nog 3 plekken vrij." in over.text


async def test_R16_a_team_names_its_people_also_when_no_claims_are_taken_any_more(
    visit: Any, db: Database, world: World
) -> None:
    klus = (await posted(db, world)).id
    held = await act(db, world, claim_for_team, "cato", klus, world.teams["balie"], 1)
    await act(db, world, close_klus, "aya", klus)
    cato = await visit("cato")
    page = (await cato.get(f"/klussen/{klus}")).text
    assert f"/teamclaims/{held.id}/namen" in page and "Houd plekken vast voor je team" not in page
    named = await cato.send_form(f"/teamclaims/{held.id}/namen", {"personen": str(world.people["dirk"])})
    assert named.status_code == 303
    await act(db, world, cancel_klus, "aya", klus)
    over = await (await visit("sef")).get(f"/klussen/{klus}")
    assert "Stel een vraag" not in over.text and "Er zijn geen vragen." in over.text


async def test_few_queries_whatever_waits(visit: Any, db: Database, world: World, queries: Any) -> None:
    klus = (await posted(db, world, plaatsen=1)).id
    await claim(db, world, "dirk", klus)
    aya = await visit("aya")
    for address, most in ((f"/klussen/{klus}", 6), (f"/klussen/{klus}/aanmeldingen", 7), ("/instemmingen", 3)):
        with queries() as sent:
            assert (await aya.get(address)).status_code == 200
        assert len(sent) <= most, (address, len(sent))
