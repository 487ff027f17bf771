"""The rules about the person: what each says of which fact (M09, M10, M19, M20, M23, M24, M28, M30)."""

from dataclasses import replace

from teams.mandates.facts import Claim, Facts, Filling, Interest, Party, Replacement, Span
from teams.mandates.question import Contested, Question
from teams.mandates.terms import Absence, PartyKind, Special
from tests.mandates.reasons import K, Row, noor, power_, with_
from tests.mandates.town import START, TODAY, YES, ask, changed, day, grant, role, town

LATER, FEBRUARY = day("2026-11-23"), day("2026-02-02")
OBJECTION = power_("SUB-01", specials=frozenset({Special.OBJECTION}))
FINE = power_("SUB-01", specials=frozenset({Special.FINE}))
COMPLAINT = power_("SUB-01", specials=frozenset({Special.COMPLAINT}))
FOUR = power_("SUB-01", four_eyes_above=1_000_00)
NO_OBJECTION = "Dit gaat niet over een bezwaar."
WHICH = "Zeg tegen welk besluit het bezwaar is. Zonder te weten wie dat nam, mag je niet beslissen."
NO_INTEREST = "Er is geen belang bekend. Je verklaart dit als je het besluit vastlegt."
SECOND = "Een tweede persoon moet meebeslissen."
EACH_OTHER = "en jij vervangen elkaar. Kies iemand anders."
NOT_ITSELF = "mag hier zelf niet over beslissen. Kies iemand anders."
ALONE = "Een tweede persoon is niet nodig."
PERSON = "tweedePersoonId"
NO_KLUS = "Je vraagt dit niet vanuit een klus."
BY_NAME = grant("T09p", "WKPB-1", role("gis"), Party(PartyKind.PERSON, "cas"), parent="T09")
PERSONAL = changed(town(grants=(*town().grants, BY_NAME)), "T09", sub=YES)


def away(who: str = "vera", job: str = "subsidies", **more: object) -> Replacement:
    values = {"reason": Absence.AWAY, "valid": Span(START), "decision": "besluit 31", **more}
    return Replacement(job, who, **values)  # type: ignore[arg-type]


def taken(*by: str) -> Contested:
    return Contested("2026-7", frozenset(by))


def vera(**more: object) -> Question:
    """Vera asks what Noor may, as her replacement."""
    return ask("SUB-01", "vera", K, **more)


def second(who: str, facts: Facts = FOUR, fact: str = "", says: str = "nee", sentence: str = "", **more: object) -> Row:
    return Row("M20", fact, facts, noor(2 * K, second=who, **more), says, sentence, PERSON if says == "nee" else "")


def claimed(*rows: Claim) -> Facts:
    return town(claims=rows)


def claim(who: str = "noor", klus: str = "klus B", **more: object) -> Claim:
    values = {"powers": frozenset({"SUB-01"}), **more}
    return Claim(who, klus, **values)  # type: ignore[arg-type]


