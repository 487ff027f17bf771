"""A long log in little time: journal, leaves, keys and nodes as the sequencer would have written them, by COPY."""

import json
import secrets
from datetime import UTC, datetime
from typing import Any

from teams.ledger.entries import Source, make
from teams.ledger.sequencer import Sequencer
from teams.ledger.tree import leaf_hash

BATCH = 50_000
_FACTS = {"bevoegdheid": "SUB-01", "uitkomst": "geweigerd", "keten": ["T12@sha256:" + "ab" * 32]}
_JOURNAL = """
    insert into journal (verb, accountable, facts, at)
    select 'decision.refused', true, $2::jsonb, $3 from generate_series(1, $1::int) returning id
"""


async def pour(boss: Any, log: Sequencer, length: int) -> None:
    """Until the log has `length` leaves. `log` does not take them in: begin a new one."""
    await boss.execute("set session_replication_role = replica; set synchronous_commit = off")
    number, edge, at = log.log, log.edge.copy(), datetime.now(UTC)
    while edge.size < length:
        rows = await boss.fetch(_JOURNAL, min(BATCH, length - edge.size), json.dumps(_FACTS), at)
        leaves, seeds, hashes = [], [], []
        for seq, row in enumerate(rows, edge.size):
            seed = secrets.token_bytes(32)
            entry = Source(row["id"], at, None, None, None, None, "decision.refused", 1, _FACTS, (), ())
            made = make(entry, seq, log.org, seed)
            hashes.append(leaf_hash(made.raw))
            leaves.append((number, seq, row["id"], made.kind, made.nummer, made.raw, hashes[-1]))
            seeds.append((number, seq, seed))
        nodes = [(number, *node) for node in edge.append(hashes)]
        async with boss.transaction():
            for table, columns, records in (
                ("leaf", ("log", "seq", "entry", "type", "nummer", "bytes", "hash"), leaves),
                ("leaf_seed", ("log", "seq", "seed"), seeds),
                ("node", ("log", "level", "idx", "hash"), nodes),
            ):
                await boss.copy_records_to_table(table, columns=columns, records=records)
    await boss.execute("set session_replication_role = origin")
