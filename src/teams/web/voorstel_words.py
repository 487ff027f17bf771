"""What proposals are called on a page: kinds, policies, states, questions, and a sentence for each entry."""

from teams.governance.models import PolicyKind
from teams.kit.text import N_

KINDS = {
    "rol_wijzigen": N_("Een rol veranderen"),
    "rol_nieuw": N_("Een nieuwe rol maken"),
    "rol_einde": N_("Een rol laten vervallen"),
    "rol_verplaatsen": N_("Een rol naar het team erboven of eronder"),
    "afspraak_nieuw": N_("Een afspraak maken"),
    "afspraak_einde": N_("Een afspraak laten vervallen"),
    "afspraak_verplaatsen": N_("Een afspraak naar het team erboven of eronder"),
    "mandaatverzoek": N_("Een mandaat vragen"),
}
POLICIES = {
    PolicyKind.LIMIT: N_("Wat rollen niet of alleen zo mogen doen"),
    PolicyKind.AUTHORITY: N_("Wat een rol namens het team mag doen"),
    PolicyKind.DOMAIN: N_("Hoe anderen ons domein mogen gebruiken"),
    PolicyKind.CONSENT: N_("Hoe wij over voorstellen besluiten"),
    PolicyKind.FILLING: N_("Wie beslist wie een rol vervult"),
    PolicyKind.CANDIDATES: N_("Wie je kunt kiezen in een verkiezing"),
    PolicyKind.QUORUM: N_("Hoeveel mensen antwoorden voordat zwijgen telt"),
    PolicyKind.LENDING: N_("Wie instemt met het uitlenen van collega’s"),
    PolicyKind.REVIEW: N_("Wie een klus bekijkt voordat die open gaat"),
    PolicyKind.MEETING: N_("Hoe lang van tevoren je van een overleg hoort"),
    PolicyKind.CORE: N_("Wat de rolverdeler er in elk team bij doet"),
    PolicyKind.LINK: N_("Welke rol van een ander team hier meedoet"),
    PolicyKind.PURPOSE: N_("Het doel van de hele organisatie"),
    PolicyKind.LEAD: N_("Dat dit team een rolverdeler heeft"),
}
DECIDERS = {
    "team": N_("Het team samen"),
    "rolverdeler": N_("De rolverdeler"),
    "begeleider": N_("De begeleider"),
    "teamsecretaris": N_("De teamsecretaris"),
    "afgevaardigde": N_("De afgevaardigde"),
    "rol": N_("Een rol die we aanwijzen"),
}
CANDIDATES = {
    "leden": N_("Leden van het team"),
    "organisatie": N_("Iedereen in de organisatie"),
    "niet_zittend": N_("Leden, maar niet wie de rol nu heeft"),
}
FORMS = {
    "licht": N_("Licht: wie niets zegt, heeft geen overwegend bezwaar"),
    "gewoon": N_("Gewoon: iedereen antwoordt"),
    "streng": N_("Streng: iedereen antwoordt en elk bezwaar wordt getoetst"),
}
STATES = {
    "concept": N_("Concept"),
    "consent": N_("Wacht op antwoord"),
    "bezwaar": N_("Overwegend bezwaar"),
    "overleg": N_("Naar het overleg"),
    "aangenomen": N_("Aangenomen"),
    "ingetrokken": N_("Ingetrokken"),
    "vervallen": N_("Vervallen"),
}
COLOURS = {"consent": "info", "bezwaar": "let", "overleg": "let", "aangenomen": "goed"}
OBJECTION_STATES = {
    "ingebracht": N_("Ingebracht"),
    "toets": N_("Wordt getoetst"),
    "geldig": N_("Getoetst: geldig"),
    "ongeldig": N_("Getoetst: niet geldig"),
    "verwerking": N_("Wacht op bevestiging"),
    "opgelost": N_("Opgelost"),
    "ingetrokken": N_("Ingetrokken"),
}
QUESTIONS = {
    "schade": N_("Ontstaat er schade voor het team of een rol?"),
    "nieuw": N_("Komt de schade door dit voorstel?"),
    "zeker": N_("Is die schade zeker, of is het later te laat om te herstellen?"),
    "rol": N_("Raakt het een rol die de indiener van het bezwaar vervult?"),
}
LINES: dict[str, str] = {
    "proposal.drafted": N_("{actor} begon dit voorstel."),
    "proposal.submitted": N_("{actor} diende versie {version} in."),
    "proposal.amended": N_("Versie {version} kwam er. Alle antwoorden vervielen."),
    "proposal.extended": N_("De termijn werd langer, omdat niet iedereen er is."),
    "proposal.meeting_called": N_("{actor} wil dit in een overleg bespreken."),
    "proposal.sent_back": N_("Versie {version} ging terug: wat zij verandert, was intussen veranderd."),
    "proposal.adopted": N_("Versie {version} is aangenomen."),
    "proposal.struck": N_("{actor} schrapte dit, want het brak de regels."),
    "proposal.withdrawn": N_("{actor} trok het voorstel in."),
    "proposal.lapsed": N_("Het voorstel is vervallen."),
    "objection.raised": N_("{actor} meldde een overwegend bezwaar."),
    "objection.test_asked": N_("{actor} vroeg om de toets."),
    "objection.tested": N_("{actor} toetste een overwegend bezwaar."),
    "objection.integration": N_("{actor} schreef op hoe een bezwaar is opgelost."),
    "objection.resolved": N_("Een overwegend bezwaar is opgelost."),
    "objection.withdrawn": N_("{actor} trok een overwegend bezwaar in."),
}
