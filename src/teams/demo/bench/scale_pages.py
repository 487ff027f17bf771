"""Every address that answers GET, who asks for it and on which row of Zandermeer; what may grow, and why."""

from dataclasses import dataclass

MEDEWERKER, COLLEGA, FILLER, FACILITATOR, SECRETARY, CONTROLLER, ALDERMAN, COUNCIL, OPERATIONS = (
    f"{name}@zandermeer.example"
    for name in (
        "medewerker", "collega", "rolvervuller", "facilitator", "secretaris", "controller", "wethouder", "griffie", "beheer",
    )
)  # fmt: skip

# What a report or file says something about, counted in each size: its cost may grow as much as that does, and a fifth for chance.
_YEAR = "date_trunc('year', now())::date"
GRANTS = "select count(*) from power_grant"
POWERS = "select count(*) from power"
ROLES = "select count(*) from role_version where upper_inf(recorded) and valid @> current_date"
PEOPLE = "select count(*) from contract where upper_inf(recorded)"
HOURS = f"select count(*) from hours_booking where day >= {_YEAR}"
PLACES = f"select count(*) from claim where state in ('lopend', 'afgerond', 'teruggegeven') and (ended_on is null or ended_on >= {_YEAR})"
DECISIONS = "select count(*) from decision where decided_at > now() - interval '15 months'"
MINE = "select count(*) from journal_subject s join person p on p.id = s.id and s.kind = 'person' where p.email = 'medewerker@zandermeer.example'"


@dataclass(frozen=True)
class Seen:
    """`query` finds what stands for {} in the address. `tells`: counts what a report tells of; empty: a page, at most twice as dear."""

    who: str | None
    address: str
    query: str = ""
    tells: str = ""
    status: int = 200


_TEAM = "select id from team where code = 'GW'"
_ROLE = "select v.role_id from role_version v join team t on t.id = v.team_id where t.code = 'GW' and v.name = 'Boombeheerder' limit 1"
_GRANT = "select number from power_grant where grant_state(id, now(), now()) = 'geldt' order by number limit 1"
_PERSON = "select id from person where email = 'medewerker@zandermeer.example'"
_OPEN = "select id from klus where state = 'open' and kind = 'klus' and way = 'claim' order by number limit 1"
_NEW = "select id from klus where state = 'open' and kind = 'klus' order by number desc limit 1"
_DONE = "select id from klus where state = 'afgerond' and kind = 'klus' order by number limit 1"
_VACANCY = "select id from klus where kind = 'vacature' and state = 'open' order by number limit 1"
_BUSY = "select klus_id from hours_week order by tenths desc, klus_id limit 1"
_OWN_KLUS = "select k.id from klus k join person p on p.id = k.posted_by where p.email = 'facilitator@zandermeer.example' and k.state in ('open', 'in_uitvoering') order by k.number limit 1"
_OWN = "select d.number from decision d join person p on p.id = d.person_id join leaf l on l.nummer = d.number and l.type = 'besluit' where p.email = 'rolvervuller@zandermeer.example' order by d.id desc limit 1"
_FLAGGED = "select d.number from decision d join decision_flag f on f.decision_id = d.id where f.flag = '{}' order by 1 limit 1"
_MEETING = "select id from meeting where kind = 'roloverleg' and state = '{}' order by starts_at desc limit 1"
_PROPOSAL = "select id from proposal where state = '{}' order by number desc limit 1"
_ITEM = "select id from checklist_item where state = 'gevonden' order by number limit 1"
_PERIOD = "select period from board_account where state in ('naar_raad', 'beantwoord') order by period desc limit 1"
_IMPORT = "select id from pending_import where kind = '{}' order by number limit 1"
_FEEDBACK = (
    "select c.id from claim c join klus k on k.id = c.klus_id join person p on p.id = c.person_id where c.state = 'afgerond'"
    " and k.state = 'afgerond' and k.posted_by <> c.person_id and p.email = 'medewerker@zandermeer.example'"
    " order by c.ended_at desc limit 1"
)
# A word that as many klussen have in each size, and one that fills a page of grants and names no role: so that the pages compared are equally full.
_WORD = """select {} from ts_stat('select search from klus where state in (''open'', ''in_uitvoering'')')
    where word ~ '^[a-z]{{8,12}}$' order by abs(ndoc - 17), word limit 1"""
_GRANTED = """select word from ts_stat('select search from power_version') s cross join lateral (
        select count(*) as grants from grant_version v where upper_inf(v.recorded) and v.powers && array(select w.code from power w
            join power_version t on t.power_id = w.id where t.search @@ cast(s.word || ':*' as tsquery))) g
    where word ~ '^[a-z]{5,12}$' and not exists (select from role_version where plain(name) like '%' || s.word || '%')
    order by abs(grants - 25), word limit 1"""

