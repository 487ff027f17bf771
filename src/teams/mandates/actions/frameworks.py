"""Frameworks: a boundary or goal that an organ set, to which grants refer. Entered with the organ's own decision."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from teams.journal.models import Actor, Note, record
from teams.kit.clock import end_of, start_of
from teams.kit.errors import Conflict, Invalid, NextStep, Reason
from teams.kit.text import N_
from teams.mandates.actions.authority import lock_register, may_change
from teams.mandates.forms import KaderForm

_ORGAN = text("select id, name from organ where code = :code")
_ENTITY = text(
    """
    with made as (insert into framework (code) values (:code) on conflict (code) do nothing returning id)
    select id from made union all select id from framework where code = :code limit 1
    """
)
_CLOSE = text(
    """
    update framework_version set recorded = tstzrange(lower(recorded), now())
    where framework_id = :id and upper_inf(recorded) and valid && tstzrange(:start, :end) returning title, text, organ_id,
        decided_on, decision, lower(valid) as starts
    """
)
_INSERT = text(
    """
    insert into framework_version (framework_id, title, text, organ_id, decided_on, decision, valid)
    values (:id, :title, :text, :organ, :decided, :decision, tstzrange(:start, :end))
    """
)


_WORK_OUT = text(
    "insert into policy_framework (policy_id, framework_id) select :policy, id from framework where code = :code returning policy_id"
)
_KEEP = text(
    """
    insert into policy_framework (policy_id, framework_id)
    select :policy, framework_id from policy_framework where policy_id = :old
    """
)


async def work_out(session: AsyncSession, policy: UUID, code: str) -> None:
    """A new policy of a team says how it works within this framework."""
    if (await session.execute(_WORK_OUT, {"policy": policy, "code": code})).first() is None:
        raise Conflict(
            Reason("G17", N_("Het kader {code} staat niet in het register."), {"code": code}),
            then=(NextStep(N_("Kies een andere code."), "/mandaten/kaders"),),
        )


async def keep_framework(session: AsyncSession, old: UUID, policy: UUID) -> None:
    """A policy that goes on under another id keeps its framework."""
    await session.execute(_KEEP, {"old": old, "policy": policy})


async def set_framework(session: AsyncSession, form: KaderForm, *, by: Actor, at: datetime) -> UUID:
    """A new framework, or from its first day on a new text of one that stands; what held before stays as it was."""
    await lock_register(session)
    organ = (await session.execute(_ORGAN, {"code": form.orgaan})).one_or_none()
    if organ is None:
        raise Invalid({"orgaan": Reason("orgaan", N_("Kies een orgaan uit de lijst."))})
    await may_change(session, [f"orgaan:{form.orgaan}"], every=True, by=by, at=at)
    if start_of(form.beslotenOp) > at:
        raise Invalid(
            {"beslotenOp": Reason("beslotenOp", N_("Het orgaan kan dit niet in de toekomst hebben besloten."))}
        )
    found: UUID = (await session.execute(_ENTITY, {"code": form.code})).scalar_one()
    start, end = start_of(form.van), end_of(form.tot) if form.tot else None
    old = (await session.execute(_CLOSE, {"id": found, "start": start, "end": end})).all()
    for row in old:
        if row.organ_id != organ.id:
            raise Conflict(
                Reason("verkeerd_moment", N_("Dit kader is van een ander orgaan.")),
                then=(NextStep(N_("Kies een andere code."), "/mandaten/kaders"),),
            )
        if row.starts < start:
            kept = {"title": row.title, "text": row.text, "organ": row.organ_id, "decided": row.decided_on}
            await session.execute(
                _INSERT, {**kept, "decision": row.decision, "id": found, "start": row.starts, "end": start}
            )
    values = {"title": form.titel, "text": form.tekst, "organ": organ.id, "decided": start_of(form.beslotenOp)}
    await session.execute(_INSERT, {**values, "decision": form.besluit, "id": found, "start": start, "end": end})
    verb = "framework.changed" if old else "framework.set"
    note = Note(verb, (("framework", found), ("organ", organ.id)), {"code": form.code}, accountable=True)
    await record(session, note, by=by)
    return found
