"""Handing back on a later day: said now, done when that day is over, and until then taken back in one click."""

from datetime import date, datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from teams.journal.models import SYSTEM, Actor, record
from teams.kit.clock import day_of
from teams.kit.errors import Conflict, Invalid, NextStep, Reason
from teams.kit.text import N_
from teams.klussen.actions.steps import end_claim, noted
from teams.klussen.hours import klus_end
from teams.klussen.models import Claim, ClaimState, Klus


async def announce_stop(
    session: AsyncSession, claim: Claim, klus: Klus, on: date, *, by: Actor, at: datetime, reason: str | None, handover: str | None
) -> Claim:  # fmt: skip
    """Call it with claim and klus locked. The place stays until `on`; hours after it are free at once."""
    end = klus_end(klus.starts.toordinal(), klus.ends, total=klus.hours_total is not None)
    if on < day_of(at):
        raise Invalid({"op": Reason("op", N_("Deze dag is al voorbij. Kies vandaag of later."))})
    if on.toordinal() >= end - 1:
        raise Invalid({"op": Reason("op", N_("Dan is de klus al klaar. Kies een eerdere dag."))})
    claim.stops_on, claim.reason, claim.handover = on, reason or "", handover or ""
    return await _told(session, "claim.stop_announced", claim, klus, by=by, until=on.isoformat())


async def go_on(session: AsyncSession, claim: Claim, klus: Klus, *, by: Actor) -> Claim:
    """What was announced is taken back. Call it with claim and klus locked."""
    if claim.stops_on is None:
        raise Conflict(
            Reason("verkeerd_moment", N_("Je had niet gezegd dat je stopt.")),
            then=(NextStep(N_("Bekijk de klus zoals die nu is."), f"/klussen/{klus.id}"),),
        )
    claim.stops_on, claim.reason, claim.handover = None, "", ""
    return await _told(session, "claim.stop_recalled", claim, klus, by=by)


async def stop(session: AsyncSession, claim: Claim, klus: Klus) -> None:
    """The announced day is over. Call `promote` after it."""
    last = claim.stops_on
    assert last is not None
    await end_claim(
        session, claim, klus, ClaimState.HANDED_BACK, "claim.handed_back", by=SYSTEM, on=last, reason=claim.reason, handover=claim.handover
    )  # fmt: skip


async def _told(session: AsyncSession, verb: str, claim: Claim, klus: Klus, *, by: Actor, **facts: Any) -> Claim:
    claim.version += 1
    await session.flush()  # the entry follows the act
    await record(session, await noted(session, verb, claim, klus, **facts), by=by)
    await session.refresh(claim)
    return claim
