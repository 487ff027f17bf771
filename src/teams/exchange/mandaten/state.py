"""What the database knows of the register now, and how names in files lead to it and back."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession

from teams.journal.batch import known
from teams.kit.history import Span
from teams.mandates.facts import Role
from teams.mandates.models import (
    ExclusionVersion,
    FrameworkEntity,
    FrameworkVersion,
    GrantEntity,
    GrantVersion,
    PowerBasis,
    PowerEntity,
    PowerVersion,
    ReplacementVersion,
)
from teams.mandates.queries import rows as to

Moments = list[Span[datetime]]
_ROLES = text(
    """
    select v.role_id as id, t.code as team, v.name, plain(v.name) as plain, v.office, lower(v.valid) as first,
        upper(v.valid) as last
    from role_version v join team t on t.id = v.team_id where upper_inf(v.recorded) order by lower(v.valid)
    """
)
# First the versions that hold until further notice, which an index of their own has; then only roles without one.
# Teams are looked up together: one by one, in the plan that the database keeps, costs three blocks for each role.
_LABEL = """
    with v as materialized (
        select role_id as id, team_id, name, office, lower(valid) as first, upper(valid) as last from role_version
        where upper_inf(recorded) and role_id = any(cast(:roles as uuid[])){0}
    )
    select v.id, t.code as team, v.name, v.name as plain, v.office, v.first, v.last
    from v join (select id, code from team where id = any(array(select team_id from v)) offset 0) t on t.id = v.team_id order by v.first
