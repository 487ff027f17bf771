"""An objection is raised, tested when someone asks, integrated by objector and proposer together, or withdrawn."""

import json
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncSession

from teams.governance.actions.proposals import replace
from teams.governance.actions.responses import may_answer
from teams.governance.actions.rounds import changes_of, check_scope, note, settle
from teams.governance.changes import CHANGES
from teams.governance.fillers import parties_of
from teams.governance.forms import CriteriaForm, IntegrationForm, ObjectionForm
from teams.governance.models import CLOSED, OPEN, ConsentForm, Objection, ObjectionState, Proposal
from teams.governance.queries import core_fillers, locked_objection, locked_proposal, members_at
from teams.governance.rules import is_valid, judges
from teams.journal.models import Actor
from teams.kit.errors import Conflict, NextStep, Reason
from teams.kit.text import N_

_RAISE = text(
    """
    insert into objection (proposal_id, version, person_id, text, breach)
    values (:proposal, :version, :me, :text, :breach) returning id
    """
)
_ACT = text(
    """
    insert into objection_act (objection_id, kind, person_id, acting_as, integration_id, text, facts)
    values (:objection, :kind, :me, :acting, :of, :text, cast(:facts as jsonb)) returning id
    """
)
_MOVE = text("update objection set state = :state where id = :objection")
_FORM = text("select form from proposal_round where proposal_id = :proposal and version = :version")
_LAST = text(
    """
    select a.id, a.facts, a.person_id, array(select b.person_id from objection_act b where b.integration_id = a.id) as confirmed
    from objection_act a where a.objection_id = :objection and a.kind = 'verwerking' order by a.id desc limit 1
    """
)


async def raise_objection(
    session: AsyncSession, proposal_id: UUID, form: ObjectionForm, *, by: Actor, at: datetime
) -> Objection:
    """One sentence; it stops the adoption until it is closed. In the strict form the test is asked for at once (G25)."""
    proposal = await locked_proposal(session, proposal_id, by)
    await may_answer(session, proposal, form.versie, by=by)
    given = {
        "proposal": proposal.id, "version": proposal.version, "me": by.person_id, "text": form.tekst,
        "breach": form.regelbreuk,
    }  # fmt: skip
    made = (await session.execute(_RAISE, given)).scalar_one()
    objection = await session.get_one(Objection, made)
    await note(session, "objection.raised", proposal, by=by, objection=str(objection.id))
    strict = await session.scalar(_FORM, {"proposal": proposal.id, "version": proposal.version}) == ConsentForm.STRICT
    if strict:
        await _write(session, objection, "toets_gevraagd", by=by)
        await _move(session, objection, ObjectionState.TESTING)
    await settle(session, proposal, by=by, at=at)
    return objection


async def examine_objection(
    session: AsyncSession, objection_id: UUID, form: CriteriaForm, *, by: Actor, at: datetime
) -> Objection:
    """G25: any member asks; the judge answers each criterion, on logic and not on truth or weight."""
    proposal, objection = await _open(session, objection_id, by=by)
    members = {member.id for member in await members_at(session, proposal.team_id, at=at)}
    if objection.state == ObjectionState.VALID:
        raise _no(objection, "verkeerd_moment", N_("Dit overwegend bezwaar is al getoetst."))
    if form.asks:
        if by.person_id not in members:
            raise _no(objection, "geen_recht", N_("Om de toets vraag je in een team waarvan je lid bent."))
        if objection.state == ObjectionState.TESTING:
            raise _no(objection, "verkeerd_moment", N_("De toets is al gevraagd."))
        await _tested_before(session, objection)
        await _write(session, objection, "toets_gevraagd", by=by, words=form.tekst)
        await _move(session, objection, ObjectionState.TESTING)
        await note(session, "objection.test_asked", proposal, by=by, objection=str(objection.id))
        return objection
    await _tested_before(session, objection)
    acting, able = await judges_of(session, proposal, objection, members, at=at)
    if by.person_id not in able:
        raise _no(
            objection, "geen_recht", N_("Deze toets doet de begeleider, of wie die vervangt. Nooit wie zelf partij is.")
        )
    valid = is_valid(form)
    facts = {
        "geldig": valid, "regelbreuk": form.regelbreuk,
        "criteria": {one.criterium: {"ja": one.ja, "tekst": one.tekst or ""} for one in form.criteria},
    }  # fmt: skip
    await _write(session, objection, "oordeel", by=by, words=form.tekst, acting=acting, facts=facts)
    await _move(session, objection, ObjectionState.VALID if valid else ObjectionState.INVALID)
    await note(session, "objection.tested", proposal, by=by, objection=str(objection.id), valid=valid, acting=acting)
    await settle(session, proposal, by=by, at=at)
    return objection


async def integrate_objection(
    session: AsyncSession, objection_id: UUID, form: IntegrationForm, *, by: Actor, at: datetime
) -> Objection:
    """G26: objector or proposer shows how it is met; who writes it confirms it. The other's word makes it so."""
    proposal, objection = await _open(session, objection_id, by=by)
    _party(proposal, objection, by)
    if objection.state == ObjectionState.TESTING:
        raise _no(objection, "verkeerd_moment", N_("De toets loopt nog. Wacht op de uitkomst."))
    if not form.wijzigingen and proposal.version == objection.version:
        raise _no(objection, "G26", N_("Pas het voorstel aan: er ligt nog dezelfde versie als toen het bezwaar kwam."))
    if form.wijzigingen:
        _, role_id, _ = await changes_of(session, proposal)
        proposer = Actor(person_id=proposal.proposer_id)
        await check_scope(
            session, proposal.team_id, role_id, form.wijzigingen, by=proposer, at=at, offer=proposal.offer_id
        )
    facts = {"version": proposal.version, "changes": json.loads(CHANGES.dump_json(list(form.wijzigingen)))}
    integration = await _write(session, objection, "verwerking", by=by, words=form.tekst, facts=facts)
    await _write(session, objection, "bevestiging", by=by, of=integration)
    await _move(session, objection, ObjectionState.INTEGRATING)
    await note(session, "objection.integration", proposal, by=by, objection=str(objection.id))
    return objection


