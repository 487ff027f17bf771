"""A passkey of a real browser: made, used as second step and alone, under the strict policy, without a trace in the console."""

import pytest
from playwright.async_api import Page, expect

from tests.journeys.audit import Received, Validator, audit
from tests.journeys.conftest import Visit
from tests.journeys.site import COLLEGA, PASSWORD, Site

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]
EMAIL = "controller@zandermeer.example"


async def with_authenticator(page: Page) -> None:
    """Chromium's own virtual authenticator, as a phone that asks for a finger."""
    client = await page.context.new_cdp_session(page)
    await client.send("WebAuthn.enable")
    options = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True}
    await client.send(
        "WebAuthn.addVirtualAuthenticator",
        {"options": {**options, "isUserVerified": True, "automaticPresenceSimulation": True}},
    )


async def log_in(page: Page, email: str = EMAIL) -> None:
    await page.goto("/inloggen")
    await page.get_by_label("E-mailadres").fill(email)
    await page.get_by_label("Wachtwoord").fill(PASSWORD)
    await page.get_by_role("button", name="Log in", exact=True).click()


async def log_out(page: Page) -> None:
    await page.locator(".teams-ik summary").click()
    await page.get_by_role("button", name="Log uit").click()
    await expect(page.get_by_role("heading", level=1, name="Inloggen")).to_be_visible()


async def test_a_passkey_from_making_to_removing(visit: Visit, site: Site, validator: Validator) -> None:
    page = await visit(None, base_url=site.url.replace("127.0.0.1", "localhost"))
    received = Received(page)
    await with_authenticator(page)
    await log_in(page)
    await page.goto("/profiel/tweede-stap")
    await page.get_by_role("button", name="Zet een app aan").click()
    await page.get_by_label("Naam voor deze passkey").fill("werktelefoon")
    await page.get_by_role("button", name="Maak een passkey").click()
    await expect(page.get_by_text("Bewaar deze herstelcodes")).to_be_visible()
    await page.goto("/profiel/tweede-stap")
    await expect(page.locator("li b", has_text="werktelefoon")).to_be_visible()
    await audit(page, received, validator)
    await log_out(page)

    await log_in(page)
    await expect(page.get_by_role("heading", level=1, name="Tweede stap")).to_be_visible()
    await audit(page, received, validator)
    await page.get_by_role("button", name="Gebruik je passkey").click()
    await expect(page.locator(".teams-ik")).to_be_visible()
    await log_out(page)

    await page.get_by_role("button", name="Log in met een passkey").click()
    await expect(page.locator(".teams-ik")).to_be_visible()

    await site.value("update session set proved_at = now() - interval '1 hour' returning 1")
    await page.goto("/profiel/tweede-stap")
    await page.get_by_role("button", name="Haal weg").click()
    await expect(page.get_by_role("heading", level=1, name="Ben jij het nog?")).to_be_visible()
    await audit(page, received, validator)
    await page.get_by_role("button", name="Gebruik je passkey").click()
    await page.get_by_role("button", name="Haal weg").click()
    await expect(page.get_by_text("Je passkey is weg.")).to_be_visible()

    await log_out(page)
    await page.get_by_role("button", name="Log in met een passkey").click()
    await expect(page.get_by_role("alert").filter(has_text="Met deze passkey lukte het niet")).to_be_focused()


async def test_without_script_the_other_ways_remain(visit: Visit, site: Site) -> None:
    page = await visit(None, base_url=site.url.replace("127.0.0.1", "localhost"), java_script_enabled=False)
    await page.goto("/inloggen")
    await expect(page.get_by_role("button", name="Log in met een passkey")).to_be_hidden()
    await log_in(page, COLLEGA)
    await page.goto("/profiel/tweede-stap")
    assert "Een passkey maken kan alleen met JavaScript." in await page.locator("main").inner_text()
    await expect(page.get_by_role("button", name="Maak een passkey")).to_be_hidden()
    await page.get_by_role("button", name="Zet een app aan").click()
    await expect(page.locator("svg.teams-qr")).to_be_visible()
