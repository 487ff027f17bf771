"""Choosing and being chosen: select, reject, accept, decline, and who is next in line (R3, R4, R17)."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession

from teams.journal.models import Actor, record, record_many
from teams.kit.clock import day_of
from teams.kit.errors import Conflict, Invalid, NextStep, NotAllowed, Reason
from teams.kit.text import N_
from teams.klussen.actions.asking import ask_consent, named_consent
from teams.klussen.actions.claim import own_claim
from teams.klussen.actions.line import free_seats, offer, promote, weigh
from teams.klussen.actions.settle import hold
from teams.klussen.actions.steps import (
    claim_of,
    end_claim,
    facts_of,
    klus_id_of,
    my_own,
    note_of,
    noted,
    unknown,
    wrong_moment,
)
from teams.klussen.models import LIVE, Claim, ClaimState, Kind, Klus
from teams.klussen.queries import klus_for, no_klus
from teams.klussen.rules import taken_state
from teams.klussen.weighing import asked_hours, nearest

_SEATS = text("select seat from claim where klus_id = :klus and seat is not null")
_TAKE = text(
    """
    update claim set state = :to, hours = :hours, terms = :terms, due_at = null, version = version + 1
    where id = :claim and state = 'aangeboden' returning id
    """
)
_BEGIN = text("update klus set state = 'in_uitvoering' where id = :klus and state in ('open', 'gesloten')")
_TEAM_CLAIM = text("select team_id from team_claim where id = :id")
_NAMES = text("select id, name from person where id = any(:people)")
_LINE = text("select id, lined_at from claim where klus_id = :klus and state = 'wachtlijst' order by lined_at, id")
_MOVE = text(
    """
    update claim set lined_at = :to, line_reason = :reason, version = version + 1
    where id = :claim and state = 'wachtlijst' returning id
    """
)


async def select_people(
    session: AsyncSession, klus_id: UUID, claims: Sequence[UUID], *, by: Actor, at: datetime
) -> int:
    """Offer places to people who applied, all or none. Nobody chooses themselves; hours must fit now (R5)."""
    klus, chosen = await _applied(session, klus_id, claims, by=by, at=at)
    if klus.kind == Kind.VACANCY:
        raise Conflict(
            Reason("R17", N_("Een aanstelling is een besluit. Bij een vacature krijgt niemand hier een plek.")),
            then=(NextStep(N_("Leg het besluit vast bij de rol die aanstelt."), f"/klussen/{klus.id}"),),
        )
    if klus.state not in LIVE:
        raise Conflict(
            Reason("gesloten", N_("De klus staat niet open.")),
            then=(NextStep(N_("Open de inschrijving weer."), f"/klussen/{klus.id}"),),
        )
    free = free_seats(klus, (await session.execute(_SEATS, {"klus": klus.id})).scalars())
    people = [(claim.person_id, claim.hours) for claim in chosen if claim.person_id]
    weighed = await weigh(session, klus, people, at=at)
    reasons = []
    if len(chosen) > len(free):
        reasons.append(
            Reason("vol", N_("Je koos {chosen} mensen; er zijn {free} plekken vrij."), {"chosen": len(chosen), "free": len(free)})
        )  # fmt: skip
    names = {row.id: row.name for row in await session.execute(_NAMES, {"people": [p for p, _ in people]})}
    reasons += [
        Reason("uren_te_veel", N_("Voor {name} past deze klus niet meer."), {"name": names[person]})
        for person, found in weighed.items() if found.room.reasons
    ]  # fmt: skip
    if reasons:
        raise Conflict(*reasons, then=(NextStep(N_("Kies andere mensen."), f"/klussen/{klus.id}/aanmeldingen"),))
    offers = [
        (claim, weighed[claim.person_id].home, seat)
        for claim, seat in zip(chosen, free, strict=False) if claim.person_id
    ]  # fmt: skip
    if await offer(session, offers, at=at, chosen_by=by.person_id) != len(chosen):
        raise wrong_moment(chosen[0])
    notes = [note_of("claim.selected", claim, klus, home, offered=seat) for claim, home, seat in offers]
    await record_many(session, notes, by=by)
    for claim in chosen:
        await session.refresh(claim)
    return len(chosen)


async def reject_people(
    session: AsyncSession, klus_id: UUID, claims: Sequence[UUID], *, by: Actor, at: datetime, reason: str | None
) -> int:
    """Say no to people who applied, with a message that only they read (R21)."""
    if not reason:
        raise Invalid({"reden": Reason("reden", N_("Schrijf kort waarom niet. Alleen wie je afwijst, leest dit."))})
    klus, chosen = await _applied(session, klus_id, claims, by=by, at=at)
    for claim in chosen:
        await end_claim(
            session, claim, klus, ClaimState.REJECTED, "claim.rejected", by=by, on=day_of(at), reason=reason,
            texts={"reason": reason},
        )  # fmt: skip
    return len(chosen)


async def accept_offer(
    session: AsyncSession, claim_id: UUID, *, by: Actor, at: datetime, hours: Decimal | None = None
) -> Claim:
    """Take the place that was offered; hours are weighed once more, and the home team is asked when it must be (R5, R6)."""
    if by.person_id is None:
        raise unknown()
    klus_id = await klus_id_of(session, claim_id)
    klus = await hold(session, klus_id, at=at, people=(by.person_id,))
    claim = my_own(await claim_of(session, claim_id), by)
    if claim.state != ClaimState.OFFERED:
        raise wrong_moment(claim)
    found = await facts_of(session, klus_id, by.person_id)
    if found is None:
        raise no_klus()
    seen, _ = found
    wanted = hours if hours is not None else nearest(claim.hours, seen.hours_min, seen.hours_max)
    asked = asked_hours(wanted, seen.hours_min, seen.hours_max, seen.hours_total)
    room = seen.room(asked)
    if room.reasons:
        raise Conflict(*room.reasons, then=(NextStep(N_("Maak uren vrij, of sla de plek af."), f"/klussen/{klus.id}"),))
    team = await session.scalar(_TEAM_CLAIM, {"id": claim.team_claim_id}) if claim.team_claim_id else None
    namer = claim.chosen_by
    named = (
        team is not None
        and team == seen.home_team
        and namer is not None
        and namer not in (by.person_id, klus.posted_by)
        and not seen.policy.decided(asked, klus.starts, klus.ends, total=klus.hours_total is not None, rate=seen.rate)
    )
    to = taken_state(seen, room)
    if named and to == ClaimState.AWAITING:
        to = ClaimState.RUNNING if seen.begun() else ClaimState.CONFIRMED
    given = {"claim": claim.id, "to": to, "hours": asked, "terms": klus.terms}
    if (await session.execute(_TAKE, given)).first() is None:
        raise wrong_moment(claim)
    await session.refresh(claim)
    if to == ClaimState.RUNNING:
        await session.execute(_BEGIN, {"klus": klus.id})
    await record(session, await noted(session, "claim.accepted", claim, klus, state=to), by=by)
    if to == ClaimState.AWAITING:
        assert seen.home_team is not None
        await ask_consent(session, claim, klus, team=seen.home_team, policy=seen.policy, by=by, at=at)
    elif named and room.consent and team is not None and namer is not None:
        await named_consent(session, claim, klus, team=team, namer=namer)
    await session.refresh(claim)
    return claim


async def decline_offer(session: AsyncSession, claim_id: UUID, *, by: Actor, at: datetime) -> Claim:
    """No, thank you: the place goes to the next in line."""
    claim, klus = await own_claim(session, claim_id, by=by, at=at)
    if claim.state != ClaimState.OFFERED:
        raise wrong_moment(claim)
    await end_claim(session, claim, klus, ClaimState.DECLINED, "claim.declined", by=by, on=day_of(at))
    await session.refresh(klus)
    await promote(session, klus, at=at, by=by)
    return claim


async def offer_next(session: AsyncSession, klus_id: UUID, *, by: Actor, at: datetime) -> int:
    """By hand what the clock does too: free places to who is first in line and fits (R3)."""
    await managed(session, klus_id, by=by, at=at)
    klus = await hold(session, klus_id, at=at)
    offered = await promote(session, klus, at=at, by=by)
    await session.refresh(klus)
    return offered


async def move_in_line(
    session: AsyncSession, claim_id: UUID, place: int, *, by: Actor, at: datetime, reason: str | None
) -> Claim:
    """R4: another place in line, only with a reason that is logged; never one's own."""
    klus_id = await klus_id_of(session, claim_id)
    await managed(session, klus_id, by=by, at=at)
    klus = await hold(session, klus_id, at=at)
    claim = await claim_of(session, claim_id)
    if claim.state != ClaimState.WAITING:
        raise wrong_moment(claim)
    if not reason:
        raise Invalid({"reden": Reason("reden", N_("Schrijf op waarom de volgorde verandert."))})
    _not_self([claim], by)
    line = [row for row in (await session.execute(_LINE, {"klus": klus.id})).all() if row.id != claim.id]
    if not 1 <= place <= len(line) + 1:
        raise Invalid({"plek": Reason("plek", N_("Kies een plek van 1 tot en met {most}."), {"most": len(line) + 1})})
    before = line[place - 2].lined_at if place > 1 else None
    behind = line[place - 1].lined_at if place <= len(line) else None
    to = _between(before, behind) or claim.lined_at  # alone in line: nowhere to go
    await session.execute(_MOVE, {"claim": claim.id, "to": to, "reason": reason})
    note = await noted(session, "claim.moved_in_line", claim, klus, texts={"reason": reason}, place=place)
    await record(session, note, by=by)
    await session.refresh(claim)
    return claim


