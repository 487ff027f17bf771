"""Decide under a grant: the engine answers first, on facts that no parallel act can shift, and only a yes is recorded."""

from __future__ import annotations

import json
import secrets
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from teams.decisions.actions.common import RULES, decider, write_entry
from teams.decisions.actions.row import decision_values, role_of, texts_of
from teams.decisions.forms import DecisionForm
from teams.decisions.models import Intent, Source
from teams.decisions.queries.known import Weighed, weigh
from teams.journal.models import Actor
from teams.kit.errors import Invalid, NotAllowed, Reason
from teams.kit.text import N_
from teams.mandates.question import Question
from teams.mandates.rules.base import Outcome as Found
from teams.mandates.rules.base import Verdict
from teams.mandates.same import case_key, party_key
from teams.mandates.terms import ConditionKind

_LOCK = text("select pg_advisory_xact_lock(hashtextextended(k, 4)) from unnest(cast(:keys as text[])) k")
# Many decisions at once take their whole power for themselves; one decision shares it with all others.
_SHARE = text("select pg_advisory_xact_lock_shared(hashtextextended('alles|' || cast(:power as text), 4))")
_ATTEMPT = text(
    """
    insert into attempt (power, person_id, role_id, verdict, codes, cents, entry_id)
    values (:power, :person, :role, :verdict, :codes, :cents, :entry)
    """
)
_INTEREST = text(
    """
    insert into interest (person_id, about, kind) select :person, a, 'gemeld bij een besluit' from unnest(cast(:about as text[])) a
    where not exists (select from interest where person_id = :person and about = a and upper_inf(recorded))
    returning about
    """
)
# The number comes last, in one statement with decision and entry: whoever waits for the counter waits for nothing else.
WRITE = text(
    """
    with n as (select next_decision(:year) as serial, uuidv7() as id),
    e as (
        insert into journal (actor, acting_role, request_id, origin, verb, schema_version, accountable, facts)
        select :j_actor, :j_role, :j_request, :j_origin, 'decision.taken', 1, true, cast(:j_facts as jsonb) || jsonb_build_object(
            'decision', n.id, 'nummer', lpad(:year_text, 4, '0') || '-' || lpad(n.serial::text, greatest(5, length(n.serial::text)), '0'))
        from n returning id
    ), es as (
        insert into journal_subject (entry, kind, id)
        select e.id, 'decision', n.id from e, n
        union select e.id, s.kind, s.sid from e, unnest(cast(:j_kinds as text[]), cast(:j_ids as uuid[])) s(kind, sid)
    ), et as (
        insert into journal_text (entry, field, key, value) select e.id, t.field, t.key, t.value
        from e, unnest(cast(:j_fields as text[]), cast(:j_keys as bytea[]), cast(:j_values as text[])) t(field, key, value)
    )
    insert into decision (id, year, serial, power, power_title, act, organ, confidential, recording, source, batch_id, external, origin, intent_id,
        person_id, role_id, capacity, absent, second_id, reporter_id, contested, verdict, outcome, grants, chains, ceiling, base,
        cents, total, rulebook, rules, rules_hash, question, answer, case_number, counterparty, subject, reasons, signature,
        no_interest, sensitive, overridden, override_reason, request_key, decided_at, entry_id)
    select n.id, :year, n.serial, :power, :power_title, :act, :organ, :confidential, :recording, :source, :batch_id, :external,
        :origin, :intent_id, :person_id, :role_id, :capacity, cast(:absent as uuid[]), :second_id, :reporter_id, :contested, :verdict, :outcome, :grants,
        cast(:chains as jsonb), :ceiling, :base, :cents, :total, :rulebook, cast(:rules as jsonb), :rules_hash,
        cast(:question as jsonb), cast(:answer as jsonb), :case_number, :counterparty, :subject, :reasons, :signature,
        :no_interest, :sensitive, :overridden, :override_reason, :request_key, :decided_at, e.id from n, e
    returning id, number, entry_id
    """
)


@dataclass(frozen=True, slots=True)
class Taken:
    """A decision that stands. `entry`: its journal row, which the log covers afterwards."""

    id: UUID
    number: str
    entry: UUID
    outcome: str
    signature: str
    weighed: Weighed


@dataclass(frozen=True, slots=True)
class Refused:
    """The engine did not say yes, or (`needs_second`) the second person has not confirmed yet. Nothing was decided."""

    weighed: Weighed
    needs_second: bool = False


async def decide(
    session: AsyncSession,
    q: Question,
    form: DecisionForm,
    *,
    by: Actor,
    at: datetime,
    source: Source = Source.SCREEN,
    key: str | None = None,
    keep_attempt: bool = True,
) -> Taken | Refused:
    """Record the decision when the engine says yes to this person now; a second person first confirms (see intents).

    `keep_attempt`: a refusal is an attempt to decide, unless the person asked to keep it as a voornemen."""
    me = decider(by)
    q = own_question(q, form, me, at)
    weighed = await weigh_locked(session, q)
    if weighed.answer.verdict is Verdict.YES and not second_counts(weighed):
        return await write_decision(session, weighed, form, by=by, at=at, source=source, key=key)
    if weighed.answer.verdict is Verdict.YES:
        return Refused(weighed, needs_second=True)
    if keep_attempt:
        await record_attempt(session, weighed, by=by)
    return Refused(weighed)


