"""`teams log verify` over what a database superuser does (mandates 4.5 classes 1-11), and outside code beside it."""

import subprocess
import sys
from pathlib import Path

import asyncpg
import metamorphic_log as outside
import pytest
from tests.ledger.acts import act, sequence_all
from tests.ledger.lab import says_yes

from teams.jobs import logboek
from teams.kit.faults import Stopped
from teams.kit.settings import Settings
from teams.ledger import check, keys, queries, verifier
from teams.ledger.check import Disagreement, verify
from teams.ledger.folder import write_folder
from teams.ledger.memory import Files
from teams.ledger.note import Checkpoint, SigningKey, parse_vkey, sign_checkpoint
from teams.ledger.proof import parse_extra, parse_proof
from teams.ledger.signer import Signer
from teams.ledger.tree import Frontier, leaf_hash

ORIGIN = "mandaat.proefdam.nl/log1"
COUNT = 37


@pytest.fixture
async def auditor(place):
    connection = await asyncpg.connect(place.url("teams_auditor"))
    yield connection
    await connection.close()


@pytest.fixture
async def log(place, app, worker, tmp_path):
    """A signed log with five heads; who signs it."""
    signing = await asyncpg.connect(place.url("teams_signer"))
    files = Files(tmp_path / "key", tmp_path / "state")
    (tmp_path / "vkey").write_text(await keys.begin(signing, files, ORIGIN) + "\n")
    for number in (4, 8, 8, 10, 6):
        for _ in range(number):
            facts = {"bevoegdheid": "SUB-01", "uitkomst": "bevoegd", "nummer": f"2026-{number}"}
            await act(app, facts=facts)
        await sequence_all(worker)
        await Signer(signing, files, files.keys(), files.memory()).step()
    yield files
    await signing.close()


async def says(auditor, **given):
    try:
        await verify(auditor, **given)
    except Disagreement as wrong:
        return str(wrong)
    return ""


async def test_a_good_log_agrees(auditor, log):
    checked = await verify(auditor)
    assert (checked.leaves, checked.heads, checked.waiting, checked.unsigned) == (COUNT, 5, 0, 0)
    assert checked.sealed == checked.opened == COUNT + 36 * 4


TAMPERINGS = {
    "1 a leaf": ("update leaf set bytes = convert_to(replace(convert_from(bytes, 'UTF8'), 'SUB-01', 'SUB-02'), 'UTF8') where seq = 9", "kenmerk"),
    "1 a leaf and its hash": (
        "update leaf set bytes = b, hash = sha256('\\x00' || b) from (select seq s, convert_to(replace(convert_from(bytes, 'UTF8'),"
        " 'SUB-01', 'SUB-02'), 'UTF8') b from leaf) x where s = seq and seq = 9", "hoort niet bij deze regels"),
    "2 a node": ("update node set hash = sha256('x') where level = 2 and idx = 3", "Knoop 3 van hoogte 2"),
    "2 a node gone": ("delete from node where level = 1 and idx = 1", "Knoop 1 van hoogte 1"),
    "2 a node too many": ("insert into node values (1, 9, 9, sha256('x'))", "knopen"),
    "3 the tail": ("delete from leaf where seq > 30", "telt 37 regels"),
    "3 the tail and its heads": ("delete from leaf where seq > 30; delete from checkpoint where size > 31", "knopen"),
    "5 a second head": ("update checkpoint set root = sha256('x') where size = 13", "spreekt zichzelf tegen"),
    "6 swapped": ("update leaf set seq = case seq when 9 then -9 else 9 end where seq in (9, 10); update leaf set seq = 10 where seq = -9", ""),
    "7 a gap": ("delete from leaf where seq = 9", "Regel 9 ontbreekt"),
    "8 the journal's facts": ("update journal set facts = facts || '{\"uitkomst\": \"geweigerd\"}' where verb = 'decision.taken'", "rij"),
    "8 the actor": ("update journal set actor = uuidv7() where verb = 'decision.taken'", "rij"),
    "8 the verb": ("update journal set verb = 'decision.ratified' where verb = 'decision.taken'", "code"),
    "8 a text": ("update journal_text set value = '999' where field = 'bedrag'", "bedrag"),
    "8 a text more": ("insert into journal_text select id, 'tweede', sha256('x'), 'Bo' from journal where verb = 'decision.taken'", "tweede"),
    "8 the entry gone": ("delete from journal where verb = 'decision.taken'", "niet meer in het journaal"),
    "8 another entry": ("update leaf set entry = uuidv7() where seq = 9", "ander kenmerk"),
    "8 another number": ("update leaf set nummer = '2026-1' where seq = 9", "ander kenmerk"),
    "9 texts swapped": (
        "update journal_text t set key = o.key, value = o.value from journal_text o where o.entry = t.entry and t.field = 'bedrag' and o.field = 'actor'", "bedrag"),
    "9 a key swapped": ("update leaf_seed set seed = sha256('x') where seq = 9", "rij"),
    "11 the clock": ("update journal set at = at + interval '1 day' where verb = 'decision.taken'", "at"),
    "12 a head's signature": ("update checkpoint set note = replace(note, E'\\n\\n', E'\\n\\n— x AAAAAAAA\\n') || '— y ' where size = 13", "onleesbaar"),
}  # fmt: skip


