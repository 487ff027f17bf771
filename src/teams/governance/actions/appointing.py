"""Someone begins to fill a role: decided, willing, and not stopped by who gave the role its grants."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncSession

from teams.governance.changes import Filling
from teams.governance.fillers import grants_on, role_now, unfit
from teams.governance.models import Election, ElectionState, Offer, OfferState
from teams.journal.batch import subjects
from teams.journal.models import Actor, Note, record
from teams.kit.clock import day_of, end_of
from teams.kit.errors import Conflict, NextStep, NotFound, Reason
from teams.kit.history import KEEP
from teams.kit.text import N_
from teams.kit.workdays import after
from teams.structure.actions.fillings import change_filling, end_filling, fill_role
from teams.structure.forms import FillingForm

GRANTOR_DAYS = 5
"""Working days in which who gave a role its grants may stop a filling."""

_ACT = text(
    """
    insert into filling_offer_act (offer_id, kind, person_id, acting_as, text) values (:offer, :kind, :me, :acting, :text)
    """
)
_MOVE = text("update filling_offer set state = :state, fills_at = :fills where id = :offer")
_TERMS = text(
    """
    select v.changes -> 0 as change from proposal p join proposal_version v on v.proposal_id = p.id and v.version = p.version
    where p.offer_id = :offer
    """
)
_ELECTION = text("update election set state = :state, round = :round, due_at = :due where id = :election")
_ELECTION_ACT = text(
    """
    insert into election_act (election_id, kind, person_id, acting_as, candidate_id, text)
    values (:election, :kind, :me, :acting, :candidate, :text)
    """
)


async def appoint(session: AsyncSession, offer_id: UUID, *, by: Actor, at: datetime) -> None:
    """The decision is there: the person fills the role now, or after the time in which a grantor may stop it (G36)."""
    offer = await locked_offer(session, offer_id)
    role = await role_now(session, offer.role_id, at=at)
    numbers, _ = await grants_on(session, role)
    if offer.election_id is not None:
        election = await locked_election(session, offer.election_id)
        await election_act(session, election, "gekozen", by=by, candidate=offer.person_id)
        await move_election(session, election, ElectionState.ELECTED)
        await election_note(session, "election.decided", election, by=by, accountable=True, person=str(offer.person_id))
    if not numbers:
        await _fill(session, offer, role, by=by, at=at)
        return
    fills = end_of(after(day_of(at), GRANTOR_DAYS))
    await move_offer(session, offer, OfferState.GRANTOR, fills)
    await offer_note(session, "filling.grantor_told", offer, by=by, grants=numbers, until=fills.isoformat())


async def fill_now(session: AsyncSession, offer: Offer, *, by: Actor, at: datetime) -> None:
    """The grantor let it pass. What changed meanwhile is `Conflict`."""
    await _fill(session, offer, await role_now(session, offer.role_id, at=at), by=by, at=at)


async def _fill(session: AsyncSession, offer: Offer, role: Row[Any], *, by: Actor, at: datetime) -> None:
    terms = await terms_of(session, offer)
    reasons = await unfit(session, role, offer.person_id, at=at)
    end = end_of(terms.tot) if terms.tot else None
    if end is not None and end <= at:
        reasons.append(Reason("verkeerd_moment", N_("De termijn is al voorbij.")))
    if reasons:
        raise Conflict(*reasons, then=look_at(offer))
    if offer.election_id is not None:
        for holder in role.fillers:
            await end_filling(session, role.id, holder, end=at, by=by, at=at)
    if offer.election_id is None and offer.person_id in role.fillers:
        hours = KEEP if terms.uren is None else terms.uren
        await change_filling(session, role.id, offer.person_id, start=at, hours=hours, focus=terms.focus, by=by, at=at)
        if end is not None:
            await end_filling(session, role.id, offer.person_id, end=end, by=by, at=at)
        await _done(session, offer, by=by)
        return
    form = FillingForm(
        persoonId=offer.person_id, uren=terms.uren, focus=terms.focus, gekozen=offer.election_id is not None
    )
    await fill_role(session, role.id, form, start=at, end=end, by=by, at=at)
    await _done(session, offer, by=by)


async def _done(session: AsyncSession, offer: Offer, *, by: Actor) -> None:
    await offer_act(session, offer, "vervuld", by=by)
    await move_offer(session, offer, OfferState.FILLED)


async def terms_of(session: AsyncSession, offer: Offer) -> Filling:
    """Hours, focus and term as they were decided: of the proposal's version, else of the offer."""
    change = await session.scalar(_TERMS, {"offer": offer.id})
    return Filling.model_validate(change) if change is not None else terms_asked(offer)


