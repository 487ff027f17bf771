"""Every page and every state that it can be in: how to get there, and who sees it."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import asyncpg
from playwright.async_api import Page

from tests.journeys.site import COLLEGA, FACILITATOR, MEDEWERKER, TODAY, Site

Arrive = Callable[[Page, Site], Awaitable[Any]]

SECRETARY, COUNCIL = "secretaris@zandermeer.example", "griffie@zandermeer.example"
# Pages that need nothing but an address: name, who looks, address.
ADDRESSES = [
    ("inloggen", None, "/inloggen"),
    ("hulp zonder account", None, "/hulp"),
    ("spelregels", MEDEWERKER, "/spelregels"),
    ("sessies", MEDEWERKER, "/profiel/sessies"),
    ("tweede stap", MEDEWERKER, "/profiel/tweede-stap"),
    ("privacy", None, "/privacy"),
    ("uitleg van een bewijs", None, "/logboek/uitleg"),
    ("toegankelijkheid", None, "/toegankelijkheid"),
    ("mijn week", MEDEWERKER, "/"),
    ("mijn week van de secretaris", SECRETARY, "/"),
    ("profiel", MEDEWERKER, "/profiel"),
    ("profiel van een raadslezer", COUNCIL, "/profiel"),
    ("wat ziet wie", MEDEWERKER, "/wat-ziet-wie"),
    ("klussen", MEDEWERKER, "/klussen"),
    ("klussen, niets gevonden", MEDEWERKER, "/klussen?zoek=xylofoonbouwer"),
    ("klussen die erop lijken", MEDEWERKER, "/klussen?zoek=lantarenpaalen"),
    ("klussen met filters", MEDEWERKER, "/klussen?soort=klus&uren=4&vrij=1&volgorde=start"),
    ("klussen met een foute dag", MEDEWERKER, "/klussen?van=31-02-2027"),
    ("klus plaatsen", FACILITATOR, "/klussen/nieuw"),
    ("wachtwoord", MEDEWERKER, "/wachtwoord"),
    ("organisatie", MEDEWERKER, "/organisatie"),
    ("gezocht", MEDEWERKER, "/zoeken?zoek=groen"),
    ("gezocht, niets gevonden", MEDEWERKER, "/zoeken?zoek=xylofoonbouwer"),
    ("organisatie van toen", MEDEWERKER, f"/organisatie?op={TODAY - timedelta(400)}"),
    ("organisatie, foute dag", MEDEWERKER, "/organisatie?op=gisteren"),
    ("mag ik dit", MEDEWERKER, "/mag-ik-dit"),
    ("mandaten", MEDEWERKER, "/mandaten"),
    ("openbaar register", None, "/openbaar/mandaten"),
    ("404", MEDEWERKER, "/bestaat-niet"),
    ("404 zonder account", None, "/bestaat-niet"),
    ("403", COUNCIL, "/klussen"),
]
# Addresses that a query of the demo's data finds: name, address, query.
FOUND = [
    ("team", "/teams/{}", "select id from team where code = 'GW'"),
    ("team van toen", f"/teams/{{}}?op={TODAY - timedelta(400)}&bekend={TODAY - timedelta(200)}", "select id from team where code = 'GW'"),
    ("rol", "/rollen/{}", "select role_id from role_version where name = 'Boombeheerder' limit 1"),
    ("rol van toen", f"/rollen/{{}}?op={TODAY - timedelta(400)}", "select role_id from role_version where name = 'Boombeheerder' limit 1"),
    ("persoon", "/personen/{}", "select id from person where email = 'medewerker@zandermeer.example'"),
    ("vacature", "/klussen/{}", "select id from klus where kind = 'vacature' and state = 'open' limit 1"),
    ("klus, afgerond", "/klussen/{}", "select id from klus where state = 'afgerond' and kind = 'klus' limit 1"),
    ("klus, ingetrokken", "/klussen/{}", "select id from klus where state = 'ingetrokken' and kind = 'klus' limit 1"),
    ("klus, verlopen", "/klussen/{}", "select id from klus where state = 'verlopen' and kind = 'klus' limit 1"),
    ("klus, gesloten", "/klussen/{}", "select id from klus where state = 'gesloten' limit 1"),
    ("klus uit de samenleving", "/klussen/{}", "select id from klus where origin <> 'intern' and state = 'in_uitvoering' limit 1"),
    ("klus met selectie", "/klussen/{}", "select id from klus where way = 'selectie' and kind <> 'vacature' and state = 'open' limit 1"),
    ("klus met loten", "/klussen/{}", "select id from klus where way = 'loten' and state = 'open' limit 1"),
    ("volle klus", "/klussen/{}", "select klus_id from claim where state = 'wachtlijst' order by id limit 1"),
    ("klus met bevoegdheden", "/klussen/{}", "select id from klus where powers <> '{}' and state = 'open' limit 1"),
]  # fmt: skip


async def wrong_password(page: Page, site: Site) -> None:
    await page.goto("/inloggen")
    await page.get_by_label("E-mailadres").fill("iemand@zandermeer.example")
    await page.get_by_label("Wachtwoord").fill("verkeerd")
    await page.get_by_role("button", name="Log in").click()
    await page.get_by_role("alert").filter(has_text="Verbeter 1 antwoord").wait_for()


async def wrong_new_password(page: Page, site: Site) -> None:
    await page.goto("/wachtwoord")
    for label, text in (
        ("Je huidige wachtwoord", "x"),
        ("Je nieuwe wachtwoord", "kort"),
        ("Nog een keer je nieuwe wachtwoord", "anders"),
    ):
        await page.get_by_label(label, exact=True).fill(text)
    await page.get_by_role("button", name="Bewaar wachtwoord").click()
    await page.get_by_role("alert").filter(has_text="Verbeter").wait_for()


async def empty_week(page: Page, site: Site) -> None:
    await page.context.add_cookies([await site.cookie(await site.newcomer())])
    await page.goto("/")
    await page.get_by_text("Je doet nu niet mee aan een klus.").wait_for()


async def claimable(page: Page, site: Site) -> None:
    klus = await site.klus(
        "Takken opruimen na de storm",
        plaatsen=3,
        urenMin=1,
        urenMax=3,
        vaardigheden=["gesprek"],
        omschrijving="Twee ochtenden.\nJe krijgt handschoenen.",
    )
    await page.goto(f"/klussen/{klus}")
    await page.get_by_role("button", name="Claim plek 1").wait_for()


async def just_claimed(page: Page, site: Site) -> None:
    klus = await site.klus("Bloembakken vullen op het plein")
    await page.goto(f"/klussen/{klus}")
    await page.get_by_role("button", name="Claim plek 1").click()
    await page.get_by_role("heading", name="Plek 1 is voor jou").wait_for()


async def mine(page: Page, site: Site) -> None:
    klus = await site.klus("Zwerfvuil tellen langs de plas")
    await site.claim(klus, MEDEWERKER)
    await page.goto(f"/klussen/{klus}")


async def running(page: Page, site: Site) -> None:
    klus = await site.klus("Zaailingen water geven", van=TODAY)
    await site.claim(klus, MEDEWERKER)
    await page.goto(f"/klussen/{klus}")
    await page.get_by_role("button", name="Mijn deel is klaar").wait_for()


async def stopping_later(page: Page, site: Site) -> None:
    klus = await site.klus("Takken ruimen", van=TODAY)
    claim = await site.claim(klus, MEDEWERKER)
    await site.value(
        "update claim set stops_on = current_date + 4, handover = 'De sleutel hangt in de keet.' where id = $1", claim
    )
    await page.goto(f"/klussen/{klus}")
    await page.get_by_role("button", name="Ik ga toch door").wait_for()


async def stale(page: Page, site: Site) -> None:
    klus = await site.klus("Oude paden opmeten")
    boss = await asyncpg.connect(site.place.server.url("postgres", site.place.name))
    await boss.execute("set session_replication_role = replica")
    old = (
        "update journal set at = at - interval '70 days' where id in (select entry from journal_subject where id = $1)"
    )
    await boss.execute(old, klus)
    await boss.close()
    await page.goto(f"/klussen/{klus}")
    await page.get_by_role("button", name="Verleng").wait_for()


async def kept_searches(page: Page, site: Site) -> None:
    await page.goto("/zoekopdrachten/nieuw?zoek=bomen")
    await page.get_by_role("button", name="Bewaar zoekopdracht").click()
    await page.get_by_text("Je zoekopdracht is bewaard.").wait_for()


async def asked_correction(page: Page, site: Site) -> None:
    await page.goto("/profiel/gegevens")
    await page.get_by_label("Wat klopt er niet?").fill("Mijn naam is anders.")
    await page.get_by_role("button", name="Vraag om een correctie").click()
    await page.get_by_text("Je verzoek is verstuurd.").wait_for()


async def changed_terms(page: Page, site: Site) -> None:
    klus = await site.klus("Paden vrijmaken")
    await site.claim(klus, MEDEWERKER)
    await site.value("update klus set terms = terms + 1 where id = $1", klus)
    await page.goto(f"/klussen/{klus}")
    await page.get_by_role("button", name="Ja, ik doe nog mee").wait_for()


async def changed_terms_week(page: Page, site: Site) -> None:
    await changed_terms(page, site)
    await page.goto("/")
    await page.get_by_role("link", name="Zeg of je meedoet").first.wait_for()


async def full(page: Page, site: Site) -> None:
    klus = await site.klus("Vogelkasten ophangen")
    await site.claim(klus, COLLEGA)
    await page.goto(f"/klussen/{klus}")


async def too_many_hours(page: Page, site: Site) -> None:
    klus = await site.klus("Waterplan schrijven", urenMin=32)
    await page.goto(f"/klussen/{klus}")


async def lost(page: Page, site: Site) -> None:
    klus = await site.klus("Nestkastjes schoonmaken")
    await page.goto(f"/klussen/{klus}")
    await site.claim(klus, COLLEGA)
    await page.get_by_role("button", name="Claim plek 1").click()
    await page.get_by_role("alert").filter(has_text="Dit kan niet").wait_for()


async def lost_whole_page(page: Page, site: Site) -> None:
    klus = await site.klus("Nestkastjes timmeren")
    await page.goto(f"/klussen/{klus}")
    await site.claim(klus, COLLEGA)
    async with page.expect_navigation():
        await page.evaluate("document.querySelector('#claim form').submit()")
    await page.get_by_role("alert").filter(has_text="Dit kan niet").wait_for()


async def wrong_hours(page: Page, site: Site) -> None:
    klus = await site.klus("Kruiden wieden", urenMin=1, urenMax=3)
    await page.goto(f"/klussen/{klus}")
    await page.get_by_label("Uren per week").fill("veel")
    await page.get_by_role("button", name="Claim plek 1").click()
    await page.get_by_role("alert").filter(has_text="Verbeter 1 antwoord").wait_for()


async def draft(page: Page, site: Site) -> None:
    await page.goto(f"/klussen/{await site.klus('Een idee voor later', published=False)}")


async def managed(page: Page, site: Site) -> None:
    klus = await site.klus("Steigers nakijken", van=TODAY, plaatsen=2)
    await site.claim(klus, MEDEWERKER)
    await page.goto(f"/klussen/{klus}")
    await page.get_by_role("heading", name="Beheer deze klus").wait_for()


async def edited(page: Page, site: Site) -> None:
    await page.goto(f"/klussen/{await site.klus('Hekken schilderen')}/wijzigen")


async def posted(page: Page, site: Site) -> None:
    await page.goto(f"/klussen/{await site.klus('Bankjes tellen')}?gelukt=geplaatst")


async def form_with_errors(page: Page, site: Site) -> None:
    await page.goto("/klussen/nieuw")
    await page.get_by_label("Op of vanaf").fill("31-02-2027")
    await page.get_by_role("button", name="Plaats klus").click()
    await page.get_by_role("alert").filter(has_text="Verbeter").wait_for()


async def refused_edit(page: Page, site: Site) -> None:
    klus = await site.klus("Bomen meten")
    await page.goto(f"/klussen/{klus}/wijzigen")
    await site.value("update klus set version = version + 1 where id = $1", klus)
    await page.get_by_role("button", name="Bewaar").click()
    await page.get_by_role("alert").filter(has_text="Dit kan nu niet").wait_for()


async def wrong_absence(page: Page, site: Site) -> None:
    await page.goto("/profiel")
    await page.get_by_label("Eerste dag").fill("morgen")
    await page.get_by_role("button", name="Ik ben er niet").click()
    await page.get_by_role("alert").filter(has_text="Verbeter").wait_for()


async def filtered_by_htmx(page: Page, site: Site) -> None:
    await page.goto("/klussen")
    async with page.expect_response(lambda answer: "soort=project" in answer.url):
        await page.get_by_role("checkbox", name="Project", exact=True).check()
    await page.wait_for_url("**soort=project**")


async def menu_open(page: Page, site: Site) -> None:
    await page.set_viewport_size({"width": 390, "height": 800})
    await page.goto("/hulp")
    await page.locator(".teams-ik summary").click()


async def offered(page: Page, site: Site) -> None:
    """An offer to the reader, a question under the klus and its answer, an invitation."""
    klus = await site.klus("Hagen scheren met de buurt")
    held = await site.claim(klus, COLLEGA)
    await page.goto(f"/klussen/{klus}")
    await page.get_by_role("button", name="Ga op de wachtlijst").click()
    await page.get_by_role("heading", name="Je staat op de wachtlijst").wait_for()
    await site.withdraw(held, COLLEGA)
    await page.goto(f"/klussen/{klus}")
    await page.get_by_label("Stel een vraag").fill("Is er gereedschap?")
    await page.get_by_role("button", name="Stel je vraag").click()
    await page.get_by_text("Is er gereedschap?").wait_for()


async def to_choose(page: Page, site: Site) -> None:
    klus = await site.klus("Vogels tellen bij de plas", wijze="selectie", plaatsen=2)
    for who in (MEDEWERKER, COLLEGA):
        await site.claim(klus, who)
    await page.goto(f"/klussen/{klus}/aanmeldingen")
    await page.get_by_role("button", name="Wijs af").click()
    await page.get_by_role("alert").filter(has_text="Verbeter").wait_for()


async def in_line(page: Page, site: Site) -> None:
    klus = await site.klus("Fietsen opknappen")
    await site.claim(klus, "secretaris@zandermeer.example")
    for who in (MEDEWERKER, COLLEGA):
        await site.claim(klus, who, line=True)
    await page.goto(f"/klussen/{klus}/aanmeldingen")
    await page.get_by_role("heading", name="2 mensen op de wachtlijst").wait_for()


async def to_lend(page: Page, site: Site) -> None:
    """Whoever may answer one of the demo's questions."""
    email = await site.value(
        "select a.email from consent co join claim c on c.id = co.claim_id join role_version v on v.team_id = co.team_id and"
        " v.core = 'rolverdeler' and upper_inf(v.recorded) join role_filling f on f.role_id = v.role_id and"
        " upper_inf(f.recorded) and f.valid @> now() join account a on a.person_id = f.person_id"
        " where co.state = 'gevraagd' and f.person_id <> c.person_id order by co.id limit 1"
    )
    await page.context.add_cookies([await site.cookie(email)])
    await page.goto("/instemmingen")
    await page.get_by_role("button", name="Ja, het team stemt in").first.wait_for()


