"""One small fictitious municipality, the same in every test: two teams, six people, roles with hours."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import asyncpg

from teams.journal.models import Actor
from teams.kit.clock import day_of

TODAY = day_of(datetime.now(UTC))
START = TODAY - timedelta(days=800)


@dataclass
class World:
    """Ids by short name. Groen posts, Balie lends; `sef` is the secretary, `beer` the system administrator."""

    teams: dict[str, UUID] = field(default_factory=dict)
    roles: dict[str, UUID] = field(default_factory=dict)
    people: dict[str, UUID] = field(default_factory=dict)
    accounts: dict[str, UUID] = field(default_factory=dict)
    organs: dict[str, UUID] = field(default_factory=dict)
    rights: dict[str, frozenset[str]] = field(default_factory=dict)

    def actor(self, name: str) -> Actor:
        return Actor(
            person_id=self.people[name], name=name.capitalize(), rights=self.rights.get(name, frozenset()),
            account_id=self.accounts[name],
        )  # fmt: skip


PEOPLE = {
    "aya": ("groen", 36), "bram": ("groen", 32), "cato": ("balie", 36), "dirk": ("balie", 24),
    "sef": ("top", 36), "beer": ("top", 36), "kees": ("top", 36), "wil": (None, 0), "gea": ("top", 36),
}  # fmt: skip
RIGHTS = {"sef": {"secretaris"}, "kees": {"controller"}, "gea": {"raad"}, "beer": {"beheer"}, "wil": {"bestuurder"}}
ROLES = {
    # short name: team, name, core, office, fillers with hours
    "boom": ("groen", "Boombeheerder", None, None, {"aya": 20}),
    "water": ("groen", "Waterbeheerder", None, None, {"bram": 24}),
    "leeg": ("groen", "Ecoloog", None, None, {}),
    "groen_lead": ("groen", "Rolverdeler", "rolverdeler", None, {"bram": 2}),
    "balie": ("balie", "Baliemedewerker", None, None, {"cato": 20, "dirk": None}),
    "balie_lead": ("balie", "Rolverdeler", "rolverdeler", None, {"cato": 2}),
    "secretaris": ("top", "Gemeentesecretaris", None, "gemeentesecretaris", {"sef": 30}),
}


async def build_world(owner: asyncpg.Connection) -> World:
    """Written by the owner, so that it may lie in the past."""
    world = World(rights={name: frozenset(rights) for name, rights in RIGHTS.items()})
    await owner.execute("insert into organisation (name) values ('gemeente Proefdam')")
    for code, name, parent in (
        ("top", "Proefdam", None),
        ("groen", "Groen en Water", "top"),
        ("balie", "Balie", "top"),
    ):
        team = await owner.fetchval("insert into team (code) values ($1) returning id", code)
        world.teams[code] = team
        await owner.execute(
            "insert into team_version (team_id, name, purpose, parent_id, valid, recorded)"
            " values ($1, $2, $3, $4, daterange($5, null), tstzrange($5::date::timestamptz, null))",
            team, name, f"Het doel van {name}.", world.teams.get(parent) if parent else None, START,
        )  # fmt: skip
    for number, (name, (team, hours)) in enumerate(PEOPLE.items(), 1):
        person = await owner.fetchval(
            "insert into person (number, name, email) values ($1, $2, $3) returning id",
            f"P{number:03}", f"{name.capitalize()} Proef", f"{name}@proefdam.example",
        )  # fmt: skip
        world.people[name] = person
        if hours:
            await give_contract(owner, person, hours, START)
        if team:
            await owner.execute(
                "insert into home_team (person_id, team_id, valid) values ($1, $2, daterange($3, null))",
                person, world.teams[team], START,
            )  # fmt: skip
        account = await owner.fetchval(
            "insert into account (person_id, email) values ($1, $2) returning id", person, f"{name}@proefdam.example"
        )
        world.accounts[name] = account
        for right in RIGHTS.get(name, set()) - {"bestuurder"}:
            await owner.execute('insert into account_right (account_id, "right") values ($1, $2)', account, right)
    for short, (team, name, core, office, fillers) in ROLES.items():
        world.roles[short] = await add_role(owner, world.teams[team], name, core=core, office=office)
        for who, hours in fillers.items():
            await fill(owner, world.roles[short], world.people[who], hours)
    college = await owner.fetchval(
        "insert into organ (code, name) values ('college', 'College van B en W') returning id"
    )
    world.organs["college"] = college
    await owner.execute(
        "insert into organ_member (organ_id, person_id, valid) values ($1, $2, daterange($3, null))",
        college, world.people["wil"], START,
    )  # fmt: skip
    return world


async def give_contract(
    owner: asyncpg.Connection, person: UUID, hours: Any, first: date, end: date | None = None
) -> None:
    await owner.execute(
        "insert into contract (person_id, hours, valid) values ($1, $2, daterange($3, $4))", person, hours, first, end
    )


async def add_role(
    owner: asyncpg.Connection, team: UUID, name: str, *, core: str | None = None, office: str | None = None
) -> UUID:
    role: UUID = await owner.fetchval("insert into role default values returning id")
    await owner.execute(
        "insert into role_version (role_id, team_id, name, purpose, core, office, valid, recorded)"
        " values ($1, $2, $3, $4, $5, $6, daterange($7, null), tstzrange($7::date::timestamptz, null))",
        role, team, name, f"Het doel van {name}.", core, office, START,
    )  # fmt: skip
    await owner.execute(
        "insert into role_item (role_id, kind, text, valid) values ($1, 'verantwoordelijkheid', $2, daterange($3, null))",
        role, f"Zorgen voor {name.lower()}", START,
    )  # fmt: skip
    return role


async def fill(owner: asyncpg.Connection, role: UUID, person: UUID, hours: Any, first: date = START) -> None:
    await owner.execute(
        "insert into role_filling (role_id, person_id, hours, valid) values"
        " ($1, $2, $3, tstzrange($4::date::timestamp at time zone 'Europe/Amsterdam', null))",
        role, person, hours, first,
    )  # fmt: skip
