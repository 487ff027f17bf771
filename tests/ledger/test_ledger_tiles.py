"""C2SP tlog-tiles: names, bytes, growth, and an export that holds exactly those files."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.ledger.lab import Lab

from teams.ledger import verifier
from teams.ledger.export import Entry, write_export
from teams.ledger.leaf import MAX_ENTRY
from teams.ledger.tiles import Tile, bundle, tile_hashes, tiles_for_growth, unbundle
from teams.ledger.tree import Frontier, leaf_hash


def test_names_of_the_specification():
    assert Tile(0, 1_234_067).path == "tile/0/x001/x234/067"
    assert Tile(2, 0, 1).path == "tile/2/000.p/1"
    assert Tile(None, 273, 112).path == "tile/entries/273.p/112"


@given(st.integers(0, 5), st.integers(0, 10**12), st.integers(1, 256))
def test_the_standalone_file_uses_the_same_names(level, index, width):
    assert verifier.tile_name(str(level), index, width) == Tile(level, index, width).path
    assert verifier.tile_name("entries", index, width) == Tile(None, index, width).path


def test_a_tree_of_70_000_has_the_tiles_of_the_specification():
    tiles = tiles_for_growth(0, 70_000)
    hashes = [tile for tile in tiles if tile.level is not None]
    full = [tile.level for tile in hashes if tile.width == 256]
    assert full.count(0) == 273 and full.count(1) == 1 and len(full) == 274
    assert {tile for tile in hashes if tile.width < 256} == {Tile(0, 273, 112), Tile(1, 1, 17), Tile(2, 0, 1)}
    assert [tile.index for tile in tiles if tile.level is None] == list(range(274))
    assert {tile for tile in tiles_for_growth(0, 256) if tile.level} == {Tile(1, 0, 1)}


@given(st.lists(st.integers(0, 200_000), min_size=1, max_size=5))
def test_growth_in_steps_writes_every_full_tile_once(sizes):
    steps = [0, *sorted(sizes)]
    written = [tile for old, new in pairwise(steps) for tile in tiles_for_growth(old, new)]
    assert len(written) == len(set(written))
    whole = tiles_for_growth(0, steps[-1])
    assert {tile for tile in written if tile.width == 256} == {tile for tile in whole if tile.width == 256}
    assert set(whole) <= set(written)
    with pytest.raises(ValueError, match="shrink"):
        tiles_for_growth(steps[-1] + 1, steps[-1])


@pytest.mark.parametrize("size", [1, 255, 256, 257, 600])
def test_an_export_holds_exactly_the_tiles_of_its_head(tmp_path, size):
    lab = Lab().grow(size)
    folder = lab.export(tmp_path / "export")
    tiles = tiles_for_growth(0, size)
    found = {str(path.relative_to(folder)) for path in (folder / "tile").rglob("*") if path.is_file()}
    assert found == {tile.path for tile in tiles}
    for tile in tiles:
        raw = (folder / tile.path).read_bytes()
        if tile.level is None:
            assert list(unbundle(raw)) == lab.leaves[tile.index * 256 : tile.index * 256 + tile.width]
        else:
            assert raw == tile.hashes(lab.stored) and len(tile_hashes(raw)) == tile.width
    edge = Frontier()
    edge.append([item for tile in tiles if tile.level == 0 for item in tile_hashes((folder / tile.path).read_bytes())])
    assert edge.root() == lab.root(size)
    with pytest.raises(FileExistsError):
        write_export(folder, [Entry(b"", {})], [], b"")


@given(st.lists(st.binary(max_size=300), max_size=20))
def test_bundles_round_trip_and_cut_ones_are_refused(entries):
    raw = bundle(entries)
    assert list(unbundle(raw)) == entries
    if raw:
        with pytest.raises(ValueError, match="halfway"):
            list(unbundle(raw + b"\0"))
        with pytest.raises(ValueError, match="halfway"):
            list(unbundle(raw + b"\0\5abc"))


def test_class_18_an_entry_of_65_535_bytes_fits_a_bundle_and_one_more_does_not(tmp_path):
    big = bytes(MAX_ENTRY)
    assert list(unbundle(bundle([big, b"x"]))) == [big, b"x"]
    (tmp_path / "bundle").write_bytes(bundle([big, b"x"]))
    assert verifier.read_bundle(tmp_path / "bundle", 0, 2) == [big, b"x"]
    assert leaf_hash(big) != leaf_hash(big + b"\0")
    with pytest.raises(ValueError, match="65,535"):
        bundle([big + b"\0"])


def test_a_tile_of_broken_hashes_or_of_entries_is_refused():
    with pytest.raises(ValueError, match="whole"):
        tile_hashes(bytes(33))
    with pytest.raises(ValueError, match="bundle"):
        Tile(None, 0, 1).coords()
