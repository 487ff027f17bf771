"""Rules about time and about what grantors do besides granting: publication, instruction, withdrawal, retroaction (M13-M17, M29)."""

from __future__ import annotations

from datetime import datetime

from teams.kit.text import N_
from teams.mandates.facts import Grant
from teams.mandates.rules.base import Finding, Level, Verdict, View, na, no, note, ok, rule
from teams.mandates.same import same_case
from teams.mandates.terms import Form


def gap(v: View, grant: Grant) -> datetime | None:
    """The decision that works back to the moment, seen from later (M29)."""
    decided = grant.decided_on
    return decided if decided is not None and v.q.moment < decided <= v.q.known_at else None


@rule("M13", N_("Een algemeen mandaat werkt pas na bekendmaking"), source="Awb 3:40, 3:42; ECLI:NL:HR:2015:550")
def published(v: View) -> Finding:
    latest = None
    for grant in v.grants:
        if grant.form is Form.SINGLE:
            continue
        until = v.q.known_at if gap(v, grant) else v.q.moment
        if grant.published_on is None or grant.published_on > until:
            if v.book.facts.settings.unpublished_refuses:
                return no(N_("{number} is besloten maar nog niet bekendgemaakt."), number=grant.number)
            latest = note(N_("{number} is nog niet bekendgemaakt."), number=grant.number)
        elif latest is None:
            latest = ok(N_("Bekendgemaakt op {day}."), day=grant.published_on)
    return latest or na(N_("Een mandaat voor één zaak hoeft niet te worden bekendgemaakt."))


@rule("M14", N_("Instructies van de gever volg je"), source="Awb 10:6 lid 1", level=Level.WARN)
def instructions(v: View) -> Finding:
    lines = list(dict.fromkeys(line for grant in v.grants for line in grant.instructions))
    if not lines:
        return na(N_("Er is geen instructie."))
    if v.q.against_instruction:
        return note(N_("Dit is in strijd met een instructie: {lines}. Dat wordt vastgelegd."), lines="; ".join(lines))
    return note(N_("Volg de instructie: {lines}."), lines="; ".join(lines))


@rule("M15", N_("Je geeft de gever inlichtingen als die daarom vraagt"), source="Awb 10:6 lid 2", level=Level.DUTY)
def information_duty(v: View) -> Finding:
    numbers = {grant.number for grant in v.grants}
    known, at = v.q.known_at, v.q.moment
    waiting = [
        call
        for call in v.book.facts.calls
        if call.grant in numbers and call.recorded.holds(known) and (call.answered_at is None or call.answered_at > at)
    ]
    if not waiting:
        return ok(N_("Er staat geen vraag van een gever open."))
    first = min(waiting, key=lambda call: (call.due, call.grant, call.by))
    return note(
        N_("{by} wacht op inlichtingen over {number}, uiterlijk {day}."), by=first.by, number=first.grant, day=first.due
    )


@rule("M16", N_("De gever mag altijd zelf besluiten"), source="Awb 10:7", grants_only=False)
def not_taken_back(v: View) -> Finding:
    if v.itself:
        return ok(N_("{organ} besluit zelf."), organ=v.organ.name)
    numbers = {grant.number for grant in v.grants}
    rows = [
        row
        for row in v.book.facts.taken_back
        if row.grant in numbers
        and same_case(row.case, v.q.case)
        and row.at <= v.q.moment
        and row.recorded.holds(v.q.known_at)
    ]
    if rows:
        row = min(rows, key=lambda row: (row.at, row.grant, row.by))
        return no(N_("{by} heeft zaak {case} zelf in handen genomen."), by=row.by, case=row.case)
    return na(N_("De gever heeft deze zaak niet zelf in handen genomen."))


@rule("M17", N_("Na intrekking of afloop geldt een mandaat niet, en alles eronder ook niet"), source="Awb 10:8")
def in_force(v: View) -> Finding:
    at = v.q.moment
    for grant in v.grants:
        if grant.withdrawn_at is not None and grant.withdrawn_at <= at:
            return no(N_("{number} is ingetrokken op {day}."), number=grant.number, day=grant.withdrawn_at)
        if grant.valid.end is not None and grant.valid.end <= at:
            return no(N_("{number} is afgelopen op {day}."), number=grant.number, day=grant.valid.end)
        if grant.valid.start is not None and at < grant.valid.start:
            return no(N_("{number} geldt pas vanaf {day}."), number=grant.number, day=grant.valid.start)
    return ok(N_("{number} geldt."), number=v.grants[-1].number)


@rule(
    "M29",
    N_("Met terugwerkende kracht gegeven: toen onbevoegd, te bekrachtigen"),
    source="rechtspraak onduidelijk",
    level=Level.WARN,
    unsure=True,
)
def retroactive(v: View) -> Finding:
    for grant in v.grants:
        decided = gap(v, grant)
        if decided is not None and grant.valid.holds(v.q.moment):
            return note(
                N_("{number} is pas besloten op {day} en werkt terug. Het besluit van toen moet worden bekrachtigd."),
                effect=Verdict.RATIFY,
                number=grant.number,
                day=decided,
            )
    return na(N_("Het mandaat werkt niet terug tot voor het besluit."))
