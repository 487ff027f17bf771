"""Mandates 4.5 by a database superuser in PostgreSQL itself, found by code that is not ours: metamorphic-log and @sigstore/verify.

What an outsider has: the head that was kept, and whatever entries, hashes and head the damaged tables publish."""

import asyncpg
import pytest
from tests.ledger.acts import act, sequence_all
from tests.ledger.lab import ORIGIN, Lab, extends, included
from tests.ledger.test_ledger_sigstore import answers

from teams.ledger import keys
from teams.ledger.memory import Files
from teams.ledger.signer import Signer
from teams.ledger.tree import leaf_hash

COUNT = 29
EDIT = "convert_to(replace(convert_from(bytes, 'UTF8'), 'SUB-01', 'SUB-02'), 'UTF8')"
SHIFT = "update leaf set seq = -seq where seq >= 9; update leaf set seq = -seq {by} where seq < 0"
CASES = {
    "1 a leaf": f"update leaf set bytes = {EDIT} where seq = 9",
    "1 a leaf and its hash": f"update leaf set bytes = {EDIT}, hash = sha256('\\x00' || {EDIT}) where seq = 9",
    "2 a node": "update node set hash = sha256('x') where level = 2 and idx = 1",
    "2 a node gone": "delete from node where level = 1 and idx = 3",
    "2 two nodes swapped": (
        "update node n set hash = m.hash from node m where n.level = 3 and n.idx < 2 and m.level = 3 and m.idx = 1 - n.idx"
    ),
    "3 the tail": "delete from leaf where seq > 19; delete from node where (idx + 1) << level > 20",
    "4 an older dump, and then on": (
        "create temporary table kept as select * from leaf; delete from leaf where seq > 19;"
        f"insert into leaf select log, seq, entry, type, nummer, {EDIT}, hash from kept where seq > 19"
    ),
    "6 swapped": "update leaf set seq = case seq when 9 then -9 else 9 end where seq in (9, 10); update leaf set seq = 10 where seq = -9",
    "6 inserted": (
        f"{SHIFT.format(by='+ 1')}; insert into leaf select log, 9, uuidv7(), type, nummer, {EDIT}, hash from leaf where seq = 3"
    ),
    "6 twice": f"{SHIFT.format(by='+ 1')}; insert into leaf select log, 9, uuidv7(), type, nummer, bytes, hash from leaf where seq = 8",
    "7 a gap": "delete from leaf where seq = 9",
    "7 a gap that was closed": f"delete from leaf where seq = 9; {SHIFT.format(by='- 1')}",
    "20 a node where a leaf was": (
        "update leaf set bytes = (select substring(n.hash || m.hash for 64) from node n, node m"
        " where n.level = 1 and n.idx = 4 and m.level = 1 and m.idx = 5) where seq = 9"
    ),
}  # fmt: skip


@pytest.fixture
async def log(place, app, worker, tmp_path):
    """29 entries under one signed head; the key of the log, and the head as somebody kept it."""
    signing = await asyncpg.connect(place.url("teams_signer"))
    files = Files(tmp_path / "key", tmp_path / "state.json")
    await keys.begin(signing, files, ORIGIN)
    for _ in range(COUNT - 1):
        await act(app)
    await sequence_all(worker)
    await Signer(signing, files, files.keys(), files.memory()).step()
    kept = await signing.fetchval("select note from checkpoint")
    await signing.close()
    return files.keys()[0], kept.encode()


async def published(boss, key):
    """What the tables say now."""
    lab = Lab(key)
    lab.leaves = [row[0] for row in await boss.fetch("select bytes from leaf order by seq")]
    lab.stored = {(0, row[0]): row[1] for row in await boss.fetch("select seq, hash from leaf")}
    lab.stored |= {(row[0], row[1]): row[2] for row in await boss.fetch("select level, idx, hash from node")}
    return lab


