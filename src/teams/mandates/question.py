"""The question: who wants to do what, when, and what is known about it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class Contested:
    """The decision objected to; `taken_by` None when it is not known who took it."""

    number: str
    taken_by: frozenset[str] | None


NO_FEATURES: Mapping[str, object] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Question:
    """May this person do this? `known_at` ≥ `moment` asks about the past; None is unknown, and unknown is a no where a rule needs it.
    `person` None asks whether the office `role` is competent, without names. `organ_decided_on`: sign only (Awb 10:11)."""

    power: str
    moment: datetime
    known_at: datetime
    person: str | None
    role: str | None = None
    cents: int | None = None
    case: str | None = None
    counterparty: str | None = None
    contested: Contested | None = None
    reporter: str | None = None
    complained_of: str | None = None
    second: str | None = None
    interest: bool | None = None
    sensitive: bool | None = None
    area: str | None = None
    case_type: str | None = None
    hours: int | None = None
    budget: str | None = None
    organ_decided_on: datetime | None = None
    against_instruction: bool = False
    features: Mapping[str, object] = field(default_factory=lambda: NO_FEATURES)
    confirmed: frozenset[str] = frozenset()
