"""Whether the decisions that people read are still the ones that the log sealed (mandates 4.5, class 8)."""

import json
from typing import Any

import asyncpg

from teams.decisions.models import CONTENT, content_digest

CHUNK = 500
_ROWS = f"""
    select d.id, d.number, t.value as sealed, {", ".join(f"d.{name}" for name in CONTENT)}
    from decision d join journal_text t on t.entry = d.entry_id and t.field = 'inhoud'
    where d.id > $1 order by d.id limit {CHUNK}
"""
_FIRST = "00000000-0000-0000-0000-000000000000"


async def changed_decision(connection: asyncpg.Connection) -> str | None:
    """The number of the first decision whose row differs from what was sealed; None when all agree.

    A decision whose opening has been destroyed by a logged act has nothing to compare with, and is passed over.
    """
    await connection.set_type_codec("jsonb", schema="pg_catalog", encoder=json.dumps, decoder=json.loads)
    last: Any = _FIRST
    while rows := await connection.fetch(_ROWS, last):
        for row in rows:
            if content_digest(row) != row["sealed"]:
                return str(row["number"])
        last = rows[-1]["id"]
    return None
