"""The pages of mandates, decisions, governance, the account and beheer in their states, and the addresses that are no page."""

from playwright.async_api import Page
from sqlalchemy import text

from teams.account.periods import quarter_of
from teams.auth.second_step import begin_step
from teams.http.gate import COOKIE
from tests.journeys.site import COLLEGA, FACILITATOR, MEDEWERKER, TODAY, Site

SECRETARY, CONTROLLER, COUNCIL, FILLER, OPERATIONS, ALDERMAN = (
    f"{name}@zandermeer.example"
    for name in ("secretaris", "controller", "griffie", "rolvervuller", "beheer", "wethouder")
)
LAST, NOTHING = quarter_of(TODAY).before, "01a162e9-0200-700a-af38-e08b98bf4000"
_TEAM = "select id from team where code = 'GW'"
_ROLE = "select role_id from role_version where name = 'Boombeheerder' limit 1"
_GRANT = "select number from power_grant where grant_state(id, now(), now()) = '{}' order by number limit 1"
_MEETING = "select id from meeting where kind = '{}' and state = '{}' order by starts_at desc limit 1"
_PROPOSAL = "select id from proposal where state = '{}' order by number limit 1"
_FLAGGED = (
    "select d.number from decision d join decision_flag f on f.decision_id = d.id and f.flag = '{}' order by 1 limit 1"
)
_IMPORT = "select id from pending_import where kind = '{}' limit 1"
_ITEM = "select id from checklist_item where state = '{}' order by number limit 1"
_BUSY = "select klus_id from hours_week order by tenths desc, klus_id limit 1"
_VACANCY = "select id from klus where kind = 'vacature' and state = 'open' order by number limit 1"
_FINISHED = (
    "from claim c join klus k on k.id = c.klus_id and k.state = 'afgerond' and k.posted_by <> c.person_id"
    " join account a on a.person_id = c.person_id where c.state = 'afgerond' order by c.ended_at desc, c.id limit 1"
)