STATES: list[tuple[str, str | None, Arrive]] = [
    ("verkeerd wachtwoord", None, wrong_password),
    ("verkeerd nieuw wachtwoord", MEDEWERKER, wrong_new_password),
    ("mijn week, leeg", None, empty_week),
    ("klus, te claimen", MEDEWERKER, claimable),
    ("klus, net geclaimd", MEDEWERKER, just_claimed),
    ("klus, van mij", MEDEWERKER, mine),
    ("klus, lopend", MEDEWERKER, running),
    ("klus, later gestopt", MEDEWERKER, stopping_later),
    ("klus, lang open", FACILITATOR, stale),
    ("bewaarde zoekopdrachten", MEDEWERKER, kept_searches),
    ("correctie gevraagd", MEDEWERKER, asked_correction),
    ("klus, veranderd", MEDEWERKER, changed_terms),
    ("mijn week, er wacht iets", MEDEWERKER, changed_terms_week),
    ("klus, vol", MEDEWERKER, full),
    ("klus, te veel uren", MEDEWERKER, too_many_hours),
    ("klus, net te laat", MEDEWERKER, lost),
    ("klus, net te laat, hele bladzijde", MEDEWERKER, lost_whole_page),
    ("klus, foute uren", MEDEWERKER, wrong_hours),
    ("klus, concept", FACILITATOR, draft),
    ("klus, in beheer", FACILITATOR, managed),
    ("klus, net geplaatst", FACILITATOR, posted),
    ("klus wijzigen", FACILITATOR, edited),
    ("klus wijzigen, verouderd", FACILITATOR, refused_edit),
    ("klus plaatsen, fouten", FACILITATOR, form_with_errors),
    ("profiel, foute dag", MEDEWERKER, wrong_absence),
    ("klussen, met htmx gefilterd", MEDEWERKER, filtered_by_htmx),
    ("menu open", MEDEWERKER, menu_open),
    ("klus, aangeboden", MEDEWERKER, offered),
    ("aanmeldingen, fout", FACILITATOR, to_choose),
    ("wachtlijst", FACILITATOR, in_line),
    ("uitlenen", None, to_lend),
]
