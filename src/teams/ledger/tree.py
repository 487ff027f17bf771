"""The RFC 6962 tree over stored perfect subtrees: growing it, planning proofs, and checking them."""

import hmac
from collections.abc import Iterable, Mapping, Sequence
from hashlib import sha256

Coord = tuple[int, int]
Node = tuple[int, int, bytes]
Plan = list[list[Coord]]

HASH_BYTES = 32


def leaf_hash(entry: bytes) -> bytes:
    """SHA-256(0x00 || entry)."""
    return sha256(b"\0" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """SHA-256(0x01 || left || right)."""
    return sha256(b"\1" + left + right).digest()


def frontier_coords(size: int) -> list[Coord]:
    """(level, index) of the perfect subtrees that make up a tree of `size` leaves, smallest first."""
    return [(level, (size >> level) - 1) for level in range(size.bit_length()) if size >> level & 1]


class Frontier:
    """The right edge of a tree (RFC 6962 2.1): enough to grow it and to know its root, at most 64 hashes."""

    __slots__ = ("_edge", "size")

    def __init__(self, size: int = 0, hashes: Sequence[bytes] = ()) -> None:
        """`hashes` in the order of `frontier_coords(size)`; refuses another number of hashes or another length."""
        coords = frontier_coords(size)
        if size < 0 or len(coords) != len(hashes) or any(len(item) != HASH_BYTES for item in hashes):
            raise ValueError("these hashes are no edge of a tree of this size")
        self.size = size
        self._edge = {level: item for (level, _), item in zip(coords, hashes, strict=True)}

    def copy(self) -> "Frontier":
        return Frontier(self.size, self.hashes())

    def hashes(self) -> list[bytes]:
        return [self._edge[level] for level, _ in frontier_coords(self.size)]

    def append(self, hashes: Iterable[bytes]) -> list[Node]:
        """Take in leaf hashes; the new perfect subtrees of level 1 and up, in the order in which they closed."""
        closed: list[Node] = []
        edge, size = self._edge, self.size
        for current in hashes:
            level, index = 0, size
            while index & 1:
                current = sha256(b"\1" + edge[level] + current).digest()
                level, index = level + 1, index >> 1
                closed.append((level, index, current))
            edge[level] = current
            size += 1
        self.size = size
        return closed

    def root(self) -> bytes:
        """Root of the tree; of an empty one SHA-256 of nothing, which is never signed."""
        return _fold(self.hashes()[::-1]) if self.size else sha256(b"").digest()


def inclusion_plan(index: int, size: int) -> Plan:
    """For each hash of the inclusion proof, leaf upwards, the stored subtrees that `stored_hashes` folds into it."""
    if not 0 <= index < size:
        raise ValueError("no such leaf in a tree of this size")
    plan, low, high = [], 0, size
    while high - low > 1:
        middle = low + _split(high - low)
        if index < middle:
            plan.append(_cover(middle, high))
            high = middle
        else:
            plan.append(_cover(low, middle))
            low = middle
    return plan[::-1]


def consistency_plan(old: int, new: int) -> Plan:
    """As `inclusion_plan`, for RFC 6962 2.1.2; a size 0 baseline proves nothing and is refused."""
    if not 0 < old <= new:
        raise ValueError("consistency needs 0 < old <= new")
    plan, low, high = [], 0, new
    while high != old:
        middle = low + _split(high - low)
        if old <= middle:
            plan.append(_cover(middle, high))
            high = middle
        else:
            plan.append(_cover(low, middle))
            low = middle
    if low:
        plan.append(_cover(low, high))
    return plan[::-1]


def wanted(plan: Plan) -> list[Coord]:
    """Every stored subtree that a plan needs; level 0 is a leaf hash."""
    return [coord for group in plan for coord in group]


def stored_hashes(plan: Plan, stored: Mapping[Coord, bytes]) -> list[bytes]:
    """The proof; KeyError when a subtree is gone from the store."""
    return [_fold([stored[coord] for coord in group]) for group in plan]


def verify_inclusion(index: int, size: int, leaf: bytes, proof: Sequence[bytes], root: bytes) -> bool:
    """RFC 9162 2.1.3.2; False for any hash that is not 32 bytes."""
    if not 0 <= index < size or any(len(item) != HASH_BYTES for item in (leaf, root, *proof)):
        return False
    place, last, current = index, size - 1, leaf
    for item in proof:
        if last == 0:
            return False
        if place & 1 or place == last:
            current = node_hash(item, current)
            while place and not place & 1:
                place, last = place >> 1, last >> 1
        else:
            current = node_hash(current, item)
        place, last = place >> 1, last >> 1
    return last == 0 and hmac.compare_digest(current, root)


def verify_consistency(old: int, new: int, proof: Sequence[bytes], old_root: bytes, new_root: bytes) -> bool:
    """RFC 9162 2.1.4.2; False for a size 0 baseline and for any hash that is not 32 bytes."""
    if not 0 < old <= new or any(len(item) != HASH_BYTES for item in (old_root, new_root, *proof)):
        return False
    if old == new:
        return not proof and hmac.compare_digest(old_root, new_root)
    path = [old_root, *proof] if old & (old - 1) == 0 else list(proof)
    if not proof:
        return False
    place, last = old - 1, new - 1
    while place & 1:
        place, last = place >> 1, last >> 1
    before = after = path[0]
    for item in path[1:]:
        if last == 0:
            return False
        if place & 1 or place == last:
            before, after = node_hash(item, before), node_hash(item, after)
            while place and not place & 1:
                place, last = place >> 1, last >> 1
        else:
            after = node_hash(after, item)
        place, last = place >> 1, last >> 1
    return last == 0 and hmac.compare_digest(before, old_root) and hmac.compare_digest(after, new_root)


def _split(width: int) -> int:
    return 1 << (width - 1).bit_length() - 1


def _cover(low: int, high: int) -> list[Coord]:
    coords = []
    while low < high:
        level = (high - low).bit_length() - 1
        coords.append((level, low >> level))
        low += 1 << level
    return coords


def _fold(hashes: Sequence[bytes]) -> bytes:
    current = hashes[-1]
    for item in hashes[-2::-1]:
        current = node_hash(item, current)
    return current
