"""When an open klus is stale: nobody who manages it said for long that it still stands. It is asked about, warned of, then closed."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncSession

from teams.kit.clock import day_of

STALE_DAYS = 60
"""After so many days without a change a klus is asked about."""
WARNED_DAYS = 7
"""So many days before it closes whoever manages it hears on which day."""

_DAY = "(({0}) at time zone 'Europe/Amsterdam')::date"
SAID = "('klus.published', 'klus.changed', 'klus.reopened', 'klus.renewed')"
SEEN = f"""
    select k.id, k.team_id, l.seen
    from klus k cross join lateral (
        select {_DAY.format("greatest(k.published_at, k.created_at, max(j.at))")} as seen
        from journal_subject x join journal j on j.id = x.entry and j.verb in {SAID}
        where x.kind = 'klus' and x.id = k.id) l
    where k.state = 'open' and k.accepting and k.taken < k.places
        and k.created_at < cast(:at as timestamptz) - interval '{STALE_DAYS - 1} days'"""
"""Open klussen with a free place, old enough to be asked about, and the day on which somebody last said that they stand."""

CLOSES = f"""
    select s.id, s.team_id, q.asked + cast(:wait as int) as due
    from ({SEEN}) s cross join lateral (
        select min({_DAY.format("r.at")}) as asked from reminder r
        where r.object = s.id and r.rule = 'klus_stale' and r.due >= s.seen + {STALE_DAYS}) q
    where q.asked is not null and cast(:wait as int) > 0"""
"""Klussen that were asked about, and the day on which each closes `:wait` days after the question; with no days none does."""

# Never sooner than it was told, also when the telling itself was late.
_WARNED = f"""
    select c.id, c.team_id, greatest(c.due, {_DAY.format("w.at")} + {WARNED_DAYS}) as day
    from ({CLOSES}) c join reminder w on w.object = c.id and w.rule = 'klus_closes' and w.due = c.due"""
_OVER = text(f"select id from ({_WARNED}) x where x.day <= cast(:today as date) order by id limit 2000")
_ONE = text(f"select x.day from ({_WARNED}) x where x.id = :klus")


async def over(session: AsyncSession, *, wait: int, at: datetime) -> Sequence[UUID]:
    """Klussen whose last day to say that they still stand has passed."""
    return (await session.execute(_OVER, {"wait": wait, "at": at, "today": day_of(at)})).scalars().all()


async def closes_on(session: AsyncSession, klus_id: UUID, *, wait: int, at: datetime) -> date | None:
    """The day that was told to whoever manages the klus; None when it is not to close."""
    row: Row[Any] | None = (await session.execute(_ONE, {"klus": klus_id, "wait": wait, "at": at})).one_or_none()
    return None if row is None else row.day
