"""From the register's rows to chains: what was known then, who stood where, and the path from organ to person."""

from __future__ import annotations

from enum import StrEnum
from operator import attrgetter
from typing import NamedTuple

from teams.mandates.facts import (
    ALWAYS,
    Exclusion,
    Facts,
    Filling,
    Grant,
    Member,
    Organ,
    Party,
    Person,
    Power,
    Replacement,
    Role,
)
from teams.mandates.question import Question
from teams.mandates.terms import Absence, Kind, PartyKind

MAX_DEPTH = 8
_number = attrgetter("number")


class Capacity(StrEnum):
    HOLDER = "houder"
    SUBSTITUTE = "vervanger"
    MEMBER = "orgaan zelf"
    PERSON = "persoon"
    OFFICE = "ambt"


class Broken(StrEnum):
    CYCLE = "kring"
    ORPHAN = "ouder onbekend"
    TOO_DEEP = "te diep"


class Post(NamedTuple):
    """How a person stands to the end of a chain. `absent`: the persons replaced, whose prohibitions come along (M23)."""

    capacity: Capacity
    role: Role | None = None
    filling: Filling | None = None
    replacement: Replacement | None = None
    absent: tuple[str, ...] = ()
    now: bool = True


class Chain(NamedTuple):
    """`grants` run from the root to the leaf; none means the organ itself."""

    grants: tuple[Grant, ...]
    post: Post
    broken: Broken | None = None

    @property
    def root(self) -> Grant | None:
        return self.grants[0] if self.grants else None

    @property
    def leaf(self) -> Grant | None:
        return self.grants[-1] if self.grants else None

    @property
    def key(self) -> tuple[str, ...]:
        return (*(grant.number for grant in self.grants), self.post.role.id if self.post.role else "")


class Book:
    """The facts as known at the question's `known_at`, indexed for one question."""

    def __init__(self, facts: Facts, q: Question) -> None:
        known, at = q.known_at, q.moment
        self.facts = facts
        self.q = q
        self.powers = {power.code: power for power in facts.powers}
        self.power: Power = self.powers[q.power]
        self.organs: dict[str, Organ] = {organ.id: organ for organ in facts.organs}
        self.roles: dict[str, Role] = {role.id: role for role in facts.roles}
        self.people: dict[str, Person] = {person.id: person for person in facts.people}
        self.grants: dict[str, Grant] = {}
        for grant in facts.grants:
            if grant.recorded is ALWAYS or grant.recorded.holds(known):
                other = self.grants.get(grant.number)
                if other is None or _fits(grant, q) > _fits(other, q):
                    self.grants[grant.number] = grant
        self._fillings: dict[str, list[Filling]] = {}
        for row in facts.fillings:
            if row.recorded is ALWAYS or row.recorded.holds(known):
                self._fillings.setdefault(row.role, []).append(row)
        self.replacements = [row for row in facts.replacements if row.recorded.holds(known)]
        self.members = [
            row
            for row in facts.members
            if (row.recorded is ALWAYS or row.recorded.holds(known)) and row.valid.holds(at)
        ]
        rows = (x for x in facts.exclusions if x.power == q.power and x.recorded.holds(known) and x.valid.holds(at))
        self.exclusions: list[Exclusion] = sorted(rows, key=lambda row: (row.rule, row.source))
        self._roles_of: dict[Party, list[Role]] = {}
        self._paths: dict[str, tuple[tuple[Grant, ...], Broken | None]] = {}
        self._posts: dict[tuple[str, str], Post | None] = {}
        self._now: dict[str, tuple[str, ...]] = {}
        self._held: dict[str, list[tuple[Grant, Role]]] | None = None
        power = q.power
        touching = [
            g for g in self.grants.values() if power in g.powers or (g.all_except is not None and self._reversed(g))
        ]
        self.touching = sorted(touching, key=_number)

    def name(self, person: str | None) -> str:
        known = self.people.get(person or "")
        return known.name if known else (person or "")

    def path(self, grant: Grant) -> tuple[tuple[Grant, ...], Broken | None]:
        """Grants from the root down to `grant`, and what is wrong with the way up."""
        if grant.number not in self._paths:
            self._paths[grant.number] = climb(self.grants, grant)
        return self._paths[grant.number]

    def roles_of(self, party: Party) -> list[Role]:
        """The roles that a holder stands for: itself, every role with the office, or the external party."""
        if party not in self._roles_of:
            self._roles_of[party] = self._find_roles(party)
        return self._roles_of[party]

    def _find_roles(self, party: Party) -> list[Role]:
        if party.kind is PartyKind.ROLE:
            role = self.roles.get(party.id)
            return [role] if role else []
        if party.kind is PartyKind.OFFICE:
            return sorted((role for role in self.facts.roles if role.office == party.id), key=lambda role: role.id)
        return [Role(party.id, party.id, outside=True)] if party.kind is PartyKind.EXTERNAL else []

    def same(self, one: Party, other: Party) -> bool:
        """Whether two parties are the same, also as office and role."""
        if one == other:
            return True
        ids = {role.id for role in self.roles_of(other)}
        return any(role.id in ids for role in self.roles_of(one))

    def holders(self, role: str) -> tuple[str, ...]:
        """Who fills the role at the moment."""
        if role not in self._now:
            at = self.q.moment
            rows = self._fillings.get(role, ())
            self._now[role] = tuple(sorted({row.person for row in rows if row.valid.holds(at)}))
        return self._now[role]

    def substitutes(self, role: str) -> tuple[Replacement, ...]:
        """Replacements that hold in law at the moment: decided, in their period, and with the absence they name (M23)."""
        rows = (row for row in self.replacements if row.role == role and row.valid.holds(self.q.moment))
        return tuple(sorted((row for row in rows if self.stands(row)), key=lambda row: (row.substitute, row.decision)))

    def stands(self, row: Replacement) -> bool:
        vacant = not self.holders(row.role)
        return bool(row.decision) and vacant is (row.reason is Absence.VACANT)

    def is_member(self, organ: str, person: str | None) -> bool:
        return any(row.organ == organ and row.person == person for row in self.members)

    def members_of(self, organ: str) -> list[Member]:
        return sorted((row for row in self.members if row.organ == organ), key=lambda row: row.person)

    def chains(self, person: str | None, role: str | None) -> list[Chain]:
        """Every way in which the person (or the office, when `person` is None) may be thought to hold the power."""
        if role is None:
            return [
                self._chain(grant, post) for grant in self.touching for post in self._posts_at(grant.holder, person)
            ]
        if self._held is None:
            self._held = {}
            for grant in self.touching:
                one = self.roles.get(grant.holder.id) if grant.holder.kind is PartyKind.ROLE else None
                for row in (one,) if one else self.roles_of(grant.holder):
                    self._held.setdefault(row.id, []).append((grant, row))
        held = self._held.get(role, [])
        if person is None:
            return [self._chain(grant, Post(Capacity.OFFICE, row)) for grant, row in held]
        return [self._chain(grant, self.post(row, person)) for grant, row in held]

    def _chain(self, grant: Grant, post: Post) -> Chain:
        path, broken = self.path(grant)
        return Chain(path, post, broken)

    def _posts_at(self, holder: Party, person: str | None) -> list[Post]:
        if holder.kind is PartyKind.PERSON:
            return [Post(Capacity.PERSON)] if person == holder.id else []
        if holder.kind is PartyKind.ORGAN:
            return [Post(Capacity.MEMBER)] if self.is_member(holder.id, person) else []
        return [post for row in self.roles_of(holder) if (post := self._post(row, person))]

    def post(self, role: Role, person: str) -> Post:
        """How someone asked in this role stands in it; perhaps not at all."""
        return self._post(role, person) or Post(Capacity.HOLDER, role, now=False)

    def _post(self, role: Role, person: str | None) -> Post | None:
        if person is None:
            return Post(Capacity.OFFICE, role)
        key = (role.id, person)
        if key not in self._posts:
            self._posts[key] = self._find_post(role, person)
        return self._posts[key]

    def _find_post(self, role: Role, person: str) -> Post | None:
        at = self.q.moment
        fillings = [row for row in self._fillings.get(role.id, ()) if row.person == person]
        for filling in sorted(fillings, key=lambda f: f.valid.end is not None) if len(fillings) > 1 else fillings:
            if filling.valid.holds(at):
                return Post(Capacity.HOLDER, role, filling)
        rows = [row for row in self.replacements if row.role == role.id and row.substitute == person]
        if rows:
            best = min(rows, key=lambda row: (not row.valid.holds(at), not self.stands(row), row.decision, row.reason))
            absent = tuple(p for p in self.holders(role.id) if p != person)
            return Post(Capacity.SUBSTITUTE, role, None, best, absent, best.valid.holds(at))
        return Post(Capacity.HOLDER, role, max(fillings, key=_ends), now=False) if fillings else None

    def _reversed(self, grant: Grant) -> bool:
        """Whether this reverse mandate may be about this power, also when it excepts it."""
        root = self.path(grant)[0][0]
        return any(party.kind is PartyKind.ORGAN and party.id in self.power.organs for party in root.grantors)


