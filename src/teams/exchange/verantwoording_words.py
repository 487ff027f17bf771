"""The words of the account: what each code means to a member of the council."""

from teams.account.periods import Period
from teams.kit.text import N_

CAUSES = {
    "boven_grens": N_("Het bedrag was hoger dan de grens."), "gesplitst": N_("Een opdracht was in stukken geknipt."),
    "geen_mandaat": N_("Iemand besloot zonder mandaat."), "verlopen": N_("Het mandaat gold niet meer."),
    "niet_bekendgemaakt": N_("Het mandaat was nog niet bekendgemaakt."), "terugwerkend": N_("Het mandaat kwam pas later."),
    "zelfde_persoon": N_("Dezelfde persoon besloot twee keer."), "eigen_belang": N_("Iemand had zelf een belang."),
    "anders": N_("Iets anders ging mis."),
}  # fmt: skip
LISTS = {"contract": N_("Contracten"), "betaling": N_("Betalingen"), "zaak": N_("Zaken")}
HOW = {
    "geen": N_("nog niet uitgezocht"), "eigenaar": N_("nog niet uitgezocht"), "hoort_niet": N_("hoort hier niet"),
    "niet_vastleggen": N_("te klein om vast te leggen"), "dubbel": N_("staat er dubbel op"), "fout_in_lijst": N_("de lijst klopt niet"),
    "zonder_besluit": N_("er is geen besluit genomen"),
}  # fmt: skip
VENUES = {"bezwaar": N_("bezwaar"), "beroep": N_("beroep bij de rechtbank"), "hoger_beroep": N_("hoger beroep")}
EFFECTS = {
    "herroepen": N_("Het besluit is herroepen of vernietigd."), "opnieuw": N_("Het orgaan besloot opnieuw."),
    "in_stand": N_("Het besluit bleef in stand."),
}  # fmt: skip
MORE = {"nieuw": N_("nieuw mandaat"), "hogere_grens": N_("hogere grens")}
ORIGINS = {"initiatief": N_("initiatief uit de samenleving"), "uitdaagrecht": N_("uitdaagrecht"), "raad": N_("de raad")}
VERDICTS = {"in_orde": N_("in orde"), "met_punten": N_("in orde, met punten"), "niet_in_orde": N_("niet in orde")}
STEPS = {
    "concept": N_("Concept"), "bevinding": N_("Bevinding controller"), "vastgesteld": N_("Vastgesteld door college"),
    "naar_raad": N_("Naar de raad"), "beantwoord": N_("Vragen beantwoord"),
}  # fmt: skip


def title(period: Period) -> str:
    """In Dutch, as on the paper: `3e kwartaal 2026`."""
    return f"{period.quarter}e kwartaal {period.year}" if period.quarter else f"heel {period.year}"
