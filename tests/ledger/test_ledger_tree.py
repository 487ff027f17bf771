"""Every proof over every small size, checked by us and by code that is not ours (mandates 4.5, classes 17 and 20)."""

import metamorphic_log as outside
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.ledger.lab import says_yes

from teams.ledger import verifier
from teams.ledger.tree import (
    Frontier,
    consistency_plan,
    frontier_coords,
    inclusion_plan,
    leaf_hash,
    node_hash,
    stored_hashes,
    verify_consistency,
    verify_inclusion,
    wanted,
)

TOP = 1025
LEAVES = [leaf_hash(b"%d" % seq) for seq in range(TOP)]
NODES = Frontier().append(LEAVES)
STORED = {(0, seq): item for seq, item in enumerate(LEAVES)} | {(level, index): item for level, index, item in NODES}
EDGES = [n for k in range(8, 11) for n in (2**k - 1, 2**k, 2**k + 1) if n <= TOP]


def root(size):
    frontier = Frontier()
    frontier.append(LEAVES[:size])
    return frontier.root()


ROOTS = {size: root(size) for size in [*range(131), *EDGES]}


def plain_root(hashes):
    """RFC 6962 2.1 as it is written, without stored nodes."""
    if len(hashes) == 1:
        return hashes[0]
    split = 1 << (len(hashes) - 1).bit_length() - 1
    return node_hash(plain_root(hashes[:split]), plain_root(hashes[split:]))


def test_root_is_the_definition():
    for size in (*range(1, 131), *EDGES):
        assert ROOTS[size] == plain_root(LEAVES[:size])


