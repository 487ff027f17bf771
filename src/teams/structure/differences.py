"""What differs in a team, a role or the whole organisation between two moments, on both time axes; and by which acts."""

import re
from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from difflib import SequenceMatcher
from typing import Any
from uuid import UUID

from sqlalchemy import Row
from sqlalchemy.ext.asyncio import AsyncSession

from teams.kit.clock import start_of
from teams.structure.differences_sql import ACTS, DIFFERENCES, NAMES
from teams.structure.moment import Moment

Piece = tuple[str, str]
"""How it stands ('del', 'ins' or nothing) and the words."""


@dataclass(frozen=True)
class Line:
    """One part of a thing: its pieces at the first and at the second moment, a list of texts each."""

    field: str
    before: tuple[tuple[Piece, ...], ...]
    after: tuple[tuple[Piece, ...], ...]


@dataclass(frozen=True)
class Changed:
    """A team, role or policy that is `nieuw`, `vervallen` or `veranderd` between the two moments."""

    kind: str
    id: UUID
    name: str
    team_id: UUID | None
    team: str
    state: str
    lines: tuple[Line, ...]


async def differences(
    session: AsyncSession, scope: str, scope_id: UUID | None, a: Moment, b: Moment
) -> tuple[list[Changed], dict[UUID, str]]:
    """Everything in the scope (`organisatie`, `team`, `rol`) that differs, by kind and name; and names by id. Two queries."""
    given = _moments(a, b)
    asked = given | ({"scope": scope_id} if scope_id else {})
    rows = list((await session.execute(DIFFERENCES[scope], asked)).all())
    names, places = await _names(session, rows, given, scope, {scope_id} - {None})
    found = _teams(rows, names, scope_id if scope == "team" else None, places)
    found += _roles(rows, names, places) + _policies(rows, names)
    order = {"team": 0, "rol": 1, "afspraak": 2}
    return sorted(found, key=lambda one: (order[one.kind], one.team, one.name)), names


async def acts_between(session: AsyncSession, ids: Collection[UUID], a: Moment, b: Moment) -> list[Row[Any]]:
    """Acts on these roles, teams and policies with effect in between, or written down in between; newest first, at most 400.

    `effect`: the day from which; `proposal` and `number`: the adopted proposal that did it, if one did.
    """
    if not ids:
        return []
    given = {"ids": list(ids), "since": _first_id(min(a.known, start_of(a.day))), **_moments(a, b)}
    return list((await session.execute(ACTS, given)).all())


def pieces(before: str, after: str) -> tuple[tuple[Piece, ...], tuple[Piece, ...]]:
    """Two texts word by word: what goes and what comes; as a whole when they have little in common."""
    one, two = re.findall(r"\S+|\s+", before), re.findall(r"\S+|\s+", after)
    match = SequenceMatcher(None, one, two, autojunk=False)
    if match.ratio() < 0.4:
        return ((("del", before),) if before else (), (("ins", after),) if after else ())
    left, right = list[Piece](), list[Piece]()
    for tag, i, j, k, m in match.get_opcodes():
        if one[i:j]:
            left.append(("" if tag == "equal" else "del", "".join(one[i:j])))
        if two[k:m]:
            right.append(("" if tag == "equal" else "ins", "".join(two[k:m])))
    return tuple(left), tuple(right)


def _first_id(at: datetime) -> UUID:
    """No id made at that moment or later is smaller (RFC 9562, version 7: none is from before 1970)."""
    return UUID(int=max(0, int(at.timestamp() * 1000)) << 80)


def _moments(a: Moment, b: Moment) -> dict[str, datetime | date]:
    return {
        "known_a": a.known, "op_a": a.op, "day_a": a.day, "known_b": b.known, "op_b": b.op, "day_b": b.day,
    }  # fmt: skip


Pair = tuple[dict[str, Any] | None, dict[str, Any] | None]


def _pairs(rows: list[Row[Any]], kind: str) -> dict[tuple[UUID, str], Pair]:
    """By owner and key what held before and after; what says the same on both sides is left out."""
    found: dict[tuple[UUID, str], list[dict[str, Any] | None]] = defaultdict(lambda: [None, None])
    for row in rows:
        if row.kind == kind:
            found[row.owner, row.key][0 if row.before else 1] = row.fields
    return {key: (one, two) for key, (one, two) in found.items() if one != two}


