"""Who may do it instead, nearest first, and who is there at that moment."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from teams.mandates.answer import Someone, WhoMay
from teams.mandates.chains import Book, Capacity, Chain, delegated_to
from teams.mandates.facts import Grant, Role
from teams.mandates.judge import Judgement
from teams.mandates.rulebook import ORDERED
from teams.mandates.rules.base import Outcome, Verdict
from teams.mandates.shortcut import Shortcut
from teams.mandates.terms import PartyKind

MOST_LINES = 2
MOST_PEOPLE = 5
_INTEREST = next(place for place, rule in enumerate(ORDERED) if rule.code == "M19")


def who_may(book: Book, asked: Judgement | None = None, asker: str | None = None) -> tuple[WhoMay, ...]:
    """Holders near the asked chain first (same role, then upwards), then other holders, and always the organ at the end."""
    found: list[WhoMay] = []
    seen = _too_near(asked)
    q = book.q
    if q.interest is not False:
        q = replace(q, interest=False)  # the asker's own interest is not the other's
    may = Shortcut(book, q, asked)
    for grant in _order(book, asked):
        party = grant.holder
        for role in book.roles_of(party):
            if role.id not in seen and len(found) < MOST_LINES:
                seen.add(role.id)
                found += _role(book, may, role, grant, asker)
        if len(found) >= MOST_LINES:
            break
        if party.kind is PartyKind.PERSON and party.id != asker and party.id not in seen:
            seen.add(party.id)
            found += _person(book, may, party.id, grant)
    return (*found, *_organ(book, asker))


def _too_near(asked: Judgement | None) -> set[str]:
    """With an own interest the case goes a step up, not to someone in the same role (M19)."""
    post = asked.parts[0].chain.post if asked and asked.parts[0].chain else None
    if post is None or post.role is None or asked is None:
        return set()
    found = [part.findings[_INTEREST] for part in asked.parts]
    return {post.role.id} if any(f.outcome is Outcome.NO and not f.todo for f in found) else set()


def _order(book: Book, asked: Judgement | None) -> Iterator[Grant]:
    near = asked.parts[0].chain if asked else None
    given = set()
    for grant in reversed(near.grants if near else ()):
        given.add(grant.number)
        yield grant
    for grant in sorted(
        book.touching, key=lambda g: (-len(book.path(g)[0]), g.ceiling is not None, g.ceiling or 0, g.number)
    ):
        for link in reversed(book.path(grant)[0]):
            if link.number not in given:
                given.add(link.number)
                yield link


def _role(book: Book, may: Shortcut, role: Role, grant: Grant, asker: str | None) -> list[WhoMay]:
    found = may.office(role.id)
    if found is None:
        return []
    present = book.holders(role.id)
    stand_ins = [row.substitute for row in book.substitutes(role.id) if row.substitute not in present]
    people = [(p, Capacity.SUBSTITUTE) for p in dict.fromkeys(stand_ins)] + [(p, Capacity.HOLDER) for p in present]
    today: list[Someone] = []
    best = None if people else found
    for person, capacity in people:
        if person != asker and len(today) < MOST_PEOPLE:
            theirs = may.holder(person, role.id)
            if theirs is not None:
                today.append(Someone(person, book.name(person), str(capacity)))
                best = theirs if best is None or theirs[0] < best[0] else best
    if best is None:
        return []
    return [WhoMay("rol", role.id, role.name, _number(best[1], grant), _lowest(best[1]), best[0], tuple(today))]


def _person(book: Book, may: Shortcut, person: str, grant: Grant) -> list[WhoMay]:
    found = may.person(person)
    if found is None:
        return []
    one, name = Someone(person, book.name(person), str(Capacity.PERSON)), book.name(person)
    return [WhoMay("persoon", person, name, _number(found[1], grant), _lowest(found[1]), found[0], (one,))]


def _organ(book: Book, asker: str | None) -> list[WhoMay]:
    found = []
    for organ_id in book.power.organs:
        given = delegated_to(book, organ_id)
        organ = book.organs[given.holder.id if given and given.holder.id in book.organs else organ_id]
        people = [row.person for row in book.members_of(organ.id) if row.person != asker][:MOST_PEOPLE]
        today = tuple(Someone(p, book.name(p), str(Capacity.MEMBER)) for p in people)
        found.append(WhoMay("orgaan", organ.id, organ.name, given.number if given else None, None, Verdict.YES, today))
    return found


def _number(chains: tuple[Chain | None, ...], grant: Grant) -> str:
    return next((chain.grants[-1].number for chain in chains if chain and chain.grants), grant.number)


def _lowest(chains: tuple[Chain | None, ...]) -> int | None:
    grants = [grant for chain in chains if chain for grant in chain.grants]
    return min((grant.ceiling for grant in grants if grant.ceiling is not None), default=None)


def ceiling_of(judged: Judgement) -> int | None:
    """The lowest ceiling in cents along all chains, inclusive; None when there is none."""
    return _lowest(tuple(part.chain for part in judged.parts))
