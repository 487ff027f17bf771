"""A round of consent on one version: opened under the rules of that day, settled as soon as the rules allow."""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from teams.governance.actions.adoption import adopt
from teams.governance.actions.appointing import close_offer
from teams.governance.changes import CHANGES, Change
from teams.governance.faults import faults
from teams.governance.fillers import electors_of
from teams.governance.models import Offer, OfferState, Proposal, ProposalState
from teams.governance.queries import absences_of, form_of_team, own_roles, scope_of, standing_of
from teams.governance.rules import Outcome, due_at, extended, lapses_at, outcome
from teams.journal.models import Actor, Note, record
from teams.kit.clock import day_of
from teams.kit.errors import Conflict, NextStep, Reason
from teams.kit.text import N_

_VERSION = text(
    """
    insert into proposal_version (proposal_id, version, changes, note, made_by)
    values (:proposal, :version, cast(:changes as jsonb), :note, :by)
    """
)
_CHANGES = text(
    """
    select v.changes, t.role_id, exists (select from proposal_round r
        where r.proposal_id = v.proposal_id and r.version = v.version) as opened
    from proposal_version v join proposal p on p.id = v.proposal_id join tension t on t.id = p.tension_id
    where v.proposal_id = :proposal and v.version = :version
    """
)
_ROUND = text(
    """
    insert into proposal_round (proposal_id, version, form, days, policy_id, quorum, due_at, lapses_at, before)
    values (:proposal, :version, :form, :days, :policy, :quorum, :due, :lapses, cast(:before as jsonb))
    """
)
_ELECTORS = text(
    """
    insert into proposal_elector (proposal_id, version, person_id, role_id)
    select :proposal, :version, e.person, e.role from unnest(cast(:people as uuid[]), cast(:roles as uuid[])) e(person, role)
    """
)
_ACT = text(
    """
    insert into proposal_act (proposal_id, version, kind, person_id, text, reasons)
    values (:proposal, :version, :kind, :person, :text, cast(:reasons as jsonb))
    """
)
_MOVE = text("update proposal set state = :state, version = :version where id = :proposal")
_SILENT = text(
    """
    select e.person_id from proposal_elector e where e.proposal_id = :proposal and e.version = :version
        and not exists (select from proposal_response r where r.proposal_id = e.proposal_id and r.version = e.version
            and r.person_id = e.person_id)
    """
)
_EXTEND = text("insert into proposal_extension (proposal_id, version, due_at) values (:proposal, :version, :due)")


def subjects(proposal: Proposal, person: UUID | None = None) -> tuple[tuple[str, UUID], ...]:
    named = {person, proposal.proposer_id} - {None}
    return (
        ("proposal", proposal.id), ("team", proposal.team_id), *(("person", who) for who in named if who is not None),
    )  # fmt: skip


async def note(
    session: AsyncSession, verb: str, proposal: Proposal, *, by: Actor, accountable: bool = False, **facts: Any
) -> None:
    """One entry of the journal about a proposal; its version and number always stand in it."""
    about = {"number": proposal.number, "version": proposal.version, **facts}
    await record(session, Note(verb, subjects(proposal, by.person_id), about, accountable=accountable), by=by)


async def add_version(
    session: AsyncSession, proposal: Proposal, version: int, changes: Sequence[Change], words: str | None, by: UUID
) -> None:
    written = CHANGES.dump_json(list(changes)).decode()
    given = {"proposal": proposal.id, "version": version, "changes": written, "note": words or "", "by": by}
    await session.execute(_VERSION, given)


async def changes_of(session: AsyncSession, proposal: Proposal) -> tuple[list[Change], UUID, bool]:
    """The change set that lies there now, the role of the tension, and whether this version had its round."""
    row = (await session.execute(_CHANGES, {"proposal": proposal.id, "version": proposal.version})).one()
    return CHANGES.validate_json(json.dumps(row.changes)), row.role_id, row.opened


async def check_scope(
    session: AsyncSession, team_id: UUID, role_id: UUID, changes: Sequence[Change], *, by: Actor, at: datetime,
    offer: UUID | None = None,
) -> dict[str, Any]:  # fmt: skip
    """G17, G20: the proposer's own role and nothing but governance of this team; returns what the changes rest on."""
    reasons: list[Reason] = []
    roles = await own_roles(session, by, at=at) if offer is None else []
    if offer is None and not any(role.id == role_id and role.team_id == team_id for role in roles):
        reasons.append(Reason("G20", N_("Je stelt een wijziging voor vanuit een rol die je zelf vervult in dit team.")))
    scope = await scope_of(session, team_id, changes, role_id, today=day_of(at))
    reasons += faults(changes, scope, role_id, offer)
    if reasons:
        raise Conflict(*reasons, then=(NextStep(N_("Bekijk de rollen van het team."), f"/teams/{team_id}"),))
    return scope.before()


