"""The map: nothing overlaps, nobody is lost, the same input is the same drawing, no inline styles."""

import math
import re
from xml.etree import ElementTree

from hypothesis import given, settings
from hypothesis import strategies as st

from teams.structure.circles import TeamCircle, _layout, draw, lines
from teams.structure.packing import Spot, enclose, pack, rotate, slide

radii = st.lists(st.floats(5, 90), min_size=1, max_size=40)


def apart(spots: list[Spot]) -> bool:
    return all(
        math.hypot(a.x - b.x, a.y - b.y) > a.r + b.r - 1e-3 for i, a in enumerate(spots) for b in spots[:i]
    )  # fmt: skip


@given(radii, st.sampled_from([1.0, 2.0, 4.0]))
def test_packed_circles_do_not_overlap_and_the_hull_holds_them(sizes: list[float], aspect: float) -> None:
    spots = [Spot(0, 0, size) for size in sizes]
    pack(spots, aspect=aspect)
    hull = enclose(spots)
    assert apart(spots) and apart(rotate(spots, 1.0))
    assert all(math.hypot(s.x - hull.x, s.y - hull.y) + s.r <= hull.r + 1e-6 for s in spots)


@given(radii, radii, st.floats(-3, 3))
def test_a_group_slides_until_it_just_misses_the_other(one: list[float], two: list[float], angle: float) -> None:
    still, moving = [Spot(0, 0, r) for r in one], [Spot(0, 0, r) for r in two]
    pack(still)
    pack(moving)
    dx, dy = slide(moving, still, angle, 10, 2)
    moved = [Spot(s.x + dx, s.y + dy, s.r) for s in moving]
    nearest = min(math.hypot(a.x - b.x, a.y - b.y) - a.r - b.r for a in moved for b in still)
    assert nearest > 10 - 1e-3


@st.composite
def organisations(draw_one: st.DrawFn) -> tuple[TeamCircle, ...]:
    count = draw_one(st.integers(1, 14))
    states = st.lists(st.sampled_from(["vervuld", "deels", "open"]), max_size=9).map(tuple)
    return tuple(
        TeamCircle(
            str(number),
            draw_one(st.sampled_from([None, *map(str, range(count)), "weg"])),
            draw_one(st.sampled_from(["Groen en Water", "Balie", "<b>&", "Wijkteam Noordoost & Zuid"])),
            draw_one(st.sampled_from(["", "Inwoners", "Leefomgeving"])),
            f"/teams/{number}?op=2026-03-01&bekend=2026-03-02", f"Team {number}", draw_one(states),
        )
        for number in range(count)
    )  # fmt: skip


@settings(max_examples=40)
@given(organisations())
def test_every_team_is_one_link_with_all_its_roles_whatever_the_parents_say(teams: tuple[TeamCircle, ...]) -> None:
    drawing = draw(teams, "Kaart")
    _layout.cache_clear()
    assert draw(teams, "Kaart") == drawing
    root = ElementTree.fromstring(drawing)
    assert sorted(link.get("aria-label", "") for link in root.iter("a")) == sorted(team.label for team in teams)
    assert all(not inner.findall(".//a") for inner in root.iter("a"))
    signs = [node.get("class") for link in root.iter("a") for node in link]
    roles = [state for team in teams for state in team.roles]
    assert signs.count("v") == len(teams)
    assert signs.count("open") == roles.count("open") + roles.count("deels")
    assert signs.count("rol") == roles.count("vervuld") + roles.count("deels")
    assert not re.search(r"\bstyle=|\bon\w+=|javascript", drawing)


def test_a_team_of_the_whole_stands_in_the_middle_and_a_subteam_within_its_team() -> None:
    def team(key: str, parent: str | None, cluster: str = "Inwoners") -> TeamCircle:
        return TeamCircle(key, parent, f"Team {key}", cluster, f"/teams/{key}", key, ("vervuld",) * 6)

    drawing = draw((team("a", None, ""), team("b", "a"), team("c", "b"), team("d", "a")), "Kaart")
    circles = {
        link.get("aria-label"): next(node for node in link if node.get("class") == "v")
        for link in ElementTree.fromstring(drawing).iter("a")
    }
    a, b, c, d = ({k: float(circles[n].get(k, "")) for k in ("cx", "cy", "r")} for n in "abcd")
    assert (a["cx"], a["cy"]) == (0, 0)
    assert math.hypot(b["cx"] - c["cx"], b["cy"] - c["cy"]) + c["r"] <= b["r"] + 2
    assert math.hypot(b["cx"] - d["cx"], b["cy"] - d["cy"]) >= b["r"] + d["r"] - 2


def test_names_break_between_words() -> None:
    assert lines("Toezicht en Handhaving") == ["Toezicht en", "Handhaving"]
    assert lines("") == [""]