def climb(grants: dict[str, Grant], grant: Grant) -> tuple[tuple[Grant, ...], Broken | None]:
    """The path from the root down to `grant`, with the guards against a cycle, a missing parent and too many steps."""
    path, seen = [grant], {grant.number}
    while (parent := path[-1].parent) is not None:
        above = grants.get(parent)
        broken = (
            Broken.ORPHAN
            if above is None
            else Broken.CYCLE
            if parent in seen
            else Broken.TOO_DEEP
            if len(path) == MAX_DEPTH
            else None
        )
        if above is None or broken is not None:
            return tuple(reversed(path)), broken
        seen.add(parent)
        path.append(above)
    return tuple(reversed(path)), None


def covers(grant: Grant, power: str) -> bool:
    """Whether the grant itself names the power, or does not except it."""
    return power not in grant.all_except if grant.all_except is not None else power in grant.powers


def delegated_to(book: Book, organ: str) -> Grant | None:
    """The delegation by which the organ gave the power away at the moment, if any (Awb 10:17)."""
    at, giver = book.q.moment, Party(PartyKind.ORGAN, organ)
    for grant in book.touching:
        given = Kind.DELEGATION in grant.kinds and giver in grant.grantors
        if given and covers(grant, book.power.code) and grant.valid.holds(at) and grant.decided_on is not None:
            gone = grant.withdrawn_at is not None and grant.withdrawn_at <= at
            if grant.decided_on <= at and not gone:
                return grant
    return None


def _fits(grant: Grant, q: Question) -> tuple[int, float, float]:
    """Of several versions: the one that holds at the moment, else the latest that began, else the first to come."""
    start = grant.valid.start.timestamp() if grant.valid.start else float("-inf")
    recorded = grant.recorded.start.timestamp() if grant.recorded.start else float("-inf")
    if grant.valid.holds(q.moment):
        return 2, start, recorded
    return (1, start, recorded) if start <= q.moment.timestamp() else (0, -start, recorded)


def _ends(filling: Filling) -> tuple[float, float]:
    end = filling.valid.end.timestamp() if filling.valid.end else float("inf")
    return end, filling.valid.start.timestamp() if filling.valid.start else float("-inf")
