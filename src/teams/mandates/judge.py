"""Lays every rule beside every chain and keeps, per source organ, the best chain; all source organs must say yes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from teams.kit.text import N_
from teams.mandates.chains import Book, Capacity, Chain, Post
from teams.mandates.facts import Organ, Party
from teams.mandates.question import Question
from teams.mandates.rulebook import ORDERED
from teams.mandates.rules.amount import before as earlier
from teams.mandates.rules.base import Finding, Outcome, Rule, Verdict, View, na
from teams.mandates.terms import PartyKind

_WORST = {Outcome.NO: 3, Outcome.NOTE: 2, Outcome.OK: 1, Outcome.NA: 0}
_OFFICE = na(N_("Deze regel gaat over personen, niet over een ambt."))
_ITSELF = na(N_("Het orgaan besluit zelf; er is geen mandaat."))
_NONE = na(N_("Er is geen mandaat om te controleren."))


class Judged(NamedTuple):
    """One source organ with its best chain and what every rule found, in the rulebook's order."""

    organ: Organ
    chain: Chain | None
    view: View
    findings: tuple[Finding, ...]
    verdict: Verdict

    @property
    def refused(self) -> tuple[tuple[Rule, Finding], ...]:
        return tuple((r, f) for r, f in zip(ORDERED, self.findings, strict=True) if f.outcome is Outcome.NO)


@dataclass(frozen=True, slots=True)
class Judgement:
    """All source organs together."""

    parts: tuple[Judged, ...]
    verdict: Verdict

    @property
    def merged(self) -> tuple[tuple[Rule, Finding], ...]:
        """Per rule the gravest finding of all parts."""
        if len(self.parts) == 1:
            return tuple(zip(ORDERED, self.parts[0].findings, strict=True))
        columns = zip(*(part.findings for part in self.parts), strict=True)
        return tuple((r, max(found, key=_grave)) for r, found in zip(ORDERED, columns, strict=True))


def _grave(finding: Finding) -> tuple[int, int]:
    return _WORST[finding.outcome], finding.effect


def judge(book: Book, q: Question, person: str | None, role: str | None) -> Judgement:
    """What every rule says about this person (or the office `role`) for a question at the book's moment."""
    chains, before = book.chains(person, role), earlier(book, q)
    parts = []
    for organ in (book.organs[name] for name in book.power.organs):
        views = _views(book, q, organ, chains, person, role, before)
        parts.append(min(map(weigh, views), key=_rank) if len(views) > 1 else weigh(views[0]))
    return Judgement(tuple(parts), max(part.verdict for part in parts))


def _views(
    book: Book, q: Question, organ: Organ, chains: list[Chain], person: str | None, role: str | None, before: int
) -> list[View]:
    """Chains that start at this organ; without one every chain counts, so that M01 can say what is wrong."""
    giver = Party(PartyKind.ORGAN, organ.id)
    own = [chain for chain in chains if giver in chain.grants[0].grantors] or chains
    found: list[Chain | None] = [*own]
    if role is None and book.is_member(organ.id, person):
        found.append(Chain((), Post(Capacity.MEMBER)))
    return [View(book, q, book.power, organ, chain, person, before) for chain in found or [None]]


def weigh(view: View) -> Judged:
    """Every rule on one chain."""
    office, bare = view.person is None, _bare(view)
    findings, verdict, yes = [], Verdict.YES, Verdict.YES
    for rule in ORDERED:
        if office and rule.personal:
            findings.append(_OFFICE)
            continue
        finding = bare if bare and rule.grants_only else rule.check(view)
        findings.append(finding)
        if finding.effect is not yes and finding.effect > verdict:
            verdict = finding.effect
    return Judged(view.organ, view.chain, view, tuple(findings), verdict)


def _bare(view: View) -> Finding | None:
    """What rules about grants say when there is none."""
    if view.grants:
        return None
    return _ITSELF if view.itself else _NONE


def _rank(judged: Judged) -> tuple[int, int, int, tuple[str, ...]]:
    """The mildest verdict first, then the fewest refusals, the shortest chain, the lowest numbers."""
    chain = judged.chain
    return (
        judged.verdict,
        sum(finding.outcome is Outcome.NO for finding in judged.findings),
        len(chain.grants) if chain else 0,
        chain.key if chain else (),
    )