# Name, who looks, address with a place for what the query finds, query, the status of the answer.
SEEN: list[tuple[str, str | None, str, str | None, int]] = [
    ("mandaatlogboek", SECRETARY, "/mandaatlogboek", None, 200),
    ("mandaatlogboek, niets gevonden", SECRETARY, "/mandaatlogboek?bevoegdheid=XX-99", None, 200),
    ("mandaatlogboek, geweigerd", COUNCIL, "/mandaatlogboek", None, 403),
    ("toetslijst", SECRETARY, "/toetslijst", None, 200),
    ("toetslijst van wie niets toetst", MEDEWERKER, "/toetslijst", None, 200),
    ("post, open", SECRETARY, "/toetslijst/{}", _ITEM.format("open"), 200),
    ("post, gevonden", SECRETARY, "/toetslijst/{}", _ITEM.format("gevonden"), 200),
    ("post, verklaard", SECRETARY, "/toetslijst/{}", _ITEM.format("verklaard"), 200),
    ("steekproeven", CONTROLLER, "/steekproef", None, 200),
    ("steekproeven, geweigerd", MEDEWERKER, "/steekproef", None, 403),
    ("verslagen", SECRETARY, "/verantwoording", None, 200),
    ("verslagen van een wethouder", ALDERMAN, "/verantwoording", None, 200),
    ("verslag", SECRETARY, f"/verantwoording/{LAST}", None, 200),
    ("verslag voor de raad", COUNCIL, f"/verantwoording/{LAST}", None, 200),
    ("verslag, geweigerd", MEDEWERKER, f"/verantwoording/{LAST}", None, 403),
    ("verslag, onbekende periode", SECRETARY, "/verantwoording/1999-K9", None, 404),
    ("openbare verslagen", None, "/openbaar/verantwoording", None, 200),
    ("openbaar verslag", None, f"/openbaar/verantwoording/{LAST}", None, 200),
    ("openbaar register, niets gevonden", None, "/openbaar/mandaten?zoek=xylofoonbouwer", None, 200),
    ("besluiten", FILLER, "/besluiten", None, 200),
    ("besluiten, nog geen", COLLEGA, "/besluiten", None, 200),
    ("besluit vastleggen", FILLER, "/besluiten/nieuw", None, 200),
    ("besluit, boven de grens", SECRETARY, "/besluiten/{}", _FLAGGED.format("boven_grens"), 200),
    ("besluit, bekrachtigd", SECRETARY, "/besluiten/{}", _FLAGGED.format("bekrachtigd"), 200),
    ("besluit, gevraagd", SECRETARY, "/besluiten/{}", _FLAGGED.format("informatie"), 200),
    ("besluit, niet te vinden", MEDEWERKER, "/besluiten/2026-999999", None, 404),
    ("voornemen, niet te vinden", FILLER, f"/besluiten/voornemen/{NOTHING}", None, 404),
    ("besluiten in een reeks", FILLER, "/besluiten/reeks", None, 200),
    ("reeks, niet te vinden", FILLER, f"/besluiten/reeks/{NOTHING}", None, 404),
    ("besluiten zonder bevoegdheid", SECRETARY, "/besluiten/zonder-bevoegdheid", None, 200),
    ("besluiten zonder bevoegdheid, geen", MEDEWERKER, "/besluiten/zonder-bevoegdheid", None, 200),
    ("mandaten van de secretaris", SECRETARY, "/mandaten", None, 200),
    ("mandaten, niets gevonden", MEDEWERKER, "/mandaten?zoek=xylofoonbouwer", None, 200),
    ("mandaten van toen", MEDEWERKER, f"/mandaten?op={TODAY.replace(day=1)}", None, 200),
    ("mandaat", MEDEWERKER, "/mandaten/{}", _GRANT.format("geldt"), 200),
    ("mandaat, concept", SECRETARY, "/mandaten/{}", _GRANT.format("voorgenomen"), 200),
    ("mandaat, ingetrokken", SECRETARY, "/mandaten/{}", _GRANT.format("ingetrokken"), 200),
    ("mandaat, niet te vinden", MEDEWERKER, "/mandaten/M-99999", None, 404),
    ("mandaat wijzigen", SECRETARY, "/mandaten/{}/wijzigen", _GRANT.format("geldt"), 200),
    ("mandaat wijzigen, geweigerd", MEDEWERKER, "/mandaten/{}/wijzigen", _GRANT.format("geldt"), 404),
    ("mandaat maken", SECRETARY, "/mandaten/nieuw", None, 200),
    ("mandaat maken, geweigerd", MEDEWERKER, "/mandaten/nieuw", None, 404),
    ("mandaat omgekeerd", SECRETARY, "/mandaten/omgekeerd", None, 200),
    ("mandaatbesluiten", SECRETARY, "/mandaten/besluit", None, 200),
    ("mandaten overnemen", SECRETARY, "/mandaten/overnemen", None, 200),
    ("vervanging", SECRETARY, "/mandaten/vervanging", None, 200),
    ("belangen", MEDEWERKER, "/mandaten/belang", None, 200),
    ("onderhoud van het register", CONTROLLER, "/mandaten/onderhoud", None, 200),
    ("verzoeken om mandaat", SECRETARY, "/mandaten/verzoeken", None, 200),
    ("instelling van het register", SECRETARY, "/mandaten/instelling", None, 200),
    ("kaders", SECRETARY, "/mandaten/kaders", None, 200),
    ("voorstellen", MEDEWERKER, "/voorstellen", None, 200),
    ("voorstellen van mij, geen", MEDEWERKER, "/voorstellen?mij=1", None, 200),
    ("voorstel doen", FACILITATOR, "/voorstellen/nieuw", None, 200),
    ("voorstel, in overleg", FACILITATOR, "/voorstellen/{}", _PROPOSAL.format("overleg"), 200),
    ("voorstel, aangenomen", MEDEWERKER, "/voorstellen/{}", _PROPOSAL.format("aangenomen"), 200),
    ("voorstel wijzigen, geweigerd", MEDEWERKER, "/voorstellen/{}/wijzigen", _PROPOSAL.format("overleg"), 404),
    ("overleggen", FACILITATOR, "/overleggen", None, 200),
    ("overleggen van een ander team", COLLEGA, "/overleggen", None, 200),
    ("overleg plannen", FACILITATOR, "/overleggen/nieuw", None, 200),
    ("roloverleg, gepland", FACILITATOR, "/overleggen/{}", _MEETING.format("roloverleg", "gepland"), 200),
    ("roloverleg, gesloten", MEDEWERKER, "/overleggen/{}", _MEETING.format("roloverleg", "gesloten"), 200),
    ("werkoverleg, gepland", FACILITATOR, "/overleggen/{}", _MEETING.format("werkoverleg", "gepland"), 200),
    ("werkoverleg, gesloten", FACILITATOR, "/overleggen/{}", _MEETING.format("werkoverleg", "gesloten"), 200),
    ("lijst van een team", FACILITATOR, "/teams/{}/lijst", _TEAM, 200),
    ("koers van een team", MEDEWERKER, "/teams/{}/koers", _TEAM, 200),
    ("loopt een team vast", FACILITATOR, "/teams/{}/vastgelopen", _TEAM, 200),
    ("verkiezingen, geen", FACILITATOR, "/teams/{}/verkiezingen", _TEAM, 200),
    ("geschiedenis van de organisatie", MEDEWERKER, "/organisatie/geschiedenis", None, 200),
    ("geschiedenis van een team", MEDEWERKER, "/teams/{}/geschiedenis", _TEAM, 200),
    ("geschiedenis van een rol", MEDEWERKER, "/rollen/{}/geschiedenis", _ROLE, 200),
    ("bevoegdheden van een rol", MEDEWERKER, "/rollen/{}/bevoegdheden", _ROLE, 200),
    ("rol vervullen", FACILITATOR, "/rollen/{}/vervulling", _ROLE, 200),
    ("organisatie als tabel", MEDEWERKER, "/organisatie/tabel", None, 200),
    ("gezocht, niets gevraagd", MEDEWERKER, "/zoeken", None, 200),
    ("agenda", FACILITATOR, "/profiel/agenda", None, 200),
    ("gegevens", MEDEWERKER, "/profiel/gegevens", None, 200),
    ("zoekopdracht bewaren", MEDEWERKER, "/zoekopdrachten/nieuw?zoek=bomen&soort=klus&vrij=1", None, 200),
    ("correcties", SECRETARY, "/correcties", None, 200),
    ("correcties, geweigerd", MEDEWERKER, "/correcties", None, 403),
    ("gegevens van een raadslezer", COUNCIL, "/profiel/gegevens", None, 200),
    ("sessies", MEDEWERKER, "/profiel/sessies", None, 200),
    ("tweede stap", MEDEWERKER, "/profiel/tweede-stap", None, 200),
    ("ben jij het nog", MEDEWERKER, "/inloggen/opnieuw", None, 200),
    ("meldingen", FACILITATOR, "/meldingen", None, 200),
    ("meldingen van een raadslezer", COUNCIL, "/meldingen", None, 200),
    ("voorkeuren voor meldingen", MEDEWERKER, "/meldingen/voorkeuren", None, 200),
    ("afmelden, onbekend", None, "/meldingen/afmelden/onbekend", None, 404),
    ("uren", MEDEWERKER, "/uren", None, 200),
    ("uren van een klus", SECRETARY, "/klussen/{}/uren", _BUSY, 200),
    ("uren van een klus, geweigerd", COLLEGA, "/klussen/{}/uren", _BUSY, 404),
    ("spreiding over teams", MEDEWERKER, "/klussen/spreiding", None, 200),
    ("vacature, verloop", SECRETARY, "/klussen/{}/vacature", _VACANCY, 200),
    ("vacature, verloop voor wie leest", MEDEWERKER, "/klussen/{}/vacature", _VACANCY, 200),
    ("besparing van een klus", SECRETARY, "/klussen/{}/besparing", _VACANCY, 200),
    ("mobiliteit", SECRETARY, "/mobiliteit", None, 200),
    *((f"mobiliteit, {code}", SECRETARY, f"/mobiliteit/{code}", None, 200) for code in ("M1", "M2", "M3", "M4", "M5")),
    *((f"mobiliteit, {code}", COUNCIL, f"/mobiliteit/{code}", None, 200) for code in ("stromen", "besparingen", "uren", "vacatures", "bezetting", "openingen")),
    ("mobiliteit, voor iemand in dienst was", SECRETARY, "/mobiliteit?periode=2001", None, 200),
    ("invoer", SECRETARY, "/beheer/invoer", None, 200),
    ("invoer, geweigerd", OPERATIONS, "/beheer/invoer", None, 403),
    ("invoer van mandaten", SECRETARY, "/beheer/invoer/{}", _IMPORT.format("mandaten"), 200),
    ("invoer van de organisatie", SECRETARY, "/beheer/invoer/{}", _IMPORT.format("organisatie"), 200),
    ("lijst van vaardigheden", SECRETARY, "/beheer/vaardigheden", None, 200),
    ("werk van de dienst", OPERATIONS, "/beheer/werk", None, 200),
    ("beheer", OPERATIONS, "/beheer", None, 200),
    ("accounts", OPERATIONS, "/beheer/gebruikers?zoek=a", None, 200),
    ("controle van de techniek", OPERATIONS, "/beheer/controle", None, 200),
    ("instellingen", OPERATIONS, "/beheer/instellingen", None, 200),
    ("instellingen van de secretaris", SECRETARY, "/beheer/instellingen", None, 200),
    ("toegang", CONTROLLER, "/toegang", None, 200),
    ("vernietiging", CONTROLLER, "/vernietiging", None, 200),
    ("bewaartermijnen", SECRETARY, "/bewaartermijnen", None, 200),
    ("bewaartermijnen voor wie leest", MEDEWERKER, "/bewaartermijnen", None, 200),
    ("aanmeldingen, geweigerd", COLLEGA, "/klussen/{}/aanmeldingen", _BUSY, 403),
]  # fmt: skip