async def confirm_objection(session: AsyncSession, objection_id: UUID, *, by: Actor, at: datetime) -> Objection:
    """G26: resolved when objector and proposer both confirmed. Its changes become the next version: a new round."""
    proposal, objection = await _open(session, objection_id, by=by)
    _party(proposal, objection, by)
    last: Row[Any] | None = (await session.execute(_LAST, {"objection": objection.id})).one_or_none()
    if last is None or objection.state != ObjectionState.INTEGRATING:
        raise _no(objection, "verkeerd_moment", N_("Er ligt nog geen oplossing om te bevestigen."))
    if by.person_id in last.confirmed:
        raise _no(objection, "verkeerd_moment", N_("Jij hebt deze oplossing al bevestigd. De ander is aan zet."))
    if last.facts["version"] != proposal.version:
        raise _no(
            objection,
            "verouderd",
            N_("Er ligt intussen een andere versie. Schrijf opnieuw op hoe het bezwaar is opgelost."),
        )
    await _write(session, objection, "bevestiging", by=by, of=last.id)
    await _move(session, objection, ObjectionState.RESOLVED)
    await note(session, "objection.resolved", proposal, by=by, objection=str(objection.id))
    changes = CHANGES.validate_json(json.dumps(last.facts["changes"])) if last.facts["changes"] else []
    if changes:
        await replace(session, proposal, changes, None, by=by, at=at)
    await settle(session, proposal, by=by, at=at)
    return objection


async def withdraw_objection(session: AsyncSession, objection_id: UUID, *, by: Actor, at: datetime) -> Objection:
    proposal, objection = await _open(session, objection_id, by=by)
    if objection.person_id != by.person_id:
        raise _no(objection, "geen_recht", N_("Een overwegend bezwaar trekt alleen de indiener ervan in."))
    await _write(session, objection, "ingetrokken", by=by)
    await _move(session, objection, ObjectionState.WITHDRAWN)
    await note(session, "objection.withdrawn", proposal, by=by, objection=str(objection.id))
    await settle(session, proposal, by=by, at=at)
    return objection


async def judges_of(
    session: AsyncSession, proposal: Proposal, objection: Objection, members: set[UUID], *, at: datetime
) -> tuple[str, frozenset[UUID]]:
    """Who may test this objection today, and as what."""
    fillers = await core_fillers(session, proposal.team_id, at=at)
    parties = await parties_of(session, proposal, objection.person_id)
    return judges(fillers, members, parties, breach=objection.breach)


async def _open(session: AsyncSession, objection_id: UUID, *, by: Actor) -> tuple[Proposal, Objection]:
    proposal, objection = await locked_objection(session, objection_id, by)
    reasons: list[Reason] = []
    if proposal.state not in OPEN:
        reasons.append(Reason("verkeerd_moment", N_("Over dit voorstel loopt nu geen ronde.")))
    if objection.state in CLOSED:
        reasons.append(Reason("verkeerd_moment", N_("Dit overwegend bezwaar is al afgehandeld.")))
    if reasons:
        raise Conflict(*reasons, then=_look(objection))
    return proposal, objection


async def _tested_before(session: AsyncSession, objection: Objection) -> None:
    """A test happens once; after it only integration or withdrawal is left."""
    tested = text("select exists (select from objection_act where objection_id = :objection and kind = 'oordeel')")
    if await session.scalar(tested, {"objection": objection.id}):
        raise _no(objection, "verkeerd_moment", N_("Dit overwegend bezwaar is al getoetst."))


def _party(proposal: Proposal, objection: Objection, by: Actor) -> None:
    if by.person_id not in (objection.person_id, proposal.proposer_id):
        raise _no(
            objection,
            "G26",
            N_("Een oplossing zoeken en bevestigen doen wie het bezwaar heeft en wie het voorstel deed."),
        )


async def _write(
    session: AsyncSession,
    objection: Objection,
    kind: str,
    *,
    by: Actor,
    words: str | None = None,
    acting: str | None = None,
    of: UUID | None = None,
    facts: dict[str, Any] | None = None,
) -> UUID:
    given = {
        "objection": objection.id, "kind": kind, "me": by.person_id, "acting": acting, "of": of, "text": words or "",
        "facts": json.dumps(facts or {}),
    }  # fmt: skip
    made: UUID = (await session.execute(_ACT, given)).scalar_one()
    return made


async def _move(session: AsyncSession, objection: Objection, state: ObjectionState) -> None:
    await session.execute(_MOVE, {"objection": objection.id, "state": state})
    await session.refresh(objection)


def _no(objection: Objection, code: str, sentence: str) -> Conflict:
    return Conflict(Reason(code, sentence), then=_look(objection))


def _look(objection: Objection) -> tuple[NextStep, ...]:
    return (NextStep(N_("Bekijk het voorstel zoals het nu is."), f"/voorstellen/{objection.proposal_id}"),)
