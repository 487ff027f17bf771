"""Someone leaves: roles, home team and seats end with the service, claims and access on the day itself (R13)."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from teams.auth.actions import disable_account
from teams.journal.batch import subjects
from teams.journal.models import SYSTEM, Actor, Note, record_many
from teams.kit.clock import day_of
from teams.kit.text import N_
from teams.klussen.actions.claim import end_claims
from teams.structure.actions.fillings import leave_structure

_ACCOUNTS = text("select id from account where person_id = any(:people) and disabled_at is null order by id")
_ACCOUNT = text("select email, person_id from account where id = :id")
_NO_TIES = text("delete from scim_filling where person_id = :person")
_HOME = text(
    "select team_id from home_team where person_id = :person and upper_inf(recorded) and range_contains_elem(valid, cast(:day as date))"
)
_HELD = text(
    """
    select v.grant_id, g.number from grant_version v join power_grant g on g.id = v.grant_id
    where upper_inf(v.recorded) and v.holder = 'persoon:' || :person and v.withdrawn_at is null
        and (upper_inf(v.valid) or upper(v.valid) > cast(:at as timestamptz))
    union
    select v.grant_id, g.number from role_filling f join grant_version v on v.holder = 'rol:' || f.role_id
    join power_grant g on g.id = v.grant_id
    where f.person_id = cast(:person as uuid) and upper_inf(f.recorded) and range_contains_elem(f.valid, cast(:at as timestamptz))
        and upper_inf(v.recorded) and v.withdrawn_at is null and range_contains_elem(v.valid, cast(:at as timestamptz))
    order by 2
    """
)
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


async def end_access(session: AsyncSession, account_id: UUID, *, by: Actor, at: datetime) -> None:
    """The directory says that someone is gone: at this moment, in one transaction, all that an account can do ends.

    Roles end at `at`; home team and seats in organs, which know days only, with today. The contract is not touched: that
    is the staff register's. Who holds or fills a grant is flagged, and the secretary and the team are told.
    """
    account = (await session.execute(_ACCOUNT, {"id": account_id})).one()
    person: UUID | None = account.person_id
    if person is not None:
        today = day_of(at)
        home = await session.scalar(_HOME, {"person": person, "day": today})
        held = (await session.execute(_HELD, {"person": str(person), "at": at})).all()
        await leave_structure(session, {person: today + timedelta(days=1)}, by=by, at=at, moment=at)
        await end_claims(session, {person: today}, by=by, reason=N_("Geen toegang meer."), at=at)
        await session.execute(_NO_TIES, {"person": person})
        about = subjects(("person", person), ("team", home))
        notes = [Note("person.access_ended", about, {"person": str(person), "grants": len(held)}, accountable=True)]
        for grant in held:
            facts = {"person": str(person), "grant": str(grant.grant_id), "number": grant.number}
            notes.append(
                Note("grant.holder_left", (("grant", grant.grant_id), ("person", person)), facts, accountable=True)
            )
        await record_many(session, notes, by=by)
    await _shut(session, account_id, by=by)


async def _end_at_once(session: AsyncSession, leaving: dict[UUID, date], *, by: Actor) -> None:
    if not leaving:
        return
    await end_claims(session, leaving, by=by, reason=N_("Uit dienst."))
    for account_id in (await session.scalars(_ACCOUNTS, {"people": list(leaving)})).all():
        await _shut(session, account_id, by=by)


async def _shut(session: AsyncSession, account_id: UUID, *, by: Actor) -> None:
    account = (await session.execute(_ACCOUNT, {"id": account_id})).one()
    await disable_account(session, account.email, by=by)
