"""Saved searches: what somebody looks for in the list of klussen, kept to be told of what is placed later."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncSession

from teams.klussen.listing import Wish

MOST = 10
"""So many a person keeps."""

_MINE = text("select id, name, wish, made_at from saved_search where person_id = :me order by made_at, id")
_DUE = text(
    """
    select s.person_id from saved_search s join account a on a.person_id = s.person_id and a.disabled_at is null
    where (s.seen_at at time zone 'Europe/Amsterdam')::date < cast(:today as date)
        and exists (select from klus k where k.published_at > s.seen_at)
        and (cast(:after as uuid) is null or s.person_id > cast(:after as uuid))
    group by s.person_id order by s.person_id limit :limit
    """
)


@dataclass(frozen=True)
class Saved:
    """One saved search."""

    id: UUID
    name: str
    wish: Wish
    made_at: datetime


def written(wish: Wish) -> dict[str, Any]:
    """What is looked for, without order and place in the list; the same wish gives the same JSON."""
    given = {
        "zoek": " ".join(wish.search.split()), "teams": sorted(str(team) for team in wish.teams), "soorten": sorted(set(wish.kinds)),
        "urenMin": _number(wish.least_hours), "urenMax": _number(wish.most_hours), "vaardigheden": sorted(set(wish.skills)),
        "van": wish.starts_from and wish.starts_from.isoformat(), "tot": wish.ends_by and wish.ends_by.isoformat(),
        "vrij": wish.only_free,
    }  # fmt: skip
    return {name: value for name, value in given.items() if value}


def read(given: Mapping[str, Any]) -> Wish:
    return Wish(
        search=given.get("zoek", ""), teams=tuple(UUID(team) for team in given.get("teams", ())),
        kinds=tuple(given.get("soorten", ())), least_hours=_hours(given.get("urenMin")), most_hours=_hours(given.get("urenMax")),
        skills=tuple(given.get("vaardigheden", ())), starts_from=_day(given.get("van")), ends_by=_day(given.get("tot")),
        only_free=bool(given.get("vrij")),
    )  # fmt: skip


async def searches_of(session: AsyncSession, person: UUID) -> list[Saved]:
    """Mine, oldest first. Show them to nobody else."""
    return [_saved(row) for row in await session.execute(_MINE, {"me": person})]


async def who_to_tell(session: AsyncSession, *, today: date, after: UUID | None, limit: int) -> list[UUID]:
    """People with a search that was not looked at today, while something was placed since; in order, those `after`."""
    return list(await session.scalars(_DUE, {"today": today, "after": after, "limit": limit}))


def _saved(row: Row[Any]) -> Saved:
    return Saved(row.id, row.name, read(row.wish), row.made_at)


def _number(value: Decimal | None) -> str | None:
    return None if value is None else str(value.normalize())


def _hours(value: str | None) -> Decimal | None:
    return None if value is None else Decimal(value)


def _day(value: str | None) -> date | None:
    return None if value is None else date.fromisoformat(value)
