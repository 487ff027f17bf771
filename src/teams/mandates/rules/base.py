"""What a rule is: a function from one view of the facts to one finding."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import IntEnum, StrEnum
from functools import cache
from typing import NamedTuple

from teams.mandates.chains import Book, Chain
from teams.mandates.facts import Grant, Organ, Power, Role
from teams.mandates.question import Question
from teams.mandates.text import Text, Value


class Level(StrEnum):
    REFUSE = "weigert"
    WARN = "waarschuwt"
    DUTY = "plicht"


class Outcome(StrEnum):
    OK = "ok"
    NO = "nee"
    NOTE = "let_op"
    NA = "nvt"


_OK, _NA = Outcome.OK, Outcome.NA


class Verdict(IntEnum):
    """Ordered: the highest found wins."""

    YES = 0
    RATIFY = 1
    TOGETHER = 2
    CONSULT = 3
    NO = 4

    @property
    def word(self) -> str:
        return ("ja", "bij_bekrachtiging", "samen_met", "eerst_overleg", "nee")[self]


class Finding(NamedTuple):
    """`effect`: what this finding does to the verdict. `todo`: what the person can still supply or confirm."""

    outcome: Outcome
    text: Text
    effect: Verdict = Verdict.YES
    todo: str = ""


class View:
    """All that one rule may look at: the question, one source organ, and one chain (None: no grant at all).
    `person` None: the office is asked, and rules about persons do not apply.
    `itself`: the organ decides itself, so no rule about grants applies (M16).
    `before`: what earlier decisions add to the amount, in cents; `total`: with the amount itself (M21)."""

    __slots__ = ("before", "book", "chain", "grants", "itself", "organ", "person", "power", "q", "total")

    def __init__(
        self,
        book: Book,
        q: Question,
        power: Power,
        organ: Organ,
        chain: Chain | None,
        person: str | None,
        before: int,
    ) -> None:
        self.book, self.q, self.power, self.organ = book, q, power, organ
        self.chain, self.person, self.before = chain, person, before
        self.total: int | None = None if q.cents is None else q.cents + before
        self.grants: tuple[Grant, ...] = chain.grants if chain else ()
        self.itself = chain is not None and not self.grants

    @property
    def bound(self) -> frozenset[str]:
        """The person, and whoever is replaced: prohibitions of both count (M23)."""
        absent = self.chain.post.absent if self.chain else ()
        return frozenset(absent) | ({self.person} if self.person else frozenset())

    @property
    def role(self) -> Role | None:
        return self.chain.post.role if self.chain else None

    @property
    def past(self) -> bool:
        return self.q.moment < self.q.known_at


Check = Callable[[View], Finding]
Concern = Callable[[Book, Question], bool]


@dataclass(frozen=True, slots=True)
class Rule:
    """`unsure`: the law text has still to be checked (shown as 'te controleren'). `personal`: about persons, so not asked of an office.
    `grants_only`: does not apply when there is no grant in the chain. `concerns`: without it the rule refuses nobody who has a chain."""

    code: str
    title: str
    source: str
    level: Level
    check: Check
    unsure: bool = False
    personal: bool = False
    grants_only: bool = True
    concerns: Concern = lambda book, q: True


RULES: dict[str, Rule] = {}


def rule(
    code: str,
    title: str,
    *,
    source: str,
    level: Level = Level.REFUSE,
    unsure: bool = False,
    personal: bool = False,
    grants_only: bool = True,
    concerns: Concern = lambda book, q: True,
) -> Callable[[Check], Check]:
    """Enter a rule in the rulebook; each code once."""

    def enter(check: Check) -> Check:
        if code in RULES:
            raise ValueError(code)
        RULES[code] = Rule(code, title, source, level, check, unsure, personal, grants_only, concerns)
        return check

    return enter


_make = tuple.__new__  # most findings say ok, and a named tuple's own constructor takes longer than a rule


def ok(msgid: str, **values: Value) -> Finding:
    return _make(Finding, (_OK, _make(Text, (msgid, tuple(values.items()))), Verdict.YES, ""))


def no(msgid: str, *, todo: str = "", **values: Value) -> Finding:
    return Finding(Outcome.NO, Text(msgid, tuple(values.items())), Verdict.NO, todo)


def note(msgid: str, *, effect: Verdict = Verdict.YES, todo: str = "", **values: Value) -> Finding:
    return Finding(Outcome.NOTE, Text(msgid, tuple(values.items())), effect, todo)


def na(msgid: str, **values: Value) -> Finding:
    return Finding(_NA, Text(msgid, tuple(values.items()))) if values else _bare(_NA, msgid)


@cache
def _bare(outcome: Outcome, msgid: str) -> Finding:
    return Finding(outcome, Text(msgid))
