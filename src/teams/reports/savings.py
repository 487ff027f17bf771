"""The savings ledger as a report, and occupancy: structural and incidental apart, each amount with the entries that add up to it."""

from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from teams.reports.mobility import small

_SAVINGS = text(
    """
    select s.id, s.number, s.type, s.cents, s.tenths, s.rate_cents, s.cover_cents, s.starts, s.ends, s.ground, s.state, s.reason,
        s.version, s.made_by, s.settled_at, k.id as klus, k.number as klus_number, k.title
    from saving s join klus k on k.id = s.klus_id
    where s.starts < :until and (s.ends is null or (s.ends >= :first and s.ends < :until)) order by s.number
    """
)
_OCCUPANCY = text(
    """
    select coalesce(p.team_id, v.team_id) as team, coalesce(p.people, 0) as people, coalesce(p.tenths, 0) as tenths,
        coalesce(v.tenths, 0) as vacant
    from (select h.team_id, count(*)::int as people, sum(c.hours * 10)::int as tenths
        from home_team h join contract c on c.person_id = h.person_id and upper_inf(c.recorded) and c.valid @> cast(:day as date) and c.hours > 0
        where upper_inf(h.recorded) and h.valid @> cast(:day as date) group by h.team_id) p
    full join (select k.team_id, sum(k.hours_min * 10)::int as tenths from klus k join lateral (
            select stage from vacancy_stage s where s.klus_id = k.id and s.starts <= :day order by step desc limit 1) s on true
        where k.kind = 'vacature' and k.hours_min is not null and s.stage not in ('vervuld', 'ingetrokken', 'formatie_vervallen')
        group by k.team_id) v using (team_id)
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
    """People and tenths of contract hours on one day, and the hours of open vacancies; no name: small teams together."""

    name: str
    people: int
    tenths: int
    vacant: int


async def savings_of(session: AsyncSession, first: date, until: date) -> Savings:
    return Savings(list(await session.execute(_SAVINGS, {"first": first, "until": until})))


async def occupancy_of(session: AsyncSession, day: date) -> list[Occupancy]:
    names = {row.team_id: row.name for row in await session.execute(_NAMES, {"day": day})}
    found = {row.team: row for row in await session.execute(_OCCUPANCY, {"day": day})}
    sizes: dict[UUID | None, int] = {team: row.people for team, row in found.items()}
    hidden = small(sizes)
    rows = [
        Occupancy(names.get(team, ""), r.people, r.tenths, r.vacant) for team, r in found.items() if team not in hidden
    ]
    rows.sort()
    if hidden:
        rest = [row for team, row in found.items() if team in hidden]
        rows.append(
            Occupancy("", sum(r.people for r in rest), sum(r.tenths for r in rest), sum(r.vacant for r in rest))
        )
    return rows
