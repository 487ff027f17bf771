"""Counting nominations (rule 30) as pure functions: who has most, and how a tie ends."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from hashlib import sha256
from uuid import UUID


def latest(nominations: Iterable[tuple[int, UUID, UUID]]) -> dict[UUID, UUID]:
    """(round, who, candidate) in any order → who nominates whom now: the last round counts."""
    return {who: candidate for _, who, candidate in sorted(nominations, key=lambda one: one[0])}


def leading(now: Mapping[UUID, UUID], dropped: Collection[UUID] = ()) -> frozenset[UUID]:
    """The candidates with most nominations; those of a dropped candidate are ignored. Empty: nobody is left."""
    counts = Counter(candidate for candidate in now.values() if candidate not in dropped)
    most = max(counts.values(), default=0)
    return frozenset(candidate for candidate, count in counts.items() if count == most)


def settled(now: Mapping[UUID, UUID], tied: frozenset[UUID], incumbents: Collection[UUID]) -> UUID | None:
    """Who wins without a choice: the only one, else the only one who nominated themself, else the one who has the role."""
    for chosen in (tied, {one for one in tied if now.get(one) == one}, tied & set(incumbents)):
        if len(chosen) == 1:
            return next(iter(chosen))
    return None


def may_nominate_again(now: Mapping[UUID, UUID], tied: Collection[UUID]) -> frozenset[UUID]:
    """Who nominated someone outside the tie, and so would change."""
    return frozenset(who for who, candidate in now.items() if candidate not in tied)


def drawn(seed: UUID, tied: Iterable[UUID]) -> UUID:
    """The lot: of `seed:candidate` as text, the smallest SHA-256. Anyone can do this sum again."""
    return min(tied, key=lambda one: sha256(f"{seed}:{one}".encode()).hexdigest())