def _teams(
    rows: list[Row[Any]], names: dict[UUID, str], only: UUID | None, places: dict[UUID, UUID | None]
) -> list[Changed]:
    """In the scope of one team its subteams stand as lines of it: they came or went."""
    lines: dict[UUID, list[Line]] = defaultdict(list)
    states: dict[UUID, str] = {}
    below = Line("teams", (), ())
    for (team, _), (one, two) in _pairs(rows, "team").items():
        if only is not None and team != only:
            inside = [side is not None and side["parent"] == str(only) for side in (one, two)]
            said = names.get(team, "")
            below = Line("teams", below.before + (((("del", said),),) if inside == [True, False] else ()),
                         below.after + (((("ins", said),),) if inside == [False, True] else ()))  # fmt: skip
            continue
        states[team] = _state(one, two)
        lines[team] += _texts(one, two, ("name", "purpose", "cluster"))
        lines[team] += _named("parent", one, two, names)
    for team, line in _directions(rows, names):
        lines[team].append(line)
    people = sorted(_pairs(rows, "home").items(), key=lambda pair: names.get(UUID(pair[0][1]), ""))
    if only is not None and people:
        lines[only].append(_people("mensen", [(names.get(UUID(key), ""), one, two) for (_, key), (one, two) in people]))
    if only is not None and (below.before or below.after):
        lines[only].append(below)
    return [
        Changed("team", team, names.get(team, ""), places.get(team), "", states.get(team, "veranderd"), tuple(of))
        for team, of in lines.items()
        if of
    ]


def _directions(rows: list[Row[Any]], names: dict[UUID, str]) -> Iterator[tuple[UUID, Line]]:
    """Where a team is heading (G8, G12): a priority with its place, for that is what it says; the role that answers by name."""

    def worded(side: dict[str, Any] | None) -> dict[str, Any] | None:
        if side is None or side["kind"] == "strategie":
            return side
        words = names.get(UUID(side["role_id"]), "") if side["role_id"] else f"{side['position']}. {side['text']}"
        return side | {"text": words}

    found: dict[tuple[str, UUID], list[Pair]] = defaultdict(list)
    for (team, _), (one, two) in _pairs(rows, "direction").items():
        found[(one or two or {})["kind"], team].append((worded(one), worded(two)))
    for kind in ("strategie", "prioriteit", "aanspreekrol"):
        for (of, team), pairs in found.items():
            if of == kind:
                yield from ((team, line) for line in _items(kind, pairs))


def _roles(rows: list[Row[Any]], names: dict[UUID, str], places: dict[UUID, UUID | None]) -> list[Changed]:
    lines: dict[UUID, list[Line]] = defaultdict(list)
    states: dict[UUID, str] = {}
    for (role, _), (one, two) in _pairs(rows, "role").items():
        states[role] = _state(one, two)
        lines[role] += _texts(one, two, ("name", "purpose", "core", "office"))
        if one is not None and two is not None:
            lines[role] += _named("team_id", one, two, names)
    items = _pairs(rows, "item")
    for kind in ("verantwoordelijkheid", "domein"):
        for role in {owner for owner, _ in items}:
            of = [
                pair
                for (owner, _), pair in items.items()
                if owner == role and (pair[0] or pair[1] or {})["kind"] == kind
            ]
            lines[role] += _items(kind, of)
    fillings: dict[UUID, list[tuple[str, dict[str, Any] | None, dict[str, Any] | None]]] = defaultdict(list)
    for (role, person), (one, two) in _pairs(rows, "filling").items():
        fillings[role].append((names.get(UUID(person), ""), one, two))
    for role, people in fillings.items():
        lines[role].append(_people("vervuld", sorted(people, key=lambda one: one[0])))
    return [
        Changed("rol", role, names.get(role, ""), place, names.get(place, "") if place else "",
                states.get(role, "veranderd"), tuple(of))
        for role, of in lines.items() if of for place in (places.get(role),)
    ]  # fmt: skip


