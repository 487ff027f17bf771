"""The savings ledger as a report, and occupancy: structural and incidental apart, each amount with the entries that add up to it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from teams.reports.few import PLACE, small, whole_places
from teams.reports.mobility import NO_TEAM

_SAVINGS = text(
    """
    select s.id, s.number, s.type, s.cents, s.tenths, s.rate_cents, s.cover_cents, s.starts, s.ends, s.ground, s.state, s.reason,
        s.version, s.made_by, s.settled_at, s.place_id, k.id as klus, k.number as klus_number, k.title
    from saving s join klus k on k.id = s.klus_id
    where s.starts < :until and (s.ends is null or (s.ends >= :first and s.ends < :until)) order by s.number
    """
)
_GAPS = text(
    """
    with recursive chain as (
        select s.place_id as root, 0 as step, s.place_id as klus from unnest(cast(:roots as uuid[])) s(place_id)
        union
        select c.root, c.step + 1, g.next_id from chain c join vacancy_gap g on g.klus_id = c.klus
        where g.next_id is not null and c.step < 50
    )
    select c.root, c.klus, k.number, k.title, coalesce(g.kind, case when v.klus_id is not null then v.filled_from end, 'open') as kind
    from chain c join klus k on k.id = c.klus left join vacancy_gap g on g.klus_id = c.klus
    left join vacancy_stage v on v.klus_id = c.klus and v.stage = 'vervuld' order by c.root, c.step
    """
)
_OCCUPANCY = text(
    """
    with p as (select h.team_id, count(*)::int as people, sum(c.hours * 10)::int as tenths
        from contract c left join home_team h on h.person_id = c.person_id and upper_inf(h.recorded) and range_contains_elem(h.valid, cast(:day as date))
        where upper_inf(c.recorded) and range_contains_elem(c.valid, cast(:day as date)) and c.hours > 0 group by h.team_id),
    v as (select k.team_id, sum(k.hours_min * 10)::int as tenths from (select distinct on (klus_id) klus_id, stage
            from vacancy_stage where starts <= :day order by klus_id, step desc) s join klus k on k.id = s.klus_id
        where k.kind = 'vacature' and k.hours_min is not null and s.stage not in ('vervuld', 'ingetrokken', 'formatie_vervallen')
        group by k.team_id),
    f as (select team_id, sum(formation)::int as tenths from budget
        where upper_inf(recorded) and year = extract(year from cast(:day as date)) and formation is not null group by team_id)
    select t.team_id as team, coalesce(p.people, 0) as people, coalesce(p.tenths, 0) as tenths, coalesce(v.tenths, 0) as vacant,
        f.tenths as formation
    from (select team_id from p union select team_id from v union select team_id from f) t
    left join p on p.team_id is not distinct from t.team_id left join v on v.team_id = t.team_id left join f on f.team_id = t.team_id
    """
)
_OPENINGS = text(
    """
    select k.id, k.number, k.title, coalesce((select n.name from team_version n where n.team_id = k.team_id and upper_inf(n.recorded)
        and lower(n.valid) <= :day order by lower(n.valid) desc limit 1), '') as team, (k.hours_min * 10)::int as tenths
    from (select distinct on (klus_id) klus_id, stage from vacancy_stage where starts <= :day order by klus_id, step desc) s
    join klus k on k.id = s.klus_id
    where k.kind = 'vacature' and k.hours_min is not null and s.stage not in ('vervuld', 'ingetrokken', 'formatie_vervallen')
    order by k.number
    """
)
_NAMES = text(
    """
    select distinct on (team_id) team_id, name from team_version where upper_inf(recorded) and lower(valid) <= :day
    order by team_id, lower(valid) desc
    """
)


@dataclass(frozen=True)
class Savings:
    """Structural: cents a year that began before the end of the period. Incidental: cents of what ended in the period."""

    rows: list[Any]

    def total(self, kind: str, state: str = "bevestigd") -> int:
        """`kind` 'structureel' or 'incidenteel'. The two are never added up."""
        return sum(row.cents for row in self.of(kind) if row.state == state)

    def of(self, kind: str) -> list[Any]:
        return [row for row in self.rows if (row.ends is None) == (kind == "structureel")]


class Occupancy(NamedTuple):
    """On one day: people, tenths of contract hours in whole places, hours of open vacancies, and what the budget of that year
    allows, if it is known.

    No name: small teams together; NO_TEAM: people without one."""

    name: str
    team: UUID | None
    people: int
    tenths: int
    vacant: int
    formation: int | None


class Opening(NamedTuple):
    """A vacancy that was open on the day, with its tenths of hours a week."""

    id: UUID
    number: int
    title: str
    team: str
    tenths: int


async def savings_of(session: AsyncSession, first: date, until: date) -> Savings:
    return Savings(list(await session.execute(_SAVINGS, {"first": first, "until": until})))


class Link(NamedTuple):
    """One vacancy of a chain; `kind` says what became of the place: vacature (the next link), vervalt, geen, or from where it was
    filled, or open."""

    klus: UUID
    number: int
    title: str
    kind: str


async def chains_of(session: AsyncSession, found: Savings) -> dict[UUID, list[Link]]:
    """By the place with which it began: every move up to where it ends (3.5). Hiring that was avoided has no chain."""
    roots = sorted({row.place_id for row in found.rows if row.type != "inhuur"})
    chains: dict[UUID, list[Link]] = {}
    for row in await session.execute(_GAPS, {"roots": roots}) if roots else ():
        chains.setdefault(row.root, []).append(Link(row.klus, row.number, row.title, row.kind))
    return chains


async def occupancy_of(session: AsyncSession, day: date) -> list[Occupancy]:
    names = {row.team_id: row.name for row in await session.execute(_NAMES, {"day": day})}
    found = {row.team: row for row in await session.execute(_OCCUPANCY, {"day": day})}
    sizes: dict[UUID | None, int] = {team: row.people for team, row in found.items()}
    hidden = small(sizes)
    rows = [
        Occupancy(names.get(team, NO_TEAM) if team else NO_TEAM, team, r.people, r.tenths, r.vacant, r.formation)
        for team, r in found.items()
        if team not in hidden
    ]
    rows.sort(key=lambda row: (row.name == NO_TEAM, row.name, str(row.team)))
    if hidden:
        rows.append(together("", [row for team, row in found.items() if team in hidden]))
    places = whole_places({number: row.tenths for number, row in enumerate(rows)}, PLACE)
    return [row._replace(tenths=places[number]) for number, row in enumerate(rows)]


def together(name: str, rows: Sequence[Any]) -> Occupancy:
    """Rows added up; the formation is what is known of it."""
    known = [row.formation for row in rows if row.formation is not None]
    return Occupancy(
        name, None, sum(row.people for row in rows), sum(row.tenths for row in rows), sum(row.vacant for row in rows),
        sum(known) if known else None,
    )  # fmt: skip


async def openings_of(session: AsyncSession, day: date) -> list[Opening]:
    """The vacancies behind the hours that are open."""
    return [Opening(*row) for row in await session.execute(_OPENINGS, {"day": day})]