async def forge(boss, key):
    """All hashes anew from the entries that are there, as a superuser with the signer's key would."""
    await boss.execute("alter table leaf drop constraint if exists leaf_seq_check")
    rows = await boss.fetch("select seq from leaf order by seq")
    await boss.executemany("update leaf set seq = $2 where seq = $1", [(row[0], -1 - n) for n, row in enumerate(rows)])
    await boss.execute("update leaf set seq = -1 - seq, hash = sha256('\\x00' || bytes); delete from node")
    lab = (await published(boss, key)).rebuild()
    nodes = [(level, index, item) for (level, index), item in lab.stored.items() if level]
    await boss.executemany("insert into node (log, level, idx, hash) values (1, $1, $2, $3)", nodes)
    return await published(boss, key)


def inclusions(lab, kept, key):
    """For each entry that the kept head covers: what a server would give out now, as each outsider is asked it."""
    for seq in range(COUNT):
        try:
            raw, path = lab.leaves[seq], lab.inclusion(seq, COUNT)
        except (KeyError, IndexError):
            yield seq, None, None, None
            continue
        asked = {
            "name": key.verifier.name, "keyId": key.verifier.key_id.hex(), "index": seq, "note": kept.decode(),
            "spki": "302a300506032b6570032100" + key.verifier.public.hex(), "hex": raw.hex(),
            "hashes": [item.hex() for item in path],
        }  # fmt: skip
        yield seq, raw, path, asked


def accepted(lab, kept, key):
    """Entries of which both lineages say that they stand under the kept head."""
    given = list(inclusions(lab, kept, key))
    there = [one for one in given if one[3] is not None]
    theirs = dict(zip([one[0] for one in there], answers([one[3] for one in there]), strict=True))
    found = {seq for seq, raw, path, _ in there if included(lab, kept, seq, raw, path)}
    assert found == {seq for seq, good in theirs.items() if good}, "two lineages, one answer"
    return found


def consistent(lab, old, new):
    """A log that shrank has no proof to show, so nothing is given with it."""
    return extends(lab, old, new, lab.consistency(COUNT) if len(lab.leaves) >= COUNT else [])


@pytest.mark.slow
async def test_what_a_superuser_changes_is_found_by_code_that_is_not_ours(boss, app, worker, log):
    key, kept = log
    whole = set(range(COUNT))
    assert accepted(await published(boss, key), kept, key) == whole
    await boss.execute("alter table leaf drop constraint if exists leaf_seq_check")
    missed = {}
    for case, statements in CASES.items():
        part = boss.transaction()
        await part.start()
        await boss.execute(statements)
        silent = await published(boss, key)
        if accepted(silent, kept, key) == whole:
            missed[case] = "without signing again"
        forged = await forge(boss, key)
        if not case.startswith("2"):
            note = forged.head()
            assert all(included(forged, note, seq, forged.leaves[seq], forged.inclusion(seq)) for seq in range(3)), case
            if accepted(forged, kept, key) == whole:
                missed[case] = "signed again, against the receipt"
            if consistent(forged, kept, note):
                missed[case] = "signed again, against the head that was kept"
        await part.rollback()
    assert missed == {}


async def test_class_5_and_growth(boss, app, worker, log):
    """Another head of the same size is refused; honest growth is not."""
    key, kept = log
    for _ in range(7):
        await act(app)
    await sequence_all(worker)
    grown = await published(boss, key)
    assert len(grown.leaves) == COUNT + 7
    assert consistent(grown, kept, grown.head())
    assert accepted(grown, kept, key) == set(range(COUNT))
    await boss.execute(f"update leaf set bytes = {EDIT} where seq = 5")
    fork = await forge(boss, key)
    assert fork.root(COUNT) != Lab(key, leaves=grown.leaves).root(COUNT)
    assert not extends(fork, kept, fork.head(COUNT), [])
    assert fork.stored[0, 5] == leaf_hash(fork.leaves[5])
