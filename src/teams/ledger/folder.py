"""The log in use, from the database, as the folder that the standalone verifier reads."""

from pathlib import Path
from typing import Any

import asyncpg

from teams.ledger.entries import SEED, SOURCE, openings, source
from teams.ledger.export import Entry, Writer
from teams.ledger.leaf import read_leaf

CHUNK = 2000
_HEAD = """
    select c.log, c.size, c.note || coalesce((select string_agg(s.line, '' order by s.name)
        from cosignature s where s.log = c.log and s.size = c.size), '') as note
    from checkpoint c where c.log = (select max(id) from log) order by c.size desc limit 1
"""
_HEADS = "select note from checkpoint where log = $1 and size < $2 order by size"
_LEAVES = f"""
    select l.seq, l.bytes, {SEED}, {SOURCE}
    from leaf l left join journal j on j.id = l.entry
    where l.log = $1 and l.seq >= $2 and l.seq < $3 order by l.seq limit {CHUNK}
"""


async def write_folder(connection: asyncpg.Connection, folder: Path, *, shown: bool = True) -> int:
    """Entries, tiles, heads and the newest head; with the openings that are left when `shown`. How many leaves.

    Refuses a folder that is not empty (FileExistsError) and a log without a head (LookupError)."""
    async with connection.transaction(isolation="repeatable_read", readonly=True):
        head = await connection.fetchrow(_HEAD)
        if head is None:
            raise LookupError("no head")
        with Writer(folder) as writer:
            while writer.size < head["size"]:
                rows = await connection.fetch(_LEAVES, head["log"], writer.size, head["size"])
                for row in rows:
                    writer.add(_entry(row, shown=shown))
                if not rows:
                    break
            heads = await connection.fetch(_HEADS, head["log"], head["size"])
            writer.finish((row["note"].encode() for row in heads), head["note"].encode())
    return writer.size


def _entry(row: Any, *, shown: bool) -> Entry:
    there = shown and row["id"] is not None
    return Entry(row["bytes"], openings(source(row), read_leaf(row["bytes"]), row["seed"]) if there else {})
