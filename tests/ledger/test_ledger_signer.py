"""The signer remembers what it signed and refuses a log that is not that one any more (mandates 4.3; 4.5 classes 1-5, 13, 15, 16)."""

import asyncio
import base64
import contextlib
import json
from hashlib import sha256

import asyncpg
import httpx
import metamorphic_log as outside
import pytest
from tests.ledger.acts import act, sequence_all
from tests.ledger.lab import says_yes

from teams.ledger import keys, queries, verifier
from teams.ledger.memory import Files, Memory, Unfit
from teams.ledger.note import COSIGNATURE, Checkpoint, SigningKey, parse_vkey, sign_checkpoint, split_note
from teams.ledger.proof import parse_extra, parse_proof
from teams.ledger.signer import Refusal, Signer, recover, sign
from teams.ledger.tree import leaf_hash
from teams.ledger.witness import Fork, Witness, ask, attend

ORIGIN = "mandaat.proefdam.nl/log1"


@pytest.fixture
def files(tmp_path):
    return Files(tmp_path / "key", tmp_path / "state.json")


@pytest.fixture
async def signing(place):
    connection = await asyncpg.connect(place.url("teams_signer"))
    yield connection
    await connection.close()


@pytest.fixture
async def vkey(signing, files):
    return await keys.begin(signing, files, ORIGIN)


@pytest.fixture
def grow(app, worker):
    async def more(count):
        for _ in range(count):
            await act(app)
        return await sequence_all(worker)

    return more


async def signer(signing, files):
    return Signer(signing, files, files.keys(), files.memory())


async def heads(boss):
    return [row[0].encode() for row in await boss.fetch("select note from checkpoint order by log, size")]


async def test_heads_are_good_for_the_outside_verifier_and_follow_one_another(signing, files, vkey, grow, boss, db):
    one = await signer(signing, files)
    sizes = []
    for count in (3, 1, 7, 20):
        await grow(count)
        assert await one.step()
        assert await one.step() == 0
        sizes.append(one.memory.size)
    assert sizes == [4, 5, 12, 32], "the begin of the key is an entry itself"
    notes = await heads(boss)
    for note in notes:
        assert says_yes(outside.checkpoint_verify, note.decode(), [vkey])
    entries = [row[0] for row in await boss.fetch("select entry from leaf order by seq")]
    async with db.read() as session:
        assert all(
            place.standing == "vastgelegd" for place in (await queries.covered(session, entries, quorum=0)).values()
        )
        for entry in entries:
            receipt = parse_proof(await queries.receipt_of(session, entry))
            leaf, opened = parse_extra(receipt.extra)
            hashes = list(receipt.hashes)
            assert says_yes(
                outside.checkpoint_verify_inclusion,
                receipt.note.decode(),
                [vkey],
                receipt.index,
                leaf_hash(leaf),
                hashes,
            )
            assert "rij" not in opened, "the row of the journal tells from which address somebody acted"


async def test_the_receipt_of_a_decision_checks_with_the_one_file(
    signing, files, vkey, grow, app, worker, db, tmp_path, capsys
):
    entry = await act(app, facts={"bevoegdheid": "SUB-01", "uitkomst": "bevoegd", "nummer": "2026-00431"})
    await sequence_all(worker)
    async with db.read() as session:
        assert await queries.receipt_of(session, entry) is None, "no head covers it yet"
        await (await signer(signing, files)).step()
        assert await queries.entry_of(session, "2026-00431") == entry
        (tmp_path / "bewijs").write_bytes(await queries.receipt_of(session, entry))
        (tmp_path / "deel").write_bytes(await queries.receipt_of(session, entry, shown={"bedrag"}))
    (tmp_path / "vkey").write_text(vkey)
    assert verifier.main(["bewijs", str(tmp_path / "bewijs"), "--vkey", str(tmp_path / "vkey")]) == 0
    assert "2026-00431" in (said := capsys.readouterr().out) and "Noor" in said
    assert verifier.main(["bewijs", str(tmp_path / "deel"), "--vkey", str(tmp_path / "vkey")]) == 0
    assert "1250000" in (said := capsys.readouterr().out) and "Noor" not in said


async def alarmed(place, files, db):
    """Run the signer as it runs in service until it has said something; the open alarms."""
    stop = asyncio.Event()
    running = asyncio.create_task(sign(place.url("teams_signer"), files, stop))
    found = []
    for _ in range(100):
        await asyncio.sleep(0.02)
        async with db.read() as session:
            if found := await queries.alarms(session):
                break
    stop.set()
    await running
    return [alarm.kind for alarm in found]


