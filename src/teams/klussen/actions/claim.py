"""Claiming, and the ways a claim ends. Lock order everywhere: person, then klus (R1)."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from teams.journal.models import SYSTEM, WRITE, Actor, Note, parameters, record
from teams.kit.clock import day_of, now
from teams.kit.errors import Conflict, NextStep, NotAllowed, Reason
from teams.kit.text import N_
from teams.klussen.actions.asking import ask_anew, ask_consent
from teams.klussen.actions.line import promote
from teams.klussen.actions.settle import hold, settle
from teams.klussen.actions.steps import (
    claim_of,
    end_claim,
    facts_of,
    klus_id_of,
    my_own,
    noted,
    subjects,
    unknown,
    wrong_moment,
)
from teams.klussen.actions.stopping import announce_stop, go_on
from teams.klussen.models import Claim, ClaimState, Klus, Way
from teams.klussen.queries import klus_for, locked_klus, no_klus
from teams.klussen.rules import ClaimFacts, NewClaim, decide_claim
from teams.klussen.weighing import asked_hours, nearest

_WRITE = text(
    f"""
    with c as (
        insert into claim (id, klus_id, person_id, state, seat, hours, terms, motivation, lined_at)
        values (:id, :klus, :person, :state, :seat, :hours, :terms, :motivation, :lined)
    ), k as (
        update klus set state = :klus_state where id = :klus and state <> :klus_state
    ), {WRITE} select id from e
    """
)
_LOT = text(
    "update claim set lot = (select count(*) from claim where klus_id = :klus and lot is not null) + 1 where id = :claim"
)
_LEAVERS = text(
    """
    select from person where id = any(array(
        select unnest(cast(:people as uuid[])) union
        select w.person_id from claim c join claim w on w.klus_id = c.klus_id
        where c.person_id = any(:people) and c.ended_at is null and w.state in ('wachtlijst', 'aangemeld')))
    order by id for no key update
    """
)
_ACTIVE = text("select id, klus_id from claim where person_id = any(:people) and ended_at is null order by klus_id, id")
_ENTRY = {ClaimState.APPLIED: "claim.applied", ClaimState.WAITING: "claim.waiting"}


async def claim_klus(
    session: AsyncSession,
    klus_id: UUID,
    *,
    by: Actor,
    hours: Decimal | None = None,
    motivation: str | None = None,
    line: bool = False,
) -> tuple[UUID, NewClaim]:
    """Take a place, apply where somebody is chosen or drawn, or with `line` wait when it is full. R1, R5, R6, R9, R17.

    Refused with every reason. Returns claim id and claim. Lock and read in one round trip, decide in Python, write claim
    and journal in one statement; what is due on the klus goes first; consent is asked after it.
    """
    if by.person_id is None:
        raise NotAllowed(
            Reason("geen_recht", N_("Alleen wie in dienst is, kan een klus claimen.")),
            then=(NextStep(N_("Lees wie wat mag."), "/spelregels"),),
        )
    seen, claim_id = await _facts(session, klus_id, by.person_id)
    if seen.is_due:
        await settle(session, await locked_klus(session, klus_id), at=seen.at)
        seen, claim_id = await _facts(session, klus_id, by.person_id)
    claim = decide_claim(seen, hours, line=line)
    note = Note(
        _ENTRY.get(claim.state, "claim.made"),
        subjects(klus_id, by.person_id, seen.team_id, seen.home_team),
        {"claim": str(claim_id), "seat": claim.seat, "state": claim.state},
    )
    await session.execute(
        _WRITE,
        {
            "id": claim_id,
            "klus": klus_id,
            "person": by.person_id,
            "state": claim.state,
            "seat": claim.seat,
            "hours": claim.hours,
            "terms": claim.terms,
            "motivation": motivation or "",
            "klus_state": claim.klus_state,
            "lined": seen.clock if claim.state == ClaimState.WAITING else None,
            **parameters(note, by),
        },
    )
    if claim.state == ClaimState.AWAITING:
        assert seen.home_team is not None
        klus, mine = await locked_klus(session, klus_id), await claim_of(session, claim_id)
        await ask_consent(session, mine, klus, team=seen.home_team, policy=seen.policy, by=by, at=seen.at)
    elif seen.way is Way.LOTS:
        await session.execute(_LOT, {"klus": klus_id, "claim": claim_id})
    return claim_id, claim


async def withdraw_claim(session: AsyncSession, claim_id: UUID, *, by: Actor, at: datetime) -> Claim:
    """Before it begins: the seat is free at once and goes to the first in line (R3); the row stays (R10)."""
    claim, klus = await own_claim(session, claim_id, by=by, at=at)
    if claim.state == ClaimState.RUNNING:
        raise Conflict(
            Reason("verkeerd_moment", N_("Deze klus is al begonnen. Intrekken kan niet meer.")),
            then=(NextStep(N_("Geef de klus terug."), f"/klussen/{klus.id}"),),
        )
    await end_claim(session, claim, klus, ClaimState.WITHDRAWN, "claim.withdrawn", by=by, on=day_of(at))
    return await _freed(session, claim, klus, by=by, at=at)


async def hand_back_claim(
    session: AsyncSession,
    claim_id: UUID,
    *,
    by: Actor,
    at: datetime,
    on: date | None = None,
    reason: str | None = None,
    handover: str | None = None,
) -> Claim:
    """Running work goes back without blame, with a reason and a handover note if there is one; hours stay booked (R3).

    `on` is the last day; a later one is only announced, and the place goes to who waits when that day is over.
    """
    claim, klus = await own_claim(session, claim_id, by=by, at=at)
    if claim.state == ClaimState.CONFIRMED:
        raise Conflict(
            Reason("verkeerd_moment", N_("Deze klus is nog niet begonnen. Teruggeven kan nog niet.")),
            then=(NextStep(N_("Trek je claim in."), f"/klussen/{klus.id}"),),
        )
    if claim.state != ClaimState.RUNNING:
        raise wrong_moment(claim)
    if on is not None and on != day_of(at):
        return await announce_stop(session, claim, klus, on, by=by, at=at, reason=reason, handover=handover)
    await end_claim(
        session, claim, klus, ClaimState.HANDED_BACK, "claim.handed_back", by=by, on=day_of(at), reason=reason,
        handover=handover,
    )  # fmt: skip
    return await _freed(session, claim, klus, by=by, at=at)


async def keep_claim(session: AsyncSession, claim_id: UUID, *, by: Actor, at: datetime) -> Claim:
    """Go on after all, when a later last day was announced."""
    claim, klus = await own_claim(session, claim_id, by=by, at=at)
    return await go_on(session, claim, klus, by=by)


async def complete_claim(
    session: AsyncSession, claim_id: UUID, *, by: Actor, at: datetime, result: str | None = None
) -> Claim:
    """One person's part is done, with what came of it (R15); said by that person or by who manages the klus."""
    claim, klus = await held_claim(session, claim_id, at=at)
    if claim.person_id != by.person_id and not (await klus_for(session, klus.id, by, at=at)).may_manage:
        raise unknown()
    if claim.state != ClaimState.RUNNING:
        raise wrong_moment(claim)
    return await end_claim(
        session, claim, klus, ClaimState.COMPLETED, "claim.completed", by=by, on=day_of(at), result=result
    )