_FOR_ALL = (
    "/hulp",
    "/spelregels",
    "/privacy",
    "/toegankelijkheid",
    "/wat-ziet-wie",
    "/wachtwoord",
    "/logboek/uitleg",
    "/zoekopdrachten/nieuw",
)
_FOR_ME = (
    "/", "/profiel", "/profiel/sessies", "/profiel/tweede-stap", "/profiel/agenda", "/meldingen", "/meldingen/bel", "/meldingen/stukken",
    "/meldingen/voorkeuren", "/uren", "/instemmingen", "/klussen/nieuw", "/mag-ik-dit", "/mandaten/belang",
    "/overleggen", "/voorstellen", "/voorstellen?mij=1", "/besluiten", "/zoeken",
)  # fmt: skip
_LISTS = (
    "/klussen", "/klussen?volgorde=nieuw", "/klussen?volgorde=start", "/klussen?zoek=buurt",
    "/klussen?zoek=ijsvogel", "/klussen?soort=klus&uren=4&vrij=1&volgorde=start",
    "/zoeken?zoek=groen", "/zoeken?zoek=vergunning", "/zoeken?zoek=medewerker", "/zoeken?zoek=xylofoonbouwer", "/zoeken?zoek=2026-00100",
)  # fmt: skip

PAGES: tuple[Seen, ...] = (
    *(Seen(MEDEWERKER, address) for address in (*_FOR_ALL, *_FOR_ME, *_LISTS)),
    Seen(MEDEWERKER, "/klussen?zoek={}", _WORD.format("word")), Seen(MEDEWERKER, "/klussen?zoek={}", _WORD.format("word || right(word, 1)")),
    *(Seen(None, address) for address in ("/inloggen", "/openbaar/verantwoording", "/logboek/checkpoint", "/logboek/vkey")),
    Seen(None, "/openbaar/mandaten"),
    Seen(None, "/openbaar/verantwoording/{}", _PERIOD),
    Seen(None, "/logboek/tile/0/000"),
    Seen(SECRETARY, "/"), Seen(FACILITATOR, "/"), Seen(COUNCIL, "/profiel"),
    Seen(MEDEWERKER, "/organisatie"),
    Seen(MEDEWERKER, "/organisatie/tabel"),
    Seen(MEDEWERKER, "/organisatie/geschiedenis", tells=ROLES),
    Seen(MEDEWERKER, "/teams/{}", _TEAM), Seen(FACILITATOR, "/teams/{}", _TEAM),
    Seen(MEDEWERKER, "/teams/{}?op=2025-10-01&bekend=2026-01-01", _TEAM),
    Seen(MEDEWERKER, "/teams/{}/geschiedenis", _TEAM), Seen(FACILITATOR, "/teams/{}/lijst", _TEAM), Seen(FACILITATOR, "/teams/{}/verkiezingen", _TEAM),
    Seen(MEDEWERKER, "/rollen/{}", _ROLE), Seen(MEDEWERKER, "/rollen/{}/geschiedenis", _ROLE), Seen(MEDEWERKER, "/rollen/{}/bevoegdheden", _ROLE),
    Seen(FACILITATOR, "/rollen/{}/vervulling", _ROLE),
    Seen(MEDEWERKER, "/personen/{}", _PERSON), Seen(COLLEGA, "/personen/{}", _PERSON),
    Seen(MEDEWERKER, "/klussen/{}", _OPEN), Seen(MEDEWERKER, "/klussen/{}", _NEW), Seen(MEDEWERKER, "/klussen/{}", _DONE), Seen(MEDEWERKER, "/klussen/{}", _VACANCY),
    Seen(SECRETARY, "/klussen/{}/aanmeldingen", _VACANCY), Seen(SECRETARY, "/klussen/{}/uren", _BUSY), Seen(SECRETARY, "/klussen/{}/vacature", _VACANCY),
    Seen(SECRETARY, "/klussen/{}/besparing", _VACANCY), Seen(FACILITATOR, "/klussen/{}/wijzigen", _OWN_KLUS),
    Seen(MEDEWERKER, "/inzet/{}/terugkoppeling", _FEEDBACK), Seen(MEDEWERKER, "/k/{}", _OPEN.replace("select id", "select number"), status=303),
    Seen(MEDEWERKER, "/klussen/spreiding", tells=PLACES),
    Seen(FILLER, "/besluiten"), Seen(FILLER, "/besluiten/nieuw"), Seen(FILLER, "/besluiten/reeks"), Seen(SECRETARY, "/besluiten/zonder-bevoegdheid"),
    Seen(FILLER, "/besluiten/{}", _OWN), Seen(FILLER, "/besluiten/{}/bewijs", _OWN), Seen(SECRETARY, "/besluiten/{}", _FLAGGED.format("boven_grens")),
    Seen(SECRETARY, "/mandaatlogboek"), Seen(CONTROLLER, "/mandaatlogboek?bevoegdheid=SUB-01"), Seen(SECRETARY, "/mandaatlogboek?uitkomst=gebrek"),
    Seen(SECRETARY, "/toetslijst"), Seen(SECRETARY, "/toetslijst/{}", _ITEM), Seen(CONTROLLER, "/steekproef"),
    Seen(SECRETARY, "/verantwoording"), Seen(SECRETARY, "/verantwoording/{}", _PERIOD), Seen(COUNCIL, "/verantwoording/{}", _PERIOD),
    Seen(SECRETARY, "/verantwoording/{}/cijfers.json", _PERIOD, DECISIONS), Seen(SECRETARY, "/verantwoording/{}/bestand/xlsx", _PERIOD),
    Seen(None, "/openbaar/verantwoording/{}/bestand/xlsx", _PERIOD),
    Seen(MEDEWERKER, "/mandaten"), Seen(SECRETARY, "/mandaten"), Seen(MEDEWERKER, "/mandaten?zoek={}", _GRANTED),
    Seen(MEDEWERKER, "/mandaten/{}", _GRANT), Seen(SECRETARY, "/mandaten/{}/wijzigen", _GRANT),
    Seen(SECRETARY, "/mandaten/nieuw"), Seen(SECRETARY, "/mandaten/omgekeerd"), Seen(SECRETARY, "/mandaten/besluit"), Seen(SECRETARY, "/mandaten/overnemen"),
    Seen(SECRETARY, "/mandaten/vervanging"), Seen(CONTROLLER, "/mandaten/onderhoud", tells=GRANTS), Seen(SECRETARY, "/mandaten/verzoeken"),
    Seen(SECRETARY, "/mandaten/instelling"), Seen(SECRETARY, "/mandaten/kaders"),
    *(Seen(SECRETARY, f"/mandaten.{kind}", tells=GRANTS) for kind in ("csv", "json", "xlsx")), Seen(SECRETARY, "/mandaten.pdf?team={}", _TEAM, POWERS),
    Seen(FACILITATOR, "/voorstellen/nieuw"), Seen(FACILITATOR, "/voorstellen/{}", _PROPOSAL.format("overleg")), Seen(MEDEWERKER, "/voorstellen/{}", _PROPOSAL.format("aangenomen")),
    Seen(FACILITATOR, "/overleggen"), Seen(FACILITATOR, "/overleggen/nieuw"), Seen(FACILITATOR, "/overleggen/{}", _MEETING.format("gepland")),
    Seen(MEDEWERKER, "/overleggen/{}", _MEETING.format("gesloten")), Seen(MEDEWERKER, "/overleggen/{}/verslag.pdf", _MEETING.format("gesloten")),
    *(Seen(SECRETARY, f"/mobiliteit{more}", tells=PLACES) for more in ("", "/M2", "/M5", "/stromen", "/bestand/csv", "/bestand/xlsx")),
    Seen(SECRETARY, "/mobiliteit/M1", tells=PEOPLE), Seen(SECRETARY, "/mobiliteit/M3", tells=HOURS), Seen(SECRETARY, "/mobiliteit/bezetting", tells=PEOPLE),
    Seen(SECRETARY, "/mobiliteit/M4"), Seen(SECRETARY, "/mobiliteit/besparingen"), Seen(SECRETARY, "/mobiliteit/openingen"),
    *(Seen(MEDEWERKER, f"/profiel/gegevens{kind}", tells=MINE) for kind in ("", ".csv", ".json")),
    Seen(SECRETARY, "/beheer/invoer"), Seen(SECRETARY, "/beheer/invoer/{}", _IMPORT.format("organisatie")), Seen(SECRETARY, "/beheer/invoer/{}", _IMPORT.format("mandaten")),
    Seen(SECRETARY, "/beheer/vaardigheden"), Seen(OPERATIONS, "/beheer/werk"), Seen(OPERATIONS, "/beheer"), Seen(OPERATIONS, "/beheer/gebruikers"),
    Seen(OPERATIONS, "/beheer/gebruikers?zoek=a"), Seen(OPERATIONS, "/beheer/controle"), Seen(OPERATIONS, "/beheer/instellingen"),
    Seen(CONTROLLER, "/toegang"), Seen(CONTROLLER, "/vernietiging"),
    Seen(CONTROLLER, "/correcties"), Seen(SECRETARY, "/bewaartermijnen"),
)  # fmt: skip

