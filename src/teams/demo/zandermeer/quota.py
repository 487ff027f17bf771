"""How many klussen stand in which state, which come first, and why people give up a place."""

PROJECTS = 31
# How many of each state, vacancies included.
STATES = {
    "open": 84, "in_uitvoering": 66, "gesloten": 14, "concept": 12, "ingetrokken": 20, "verlopen": 18, "afgerond": 186,
}  # fmt: skip
SOON = 46  # open klussen that start within two months
FIRST = (
    "Schouw van 40 speelplekken",
    "Bewonersavond Havenkade voorbereiden",
    "Brieven over schulden herschrijven",
    "Formulier voor kleine subsidies testen",
    "Leeraanbod schoonmaken",
    "Voorzieningenkaart wijk Zuid maken",
    "Pachtpercelen op de kaart",
    "Grafregister en kaart naast elkaar leggen",
)
WITHDRAWN = ("Te druk in mijn eigen rol", "Het past toch niet in mijn weken", "Ik begin aan een andere klus")
HANDED_BACK = (
    "Mijn rol vraagt meer uren",
    "Ik heb er nu geen ruimte voor",
    "Ik ga naar een ander team",
    "Te weinig tijd",
)
CANCELLED = ("Het plan gaat niet door", "De bewonersgroep doet het zelf", "Samengevoegd met een andere klus")
