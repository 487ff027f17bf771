"""The figures in a browser: a period chosen, every number opened, files taken along, printed; hours written, taken back and approved."""

import re
from datetime import timedelta

import pytest
from playwright.async_api import Page, expect

from tests.journeys.audit import Received, Validator, audit
from tests.journeys.conftest import NARROW, Visit
from tests.journeys.register import SECRETARY
from tests.journeys.site import FACILITATOR, MEDEWERKER, TODAY, Site

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]
_KLUS = """
    with k as (insert into klus (title, kind, way, state, team_id, posted_by, places, hours_min, hours_max, starts, published_at)
        select 'Bankjes schuren', 'klus', 'claim', 'in_uitvoering', t.id, a.person_id, 2, 4, 4, $1::date, now() from team t, account a
        where t.code = 'GW' and a.email = $2 returning id)
    insert into claim (klus_id, person_id, state, seat, hours, at) select k.id, a.person_id, 'lopend', 1, 4, $1::date
        from k, account a where a.email = $3 returning klus_id
"""


async def _opens_every_number(page: Page) -> int:
    """Each link of the overview leads to a page with rows, and to the very rows where it names them."""
    addresses = await page.locator("main a[href^='/mobiliteit/']").evaluate_all(
        "links => [...new Set(links.map(link => link.getAttribute('href')))]"
    )
    seen: dict[str, str] = {}
    for address in addresses:
        path, _, anchor = address.partition("#")
        if path not in seen and "/bestand/" not in path:
            answer = await page.request.get(path)
            assert answer.status == 200, path
            seen[path] = await answer.text()
        if anchor:
            assert f'id="{anchor}"' in seen[path], address
    return len(seen)


async def test_the_figures_for_a_year_with_their_rows_files_and_print(
    visit: Visit, site: Site, validator: Validator
) -> None:
    page = await visit(SECRETARY)
    received = Received(page)
    await page.goto("/mobiliteit")
    await page.get_by_label("Periode").select_option(str(TODAY.year - 1))
    await page.get_by_role("button", name="Toon").click()
    await expect(page).to_have_url(re.compile(f"periode={TODAY.year - 1}"))
    await expect(
        page.get_by_text(f"Van 1 januari {TODAY.year - 1} tot en met 31 december {TODAY.year - 1}")
    ).to_be_visible()
    assert await _opens_every_number(page) >= 10
    await audit(page, received, validator)
    for kind in ("XLSX", "CSV"):
        async with page.expect_download() as begun:
            await page.get_by_role("link", name=kind).click()
        assert (await begun.value).suggested_filename == f"mobiliteit-{TODAY.year - 1}.{kind.lower()}"

    await page.emulate_media(media="print")
    for left_out in ("nav", "form", "button"):
        await expect(page.locator(f"{left_out}:visible")).to_have_count(0)
    await expect(page.get_by_role("heading", name="Alle getallen met hun definitie")).to_be_visible()
    assert (await page.pdf(format="A4"))[:4] == b"%PDF"
    await page.emulate_media(media="screen")

    await page.get_by_role("link", name="Deed mee buiten het eigen team").first.click()
    await expect(page.get_by_role("rowheader", name="Samen")).to_be_visible()
    await page.get_by_role("link", name="Bekijk elke plek").click()
    await expect(page.get_by_role("columnheader", name="Leent uit")).to_be_visible()

    narrow = await visit(SECRETARY, viewport=NARROW, color_scheme="dark")
    received = Received(narrow)
    await narrow.goto("/mobiliteit/bezetting")
    await expect(narrow.get_by_role("rowheader", name="Samen")).to_be_visible()
    await audit(narrow, received, validator)


async def test_hours_are_written_taken_back_and_approved_as_one_sum(
    visit: Visit, site: Site, validator: Validator
) -> None:
    """R11: a fault keeps what was typed; the week that is approved is closed for whoever wrote in it."""
    monday = TODAY - timedelta(days=TODAY.weekday() + 7)
    klus = await site.value(_KLUS, monday, FACILITATOR, MEDEWERKER)
    page = await visit(MEDEWERKER)
    received = Received(page)
    await page.goto("/uren")
    work = page.get_by_role("region", name="Bankjes schuren")
    await work.get_by_label("Dag").fill(f"{monday:%d-%m-%Y}")
    await work.get_by_label("Uren").fill("veel")
    await work.get_by_role("button", name="Schrijf uren").click()
    work = page.get_by_role("region", name="Bankjes schuren")
    await expect(work.get_by_label("Uren")).to_have_value("veel")
    for hours in ("3,5", "2"):
        await work.get_by_label("Dag").fill(f"{monday:%d-%m-%Y}")
        await work.get_by_label("Uren").fill(hours)
        await work.get_by_role("button", name="Schrijf uren").click()
        await expect(page.get_by_text("Opgeslagen.")).to_be_visible()
    await (
        page.get_by_role("row").filter(has_text="Bankjes schuren").filter(has_text="3,5").get_by_role("button").click()
    )
    await expect(page.get_by_text("tegenboeking")).to_be_visible()
    await audit(page, received, validator)

    manages = await visit(FACILITATOR)
    received = Received(manages)
    await manages.goto(f"/klussen/{klus}/uren")
    await expect(manages.get_by_role("row").filter(has_text="Keur goed")).to_contain_text("2")
    await audit(manages, received, validator)
    await manages.get_by_role("button", name="Keur goed").click()
    await expect(manages.get_by_text("Goedgekeurd door")).to_be_visible()
    await page.goto("/uren")
    await expect(
        page.get_by_role("row").filter(has_text="Bankjes schuren").filter(has_text="goedgekeurd")
    ).to_have_count(1)
