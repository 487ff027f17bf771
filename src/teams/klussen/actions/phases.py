"""The phases of a klus (3.2): review where the team asks for it, publish, close, cancel, complete."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession

from teams.journal.models import SYSTEM, Actor
from teams.kit.clock import day_of
from teams.kit.errors import Conflict, Invalid, NextStep, NotAllowed, Reason
from teams.kit.text import N_
from teams.klussen.actions.due import apply_due, end_waiting
from teams.klussen.actions.klus import managed_klus, note_klus, wrong_state
from teams.klussen.actions.line import promote
from teams.klussen.actions.lots import fix_seed
from teams.klussen.actions.settle import hold
from teams.klussen.actions.steps import end_claim
from teams.klussen.models import ENDED, Claim, ClaimState, Kind, Klus, KlusState, Way
from teams.klussen.stale import closes_on
from teams.klussen.vacancies import is_over

_REVIEW = text(
    """
    select v.kind, array(select f.person_id from role_version r
        join role_filling f on f.role_id = r.role_id and upper_inf(f.recorded) and f.valid @> now()
        where r.team_id = :team and r.core = split_part(v.kind, ':', 2) and upper_inf(r.recorded)
            and range_contains_elem(r.valid, cast(:today as date))) as reviewers
    from policy y join policy_version v on v.policy_id = y.id and v.kind like 'klustoets:%' and upper_inf(v.recorded)
        and range_contains_elem(v.valid, cast(:today as date))
    where y.team_id = :team order by lower(v.valid) desc, v.id limit 1
    """
)
_BUSY = text(
    """
    select coalesce(p.name, t.name) as name from claim c
    left join person p on p.id = c.person_id left join team_claim tc on tc.id = c.team_claim_id and c.person_id is null
    left join team_version t on t.team_id = tc.team_id and upper_inf(t.recorded) and range_contains_elem(t.valid, cast(:today as date))
    where c.klus_id = :klus and c.seat is not null group by 1 order by min(c.seat)
    """
)


async def publish_klus(session: AsyncSession, klus_id: UUID, *, by: Actor, at: datetime) -> Klus:
    """Draft or closed becomes open; a running klus takes claims again. R19: no review, unless the team's policy asks it."""
    klus = await managed_klus(session, klus_id, by=by, at=at)
    if klus.kind == Kind.VACANCY and await is_over(session, klus.id):
        raise Conflict(
            Reason("verkeerd_moment", N_("Deze vacature is klaar. Er volgt geen stap meer.")),
            then=(NextStep(N_("Bekijk de stappen."), f"/klussen/{klus.id}/vacature"),),
        )
    if klus.state in (KlusState.DRAFT, KlusState.REVIEWED):
        reviewers = await _reviewers(session, klus, at=at)
        if reviewers is not None and (by.person_id not in reviewers or by.person_id == klus.posted_by):
            if klus.state == KlusState.REVIEWED:
                raise _by_another(klus)
            klus.state = KlusState.REVIEWED
            return await _changed(session, "klus.submitted", klus, by=by, at=at)
        verb, klus.published_at = "klus.published", at
    elif klus.state == KlusState.CLOSED or (klus.state == KlusState.RUNNING and not klus.accepting):
        verb = "klus.reopened"
    else:
        raise wrong_state(klus)
    if klus.way == Way.LOTS:
        await fix_seed(session, klus.id)
    if klus.state != KlusState.RUNNING:
        klus.state = KlusState.OPEN
    klus.accepting = True
    await _changed(session, verb, klus, by=by, at=at)
    await promote(session, klus, at=at, by=by)
    await session.refresh(klus)
    return klus


async def send_back_klus(
    session: AsyncSession, klus_id: UUID, *, by: Actor, at: datetime, reason: str | None = None
) -> Klus:
    """`teruggestuurd`: back to draft, with what must change. By the reviewer, never by who posted it."""
    klus = await managed_klus(session, klus_id, by=by, at=at)
    if klus.state != KlusState.REVIEWED:
        raise wrong_state(klus)
    if by.person_id == klus.posted_by or by.person_id not in (await _reviewers(session, klus, at=at) or ()):
        raise _by_another(klus)
    if not reason:
        raise Invalid({"reden": Reason("reden", N_("Schrijf op wat er nog moet veranderen."))})
    klus.state = KlusState.DRAFT
    return await _changed(session, "klus.sent_back", klus, by=by, at=at, texts={"reason": reason})


async def renew_klus(session: AsyncSession, klus_id: UUID, *, by: Actor, at: datetime) -> Klus:
    """It still stands: the question whether it does comes again after as many days as after placing it."""
    klus = await managed_klus(session, klus_id, by=by, at=at)
    if klus.state not in (KlusState.OPEN, KlusState.RUNNING) or not klus.accepting:
        raise wrong_state(klus)
    return await _changed(session, "klus.renewed", klus, by=by, at=at)


