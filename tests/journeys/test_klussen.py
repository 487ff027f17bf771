"""What people come for: find a klus, claim it, give it back, post one; with a mouse, a keyboard, a phone, and without scripts."""

import asyncio
from datetime import timedelta

import pytest
from playwright.async_api import Page, expect

from tests.journeys.conftest import NARROW, Faults, Visit
from tests.journeys.site import COLLEGA, FACILITATOR, MEDEWERKER, TODAY, Site, serving

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


async def test_find_by_a_misspelt_word_claim_see_it_in_my_week_and_hand_it_back(visit: Visit, site: Site) -> None:
    title = "Wespennesten opsporen in de speeltuin"
    await site.klus(title, van=TODAY)
    page = await visit(MEDEWERKER)
    await page.goto("/klussen")
    await page.get_by_label("Zoek in klussen").fill("wespenesten")
    await page.get_by_role("button", name="Zoek", exact=True).click()
    await expect(page.get_by_role("heading", level=2).filter(has_text="erop lijk")).to_be_visible()
    await page.get_by_role("link", name=f"Claim {title}").click()
    await page.get_by_role("button", name="Claim plek 1").click()
    await expect(page.get_by_role("heading", name="Plek 1 is voor jou")).to_be_focused()

    await page.get_by_role("link", name="Mijn week", exact=True).click()
    row = page.get_by_role("table", name="Mijn klussen en uren").get_by_role("row", name=title)
    await expect(row).to_contain_text("Bezig")
    await row.get_by_role("link", name=title).click()

    await page.get_by_text("Geef de klus terug").click()
    await page.get_by_label("Waarom geef je de klus terug?").fill("Ik krijg het niet af.")
    await page.get_by_role("button", name="Geef terug").click()
    await expect(page.get_by_text("Je hebt de klus teruggegeven. De plek is weer vrij.")).to_be_visible()
    await expect(page.get_by_text("Ik krijg het niet af.")).to_have_count(0)
    await page.goto("/")
    await expect(page.get_by_role("link", name=title)).to_have_count(0)


async def test_post_a_klus_on_a_phone_in_four_fields_within_a_minute(visit: Visit) -> None:
    """A person takes 150 ms for a key and two seconds for each field or button."""
    page = await visit(FACILITATOR, viewport=NARROW, has_touch=True, is_mobile=True)
    await page.goto("/klussen")
    await page.get_by_role("link", name="Plaats een klus").tap()
    day = TODAY + timedelta(9)
    fields = {
        "Titel": "Bollen planten",
        "Wat ga je doen?": "Een middag bollen planten.",
        "Uren": "4",
        "Op of vanaf": f"{day:%d-%m-%Y}",
    }
    for label, text in fields.items():
        await page.get_by_role("textbox", name=label, exact=True).press_sequentially(text)
    assert await page.locator(".teams-nr").all_inner_texts() == ["1", "2", "3", "4"]
    await page.get_by_role("button", name="Plaats klus").tap()
    await expect(page.get_by_role("heading", level=1, name="Bollen planten")).to_be_visible()
    await expect(page.locator("[data-focus]").filter(has_text="Je klus staat in de lijst.")).to_be_focused()
    assert 0.15 * sum(map(len, fields.values())) + 2 * (len(fields) + 2) <= 60


async def test_two_browsers_claim_the_last_place(visit: Visit, site: Site) -> None:
    klus = await site.klus("Eén plek voor twee mensen")
    pages = [await visit(MEDEWERKER), await visit(COLLEGA)]
    await asyncio.gather(*(page.goto(f"/klussen/{klus}") for page in pages))
    await asyncio.gather(*(page.get_by_role("button", name="Claim plek 1").click() for page in pages))
    results = await asyncio.gather(*(outcome(page) for page in pages))
    assert sorted(results) == ["gekregen", "te laat"]
    loser = pages[results.index("te laat")]
    await the_loser_reads_why_and_what_to_do(loser)
    assert await site.value("select taken from klus where id = $1", klus) == 1