TAMPERINGS = {
    "1 the last leaf edited": ("update leaf set bytes = 'x' where seq = 8", "herschreven"),
    "3 the tail deleted": ("delete from leaf where seq > 5", "gekrompen"),
    "3 all deleted": ("delete from leaf", "gekrompen"),
    "7 a gap": ("delete from leaf where seq = 9", "gat"),
    "6 two swapped": ("update leaf set bytes = (select bytes from leaf where seq = 2) where seq = 8", "herschreven"),
    "19 another spelling": ("update leaf set bytes = '{}' where seq = 9", "gat"),
}


@pytest.mark.parametrize("case", TAMPERINGS)
async def test_a_changed_log_is_not_signed_and_raises_an_alarm(case, place, signing, files, vkey, grow, boss, db):
    await grow(8)
    await (await signer(signing, files)).step()
    before = await heads(boss)
    statement, kind = TAMPERINGS[case]
    await grow(2)
    await boss.execute(statement)
    assert await alarmed(place, files, db) == [kind]
    assert await heads(boss) == before, "nothing was signed"
    assert await boss.fetchval("select count(*) from journal where verb = 'log.alarm'") == 1


OLD = {
    "1 an old leaf edited": ("update leaf set bytes = 'x' where seq = 2", "herschreven"),
    "1 an old leaf and its hash": (
        "update leaf set bytes = convert_to(replace(convert_from(bytes, 'UTF8'), 'SUB-01', 'SUB-02'), 'UTF8') where seq = 2;"
        "update leaf set hash = sha256('\\x00' || bytes) where seq = 2", "herschreven",
    ),
    "6 two old ones swapped": (
        "update leaf set bytes = (select array_agg(bytes order by seq) from leaf where seq in (2, 3))[4 - seq] where seq in (2, 3)",
        "herschreven",
    ),
    "7 an old one deleted": ("delete from leaf where seq = 2", "gat"),
}  # fmt: skip


@pytest.mark.parametrize("case", OLD)
async def test_an_old_entry_that_was_changed_is_found_and_stays_an_alarm_until_it_is_right(
    case, place, signing, files, vkey, grow, boss, db, monkeypatch
):
    """The new leaves alone never show it: the signer reads again what it signed, a piece at a time."""
    monkeypatch.setattr("teams.ledger.signer.LOOK", -1)
    await grow(8)
    await (await signer(signing, files)).step()
    before = await heads(boss)
    statement, kind = OLD[case]
    await boss.execute("create temporary table kept_leaf as select * from leaf")
    await boss.execute(statement)
    assert await alarmed(place, files, db) == [kind]
    with pytest.raises(Refusal, match=kind):
        await (await signer(signing, files)).step()
    assert await heads(boss) == before, "a new start signs nothing either"
    await boss.execute("delete from leaf; insert into leaf select * from kept_leaf")
    await grow(2)
    await (await signer(signing, files)).step()
    async with db.read() as session:
        assert await queries.alarms(session) == []
    assert len(await heads(boss)) == len(before) + 1, "and signing goes on"


async def test_recording_goes_on_under_an_alarm_and_says_so(place, signing, files, vkey, grow, boss, app, worker, db):
    await grow(3)
    await (await signer(signing, files)).step()
    kept = await boss.fetchval("select bytes from leaf where seq = 3")
    await boss.execute("update leaf set bytes = 'x' where seq = 3")
    assert await alarmed(place, files, db) == ["herschreven"]
    entry = await act(app)
    await sequence_all(worker)
    async with db.read() as session:
        assert (await queries.covered(session, [entry], quorum=0))[entry].standing == "nog_te_controleren"
    assert await boss.fetchval("select count(*) from leaf where type = 'alarm'") == 1, "the alarm is an entry"
    await boss.execute("update leaf set bytes = $1 where seq = 3", kept)
    await (await signer(signing, files)).step()
    async with db.read() as session:
        assert (await queries.covered(session, [entry], quorum=0))[entry].standing == "vastgelegd"
        assert await queries.alarms(session) == []
        assert [alarm.kind for alarm in await queries.alarms(session, settled=True)] == ["herschreven"]


async def dump(boss):
    """What a backup of now would hold of the log and the journal."""
    tables = ("journal", "journal_text", "leaf", "leaf_seed", "node", "checkpoint")
    for table in tables:
        await boss.execute(f"create temporary table kept_{table} as select * from {table}")
    return tables


