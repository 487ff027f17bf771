"""Reading structure as of a moment and as known at a moment: the map, one team, one role, one person."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncSession

from teams.journal.models import Actor
from teams.kit.errors import NextStep, NotFound, Reason
from teams.kit.text import N_
from teams.structure.models import CoreRole
from teams.structure.moment import Moment


# As a function, not as the operator @>: of a value not known yet PostgreSQL guesses that @> keeps one row of two hundred, and
# plans what it keeps as if a whole history were one row; of a function it guesses a third.
def holds(alias: str) -> str:
    """SQL: this version holds on :day and was known at :known."""
    return f"range_contains_elem({alias}.recorded, cast(:known as timestamptz)) and range_contains_elem({alias}.valid, cast(:day as date))"


def fills(alias: str) -> str:
    """SQL: this filling holds at :op and was known at :known."""
    return f"range_contains_elem({alias}.recorded, cast(:known as timestamptz)) and range_contains_elem({alias}.valid, cast(:op as timestamptz))"


_LAST_DAY = "((upper(f.valid) - interval '1 microsecond') at time zone 'Europe/Amsterdam')::date"

# G4: the team that has none above it says its own purpose by policy.
_PURPOSE = f"""case when t.parent_id is null then coalesce((select v.text from policy y join policy_version v on v.policy_id = y.id
        and v.kind = 'doel:anker' and {holds("v")} where y.team_id = t.team_id limit 1), t.purpose) else t.purpose end"""
_TEAMS = text(
    f"""
    select t.team_id as id, t.name, {_PURPOSE} as purpose, t.cluster, t.parent_id, coalesce(h.people, 0) as people,
        (select count(*) from contract c where {holds("c")}) as everyone
    from team_version t
    left join (select team_id, count(*) as people from home_team h where {holds("h")} group by team_id) h
        on h.team_id = t.team_id
    where {holds("t")} order by t.name, t.team_id
    """
)
_MAP_ROLES = text(
    f"""
    select v.role_id as id, v.team_id, v.name, v.core, coalesce(f.fillers, 0) as fillers
    from role_version v
    left join (select role_id, count(*) as fillers from role_filling f where {fills("f")} group by role_id) f
        on f.role_id = v.role_id
    where {holds("v")} order by v.core is not null, v.name, v.role_id
    """
)
# Strategies, priorities and who answers for a team; a role that moved away answers no longer.
DIRECTION = f"""(select coalesce(jsonb_agg(jsonb_build_object('id', v.direction_id, 'kind', v.kind, 'text', v.text, 'role_id', v.role_id,
            'role', r.name, 'fillers', (select coalesce(jsonb_agg(p.name order by p.name), '[]') from role_filling f
                join person p on p.id = f.person_id where f.role_id = v.role_id and {fills("f")}))
            order by v.kind, v.position, v.direction_id), '[]')
            from direction d join direction_version v on v.direction_id = d.id and {holds("v")}
            left join role_version r on r.role_id = v.role_id and r.team_id = d.team_id and {holds("r")}
            where d.team_id = :team and (v.role_id is null or r.role_id is not null))"""
_TEAM = text(
    f"""
    select t.team_id as id, e.code, t.name, {_PURPOSE} as purpose, t.cluster, t.parent_id,
        (select p.name from team_version p where p.team_id = t.parent_id and {holds("p")}) as parent,
        (select coalesce(jsonb_agg(jsonb_build_object('id', s.team_id, 'name', s.name, 'purpose', s.purpose)
            order by s.name), '[]') from team_version s where s.parent_id = t.team_id and {holds("s")}) as subteams,
        (select coalesce(jsonb_agg(jsonb_build_object('id', v.policy_id, 'kind', v.kind, 'title', v.title,
            'text', v.text, 'since', lower(v.valid)) order by v.title), '[]')
            from policy y join policy_version v on v.policy_id = y.id and {holds("v")}
            where y.team_id = t.team_id) as policies,
        {DIRECTION} as direction,
        (select jsonb_build_object('at', b.at, 'taker', (select p.name from role_filling f join person p on p.id = f.person_id
            where f.role_id = b.taken_role and f.person_id = b.taken_by and {fills("f")}))
            from process_breakdown b where b.team_id = t.team_id and b.ended_at is null) as stuck,
        (select coalesce(jsonb_agg(jsonb_build_object('id', p.id, 'name', p.name) order by p.name, p.id), '[]')
            from home_team h join person p on p.id = h.person_id where h.team_id = t.team_id and {holds("h")}) as members
    from team_version t join team e on e.id = t.team_id
    where t.team_id = :team and {holds("t")}
    """
)
_MEMBERS = text(
    f"""
    select p.id, p.name, p.email from home_team h join person p on p.id = h.person_id
    where h.team_id = :team and {holds("h")} order by p.name, p.id
    """
)
_ROLES = f"""
    select v.role_id as id, v.name, v.purpose, v.core, v.office, v.team_id, t.name as team,
        (select coalesce(jsonb_agg(jsonb_build_object('id', i.item_id, 'kind', i.kind, 'text', i.text)
            order by i.position, i.item_id), '[]') from role_item i where i.role_id = v.role_id and {holds("i")}) as items,
        (select coalesce(jsonb_agg(jsonb_build_object('id', p.id, 'name', p.name, 'focus', f.focus,
            'elected', f.elected, 'until', {_LAST_DAY}) order by p.name, p.id), '[]')
            from role_filling f join person p on p.id = f.person_id
            where f.role_id = v.role_id and {fills("f")}) as fillers,
        coalesce(
            (select max(upper(f.valid) at time zone 'Europe/Amsterdam')::date from role_filling f
                where f.role_id = v.role_id and range_contains_elem(f.recorded, cast(:known as timestamptz))
                and upper(f.valid) <= cast(:op as timestamptz)),
            (select min(lower(o.valid)) from role_version o
                where o.role_id = v.role_id and range_contains_elem(o.recorded, cast(:known as timestamptz)))) as open_since
    from role_version v
    left join team_version t on t.team_id = v.team_id and {holds("t")}
    where {holds("v")}
