"""The rules about time, about what grantors do besides, and about the verdict: what each says of which fact (M13-M18, M27, M29)."""

from teams.mandates.facts import Call, Settings, Span, TakenBack
from teams.mandates.terms import Form
from tests.mandates.reasons import K, Row, noor, with_
from tests.mandates.town import START, TODAY, ask, changed, day, town

FEBRUARY, MARCH, LATER = day("2026-02-02"), day("2026-03-03"), day("2026-11-23")
MILD = {"settings": Settings(unpublished_refuses=False)}
UNKNOWN_THEN = Span(LATER)
NOT_TAKEN = "De gever heeft deze zaak niet zelf in handen genomen."
NO_CALL = "Er staat geen vraag van een gever open."
CALLED = "het college wacht op inlichtingen over T15, uiterlijk 1 december 2026."
DECEMBER = day("2026-12-01")
THEN = noor(moment=FEBRUARY)


def called(*calls: Call) -> Row:
    return Row("M15", "", town(calls=calls), noor(), "let_op", CALLED)


def call(grant: str = "T15", by: str = "het college", **more: object) -> Call:
    return Call(grant, by, DECEMBER, **more)  # type: ignore[arg-type]


def taken(grant: str = "T01", case: str = "Z-1", by: str = "de secretaris", **more: object) -> TakenBack:
    return TakenBack(grant, case, by, more.pop("at", FEBRUARY), **more)  # type: ignore[arg-type]


