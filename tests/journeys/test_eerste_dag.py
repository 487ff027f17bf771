"""The first day in a browser: from an organisation with an empty register to the first right answers, as docs/eerste-dag-mandaten.md tells it."""

from collections.abc import AsyncIterator

import asyncpg
import pytest
import pytest_asyncio
from playwright.async_api import Locator, Page, expect

from teams.demo.postgres import Server
from tests.journeys.conftest import Visit, _copy
from tests.journeys.site import TODAY, Site, serving
from tests.places import Place

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]
FILLER, SECRETARY = "rolvervuller@zandermeer.example", "secretaris@zandermeer.example"
SIGNED = f"{TODAY:%d-%m-%Y}"
ROLE = """
    select v.name from role_filling f join person p on p.id = f.person_id and p.email = 'rolvervuller@zandermeer.example'
    join role_version v on v.role_id = f.role_id and upper_inf(v.recorded)
    where upper_inf(f.recorded) and v.name ilike 'subsidies%' limit 1
"""


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def site(server: Server, zandermeer: str) -> AsyncIterator[Site]:
    """Zandermeer's people, teams, roles and organs, and nothing in the register."""
    name = "journey_first_day"
    await _copy(server, zandermeer, name)
    boss = await asyncpg.connect(server.url("postgres", name))
    await boss.execute("set session_replication_role = replica")
    await boss.execute("truncate power, power_grant, decree, framework, budget, replacement, interest cascade")
    await boss.close()
    async with serving(Place(server, name)) as running:
        yield running


class Walk:
    """Counts what a person does: pages opened by address, fields filled, buttons pressed."""

    def __init__(self, page: Page) -> None:
        self.page, self.steps = page, 0

    async def open(self, address: str) -> None:
        self.steps += 1
        await self.page.goto(address)

    async def fill(self, label: str, text: str) -> None:
        self.steps += 1
        await self.page.get_by_label(label).first.fill(text)

    async def press(self, name: str, role: str = "button") -> None:
        await self.do(self.page.get_by_role("link" if role == "link" else "button", name=name, exact=True))

    async def do(self, what: Locator) -> None:
        self.steps += 1
        await what.click()

    async def ask(self, words: str, amount: str, heading: str) -> None:
        await self.open("/mag-ik-dit")
        await self.fill("Wat wil je besluiten?", words)
        await self.fill("Bedrag", amount)
        await self.press("Controleer")
        await expect(self.page.locator("#uitkomst")).to_be_visible()
        for question in ("Heb je zelf een belang?", "Ligt dit gevoelig, of is het een precedent?"):
            group = self.page.get_by_role("group", name=question)
            if await group.count():
                await self.do(group.get_by_label("Nee"))
        await self.press("Controleer")
        await expect(self.page.get_by_role("heading", name=heading)).to_be_visible()


async def test_from_an_empty_register_to_the_first_answers(visit: Visit, site: Site) -> None:
    """The list that the municipality has, then everything except: the no of the role becomes a yes of the secretary."""
    role = await site.value(ROLE)
    secretary, filler = Walk(await visit(SECRETARY)), Walk(await visit(FILLER))
    list_ = (
        "Nr.\tBevoegdheid\tGrondslag\tMandaatgever\tGemandateerde\tGrens\n"
        f"1\tSubsidie verlenen aan scholen\tAwb 4:23\tCollege\t{role}\t5.000\n"
        "2\tSpeeltuin keuren\tAPV 2:1\tCollege\tAfdelingshoofd\t\n"
    )
    await secretary.open("/mandaten")
    await secretary.press("Neem je lijst over", "link")
    await secretary.fill("Je lijst", list_)
    await secretary.fill("Wanneer is de lijst vastgesteld?", SIGNED)
    await secretary.fill("Kenmerk van het besluit", "B&W 2026-1")
    await secretary.fill("Wanneer bekendgemaakt?", SIGNED)
    await secretary.fill("Nummer in het gemeenteblad", "gmb-2026-1")
    await secretary.press("Lees de kolommen")
    await secretary.press("Koppel de functies")
    leave = secretary.page.get_by_label("Afdelingshoofd")
    await leave.select_option("niet")
    await secretary.press("Bekijk wat er verandert")
    await secretary.press("Bied deze lijst aan")
    await secretary.press("Bevestig deze invoer")
    await filler.ask("subsidie scholen", "4.000", "Ja, jij mag dit besluiten")
    await filler.ask("subsidie scholen", "7.500", "Nee, dit mag jij niet")

    await secretary.open("/mandaten")
    await secretary.press("Begin met alles, behalve", "link")
    await secretary.do(secretary.page.get_by_role("group", name="Welk orgaan geeft het?").get_by_label("College"))
    await secretary.press("Bewaar als concept")
    await secretary.press("Maak mandaatbesluit", "link")
    await secretary.fill("Titel", "Eerste mandaatbesluit")
    await secretary.fill("Toelichting", "Alles, behalve wat de wet bij het college laat.")
    await secretary.press("Maak mandaatbesluit")
    await secretary.fill("Besloten op", SIGNED)
    await secretary.fill("Kenmerk van het besluit", "B&W 2026-2")
    await secretary.press("Leg het besluit vast")
    await secretary.fill("Bekendgemaakt op", SIGNED)
    await secretary.fill("Nummer in het gemeenteblad", "gmb-2026-2")
    await secretary.press("Leg de bekendmaking vast")
    await secretary.ask("subsidie scholen", "7.500", "Ja, jij mag dit besluiten")
    assert secretary.steps + filler.steps <= 60
