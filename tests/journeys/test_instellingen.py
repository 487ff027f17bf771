"""A setting changed by keyboard alone, with a mistake on the way: in a browser, each state with its audit."""

import pytest
from playwright.async_api import expect

from tests.journeys.audit import Received, Validator, audit
from tests.journeys.conftest import Visit
from tests.journeys.states import SECRETARY

pytestmark = [pytest.mark.browser, pytest.mark.long, pytest.mark.asyncio(loop_scope="session")]
_TABS = 60


async def test_a_setting_is_changed_by_keyboard_alone(visit: Visit, validator: Validator) -> None:
    page = await visit(SECRETARY)
    received = Received(page)
    await page.goto("/beheer/instellingen")
    fold = page.locator("#notice_days")
    for _ in range(_TABS):
        await page.keyboard.press("Tab")
        if await fold.evaluate("(fold) => fold.firstElementChild === document.activeElement"):
            break
    await page.keyboard.press("Enter")
    await expect(fold).to_have_attribute("open", "")
    await page.keyboard.press("Tab")
    await expect(fold.get_by_label("Waarde")).to_be_focused()
    await page.keyboard.press("Control+A")
    await page.keyboard.type("morgen")
    await page.keyboard.press("Enter")
    wrong = page.locator("#waarde")
    await expect(wrong).to_have_value("morgen")
    await expect(wrong).to_have_attribute("aria-invalid", "true")
    await audit(page, received, validator, thorough=True)
    await wrong.focus()
    await page.keyboard.press("Control+A")
    await page.keyboard.type("400")
    await page.keyboard.press("Tab")
    await expect(page.locator("#reden")).to_be_focused()
    await page.keyboard.type("Besluit van het college")
    await page.keyboard.press("Enter")
    await expect(page.get_by_text("De instelling is veranderd.")).to_be_visible()
    await expect(page.get_by_role("table")).to_contain_text("Besluit van het college")
    await audit(page, received, validator, thorough=True)
