"""Claiming, and the ways a claim ends. Lock order everywhere: person, then klus (R1)."""

from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession

from teams.journal.models import SYSTEM, WRITE, Actor, Note, parameters, record
from teams.kit.clock import day_of
from teams.kit.errors import Conflict, NextStep, NotAllowed, NotFound, Reason
from teams.kit.text import N_
from teams.klussen.actions.due import apply_due
from teams.klussen.models import Claim, ClaimState, Klus
from teams.klussen.queries import klus_for, locked_klus, no_klus
from teams.klussen.rules import ClaimFacts, NewClaim, asked_hours, decide_claim, fits

_FACTS = text("select claim_facts(:person, :klus)")
_WRITE = text(
    f"""
    with c as (
        insert into claim (id, klus_id, person_id, state, seat, hours, terms, motivation)
        values (:id, :klus, :person, :state, :seat, :hours, :terms, :motivation)
    ), k as (
        update klus set state = :klus_state where id = :klus and state <> :klus_state
    ), {WRITE} select id from e
    """
)
_END = text(
    """
    update claim set state = :to, seat = null, ended_at = now(), ended_on = :day, reason = :reason, handover = :handover,
        version = version + 1
    where id = :claim and state = :from returning id
    """
)


async def claim_klus(
    session: AsyncSession, klus_id: UUID, *, by: Actor, hours: Decimal | None = None, motivation: str | None = None
) -> tuple[UUID, NewClaim]:
    """Take a place. R1, R5, R9, R17; refused with every reason, or the place is held. Returns claim id and claim.

    Lock and read in one round trip, decide in Python, write claim and journal in one statement; first the start of a
    klus when that is due.
    """
    if by.person_id is None:
        raise NotAllowed(
            Reason("geen_recht", N_("Alleen wie in dienst is, kan een klus claimen.")),
            then=(NextStep(N_("Lees wie wat mag."), "/spelregels"),),
        )
    seen, claim_id = await _facts(session, klus_id, by.person_id)
    if seen.is_due:
        await apply_due(session, day_of(seen.at), klus_id=klus_id)
        seen, claim_id = await _facts(session, klus_id, by.person_id)
    claim = decide_claim(seen, hours)
    note = Note(
        "claim.made",
        _subjects(klus_id, by.person_id, seen.team_id, seen.home_team),
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
            **parameters(note, by),
        },
    )
    return claim_id, claim


async def withdraw_claim(session: AsyncSession, claim_id: UUID, *, by: Actor, at: datetime) -> Claim:
    """Before it begins: the seat is free at once (R3); the row stays (R10)."""
    claim, klus = await own_claim(session, claim_id, by=by, at=at)
    if claim.state == ClaimState.RUNNING:
        raise Conflict(
            Reason("verkeerd_moment", N_("Deze klus is al begonnen. Intrekken kan niet meer.")),
            then=(NextStep(N_("Geef de klus terug."), f"/klussen/{klus.id}"),),
        )
    return await _end(session, claim, klus, ClaimState.WITHDRAWN, "claim.withdrawn", by=by, at=at)


async def hand_back_claim(
    session: AsyncSession,
    claim_id: UUID,
    *,
    by: Actor,
    at: datetime,
    reason: str | None = None,
    handover: str | None = None,
) -> Claim:
    """Running work goes back without blame, with a reason and a handover note if there is one; hours stay booked (R3)."""
    claim, klus = await own_claim(session, claim_id, by=by, at=at)
    if claim.state == ClaimState.CONFIRMED:
        raise Conflict(
            Reason("verkeerd_moment", N_("Deze klus is nog niet begonnen. Teruggeven kan nog niet.")),
            then=(NextStep(N_("Trek je claim in."), f"/klussen/{klus.id}"),),
        )
    return await _end(
        session,
        claim,
        klus,
        ClaimState.HANDED_BACK,
        "claim.handed_back",
        by=by,
        at=at,
        reason=reason,
        handover=handover,
    )


async def complete_claim(session: AsyncSession, claim_id: UUID, *, by: Actor, at: datetime) -> Claim:
    """One person's part is done (R15); said by that person or by who manages the klus."""
    claim, klus = await _claim_and_klus(session, claim_id, at=at)
    if claim.person_id != by.person_id and not (await klus_for(session, klus.id, by, at=at)).may_manage:
        raise _unknown()
    if claim.state != ClaimState.RUNNING:
        raise _wrong_moment(claim)
    return await _end(session, claim, klus, ClaimState.COMPLETED, "claim.completed", by=by, at=at)


async def reconfirm_claim(
    session: AsyncSession, claim_id: UUID, *, by: Actor, at: datetime, hours: Decimal | None = None
) -> Claim:
    """R8: say yes to changed hours or dates; the hours are checked again (R5)."""
    if by.person_id is None:
        raise _unknown()
    klus_id = await session.scalar(select(Claim.klus_id).where(Claim.id == claim_id, Claim.person_id == by.person_id))
    if klus_id is None:
        raise _unknown()
    seen, _ = await _facts(session, klus_id, by.person_id)
    claim, klus = await own_claim(session, claim_id, by=by, at=at)
    wanted = hours if hours is not None else _nearest(claim.hours, seen)
    asked = asked_hours(wanted, seen.hours_min, seen.hours_max, seen.hours_total)
    reasons = fits(
        seen.hours, asked, starts=seen.starts, ends=seen.ends, total=seen.hours_total is not None, today=day_of(at)
    )
    if reasons:
        raise Conflict(
            *reasons, then=(NextStep(N_("Geef de klus terug, of vraag andere uren."), f"/klussen/{klus.id}"),)
        )
    claim.terms, claim.hours, claim.version = klus.terms, asked, claim.version + 1
    await record(session, _note("claim.confirmed_again", claim, klus), by=by)
    await session.flush()  # the caller reads the claim back with SQL
    return claim


