"""Who fills a role, outside elections: asked or offered, willing, decided by the team or a role, stopped or resigned."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from teams.governance.actions.appointing import (
    appoint,
    fill_now,
    locked_election,
    locked_offer,
    look_at,
    move_offer,
    offer_act,
    offer_note,
)
from teams.governance.actions.candidates import conclude, make_offer, offer_and_propose
from teams.governance.actions.rounds import end, settle
from teams.governance.choice_forms import DecisionForm, OfferForm
from teams.governance.fillers import decider_of, focus_of, grantors_of, role_now, unfit
from teams.governance.models import OFFERED, Offer, OfferState, Proposal, ProposalState
from teams.governance.queries import locked_proposal, members_at
from teams.journal.batch import lock_structure
from teams.journal.models import SYSTEM, Actor
from teams.kit.clock import day_of
from teams.kit.errors import Conflict, Invalid, NextStep, NotAllowed, Reason, Refusal
from teams.kit.text import N_
from teams.structure.actions.fillings import end_filling
from teams.structure.models import CoreRole

ELECTED = (CoreRole.FACILITATOR, CoreRole.CIRCLE_SECRETARY, CoreRole.CIRCLE_REP)
_OPEN = text(
    """
    select exists (select from filling_offer where role_id = :role and person_id = :person
        and state in ('gevraagd','aanvaard','gever'))
    """
)
_LIES = text("select id from proposal where offer_id = :offer")
_CONSENT = text(
    """
    insert into proposal_response (proposal_id, version, person_id)
    select e.proposal_id, e.version, e.person_id from proposal_elector e
    where e.proposal_id = :proposal and e.version = :version and e.person_id = :me
        and not exists (select from objection o where o.proposal_id = e.proposal_id and o.person_id = e.person_id
            and o.state not in ('ongeldig','opgelost','ingetrokken'))
    on conflict do nothing
    """
)
_DUE = text(
    """
    select id from filling_offer where state = 'gever' and fills_at <= now() order by id limit 20
    for no key update skip locked
    """
)


async def offer_role(session: AsyncSession, form: OfferForm, *, by: Actor, at: datetime) -> Offer:
    """G9: a member, or the role that decides, asks someone; or someone offers to fill the role. Nobody is just appointed.

    G10: who fills it already can be asked to fill it with another focus; that is decided in the same way.
    """
    await lock_structure(session)  # two questions to one person: the second sees the first
    role = await role_now(session, form.rolId, at=at)
    person = form.persoonId or by.person_id
    if person is None:
        raise NotAllowed(Reason("geen_recht", N_("Een rol vul je als medewerker.")), then=_role(form.rolId))
    named, able = await decider_of(session, role, person, at=at)
    members = {one.id for one in await members_at(session, role.team_id, at=at)}
    reasons = await unfit(session, role, person, at=at)
    if role.core in ELECTED:
        reasons.append(Reason("G15", N_("Wie deze vaste rol vervult, kiest het team in een verkiezing.")))
    if role.office is not None:
        reasons.append(
            Reason("G36", N_("Een wettelijke functie wijst het bestuur toe. Daarover beslist een team niet."))
        )
    if by.person_id not in {person, *members, *able}:
        reasons.append(Reason("geen_recht", N_("Iemand voor een rol vragen doe je in een team waarvan je lid bent.")))
    if person in role.fillers and (form.focus or "") in ("", await focus_of(session, role.id, person, at=at)):
        said = N_("Deze persoon vervult deze rol al. Iets anders om op te letten kan wel: vul dat in bij ‘Aandacht’.")
        reasons.append(Reason("bestaat", said))
    if await session.scalar(_OPEN, {"role": form.rolId, "person": person}):
        reasons.append(Reason("bestaat", N_("Deze persoon is al voor deze rol gevraagd.")))
    if reasons:
        raise Conflict(*reasons, then=_role(form.rolId))
    if form.tot is not None and not day_of(at) < form.tot <= day_of(at) + timedelta(days=5 * 366):
        raise Invalid({"tot": Reason("tot", N_("Kies een dag na vandaag, hoogstens vijf jaar vooruit."))})
    offer = await make_offer(
        session, team=role.team_id, role=role.id, person=person, by=by.person_id, election=None,
        way="rol" if named else "team", decider=named, hours=form.uren, focus=form.focus or "", ends=form.tot,
        text=form.tekst,
    )  # fmt: skip
    await offer_note(session, "filling.asked", offer, by=by)
    if person == by.person_id:
        await accept_offer(session, offer.id, by=by, at=at)
    return offer


async def accept_offer(session: AsyncSession, offer_id: UUID, *, by: Actor, at: datetime) -> Offer:
    """Yes, by the person self and nobody else. In an election it is their answer in the objection round too."""
    proposal, offer = await _asked(session, offer_id, by=by)
    await offer_act(session, offer, "aanvaard", by=by)
    await move_offer(session, offer, OfferState.ACCEPTED)
    await offer_note(session, "filling.accepted", offer, by=by)
    if proposal is not None:
        if proposal.state in (ProposalState.CONSENT, ProposalState.OBJECTED):
            given = {"proposal": proposal.id, "version": proposal.version, "me": by.person_id}
            await session.execute(_CONSENT, given)
        await settle(session, proposal, by=by, at=at)
    elif offer.way == "team":
        proposer = offer.asked_by or offer.person_id
        made = await offer_and_propose(session, offer, proposer, offer.text, by=by, at=at)
        await settle(session, made, by=by, at=at)
    return offer


async def decline_offer(
    session: AsyncSession, offer_id: UUID, *, by: Actor, at: datetime, words: str | None = None
) -> Offer:
    """No, by the person self; an election goes on with the next."""
    proposal, offer = await _asked(session, offer_id, by=by)
    await offer_act(session, offer, "geweigerd", by=by, words=words)
    await move_offer(session, offer, OfferState.DECLINED)
    await offer_note(session, "filling.declined", offer, by=by)
    if proposal is not None:
        await end(session, proposal, ProposalState.WITHDRAWN, by=by)
    if offer.election_id is not None:
        await conclude(session, await locked_election(session, offer.election_id), by=by, at=at)
    return offer


async def decide_offer(session: AsyncSession, offer_id: UUID, form: DecisionForm, *, by: Actor, at: datetime) -> Offer:
    """By who fills the role that the team's policy names; never on oneself."""
    offer = await locked_offer(session, offer_id)
    reasons = []
    if offer.way != "rol" or offer.state != OfferState.ACCEPTED:
        reasons.append(Reason("verkeerd_moment", N_("Hier valt nu niets te beslissen.")))
    if by.person_id == offer.person_id:
        reasons.append(Reason("eigen_aanvraag", N_("Over jezelf beslis je niet.")))
    elif offer.decider_id is None or by.person_id not in (await role_now(session, offer.decider_id, at=at)).fillers:
        reasons.append(Reason("geen_recht", N_("Hierover beslist wie de rol vervult die het team daarvoor aanwees.")))
    if reasons:
        raise Conflict(*reasons, then=look_at(offer))
    await offer_act(session, offer, "besloten" if form.akkoord else "afgewezen", by=by, words=form.tekst)
    if form.akkoord:
        await offer_note(session, "filling.decided", offer, by=by, accountable=True, decider=str(offer.decider_id))
        await appoint(session, offer.id, by=by, at=at)
    else:
        await move_offer(session, offer, OfferState.REFUSED)
        await offer_note(session, "filling.refused", offer, by=by)
    return offer


