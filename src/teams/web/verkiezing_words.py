"""What elections and offers are called on a page."""

from typing import Any

from teams.kit.text import N_

STATES = {
    "stemmen": N_("Stemmen"),
    "wisselen": N_("Wisselronde"),
    "gelijk": N_("Gelijke stand"),
    "bezwaar": N_("Ronde over de kandidaat"),
    "gekozen": N_("Gekozen"),
    "ingetrokken": N_("Ingetrokken"),
    "vervallen": N_("Vervallen"),
}
COLOURS = {"stemmen": "info", "wisselen": "info", "gelijk": "let", "bezwaar": "info", "gekozen": "goed"}
CANDIDATES = {
    "leden": N_("Kiesbaar zijn de leden van het team."),
    "organisatie": N_("Kiesbaar is iedereen in de organisatie."),
    "niet_zittend": N_("Kiesbaar zijn de leden van het team, maar niet wie de rol nu heeft."),
}
ACTS = {
    "gedeeld": N_("De stemmen zijn gedeeld, met de redenen."),
    "wisselronde_dicht": N_("{naam} sloot de wisselronde, als {rol}."),
    "gelijk": N_("Er waren evenveel stemmen. De begeleider kiest hoe het verder gaat."),
    "loting": N_("{naam} koos voor loten, als {rol}."),
    "herstemming": N_("{naam} liet opnieuw kiezen tussen wie gelijk stonden, als {rol}."),
    "kandidaat": N_("{kandidaat} werd kandidaat. {naam} legde dat aan het team voor, als {rol}."),
    "niet_verder": N_("{naam} ging verder zonder {kandidaat}, als {rol}."),
    "ingetrokken": N_("{naam} trok de verkiezing in."),
    "vervallen": N_("De verkiezing is vervallen: er was niemand te kiezen."),
    "gekozen": N_("{kandidaat} is gekozen."),
}
OFFER_STATES = {
    "gevraagd": N_("Wacht op een ja"),
    "aanvaard": N_("Wacht op een besluit"),
    "gever": N_("Begint als de gever van het mandaat het niet stopt"),
    "vervuld": N_("Vervult de rol"),
    "geweigerd": N_("Wil de rol niet"),
    "afgewezen": N_("Afgewezen"),
    "ingetrokken": N_("Ingetrokken"),
    "gestopt": N_("Gestopt door de gever van het mandaat"),
    "vervallen": N_("Vervallen"),
}
OFFER_COLOURS = {"gevraagd": "let", "aanvaard": "info", "gever": "let", "vervuld": "goed"}
OFFER_ACTS = {
    "aanvaard": N_("{naam} wil de rol vervullen."),
    "geweigerd": N_("{naam} wil de rol niet vervullen."),
    "besloten": N_("{naam} gaf akkoord."),
    "afgewezen": N_("{naam} wees dit af."),
    "ingetrokken": N_("De vraag is ingetrokken."),
    "gever_akkoord": N_("{naam} liet het namens de gever van het mandaat meteen ingaan."),
    "gestopt": N_("{naam} stopte dit namens de gever van het mandaat."),
    "vervuld": N_("De rol is vervuld."),
    "vervallen": N_("De vraag is vervallen."),
}
WAITING = {
    "stem": N_("Stem in de verkiezing van {rol}"),
    "wissel": N_("De stemmen voor {rol} zijn gedeeld: blijf of wissel"),
    "gelijk": N_("Gelijke stand voor {rol}: kies hoe het verder gaat"),
    "gevraagd": N_("Wil je de rol {rol} vervullen?"),
    "beslis": N_("Beslis wie de rol {rol} vervult"),
    "gever": N_("Iemand gaat de rol {rol} met jouw mandaat vervullen"),
}


def stages(seen: Any) -> list[tuple[str, str]]:
    """The steps above the page: words, and 'klaar', 'nu' or ''."""
    words = [N_("Stemmen"), N_("Wisselronde"), N_("Kandidaat"), N_("Gekozen")]
    here = {"stemmen": 0, "wisselen": 1, "gelijk": 1, "bezwaar": 2, "gekozen": 4}.get(seen.state, 0)
    return [(word, "klaar" if n < here else "nu" if n == here else "") for n, word in enumerate(words)]
