"""A voornemen waits for what a yes still lacks: advice, a second person, someone who may, or an organ."""

from __future__ import annotations

import json
from datetime import datetime
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from teams.decisions.actions.advice import ask_advice, state_of
from teams.decisions.actions.common import decider, refused, wrong_moment
from teams.decisions.actions.decide import (
    Refused,
    Taken,
    own_question,
    record_attempt,
    second_counts,
    weigh_locked,
    write_decision,
)
from teams.decisions.actions.files import add_act, address, move, my_intent, open_intent
from teams.decisions.actions.row import question_facts, role_of
from teams.decisions.forms import ConfirmForm, DecisionForm, HandUpForm, SecondForm
from teams.decisions.models import Intent, IntentState, Source
from teams.decisions.queries.intents import acts_of, form_of_intent, question_of
from teams.decisions.queries.known import Weighed, weigh
from teams.journal.models import Actor
from teams.kit.errors import Conflict, Invalid, NextStep, Reason
from teams.kit.text import N_
from teams.mandates.question import Question
from teams.mandates.rules.base import Verdict

_INTENT = text(
    """
    insert into intent (state, power, confidential, person_id, role_id, holder_id, second_id, question, cents, case_number,
        counterparty, subject, reasons, no_interest, origin)
    values (:state, :power, :confidential, :me, :role, :me, :second, cast(:question as jsonb), :cents, :case, :party, :subject,
        :reasons, :declared, :origin) returning id
    """
)


async def prepare(session: AsyncSession, q: Question, form: DecisionForm, *, by: Actor, at: datetime) -> UUID:
    """Keep what someone wants to decide until what is still lacking is there. Nothing is decided by it."""
    me = decider(by)
    q = own_question(q, form, me, at)
    weighed = await weigh(session, q, recording=True)
    view = weighed.judgement.parts[0].view
    if not view.power.confidential and form.onderwerp is None:
        raise Invalid({"onderwerp": Reason("onderwerp", N_("Schrijf in één regel waar het besluit over gaat."))})
    chain = weighed.judgement.parts[0].chain
    held = question_facts(q) | {
        "rol": q.role, "rapporteur": q.reporter, "gevoelig": q.sensitive,
        "bestredenBesluit": q.contested.number if q.contested else None, "instructieReden": form.instructieReden,
    }  # fmt: skip
    made: UUID = (
        await session.execute(
            _INTENT,
            {
                "state": state_of(weighed), "power": q.power, "confidential": view.power.confidential, "me": me,
                "role": role_of(chain) if chain else None, "second": UUID(q.second) if q.second else None,
                "question": json.dumps({k: v for k, v in held.items() if v is not None}), "cents": q.cents, "case": q.case,
                "party": q.counterparty, "subject": None if view.power.confidential else form.onderwerp,
                "reasons": form.motivering, "declared": form.belangVerklaring, "origin": form.herkomst,
            },
        )
    ).scalar_one()  # fmt: skip
    intent = await session.get_one(Intent, made)
    await add_act(session, intent, "gemaakt", by=by)
    await ask_advice(session, intent, weighed, by=by)
    return made


async def choose_second(session: AsyncSession, id: UUID, form: SecondForm, *, by: Actor, at: datetime) -> Intent:
    """M20: ask someone to decide along; the engine says at once whether that person can."""
    intent = await my_intent(session, id, by)
    if intent.state == IntentState.ORGAN:
        raise wrong_moment(N_("Dit ligt al bij een bestuursorgaan."), address(intent))
    if form.tweedePersoonId == intent.holder_id:
        raise Conflict(
            Reason("M20", N_("Je kunt niet zelf de tweede persoon zijn, ook niet met een andere rol.")),
            then=(NextStep(N_("Kies een tweede persoon die meebeslist."), address(intent)),),
        )
    acts = await acts_of(session, id)
    intent.second_id = form.tweedePersoonId
    weighed = await weigh(session, question_of(intent, acts, at), recording=True)
    finding = next(line for line in weighed.answer.rules if line.code == "M20")
    if finding.outcome.value != "ok":
        session.expunge(intent)
        raise Conflict(
            finding.fact.reason("M20"),
            then=(NextStep(N_("Kies een tweede persoon die meebeslist."), address(intent)),),
        )
    later = weighed.answer.verdict is Verdict.CONSULT
    await move(session, intent, IntentState.ADVICE if later else IntentState.SECOND)
    return intent


