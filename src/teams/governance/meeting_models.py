"""Meetings and their agenda: kinds, steps and outcomes, and the two tables whose rows move. The rest is append-only."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import FetchedValue, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from teams.kit.db import Model


class MeetingKind(StrEnum):
    GOVERNANCE = "roloverleg"
    TACTICAL = "werkoverleg"


class MeetingState(StrEnum):
    PLANNED = "gepland"
    ON = "bezig"
    CLOSED = "gesloten"
    CANCELLED = "vervallen"


class MeetingStep(StrEnum):
    CHECK_IN = "inchecken"
    CHECKLIST = "checklist"
    METRICS = "cijfers"
    PROJECTS = "projecten"
    AGENDA = "agenda"
    ITEMS = "punten"
    CHECK_OUT = "uitchecken"


class ItemState(StrEnum):
    OPEN = "open"
    NOW = "bezig"
    DONE = "klaar"


class ItemStep(StrEnum):
    """G27: the steps of one item, in this order; from the objections to integration and back."""

    PRESENT = "inbrengen"
    QUESTIONS = "vragen"
    REACTIONS = "reacties"
    CLARIFY = "verduidelijken"
    OBJECTIONS = "bezwaren"
    INTEGRATION = "verwerking"


class ItemOutcome(StrEnum):
    ADOPTED = "aangenomen"
    ELECTED = "gekozen"
    WITHDRAWN = "ingetrokken"
    LAPSED = "vervallen"
    ON_PAPER = "op_papier"
    LATER = "later"
    DISCUSSED = "besproken"
    NOT_REACHED = "niet_besproken"


class StandingKind(StrEnum):
    """What a tactical meeting looks at each time; named as the step in which it does."""

    CHECKLIST = "checklist"
    METRIC = "cijfers"
    PROJECT = "projecten"


class Output(StrEnum):
    """What a tactical meeting may end a tension with."""

    NEXT_STEP = "volgende_stap"
    PROJECT = "project"


class Meeting(Model):
    __tablename__ = "meeting"

    id: Mapped[UUID] = mapped_column(primary_key=True, server_default=FetchedValue())
    number: Mapped[int] = mapped_column(server_default=FetchedValue())
    team_id: Mapped[UUID]
    kind: Mapped[str]
    state: Mapped[str] = mapped_column(server_default=FetchedValue())
    step: Mapped[str] = mapped_column(server_default=FetchedValue())
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    place: Mapped[str]
    intent: Mapped[str]
    notice_days: Mapped[int]
    quorum: Mapped[int | None]
    version: Mapped[int] = mapped_column(server_default=FetchedValue())

    @property
    def is_governance(self) -> bool:
        return self.kind == MeetingKind.GOVERNANCE


class MeetingItem(Model):
    __tablename__ = "meeting_item"

    id: Mapped[UUID] = mapped_column(primary_key=True, server_default=FetchedValue())
    meeting_id: Mapped[UUID] = mapped_column(ForeignKey("meeting.id"))
    label: Mapped[str]
    person_id: Mapped[UUID]
    election: Mapped[bool]
    role_id: Mapped[UUID | None]
    election_id: Mapped[UUID | None]
    proposal_id: Mapped[UUID | None]
    state: Mapped[str] = mapped_column(server_default=FetchedValue())
    step: Mapped[str | None] = mapped_column(server_default=FetchedValue())
