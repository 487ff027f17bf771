"""Rules about the chain of grants itself: root, limits, kinds, sub-mandate, consent, form (M01-M08, M11)."""

from __future__ import annotations

from teams.kit.text import N_
from teams.mandates.chains import Broken, covers, delegated_to
from teams.mandates.facts import Grant, Party
from teams.mandates.rules.base import Finding, Verdict, View, na, no, note, ok, rule
from teams.mandates.same import same_case
from teams.mandates.terms import ActKind, ConditionKind, Form, Kind, PartyKind, Sub

_NEEDED = {ActKind.DECISION: Kind.MANDATE, ActKind.PRIVATE: Kind.PROXY, ActKind.FACTUAL: Kind.AUTHORISATION}


@rule(
    "M01",
    N_("De keten begint bij het orgaan dat de bevoegdheid zelf heeft"),
    source="Gemeentewet 231; attributie",
    unsure=True,
    grants_only=False,
)
def root_holds_power(v: View) -> Finding:
    if v.itself and (given := delegated_to(v.book, v.organ.id)):
        return no(
            N_("{organ} heeft deze bevoegdheid overgedragen met {number} en kan er nu niet zelf over besluiten."),
            organ=v.organ.name,
            number=given.number,
        )
    if v.itself:
        return ok(N_("Dit is een bevoegdheid van {organ} zelf."), organ=v.organ.name)
    root = v.grants[0] if v.grants else None
    if root is None:
        return na(N_("Er is geen mandaat om te controleren."))
    if root.parent is not None:  # a way up that breaks off always ends so
        return no(N_("De keten van {number} komt niet uit bij een bestuursorgaan."), number=v.grants[-1].number)
    if Party(PartyKind.ORGAN, v.organ.id) in root.grantors:
        return ok(
            N_("{number} komt van {organ}, dat deze bevoegdheid zelf heeft."), number=root.number, organ=v.organ.name
        )
    return no(
        N_("{number} komt niet van {organ}. Alleen {organ} heeft deze bevoegdheid."),
        number=root.number,
        organ=v.organ.name,
    )


@rule("M02", N_("Een mandaat gaat nooit verder dan het mandaat erboven"), source="Awb 10:9 lid 2")
def within_parents(v: View) -> Finding:
    broken = v.chain.broken if v.chain else None
    if broken is Broken.CYCLE:
        return no(N_("De mandaten verwijzen in een kring naar elkaar, vanaf {number}."), number=v.grants[0].number)
    if broken is Broken.ORPHAN:
        return no(N_("Het mandaat boven {number} staat niet in het register."), number=v.grants[0].number)
    if broken is Broken.TOO_DEEP:
        return no(N_("De keten boven {number} is te lang."), number=v.grants[0].number)
    for grant in v.grants:
        if not covers(grant, v.power.code) and grant.all_except is None:
            return no(
                N_("{number} noemt {power} niet. Een mandaat gaat nooit verder dan het mandaat erboven."),
                number=grant.number,
                power=v.power.code,
            )
        if not _kind_fits(v, grant):
            return no(
                N_("{number} is geen {kind}. Voor {power} is dat nodig."),
                number=grant.number,
                kind=_NEEDED[v.power.act].value,
                power=v.power.code,
            )
    return _scope(v) or _confirmations(v)


def _kind_fits(v: View, grant: Grant) -> bool:
    if Kind.DELEGATION in grant.kinds:
        return True
    needed = {_NEEDED[v.power.act]}
    if v.power.act is ActKind.PRIVATE and len(v.power.organs) > 1 and v.organ.kind != "burgemeester":
        needed.add(Kind.MANDATE)
    if v.q.organ_decided_on is not None and v.q.organ_decided_on <= v.q.moment:
        needed.add(Kind.SIGNING)
    return bool(needed & grant.kinds)


def _scope(v: View) -> Finding | None:
    for grant in v.grants:
        areas = [c.target for c in grant.conditions if c.kind is ConditionKind.AREA]
        if areas and v.q.area not in areas:
            if v.q.area is None:
                return no(
                    N_("{number} geldt alleen in {areas}. Zeg om welk gebied het gaat."),
                    todo="gebied",
                    number=grant.number,
                    areas=", ".join(areas),
                )
            return no(
                N_("{number} geldt alleen in {areas}. Jij vraagt {area}."),
                number=grant.number,
                areas=", ".join(areas),
                area=v.q.area,
            )
        types = [c.target for c in grant.conditions if c.kind is ConditionKind.CASE_TYPE]
        if types and v.q.case_type not in types:
            if v.q.case_type is None:
                return no(
                    N_("{number} geldt alleen voor {types}. Zeg om welk zaaktype het gaat."),
                    todo="zaaktype",
                    number=grant.number,
                    types=", ".join(types),
                )
            return no(
                N_("{number} geldt alleen voor {types}. Jij vraagt {type}."),
                number=grant.number,
                types=", ".join(types),
                type=v.q.case_type,
            )
        for limit in (c for c in grant.conditions if c.kind is ConditionKind.DURATION):
            if v.q.hours is None:
                return no(
                    N_("{number} geldt tot en met {limit} uur. Zeg hoelang het duurt."),
                    todo="duur",
                    number=grant.number,
                    limit=limit.hours,
                )
            if v.q.hours > limit.hours:
                return no(
                    N_("{number} geldt tot en met {limit} uur. Jij vraagt {hours} uur."),
                    number=grant.number,
                    limit=limit.hours,
                    hours=v.q.hours,
                )
    return None


