"""Handing out places with several people: a waiting list, a selection with consent, a team that names its people."""

from datetime import timedelta

import pytest
from playwright.async_api import expect
from sqlalchemy import text

from teams.kit.clock import now
from teams.klussen.actions.settle import settle_klus
from teams.klussen.consents import deciders
from tests.journeys.audit import Received, Validator, audit
from tests.journeys.conftest import Visit
from tests.journeys.site import COLLEGA, FACILITATOR, MEDEWERKER, TODAY, Site

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


async def test_a_withdrawn_place_goes_to_the_first_on_the_list(visit: Visit, site: Site) -> None:
    klus = await site.klus("Bijenhotels timmeren")
    await site.claim(klus, MEDEWERKER)
    waits = await visit(COLLEGA)
    await waits.goto(f"/klussen/{klus}")
    await waits.get_by_role("button", name="Ga op de wachtlijst").click()
    await expect(waits.get_by_role("heading", name="Je staat op de wachtlijst")).to_be_focused()
    await expect(waits.get_by_text("Je bent nummer 1.")).to_be_visible()

    holds = await visit(MEDEWERKER)
    await holds.goto(f"/klussen/{klus}")
    await expect(holds.get_by_text("Je bent nummer")).to_have_count(0)
    await holds.get_by_role("button", name="Trek je claim in").click()

    await waits.goto("/")
    await waits.get_by_role("link", name="Bekijk het aanbod Bijenhotels timmeren").click()
    await waits.get_by_role("button", name="Neem de plek").click()
    await expect(waits.get_by_text("De plek is voor jou.")).to_be_visible()
    assert await site.value("select state from claim where klus_id = $1 and seat is not null", klus) == "bevestigd"


