"""The other questions to the register: what if, what may this role, what falls away, what needs upkeep, was this office competent."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from teams.kit.text import N_
from teams.mandates.answer import Answer, WhoMay
from teams.mandates.chains import Book, Broken, climb
from teams.mandates.engine import answer
from teams.mandates.facts import Facts, Grant
from teams.mandates.judge import judge
from teams.mandates.question import Question
from teams.mandates.rules.base import Outcome, Verdict
from teams.mandates.terms import Form
from teams.mandates.text import Euro, Text, text
from teams.mandates.whocan import ceiling_of, who_may


def who(facts: Facts, q: Question) -> tuple[WhoMay, ...]:
    """Question 2: who may do this, nearest first, with who is there at the moment."""
    return who_may(Book(facts, q))


@dataclass(frozen=True, slots=True)
class WhatIf:
    """One change and what it would do; `codes`: the rules that would no longer stand in the way."""

    change: Text
    question: Question
    verdict: Verdict
    codes: tuple[str, ...]


def what_if(facts: Facts, q: Question) -> tuple[WhatIf, ...]:
    """Question 8: each single change of amount, condition or second person that makes the verdict milder."""
    now = answer(facts, q)
    before = {line.code for line in now.rules if line.outcome is Outcome.NO}
    found = []
    for change, other in _changes(facts, q):
        then = answer(facts, other)
        if then.verdict < now.verdict:
            left = {line.code for line in then.rules if line.outcome is Outcome.NO}
            codes = tuple(sorted((before - left) or set(now.codes) - set(then.codes)))
            found.append(WhatIf(change, other, then.verdict, codes))
    return tuple(found)


def _changes(facts: Facts, q: Question) -> Iterator[tuple[Text, Question]]:
    book = Book(facts, q)
    judged = judge(book, q, q.person, q.role)
    parts, ceiling = judged.parts, ceiling_of(judged)
    room = (ceiling or 0) - parts[0].view.before
    if ceiling is not None and room > 0:
        yield text(N_("Als het {amount} was."), amount=Euro(room)), replace(q, cents=room)
    keys = {
        f.todo
        for part in parts
        for f in part.findings
        if f.effect is Verdict.CONSULT and f.todo and f.todo != "bevestig"
    }
    texts = {c.text for part in parts if part.chain for grant in part.chain.grants for c in grant.conditions}
    if keys or texts - q.confirmed:
        yield text(N_("Als advies en voorwaarden zijn bevestigd.")), replace(q, confirmed=q.confirmed | keys | texts)
    if q.second is None:
        for role in sorted((role for role in facts.roles if role.control), key=lambda role: role.id):
            for person in book.holders(role.id)[:1]:
                yield text(N_("Als {name} meebeslist."), name=book.name(person)), replace(q, second=person)
    if q.sensitive:
        yield text(N_("Als het niet gevoelig ligt en geen precedent is.")), replace(q, sensitive=False)


def office_competent(
    facts: Facts, power: str, role: str, moment: datetime, known_at: datetime, cents: int | None = None
) -> Answer:
    """Question 10: was the office competent, without names; rules about persons do not apply."""
    return answer(facts, Question(power, moment, known_at, None, role=role, cents=cents))


@dataclass(frozen=True, slots=True)
class RolePower:
    """One power that a role may use at a moment, apart from the facts of a case. `people`: who hold it through this role."""

    power: str
    title: str
    numbers: tuple[str, ...]
    ceiling: int | None
    people: tuple[str, ...]


def role_powers(facts: Facts, role: str, moment: datetime, known_at: datetime) -> tuple[RolePower, ...]:
    """Question 5: what this role may, by the rules about the grants themselves (period, publication, chain, exceptions)."""
    found = []
    for power in sorted(facts.powers, key=lambda power: power.code):
        book = Book(facts, Question(power.code, moment, known_at, None, role=role))
        judged = judge(book, book.q, None, role)
        fixed = [finding for part in judged.parts for _, finding in part.refused if not finding.todo]
        if not fixed and all(part.chain for part in judged.parts):
            numbers = tuple(p.chain.grants[-1].number for p in judged.parts if p.chain and p.chain.grants)
            found.append(
                RolePower(
                    power.code, power.title, tuple(dict.fromkeys(numbers)), ceiling_of(judged), book.holders(role)
                )
            )
    return tuple(found)


@dataclass(frozen=True, slots=True)
class FallsAway:
    """`orphaned`: after this nobody fills a role that may do it."""

    power: str
    orphaned: bool


def falls_away(facts: Facts, person: str, role: str, moment: datetime, known_at: datetime) -> tuple[FallsAway, ...]:
    """Question 5: powers that the person loses on leaving the role, because no other role of theirs has them."""
    mine = {
        f.role for f in facts.fillings if f.person == person and f.valid.holds(moment) and f.recorded.holds(known_at)
    }
    kept = {line.power for other in mine - {role} for line in role_powers(facts, other, moment, known_at)}
    lost = [line for line in role_powers(facts, role, moment, known_at) if line.power not in kept]
    return tuple(FallsAway(line.power, set(line.people) <= {person}) for line in lost)


@dataclass(frozen=True, slots=True)
class Touched:
    """What a withdrawal ends at once: every grant below (M17), and how many decisions rest on it; those stay valid."""

    grants: tuple[str, ...]
    powers: tuple[str, ...]
    decisions: tuple[str, ...]


def touched_by_withdrawal(facts: Facts, number: str, known_at: datetime) -> Touched:
    """Question 6."""
    grants = _known(facts, known_at)
    ended = {number} & set(grants)
    while more := {g.number for g in grants.values() if g.parent in ended} - ended:
        ended |= more
    powers = {code for name in ended for code in grants[name].powers}
    decisions = {row.number for row in facts.earlier if row.grants & ended and row.recorded.holds(known_at)}
    return Touched(tuple(sorted(ended)), tuple(sorted(powers)), tuple(sorted(decisions)))


@dataclass(frozen=True, slots=True)
class Health:
    """Numbers of grants that need upkeep."""

    expiring: tuple[str, ...]
    unused: tuple[str, ...]
    unpublished: tuple[str, ...]
    orphans: tuple[str, ...]


def health(facts: Facts, at: datetime, known_at: datetime, within: timedelta = timedelta(days=90)) -> Health:
    """Question 7: of the grants that hold at `at`: ending soon, never used, decided but not published, or with no valid parent."""
    grants = _known(facts, known_at)
    used = {number for row in facts.earlier if row.recorded.holds(known_at) for number in row.grants}
    live = sorted((g for g in grants.values() if _live(g, at)), key=lambda g: g.number)
    return Health(
        expiring=tuple(g.number for g in live if g.valid.end is not None and g.valid.end <= at + within),
        unused=tuple(g.number for g in live if g.number not in used),
        unpublished=tuple(
            g.number for g in live if g.form is Form.GENERAL and (g.published_on is None or g.published_on > at)
        ),
        orphans=tuple(g.number for g in live if _orphan(grants, g, at)),
    )


def _orphan(grants: dict[str, Grant], grant: Grant, at: datetime) -> bool:
    path, broken = climb(grants, grant)
    return broken in (Broken.ORPHAN, Broken.CYCLE) or not all(_live(above, at) for above in path[:-1])


def _live(grant: Grant, at: datetime) -> bool:
    gone = grant.withdrawn_at is not None and grant.withdrawn_at <= at
    return grant.decided_on is not None and grant.valid.holds(at) and not gone


def _known(facts: Facts, known_at: datetime) -> dict[str, Grant]:
    return {grant.number: grant for grant in facts.grants if grant.recorded.holds(known_at)}