async def restore(boss, tables):
    for table in reversed(tables):
        await boss.execute(f"delete from {table}")
    for table in tables:
        await boss.execute(f"insert into {table} select * from kept_{table}")


@pytest.mark.parametrize("more", [0, 3, 40])
async def test_class_4_an_older_backup_and_then_on_is_found_by_signer_and_witness(
    more, place, signing, files, vkey, grow, boss, db
):
    """The drill: restore, go on working. The signer refuses; a forger who signs himself is refused by the witness."""
    witness = Notary(vkey)
    await grow(10)
    tables = await dump(boss)
    await grow(5)
    one = await signer(signing, files)
    await one.step()
    async with witness.client() as client:
        assert await ask(signing, client, witness.known, 1)
    await restore(boss, tables)
    await grow(more)
    assert await alarmed(place, files, db) == ["gekrompen" if more < 5 else "herschreven"]
    forger = Files(files.key, files.state.with_name("other.json"))
    forger.remember(Memory(ORIGIN))
    with contextlib.suppress(Refusal):
        await (await signer(signing, forger)).step()
    async with witness.client() as client:
        with pytest.raises(Fork):
            await ask(signing, client, witness.known, 1)
    assert witness.refused or more < 5


async def test_class_5_two_heads_of_one_size_are_refused_by_the_witness(signing, files, vkey, grow, boss):
    witness = Notary(vkey)
    await grow(4)
    await (await signer(signing, files)).step()
    async with witness.client() as client:
        assert await ask(signing, client, witness.known, 1)
        other = sign_checkpoint(Checkpoint(ORIGIN, 5, b"x" * 32), files.keys())
        await boss.execute("update checkpoint set note = $1", other.decode())
        witness.known.seen = 0
        with pytest.raises(Fork):
            await ask(signing, client, witness.known, 1)


class Notary:
    """A witness after C2SP tlog-witness: it remembers one head and signs only what follows from it, by code that is not ours."""

    def __init__(self, vkey, name="griffie.proefdam.nl"):
        self.vkey, self.key = vkey, SigningKey.generate(name, COSIGNATURE)
        self.size, self.note, self.refused = 0, "", 0
        self.known = Witness("http://witness", self.key.verifier)

    def client(self):
        return httpx.AsyncClient(transport=httpx.MockTransport(self.answer))

    def answer(self, request):
        top, _, note = request.content.partition(b"\n\n")
        first, *proof = top.decode().split("\n")
        old, hashes = int(first.removeprefix("old ")), [base64.b64decode(line) for line in proof if line]
        if not says_yes(outside.checkpoint_verify, note.decode(), [self.vkey]):
            return httpx.Response(403)
        text, _ = split_note(note)
        size = int(text.decode().split("\n")[1])
        if old != self.size or size < self.size:
            self.refused += 1
            return httpx.Response(409, text=f"{self.size}\n")
        follows = outside.checkpoint_verify_consistency
        if self.size and not says_yes(follows, self.note, note.decode(), [self.vkey], hashes):
            self.refused += 1
            return httpx.Response(422)
        self.size, self.note = size, note.decode()
        return httpx.Response(200, text=self.key.line(text, 1_800_000_000))


async def test_class_16_a_witness_signs_growth_is_asked_again_after_409_and_may_be_away(
    signing, files, vkey, grow, boss, db
):
    witness = Notary(vkey)
    one = await signer(signing, files)
    async with witness.client() as client:
        assert not await ask(signing, client, witness.known, 1), "no head yet"
        for count in (2, 3, 60):
            await grow(count)
            await one.step()
            assert await ask(signing, client, witness.known, 1)
            assert not await ask(signing, client, witness.known, 1), "nothing new"
        fresh = Witness("http://witness", witness.key.verifier)
        await grow(1)
        await one.step()
        assert await ask(signing, client, fresh, 1), "it did not know what the witness had seen"
    async with db.read() as session:
        head = await queries.newest_head(session, quorum=1)
        assert says_yes(outside.checkpoint_verify, head.note, [vkey])
        assert f"— {witness.key.name} " in head.note
        assert await queries.newest_head(session, quorum=2) is None
    for status, error in ((503, httpx.HTTPError), (403, httpx.HTTPError), (409, Fork)):
        await grow(1)
        await one.step()
        away = httpx.AsyncClient(transport=httpx.MockTransport(lambda _, status=status: httpx.Response(status)))
        async with away as client:
            with pytest.raises(error):
                await ask(signing, client, fresh, 1)


