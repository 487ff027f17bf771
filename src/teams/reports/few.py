"""Figures behind which few people stand: what is taken together, and contract hours as whole places."""

from collections.abc import Mapping, Sequence
from typing import TypeVar
from uuid import UUID

SMALLEST = 5
PLACE = 360
"""Tenths of hours a week of one full-time place (36 hours)."""
Key = TypeVar("Key")


def small(people: Mapping[UUID | None, int]) -> set[UUID | None]:
    """The groups to take together: those of 1 to SMALLEST - 1 people, and the next smallest until nobody stands alone in the
    rest: a total minus what is shown would tell of them. A group of nobody tells of nobody."""
    order = sorted((team for team in people if people[team]), key=lambda team: (people[team], str(team)))
    hidden = [team for team in order if people[team] < SMALLEST]
    while hidden and len(hidden) < len(order) and (sum(people[t] for t in hidden) < SMALLEST or len(hidden) < 2):
        hidden.append(order[len(hidden)])
    return set(hidden)


def small_on_any(sides: Sequence[Mapping[Key, int]]) -> set[Key]:
    """One parting for several numbers of the same teams, so that no number minus another tells of a few.

    On each side a team that stands apart has nobody or at least SMALLEST people; and in the rest one of the teams alone has so
    many, if any other has: one person may stand in two of its teams."""
    hidden = {team for side in sides for team, count in side.items() if 0 < count < SMALLEST}
    while lacking := [team for side in sides for team in _next(side, hidden)]:
        hidden.add(lacking[0])
    return hidden


def _next(side: Mapping[Key, int], hidden: set[Key]) -> list[Key]:
    """The teams that could join the rest, smallest first, when it holds a few people of this side and nobody else."""
    inside = [side[team] for team in hidden if side.get(team)]
    if not inside or max(inside) >= SMALLEST:
        return []
    others = [team for team, count in side.items() if count and team not in hidden]
    return sorted(others, key=lambda team: (side[team], str(team)))


def whole_places(parts: Mapping[Key, int], unit: int) -> dict[Key, int]:
    """Each part in whole units, less than one away from what it was; together they are the rounded sum.

    Contract hours are told like this. Exact ones of two days or two years would differ by the hours of the one who came."""
    left = (2 * sum(parts.values()) + unit) // (2 * unit) - sum(part // unit for part in parts.values())
    up = set(sorted(parts, key=lambda key: (-(parts[key] % unit), str(key)))[:left])
    return {key: (parts[key] // unit + (key in up)) * unit for key in parts}
