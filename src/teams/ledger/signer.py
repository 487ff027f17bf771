"""The signer: another process, role, key and memory; it trusts no hash of the database, only what it has seen itself."""

import asyncio
import contextlib
import logging
from collections.abc import Sequence
from typing import Any

import asyncpg

from teams.kit.db import connect
from teams.ledger.canon import NotCanonical
from teams.ledger.leaf import read_leaf
from teams.ledger.memory import Files, Memory
from teams.ledger.note import BadNote, SigningKey, VerifierKey, open_checkpoint, sign_checkpoint
from teams.ledger.tree import Frontier, leaf_hash
from teams.ledger.witness import Witness, attend

log = logging.getLogger("teams.ledger")

CHUNK = 5000
BUSY, IDLE, AGAIN = 0.02, 0.1, 1.0
OLD, LOOK = 1000, 0.5

_LEAVES = f"select seq, bytes from leaf where log = $1 and seq >= $2 order by seq limit {CHUNK + 1}"
_OLD = f"select seq, bytes from leaf where log = $1 and seq >= $2 and seq < $3 order by seq limit {OLD}"
_NEWEST = "select size, note from checkpoint where log = $1 order by size desc limit 1"
_LOG = "select max(id) from log"
_HEAD = "insert into checkpoint (log, size, root, note) values ($1, $2, $3, $4) on conflict do nothing"
_ALARM = "insert into alarm (log, kind, size) values ($1, $2, $3) on conflict do nothing"
_ALARMED = "select exists (select from alarm where settled_at is null and kind <> 'getuige')"
_SETTLE = "update alarm set settled_at = clock_timestamp() where settled_at is null and kind <> 'getuige'"


class Refusal(Exception):
    """Why the signer does not sign: the kind of the alarm."""


class LookBack:
    """Reads over again, slowly and without end, what was signed before, so that an old entry that was changed is found too.

    A round goes from the first entry to the head that was the newest when it began; the next begins at once."""

    def __init__(self, connection: asyncpg.Connection) -> None:
        self.connection, self.tree = connection, Frontier()
        self.goal: Memory | None = None

    async def step(self, memory: Memory) -> bool:
        """Read on; True at the end of a round. `Refusal` when an entry is gone, or the root is not the one that was signed."""
        if self.goal is None:
            self.goal, self.tree = memory, Frontier()
        goal, first = self.goal, self.tree.size
        if first < goal.size:
            rows = await self.connection.fetch(_OLD, goal.log, first, goal.size)
            if not rows or any(row["seq"] != seq for seq, row in enumerate(rows, first)):
                raise Refusal("gat")
            self.tree.append(leaf_hash(row["bytes"]) for row in rows)
            if self.tree.size < goal.size:
                return False
        if goal.size and self.tree.root() != goal.head.root:
            raise Refusal("herschreven")
        self.goal = None
        return True


class Signer:
    """Signs what the log grew by since its memory; raises `Refusal` for a log that is not that one any more."""

    def __init__(self, connection: asyncpg.Connection, files: Files, keys: list[SigningKey], memory: Memory) -> None:
        self.connection, self.files, self.keys, self.memory = connection, files, keys, memory
        self.clean = False

    async def step(self) -> int:
        """Sign one head over at most `CHUNK` new leaves; how many it is longer than the one before."""
        if not self.clean:
            await self._begin()
        memory = self.memory
        first = max(memory.size - 1, 0)
        rows = await self.connection.fetch(_LEAVES, memory.log, first)
        if memory.size:
            if not rows or rows[0]["seq"] != first:
                raise Refusal("gekrompen")
            if leaf_hash(rows[0]["bytes"]) != memory.last:
                raise Refusal("herschreven")
            rows = rows[1:]
        if not rows:
            return 0
        for seq, row in enumerate(rows, memory.size):
            if row["seq"] != seq or _seq_of(row["bytes"]) != seq:
                raise Refusal("gat")
        await self._sign(memory.grown([row["bytes"] for row in rows]))
        return len(rows)

    async def _begin(self) -> None:
        """The database must not know a later head than the memory does; a head that never got there goes there now."""
        memory = self.memory
        if await self.connection.fetchval(_LOG) != memory.log:
            raise Refusal("geheugen_kwijt")
        newest = await self.connection.fetchrow(_NEWEST, memory.log)
        size = newest["size"] if newest else 0
        if size > memory.size and signed(newest["note"], [key.verifier for key in self.keys]):
            raise Refusal("geheugen_kwijt")
        if memory.size:
            await self._leaf_is_there(memory)
        if await self.connection.fetchval(_ALARMED):  # nothing is signed until a whole round agrees again
            back = LookBack(self.connection)
            while not await back.step(memory):
                pass
        if memory.size > size:
            await self._sign(memory)
        await self.connection.execute(_SETTLE)
        self.clean = True

    async def _leaf_is_there(self, memory: Memory) -> None:
        row = await self.connection.fetchrow(_LEAVES, memory.log, memory.size - 1)
        if row is None or row["seq"] != memory.size - 1:
            raise Refusal("gekrompen")
        if leaf_hash(row["bytes"]) != memory.last:
            raise Refusal("herschreven")

    async def _sign(self, memory: Memory) -> None:
        note = sign_checkpoint(memory.head, self.keys)
        if memory != self.memory:
            await asyncio.to_thread(self.files.remember, memory)
            self.memory = memory
        await self.connection.execute(_HEAD, memory.log, memory.size, memory.head.root, note.decode())