async def test_class_13_a_change_of_keys_signs_twice_in_between_and_is_an_entry(signing, files, vkey, grow, boss):
    await grow(1)
    await (await signer(signing, files)).step()
    second = await keys.add_key(signing, files)
    with pytest.raises(Unfit):
        await keys.add_key(signing, files)
    await grow(1)
    await (await signer(signing, files)).step()
    assert await keys.remove_key(signing, files) == vkey
    with pytest.raises(Unfit):
        await keys.remove_key(signing, files)
    await grow(1)
    await (await signer(signing, files)).step()
    good = [
        [says_yes(outside.checkpoint_verify, note.decode(), [key]) for key in (vkey, second)]
        for note in await heads(boss)
    ]
    assert good == [[True, False], [True, True], [False, True]]
    codes = await boss.fetch(
        "select convert_from(bytes, 'UTF8')::jsonb ->> 'code' from leaf where type = 'sleutel' order by seq"
    )
    assert [row[0] for row in codes] == ["key.begun", "key.added", "key.removed"]


async def test_class_13_a_stolen_key_ends_its_log_and_the_new_one_names_the_last_head(
    signing, files, vkey, grow, app, worker, boss, db
):
    await grow(4)
    one = await signer(signing, files)
    await one.step()
    last = one.memory.head
    uncovered = await act(app)
    await sequence_all(worker)
    new = await keys.new_log(signing, files, "mandaat.proefdam.nl/log2")
    assert await grow(2) == 4, "the key, what no head of the old log covered, and two more"
    await (await signer(signing, files)).step()
    first = await boss.fetchrow(
        "select entry, convert_from(bytes, 'UTF8')::jsonb as leaf from leaf where log = 2 and seq = 0"
    )

    leaf = json.loads(first["leaf"])
    assert leaf["vorige"] == "sha256:" + sha256(last.text()).hexdigest() and leaf["vkey"] == new
    async with db.read() as session:
        place = (await queries.covered(session, [uncovered], quorum=0))[uncovered]
        assert (place.standing, place.log) == ("vastgelegd", 2)
        assert says_yes(outside.checkpoint_verify, (await queries.newest_head(session)).note, [new])
        await boss.execute("insert into alarm (log, kind, size) values (1, 'geheugen_kwijt', 5)")
        assert await queries.alarms(session) == [], "the alarms of a log that was left are history"
    thief = Files(files.key.with_name("key.log1"), files.state.with_name("thief"))
    assert not says_yes(outside.checkpoint_verify, sign_checkpoint(last, thief.keys()).decode(), [new])
    thief.remember(Memory(ORIGIN, 1, last.size, one.memory.hashes, one.memory.last))
    with pytest.raises(Refusal):
        await Signer(signing, thief, thief.keys(), thief.memory()).step()


async def test_class_13_a_lost_key_with_or_without_memory_ends_in_a_new_log(signing, files, vkey, grow, boss, db):
    """The file with the key is gone, as after the loss of a machine: a head from elsewhere leads to a new log."""
    await grow(3)
    await (await signer(signing, files)).step()
    note = (await heads(boss))[-1]
    async with db.read() as session:
        receipt = await queries.receipt_of(session, await boss.fetchval("select entry from leaf where seq = 1"))
    files.key.unlink()
    files.state.unlink()
    with pytest.raises(Unfit, match="--herstel"):
        await keys.new_log(signing, files, "mandaat.proefdam.nl/log2")
    stranger = sign_checkpoint(Checkpoint(ORIGIN, 4, b"x" * 32), [SigningKey.generate(ORIGIN)])
    for wrong, said in ((vkey.encode(), "de vorm klopt niet"), (stranger, "niet ondertekend")):
        with pytest.raises(Unfit, match=said):
            await keys.remember_again(signing, files, wrong)
    assert await keys.remember_again(signing, files, receipt) == 4, "a receipt holds a head too"
    assert await keys.remember_again(signing, files, note) == 4
    new = await keys.new_log(signing, files, "mandaat.proefdam.nl/log2")
    await grow(1)
    await (await signer(signing, files)).step()
    last = (await heads(boss))[-1]
    assert says_yes(outside.checkpoint_verify, last.decode(), [new]) and last.startswith(
        b"mandaat.proefdam.nl/log2\n2\n"
    )