async def erasure_asked(page: Page, site: Site) -> None:
    await early_erasure(page, site)
    await page.get_by_label("Grond").select_option(label="De tekst had er niet mogen staan")
    await page.get_by_role("button", name="Vraag om vernietiging", exact=True).click()
    await page.get_by_role("heading", name="Om welke regels gaat het?").wait_for()


async def early_erasure(page: Page, site: Site) -> None:
    await page.goto("/vernietiging")
    await page.get_by_label("Nummer van het besluit").fill(await site.value("select min(number) from decision"))
    await page.get_by_label("Waarom", exact=True).fill("Er staat een naam in die er niet hoort.")
    await page.get_by_role("button", name="Vraag om vernietiging", exact=True).click()
    await page.get_by_text("De bewaartermijn van de soort besluit loopt nog").wait_for()


async def proposal_concept(page: Page, site: Site) -> None:
    """The form with its faults, then the kept concept, then that concept changed."""
    await page.goto("/voorstellen/nieuw")
    await page.get_by_label("Een nieuwe rol maken").check()
    await page.get_by_role("button", name="Verder").click()
    await page.get_by_label("Wat merk je in je rol?").fill("Niemand telt de reigers.")
    await page.get_by_label("Wanneer gebeurde dat?").fill("Vorige week zag ik er twaalf.")
    await page.get_by_label("Naam", exact=True).fill("Reigerteller")
    await page.get_by_label("Doel").fill("We weten waar reigers zijn.")
    await page.get_by_role("button", name="Bewaar als concept").click()
    await page.get_by_role("heading", level=1).filter(has_text="Reigerteller").wait_for()


