"""The rules about the chain of grants: what each says of which fact (M01-M06)."""

from dataclasses import replace

from teams.mandates.facts import Filling, Member, Party, Role, Submandate
from teams.mandates.terms import ActKind, Form, Kind, PartyKind, Sub
from tests.mandates.reasons import K, Row, deeper, gijs, noor, power_, steps, with_
from tests.mandates.town import (
    COLLEGE,
    COUNCIL,
    MANDATE,
    MAYOR,
    PROXY,
    SECRETARY,
    START,
    TODAY,
    ask,
    changed,
    day,
    grant,
    role,
    town,
)

LATER, FEBRUARY = day("2026-11-23"), day("2026-02-02")
DELEGATED = frozenset({Kind.DELEGATION})
NO_GRANT = "Er is geen mandaat om te controleren."
NOT_ORGAN = "T09 is niet gegeven door een bestuursorgaan."
DELEGATION = "is een delegatie. Die kan alleen van orgaan naar orgaan, en nooit aan een ondergeschikte."
GIVEN_RIGHT = "Elk mandaat is gegeven door wie het mocht geven."
TWO_ORGANS = power_(
    "PRO-01", with_("T19", grantors=(COLLEGE, COUNCIL), kinds=MANDATE), organs=("college", "raad"), act=ActKind.FACTUAL
)
ONE_ORGAN = power_("INK-02", with_("T14a", kinds=MANDATE, parent=None, grantors=(COLLEGE,)), organs=("college",))
MAYOR_ONLY = (Member("burgemeester", "mayor"),)
PASSED_ON = grant("T08b", "WEG-9", COLLEGE, MAYOR, parent="T08", kinds=DELEGATED)
UNDER_MANDATE = replace(with_("T08", kinds=MANDATE), grants=(*with_("T08", kinds=MANDATE).grants, PASSED_ON))
UNDER_DELEGATION = town(grants=(*town().grants, PASSED_ON), members=MAYOR_ONLY)
MANDATED_ON = town(grants=(*town().grants, grant("T08m", "WEG-9", COLLEGE, role("gis"), parent="T08")))
OUTSIDE = town(
    grants=(*town().grants, grant("T09x", "WKPB-1", COLLEGE, Party(PartyKind.EXTERNAL, "dienst"))),
    fillings=(*town().fillings, Filling("dienst", "xara")),
)
CLERK = Party(PartyKind.OFFICE, "griffier")
TWO_CLERKS = with_(
    "T07",
    town(roles=(*town().roles, Role("plv", "Plaatsvervanger", office="griffier"))),
    holder=CLERK,
    consent_holder_on=None,
)
GRIF = ask("MD-GRIF", "gerrit", K)
XARA = ask("WKPB-1", "xara")
BOTH = {"consent_holder_on": START, "consent_employer_on": START}
CASE = {"form": Form.SINGLE, "case": "Z-7"}