async def hear_grantor(session: AsyncSession, offer_id: UUID, form: DecisionForm, *, by: Actor, at: datetime) -> Offer:
    """G36: who gave the role its grants stops the filling, or lets it begin now. Never the person self."""
    offer = await locked_offer(session, offer_id)
    role = await role_now(session, offer.role_id, at=at)
    reasons = []
    if offer.state != OfferState.GRANTOR:
        reasons.append(Reason("verkeerd_moment", N_("De termijn om dit te stoppen loopt nu niet.")))
    if by.person_id == offer.person_id:
        reasons.append(Reason("eigen_aanvraag", N_("Over jezelf beslis je niet.")))
    elif by.person_id not in await grantors_of(session, role, at=at):
        reasons.append(Reason("geen_recht", N_("Dit doet alleen wie de mandaten van deze rol gaf.")))
    if reasons:
        raise Conflict(*reasons, then=look_at(offer))
    if form.akkoord:
        await offer_act(session, offer, "gever_akkoord", by=by, words=form.tekst)
        await fill_now(session, offer, by=by, at=at)
    else:
        await offer_act(session, offer, "gestopt", by=by, words=form.tekst)
        await move_offer(session, offer, OfferState.STOPPED)
        await offer_note(session, "filling.stopped", offer, by=by, accountable=True)
    return offer


