"""What has become due on one klus, done before anything else: terms and last days that passed, lots, start and end, free places."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from teams.journal.models import SYSTEM
from teams.kit.clock import day_of
from teams.klussen.actions.asking import consent_overdue
from teams.klussen.actions.due import apply_due
from teams.klussen.actions.line import promote
from teams.klussen.actions.lots import draw
from teams.klussen.actions.steps import claim_of, end_claim, lock_people
from teams.klussen.actions.stopping import stop
from teams.klussen.models import ClaimState, Klus
from teams.klussen.queries import locked_klus

_LATE = text(
    """
    select id from claim where klus_id = :klus and (due_at <= :at or seat is not null and stops_on < cast(:today as date))
    order by due_at, id
    """
)
_DUE = text(
    """
    select klus_id from (
        select c.klus_id, 1 as first from claim c where c.due_at <= :at
        union all
        select c.klus_id, 1 from claim c where c.seat is not null and c.stops_on < :today
        union all
        select d.klus_id, 1 from klus_draw d join klus k on k.id = d.klus_id
        where d.drawn_at is null and k.state in ('open', 'in_uitvoering') and k.apply_until < :today
        union all
        select c.klus_id, 2 from claim c join klus k on k.id = c.klus_id
        where c.state = 'wachtlijst' and k.state in ('open', 'in_uitvoering') and k.accepting and k.taken < k.places
    ) x group by klus_id order by min(first), klus_id limit 2000
    """
)
_REPLIES = {ClaimState.OFFERED: "claim.lapsed", ClaimState.RESERVED: "claim.reservation_lapsed"}


async def hold(session: AsyncSession, klus_id: UUID, *, at: datetime, people: Collection[UUID] = ()) -> Klus:
    """The people, then the klus, locked; what is due is done. The door for every act on a klus but the claim itself."""
    await lock_people(session, klus_id, people)
    klus = await locked_klus(session, klus_id)
    await settle(session, klus, at=at)
    return await locked_klus(session, klus_id)


async def settle(session: AsyncSession, klus: Klus, *, at: datetime) -> None:
    """Call it with the klus locked. Offers, reservations and consents whose term has passed; then lots; then the calendar."""
    freed = False
    for claim_id in (await session.execute(_LATE, {"klus": klus.id, "at": at, "today": day_of(at)})).scalars().all():
        claim = await claim_of(session, claim_id)
        if claim.state == ClaimState.AWAITING:
            freed |= await consent_overdue(session, claim, klus, at=at)
            continue
        if claim.state == ClaimState.RUNNING:
            await stop(session, claim, klus)
            freed = True
            continue
        verb = _REPLIES[ClaimState(claim.state)]
        await end_claim(session, claim, klus, ClaimState.LAPSED, verb, by=SYSTEM, on=day_of(at))
        freed = True
    drawn = await draw(session, klus, at=at)
    await apply_due(session, day_of(at), klus_id=klus.id)
    if freed or drawn:
        await session.refresh(klus)
        await promote(session, klus, at=at)


async def settle_klus(session: AsyncSession, klus_id: UUID, *, at: datetime) -> None:
    """The clock's turn for one klus: also offers places that are free to who fits by now."""
    klus = await hold(session, klus_id, at=at)
    await promote(session, klus, at=at, again=False)


async def due_klussen(session: AsyncSession, *, at: datetime) -> list[UUID]:
    """Klussen on which a term has passed, lots are to be drawn, or a place is free while people wait."""
    return list((await session.execute(_DUE, {"at": at, "today": day_of(at)})).scalars())
