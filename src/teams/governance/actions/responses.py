"""What a member says of the version that lies before the team: no objection, a question, a remark."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from teams.governance.actions.rounds import note, settle
from teams.governance.forms import ResponseForm
from teams.governance.models import OPEN, Proposal
from teams.governance.queries import locked_proposal
from teams.journal.models import Actor
from teams.kit.errors import Conflict, NextStep, Reason
from teams.kit.text import N_

_ELECTOR = text(
    """
    select exists (select from proposal_elector e where e.proposal_id = :proposal and e.version = :version
            and e.person_id = :me) as elector,
        exists (select from proposal_response r where r.proposal_id = :proposal and r.version = :version
            and r.person_id = :me) as answered,
        exists (select from objection o where o.proposal_id = :proposal and o.person_id = :me
            and o.state not in ('ongeldig','opgelost','ingetrokken')) as objects
    """
)
_CONSENT = text("insert into proposal_response (proposal_id, version, person_id) values (:proposal, :version, :me)")
_REMARK = text(
    """
    insert into proposal_remark (proposal_id, version, person_id, kind, text)
    values (:proposal, :version, :me, :kind, :text)
    """
)


async def respond(session: AsyncSession, proposal_id: UUID, form: ResponseForm, *, by: Actor, at: datetime) -> Proposal:
    """G22: an answer counts for the version that was read, once for each member. Questions may come as often as needed."""
    proposal = await locked_proposal(session, proposal_id, by)
    consent = form.reactie == "consent"
    answered, objects = await may_answer(session, proposal, form.versie, by=by, also_proposer=not consent)
    given = {"proposal": proposal.id, "version": proposal.version, "me": by.person_id}
    if not consent:
        await session.execute(_REMARK, {**given, "kind": form.reactie, "text": form.tekst})
        await note(session, "proposal.remarked", proposal, by=by, kind=form.reactie)
        return proposal
    if answered:
        raise _no(proposal, "verkeerd_moment", N_("Je hebt op deze versie al geantwoord."))
    if objects:
        raise _no(proposal, "verkeerd_moment", N_("Je hebt nog een overwegend bezwaar openstaan. Trek dat eerst in."))
    await session.execute(_CONSENT, given)
    await note(session, "proposal.consented", proposal, by=by)
    await settle(session, proposal, by=by, at=at)
    return proposal


async def may_answer(
    session: AsyncSession, proposal: Proposal, version: int, *, by: Actor, also_proposer: bool = False
) -> tuple[bool, bool]:
    """Every reason why this person cannot answer this version; else whether they consented, and have an open objection."""
    reasons: list[Reason] = []
    if proposal.state not in OPEN:
        reasons.append(Reason("verkeerd_moment", N_("Over dit voorstel loopt nu geen ronde.")))
    if version != proposal.version:
        reasons.append(
            Reason("verouderd", N_("Er ligt nu versie {nu}. Je antwoord gaat over versie {toen}."),
                   {"nu": proposal.version, "toen": version})
        )  # fmt: skip
    given = {"proposal": proposal.id, "version": proposal.version, "me": by.person_id}
    row = (await session.execute(_ELECTOR, given)).one()
    mine = by.person_id == proposal.proposer_id
    if mine and not (row.elector or also_proposer):
        reasons.append(Reason("eigen_aanvraag", N_("Dit is je eigen voorstel. De anderen in het team antwoorden.")))
    elif not (row.elector or mine):
        reasons.append(Reason("geen_recht", N_("Alleen wie bij de indiening lid was van het team, antwoordt.")))
    if reasons:
        raise Conflict(*reasons, then=_look(proposal))
    return row.answered, row.objects


def _no(proposal: Proposal, code: str, sentence: str) -> Conflict:
    return Conflict(Reason(code, sentence), then=_look(proposal))


def _look(proposal: Proposal) -> tuple[NextStep, ...]:
    return (NextStep(N_("Bekijk het voorstel zoals het nu is."), f"/voorstellen/{proposal.id}"),)
