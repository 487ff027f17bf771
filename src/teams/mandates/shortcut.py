"""The verdict alone for many people under one question: what `judge` says, stopping at the first refusal and asking once what is the same for all."""

from __future__ import annotations

from dataclasses import replace

from teams.mandates.chains import Book, Capacity, Chain, Post
from teams.mandates.facts import Organ, Party
from teams.mandates.judge import Judged, Judgement
from teams.mandates.question import Question
from teams.mandates.rulebook import FASTEST, ORDERED
from teams.mandates.rules.amount import before
from teams.mandates.rules.base import Rule, Verdict, View
from teams.mandates.terms import PartyKind

Way = tuple[Verdict, Chain]
Permission = tuple[Verdict, tuple[Chain, ...]]
FOR_ONE = tuple(rule for rule in FASTEST if rule.personal)
FOR_ALL = tuple(rule for rule in FASTEST if not rule.personal and rule.code != "M24")
"""Rules that look at who stands at the end of the chain, and rules that find the same for everybody there; M24 is `_fills`."""
_FOR_ALL = frozenset(FOR_ALL)


class Shortcut:
    """One question as anyone might ask it. What a chain passes, its beginning passes as well: each grant only takes away (M02).

    `asked`: what was judged already for somebody else."""

    def __init__(self, book: Book, q: Question, asked: Judgement | None = None) -> None:
        self._left: dict[tuple[str, str], tuple[Rule, ...]] = {}
        self._passed: dict[tuple[str, str], Verdict] = {}
        for part in asked.parts if asked else ():
            self._learn(part)
        self._book, self._q, self._before = book, q, before(book, q)
        self._for_one = tuple(rule for rule in FOR_ONE if rule.concerns(book, q))
        self._organs = [book.organs[name] for name in book.power.organs]
        self._ways: dict[str, list[list[Way]]] = {}

    def _learn(self, part: Judged) -> None:
        """What everybody hears who holds the grant asked about; above it only the rules that found something still have to be asked."""
        if part.chain and part.chain.grants and not part.chain.broken:
            found = [(r, f.effect) for r, f in zip(ORDERED, part.findings, strict=True) if f.effect is not Verdict.YES]
            left = tuple(rule for rule, _ in found if rule in _FOR_ALL)
            *above, leaf = part.chain.grants
            self._passed[part.organ.id, leaf.number] = max((e for r, e in found if r in _FOR_ALL), default=Verdict.YES)
            for grant in above:
                self._left[part.organ.id, grant.number] = left

    def office(self, role: str) -> Permission | None:
        """The verdict on the office with its chain for each source organ; None is no."""
        return _best(self._open(role))

    def holder(self, person: str, role: str) -> Permission | None:
        """The same for someone in the role."""
        return _best(
            [self._personal(person, organ, ways) for organ, ways in zip(self._organs, self._open(role), strict=False)]
        )

    def person(self, person: str) -> Permission | None:
        """The same for someone by whatever chain there is, or as member of the organ."""
        chains = self._book.chains(person, None)
        found: list[list[Way]] = []
        for organ in self._organs:
            own = self._own(organ, chains)
            if self._book.is_member(organ.id, person):
                own = [*own, Chain((), Post(Capacity.MEMBER))]
            found.append(self._personal(person, organ, self._passing(organ, own, person)))
        return _best(found)

    def _open(self, role: str) -> list[list[Way]]:
        """For each source organ the chains of the office that no rule for everybody refuses."""
        if role not in self._ways:
            chains = self._book.chains(None, role)
            self._ways[role] = [self._passing(organ, self._own(organ, chains), None) for organ in self._organs]
        return self._ways[role]

    def _own(self, organ: Organ, chains: list[Chain]) -> list[Chain]:
        giver = Party(PartyKind.ORGAN, organ.id)
        return [chain for chain in chains if giver in chain.grants[0].grantors] or chains

    def _passing(self, organ: Organ, chains: list[Chain], person: str | None) -> list[Way]:
        found: list[Way] = []
        for chain in chains:
            verdict = self._for_all(organ, chain, person)
            if verdict is not Verdict.NO:
                found.append((verdict, chain))
        return found

    def _for_all(self, organ: Organ, chain: Chain, person: str | None) -> Verdict:
        key = (organ.id, chain.grants[-1].number if chain.grants else "")
        verdict = self._passed.get(key)
        if verdict is None:
            verdict = self._passed[key] = _worst(
                self._view(self._q, organ, chain, person), self._left.get(key, FOR_ALL)
            )
            if verdict is Verdict.YES:
                for grant in chain.grants:
                    self._passed[organ.id, grant.number] = verdict
        return verdict

    def _personal(self, person: str, organ: Organ, ways: list[Way]) -> list[Way]:
        q = replace(self._q, second=None) if self._q.second == person else self._q
        found: list[Way] = []
        for verdict, chain in ways:
            mine = self._standing(chain, person)
            if not _fills(mine.post):
                continue
            worst = _worst(self._view(q, organ, mine, person), self._for_one) if self._for_one else Verdict.YES
            if worst is not Verdict.NO:
                found.append((max(verdict, worst), mine))
        return found

    def _standing(self, chain: Chain, person: str) -> Chain:
        """The office's chain with this person at the end."""
        role = chain.post.role
        if chain.post.capacity is not Capacity.OFFICE or role is None:
            return chain
        return Chain(chain.grants, self._book.post(role, person), chain.broken)

    def _view(self, q: Question, organ: Organ, chain: Chain, person: str | None) -> View:
        return View(self._book, q, self._book.power, organ, chain, person, self._before)


def _fills(post: Post) -> bool:
    """M24, but not who stands in (M23)."""
    return post.capacity is not Capacity.HOLDER or (post.filling is not None and post.now)


def _worst(view: View, rules: tuple[Rule, ...]) -> Verdict:
    verdict, yes, no = Verdict.YES, Verdict.YES, Verdict.NO
    bare = not view.grants
    for rule in rules:
        if not (bare and rule.grants_only):
            effect = rule.check(view).effect
            if effect is not yes:
                if effect is no:
                    return effect
                verdict = max(verdict, effect)
    return verdict


def _best(found: list[list[Way]]) -> Permission | None:
    """Per source organ the mildest way, as `judge` chooses it; all must have one."""
    if not found or not all(found):
        return None
    best = [min(ways, key=_mildest) if len(ways) > 1 else ways[0] for ways in found]
    return max(verdict for verdict, _ in best), tuple(chain for _, chain in best)


def _mildest(way: Way) -> tuple[Verdict, int, tuple[str, ...]]:
    verdict, chain = way
    return verdict, len(chain.grants), chain.key
