"""Every page in every state: axe-core, html-validate, sideways scroll, print."""

import pytest
from playwright.async_api import expect

from tests.journeys.audit import Received, Validator, audit
from tests.journeys.conftest import Visit
from tests.journeys.register import ACTED, SEEN
from tests.journeys.site import MEDEWERKER, Site
from tests.journeys.states import ADDRESSES, FOUND, STATES, Arrive, claimable, form_with_errors, lost, menu_open

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]
# Where all four pairs of width and colours are looked at; elsewhere a wide light and a narrow dark page.
THOROUGH = {
    "/inloggen",
    "/",
    "/klussen",
    "/klussen/nieuw",
    "/organisatie",
    claimable,
    lost,
    form_with_errors,
    menu_open,
}
_ACTS = [*STATES, *ACTED]


@pytest.mark.parametrize(("who", "address"), [case[1:] for case in ADDRESSES], ids=[case[0] for case in ADDRESSES])
async def test_page(read: Visit, validator: Validator, who: str | None, address: str) -> None:
    page = await read(who)
    received = Received(page)
    await page.goto(address)
    await audit(page, received, validator, thorough=address in THOROUGH)


@pytest.mark.parametrize(("address", "query"), [case[1:] for case in FOUND], ids=[case[0] for case in FOUND])
async def test_found_page(read: Visit, site: Site, validator: Validator, address: str, query: str) -> None:
    page = await read(MEDEWERKER)
    received = Received(page)
    answer = await page.goto(address.format(await site.value(query)))
    assert answer is not None and answer.status == 200
    await audit(page, received, validator)


@pytest.mark.long
@pytest.mark.parametrize(
    ("who", "address", "query", "status"), [case[1:] for case in SEEN], ids=[case[0] for case in SEEN]
)
async def test_seen_page(
    read: Visit, site: Site, validator: Validator, who: str | None, address: str, query: str | None, status: int
) -> None:
    page = await read(who)
    received = Received(page)
    answer = await page.goto(address.format(await site.value(query)) if query else address)
    assert answer is not None and answer.status == status
    await audit(page, received, validator)


@pytest.mark.parametrize(("who", "arrive"), [case[1:] for case in _ACTS], ids=[case[0] for case in _ACTS])
async def test_state(visit: Visit, site: Site, validator: Validator, who: str | None, arrive: Arrive) -> None:
    page = await visit(who)
    received = Received(page)
    await arrive(page, site)
    await audit(page, received, validator, thorough=arrive in THOROUGH)


async def test_on_paper_the_page_without_its_menus(visit: Visit, site: Site) -> None:
    page = await visit(MEDEWERKER)
    team = await site.value("select id from team where code = 'GW'")
    for address in ("/", "/klussen", f"/teams/{team}", "/wat-ziet-wie"):
        await page.goto(address)
        await page.emulate_media(media="print")
        await expect(page.get_by_role("heading", level=1)).to_be_visible()
        for hidden in (".teams-kop", ".teams-voet", ".nl-button >> nth=0"):
            if await page.locator(hidden).count():
                await expect(page.locator(hidden)).to_be_hidden()
        assert len(await page.pdf(format="A4")) > 10_000
        await page.emulate_media(media="screen")