def _confirmations(v: View) -> Finding:
    texts = [c.text for grant in v.grants for c in grant.conditions if c.kind is ConditionKind.TEXT]
    missing = [line for line in dict.fromkeys(texts) if line not in v.q.confirmed]
    if missing:
        return note(
            N_("Bevestig eerst de voorwaarde: {conditions}."),
            effect=Verdict.CONSULT,
            todo="bevestig",
            conditions="; ".join(missing),
        )
    if texts:
        return ok(N_("De voorwaarden zijn bevestigd: {conditions}."), conditions="; ".join(dict.fromkeys(texts)))
    return ok(N_("Alle mandaten in de keten noemen {power}."), power=v.power.code)


@rule(
    "M03",
    N_("Het eerste mandaat komt van een orgaan; daarna geeft alleen wie het zelf heeft"),
    source="Awb 10:1, 10:9, 10:13",
)
def grantor_may(v: View) -> Finding:
    above: Grant | None = None
    for grant in v.grants:
        if above is None and not all(party.kind is PartyKind.ORGAN for party in grant.grantors):
            return no(N_("{number} is niet gegeven door een bestuursorgaan."), number=grant.number)
        if above is not None and not any(v.book.same(party, above.holder) for party in grant.grantors):
            return no(N_("{number} is niet gegeven door wie {parent} heeft."), number=grant.number, parent=above.number)
        if Kind.DELEGATION in grant.kinds and not _may_delegate(grant, above):
            return no(
                N_(
                    "{number} is een delegatie. Die kan alleen van orgaan naar orgaan, en nooit aan een ondergeschikte."
                ),
                number=grant.number,
            )
        above = grant
    return ok(N_("Elk mandaat is gegeven door wie het mocht geven."))


def _may_delegate(grant: Grant, above: Grant | None) -> bool:
    return grant.holder.kind is PartyKind.ORGAN and (above is None or Kind.DELEGATION in above.kinds)


@rule("M04", N_("Ondermandaat mag alleen als het mandaat erboven dat toestaat"), source="Awb 10:9 lid 1")
def submandate_allowed(v: View) -> Finding:
    for place, grant in enumerate(v.grants[:-1]):
        below, sub = v.grants[place + 1], grant.sub
        if sub.kind is Sub.NO and Kind.DELEGATION not in grant.kinds:
            return no(
                N_("{parent} staat geen ondermandaat toe. Daarom geldt {number} niet."),
                parent=grant.number,
                number=below.number,
            )
        if sub.kind is Sub.DEPTH and len(v.grants) - 1 - place > sub.depth:
            return no(
                N_("{parent} staat {depth} keer doorgeven toe. {number} gaat dieper."),
                parent=grant.number,
                depth=sub.depth,
                number=v.grants[-1].number,
            )
        if sub.kind is Sub.ONLY_TO and not any(v.book.same(below.holder, party) for party in sub.only_to):
            return no(
                N_("{parent} mag niet worden doorgegeven aan wie {number} heeft."),
                parent=grant.number,
                number=below.number,
            )
    if len(v.grants) == 1:
        return na(N_("Het mandaat komt direct van het orgaan."))
    return ok(N_("Ondermandaat is toegestaan door {parent}."), parent=v.grants[-2].number)


@rule("M05", N_("Wie niet onder de gever werkt, moet instemmen"), source="Awb 10:4")
def outsiders_consented(v: View) -> Finding:
    found = False
    for grant in v.grants:
        if v.power.external_by_law or not is_outside(v, grant):
            continue
        found = True
        if grant.consent_holder_on is None or grant.consent_holder_on > v.q.moment:
            return no(
                N_("Wie {number} kreeg, werkt niet onder de gever en heeft nog niet ingestemd."), number=grant.number
            )
        needs_employer = grant.holder.kind is not PartyKind.ORGAN
        if needs_employer and (grant.consent_employer_on is None or grant.consent_employer_on > v.q.moment):
            return no(N_("De werkgever van wie {number} kreeg, heeft nog niet ingestemd."), number=grant.number)
    return ok(N_("De instemming is vastgelegd.")) if found else na(N_("Iedereen in de keten werkt onder de gever."))


def is_outside(v: View, grant: Grant) -> bool:
    """Whether the holder does not work under the grantor: external, another organ, or a role that serves someone else."""
    if Kind.DELEGATION in grant.kinds:
        return False
    return grant.holder.kind in (PartyKind.EXTERNAL, PartyKind.ORGAN) or any(
        role.outside for role in v.book.roles_of(grant.holder)
    )


@rule(
    "M06",
    N_("Een mandaat is besloten en staat op schrift; een mandaat voor één zaak geldt alleen daar"),
    source="Awb 10:5 lid 2",
)
def decided_in_writing(v: View) -> Finding:
    last = v.q.moment
    for grant in v.grants:
        if grant.decided_on is None or grant.decided_on > v.q.known_at:
            return no(N_("{number} is nog niet besloten."), number=grant.number)
        if not grant.written and (grant.form is Form.GENERAL or is_outside(v, grant)):
            return no(N_("{number} staat niet op schrift."), number=grant.number)
        if grant.form is Form.SINGLE and not same_case(grant.case, v.q.case):
            if v.q.case is None:
                return no(
                    N_("{number} geldt alleen voor één zaak. Zeg om welke zaak het gaat."),
                    todo="zaak",
                    number=grant.number,
                )
            return no(N_("{number} geldt alleen voor zaak {case}."), number=grant.number, case=grant.case or "?")
        last = grant.decided_on
    return ok(N_("Besloten op {day}."), day=last)