SUBSTITUTED = town(replacements=(away(),))
TWO_STAND_IN = replace(FOUR, replacements=(away(), away("gijs")))
EMPTY = tuple(f for f in town().fillings if f.role != "subsidies")
ALSO_GIJS = replace(FOUR, fillings=(*town().fillings, Filling("subsidies", "gijs")))
UNDER_GIJS = changed(
    town(grants=(*town().grants, grant("T09b", "WKPB-1", role("gis"), role("gebouw"), parent="T09"))), "T09", sub=YES
)
ROWS = [
    Row("M09", "geen bezwaar", town(), noor(), "nvt", NO_OBJECTION),
    Row("M09", "welk besluit is niet gezegd", OBJECTION, noor(), "nee", WHICH, "bestredenBesluit"),
    Row("M09", "wie het nam is niet bekend", town(), noor(contested=Contested("2026-7", None)), "nee", WHICH, "bestredenBesluit"),
    Row("M09", "zelf genomen", OBJECTION, noor(contested=taken("noor")), "nee", "Noor nam het besluit waartegen het bezwaar is."),
    Row("M09", "genomen door wie je vervangt", SUBSTITUTED, vera(contested=taken("noor", "vera")), "nee", "Noor nam het besluit waartegen het bezwaar is."),
    Row("M09", "genomen door wie erboven staat", replace(town(), fillings=(*town().fillings, Filling("secretaris", "bram"))), noor(contested=taken("wieke", "bram")), "eerst_overleg", "Het besluit is genomen door Bram, van wie je mandaat komt. Leg het eerst hogerop voor.", "M09"),
    Row("M09", "voorgelegd", town(), noor(contested=taken("wieke"), confirmed=frozenset({"M09"})), "ok", "Iemand anders nam besluit 2026-7."),
    Row("M09", "genomen door een ander", OBJECTION, noor(contested=taken("cas")), "ok", "Iemand anders nam besluit 2026-7."),
    Row("M09", "genomen door een collega in de rol", replace(OBJECTION, fillings=(*town().fillings, Filling("subsidies", "gijs"))), noor(contested=taken("gijs")), "ok", "Iemand anders nam besluit 2026-7."),
    Row("M10", "geen rapport", town(), noor(), "nvt", "Hier is geen rapport voor nodig."),
    Row("M10", "boete, rapporteur onbekend", FINE, noor(), "nee", "Zeg wie het rapport opmaakte.", "rapporteur"),
    Row("M10", "gevraagd, rapporteur onbekend", town(), ask("HAN-04", "julia"), "nee", "Zeg wie het rapport opmaakte.", "rapporteur"),
    Row("M10", "zelf opgemaakt", FINE, noor(reporter="noor"), "nee", "Noor maakte zelf het rapport op."),
    Row("M10", "opgemaakt door wie je vervangt", SUBSTITUTED, vera(reporter="noor"), "nee", "Noor maakte zelf het rapport op."),
    Row("M10", "opgemaakt door een ander", town(), noor(reporter="cas"), "ok", "Iemand anders maakte het rapport op."),
    Row("M19", "niets bekend, niets gezegd", town(), noor(), "nvt", NO_INTEREST),
    Row("M19", "verklaard", town(), noor(interest=False), "ok", "Je verklaart dat je geen belang hebt."),
    Row("M19", "eigen belang", town(), noor(interest=True), "nee", "Je hebt zelf een belang. De zaak gaat een stap omhoog."),
    Row("M19", "moet gezegd", power_("SUB-01", asks=frozenset({"belang"})), noor(), "nee", "Zeg of je zelf een belang hebt.", "belang"),
    Row("M19", "bekend bij de zaak", town(interests=(Interest("noor", "Z-2"), Interest("noor", "Z-1"))), noor(case="Z-1", interest=False), "nee", "Van Noor is een belang bekend bij Z-1."),
    Row("M19", "bekend bij zaak en wederpartij", town(interests=(Interest("noor", "k"), Interest("noor", "Z-1"))), noor(case="Z-1", counterparty="k"), "nee", "Van Noor is een belang bekend bij Z-1."),
    Row("M19", "bekend van wie je vervangt", replace(SUBSTITUTED, interests=(Interest("noor", "k"),)), vera(counterparty="k"), "nee", "Van Noor is een belang bekend bij k."),
    Row("M19", "anders gespeld", town(interests=(Interest("noor", "Smíd B.V."),)), noor(counterparty="smid", interest=False), "nee", "Van Noor is een belang bekend bij Smíd B.V.."),
    Row("M19", "van een ander", town(interests=(Interest("cas", "Z-1"),)), noor(case="Z-1"), "nvt", NO_INTEREST),
    Row("M19", "bij een andere zaak", town(interests=(Interest("noor", "Z-2"),)), noor(case="Z-1"), "nvt", NO_INTEREST),
    Row("M19", "toen nog niet bekend", town(interests=(Interest("noor", "Z-1", recorded=Span(LATER)),)), noor(case="Z-1"), "nvt", NO_INTEREST),
    Row("M20", "geen vier ogen", town(), noor(second="noor"), "nvt", ALONE),
    Row("M20", "precies de grens", FOUR, noor(K), "nvt", ALONE),
    Row("M20", "erboven", FOUR, noor(K + 1), "samen_met", SECOND, PERSON),
    Row("M20", "bedrag onbekend", FOUR, noor(None), "samen_met", SECOND, PERSON),
    Row("M20", "altijd, ook voor niets", power_("SUB-01", four_eyes_above=-1), noor(0), "samen_met", SECOND, PERSON),
    Row("M20", "de laagste grens telt", with_("T15", FOUR, conditions="vier_ogen>500|vier_ogen>800"), noor(600_00), "samen_met", SECOND, PERSON),
    Row("M20", "een andere voorwaarde is geen grens", with_("T15", conditions="max_per_jaar:9000"), noor(2 * K), "nvt", ALONE),
    second("noor", fact="zelf", sentence="Je kunt niet zelf de tweede persoon zijn, ook niet met een andere rol."),
    second("coen", fact="controlerol", says="ok", sentence="Coen beslist mee."),
    second("gijs", fact="zonder mandaat", sentence="Gijs heeft geen eigen mandaat en geen controlerol."),
    second("alder", fact="lid van het orgaan", says="ok", sentence="Alder beslist mee."),
    second("wieke", fact="mandaat erboven", says="ok", sentence="Wieke beslist mee."),
    second("wieke", with_("T01", FOUR, withdrawn_at=LATER), "nu nog mandaat", "ok", "Wieke beslist mee."),
    second("gijs", replace(FOUR, fillings=(*town().fillings, Filling("gebouw", "gijs"))), "mandaat voor iets anders", "nee", "Gijs heeft geen eigen mandaat en geen controlerol."),
    second("gijs", ALSO_GIJS, "zelfde rol", "ok", "Gijs beslist mee."),
    second("vera", replace(FOUR, replacements=(away(),)), "die jou vervangt", "nee", f"Vera {EACH_OTHER}"),
    second("vera", replace(ALSO_GIJS, fillings=(*ALSO_GIJS.fillings, Filling("subsidies", "vera")), replacements=(away(),)), "vervangt, en vervult ook zelf", "ok", "Vera beslist mee."),
    second("vera", replace(FOUR, replacements=(away(job="gebouw"),)), "die een ander vervangt", "nee", "Vera heeft geen eigen mandaat en geen controlerol."),
    Row("M20", "wie je vervangt", replace(FOUR, replacements=(away(),)), ask("SUB-01", "vera", 2 * K, second="noor"), "nee", f"Noor {EACH_OTHER}", PERSON),
    Row("M20", "een andere vervanger", TWO_STAND_IN, ask("SUB-01", "vera", 2 * K, second="gijs"), "ok", "Gijs beslist mee."),
    second("coen", fact="rapporteur", sentence=f"Coen {NOT_ITSELF}", reporter="coen"),
    second("coen", fact="nam het bestreden besluit", sentence=f"Coen {NOT_ITSELF}", contested=taken("coen")),
    second("coen", replace(FOUR, interests=(Interest("coen", "Z-1"),)), "heeft een belang", "nee", f"Coen {NOT_ITSELF}", case="Z-1"),
    second("coen", replace(FOUR, interests=(Interest("coen", "Z-2"),)), "belang in een andere zaak", "ok", "Coen beslist mee.", case="Z-1"),
    second("coen", replace(FOUR, interests=(Interest("coen", "Z-1", recorded=Span(LATER)),)), "belang toen niet bekend", "ok", "Coen beslist mee.", case="Z-1"),
    second("bram", replace(FOUR, replacements=(away("bram", "secretaris"),)), "vervangt de houder erboven", "ok", "Bram beslist mee.", contested=taken("cas")),
    second("bram", replace(FOUR, replacements=(away("bram", "secretaris"),)), "vervangt wie het besluit nam", "nee", "Bram heeft geen eigen mandaat en geen controlerol.", contested=taken("wieke")),
    Row("M23", "vervangt niemand", town(), noor(), "nvt", "Je vervangt hier niemand."),
    Row("M23", "vervangt", SUBSTITUTED, vera(), "ok", "Je vervangt Subsidies volgens besluit 31."),
    Row("M23", "te vroeg", town(replacements=(away(valid=Span(LATER)),)), vera(), "nee", "Je vervanging als Subsidies geldt niet op dit moment."),
    Row("M23", "zonder besluit", town(replacements=(away(decision=""),)), vera(), "nee", "Er is geen besluit dat jou als vervanger van Subsidies aanwijst."),
    Row("M23", "weer vervuld", town(replacements=(away(reason=Absence.VACANT),)), vera(), "nee", "De rol Subsidies is weer vervuld. Je vervanging is voorbij."),
    Row("M23", "leeg, niet afwezig", town(replacements=(away(),), fillings=EMPTY), vera(), "nee", "De rol Subsidies is leeg. Je besluit gaat alleen over afwezigheid."),
    Row("M23", "leeg", town(replacements=(away(reason=Absence.VACANT),), fillings=EMPTY), vera(), "ok", "Je vervangt Subsidies volgens besluit 31."),
    Row("M24", "vervult", town(), noor(), "ok", "Je vervult de rol Subsidies."),
    Row("M24", "geen rol", town(), ask("SUB-01", "gijs", K), "nee", "Je hebt geen rol met een mandaat voor SUB-01."),
    Row("M24", "ambt zonder mandaat", town(), ask("SUB-01", None, K, role="gis"), "nee", "Dit ambt heeft geen mandaat voor SUB-01."),
    Row("M24", "ambt met mandaat", town(), ask("SUB-01", None, K, role="subsidies"), "nvt", "De vraag gaat over het ambt, niet over een persoon."),
    Row("M24", "orgaan zelf", town(), ask("SUB-01", "alder", K), "ok", "Je hoort bij het college."),
    Row("M24", "op naam", PERSONAL, ask("WKPB-1", "cas"), "ok", "T09p is op jouw naam gegeven."),
    Row("M24", "via het orgaan", town(members=town().members[2:3]), ask("EDE-21", "mayor"), "ok", "Je hoort bij het orgaan dat T05 kreeg."),
    Row("M24", "vervanger", SUBSTITUTED, vera(), "nvt", "Je bent vervanger van Subsidies."),
    Row("M24", "rol van een ander", town(), ask("SUB-01", "gijs", K, role="subsidies"), "nee", "Je vervult de rol Subsidies niet."),
    Row("M24", "niet meer", town(fillings=(*EMPTY, Filling("subsidies", "noor", Span(START, TODAY)))), noor(), "nee", "Je vervult de rol Subsidies niet op dit moment."),
    Row("M28", "geen klacht", town(), noor(), "nvt", "Dit gaat niet over een klacht."),
    Row("M28", "over wie is niet gezegd", COMPLAINT, noor(), "nee", "Zeg over wie de klacht gaat.", "beklaagde"),
    Row("M28", "over jezelf", COMPLAINT, noor(complained_of="noor"), "nee", "De klacht gaat over Noor."),
    Row("M28", "over een ander", COMPLAINT, noor(complained_of="cas"), "ok", "De klacht gaat over iemand anders."),
    Row("M30", "geen klus", town(), noor(), "nvt", NO_KLUS),
    Row("M30", "klus en mandaat", claimed(claim(), claim(klus="klus A")), noor(), "ok", "Je doet mee aan klus A, maar je besluit vanuit je mandaat."),
    Row("M30", "klus zonder mandaat", claimed(claim("gijs")), ask("SUB-01", "gijs", K), "nee", "Je doet mee aan klus B. Dat geeft je geen mandaat."),
    Row("M30", "klus van een ander", claimed(claim("cas")), noor(), "nvt", NO_KLUS),
    Row("M30", "klus over iets anders", claimed(claim(powers=frozenset({"X"}))), noor(), "nvt", NO_KLUS),
    Row("M30", "klus voorbij", claimed(claim(valid=Span(START, TODAY))), noor(), "nvt", NO_KLUS),
    Row("M30", "klus nog niet bekend", claimed(claim(recorded=Span(LATER))), noor(), "nvt", NO_KLUS),
]  # fmt: skip
