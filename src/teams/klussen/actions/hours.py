"""Booking hours within a claim, correcting by a counter-booking, and closing a week after approval (R11)."""

from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from teams.journal.models import Actor, Note, record
from teams.kit.clock import day_of
from teams.kit.errors import Conflict, NextStep, NotAllowed, NotFound, Reason
from teams.kit.text import N_
from teams.klussen.actions.klus import managed_klus
from teams.klussen.booked import LOCKED, BookForm, monday_of, weeks_of, why_not
from teams.klussen.hours import tenths

# The person first, then the klus (a closing week waits, or is waited for), as in every other act on a claim.
_PERSON = text("select from person where id = :me for no key update")
_KLUS = text("select k.id from klus k join claim c on c.klus_id = k.id where c.id = :claim for share of k")
_BOOK = text(
    """
    insert into hours_booking (claim_id, person_id, day, tenths, note, reverses, booked_by)
    values (:claim, :me, :day, :tenths, :note, :reverses, :me) returning id
    """
)
_BOOKING = text("select id, claim_id, person_id, day, tenths, reverses from hours_booking where id = :id")
_REVERSED = text("select exists (select from hours_booking where reverses = :id)")
_CLOSE = text(
    "insert into hours_week (klus_id, monday, tenths, approved_by) values (:klus, :monday, :tenths, :by) on conflict do nothing returning klus_id"
)


async def book_hours(session: AsyncSession, claim_id: UUID, form: BookForm, *, by: Actor, at: datetime) -> UUID:
    """My own hours on my own claim, on a day that I took part and whose week is open. Returns the booking."""
    row_id = await _write(session, claim_id, form.dag, tenths(form.uren), form.toelichting or "", None, by=by, at=at)
    await _tell(session, "hours.booked", row_id, by=by)
    return row_id


async def correct_hours(session: AsyncSession, booking_id: UUID, *, by: Actor, at: datetime) -> UUID:
    """A booking that was wrong gets its opposite beside it; both stay."""
    row = (await session.execute(_BOOKING, {"id": booking_id})).one_or_none()
    if row is None or row.person_id != by.person_id:
        raise NotFound(Reason("onbekend", N_("Deze boeking bestaat niet.")))
    if row.reverses is not None:
        raise Conflict(Reason("R11", N_("Dit is zelf een tegenboeking. Schrijf de uren opnieuw.")))
    row_id = await _write(session, row.claim_id, row.day, -row.tenths, "", booking_id, by=by, at=at)
    await _tell(session, "hours.corrected", row_id, by=by)
    return row_id


async def approve_week(session: AsyncSession, klus_id: UUID, monday: date, *, by: Actor, at: datetime) -> None:
    """Who manages the klus approves the sum of a week that is over, without hours of their own in it, and so closes it."""
    klus = await managed_klus(session, klus_id, by=by, at=at)
    week = next((row for row in await weeks_of(session, klus.id, by.person_id) if row.monday == monday), None)
    if week is None:
        raise NotFound(Reason("onbekend", N_("In deze week zijn geen uren geschreven.")))
    if monday + timedelta(days=7) > day_of(at):
        raise Conflict(
            Reason("R11", N_("Deze week is nog niet voorbij.")), then=(NextStep(N_("Keur de week daarna goed.")),)
        )
    if week.mine:
        raise NotAllowed(
            Reason("eigen_aanvraag", N_("Er staan uren van jezelf in deze week. Een ander keurt ze goed.")),
            then=(NextStep(N_("Vraag een ander die deze klus beheert."), f"/klussen/{klus_id}"),),
        )
    given = {"klus": klus_id, "monday": monday, "tenths": week.tenths, "by": by.person_id}
    if (await session.execute(_CLOSE, given)).first() is None:
        return
    note = Note("hours.approved", (("klus", klus_id), ("team", klus.team_id)), {"monday": monday.isoformat()})
    await record(session, note, by=by)


async def _write(
    session: AsyncSession, claim_id: UUID, day: date, amount: int, note: str, reverses: UUID | None, *, by: Actor, at: datetime
) -> UUID:  # fmt: skip
    await session.execute(_PERSON, {"me": by.person_id})
    await session.execute(_KLUS, {"claim": claim_id})
    claim = (await session.execute(LOCKED, {"claim": claim_id, "day": day, "monday": monday_of(day)})).one_or_none()
    if claim is None or claim.person_id != by.person_id:
        raise NotFound(Reason("onbekend", N_("Deze inzet bestaat niet.")))
    reasons = [] if reverses else why_not(claim, day, amount, today=day_of(at))
    if reverses and claim.closed:
        reasons.append(Reason("R11", N_("Deze week is goedgekeurd en gesloten.")))
    if reverses and await session.scalar(_REVERSED, {"id": reverses}):
        reasons.append(Reason("R11", N_("Deze boeking is al teruggeboekt.")))
    if reasons:
        raise Conflict(*reasons, then=(NextStep(N_("Bekijk je uren."), "/uren"),))
    given = {"claim": claim_id, "me": by.person_id, "day": day, "tenths": amount, "note": note, "reverses": reverses}
    row_id: UUID = (await session.execute(_BOOK, given)).scalar_one()
    return row_id


async def _tell(session: AsyncSession, verb: str, booking: UUID, *, by: Actor) -> None:
    """On the person's own page only: the history of a klus holds no hours of persons (R21)."""
    assert by.person_id is not None
    await record(session, Note(verb, (("person", by.person_id),), {"booking": str(booking)}), by=by)
