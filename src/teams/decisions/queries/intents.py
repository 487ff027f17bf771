"""Voornemens: the only door to one, what happened to it, and the question that it stands for."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from teams.decisions.forms import DecisionForm
from teams.decisions.models import Intent, OrganProposal
from teams.journal.models import Actor
from teams.kit.clock import day_of
from teams.kit.errors import NextStep, NotFound, Reason
from teams.kit.text import N_
from teams.mandates.question import Contested, Question

# Who made it, has it, confirms, advises (also for a role that was asked), or belongs to the organ that it was put to.
_MINE = """
    (i.person_id = :me or i.holder_id = :me or i.second_id = :me
    or exists (select from intent_act a where a.intent_id = i.id and (a.person_id = :me or a.other_id = :me))
    or exists (select from organ_proposal p where p.intent_id = i.id and (:secretary or exists (
        select from organ_member m where m.organ_id = p.organ_id and m.person_id = :me and upper_inf(m.recorded)
            and range_contains_elem(m.valid, cast(:today as date))))))
"""
_MAY_SEE = text(f"select i.id from intent i where i.id = :id and {_MINE}")
_ACTS = text(
    """
    select a.id, a.kind, a.person_id, p.name as person, a.role_id, a.other_id, o.name as other, a.condition, a.agrees,
        a.given_on, a.text, a.facts, a.at
    from intent_act a left join person p on p.id = a.person_id left join person o on o.id = a.other_id
    where a.intent_id = :id order by a.id
    """
)
WAITING = text(
    """
    select i.id, i.state, i.power, i.confidential, i.subject, i.case_number, i.made_at, p.name as person, x.what from (
        select id, 'bevestig' as what from intent where second_id = :me and state = 'tweede'
        union
        select i.id, 'advies' from intent i join intent_act a on a.intent_id = i.id and a.kind = 'advies_gevraagd'
            and a.other_id = :me
        where i.state = 'advies' and not exists (select from intent_act g where g.intent_id = i.id and g.kind = 'advies'
            and g.condition = a.condition)
        union
        select id, 'verder' from intent where holder_id = :me and state in ('klaar','doorgestuurd')
    ) x join intent i on i.id = x.id join person p on p.id = i.person_id order by i.id desc limit 50
    """
)
_OPEN = text(
    """
    select i.id, i.state, i.power, i.confidential, i.subject, i.case_number, i.made_at, p.name as person
    from intent i join person p on p.id = i.person_id
    where (i.person_id = :me or i.holder_id = :me) and i.state not in ('besloten','afgewezen','ingetrokken')
    order by i.id desc limit 50
    """
)


async def intent_for(session: AsyncSession, id: UUID, by: Actor, *, lock: bool = False) -> Intent:
    """A voornemen that this person has to do with; or `NotFound`."""
    values = {
        "id": id, "me": by.person_id, "secretary": by.has("secretaris"), "today": day_of(datetime.now(UTC)),
    }  # fmt: skip
    if by.person_id is None or (await session.execute(_MAY_SEE, values)).first() is None:
        raise NotFound(
            Reason("onbekend", N_("Dit voornemen bestaat niet, of het is niet van jou.")),
            then=(NextStep(N_("Bekijk je besluiten."), "/besluiten"),),
        )
    wanted = select(Intent).where(Intent.id == id)
    if lock:
        wanted = wanted.with_for_update(key_share=True)
    found = await session.execute(wanted.execution_options(populate_existing=True))
    return found.scalar_one()


async def acts_of(session: AsyncSession, intent_id: UUID) -> list[Row[Any]]:
    return list((await session.execute(_ACTS, {"id": intent_id})).all())


async def waiting_for(session: AsyncSession, me: UUID) -> list[Row[Any]]:
    """What waits for this person: confirm, advise, or take the next step."""
    return list((await session.execute(WAITING, {"me": me})).all())


async def open_intents(session: AsyncSession, me: UUID) -> list[Row[Any]]:
    return list((await session.execute(_OPEN, {"me": me})).all())


async def proposal_of(session: AsyncSession, intent_id: UUID, *, lock: bool = False) -> OrganProposal | None:
    wanted = select(OrganProposal).where(OrganProposal.intent_id == intent_id)
    if lock:
        wanted = wanted.with_for_update(key_share=True)
    found = await session.execute(wanted.execution_options(populate_existing=True))
    return found.scalar_one_or_none()


def question_of(intent: Intent, acts: list[Row[Any]], at: datetime, *, person: UUID | None = None) -> Question:
    """The question as it stands now: the holder asks, advice that was given counts, a second person only once confirmed."""
    held = intent.question
    advised = {act.condition for act in acts if act.kind == "advies" and settles(act)}
    contested = held.get("bestredenBesluit")
    features = held.get("kenmerken") or {}
    decided = held.get("orgaanBeslootOp")
    return Question(
        power=intent.power, moment=at, known_at=at, person=str(person or intent.holder_id), cents=intent.cents,
        role=held.get("rol") if intent.holder_id == intent.person_id else None,
        case=intent.case_number, counterparty=intent.counterparty,
        contested=Contested(contested, frozenset(held.get("genomenDoor") or ()) or None) if contested else None,
        reporter=held.get("rapporteur"), complained_of=held.get("beklaagde"),
        second=str(intent.second_id) if intent.second_id else None, interest=False, sensitive=held.get("gevoelig"),
        area=held.get("gebied"), case_type=held.get("zaaktype"), hours=held.get("uren"), budget=held.get("budget"),
        organ_decided_on=datetime.fromisoformat(decided) if decided else None,
        against_instruction=bool(held.get("tegenInstructie")), features=features,
        confirmed=frozenset(held.get("bevestigd") or ()) | advised,
    )  # fmt: skip


def settles(act: Row[Any]) -> bool:
    """Advice was asked and given, whatever it says; consultation settles only when both agree (M25)."""
    return bool(act.agrees) or str(act.condition).startswith("advies:")


def form_of_intent(intent: Intent) -> DecisionForm:
    held: dict[str, Any] = {"onderwerp": intent.subject, "herkomst": intent.origin}
    return DecisionForm.model_construct(
        motivering=intent.reasons or "", belangVerklaring=intent.no_interest,
        instructieReden=intent.question.get("instructieReden"), **held,
    )  # fmt: skip
