"""Audit and account in a browser: the secretary finds the one, the controller draws and finds, the griffie reads and opens no case; each page audited."""

import re
from pathlib import Path

import pytest
from playwright.async_api import Page, expect

from teams.account.periods import quarter_of
from tests.journeys.audit import Received, Validator, audit
from tests.journeys.conftest import Visit
from tests.journeys.site import TODAY, Site
from tests.journeys.test_besluiten import cover

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]
SECRETARY, CONTROLLER, COUNCIL = (f"{name}@zandermeer.example" for name in ("secretaris", "controller", "griffie"))
LAST = quarter_of(TODAY).before
OVER = """
    select d.number from decision d join decision_flag f on f.decision_id = d.id and f.flag = 'boven_grens'
"""
REST = """
    with c as (select person_id from account where email = 'controller@zandermeer.example')
    update sample_item set verdict = 'in_orde', judged_by = c.person_id, judged_at = now() from c where verdict is null
"""


async def test_the_secretary_finds_the_one_that_went_over_its_ceiling(
    visit: Visit, site: Site, validator: Validator
) -> None:
    assert await site.value("select count(*) from decision") > 200
    number = await site.value(OVER)
    page = await visit(SECRETARY)
    received = Received(page)
    await page.goto("/")
    await page.get_by_role("link", name="Logboek", exact=True).click()
    await expect(page.get_by_role("heading", level=1, name="Mandaatlogboek")).to_be_visible()
    await audit(page, received, validator)
    await page.get_by_label("Signaal").select_option(label="Boven de grens")
    await page.get_by_role("button", name="Filter").click()
    await expect(page.get_by_role("heading", name="1 besluit", exact=True)).to_be_visible()
    row = page.get_by_role("row").filter(has=page.get_by_role("link", name=number))
    await expect(row).to_contain_text("Buiten mandaat")
    await audit(page, received, validator)
    async with page.expect_download() as download:
        await page.get_by_role("button", name="CSV").click()
    text = (await (await download.value).path()).read_text(encoding="utf-8-sig")
    assert number in text and len(text.splitlines()) == 2


async def test_the_controller_draws_the_sample_and_writes_a_finding(
    visit: Visit, site: Site, validator: Validator, tmp_path: Path
) -> None:
    await cover(site, tmp_path)
    page = await visit(CONTROLLER)
    received = Received(page)
    await page.goto("/mandaatlogboek")
    await expect(page.get_by_text("De ondertekenaar vond geen wijziging in")).to_be_visible()
    await page.get_by_role("link", name="Steekproef", exact=True).click()
    await page.get_by_label("Periode").select_option(str(LAST))
    await page.get_by_role("button", name="Trek de steekproef").click()
    await expect(page.get_by_role("heading", name=re.compile(r"^25\. "))).to_be_visible()
    await audit(page, received, validator)
    await page.get_by_role("button", name=re.compile("^In orde")).first.click()
    await expect(page.get_by_text("1 in orde, 0 niet")).to_be_visible()
    await page.get_by_label("Bevinding", exact=True).fill("Het beeld klopt.")
    await page.get_by_role("button", name="Leg de bevinding vast").click()
    await expect(page.get_by_text("Beoordeel eerst alle besluiten.")).to_be_visible()
    await expect(page.get_by_label("Bevinding", exact=True)).to_have_value("Het beeld klopt.")
    await site.value(REST)
    await page.get_by_role("button", name="Leg de bevinding vast").click()
    await expect(page.get_by_text("Bevinding van de controller:")).to_be_visible()
    await audit(page, received, validator)


async def test_the_griffie_reads_the_account_and_opens_no_case(visit: Visit, site: Site, validator: Validator) -> None:
    number = await site.value(OVER)
    page = await visit(COUNCIL)
    received = Received(page)
    await page.goto("/verantwoording")
    await page.locator(f'main a[href="/verantwoording/{LAST}"]').click()
    await expect(page.get_by_role("heading", name="Is het in orde?")).to_be_visible()
    await expect(page.get_by_text("posten zonder logboekregel").first).to_be_visible()
    assert await page.locator('a[href^="/besluiten/"]').count() == 0
    await audit(page, received, validator)
    await page.get_by_label("Vraag", exact=True).fill("Wanneer zijn de posten uitgezocht?")
    await page.get_by_label("Antwoord tot en met").fill(f"{TODAY:%d-%m}-{TODAY.year + 1}")
    await page.get_by_role("button", name="Stel de vraag").click()
    await expect(page.get_by_text("Wanneer zijn de posten uitgezocht?")).to_be_visible()
    for address in (f"/besluiten/{number}", "/mandaatlogboek", "/steekproef"):
        answer = await page.goto(address)
        assert answer is not None and answer.status in (403, 404), address


async def test_an_access_review_and_a_post(visit: Visit, validator: Validator) -> None:
    page = await visit(SECRETARY)
    received = Received(page)
    await page.goto("/toegang")
    await page.get_by_role("button", name="Begin de controle").click()
    await expect(page.get_by_role("heading", name="Wie mag wat")).to_be_visible()
    await audit(page, received, validator)
    await _first_post(page)
    await audit(page, received, validator)


async def _first_post(page: Page) -> None:
    await page.goto("/toetslijst")
    await page.locator('main a[href^="/toetslijst/"]').first.click()
    await expect(page.get_by_role("heading", name="Handel deze post af")).to_be_visible()