_API = "/api/v1"
CALLS: tuple[Seen, ...] = (
    *(Seen(MEDEWERKER, _API + path) for path in (
        "/klussen", "/klussen?zoek=buurt", "/personen?zoek=a", "/overleggen", "/voorstellen", "/voornemens", "/instemmingen", "/meldingen", "/zoeken?zoek=groen",
        "/bevoegdheden/SUB-01", "/openapi.json",
    )),
    Seen(MEDEWERKER, _API + "/teams"), Seen(MEDEWERKER, _API + "/bevoegdheden"), Seen(MEDEWERKER, _API + "/mandaten"),
    Seen(MEDEWERKER, _API + "/klussen/{}", _OPEN), Seen(MEDEWERKER, _API + "/teams/{}", _TEAM), Seen(MEDEWERKER, _API + "/rollen/{}", _ROLE),
    Seen(MEDEWERKER, _API + "/personen/{}", _PERSON), Seen(MEDEWERKER, _API + "/mandaten/{}", _GRANT), Seen(MEDEWERKER, _API + "/overleggen/{}", _MEETING.format("gesloten")),
    Seen(MEDEWERKER, _API + "/voorstellen/{}", _PROPOSAL.format("aangenomen")), Seen(FILLER, _API + "/besluiten"), Seen(FILLER, _API + "/besluiten/{}", _OWN),
    Seen(MEDEWERKER, _API + "/uren"), Seen(MEDEWERKER, _API + "/zoekopdrachten"), Seen(MEDEWERKER, _API + "/terugkoppelingen"),
    Seen(SECRETARY, _API + "/besparingen"), Seen(SECRETARY, _API + "/mobiliteit", tells=PLACES), Seen(SECRETARY, _API + "/klussen/{}/uren", _BUSY),
    Seen(SECRETARY, _API + "/klussen/{}/vacature", _VACANCY),
    Seen(SECRETARY, _API + "/mandaten/instelling"), Seen(SECRETARY, _API + "/invoer"), Seen(SECRETARY, _API + "/invoer/{}", _IMPORT.format("organisatie")),
    Seen(SECRETARY, _API + "/mandatencheck/mandaten?gebruiker=rolvervuller@zandermeer.example&categorie=SUB-01"),
)  # fmt: skip