def _between(before: datetime | None, behind: datetime | None) -> datetime | None:
    if before is None:
        return behind and behind - timedelta(milliseconds=1)
    return before + (behind - before) / 2 if behind is not None else before + timedelta(milliseconds=1)


async def managed(session: AsyncSession, klus_id: UUID, *, by: Actor, at: datetime) -> None:
    """`NotAllowed` for who does not manage the klus; a klus that somebody may not see does not exist."""
    seen = await klus_for(session, klus_id, by, at=at)
    if not seen.may_manage:
        raise NotAllowed(
            Reason("geen_recht", N_("Deze klus beheert {role} van {team}."), {"role": seen.role or "", "team": seen.team}),
            then=(NextStep(N_("Vraag het aan wie de klus plaatste."), f"/klussen/{klus_id}"),),
        )  # fmt: skip


async def _applied(
    session: AsyncSession, klus_id: UUID, claims: Sequence[UUID], *, by: Actor, at: datetime
) -> tuple[Klus, list[Claim]]:
    """These claims on a klus that I manage, still undecided, with their people locked."""
    await managed(session, klus_id, by=by, at=at)
    if not claims:
        raise Invalid({"inzet": Reason("inzet", N_("Kies eerst wie je bedoelt."))})
    wanted = select(Claim.person_id).where(Claim.id.in_(claims), Claim.klus_id == klus_id)
    people = [person for person in await session.scalars(wanted) if person]
    klus = await hold(session, klus_id, at=at, people=people)
    chosen = [await claim_of(session, claim_id) for claim_id in dict.fromkeys(claims)]
    for claim in chosen:
        if claim.klus_id != klus_id:
            raise unknown()
        if claim.state != ClaimState.APPLIED:
            raise wrong_moment(claim)
    _not_self(chosen, by)
    return klus, chosen


def _not_self(claims: Sequence[Claim], by: Actor) -> None:
    if any(claim.person_id == by.person_id for claim in claims):
        raise Conflict(
            Reason("eigen_aanvraag", N_("Over je eigen aanmelding beslist een ander.")),
            then=(NextStep(N_("Vraag iemand die deze klus ook beheert."), f"/klussen/{claims[0].klus_id}"),),
        )
