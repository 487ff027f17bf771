"""Booked hours (R11): what may be booked on a claim, my own bookings, and the weeks of a klus as one sum."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Annotated, Any
from uuid import UUID

from pydantic import Field
from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncSession

from teams.kit.clock import day_of
from teams.kit.errors import NextStep, NotFound, Reason
from teams.kit.text import N_, OptionalNote
from teams.klussen.forms import Day, Form

DAY = 240
RUNS = ("lopend", "afgerond", "teruggegeven")
SHOWN = 400


class BookForm(Form):
    """Hours with one decimal on one day."""

    dag: Day
    uren: Annotated[Decimal, Field(gt=0, le=24, decimal_places=1)]
    toelichting: OptionalNote = None


def switched_on(consent: bool) -> None:
    """WOR 27: hours of persons are off until the works council's consent is recorded."""
    if not consent:
        raise NotFound(
            Reason("R11", N_("Uren schrijven staat uit. De ondernemingsraad heeft nog niet ingestemd.")),
            then=(NextStep(N_("Lees wie wat ziet."), "/wat-ziet-wie"),),
        )


def monday_of(day: date) -> date:
    return day - timedelta(days=day.weekday())


def why_not(claim: Row[Any], day: date, tenths: int, *, today: date) -> list[Reason]:
    """All reasons why these hours cannot be booked on this claim. `claim`: a row of `LOCKED`."""
    found = []
    if claim.state not in RUNS:
        found.append(Reason("R11", N_("Je kunt pas uren schrijven als de klus loopt.")))
    if day > today:
        found.append(Reason("R11", N_("Deze dag moet nog komen. Schrijf uren achteraf.")))
    elif not claim.first <= day <= claim.last:
        found.append(
            Reason("R11", N_("Je deed mee van {van} tot en met {tot}. Kies een dag daarbinnen."), {"van": claim.first, "tot": min(claim.last, today)})
        )  # fmt: skip
    if claim.closed:
        found.append(Reason("R11", N_("Deze week is goedgekeurd en gesloten.")))
    if claim.that_day + tenths > DAY:
        found.append(Reason("R11", N_("Op één dag passen niet meer dan 24 uur, over al je klussen samen.")))
    return found


LOCKED = text(
    """
    select c.id, c.klus_id, c.person_id, c.state, k.title, k.team_id,
        greatest(k.starts, (c.at at time zone 'Europe/Amsterdam')::date) as first,
        least(c.ended_on, coalesce(k.ends, case when k.hours_total is null then date '9999-12-31' else k.starts end)) as last,
        exists (select from hours_week w where w.klus_id = k.id and w.monday = :monday) as closed,
        (select coalesce(sum(b.tenths), 0)::int from hours_booking b where b.person_id = c.person_id and b.day = :day) as that_day
    from claim c join klus k on k.id = c.klus_id where c.id = :claim
    """
)
_MINE = text(
    """
    select c.id, k.id as klus, k.title, t.name as team, c.state,
        greatest(k.starts, (c.at at time zone 'Europe/Amsterdam')::date) as first,
        least(c.ended_on, coalesce(k.ends, case when k.hours_total is null then date '9999-12-31' else k.starts end)) as last,
        (select coalesce(sum(b.tenths), 0)::int from hours_booking b where b.claim_id = c.id) as tenths
    from claim c join klus k on k.id = c.klus_id
    left join team_version t on t.team_id = k.team_id and upper_inf(t.recorded) and range_contains_elem(t.valid, cast(:today as date))
    where c.person_id = :me and c.state = any(:runs) and k.kind <> 'vacature' and k.starts <= :today
        and (c.ended_on is null or c.ended_on > cast(:today as date) - 60)
    order by c.state <> 'lopend', k.title, c.id
    """
)
_BOOKED = text(
    """
    select b.id, b.claim_id, b.day, b.tenths, b.note, b.reverses, k.title, k.id as klus,
        exists (select from hours_booking r where r.reverses = b.id) as reversed,
        exists (select from hours_week w where w.klus_id = k.id and w.monday = date_trunc('week', b.day)::date) as closed
    from hours_booking b join claim c on c.id = b.claim_id join klus k on k.id = c.klus_id
    where b.person_id = :me order by b.day desc, b.at desc, b.id desc limit :most
    """
)
_WEEKS = text(
    """
    select date_trunc('week', b.day)::date as monday, sum(b.tenths)::int as tenths, w.at as closed_at, p.name as closed_by,
        bool_or(b.person_id = :me) as mine
    from hours_booking b join claim c on c.id = b.claim_id
    left join hours_week w on w.klus_id = c.klus_id and w.monday = date_trunc('week', b.day)::date
    left join person p on p.id = w.approved_by
    where c.klus_id = :klus group by 1, w.at, p.name order by 1 desc
    """
)


async def my_claims(session: AsyncSession, person: UUID, *, at: datetime) -> list[Row[Any]]:
    """The claims on which this person can book, those that run first."""
    given = {"me": person, "today": day_of(at), "runs": list(RUNS)}
    return list((await session.execute(_MINE, given)).all())


async def my_hours(session: AsyncSession, person: UUID) -> list[Row[Any]]:
    """The newest bookings, with their counter-bookings. Show them to nobody but the person."""
    return list((await session.execute(_BOOKED, {"me": person, "most": SHOWN})).all())


async def weeks_of(session: AsyncSession, klus_id: UUID, person: UUID | None) -> list[Row[Any]]:
    """The weeks of a klus with the sum of everybody; never the hours of one person apart."""
    return list((await session.execute(_WEEKS, {"klus": klus_id, "me": person})).all())