ROWS = [
    Row("M13", "bekendgemaakt", with_("T01", published_on=FEBRUARY), noor(), "ok", "Bekendgemaakt op 2 februari 2026."),
    Row("M13", "het tweede nog niet", with_("T15", published_on=None), noor(), "nee", "T15 is besloten maar nog niet bekendgemaakt."),
    Row("M13", "pas morgen", with_("T15", published_on=LATER), noor(), "nee", "T15 is besloten maar nog niet bekendgemaakt."),
    Row("M13", "op dit moment", with_("T01", published_on=TODAY), noor(), "ok", "Bekendgemaakt op 22 november 2026."),
    Row("M13", "één zaak", with_("T09", form=Form.SINGLE, case="Z-1", published_on=None), ask("WKPB-1", "gijs", case="Z-1"), "nvt", "Een mandaat voor één zaak hoeft niet te worden bekendgemaakt."),
    Row("M13", "één zaak erboven", with_("T01", form=Form.SINGLE, case="Z-1", published_on=None), noor(case="Z-1"), "ok", "Bekendgemaakt op 1 januari 2026."),
    Row("M13", "milde instelling", with_("T15", town(**MILD), published_on=None), noor(), "let_op", "T15 is nog niet bekendgemaakt."),
    Row("M13", "milde instelling, het eerste", with_("T01", town(**MILD), published_on=None), noor(), "let_op", "T01 is nog niet bekendgemaakt."),
    Row("M13", "later besloten en bekendgemaakt, van later bezien", with_("T15", decided_on=MARCH, published_on=TODAY), THEN, "ok", "Bekendgemaakt op 1 januari 2026."),
    Row("M13", "eerder besloten, later bekendgemaakt", with_("T15", published_on=MARCH), THEN, "nee", "T15 is besloten maar nog niet bekendgemaakt."),
    Row("M14", "geen instructie", town(), noor(), "nvt", "Er is geen instructie."),
    Row("M14", "instructies", with_("T15", with_("T01", instructions=("bel eerst", "meld het")), instructions=("meld het",)), noor(), "let_op", "Volg de instructie: bel eerst; meld het."),
    Row("M14", "ertegen in", with_("T15", instructions=("bel eerst",)), noor(against_instruction=True), "let_op", "Dit is in strijd met een instructie: bel eerst. Dat wordt vastgelegd."),
    Row("M15", "geen vraag", town(), noor(), "ok", NO_CALL),
    called(call())._replace(fact="een vraag"),
    called(call(answered_at=LATER))._replace(fact="pas later beantwoord"),
    called(call("T01", answered_at=START), Call("T01", "b", LATER, answered_at=TODAY), call())._replace(fact="een van drie open"),
    called(Call("T15", "de raad", day("2026-12-02")), call(), call(by="het college zelf"))._replace(fact="de eerste van drie"),
    called(call(), call("T15", "de raad"))._replace(sentence="de raad wacht op inlichtingen over T15, uiterlijk 1 december 2026.", fact="op dezelfde dag"),
    Row("M15", "beantwoord", town(calls=(call(answered_at=START),)), noor(), "ok", NO_CALL),
    Row("M15", "op dit moment beantwoord", town(calls=(call(answered_at=TODAY),)), noor(), "ok", NO_CALL),
    Row("M15", "over een ander mandaat", town(calls=(call("T09"),)), noor(), "ok", NO_CALL),
    Row("M15", "nog niet bekend", town(calls=(call(recorded=UNKNOWN_THEN),)), noor(), "ok", NO_CALL),
    Row("M16", "het orgaan zelf", town(), ask("SUB-01", "alder", K), "ok", "het college besluit zelf."),
    Row("M16", "niet teruggenomen", town(), noor(case="Z-1"), "nvt", NOT_TAKEN),
    Row("M16", "teruggenomen", town(taken_back=(taken(),)), noor(case="Z-1"), "nee", "de secretaris heeft zaak Z-1 zelf in handen genomen."),
    Row("M16", "anders gespeld", town(taken_back=(taken(),)), noor(case="z 1"), "nee", "de secretaris heeft zaak Z-1 zelf in handen genomen."),
    Row("M16", "op dit moment", town(taken_back=(taken(at=TODAY),)), noor(case="Z-1"), "nee", "de secretaris heeft zaak Z-1 zelf in handen genomen."),
    Row("M16", "een andere zaak", town(taken_back=(taken(case="Z-2"),)), noor(case="Z-1"), "nvt", NOT_TAKEN),
    Row("M16", "onder een ander mandaat", town(taken_back=(taken("T09"),)), noor(case="Z-1"), "nvt", NOT_TAKEN),
    Row("M16", "pas later", town(taken_back=(taken(at=LATER),)), noor(case="Z-1"), "nvt", NOT_TAKEN),
    Row("M16", "nog niet bekend", town(taken_back=(taken(recorded=UNKNOWN_THEN),)), noor(case="Z-1"), "nvt", NOT_TAKEN),
    Row("M16", "de eerste van twee", town(taken_back=(taken(at=MARCH, by="het college"), taken())), noor(case="Z-1"), "nee", "de secretaris heeft zaak Z-1 zelf in handen genomen."),
    Row("M17", "geldt", town(), noor(), "ok", "T15 geldt."),
    Row("M17", "erboven ingetrokken", with_("T01", withdrawn_at=TODAY), noor(), "nee", "T01 is ingetrokken op 22 november 2026."),
    Row("M17", "morgen ingetrokken", with_("T01", withdrawn_at=LATER), noor(), "ok", "T15 geldt."),
    Row("M17", "afgelopen", with_("T15", valid=Span(START, TODAY)), noor(), "nee", "T15 is afgelopen op 22 november 2026."),
    Row("M17", "loopt morgen af", with_("T15", valid=Span(START, LATER)), noor(), "ok", "T15 geldt."),
    Row("M17", "begint morgen", with_("T15", valid=Span(LATER)), noor(), "nee", "T15 geldt pas vanaf 23 november 2026."),
    Row("M17", "begint nu", with_("T15", valid=Span(TODAY)), noor(), "ok", "T15 geldt."),
    Row("M17", "zonder begin", with_("T15", valid=Span()), noor(), "ok", "T15 geldt."),
    Row("M29", "niet terug", town(), noor(), "nvt", "Het mandaat werkt niet terug tot voor het besluit."),
    Row("M29", "werkt terug", with_("T15", decided_on=MARCH), THEN, "bij_bekrachtiging", "T15 is pas besloten op 3 maart 2026 en werkt terug. Het besluit van toen moet worden bekrachtigd."),
    Row("M29", "op dit moment besloten, over toen", with_("T15", decided_on=TODAY), THEN, "bij_bekrachtiging", "T15 is pas besloten op 22 november 2026 en werkt terug. Het besluit van toen moet worden bekrachtigd."),
    Row("M29", "op het moment zelf besloten", with_("T15", decided_on=FEBRUARY), THEN, "nvt", "Het mandaat werkt niet terug tot voor het besluit."),
    Row("M29", "nog niet besloten", with_("T15", decided_on=LATER), THEN, "nvt", "Het mandaat werkt niet terug tot voor het besluit."),
    Row("M29", "gold toen nog niet", with_("T15", decided_on=MARCH, valid=Span(MARCH)), THEN, "nvt", "Het mandaat werkt niet terug tot voor het besluit."),
    Row("M18", "nee", town(), noor(7 * K), "nvt", "Er valt niets te ondertekenen."),
    Row("M18", "het orgaan zelf", town(), ask("SUB-01", "alder", K), "ok", "Het stuk staat op naam van het college zelf."),
    Row("M18", "contract", town(), ask("INK-02", "bram", K), "ok", "Het stuk noemt de gemeente en de volmacht."),
    Row("M18", "besluit", town(), noor(), "ok", "Het stuk noemt namens wie je besluit: het college."),
    Row("M27", "ja", town(), THEN, "nvt", "Er is niets te herstellen."),
    Row("M27", "nee, nu", town(), noor(7 * K), "nvt", "Er is niets te herstellen."),
    Row("M27", "nee, toen", town(), noor(7 * K, moment=FEBRUARY), "let_op", "Is het toch besloten? Dan kan het college het bekrachtigen, of opnieuw beslissen op bezwaar."),
    Row("M27", "bij bekrachtiging", changed(town(), "T15", decided_on=MARCH), THEN, "let_op", "Is het toch besloten? Dan kan het college het bekrachtigen, of opnieuw beslissen op bezwaar."),
    Row("M27", "contract", town(), ask("INK-02", "bram", 51 * K, moment=FEBRUARY), "let_op", "Is het toch gedaan? Dan kan de gemeente het bekrachtigen tegenover de andere partij (BW 3:69)."),
    Row("M27", "eerst overleg, toen", town(), ask("OMG-01", "vera", moment=FEBRUARY), "nvt", "Er is niets te herstellen."),
]  # fmt: skip
