"""C2SP signed notes and tlog-checkpoints: keys, signing a head, reading one, and the cosignatures of witnesses."""

import base64
import binascii
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import NamedTuple

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from teams.ledger.tree import HASH_BYTES

ED25519 = 0x01
COSIGNATURE = 0x04
MAX_NOTE = 1 << 20
MAX_SIZE = 2**63 - 1

_NUMBER = re.compile(r"0|[1-9][0-9]{0,18}")
_DASH = "\N{EM DASH} "


class BadNote(ValueError):
    """The note, key or head is not what it should be; the message says why."""


@dataclass(frozen=True, slots=True)
class VerifierKey:
    """A public key with the name it signs under; `kind` is 0x01 for a log and 0x04 for a witness."""

    name: str
    kind: int
    public: bytes

    def __post_init__(self) -> None:
        if not self.name or "+" in self.name or any(char.isspace() or char < " " for char in self.name):
            raise BadNote("a key name is not empty and holds no space or plus")
        if self.kind not in (ED25519, COSIGNATURE) or len(self.public) != 32:
            raise BadNote("only Ed25519 keys of a log (1) or a witness (4)")

    @property
    def key_id(self) -> bytes:
        return sha256(self.name.encode() + b"\n" + bytes([self.kind]) + self.public).digest()[:4]

    def __str__(self) -> str:
        """The vkey: name, key id in hex, kind and public key in base64, with plus signs between."""
        return f"{self.name}+{self.key_id.hex()}+{_to64(bytes([self.kind]) + self.public)}"

    def check(self, text: bytes, signature: bytes) -> int | None:
        """Raises BadNote if the signature is wrong; the POSIX time of a cosignature, None for a log's own signature."""
        time, message = None, text
        if self.kind == COSIGNATURE:
            time, signature = int.from_bytes(signature[:8], "big"), signature[8:]
            message = _cosigned(time, text)
        try:
            Ed25519PublicKey.from_public_bytes(self.public).verify(signature, message)
        except InvalidSignature as error:
            raise BadNote(f"wrong signature of {self.name}") from error
        return time


def parse_vkey(text: str) -> VerifierKey:
    """The key that a vkey spells; refuses one whose key id does not belong to it."""
    parts = text.split("+", 2)
    if len(parts) != 3 or not re.fullmatch(r"[0-9a-f]{8}", parts[1]):
        raise BadNote("no vkey")
    raw = _from64(parts[2])
    key = VerifierKey(parts[0], raw[0] if raw else 0, raw[1:])
    if key.key_id.hex() != parts[1]:
        raise BadNote("the key id does not belong to this key")
    return key


@dataclass(frozen=True, slots=True)
class SigningKey:
    """The private half; `str()` never shows it."""

    name: str
    private: Ed25519PrivateKey
    kind: int = ED25519

    @classmethod
    def generate(cls, name: str, kind: int = ED25519) -> "SigningKey":
        return cls(name, Ed25519PrivateKey.generate(), kind)

    @classmethod
    def load(cls, text: str) -> "SigningKey":
        """Read `dump()`; refuses a file whose key id does not belong to it."""
        parts = text.strip().split("+", 4)
        raw = _from64(parts[4]) if len(parts) == 5 and parts[:2] == ["PRIVATE", "KEY"] else b""
        if len(raw) != 33:
            raise BadNote("no private key")
        key = cls(parts[2], Ed25519PrivateKey.from_private_bytes(raw[1:]), raw[0])
        if key.verifier.key_id.hex() != parts[3]:
            raise BadNote("the key id does not belong to this key")
        return key

    def dump(self) -> str:
        """One line for the key file, in the form that other signed note tools use."""
        seed = bytes([self.kind]) + self.private.private_bytes_raw()
        return f"PRIVATE+KEY+{self.name}+{self.verifier.key_id.hex()}+{_to64(seed)}\n"

    @property
    def verifier(self) -> VerifierKey:
        return VerifierKey(self.name, self.kind, self.private.public_key().public_bytes_raw())

    def line(self, text: bytes, time: int = 0) -> str:
        """The signature line under `text`; `time` is the POSIX time of a cosignature."""
        if self.kind == COSIGNATURE:
            signature = time.to_bytes(8, "big") + self.private.sign(_cosigned(time, text))
        else:
            signature = self.private.sign(text)
        return f"{_DASH}{self.name} {_to64(self.verifier.key_id + signature)}\n"


class Checkpoint(NamedTuple):
    """A head: which log, how many leaves, which root."""

    origin: str
    size: int
    root: bytes

    def text(self) -> bytes:
        """The signed text; refuses size 0, which is never a baseline, and a root that is not 32 bytes."""
        if not 0 < self.size <= MAX_SIZE or len(self.root) != HASH_BYTES or not self.origin or "\n" in self.origin:
            raise BadNote("not a head that may be signed")
        return f"{self.origin}\n{self.size}\n{_to64(self.root)}\n".encode()


class SignatureLine(NamedTuple):
    name: str
    key_id: bytes
    signature: bytes