async def test_what_a_superuser_changes_is_found(boss, log):
    """Each change in a transaction of its own that is taken back: one log for all of them."""
    missed = {}
    for case, (statement, sign_of_it) in TAMPERINGS.items():
        part = boss.transaction()
        await part.start()
        if case.startswith("6"):
            await boss.execute("alter table leaf drop constraint leaf_seq_check")
        await boss.execute(statement)
        try:
            await check._verify(boss, (), (), lambda done, all_of_it: None)
            missed[case] = "nothing"
        except Disagreement as wrong:
            if sign_of_it not in str(wrong):
                missed[case] = str(wrong)
        await part.rollback()
    assert missed == {}
    assert (await verify(boss)).leaves == COUNT


async def test_class_10_erased_openings_are_unknown_and_no_disagreement(auditor, boss, log):
    await boss.execute("delete from journal_text where field in ('actor', 'onderwerp')")
    await boss.execute("delete from leaf_seed where seq < 20")
    checked = await verify(auditor)
    assert (checked.sealed, checked.opened) == (COUNT + 36 * 4, COUNT - 20 + 36 * 2)


async def forge(boss, files):
    """What a forger with the signer's own key does: change an entry and sign everything again."""
    await boss.execute(
        'update journal set facts = facts || \'{"uitkomst": "geweigerd"}\' where id = (select entry from leaf where seq = 9)'
    )
    kept = await boss.fetch("select entry from leaf order by seq")
    await boss.execute("delete from leaf; delete from leaf_seed; delete from node; delete from checkpoint")
    await boss.execute("set session_replication_role = origin")
    await sequence_all(boss)
    assert len(kept) == await boss.fetchval("select count(*) from leaf")
    edge = Frontier()
    edge.append([leaf_hash(row["bytes"]) for row in await boss.fetch("select bytes from leaf order by seq")])
    head = Checkpoint(ORIGIN, edge.size, edge.root())
    note = sign_checkpoint(head, files.keys())
    await boss.execute(
        "insert into checkpoint (log, size, root, note) values (1, $1, $2, $3)", edge.size, edge.root(), note.decode()
    )


async def test_a_log_that_was_signed_anew_is_found_only_with_a_head_kept_elsewhere(auditor, boss, log, db, tmp_path):
    entry = await boss.fetchval("select entry from leaf where seq = 9")
    async with db.read() as session:
        receipt, old = (
            await queries.receipt_of(session, entry),
            (await queries.newest_head(session, log=1)).note.encode(),
        )
    await forge(boss, log)
    assert await says(auditor) == "", "a signature without memory proves nothing"
    trusted = log.keys()[0].verifier
    assert "hoort niet bij deze regels" in await says(auditor, keys=[trusted], earlier=[old])
    assert "hoort niet bij deze regels" in await says(auditor, keys=[trusted], earlier=[receipt])
    async with db.read() as session:
        fresh = parse_proof(await queries.receipt_of(session, entry))
    leaf, shown = parse_extra(fresh.extra)
    assert shown.keys() == {"actor", "bedrag", "onderwerp", "reden"}, "a receipt tells no address of whoever acted"
    inside = (fresh.index, leaf_hash(leaf), list(fresh.hashes))
    assert not says_yes(outside.checkpoint_verify_inclusion, old.decode(), [str(trusted)], *inside)


