"""`teams log verify`: the whole log against itself, the journal, every head, and heads that were kept elsewhere."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

import asyncpg

from teams.ledger.canon import NotCanonical
from teams.ledger.entries import SEED, SOURCE, compared, source
from teams.ledger.leaf import read_leaf
from teams.ledger.note import (
    BadNote,
    Checkpoint,
    VerifierKey,
    open_checkpoint,
    parse_checkpoint,
    parse_vkey,
    split_note,
)
from teams.ledger.proof import BadProof, note_in
from teams.ledger.tree import Frontier, Node, leaf_hash

CHUNK = 2000
_LOGS = "select id, after, (select max(seq) + 1 from leaf where log = l.id) as size from log l order by id"
_LEAVES = f"""
    select l.seq, l.entry, l.type, l.nummer, l.hash, l.bytes, {SEED}, {SOURCE}
    from leaf l left join journal j on j.id = l.entry
    where l.log = $1 and l.seq >= $2 order by l.seq limit {CHUNK}
"""
_NODES = """
    select w.l as level, w.i as idx, (select hash from node where log = $1 and level = w.l and idx = w.i) as hash
    from unnest($2::int[], $3::bigint[]) w(l, i)
"""
_HEADS = f"select size, root, note from checkpoint where log = $1 and size > $2 order by size limit {CHUNK}"
_COUNTS = """
    select (select count(*) from node where log = $1) as nodes, (select count(*) from leaf_seed where log = $1) as seeds
"""
_WAITING = """
    select count(*) from journal j where j.accountable and not exists (select from leaf l where l.entry = j.id)