async def end_claims(session: AsyncSession, leaving: dict[UUID, date], *, by: Actor = SYSTEM, reason: str = "") -> int:
    """R13: claims of people who leave end at their last day. `leaving`: person → first day out of service.

    All persons are locked before any klus, both in order of id, so that it never waits in a circle.
    """
    people = sorted(leaving)
    await session.execute(
        text("select from person where id = any(:people) order by id for no key update"), {"people": people}
    )
    held = select(Claim.id, Claim.klus_id).where(Claim.person_id.in_(people), Claim.seat.is_not(None))
    ended = 0
    for claim_id, klus_id in (await session.execute(held.order_by(Claim.klus_id, Claim.id))).all():
        klus = await locked_klus(session, klus_id)
        claim = await session.get(Claim, claim_id, with_for_update=True, populate_existing=True)
        if claim is None or claim.seat is None:
            continue
        await session.execute(
            _END,
            {
                "claim": claim.id, "from": claim.state, "to": ClaimState.ENDED, "reason": reason, "handover": "",
                "day": leaving[claim.person_id],
            },
        )  # fmt: skip
        await record(session, _note("claim.ended", claim, klus, await _home(session, claim.person_id)), by=by)
        ended += 1
    return ended


async def _facts(session: AsyncSession, klus_id: UUID, person_id: UUID) -> tuple[ClaimFacts, UUID]:
    """Person and klus locked, what is true of them now, and an id for a new claim."""
    facts = (await session.execute(_FACTS, {"person": person_id, "klus": klus_id})).scalar_one()
    if facts is None or facts["klus"]["state"] == "concept":
        raise no_klus()
    return ClaimFacts.from_json(facts), UUID(facts["claim_id"])


async def own_claim(session: AsyncSession, claim_id: UUID, *, by: Actor, at: datetime) -> tuple[Claim, Klus]:
    """My active claim with its klus, both locked, due transitions applied. `NotFound` when it is not mine."""
    claim, klus = await _claim_and_klus(session, claim_id, at=at)
    if claim.person_id != by.person_id:
        raise _unknown()
    if claim.seat is None:
        raise _wrong_moment(claim)
    return claim, klus


async def _claim_and_klus(session: AsyncSession, claim_id: UUID, *, at: datetime) -> tuple[Claim, Klus]:
    klus_id = await session.scalar(select(Claim.klus_id).where(Claim.id == claim_id))
    if klus_id is None:
        raise _unknown()
    await locked_klus(session, klus_id)
    await apply_due(session, day_of(at), klus_id=klus_id)
    klus = await locked_klus(session, klus_id)
    claim = await session.get(Claim, claim_id, with_for_update=True, populate_existing=True)
    assert claim is not None
    return claim, klus


async def _end(
    session: AsyncSession,
    claim: Claim,
    klus: Klus,
    to: ClaimState,
    verb: str,
    *,
    by: Actor,
    at: datetime,
    reason: str | None = None,
    handover: str | None = None,
) -> Claim:
    done = await session.execute(
        _END,
        {
            "claim": claim.id, "from": claim.state, "to": to, "day": day_of(at),
            "reason": reason or "", "handover": handover or "",
        },
    )  # fmt: skip
    if done.first() is None:
        raise _wrong_moment(claim)
    await record(session, _note(verb, claim, klus, await _home(session, claim.person_id)), by=by)
    await session.refresh(claim)
    return claim


async def _home(session: AsyncSession, person_id: UUID) -> UUID | None:
    home: UUID | None = await session.scalar(
        text(
            "select team_id from home_team where person_id = :p and upper_inf(recorded) and"
            " valid @> (now() at time zone 'Europe/Amsterdam')::date"
        ),
        {"p": person_id},
    )
    return home


def _note(verb: str, claim: Claim, klus: Klus, home: UUID | None = None) -> Note:
    return Note(
        verb, _subjects(klus.id, claim.person_id, klus.team_id, home), {"claim": str(claim.id), "seat": claim.seat}
    )


def _subjects(klus: UUID, person: UUID, team: UUID, home: UUID | None) -> tuple[tuple[str, UUID], ...]:
    return (("klus", klus), ("person", person), ("team", team), *((("team", home),) if home else ()))


def _nearest(hours: Decimal, seen: ClaimFacts) -> Decimal | None:
    if seen.hours_min is None or seen.hours_max is None:
        return None
    return min(max(hours, seen.hours_min), seen.hours_max)


def _unknown() -> NotFound:
    return NotFound(
        Reason("onbekend", N_("Deze inzet bestaat niet.")), then=(NextStep(N_("Bekijk je klussen in Mijn week."), "/"),)
    )


def _wrong_moment(claim: Claim) -> Conflict:
    messages: dict[str, str] = {
        ClaimState.CONFIRMED: N_("Deze klus is nog niet begonnen."),
        ClaimState.RUNNING: N_("Deze klus loopt al."),
        ClaimState.COMPLETED: N_("Deze inzet is al afgerond."),
        ClaimState.WITHDRAWN: N_("Deze claim is al ingetrokken."),
        ClaimState.HANDED_BACK: N_("Deze klus is al teruggegeven."),
        ClaimState.ENDED: N_("Deze inzet is beëindigd."),
    }
    return Conflict(
        Reason("verkeerd_moment", messages[claim.state]),
        then=(NextStep(N_("Bekijk de klus zoals die nu is."), f"/klussen/{claim.klus_id}"),),
    )
