"""The organisation as circles in circles: packed on the server, drawn as SVG, the same input always the same drawing."""

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from html import escape

from teams.structure.packing import Spot, enclose, pack, rotate, slide

ASPECTS = (1.4, 1.7, 2.0, 2.4)
ROUNDS = 3
MANY = 60
GAP = 6.0
BETWEEN = 14.0
LINE = 15.0
_RING = 10.5
_LETTER = 3.4


@dataclass(frozen=True)
class TeamCircle:
    """One team to draw. `roles`: the state of each role, `vervuld`, `deels` or `open`; `label` is its full spoken name."""

    key: str
    parent: str | None
    name: str
    cluster: str
    href: str
    label: str
    roles: tuple[str, ...]


@dataclass(frozen=True)
class _Shape:
    """What the place of a team's circle depends on; who fills a role changes nothing in it."""

    key: str
    parent: str | None
    name: str
    cluster: str
    roles: int


@dataclass
class _Node:
    team: _Shape
    spot: Spot
    name: Spot
    children: list["_Node"] = field(default_factory=list)

    def move(self, dx: float, dy: float) -> None:
        self.spot.x += dx
        self.spot.y += dy
        if self.name is not self.spot:
            self.name.x += dx
            self.name.y += dy
        for child in self.children:
            child.move(dx, dy)


def clusters(teams: Iterable[TeamCircle]) -> list[str]:
    """The names of the areas, in the order of their colours."""
    return sorted({team.cluster for team in teams if team.cluster})


def draw(teams: Sequence[TeamCircle], label: str) -> str:
    """The whole map as one SVG element; `label` tells what it is. Every team is a link."""
    if not teams:
        return ""
    shapes = tuple(_Shape(team.key, team.parent, team.name, team.cluster, len(team.roles)) for team in teams)
    nodes, titles, box = _layout(shapes)
    colour = {area: f' class="teams-gebied-{number % 4 + 1}"' for number, area in enumerate(clusters(teams))}
    known = {team.key: team for team in teams}
    parts = [f'<svg viewBox="{box}" role="group" aria-label="{escape(label)}" font-size="12.5" text-anchor="middle">']
    for node in nodes:
        parts.extend(_team(node, known, colour))
    for area, x, y in titles:
        parts.append(
            f'<g{colour[area]} aria-hidden="true"><text class="gebied" x="{x:.0f}" y="{y:.0f}">{escape(area)}</text></g>'
        )
    parts.append("</svg>")
    return "".join(parts)


@lru_cache(maxsize=32)
def _layout(shapes: tuple[_Shape, ...]) -> tuple[list[_Node], list[tuple[str, float, float]], str]:
    """Where everything stands: the tree of circles, the titles of the areas, the frame. The smallest of some tries."""
    tries = []
    for aspect in ASPECTS if len(shapes) <= MANY else ASPECTS[1:2]:
        middle, groups = _grow(shapes)
        blobs = _arrange(middle, groups, aspect)
        nodes = middle + [node for group in groups.values() for node in group]
        spots = [node.spot for node in nodes]
        titles = [_title(area, blob, spots) for area, blob in blobs if area]
        left, top, width, height = _box(spots, titles)
        tries.append(
            (width * max(height, width / 1.7), nodes, titles, f"{left:.0f} {top:.0f} {width:.0f} {height:.0f}")
        )
    _, nodes, titles, box = min(tries, key=lambda one: one[0])
    return nodes, titles, box


def _grow(teams: Sequence[_Shape]) -> tuple[list[_Node], dict[str, list[_Node]]]:
    """Circles with their sizes: the one root in the middle, and the teams of the first level by area."""
    known = {team.key: team for team in teams}
    below: dict[str | None, list[_Shape]] = defaultdict(list)
    for team in teams:
        below[team.parent if team.parent in known and not _loops(team, known) else None].append(team)

    def node(team: _Shape) -> _Node:
        return _around(team, [node(child) for child in below[team.key]])

    roots = below[None]
    only = roots[0] if len(roots) == 1 and below[roots[0].key] else None
    middle = [] if only is None else [_around(only, [])]
    groups: dict[str, list[_Node]] = defaultdict(list)
    for team in roots if only is None else below[only.key]:
        groups[team.cluster].append(node(team))
    return middle, dict(sorted(groups.items(), key=lambda group: (not group[0], group[0])))