async def proposal_changed(page: Page, site: Site) -> None:
    await proposal_concept(page, site)
    await page.goto(page.url.split("?")[0].split("#")[0] + "/wijzigen")
    await page.get_by_role("button", name="Bewaar nieuwe versie").wait_for()


async def decree_changed(page: Page, site: Site) -> None:
    await page.goto("/mandaten/besluit")
    await page.locator("#geeft").get_by_role("checkbox").first.check()
    await page.get_by_label("Titel").fill("Wijziging van het register")
    await page.get_by_label("Toelichting").fill("De rol besluit voortaan zelf.")
    await page.get_by_role("button", name="Maak mandaatbesluit").click()
    await page.get_by_role("heading", name="Wat verandert er").wait_for()
    await page.goto(page.url.split("?")[0].split("#")[0] + "/wijzigen")
    await page.get_by_label("Titel").wait_for()


async def second_step(page: Page, site: Site) -> None:
    """The password was right; the demonstration asks for no more, another municipality does."""
    async with site.database.begin() as session:
        account = await session.scalar(text("select id from account where email = :email"), {"email": MEDEWERKER})
        browser = await begin_step(session, account)
    await page.context.add_cookies(
        [{"name": COOKIE, "value": browser, "url": site.url.replace("http:", "https:"), "secure": True}]
    )
    await page.goto("/inloggen/stap")
    await page.get_by_label("Code").wait_for()