async def reconfirm_claim(
    session: AsyncSession, claim_id: UUID, *, by: Actor, at: datetime, hours: Decimal | None = None
) -> Claim:
    """R8: say yes to changed hours or dates; the hours are checked again (R5), and so is the consent to them (R6)."""
    if by.person_id is None:
        raise unknown()
    klus_id = await klus_id_of(session, claim_id)
    klus = await hold(session, klus_id, at=at, people=(by.person_id,))
    claim = my_own(await claim_of(session, claim_id), by)
    if claim.state not in (ClaimState.CONFIRMED, ClaimState.RUNNING, ClaimState.AWAITING):
        raise wrong_moment(claim)
    seen, _ = await _facts(session, klus_id, by.person_id)
    wanted = hours if hours is not None else nearest(claim.hours, seen.hours_min, seen.hours_max)
    asked = asked_hours(wanted, seen.hours_min, seen.hours_max, seen.hours_total)
    found = seen.room(asked)
    reasons = list(found.reasons)
    if found.consent and claim.state == ClaimState.RUNNING and claim.terms != klus.terms:
        reasons = [Reason("uren_te_veel", N_("De nieuwe uren passen niet in je eigen uren."))]
    if reasons:
        raise Conflict(
            *reasons, then=(NextStep(N_("Geef de klus terug, of vraag andere uren."), f"/klussen/{klus.id}"),)
        )
    changed = claim.terms != klus.terms or claim.hours != asked
    claim.terms, claim.hours, claim.version = klus.terms, asked, claim.version + 1
    await record(session, await noted(session, "claim.confirmed_again", claim, klus), by=by)
    await session.flush()  # what follows reads the claim with SQL
    if found.consent and changed and claim.state != ClaimState.RUNNING and seen.home_team is not None:
        await ask_anew(session, claim, klus, team=seen.home_team, policy=seen.policy, by=by, at=at)
    await session.refresh(claim)
    return claim


async def end_claims(
    session: AsyncSession, leaving: Mapping[UUID, date], *, by: Actor = SYSTEM, reason: str = "",
    at: datetime | None = None,
) -> int:  # fmt: skip
    """R13: what people who leave have, ends at their last day and goes to who waits. `leaving`: person → first day out.

    All persons, those who wait with them, are locked before any klus, both in order of id: it never waits in a circle.
    """
    people = sorted(leaving)
    moment = at or await now(session)
    await session.execute(_LEAVERS, {"people": people})
    ended = 0
    for claim_id, klus_id in (await session.execute(_ACTIVE, {"people": people})).all():
        klus = await locked_klus(session, klus_id)
        claim = await claim_of(session, claim_id)
        if claim.ended_at is not None or claim.person_id is None:
            continue
        held = claim.seat is not None
        await end_claim(
            session, claim, klus, ClaimState.ENDED, "claim.ended", by=by, on=leaving[claim.person_id], reason=reason
        )
        if held:
            await _freed(session, claim, klus, by=SYSTEM, at=moment)
        ended += 1
    return ended


async def own_claim(session: AsyncSession, claim_id: UUID, *, by: Actor, at: datetime) -> tuple[Claim, Klus]:
    """My claim that has not ended, with its klus, both locked, what is due done. `NotFound` when it is not mine."""
    claim, klus = await held_claim(session, claim_id, at=at)
    return my_own(claim, by), klus


async def held_claim(session: AsyncSession, claim_id: UUID, *, at: datetime) -> tuple[Claim, Klus]:
    klus = await hold(session, await klus_id_of(session, claim_id), at=at)
    return await claim_of(session, claim_id), klus


async def _freed(session: AsyncSession, claim: Claim, klus: Klus, *, by: Actor, at: datetime) -> Claim:
    await session.refresh(klus)
    await promote(session, klus, at=at, by=by)
    return claim


async def _facts(session: AsyncSession, klus_id: UUID, person_id: UUID) -> tuple[ClaimFacts, UUID]:
    found = await facts_of(session, klus_id, person_id)
    if found is None:
        raise no_klus()
    return found
