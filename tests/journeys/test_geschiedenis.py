"""The map and its tree by keyboard, the search box by its key, and what changed: in a browser, with its audit."""

import re

import pytest
from playwright.async_api import expect

from tests.journeys.audit import Received, Validator, audit
from tests.journeys.conftest import Visit
from tests.journeys.site import MEDEWERKER, Site

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


async def test_the_map_and_the_tree_by_keyboard_alone(visit: Visit, site: Site, validator: Validator) -> None:
    page = await visit(MEDEWERKER)
    received = Received(page)
    await page.goto("/organisatie")
    links = page.locator(".teams-kaartvak svg a")
    assert await links.evaluate_all("all => all.filter((link) => link.tabIndex === 0).length") == 1, "one stop for Tab"
    await links.first.focus()
    seen = set()
    for key in ("ArrowRight", "ArrowDown", "ArrowLeft", "ArrowUp", "End", "Home"):
        before = await page.evaluate("document.activeElement.getAttribute('aria-label')")
        await page.keyboard.press(key)
        after = await page.evaluate("document.activeElement.getAttribute('aria-label')")
        assert after, "focus stays on the map"
        seen |= {before, after}
        assert await links.evaluate_all("all => all.filter((link) => link.tabIndex === 0).length") == 1
    assert len(seen) >= 4
    first = await page.evaluate("document.activeElement.getAttribute('aria-label')")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("heading", level=1)).to_have_text(first.split(",")[0])

    await page.goto("/organisatie")
    tree = page.get_by_role("tree").nth(2)
    item = tree.get_by_role("treeitem").first
    await item.focus()
    await expect(item).to_have_attribute("aria-expanded", "false")
    await page.keyboard.press("ArrowRight")
    await expect(item).to_have_attribute("aria-expanded", "true")
    await page.keyboard.press("ArrowRight")
    role = await page.evaluate("document.activeElement.getAttribute('href')")
    assert role.startswith("/rollen/")
    await page.keyboard.press("ArrowLeft")
    await expect(item).to_be_focused()
    await page.keyboard.press("ArrowLeft")
    await expect(item).to_have_attribute("aria-expanded", "false")
    await page.keyboard.press("End")
    last = await page.evaluate("document.activeElement.textContent")
    await page.keyboard.press("Home")
    await page.keyboard.press(last[0].lower())
    assert (await page.evaluate("document.activeElement.textContent"))[0].lower() == last[0].lower()
    await page.keyboard.press("Home")
    await page.keyboard.press("ArrowRight")
    await audit(page, received, validator, thorough=True)


async def test_the_search_key_finds_who_is_answerable_and_what_changed_is_read_in_words(
    visit: Visit, site: Site, validator: Validator
) -> None:
    page = await visit(MEDEWERKER)
    received = Received(page)
    await page.goto("/hulp")
    box = page.get_by_label("Zoek in heel Teams")
    await page.keyboard.press("/")
    await expect(box).to_be_focused()
    await page.keyboard.type("wie controleert bomen/")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("heading", level=1)).to_have_text("Zoeken")
    await page.get_by_role("link", name=re.compile("Boombeheerder")).first.wait_for()
    await audit(page, received, validator, thorough=True)
    await page.get_by_role("button", name="Zet de toets uit").click()
    await page.get_by_role("heading", level=1).click()
    await page.keyboard.press("/")
    await expect(box).not_to_be_focused()
    await page.get_by_role("button", name="Zet de toets aan").wait_for()

    await page.goto("/organisatie/geschiedenis?van=2020-01-01")
    await page.get_by_role("heading", name="Rollen").wait_for()
    await audit(page, received, validator)
    team = await site.value("select id from team where code = 'GW'")
    await page.goto(f"/teams/{team}/geschiedenis?van=2020-01-01")
    await audit(page, received, validator, thorough=True)
    await page.goto("/organisatie/tabel")
    await audit(page, received, validator)