async def feedback(page: Page, site: Site) -> None:
    """Whoever finished a klus that another posted."""
    held = await site.value(f"select c.id {_FINISHED}")
    await page.context.add_cookies([await site.cookie(await site.value(f"select a.email {_FINISHED}"))])
    await page.goto(f"/inzet/{held}/terugkoppeling")
    await page.get_by_role("heading", level=1).wait_for()


async def proposal_faults(page: Page, site: Site) -> None:
    await page.goto("/voorstellen/nieuw")
    await page.get_by_label("Een nieuwe rol maken").check()
    await page.get_by_role("button", name="Verder").click()
    await page.get_by_role("button", name="Dien in").click()
    await page.get_by_role("alert").filter(has_text="Verbeter").wait_for()


ACTED = [
    ("verzoek om vernietiging", CONTROLLER, erasure_asked),
    ("vernietiging, te vroeg", CONTROLLER, early_erasure),
    ("mandaatbesluit wijzigen", SECRETARY, decree_changed),
    ("inloggen, tweede stap", None, second_step),
    ("terugkoppeling", None, feedback),
    ("voorstel, concept", MEDEWERKER, proposal_concept),
    ("voorstel wijzigen", MEDEWERKER, proposal_changed),
    ("voorstel doen, fouten", MEDEWERKER, proposal_faults),
]
# Routes whose pages come about by acts: audited where those acts are.
BY_ACTS = {
    "/besluiten/voornemen/{id:uuid}": "test_besluiten.py",
    "/klussen/{klus_id:uuid}/wijzigen": "states.py",
    "/instemmingen": "states.py",
    "/inloggen/stap": "register.py",
    "/inzet/{claim_id:uuid}/terugkoppeling": "register.py",
    "/rolvervullingen/{offer_id:uuid}": "test_verkiezingen.py",
    "/steekproef/{sample_id:uuid}": "test_verantwoording.py",
    "/teams/{team_id:uuid}/verkiezingen/{election_id:uuid}": "test_verkiezingen.py",
    "/toegang/{review_id:uuid}": "test_verantwoording.py",
    "/mandaten/besluit/{number:str}": "test_mandaten.py",
    "/mandaten/besluit/{number:str}/wijzigen": "register.py",
    "/vernietiging/{erasure_id:uuid}": "register.py",
    "/voorstellen/{proposal_id:uuid}/wijzigen": "register.py",
}
# What a GET may answer without being a page, and why.
NO_PAGE = {
    "/.well-known/security.txt": "plain text for finders of leaks",
    "/agenda/{name:str}": "a calendar for other programs",
    "/besluiten/voornemen/{id:uuid}/pdf": "download",
    "/besluiten/voornemen/{id:uuid}/tekst": "download",
    "/besluiten/{number:str}/bewijs": "download",
    "/health/live": "for the platform",
    "/health/ready": "for the platform",
    "/inloggen/dienst": "leads on to the municipality's own log-in",
    "/inloggen/terug": "leads on from it; refused, it is the page of /inloggen",
    "/k/{number:str}": "leads on to the klus",
    "/live": "stream of events",
    "/logboek/checkpoint": "the log's own form",
    "/logboek/controle.py": "download",
    "/logboek/tile/{path:path}": "the log's own form",
    "/logboek/vkey": "the log's own form",
    "/mandaten.csv": "download",
    "/mandaten.json": "download",
    "/mandaten.pdf": "download",
    "/mandaten.xlsx": "download",
    "/mandaten/besluit/{number:str}/pdf": "download",
    "/mandaten/besluit/{number:str}/tekst": "download",
    "/meldingen/bel": "part of every page",
    "/meldingen/stukken": "part of the page of notices",
    "/mobiliteit/bestand/{kind:str}": "download",
    "/openbaar/verantwoording/{period:str}/bestand/{kind:str}": "download",
    "/overleggen/{meeting_id:uuid}/verslag.pdf": "download",
    "/profiel/gegevens.csv": "download",
    "/profiel/gegevens.json": "download",
    "/static/{name:path}": "style, script and picture",
    "/toegang/{review_id:uuid}/regels.csv": "download",
    "/verantwoording/{period:str}/bestand/{kind:str}": "download",
    "/verantwoording/{period:str}/cijfers.json": "download",
}
