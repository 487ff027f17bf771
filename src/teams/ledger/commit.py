"""Commitments to personal and low-entropy fields: the leaf holds the seal, an erasable table holds key and value."""

import re
import secrets
from collections.abc import Mapping
from functools import lru_cache
from hashlib import sha256
from typing import NamedTuple

from teams.ledger.canon import NotCanonical, Value, canonical
from teams.ledger.verifier import INNER, INNER_REST, OUTER, OUTER_REST

PREFIX = b"mandaatlog/v1/"
KEY_BYTES = 32
COMMITMENT = re.compile(r"c:[0-9a-f]{64}")
FIELD = re.compile(r"[a-z][a-z0-9_]{0,63}")


class Opening(NamedTuple):
    """What reveals one committed field; erasing it erases the content and leaves the log whole (mandates 4.4)."""

    key: bytes
    value: Value


def new_opening(value: Value) -> Opening:
    """A fresh 32 byte key beside the value; a key is never used for a second field or entry."""
    return Opening(secrets.token_bytes(KEY_BYTES), value)


def commitment(field: str, opening: Opening) -> str:
    """`c:` and HMAC-SHA-256(key, "mandaatlog/v1/" || field || 0x00 || JCS(value)) in hex (mandates 4.2)."""
    if len(opening.key) != KEY_BYTES:
        raise NotCanonical("a commitment needs a 32 byte key")
    # HMAC-SHA-256 (RFC 2104) with a key of 32 bytes, at half the time of `hmac.digest`
    inner = sha256(opening.key.translate(INNER) + INNER_REST + _before(field) + canonical(opening.value)).digest()
    return "c:" + sha256(opening.key.translate(OUTER) + OUTER_REST + inner).hexdigest()


@lru_cache(1000)
def _before(field: str) -> bytes:
    if not FIELD.fullmatch(field):
        raise NotCanonical("a commitment needs a plain field name")
    return PREFIX + field.encode() + b"\0"


def disagreements(leaf: Mapping[str, Value], openings: Mapping[str, Opening]) -> list[str]:
    """Fields whose opening does not fit the leaf, in order; a field without an opening is unknown, not wrong."""
    return sorted(field for field, opening in openings.items() if leaf.get(field) != commitment(field, opening))


def openings_json(openings: Mapping[str, Opening]) -> dict[str, Value]:
    """The form in which openings travel in exports and receipts: field to [key in hex, value]."""
    return {field: [opening.key.hex(), opening.value] for field, opening in openings.items()}


def openings_from_json(value: Value) -> dict[str, Opening]:
    """The inverse of `openings_json`; refuses every other form."""
    if not isinstance(value, dict):
        raise NotCanonical("openings are an object")
    found = {}
    for field, pair in value.items():
        match pair:
            case [str(key), content] if re.fullmatch(r"[0-9a-f]{64}", key):
                found[field] = Opening(bytes.fromhex(key), content)
            case _:
                raise NotCanonical("an opening is a key in hex and a value")
    return found
