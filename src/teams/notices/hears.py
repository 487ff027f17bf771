"""Who hears of which act, with which sentence and link: one table. A sentence holds no reasons and no hours (R13, R14, R21)."""

from dataclasses import dataclass
from enum import StrEnum

from teams.kit.text import N_


class Kind(StrEnum):
    """What a person chooses mail for. `account` is about one's own safety and always mailed at once."""

    ANSWER = "antwoord"
    KLUSSEN = "klussen"
    MANAGE = "beheer"
    TEAM = "team"
    ROLES = "rollen"
    SEARCH = "zoeken"
    ACCOUNT = "account"


class Mail(StrEnum):
    """When a notice is mailed; in the app it stands always."""

    NOW = "direct"
    DAY = "dag"
    WEEK = "week"
    NEVER = "nooit"


DEFAULTS = {
    Kind.ANSWER: Mail.NOW,
    Kind.KLUSSEN: Mail.DAY,
    Kind.MANAGE: Mail.DAY,
    Kind.TEAM: Mail.WEEK,
    Kind.ROLES: Mail.DAY,
    Kind.SEARCH: Mail.DAY,
    Kind.ACCOUNT: Mail.NOW,
}


class Who(StrEnum):
    """Who hears it. Nobody hears of an own act, but for what touches the safety of the own account."""

    PERSON = "persoon"  # whom it is about
    SELF = "zelf"  # the same, also when that is who did it
    MANAGERS = "beheerders"  # who posted the klus and co-owners; its role when the poster has left
    CLAIMANTS = "deelnemers"  # everybody with a claim on the klus that has not ended
    LENDERS = "thuisteam"  # the rolverdeler of the home team (R13: both teams are told)
    LEADS = "rolverdelers"  # the rolverdeler of the team
    DECIDERS = "instemmers"  # who may answer the consent (R6), never a party
    TEAM = "team"  # members of the team, with who represents a team in it or takes part by a linked role
    ELECTORS = "stemgerechtigden"  # of this version (G20)
    ROUND = "ronde"  # proposer and electors
    PROPOSER = "indiener"
    FACILITATOR = "begeleider"
    GRANTORS = "gevers"  # who act for those that gave the role its grants (G36)
    HOLDERS = "houders"  # who hold the grant: a person, or who fills the role
    SECRETARY = "secretaris"
    IMPORTER = "aanbieder"


@dataclass(frozen=True)
class Hears:
    """One line: whoever `who` is, reads `sentence` in their notices and goes to `link`."""

    verb: str
    who: Who
    kind: Kind
    sentence: str
    link: str

    @property
    def key(self) -> str:
        return f"{self.verb}:{self.who}"


_KLUS, _PROPOSAL, _MEETING = "/klussen/{klus}", "/voorstellen/{proposal}", "/overleggen/{meeting}"
_ELECTION, _OFFER = "/teams/{team}/verkiezingen/{election}", "/rolvervullingen/{offer}"
_STUCK = "/teams/{team}/vastgelopen"
_ROLE, _GRANT = "/rollen/{role}", "/mandaten/{number}"
A, K, M, T, R, S = Kind.ANSWER, Kind.KLUSSEN, Kind.MANAGE, Kind.TEAM, Kind.ROLES, Kind.ACCOUNT
P, B = Who.PERSON, Who.MANAGERS