async def open_round(
    session: AsyncSession, proposal: Proposal, changes: Sequence[Change], role_id: UUID, *, by: Actor, at: datetime
) -> None:
    """The version lies before the team: form, term and electorate as they are now, and they stay so (G20, G22)."""
    before = await check_scope(
        session, proposal.team_id, role_id, changes, by=by, at=at, offer=proposal.offer_id
    )  # fmt: skip
    chosen = await form_of_team(session, proposal.team_id, at=at)
    electors = await electors_of(session, proposal, at=at)
    if not electors and chosen.days is None:
        raise Conflict(
            Reason("G22", N_("Er is niemand anders in dit team om te antwoorden, en er is geen afspraak over een termijn.")),
            then=(NextStep(N_("Vul eerst een andere rol van het team."), f"/teams/{proposal.team_id}"),),
        )  # fmt: skip
    due = due_at(chosen, at)
    given = {
        "proposal": proposal.id, "version": proposal.version, "form": chosen.form, "days": chosen.days,
        "policy": chosen.policy_id, "quorum": chosen.quorum, "due": due, "lapses": lapses_at(at), "before": json.dumps(before),
    }  # fmt: skip
    await session.execute(_ROUND, given)
    people = {"people": [one.id for one in electors], "roles": [one.role_id for one in electors]}
    await session.execute(_ELECTORS, {"proposal": proposal.id, "version": proposal.version, **people})
    await move(session, proposal, ProposalState.CONSENT)
    if due is not None and chosen.days is not None:
        longer = extended(due, at, chosen.days, await absences_of(session, [one.id for one in electors]))
        if longer > due:
            await _extend(session, proposal, longer, by=by)


async def settle(session: AsyncSession, proposal: Proposal, *, by: Actor, at: datetime) -> None:
    """Bring the proposal to the state that its round asks for: after every answer, and when a term passes."""
    if proposal.state not in (ProposalState.CONSENT, ProposalState.OBJECTED):
        return
    standing, row = await standing_of(session, proposal)
    ready = outcome(standing, at)
    if ready is Outcome.ADOPT and standing.silent and standing.due and standing.days and not row.longer:
        silent = list(await session.scalars(_SILENT, {"proposal": proposal.id, "version": proposal.version}))
        longer = extended(standing.due, row.opened_at, standing.days, await absences_of(session, silent))
        if longer > at:
            await _extend(session, proposal, longer, by=by)
            ready = Outcome.WAIT
    if ready is Outcome.ADOPT and not await _willing(session, proposal):
        ready = Outcome.WAIT
    match ready:
        case Outcome.OBJECTED:
            await move(session, proposal, ProposalState.OBJECTED)
        case Outcome.WAIT:
            await move(session, proposal, ProposalState.CONSENT)
        case Outcome.LAPSE:
            await end(session, proposal, ProposalState.LAPSED, by=by)
        case Outcome.ADOPT:
            await move(session, proposal, ProposalState.CONSENT)
            changes, role_id, _ = await changes_of(session, proposal)
            conflict = await adopt(session, proposal, changes, role_id, by=by, at=at)
            if conflict and proposal.offer_id is not None:
                await end(session, proposal, ProposalState.LAPSED, by=by, reasons=conflict)
            elif conflict:
                await _send_back(session, proposal, conflict, by=by)
            else:
                await move(session, proposal, ProposalState.ADOPTED)
                await note(
                    session, "proposal.adopted", proposal, by=by, accountable=True, electors=standing.electors,
                    silent=standing.silent,
                )  # fmt: skip


async def move(session: AsyncSession, proposal: Proposal, state: ProposalState, version: int | None = None) -> None:
    """Compare-and-set is the row's lock: everyone who moves a proposal holds it."""
    wanted = version if version is not None else proposal.version
    if (proposal.state, proposal.version) != (state, wanted):
        await session.execute(_MOVE, {"proposal": proposal.id, "state": state, "version": wanted})
        await session.refresh(proposal)


async def end(
    session: AsyncSession, proposal: Proposal, state: ProposalState, *, by: Actor, words: str | None = None,
    reasons: Sequence[Reason] = (),
) -> None:  # fmt: skip
    """Withdrawn or lapsed, and with it the offer that it was about."""
    await write_act(session, proposal, state, by=by, words=words, reasons=reasons)
    await move(session, proposal, state)
    if proposal.offer_id is not None:
        await close_offer(session, proposal.offer_id, OfferState(state), by=by)
    verb = "proposal.withdrawn" if state is ProposalState.WITHDRAWN else "proposal.lapsed"
    await note(session, verb, proposal, by=by)


async def write_act(
    session: AsyncSession, proposal: Proposal, kind: str, *, by: Actor, words: str | None = None,
    reasons: Sequence[Reason] = (),
) -> None:  # fmt: skip
    told = [{"code": one.code, "tekst": one.text, "waarden": one.values} for one in reasons]
    given = {
        "proposal": proposal.id, "version": proposal.version, "kind": kind, "person": by.person_id, "text": words or "",
        "reasons": json.dumps(told, default=str),
    }  # fmt: skip
    await session.execute(_ACT, given)


async def _willing(session: AsyncSession, proposal: Proposal) -> bool:
    """G9: who is to fill a role says so; silence is no yes."""
    if proposal.offer_id is None:
        return True
    offer = await session.get_one(Offer, proposal.offer_id, populate_existing=True)
    return offer.state == OfferState.ACCEPTED


async def _send_back(session: AsyncSession, proposal: Proposal, reasons: Sequence[Reason], *, by: Actor) -> None:
    """A conflict with newer governance stops the adoption; the proposer looks at it again."""
    await write_act(session, proposal, "teruggekomen", by=by, reasons=reasons)
    await move(session, proposal, ProposalState.DRAFT)
    await note(session, "proposal.sent_back", proposal, by=by, reasons=[one.code for one in reasons])


async def _extend(session: AsyncSession, proposal: Proposal, due: datetime, *, by: Actor) -> None:
    await session.execute(_EXTEND, {"proposal": proposal.id, "version": proposal.version, "due": due})
    await note(session, "proposal.extended", proposal, by=by, until=due.isoformat())