async def test_class_13_an_act_on_keys_is_done_in_both_places_or_in_none(signing, files, vkey, grow, boss, monkeypatch):
    """A key that cannot be written down is not in the log, and one that the log does not take is not in the file."""
    await grow(1)
    await (await signer(signing, files)).step()
    before = (files.key.read_text(), files.state.read_text(), await boss.fetchval("select count(*) from log_key"))

    def full(*_):
        raise OSError("vol")

    with monkeypatch.context() as broken:
        broken.setattr(Files, "keep_keys", full)
        for act_on in (lambda: keys.add_key(signing, files), lambda: keys.new_log(signing, files, "anders/log2")):
            with pytest.raises(OSError, match="vol"):
                await act_on()
    await boss.execute("revoke insert on log_key from teams_signer")
    for act_on in (lambda: keys.add_key(signing, files), lambda: keys.new_log(signing, files, "anders/log2")):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await act_on()
    await boss.execute("grant insert on log_key to teams_signer")
    assert before == (
        files.key.read_text(),
        files.state.read_text(),
        await boss.fetchval("select count(*) from log_key"),
    )
    await keys.add_key(signing, files)


async def test_class_15_a_lost_memory_is_no_fresh_start(place, signing, files, vkey, grow, boss, db):
    await grow(6)
    await (await signer(signing, files)).step()
    note = (await heads(boss))[-1]
    await grow(3)
    await (await signer(signing, files)).step()
    older = files.state.read_text()
    files.state.unlink()
    assert await alarmed(place, files, db) == ["geheugen_kwijt"]
    assert await keys.remember_again(signing, files, note) == 7
    assert await alarmed(place, files, db) == ["geheugen_kwijt"], "a memory that is older than what was signed"
    assert await keys.signed_later(signing, files) == 10
    with pytest.raises(Refusal):
        await recover(signing, [parse_vkey(vkey)], 1, sign_checkpoint(Checkpoint(ORIGIN, 7, b"x" * 32), files.keys()))
    assert await keys.remember_again(signing, files, (await heads(boss))[-1]) == 10
    assert Memory.load(older) == files.memory() and await keys.signed_later(signing, files) == 0
    await grow(1)
    assert await (await signer(signing, files)).step() == 2


async def test_class_14_a_crash_between_memory_and_head_signs_the_same_head_again(signing, files, vkey, grow, boss):
    await grow(5)
    one = await signer(signing, files)
    await one.step()
    first = await heads(boss)
    await boss.execute("delete from checkpoint")
    await (await signer(signing, files)).step()
    assert await heads(boss) == first


async def test_the_signer_reads_leaves_and_writes_no_entry(signing, vkey):
    for statement in (
        "select entry from leaf", "select * from journal", "select * from journal_text", "select * from leaf_seed",
        "insert into leaf (log, seq, entry, type, bytes, hash) values (1, 9, uuidv7(), 'x', 'x', sha256('x'))",
        "insert into journal (verb) values ('x')", "update checkpoint set note = ''", "delete from alarm",
        "insert into log (id) values (3)", "select from sequencer for update",
    ):  # fmt: skip
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await signing.execute(statement)


async def test_files_that_are_damaged_say_what_to_do(files, signing, vkey):
    with pytest.raises(Unfit, match="al een sleutel"):
        await keys.begin(signing, files, ORIGIN)
    with files.alone(), pytest.raises(Unfit, match="draait al"), files.alone():
        pass
    assert oct(files.key.stat().st_mode)[-3:] == oct(files.state.stat().st_mode)[-3:] == "600"
    files.state.write_text("{")
    with pytest.raises(Unfit, match="--herstel"):
        files.memory()
    files.key.write_text("x")
    with pytest.raises(Unfit, match="onleesbaar"):
        files.keys()
    files.key.unlink()
    with pytest.raises(Unfit, match="--begin"):
        files.keys()


async def test_a_witness_that_refuses_raises_an_alarm_until_it_signs_again(
    place, signing, files, vkey, grow, boss, monkeypatch
):
    notary = Notary(vkey)
    await grow(2)
    await (await signer(signing, files)).step()
    line = notary.client()
    monkeypatch.setattr("teams.ledger.witness.httpx.AsyncClient", lambda **_: line)
    notary.size = 99  # it has seen more of this log than there is
    running = asyncio.create_task(attend(place.url("teams_signer"), [notary.known], 1, every=0.01))

    async def open_alarms(number):
        async with asyncio.timeout(5):
            while await boss.fetchval("select count(*) from alarm where settled_at is null") != number:
                await asyncio.sleep(0.01)

    await open_alarms(1)
    notary.size, notary.known.seen = 0, 0
    await open_alarms(0)
    running.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await running
    assert await boss.fetchval("select count(*) from cosignature") == 1
