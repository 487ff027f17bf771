"""What one person has to do with klussen this week: own work, what waits, what is new in the teams."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncSession

from teams.kit.clock import day_of

NEWS_DAYS = 14

_WORK = text(
    """
    select c.id, c.klus_id, c.state, c.hours, c.seat, c.terms < k.terms and c.state <> 'aangeboden' as again, c.due_at, c.at, k.title, k.kind, k.starts, k.ends,
        k.hours_total, k.number,
        (select v.name from team_version v where v.team_id = k.team_id and upper_inf(v.recorded)
            and range_contains_elem(v.valid, cast(:today as date))) as team
    from claim c join klus k on k.id = c.klus_id
    where c.person_id = :me and c.seat is not null order by k.starts, k.number
    """
)
_ROLES = text(
    """
    select f.role_id, v.name, v.core, f.hours, f.focus, upper(f.valid) as until, v.team_id, t.name as team
    from role_filling f
    join role_version v on v.role_id = f.role_id and upper_inf(v.recorded) and range_contains_elem(v.valid, cast(:today as date))
    join team_version t on t.team_id = v.team_id and upper_inf(t.recorded) and range_contains_elem(t.valid, cast(:today as date))
    where f.person_id = :me and upper_inf(f.recorded) and f.valid @> now()
    order by v.core is not null, v.name
    """
)
_CLAIM = "c.id, c.at, c.person_id, c.klus_id"
_NEW = f"c.at > now() - interval '{NEWS_DAYS} days' and c.seat is not null and c.person_id <> :me"
# From the team's own klussen and its own people: everyone else's claims are many.
_NEWS = text(
    f"""
    with mine as (
        select v.team_id from role_filling f
        join role_version v on v.role_id = f.role_id and upper_inf(v.recorded) and range_contains_elem(v.valid, cast(:today as date))
        where f.person_id = :me and upper_inf(f.recorded) and f.valid @> now()
        union select h.team_id from home_team h
        where h.person_id = :me and upper_inf(h.recorded) and range_contains_elem(h.valid, cast(:today as date))
    ), new as (
        select c.* from klus k cross join lateral (select {_CLAIM} from claim c where c.klus_id = k.id and {_NEW} offset 0) c
        where k.team_id in (select team_id from mine) and k.state in ('open', 'in_uitvoering', 'gesloten')
        union
        select c.* from home_team h cross join lateral (select {_CLAIM} from claim c where c.person_id = h.person_id and {_NEW} offset 0) c
        where h.team_id in (select team_id from mine) and upper_inf(h.recorded) and range_contains_elem(h.valid, cast(:today as date))
    ), newest as materialized (select * from new order by at desc, id desc limit 8)
    select c.at, c.person_id, p.name, c.klus_id, k.title, k.team_id, t.name as team, h.team_id as home_id,
        ht.name as home, k.team_id in (select team_id from mine) as for_us
    from newest c join klus k on k.id = c.klus_id
    join person p on p.id = c.person_id
    join team_version t on t.team_id = k.team_id and upper_inf(t.recorded) and range_contains_elem(t.valid, cast(:today as date))
    left join home_team h on h.person_id = p.id and upper_inf(h.recorded) and range_contains_elem(h.valid, cast(:today as date))
    left join team_version ht on ht.team_id = h.team_id and upper_inf(ht.recorded) and range_contains_elem(ht.valid, cast(:today as date))
    order by c.at desc, c.id desc
    """
)


@dataclass(frozen=True)
class Week:
    """My roles, my running and coming klussen, and the last new claims by or for my teams."""

    roles: list[Row[Any]]
    work: list[Row[Any]]
    news: list[Row[Any]]

    @property
    def offers(self) -> list[Row[Any]]:
        """Places that are held for me until I say yes or no."""
        return [claim for claim in self.work if claim.state == "aangeboden"]

    @property
    def waiting(self) -> list[Row[Any]]:
        """R8: klussen whose hours or dates changed after the claim."""
        return [claim for claim in self.work if claim.again]


async def week_of(session: AsyncSession, person_id: UUID | None, *, at: datetime) -> Week:
    """Three queries, whatever the size of the organisation."""
    given = {"me": person_id, "today": day_of(at)}
    roles = (await session.execute(_ROLES, given)).all()
    work = (await session.execute(_WORK, given)).all()
    news = (await session.execute(_NEWS, given)).all()
    return Week(list(roles), list(work), list(news))
