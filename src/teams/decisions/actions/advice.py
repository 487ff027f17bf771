"""Advice and consultation: who is asked, what they say, and what it does to a voornemen (M25)."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from teams.decisions.actions.common import decider, refused, wrong_moment
from teams.decisions.actions.decide import needs_advice, second_counts
from teams.decisions.actions.files import add_act, address, move, open_intent
from teams.decisions.forms import AdviceForm
from teams.decisions.models import Intent, IntentState
from teams.decisions.queries.intents import acts_of, question_of
from teams.decisions.queries.known import Weighed, weigh
from teams.journal.models import Actor
from teams.kit.clock import day_of
from teams.kit.errors import Invalid, Reason
from teams.kit.text import N_
from teams.mandates.rules.base import Verdict


def state_of(weighed: Weighed) -> IntentState:
    match weighed.answer.verdict:
        case Verdict.CONSULT:
            return IntentState.ADVICE
        case Verdict.YES if second_counts(weighed):
            return IntentState.SECOND
        case _:
            return IntentState.READY


async def ask_advice(session: AsyncSession, intent: Intent, weighed: Weighed, *, by: Actor) -> None:
    """Who fills the role that a condition names hears of it; the same condition is asked once."""
    known = {act.condition for act in await acts_of(session, intent.id) if act.kind in ("advies", "advies_gevraagd")}
    for condition in open_conditions(weighed):
        if condition not in known:
            people = advisers(weighed, condition)
            for person in people or (None,):
                await add_act(session, intent, "advies_gevraagd", by=by, other=person, condition=condition)


def open_conditions(weighed: Weighed) -> list[str]:
    """Advice and consultation that the answer still waits for, or that was not settled."""
    todo = [f.todo for part in weighed.judgement.parts for f in part.findings if f.effect is Verdict.CONSULT]
    return list(dict.fromkeys(line for line in todo if needs_advice(line)))


def advisers(weighed: Weighed, condition: str) -> tuple[UUID, ...]:
    """Who fills the role that the condition names now; nobody for a condition without a role."""
    target = condition.partition(":")[2].partition(">")[0].strip()
    book = weighed.judgement.parts[0].view.book
    roles = [role for role in book.facts.roles if f"{role.team}/{role.name}" == target]
    asker = weighed.question.person
    return tuple(UUID(p) for role in roles for p in book.holders(role.id) if p != asker)


async def advise(session: AsyncSession, id: UUID, form: AdviceForm, *, by: Actor, at: datetime) -> Intent:
    """M25: who was asked gives the advice; the holder notes advice only from someone whom Teams does not know."""
    me = decider(by)
    intent = await open_intent(session, id, by)
    acts = await acts_of(session, id)
    asked = [a for a in acts if a.kind == "advies_gevraagd" and a.condition == form.voorwaarde]
    if not asked:
        raise wrong_moment(N_("Hierover is geen advies gevraagd."), address(intent))
    named = {a.other_id for a in asked} - {None}
    if named and me not in named:
        raise refused(N_("Dit advies geeft wie erom gevraagd is."), address(intent))
    if not named and me != intent.holder_id:
        raise refused(N_("Dit schrijft op wie het besluit wil nemen."), address(intent))
    if not named and not form.gegevenDoor:
        raise Invalid({"gegevenDoor": Reason("gegevenDoor", N_("Schrijf op met wie je overlegde."))})
    if form.gegevenOp and form.gegevenOp > day_of(at):
        raise Invalid({"gegevenOp": Reason("gegevenOp", N_("Deze dag moet nog komen."))})
    words = f"{form.gegevenDoor}: {form.tekst}" if form.gegevenDoor and not named else form.tekst
    await add_act(
        session, intent, "advies", by=by, condition=form.voorwaarde, agrees=form.akkoord, on=form.gegevenOp or day_of(at),
        words=words,
    )  # fmt: skip
    weighed = await weigh(session, question_of(intent, await acts_of(session, id), at), recording=True)
    state = state_of(weighed)
    if state is IntentState.ADVICE and not form.akkoord:
        state = IntentState.READY  # no agreement: whoever has it decides whether it goes higher
    if state is IntentState.ADVICE:
        await ask_advice(session, intent, weighed, by=by)
    if state is not IntentState.READY or intent.state != IntentState.HANDED_UP:
        await move(session, intent, state)
    return intent
