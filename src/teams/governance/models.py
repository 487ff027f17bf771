"""Proposals, objections, elections and offers: their states, and the tables whose rows are locked. The rest is append-only."""

from datetime import date, datetime
from decimal import Decimal
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
    """G18: the only kinds of policy. From `besluitvorm` on they change a default rule, which the software then follows."""

    LIMIT = "beperking"
    AUTHORITY = "bevoegdheid"
    DOMAIN = "domein"
    CONSENT = "besluitvorm"
    FILLING = "vervulling"
    CANDIDATES = "kandidaten"
    QUORUM = "quorum"
    LENDING = "instemming"
    REVIEW = "klustoets"
    MEETING = "overleg"
    CORE = "kernrol"
    LINK = "koppeling"
    PURPOSE = "doel"
    LEAD = "leiding"


DEFAULTS = (
    PolicyKind.CONSENT,
    PolicyKind.FILLING,
    PolicyKind.CANDIDATES,
    PolicyKind.QUORUM,
    PolicyKind.LENDING,
    PolicyKind.REVIEW,
    PolicyKind.MEETING,
)
ANCHOR = (PolicyKind.PURPOSE, PolicyKind.LEAD)
"""G4: only of the team that has none above it: its own purpose, and that it has a rolverdeler."""


class ElectionState(StrEnum):
    BALLOTS = "stemmen"
    CHANGES = "wisselen"
    TIED = "gelijk"
    OBJECTIONS = "bezwaar"
    ELECTED = "gekozen"
    CANCELLED = "ingetrokken"
    LAPSED = "vervallen"


class OfferState(StrEnum):
    """`gever`: decided, and the grantor of the role's grants may still stop it."""

    ASKED = "gevraagd"
    ACCEPTED = "aanvaard"
    GRANTOR = "gever"
    FILLED = "vervuld"
    DECLINED = "geweigerd"
    REFUSED = "afgewezen"
    CANCELLED = "ingetrokken"
    STOPPED = "gestopt"
    LAPSED = "vervallen"


RUNNING = (ElectionState.BALLOTS, ElectionState.CHANGES, ElectionState.TIED, ElectionState.OBJECTIONS)
OFFERED = (OfferState.ASKED, OfferState.ACCEPTED, OfferState.GRANTOR)


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
    offer_id: Mapped[UUID | None]


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


class Election(Model):
    """Rule 30. `round`: 1 the ballots, 2 the change round, 3 once more among the tied; `called_by` None: a term that ends."""

    __tablename__ = "election"

    id: Mapped[UUID] = mapped_column(primary_key=True, server_default=FetchedValue())
    number: Mapped[int] = mapped_column(server_default=FetchedValue())
    team_id: Mapped[UUID]
    role_id: Mapped[UUID]
    text: Mapped[str]
    hours: Mapped[Decimal | None]
    ends_on: Mapped[date]
    candidates: Mapped[str]
    called_by: Mapped[UUID | None]
    days: Mapped[int | None]
    state: Mapped[str] = mapped_column(server_default=FetchedValue())
    round: Mapped[int] = mapped_column(server_default=FetchedValue())
    due_at: Mapped[datetime | None]
    lapses_at: Mapped[datetime]


class Offer(Model):
    """Someone is asked to fill a role (rule 9). `way`: by election, by the team's consent, or by the role that decides."""

    __tablename__ = "filling_offer"

    id: Mapped[UUID] = mapped_column(primary_key=True, server_default=FetchedValue())
    team_id: Mapped[UUID]
    role_id: Mapped[UUID]
    person_id: Mapped[UUID]
    asked_by: Mapped[UUID | None]
    election_id: Mapped[UUID | None]
    way: Mapped[str]
    decider_id: Mapped[UUID | None]
    hours: Mapped[Decimal | None]
    focus: Mapped[str]
    ends_on: Mapped[date | None]
    text: Mapped[str]
    state: Mapped[str] = mapped_column(server_default=FetchedValue())
    fills_at: Mapped[datetime | None]
