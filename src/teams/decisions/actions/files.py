"""The file of a voornemen: its rows, its moves, and who may take a step."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from teams.decisions.actions.common import decider, refused, write_entry, wrong_moment
from teams.decisions.models import Intent, IntentState
from teams.decisions.queries.intents import intent_for
from teams.journal.models import Actor
from teams.kit.text import N_

_ACT = text(
    """
    insert into intent_act (intent_id, kind, person_id, role_id, other_id, condition, agrees, given_on, text, facts, entry_id)
    values (:intent, :kind, :person, :role, :other, :condition, :agrees, :on, :text, cast(:facts as jsonb), :entry)
    """
)
_MOVE = text(
    """
    update intent set state = :state, holder_id = :holder, role_id = :role, second_id = :second, version = version + 1
    where id = :id
    """
)


async def add_act(
    session: AsyncSession,
    intent: Intent,
    kind: str,
    *,
    by: Actor,
    other: UUID | None = None,
    condition: str | None = None,
    agrees: bool | None = None,
    on: Any = None,
    words: str | None = None,
    accountable: bool = False,
    facts: dict[str, Any] | None = None,
) -> UUID:
    """A row of the file with its journal entry."""
    people = {by.person_id, other, intent.holder_id} - {None}
    about = (("intent", intent.id), *(("person", who) for who in people if who is not None))
    told = {"bevoegdheid": intent.power, **(facts or {})}
    entry = await write_entry(
        session, f"intent.{VERBS[kind]}", about, told, {"reden": words}, by=by, accountable=accountable
    )
    values = {
        "intent": intent.id, "kind": kind, "person": by.person_id, "role": intent.role_id, "other": other,
        "condition": condition, "agrees": agrees, "on": on, "text": words, "facts": json.dumps(facts or {}, default=str),
        "entry": entry,
    }  # fmt: skip
    await session.execute(_ACT, values)
    return entry


VERBS = {
    "gemaakt": "made", "advies_gevraagd": "advice_asked", "advies": "advised", "bevestigd": "confirmed", "geweigerd": "declined",
    "doorgestuurd": "handed_up", "voorstel": "proposed", "uitkomst": "outcome", "ingetrokken": "withdrawn", "besloten": "decided",
}  # fmt: skip


async def move(session: AsyncSession, intent: Intent, state: IntentState) -> None:
    """Compare-and-set is the row's lock: everyone who moves a voornemen holds it."""
    values = {
        "id": intent.id, "state": state, "holder": intent.holder_id, "role": intent.role_id, "second": intent.second_id,
    }  # fmt: skip
    second = intent.second_id
    session.expunge(intent)  # its columns are written by the statement, not by the unit of work
    await session.execute(_MOVE, values)
    intent.state, intent.second_id = state, second


async def open_intent(session: AsyncSession, id: UUID, by: Actor) -> Intent:
    intent = await intent_for(session, id, by, lock=True)
    if not intent.waits:
        raise wrong_moment(N_("Dit voornemen is al afgehandeld."), address(intent))
    return intent


async def my_intent(session: AsyncSession, id: UUID, by: Actor) -> Intent:
    decider(by)
    intent = await open_intent(session, id, by)
    if intent.holder_id != by.person_id:
        raise refused(N_("Dit doet wie het voornemen nu heeft."), address(intent))
    return intent


def address(intent: Intent) -> str:
    return f"/besluiten/voornemen/{intent.id}"
