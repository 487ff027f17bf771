"""The facts of a question with what the log knows: sums of earlier decisions, who took the contested one, who reported (M09, M10, M21)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from teams.kit.clock import start_of
from teams.kit.errors import Invalid, NextStep, Reason
from teams.kit.text import N_
from teams.mandates.answer import Answer
from teams.mandates.engine import UnknownPower, judged_answer
from teams.mandates.facts import Earlier, Facts, Span
from teams.mandates.judge import Judgement
from teams.mandates.queries.facts import facts_for
from teams.mandates.question import Contested, Question
from teams.mandates.same import case_key, party_key
from teams.mandates.terms import ConditionKind
from teams.mandates.text import year_of

# A corrected case or party counts under both names, so that a correction never makes room.
_HISTORY = text(
    """
    with ids as (
        select d.id from decision d where d.power = :power and case_key(d.case_number) = cast(:case as text)
        union
        select d.id from decision d where d.power = :power and party_key(d.counterparty) = cast(:party as text)
            and d.decided_at >= :from and d.decided_at < :until
        union
        select a.decision_id from decision_act a where a.kind = 'correctie' and a.field = 'zaak'
            and case_key(a.new_value) = cast(:case as text)
        union
        select a.decision_id from decision_act a where a.kind = 'correctie' and a.field = 'wederpartij'
            and party_key(a.new_value) = cast(:party as text)
        union
        select n.decision_id from decision_grant n
            where n.number = any(cast(:yearly as text[])) and n.decided_at >= :from and n.decided_at < :until
    ), mine as (select d.* from ids join decision d on d.id = ids.id)
    select
        (select json_agg(json_build_array(number, power, coalesce(cents, 0), decided_at, recorded_at, grants,
            coalesce(case_key(case_number) = cast(:case as text), false) or exists (select from decision_act a
                where a.decision_id = mine.id and a.kind = 'correctie' and a.field = 'zaak' and case_key(a.new_value) = cast(:case as text)),
            coalesce(party_key(counterparty) = cast(:party as text), false) or exists (select from decision_act a
                where a.decision_id = mine.id and a.kind = 'correctie' and a.field = 'wederpartij' and party_key(a.new_value) = cast(:party as text))))
            from mine) as earlier,
        (select json_agg(p) from decision d, unnest(array[d.person_id, d.second_id]) p
            where d.number = cast(:contested as text) and p is not null) as takers,
        (select json_agg(distinct d.reporter_id) from decision d
            where case_key(d.case_number) = cast(:case as text) and d.reporter_id is not null) as reporters
    """
)


@dataclass(frozen=True, slots=True)
class Weighed:
    """An answer with everything that a decision records of it. `question` is as answered, with what the log knew."""

    answer: Answer
    judgement: Judgement
    facts: Facts
    question: Question


async def weigh(session: AsyncSession, q: Question, *, recording: bool = False) -> Weighed:
    """The engine's answer with the log's own facts: three queries, or two when there is nothing to look up (no case, no
    other party, no contested decision, no ceiling a year). `Invalid` on an unknown power.

    `recording`: everything taken before this act counts, also what came in while it waited for its turn."""
    facts = await facts_for(session, q)
    yearly = [g.number for g in facts.grants if any(c.kind is ConditionKind.MAX_PER_YEAR for c in g.conditions)]
    year = year_of(q.moment)
    values = {
        "power": q.power, "yearly": yearly, "case": case_key(q.case) if q.case else None,
        "party": party_key(q.counterparty) if q.counterparty else None,
        "from": start_of(date(year, 1, 1)), "until": start_of(date(year + 1, 1, 1)),
        "contested": q.contested.number if q.contested else None,
    }  # fmt: skip
    takers: list[str] = []
    reporters: list[str] = []
    if q.case or q.counterparty or yearly or q.contested:
        found = (await session.execute(_HISTORY, values)).one()
        takers, reporters = found.takers or [], found.reporters or []
        facts = replace(facts, earlier=tuple(_earlier(row, q, recording) for row in found.earlier or ()))
    try:
        weighed = [Weighed(*judged_answer(facts, one), facts, one) for one in as_known(q, takers, reporters)]
    except UnknownPower:
        unknown = Reason("bevoegdheid", N_("De bevoegdheid {code} staat niet in de lijst."), {"code": q.power})
        raise Invalid(
            {"bevoegdheid": unknown}, then=(NextStep(N_("Zoek de bevoegdheid in het register."), "/mandaten"),)
        ) from None
    return max(weighed, key=lambda one: one.answer.verdict)


def as_known(q: Question, takers: Iterable[str], reporters: Iterable[str]) -> list[Question]:
    """What the log knows is added to what was said and never gives way to it: M09 and M10 hold for all of them."""
    if takers and q.contested is not None:
        said = q.contested.taken_by or frozenset()
        q = replace(q, contested=Contested(q.contested.number, said | frozenset(takers)))
    all_reporters = sorted({*reporters, *({q.reporter} if q.reporter else ())})
    return [replace(q, reporter=one) for one in all_reporters] or [q]


def _earlier(row: list[Any], q: Question, recording: bool) -> Earlier:
    number, power, cents, at, recorded, grants, same_case, same_party = row
    when, known = datetime.fromisoformat(at), datetime.fromisoformat(recorded)
    return Earlier(
        number, power, cents, min(when, q.moment) if recording else when,
        q.case if same_case else None, q.counterparty if same_party else None,
        frozenset(grants), Span() if recording else Span(known),
    )  # fmt: skip
