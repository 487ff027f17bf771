"""C2SP `tlog-proof@v1` receipts: one text file that holds an entry, its place in the log and the signed head."""

import base64
import binascii
import re
from collections.abc import Mapping
from dataclasses import dataclass

from teams.ledger.canon import NotCanonical, canonical, parse
from teams.ledger.commit import Opening, openings_from_json, openings_json
from teams.ledger.tree import HASH_BYTES

HEADER = "c2sp.org/tlog-proof@v1"
MAX_HASHES = 63
_INDEX = re.compile(r"index (0|[1-9][0-9]{0,18})")


class BadProof(ValueError):
    """The text is no tlog-proof; the message says why."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """Index, inclusion proof (leaf upwards), signed note, and extra data that nothing vouches for by itself."""

    index: int
    hashes: tuple[bytes, ...]
    note: bytes
    extra: bytes | None = None


def write_proof(receipt: Receipt) -> bytes:
    """The text of the file, to be stored as `.tlog-proof`."""
    if receipt.index < 0 or len(receipt.hashes) > MAX_HASHES or any(len(item) != HASH_BYTES for item in receipt.hashes):
        raise BadProof("no proof of this form")
    lines = [HEADER]
    if receipt.extra is not None:
        lines.append(f"extra {_to64(receipt.extra)}")
    lines += [f"index {receipt.index}", *(_to64(item) for item in receipt.hashes)]
    return "\n".join(lines).encode() + b"\n\n" + receipt.note


def parse_proof(raw: bytes) -> Receipt:
    """The receipt in a file; the note is not verified here. Refuses leading zeros and hashes that are not 32 bytes."""
    top, mark, note = raw.partition(b"\n\n")
    if not mark or not top.isascii():
        raise BadProof("no proof, or no head under it")
    lines = top.decode().split("\n")
    if lines.pop(0) != HEADER:
        raise BadProof("another first line")
    extra = _from64(lines.pop(0)[6:]) if lines and lines[0].startswith("extra ") else None
    index = _INDEX.fullmatch(lines.pop(0)) if lines else None
    if not index or len(lines) > MAX_HASHES:
        raise BadProof("no plain index, or too many hashes")
    hashes = tuple(_from64(line) for line in lines)
    if any(len(item) != HASH_BYTES for item in hashes):
        raise BadProof("a hash is 32 bytes")
    return Receipt(int(index[1]), hashes, note, extra)


def note_in(raw: bytes) -> bytes:
    """The signed head of a receipt; anything else is taken for a head itself."""
    return parse_proof(raw).note if raw.startswith(HEADER.encode()) else raw


def write_extra(leaf: bytes, openings: Mapping[str, Opening]) -> bytes:
    """The entry and chosen openings, so that the receipt is one file."""
    return canonical({"leaf": leaf.decode(), "openings": openings_json(openings)})


def parse_extra(extra: bytes) -> tuple[bytes, dict[str, Opening]]:
    """The inverse of `write_extra`; refuses every other form."""
    match parse(extra):
        case {"leaf": str(leaf), "openings": openings, **rest} if not rest:
            return leaf.encode(), openings_from_json(openings)
        case _:
            raise NotCanonical("extra holds a leaf and openings")


def _to64(raw: bytes) -> str:
    return base64.b64encode(raw).decode()


def _from64(text: str) -> bytes:
    try:
        raw = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise BadProof("not base64") from error
    if _to64(raw) != text:
        raise BadProof("base64 with another spelling")
    return raw
