"""Decisions and what waits to become one. A decision never changes; what comes after is a row and an entry of its own."""

import hashlib
import json
from collections.abc import Mapping
from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, Any
from uuid import UUID

from sqlalchemy import BigInteger, FetchedValue, ForeignKey, Text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.dialects.postgresql import UUID as PG_UUID
from sqlalchemy.orm import Mapped, mapped_column

from teams.kit.db import Model

Key = Annotated[UUID, mapped_column(primary_key=True, server_default=FetchedValue())]
Given = Annotated[datetime, mapped_column(server_default=FetchedValue())]
Cents = Annotated[int, mapped_column(BigInteger)]


class IntentState(StrEnum):
    """What a voornemen waits for, or how it ended."""

    ADVICE = "advies"
    SECOND = "tweede"
    READY = "klaar"
    HANDED_UP = "doorgestuurd"
    ORGAN = "orgaan"
    DECIDED = "besloten"
    REFUSED = "afgewezen"
    WITHDRAWN = "ingetrokken"


WAITING = (IntentState.ADVICE, IntentState.SECOND, IntentState.READY, IntentState.HANDED_UP, IntentState.ORGAN)


class Outcome(StrEnum):
    """How a decision stood when it was recorded. OVERRIDDEN: an instruction was set aside (M14)."""

    COMPETENT = "bevoegd"
    OVERRIDDEN = "doorbroken"
    DEFECT = "gebrek"


class Source(StrEnum):
    """By which door a decision came in."""

    SCREEN = "scherm"
    API = "api"
    BATCH = "reeks"
    IMPORT = "invoer"
    CASE_SYSTEM = "zaaksysteem"


class ActKind(StrEnum):
    """What can come after a decision (M27)."""

    CORRECTION = "correctie"
    DEFECT = "gebrek"
    RATIFIED = "bekrachtiging"
    ERASED = "vernietigd"


class Intent(Model):
    """A voornemen: `person_id` wants it decided, `holder_id` may take the next step."""

    __tablename__ = "intent"

    id: Mapped[Key]
    state: Mapped[str]
    power: Mapped[str]
    confidential: Mapped[bool]
    person_id: Mapped[UUID]
    role_id: Mapped[UUID | None]
    holder_id: Mapped[UUID]
    second_id: Mapped[UUID | None]
    question: Mapped[dict[str, Any]] = mapped_column(JSONB)
    cents: Mapped[Cents | None]
    case_number: Mapped[str | None]
    counterparty: Mapped[str | None]
    subject: Mapped[str | None]
    reasons: Mapped[str | None]
    no_interest: Mapped[bool]
    origin: Mapped[str]
    made_at: Mapped[Given]
    version: Mapped[int] = mapped_column(server_default=FetchedValue())

    @property
    def waits(self) -> bool:
        return self.state in WAITING


class OrganProposal(Model):
    """A voorstel for an organ that decides itself; its text can be edited until the outcome is entered."""

    __tablename__ = "organ_proposal"

    id: Mapped[Key]
    number: Mapped[int] = mapped_column(server_default=FetchedValue())
    intent_id: Mapped[UUID] = mapped_column(ForeignKey("intent.id"))
    organ_id: Mapped[UUID]
    title: Mapped[str | None]
    text: Mapped[str | None]
    state: Mapped[str] = mapped_column(server_default=FetchedValue())
    decided_on: Mapped[date | None] = mapped_column(server_default=FetchedValue())
    decision_number: Mapped[str | None]
    remark: Mapped[str | None]
    made_by: Mapped[UUID]
    made_at: Mapped[Given]
    outcome_by: Mapped[UUID | None]
    outcome_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(server_default=FetchedValue())