def _loops(team: _Shape, known: dict[str, _Shape]) -> bool:
    """Whether following the parents comes back here: then the team is drawn as a root, never lost."""
    seen = {team.key}
    above = known.get(team.parent or "")
    while above is not None:
        if above.key in seen:
            return above.key == team.key
        seen.add(above.key)
        above = known.get(above.parent or "")
    return False


def _around(team: _Shape, children: list[_Node]) -> _Node:
    """The roles of a team stand on the rim of its circle; its name and its subteams inside."""
    widest = max(len(line) for line in lines(team.name)) * _LETTER
    rim = 30 + 2.3 * team.roles
    if not children:
        whole = Spot(0, 0, max(rim, widest + 20))
        return _Node(team, whole, whole)
    inside = [Spot(0, 0, max(26.0, widest + 4)), *(Spot(0, 0, child.spot.r + GAP / 2) for child in children)]
    pack(inside)
    hull = enclose(inside)
    for child, spot in zip(children, inside[1:], strict=True):
        child.move(spot.x - hull.x, spot.y - hull.y)
    name = Spot(inside[0].x - hull.x, inside[0].y - hull.y, inside[0].r)
    return _Node(team, Spot(0, 0, max(rim, hull.r + 2 * _RING - 2)), name, children)


def _arrange(middle: list[_Node], groups: dict[str, list[_Node]], aspect: float) -> list[tuple[str, list[Spot]]]:
    """Pack each area and slide it to the middle until it touches; then each once more, now that all others stand."""
    packs = [
        [Spot(0, 0, node.spot.r + GAP / 2) for node in sorted(group, key=lambda node: (-node.spot.r, node.team.name))]
        for group in groups.values()
    ]
    fixed = [node.spot for node in middle]
    if len(packs) == 1 and not fixed:
        pack(packs[0], aspect=aspect)
    else:
        placed: list[list[Spot]] = [[] for _ in packs]
        for _ in range(ROUNDS if sum(map(len, packs)) <= MANY else 1):
            for number, spots in enumerate(packs):
                others = fixed + [spot for group in (*placed[:number], *placed[number + 1 :]) for spot in group]
                nominal = -math.pi + (number + 0.5) * 2 * math.pi / len(packs)
                placed[number] = min(_ways(spots, others, nominal, aspect), key=lambda way: _weight(way, aspect))
        packs = placed
    blobs = []
    for (area, group), spots in zip(groups.items(), packs, strict=True):
        for node, spot in zip(sorted(group, key=lambda node: (-node.spot.r, node.team.name)), spots, strict=True):
            node.move(spot.x, spot.y)
        blobs.append((area, [node.spot for node in group]))
    return blobs


def _ways(spots: list[Spot], placed: list[Spot], nominal: float, wide: float) -> Iterator[list[Spot]]:
    """The group packed rounder and flatter, turned, and slid to the middle from sides around `nominal`.

    Of many circles only few ways are tried: the work grows with their square.
    """
    few = len(spots) + len(placed) > MANY
    for aspect in (1.0, wide, 2 * wide) if not few else (wide,):
        pack(spots, aspect=aspect)
        for turn in range(0, 12, 6 if few else 1):
            turned = rotate(spots, turn * math.pi / 6)
            for side in range(-2, 3) if not few else (0,):
                dx, dy = slide(turned, placed, nominal + side * math.pi / 16, BETWEEN, wide)
                yield [Spot(spot.x + dx, spot.y + dy, spot.r) for spot in turned]


