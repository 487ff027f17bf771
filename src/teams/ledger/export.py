"""A whole log as a folder that anybody can check: entry bundles, hash tiles, openings, heads, the last checkpoint."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import NamedTuple

from teams.ledger.canon import Value, canonical
from teams.ledger.commit import Opening, openings_json
from teams.ledger.tiles import TILE_WIDTH, Tile, bundle
from teams.ledger.tree import Frontier, leaf_hash


class Entry(NamedTuple):
    """One leaf with the openings that may be shown."""

    raw: bytes
    openings: Mapping[str, Opening]


def write_export(folder: Path, entries: Iterable[Entry], heads: Iterable[bytes], checkpoint: bytes) -> int:
    """Write `entries` (in order of seq, as many as `checkpoint` covers) to an empty folder; how many were written.

    `heads` are earlier signed notes, smallest first."""
    with Writer(folder) as writer:
        for entry in entries:
            writer.add(entry)
        writer.finish(heads, checkpoint)
    return writer.size


class Writer:
    """Fills an empty folder, entry after entry. Memory: one bundle and one tile a level."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        if any(folder.iterdir()):
            raise FileExistsError(folder)
        self.folder, self.size = folder, 0
        self.entries: list[bytes] = []
        self.tiles: list[list[bytes]] = [[]]
        self.openings = (folder / "openings.jsonl").open("wb")

    def __enter__(self) -> "Writer":
        return self

    def __exit__(self, *_: object) -> None:
        self.openings.close()

    def add(self, entry: Entry) -> None:
        if entry.openings:
            line: dict[str, Value] = {"openings": openings_json(entry.openings), "seq": self.size}
            self.openings.write(canonical(line) + b"\n")
        self.size += 1
        self.entries.append(entry.raw)
        self._hash(0, leaf_hash(entry.raw))
        if len(self.entries) == TILE_WIDTH:
            self._bundle()

    def finish(self, heads: Iterable[bytes], checkpoint: bytes) -> None:
        """What is still open, the earlier heads, and the head over all of it."""
        if self.entries:
            self._bundle()
        for level, hashes in enumerate(self.tiles):
            if hashes:
                self._tile(level, hashes)
        with (self.folder / "heads.jsonl").open("wb") as lines:
            for note in heads:
                lines.write(canonical(note.decode()) + b"\n")
        (self.folder / "checkpoint").write_bytes(checkpoint)

    def _hash(self, level: int, item: bytes) -> None:
        if level == len(self.tiles):
            self.tiles.append([])
        hashes = self.tiles[level]
        hashes.append(item)
        if len(hashes) == TILE_WIDTH:
            self._tile(level, hashes)
            self.tiles[level] = []
            above = Frontier()
            above.append(hashes)
            self._hash(level + 1, above.root())

    def _tile(self, level: int, hashes: list[bytes]) -> None:
        index = ((self.size >> 8 * level) - 1) // TILE_WIDTH
        self._write(Tile(level, index, len(hashes)), b"".join(hashes))

    def _bundle(self) -> None:
        index = (self.size - 1) // TILE_WIDTH
        self._write(Tile(None, index, len(self.entries)), bundle(self.entries))
        self.entries = []

    def _write(self, tile: Tile, raw: bytes) -> None:
        path = self.folder / tile.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(raw)
