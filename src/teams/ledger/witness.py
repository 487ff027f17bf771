"""Takes heads to the witnesses (C2SP tlog-witness) and keeps what they sign under them."""

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import asyncpg
import httpx

from teams.kit.db import connect
from teams.ledger.memory import Unfit
from teams.ledger.note import COSIGNATURE, BadNote, VerifierKey, add_checkpoint_request, cosignatures, parse_vkey
from teams.ledger.tree import consistency_plan, stored_hashes, wanted

log = logging.getLogger("teams.ledger")

EVERY = 10.0
_TIMEOUT = 10.0
_MOST = 65_536

_NEWEST = "select size, note from checkpoint where log = $1 order by size desc limit 1"
_STORED = """
    select w.l as level, w.i as idx, n.hash from unnest($2::int[], $3::bigint[]) w(l, i) cross join lateral (
        select hash from node where log = $1 and level = w.l and idx = w.i and w.l > 0
        union all
        select hash from leaf where log = $1 and seq = w.i and w.l = 0 offset 0
    ) n
"""
_KEEP = "insert into cosignature (log, size, name, line) values ($1, $2, $3, $4) on conflict do nothing"
_SETTLE = "update alarm set settled_at = clock_timestamp() where settled_at is null and kind = 'getuige' and log = $1"
_ALARM = "insert into alarm (log, kind, size) values ($1, 'getuige', $2) on conflict do nothing"


class Fork(Exception):
    """The witness knows another history of this log than we show it."""


@dataclass
class Witness:
    """`seen`: the size of the head that it last signed, as far as we know."""

    address: str
    key: VerifierKey
    seen: int = 0


def read_witnesses(path: Path | None) -> list[Witness]:
    """A line has an address and a vkey; empty lines and lines that begin with # are passed over."""
    if path is None:
        return []
    try:
        lines = [line.split() for line in path.read_text().splitlines() if line.strip() and not line.startswith("#")]
    except OSError:
        raise Unfit(f"{path}: dit bestand met getuigen is niet te lezen.") from None
    found = []
    for words in lines:
        try:
            address, key = words[0], parse_vkey(words[1])
        except (BadNote, IndexError):
            raise Unfit(f"{path}: schrijf op elke regel het adres en de vkey van een getuige.") from None
        if key.kind != COSIGNATURE or not address.startswith(("https://", "http://")):
            raise Unfit(f"{path}: {words[0]} heeft geen sleutel of adres van een getuige.")
        found.append(Witness(address.rstrip("/"), key))
    return found


async def ask(connection: asyncpg.Connection, client: httpx.AsyncClient, witness: Witness, log_id: int) -> bool:
    """Show the newest head to a witness; True when it signed. `Fork` when it holds another history."""
    row = await connection.fetchrow(_NEWEST, log_id)
    if row is None or row["size"] == witness.seen:
        return False
    size, note = row["size"], row["note"].encode()
    for _ in range(2):  # once more when the witness says that it knows another size
        if witness.seen > size:
            raise Fork(f"{witness.key.name} heeft {witness.seen} regels gezien, hier zijn er {size}")
        proof = await _proof(connection, log_id, witness.seen, size)
        body = add_checkpoint_request(witness.seen, proof, note)
        reply = await client.post(f"{witness.address}/add-checkpoint", content=body, timeout=_TIMEOUT)
        if reply.status_code == 409 and reply.text.strip().isdecimal() and len(reply.text) < 20:
            if int(reply.text) == witness.seen:
                break
            witness.seen = int(reply.text)
            continue
        if reply.status_code in (409, 422):
            raise Fork(f"{witness.key.name} weigert dit als vervolg op wat hij al zag")
        if reply.status_code != 200 or len(reply.content) > _MOST:
            raise httpx.HTTPError(f"{witness.key.name} antwoordt {reply.status_code}")
        lines = cosignatures(reply.content, note, [witness.key])
        if not lines:
            raise BadNote(f"{witness.key.name} tekent met een andere sleutel")
        await connection.execute(_KEEP, log_id, size, witness.key.name, lines[0])
        witness.seen = size
        return True
    raise Fork(f"{witness.key.name} weigert {size} regels na {witness.seen}")


async def _proof(connection: asyncpg.Connection, log_id: int, old: int, new: int) -> Sequence[bytes]:
    if old in (0, new):
        return []
    plan = consistency_plan(old, new)
    coords = wanted(plan)
    rows = await connection.fetch(_STORED, log_id, [level for level, _ in coords], [index for _, index in coords])
    try:
        return stored_hashes(plan, {(row["level"], row["idx"]): row["hash"] for row in rows})
    except KeyError:
        raise Fork("een deel van de boom is weg") from None


async def attend(url: str, witnesses: Sequence[Witness], log_id: int, every: float = EVERY) -> None:
    """Show each witness the newest head, again and again. One that is away is passed over until it answers."""
    said: dict[str, str] = {}
    while True:
        connection: asyncpg.Connection | None = None
        try:
            connection = await connect(url, command_timeout=30)
            async with httpx.AsyncClient(follow_redirects=False) as client:
                while True:
                    for witness in witnesses:
                        message = await _shown(connection, client, witness, log_id)
                        if message and message != said.get(witness.key.name):
                            log.warning("%s", message)
                        said[witness.key.name] = message
                    await asyncio.sleep(every)
        except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, TimeoutError) as error:
            log.warning("de getuigen wachten: %s", error or type(error).__name__)
            await asyncio.sleep(every)
        finally:
            if connection is not None:
                connection.terminate()


async def _shown(connection: asyncpg.Connection, client: httpx.AsyncClient, witness: Witness, log_id: int) -> str:
    """What is wrong with this witness or with the log that it sees; empty when nothing is."""
    try:
        if await ask(connection, client, witness, log_id):
            await connection.execute(_SETTLE, log_id)
    except Fork as fork:
        await connection.execute(_ALARM, log_id, witness.seen)
        return f"ALARM van een getuige: {fork}"
    except (httpx.HTTPError, BadNote, httpx.InvalidURL) as error:
        return f"getuige {witness.key.name} doet niet mee: {error or type(error).__name__}"
    return ""