# What answers GET and is not asked here: nothing of it depends on how much there is, or it shows one thing by its key.
NOT_ASKED = {
    "/static/{name:path}": "bestand", "/live": "stroom", "/health/live": "geen gegevens", "/health/ready": "geen gegevens",
    "/.well-known/security.txt": "geen gegevens", "/logboek/controle.py": "bestand", "/inloggen/dienst": "leidt verder", "/inloggen/terug": "leidt verder",
    "/inloggen/stap": "één account", "/inloggen/opnieuw": "één account", "/agenda/{name:str}": "één persoon", "/meldingen/afmelden/{token:str}": "één persoon",
    "/api/oidc/jwks": "geen gegevens", "/besluiten/voornemen/{id:uuid}": "één voornemen", "/besluiten/voornemen/{id:uuid}/pdf": "één voornemen",
    "/besluiten/voornemen/{id:uuid}/tekst": "één voornemen", "/besluiten/reeks/{batch:uuid}": "één reeks", "/rolvervullingen/{offer_id:uuid}": "één aanbod",
    "/steekproef/{sample_id:uuid}": "één steekproef", "/toegang/{review_id:uuid}": "één onderzoek", "/toegang/{review_id:uuid}/regels.csv": "één onderzoek",
    "/teams/{team_id:uuid}/verkiezingen/{election_id:uuid}": "één verkiezing", "/mandaten/besluit/{number:str}": "één mandaatbesluit",
    "/mandaten/besluit/{number:str}/wijzigen": "één mandaatbesluit", "/mandaten/besluit/{number:str}/pdf": "één mandaatbesluit",
    "/mandaten/besluit/{number:str}/tekst": "één mandaatbesluit", "/vernietiging/{erasure_id:uuid}": "één verzoek",
    "/teams/{team_id:uuid}/koers": "één team", "/teams/{team_id:uuid}/vastgelopen": "één team", "/api/v1/teams/{id:uuid}/koers": "één team", "/api/v1/teams/{id:uuid}/vastgelopen": "één team",
    "/voorstellen/{proposal_id:uuid}/wijzigen": "één voorstel", "/api/v1/inzet/{id:uuid}": "één inzet", "/api/v1/voornemens/{id:uuid}": "één voornemen",
    "/api/v1/verkiezingen/{id:uuid}": "één verkiezing", "/api/v1/rolvervullingen/{id:uuid}": "één aanbod", "/api/v1/klussen/{id:uuid}/loting": "één loting",
    "/api/v1/besluiten/{nummer:str}/bewijs": "zie de bladzijde", "/api/v1/mandaten/{nummer:str}/inlichtingen": "één mandaat",
}  # fmt: skip