"""
_TEAM_ROLES = text(f"{_ROLES} and v.team_id = :team order by v.name, v.role_id")
_ROLE = text(f"{_ROLES} and v.role_id = :role")
_PERSON = text(
    f"""
    select p.id, p.name, p.email, p.number, h.team_id, t.name as team,
        exists (select from contract c where c.person_id = p.id and {holds("c")}) as in_service,
        (select coalesce(jsonb_agg(jsonb_build_object('id', f.role_id, 'name', v.name, 'core', v.core,
            'team_id', v.team_id, 'team', rt.name, 'focus', f.focus, 'elected', f.elected, 'until', {_LAST_DAY},
            'hours', case when :self then f.hours end) order by v.core is not null, v.name, v.role_id), '[]')
            from role_filling f join role_version v on v.role_id = f.role_id and {holds("v")}
            left join team_version rt on rt.team_id = v.team_id and {holds("rt")}
            where f.person_id = p.id and {fills("f")}) as roles,
        (select coalesce(jsonb_agg(o.name order by o.name), '[]') from organ_member m join organ o on o.id = m.organ_id
            where m.person_id = p.id and {holds("m")}) as organs
    from person p
    left join home_team h on h.person_id = p.id and {holds("h")}
    left join team_version t on t.team_id = h.team_id and {holds("t")}
    where p.id = :person
    """
)
_CORE_ORDER = {core: place for place, core in enumerate(CoreRole, 1)}


@dataclass(frozen=True)
class Filler:
    """Who fills a role, up to and including `until` (None: no end)."""

    id: UUID
    name: str
    focus: str
    elected: bool
    until: date | None


@dataclass(frozen=True)
class RoleSeen:
    id: UUID
    name: str
    purpose: str
    core: str | None
    office: str | None
    team_id: UUID
    team: str | None
    accountabilities: tuple[tuple[UUID, str], ...]
    domains: tuple[tuple[UUID, str], ...]
    fillers: tuple[Filler, ...]
    open_since: date

    @property
    def open(self) -> bool:
        return not self.fillers


@dataclass(frozen=True)
class PersonRole:
    """A role that a person fills; `hours` a week only for the person self."""

    id: UUID
    name: str
    core: str | None
    team_id: UUID
    team: str | None
    focus: str
    elected: bool
    until: date | None
    hours: Decimal | None


@dataclass(frozen=True)
class PersonSeen:
    """One person as this reader sees them; `is_me`: the reader is this person."""

    id: UUID
    name: str
    email: str
    number: str | None
    team_id: UUID | None
    team: str | None
    in_service: bool
    organs: tuple[str, ...]
    roles: tuple[PersonRole, ...]
    is_me: bool


async def organisation_map(session: AsyncSession, moment: Moment) -> tuple[list[Row[Any]], list[Row[Any]]]:
    """All teams (id, name, purpose, cluster, parent_id, people) and all roles (id, team_id, name, core, fillers)."""
    teams = list((await session.execute(_TEAMS, {"known": moment.known, "day": moment.day})).all())
    roles = list((await session.execute(_MAP_ROLES, moment.values)).all())
    return teams, roles


async def team_for(session: AsyncSession, team_id: UUID, by: Actor, moment: Moment) -> Row[Any]:
    """Id, code, name, purpose, cluster, parent_id, parent; subteams, policies, direction and members (dicts); or `NotFound`.

    `stuck`: since when (`at`) its deciding does not work now (G34), and who from above guides it (`taker`).
    """
    row = (await session.execute(_TEAM, {"team": team_id, **moment.values})).one_or_none()
    if row is None:
        raise _not_found(N_("Dit team bestaat niet, of bestond toen niet."))
    return row


async def members_of(session: AsyncSession, team_id: UUID, moment: Moment) -> list[Row[Any]]:
    """Who is at home in this team: id, name, email."""
    return list((await session.execute(_MEMBERS, {"team": team_id, "known": moment.known, "day": moment.day})).all())


async def roles_of(session: AsyncSession, team_id: UUID, moment: Moment) -> list[RoleSeen]:
    """The roles of a team by name, the four core roles last in their own order."""
    rows = (await session.execute(_TEAM_ROLES, {"team": team_id, **moment.values})).all()
    roles = [_role(row) for row in rows]
    return sorted(roles, key=lambda role: _CORE_ORDER.get(CoreRole(role.core), 0) if role.core else 0)


async def role_for(session: AsyncSession, role_id: UUID, by: Actor, moment: Moment) -> RoleSeen:
    """One role with its items and fillers; or `NotFound`."""
    row = (await session.execute(_ROLE, {"role": role_id, **moment.values})).one_or_none()
    if row is None:
        raise _not_found(N_("Deze rol bestaat niet, of bestond toen niet."))
    return _role(row)


async def person_for(session: AsyncSession, person_id: UUID, by: Actor, moment: Moment) -> PersonSeen:
    """One person: name, home team, roles. Hours and personnel number only for the person self; or `NotFound`."""
    is_me = by.person_id == person_id
    row = (await session.execute(_PERSON, {"person": person_id, "self": is_me, **moment.values})).one_or_none()
    if row is None:
        raise _not_found(N_("Deze persoon kennen we niet."))
    return PersonSeen(
        row.id, row.name, row.email, row.number if is_me else None, row.team_id, row.team, row.in_service,
        tuple(row.organs), tuple(_person_role(role) for role in row.roles), is_me,
    )  # fmt: skip


def _role(row: Row[Any]) -> RoleSeen:
    items = {"verantwoordelijkheid": [], "domein": []}  # type: dict[str, list[tuple[UUID, str]]]
    for item in row.items:
        items[item["kind"]].append((UUID(item["id"]), item["text"]))
    return RoleSeen(
        row.id, row.name, row.purpose, row.core, row.office, row.team_id, row.team,
        tuple(items["verantwoordelijkheid"]), tuple(items["domein"]),
        tuple(
            Filler(UUID(who["id"]), who["name"], who["focus"], who["elected"], _day(who["until"]))
            for who in row.fillers
        ),
        row.open_since,
    )  # fmt: skip


def _person_role(role: dict[str, Any]) -> PersonRole:
    hours = None if role["hours"] is None else Decimal(str(role["hours"]))
    return PersonRole(
        UUID(role["id"]), role["name"], role["core"], UUID(role["team_id"]), role["team"], role["focus"],
        role["elected"], _day(role["until"]), hours,
    )  # fmt: skip


def _day(value: str | None) -> date | None:
    return None if value is None else date.fromisoformat(value)


def _not_found(sentence: str) -> NotFound:
    return NotFound(Reason("onbekend", sentence), then=(NextStep(N_("Bekijk de organisatie."), "/organisatie"),))