"""
_LABELS_NOW = text(_LABEL.format(" and upper_inf(valid) and lower(valid) <= :day"))
_LABELS = text(_LABEL.format(""))
_NUMBERS = text("select number, id from person where id = any(cast(:people as uuid[]))")
_PLAIN = text("select n, plain(n) from unnest(cast(:names as text[])) n")
_ORGANS = text("select code from organ")
_ORGAN_IDS = text("select code, id from organ")
_PEOPLE = text("select number, id from person")
_EMPTY = text("select not exists (select from power) and not exists (select from power_grant)")
_NO_BUDGETS = text("select not exists (select from budget)")


async def no_register(session: AsyncSession) -> bool:
    return bool(await session.scalar(_EMPTY))


async def no_budgets(session: AsyncSession) -> bool:
    return bool(await session.scalar(_NO_BUDGETS))


class Names:
    """Organs, roles (TEAM/ROL), offices and personnel numbers, both ways. Parties in the tables are text with ids."""

    def __init__(
        self,
        organs: Iterable[str],
        roles: Iterable[Any],
        plain: Mapping[str, str],
        people: Mapping[str, UUID],
        day: date,
    ) -> None:
        self.organs, self._plain, self.people = frozenset(organs), plain, people
        self._numbers = {str(person): number for number, person in people.items()}
        self._roles: dict[tuple[str, str], UUID] = {}
        self._labels: dict[str, str] = {}
        self.facts: dict[str, Role] = {}
        self.exact: set[str] = set()
        for row in roles:
            self._roles[row.team, row.plain] = row.id
            self.exact.add(f"{row.team}/{row.name}")
            if str(row.id) not in self._labels or row.first <= day:
                self._labels[str(row.id)] = f"{row.team}/{row.name}"
                self.facts[str(row.id)] = to.role([str(row.id), row.name, row.team, row.office])
        self.offices = frozenset(role.office for role in self.facts.values() if role.office)

    def role(self, name: str) -> UUID | None:
        team, _, role = name.partition("/")
        return self._roles.get((team, self._plain.get(role, role)))

    def read(self, party: str) -> str | None:
        """A party as the tables have it, or None when there is no such one."""
        kind, _, what = party.partition(":")
        if kind == "rol":
            role = self.role(what)
            return f"rol:{role}" if role else None
        if kind == "persoon":
            person = self.people.get(what)
            return f"persoon:{person}" if person else None
        if kind == "orgaan":
            return party if what in self.organs else None
        return party if kind == "extern" or what in self.offices else None

    def show(self, party: str) -> str:
        """A party as the files have it."""
        kind, _, what = party.partition(":")
        return f"{kind}:{ {'rol': self._labels, 'persoon': self._numbers}.get(kind, {}).get(what, what) }"

    def label(self, role: UUID | None) -> str:
        return self._labels.get(str(role), "") if role else ""

    def number(self, person: UUID) -> str:
        return self._numbers.get(str(person), "")


async def load_names(session: AsyncSession, named: Collection[str], day: date) -> Names:
    """`named`: the roles (TEAM/ROL) of the files."""
    spelled = sorted({name.partition("/")[2] for name in named})
    plain = {row[0]: row[1] for row in await session.execute(_PLAIN, {"names": spelled})}
    people = {row.number: row.id for row in await session.execute(_PEOPLE)}
    roles = (await session.execute(_ROLES)).all()
    return Names(await session.scalars(_ORGANS), roles, plain, people, day)


async def load_labels(session: AsyncSession, parties: Iterable[str], day: date) -> Names:
    """How these roles and people (as the tables have them) are called in files; nothing of any other."""
    named: dict[str, list[str]] = {"rol": [], "persoon": []}
    for kind, _, what in map(partition, set(parties)):
        named.get(kind, []).append(what)
    roles: list[Any] = []
    if wanted := {*map(UUID, named["rol"])}:
        roles += await session.execute(_LABELS_NOW, {"roles": list(wanted), "day": day})
    if wanted := wanted - {row.id for row in roles}:
        roles += await session.execute(_LABELS, {"roles": list(wanted)})
    people = (await session.execute(_NUMBERS, {"people": named["persoon"]})).all() if named["persoon"] else ()
    return Names((), roles, {}, {row.number: row.id for row in people}, day)


def partition(party: str) -> tuple[str, str, str]:
    return party.partition(":")


@dataclass
class State:
    """`powers`, `grants`, `frameworks`, `organs`: id by code or number. The rest: timelines by id; bases by power and item."""

    names: Names
    powers: dict[str, UUID]
    grants: dict[str, UUID]
    power_versions: dict[UUID, Moments]
    bases: dict[UUID, dict[UUID, Moments]]
    grant_versions: dict[UUID, Moments]
    exclusions: dict[UUID, Moments]
    replacements: dict[UUID, Moments]
    frameworks: dict[str, UUID]
    framework_versions: dict[UUID, Moments]
    organs: dict[str, UUID]

    def codes(self) -> dict[UUID, str]:
        return {id_: code for code, id_ in self.powers.items()}

    def numbers(self) -> dict[UUID, str]:
        return {id_: number for number, id_ in self.grants.items()}


async def load_state(session: AsyncSession, named: Collection[str], day: date) -> State:
    bases: dict[UUID, dict[UUID, Moments]] = {}
    for (power, item), spans in (await known(session, PowerBasis, lambda f: (f["power_id"], f["item_id"]))).items():
        bases.setdefault(power, {})[item] = spans
    powers = await session.execute(select(PowerEntity.code, PowerEntity.id))
    grants = await session.execute(select(GrantEntity.number, GrantEntity.id))
    frameworks = await session.execute(select(FrameworkEntity.code, FrameworkEntity.id))
    return State(
        await load_names(session, named, day),
        {row.code: row.id for row in powers},
        {row.number: row.id for row in grants},
        await known(session, PowerVersion, lambda f: f["power_id"]),
        bases,
        await known(session, GrantVersion, lambda f: f["grant_id"]),
        await known(session, ExclusionVersion, lambda f: f["item_id"]),
        await known(session, ReplacementVersion, lambda f: f["item_id"]),
        {row.code: row.id for row in frameworks},
        await known(session, FrameworkVersion, lambda f: f["framework_id"]),
        {row.code: row.id for row in await session.execute(_ORGAN_IDS)},
    )
