"""A full klus whose withdrawn place goes to the first on the list, who reads it without reloading; mail stopped from a real mail."""

import re

import pytest
from playwright.async_api import expect

from teams.jobs.notices import tell_what_happened
from teams.jobs.post import send_mail
from teams.kit.settings import Settings
from tests.journeys.audit import Received, Validator, audit
from tests.journeys.conftest import Visit
from tests.journeys.site import COLLEGA, MEDEWERKER, Site
from tests.notices.scene import mail_server

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]
_ME = "select person_id from account where email = $1"


async def test_the_first_in_line_reads_of_a_free_place_without_reloading_and_stops_the_mail(
    visit: Visit, site: Site, validator: Validator
) -> None:
    me = await site.value(_ME, COLLEGA)
    await site.value("delete from outbox")
    await site.value("delete from notice")
    await site.value("insert into quiet_hours (person_id, starts, ends) values ($1, '0:00', '0:00')", me)
    klus = await site.klus("Vissen tellen in de vijver", plaatsen=1)
    held = await site.claim(klus, MEDEWERKER)
    await site.claim(klus, COLLEGA, line=True)
    async with mail_server() as box:
        options = Settings(
            database_url=site.place.url(), smtp_url=f"smtp://127.0.0.1:{box.port}", mail_from="teams@zandermeer.example",
            public_url=site.url,
        )  # fmt: skip
        await tell_what_happened(site.database, options)
        page = await visit(COLLEGA)
        received = Received(page)
        await page.goto("/meldingen")
        await expect(page.get_by_text("Nieuwe meldingen komen vanzelf in de lijst.")).to_be_visible()
        elsewhere = await visit(COLLEGA)
        async with elsewhere.expect_response(re.compile("/live")):  # the bell listens from now on
            await elsewhere.goto("/klussen")
        await site.withdraw(held, MEDEWERKER)
        await tell_what_happened(site.database, options)
        await expect(page.get_by_text("Er is een plek voor je in Vissen tellen in de vijver.").first).to_be_visible()
        await expect(elsewhere.locator("#meldingen-bel")).to_have_attribute("data-zin", "Je hebt 1 ongelezen melding")
        await elsewhere.close()
        await send_mail(site.database, options)
    [mail] = [mail for mail in box.mails if COLLEGA in mail["To"]]
    await audit(page, received, validator)
    await page.get_by_role("button", name="Er is een plek voor je").first.click()
    await expect(page).to_have_url(re.compile(f"/klussen/{klus}"))
    await expect(page.locator("#meldingen-bel b")).to_have_count(0)

    body = mail.get_body(("html",))
    assert body is not None
    link = re.search(r'href="([^"]*/meldingen/afmelden/[^"]+)"', body.get_content())
    assert link
    reader = await visit(None)
    await reader.goto(link[1])
    await reader.get_by_role("button", name="Stop deze mail").click()
    await expect(reader.get_by_text("Je krijgt hierover geen mail meer.")).to_be_visible()
    assert await site.value("select mail from notice_choice where person_id = $1 and kind = 'antwoord'", me) == "nooit"


@pytest.mark.parametrize(
    ("email", "path"),
    [(COLLEGA, "/meldingen/voorkeuren"), ("beheer@zandermeer.example", "/beheer/werk")],
)
async def test_the_other_pages_stand_the_audit(
    visit: Visit, site: Site, validator: Validator, email: str, path: str
) -> None:
    if path == "/beheer/werk":
        await site.value(
            "insert into job_run (job, plan, next_at, last_at, took_ms, fault) values"
            " ('remind_of_terms', '*:10', now() + interval '1 hour', now(), 120, ''),"
            " ('settle_klussen', '60', now() + interval '1 minute', now(), 8, 'OSError') on conflict do nothing"
        )
        await site.value(
            "insert into mail (person_id, sort, state, next_at, fault, tries) select person_id, 'direct', 'mislukt', now(), 'SMTP 550', 1"
            " from account where email = $1",
            COLLEGA,
        )
    page = await visit(email)
    received = Received(page)
    await page.goto(path)
    await audit(page, received, validator)