async def cancel_offer(session: AsyncSession, offer_id: UUID, *, by: Actor, at: datetime) -> Offer:
    """By who asked, or by the person self after a yes, until it is decided. Not in an election."""
    proposal = await _lying(session, offer_id, by)
    offer = await locked_offer(session, offer_id)
    reasons = []
    if offer.election_id is not None or offer.state not in (OfferState.ASKED, OfferState.ACCEPTED):
        reasons.append(Reason("verkeerd_moment", N_("Dit kan nu niet meer worden ingetrokken.")))
    if by.person_id not in (offer.asked_by, offer.person_id):
        reasons.append(Reason("geen_recht", N_("Dit doet wie het vroeg, of de persoon zelf.")))
    if reasons:
        raise Conflict(*reasons, then=look_at(offer))
    if proposal is not None:
        await end(session, proposal, ProposalState.WITHDRAWN, by=by)
        await session.refresh(offer)
    else:
        await offer_act(session, offer, "ingetrokken", by=by)
        await move_offer(session, offer, OfferState.CANCELLED)
    await offer_note(session, "filling.cancelled", offer, by=by)
    return offer


async def resign(session: AsyncSession, role_id: UUID, *, by: Actor, at: datetime) -> None:
    """G9: who fills a role lays it down, at once and without anyone's leave."""
    role = await role_now(session, role_id, at=at)
    if by.person_id is None or by.person_id not in role.fillers:
        raise Conflict(Reason("geen_recht", N_("Neerleggen doe je een rol die je zelf vervult.")), then=_role(role_id))
    await end_filling(session, role_id, by.person_id, end=at, by=by, at=at)


async def fill_after_grantor(session: AsyncSession, *, at: datetime) -> int:
    """Nobody stopped them: they begin. What no longer can, lapses. Returns how many."""
    due = list(await session.scalars(_DUE))
    for offer_id in due:
        offer = await locked_offer(session, offer_id)
        try:
            async with session.begin_nested():
                await fill_now(session, offer, by=SYSTEM, at=at)
        except Refusal:
            await session.refresh(offer)
            await offer_act(session, offer, "vervallen", by=SYSTEM)
            await move_offer(session, offer, OfferState.LAPSED)
            await offer_note(session, "filling.lapsed", offer, by=SYSTEM)
    return len(due)


async def _asked(session: AsyncSession, offer_id: UUID, *, by: Actor) -> tuple[Proposal | None, Offer]:
    """The proposal about it (locked first, as adoption does) and the offer, which still waits for this person's answer."""
    proposal = await _lying(session, offer_id, by)
    offer = await locked_offer(session, offer_id)
    reasons = []
    if by.person_id != offer.person_id:
        reasons.append(Reason("geen_recht", N_("Hierop antwoordt alleen wie gevraagd is.")))
    if offer.state != OfferState.ASKED:
        said = N_("Je hebt hierop al geantwoord.") if offer.state in OFFERED else N_("Deze vraag is al afgehandeld.")
        reasons.append(Reason("verkeerd_moment", said))
    if reasons:
        raise Conflict(*reasons, then=look_at(offer))
    return proposal, offer


async def _lying(session: AsyncSession, offer_id: UUID, by: Actor) -> Proposal | None:
    found = await session.scalar(_LIES, {"offer": offer_id})
    return await locked_proposal(session, found, by) if found is not None else None


def _role(role_id: UUID) -> tuple[NextStep, ...]:
    return (NextStep(N_("Bekijk de rol."), f"/rollen/{role_id}"),)
