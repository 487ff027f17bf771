"""Calendars (RFC 5545): the klussen and meetings of a person or a team, for any calendar program that reads an address."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncSession

from teams.auth.feeds import Feed
from teams.kit.clock import day_of

if TYPE_CHECKING:
    from icalendar import Event

BACK, AHEAD = timedelta(days=180), timedelta(days=400)
_TEAM = "(select v.name from team_version v where v.team_id = {0} and upper_inf(v.recorded) order by lower(v.valid) desc limit 1)"
_MEETINGS = text(
    f"""
    select m.id, m.kind, m.state, m.starts_at, m.ends_at, m.place, m.intent, m.version, m.planned_at, {_TEAM.format("m.team_id")} as team
    from meeting m where m.starts_at between :since and :until
        and (case when cast(:team as uuid) is null then exists (select from meeting_notice n where n.meeting_id = m.id
            and n.person_id = :person) else m.team_id = cast(:team as uuid) end)
    order by m.starts_at, m.id
    """
)
_KLUSSEN = text(
    f"""
    select k.id, k.number, k.title, k.starts, k.ends, k.version, k.created_at, {_TEAM.format("k.team_id")} as team from klus k
    where k.state not in ('concept','ingetrokken','verlopen') and coalesce(k.ends, k.starts) >= cast(:first as date)
        and k.starts <= cast(:last as date)
        and (case when cast(:team as uuid) is null then exists (select from claim c where c.klus_id = k.id
            and c.person_id = :person and c.seat is not null) else k.team_id = cast(:team as uuid) end)
    order by k.starts, k.number
    """
)
_NAME = text(
    f"select {_TEAM.format('cast(:team as uuid)')} as team, (select p.name from person p where p.id = :person) as name"
)
_KINDS = {"roloverleg": "Roloverleg", "werkoverleg": "Werkoverleg"}


async def calendar_of(session: AsyncSession, feed: Feed, url: str, *, at: datetime) -> bytes:
    """The calendar as text/calendar in UTF-8; `url`: under which address its pages stand."""
    given = {
        "person": feed.person_id, "team": feed.team_id, "since": at - BACK, "until": at + AHEAD, "first": day_of(at - BACK),
        "last": day_of(at + AHEAD),
    }  # fmt: skip
    called = (await session.execute(_NAME, {"team": feed.team_id, "person": feed.person_id})).one()
    from icalendar import Calendar  # 5 MiB that no page needs

    calendar = Calendar()
    calendar.add("prodid", "-//Teams//NL")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", f"Teams: {called.team or called.name}")
    calendar.add("refresh-interval", timedelta(hours=1), parameters={"VALUE": "DURATION"})
    for row in await session.execute(_MEETINGS, given):
        calendar.add_component(_meeting(row, url))
    for row in await session.execute(_KLUSSEN, given):
        calendar.add_component(_klus(row, url))
    return bytes(calendar.to_ical())


def _meeting(row: Row[Any], url: str) -> Event:
    event = _event(f"overleg-{row.id}", f"{_KINDS[row.kind]} {row.team or ''}".strip(), row.planned_at, row.version)
    event.add("dtstart", row.starts_at)
    event.add("dtend", row.ends_at)
    event.add("status", "CANCELLED" if row.state == "vervallen" else "CONFIRMED")
    event.add("url", f"{url}/overleggen/{row.id}")
    for name, value in (("location", row.place), ("description", row.intent)):
        if value:
            event.add(name, value)
    return event


def _klus(row: Row[Any], url: str) -> Event:
    """Whole days, which do not make anyone busy; the end is the day after the last."""
    event = _event(f"klus-{row.id}", f"Klus: {row.title}", row.created_at, row.version)
    event.add("dtstart", row.starts)
    event.add("dtend", (row.ends or row.starts) + timedelta(days=1))
    event.add("transp", "TRANSPARENT")
    event.add("url", f"{url}/klussen/{row.id}")
    event.add("description", row.team or "")
    return event


def _event(uid: str, summary: str, stamp: datetime, sequence: int) -> Event:
    from icalendar import Event

    event = Event()
    event.add("uid", f"{uid}@teams")
    event.add("dtstamp", stamp)
    event.add("sequence", sequence)
    event.add("summary", summary)
    return event
