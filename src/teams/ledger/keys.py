"""The signer's rare acts on its keys: begin, change, begin a new log after a theft, recover. Each is an entry itself."""

from hashlib import sha256

import asyncpg
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from teams.ledger.check import why
from teams.ledger.memory import Files, Memory, Unfit, replace
from teams.ledger.note import BadNote, SigningKey, VerifierKey, parse_vkey
from teams.ledger.proof import BadProof, note_in
from teams.ledger.signer import Refusal, recover, signed

_EVENT = "insert into log_key (log, vkey, kind, size, previous) values ($1, $2, $3, $4, $5)"
_LOG = "select max(id) from log"
_KEYS = "select distinct vkey from log_key where log = $1"
_NEWEST = "select size, note from checkpoint where log = $1 order by size desc limit 1"


async def begin(connection: asyncpg.Connection, files: Files, origin: str) -> str:
    """A first key and an empty memory, for a log that nobody has signed; the vkey to publish."""
    if files.key.exists() or files.state.exists():
        raise Unfit(f"Er is al een sleutel of geheugen ({files.key}, {files.state}).")
    if await connection.fetchval("select exists (select from log_key)"):
        raise Unfit(
            "Dit logboek heeft al een sleutel. Zet haar terug, of begin een nieuw logboek: teams sign --nieuw NAAM."
        )
    key = SigningKey.generate(origin)
    async with connection.transaction():
        await connection.execute(_EVENT, 1, str(key.verifier), "begin", 0, None)
        files.keep_keys([key])
        files.remember(Memory(origin))
    return str(key.verifier)


async def add_key(connection: asyncpg.Connection, files: Files) -> str:
    """A second key beside the first: both sign until the first is removed. The new vkey, to publish."""
    keys, memory = files.keys(), _memory(files)
    if len(keys) > 1:
        raise Unfit("Er zijn al twee sleutels. Haal eerst de oude weg met: teams sign --eraf.")
    key = SigningKey(keys[0].name, Ed25519PrivateKey.generate())
    async with connection.transaction():
        await connection.execute(_EVENT, memory.log, str(key.verifier), "erbij", memory.size, None)
        files.keep_keys([*keys, key])
    return str(key.verifier)


async def remove_key(connection: asyncpg.Connection, files: Files) -> str:
    """The end of a change: only the newest key signs from here on. The vkey that is no longer used."""
    keys, memory = files.keys(), _memory(files)
    if len(keys) < 2:
        raise Unfit("Er is maar één sleutel. Maak eerst een nieuwe met: teams sign --erbij.")
    async with connection.transaction():
        await connection.execute(_EVENT, memory.log, str(keys[0].verifier), "eraf", memory.size, None)
        files.keep_keys(keys[1:])
    return str(keys[0].verifier)


async def new_log(connection: asyncpg.Connection, files: Files, origin: str) -> str:
    """After a stolen or lost key: another log under another name, whose first entry names the last head that this
    signer knows of the old one. What that head did not cover is recorded again. The vkey to publish."""
    number: int = await connection.fetchval(_LOG)
    memory = files.memory()
    if memory is None:
        raise Unfit(
            "Het geheugen van de ondertekenaar is weg. Herstel het eerst met: teams sign --herstel CONTROLEPUNT."
        )
    if origin == memory.origin or not memory.size:
        raise Unfit("Een nieuw logboek heeft een nieuwe naam, en het oude heeft ten minste één regel.")
    try:
        key = SigningKey.generate(origin)
        vkey = str(key.verifier)
    except BadNote:
        raise Unfit("Zo mag een logboek niet heten: geen spaties en geen plus.") from None
    previous = "sha256:" + sha256(memory.head.text()).hexdigest()
    async with connection.transaction():
        await connection.execute(_EVENT, number + 1, vkey, "nieuw", memory.size, previous)
        if files.key.exists():  # kept beside the new one, for what it still has to prove
            replace(files.key.with_name(f"{files.key.name}.log{number}"), files.key.read_text())
        files.keep_keys([key])
        files.remember(Memory(origin, number + 1))
    return vkey


async def remember_again(connection: asyncpg.Connection, files: Files, note: bytes) -> int:
    """The memory anew from a head (or receipt) on paper or of a witness; up to how many leaves it reaches. Whoever lost
    the key too goes on from here to a new log: then the head must be of a key that the log names itself."""
    number: int = await connection.fetchval(_LOG)
    known = [parse_vkey(row["vkey"]) for row in await connection.fetch(_KEYS, number)]
    keys = _verifiers(files) if files.key.exists() else known
    try:
        memory = await recover(connection, keys, number, note_in(note))
    except (BadNote, BadProof) as error:
        raise Unfit(f"Dit is geen controlepunt van deze ondertekenaar: {why(str(error))}.") from None
    except Refusal as refusal:
        raise Unfit(f"Het logboek hoort niet bij dit controlepunt ({refusal}). Begin een nieuw logboek.") from None
    files.remember(memory)
    return memory.size


async def signed_later(connection: asyncpg.Connection, files: Files) -> int:
    """How many leaves the newest head here has that this signer's key signed and its memory does not know; 0 when none."""
    memory = _memory(files)
    newest = await connection.fetchrow(_NEWEST, memory.log)
    if newest is None or newest["size"] <= memory.size or not files.key.exists():
        return 0
    size: int = newest["size"]
    return size if signed(newest["note"], _verifiers(files)) else 0


def _verifiers(files: Files) -> list[VerifierKey]:
    held = files.keys()
    return [key.verifier for key in held]


def _memory(files: Files) -> Memory:
    memory = files.memory()
    if memory is None:
        raise Unfit("Het geheugen van de ondertekenaar is weg. Herstel het met: teams sign --herstel CONTROLEPUNT.")
    return memory
