"""Lays every rule beside every chain and keeps, per source organ, the best chain; all source organs must say yes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from teams.kit.text import N_
from teams.mandates.chains import Book, Capacity, Chain, Post
from teams.mandates.facts import Organ, Party
from teams.mandates.question import Question
from teams.mandates.rulebook import FASTEST, ORDERED
from teams.mandates.rules.amount import before as earlier
from teams.mandates.rules.base import Finding, Outcome, Rule, Verdict, View, na
from teams.mandates.terms import PartyKind

Known = dict[tuple[str, str | bool], Verdict]
FOR_ONE = tuple(rule for rule in FASTEST if rule.personal or rule.code == "M24")
FOR_ALL = tuple(rule for rule in FASTEST if rule not in FOR_ONE)
"""Rules that look at who stands at the end of the chain, and rules that find the same for everybody there."""
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


def permitted(
    book: Book, q: Question, person: str | None, role: str | None, known: Known
) -> tuple[Verdict, tuple[Chain | None, ...]] | None:
    """Only the verdict and its chains, None for a no: the same as `judge`, stopping at the first refusal.

    `known` remembers between calls with the same book and amounts."""
    chains, before = book.chains(person, role), earlier(book, q)
    verdict, best = Verdict.YES, []
    for organ in (book.organs[name] for name in book.power.organs):
        views = _views(book, q, organ, chains, person, role, before)
        found = [(gravest, view.chain) for view in views if (gravest := _gravest(view, known)) is not Verdict.NO]
        if not found:
            return None
        mild, chain = min(found, key=_mildest) if len(found) > 1 else found[0]
        verdict = max(verdict, mild)
        best.append(chain)
    return verdict, tuple(best)


def _mildest(one: tuple[Verdict, Chain | None]) -> tuple[Verdict, int, tuple[str, ...]]:
    verdict, chain = one
    return verdict, len(chain.grants) if chain else 0, chain.key if chain else ()


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


def _gravest(view: View, known: Known) -> Verdict:
    key = (view.organ.id, view.grants[-1].number if view.grants else view.itself)
    verdict = known.get(key)
    if verdict is None:
        verdict = known[key] = _worst(view, FOR_ALL)
        if verdict is Verdict.YES:  # these rules ask the same of every grant: a chain's beginning passes as well (M02)
            for grant in view.grants:
                known[view.organ.id, grant.number] = verdict
    if verdict is Verdict.NO:
        return verdict
    return max(verdict, _worst(view, FOR_ONE))


def _worst(view: View, rules: tuple[Rule, ...]) -> Verdict:
    verdict, yes, no = Verdict.YES, Verdict.YES, Verdict.NO
    office, bare = view.person is None, not view.grants
    for rule in rules:
        if (bare and rule.grants_only) or (office and rule.personal):
            continue
        effect = rule.check(view).effect
        if effect is not yes:
            if effect is no:
                return effect
            verdict = max(verdict, effect)
    return verdict


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
