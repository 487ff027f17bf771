"""Adoption: the whole change set is applied through the actions of structure, or nothing is and the reasons come back."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from teams.governance.actions.appointing import appoint
from teams.governance.changes import (
    Change,
    Filling,
    MandateRequest,
    PolicyEnd,
    PolicyMove,
    PolicyNew,
    RoleChange,
    RoleEnd,
    RoleMove,
    RoleNew,
    items_of,
)
from teams.governance.faults import conflicts, faults
from teams.governance.models import Proposal
from teams.governance.queries import scope_of
from teams.journal.batch import lock_structure
from teams.journal.models import Actor, Note, record
from teams.kit.clock import day_of
from teams.kit.errors import Conflict, Invalid, NotFound, Reason
from teams.mandates.actions.frameworks import keep_framework, work_out
from teams.structure.actions.policies import create_policy, end_policy, move_policy
from teams.structure.actions.roles import change_role, create_role, end_role, move_role
from teams.structure.forms import PolicyForm, RoleForm

_BEFORE = text("select before from proposal_round where proposal_id = :proposal and version = :version")
_ADOPT = text("insert into adoption (proposal_id, version) values (:proposal, :version)")
_REQUEST = text("insert into mandate_request (proposal_id, role_id, text) values (:proposal, :role, :text)")


async def adopt(
    session: AsyncSession, proposal: Proposal, changes: Sequence[Change], role_id: UUID, *, by: Actor, at: datetime
) -> Sequence[Reason]:
    """Apply the change set from today on; the reasons when newer governance or law stands in its way, and nothing is applied.

    One change of structure at a time: what the preconditions read here cannot change before this transaction ends.
    """
    await lock_structure(session)
    today = day_of(at)
    before = await session.scalar(_BEFORE, {"proposal": proposal.id, "version": proposal.version})
    scope = await scope_of(session, proposal.team_id, changes, role_id, today=today)
    reasons = conflicts(before, scope) or faults(changes, scope, role_id, proposal.offer_id)
    if reasons:
        return reasons
    try:
        async with session.begin_nested():
            await session.execute(_ADOPT, {"proposal": proposal.id, "version": proposal.version})
            # nobody did this alone: the team did, so the entries name no person
            team = Actor(person_id=None, name="Teams", request_id=by.request_id, origin=by.origin)
            for change in changes:
                await _apply(session, proposal, change, role_id, by=team, at=at)
    except (Conflict, Invalid, NotFound) as refusal:
        return refusal.reasons
    return ()


async def _apply(
    session: AsyncSession, proposal: Proposal, change: Change, role_id: UUID, *, by: Actor, at: datetime
) -> None:
    today = day_of(at)
    match change:
        case RoleNew():
            form = RoleForm(
                teamId=proposal.team_id, naam=change.naam, doel=change.doel,
                verantwoordelijkheden=change.verantwoordelijkheden.bij, domeinen=change.domeinen.bij,
            )  # fmt: skip
            await create_role(session, form, first=today, by=by, at=at)
        case RoleChange():
            remove = {*change.verantwoordelijkheden.weg, *change.domeinen.weg}
            await change_role(
                session, change.rolId, first=today, name=change.naam, purpose=change.doel, add=items_of(change),
                remove=remove, by=by, at=at,
            )  # fmt: skip
        case RoleEnd():
            await end_role(session, change.rolId, last=today, by=by, at=at)
        case RoleMove():
            await move_role(session, change.rolId, change.teamId, first=today, by=by, at=at)
        case PolicyMove():
            moved = await move_policy(session, change.afspraakId, change.teamId, first=today, by=by, at=at)
            await keep_framework(session, change.afspraakId, moved)
        case Filling():
            await appoint(session, change.aanbodId, by=by, at=at)
        case PolicyNew():
            policy = PolicyForm(teamId=proposal.team_id, soort=change.kind, titel=change.title, tekst=change.tekst)
            made = await create_policy(session, policy, first=today, by=by, at=at)
            if change.kader is not None:
                await work_out(session, made, change.kader)
        case PolicyEnd():
            await end_policy(session, change.afspraakId, last=today - timedelta(days=1), by=by, at=at)
        case MandateRequest():
            role = change.rolId or role_id
            await session.execute(_REQUEST, {"proposal": proposal.id, "role": role, "text": change.tekst})
            facts = {"number": proposal.number, "role": str(role)}
            on = (("proposal", proposal.id), ("role", role), ("team", proposal.team_id))
            await record(session, Note("mandate.requested", on, facts, accountable=True), by=by)
