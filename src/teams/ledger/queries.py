"""Reading the log: is an entry covered by a signed head, its receipt, the newest head, the keys, the alarms."""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncSession

from teams.ledger.entries import ROW, SOURCE, openings, source
from teams.ledger.leaf import read_leaf
from teams.ledger.proof import Receipt, write_extra, write_proof
from teams.ledger.tree import Coord, inclusion_plan, stored_hashes, wanted
from teams.ledger.verbs import DECISIONS

OVERDUE = timedelta(seconds=60)

_COVERED = text(
    """
    select j.id, l.log, l.seq, coalesce(l.seq < head_size(l.log, 0), false) as signed,
        coalesce(l.seq < head_size(l.log, cast(:quorum as int)), false) as covered,
        j.at < clock_timestamp() - cast(:overdue as interval) as late,
        exists (select from alarm a where a.settled_at is null and a.log = (select max(id) from log)) as alarmed
    from unnest(cast(:entries as uuid[])) u(id) join journal j on j.id = u.id and j.accountable
    left join lateral (select log, seq from leaf where entry = j.id order by log desc limit 1) l on true
    """
)
_HEAD = text(
    """
    select c.log, c.size, c.root, c.note || coalesce(
            (select string_agg(s.line, '' order by s.name) from cosignature s where s.log = c.log and s.size = c.size), ''
        ) as note, c.at
    from checkpoint c
    where c.log = coalesce(cast(:log as int), (select max(id) from log))
        and c.size = (select head_size(coalesce(cast(:log as int), (select max(id) from log)), cast(:quorum as int)))
    """
)
_LEAF = text(
    f"""
    select l.log, l.seq, l.bytes, s.seed, {SOURCE}
    from leaf l join journal j on j.id = l.entry left join leaf_seed s on s.log = l.log and s.seq = l.seq
    where l.entry = :entry order by l.log desc limit 1
    """
)
# Plans made on a small tree are kept: `lateral … offset 0` leaves only the two look-ups to choose.
_STORED = text(
    """
    select w.l as level, w.i as idx, n.hash
    from unnest(cast(:levels as int[]), cast(:indexes as bigint[])) w(l, i) cross join lateral (
        select hash from node where log = :log and level = w.l and idx = w.i and w.l > 0
        union all
        select hash from leaf where log = :log and seq = w.i and w.l = 0 offset 0
    ) n
    """
)
_NUMBERED = text("select entry from leaf where nummer = :nummer and type = any(:types) order by log, seq limit 1")
_KEYS = text("select vkey, kind, log, size, at from log_key order by id")
ALARMS = text(
    """
    select kind, log, size, at, settled_at from alarm
    where settled_at is null and log = (select max(id) from log) or :all order by id desc
    """
)


class Standing(StrEnum):
    """What a page may say of an act."""

    RECORDED = "vastgelegd"
    UNWITNESSED = "wacht_op_getuige"
    PENDING = "in_behandeling"
    DOUBTFUL = "nog_te_controleren"


class Place(NamedTuple):
    """An entry's standing and where its leaf is; no place while it has none."""

    standing: Standing
    log: int | None
    seq: int | None


class PublishedHead(NamedTuple):
    """A signed head as it is given to the world, with the witnesses that have signed it."""

    log: int
    size: int
    root: bytes
    note: str
    at: datetime

    @property
    def witnesses(self) -> list[str]:
        """Names of those who signed along, in the order of the note."""
        origin, _, lines = self.note.partition("\n")[0], *self.note.rpartition("\n\n")[1:]
        return [name for name in (line.split(" ")[1] for line in lines.splitlines()) if name != origin]


class LogKey(NamedTuple):
    """A key of the log: in use from `size` on (`eraf`: until there)."""

    vkey: str
    kind: str
    log: int
    size: int
    at: datetime


class Alarm(NamedTuple):
    """What the signer refused to sign, and when; `settled_at` once it signs again."""

    kind: str
    log: int
    size: int
    at: datetime
    settled_at: datetime | None


async def covered(session: AsyncSession, entries: Collection[UUID], *, quorum: int) -> dict[UUID, Place]:
    """Standing of accountable entries: vastgelegd when a head covers the leaf that the signer and `quorum` witnesses
    signed; wacht op getuige while only witnesses lack; until then in behandeling, and nog te controleren after a minute
    or while there is an alarm. Entries that are not accountable are left out."""
    values = {"entries": list(entries), "overdue": OVERDUE, "quorum": quorum}
    rows = await session.execute(_COVERED, values)
    return {row.id: Place(_standing(row), row.log, row.seq) for row in rows}


def _standing(row: Row[Any]) -> Standing:
    if row.covered:
        return Standing.RECORDED
    if row.alarmed or (row.late and not row.signed):
        return Standing.DOUBTFUL
    return Standing.UNWITNESSED if row.signed else Standing.PENDING


async def newest_head(session: AsyncSession, *, log: int | None = None, quorum: int = 0) -> PublishedHead | None:
    """The newest head of a log (None: the log in use) that `quorum` witnesses have signed."""
    row = (await session.execute(_HEAD, {"log": log, "quorum": quorum})).one_or_none()
    return None if row is None else PublishedHead(row.log, row.size, row.root, row.note, row.at)


async def receipt_of(
    session: AsyncSession, entry: UUID, *, shown: Collection[str] | None = None, quorum: int = 0
) -> bytes | None:
    """The tlog-proof of an entry with its leaf and openings (`shown`: only of these fields; else of all its texts, not
    of the journal's row with the address it came from); None while no head with `quorum` witnesses covers it."""
    row = (await session.execute(_LEAF, {"entry": entry})).mappings().one_or_none()
    head = None if row is None else await newest_head(session, log=row["log"], quorum=quorum)
    if row is None or head is None or row["seq"] >= head.size:
        return None
    plan = inclusion_plan(row["seq"], head.size)
    proof = stored_hashes(plan, await stored(session, row["log"], wanted(plan)))
    opened = openings(source(dict(row)), read_leaf(row["bytes"]), row["seed"])
    opened = {field: one for field, one in opened.items() if (field != ROW if shown is None else field in shown)}
    return write_proof(Receipt(row["seq"], tuple(proof), head.note.encode(), write_extra(row["bytes"], opened)))


async def stored(session: AsyncSession, log: int, coords: Collection[Coord]) -> Mapping[Coord, bytes]:
    """Stored hashes of subtrees, level 0 of leaves."""
    given: dict[str, Any] = {"log": log, "levels": [level for level, _ in coords], "indexes": [i for _, i in coords]}
    return {(row.level, row.idx): row.hash for row in await session.execute(_STORED, given)}


async def entry_of(session: AsyncSession, nummer: str) -> UUID | None:
    """The entry in which decision `nummer` was recorded."""
    found: UUID | None = await session.scalar(_NUMBERED, {"nummer": nummer, "types": list(DECISIONS)})
    return found


async def log_keys(session: AsyncSession) -> list[LogKey]:
    return [LogKey(*row) for row in await session.execute(_KEYS)]


async def keys_in_use(session: AsyncSession) -> list[str]:
    """The vkeys that sign the log in use now."""
    found: list[str] = []
    for key in await log_keys(session):
        if key.kind == "nieuw":
            found.clear()
        if key.kind == "eraf":
            found.remove(key.vkey)
        else:
            found.append(key.vkey)
    return found


async def alarms(session: AsyncSession, *, settled: bool = False) -> list[Alarm]:
    """Open alarms of the log in use, newest first; with `settled` also those of the past."""
    return [Alarm(*row) for row in await session.execute(ALARMS, {"all": settled})]