class Head(NamedTuple):
    """A head that was read and verified: who of the known keys signed, and which witnesses when (POSIX time)."""

    checkpoint: Checkpoint
    signers: tuple[VerifierKey, ...]
    witnesses: dict[str, int]


def sign_checkpoint(checkpoint: Checkpoint, keys: Sequence[SigningKey]) -> bytes:
    """The signed note, one line a key: two during a change of keys."""
    text = checkpoint.text()
    if not keys or any(key.kind != ED25519 or key.name != checkpoint.origin for key in keys):
        raise BadNote("a log signs with keys named after its origin")
    return text + b"\n" + "".join(key.line(text) for key in keys).encode()


def split_note(note: bytes) -> tuple[bytes, list[SignatureLine]]:
    """Text and signature lines; refuses control characters (so CRLF), a missing final newline, malformed lines."""
    if len(note) > MAX_NOTE:
        raise BadNote("note too long")
    try:
        whole = note.decode()
    except UnicodeDecodeError as error:
        raise BadNote("not UTF-8") from error
    if any(char < " " and char != "\n" for char in whole):
        raise BadNote("control character, or CRLF")
    text, mark, tail = whole.rpartition("\n\n")
    if not mark or not text or not tail.endswith("\n"):
        raise BadNote("no text, no signature, or no final newline")
    return (text + "\n").encode(), [_line(line) for line in tail[:-1].split("\n")]


def parse_checkpoint(text: bytes) -> Checkpoint:
    """The head in a note's text; refuses extension lines, leading zeros, size 0 and roots that are not 32 bytes."""
    lines = text.decode().split("\n")
    if len(lines) != 4 or lines[3] or not lines[0]:
        raise BadNote("a head has three lines")
    if not _NUMBER.fullmatch(lines[1]):
        raise BadNote("the size is no plain number")
    checkpoint = Checkpoint(lines[0], int(lines[1]), _from64(lines[2]))
    checkpoint.text()
    return checkpoint


def open_checkpoint(
    note: bytes, log_keys: Sequence[VerifierKey], witnesses: Sequence[VerifierKey] = (), quorum: int = 0
) -> Head:
    """A verified head. Lines of unknown keys are ignored; a wrong line of a known key, or two of one, refuse it."""
    text, lines = split_note(note)
    known = {(key.name, key.key_id): key for key in (*log_keys, *witnesses)}
    if len(known) != len(log_keys) + len(witnesses):
        raise BadNote("two keys share a name and a key id")
    seen: dict[VerifierKey, int | None] = {}
    for line in lines:
        key = known.get((line.name, line.key_id))
        if key is None:
            continue
        if key in seen:
            raise BadNote(f"{key.name} signed twice")
        seen[key] = key.check(text, line.signature)
    signers = tuple(key for key in seen if key.kind == ED25519)
    checkpoint = parse_checkpoint(text)
    if not any(key.name == checkpoint.origin for key in signers):
        raise BadNote("not signed by the log")
    times = {key.name: time for key, time in seen.items() if time is not None}
    if len(times) < quorum:
        raise BadNote(f"{len(times)} of {quorum} witnesses")
    return Head(checkpoint, signers, times)


def add_checkpoint_request(old: int, proof: Sequence[bytes], note: bytes) -> bytes:
    """The body of tlog-witness `POST /add-checkpoint`: the size the witness knows, the consistency proof, the note."""
    if len(proof) > 63 or (old == 0 and proof):
        raise BadNote("at most 63 hashes, and none from size 0")
    return f"old {old}\n{''.join(_to64(item) + chr(10) for item in proof)}\n".encode() + note


def cosignatures(reply: bytes, note: bytes, witnesses: Iterable[VerifierKey]) -> list[str]:
    """The lines of a witness's reply that verify under known witness keys; others are ignored, wrong ones refused."""
    text, _ = split_note(note)
    _, lines = split_note(text + b"\n" + reply)
    known = {(key.name, key.key_id): key for key in witnesses if key.kind == COSIGNATURE}
    good = []
    for line in lines:
        if key := known.get((line.name, line.key_id)):
            key.check(text, line.signature)
            good.append(f"{_DASH}{line.name} {_to64(line.key_id + line.signature)}\n")
    return good


def _line(line: str) -> SignatureLine:
    parts = line.removeprefix(_DASH).split(" ")
    if not line.startswith(_DASH) or len(parts) != 2 or not parts[0] or "+" in parts[0]:
        raise BadNote("malformed signature line")
    if any(char.isspace() for char in parts[0]):
        raise BadNote("space in a key name")
    raw = _from64(parts[1])
    if len(raw) < 5:
        raise BadNote("signature too short")
    return SignatureLine(parts[0], raw[:4], raw[4:])


def _cosigned(time: int, text: bytes) -> bytes:
    return f"cosignature/v1\ntime {time}\n".encode() + text


def _to64(raw: bytes) -> str:
    return base64.b64encode(raw).decode()


def _from64(text: str) -> bytes:
    try:
        raw = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise BadNote("not base64") from error
    if _to64(raw) != text:
        raise BadNote("base64 with another spelling")
    return raw
