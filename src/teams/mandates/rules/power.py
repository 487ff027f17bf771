"""Rules about the power itself: may it be mandated at all, and is it excepted (M07, M08, M11, M26)."""

from __future__ import annotations

from teams.kit.text import N_
from teams.mandates.facts import Trigger
from teams.mandates.rules.base import Finding, Level, View, na, no, ok, rule
from teams.mandates.terms import Mandatable, Special, TriggerKind


@rule("M07", N_("De wet en de aard van de bevoegdheid laten mandaat toe"), source="Awb 10:3 lid 1")
def may_be_mandated(v: View) -> Finding:
    if v.power.mandatable is Mandatable.NO:
        return no(
            N_("{power} kan niet worden gemandateerd ({source})."),
            power=v.power.code,
            source=v.power.mandatable_source or "register",
        )
    if v.power.mandatable is Mandatable.ONLY_TO:
        for grant in v.grants:
            if not any(v.book.same(grant.holder, party) for party in v.power.only_to):
                return no(
                    N_("{power} mag niet aan wie {number} heeft ({source})."),
                    power=v.power.code,
                    number=grant.number,
                    source=v.power.mandatable_source or "register",
                )
    return ok(N_("{power} mag worden gemandateerd."), power=v.power.code)


@rule(
    "M08",
    N_("Nooit in mandaat: algemene regels, versterkte meerderheid, toezicht op een ander orgaan"),
    source="Awb 10:3 lid 2",
)
def never_mandated(v: View) -> Finding:
    if v.power.specials & {Special.GENERAL_RULES, Special.QUALIFIED_MAJORITY, Special.OVERSIGHT}:
        return no(N_("{power} is van een soort die de wet nooit in mandaat laat geven."), power=v.power.code)
    return ok(N_("{power} is niet van een soort die de wet uitsluit."), power=v.power.code)


@rule("M11", N_("Openbare orde blijft bij de burgemeester"), source="Gemeentewet 172-177", unsure=True)
def public_order_stays(v: View) -> Finding:
    if Special.PUBLIC_ORDER in v.power.specials:
        return no(N_("{power} gaat over de openbare orde. Dat besluit de burgemeester zelf."), power=v.power.code)
    return na(N_("Dit gaat niet over de openbare orde."))


@rule("M26", N_("Uitzonderingen gaan voor"), source="mandaatbesluit", level=Level.REFUSE)
def not_excluded(v: View) -> Finding:
    numbers = {grant.number for grant in v.grants}
    for row in v.book.exclusions:
        if (row.grant is None or row.grant in numbers) and (
            not row.triggers or any(_bites(v, t) for t in row.triggers)
        ):
            todo = "uitzondering" if row.triggers else ""
            name, source = row.rule or v.power.title, row.source or "register"
            return no(N_("Uitgezonderd: {rule} ({source})."), todo=todo, rule=name, source=source)
    for grant in v.grants:
        if grant.all_except is not None and v.power.code in grant.all_except:
            return no(
                N_("{power} staat op de lijst van uitzonderingen van {number}."),
                power=v.power.code,
                number=grant.number,
            )
    return ok(N_("Er is geen uitzondering voor {power}."), power=v.power.code)


def _bites(v: View, trigger: Trigger) -> bool:
    """An unknown fact makes the exclusion bite."""
    if trigger.kind is TriggerKind.AMOUNT:
        return v.total is None or v.total > trigger.cents
    if trigger.kind is TriggerKind.DURATION:
        return v.q.hours is None or v.q.hours > trigger.hours
    if trigger.kind is TriggerKind.FEATURE:
        return v.q.features.get(trigger.code) is not False
    if trigger.kind is TriggerKind.AREA:
        return v.q.area is None or v.q.area == trigger.code
    return trigger.kind is TriggerKind.ALWAYS or v.q.case_type is None or v.q.case_type == trigger.code
