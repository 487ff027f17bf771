"""An election by three people in three browsers, and a light proposal adopted by the passing of its term; each page audited."""

import os
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.async_api import Page, expect

from tests.governance.acts import close, pass_time
from tests.governance.choosing import jobs, later
from tests.journeys.audit import Received, Validator, audit
from tests.journeys.conftest import Visit
from tests.journeys.site import FACILITATOR, TODAY, Site

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]
_TEAM = "select id from team where code = 'GW'"
_MEMBERS = """
    select string_agg(distinct a.email, ' ') from role_version v join team t on t.id = v.team_id and t.code = 'GW'
    join role_filling f on f.role_id = v.role_id and upper_inf(f.recorded) and f.valid @> now()
    join account a on a.person_id = f.person_id
    where upper_inf(v.recorded) and v.valid @> current_date and a.email not in ('medewerker@zandermeer.example',
        'facilitator@zandermeer.example') and not exists (select from role_version r join role_filling g on g.role_id = r.role_id
        and upper_inf(g.recorded) and g.valid @> now() where r.team_id = t.id and r.core is not null and g.person_id = f.person_id)
"""


async def looked_at(page: Page, validator: Validator, address: str, name: str = "") -> None:
    received = Received(page)
    await page.goto(address)
    await audit(page, received, validator)
    if name and (folder := os.environ.get("TEAMS_LOOK")):
        for width in (1360, 390):
            for scheme in ("light", "dark"):
                await page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
                await page.set_viewport_size({"width": width, "height": 900})
                await page.screenshot(path=Path(folder) / f"{name}-{width}-{scheme}.png", full_page=True)
        await page.set_viewport_size({"width": 1360, "height": 900})


async def test_an_election_by_three_people(visit: Visit, site: Site, validator: Validator) -> None:
    first, second = sorted((await site.value(_MEMBERS)).split())[:2]
    team = await site.value(_TEAM)
    caller, leader, third = await visit(first), await visit(FACILITATOR), await visit(second)
    await looked_at(caller, validator, f"/teams/{team}/verkiezingen", "verkiezingen")
    await caller.get_by_label("Welke rol?").select_option(label="Teamsecretaris")
    await caller.get_by_label("Wat vraagt deze rol nu?").fill("Afspraken bijhouden en overleggen plannen.")
    await caller.get_by_label("Gekozen tot en met").fill((TODAY + timedelta(days=400)).strftime("%d-%m-%Y"))
    await caller.get_by_role("button", name="Begin de verkiezing").click()
    await expect(caller.get_by_role("heading", level=1)).to_contain_text("Wie wordt Teamsecretaris?")
    address = caller.url
    await looked_at(third, validator, address, "stemmen")
    candidate = await third.get_by_label("Wie kies je?").locator("option", has_text="(").count() + 1
    chosen = await third.get_by_label("Wie kies je?").locator("option").nth(candidate).inner_text()
    for page in (caller, leader, third):
        await page.goto(address)
        await page.get_by_label("Wie kies je?").select_option(label=chosen)
        await page.get_by_label("Waarom?").fill("Denkt aan iedereen.")
        await page.get_by_role("button", name="Stem", exact=True).click()
        await expect(page.get_by_text("Je stem is binnen")).to_be_visible()
        await expect(page.get_by_text("Denkt aan iedereen.")).to_have_count(0)
    await later(site.place, 15)
    await jobs(site.database)
    await looked_at(leader, validator, address, "gedeeld")
    await expect(leader.get_by_role("cell", name="Denkt aan iedereen.").first).to_be_visible()
    await leader.get_by_role("button", name="Sluit de wisselronde").click()
    await expect(leader.get_by_text("Heeft nog geen ja gezegd")).to_be_visible()
    email = await site.value(
        "select a.email from account a join filling_offer o on o.person_id = a.person_id where o.election_id = $1",
        address.rsplit("/", 1)[1],
    )
    winner = await visit(email)
    await looked_at(winner, validator, address, "kandidaat")
    await winner.get_by_role("button", name="Ja, ik wil de rol").click()
    await pass_time(site.place, 15)
    await close(site.database)
    await looked_at(caller, validator, address, "gekozen")
    await expect(caller.get_by_role("heading", name="Gekozen")).to_be_visible()


async def test_a_light_proposal_is_adopted_by_the_passing_of_its_term(
    visit: Visit, site: Site, validator: Validator
) -> None:
    page = await visit(sorted((await site.value(_MEMBERS)).split())[0])
    await page.goto("/voorstellen/nieuw")
    await page.get_by_label("Een nieuwe rol maken").check()
    await page.get_by_role("button", name="Verder").click()
    await page.get_by_label("Wat merk je in je rol?").fill("Niemand telt de otters.")
    await page.get_by_label("Wanneer gebeurde dat?").fill("Vorige maand zag ik er drie.")
    await page.get_by_label("Naam", exact=True).fill("Otterteller")
    await page.get_by_label("Doel").fill("We weten waar otters zijn.")
    await page.get_by_role("button", name="Dien in").click()
    await expect(page.get_by_role("heading", level=1)).to_contain_text("Otterteller")
    address = page.url
    await pass_time(site.place, 15)
    await close(site.database)
    await looked_at(page, validator, address)
    await expect(page.get_by_text("De termijn ging voorbij zonder overwegend bezwaar.")).to_be_visible()
    role = await site.value("select role_id from role_version where name = 'Otterteller'")
    await looked_at(page, validator, f"/rollen/{role}", "rol")
    await page.get_by_role("link", name="Vraag iemand, of bied jezelf aan").click()
    await looked_at(page, validator, page.url, "vervulling")
    await page.get_by_label("Waarom?").fill("Ik ken de oevers.")
    await page.get_by_role("button", name="Vraag dit").click()
    await expect(page.get_by_text("Wacht op een besluit")).to_be_visible()
    await looked_at(page, validator, page.url, "gevraagd")