async def close_klus(session: AsyncSession, klus_id: UUID, *, by: Actor, at: datetime) -> Klus:
    """No more claims. Who takes part stays; a running klus runs on."""
    klus = await managed_klus(session, klus_id, by=by, at=at)
    if klus.state not in (KlusState.OPEN, KlusState.RUNNING) or not klus.accepting:
        raise wrong_state(klus)
    if klus.state == KlusState.OPEN:
        klus.state = KlusState.CLOSED
    klus.accepting = False
    return await _changed(session, "klus.closed", klus, by=by, at=at)


async def close_stale_klus(session: AsyncSession, klus_id: UUID, *, wait: int, at: datetime) -> bool:
    """No more claims on a klus of which nobody said in time that it still stands; who takes part, applied or waits stays.

    Whether it is so is asked with the klus locked: a renewal that was on its way wins."""
    klus = await hold(session, klus_id, at=at)
    day = await closes_on(session, klus_id, wait=wait, at=at)
    if day is None or day > day_of(at):
        return False
    klus.state, klus.accepting = KlusState.CLOSED, False
    await _changed(session, "klus.closed_unanswered", klus, by=SYSTEM, at=at)
    return True


async def cancel_klus(
    session: AsyncSession, klus_id: UUID, *, by: Actor, at: datetime, reason: str | None = None
) -> Klus:
    """R10: ends every claim today; nothing is deleted. Not by a co-owner."""
    klus = await managed_klus(session, klus_id, by=by, at=at, full=True)
    if klus.state in ENDED:
        raise wrong_state(klus)
    klus.state, klus.accepting = KlusState.CANCELLED, False
    await session.flush()  # first the klus, then the entries of its claims
    why = N_("De klus is ingetrokken.")
    for claim in list(await session.scalars(select(Claim).where(Claim.klus_id == klus.id, Claim.seat.is_not(None)))):
        await end_claim(session, claim, klus, ClaimState.ENDED, "claim.ended", by=by, on=day_of(at), reason=why)
    await end_waiting(session, [klus.id], day_of(at), reason=why, by=by)
    await session.refresh(klus, ["taken"])
    texts = {"reason": reason} if reason else {}
    return await _changed(session, "klus.cancelled", klus, by=by, at=at, texts=texts)


async def complete_klus(session: AsyncSession, klus_id: UUID, *, by: Actor, at: datetime) -> Klus:
    """R15: only when nobody is at work on it any more; who still is, is named."""
    klus = await managed_klus(session, klus_id, by=by, at=at)
    if klus.state not in (KlusState.RUNNING, KlusState.OPEN, KlusState.CLOSED):
        raise wrong_state(klus)
    names = ", ".join((await session.execute(_BUSY, {"klus": klus.id, "today": day_of(at)})).scalars())
    if names:
        raise Conflict(
            Reason("R15", N_("Nog niet klaar: {names}."), {"names": names}),
            then=(NextStep(N_("Rond eerst de inzet van deze mensen af."), f"/klussen/{klus.id}#meedoen"),),
        )
    klus.state, klus.accepting = KlusState.COMPLETED, False
    await end_waiting(session, [klus.id], day_of(at), reason=N_("De klus is klaar."), by=by)
    return await _changed(session, "klus.completed", klus, by=by, at=at)


async def end_vacancy(session: AsyncSession, klus: Klus, *, filled: bool, by: Actor, at: datetime) -> None:
    """A vacancy that was filled or stopped takes no application any more, also when it was never placed, and who applied is told.
    Call it with the klus locked."""
    if klus.state in ENDED:
        return
    klus.state, klus.accepting = KlusState.COMPLETED if filled else KlusState.CANCELLED, False
    await session.flush()  # first the klus, then the entries of who applied
    why = N_("De vacature is vervuld.") if filled else N_("De vacature is gestopt.")
    await end_waiting(session, [klus.id], day_of(at), reason=why, by=by)
    await _changed(session, "klus.completed" if filled else "klus.cancelled", klus, by=by, at=at)


async def _reviewers(session: AsyncSession, klus: Klus, *, at: datetime) -> list[UUID] | None:
    """Who tests a klus before it is placed; None where the team's policy asks no test."""
    row = (await session.execute(_REVIEW, {"team": klus.team_id, "today": day_of(at)})).one_or_none()
    return None if row is None else list(row.reviewers)


def _by_another(klus: Klus) -> NotAllowed:
    return NotAllowed(
        Reason("eigen_aanvraag", N_("Een ander dan de plaatser toetst deze klus, in de rol die het team koos.")),
        then=(NextStep(N_("Bekijk wie die rol vervult."), f"/teams/{klus.team_id}"),),
    )


async def _changed(
    session: AsyncSession, verb: str, klus: Klus, *, by: Actor, at: datetime, texts: dict[str, str] | None = None
) -> Klus:
    klus.version += 1
    await session.flush()  # the entry follows the act
    await note_klus(session, verb, klus, by=by, texts=texts)
    await apply_due(session, day_of(at), klus_id=klus.id)
    await session.refresh(klus)
    return klus
