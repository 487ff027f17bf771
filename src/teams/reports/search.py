"""One search over everything a person may see: who is answerable for what, found by words, or by their likeness."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from sqlalchemy import Row
from sqlalchemy.ext.asyncio import AsyncSession

from teams.journal.models import Actor
from teams.kit.db import setting
from teams.kit.errors import Invalid, Reason
from teams.kit.text import N_, words_in
from teams.mandates.queries.parties import PartySeen, party_names
from teams.reports.search_sql import ALIKE, BEGIN, END, PARTS, statement
from teams.structure.moment import Moment

KINDS = tuple(PARTS)
REGISTER = ("bevoegdheid", "mandaat")
FEW, MANY = 5, 50
LOOKED_AT, LOOKED_FURTHER = 60, 400
LONGEST = 120
_AROUND = 14
_NAMED = ("persoon", "team")
_OF_NOW = ("klus", "voorstel", "besluit")
# What people type around what they look for: 'wie is verantwoordelijk voor bomen'.
_FILLING = frozenset([
    "aan", "als", "bij", "de", "dat", "die", "doet", "door", "een", "en", "er", "gaat", "het", "hoort", "ik", "in", "is", "kan",
    "mag", "met", "moet", "naar", "of", "om", "onze", "op", "over", "te", "uit", "van", "verantwoordelijk", "voor", "waar",
    "waarover", "waarvoor", "wat", "we", "wie", "zorgt",
])  # fmt: skip

Marked = tuple[tuple[str, bool], ...]
"""A text in pieces; True: this piece is what was looked for."""


@dataclass(frozen=True)
class Hit:
    """One thing found. `lines`: what it says around the words; `people`: who fills a role; `roles`: what a person fills."""

    kind: str
    key: str
    title: Marked
    place: str | None
    place_key: str | None
    lines: tuple[Marked, ...]
    people: tuple[tuple[str, str], ...]
    roles: tuple[tuple[str, str], ...]
    holder: PartySeen | None
    more: Any

    @property
    def name(self) -> str:
        return "".join(piece for piece, _ in self.title)


@dataclass(frozen=True)
class Found:
    """Groups in the order of `KINDS`, each with its hits and whether there are more. `alike`: by likeness of words only;
    `cut`: kinds of which so much has these words that not all was looked at."""

    groups: tuple[tuple[str, tuple[Hit, ...], bool], ...]
    alike: bool
    cut: frozenset[str] = frozenset()

    @property
    def number(self) -> int:
        return sum(len(hits) for _, hits, _ in self.groups)


def may_find(by: Actor) -> tuple[str, ...]:
    """The kinds that this person may search: a council reader reads only the register."""
    return REGISTER if by.person_id is None or by.has("raad") else KINDS


async def search(session: AsyncSession, typed: str, by: Actor, moment: Moment, *, kind: str = "") -> Found:
    """Everything that has all words, in one statement. When nothing has: what has some of them and names that look like
    them, and then what looks like the whole; and one statement for the names of holders.

    `kind`: only this, and more of it. What was, is found in structure and register; klussen, proposals and decisions are of now.
    """
    if len(typed) > LONGEST:
        raise Invalid({"zoek": Reason("te_lang", N_("Zoek met minder woorden: hoogstens 120 tekens."))})
    kinds = tuple(one for one in may_find(by) if kind in ("", one) and (moment.is_now or one not in _OF_NOW))
    words = words_of(typed)
    if not words or not kinds:
        return Found((), False)
    limit = MANY if kind else FEW
    given = _parameters(typed, words, by, moment, limit + 1)
    rows, cut = _parted((await session.execute(statement(kinds), given)).all())
    by_likeness = frozenset[str]()
    if not rows and len(words) > 1:
        by_likeness = frozenset(_NAMED)
        some = {**given, "query": given["any"], "least": 1}
        rows, cut = _parted((await session.execute(statement(kinds, by_likeness), some)).all())
    if not rows and len(given["word"]) > 3 and any(one in ALIKE for one in kinds):
        by_likeness = frozenset(kinds)
        # From its sixth time on PostgreSQL plans a statement without its words; likeness then costs ten times as much.
        async with setting(session, "plan_cache_mode", "force_custom_plan"):
            rows, cut = _parted((await session.execute(statement(kinds, by_likeness), given)).all())
    holders = {row.more["holder"] for row in rows if row.kind == "mandaat"}
    nameless = may_find(by) is REGISTER
    names = await party_names(session, holders, moment, nameless=nameless) if holders else {}
    groups = []
    for one in kinds:
        found = [_hit(row, names, words if one in by_likeness else ()) for row in rows if row.kind == one]
        if found:
            groups.append((one, tuple(found[:limit]), len(found) > limit))
    return Found(tuple(groups), bool(by_likeness and rows), cut)


def _parted(rows: Sequence[Row[Any]]) -> tuple[list[Row[Any]], frozenset[str]]:
    """What was found, and the kinds of which more has these words than was looked at."""
    return [row for row in rows if row.kind != "grens"], frozenset(row.key for row in rows if row.kind == "grens")


def words_of(typed: str) -> list[str]:
    """The words that count, as pieces of a tsquery: letters and digits only, so nothing to inject; at most eight."""
    words = words_in(typed)
    telling = [word for word in words if word not in _FILLING] or words
    return [f"{word}:*" if len(word) > 2 else word for word in telling[:8]]


def _parameters(typed: str, words: list[str], by: Actor, moment: Moment, limit: int) -> dict[str, Any]:
    plain = typed.strip()
    number = re.fullmatch(r"(?:voorstel )?([1-9]\d{0,7})", plain, re.IGNORECASE)
    return {
        **moment.values, "me": by.person_id, "limit": limit, "most": LOOKED_AT if limit <= FEW + 1 else LOOKED_FURTHER, "words": words, "several": len(words) > 1, "least": len(words),
        "word": plain, "alike": " ".join(word.removesuffix(":*") for word in words),
        "query": " & ".join(words), "any": " | ".join(words), "names": " & ".join(f"{word.removesuffix(':*')}:*" for word in words),
        "number": int(number[1]) if number else None, "all_decisions": by.has("secretaris", "controller"),
    }  # fmt: skip


def _hit(row: Row[Any], names: dict[str, PartySeen], likeness: tuple[str, ...] | list[str]) -> Hit:
    wanted = [word.removesuffix(":*") for word in likeness]
    title = mark(row.title, row.title_hit, wanted)
    lines = [mark(said, hit, wanted) for said, hit in zip(row.body, row.body_hit, strict=True) if said]
    marked = [line for line in lines if any(found for _, found in line)]
    people = tuple((one["id"], one["name"]) for one in row.more) if row.kind in ("rol", "persoon") else ()
    return Hit(
        row.kind, row.key, title, row.place, row.place_key, tuple(map(around, (marked or lines[:1])[:3])),
        people if row.kind == "rol" else (), people if row.kind == "persoon" else (),
        names.get(row.more["holder"]) if row.kind == "mandaat" else None, row.more,
    )  # fmt: skip


def mark(said: str, hit: str, likeness: list[str]) -> Marked:
    """The text as it was written, with the words marked that the folded text `hit` marks; or those that look alike."""
    pieces = re.split(r"(\s+)", said)
    if likeness:
        return _joined([(piece, any(_looks(piece, word) for word in likeness)) for piece in pieces])
    folded = re.split(r"(\s+)", hit)
    if len(pieces) != len(folded):
        return ((said, False),)
    return _joined([found for piece, other in zip(pieces, folded, strict=True) for found in _within(piece, other)])


def around(line: Marked) -> Marked:
    """Of a long text what stands around the first word found."""
    if sum(len(piece) for piece, _ in line) <= 180:
        return line
    first = next((place for place, (_, found) in enumerate(line) if found), 0)
    before, after = "".join(piece for piece, _ in line[:first]).split(), line[first:]
    head = ("… " if len(before) > _AROUND else "") + " ".join(before[-_AROUND:]) + (" " if before else "")
    left, shown = 140, list[tuple[str, bool]]()
    for piece, found in after:
        if left <= 0:
            break
        cut = piece if len(piece) <= left or found else piece[:left].rsplit(" ", 1)[0] + " …"
        shown.append((cut, found))
        left -= len(piece)
    return _joined([(head, False), *shown])


def _within(piece: str, folded: str) -> list[tuple[str, bool]]:
    """One word of the text, split where its folded form is marked; as a whole when folding changed its length."""
    if BEGIN not in folded:
        return [(piece, False)]
    parts = re.split(f"{BEGIN}(.*?){END}", folded)
    if sum(map(len, parts)) != len(piece):
        return [(piece, True)]
    found, place = [], 0
    for number, part in enumerate(parts):
        found.append((piece[place : place + len(part)], number % 2 == 1))
        place += len(part)
    return found


def _looks(piece: str, word: str) -> bool:
    return len(piece) > 2 and SequenceMatcher(None, piece.lower(), word).ratio() >= 0.65


def _joined(pieces: list[tuple[str, bool]]) -> Marked:
    found: list[tuple[str, bool]] = []
    for piece, marked in pieces:
        if not piece:
            continue
        if found and found[-1][1] == marked:
            found[-1] = (found[-1][0] + piece, marked)
        else:
            found.append((piece, marked))
    return tuple(found)