"""
_KEYS = "select distinct vkey from log_key"


class Disagreement(Exception):
    """The first thing in which the log disagrees, in Dutch."""


@dataclass
class Checked:
    """What was looked at, and agreed."""

    logs: list[str] = field(default_factory=list)
    leaves: int = 0
    sealed: int = 0
    opened: int = 0
    heads: int = 0
    unsigned: int = 0
    waiting: int = 0


async def verify(
    connection: asyncpg.Connection,
    *,
    keys: Sequence[VerifierKey] = (),
    earlier: Sequence[bytes] = (),
    progress: Callable[[int, int], None] = lambda done, all_of_it: None,
) -> Checked:
    """Every leaf in its one spelling and place, every opening that is there, every stored hash, every head. `keys`: of
    the log, from outside; without them those that the database itself names. Raises `Disagreement` at the first."""
    async with connection.transaction(isolation="repeatable_read", readonly=True):
        return await _verify(connection, keys, earlier, progress)


async def _verify(
    connection: asyncpg.Connection,
    keys: Sequence[VerifierKey],
    earlier: Sequence[bytes],
    progress: Callable[[int, int], None],
) -> Checked:
    trusted = list(keys) or [parse_vkey(row["vkey"]) for row in await connection.fetch(_KEYS)]
    kept = [_read(note, trusted) for note in earlier]
    logs = await connection.fetch(_LOGS)
    total = sum(row["size"] or 0 for row in logs)
    checked, left = Checked(), ""
    for number, row in enumerate(logs):
        after = logs[number + 1]["after"] if number + 1 < len(logs) else None
        one = _Log(connection, row["id"], trusted, checked, kept, after, left)
        await one.run(lambda: progress(checked.leaves, total))
        left = one.left
        if number == len(logs) - 1 and not one.signed:
            raise Disagreement("Het laatste controlepunt is niet ondertekend met een sleutel van dit logboek.")
    if kept:
        raise Disagreement(f"Het bewaarde controlepunt van {kept[0].origin} hoort bij geen logboek hier.")
    checked.waiting = await connection.fetchval(_WAITING)
    return checked


class _Log:
    """One log, leaf after leaf. `left`: what the entry that begins the next log must say of this one."""

    def __init__(
        self, connection: asyncpg.Connection, number: int, keys: Sequence[VerifierKey], checked: Checked,
        kept: list[Checkpoint], after: int | None, previous: str,
    ) -> None:  # fmt: skip
        self.connection, self.number, self.keys, self.checked = connection, number, keys, checked
        self.kept, self.after, self.previous, self.left = kept, after, previous, ""
        self.tree, self.origin, self.nodes, self.signed = Frontier(), "", 0, True

    async def run(self, tell: Callable[[], None]) -> None:
        heads = self._heads()
        head = await anext(heads, None)
        rows = await self._rows(0)
        while rows:
            first = self.tree.size
            # the database looks for the next ones while these are checked
            coming = asyncio.create_task(self._rows(first + len(rows)))
            await asyncio.sleep(0)
            try:
                hashes = [self._leaf(seq, row) for seq, row in enumerate(rows, first)]
            finally:
                following = await coming
            closed = list[Node]()
            while head is not None and head.size <= first + len(rows):
                closed += self.tree.append(hashes[self.tree.size - first : head.size - first])
                self._agree(head)
                head = await anext(heads, None)
            closed += self.tree.append(hashes[self.tree.size - first :])
            await self._stored(closed)
            self.checked.leaves += len(rows)
            rows = following
            tell()
        if head is not None:
            raise Disagreement(
                f"Een controlepunt van {head.origin} telt {head.size} regels; hier zijn er {self.tree.size}."
            )
        counts = await self.connection.fetchrow(_COUNTS, self.number)
        if counts["nodes"] != self.nodes or counts["seeds"] > self.tree.size:
            raise Disagreement(f"Bij {self.tree.size} regels horen minder knopen of sleutels dan er staan.")
        self.checked.logs.append(f"{self.origin or 'zonder controlepunt'} ({self.tree.size} regels)")

    async def _rows(self, first: int) -> list[asyncpg.Record]:
        rows: list[asyncpg.Record] = await self.connection.fetch(_LEAVES, self.number, first)
        return rows

    def _agree(self, head: Checkpoint) -> None:
        if self.tree.root() != head.root:
            raise Disagreement(f"Het controlepunt over {head.size} regels hoort niet bij deze regels.")
        self.checked.heads += 1
        if head.size == self.after:
            self.left = f"sha256:{sha256(head.text()).hexdigest()}"

    async def _stored(self, closed: list[Node]) -> None:
        """The tables' own subtrees: proofs are made of them."""
        self.nodes += len(closed)
        levels, indexes = [level for level, _, _ in closed], [index for _, index, _ in closed]
        rows = await self.connection.fetch(_NODES, self.number, levels, indexes)
        found = {(row["level"], row["idx"]): row["hash"] for row in rows}
        for level, index, item in closed:
            if found[level, index] != item:
                raise Disagreement(f"Knoop {index} van hoogte {level} hoort niet bij deze regels.")

    async def _heads(self) -> AsyncIterator[Checkpoint]:
        """Heads in the database and those that were kept elsewhere, smallest first."""
        last, waiting = 0, sorted(self.kept, key=lambda head: head.size)
        while rows := await self.connection.fetch(_HEADS, self.number, last):
            for row in rows:
                head = self._signed(row)
                for one in [one for one in waiting if one.origin == head.origin and one.size <= head.size]:
                    waiting.remove(one)
                    self.kept.remove(one)
                    yield one
                yield head
            last = rows[-1]["size"]
        for one in [one for one in waiting if one.origin == self.origin]:
            self.kept.remove(one)
            yield one

    def _signed(self, row: Any) -> Checkpoint:
        size, note = row["size"], row["note"].encode()
        try:
            head = parse_checkpoint(split_note(note)[0])
        except BadNote:
            raise Disagreement(f"Het controlepunt over {size} regels is onleesbaar.") from None
        if (head.size, head.root) != (size, row["root"]) or head.origin != (self.origin or head.origin):
            raise Disagreement(f"Het controlepunt over {size} regels spreekt zichzelf tegen.")
        self.origin = head.origin
        try:
            open_checkpoint(note, [key for key in self.keys if key.name == head.origin])
        except BadNote as error:
            if str(error) != "not signed by the log":
                raise Disagreement(f"Het controlepunt over {size} regels is niet goed ondertekend.") from None
            self.checked.unsigned += 1
            self.signed = False
        else:
            self.signed = True
        return head

    def _leaf(self, seq: int, row: Any) -> bytes:
        raw = row["bytes"]
        if row["seq"] != seq:
            raise Disagreement(f"Regel {seq} ontbreekt; daarna komt regel {row['seq']}.")
        try:
            leaf = read_leaf(raw)
        except NotCanonical as error:
            raise Disagreement(f"Regel {seq} staat niet in de vaste vorm: {error}.") from None
        nummer = leaf.get("nummer")
        if (leaf["seq"], leaf["type"], leaf.get("kenmerk"), nummer) != (
            seq, row["type"], str(row["entry"]), row["nummer"],
        ):  # fmt: skip
            raise Disagreement(f"Regel {seq} staat op een andere plaats of onder een ander kenmerk dan zij zelf zegt.")
        found = leaf_hash(raw)
        if found != row["hash"]:
            raise Disagreement(f"Regel {seq}: de inhoud hoort niet bij het bewaarde kenmerk.")
        if row["id"] is None:
            raise Disagreement(f"Regel {seq}: wat zij vastlegt, staat niet meer in het journaal.")
        if seq == 0 and self.previous and leaf.get("vorige") != self.previous:
            raise Disagreement(f"Logboek {self.number} begint niet bij het einde van het vorige.")
        entry = source(row)
        wrong, opened = compared(entry, leaf, row["seed"])
        if wrong:
            raise Disagreement(f"Regel {seq}: het journaal zegt iets anders dan is vastgelegd ({', '.join(wrong)}).")
        self.checked.sealed += raw.count(b'":"c:')
        self.checked.opened += opened
        return found


def _read(note: bytes, keys: Sequence[VerifierKey]) -> Checkpoint:
    try:
        note = note_in(note)
        head = parse_checkpoint(split_note(note)[0])
        return open_checkpoint(note, [key for key in keys if key.name == head.origin]).checkpoint
    except (BadNote, BadProof) as error:
        raise Disagreement(f"Het bewaarde controlepunt is niet goed: {why(str(error))}.") from None


def why(found: str) -> str:
    """What is wrong with a head, in Dutch."""
    if found == "not signed by the log":
        return "het is niet ondertekend met deze sleutel"
    return "de handtekening klopt niet" if found.startswith("wrong signature") else "de vorm klopt niet"