HEARS: tuple[Hears, ...] = (
    # klussen: who takes part, who manages, who lends
    Hears("claim.made", B, M, N_("{person} doet mee aan {klus}."), _KLUS),
    Hears("claim.applied", B, M, N_("{person} meldde zich aan voor {klus}."), _KLUS),
    Hears("claim.waiting", P, K, N_("Je staat op de wachtlijst van {klus}."), _KLUS),
    Hears("claim.withdrawn", B, M, N_("{person} doet toch niet mee aan {klus}."), _KLUS),
    Hears("claim.handed_back", B, M, N_("{person} gaf de plek in {klus} terug."), _KLUS),
    Hears("claim.handed_back", Who.LENDERS, T, N_("{person} gaf de plek in {klus} terug."), _KLUS),
    Hears("claim.stop_announced", B, M, N_("{person} stopt met {klus}. Op de klus staat wanneer."), _KLUS),
    Hears("claim.stop_recalled", B, M, N_("{person} gaat toch door met {klus}."), _KLUS),
    Hears("claim.stop_announced", Who.LENDERS, T, N_("{person} stopt met {klus}. Op de klus staat wanneer."), _KLUS),
    Hears("claim.completed", P, K, N_("Je bent klaar met {klus}."), _KLUS),
    Hears("claim.completed", B, M, N_("{person} is klaar met {klus}."), _KLUS),
    Hears("claim.ended", P, K, N_("Je inzet bij {klus} is gestopt."), _KLUS),
    Hears("claim.ended", B, M, N_("De inzet van {person} bij {klus} is gestopt."), _KLUS),
    Hears("claim.ended", Who.LENDERS, T, N_("De inzet van {person} bij {klus} is gestopt."), _KLUS),
    Hears("claim.accepted", B, M, N_("{person} nam de plek in {klus} aan."), _KLUS),
    Hears("claim.declined", B, M, N_("{person} sloeg de plek in {klus} af."), _KLUS),
    Hears("claim.confirmed_again", B, M, N_("{person} doet ook met de nieuwe afspraken mee aan {klus}."), _KLUS),
    Hears("claim.offered", P, A, N_("Er is een plek voor je in {klus}. Zeg binnen drie werkdagen of je die neemt."), _KLUS),
    Hears("claim.selected", P, A, N_("Je bent gekozen voor {klus}. Zeg binnen drie werkdagen of je de plek neemt."), _KLUS),
    Hears("claim.named", P, A, N_("{actor} noemde je voor {klus}. Zeg binnen drie werkdagen of je de plek neemt."), _KLUS),
    Hears("claim.skipped", P, K, N_("Er was een plek vrij in {klus}, maar die past nu niet in je uren. Je houdt je plek op de lijst."), _KLUS),
    Hears("claim.moved_in_line", P, K, N_("Je hebt een andere plek op de wachtlijst van {klus}."), _KLUS),
    Hears("claim.rejected", P, K, N_("Je bent niet gekozen voor {klus}."), _KLUS),
    Hears("claim.lapsed", P, K, N_("De termijn voor je plek in {klus} is voorbij. De plek is naar een ander."), _KLUS),
    Hears("claim.lapsed", B, M, N_("De termijn voor de plek van {person} in {klus} is voorbij."), _KLUS),
    Hears("claim.refused", P, K, N_("Je team stemde niet in met {klus}."), _KLUS),
    Hears("claim.refused", B, M, N_("Het team van {person} stemde niet in met {klus}."), _KLUS),
    Hears("claim.reservation_lapsed", Who.LENDERS, T, N_("De plek die je team vasthield in {klus}, is weer vrij."), _KLUS),
    Hears("consent.asked", Who.DECIDERS, A, N_("{person} wil meedoen aan {klus}. Stemt je team in?"), "/instemmingen"),
    Hears("consent.given", P, K, N_("Je team stemde in met {klus}."), _KLUS),
    Hears("consent.refused", P, K, N_("Je team antwoordde over {klus}."), _KLUS),
    Hears("consent.silent", P, K, N_("De termijn is voorbij: je team stemde zwijgend in met {klus}."), _KLUS),
    Hears("consent.voided", P, K, N_("De instemming voor {klus} geldt niet meer: je bent van team veranderd."), _KLUS),
    Hears("klus.changed", Who.CLAIMANTS, K, N_("De afspraken over {klus} zijn veranderd. Kijk of het nog past."), _KLUS),
    Hears("klus.submitted", Who.LEADS, A, N_("{actor} legt een klus voor aan je team."), _KLUS),
    Hears("klus.sent_back", B, M, N_("{actor} stuurde je klus terug."), _KLUS),
    Hears("klus.owner_added", P, M, N_("{actor} vroeg je om {klus} mee te beheren."), _KLUS),
    Hears("klus.owner_removed", P, M, N_("Je beheert {klus} niet meer mee."), _KLUS),
    Hears("klus.invited", P, A, N_("{actor} nodigt je uit voor {klus}."), _KLUS),
    Hears("klus.asked", B, A, N_("{actor} stelde een vraag bij {klus}."), _KLUS),
    Hears("klus.answered", P, K, N_("{actor} gaf antwoord op je vraag bij {klus}."), _KLUS),
    Hears("klus.expired", B, M, N_("De klus {klus} is verlopen: niemand deed mee."), _KLUS),
    Hears("klus.closed_unanswered", B, M, N_("De inschrijving voor {klus} is gesloten: niemand zei dat de klus nog staat. Je kunt hem weer openen."), _KLUS),
    # governance
    Hears("proposal.submitted", Who.ELECTORS, A, N_("{actor} vraagt je reactie op voorstel {number}."), _PROPOSAL),
    Hears("proposal.amended", Who.ELECTORS, A, N_("Er is een nieuwe versie van voorstel {number}. Geef je reactie."), _PROPOSAL),
    Hears("proposal.adopted", Who.ROUND, T, N_("Je team nam voorstel {number} aan."), _PROPOSAL),
    Hears("proposal.lapsed", Who.ROUND, T, N_("Je team besloot niet over voorstel {number}: dat is vervallen."), _PROPOSAL),
    Hears("proposal.withdrawn", Who.ROUND, T, N_("Voorstel {number} is ingetrokken."), _PROPOSAL),
    Hears("proposal.meeting_called", Who.ROUND, T, N_("Voorstel {number} wordt in een overleg besproken."), _PROPOSAL),
    Hears("proposal.struck", Who.ROUND, T, N_("Wat voorstel {number} veranderde, is geschrapt: het brak de regels."), _PROPOSAL),
    Hears("objection.raised", Who.PROPOSER, A, N_("Er is een overwegend bezwaar tegen voorstel {number}."), _PROPOSAL),
    Hears("objection.test_asked", Who.FACILITATOR, A, N_("Toets een overwegend bezwaar tegen voorstel {number}."), _PROPOSAL),
    Hears("objection.tested", Who.PROPOSER, T, N_("Een overwegend bezwaar tegen voorstel {number} is getoetst."), _PROPOSAL),
    Hears("mandate.requested", Who.SECRETARY, R, N_("Een team vraagt een mandaat voor de rol {role}."), _PROPOSAL),
    Hears("election.called", Who.TEAM, A, N_("Er is een verkiezing voor de rol {role}. Breng je stem uit."), _ELECTION),
    Hears("election.decided", Who.TEAM, T, N_("{person} is gekozen voor de rol {role}."), _ELECTION),
    Hears("election.lapsed", Who.TEAM, T, N_("Niemand werd gekozen voor de rol {role}."), _ELECTION),
    Hears("filling.asked", P, A, N_("Je bent gevraagd voor de rol {role}."), _OFFER),
    Hears("filling.grantor_told", Who.GRANTORS, A, N_("{person} krijgt de rol {role} met een mandaat van jou. Je kunt dat tegenhouden."), _OFFER),
    Hears("filling.stopped", P, R, N_("Je krijgt de rol {role} niet: de gever van het mandaat hield het tegen."), _OFFER),
    Hears("role.filled", P, R, N_("Je hebt de rol {role} gekregen."), _ROLE),
    Hears("role.filling_changed", P, R, N_("De afspraken over je rol {role} zijn veranderd."), _ROLE),
    Hears("role.emptied", P, R, N_("Je stopt met de rol {role}."), _ROLE),
    Hears("breakdown.declared", P, A, N_("Het roloverleg van {team} loopt vast. Je kunt de begeleiding overnemen."), _STUCK),
    Hears("breakdown.declared", Who.TEAM, T, N_("Van {team} is gemeld dat het roloverleg vastloopt."), _STUCK),
    Hears("breakdown.taken", Who.TEAM, T, N_("{actor} begeleidt het roloverleg van {team} nu."), _STUCK),
    Hears("breakdown.ended", Who.TEAM, T, N_("Het roloverleg van {team} gaat weer zoals altijd."), _STUCK),
    Hears("meeting.planned", Who.TEAM, T, N_("Er is een overleg gepland in {team}."), _MEETING),
    Hears("meeting.cancelled", Who.TEAM, T, N_("Een overleg in {team} gaat niet door."), _MEETING),
    Hears("meeting.guest_invited", P, A, N_("{actor} nodigt je uit voor een overleg van {team}."), _MEETING),
    Hears("meeting.closed", Who.TEAM, T, N_("Het verslag van een overleg in {team} is er."), _MEETING),
    # mandates, decisions, imports: numbers only, so that a confidential power stays confidential
    Hears("grant.published", Who.HOLDERS, R, N_("Mandaat {number} is bekendgemaakt."), _GRANT),
    Hears("grant.withdrawn", Who.HOLDERS, R, N_("Mandaat {number} is ingetrokken."), _GRANT),
    Hears("replacement.entered", P, R, N_("Je vervangt iemand in de rol {role}."), _ROLE),
    Hears("information.asked", P, A, N_("Er zijn inlichtingen gevraagd over besluit {number}."), "/besluiten/{number}"),
    Hears("information.answered", P, R, N_("Je vraag over besluit {number} is beantwoord."), "/besluiten/{number}"),
    Hears("information.grant_asked", Who.HOLDERS, A, N_("Er zijn inlichtingen gevraagd over mandaat {number}."), _GRANT),
    Hears("information.grant_answered", P, R, N_("Je vraag over mandaat {number} is beantwoord."), _GRANT),
    Hears("import.offered", Who.SECRETARY, A, N_("Invoer {number} wacht op je bevestiging."), "/invoer/{import}"),
    Hears("import.confirmed", Who.IMPORTER, R, N_("Invoer {number} is bevestigd."), "/invoer/{import}"),
    Hears("import.rejected", Who.IMPORTER, R, N_("Invoer {number} is afgewezen."), "/invoer/{import}"),
    Hears("report.asked", Who.SECRETARY, A, N_("Er is een vraag gesteld over de verantwoording."), "/verantwoording"),
    # who leaves or moves, as the directory says
    Hears("person.access_ended", Who.SECRETARY, R, N_("{person} heeft geen toegang meer. Rollen en klussen zijn gestopt."), "/organisatie"),
    Hears("person.access_ended", Who.LEADS, R, N_("{person} heeft geen toegang meer. Rollen en klussen zijn gestopt."), "/teams/{team}"),
    Hears("grant.holder_left", Who.SECRETARY, R, N_("{person} had mandaat {number} en is weg. Kijk wie het nu heeft."), _GRANT),
    Hears("role.mover_flagged", Who.SECRETARY, R, N_("{person} is van plek veranderd. Klopt de rol {role} nog?"), _ROLE),
    Hears("role.mover_flagged", Who.LEADS, R, N_("{person} is van plek veranderd. Klopt de rol {role} nog?"), _ROLE),
    Hears("directory.role_refused", Who.SECRETARY, R, N_("{person} kwam in een groep van de directory, maar kreeg de rol of het team daarbij niet."), "/organisatie"),
    # what is recorded about somebody (AVG 16)
    Hears("correction.asked", Who.SECRETARY, A, N_("{person} vraagt om een correctie."), "/correcties"),
    Hears("correction.answered", P, A, N_("Je verzoek om een correctie is beantwoord."), "/profiel/gegevens"),
    # the own account
    Hears("account.password_changed", Who.SELF, S, N_("Je wachtwoord is veranderd. Was jij dat niet? Meld het bij de beheerder."), "/profiel"),
    Hears("account.password_reset", Who.SELF, S, N_("Je wachtwoord is opnieuw ingesteld. Vroeg je daar niet om? Meld het bij de beheerder."), "/profiel"),
    Hears("account.token_created", Who.SELF, S, N_("Er is een token voor je account gemaakt. Weet je van niets? Meld het bij de beheerder."), "/profiel"),
    # what one asked oneself to be told: by the clock, at most daily
    Hears("search.found", P, Kind.SEARCH, N_("Nieuw bij je zoekopdracht: {klus}."), _KLUS),
    # reminders: made by the clock (R12)
    Hears("reminder.klus_begins", P, K, N_("De klus {klus} begint op {day}."), _KLUS),
    Hears("reminder.offer_ends", P, A, N_("Zeg vóór {moment} of je de plek in {klus} neemt."), _KLUS),
    Hears("reminder.consent_ends", Who.DECIDERS, A, N_("{person} wacht op instemming voor {klus}, tot {moment}."), "/instemmingen"),
    Hears("reminder.klus_stale", B, M, N_("De klus {klus} staat al {days} dagen open. Verleng hem, pas hem aan of sluit hem."), _KLUS),
    Hears("reminder.klus_closes", B, M, N_("De inschrijving voor {klus} sluit op {day}. Staat de klus nog? Verleng hem dan."), _KLUS),
    Hears("reminder.role_ends", P, R, N_("Je rol {role} eindigt op {day}."), _ROLE),
    Hears("reminder.role_ends", Who.LEADS, R, N_("De termijn van {person} in de rol {role} eindigt op {day}."), _ROLE),
    Hears("reminder.correction_due", Who.SECRETARY, A, N_("Beantwoord uiterlijk {day} het verzoek om een correctie van {person}."), "/correcties"),
    Hears("reminder.grant_ends", Who.HOLDERS, R, N_("Mandaat {number} eindigt op {day}."), _GRANT),
    Hears("reminder.grant_ends", Who.SECRETARY, R, N_("Mandaat {number} eindigt op {day}."), _GRANT),
)  # fmt: skip

BY_KEY = {one.key: one for one in HEARS}
REMINDER = "reminder."
BY_ITSELF = "search."
"""Not of an act, nor a reminder: a job tells it."""


def heard_of(verb: str) -> tuple[Hears, ...]:
    return tuple(one for one in HEARS if one.verb == verb)