async def outcome(page: Page) -> str:
    got, late = (
        page.get_by_role("heading", name="Plek 1 is voor jou"),
        page.get_by_role("alert").filter(has_text="Dit kan niet"),
    )
    await expect(got.or_(late)).to_be_visible()
    return "gekregen" if await got.is_visible() else "te laat"


async def the_loser_reads_why_and_what_to_do(page: Page) -> None:
    alert = page.get_by_role("alert").filter(has_text="Dit kan niet")
    await expect(alert).to_contain_text("bezet")
    await expect(alert).to_be_focused()
    await alert.get_by_role("link").first.click()
    await expect(page.get_by_role("heading", level=1, name="Klussenbank")).to_be_visible()


async def test_the_same_without_scripts(visit: Visit, site: Site) -> None:
    klus = await site.klus("Zonder script ook te doen")
    first, second = await visit(MEDEWERKER, java_script_enabled=False), await visit(COLLEGA, java_script_enabled=False)
    for page in (first, second):
        await page.goto(f"/klussen/{klus}")
    await first.get_by_role("button", name="Claim plek 1").click()
    await expect(first.get_by_text("Plek 1 is voor jou")).to_be_visible()
    assert "gelukt=geclaimd" in first.url
    await second.get_by_role("button", name="Claim plek 1").click()
    await expect(second.get_by_text("Dit kan niet")).to_be_visible()
    await second.locator("#claim").get_by_role("link").first.click()
    await expect(second.get_by_role("heading", level=1, name="Klussenbank")).to_be_visible()

    await first.goto("/klussen")
    await first.get_by_label("Zoek in klussen").fill("scrip")
    await first.get_by_role("button", name="Zoek", exact=True).click()
    await expect(first.get_by_role("link", name="Zonder script ook te doen", exact=True)).to_be_visible()
    await first.goto(f"/klussen/{klus}")
    await first.get_by_role("button", name="Trek je claim in").click()
    await expect(first.get_by_text("Je claim is ingetrokken. De plek is weer vrij.")).to_be_visible()


async def test_the_same_with_the_keyboard_only(visit: Visit, site: Site) -> None:
    title = "Met de toetsen te claimen"
    klus = await site.klus(title)
    page = await visit(MEDEWERKER)
    await page.goto(f"/klussen?zoek={title.replace(' ', '+')}")
    await page.keyboard.press("Tab")
    await expect(page.get_by_role("link", name="Naar de inhoud")).to_be_focused()
    await page.keyboard.press("Enter")
    await tab_to(page, f"Claim {title}")
    await page.keyboard.press("Enter")
    await page.wait_for_url(f"**/klussen/{klus}**")
    await tab_to(page, "Waarom wil je dit? (mag leeg)")
    await page.keyboard.press("Space")
    await tab_to(page, "Waarom wil je dit? (mag leeg)")
    await page.keyboard.type("Ik leer graag")
    await tab_to(page, "Claim plek 1")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("heading", name="Plek 1 is voor jou")).to_be_focused()
    await expect(page.locator("#melding")).to_have_text("Plek 1 is voor jou")
    await expect(page.locator("#deelnemers")).to_contain_text("Teun Drosterhof")
    await expect(page.locator("#plekken")).to_have_text("Vol")
    await expect(page.locator("#gebeurd")).to_contain_text("Teun Drosterhof doet mee.")
    assert await site.value("select motivation from claim where klus_id = $1", klus) == "Ik leer graag"
    await tab_to(page, "Trek je claim in")
    await page.keyboard.press("Enter")
    await expect(page.locator("[data-focus]").filter(has_text="Je claim is ingetrokken.")).to_be_focused()


