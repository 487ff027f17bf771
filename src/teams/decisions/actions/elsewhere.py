"""Decisions taken elsewhere, from a file or a case system: each answered as of its own moment, and recorded also when it lacked authority."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncSession

from teams.decisions.actions.decide import WRITE, entry_values
from teams.decisions.actions.row import decision_values, texts_of
from teams.decisions.forms import DecisionForm
from teams.decisions.models import Source
from teams.decisions.queries.known import Weighed
from teams.decisions.queries.many import facts_by_moment, weigh_many, yearly_grants
from teams.journal.models import Actor
from teams.kit.clock import day_of
from teams.kit.errors import Reason
from teams.kit.text import N_
from teams.mandates.question import Question
from teams.mandates.rules.base import Verdict

AT_A_TIME = 250  # one command to the database stays far under its time limit
_ALONE = text("select pg_advisory_xact_lock(hashtextextended(k, 4)) from unnest(cast(:keys as text[])) k")
_KNOWN = text(
    """
    select external, number, power, person_id, cents, decided_at, outcome from decision
    where source = :source and external = any(:externals)
    """
)


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """One decision of another system. `external`: that system's own name for it; the same name is the same decision."""

    external: str
    question: Question
    form: DecisionForm


@dataclass(frozen=True, slots=True)
class Laid:
    """`faults`: place in the list, field and why; with a fault nothing was recorded. `unlogged`: powers with `vastlegging` niet."""

    new: int = 0
    lacking: int = 0
    same: int = 0
    unlogged: int = 0
    faults: tuple[tuple[int, str, Reason], ...] = ()


async def record_elsewhere(
    session: AsyncSession, rows: Sequence[Elsewhere], *, source: Source, by: Actor, at: datetime
) -> Laid:
    """All or nothing. What the engine does not allow is recorded as `gebrek` (M27), never lost. Nothing is recorded twice."""
    await take_turn(session, _turns(rows, source))
    given = {"source": source.value, "externals": [row.external for row in rows]}
    there = {row.external: row for row in await session.execute(_KNOWN, given)}
    faults = [(n, *fault) for n, row in enumerate(rows) if (fault := _fault(row, there.get(row.external), at))]
    fresh = [(n, row) for n, row in enumerate(rows) if row.external not in there]
    asked = [replace(row.question, known_at=at) for _, row in fresh]
    known = await facts_by_moment(session, asked) if asked else {}
    powers = {code: next((p for p in facts.powers if p.code == code), None) for (code, _), facts in known.items()}
    for n, row in fresh:
        power = powers[row.question.power]
        if power is None:
            said = {"code": row.question.power}
            faults.append(
                (n, "bevoegdheid", Reason("bevoegdheid", N_("De bevoegdheid {code} staat niet in de lijst."), said))
            )
        elif not power.confidential and power.recording != "niet" and row.form.onderwerp is None:
            faults.append((n, "onderwerp", Reason("onderwerp", N_("Schrijf in één regel waar het besluit over gaat."))))
    if faults:
        return Laid(faults=tuple(sorted(faults, key=lambda fault: fault[:2])))
    kept = [(row, q) for (_, row), q in zip(fresh, asked, strict=True) if _logged(powers[q.power])]
    yearly = sorted({f"jaar|{name}" for facts in known.values() for name in yearly_grants(facts)})
    await take_turn(session, yearly)
    weighed = await weigh_many(session, [q for _, q in kept], known) if kept else []
    forms = [row.form for row, _ in kept]
    values = [
        decision_values(one, form, at=at, source=source, key=None, intent=None, external=row.external)
        for one, form, (row, _) in zip(weighed, forms, kept, strict=True)
    ]
    await write_many(session, values, weighed, by=by)
    lacking = sum(one.answer.verdict is not Verdict.YES for one in weighed)
    return Laid(len(values), lacking, len(rows) - len(fresh), len(fresh) - len(kept))


async def take_turn(session: AsyncSession, keys: list[str]) -> None:
    """Wait until nobody else holds these, in this order; they stay ours until the transaction ends."""
    await session.execute(_ALONE, {"keys": keys})


def _turns(rows: Sequence[Elsewhere], source: Source) -> list[str]:
    """One list at a time; one and the same case system's decision waits for itself; and each power, so that no sum shifts (M21)."""
    name = rows[0].external if source is Source.CASE_SYSTEM and rows else ""
    return [f"{source.value}|{name}", *sorted({f"alles|{row.question.power}" for row in rows})]


async def write_many(
    session: AsyncSession, values: list[dict[str, Any]], weighed: Sequence[Weighed], *, by: Actor
) -> None:
    """Each its number and its entry, in the order of time; the counter is locked from the first to the end."""
    lines = []
    for row, one in sorted(zip(values, weighed, strict=True), key=lambda pair: pair[0]["decided_at"]):
        facts, texts = texts_of(row, one)
        given = {name: value for name, value in texts.items() if value is not None}
        dumped = {name: json.dumps(row[name]) for name in ("chains", "rules", "question", "answer")}
        lines.append({**row, **dumped, **entry_values(facts, given, row, by)})
    for first in range(0, len(lines), AT_A_TIME):
        await session.execute(WRITE, lines[first : first + AT_A_TIME])


def _logged(power: Any) -> bool:
    return bool(power.recording != "niet")


def _fault(row: Elsewhere, there: Row[Any] | None, at: datetime) -> tuple[str, Reason] | None:
    """A day that has not come; or a name that stands already on another decision, which never changes."""
    q = row.question
    if q.moment > at:
        return "op", Reason("op", N_("Deze dag moet nog komen. Een besluit leg je vast als het genomen is."))
    if there is None:
        return None
    same = (there.power, there.person_id, there.cents, day_of(there.decided_at))
    if same == (q.power, UUID(q.person or ""), q.cents, day_of(q.moment)):
        return None
    return "kenmerk", Reason(
        "kenmerk",
        N_(
            "Dit kenmerk staat al op besluit {nummer}, met andere gegevens. Een besluit verandert niet: maak een correctie."
        ),
        {"nummer": there.number},
    )
