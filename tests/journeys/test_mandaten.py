"""The mandate register in a browser: a yes and a no with who may, a withdrawal, and yesterday's yes that stays a yes; every page audited."""

import re
from datetime import timedelta
from typing import Any

import pytest
from playwright.async_api import Page, expect

from tests.journeys.audit import Received, Validator, audit
from tests.journeys.conftest import WIDE, Visit
from tests.journeys.site import TODAY, Site

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]
FILLER, SECRETARY, CONTROLLER = (f"{name}@zandermeer.example" for name in ("rolvervuller", "secretaris", "controller"))
PARENT = """
    select p.number from power_grant g join grant_version v on v.grant_id = g.id and upper_inf(v.recorded)
    join power_grant p on p.id = v.parent_id join role_filling f on 'rol:' || f.role_id = v.holder and upper_inf(f.recorded)
    join person x on x.id = f.person_id
    where x.email = 'rolvervuller@zandermeer.example' and v.powers @> '{SUB-01}' and v.ceiling = 500000
"""
_ASK = """
async (body) => {
  const answer = await fetch("/api/v1/bevoegdheidsvragen", {method: "POST", body: JSON.stringify(body), headers: {
    "content-type": "application/json", "x-csrf-token": document.querySelector('meta[name="csrf-token"]').content}});
  return await answer.json();
}
"""
SIGNED = f"{TODAY:%d-%m-%Y}"


async def asked(page: Page, amount: str) -> None:
    await page.goto("/mag-ik-dit")
    await page.get_by_label("Wat wil je besluiten?").fill("SUB-01")
    await page.get_by_label("Bedrag").fill(amount)
    await page.get_by_role("button", name="Controleer").click()
    await expect(page.locator("#uitkomst")).to_be_visible()
    for question in ("Heb je zelf een belang?", "Ligt dit gevoelig, of is het een precedent?"):
        group = page.get_by_role("group", name=question)
        if await group.count():
            await group.get_by_label("Nee").check()
    await page.get_by_role("button", name="Controleer").click()
    await page.wait_for_load_state("networkidle")


async def test_yes_no_who_may_then_withdrawn_and_still_yes_as_of_before(
    visit: Visit, site: Site, validator: Validator
) -> None:
    filler, secretary = await visit(FILLER), await visit(SECRETARY)
    received = Received(filler)
    await asked(filler, "4.000")
    await expect(filler.get_by_role("heading", name="Ja, jij mag dit besluiten")).to_be_visible()
    await audit(filler, received, validator)
    await filler.set_viewport_size(WIDE)
    await asked(filler, "7.500")
    await expect(filler.get_by_role("heading", name="Nee, dit mag jij niet")).to_be_visible()
    await expect(filler.locator("#antwoord")).to_contain_text("Gemeentesecretaris")
    await audit(filler, received, validator)
    await filler.set_viewport_size(WIDE)
    before = str(await site.value("select now()")).replace(" ", "T")

    parent = await site.value(PARENT)
    await secretary.goto(f"/mandaten/{parent}")
    await secretary.get_by_role("link", name="Wijzig of trek in").click()
    await expect(secretary.get_by_text("mandaten hieronder")).to_be_visible()
    await secretary.get_by_label("Kenmerk van het intrekkingsbesluit").fill("B&W 2026-99")
    await secretary.get_by_role("button", name="Trek het mandaat in").click()
    await expect(secretary.locator("[data-focus]").filter(has_text="Het mandaat is ingetrokken.")).to_be_focused()

    await asked(filler, "4.000")
    await expect(filler.get_by_role("heading", name="Nee, dit mag jij niet")).to_be_visible()
    question: dict[str, Any] = {"bevoegdheid": "SUB-01", "bedrag": 4000, "belang": False, "gevoelig": False}
    assert (await filler.evaluate(_ASK, question))["oordeel"] == "nee"
    assert (await filler.evaluate(_ASK, {**question, "op": before}))["oordeel"] == "ja"
    await filler.locator("summary").filter(has_text="Anders").click()
    await filler.get_by_label("Op welke dag?").fill(f"{TODAY - timedelta(days=1):%d-%m-%Y}")
    await filler.get_by_role("button", name="Controleer").click()
    await expect(filler.get_by_role("heading", name="Ja, jij mag dit besluiten")).to_be_visible()

    await filler.get_by_role("button", name="English").click()
    await filler.goto("/mag-ik-dit")
    await filler.get_by_label("What do you want to decide?").fill("SUB-01")
    await filler.get_by_label("Amount").fill("4.000")
    await filler.get_by_role("button", name="Check").click()
    await expect(filler.get_by_role("heading", name="No, you may not do this")).to_be_visible()

    public = await visit(None)
    for then, rows in (("", 0), (f"&op={TODAY - timedelta(days=1)}", 1)):
        await public.goto(f"/openbaar/mandaten?zoek={parent}{then}")
        named = re.compile(rf"^{re.escape(str(parent))}(?![0-9])")
        await expect(public.get_by_role("rowheader").filter(has_text=named)).to_have_count(rows)