def own_question(q: Question, form: DecisionForm, me: UUID, at: datetime) -> Question:
    """The question as this person may decide it: as themselves, with what is known now, not in the future.

    Advice and consultation are no matter of ticking: only conditions that a person can declare count as confirmed."""
    if q.person != str(me):
        raise NotAllowed(Reason("geen_recht", N_("Je legt alleen je eigen besluiten vast.")), then=RULES)
    faults: dict[str, Reason] = {}
    if q.moment > at:
        faults["op"] = Reason("op", N_("Een besluit leg je vast op de dag zelf of daarna, niet vooraf."))
    if not form.belangVerklaring and q.interest is not True:
        faults["belangVerklaring"] = Reason(
            "belangVerklaring",
            N_("Verklaar dat je geen eigen belang hebt. Heb je dat wel, dan gaat de zaak een stap omhoog."),
        )
    if q.against_instruction and not form.instructieReden:
        faults["instructieReden"] = Reason("instructieReden", N_("Schrijf op waarom je de instructie niet volgt."))
    if faults:
        raise Invalid(faults)
    declared = frozenset(line for line in q.confirmed if not needs_advice(line))
    return replace(q, known_at=at, interest=q.interest is True, confirmed=declared)


def needs_advice(condition: str) -> bool:
    """Whether someone else has to say something first: advice and consultation (M25), and the step up of M09."""
    kind = condition.partition(":")[0].strip()
    return condition in ("M25", "M09") or kind in (ConditionKind.ADVICE, ConditionKind.CONSULT)


async def weigh_locked(session: AsyncSession, q: Question) -> Weighed:
    """The answer on sums that cannot change until this transaction ends: one act at a time per case and per other party (M21)."""
    await session.execute(_SHARE, {"power": q.power})
    case, party = q.case and f"zaak|{case_key(q.case)}", q.counterparty and f"partij|{party_key(q.counterparty)}"
    keys = sorted(f"{q.power}|{name}" for name in (case, party) if name)
    if keys:
        await session.execute(_LOCK, {"keys": keys})
    weighed = await weigh(session, q, recording=True)
    yearly = sorted(
        f"jaar|{g.number}"
        for g in weighed.facts.grants
        if any(c.kind is ConditionKind.MAX_PER_YEAR for c in g.conditions)
    )
    if yearly:
        await session.execute(_LOCK, {"keys": yearly})
        weighed = await weigh(session, q, recording=True)
    return weighed


def second_counts(weighed: Weighed) -> bool:
    """M20: a second person is needed and was named."""
    line = next(line for line in weighed.answer.rules if line.code == "M20")
    return line.outcome is Found.OK


async def write_decision(
    session: AsyncSession,
    weighed: Weighed,
    form: DecisionForm,
    *,
    by: Actor,
    at: datetime,
    source: Source = Source.SCREEN,
    key: str | None = None,
    intent: Intent | None = None,
) -> Taken:
    """Number, decision and entry in one statement, the last of the act."""
    values = decision_values(weighed, form, at=at, source=source, key=key, intent=intent)
    facts, texts = texts_of(values, weighed)
    given = {name: value for name, value in texts.items() if value is not None}
    dumped = {name: json.dumps(values[name]) for name in ("chains", "rules", "question", "answer")}
    found = (await session.execute(WRITE, {**values, **dumped, **entry_values(facts, given, values, by)})).one()
    if values["overridden"]:
        told = {
            "nummer": found.number, "bevoegdheid": values["power"], "uitkomst": values["outcome"],
            "grond": values["overridden"], "betreft": found.entry_id,
        }  # fmt: skip
        why = {"actor": str(values["person_id"]), "reden": values["override_reason"]}
        await write_entry(session, "decision.overridden", (("decision", found.id),), told, why, by=by)
    return Taken(found.id, found.number, found.entry_id, values["outcome"], values["signature"] or "", weighed)


def entry_values(facts: dict[str, Any], texts: dict[str, str], values: dict[str, Any], by: Actor) -> dict[str, Any]:
    about = [("person", values["person_id"]), ("person", values["second_id"]), ("role", values["role_id"])]
    pairs = [(kind, found) for kind, found in about if found is not None]
    return {
        "j_actor": by.person_id, "j_role": values["role_id"], "j_request": by.request_id, "j_origin": by.origin,
        "j_facts": json.dumps(facts, separators=(",", ":"), default=str),
        "j_kinds": [kind for kind, _ in pairs], "j_ids": [found for _, found in pairs],
        "j_fields": list(texts), "j_keys": [secrets.token_bytes(32) for _ in texts], "j_values": list(texts.values()),
    }  # fmt: skip


async def record_attempt(session: AsyncSession, weighed: Weighed, *, by: Actor) -> None:
    """An attempt is kept, a question never. An own interest that was declared stays known, in every role (M19)."""
    given, q = weighed.answer, weighed.question
    assert by.person_id is not None
    codes = sorted(set(given.codes) - {""})
    role = acting_role(weighed)
    facts = {
        "bevoegdheid": q.power, "uitkomst": given.verdict.word, "rulebook": given.rulebook, "codes": codes,
    }  # fmt: skip
    texts = {
        "actor": str(by.person_id), "rol": str(role) if role else None,
        "bedrag": None if q.cents is None else str(q.cents),
    }  # fmt: skip
    entry = await write_entry(
        session, "decision.attempted", (("person", by.person_id),), facts, texts, by=by, role=role
    )
    values = {"power": q.power, "person": by.person_id, "role": role, "codes": codes, "cents": q.cents}
    await session.execute(_ATTEMPT, {**values, "verdict": given.verdict.word, "entry": entry})
    about = [name for name in (q.case, q.counterparty) if name]
    if q.interest is True and about:
        me = by.person_id
        for name in await session.scalars(_INTEREST, {"person": me, "about": about}):
            told = {"about": name, "kind": "gemeld bij een besluit"}
            await write_entry(session, "interest.entered", (("person", me),), {"person": str(me)}, told, by=by)


def acting_role(weighed: Weighed) -> UUID | None:
    chain = weighed.judgement.parts[0].chain
    return role_of(chain) if chain and chain.post.now else None
