"""Klus and claim: their tables, their states, and the words of every refusal."""

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from sqlalchemy import FetchedValue, ForeignKey
from sqlalchemy.dialects.postgresql import ARRAY, TEXT, TSVECTOR
from sqlalchemy.orm import Mapped, mapped_column

from teams.kit.db import Model


class Kind(StrEnum):
    KLUS = "klus"
    PROJECT = "project"
    VACANCY = "vacature"


class Way(StrEnum):
    """How places are handed out (R17)."""

    CLAIM = "claim"
    SELECTION = "selectie"
    LOTS = "loten"


class KlusState(StrEnum):
    """The stored states; 'vol' and 'inschrijving open' are derived, never stored (klussen 3.2)."""

    DRAFT = "concept"
    REVIEWED = "ter_toetsing"
    OPEN = "open"
    CLOSED = "gesloten"
    RUNNING = "in_uitvoering"
    COMPLETED = "afgerond"
    CANCELLED = "ingetrokken"
    EXPIRED = "verlopen"


class ClaimState(StrEnum):
    """Klussen 3.2; the steps between them are the trigger `claim_moves`."""

    APPLIED = "aangemeld"
    WAITING = "wachtlijst"
    RESERVED = "gereserveerd"
    OFFERED = "aangeboden"
    AWAITING = "wacht_op_instemming"
    CONFIRMED = "bevestigd"
    RUNNING = "lopend"
    COMPLETED = "afgerond"
    REJECTED = "afgewezen"
    DECLINED = "afgeslagen"
    LAPSED = "vervallen"
    REFUSED = "geweigerd"
    WITHDRAWN = "ingetrokken"
    HANDED_BACK = "teruggegeven"
    ENDED = "beeindigd"


HOLDS_SEAT = (
    ClaimState.RESERVED, ClaimState.OFFERED, ClaimState.AWAITING, ClaimState.CONFIRMED, ClaimState.RUNNING,
)  # fmt: skip
"""A reserved seat is held by a team, without a person yet (R16)."""
ACTIVE = (ClaimState.APPLIED, ClaimState.WAITING, *HOLDS_SEAT)


class ConsentState(StrEnum):
    ASKED = "gevraagd"
    GIVEN = "gegeven"
    REFUSED = "geweigerd"
    EXPIRED = "verlopen"
    VOID = "vervallen"


LIVE = (KlusState.OPEN, KlusState.RUNNING)
ENDED = (KlusState.COMPLETED, KlusState.CANCELLED, KlusState.EXPIRED)


class Origin(StrEnum):
    """Where a klus comes from (R20)."""

    INTERNAL = "intern"
    INITIATIVE = "initiatief"
    CHALLENGE = "uitdaagrecht"
    COUNCIL = "raad"


class Klus(Model):
    """Work on offer. Hours: `hours_min`-`hours_max` a week in a period, or `hours_total` with a date (R18)."""

    __tablename__ = "klus"

    id: Mapped[UUID] = mapped_column(primary_key=True, server_default=FetchedValue())
    number: Mapped[int] = mapped_column(server_default=FetchedValue())
    version: Mapped[int] = mapped_column(default=1)
    terms: Mapped[int] = mapped_column(default=1)
    title: Mapped[str]
    description: Mapped[str]
    kind: Mapped[str]
    way: Mapped[str]
    state: Mapped[str]
    team_id: Mapped[UUID]
    role_id: Mapped[UUID | None]
    organ_id: Mapped[UUID | None]
    posted_by: Mapped[UUID]
    places: Mapped[int]
    taken: Mapped[int] = mapped_column(server_default=FetchedValue())
    hours_min: Mapped[Decimal | None]
    hours_max: Mapped[Decimal | None]
    hours_total: Mapped[Decimal | None]
    starts: Mapped[date]
    ends: Mapped[date | None]
    apply_until: Mapped[date | None]
    accepting: Mapped[bool] = mapped_column(default=True)
    origin: Mapped[str]
    origin_reference: Mapped[str]
    powers: Mapped[list[str]] = mapped_column(ARRAY(TEXT))
    created_at: Mapped[datetime] = mapped_column(server_default=FetchedValue())
    published_at: Mapped[datetime | None]
    search: Mapped[str] = mapped_column(TSVECTOR, server_default=FetchedValue(), deferred=True)


class KlusSkill(Model):
    __tablename__ = "klus_skill"

    klus_id: Mapped[UUID] = mapped_column(ForeignKey("klus.id"), primary_key=True)
    skill_id: Mapped[UUID] = mapped_column(primary_key=True)


class Claim(Model):
    """Inzet: one person's engagement with one klus; without a person, a place that a team holds (R16).

    `terms` is the edition of the klus that was agreed to (R8); `due_at` the end of an offer, a consent or a reservation;
    `stops_on` the last day of somebody who said to hand it back later.
    """

    __tablename__ = "claim"

    id: Mapped[UUID] = mapped_column(primary_key=True, server_default=FetchedValue())
    klus_id: Mapped[UUID] = mapped_column(ForeignKey("klus.id"))
    person_id: Mapped[UUID | None]
    team_claim_id: Mapped[UUID | None]
    state: Mapped[str]
    seat: Mapped[int | None]
    hours: Mapped[Decimal]
    terms: Mapped[int]
    motivation: Mapped[str]
    at: Mapped[datetime] = mapped_column(server_default=FetchedValue())
    ended_at: Mapped[datetime | None]
    ended_on: Mapped[date | None]
    reason: Mapped[str]
    handover: Mapped[str]
    due_at: Mapped[datetime | None]
    lined_at: Mapped[datetime | None]
    line_reason: Mapped[str] = mapped_column(default="")
    skipped: Mapped[str] = mapped_column(default="")
    lot: Mapped[int | None]
    chosen_by: Mapped[UUID | None]
    result: Mapped[str] = mapped_column(default="")
    stops_on: Mapped[date | None]
    version: Mapped[int] = mapped_column(default=1)


class Consent(Model):
    """A team's consent to lend somebody out for these hours in this period (R6)."""

    __tablename__ = "consent"

    id: Mapped[UUID] = mapped_column(primary_key=True, server_default=FetchedValue())
    claim_id: Mapped[UUID] = mapped_column(ForeignKey("claim.id"))
    team_id: Mapped[UUID]
    role_id: Mapped[UUID | None]
    policy: Mapped[str]
    state: Mapped[str]
    on_expiry: Mapped[str]
    hours: Mapped[Decimal]
    starts: Mapped[date]
    ends: Mapped[date | None]
    terms: Mapped[int]
    asked_at: Mapped[datetime] = mapped_column(server_default=FetchedValue())
    due_at: Mapped[datetime]
    answered_at: Mapped[datetime | None]
    answered_by: Mapped[UUID | None]
    acting_role: Mapped[UUID | None]
    reason: Mapped[str]
    decision: Mapped[str | None]
    version: Mapped[int]
