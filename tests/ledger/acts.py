"""Acts that the log must hold, written by the app as any act is, and the sequencer that finds them."""

import json
from typing import Any
from uuid import UUID

import asyncpg

from teams.ledger.sequencer import Sequencer

ORG = "proefdam"
DECISION = {"bevoegdheid": "SUB-01", "uitkomst": "bevoegd", "keten": ["T12@sha256:" + "ab" * 32]}
_INSERT = """
    with e as (insert into journal (actor, verb, accountable, facts) values (uuidv7(), $1, true, $2::text::jsonb) returning id)
    insert into journal_text (entry, field, key, value)
    select id, f, sha256(uuid_send(uuidv7())), v from e, unnest($3::text[], $4::text[]) t(f, v) returning entry
"""


async def act(
    app: asyncpg.Connection, verb: str = "decision.taken", facts: dict[str, Any] | None = None, **texts: str
) -> UUID:
    """One accountable act through the app's own privileges."""
    words = texts or {"actor": "Noor", "bedrag": "1250000", "onderwerp": "Snoei é", "motivering": "Het mag."}
    given = json.dumps(DECISION if facts is None else facts)
    entry: UUID = await app.fetchval(_INSERT, verb, given, list(words), list(words.values()))
    return entry


async def sequence_all(worker: asyncpg.Connection, org: str = ORG) -> int:
    """Everything that is committed now, by a sequencer that has just begun."""
    one, written = Sequencer(worker, org), 0
    while batch := await one.step():
        written += batch
    return written
