"""A ledger in memory: what the tables would hold, so that a test can damage it the way a superuser would."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import metamorphic_log as outside

from teams.ledger.commit import Opening, commitment, new_opening
from teams.ledger.export import Entry, write_export
from teams.ledger.leaf import leaf_bytes
from teams.ledger.note import Checkpoint, SigningKey, sign_checkpoint
from teams.ledger.proof import Receipt, write_extra, write_proof
from teams.ledger.tree import Coord, Frontier, consistency_plan, inclusion_plan, leaf_hash, stored_hashes

ORIGIN = "mandaat.zandermeer.nl/log1"
MOMENT = datetime(2026, 11, 22, 13, 45, 56, tzinfo=UTC)


def decision(seq: int, openings: dict[str, Opening]) -> bytes:
    sealed = {name: commitment(name, opening) for name, opening in openings.items()}
    return leaf_bytes(
        seq,
        "besluit",
        MOMENT,
        "zandermeer",
        {"bevoegdheid": "SUB-01", "nummer": f"2026-{seq}", "uitkomst": "bevoegd", **sealed},
    )


@dataclass
class Lab:
    """Leaves and stored subtrees by hand; heads are signed with `key` over whatever stands in the tables."""

    key: SigningKey = field(default_factory=lambda: SigningKey.generate(ORIGIN))
    leaves: list[bytes] = field(default_factory=list)
    openings: list[dict[str, Opening]] = field(default_factory=list)
    stored: dict[Coord, bytes] = field(default_factory=dict)

    def grow(self, count: int) -> "Lab":
        for seq in range(len(self.leaves), len(self.leaves) + count):
            self.openings.append(
                {
                    "actor": new_opening("Noor Elsdijk"),
                    "bedrag": new_opening(1_250_000),
                    "onderwerp": new_opening("Snoei é"),
                }
            )
            self.leaves.append(decision(seq, self.openings[-1]))
        return self.rebuild()

    def rebuild(self) -> "Lab":
        """All hashes anew from the leaves: what a forger does after an edit."""
        hashes = [leaf_hash(raw) for raw in self.leaves]
        nodes = Frontier().append(hashes)
        self.stored = {(0, seq): item for seq, item in enumerate(hashes)}
        self.stored.update({(level, index): item for level, index, item in nodes})
        return self

    def root(self, size: int) -> bytes:
        frontier = Frontier()
        frontier.append([leaf_hash(raw) for raw in self.leaves[:size]])
        return frontier.root()

    def head(self, size: int | None = None) -> bytes:
        size = len(self.leaves) if size is None else size
        return sign_checkpoint(Checkpoint(ORIGIN, size, self.root(size)), [self.key])

    def inclusion(self, seq: int, size: int | None = None) -> list[bytes]:
        return stored_hashes(inclusion_plan(seq, size or len(self.leaves)), self.stored)

    def consistency(self, old: int, new: int | None = None) -> list[bytes]:
        return stored_hashes(consistency_plan(old, new or len(self.leaves)), self.stored)

    def receipt(self, seq: int) -> bytes:
        extra = write_extra(self.leaves[seq], self.openings[seq])
        return write_proof(Receipt(seq, tuple(self.inclusion(seq)), self.head(), extra))

    def export(self, folder: Path, heads: tuple[int, ...] = ()) -> Path:
        entries = [Entry(raw, shown) for raw, shown in zip(self.leaves, self.openings, strict=True)]
        write_export(folder, entries, [self.head(size) for size in heads], self.head())
        (folder.parent / "vkey").write_text(f"{self.key.verifier}\n")
        return folder


def says_yes(check: object, *arguments: object) -> bool:
    """What the outside verifier answers; it raises on a no."""
    try:
        answer = check(*arguments)  # type: ignore[operator]
    except (outside.VerifyError, ValueError):
        return False
    return answer is None or bool(answer)


def included(lab: Lab, note: bytes, seq: int, raw: bytes, path: list[bytes]) -> bool:
    """The outside verifier on a signed head, an entry and a path."""
    keys = [str(lab.key.verifier)]
    return says_yes(outside.checkpoint_verify_inclusion, note.decode(), keys, seq, leaf_hash(raw), path)


def extends(lab: Lab, old: bytes, new: bytes, path: list[bytes]) -> bool:
    """The outside verifier on two signed heads and a consistency proof."""
    keys = [str(lab.key.verifier)]
    return says_yes(outside.checkpoint_verify_consistency, old.decode(), new.decode(), keys, path)


def head_good(note: bytes, *vkeys: str) -> bool:
    """The outside verifier on a signed head."""
    try:
        text = note.decode()
    except UnicodeDecodeError:
        return False
    return says_yes(outside.checkpoint_verify, text, list(vkeys))
