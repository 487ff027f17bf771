"""To the organ: a proposal with editable text, and what the organ decided about it."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from teams.decisions.actions.common import decider, refused, wrong_moment
from teams.decisions.actions.files import add_act, address, move, my_intent, open_intent
from teams.decisions.forms import OrganForm, OutcomeForm, ProposalTextForm
from teams.decisions.models import Intent, IntentState, OrganProposal
from teams.decisions.queries.intents import acts_of, proposal_of, question_of
from teams.decisions.queries.known import Weighed, weigh
from teams.journal.models import Actor
from teams.kit.clock import day_of
from teams.kit.errors import Conflict, Invalid, NextStep, Reason
from teams.kit.money import format_euro
from teams.kit.text import N_
from teams.mandates.queries.posts import posts_of
from teams.mandates.text import dutch_day

_MAKE = text(
    """
    insert into organ_proposal (intent_id, organ_id, title, text, made_by)
    select :intent, o.id, :title, :text, :me from organ o where o.code = :organ
    """
)
_EDIT = text("update organ_proposal set title = :title, text = :text, version = version + 1 where id = :id")
_OUTCOME = text(
    """
    update organ_proposal set state = :state, decided_on = :on, decision_number = :number, remark = :remark, outcome_by = :me,
        outcome_at = now(), version = version + 1 where id = :id
    """
)
_ORGAN = text("select o.code, o.name from organ o where o.id = :id")


async def put_to_organ(session: AsyncSession, id: UUID, form: OrganForm, *, by: Actor, at: datetime) -> Intent:
    """M16, M25: the organ that holds the power decides itself; the file becomes a first text that can be edited."""
    intent = await my_intent(session, id, by)
    if await proposal_of(session, id) is not None:
        raise wrong_moment(N_("Er is al een voorstel van gemaakt."), address(intent))
    acts = await acts_of(session, id)
    weighed = await weigh(session, question_of(intent, acts, at), recording=True)
    holders = {part.organ.id for part in weighed.judgement.parts}
    if form.orgaan not in holders:
        raise Conflict(
            Reason("M01", N_("Dit orgaan heeft deze bevoegdheid niet.")),
            then=(NextStep(N_("Bekijk wie het wel mag."), address(intent)),),
        )
    title = intent.subject or f"{weighed.judgement.parts[0].view.power.title}, zaak {intent.case_number or '…'}"
    words = first_text(
        intent, weighed, [(a.person or "", a.condition or "", a.text or "") for a in acts if a.kind == "advies"]
    )
    values = {"intent": id, "organ": form.orgaan, "title": title[:200], "text": words, "me": by.person_id}
    await session.execute(_MAKE, values)
    await add_act(session, intent, "voorstel", by=by, facts={"orgaan": form.orgaan})
    intent.second_id = None
    await move(session, intent, IntentState.ORGAN)
    return intent


def first_text(intent: Intent, weighed: Weighed, advice: list[tuple[str, str, str]]) -> str:
    """Dutch, whatever the reader's language: it goes to the organ."""
    power = weighed.judgement.parts[0].view.power
    lines = [
        "## Gevraagd besluit",
        "",
        power.title + (f", zaak {intent.case_number}" if intent.case_number else "") + ".",
    ]
    if intent.cents is not None:
        lines += ["", f"Bedrag: {format_euro(intent.cents)}."]
    lines += ["", "## Waarom dit bij u ligt", "", *(f"- {line.text}" for line in weighed.answer.reasons)]
    lines += ["", "## Motivering", "", intent.reasons or ""]
    if advice:
        lines += ["", "## Advies", "", *(f"- {who}: {words}" for who, _, words in advice)]
    bases = [basis.text for basis in power.bases if basis.valid.holds(weighed.question.moment)]
    if bases:
        lines += ["", "## Grondslag", "", *(f"- {line}" for line in bases)]
    return "\n".join(lines)[:40_000]


async def edit_proposal(
    session: AsyncSession, id: UUID, form: ProposalTextForm, *, by: Actor, at: datetime
) -> OrganProposal:
    intent = await my_intent(session, id, by)
    proposal = await _waiting(session, intent)
    if proposal.version != form.versie:
        raise Conflict(
            Reason("verouderd", N_("Iemand anders veranderde dit voorstel intussen.")),
            then=(NextStep(N_("Bekijk hoe het er nu voor staat."), address(intent)),),
        )
    await session.execute(_EDIT, {"id": proposal.id, "title": form.titel, "text": form.tekst})
    return proposal


async def enter_outcome(session: AsyncSession, id: UUID, form: OutcomeForm, *, by: Actor, at: datetime) -> Intent:
    """What the organ decided, entered by one of its members or the secretary; never by who asked for it."""
    me = decider(by)
    intent = await open_intent(session, id, by)
    proposal = await _waiting(session, intent)
    code, _ = (await session.execute(_ORGAN, {"id": proposal.organ_id})).one()
    if not (by.has("secretaris") or f"orgaan:{code}" in await posts_of(session, by, at)):
        raise refused(N_("De uitkomst vult een lid van het orgaan in, of de gemeentesecretaris."), address(intent))
    if me in (intent.person_id, intent.holder_id):
        raise Conflict(
            Reason("eigen_aanvraag", N_("De uitkomst van je eigen voorstel vult iemand anders in.")),
            then=(NextStep(N_("Bekijk hoe het er nu voor staat."), address(intent)),),
        )
    faults = {}
    if form.besloten > day_of(at) or form.besloten < day_of(proposal.made_at):
        faults["besloten"] = Reason("besloten", N_("Het orgaan besloot na het voorstel, en niet later dan vandaag."))
    if form.uitkomst == "besloten" and not form.besluitnummer:
        faults["besluitnummer"] = Reason("besluitnummer", N_("Vul het nummer op de besluitenlijst in."))
    if faults:
        raise Invalid(faults)
    if form.uitkomst == "aangehouden":
        await add_act(session, intent, "uitkomst", by=by, words=form.opmerking, facts={"uitkomst": form.uitkomst})
        return intent
    values = {
        "id": proposal.id, "state": form.uitkomst, "on": form.besloten, "number": form.besluitnummer,
        "remark": form.opmerking, "me": me,
    }  # fmt: skip
    await session.execute(_OUTCOME, values)
    words = ", ".join(x for x in (form.besluitnummer, dutch_day(form.besloten), form.opmerking) if x)
    await add_act(
        session, intent, "uitkomst", by=by, words=words, accountable=True,
        facts={"soort": "orgaanbesluit", "orgaan": code, "uitkomst": form.uitkomst},
    )  # fmt: skip
    await move(session, intent, IntentState.DECIDED if form.uitkomst == "besloten" else IntentState.REFUSED)
    return intent


async def _waiting(session: AsyncSession, intent: Intent) -> OrganProposal:
    proposal = await proposal_of(session, intent.id, lock=True)
    if proposal is None or proposal.state != "concept":
        raise wrong_moment(N_("Hier wacht geen voorstel op een uitkomst."), address(intent))
    return proposal
