"""The rules about money and handing up: what each says of which fact (M21, M22, M25)."""

from dataclasses import replace

from teams.mandates.facts import Budget, Earlier, Facts, Span
from teams.mandates.question import Question
from teams.mandates.terms import Base
from tests.mandates.reasons import K, Row, gijs, noor, power_, with_
from tests.mandates.town import ask, day, town

LATER = day("2026-11-23")
YEARLY = with_("T15", with_("T01", ceiling=None), ceiling=None, conditions="max_per_jaar:10000")
OVER_YEAR = "T15 heeft € 10.000 per jaar. Daarvan is al € 6.000 gebruikt."
ROOM = "Het bedrag past binnen de ruimte van dit jaar."
UNDER = "€ 1.000 blijft onder de grens van T15, € 5.000."
NEED_AMOUNT = "Er geldt een grens. Zeg om welk bedrag het gaat."
NO_BUDGET = "Er is geen budget bekend. Verklaar dat er budget is, en wie het beheert."
ADVICE = "advies:Inkoop/Adviseur>1000"
CONSULT = "overleg:Inkoop/Adviseur"
KEEP = "niet_afwijken_van:beleid"
CONFIRMED = "Advies en overleg zijn bevestigd."
CALM = "Overleg of advies is niet nodig."
LOOKS = "Boven € 1.000 kijkt Inkoop/Adviseur eerst mee."
HAND_UP = "Dit ligt gevoelig of is een precedent. Leg het voor aan wie jou het mandaat gaf."
TALK = "Dit ligt gevoelig of is een precedent. Overleg eerst met de portefeuillehouder."


def spent(cents: int = 6 * K, when: str = "2026-03-01", facts: Facts | None = None, **more: object) -> Facts:
    """Something was decided before for the same case."""
    values = {"case": "Z-1", "grants": frozenset({"T15"}), **more}
    power = values.pop("power", "SUB-01")
    return replace(facts or town(), earlier=(Earlier("E1", power, cents, day(when), **values),))  # type: ignore[arg-type]


def budgets(*lines: tuple[str, int, int | None], **more: object) -> Facts:
    powers = frozenset({"INK-02"})
    rows = (Budget(code, f"Potje {code}", year, powers, left, **more) for code, year, left in lines)  # type: ignore[arg-type]
    return town(budgets=tuple(rows))


def buy(cents: int | None = K, **more: object) -> Question:
    return ask("INK-02", "bram", cents, **more)


def split(facts: Facts, cents: int = 4 * K, **more: object) -> Row:
    before, total = "€ 1.000", "€ 5.000"
    sentence = f"Knip niet op. Eerder ging al {before} hierheen. Samen is dat {total}, onder de grens van € 5.000."
    return Row("M21", "", facts, noor(cents, **more), "let_op", sentence)


def alone(fact: str, facts: Facts, **more: object) -> Row:
    return Row("M21", fact, facts, noor(4 * K, **more), "ok", "€ 4.000 blijft onder de grens van T15, € 5.000.")


def advised(
    fact: str, line: str, says: str, sentence: str, todo: str = "", cents: int | None = 1_000_01, **more: object
) -> Row:
    facts = with_("T15", with_("T01", ceiling=None), ceiling=None, conditions=line)
    return Row("M25", fact, facts, noor(cents, **more), says, sentence, todo)


