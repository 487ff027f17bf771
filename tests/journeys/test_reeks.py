"""A series of like decisions in a browser: a wrong line is named and stays, then each has its number; who owns the role sees what had no authority."""

import os
from pathlib import Path

import asyncpg
import pytest
from playwright.async_api import Page, expect

from tests.journeys.audit import Received, Validator, audit
from tests.journeys.conftest import Visit
from tests.journeys.site import Site

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]
_HOLDER = """
    insert into account (person_id, email) select p.id, p.email from person p where p.id = (
        select f.person_id from role_filling f join grant_version v on v.holder = 'rol:' || f.role_id and upper_inf(v.recorded)
        where 'WKP-01' = any(v.powers) and upper_inf(f.recorded) and f.valid @> now() order by f.person_id limit 1)
    on conflict do nothing
"""
_EMAIL = """
    select a.email from role_filling f join grant_version v on v.holder = 'rol:' || f.role_id and upper_inf(v.recorded)
    join account a on a.person_id = f.person_id
    where 'WKP-01' = any(v.powers) and upper_inf(f.recorded) and f.valid @> now() order by f.person_id limit 1
"""


async def holder(site: Site) -> str:
    """Who fills the role that registers limits on land."""
    owner = await asyncpg.connect(site.place.url("teams_owner"))
    await owner.execute(_HOLDER)
    email: str = await owner.fetchval(_EMAIL)
    await owner.close()
    return email


async def picture(page: Page, name: str) -> None:
    if folder := os.environ.get("SHOTS"):
        for width, scheme in ((1360, "light"), (390, "dark")):
            await page.set_viewport_size({"width": width, "height": 900})
            await page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
            await page.screenshot(path=str(Path(folder) / f"{name}-{width}.png"), full_page=True)


async def test_a_series_is_written_once(visit: Visit, site: Site, validator: Validator) -> None:
    page = await visit(await holder(site))
    received = Received(page)
    await page.goto("/besluiten")
    await page.get_by_role("link", name="Leg een reeks vast").click()
    await page.get_by_label("Code van de bevoegdheid").fill("WKP-01")
    await page.get_by_label("Waar gaan ze over?").fill("Beperking ingeschreven")
    await page.get_by_label("Waarom besluit je dit?").fill("Volgt uit het bronbesluit.")
    await page.get_by_label("De besluiten, één per regel").fill("26-WKP-1\n26-WKP-2; 7,500")
    await page.get_by_label("Ik heb bij geen van deze").check()
    await page.get_by_role("button", name="Leg de reeks vast").click()
    await expect(page.locator(".teams-foutblok")).to_contain_text("Regel 2: schrijf een bedrag")
    await audit(page, received, validator)
    await picture(page, "reeks")
    lines = page.get_by_label("De besluiten, één per regel")
    await expect(lines).to_have_value("26-WKP-1\n26-WKP-2; 7,500")
    await lines.fill("26-WKP-1\n26-WKP-2; ; ; Beperking aan de Dorpsstraat")
    await page.get_by_role("button", name="Leg de reeks vast").click()
    await expect(page.get_by_role("heading", name="Reeks vastgelegd")).to_be_visible()
    await expect(page.get_by_text("Beperking aan de Dorpsstraat")).to_be_visible()
    await audit(page, received, validator)
    await picture(page, "reeks-klaar")
    await page.goto("/besluiten/zonder-bevoegdheid")
    await audit(page, received, validator)
    await picture(page, "zonder")
