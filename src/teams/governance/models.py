"""Proposals and objections: their states, and the tables whose rows are locked. The rest is append-only."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import FetchedValue, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from teams.kit.db import Model


class ProposalState(StrEnum):
    DRAFT = "concept"
    CONSENT = "consent"
    OBJECTED = "bezwaar"
    MEETING = "overleg"
    ADOPTED = "aangenomen"
    WITHDRAWN = "ingetrokken"
    LAPSED = "vervallen"


OPEN = (ProposalState.CONSENT, ProposalState.OBJECTED)
SETTLED = (ProposalState.ADOPTED, ProposalState.WITHDRAWN, ProposalState.LAPSED)


class ConsentForm(StrEnum):
    """How much a team asks of a proposal, chosen by policy; from light to strict."""

    LIGHT = "licht"
    USUAL = "gewoon"
    STRICT = "streng"


class ObjectionState(StrEnum):
    RAISED = "ingebracht"
    TESTING = "toets"
    VALID = "geldig"
    INVALID = "ongeldig"
    INTEGRATING = "verwerking"
    RESOLVED = "opgelost"
    WITHDRAWN = "ingetrokken"


CLOSED = (ObjectionState.INVALID, ObjectionState.RESOLVED, ObjectionState.WITHDRAWN)


class Criterion(StrEnum):
    """G24: what must be arguable of an objection, all four."""

    HARM = "schade"
    ROLE = "rol"
    CAUSED = "nieuw"
    CERTAIN = "zeker"


class PolicyKind(StrEnum):
    """G18: the only kinds of policy; the last one sets the form of consent itself."""

    LIMIT = "beperking"
    AUTHORITY = "bevoegdheid"
    DOMAIN = "domein"
    CONSENT = "besluitvorm"


class Proposal(Model):
    __tablename__ = "proposal"

    id: Mapped[UUID] = mapped_column(primary_key=True, server_default=FetchedValue())
    number: Mapped[int] = mapped_column(server_default=FetchedValue())
    team_id: Mapped[UUID]
    tension_id: Mapped[UUID]
    proposer_id: Mapped[UUID]
    version: Mapped[int] = mapped_column(server_default=FetchedValue())
    state: Mapped[str] = mapped_column(server_default=FetchedValue())
    created_at: Mapped[datetime] = mapped_column(server_default=FetchedValue())


class Objection(Model):
    """One person's reason why a version would do harm. `breach`: it would break rules or law (G24)."""

    __tablename__ = "objection"

    id: Mapped[UUID] = mapped_column(primary_key=True, server_default=FetchedValue())
    proposal_id: Mapped[UUID] = mapped_column(ForeignKey("proposal.id"))
    version: Mapped[int]
    person_id: Mapped[UUID]
    text: Mapped[str]
    breach: Mapped[bool]
    state: Mapped[str] = mapped_column(server_default=FetchedValue())
    at: Mapped[datetime] = mapped_column(server_default=FetchedValue())
