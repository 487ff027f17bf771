"""May this be decided? One pure function from facts and a question to an answer."""

from __future__ import annotations

from operator import itemgetter

from teams.mandates.answer import Answer, Link, ReasonLine, RuleLine
from teams.mandates.chains import Book, Capacity
from teams.mandates.facts import Facts
from teams.mandates.judge import Judged, Judgement, judge
from teams.mandates.question import Question
from teams.mandates.rulebook import rulebook_hash
from teams.mandates.rules.after import AFTER
from teams.mandates.rules.base import Finding, Outcome, Rule, Verdict
from teams.mandates.sentences import next_steps, sentences
from teams.mandates.signature import signature
from teams.mandates.whocan import who_may

_CODE = itemgetter(0)
_make = tuple.__new__  # a named tuple's own constructor takes longer than most rules


class UnknownPower(LookupError):
    """The power is not in the catalogue as known then."""


def answer(facts: Facts, q: Question) -> Answer:
    """The verdict with every rule's finding. Amounts in cents, ceilings inclusive, periods half-open; unknown is a no (M01-M30).

    Raises UnknownPower. Same facts (in any order) and question give the same bytes."""
    return judged_answer(facts, q)[0]


def judged_answer(facts: Facts, q: Question) -> tuple[Answer, Judgement]:
    """The same with the judgement behind it, for who records the decision: its chains, sums and posts."""
    if not any(power.code == q.power for power in facts.powers):
        raise UnknownPower(q.power)
    book = Book(facts, q)
    judged = judge(book, q, q.person, q.role)
    merged = judged.merged
    reasons = tuple(ReasonLine(r.code, f.text) for r, f in merged if _counts(f, judged.verdict))
    who = who_may(book, judged, q.person) if judged.verdict is Verdict.NO else ()
    given = Answer(
        verdict=judged.verdict,
        sentences=sentences(book, judged, reasons, who),
        reasons=reasons,
        chains=tuple(_chain(book, part) for part in judged.parts if part.chain is not None),
        rules=_lines(judged, merged),
        who_may=who,
        signature=None if judged.verdict is Verdict.NO else signature(book, judged),
        next_steps=next_steps(book, judged, merged, who),
        moment=q.moment,
        known_at=q.known_at,
        rulebook=rulebook_hash(),
    )
    return given, judged


def _counts(finding: Finding, verdict: Verdict) -> bool:
    """A no gives every refusal; a not-yet gives everything that still stands in the way."""
    return finding.outcome is Outcome.NO if verdict is Verdict.NO else finding.effect is not Verdict.YES


def _lines(judged: Judgement, merged: tuple[tuple[Rule, Finding], ...]) -> tuple[RuleLine, ...]:
    first, verdict = judged.parts[0].view, judged.verdict
    lines: list[RuleLine] = [
        _make(RuleLine, (r.code, r.title, f.outcome, f.text, r.source, r.unsure, r.level)) for r, f in merged
    ]
    for after in AFTER:
        found = after.check(first, verdict)
        lines.append(RuleLine(after.code, after.title, found.outcome, found.text, after.source, False, after.level))
    return tuple(sorted(lines, key=_CODE))


def _chain(book: Book, part: Judged) -> tuple[Link, ...]:
    at = book.q.moment
    article = next((basis.text for basis in book.power.bases if basis.valid.holds(at)), "")
    links = [Link("orgaan", part.organ.name, article=article)]
    for grant in part.chain.grants if part.chain else ():
        links.append(
            Link(
                "mandaat",
                _holder(book, part, grant.number),
                number=grant.number,
                version=grant.version or None,
                kinds=tuple(sorted(map(str, grant.kinds))),
                ceiling=grant.ceiling,
                decided_on=grant.decided_on,
                publication=grant.publication,
                until=grant.valid.end,
            )
        )
    post = part.chain.post if part.chain else None
    if part.view.person and post:
        until = post.filling.valid.end if post.filling else post.replacement.valid.end if post.replacement else None
        links.append(
            Link("persoon", book.name(part.view.person), until=until, substitute=post.capacity is Capacity.SUBSTITUTE)
        )
    return tuple(links)


def _holder(book: Book, part: Judged, number: str) -> str:
    grant = book.grants[number]
    roles = book.roles_of(grant.holder)
    post = part.chain.post if part.chain else None
    if part.chain and grant is part.chain.leaf and post and post.role:
        return post.role.name
    if roles:
        return roles[0].name
    organ = book.organs.get(grant.holder.id)
    return organ.name if organ else book.name(grant.holder.id)