async def test_heads_kept_elsewhere_must_belong_here_and_be_signed(auditor, log, boss):
    key, note = log.keys()[0], (await boss.fetchval("select note from checkpoint where size = 13")).encode()
    assert await says(auditor, keys=[key.verifier], earlier=[note]) == ""
    stranger = SigningKey.generate(ORIGIN)
    assert "bewaarde controlepunt is niet goed" in await says(auditor, keys=[stranger.verifier], earlier=[note])
    assert "niet ondertekend met een sleutel" in await says(auditor, keys=[stranger.verifier])
    longer = sign_checkpoint(Checkpoint(ORIGIN, COUNT + 1, b"x" * 32), [key])
    assert "telt 38 regels" in await says(auditor, keys=[key.verifier], earlier=[longer])
    other = SigningKey.generate("mandaat.elders.nl/log1")
    foreign = sign_checkpoint(Checkpoint(other.name, 3, b"x" * 32), [other])
    assert "hoort bij geen logboek hier" in await says(auditor, keys=[key.verifier, other.verifier], earlier=[foreign])
    empty = note.replace(b"\n13\n", b"\n0\n")
    assert await says(auditor, keys=[key.verifier], earlier=[empty]), "a size 0 baseline proves nothing"


async def test_the_export_is_good_for_the_one_file_alone(auditor, log, tmp_path, boss):
    assert await write_folder(auditor, tmp_path / "export") == COUNT
    alone = tmp_path / "alone" / "controle.py"
    alone.parent.mkdir()
    alone.write_bytes(Path(verifier.__file__).read_bytes())

    def answer():
        return subprocess.run(
            [sys.executable, "-I", alone, "export", tmp_path / "export", "--vkey", tmp_path / "vkey"],
            capture_output=True, text=True, check=False, cwd=tmp_path,
        )  # fmt: skip

    done = answer()
    assert (done.returncode, "Alle 37 regels" in done.stdout, "Controlepunten: 5" in done.stdout) == (0, True, True), (
        done
    )
    with pytest.raises(FileExistsError):
        await write_folder(auditor, tmp_path / "export")
    bundle = tmp_path / "export/tile/entries/000.p/37"
    bundle.write_bytes(bundle.read_bytes().replace(b"SUB-01", b"SUB-02", 1))
    assert answer().returncode == 1


def given(**values):
    from argparse import Namespace

    return Namespace(**{"vkey": [], "checkpoint": [], **values})


async def test_the_commands(place, log, boss, tmp_path, capsysbinary, monkeypatch):
    """Exit codes: 0 it agrees, 1 it does not, 2 wrong use; a receipt goes to standard output as it is."""
    import asyncio

    settings = Settings(database_url=place.url(), auditor_database_url=place.url("teams_auditor"))

    async def run(**values):
        return await asyncio.to_thread(logboek.run, settings, given(**values))

    assert await run(wat="verify", vkey=[tmp_path / "vkey"]) == 0
    assert "gemeenteblad" not in (said := capsysbinary.readouterr().out.decode()) and "Alle 37 regels" in said
    assert await run(wat="verify") == 0
    assert "gemeenteblad" in capsysbinary.readouterr().out.decode()
    assert await run(wat="receipt", nummer="2026-4") == 0
    assert parse_proof(capsysbinary.readouterr().out).index == 1
    with pytest.raises(Stopped, match="geen besluit 2025-1"):
        await run(wat="receipt", nummer="2025-1")
    assert await run(wat="export", map=tmp_path / "map") == 0
    with pytest.raises(Stopped, match="niet leeg"):
        await run(wat="export", map=tmp_path / "map")
    for wrong in (
        {"vkey": [tmp_path / "map/checkpoint"]},
        {"vkey": [tmp_path / "weg"]},
        {"checkpoint": [tmp_path / "weg"]},
    ):
        assert await run(wat="verify", **wrong) == 2, "wrong use is no answer about the log"
    assert "geen vkey" in (told := capsysbinary.readouterr().err.decode()) and told.count("ontbreekt") == 2
    (tmp_path / "ander").write_bytes((tmp_path / "map/checkpoint").read_bytes().replace(b"\n37\n", b"\n36\n"))
    assert await run(wat="verify", checkpoint=[tmp_path / "ander"]) == 1
    assert "niet goed: de handtekening klopt niet." in capsysbinary.readouterr().out.decode()
    await boss.execute("delete from checkpoint where size = 37")
    with pytest.raises(Stopped, match="nog in behandeling"):
        await run(wat="receipt", nummer="2026-6")
    await boss.execute("update leaf set type = 'poging' where seq = 3")
    assert await run(wat="verify") == 1
    assert "Klopt niet. Regel 3" in capsysbinary.readouterr().out.decode()
    assert parse_vkey((tmp_path / "vkey").read_text().strip()).name == ORIGIN
