"""Geometry of circles: packing them side by side, enclosing them, sliding a group until it touches another."""

import math
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass
class Spot:
    """A circle: centre and radius."""

    x: float
    y: float
    r: float


class _Link:
    """A circle on the front of the pack, a ring of neighbours."""

    __slots__ = ("after", "before", "spot")

    def __init__(self, spot: Spot) -> None:
        self.spot = spot
        self.after = self
        self.before = self


def pack(spots: Sequence[Spot], *, aspect: float = 1.0) -> None:
    """Move the circles side by side around the origin, in the given order; wider than high when `aspect` > 1.

    The front-chain method of Wang and others (2006): each circle comes to lie against two of the front.
    """
    if not spots:
        return
    first = spots[0]
    first.x = first.y = 0.0
    if len(spots) == 1:
        return
    second = spots[1]
    first.x, second.x, second.y = -second.r, first.r, 0.0
    if len(spots) == 2:
        return
    _place(second, first, spots[2])
    a, b, c = _Link(first), _Link(second), _Link(spots[2])
    a.after = c.before = b
    b.after = a.before = c
    c.after = b.before = a
    index = 3
    while index < len(spots):
        spot = spots[index]
        _place(a.spot, b.spot, spot)
        hit = _obstacle(a, b, spot)
        if hit is not None:
            ahead, link = hit
            if ahead:
                b = link
            else:
                a = link
            a.after, b.before = b, a
            continue
        c = _Link(spot)
        c.before, c.after = a, b
        a.after = b.before = b = c
        best, link = _score(a, aspect), c.after
        while link is not b:
            score = _score(link, aspect)
            if score < best:
                a, best = link, score
            link = link.after
        b = a.after
        index += 1


def _place(b: Spot, a: Spot, c: Spot) -> None:
    """Put `c` against both `a` and `b`."""
    dx, dy = b.x - a.x, b.y - a.y
    apart = dx * dx + dy * dy
    if not apart:
        c.x, c.y = a.x + c.r, a.y
        return
    to_a, to_b = (a.r + c.r) ** 2, (b.r + c.r) ** 2
    if to_a > to_b:
        x = (apart + to_b - to_a) / (2 * apart)
        y = math.sqrt(max(0.0, to_b / apart - x * x))
        c.x, c.y = b.x - x * dx - y * dy, b.y - x * dy + y * dx
    else:
        x = (apart + to_a - to_b) / (2 * apart)
        y = math.sqrt(max(0.0, to_a / apart - x * x))
        c.x, c.y = a.x + x * dx - y * dy, a.y + x * dy + y * dx


def _obstacle(a: _Link, b: _Link, spot: Spot) -> tuple[bool, _Link] | None:
    """The nearest circle of the front that `spot` overlaps, and whether it lies ahead of `b`."""
    ahead, behind = b.after, a.before
    far_ahead, far_behind = b.spot.r, a.spot.r
    while True:
        if far_ahead <= far_behind:
            if _overlap(ahead.spot, spot):
                return True, ahead
            far_ahead += ahead.spot.r
            ahead = ahead.after
        else:
            if _overlap(behind.spot, spot):
                return False, behind
            far_behind += behind.spot.r
            behind = behind.before
        if ahead is behind.after:
            return None


def _overlap(a: Spot, b: Spot) -> bool:
    return math.hypot(a.x - b.x, a.y - b.y) < a.r + b.r - 1e-6


def _score(link: _Link, aspect: float) -> float:
    a, b = link.spot, link.after.spot
    both = a.r + b.r
    x, y = (a.x * b.r + b.x * a.r) / both, (a.y * b.r + b.y * a.r) / both
    return (x / aspect) ** 2 + y * y


def enclose(spots: Sequence[Spot]) -> Spot:
    """A circle around all of them, hardly larger than the smallest there is."""
    x = sum(spot.x for spot in spots) / len(spots)
    y = sum(spot.y for spot in spots) / len(spots)
    step = max(spot.r for spot in spots)
    while step > 0.05:
        far = max(spots, key=lambda spot: math.hypot(spot.x - x, spot.y - y) + spot.r)
        away = math.hypot(far.x - x, far.y - y) or 1.0
        x += (far.x - x) / away * step
        y += (far.y - y) / away * step
        step *= 0.95
    return Spot(x, y, max(math.hypot(spot.x - x, spot.y - y) + spot.r for spot in spots))


def rotate(spots: Sequence[Spot], angle: float) -> list[Spot]:
    """The same circles turned around their centre of weight, which becomes the origin."""
    weight = sum(spot.r**2 for spot in spots)
    x = sum(spot.x * spot.r**2 for spot in spots) / weight
    y = sum(spot.y * spot.r**2 for spot in spots) / weight
    cos, sin = math.cos(angle), math.sin(angle)
    return [
        Spot((spot.x - x) * cos - (spot.y - y) * sin, (spot.x - x) * sin + (spot.y - y) * cos, spot.r) for spot in spots
    ]


def slide(
    spots: Sequence[Spot], placed: Sequence[Spot], angle: float, gap: float, aspect: float
) -> tuple[float, float]:
    """How far to move `spots` from the origin in the direction of `angle`, so that they just miss `placed`."""
    dx, dy = math.cos(angle) * aspect, math.sin(angle)
    length = math.hypot(dx, dy)
    dx, dy = dx / length, dy / length
    far = 0.0
    for spot in spots:
        for other in placed:
            x, y = spot.x - other.x, spot.y - other.y
            along = x * dx + y * dy
            reach = spot.r + other.r + gap
            root = along * along - (x * x + y * y - reach * reach)
            if root > 0:
                far = max(far, -along + math.sqrt(root))
    return dx * far, dy * far
