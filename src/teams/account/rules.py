"""The rules of account that need no database: who is asked twice, what may be erased, how the sample is drawn."""

import hashlib
import json
from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum
from typing import Any

from teams.journal.models import Actor
from teams.kit.errors import NextStep, NotAllowed, Reason
from teams.kit.text import N_

SAMPLE_SIZE = 25


class Ground(StrEnum):
    """Why the content of an entry is erased."""

    TERM = "bewaartermijn"
    REQUEST = "avg_17"
    UNLAWFUL = "onrechtmatig"


ON_REQUEST = frozenset({"klus", "overig"})
"""Kinds of record of which a person may have texts erased within the term; the rest is kept by law (AVG 17(3)(b), (d))."""


def may_be_erased(ground: Ground, kind: str, until: datetime | None, at: datetime) -> bool:
    """`until`: the end of the term, None when the kind is kept for ever."""
    over = until is not None and until <= at
    return over or ground is Ground.UNLAWFUL or (ground is Ground.REQUEST and kind in ON_REQUEST)


def rank(root: bytes, number: str) -> bytes:
    """Where a decision comes in the draw: SHA-256 of the root (hex, small letters), a colon and the decision's number.

    The lowest 25 are the sample. Whoever has the signed head and the numbers of the period can repeat it:
    `printf '%s:%s' ROOT NUMBER | sha256sum`.
    """
    return hashlib.sha256(f"{root.hex()}:{number}".encode()).digest()


def drawn(root: bytes, numbers: Iterable[str], size: int = SAMPLE_SIZE) -> list[str]:
    """The numbers of the sample in the order of the draw; all of them when there are fewer than `size`."""
    return sorted(set(numbers), key=lambda number: rank(root, number))[:size]


def canonical(value: Any) -> str:
    """One way to write a value: sorted keys, no spaces; the same content gives the same bytes."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def digest(*texts: str) -> str:
    """`sha256:` and the hash of the texts, each ended by a newline."""
    return "sha256:" + hashlib.sha256("".join(f"{text}\n" for text in texts).encode()).hexdigest()


def need(by: Actor, *rights: str) -> None:
    """Refuse who has none of these rights; the system administrator has none here, whatever else was given."""
    if by.person_id is None or by.has("beheer") or not by.has(*rights):
        raise refused(_WHO.get(rights, N_("Dit is voor de gemeentesecretaris en de concerncontroller.")))


def refused(sentence: str, code: str = "geen_recht") -> NotAllowed:
    return NotAllowed(Reason(code, sentence), then=(NextStep(N_("Lees wie wat mag."), "/spelregels"),))


_WHO: dict[tuple[str, ...], str] = {
    ("secretaris",): N_("Dit doet alleen de gemeentesecretaris."),
    ("controller",): N_("Dit doet alleen de concerncontroller."),
    ("raad",): N_("Dit doet alleen wie leest voor de raad."),
}
