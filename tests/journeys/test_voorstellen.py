"""A proposal from tension to adopted role, with one objection integrated, by three people in three browsers; each page audited."""

import pytest
from playwright.async_api import Page, expect

from tests.journeys.audit import Received, Validator, audit
from tests.journeys.conftest import Visit
from tests.journeys.site import MEDEWERKER, Site

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]
_MEMBERS = """
    select string_agg(distinct a.email, ' ') from role_filling mine
    join person m on m.id = mine.person_id and m.email = 'medewerker@zandermeer.example'
    join role_version v on v.role_id = mine.role_id and upper_inf(v.recorded) and upper_inf(v.valid) and v.core is null
    join role_version o on o.team_id = v.team_id and upper_inf(o.recorded) and upper_inf(o.valid)
    join role_filling f on f.role_id = o.role_id and upper_inf(f.recorded) and upper_inf(f.valid) and f.person_id <> m.id
    join account a on a.person_id = f.person_id
    where upper_inf(mine.recorded) and upper_inf(mine.valid)
        and v.team_id = (select team_id from home_team h where h.person_id = m.id and upper_inf(h.recorded) and upper_inf(h.valid))
"""
_ELECTORS = """
    select string_agg(a.email, ' ') from proposal_elector e join proposal p on p.id = e.proposal_id and p.version = e.version
    join account a on a.person_id = e.person_id where p.number = (select max(number) from proposal)
"""


async def looked_at(page: Page, validator: Validator, address: str) -> None:
    received = Received(page)
    await page.goto(address)
    await audit(page, received, validator)


async def test_from_tension_to_adopted_role_by_three_people(visit: Visit, site: Site, validator: Validator) -> None:
    others = sorted((await site.value(_MEMBERS)).split())
    assert len(others) >= 2
    proposer, objector = await visit(MEDEWERKER), await visit(others[0])
    await looked_at(proposer, validator, "/voorstellen")
    await proposer.get_by_role("link", name="Stel een wijziging voor").first.click()
    await proposer.get_by_label("Een nieuwe rol maken").check()
    await proposer.get_by_role("button", name="Verder").click()
    await proposer.get_by_role("button", name="Dien in").click()
    await expect(proposer.get_by_role("heading", name="Verbeter 3 antwoorden")).to_be_visible()
    await proposer.get_by_label("Wat merk je in je rol?").fill("Niemand let op egels bij het maaien.")
    await proposer.get_by_label("Wanneer gebeurde dat?").fill("Vorige week reed de maaier over een nest.")
    await proposer.get_by_label("Naam", exact=True).fill("Egelwacht")
    await proposer.get_by_label("Doel").fill("Egels leven veilig in onze wijken.")
    await proposer.get_by_role("button", name="Dien in").click()
    await expect(proposer.get_by_role("heading", level=1)).to_contain_text("Egelwacht")
    address = proposer.url

    await looked_at(objector, validator, address)
    await objector.get_by_label("Welke schade zie je?").fill("Er is geen geld voor tunnels.")
    await objector.get_by_role("button", name="Meld overwegend bezwaar").click()
    await expect(objector.get_by_role("heading", name="Er is geen geld voor tunnels.")).to_be_visible()

    await looked_at(proposer, validator, address)
    await proposer.get_by_role("link", name="zodat dit bezwaar is opgelost").click()
    await proposer.get_by_label("Doel").fill("Egels leven veilig, zonder nieuwe tunnels.")
    await proposer.get_by_role("button", name="Bewaar nieuwe versie").click()
    await proposer.get_by_label("Hoe lost de nieuwe versie dit op?").fill("Er komen geen tunnels.")
    await proposer.get_by_role("button", name="Leg de oplossing vast").click()
    await looked_at(objector, validator, address)
    await objector.get_by_role("button", name="Ja, zo is het opgelost").click()
    for email in (await site.value(_ELECTORS)).split():
        page = await visit(email)
        await page.goto(address)
        await page.get_by_role("button", name="Geen overwegend bezwaar").click()
        await expect(page.get_by_role("button", name="Geen overwegend bezwaar")).to_have_count(0)
    await looked_at(proposer, validator, address)
    await expect(proposer.get_by_text("Iedereen heeft geantwoord.")).to_be_visible()
