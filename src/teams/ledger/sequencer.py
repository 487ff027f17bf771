"""Copies accountable rows of the journal into leaves: in order, each exactly once, however many try at the same time."""

import asyncio
import logging
import secrets
from typing import Any
from uuid import UUID

import asyncpg

from teams.kit.db import connect
from teams.ledger.entries import SOURCE, make, source
from teams.ledger.tree import Frontier, frontier_coords, leaf_hash

log = logging.getLogger("teams.ledger")

BATCH = 1000
BUSY, IDLE, OUTRUN = 0.02, 0.1, 1.0

# Its own statement, before the rows: what has not ended by then is looked at again next time.
_NOW = """
    select pg_snapshot_xmin(pg_current_snapshot())::text as xmin, l.id, l.entry
    from log l order by l.id desc limit 1
"""
_UNSEEN = """
    and not exists (select from leaf l where l.entry = j.id
        and (l.log = $1 or l.seq < (select g.after from log g where g.id = l.log + 1)) offset 0)
"""
_ROWS = f"""
    select j.xid::text as xid, {SOURCE}
    from journal j where j.accountable and (j.xid, j.id) > ($2::text::xid8, $3::uuid) {_UNSEEN}
    order by j.xid, j.id limit {BATCH}
"""
_FIRST = f"select j.xid::text as xid, {SOURCE} from journal j where j.id = $2 {_UNSEEN}"
_LOCK = "select from sequencer for update nowait"
_STATE = """
    select (select max(id) from log) as log, (select seq + 1 from leaf where log = $1 order by seq desc limit 1) as size
"""
_EDGE = """
    select w.l as level, case when w.l = 0 then (select hash from leaf where log = $1 and seq = w.i)
        else (select hash from node where log = $1 and level = w.l and idx = w.i) end as hash
    from unnest($2::int[], $3::bigint[]) w(l, i)
"""
_APPEND = """
    with l as (
        insert into leaf (log, seq, entry, type, nummer, bytes, hash)
        select $1, * from unnest($2::bigint[], $3::uuid[], $4::text[], $5::text[], $6::bytea[], $7::bytea[])
    ), s as (
        insert into leaf_seed (log, seq, seed) select $1, * from unnest($2::bigint[], $8::bytea[])
    )
    insert into node (log, level, idx, hash) select $1, * from unnest($9::smallint[], $10::bigint[], $11::bytea[])
"""
_ZERO = UUID(int=0)


class Outrun(Exception):
    """Another sequencer wrote in between, or is writing now."""


class Sequencer:
    """One connection's view of the log. `floor`: every row of an earlier transaction is known to have its leaf.

    The floor lives in memory only: after a restore the numbers of transactions begin anew.
    """

    def __init__(self, connection: asyncpg.Connection, org: str) -> None:
        self.connection, self.org = connection, org
        self.log = 0
        self.edge = Frontier()
        self.floor = "0"
        self.place: tuple[str, UUID] | None = None
        self.next_floor = "0"

    async def step(self) -> int:
        """One batch at most; how many leaves were written. Raises `Outrun` when another one leads."""
        if self.place is None:
            now = await self.connection.fetchrow(_NOW)
            if now["id"] != self.log:
                await self._enter(now["id"])
            self.next_floor = now["xmin"]
            begins = self.edge.size == 0 and now["entry"]
            if begins and (first := await self.connection.fetch(_FIRST, self.log, begins)):
                await self._append(first)
                return 1
            self.place = _before(self.floor)
        rows = await self.connection.fetch(_ROWS, self.log, *self.place)
        if rows:
            await self._append(rows)
        if len(rows) < BATCH:
            self.floor, self.place = self.next_floor, None
        else:
            self.place = (rows[-1]["xid"], rows[-1]["id"])
        return len(rows)

    async def _enter(self, number: int) -> None:
        self.log, self.floor = number, "0"
        size = await self.connection.fetchval(
            "select seq + 1 from leaf where log = $1 order by seq desc limit 1", number
        )
        coords = frontier_coords(size or 0)
        rows = await self.connection.fetch(_EDGE, number, [level for level, _ in coords], [i for _, i in coords])
        found = {row["level"]: row["hash"] for row in rows}
        self.edge = Frontier(size or 0, [found[level] for level, _ in coords])

    async def _append(self, rows: list[asyncpg.Record]) -> None:
        """Leaves, seeds and nodes in one transaction."""
        edge = self.edge.copy()
        seeds = [secrets.token_bytes(32) for _ in rows]
        made = [
            make(source(row), edge.size + place, self.org, seed)
            for place, (row, seed) in enumerate(zip(rows, seeds, strict=True))
        ]
        seqs = list(range(edge.size, edge.size + len(made)))
        hashes = [leaf_hash(leaf.raw) for leaf in made]
        nodes = edge.append(hashes)
        async with self.connection.transaction():
            await self._fence()
            await self.connection.execute(
                _APPEND, self.log, seqs, [row["id"] for row in rows], [leaf.kind for leaf in made],
                [leaf.nummer for leaf in made], [leaf.raw for leaf in made], hashes, seeds,
                [level for level, _, _ in nodes], [index for _, index, _ in nodes], [item for _, _, item in nodes],
            )  # fmt: skip
        self.edge = edge

    async def _fence(self) -> None:
        """Alone for this batch, and on the tree that this one knows. The keys of `leaf` would refuse a second too."""
        try:
            await self.connection.execute(_LOCK)
        except asyncpg.LockNotAvailableError:
            raise Outrun from None
        state = await self.connection.fetchrow(_STATE, self.log)
        if (state["log"], state["size"] or 0) != (self.log, self.edge.size):
            raise Outrun


def _before(floor: str) -> tuple[str, UUID]:
    """The place just before the first row of transaction `floor`: no id is smaller than zero."""
    return floor, _ZERO


# Asked with the connection: what is set later would stay behind in a pooler, for whoever comes after.
SETTINGS = {"application_name": "teams sequencer", "statement_timeout": "30000"}


async def sequence(url: str, org: str, stop: asyncio.Event) -> None:
    """Until `stop`. Whatever goes wrong: a new connection, and everything is looked at again."""
    said = ""
    while not stop.is_set():
        connection: Any = None
        wait = OUTRUN
        try:
            connection = await connect(url, command_timeout=30, server_settings=SETTINGS)
            mine, quiet = Sequencer(connection, org), 0
            while not stop.is_set():
                written = await mine.step()
                quiet = 0 if written else quiet + 1
                said = ""
                if written < BATCH:
                    await _pause(stop, BUSY if quiet < 50 else IDLE)
        except Outrun:
            pass
        except Exception as error:  # asyncpg also raises errors of its own that are no PostgresError
            message = f"het logboek wacht: {error or type(error).__name__}"
            if message != said:
                log.warning("%s", message)
            said = message
        finally:
            if connection is not None:
                connection.terminate()
        await _pause(stop, wait)


async def _pause(stop: asyncio.Event, seconds: float) -> None:
    try:
        await asyncio.wait_for(stop.wait(), seconds)
    except TimeoutError:
        return