_FOCUSED = """
() => {
  const node = document.activeElement, style = getComputedStyle(node), box = node.getBoundingClientRect();
  const ringed = (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2) || style.boxShadow !== "none";
  const inView = box.bottom > 0 && box.top < innerHeight && box.width > 0;
  const name = node.labels?.[0]?.innerText ?? node.textContent;
  return {name: name.replace(/\\s+/g, " ").trim(), seen: node === document.body || (ringed && inView)};
}
"""


async def tab_to(page: Page, name: str) -> None:
    """Every stop on the way shows that it has the focus."""
    for _ in range(80):
        await page.keyboard.press("Tab")
        stop = await page.evaluate(_FOCUSED)
        assert stop["seen"], f"focus cannot be seen on {stop['name']!r}"
        if stop["name"] == name:
            return
    raise AssertionError(f"80 times Tab does not reach {name!r}")


async def test_filters_push_the_address_and_back_gives_a_whole_page(visit: Visit) -> None:
    page = await visit(MEDEWERKER)
    await page.goto("/klussen")
    await page.get_by_role("checkbox", name="Project", exact=True).check()
    await page.wait_for_url("**soort=project**")
    heading = page.get_by_role("heading", level=2).filter(has_text="klus").first
    await expect(page.locator("#melding")).to_have_text(await heading.inner_text())
    await expect(page.get_by_role("checkbox", name="Project", exact=True)).to_be_focused()
    await page.get_by_role("link", name="Project , wis dit filter").or_(page.locator(".teams-chip")).first.click()
    await page.wait_for_load_state()
    await page.go_back()
    await page.wait_for_url("**soort=project**")
    await expect(page.get_by_role("banner")).to_be_visible()
    await expect(page.get_by_role("checkbox", name="Project", exact=True)).to_be_checked()
    await page.reload()
    await expect(page.get_by_role("heading", level=1, name="Klussenbank")).to_be_visible()


async def test_a_server_that_is_gone_says_so_and_typed_text_stays(visit: Visit, site: Site, faults: Faults) -> None:
    klus = await site.klus("Straks is de server weg")
    async with serving(site.place) as brief:
        page = await visit(MEDEWERKER, base_url=brief.url)
        await page.goto(f"/klussen/{klus}")
        await page.get_by_text("Waarom wil je dit? (mag leeg)").first.click()
        await page.get_by_label("Waarom wil je dit?").fill("Dit mag niet weg")
        brief.stop()
        await page.get_by_role("button", name="Claim plek 1").click()
        alert = page.get_by_role("alert").filter(has_text="Teams is nu niet te bereiken")
        await expect(alert).to_be_visible()
        await expect(page.get_by_label("Waarom wil je dit?")).to_have_value("Dit mag niet weg")
        await expect(page.get_by_role("button", name="Claim plek 1")).not_to_have_attribute("aria-disabled", "true")
    assert any("ERR_CONNECTION_REFUSED" in fault for fault in faults)
    faults.clear()


async def test_a_database_that_is_gone_says_so_and_typed_text_stays(visit: Visit, site: Site, faults: Faults) -> None:
    klus = await site.klus("Straks is de database weg")
    page = await visit(MEDEWERKER)
    await page.goto(f"/klussen/{klus}")
    await page.get_by_text("Waarom wil je dit? (mag leeg)").first.click()
    await page.get_by_label("Waarom wil je dit?").fill("Dit mag niet weg")
    async with site.without_database():
        await page.get_by_role("button", name="Claim plek 1").click()
        await expect(page.get_by_role("alert").filter(has_text="Teams is nu niet te bereiken")).to_be_visible()
        await expect(page.get_by_label("Waarom wil je dit?")).to_have_value("Dit mag niet weg")
    await page.get_by_role("button", name="Claim plek 1").click()
    await expect(page.get_by_role("heading", name="Plek 1 is voor jou")).to_be_focused()
    assert any("503" in fault or "500" in fault for fault in faults)
    faults.clear()
