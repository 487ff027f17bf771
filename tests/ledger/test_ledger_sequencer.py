"""Rows become leaves exactly once, in one gapless order, whoever tries (mandates 4.3; 4.5 class 14)."""

import asyncio
import random
from datetime import datetime
from uuid import UUID

import asyncpg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.ledger.acts import ORG, act, sequence_all

from teams.kit.db import Database
from teams.ledger import queries
from teams.ledger.entries import SOURCE, Source, differences, make, openings, source
from teams.ledger.leaf import TYPES, read_leaf
from teams.ledger.queries import Standing
from teams.ledger.sequencer import Outrun, Sequencer
from teams.ledger.tree import Frontier, leaf_hash
from teams.ledger.verbs import GENERIC, VERBS

MOMENT = "2026-11-22T13:45:56+00:00"


async def whole(boss):
    """Every entry once, no gap, hashes and nodes those of the bytes; the root."""
    rows = await boss.fetch("select seq, entry, bytes, hash from leaf where log = 1 order by seq")
    edge = Frontier()
    nodes = edge.append([leaf_hash(row["bytes"]) for row in rows])
    assert [row["seq"] for row in rows] == list(range(len(rows)))
    assert [row["hash"] for row in rows] == [leaf_hash(row["bytes"]) for row in rows]
    assert {row["entry"] for row in rows} == {
        row[0] for row in await boss.fetch("select id from journal where accountable")
    }
    assert sorted(nodes) == [tuple(row) for row in await boss.fetch("select level, idx, hash from node order by 1, 2")]
    return edge.root()


async def test_what_is_accountable_becomes_a_leaf_and_nothing_else(app, worker, boss):
    await app.execute("insert into journal (verb) values ('klus.posted')")
    entry = await act(app)
    assert await sequence_all(worker) == 1
    await whole(boss)
    row = await boss.fetchrow("select * from leaf")
    leaf = read_leaf(row["bytes"])
    assert (row["entry"], row["type"], leaf["type"]) == (entry, "besluit", "besluit")
    assert leaf["bevoegdheid"] == "SUB-01" and leaf["kenmerk"] == str(entry)
    assert {field for field in leaf if str(leaf[field]).startswith("c:")} == {
        "actor", "bedrag", "onderwerp", "reden", "rij",
    }  # fmt: skip
    assert b"Snoei" not in row["bytes"] and b"1250000" not in row["bytes"]


async def test_the_app_can_neither_write_the_log_nor_hold_it_up(app, worker):
    await act(app)
    for statement in (
        "insert into leaf (log, seq, entry, type, bytes, hash) values (1, 0, uuidv7(), 'x', 'x', sha256('x'))",
        "delete from leaf", "update leaf set seq = 9", "select from sequencer for update", "insert into log (id) values (2)",
        "insert into checkpoint (log, size, root, note) values (1, 1, sha256('x'), 'x')",
        "insert into journal (verb, xid) values ('x', '1')", "insert into journal (verb, at) values ('x', now())",
    ):  # fmt: skip
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await app.execute(statement)
    for statement in ("update leaf set seq = 9", "delete from node", "insert into checkpoint values (1)"):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await worker.execute(statement)
    assert await sequence_all(worker) == 1


