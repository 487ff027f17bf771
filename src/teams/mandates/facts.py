"""Everything an answer about a power rests on: plain frozen facts, no database."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from teams.mandates.terms import (
    Absence,
    ActKind,
    Base,
    ConditionKind,
    Form,
    Kind,
    Mandatable,
    PartyKind,
    Special,
    Sub,
    TriggerKind,
)


@dataclass(frozen=True, slots=True)
class Span:
    """Half-open interval of moments with a zone; None is open."""

    start: datetime | None = None
    end: datetime | None = None

    def holds(self, at: datetime) -> bool:
        return (self.start is None or self.start <= at) and (self.end is None or at < self.end)


ALWAYS = Span()


class Party(NamedTuple):
    """A tuple, because parties are compared and looked up in every rule."""

    kind: PartyKind
    id: str


@dataclass(frozen=True, slots=True)
class Organ:
    """`kind`: raad, college, burgemeester, heffingsambtenaar …; `name` runs in a sentence ('het college'); `signs_as` heads a letter."""

    id: str
    kind: str
    name: str
    signs_as: str


@dataclass(frozen=True, slots=True)
class Role:
    """`outside`: works for someone else than the grantor (griffier); `control`: may be the second pair of eyes without a grant."""

    id: str
    name: str
    team: str = ""
    office: str | None = None
    outside: bool = False
    control: bool = False


@dataclass(frozen=True, slots=True)
class Person:
    id: str
    name: str


@dataclass(frozen=True, slots=True)
class LegalBasis:
    text: str
    valid: Span = ALWAYS


@dataclass(frozen=True, slots=True)
class Power:
    """`organs`: all that hold it; an act under private law names who decides and who represents. `four_eyes_above`: None never, -1 always, else cents.
    `asks`: facts that must be known for this power: belang, gevoelig, rapporteur, wederpartij, zaak."""

    code: str
    title: str
    organs: tuple[str, ...]
    act: ActKind = ActKind.DECISION
    bases: tuple[LegalBasis, ...] = ()
    mandatable: Mandatable = Mandatable.YES
    only_to: frozenset[Party] = frozenset()
    mandatable_source: str = ""
    specials: frozenset[Special] = frozenset()
    ceiling_base: Base = Base.DECISION
    four_eyes_above: int | None = None
    external_by_law: bool = False
    asks: frozenset[str] = frozenset()
    confidential: bool = False
    recording: str = "per_besluit"


@dataclass(frozen=True, slots=True)
class Condition:
    """`text` is the source and the key by which a person confirms it; amounts in cents, exceeded when strictly greater."""

    kind: ConditionKind
    text: str
    cents: int = 0
    target: str = ""
    hours: int = 0


@dataclass(frozen=True, slots=True)
class Submandate:
    kind: Sub = Sub.NO
    depth: int = 0
    only_to: frozenset[Party] = frozenset()


@dataclass(frozen=True, slots=True)
class Grant:
    """One version of one grant. `all_except` not None makes it a reverse mandate and `powers` empty. `version` identifies the row."""

    number: str
    kinds: frozenset[Kind]
    grantors: tuple[Party, ...]
    holder: Party
    parent: str | None = None
    powers: frozenset[str] = frozenset()
    all_except: frozenset[str] | None = None
    ceiling: int | None = None
    base: Base = Base.DECISION
    sub: Submandate = Submandate()
    conditions: tuple[Condition, ...] = ()
    instructions: tuple[str, ...] = ()
    form: Form = Form.GENERAL
    case: str | None = None
    written: bool = True
    decided_on: datetime | None = None
    published_on: datetime | None = None
    publication: str = ""
    consent_holder_on: datetime | None = None
    consent_employer_on: datetime | None = None
    valid: Span = ALWAYS
    withdrawn_at: datetime | None = None
    recorded: Span = ALWAYS
    version: str = ""


@dataclass(frozen=True, slots=True)
class Trigger:
    kind: TriggerKind
    cents: int = 0
    hours: int = 0
    code: str = ""


@dataclass(frozen=True, slots=True)
class Exclusion:
    """Holds over every grant, or over one (`grant`); it bites when any trigger does; no trigger is always."""

    power: str
    rule: str
    source: str = ""
    triggers: tuple[Trigger, ...] = ()
    grant: str | None = None
    valid: Span = ALWAYS
    recorded: Span = ALWAYS


@dataclass(frozen=True, slots=True)
class Filling:
    """Person in a role; `role` is also the id of an external party when a person works there."""

    role: str
    person: str
    valid: Span = ALWAYS
    recorded: Span = ALWAYS


@dataclass(frozen=True, slots=True)
class Replacement:
    role: str
    substitute: str
    reason: Absence
    valid: Span
    decision: str = ""
    recorded: Span = ALWAYS


@dataclass(frozen=True, slots=True)
class Member:
    organ: str
    person: str
    valid: Span = ALWAYS
    recorded: Span = ALWAYS


@dataclass(frozen=True, slots=True)
class Budget:
    """`left`: cents still free in `year`, None when not known."""

    code: str
    name: str
    year: int
    powers: frozenset[str]
    left: int | None
    holder: str | None = None
    recorded: Span = ALWAYS


@dataclass(frozen=True, slots=True)
class Interest:
    """A known interest of a person in a case or another party (`about` names the question's case or counterparty)."""

    person: str
    about: str
    kind: str = ""
    recorded: Span = ALWAYS


@dataclass(frozen=True, slots=True)
class Earlier:
    """A decision taken before, for sums (M21) and for use; `grants`: every number in its chains."""

    number: str
    power: str
    cents: int
    at: datetime
    case: str | None = None
    counterparty: str | None = None
    grants: frozenset[str] = frozenset()
    recorded: Span = ALWAYS


@dataclass(frozen=True, slots=True)
class TakenBack:
    """A grantor decides this case himself (10:7)."""

    grant: str
    case: str
    by: str
    at: datetime
    recorded: Span = ALWAYS


@dataclass(frozen=True, slots=True)
class Call:
    """A grantor asked for information (10:6 lid 2) and waits."""

    grant: str
    by: str
    due: datetime
    answered_at: datetime | None = None
    recorded: Span = ALWAYS


@dataclass(frozen=True, slots=True)
class Claim:
    """Someone works on a klus that touches powers; that gives none (M30)."""

    person: str
    klus: str
    powers: frozenset[str]
    valid: Span = ALWAYS
    recorded: Span = ALWAYS


@dataclass(frozen=True, slots=True)
class Settings:
    municipality: str = "Zandermeer"
    unpublished_refuses: bool = True


@dataclass(frozen=True, slots=True)
class Facts:
    """The part of the register that a question needs; more rows never change the answer, missing ones may only make it a no."""

    powers: tuple[Power, ...]
    organs: tuple[Organ, ...] = ()
    grants: tuple[Grant, ...] = ()
    exclusions: tuple[Exclusion, ...] = ()
    roles: tuple[Role, ...] = ()
    people: tuple[Person, ...] = ()
    fillings: tuple[Filling, ...] = ()
    replacements: tuple[Replacement, ...] = ()
    members: tuple[Member, ...] = ()
    budgets: tuple[Budget, ...] = ()
    interests: tuple[Interest, ...] = ()
    earlier: tuple[Earlier, ...] = ()
    taken_back: tuple[TakenBack, ...] = ()
    calls: tuple[Call, ...] = ()
    claims: tuple[Claim, ...] = ()
    settings: Settings = Settings()
