"""Rules about money and about handing up: ceiling, budget, sensitive matters, advice (M21, M22, M25)."""

from __future__ import annotations

from teams.kit.text import N_
from teams.mandates.chains import Book
from teams.mandates.facts import Condition, Earlier, Grant
from teams.mandates.question import Question
from teams.mandates.rules.base import Finding, Verdict, View, na, no, note, ok, rule
from teams.mandates.same import same_case, same_party
from teams.mandates.terms import ActKind, Base, ConditionKind
from teams.mandates.text import Euro, year_of


@rule(
    "M21",
    N_("Het bedrag blijft onder de grens, ook samen met eerdere besluiten"),
    source="eigen regel van de gemeente; Aanbestedingswet",
    unsure=True,
)
def under_ceiling(v: View) -> Finding:
    limited = sorted((grant.ceiling, grant.number, grant) for grant in v.grants if grant.ceiling is not None)
    yearly = [(grant, c) for grant in v.grants for c in grant.conditions if c.kind is ConditionKind.MAX_PER_YEAR]
    if not limited and not yearly:
        return na(N_("Er is geen grens aan het bedrag."))
    cents = v.q.cents
    if cents is None:
        return no(N_("Er geldt een grens. Zeg om welk bedrag het gaat."), todo="bedrag")
    for ceiling, number, grant in limited:
        if grant.base is Base.PER_YEAR and v.q.counterparty is None and v.q.case is None:
            return no(
                N_("De grens van {number} geldt per jaar. Zeg om welke wederpartij of zaak het gaat."),
                todo="wederpartij",
                number=number,
            )
        if grant.base is Base.PER_CASE and v.q.case is None:
            return no(
                N_("De grens van {number} geldt per zaak. Zeg om welke zaak het gaat."),
                todo="zaak",
                number=number,
            )
        if cents > ceiling:
            return no(
                N_("{amount} is meer dan de grens van {number}, {ceiling}."),
                amount=Euro(cents),
                number=number,
                ceiling=Euro(ceiling),
            )
        if cents + v.before > ceiling:
            return no(
                N_("Samen met eerdere besluiten is dit {total}. Dat is meer dan de grens van {number}, {ceiling}."),
                total=Euro(cents + v.before), number=number, ceiling=Euro(ceiling),
            )  # fmt: skip
    return _yearly(v, yearly, cents) or _within(v, limited, cents)


def _yearly(v: View, yearly: list[tuple[Grant, Condition]], cents: int) -> Finding | None:
    for grant, limit in yearly:
        used = sum(
            row.cents
            for row in visible_earlier(v.book, v.q)
            if grant.number in row.grants and year_of(row.at) == year_of(v.q.moment)
        )
        if used + cents > limit.cents:
            return no(
                N_("{number} heeft {limit} per jaar. Daarvan is al {used} gebruikt."),
                number=grant.number, limit=Euro(limit.cents), used=Euro(used),
            )  # fmt: skip
    return None


def _within(v: View, limited: list[tuple[int, str, Grant]], cents: int) -> Finding:
    if not limited:
        return ok(N_("Het bedrag past binnen de ruimte van dit jaar."))
    ceiling, number, _ = limited[0]
    if v.before > 0:
        return note(
            N_("Knip niet op. Eerder ging al {before} hierheen. Samen is dat {total}, onder de grens van {ceiling}."),
            before=Euro(v.before), total=Euro(cents + v.before), ceiling=Euro(ceiling),
        )  # fmt: skip
    return ok(
        N_("{amount} blijft onder de grens van {number}, {ceiling}."),
        amount=Euro(cents),
        number=number,
        ceiling=Euro(ceiling),
    )


def visible_earlier(book: Book, q: Question) -> list[Earlier]:
    """Decisions taken up to the moment, as known then."""
    return [row for row in book.facts.earlier if row.at <= q.moment and row.recorded.holds(q.known_at)]


