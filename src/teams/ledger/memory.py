"""What the signer keeps outside the database: its keys, and how far the log was when it last signed."""

import contextlib
import fcntl
import json
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from teams.kit.faults import Stopped
from teams.ledger.note import BadNote, Checkpoint, SigningKey
from teams.ledger.tree import Frontier, leaf_hash


class Unfit(Stopped):
    """The signer's own files are missing or damaged; the message, in Dutch, says what to do."""


@dataclass(frozen=True)
class Memory:
    """Up to where this signer has signed: the edge of the tree and the hash of the last leaf. Immutable."""

    origin: str
    log: int = 1
    size: int = 0
    hashes: tuple[bytes, ...] = ()
    last: bytes = b""

    @property
    def head(self) -> Checkpoint:
        return Checkpoint(self.origin, self.size, self.edge().root())

    def edge(self) -> Frontier:
        return Frontier(self.size, self.hashes)

    def grown(self, entries: Sequence[bytes]) -> "Memory":
        """With these leaves behind the ones that are known."""
        edge, hashes = self.edge(), [leaf_hash(raw) for raw in entries]
        edge.append(hashes)
        return Memory(self.origin, self.log, edge.size, tuple(edge.hashes()), hashes[-1] if hashes else self.last)

    def dump(self) -> str:
        return json.dumps(
            {
                "origin": self.origin, "log": self.log, "size": self.size, "last": self.last.hex(),
                "hashes": [item.hex() for item in self.hashes],
            }
        )  # fmt: skip

    @classmethod
    def load(cls, text: str) -> "Memory":
        try:
            found: dict[str, Any] = json.loads(text)
            memory = cls(
                str(found["origin"]), int(found["log"]), int(found["size"]),
                tuple(bytes.fromhex(item) for item in found["hashes"]), bytes.fromhex(found["last"]),
            )  # fmt: skip
            memory.edge()
        except (ValueError, KeyError, TypeError, AttributeError):
            raise Unfit(
                "Het geheugen van de ondertekenaar is onleesbaar. Herstel het met: teams sign --herstel CONTROLEPUNT."
            ) from None
        return memory


@dataclass(frozen=True)
class Files:
    """Where key and memory are. The memory's folder is no folder of the database: a backup of one never holds the other."""

    key: Path
    state: Path

    def keys(self) -> list[SigningKey]:
        """The keys in use: one, or two during a change; the oldest first."""
        try:
            lines = self.key.read_text().splitlines()
            keys = [SigningKey.load(line) for line in lines if line.strip()]
        except FileNotFoundError:
            raise Unfit(f"Er is geen sleutel in {self.key}. Maak er een met: teams sign --begin.") from None
        except (BadNote, ValueError) as error:
            raise Unfit(
                f"De sleutel in {self.key} is onleesbaar. Zet haar terug, of begin een nieuw logboek."
            ) from error
        if not keys or len({key.name for key in keys}) != 1:
            raise Unfit(f"In {self.key} horen één of twee sleutels van hetzelfde logboek te staan.")
        return keys

    def memory(self) -> Memory | None:
        """None: there is none yet, or it is lost."""
        try:
            return Memory.load(self.state.read_text())
        except FileNotFoundError:
            return None

    def keep_keys(self, keys: Sequence[SigningKey]) -> None:
        replace(self.key, "".join(key.dump() for key in keys))

    def remember(self, memory: Memory) -> None:
        """On disk before anything is published: a crash leaves a memory that is ahead, never one that is behind."""
        replace(self.state, memory.dump())

    @contextlib.contextmanager
    def alone(self) -> Iterator[None]:
        """One signer on these files at a time."""
        self.state.parent.mkdir(parents=True, exist_ok=True)
        with self.state.with_suffix(".lock").open("w") as held:
            try:
                fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise Unfit("De ondertekenaar draait al. Stop hem eerst.") from None
            yield


def replace(path: Path, text: str) -> None:
    """The whole new text or the whole old one, whatever happens; readable by its owner only."""
    path.parent.mkdir(parents=True, exist_ok=True)
    new = path.with_name(path.name + ".new")
    descriptor = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as stream:
        stream.write(text)
        stream.flush()
        os.fsync(stream.fileno())
    new.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    os.fsync(folder)
    os.close(folder)