async def confirm(
    session: AsyncSession, id: UUID, form: ConfirmForm, *, by: Actor, at: datetime
) -> Taken | Refused | Intent:
    """The second person says yes with rights of their own, and then the decision stands; or says no, and it does not."""
    me = decider(by)
    intent = await open_intent(session, id, by)
    if intent.second_id != me or intent.state != IntentState.SECOND:
        raise refused(N_("Dit bevestigt alleen wie als tweede persoon is gevraagd."), address(intent))
    if not form.akkoord:
        await add_act(session, intent, "geweigerd", by=by, words=form.tekst)
        intent.second_id = None
        await move(session, intent, IntentState.READY)
        return intent
    if not form.belangVerklaring:
        raise Invalid({"belangVerklaring": Reason("belangVerklaring", N_("Verklaar dat je geen eigen belang hebt."))})
    weighed = await weigh_locked(session, question_of(intent, await acts_of(session, id), at))
    if weighed.answer.verdict is not Verdict.YES:
        await record_attempt(session, weighed, by=by)
        return Refused(weighed)
    await add_act(session, intent, "bevestigd", by=by, words=form.tekst)
    return await _decided(session, intent, weighed, by=by, at=at)


async def take(session: AsyncSession, id: UUID, *, by: Actor, at: datetime) -> Taken | Refused:
    """The holder decides now that everything is there; the engine answers again."""
    intent = await my_intent(session, id, by)
    if intent.state not in (IntentState.READY, IntentState.HANDED_UP, IntentState.ADVICE):
        raise wrong_moment(N_("Dit voornemen wacht nu op iemand anders."), address(intent))
    weighed = await weigh_locked(session, question_of(intent, await acts_of(session, id), at))
    if weighed.answer.verdict is not Verdict.YES:
        await record_attempt(session, weighed, by=by)
        return Refused(weighed)
    if second_counts(weighed):
        return Refused(weighed, needs_second=True)
    intent.second_id = None
    return await _decided(session, intent, weighed, by=by, at=at)


async def _decided(session: AsyncSession, intent: Intent, weighed: Weighed, *, by: Actor, at: datetime) -> Taken:
    await add_act(session, intent, "besloten", by=by)
    await move(session, intent, IntentState.DECIDED)
    form = form_of_intent(intent)
    return await write_decision(session, weighed, form, by=by, at=at, source=Source.SCREEN, intent=intent)


async def hand_up(session: AsyncSession, id: UUID, form: HandUpForm, *, by: Actor, at: datetime) -> Intent:
    """M19, M25: the file goes to someone who may decide this; what was advised goes along."""
    intent = await my_intent(session, id, by)
    if intent.state == IntentState.ORGAN:
        raise wrong_moment(N_("Dit ligt al bij een bestuursorgaan."), address(intent))
    acts = await acts_of(session, id)
    q = question_of(intent, acts, at, person=form.naar)
    weighed = await weigh(session, q, recording=True)
    if form.naar == intent.holder_id or weighed.answer.verdict in (Verdict.NO, Verdict.RATIFY):
        raise Conflict(
            Reason("geen_recht", N_("Deze persoon mag dit ook niet besluiten. Kies iemand die het wel mag.")),
            then=(NextStep(N_("Bekijk wie het wel mag."), address(intent)),),
        )
    await add_act(session, intent, "doorgestuurd", by=by, other=form.naar, words=form.reden)
    intent.holder_id, intent.second_id = form.naar, None
    chain = weighed.judgement.parts[0].chain
    intent.role_id = role_of(chain) if chain else None
    await ask_advice(session, intent, weighed, by=by)
    await move(session, intent, IntentState.HANDED_UP)
    return intent


async def withdraw(session: AsyncSession, id: UUID, *, by: Actor, at: datetime) -> Intent:
    """Nothing comes of it; the file stays."""
    intent = await my_intent(session, id, by)
    await add_act(session, intent, "ingetrokken", by=by)
    await move(session, intent, IntentState.WITHDRAWN)
    return intent