async def test_a_grant_from_the_form_to_force_with_the_reasons_on_the_way(visit: Visit, validator: Validator) -> None:
    """A refusal keeps what was typed; a role is found by its name; the decree gathers the draft."""
    page = await visit(SECRETARY)
    received = Received(page)
    await page.goto("/mandaten")
    await page.get_by_role("link", name="Nieuw mandaat").click()
    await page.get_by_role("group", name="Van wie komt het?").get_by_label(re.compile("[Cc]ollege")).check()
    await page.get_by_label("Naam", exact=True).fill("boombeheerder")
    await page.get_by_label("Codes").fill("SUB-99")
    await page.get_by_label("Tot en met welk bedrag?").fill("€ 1.250,-")
    await page.get_by_role("button", name="Bewaar als concept").click()
    await expect(page.get_by_text("De bevoegdheid SUB-99 bestaat niet.")).to_be_visible()
    await expect(page.get_by_label("Tot en met welk bedrag?")).to_have_value("€ 1.250,-")
    await page.get_by_label("Codes").fill("SUB-01")
    await page.get_by_role("button", name="Bewaar als concept").click()
    await expect(page.locator("[data-focus]").filter(has_text="Het concept is bewaard.")).to_be_focused()
    number = page.url.split("/mandaten/")[1].split("/")[0]
    await page.get_by_role("link", name="Maak mandaatbesluit").click()
    await page.get_by_label("Titel").fill("Wijziging voor de bomen")
    await page.get_by_label("Toelichting").fill("De rol besluit voortaan zelf.")
    await page.get_by_role("button", name="Maak mandaatbesluit").click()
    await expect(page.get_by_role("heading", level=1, name="Wijziging voor de bomen")).to_be_visible()
    await expect(page.get_by_role("heading", name="Wat verandert er")).to_be_visible()
    await audit(page, received, validator)
    await page.get_by_label("Besloten op").fill(SIGNED)
    await page.get_by_label("Kenmerk van het besluit").fill("B&W 2026-100")
    await page.get_by_role("button", name="Leg het besluit vast").click()
    await page.get_by_label("Bekendgemaakt op").fill(SIGNED)
    await page.get_by_label("Nummer in het gemeenteblad").fill("gmb-2026-7")
    await page.get_by_role("button", name="Leg de bekendmaking vast").click()
    await page.goto(f"/mandaten/{number}")
    await expect(page.get_by_text("Geldt", exact=True).first).to_be_visible()


@pytest.mark.parametrize("state", ["voorgenomen", "besloten", "geldt"])
async def test_a_grant_in_each_state(visit: Visit, site: Site, validator: Validator, state: str) -> None:
    query = "select number from power_grant where grant_state(id, now(), now()) = $1 order by number limit 1"
    page = await visit(SECRETARY)
    received = Received(page)
    answer = await page.goto(f"/mandaten/{await site.value(query, state)}/wijzigen")
    assert answer is not None and answer.status == 200
    await audit(page, received, validator)


async def test_a_refused_form(visit: Visit, validator: Validator) -> None:
    page = await visit(SECRETARY)
    received = Received(page)
    await page.goto("/mandaten/nieuw")
    await page.get_by_label("Geldt vanaf").fill("29-02-2027")
    await page.get_by_label("Naam", exact=True).fill("rolverdeler")
    await page.get_by_role("button", name="Bewaar als concept").click()
    await expect(page.get_by_role("group", name="Welke rol bedoel je?")).to_be_visible()
    await audit(page, received, validator)


LIST = "Nr.\tBevoegdheid\tMandaatgever\tGemandateerde\tGrens\n1\tSpeeltuin keuren\tCollege\tBoombeheerder\t7.500\n"


async def test_each_step_of_taking_over_a_list(visit: Visit, validator: Validator) -> None:
    page = await visit(SECRETARY)
    received = Received(page)
    await page.goto("/mandaten/overnemen")
    await page.get_by_label("Je lijst").fill(LIST)
    await page.get_by_label("Wanneer is de lijst vastgesteld?").fill(SIGNED)
    await page.get_by_role("button", name="Lees de kolommen").click()
    await expect(page.get_by_role("button", name="Koppel de functies")).to_be_visible()
    await audit(page, received, validator)
    await page.get_by_role("button", name="Koppel de functies").click()
    await expect(page.get_by_role("button", name="Bekijk wat er verandert")).to_be_visible()
    await audit(page, received, validator)
    await page.get_by_role("button", name="Bekijk wat er verandert").click()
    await expect(page.get_by_role("button", name="Bied deze lijst aan")).to_be_visible()
    await audit(page, received, validator)
    await page.get_by_role("button", name="Bied deze lijst aan").click()
    await expect(page.get_by_role("button", name="Bevestig deze invoer")).to_be_visible()
