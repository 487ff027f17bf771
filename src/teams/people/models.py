"""People, their contract hours and absence (effective-dated), their skills; and what makes an interval of days."""

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import FetchedValue, ForeignKey
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.orm import Mapped, mapped_column

from teams.kit.db import Model


class Right(StrEnum):
    """What an account may do beyond being an employee ('Who may do what')."""

    SECRETARY = "secretaris"
    CONTROLLER = "controller"
    COUNCIL_READER = "raad"
    ADMINISTRATOR = "beheer"
    OFFICEHOLDER = "bestuurder"


class Organisation(Model):
    """The one municipality of this installation."""

    __tablename__ = "organisation"

    id: Mapped[UUID] = mapped_column(primary_key=True, server_default=FetchedValue())
    name: Mapped[str]
    version: Mapped[int] = mapped_column(server_default=FetchedValue())


class Person(Model):
    __tablename__ = "person"

    id: Mapped[UUID] = mapped_column(primary_key=True, server_default=FetchedValue())
    number: Mapped[str]
    name: Mapped[str]
    email: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(server_default=FetchedValue())
    version: Mapped[int] = mapped_column(server_default=FetchedValue())


class Contract(Model):
    """Contract hours a week (0 to 60) in a period of days; outside every contract a person is not in service."""

    __tablename__ = "contract"

    id: Mapped[UUID] = mapped_column(primary_key=True, server_default=FetchedValue())
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    hours: Mapped[Decimal]
    valid: Mapped[Range[date]]
    recorded: Mapped[Range[datetime]] = mapped_column(server_default=FetchedValue())


class Absence(Model):
    """Days on which someone is not there at all."""

    __tablename__ = "absence"

    id: Mapped[UUID] = mapped_column(primary_key=True, server_default=FetchedValue())
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    valid: Mapped[Range[date]]
    recorded: Mapped[Range[datetime]] = mapped_column(server_default=FetchedValue())


class Skill(Model):
    __tablename__ = "skill"

    id: Mapped[UUID] = mapped_column(primary_key=True, server_default=FetchedValue())
    name: Mapped[str]


class PersonSkill(Model):
    __tablename__ = "person_skill"

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), primary_key=True)
    skill_id: Mapped[UUID] = mapped_column(ForeignKey("skill.id"), primary_key=True)


def days(first: date, last: date | None) -> Range[Any]:
    """The days from `first` up to and including `last` (None: no end), stored half-open."""
    return Range(first, None if last is None else date.fromordinal(last.toordinal() + 1), bounds="[)")