ROWS = [
    Row("M21", "geen grens", town(), gijs(), "nvt", "Er is geen grens aan het bedrag."),
    Row("M21", "eronder", town(), noor(), "ok", UNDER),
    Row("M21", "precies de grens", town(), noor(5 * K), "ok", "€ 5.000 blijft onder de grens van T15, € 5.000."),
    Row("M21", "een cent meer", town(), noor(5 * K + 1), "nee", "€ 5.000,01 is meer dan de grens van T15, € 5.000."),
    Row("M21", "de grens erboven is lager", with_("T01", ceiling=500_00), noor(), "nee", "€ 1.000 is meer dan de grens van T01, € 500."),
    Row("M21", "gelijke grenzen: het laagste nummer", with_("T15", ceiling=25 * K), noor(), "ok", "€ 1.000 blijft onder de grens van T01, € 25.000."),
    Row("M21", "bedrag onbekend", town(), noor(None), "nee", NEED_AMOUNT, "bedrag"),
    Row("M21", "een grens van niets", with_("T15", ceiling=0), noor(0), "ok", "€ 0 blijft onder de grens van T15, € 0."),
    Row("M21", "per jaar, van niemand", with_("T15", base=Base.PER_YEAR), noor(), "nee", "De grens van T15 geldt per jaar. Zeg om welke wederpartij of zaak het gaat.", "wederpartij"),
    Row("M21", "per jaar, van iemand", with_("T15", base=Base.PER_YEAR), noor(counterparty="k"), "ok", UNDER),
    Row("M21", "per jaar, in een zaak", with_("T15", base=Base.PER_YEAR), noor(case="Z-1"), "ok", UNDER),
    Row("M21", "per zaak, zaak onbekend", with_("T15", base=Base.PER_CASE), noor(counterparty="k"), "nee", "De grens van T15 geldt per zaak. Zeg om welke zaak het gaat.", "zaak"),
    Row("M21", "per zaak", with_("T15", base=Base.PER_CASE), noor(case="Z-1"), "ok", UNDER),
    split(spent(K), case="Z-1")._replace(fact="eerder in deze zaak, precies de grens"),
    Row("M21", "eerder in deze zaak, erboven", spent(K + 1), noor(4 * K, case="Z-1"), "nee", "Samen met eerdere besluiten is dit € 5.000,01. Dat is meer dan de grens van T15, € 5.000."),
    split(spent(K, "2025-03-01"), case="Z-1")._replace(fact="in deze zaak, vorig jaar"),
    split(spent(K, "2026-11-22"), case="Z-1")._replace(fact="in deze zaak, op dit moment"),
    split(spent(K, case=None, counterparty="k"), counterparty="k")._replace(fact="aan deze wederpartij, dit jaar"),
    Row("M21", "eerder een cent", spent(1), noor(case="Z-1"), "let_op", "Knip niet op. Eerder ging al € 0,01 hierheen. Samen is dat € 1.000,01, onder de grens van € 5.000."),
    split(spent(K, case="z/1"), case="Z-1")._replace(fact="in deze zaak, anders gespeld"),
    split(spent(K, case=None, counterparty="Smíd B.V."), counterparty="smid")._replace(fact="aan deze wederpartij, anders gespeld"),
    alone("aan deze wederpartij, vorig jaar", spent(6 * K, "2025-03-01", case=None, counterparty="k"), counterparty="k"),
    alone("aan een ander", spent(case=None, counterparty="k"), counterparty="l"),
    alone("in een andere zaak", spent(), case="Z-2"),
    alone("zonder zaak, zonder wederpartij", spent(case=None)),
    alone("onder een andere bevoegdheid", spent(power="HK-A8"), case="Z-1"),
    alone("pas later", spent(when="2026-11-23"), case="Z-1"),
    alone("toen nog niet bekend", spent(recorded=Span(LATER)), case="Z-1"),
    Row("M21", "per jaar is er ruimte", YEARLY, noor(4 * K), "ok", ROOM),
    Row("M21", "per jaar, precies op", spent(facts=YEARLY), noor(4 * K), "ok", ROOM),
    Row("M21", "per jaar, een cent te veel", spent(facts=YEARLY), noor(4 * K + 1), "nee", OVER_YEAR),
    Row("M21", "per jaar, op dit moment besloten", spent(facts=YEARLY, when="2026-11-22"), noor(5 * K), "nee", OVER_YEAR),
    Row("M21", "per jaar, bedrag onbekend", YEARLY, noor(None), "nee", NEED_AMOUNT, "bedrag"),
    Row("M21", "per jaar, vorig jaar telt niet", spent(when="2025-12-30", facts=YEARLY), noor(5 * K), "ok", ROOM),
    Row("M21", "per jaar, onder een ander mandaat", spent(facts=YEARLY, grants=frozenset({"T01"})), noor(5 * K), "ok", ROOM),
    Row("M21", "per jaar, nog niet bekend", spent(facts=YEARLY, recorded=Span(LATER)), noor(5 * K), "ok", ROOM),
    Row("M21", "per jaar, pas later", spent(facts=YEARLY, when="2026-11-23"), noor(5 * K), "ok", ROOM),
    Row("M22", "geen contract", town(), noor(), "nvt", "Dit is geen contract."),
    Row("M22", "geen budget bekend", town(), buy(), "let_op", NO_BUDGET, "budget"),
    Row("M22", "hoeveel er is, is niet bekend", budgets(("A", 2026, None)), buy(), "let_op", NO_BUDGET, "budget"),
    Row("M22", "van een ander jaar", budgets(("A", 2025, 9 * K)), buy(), "let_op", NO_BUDGET, "budget"),
    Row("M22", "toen nog niet bekend", budgets(("A", 2026, 9 * K), recorded=Span(LATER)), buy(), "let_op", NO_BUDGET, "budget"),
    Row("M22", "van een andere bevoegdheid", replace(budgets(("A", 2026, 9 * K)), budgets=(Budget("A", "Potje", 2026, frozenset({"X"}), 9),)), buy(), "let_op", NO_BUDGET, "budget"),
    Row("M22", "precies genoeg", budgets(("A", 2026, K)), buy(), "ok", "Potje A heeft nog € 1.000."),
    Row("M22", "een cent te weinig", budgets(("A", 2026, K - 1)), buy(), "nee", "Er is niet genoeg budget: Potje A heeft nog € 999,99."),
    Row("M22", "op", budgets(("A", 2026, 0)), buy(1), "nee", "Er is niet genoeg budget: Potje A heeft nog € 0."),
    Row("M22", "het ruimste telt", budgets(("B", 2026, 3 * K), ("A", 2026, 2 * K)), buy(), "ok", "Potje B heeft nog € 3.000."),
    Row("M22", "het genoemde telt", budgets(("B", 2026, 3 * K), ("A", 2026, 2 * K)), buy(budget="A"), "ok", "Potje A heeft nog € 2.000."),
    Row("M22", "bedrag onbekend", budgets(("A", 2026, K)), buy(None), "nee", "Zeg om welk bedrag het gaat. Dan is te zien of er budget is.", "bedrag"),
    Row("M25", "niets aan de hand", town(), noor(), "nvt", CALM),
    Row("M25", "gevoelig onbekend", power_("SUB-01", asks=frozenset({"gevoelig"})), noor(), "nee", "Zeg of dit gevoelig ligt of een precedent is.", "gevoelig"),
    Row("M25", "niet gevoelig", power_("SUB-01", asks=frozenset({"gevoelig"})), noor(sensitive=False), "nvt", CALM),
    Row("M25", "gevoelig, met iemand erboven", town(), noor(sensitive=True), "nee", HAND_UP),
    Row("M25", "gevoelig, direct van het orgaan", town(), gijs(sensitive=True), "eerst_overleg", TALK, "M25"),
    Row("M25", "gevoelig, overlegd", town(), gijs(sensitive=True, confirmed=frozenset({"M25"})), "nvt", CALM),
    advised("wijkt af", KEEP, "nee", "Je wijkt af van beleid. Dat mag je niet zelf besluiten.", features={"wijkt_af_van": "beleid"}),
    advised("wijkt van iets anders af", KEEP, "eerst_overleg", "Bevestig dat je niet afwijkt van beleid.", KEEP, features={"wijkt_af_van": "plan"}),
    advised("wijkt niet af", KEEP, "ok", CONFIRMED, confirmed=frozenset({KEEP})),
    advised("een gebied is geen beleid", "gebied:beleid", "nvt", CALM, features={"wijkt_af_van": "beleid"}),
    advised("boven de grens van het advies", ADVICE, "eerst_overleg", LOOKS, ADVICE),
    advised("precies de grens van het advies", ADVICE, "nvt", CALM, cents=K),
    advised("bedrag onbekend, dus advies", ADVICE, "eerst_overleg", LOOKS, ADVICE, cents=None),
    advised("advies gegeven", ADVICE, "ok", CONFIRMED, confirmed=frozenset({ADVICE})),
    advised("overleg", CONSULT, "eerst_overleg", "Overleg eerst met Inkoop/Adviseur.", CONSULT),
    advised("overlegd", CONSULT, "ok", CONFIRMED, confirmed=frozenset({CONSULT})),
    advised("onder de grens van het advies, wel overleg", f"{ADVICE}|{CONSULT}", "eerst_overleg", "Overleg eerst met Inkoop/Adviseur.", CONSULT, cents=K),
    Row("M25", "samen met eerder boven de grens van het advies", spent(K, facts=with_("T15", conditions=ADVICE)), noor(case="Z-1"), "eerst_overleg", LOOKS, ADVICE),
]  # fmt: skip