def _weight(spots: list[Spot], wide: float) -> float:
    """How far from the middle, weighed by surface; sideways is cheaper, and one far circle is worse than two near."""
    return sum(spot.r**2 * ((spot.x / wide) ** 4 + spot.y**4) for spot in spots)


def _title(area: str, blob: list[Spot], all_spots: list[Spot]) -> tuple[str, float, float]:
    """Where the name of an area stands: at its outer side, where it covers no circle."""
    left, right = min(s.x - s.r for s in blob), max(s.x + s.r for s in blob)
    top, bottom = min(s.y - s.r for s in blob), max(s.y + s.r for s in blob)
    half = len(area) * 4.9
    up = top + bottom <= 0
    out = [left + half, (left + right) / 2, right - half]
    out.sort(key=lambda x: -abs(x))
    for step in range(12):
        y = top + 18 - 4 * step if up else bottom - 6 + 4 * step
        for x in out:
            if all(_clear(spot, x, y - 6, half) for spot in all_spots):
                return area, x, y
    return area, out[0], top - 12 if up else bottom + 22


def _clear(spot: Spot, x: float, y: float, half: float) -> bool:
    near = max(x - half, min(spot.x, x + half))
    return math.hypot(spot.x - near, spot.y - y) > spot.r + 12


def _box(spots: list[Spot], titles: list[tuple[str, float, float]]) -> tuple[float, float, float, float]:
    left = min([s.x - s.r for s in spots] + [x - len(area) * 4.9 for area, x, _ in titles]) - 6
    right = max([s.x + s.r for s in spots] + [x + len(area) * 4.9 for area, x, _ in titles]) + 6
    top = min([s.y - s.r for s in spots] + [y - 16 for _, _, y in titles]) - 6
    bottom = max([s.y + s.r for s in spots] + [y + 5 for _, _, y in titles]) + 6
    return left, top, right - left, bottom - top


def _team(node: _Node, known: dict[str, TeamCircle], colour: dict[str, str]) -> Iterator[str]:
    team, name = known[node.team.key], node.name
    yield f'<g{colour.get(team.cluster, "")}><a href="{escape(team.href)}" aria-label="{escape(team.label)}">'
    yield f'<circle class="v" cx="{node.spot.x:.0f}" cy="{node.spot.y:.0f}" r="{node.spot.r:.0f}"/>'
    for number, state in enumerate(team.roles):
        angle = -math.pi / 2 + number * 2 * math.pi / len(team.roles)
        reach = node.spot.r - _RING
        yield role_sign(node.spot.x + math.cos(angle) * reach, node.spot.y + math.sin(angle) * reach, state)
    rows = lines(team.name)
    first = name.y + 4.5 - (len(rows) - 1) * LINE / 2
    spans = " ".join(
        f'<tspan x="{name.x:.0f}" y="{first + row * LINE:.0f}">{escape(line)}</tspan>' for row, line in enumerate(rows)
    )
    yield f'<text font-weight="600">{spans}</text></a>'
    for child in node.children:
        yield from _team(child, known, colour)
    yield "</g>"


def role_sign(x: float, y: float, state: str, r: float = 5.5) -> str:
    """A role: full is filled, dashed is open, half is partly filled."""
    if state == "vervuld":
        return f'<circle class="rol" cx="{x:.1f}" cy="{y:.1f}" r="{r}"/>'
    sign = f'<circle class="open" cx="{x:.1f}" cy="{y:.1f}" r="{r}"/>'
    if state == "deels":
        sign += f'<path class="rol" d="M{x:.1f} {y - r:.1f}a{r} {r} 0 0 0 0 {2 * r}z"/>'
    return sign


def lines(name: str) -> list[str]:
    """The name in lines of about twelve letters, broken between words."""
    rows: list[str] = []
    for word in name.split():
        if rows and len(rows[-1]) + 1 + len(word) <= 12:
            rows[-1] += " " + word
        else:
            rows.append(word)
    return rows or [""]
