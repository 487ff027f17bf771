"""Coming in: a wrong password, the first one, the language."""

import pytest
from playwright.async_api import expect

from tests.journeys.conftest import Visit
from tests.journeys.site import MEDEWERKER, PASSWORD, Site

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]
NEWCOMER = "beheer@zandermeer.example"


async def test_a_wrong_password_keeps_the_address_and_the_goal(visit: Visit) -> None:
    page = await visit(None)
    await page.goto("/klussen")
    await expect(page.get_by_role("heading", level=1, name="Inloggen")).to_be_visible()
    await page.get_by_label("E-mailadres").fill(MEDEWERKER)
    await page.get_by_label("Wachtwoord").fill("zandermeerr")
    await page.get_by_role("button", name="Log in").click()
    await expect(page.get_by_role("alert").filter(has_text="Verbeter 1 antwoord")).to_be_focused()
    await expect(page.get_by_label("E-mailadres")).to_have_value(MEDEWERKER)
    await expect(page.get_by_label("Wachtwoord")).to_have_value("")
    await page.get_by_label("Wachtwoord").fill(PASSWORD)
    await page.get_by_role("button", name="Log in").click()
    await expect(page.get_by_role("heading", level=1, name="Klussenbank")).to_be_visible()
    await page.get_by_text("Teun Drosterhof").first.click()
    await page.get_by_role("button", name="Log uit").click()
    await expect(page.get_by_role("heading", level=1, name="Inloggen")).to_be_visible()
    await page.goto("/")
    await expect(page.get_by_role("heading", level=1, name="Inloggen")).to_be_visible()


async def test_the_first_password_is_changed_before_anything_else(visit: Visit, site: Site) -> None:
    await site.value("update account set must_change = true where email = $1", NEWCOMER)
    page = await visit(None)
    await page.goto("/inloggen")
    await page.get_by_label("E-mailadres").fill(NEWCOMER)
    await page.get_by_label("Wachtwoord").fill(PASSWORD)
    await page.get_by_role("button", name="Log in").click()
    await page.goto("/klussen")
    await page.wait_for_url("**/wachtwoord")
    for label, text in (
        ("Je huidige wachtwoord", PASSWORD),
        ("Je nieuwe wachtwoord", "vier losse woorden hier"),
        ("Nog een keer je nieuwe wachtwoord", "vier losse woorden hier"),
    ):
        await page.get_by_label(label, exact=True).fill(text)
    await page.get_by_role("button", name="Bewaar wachtwoord").click()
    await expect(page.get_by_text("Je nieuwe wachtwoord is bewaard.")).to_be_visible()
    await page.goto("/klussen")
    await expect(page.get_by_role("heading", level=1, name="Klussenbank")).to_be_visible()


async def test_the_language_changes_and_stays(visit: Visit) -> None:
    page = await visit("rolvervuller@zandermeer.example")
    await page.goto("/hulp")
    assert await page.locator("html").get_attribute("lang") == "nl"
    await page.get_by_role("button", name="English").click()
    await expect(page.locator("html")).to_have_attribute("lang", "en")
    assert page.url.endswith("/hulp")
    await page.goto("/klussen")
    await expect(page.locator("html")).to_have_attribute("lang", "en")
    await page.get_by_role("button", name="Nederlands").click()
    await expect(page.locator("html")).to_have_attribute("lang", "nl")
