"""The tables of the register; versions have `valid` (in law) and `recorded` (known). A party is text such as `rol:UUID` or `orgaan:college`."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from sqlalchemy import BigInteger, FetchedValue, ForeignKey, Text
from sqlalchemy.dialects.postgresql import ARRAY, Range
from sqlalchemy.orm import Mapped, mapped_column

from teams.kit.db import Model

Key = Annotated[UUID, mapped_column(primary_key=True, server_default=FetchedValue())]
Item = Annotated[UUID, mapped_column(server_default=FetchedValue())]
Texts = Annotated[list[str], mapped_column(ARRAY(Text))]
Cents = Annotated[int, mapped_column(BigInteger)]
Known = Annotated[Range[datetime], mapped_column(server_default=FetchedValue())]


class GrantState(StrEnum):
    """How a grant stands at a moment; computed (`grant_state`), never stored."""

    DRAFTED = "voorgenomen"
    DECIDED = "besloten"
    PUBLISHED = "bekendgemaakt"
    IN_FORCE = "geldt"
    WITHDRAWN = "ingetrokken"
    LAPSED = "vervallen"


class PowerEntity(Model):
    __tablename__ = "power"

    id: Mapped[Key]
    code: Mapped[str]


class PowerVersion(Model):
    """`organs`: codes of all that hold it. `four_eyes`: cents, -1 always, None never. `keywords`: other words by which people look for it."""

    __tablename__ = "power_version"

    id: Mapped[Key]
    power_id: Mapped[UUID] = mapped_column(ForeignKey("power.id"))
    title: Mapped[str]
    act: Mapped[str]
    organs: Mapped[Texts]
    mandatable: Mapped[str]
    only_to: Mapped[Texts]
    mandatable_source: Mapped[str]
    specials: Mapped[Texts]
    ceiling_base: Mapped[str]
    four_eyes: Mapped[Cents | None]
    external_by_law: Mapped[bool]
    asks: Mapped[Texts]
    confidential: Mapped[bool]
    recording: Mapped[str]
    keywords: Mapped[str]
    valid: Mapped[Range[datetime]]
    recorded: Mapped[Known]


class PowerBasis(Model):
    """One article on which a power rests, over time; `item_id` stays the same through its versions."""

    __tablename__ = "power_basis"

    id: Mapped[Key]
    item_id: Mapped[Item]
    power_id: Mapped[UUID] = mapped_column(ForeignKey("power.id"))
    text: Mapped[str]
    valid: Mapped[Range[datetime]]
    recorded: Mapped[Known]


class GrantEntity(Model):
    __tablename__ = "power_grant"

    id: Mapped[Key]
    number: Mapped[str]


class GrantVersion(Model):
    """`all_except` not None makes it a reverse mandate. `conditions` as typed; `decided_on` None: still a draft.
    The database adds `hash`, of everything that the version says."""

    __tablename__ = "grant_version"

    id: Mapped[Key]
    grant_id: Mapped[UUID] = mapped_column(ForeignKey("power_grant.id"))
    kinds: Mapped[Texts]
    grantors: Mapped[Texts]
    holder: Mapped[str]
    parent_id: Mapped[UUID | None] = mapped_column(ForeignKey("power_grant.id"))
    powers: Mapped[Texts]
    all_except: Mapped[Texts | None]
    ceiling: Mapped[Cents | None]
    base: Mapped[str]
    sub: Mapped[str]
    sub_depth: Mapped[int]
    sub_only_to: Mapped[Texts]
    conditions: Mapped[Texts]
    instructions: Mapped[Texts]
    form: Mapped[str]
    case_number: Mapped[str | None]
    written: Mapped[bool]
    framework_id: Mapped[UUID | None] = mapped_column(ForeignKey("framework.id"))
    remarks: Mapped[str]
    decided_on: Mapped[datetime | None]
    decision: Mapped[str]
    published_on: Mapped[datetime | None]
    publication: Mapped[str]
    publication_uri: Mapped[str]
    consent_holder_on: Mapped[datetime | None]
    consent_employer_on: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]
    withdrawal: Mapped[str]
    valid: Mapped[Range[datetime]]
    recorded: Mapped[Known]


class Decree(Model):
    """A mandaatbesluit of an organ: gives drafted grants and withdraws others."""

    __tablename__ = "decree"

    id: Mapped[Key]
    number: Mapped[int] = mapped_column(server_default=FetchedValue())
    organ_id: Mapped[UUID] = mapped_column(ForeignKey("organ.id"))
    title: Mapped[str]
    text: Mapped[str]
    state: Mapped[str] = mapped_column(server_default=FetchedValue())
    decided_on: Mapped[datetime | None] = mapped_column(server_default=FetchedValue())
    decision: Mapped[str] = mapped_column(server_default=FetchedValue())
    published_on: Mapped[datetime | None] = mapped_column(server_default=FetchedValue())
    publication: Mapped[str] = mapped_column(server_default=FetchedValue())
    publication_uri: Mapped[str] = mapped_column(server_default=FetchedValue())
    made_by: Mapped[UUID | None]
    made_at: Mapped[datetime] = mapped_column(server_default=FetchedValue())
    version: Mapped[int] = mapped_column(server_default=FetchedValue())


class DecreeItem(Model):
    """`act`: geeft or trekt_in."""

    __tablename__ = "decree_item"

    decree_id: Mapped[UUID] = mapped_column(ForeignKey("decree.id"), primary_key=True)
    grant_id: Mapped[UUID] = mapped_column(ForeignKey("power_grant.id"), primary_key=True)
    act: Mapped[str]


class ExclusionVersion(Model):
    """Over every grant, or over one. `triggers` as typed; none is always."""

    __tablename__ = "power_exclusion"

    id: Mapped[Key]
    item_id: Mapped[Item]
    power_id: Mapped[UUID] = mapped_column(ForeignKey("power.id"))
    grant_id: Mapped[UUID | None] = mapped_column(ForeignKey("power_grant.id"))
    rule: Mapped[str]
    triggers: Mapped[Texts]
    source: Mapped[str]
    valid: Mapped[Range[datetime]]
    recorded: Mapped[Known]


class ReplacementVersion(Model):
    __tablename__ = "replacement"

    id: Mapped[Key]
    item_id: Mapped[Item]
    role_id: Mapped[UUID]
    person_id: Mapped[UUID]
    reason: Mapped[str]
    decision: Mapped[str]
    valid: Mapped[Range[datetime]]
    recorded: Mapped[Known]


class BudgetVersion(Model):
    """`amount` in cents for the calendar year; None when not known. `holder_id`: the role that keeps it.

    `formation`: what the budget allows `team_id` in tenths of hours a week; a full-time place is 360.
    """

    __tablename__ = "budget"

    id: Mapped[Key]
    code: Mapped[str]
    year: Mapped[int]
    name: Mapped[str]
    portfolio: Mapped[str]
    amount: Mapped[Cents | None]
    holder_id: Mapped[UUID | None]
    powers: Mapped[Texts]
    formation: Mapped[int | None]
    team_id: Mapped[UUID | None]
    recorded: Mapped[Known]


class InterestVersion(Model):
    """`about`: a case number or the name of another party."""

    __tablename__ = "interest"

    id: Mapped[Key]
    person_id: Mapped[UUID]
    about: Mapped[str]
    kind: Mapped[str]
    recorded: Mapped[Known]


class FrameworkEntity(Model):
    __tablename__ = "framework"

    id: Mapped[Key]
    code: Mapped[str]


class FrameworkVersion(Model):
    """A kader of an organ: text, decision, term."""

    __tablename__ = "framework_version"

    id: Mapped[Key]
    framework_id: Mapped[UUID] = mapped_column(ForeignKey("framework.id"))
    title: Mapped[str]
    text: Mapped[str]
    organ_id: Mapped[UUID] = mapped_column(ForeignKey("organ.id"))
    decided_on: Mapped[datetime]
    decision: Mapped[str]
    valid: Mapped[Range[datetime]]
    recorded: Mapped[Known]