class Decision(Model):
    """`chains`: per source organ the links `NUMBER@sha256:…` from root to leaf; `rules`: code and outcome of every rule.

    Erasable, so possibly null: answer, case_number, counterparty, subject, reasons, signature, override_reason."""

    __tablename__ = "decision"

    id: Mapped[Key]
    year: Mapped[int]
    serial: Mapped[int]
    number: Mapped[str] = mapped_column(server_default=FetchedValue())
    power: Mapped[str]
    power_title: Mapped[str]
    act: Mapped[str]
    organ: Mapped[str]
    confidential: Mapped[bool]
    recording: Mapped[str]
    source: Mapped[str]
    batch_id: Mapped[UUID | None]
    external: Mapped[str | None]
    origin: Mapped[str]
    intent_id: Mapped[UUID | None]
    person_id: Mapped[UUID]
    role_id: Mapped[UUID | None]
    capacity: Mapped[str]
    absent: Mapped[list[UUID]] = mapped_column(ARRAY(PG_UUID()))
    second_id: Mapped[UUID | None]
    reporter_id: Mapped[UUID | None]
    contested: Mapped[str | None]
    verdict: Mapped[str]
    outcome: Mapped[str]
    grants: Mapped[list[str]] = mapped_column(ARRAY(Text))
    chains: Mapped[list[Any]] = mapped_column(JSONB)
    ceiling: Mapped[Cents | None]
    base: Mapped[str]
    cents: Mapped[Cents | None]
    total: Mapped[Cents | None]
    rulebook: Mapped[str]
    rules: Mapped[list[Any]] = mapped_column(JSONB)
    rules_hash: Mapped[str]
    question: Mapped[dict[str, Any]] = mapped_column(JSONB)
    answer: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    case_number: Mapped[str | None]
    counterparty: Mapped[str | None]
    subject: Mapped[str | None]
    reasons: Mapped[str | None]
    signature: Mapped[str | None]
    no_interest: Mapped[bool]
    sensitive: Mapped[bool | None]
    overridden: Mapped[str | None]
    override_reason: Mapped[str | None]
    request_key: Mapped[str | None]
    decided_at: Mapped[datetime]
    recorded_at: Mapped[Given]
    entry_id: Mapped[UUID]


class DecisionAct(Model):
    """Correction, defect, ratification, objection lost or erasure. `about_id`: the defect that is repaired or settled."""

    __tablename__ = "decision_act"

    id: Mapped[Key]
    decision_id: Mapped[UUID] = mapped_column(ForeignKey("decision.id"))
    kind: Mapped[str]
    person_id: Mapped[UUID]
    role_id: Mapped[UUID | None]
    about_id: Mapped[UUID | None]
    field: Mapped[str | None]
    old_value: Mapped[str | None]
    new_value: Mapped[str | None]
    ground: Mapped[str | None]
    reason: Mapped[str | None]
    organ: Mapped[str | None]
    organ_decided_on: Mapped[date | None]
    organ_decision: Mapped[str | None]
    told_on: Mapped[date | None]
    venue: Mapped[str | None]
    effect: Mapped[str | None]
    approved_by: Mapped[UUID | None]
    entry_id: Mapped[UUID]
    at: Mapped[Given]


CONTENT = [
    "power",
    "person_id",
    "role_id",
    "capacity",
    "second_id",
    "cents",
    "case_number",
    "counterparty",
    "subject",
    "reasons",
    "signature",
    "no_interest",
    "answer",
    "chains",
    "rules",
    "rulebook",
    "override_reason",
]
"""Columns of a decision whose digest is sealed in its log entry as `inhoud`."""


def content_digest(row: Mapping[str, Any]) -> str:
    """`sha256:` over the columns of CONTENT as canonical JSON; tells whether a decision's row is still as it was recorded."""
    held = {name: row[name] for name in CONTENT}
    raw = json.dumps(held, sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=str)
    return "sha256:" + hashlib.sha256(raw.encode()).hexdigest()


def rules_digest(rules: list[list[str]]) -> str:
    """`sha256:` over code and outcome of every rule: no fact of a case, so nothing to guess from it."""
    return "sha256:" + hashlib.sha256(json.dumps(rules, separators=(",", ":")).encode()).hexdigest()
