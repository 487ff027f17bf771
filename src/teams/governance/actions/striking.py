"""Governance that turns out to break the rules is struck (rule 33): undone from today on, announced, never deleted."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from teams.governance.actions.rounds import changes_of, subjects
from teams.governance.changes import (
    Change,
    Filling,
    PolicyEnd,
    PolicyMove,
    PolicyNew,
    RoleChange,
    RoleEnd,
    RoleMove,
    RoleNew,
)
from teams.governance.choice_forms import StrikeForm
from teams.governance.fillers import grants_on, role_now
from teams.governance.models import Proposal, ProposalState
from teams.governance.queries import core_fillers, locked_proposal, members_at
from teams.governance.rules import judges
from teams.journal.batch import lock_structure
from teams.journal.models import Actor, Note, record
from teams.kit.clock import day_of
from teams.kit.errors import Conflict, Invalid, NextStep, NotFound, Reason
from teams.kit.text import N_
from teams.mandates.actions.frameworks import keep_framework
from teams.structure.actions.fillings import end_filling
from teams.structure.actions.policies import create_policy, end_policy, move_policy
from teams.structure.actions.roles import change_role, end_role, items_of, move_role
from teams.structure.forms import PolicyForm
from teams.structure.models import ItemKind

_STRUCK = text("select exists (select from proposal_strike where proposal_id = :proposal)")
_STRIKE = text(
    "insert into proposal_strike (proposal_id, person_id, acting_as, text) values (:proposal, :me, :acting, :text)"
)
_BEFORE = text("select before from proposal_round where proposal_id = :proposal and version = :version")
_MADE = text(
    """
    with this as (select j.id, j.xid from journal j join journal_subject s on s.entry = j.id and s.kind = 'proposal'
        and s.id = :proposal where j.verb = 'proposal.adopted'),
    last as (select coalesce(max(j.id::text), '') as id from journal j, this
        where j.xid = this.xid and j.verb = 'proposal.adopted' and j.id < this.id)
    select j.verb, coalesce(j.facts ->> 'role', j.facts ->> 'policy') as made from journal j, this, last
    where j.xid = this.xid and j.id < this.id and j.id::text > last.id and j.verb in ('role.created','policy.created')
    order by j.id
    """
)
_NEWER = text(
    """
    select exists (select from journal j join journal_subject s on s.entry = j.id and s.kind = :kind and s.id = :id
        where j.verb like :kind || '.%' and j.verb not in ('role.filled','role.emptied','role.filling_changed')
        and j.xid <> (select a.xid from journal a join journal_subject p on p.entry = a.id and p.kind = 'proposal'
            and p.id = :proposal where a.verb = 'proposal.adopted')
        and j.at >= (select at from adoption where proposal_id = :proposal))
    """
)


async def strike_proposal(
    session: AsyncSession, proposal_id: UUID, form: StrikeForm, *, by: Actor, at: datetime
) -> Proposal:
    """By the teamsecretaris, or who stands in (G16): what the proposal changed is undone, and everyone in the team is told why."""
    proposal = await locked_proposal(session, proposal_id, by)
    await lock_structure(session)
    acting, able = await strikers(session, proposal.team_id, proposal.proposer_id, at=at)
    reasons = []
    if proposal.state != ProposalState.ADOPTED:
        reasons.append(Reason("verkeerd_moment", N_("Schrappen kan alleen wat is aangenomen.")))
    elif await session.scalar(_STRUCK, {"proposal": proposal.id}):
        reasons.append(Reason("verkeerd_moment", N_("Dit is al geschrapt.")))
    if by.person_id not in able:
        reasons.append(
            Reason("G33", N_("Schrappen doet de teamsecretaris, of wie die vervangt. Nooit wie het voorstelde."))
        )
    if reasons:
        raise _no(proposal, *reasons)
    await _undo_all(session, proposal, by=by, at=at)
    given = {"proposal": proposal.id, "me": by.person_id, "acting": acting, "text": form.tekst}
    await session.execute(_STRIKE, given)
    people = {member.id for member in await members_at(session, proposal.team_id, at=at)}
    on = tuple(dict.fromkeys((*subjects(proposal, by.person_id), *(("person", one) for one in sorted(people)))))
    facts = {"number": proposal.number, "version": proposal.version, "acting": acting}
    await record(session, Note("proposal.struck", on, facts, {"reason": form.tekst}, accountable=True), by=by)
    return proposal


async def strikers(
    session: AsyncSession, team_id: UUID, proposer: UUID, *, at: datetime
) -> tuple[str, frozenset[UUID]]:
    """As what, and who may strike: the teamsecretaris first, never the proposer."""
    members = {member.id for member in await members_at(session, team_id, at=at)}
    return judges(await core_fillers(session, team_id, at=at), members, {proposer}, breach=True)


async def _undo_all(session: AsyncSession, proposal: Proposal, *, by: Actor, at: datetime) -> None:
    """Change by change, the last first; what changed since stops it all."""
    changes, _, _ = await changes_of(session, proposal)
    before = await session.scalar(_BEFORE, {"proposal": proposal.id, "version": proposal.version})
    rows = (await session.execute(_MADE, {"proposal": proposal.id})).all()
    made = {"role.created": [UUID(r.made) for r in rows if r.verb == "role.created"],
            "policy.created": [UUID(r.made) for r in rows if r.verb == "policy.created"]}  # fmt: skip
    try:
        async with session.begin_nested():
            for change in reversed(changes):
                await _undo(session, proposal, change, before, made, by=by, at=at)
    except (Conflict, Invalid, NotFound) as refusal:
        step = NextStep(N_("Doe een voorstel dat het herstelt."), f"/voorstellen/nieuw?team={proposal.team_id}")
        raise Conflict(*refusal.reasons, then=(step,)) from None


async def _undo(
    session: AsyncSession, proposal: Proposal, change: Change, before: dict[str, Any], made: dict[str, list[UUID]], *,
    by: Actor, at: datetime,
) -> None:  # fmt: skip
    today = day_of(at)
    match change:
        case RoleNew():
            role_id = made["role.created"].pop()
            await _untouched(session, proposal, "role", role_id)
            if (await grants_on(session, await role_now(session, role_id, at=at)))[0]:
                raise _no(proposal, Reason("G36", N_("Aan de nieuwe rol hangt al een mandaat.")))
            await end_role(session, role_id, last=today, by=by, at=at)
        case RoleChange():
            await _untouched(session, proposal, "role", change.rolId)
            await _restore(session, change, before["rollen"][str(change.rolId)], by=by, at=at)
        case RoleMove():
            await _untouched(session, proposal, "role", change.rolId)
            await move_role(session, change.rolId, proposal.team_id, first=today, by=by, at=at)
        case RoleEnd():
            raise _no(proposal, Reason("G33", N_("De rol is al vervallen. Maak haar opnieuw.")))
        case PolicyNew():
            policy_id = made["policy.created"].pop()
            await _untouched(session, proposal, "policy", policy_id)
            await end_policy(session, policy_id, last=today - timedelta(days=1), by=by, at=at)
        case PolicyMove():
            policy_id = made["policy.created"].pop()
            await _untouched(session, proposal, "policy", policy_id)
            back = await move_policy(session, policy_id, proposal.team_id, first=today, by=by, at=at)
            await keep_framework(session, policy_id, back)
        case PolicyEnd():
            old = before["afspraken"][str(change.afspraakId)]
            form = PolicyForm(teamId=proposal.team_id, soort=old["soort"], titel=old["titel"], tekst=old["tekst"])
            back = await create_policy(session, form, first=today, by=by, at=at)
            await keep_framework(session, change.afspraakId, back)
        case Filling():
            await end_filling(session, change.rolId, change.persoonId, end=at, by=by, at=at)
        case _:
            pass  # a mandate was only asked for


async def _restore(
    session: AsyncSession, change: RoleChange, stood: dict[str, Any], *, by: Actor, at: datetime
) -> None:
    """Name, purpose, accountabilities and domains as they were."""
    today = day_of(at)
    here = {
        item
        for item, spans in (await items_of(session, change.rolId)).items()
        if any(span.end is None or span.end > today for span in spans)
    }
    added = [item for item in here if str(item) not in stood["onderdelen"]]
    gone = [(ItemKind(words[0]), words[1]) for item, words in stood["onderdelen"].items() if UUID(item) not in here]
    await change_role(
        session, change.rolId, first=today, name=stood["naam"] if change.naam else None,
        purpose=stood["doel"] if change.doel else None, add=gone, remove=added, by=by, at=at,
    )  # fmt: skip


async def _untouched(session: AsyncSession, proposal: Proposal, kind: str, id: UUID) -> None:
    if await session.scalar(_NEWER, {"kind": kind, "id": id, "proposal": proposal.id}):
        raise _no(proposal, Reason("verouderd", N_("Wat dit voorstel maakte, is daarna weer veranderd.")))


def _no(proposal: Proposal, *reasons: Reason) -> Conflict:
    step = NextStep(N_("Bekijk het voorstel zoals het nu is."), f"/voorstellen/{proposal.id}")
    return Conflict(*reasons, then=(step,))
