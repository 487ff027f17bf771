"""Pages about klussen: the list, a claim with and without htmx, posting in four fields, typed text that stays."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import asyncpg
import pytest

from teams.http.words import STATES
from teams.klussen.models import ClaimState, KlusState
from tests.klussen.test_claim import posted
from tests.world import TODAY, World


async def test_the_list_shows_an_open_klus_with_at_most_four_queries(
    visit: Any, db: Any, world: World, queries: Any
) -> None:
    for number in range(12):
        await posted(db, world, titel=f"Klus {number}")
    cato = await visit("cato")
    with queries() as sent:
        answer = await cato.get("/klussen")
    assert answer.status_code == 200
    assert "12 klussen" in answer.text
    assert len(sent) <= 4
    with queries() as sent:
        fuzzy = await cato.get("/klussen?zoek=klusz")
    assert "erop lijken" in fuzzy.text
    assert len(sent) <= 4


async def test_a_fragment_for_htmx_a_page_for_a_plain_browser(visit: Any, db: Any, world: World) -> None:
    await posted(db, world)
    cato = await visit("cato")
    assert "<html" in (await cato.get("/klussen")).text
    fragment = await cato.get("/klussen", headers={"hx-request": "true"})
    assert "<html" not in fragment.text
    assert "Schouw van speelplekken" in fragment.text
    assert "HX-Request" in fragment.headers["vary"]


async def test_claim_in_a_plain_browser(visit: Any, db: Any, world: World, queries: Any) -> None:
    klus = await posted(db, world)
    cato = await visit("cato")
    with queries() as sent:
        page = await cato.get(f"/klussen/{klus.id}")
    assert "Claim plek 1" in page.text
    assert len(sent) <= 8
    answer = await cato.send_form(f"/klussen/{klus.id}/inzet")
    assert answer.status_code == 303
    page = await cato.get(answer.headers["location"])
    assert "Je doet mee op plek 1" in page.text or "Plek 1 is voor jou" in page.text
    again = await cato.send_form(f"/klussen/{klus.id}/inzet")
    assert again.status_code == 409
    assert "Je doet al mee aan deze klus." in again.text


async def test_claim_with_htmx_swaps_the_block(visit: Any, db: Any, world: World) -> None:
    klus = await posted(db, world, plaatsen=1)
    cato, bram = await visit("cato"), await visit("bram")
    answer = await cato.send_form(f"/klussen/{klus.id}/inzet", **{"hx-request": "true"})
    assert answer.status_code == 200
    assert "<html" not in answer.text
    assert "Plek 1 is voor jou" in answer.text
    lost = await bram.send_form(f"/klussen/{klus.id}/inzet", **{"hx-request": "true"})
    assert lost.status_code == 409
    assert "De enige plek is bezet." in lost.text or "Alle plekken zijn bezet" in lost.text


async def test_R19_posting_takes_four_fields(visit: Any, db: Any, world: World) -> None:
    aya = await visit("aya")
    form = await aya.get("/klussen/nieuw")
    assert "Vier antwoorden" in form.text
    day = TODAY + timedelta(days=9)
    answer = await aya.send_form(
        "/klussen",
        {"titel": "Bomen planten", "omschrijving": "Met groep 7.", "soort_uren": "eenmalig", "uren": "4",
         "van": f"{day:%d-%m-%Y}", "plaatsen": "3"},
    )  # fmt: skip
    assert answer.status_code == 303
    page = await aya.get(answer.headers["location"])
    assert "Je klus staat in de lijst." in page.text
    assert "4 uur eenmalig" in page.text


async def test_what_was_typed_stays_and_the_field_is_named(visit: Any, world: World) -> None:
    aya = await visit("aya")
    answer = await aya.send_form(
        "/klussen", {"titel": "Bomen", "omschrijving": "<b>Met</b> groep 7", "soort_uren": "week", "uren": "zes",
                     "van": "31-02-2027", "plaatsen": "0"},
    )  # fmt: skip
    assert answer.status_code == 422
    late = await aya.send_form("/klussen", {"titel": "Bomen", "van": "1-1-9999"})
    assert "later zijn dan 2199-12-31." in late.text
    for text in ("&lt;b&gt;Met&lt;/b&gt; groep 7", 'value="zes"', 'value="31-02-2027"', "#uren", "#van", "#plaatsen"):
        assert text in answer.text


async def test_R8_a_stale_form_is_refused_and_keeps_its_text(visit: Any, db: Any, world: World) -> None:
    klus = await posted(db, world)
    aya = await visit("aya")
    values = {
        "titel": "Anders",
        "soort_uren": "week",
        "uren": "6",
        "van": f"{TODAY + timedelta(days=10):%d-%m-%Y}",
        "plaatsen": "3",
    }
    assert (await aya.send_form(f"/klussen/{klus.id}", {**values, "versie": klus.version})).status_code == 303
    stale = await aya.send_form(f"/klussen/{klus.id}", {**values, "titel": "Mijn tekst", "versie": klus.version})
    assert stale.status_code == 409
    assert "Iemand anders heeft deze klus net veranderd." in stale.text
    assert 'value="Mijn tekst"' in stale.text
    assert (await aya.send_form(f"/klussen/{klus.id}", {**values, "versie": "²"})).status_code == 409, (
        "no number at all"
    )


async def test_row_19_a_team_that_is_not_there_keeps_what_was_typed(visit: Any, world: World) -> None:
    typed = {"titel": "Bomen", "soort_uren": "week", "uren": "6", "van": f"{TODAY + timedelta(days=10):%d-%m-%Y}"}
    answer = await (await visit("wil")).send_form("/klussen", {**typed, "plaatsen": "1", "team": str(uuid4())})
    assert answer.status_code == 422 and 'value="Bomen"' in answer.text
    assert "Kies een team dat er nu is." in answer.text


async def test_hand_back_leaves_no_reason_in_the_history(visit: Any, db: Any, world: World) -> None:
    """R21."""
    klus = await posted(db, world, van=TODAY - timedelta(days=2))
    cato = await visit("cato")
    await cato.send_form(f"/klussen/{klus.id}/inzet")
    async with db.read() as session:
        from sqlalchemy import text

        claim = await session.scalar(text("select id from claim"))
    answer = await cato.send_form(f"/inzet/{claim}/teruggave", {"reden": "geheime reden", "overdracht": "zie map"})
    assert answer.status_code == 303
    page = await cato.get(f"/klussen/{klus.id}")
    assert "gaf de plek" in page.text
    assert "geheime reden" not in page.text


async def test_R19_a_vacant_role_and_an_absence_begin_a_klus(visit: Any, world: World) -> None:
    aya, cato = await visit("aya"), await visit("cato")
    page = await aya.get(f"/rollen/{world.roles['leeg']}")
    link = page.text.split('href="/klussen/nieuw?')[1].split('"')[0].replace("&amp;", "&")
    form = await aya.get(f"/klussen/nieuw?{link}")
    assert 'value="Ecoloog"' in form.text
    assert "/klussen/nieuw?" not in (await cato.get(f"/rollen/{world.roles['leeg']}")).text
    begun = await aya.get("/klussen/nieuw?van=04-01-2027&tot=08-01-2027")
    assert 'value="04-01-2027"' in begun.text


async def test_an_officeholder_posts_for_the_organ_and_manages_it(visit: Any, owner: Any, world: World) -> None:
    """'Who may do what': post and manage a klus, for an organ."""
    wil, aya = await visit("wil"), await visit("aya")
    assert "Welk team voert de klus uit?" in (await wil.get("/klussen/nieuw")).text
    day = TODAY + timedelta(days=9)
    values = {
        "titel": "Werkbezoek voorbereiden",
        "soort_uren": "eenmalig",
        "uren": "4",
        "van": f"{day:%d-%m-%Y}",
        "plaatsen": "1",
    }
    answer = await wil.send_form("/klussen", {**values, "team": str(world.teams["groen"])})
    assert answer.status_code == 303, answer.text
    klus = answer.headers["location"].split("?")[0]
    assert await owner.fetchval("select organ_id from klus") == world.organs["college"]
    assert (await wil.send_form(f"{klus}/sluiting")).status_code == 303
    assert (await aya.send_form(f"{klus}/publicatie")).status_code == 403


async def test_the_baseline_is_set_in_the_form_itself(visit: Any, world: World, owner: Any) -> None:
    """Klussen 3.5, R19: folded, once, when posting; the four fields stay four."""
    aya = await visit("aya")
    form = {
        "titel": "Bomen tellen", "soort_uren": "eenmalig", "uren": "6", "van": f"{TODAY + timedelta(days=9):%d-%m-%Y}", "plaatsen": "1",
    }  # fmt: skip
    for wrong in ({"tarief": "veel"}, {"bron": "Offerte 12"}):
        answer = await aya.send_form("/klussen", form | wrong)
        assert answer.status_code == 422 and "Bomen tellen" in answer.text and "uurtarief" in answer.text.lower()
    assert await owner.fetchval("select count(*) from klus") == 0
    answer = await aya.send_form("/klussen", form | {"tarief": "€ 85,50", "bron": "Offerte 12"})
    assert answer.status_code == 303
    assert await owner.fetchval("select rate_cents from klus_baseline") == 8550
    page = (await aya.get(answer.headers["location"].split("?")[0] + "/besparing")).text
    assert "85,50" in page and 'name="tarief"' not in page, "what is fixed is not asked again"


async def test_a_title_that_is_too_long_says_so_in_characters(visit: Any, world: World) -> None:
    aya = await visit("aya")
    fields = {"teamId": str(world.teams["groen"]), "plaatsen": 1, "urenMin": 4, "van": str(TODAY + timedelta(days=9))}
    answer = await aya.json("POST", "/api/v1/klussen", {**fields, "titel": "x" * 121})
    assert answer.status_code == 400 and answer.json()["detail"] == "Gebruik hoogstens 120 tekens."
    many = await aya.json(
        "POST", "/api/v1/klussen", {**fields, "titel": "x", "vaardigheden": [str(n) for n in range(13)]}
    )
    assert many.status_code == 400 and many.json()["detail"] == "Kies er hoogstens 12."


async def test_R17_a_vacancy_says_nothing_of_hours_that_it_does_not_ask(
    visit: Any, db: Any, owner: asyncpg.Connection, world: World
) -> None:
    """A colleague with a contract of 20 hours, half of them for a role, applies for 32 hours."""
    post = await posted(db, world, soort="vacature", wijze="selectie", urenMin=32, plaatsen=1)
    await owner.execute(
        "with old as (update contract set recorded = tstzrange(lower(recorded), now()) where person_id = $1 and upper_inf(recorded)"
        " returning person_id, valid) insert into contract (person_id, hours, valid) select person_id, 20, valid from old",
        world.people["dirk"],
    )  # fmt: skip
    dirk = await visit("dirk")
    page = (await dirk.get(f"/klussen/{post.id}")).text
    assert "uur tekort" not in page and "Je team beslist" not in page and "Meld je aan" in page
    answer = await dirk.send_form(f"/klussen/{post.id}/inzet", {"motivatie": "Graag."})
    assert answer.status_code == 303 and await owner.fetchval("select state from claim") == "aangemeld"


@pytest.mark.parametrize("state", [*KlusState, *ClaimState])
def test_every_state_has_its_words(state: str) -> None:
    assert state in STATES and "_" not in STATES[state]