async def test_apply_select_accept_consent_work_hand_over_finish_feedback_with_three_people(
    visit: Visit, site: Site, validator: Validator
) -> None:
    person = await site.value("select person_id from account where email = $1", MEDEWERKER)
    klus = await site.klus("Park in kaart brengen", wijze="selectie", urenMin=20)
    applies = await visit(MEDEWERKER)
    received = Received(applies)
    await applies.goto(f"/klussen/{klus}")
    await expect(applies.get_by_text("Je team beslist of het toch kan.")).to_be_visible()
    await applies.get_by_role("button", name="Meld je aan").click()
    await expect(applies.get_by_role("heading", name="Je bent aangemeld")).to_be_focused()
    await audit(applies, received, validator)

    chooses = await visit(FACILITATOR)
    chosen = Received(chooses)
    await chooses.goto(f"/klussen/{klus}")
    await chooses.get_by_role("link", name="1 aanmelding").click()
    await expect(chooses.get_by_role("heading", name="Wie krijgt een plek?")).to_be_visible()
    await audit(chooses, chosen, validator)
    await chooses.get_by_role("checkbox").check()
    await chooses.get_by_role("button", name="Kies deze mensen").click()
    await expect(chooses.get_by_text("De aanbiedingen zijn gedaan.")).to_be_visible()

    await applies.goto("/")
    await applies.get_by_role("link", name="Bekijk het aanbod Park in kaart brengen").click()
    await applies.get_by_role("button", name="Neem de plek").click()
    await expect(applies.get_by_role("heading", name="Je team beslist nog")).to_be_visible()
    await audit(applies, received, validator)

    asked = await site.value(
        "select co.id from consent co join claim c on c.id = co.claim_id where c.klus_id = $1 and c.person_id = $2",
        klus, person,
    )  # fmt: skip
    async with site.database.read() as session:
        able = await deciders(session, asked, at=await now(session))
        query = text(
            "select email from account where person_id = any(:able) and disabled_at is null order by email limit 1"
        )
        decider = await session.scalar(query, {"able": list(able)})
    lends = await visit(decider)
    asked_of = Received(lends)
    await lends.goto("/instemmingen")
    await audit(lends, asked_of, validator)
    block = lends.get_by_role("region").filter(has_text="Park in kaart brengen")
    await expect(block).to_contain_text("Past niet naast het eigen werk")
    await block.get_by_role("button", name="Ja, het team stemt in").click()
    await expect(lends.get_by_text("Je team stemt in.")).to_be_visible()
    assert await site.value("select state from claim where klus_id = $1", klus) == "bevestigd"

    await site.value("update klus set starts = current_date where id = $1", klus)
    async with site.database.begin() as session:
        await settle_klus(session, klus, at=await now(session))
    await applies.goto("/uren")
    work = applies.get_by_role("region", name="Park in kaart brengen")
    await work.get_by_label("Uren", exact=True).fill("1,5")
    await work.get_by_role("button", name="Schrijf uren").click()
    await expect(applies.get_by_text("Tot nu toe 1,5 uur.")).to_be_visible()
    await applies.evaluate("scrollTo(0, 0)")
    await audit(applies, received, validator)

    await applies.goto(f"/klussen/{klus}")
    await applies.get_by_text("Geef de klus terug").click()
    await applies.get_by_label("Laatste dag").fill(f"{TODAY + timedelta(days=5):%d-%m-%Y}")
    await applies.get_by_label("Wat moet de volgende weten?").fill("De kaart ligt in de map Park.")
    await applies.get_by_role("button", name="Geef terug").click()
    await expect(applies.get_by_text("Je laatste dag is bewaard.")).to_be_visible()
    await audit(applies, received, validator)
    await chooses.goto(f"/klussen/{klus}")
    await expect(chooses.get_by_text("De kaart ligt in de map Park.")).to_be_visible()
    await audit(chooses, chosen, validator)

    await applies.goto(f"/klussen/{klus}")  # folded again: the audit opens everything
    await applies.locator("summary").filter(has_text="Wat heeft het opgeleverd?").click()
    await applies.get_by_role("textbox", name="Wat heeft het opgeleverd?").fill("Een kaart met 40 bomen.")
    await applies.get_by_role("button", name="Mijn deel is klaar").click()
    await expect(applies.get_by_text("De inzet is afgerond.")).to_be_visible()
    await chooses.goto(f"/klussen/{klus}")
    await expect(chooses.get_by_text("Een kaart met 40 bomen.")).to_be_visible()
    await chooses.get_by_role("button", name="De klus is klaar").click()
    await expect(chooses.get_by_text("De klus is klaar.").first).to_be_visible()
    await audit(chooses, chosen, validator)

    for page, heard, words in ((chooses, chosen, "Zorgvuldig gewerkt."), (applies, received, "Duidelijke klus.")):
        await page.goto(f"/klussen/{klus}")
        await page.get_by_role("link", name="Schrijf een terugkoppeling").click()
        await expect(page.get_by_role("button", name="Verstuur")).to_be_visible()
        await audit(page, heard, validator)
        await page.get_by_role("textbox").fill(words)
        await page.get_by_role("button", name="Verstuur").click()
        await expect(page.get_by_text("Je terugkoppeling is verstuurd.")).to_be_visible()
    await expect(applies.get_by_text("Zorgvuldig gewerkt.")).to_be_visible()
    await audit(applies, received, validator)


async def test_a_team_claim_is_named_by_its_team(visit: Visit, site: Site, validator: Validator) -> None:
    chooses = await visit(FACILITATOR)
    chosen = Received(chooses)
    shared = await site.klus("Dag van de brandweer", plaatsen=4)
    await chooses.goto(f"/klussen/{shared}")
    await chooses.get_by_text("Houd plekken vast voor je team").click()
    await chooses.get_by_role("textbox", name="Hoeveel plekken?").fill("2")
    await chooses.get_by_role("button", name="Houd vast").click()
    await expect(chooses.get_by_text("Je team houdt 2 plekken vast.")).to_be_visible()
    await audit(chooses, chosen, validator)
    await chooses.get_by_role("checkbox").first.check()
    await chooses.get_by_role("button", name="Noem deze mensen").click()
    await expect(chooses.get_by_text("Je collega’s krijgen een aanbod.")).to_be_visible()
    await audit(chooses, chosen, validator)
    states = "select string_agg(state, ' ' order by state) from claim where klus_id = $1"
    assert await site.value(states, shared) == "aangeboden gereserveerd"
