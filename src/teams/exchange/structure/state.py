"""What the database knows of the structure now, as timelines by id, and how names in files lead to them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession

from teams.journal.batch import known
from teams.kit.history import Span
from teams.people.models import Contract, Person
from teams.people.queries import people_by_number
from teams.structure.models import (
    Organ,
    OrganMember,
    Policy,
    PolicyVersion,
    RoleFilling,
    RoleItem,
    RoleVersion,
    Team,
    TeamVersion,
)

_PLAIN = text("select n, plain(n) from unnest(cast(:names as text[])) n")
Days = list[Span[date]]
Moments = list[Span[datetime]]


@dataclass
class State:
    """`plain` spells a name as the database compares it; `role_keys` and `policy_keys` use that spelling."""

    codes: dict[str, UUID]
    teams: dict[UUID, Days]
    roles: dict[UUID, Days]
    items: dict[UUID, dict[UUID, Days]]
    fillings: dict[tuple[UUID, UUID], Moments]
    organs: dict[str, tuple[UUID, str]]
    members: dict[tuple[UUID, UUID], Days]
    policies: dict[UUID, Days]
    policy_teams: dict[UUID, UUID]
    people: dict[str, UUID]
    numbers: dict[UUID, str]
    contracts: dict[UUID, Days]
    plain: dict[str, str]
    role_keys: dict[tuple[UUID, str], UUID]
    policy_keys: dict[tuple[UUID, str], UUID]


async def load_state(session: AsyncSession, numbers: Sequence[str], names: Sequence[str]) -> State:
    """`numbers`: personnel numbers that the files name; `names`: role names and titles of policies in them."""
    codes = {row.code: row.id for row in await session.execute(select(Team.code, Team.id))}
    roles = await known(session, RoleVersion, lambda f: f["role_id"])
    items: dict[UUID, dict[UUID, Days]] = {}
    for (role, item), spans in (await known(session, RoleItem, lambda f: (f["role_id"], f["item_id"]))).items():
        items.setdefault(role, {})[item] = spans
    policies = await known(session, PolicyVersion, lambda f: f["policy_id"])
    policy_teams = {row.id: row.team_id for row in await session.execute(select(Policy.id, Policy.team_id))}
    rows = await people_by_number(session, numbers)
    people = {number: row.id for number, row in rows.items()}
    every = {span.fields["name"] for spans in roles.values() for span in spans} | set(names)
    every |= {span.fields["title"] for spans in policies.values() for span in spans}
    plain = {row[0]: row[1] for row in await session.execute(_PLAIN, {"names": sorted(every)})}
    state = State(
        codes=codes,
        teams=await known(session, TeamVersion, lambda f: f["team_id"]),
        roles=roles,
        items=items,
        fillings=await known(session, RoleFilling, lambda f: (f["role_id"], f["person_id"])),
        organs={
            row.code: (row.id, row.name) for row in await session.execute(select(Organ.code, Organ.id, Organ.name))
        },
        members=await known(session, OrganMember, lambda f: (f["organ_id"], f["person_id"])),
        policies=policies,
        policy_teams=policy_teams,
        people=people,
        numbers={row.id: row.number for row in await session.execute(select(Person.id, Person.number))},
        contracts=await known(
            session, Contract, lambda f: f["person_id"], Contract.person_id.in_(list(people.values()))
        ),
        plain=plain,
        role_keys={},
        policy_keys={},
    )
    for role, spans in sorted(roles.items(), key=lambda pair: pair[1][0].start):
        for span in spans:
            state.role_keys[span.fields["team_id"], plain[span.fields["name"]]] = role
    for policy, spans in policies.items():
        for span in spans:
            state.policy_keys[policy_teams[policy], plain[span.fields["title"]]] = policy
    return state


def label(value: Any) -> str:
    """A field's value in a difference."""
    if isinstance(value, bool):
        return "ja" if value else "nee"
    return "" if value is None else str(value)
