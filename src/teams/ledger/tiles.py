"""C2SP tlog-tiles: the paths and bytes of hash tiles and entry bundles, as static files."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from teams.ledger.leaf import MAX_ENTRY
from teams.ledger.tree import HASH_BYTES, Coord

TILE_WIDTH = 256


@dataclass(frozen=True, slots=True)
class Tile:
    """One tile: `width` consecutive hashes of level `8 * level`, or that many entries when `level` is None."""

    level: int | None
    index: int
    width: int = TILE_WIDTH

    @property
    def path(self) -> str:
        """`tile/0/x001/x234/067`, `tile/entries/000.p/12` and the like, without a leading slash."""
        kind = "entries" if self.level is None else str(self.level)
        parts = [f"{self.index % 1000:03}"]
        rest = self.index // 1000
        while rest:
            parts.insert(0, f"x{rest % 1000:03}")
            rest //= 1000
        return f"tile/{kind}/{'/'.join(parts)}" + ("" if self.width == TILE_WIDTH else f".p/{self.width}")

    def coords(self) -> list[Coord]:
        """The stored subtrees whose hashes make up a hash tile; level 0 is a leaf hash."""
        if self.level is None:
            raise ValueError("an entry bundle holds no hashes")
        first = self.index * TILE_WIDTH
        return [(8 * self.level, first + offset) for offset in range(self.width)]

    def hashes(self, stored: Mapping[Coord, bytes]) -> bytes:
        """The tile's bytes."""
        return b"".join(stored[coord] for coord in self.coords())


def tiles_for_growth(old: int, new: int) -> list[Tile]:
    """Hash tiles and entry bundles that must be written when a head of `new` leaves follows one of `old`."""
    if not 0 <= old <= new:
        raise ValueError("a log does not shrink")
    found: list[Tile] = []
    level = 0
    while new >> 8 * level:
        done, have = old >> 8 * level, new >> 8 * level
        if have > done:
            for index in range(done // TILE_WIDTH, -(-have // TILE_WIDTH)):
                width = min(TILE_WIDTH, have - index * TILE_WIDTH)
                found.append(Tile(level, index, width))
                if level == 0:
                    found.append(Tile(None, index, width))
        level += 1
    return found


def bundle(entries: Iterable[bytes]) -> bytes:
    """Entries, each behind its length in two bytes; an entry of 65,536 bytes is refused."""
    parts = []
    for entry in entries:
        if len(entry) > MAX_ENTRY:
            raise ValueError("an entry holds at most 65,535 bytes")
        parts += [len(entry).to_bytes(2, "big"), entry]
    return b"".join(parts)


def unbundle(raw: bytes) -> Iterator[bytes]:
    """The entries of a bundle; refuses one that stops halfway."""
    place = 0
    while place < len(raw):
        start = place + 2
        place = start + int.from_bytes(raw[start - 2 : start], "big")
        if start > len(raw) or place > len(raw):
            raise ValueError("the bundle stops halfway")
        yield raw[start:place]


def tile_hashes(raw: bytes) -> list[bytes]:
    """The hashes of a tile; refuses a length that is no multiple of 32."""
    if len(raw) % HASH_BYTES:
        raise ValueError("a tile holds whole hashes")
    return [raw[place : place + HASH_BYTES] for place in range(0, len(raw), HASH_BYTES)]
