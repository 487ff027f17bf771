"""A reeks: like decisions under one power, declared once; each gets its number and its entry, and all stand or none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncSession

from teams.decisions.actions.common import decider
from teams.decisions.actions.decide import own_question, record_attempt, second_counts
from teams.decisions.actions.elsewhere import take_turn, write_many
from teams.decisions.actions.row import decision_values
from teams.decisions.forms import DecisionForm
from teams.decisions.models import Source
from teams.decisions.queries.known import Weighed
from teams.decisions.queries.many import facts_by_moment, weigh_many, yearly_grants
from teams.journal.models import Actor
from teams.kit.errors import Conflict, Invalid, NextStep, Reason
from teams.kit.text import N_
from teams.mandates.question import Question
from teams.mandates.rules.base import Verdict

MOST = 200
_MADE = text("select number, outcome, signature, entry_id from decision where batch_id = :batch order by serial")


@dataclass(frozen=True, slots=True)
class Batch:
    """`rows`: number, outcome, signature and entry of each decision."""

    id: UUID
    rows: list[Row[Any]]


@dataclass(frozen=True, slots=True)
class NotAll:
    """Line (from 1) and answer of what may not be decided, or not in a reeks: a second person decides along. Nothing was decided."""

    refused: list[tuple[int, Weighed]]
    together: list[int]


async def decide_batch(
    session: AsyncSession, rows: Sequence[tuple[Question, DecisionForm]], *, by: Actor, at: datetime
) -> Batch | NotAll:
    """Every line is answered by the engine; earlier lines count for later ones (M21). A refusal of one refuses all."""
    me = decider(by)
    if not 1 <= len(rows) <= MOST:
        raise Invalid(
            {"besluiten": Reason("besluiten", N_("Een reeks heeft 1 tot en met {most} besluiten."), {"most": MOST})}
        )
    asked = [own_question(q, form, me, at) for q, form in rows]
    yearly: list[str] = []
    await take_turn(session, [f"alles|{asked[0].power}"])
    known = await facts_by_moment(session, asked)
    for facts in known.values():
        power = next((p for p in facts.powers if p.code == asked[0].power), None)
        if power is None:
            said = {"code": asked[0].power}
            raise Invalid(
                {"bevoegdheid": Reason("bevoegdheid", N_("De bevoegdheid {code} staat niet in de lijst."), said)}
            )
        if power.recording != "reeks":
            raise Conflict(
                Reason("vastlegging", N_("Besluiten onder deze bevoegdheid leg je niet als reeks vast.")),
                then=(NextStep(N_("Leg elk besluit apart vast."), "/besluiten/nieuw"),),
            )
        yearly += [f"jaar|{name}" for name in yearly_grants(facts)]
    await take_turn(session, sorted(set(yearly)))
    weighed = await weigh_many(session, asked, known)
    refused = [(n, one) for n, one in enumerate(weighed, 1) if one.answer.verdict is not Verdict.YES]
    together = [n for n, one in enumerate(weighed, 1) if one.answer.verdict is Verdict.YES and second_counts(one)]
    if refused or together:
        for _, one in refused:
            await record_attempt(session, one, by=by)
        return NotAll(refused, together)
    batch: UUID = (await session.execute(text("select uuidv7()"))).scalar_one()
    values = [
        decision_values(one, form, at=at, source=Source.BATCH, key=None, intent=None, batch=batch)
        for one, (_, form) in zip(weighed, rows, strict=True)
    ]
    await write_many(session, values, weighed, by=by)
    return Batch(batch, list((await session.execute(_MADE, {"batch": batch})).all()))
