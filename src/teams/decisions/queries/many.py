"""The answers to many questions at once, each as of its own moment, in a few queries: those before count for those after (M21)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from teams.decisions.queries.known import Weighed, as_known
from teams.kit.clock import start_of
from teams.mandates.engine import judged_answer
from teams.mandates.facts import Earlier, Facts, Span
from teams.mandates.queries.facts import facts_for_many
from teams.mandates.question import Question
from teams.mandates.same import case_key, party_key
from teams.mandates.terms import ConditionKind
from teams.mandates.text import year_of

# A corrected case or party counts under both names, as in `known`.
_HISTORY = text(
    """
    with ids as (
        select d.id from decision d where d.power = any(:powers) and case_key(d.case_number) = any(:cases)
        union
        select d.id from decision d where d.power = any(:powers) and party_key(d.counterparty) = any(:parties)
            and d.decided_at >= :from and d.decided_at < :until
        union
        select a.decision_id from decision_act a where a.kind = 'correctie' and a.field = 'zaak' and case_key(a.new_value) = any(:cases)
        union
        select a.decision_id from decision_act a where a.kind = 'correctie' and a.field = 'wederpartij'
            and party_key(a.new_value) = any(:parties)
        union
        select n.decision_id from decision_grant n
            where n.number = any(cast(:yearly as text[])) and n.decided_at >= :from and n.decided_at < :until
    )
    select d.number, d.power, coalesce(d.cents, 0) as cents, d.decided_at, d.grants, d.case_number, d.counterparty,
        (select coalesce(array_agg(a.new_value), '{}') from decision_act a
            where a.decision_id = d.id and a.kind = 'correctie' and a.field = 'zaak') as cases,
        (select coalesce(array_agg(a.new_value), '{}') from decision_act a
            where a.decision_id = d.id and a.kind = 'correctie' and a.field = 'wederpartij') as parties
    from ids join decision d on d.id = ids.id
    """
)
_TAKERS = text(
    "select number, array_remove(array[person_id, second_id], null) as takers from decision where number = any(:numbers)"
)
_REPORTERS = text(
    """
    select case_key(case_number) as name, array_agg(distinct reporter_id) as reporters from decision
    where case_key(case_number) = any(:cases) and reporter_id is not null group by 1
    """
)


@dataclass(slots=True)
class _Past:
    """Earlier decisions, found by case, by other party (both by their key) and by grant with a yearly room."""

    by_case: dict[str, list[_Old]]
    by_party: dict[str, list[_Old]]
    by_grant: dict[str, list[_Old]]

    def add(self, old: _Old, yearly: frozenset[str]) -> None:
        for name in old.cases:
            self.by_case[name].append(old)
        for name in old.parties:
            self.by_party[name].append(old)
        for name in old.row.grants & yearly:
            self.by_grant[name].append(old)

    def for_question(self, q: Question, yearly: list[str]) -> tuple[Earlier, ...]:
        case, party = _case(q.case), _party(q.counterparty)
        near = [old for name in case for old in self.by_case.get(name, ())]
        near += [old for name in party for old in self.by_party.get(name, ())]
        near += [old for name in yearly for old in self.by_grant.get(name, ())]
        found = {old.row.number: old for old in near}
        return tuple(
            replace(
                old.row, at=min(old.row.at, q.moment),
                case=q.case if case & old.cases else None,
                counterparty=q.counterparty if party & old.parties else None,
            )
            for old in found.values()
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Old:
    row: Earlier
    cases: frozenset[str]
    parties: frozenset[str]


def in_order(questions: Sequence[Question]) -> list[int]:
    """Places in the order in which they were decided."""
    return sorted(range(len(questions)), key=lambda n: (questions[n].moment, n))


async def facts_by_moment(session: AsyncSession, questions: Sequence[Question]) -> dict[tuple[str, datetime], Facts]:
    """The register per power and moment; a power that is not known has no powers in its facts."""
    groups: dict[tuple[str, datetime], list[Question]] = defaultdict(list)
    for q in questions:
        groups[q.power, q.moment].append(q)
    return {key: await facts_for_many(session, group) for key, group in groups.items()}


def yearly_grants(facts: Facts) -> list[str]:
    return [g.number for g in facts.grants if any(c.kind is ConditionKind.MAX_PER_YEAR for c in g.conditions)]


async def weigh_many(
    session: AsyncSession, questions: Sequence[Question], known: dict[tuple[str, datetime], Facts]
) -> list[Weighed]:
    """One answer for each question, in their order. Everything recorded counts, and of these what was decided before."""
    yearly = frozenset(name for facts in known.values() for name in yearly_grants(facts))
    past, takers, reporters = await _past(session, questions, yearly)
    answers: list[Weighed | None] = [None] * len(questions)
    for n in in_order(questions):
        q = questions[n]
        facts = known[q.power, q.moment]
        facts = replace(facts, earlier=past.for_question(q, yearly_grants(facts)))
        contested = takers.get(q.contested.number, ()) if q.contested else ()
        asked = as_known(q, contested, [one for name in _case(q.case) for one in reporters.get(name, ())])
        weighed = max(
            (Weighed(*judged_answer(facts, one), facts, one) for one in asked), key=lambda w: w.answer.verdict
        )
        answers[n] = weighed
        grants = frozenset(link.number for links in weighed.answer.chains for link in links if link.number)
        row = Earlier(f"+{n}", q.power, q.cents or 0, q.moment, q.case, q.counterparty, grants, Span())
        past.add(_Old(row, _case(q.case), _party(q.counterparty)), yearly)
        if q.reporter and q.case:
            reporters.setdefault(case_key(q.case), []).append(q.reporter)
    return [one for one in answers if one is not None]


def _case(*names: str | None) -> frozenset[str]:
    return frozenset(case_key(name) for name in names if name is not None)


def _party(*names: str | None) -> frozenset[str]:
    return frozenset(party_key(name) for name in names if name is not None)


async def _past(
    session: AsyncSession, questions: Sequence[Question], yearly: frozenset[str]
) -> tuple[_Past, dict[str, list[str]], dict[str, list[str]]]:
    cases = sorted(_case(*(q.case for q in questions)))
    years = [year_of(q.moment) for q in questions]
    values = {
        "powers": sorted({q.power for q in questions}), "cases": cases, "yearly": sorted(yearly),
        "parties": sorted(_party(*(q.counterparty for q in questions))),
        "from": start_of(date(min(years), 1, 1)), "until": start_of(date(max(years) + 1, 1, 1)),
    }  # fmt: skip
    past = _Past(defaultdict(list), defaultdict(list), defaultdict(list))
    for row in await session.execute(_HISTORY, values):
        past.add(_old(row), yearly)
    numbers = sorted({q.contested.number for q in questions if q.contested})
    takers = {r.number: [str(p) for p in r.takers] for r in await session.execute(_TAKERS, {"numbers": numbers})}
    found = await session.execute(_REPORTERS, {"cases": cases})
    return past, takers, {r.name: [str(p) for p in r.reporters] for r in found}


def _old(row: Any) -> _Old:
    held = Earlier(row.number, row.power, row.cents, row.decided_at, None, None, frozenset(row.grants), Span())
    return _Old(held, _case(row.case_number, *row.cases), _party(row.counterparty, *row.parties))
