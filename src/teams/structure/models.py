"""Teams, roles and fillings: an entity that stays, and versions with `valid` (in the world) and `recorded` (known)."""

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from sqlalchemy import FetchedValue, ForeignKey
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.orm import Mapped, mapped_column

from teams.kit.db import Model


class CoreRole(StrEnum):
    """The four roles that every team has; nobody is anybody's manager."""

    CIRCLE_LEAD = "rolverdeler"
    FACILITATOR = "begeleider"
    CIRCLE_SECRETARY = "teamsecretaris"
    CIRCLE_REP = "afgevaardigde"


class ItemKind(StrEnum):
    ACCOUNTABILITY = "verantwoordelijkheid"
    DOMAIN = "domein"


class Team(Model):
    __tablename__ = "team"

    id: Mapped[UUID] = mapped_column(primary_key=True, server_default=FetchedValue())
    code: Mapped[str]


class TeamVersion(Model):
    __tablename__ = "team_version"

    id: Mapped[UUID] = mapped_column(primary_key=True, server_default=FetchedValue())
    team_id: Mapped[UUID] = mapped_column(ForeignKey("team.id"))
    name: Mapped[str]
    purpose: Mapped[str]
    cluster: Mapped[str]
    parent_id: Mapped[UUID | None] = mapped_column(ForeignKey("team.id"))
    valid: Mapped[Range[date]]
    recorded: Mapped[Range[datetime]] = mapped_column(server_default=FetchedValue())


class Role(Model):
    __tablename__ = "role"

    id: Mapped[UUID] = mapped_column(primary_key=True, server_default=FetchedValue())


class RoleVersion(Model):
    """`core`: which of the four core roles, if any; `office`: the legal function, such as gemeentesecretaris."""

    __tablename__ = "role_version"

    id: Mapped[UUID] = mapped_column(primary_key=True, server_default=FetchedValue())
    role_id: Mapped[UUID] = mapped_column(ForeignKey("role.id"))
    team_id: Mapped[UUID] = mapped_column(ForeignKey("team.id"))
    name: Mapped[str]
    purpose: Mapped[str]
    core: Mapped[str | None]
    office: Mapped[str | None]
    valid: Mapped[Range[date]]
    recorded: Mapped[Range[datetime]] = mapped_column(server_default=FetchedValue())


class RoleItem(Model):
    """One accountability or one domain of a role; `item_id` stays the same through its versions."""

    __tablename__ = "role_item"

    id: Mapped[UUID] = mapped_column(primary_key=True, server_default=FetchedValue())
    item_id: Mapped[UUID] = mapped_column(server_default=FetchedValue())
    role_id: Mapped[UUID] = mapped_column(ForeignKey("role.id"))
    kind: Mapped[str]
    text: Mapped[str]
    position: Mapped[int]
    valid: Mapped[Range[date]]
    recorded: Mapped[Range[datetime]] = mapped_column(server_default=FetchedValue())


class RoleFilling(Model):
    """Person × role × period from a moment; `hours` a week, None when not known."""

    __tablename__ = "role_filling"

    id: Mapped[UUID] = mapped_column(primary_key=True, server_default=FetchedValue())
    role_id: Mapped[UUID] = mapped_column(ForeignKey("role.id"))
    person_id: Mapped[UUID]
    hours: Mapped[Decimal | None]
    focus: Mapped[str]
    elected: Mapped[bool]
    valid: Mapped[Range[datetime]]
    recorded: Mapped[Range[datetime]] = mapped_column(server_default=FetchedValue())


class HomeTeam(Model):
    """Which team someone is at home in, by day."""

    __tablename__ = "home_team"

    id: Mapped[UUID] = mapped_column(primary_key=True, server_default=FetchedValue())
    person_id: Mapped[UUID]
    team_id: Mapped[UUID] = mapped_column(ForeignKey("team.id"))
    valid: Mapped[Range[date]]
    recorded: Mapped[Range[datetime]] = mapped_column(server_default=FetchedValue())


class Organ(Model):
    """A bestuursorgaan: raad, college, burgemeester, heffingsambtenaar, …"""

    __tablename__ = "organ"

    id: Mapped[UUID] = mapped_column(primary_key=True, server_default=FetchedValue())
    code: Mapped[str]
    name: Mapped[str]


class OrganMember(Model):
    __tablename__ = "organ_member"

    id: Mapped[UUID] = mapped_column(primary_key=True, server_default=FetchedValue())
    organ_id: Mapped[UUID] = mapped_column(ForeignKey("organ.id"))
    person_id: Mapped[UUID]
    valid: Mapped[Range[date]]
    recorded: Mapped[Range[datetime]] = mapped_column(server_default=FetchedValue())


class Policy(Model):
    """An afspraak of a team."""

    __tablename__ = "policy"

    id: Mapped[UUID] = mapped_column(primary_key=True, server_default=FetchedValue())
    team_id: Mapped[UUID] = mapped_column(ForeignKey("team.id"))


class PolicyVersion(Model):
    __tablename__ = "policy_version"

    id: Mapped[UUID] = mapped_column(primary_key=True, server_default=FetchedValue())
    policy_id: Mapped[UUID] = mapped_column(ForeignKey("policy.id"))
    kind: Mapped[str]
    title: Mapped[str]
    text: Mapped[str]
    valid: Mapped[Range[date]]
    recorded: Mapped[Range[datetime]] = mapped_column(server_default=FetchedValue())


class Direction(Model):
    """One strategy or priority of a team, or the role that answers for it."""

    __tablename__ = "direction"

    id: Mapped[UUID] = mapped_column(primary_key=True, server_default=FetchedValue())
    team_id: Mapped[UUID] = mapped_column(ForeignKey("team.id"))


class DirectionVersion(Model):
    __tablename__ = "direction_version"

    id: Mapped[UUID] = mapped_column(primary_key=True, server_default=FetchedValue())
    direction_id: Mapped[UUID] = mapped_column(ForeignKey("direction.id"))
    kind: Mapped[str]
    text: Mapped[str]
    role_id: Mapped[UUID | None] = mapped_column(ForeignKey("role.id"))
    position: Mapped[int]
    valid: Mapped[Range[date]]
    recorded: Mapped[Range[datetime]] = mapped_column(server_default=FetchedValue())
