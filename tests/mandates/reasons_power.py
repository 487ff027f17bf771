"""The rules about the power itself: what each says of which fact (M07, M08, M11, M26)."""

from dataclasses import replace

from teams.mandates.conditions import parse_triggers
from teams.mandates.facts import Exclusion, Facts
from teams.mandates.terms import Mandatable, Special
from tests.mandates.reasons import Row, noor, power_, with_
from tests.mandates.town import SECRETARY, ask, role, town

ONLY = {"mandatable": Mandatable.ONLY_TO, "mandatable_source": "Pw 7"}
BARRED = "SUB-01 is van een soort die de wet nooit in mandaat laat geven."
FREE = "Er is geen uitzondering voor SUB-01."
WORD = "uitzondering"


def except_(
    triggers: str = "", rule: str = "behalve dit", source: str = "besluit 7", grant: str | None = None
) -> Facts:
    return town(exclusions=(Exclusion("SUB-01", rule, source, parse_triggers(triggers), grant),))


def bites(fact: str, triggers: str, **more: object) -> Row:
    return Row(
        "M26", fact, except_(triggers), replace(noor(), **more), "nee", "Uitgezonderd: behalve dit (besluit 7).", WORD
    )  # type: ignore[arg-type]


def spares(fact: str, triggers: str, **more: object) -> Row:
    return Row("M26", fact, except_(triggers), replace(noor(), **more), "ok", FREE)  # type: ignore[arg-type]


ROWS = [
    Row("M07", "mag", town(), noor(), "ok", "SUB-01 mag worden gemandateerd."),
    Row("M07", "mag niet", power_("SUB-01", mandatable=Mandatable.NO, mandatable_source="Awb 4:23"), noor(), "nee", "SUB-01 kan niet worden gemandateerd (Awb 4:23)."),
    Row("M07", "mag niet, zonder bron", power_("SUB-01", mandatable=Mandatable.NO), noor(), "nee", "SUB-01 kan niet worden gemandateerd (register)."),
    Row("M07", "alleen aan deze", power_("SUB-01", only_to=frozenset({SECRETARY, role("subsidies")}), **ONLY), noor(), "ok", "SUB-01 mag worden gemandateerd."),
    Row("M07", "niet aan de houder", power_("SUB-01", only_to=frozenset({SECRETARY, role("gis")}), **ONLY), noor(), "nee", "SUB-01 mag niet aan wie T15 heeft (Pw 7)."),
    Row("M07", "niet aan de houder erboven", power_("SUB-01", only_to=frozenset({role("subsidies")}), mandatable=Mandatable.ONLY_TO), noor(), "nee", "SUB-01 mag niet aan wie T01 heeft (register)."),
    Row("M08", "gewone soort", power_("SUB-01", specials=frozenset({Special.FINE})), noor(), "ok", "SUB-01 is niet van een soort die de wet uitsluit."),
    *(
        Row("M08", special.value, power_("SUB-01", specials=frozenset({special})), noor(), "nee", BARRED)
        for special in (Special.GENERAL_RULES, Special.QUALIFIED_MAJORITY, Special.OVERSIGHT)
    ),
    Row("M11", "gewoon", town(), noor(), "nvt", "Dit gaat niet over de openbare orde."),
    Row("M11", "openbare orde", town(), ask("OOV-01", "julia"), "nee", "OOV-01 gaat over de openbare orde. Dat besluit de burgemeester zelf."),
    Row("M26", "geen uitzondering", town(), noor(), "ok", FREE),
    Row("M26", "altijd", except_(), noor(), "nee", "Uitgezonderd: behalve dit (besluit 7)."),
    Row("M26", "zonder woorden en bron", except_(rule="", source=""), noor(), "nee", "Uitgezonderd: SUB-01 (register)."),
    Row("M26", "van een ander mandaat", except_(grant="T09"), noor(), "ok", FREE),
    Row("M26", "van het mandaat erboven", except_(grant="T01"), noor(), "nee", "Uitgezonderd: behalve dit (besluit 7)."),
    Row("M26", "op de lijst", with_("T01", powers=frozenset(), all_except=frozenset({"SUB-01"})), noor(), "nee", "SUB-01 staat op de lijst van uitzonderingen van T01."),
    Row("M26", "niet op de lijst", with_("T01", powers=frozenset(), all_except=frozenset({"HK-A8"})), noor(), "ok", FREE),
    bites("boven het bedrag", "bedrag>999"),
    spares("precies het bedrag", "bedrag>1000"),
    bites("bedrag onbekend", "bedrag>1000", cents=None),
    bites("te lang", "duur>24", hours=25),
    spares("precies lang genoeg", "duur>24", hours=24),
    bites("duur onbekend", "duur>24"),
    bites("kenmerk onbekend", "kenmerk:nat"),
    bites("kenmerk", "kenmerk:nat", features={"nat": True}),
    spares("kenmerk niet", "kenmerk:nat", features={"nat": False}),
    bites("gebied onbekend", "gebied:noord"),
    bites("gebied", "gebied:noord", area="noord"),
    spares("ander gebied", "gebied:noord", area="zuid"),
    bites("zaaktype onbekend", "zaaktype:B1"),
    bites("zaaktype", "zaaktype:B1", case_type="B1"),
    spares("ander zaaktype", "zaaktype:B1", case_type="C"),
    bites("een van de twee", "gebied:noord|zaaktype:B1", area="zuid", case_type="B1"),
    bites("voorbehouden, ook bij een ander zaaktype", "voorbehouden", case_type="C"),
]  # fmt: skip
