"""Someone leaves: roles, home team and seats end with the service, claims and access on the day itself (R13)."""

from collections.abc import Mapping
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from teams.auth.actions import disable_account
from teams.journal.models import SYSTEM, Actor
from teams.kit.clock import day_of
from teams.kit.text import N_
from teams.klussen.actions.claim import end_claims
from teams.structure.actions.fillings import leave_structure

_ACCOUNTS = text("select email from account where person_id = any(:people) and disabled_at is null order by id")
_GONE = text(
    """
    select c.person_id, max(upper(c.valid)) as out from contract c
    where upper_inf(c.recorded) and (
        exists (select from claim k where k.person_id = c.person_id and k.seat is not null)
        or exists (select from account a where a.person_id = c.person_id and a.disabled_at is null))
    group by c.person_id
    having not bool_or(upper_inf(c.valid)) and max(upper(c.valid)) <= cast(:today as date)
    order by c.person_id limit 500
    """
)


async def end_service(session: AsyncSession, leaving: Mapping[UUID, date], *, by: Actor, at: datetime) -> None:
    """`leaving`: person → first day out of service. Who leaves later keeps claims and access until then."""
    await leave_structure(session, leaving, by=by, at=at)
    today = day_of(at)
    await _end_at_once(session, {person: day for person, day in leaving.items() if day <= today}, by=by)


async def apply_leaves(session: AsyncSession, *, at: datetime) -> int:
    """What the calendar does: claims and access end of who has left by today. Returns how many people (at most 500)."""
    rows = (await session.execute(_GONE, {"today": day_of(at)})).all()
    await _end_at_once(session, {row.person_id: row.out for row in rows}, by=SYSTEM)
    return len(rows)


async def _end_at_once(session: AsyncSession, leaving: dict[UUID, date], *, by: Actor) -> None:
    if not leaving:
        return
    await end_claims(session, leaving, by=by, reason=N_("Uit dienst."))
    for email in (await session.scalars(_ACCOUNTS, {"people": list(leaving)})).all():
        await disable_account(session, email, by=by)