ROWS = [
    Row("M01", "van het orgaan zelf", town(), noor(), "ok", "T01 komt van het college, dat deze bevoegdheid zelf heeft."),
    Row("M01", "van een ander orgaan", town(), ask("LEG-01", "bea", K), "nee", "T18 komt niet van de heffingsambtenaar. Alleen de heffingsambtenaar heeft deze bevoegdheid."),
    Row("M01", "van een rol met de naam van het orgaan", with_("T09", grantors=(role("college"),)), gijs(), "nee", "T09 komt niet van het college. Alleen het college heeft deze bevoegdheid."),
    Row("M01", "ouder onbekend", with_("T01", parent="weg"), noor(), "nee", "De keten van T15 komt niet uit bij een bestuursorgaan."),
    Row("M01", "het orgaan zelf", town(), ask("HK-A8", "alder"), "ok", "Dit is een bevoegdheid van het college zelf."),
    Row("M01", "het orgaan droeg haar over", town(), ask("WEG-9", "mo"), "nee", "de raad heeft deze bevoegdheid overgedragen met T08 en kan er nu niet zelf over besluiten."),
    Row("M01", "zonder mandaat", town(), ask("SUB-01", "gijs", K), "nvt", NO_GRANT),
    Row("M02", "elk mandaat noemt haar", town(), noor(), "ok", "Alle mandaten in de keten noemen SUB-01."),
    Row("M02", "kring", changed(with_("T01", parent="T15"), "T15", parent="T01"), noor(), "nee", "De mandaten verwijzen in een kring naar elkaar, vanaf T01."),
    Row("M02", "ouder onbekend", with_("T01", parent="weg"), noor(), "nee", "Het mandaat boven T01 staat niet in het register."),
    Row("M02", "negen diep", steps(9), ask("SUB-01", "d9", K), "nee", "De keten boven D2 is te lang."),
    Row("M02", "acht diep", steps(8), ask("SUB-01", "d8", K), "ok", "Alle mandaten in de keten noemen SUB-01."),
    Row("M02", "het mandaat erboven noemt haar niet", with_("T01", powers=frozenset({"HK-A8"})), noor(), "nee", "T01 noemt SUB-01 niet. Een mandaat gaat nooit verder dan het mandaat erboven."),
    Row("M02", "volmacht voor een besluit", with_("T09", kinds=PROXY), gijs(), "nee", "T09 is geen mandaat. Voor WKPB-1 is dat nodig."),
    Row("M02", "mandaat voor een contract", with_("T14a", kinds=MANDATE), ask("INK-02", "bram", K), "nee", "T14a is geen volmacht. Voor INK-02 is dat nodig."),
    Row("M02", "contract van één orgaan", ONE_ORGAN, ask("INK-02", "bram", K), "nee", "T14a is geen volmacht. Voor INK-02 is dat nodig."),
    Row("M02", "mandaat voor een handeling van twee organen", TWO_ORGANS, ask("PRO-01", "julia", case="Z-19"), "nee", "T19 is geen machtiging. Voor PRO-01 is dat nodig."),
    Row("M02", "delegatie is genoeg", town(), ask("WEG-9", "alder"), "ok", "Alle mandaten in de keten noemen WEG-9."),
    Row("M02", "gebied onbekend", with_("T09", conditions="gebied:noord|gebied:oost"), gijs(), "nee", "T09 geldt alleen in noord, oost. Zeg om welk gebied het gaat.", "gebied"),
    Row("M02", "ander gebied", with_("T09", conditions="gebied:noord|gebied:oost"), gijs(area="zuid"), "nee", "T09 geldt alleen in noord, oost. Jij vraagt zuid."),
    Row("M02", "een van de gebieden", with_("T09", conditions="gebied:noord|gebied:oost"), gijs(area="oost"), "ok", "Alle mandaten in de keten noemen WKPB-1."),
    Row("M02", "zaaktype onbekend", with_("T09", conditions="zaaktype:B1|zaaktype:B2"), gijs(), "nee", "T09 geldt alleen voor B1, B2. Zeg om welk zaaktype het gaat.", "zaaktype"),
    Row("M02", "ander zaaktype", with_("T09", conditions="zaaktype:B1|zaaktype:B2"), gijs(case_type="C"), "nee", "T09 geldt alleen voor B1, B2. Jij vraagt C."),
    Row("M02", "een van de zaaktypen", with_("T09", conditions="zaaktype:B1|zaaktype:B2"), gijs(case_type="B2"), "ok", "Alle mandaten in de keten noemen WKPB-1."),
    Row("M02", "duur onbekend", town(), ask("HK-A10", "gea", K), "nee", "T01b geldt tot en met 24 uur. Zeg hoelang het duurt.", "duur"),
    Row("M02", "te lang", town(), ask("HK-A10", "gea", K, hours=25), "nee", "T01b geldt tot en met 24 uur. Jij vraagt 25 uur."),
    Row("M02", "precies lang genoeg", town(), ask("HK-A10", "gea", K, hours=24), "ok", "Alle mandaten in de keten noemen HK-A10."),
    Row("M02", "voorwaarde niet bevestigd", with_("T09", conditions="bij droog weer|overdag"), gijs(confirmed=frozenset({"overdag"})), "eerst_overleg", "Bevestig eerst de voorwaarde: bij droog weer.", "bevestig"),
    Row("M02", "voorwaarden bevestigd", with_("T09", conditions="bij droog weer|overdag"), gijs(confirmed=frozenset({"overdag", "bij droog weer"})), "ok", "De voorwaarden zijn bevestigd: bij droog weer; overdag."),
    Row("M03", "van orgaan en houder", town(), noor(), "ok", GIVEN_RIGHT),
    Row("M03", "het eerste van een rol", with_("T09", grantors=(role("gis"),)), gijs(), "nee", NOT_ORGAN),
    Row("M03", "het eerste ook van een rol", with_("T09", grantors=(COLLEGE, role("gis"))), gijs(), "nee", NOT_ORGAN),
    Row("M03", "van een ander dan de houder erboven", with_("T15", grantors=(role("gebouw"),)), noor(), "nee", "T15 is niet gegeven door wie T01 heeft."),
    Row("M03", "samen met de houder erboven", with_("T15", grantors=(role("gebouw"), SECRETARY)), noor(), "ok", GIVEN_RIGHT),
    Row("M03", "van de rol met de functie erboven", with_("T15", grantors=(role("secretaris"),)), noor(), "ok", GIVEN_RIGHT),
    Row("M03", "delegatie aan een rol", with_("T09", kinds=DELEGATED), gijs(), "nee", f"T09 {DELEGATION}"),
    Row("M03", "delegatie onder een mandaat", replace(UNDER_MANDATE, members=MAYOR_ONLY), ask("WEG-9", "mayor"), "nee", f"T08b {DELEGATION}"),
    Row("M03", "delegatie onder een delegatie", UNDER_DELEGATION, ask("WEG-9", "mayor"), "ok", GIVEN_RIGHT),
    Row("M04", "direct van het orgaan", town(), gijs(), "nvt", "Het mandaat komt direct van het orgaan."),
    Row("M04", "toegestaan", town(), noor(), "ok", "Ondermandaat is toegestaan door T01."),
    Row("M04", "drie diep", deeper(), ask("SUB-01", "gea", K), "ok", "Ondermandaat is toegestaan door T15."),
    Row("M04", "niet toegestaan", with_("T01", sub=Submandate()), noor(), "nee", "T01 staat geen ondermandaat toe. Daarom geldt T15 niet."),
    Row("M04", "in het midden niet toegestaan", with_("T15", deeper(), sub=Submandate()), ask("SUB-01", "gea", K), "nee", "T15 staat geen ondermandaat toe. Daarom geldt T15b niet."),
    Row("M04", "een keer doorgeven", with_("T01", sub=Submandate(Sub.DEPTH, 1)), noor(), "ok", "Ondermandaat is toegestaan door T01."),
    Row("M04", "een keer, en het gaat twee keer", with_("T01", deeper(), sub=Submandate(Sub.DEPTH, 1)), ask("SUB-01", "gea", K), "nee", "T01 staat 1 keer doorgeven toe. T15b gaat dieper."),
    Row("M04", "twee keer doorgeven", with_("T01", deeper(), sub=Submandate(Sub.DEPTH, 2)), ask("SUB-01", "gea", K), "ok", "Ondermandaat is toegestaan door T15."),
    Row("M04", "daarna een keer", with_("T15", deeper(), sub=Submandate(Sub.DEPTH, 1)), ask("SUB-01", "gea", K), "ok", "Ondermandaat is toegestaan door T15."),
    Row("M04", "daarna nul keer", with_("T15", deeper(), sub=Submandate(Sub.DEPTH, 0)), ask("SUB-01", "gea", K), "nee", "T15 staat 0 keer doorgeven toe. T15b gaat dieper."),
    Row("M04", "alleen aan een ander", with_("T01", sub=Submandate(Sub.ONLY_TO, 0, frozenset({role("gebouw")}))), noor(), "nee", "T01 mag niet worden doorgegeven aan wie T15 heeft."),
    Row("M04", "ook aan deze rol", with_("T01", sub=Submandate(Sub.ONLY_TO, 0, frozenset({role("gebouw"), role("subsidies")}))), noor(), "ok", "Ondermandaat is toegestaan door T01."),
    Row("M04", "na delegatie", MANDATED_ON, ask("WEG-9", "gijs"), "ok", "Ondermandaat is toegestaan door T08."),
    Row("M05", "niemand van buiten", town(), noor(), "nvt", "Iedereen in de keten werkt onder de gever."),
    Row("M05", "zonder eigen instemming", with_("T07", consent_holder_on=None), GRIF, "nee", "Wie T07 kreeg, werkt niet onder de gever en heeft nog niet ingestemd."),
    Row("M05", "een van de rollen met de functie is van buiten", TWO_CLERKS, GRIF, "nee", "Wie T07 kreeg, werkt niet onder de gever en heeft nog niet ingestemd."),
    Row("M05", "instemming van later", with_("T07", consent_holder_on=LATER, consent_employer_on=START), GRIF, "nee", "Wie T07 kreeg, werkt niet onder de gever en heeft nog niet ingestemd."),
    Row("M05", "zonder instemming van de werkgever", town(), GRIF, "nee", "De werkgever van wie T07 kreeg, heeft nog niet ingestemd."),
    Row("M05", "werkgever pas later", with_("T07", consent_employer_on=LATER), GRIF, "nee", "De werkgever van wie T07 kreeg, heeft nog niet ingestemd."),
    Row("M05", "beide, juist op dit moment", with_("T07", consent_holder_on=TODAY, consent_employer_on=TODAY), GRIF, "ok", "De instemming is vastgelegd."),
    Row("M05", "een ander orgaan heeft geen werkgever", town(members=MAYOR_ONLY), ask("EDE-21", "mayor"), "ok", "De instemming is vastgelegd."),
    Row("M05", "een ander orgaan, niet gevraagd", with_("T05", town(members=MAYOR_ONLY), consent_holder_on=None), ask("EDE-21", "mayor"), "nee", "Wie T05 kreeg, werkt niet onder de gever en heeft nog niet ingestemd."),
    Row("M05", "extern", OUTSIDE, XARA, "nee", "Wie T09x kreeg, werkt niet onder de gever en heeft nog niet ingestemd."),
    Row("M05", "extern, met instemming", with_("T09x", OUTSIDE, **BOTH), XARA, "ok", "De instemming is vastgelegd."),
    Row("M05", "extern, de wet staat het toe", power_("WKPB-1", OUTSIDE, external_by_law=True), XARA, "nvt", "Iedereen in de keten werkt onder de gever."),
    Row("M05", "delegatie vraagt geen instemming", town(), ask("WEG-9", "alder"), "nvt", "Iedereen in de keten werkt onder de gever."),
    Row("M06", "besloten", with_("T15", decided_on=FEBRUARY), noor(), "ok", "Besloten op 2 februari 2026."),
    Row("M06", "concept", with_("T15", decided_on=None), noor(), "nee", "T15 is nog niet besloten."),
    Row("M06", "pas morgen besloten", with_("T01", decided_on=LATER), noor(), "nee", "T01 is nog niet besloten."),
    Row("M06", "op dit moment besloten", with_("T15", decided_on=TODAY), noor(), "ok", "Besloten op 22 november 2026."),
    Row("M06", "later besloten, van later bezien", with_("T15", decided_on=TODAY), noor(moment=FEBRUARY), "ok", "Besloten op 22 november 2026."),
    Row("M06", "niet op schrift", with_("T09", written=False), gijs(), "nee", "T09 staat niet op schrift."),
    Row("M06", "één zaak, mondeling", with_("T19", written=False), ask("PRO-01", "julia", case="Z-19"), "ok", "Besloten op 1 januari 2026."),
    Row("M06", "één zaak, mondeling, van buiten", with_("T07", written=False, **CASE), ask("MD-GRIF", "gerrit", K, case="Z-7"), "nee", "T07 staat niet op schrift."),
    Row("M06", "zaak onbekend", town(), ask("PRO-01", "julia"), "nee", "T19 geldt alleen voor één zaak. Zeg om welke zaak het gaat.", "zaak"),
    Row("M06", "andere zaak", town(), ask("PRO-01", "julia", case="Z-20"), "nee", "T19 geldt alleen voor zaak Z-19."),
    Row("M06", "de zaak staat er niet bij", with_("T19", case=None), ask("PRO-01", "julia", case="Z-20"), "nee", "T19 geldt alleen voor zaak ?."),
    Row("M06", "geen zaak, nergens", with_("T19", case=None), ask("PRO-01", "julia"), "nee", "T19 geldt alleen voor één zaak. Zeg om welke zaak het gaat.", "zaak"),
]  # fmt: skip