def before(book: Book, q: Question) -> int:
    """Cents of earlier decisions under the same power for the same case, or the same other party in this calendar year."""
    found = 0
    for row in visible_earlier(book, q):
        if row.power == q.power:
            this_year = year_of(row.at) == year_of(q.moment)
            if same_case(row.case, q.case) or (this_year and same_party(row.counterparty, q.counterparty)):
                found += row.cents
    return found


@rule(
    "M22",
    N_("Voor een contract is ook budget nodig"),
    source="Gemeentewet 160, 171, 212",
    unsure=True,
    grants_only=False,
)
def within_budget(v: View) -> Finding:
    if v.power.act is not ActKind.PRIVATE:
        return na(N_("Dit is geen contract."))
    year = year_of(v.q.moment)
    known = [
        (row.left, row.code, row.name)
        for row in v.book.facts.budgets
        if v.power.code in row.powers
        and row.year == year
        and row.recorded.holds(v.q.known_at)
        and v.q.budget in (None, row.code)
        and row.left is not None
    ]
    if not known:
        return note(N_("Er is geen budget bekend. Verklaar dat er budget is, en wie het beheert."), todo="budget")
    left, _, name = max(known)
    if v.q.cents is None:
        return no(N_("Zeg om welk bedrag het gaat. Dan is te zien of er budget is."), todo="bedrag")
    if v.q.cents > left:
        return no(N_("Er is niet genoeg budget: {name} heeft nog {left}."), name=name, left=Euro(left))
    return ok(N_("{name} heeft nog {left}."), name=name, left=Euro(left))


@rule(
    "M25",
    N_("Gevoelig, een precedent of afwijken van beleid: hogerop. Raakt het een ander: eerst overleg"),
    source="eigen regel van de gemeente",
)
def hand_up(v: View) -> Finding:
    if v.q.sensitive is None and "gevoelig" in v.power.asks:
        return no(N_("Zeg of dit gevoelig ligt of een precedent is."), todo="gevoelig")
    if v.q.sensitive and len(v.grants) > 1:
        return no(N_("Dit ligt gevoelig of is een precedent. Leg het voor aan wie jou het mandaat gaf."))
    conditions = [c for grant in v.grants for c in grant.conditions]
    deviates = v.q.features.get("wijkt_af_van")
    for rule_ in (c for c in conditions if c.kind is ConditionKind.NO_DEVIATION):
        if deviates == rule_.target:
            return no(N_("Je wijkt af van {target}. Dat mag je niet zelf besluiten."), target=rule_.target)
    if v.q.sensitive and "M25" not in v.q.confirmed:
        return note(
            N_("Dit ligt gevoelig of is een precedent. Overleg eerst met de portefeuillehouder."),
            effect=Verdict.CONSULT,
            todo="M25",
        )
    return _advice(v, conditions)


def _advice(v: View, conditions: list[Condition]) -> Finding:
    asked = False
    for c in conditions:
        if c.kind is ConditionKind.ADVICE:
            if v.total is not None and v.total <= c.cents:
                continue
            asked = True
            if c.text not in v.q.confirmed:
                return note(
                    N_("Boven {line} kijkt {target} eerst mee."),
                    effect=Verdict.CONSULT,
                    todo=c.text,
                    line=Euro(c.cents),
                    target=c.target,
                )
        elif c.kind is ConditionKind.CONSULT:
            asked = True
            if c.text not in v.q.confirmed:
                return note(N_("Overleg eerst met {target}."), effect=Verdict.CONSULT, todo=c.text, target=c.target)
        elif c.kind is ConditionKind.NO_DEVIATION:
            asked = True
            if c.text not in v.q.confirmed:
                return note(
                    N_("Bevestig dat je niet afwijkt van {target}."),
                    effect=Verdict.CONSULT,
                    todo=c.text,
                    target=c.target,
                )
    if asked:
        return ok(N_("Advies en overleg zijn bevestigd."))
    return na(N_("Overleg of advies is niet nodig."))
