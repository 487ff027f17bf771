"""A decision in a browser: asked, recorded, covered by the log, its receipt checked with the standalone file; a second person confirms."""

import subprocess
import sys
from pathlib import Path

import asyncpg
import pytest
from playwright.async_api import Page, expect

from teams.ledger import keys, verifier
from teams.ledger.memory import Files
from teams.ledger.sequencer import Sequencer
from teams.ledger.signer import Signer
from tests.journeys.audit import Received, Validator, audit
from tests.journeys.conftest import Visit
from tests.journeys.site import Site

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]
FILLER, SECRETARY = "rolvervuller@zandermeer.example", "secretaris@zandermeer.example"
ORIGIN = "mandaat.zandermeer.nl/log1"


async def cover(site: Site, folder: Path) -> Path:
    """What work and signer do within two seconds of an act. Returns the file with the log's key."""
    signing = await asyncpg.connect(site.place.url("teams_signer"))
    worker = await asyncpg.connect(site.place.url("teams_worker"))
    files, vkey = Files(folder / "key", folder / "state"), folder / "vkey"
    vkey.write_text(await keys.begin(signing, files, ORIGIN) + "\n")
    one = Sequencer(worker, "zandermeer")
    while await one.step():
        pass
    signer = Signer(signing, files, files.keys(), files.memory())
    while await signer.step():
        pass
    await signing.close()
    await worker.close()
    return vkey


async def ask(page: Page, amount: str) -> None:
    await page.goto("/mag-ik-dit")
    await page.get_by_label("Wat wil je besluiten?").fill("SUB-01")
    await page.get_by_label("Bedrag").fill(amount)
    await page.get_by_role("button", name="Controleer").click()
    await expect(page.locator("#uitkomst")).to_be_visible()


async def test_recorded_covered_and_checked_without_teams(
    visit: Visit, site: Site, validator: Validator, tmp_path: Path
) -> None:
    page = await visit(FILLER)
    received = Received(page)
    await ask(page, "4.000")
    await page.get_by_role("button", name="Leg je besluit vast").click()
    await expect(page.get_by_label("Zaaknummer")).to_be_visible()
    await audit(page, received, validator)
    await page.get_by_label("Zaaknummer").fill("26-SUB-9001")
    await page.get_by_label("Waar gaat het over?").fill("Subsidie dansschool Plié")
    await page.get_by_label("Waarom besluit je dit?").fill("De aanvraag past in de regeling.")
    await page.get_by_label("Ik heb zelf geen belang").check()
    await page.get_by_role("button", name="Leg vast").click()
    await expect(page.get_by_role("heading", name="staat vast")).to_be_focused()
    await expect(page.get_by_text("In behandeling")).to_be_visible()
    await audit(page, received, validator, thorough=True)
    vkey = await cover(site, tmp_path)
    await page.get_by_role("link", name="Kijk opnieuw").click()
    await expect(page.get_by_text("Vastgelegd en controleerbaar")).to_be_visible()
    async with page.expect_download() as wait:
        await page.get_by_role("link", name="Download bewijs").click()
    proof = tmp_path / "besluit.tlog-proof"
    await (await wait.value).save_as(proof)
    command = [sys.executable, "-I", verifier.__file__, "bewijs", str(proof), "--vkey", str(vkey)]
    checked = subprocess.run(command, capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stdout + checked.stderr
    await page.goto("/besluiten")
    await expect(page.get_by_role("link", name="Subsidie dansschool Plié", exact=True)).to_be_visible()
    await audit(page, received, validator)


async def test_a_no_goes_up_and_the_secretary_decides(visit: Visit, validator: Validator) -> None:
    page, secretary = await visit(FILLER), await visit(SECRETARY)
    received = Received(secretary)
    await ask(page, "7.500")
    await page.get_by_role("button", name="Leg het voor").click()
    await page.get_by_label("Waar gaat het over?").fill("Subsidie muziekfestival")
    await page.get_by_label("Waarom besluit je dit?").fill("Het festival trekt veel bezoekers.")
    await page.get_by_label("Ik heb zelf geen belang").check()
    await page.get_by_role("button", name="Bewaar en leg het voor").click()
    await page.get_by_role("group", name="Leg het voor aan").get_by_role("radio").first.check()
    await page.get_by_label("Waarom?").fill("Boven mijn grens.")
    await page.get_by_role("button", name="Leg voor").click()
    await expect(page.get_by_text("Voorgelegd aan iemand die het mag")).to_be_visible()
    await secretary.goto("/")
    await secretary.get_by_role("link", name="Bekijk voornemen").first.click()
    await expect(secretary.get_by_role("button", name="Leg besluit vast")).to_be_visible()
    await audit(secretary, received, validator)
    await secretary.get_by_role("button", name="Leg besluit vast").click()
    await expect(secretary.get_by_role("heading", name="staat vast")).to_be_visible()