def _policies(rows: list[Row[Any]], names: dict[UUID, str]) -> list[Changed]:
    found = []
    for (policy, _), (one, two) in _pairs(rows, "policy").items():
        latest = two or one or {}
        team = UUID(latest["team_id"])
        lines = tuple(_texts(one, two, ("title", "kind", "text")))
        found.append(
            Changed("afspraak", policy, latest["title"], team, names.get(team, ""), _state(one, two), lines)
        )  # fmt: skip
    return found


def _state(one: Any, two: Any) -> str:
    return "nieuw" if one is None else "vervallen" if two is None else "veranderd"


def _texts(one: dict[str, Any] | None, two: dict[str, Any] | None, fields: tuple[str, ...]) -> Iterator[Line]:
    for field in fields:
        before, after = (one or {}).get(field) or "", (two or {}).get(field) or ""
        if before != after:
            left, right = pieces(before, after)
            yield Line(field, (left,) if left else (), (right,) if right else ())


def _named(field: str, one: dict[str, Any] | None, two: dict[str, Any] | None, names: dict[UUID, str]) -> list[Line]:
    before, after = ((side or {}).get(field) for side in (one, two))
    if before == after:
        return []
    said = [names.get(UUID(key), "") if key else "" for key in (before, after)]
    return [Line(field, _whole("del", said[0]), _whole("ins", said[1]))]


def _whole(sign: str, words: str) -> tuple[tuple[Piece, ...], ...]:
    return (((sign, words),),) if words else ()


def _items(kind: str, pairs: list[Pair]) -> list[Line]:
    """What came, went or reads otherwise, on either side in its own order; what only moved up or down says nothing."""
    said = [(pieces((one or {}).get("text", ""), (two or {}).get("text", "")), one, two) for one, two in pairs]
    said = [of for of in said if any(sign for side in of[0] for sign, _ in side)]
    left = [both[0] for both, one, _ in sorted(said, key=lambda of: (of[1] or {}).get("position", 0)) if one]
    right = [both[1] for both, _, two in sorted(said, key=lambda of: (of[2] or {}).get("position", 0)) if two]
    return [Line(kind, tuple(left), tuple(right))] if said else []


def _people(field: str, people: list[tuple[str, dict[str, Any] | None, dict[str, Any] | None]]) -> Line:
    """Who came and who went; who stays with another focus or term stands on both sides."""
    left = [_person("del", name, one) for name, one, _ in people if one is not None]
    right = [_person("ins", name, two) for name, _, two in people if two is not None]
    return Line(field, tuple(left), tuple(right))


def _person(sign: str, name: str, filling: dict[str, Any]) -> tuple[Piece, ...]:
    more = [filling["focus"]] if filling.get("focus") else []
    until = filling.get("until")
    return ((sign, ", ".join([name, *more])), *((("tot", until),) if until else ()))


async def _names(
    session: AsyncSession, rows: list[Row[Any]], given: dict[str, Any], scope: str, asked: set[UUID | None]
) -> tuple[dict[UUID, str], dict[UUID, UUID | None]]:
    """Names of everything in the rows, and for a role its team, for a team the one above it."""
    roles = {row.owner for row in rows if row.kind in ("role", "item", "filling")}
    roles |= {UUID(row.fields["role_id"]) for row in rows if row.kind == "direction" and row.fields["role_id"]}
    teams = {row.owner for row in rows if row.kind in ("team", "home", "direction")}
    roles, teams = (roles | asked, teams) if scope == "rol" else (roles, teams | asked)
    teams |= {UUID(key) for row in rows for key in (row.fields.get("team_id"), row.fields.get("parent")) if key}
    people = {UUID(row.fields["person"]) for row in rows if row.kind in ("filling", "home")}
    if not (roles or teams or people):
        return {}, {}
    found = await session.execute(NAMES, {**given, "roles": list(roles), "teams": list(teams), "people": list(people)})
    names, places = dict[UUID, str](), dict[UUID, UUID | None]()
    for row in found:
        names[row.id], places[row.id] = row.name, row.team_id
    lacking = {place for role in roles if role and (place := places.get(role)) and place not in names}
    if lacking:
        given = {**given, "roles": [], "teams": list(lacking), "people": []}
        names |= {row.id: row.name for row in await session.execute(NAMES, given)}
    return names, places