def terms_asked(offer: Offer) -> Filling:
    return Filling(
        soort="rolvervulling", aanbodId=offer.id, rolId=offer.role_id, persoonId=offer.person_id, uren=offer.hours,
        focus=offer.focus or None, tot=offer.ends_on,
    )  # fmt: skip


async def locked_offer(session: AsyncSession, offer_id: UUID) -> Offer:
    offer = await session.get(Offer, offer_id, with_for_update={"key_share": True}, populate_existing=True)
    if offer is None:
        raise NotFound(
            Reason("onbekend", N_("Deze vraag om een rol te vervullen bestaat niet.")),
            then=(NextStep(N_("Bekijk de organisatie."), "/organisatie"),),
        )
    return offer


async def move_offer(session: AsyncSession, offer: Offer, state: OfferState, fills: datetime | None = None) -> None:
    await session.execute(_MOVE, {"offer": offer.id, "state": state, "fills": fills or offer.fills_at})
    await session.refresh(offer)


async def close_offer(session: AsyncSession, offer_id: UUID, state: OfferState, *, by: Actor) -> None:
    """Withdrawn or lapsed with the proposal about it, unless it ended already."""
    offer = await locked_offer(session, offer_id)
    if offer.state in (OfferState.ASKED, OfferState.ACCEPTED):
        await offer_act(session, offer, state, by=by)
        await move_offer(session, offer, state)


async def offer_act(
    session: AsyncSession, offer: Offer, kind: str, *, by: Actor, words: str | None = None, acting: str | None = None
) -> None:
    given = {"offer": offer.id, "kind": kind, "me": by.person_id, "acting": acting, "text": words or ""}
    await session.execute(_ACT, given)


async def offer_note(
    session: AsyncSession, verb: str, offer: Offer, *, by: Actor, accountable: bool = False, **facts: Any
) -> None:
    about = {"offer": str(offer.id), "role": str(offer.role_id), "person": str(offer.person_id), **facts}
    on = (("role", offer.role_id), ("team", offer.team_id), ("person", offer.person_id))
    await record(session, Note(verb, on, about, accountable=accountable), by=by)


async def locked_election(session: AsyncSession, election_id: UUID) -> Election:
    election = await session.get(Election, election_id, with_for_update={"key_share": True}, populate_existing=True)
    if election is None:
        raise NotFound(
            Reason("onbekend", N_("Deze verkiezing bestaat niet.")),
            then=(NextStep(N_("Bekijk de organisatie."), "/organisatie"),),
        )
    return election


async def move_election(
    session: AsyncSession, election: Election, state: ElectionState, *, due: datetime | None = None, again: bool = False
) -> None:
    given = {"election": election.id, "state": state, "round": election.round + again, "due": due}
    await session.execute(_ELECTION, given)
    await session.refresh(election)


async def election_act(
    session: AsyncSession, election: Election, kind: str, *, by: Actor, acting: str | None = None,
    candidate: UUID | None = None, words: str | None = None,
) -> None:  # fmt: skip
    given = {
        "election": election.id, "kind": kind, "me": by.person_id, "acting": acting, "candidate": candidate,
        "text": words or "",
    }  # fmt: skip
    await session.execute(_ELECTION_ACT, given)


async def election_note(
    session: AsyncSession, verb: str, election: Election, *, by: Actor, accountable: bool = False, **facts: Any
) -> None:
    about = {"number": election.number, "election": str(election.id), "role": str(election.role_id), **facts}
    on = subjects(("role", election.role_id), ("team", election.team_id), ("person", by.person_id))
    await record(session, Note(verb, on, about, accountable=accountable), by=by)


def look_at(offer: Offer) -> tuple[NextStep, ...]:
    return (NextStep(N_("Bekijk hoe het nu staat."), f"/rolvervullingen/{offer.id}"),)