def indexes(size):
    return range(size) if size <= 130 else sorted({0, 1, size // 2 - 1, size // 2, size // 2 + 1, size - 2, size - 1})


def test_class_17_every_inclusion_proof_is_accepted_by_all_three():
    for size in (*range(1, 131), *EDGES):
        for seq in indexes(size):
            plan = inclusion_plan(seq, size)
            assert len(wanted(plan)) <= 2 * size.bit_length()
            proof = stored_hashes(plan, STORED)
            assert outside.verify_inclusion(seq, size, LEAVES[seq], proof, ROOTS[size]) in (None, True)
            assert verify_inclusion(seq, size, LEAVES[seq], proof, ROOTS[size])
            assert verifier.root_from_path(seq, size, LEAVES[seq], proof) == ROOTS[size]


def test_class_17_every_consistency_proof_is_accepted():
    pairs = [(old, new) for new in range(1, 131) for old in range(1, new + 1)]
    pairs += [(old, new) for new in EDGES for old in (1, 2, 3, 127, 128, 129, new - 1, new) if old <= new]
    for old, new in pairs:
        old_root = ROOTS.get(old) or root(old)
        proof = stored_hashes(consistency_plan(old, new), STORED)
        assert outside.verify_consistency(old, new, proof, old_root, ROOTS[new]) in (None, True)
        assert verify_consistency(old, new, proof, old_root, ROOTS[new])


@settings(max_examples=400, deadline=None)
@given(st.data())
def test_class_17_a_flipped_bit_or_another_place_is_refused_by_both(data):
    size = data.draw(st.sampled_from([*range(1, 131), *EDGES]))
    seq = data.draw(st.integers(0, size - 1))
    proof = stored_hashes(inclusion_plan(seq, size), STORED)
    parts = [LEAVES[seq], *proof, ROOTS[size]]
    which, bit = data.draw(st.integers(0, len(parts) - 1)), data.draw(st.integers(0, 255))
    parts[which] = _flip(parts[which], bit)
    _refused(seq, size, parts[0], parts[1:-1], parts[-1])
    _refused(seq, size, LEAVES[seq], [*proof, ROOTS[size]], ROOTS[size])
    if proof:
        _refused(seq, size, LEAVES[seq], proof[:-1], ROOTS[size])
        _refused(seq, size, LEAVES[seq], [proof[0][:31], *proof[1:]], ROOTS[size])
        other = data.draw(st.integers(0, size - 1).filter(lambda place: place != seq))
        _refused(other, size, LEAVES[seq], proof, ROOTS[size])
    _refused(size, size, LEAVES[seq], proof, ROOTS[size])


@settings(max_examples=400, deadline=None)
@given(st.data())
def test_class_17_a_damaged_consistency_proof_is_refused_by_both(data):
    new = data.draw(st.sampled_from([*range(2, 131), *EDGES]))
    old = data.draw(st.sampled_from([size for size in ROOTS if 0 < size < new]))
    proof = stored_hashes(consistency_plan(old, new), STORED)
    parts = [ROOTS[old], *proof, ROOTS[new]]
    which, bit = data.draw(st.integers(0, len(parts) - 1)), data.draw(st.integers(0, 255))
    parts[which] = _flip(parts[which], bit)
    for path, before, after in (
        (parts[1:-1], parts[0], parts[-1]),
        ([*proof, ROOTS[old]], ROOTS[old], ROOTS[new]),
        (proof[:-1], ROOTS[old], ROOTS[new]),
        ([proof[0] + b"\0", *proof[1:]], ROOTS[old], ROOTS[new]),
    ):
        assert not verify_consistency(old, new, path, before, after)
        assert not says_yes(outside.verify_consistency, old, new, path, before, after)


def test_size_0_and_wrong_lengths_are_refused():
    assert not verify_consistency(0, 5, [], ROOTS[0], ROOTS[5])
    assert not says_yes(outside.verify_consistency, 0, 5, [], ROOTS[0], ROOTS[5])
    assert not verify_consistency(5, 4, [], ROOTS[5], ROOTS[4])
    assert not verify_consistency(5, 5, [ROOTS[5]], ROOTS[5], ROOTS[5])
    assert not verify_consistency(5, 5, [], ROOTS[5], ROOTS[6])
    assert not verify_inclusion(0, 1, b"", [], b"")
    assert not verify_inclusion(0, 0, LEAVES[0], [], LEAVES[0])
    for wrong in (lambda: consistency_plan(0, 3), lambda: consistency_plan(4, 3), lambda: inclusion_plan(3, 3)):
        with pytest.raises(ValueError, match=r"consistency|leaf"):
            wrong()


def test_class_20_a_node_is_never_a_leaf():
    left, right = LEAVES[0], LEAVES[1]
    assert leaf_hash(left + right) != node_hash(left, right)
    for disguised in (left + right, b"\1" + left + right):
        _refused(0, 2, leaf_hash(disguised), stored_hashes(inclusion_plan(0, 4), STORED)[1:], ROOTS[4])
    # the honest hash of the subtree, passed off as a leaf of the same tree
    _refused(0, 4, node_hash(left, right), stored_hashes(inclusion_plan(0, 4), STORED)[1:], ROOTS[4])


@given(st.lists(st.integers(0, 60), max_size=8))
def test_growing_in_batches_gives_the_same_nodes_and_edge(batches):
    frontier, nodes, done = Frontier(), [], 0
    for count in batches:
        nodes += frontier.append(LEAVES[done : done + count])
        done += count
        again = Frontier(frontier.size, frontier.hashes())
        assert frontier.size == done and again.root() == frontier.root() == ROOTS.get(done, root(done))
        assert frontier.hashes() == [STORED[coord] for coord in frontier_coords(done)]
        frontier = again.copy()
    assert len(nodes) == sum(done >> level for level in range(1, 12))
    assert all(STORED[level, index] == item for level, index, item in nodes)


def test_an_edge_of_another_size_is_refused():
    for size, hashes in ((3, [LEAVES[0]]), (2, [LEAVES[0][:31]]), (-1, []), (0, [LEAVES[0]])):
        with pytest.raises(ValueError, match="edge"):
            Frontier(size, hashes)


def _flip(item, bit):
    return bytes(byte ^ (1 << bit % 8 if place == bit // 8 else 0) for place, byte in enumerate(item))


def _refused(seq, size, leaf, proof, head):
    assert not verify_inclusion(seq, size, leaf, proof, head)
    assert not says_yes(outside.verify_inclusion, seq, size, leaf, proof, head)