async def storm(place, acts, *, writers=8, seconds=0.02):
    """Acts in many transactions that overlap, some rolled back, some long; how many were committed."""
    chance, done = random.Random(7), 0

    async def one(number):
        nonlocal done
        app = await asyncpg.connect(place.url())
        for _ in range(acts // writers):
            part = app.transaction()
            await part.start()
            await act(app)
            if chance.random() < 0.1:
                await asyncio.sleep(chance.random() * seconds * 5)
            if chance.random() < 0.15:
                await part.rollback()
            else:
                await part.commit()
                done += 1
        await app.close()

    await asyncio.gather(*(one(number) for number in range(writers)))
    return done


async def follow(place, stop, steps):
    """A sequencer that is thrown off its connection now and then."""
    chance = random.Random(3)
    while True:
        connection = await asyncpg.connect(place.url("teams_worker"))
        try:
            mine = Sequencer(connection, ORG)
            while chance.random() > 0.03:
                last = stop.is_set()
                written = await mine.step()
                steps.append(written)
                if last and not written:
                    return
                await asyncio.sleep(0.002)
        except Outrun:
            steps.append(-1)
        finally:
            connection.terminate()


async def test_two_sequencers_lose_nothing_and_double_nothing(place, boss):
    stop, steps = asyncio.Event(), list[int]()
    both = [asyncio.create_task(follow(place, stop, steps)) for _ in range(2)]
    committed = await storm(place, 400)
    stop.set()
    await asyncio.gather(*both)
    assert await boss.fetchval("select count(*) from leaf") == committed
    await whole(boss)


class Blind(Sequencer):
    """One that takes no lock and looks at nothing."""

    async def _fence(self):
        pass


async def test_without_the_lock_the_keys_still_fence(place, app, worker, boss):
    second = await asyncpg.connect(place.url("teams_worker"))
    one, two = Blind(worker, ORG), Blind(second, ORG)
    await one.step()
    await two.step()
    first = await act(app)
    assert await one.step() == 1
    await act(app)
    two.place = ("0", first)  # it has not looked again since, and goes on with what came after
    with pytest.raises(asyncpg.UniqueViolationError):
        await two.step()
    await second.close()
    assert await sequence_all(worker) == 1
    await whole(boss)


async def test_who_finds_another_writing_steps_back(place, app, worker):
    second = await asyncpg.connect(place.url("teams_worker"))
    await act(app)
    async with second.transaction():
        await second.execute("select from sequencer for update")
        with pytest.raises(Outrun):
            await Sequencer(worker, ORG).step()
    stale = Sequencer(second, ORG)
    await stale._enter(1)
    assert await sequence_all(worker) == 1
    await act(app)
    with pytest.raises(Outrun):
        await stale.step()
    await second.close()


async def test_a_cursor_over_ids_would_lose_rows(place, app, worker):
    """The control: id order is not commit order, so `id > last` passes over what commits later."""
    slow = await asyncpg.connect(place.url())
    part = slow.transaction()
    await part.start()
    late = await act(slow)
    early = await act(app)
    last, naive = "00000000-0000-0000-0000-000000000000", []
    for commit in (False, True):
        if commit:
            await part.commit()
        rows = await worker.fetch("select id from journal where accountable and id > $1::uuid order by id", last)
        naive += [row["id"] for row in rows]
        last = str(naive[-1])
        await sequence_all(worker)
    assert naive == [early]
    assert {row[0] for row in await worker.fetch("select entry from leaf")} == {early, late}
    await slow.close()


async def test_a_transaction_that_stays_open_stops_nobody(place, app, worker):
    slow = await asyncpg.connect(place.url())
    part = slow.transaction()
    await part.start()
    held = await act(slow)
    mine = Sequencer(worker, ORG)
    for _ in range(3):
        await act(app)
        assert await mine.step() == 1
    await part.commit()
    assert await mine.step() == 1
    assert await worker.fetchval("select seq from leaf where entry = $1", held) == 3
    await slow.close()


async def test_rows_with_numbers_from_the_future_are_found_after_a_restore(app, worker, boss):
    """A dump that is put into a new cluster holds transaction numbers that this one has yet to reach."""
    await act(app)
    await boss.execute("update journal set xid = '900000000'")
    mine = Sequencer(worker, ORG)
    assert await mine.step() == 1
    await act(app)
    assert await mine.step() == 1
    await whole(boss)


async def test_standing_of_an_act(app, worker, boss, db: Database):
    entry, plain = await act(app), await app.fetchval("insert into journal (verb) values ('klus.posted') returning id")

    async def standing():
        async with db.read() as session:
            return await queries.covered(session, [entry, plain], quorum=0)

    assert await standing() == {entry: (Standing.PENDING, None, None)}
    await sequence_all(worker)
    assert await standing() == {entry: (Standing.PENDING, 1, 0)}
    await boss.execute("insert into alarm (log, kind, size) values (1, 'herschreven', 0)")
    assert (await standing())[entry].standing is Standing.DOUBTFUL
    await boss.execute("update alarm set settled_at = now()")
    await boss.execute("update journal set at = now() - interval '2 minutes'")
    assert (await standing())[entry].standing is Standing.DOUBTFUL
    await boss.execute("insert into checkpoint (log, size, root, note) values (1, 1, sha256('x'), 'x')")
    assert await standing() == {entry: (Standing.RECORDED, 1, 0)}


def entry_with(verb, facts, texts=()):
    return Source(
        UUID(int=1),
        datetime.fromisoformat(MOMENT),
        None,
        None,
        None,
        None,
        verb,
        1,
        facts,
        [["klus", "1"]],
        list(texts),
    )


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**70), 2**70) | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=12,
)
TEXTS = st.lists(st.tuples(st.text(max_size=6), st.binary(min_size=32, max_size=32), st.text(max_size=9)), max_size=3)


@settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow])
@given(
    verb=st.sampled_from([*VERBS, "test.unknown", "Vreemd verb!"]),
    facts=st.dictionaries(st.sampled_from(["bedrag", "nummer", "link", "person", "role", "from", "é", "vkey"]), JSON),
    texts=TEXTS,
)
def test_every_entry_becomes_a_leaf_that_its_own_row_opens(verb, facts, texts):
    """Class 18 and 19 at the source: what does not fit is recorded as text or as the generic type, never refused."""
    entry = entry_with(verb, facts, [(f"{place}{name}", key, value) for place, (name, key, value) in enumerate(texts)])
    made = make(entry, 3, ORG, b"s" * 32)
    leaf = read_leaf(made.raw)
    assert leaf["type"] == made.kind and made.kind in TYPES
    assert differences(entry, leaf, b"s" * 32) == []
    assert len(openings(entry, leaf, b"s" * 32)) == sum(str(value).startswith("c:") for value in leaf.values())
    assert openings(entry, leaf, None).keys() == openings(entry, leaf, b"s" * 32).keys() - {"rij"}
    if facts:
        name = next(iter(facts))
        other = entry._replace(facts={**facts, name: "iets anders"})
        assert differences(other, leaf, b"s" * 32)


def test_a_verb_without_a_type_is_recorded_as_such():
    assert make(entry_with("test.unknown", {}), 0, ORG, bytes(32)).kind == GENERIC
    assert make(entry_with("decision.taken", {}), 0, ORG, bytes(32)).kind == GENERIC, (
        "it lacks what a besluit must hold"
    )
    long = {"bevoegdheid": "A", "uitkomst": "ja", "keten": [f"T{n}@sha256:{'ab' * 32}" for n in range(1000)]}
    actor = ("actor", bytes(32), "x")
    assert (
        make(entry_with("decision.taken", long | {"keten": long["keten"][:9]}, [actor]), 0, ORG, bytes(32)).kind
        == "besluit"
    )
    assert make(entry_with("decision.taken", long, [actor]), 0, ORG, bytes(32)).kind == GENERIC, "past 65,535 bytes"


def test_verbs_name_types_that_exist():
    assert set(VERBS.values()) <= TYPES.keys()


async def test_sources_from_the_tables(app, worker):
    await act(app, "grant.consented", {"link": "T12@sha256:" + "ab" * 32, "amount": 1.5}, reason="é", title="T")
    await sequence_all(worker)
    row = await worker.fetchrow(
        f"select s.seed, l.bytes, {SOURCE} from leaf l join leaf_seed s using (log, seq) join journal j on j.id = l.entry"
    )
    leaf = read_leaf(row["bytes"])
    assert leaf["type"] == "instemming" and leaf["t_title"] and leaf["reden"]
    assert differences(source(row), leaf, row["seed"]) == []