def signed(note: str, keys: Sequence[VerifierKey]) -> bool:
    """Whether one of these keys signed this head."""
    with contextlib.suppress(BadNote):
        open_checkpoint(note.encode(), keys)
        return True
    return False


def _seq_of(raw: bytes) -> object:
    try:
        return read_leaf(raw)["seq"]
    except NotCanonical:
        return None


async def recover(connection: asyncpg.Connection, keys: Sequence[VerifierKey], number: int, note: bytes) -> Memory:
    """The memory as it was at a head that this signer signed, from the leaves themselves; `Refusal` when they are
    not the ones of that head. The head comes from paper or a witness, never from this database."""
    head = open_checkpoint(note, keys).checkpoint
    memory = Memory(head.origin, number)
    while memory.size < head.size:
        rows = await connection.fetch(_LEAVES, number, memory.size)
        raws = [row["bytes"] for row in rows[: head.size - memory.size]]
        if not raws:
            raise Refusal("gekrompen")
        memory = memory.grown(raws)
    if memory.head != head:
        raise Refusal("herschreven")
    return memory


SETTINGS = {"application_name": "teams signer", "statement_timeout": "30000"}


async def sign(url: str, files: Files, stop: asyncio.Event, witnesses: Sequence[Witness] = ()) -> None:
    """Until `stop`. A refusal is an alarm in the database, and nothing is signed until the log is right again."""
    keys, memory = files.keys(), files.memory()
    said, clock = "", asyncio.get_running_loop().time
    while not stop.is_set():
        connection: Any = None
        beside: asyncio.Task[Any] | None = None
        mine: Signer | None = None
        begun = looked = clock()
        try:
            connection = await connect(url, command_timeout=30, server_settings=SETTINGS)
            if memory is None:
                memory = await _first(connection, keys[0].name)
            mine, back, quiet = Signer(connection, files, keys, memory), LookBack(connection), 0
            beside = asyncio.create_task(attend(url, witnesses, memory.log)) if witnesses else None
            while not stop.is_set():
                try:
                    grown = await mine.step()
                finally:
                    memory = mine.memory
                if clock() - looked > LOOK:
                    looked = clock()
                    await back.step(memory)
                quiet = 0 if grown else quiet + 1
                said = ""
                if grown < CHUNK:
                    await pause(stop, BUSY if quiet < 50 else IDLE)
        except Refusal as refusal:
            size = memory.size if memory else 0
            await _raise_alarm(connection, memory.log if memory else 1, str(refusal), size)
            message = f"ALARM: {refusal}: het logboek is niet meer wat ik tot regel {size} heb ondertekend"
            if message != said:
                log.error("%s", message)
            said = message
        except Exception as error:  # asyncpg also raises errors of its own that are no PostgresError
            message = f"de ondertekenaar wacht: {error or type(error).__name__}"
            if message != said:
                log.warning("%s", message)
            said = message
        finally:
            if beside is not None:
                beside.cancel()
                with contextlib.suppress(asyncio.CancelledError, Exception):
                    await beside
            if connection is not None:
                connection.terminate()
        await pause(stop, AGAIN if mine is None or mine.clean else max(AGAIN, 9 * (clock() - begun)))


async def _first(connection: asyncpg.Connection, origin: str) -> Memory:
    """Of a log that nobody has signed yet; a signer that has lost its memory does not begin anew."""
    if await connection.fetchval("select exists (select from checkpoint) or (select max(id) from log) > 1"):
        raise Refusal("geheugen_kwijt")
    return Memory(origin)


async def _raise_alarm(connection: asyncpg.Connection, number: int, kind: str, size: int) -> None:
    with contextlib.suppress(OSError, asyncpg.PostgresError, asyncpg.InterfaceError, TimeoutError):
        await connection.execute(_ALARM, number, kind, size)


async def pause(stop: asyncio.Event, seconds: float) -> None:
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(stop.wait(), seconds)
