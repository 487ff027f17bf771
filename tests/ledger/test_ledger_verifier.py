"""The standalone file as a stranger runs it: no Teams on the path, only the file, the keys and the receipt or export."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import cryptography
import pytest
from tests.ledger.lab import MOMENT, Lab, included

from teams.ledger import verifier
from teams.ledger.note import COSIGNATURE, Checkpoint, SigningKey, sign_checkpoint, split_note
from teams.ledger.proof import BadProof, Receipt, parse_extra, parse_proof, write_extra, write_proof
from teams.ledger.tree import leaf_hash

WITNESS = SigningKey.generate("griffie.zandermeer.nl/w1", COSIGNATURE)


@pytest.fixture(scope="module")
def bare(tmp_path_factory):
    """A folder with the verifier and, beside it, nothing but `cryptography` and what that needs."""
    folder = tmp_path_factory.mktemp("elders")
    shutil.copy(verifier.__file__, folder / "verifier.py")
    site = Path(cryptography.__file__).parent.parent
    (folder / "lib").mkdir()
    for path in [*site.glob("cryptography"), *site.glob("cffi"), *site.glob("_cffi_backend*"), *site.glob("pycparser")]:
        (folder / "lib" / path.name).symlink_to(path)
    return folder


def run(bare, *arguments, code=None):
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(bare / "lib"), "LC_ALL": "C"}
    start = ["-c", code] if code else [str(bare / "verifier.py")]
    return subprocess.run(
        [sys.executable, "-S", "-s", "-P", *start, *map(str, arguments)],
        cwd=bare, env=environment, capture_output=True, text=True, encoding="utf-8",
    )  # fmt: skip


@pytest.fixture
def lab():
    return Lab().grow(300)


@pytest.fixture
def receipt(lab, tmp_path):
    (tmp_path / "vkey").write_text(f"{lab.key.verifier}\n")
    path = tmp_path / "besluit.tlog-proof"
    path.write_bytes(lab.receipt(123))
    return path


def test_teams_is_really_out_of_reach(bare):
    assert "No module named 'teams'" in run(bare, code="import teams").stderr
    assert run(bare, code="import cryptography").returncode == 0


def test_a_receipt_is_good_shows_its_content_and_a_changed_one_is_not(bare, lab, receipt, tmp_path):
    done = run(bare, "bewijs", receipt, "--vkey", tmp_path / "vkey")
    assert done.returncode == 0, done
    assert "Klopt. Regel 123 staat in logboek mandaat.zandermeer.nl/log1, dat 300 regels telt." in done.stdout
    assert "bedrag: 1250000 (getoond en gecontroleerd)" in done.stdout
    parsed = parse_proof(receipt.read_bytes())
    raw, openings = parse_extra(parsed.extra)
    assert raw == lab.leaves[123] and included(lab, parsed.note, parsed.index, raw, list(parsed.hashes))
    forged = write_extra(raw.replace(b"SUB-01", b"SUB-02"), openings)
    receipt.write_bytes(write_proof(Receipt(123, parsed.hashes, parsed.note, forged)))
    done = run(bare, "bewijs", receipt, "--vkey", tmp_path / "vkey")
    assert done.returncode == 1 and done.stdout.startswith(
        "Klopt niet. Regel 123: deze inhoud staat niet op deze plaats"
    )


@pytest.mark.parametrize("change", ["swap fields", "swap entries", "edit", "erase"])
def test_classes_8_9_10_openings_of_a_receipt(bare, lab, receipt, tmp_path, change):
    parsed, openings = parse_proof(receipt.read_bytes()), dict(lab.openings[123])
    if change == "swap fields":
        openings["actor"], openings["onderwerp"] = openings["onderwerp"], openings["actor"]
    elif change == "swap entries":
        openings["bedrag"] = lab.openings[124]["bedrag"]
    elif change == "edit":
        openings["bedrag"] = openings["bedrag"]._replace(value=1)
    else:
        openings.clear()
    extra = write_extra(lab.leaves[123], openings)
    receipt.write_bytes(write_proof(Receipt(123, parsed.hashes, parsed.note, extra)))
    done = run(bare, "bewijs", receipt, "--vkey", tmp_path / "vkey")
    assert done.returncode == (0 if change == "erase" else 1), done
    assert ("niet getoond of vernietigd" if change == "erase" else "past niet bij wat is vastgelegd") in done.stdout


def test_an_export_with_an_older_receipt_and_a_witness(bare, lab, receipt, tmp_path):
    lab.grow(700)
    folder = lab.export(tmp_path / "export", heads=(1, 256, 300, 999))
    note = (folder / "checkpoint").read_bytes()
    (tmp_path / "getuige").write_text(f"{WITNESS.verifier}\n")
    more = ["--vkey", tmp_path / "vkey", "--vorige", receipt, "--getuige", tmp_path / "getuige", "--quorum", "1"]
    assert "0 van de 1 getuigen" in run(bare, "export", folder, *more).stdout
    text, now = split_note(note)[0], int(MOMENT.timestamp())
    (folder / "checkpoint").write_bytes(note + WITNESS.line(text, now).encode())
    done = run(bare, "export", folder, *more)
    assert done.returncode == 0, done
    assert "Alle 1000 regels" in done.stdout and "Controlepunten: 6. Tegels gelijk: 5." in done.stdout
    assert f"Getuige {WITNESS.name} tekende mee op 2026-11-22 13:45:56 UTC." in done.stdout
    (folder / "checkpoint").write_bytes(note + WITNESS.line(text, now - 3600).encode())
    done = run(bare, "export", folder, *more)
    assert done.returncode == 1 and "tekende eerder dan het tijdstip van een regel" in done.stdout, "class 11"


@pytest.mark.parametrize("gone", ["checkpoint", "tile/entries/001", "tile/entries/002.p/88"])
def test_a_missing_part_is_named(lab, tmp_path, gone, capsys):
    folder = lab.grow(300).export(tmp_path / "export")
    (folder / gone).unlink()
    assert verifier.main(["export", str(folder), "--vkey", str(tmp_path / "vkey")]) == 1
    assert f"{gone}: dit bestand ontbreekt" in capsys.readouterr().out


def test_class_13_keys_in_the_file_decide(bare, lab, receipt, tmp_path):
    fresh = SigningKey.generate(lab.key.name)
    (tmp_path / "nieuw").write_text(f"{fresh.verifier}\n")
    done = run(bare, "bewijs", receipt, "--vkey", tmp_path / "nieuw")
    assert done.returncode == 1 and "niet ondertekend met de sleutel die jij gaf" in done.stdout
    (tmp_path / "beide").write_text(f"{lab.key.verifier}\n{fresh.verifier}\n")
    assert run(bare, "bewijs", receipt, "--vkey", tmp_path / "beide").returncode == 0


def test_class_13_an_export_from_after_a_change_asks_for_the_older_key_too(bare, lab, tmp_path):
    before = lab.key
    old = lab.head(100)
    lab.key = SigningKey.generate(before.name)
    folder = lab.export(tmp_path / "export", heads=(250,))
    heads = (folder / "heads.jsonl").read_text()
    (folder / "heads.jsonl").write_text(json.dumps(old.decode(), ensure_ascii=False) + "\n" + heads)
    (tmp_path / "nieuw").write_text(f"{lab.key.verifier}\n")
    done = run(bare, "export", folder, "--vkey", tmp_path / "nieuw")
    assert done.returncode == 1 and "is de sleutel sindsdien gewisseld, zet dan ook de oude" in done.stdout
    (tmp_path / "beide").write_text(f"{before.verifier}\n{lab.key.verifier}\n")
    done = run(bare, "export", folder, "--vkey", tmp_path / "beide")
    assert done.returncode == 0 and "Controlepunten: 3." in done.stdout, done


def test_wrong_use_is_exit_2(bare, receipt, tmp_path):
    vkey = tmp_path / "vkey"
    (tmp_path / "kapot").write_text("geen vkey\n")
    (tmp_path / "leeg").write_text("")
    bare_proof = parse_proof(receipt.read_bytes())
    (tmp_path / "kaal").write_bytes(write_proof(Receipt(123, bare_proof.hashes, bare_proof.note)))
    for arguments in (
        [], ["bewijs"], ["bewijs", receipt], ["bewijs", tmp_path / "weg", "--vkey", vkey], ["raad", receipt, "--vkey", vkey],
        ["bewijs", receipt, "--vkey", tmp_path / "weg"], ["bewijs", receipt, "--vkey", tmp_path / "kapot"],
        ["bewijs", receipt, "--vkey", tmp_path / "leeg"], ["bewijs", tmp_path / "kaal", "--vkey", vkey],
        ["bewijs", receipt, "--vkey", vkey, "--quorum", "1"], ["export", receipt, "--vkey", vkey],
        ["bewijs", receipt, "--vkey", vkey, "--getuige", vkey],
    ):  # fmt: skip
        done = run(bare, *arguments)
        assert done.returncode == 2 and done.stderr.startswith("Verkeerd gebruik.") and not done.stdout, (
            arguments,
            done,
        )
    assert run(bare, "--help").returncode == 0


def test_a_bare_receipt_with_leaf_and_openings_beside_it(bare, lab, receipt, tmp_path):
    parsed = parse_proof(receipt.read_bytes())
    receipt.write_bytes(write_proof(Receipt(123, parsed.hashes, parsed.note)))
    (tmp_path / "regel").write_bytes(lab.leaves[123])
    opening = lab.openings[123]["bedrag"]
    (tmp_path / "openingen").write_text(f'{{"bedrag":["{opening.key.hex()}",{opening.value}]}}')
    more = ["--vkey", tmp_path / "vkey", "--regel", tmp_path / "regel", "--openingen", tmp_path / "openingen"]
    done = run(bare, "bewijs", receipt, *more)
    assert done.returncode == 0 and "bedrag: 1250000 (getoond" in done.stdout, done


def test_what_a_terminal_shows_holds_no_control_characters():
    assert verifier.shown("a\x1b[2Jb\u202ec\x9b") == '"a\\u001b[2Jb\\u202ec\\u009b"'


def test_every_flipped_byte_of_a_proof_is_refused(receipt, tmp_path, capsys):
    raw = receipt.read_bytes()
    for place in range(len(raw)):
        receipt.write_bytes(raw[:place] + bytes([raw[place] ^ 1]) + raw[place + 1 :])
        assert verifier.main(["bewijs", str(receipt), "--vkey", str(tmp_path / "vkey")]) == 1, place


def test_proof_text_has_the_form_of_the_specification(lab):
    raw = lab.receipt(0)
    lines = raw.decode().split("\n")
    assert lines[0] == "c2sp.org/tlog-proof@v1" and lines[1].startswith("extra ") and lines[2] == "index 0"
    assert raw.endswith(b"\n\n" + lab.head()) and write_proof(parse_proof(raw)) == raw
    single = Lab().grow(1)
    assert parse_proof(single.receipt(0)).hashes == ()
    note = lab.head()
    for bad in (
        b"", raw.replace(b"@v1", b"@v2"), raw.replace(b"index 0", b"index 00"), raw.replace(b"index 0", b"index -1"),
        raw.replace(b"\nindex 0", b""), b"c2sp.org/tlog-proof@v1\nindex 0\nAAAA\n\n" + note, raw.replace(b"\n", b"\r\n"),
        b"c2sp.org/tlog-proof@v1\nindex 0\n" + b"A" * 43 + b"=\n" * 1 + b"?\n\n" + note, note,
    ):  # fmt: skip
        with pytest.raises(BadProof):
            parse_proof(bad)
    for receipt in (Receipt(-1, (), note), Receipt(0, (b"",), note), Receipt(0, (leaf_hash(b""),) * 64, note)):
        with pytest.raises(BadProof):
            write_proof(receipt)


def test_class_11_a_witness_of_before_the_entry_refuses_a_receipt(lab, receipt, tmp_path, capsys):
    parsed, now = parse_proof(receipt.read_bytes()), int(MOMENT.timestamp())
    (tmp_path / "getuige").write_text(f"{WITNESS.verifier}\n")
    for time, expected in ((now, 0), (now - 3600, 1)):
        note = parsed.note + WITNESS.line(split_note(parsed.note)[0], time).encode()
        receipt.write_bytes(write_proof(Receipt(123, parsed.hashes, note, parsed.extra)))
        keys = ["--vkey", str(tmp_path / "vkey"), "--getuige", str(tmp_path / "getuige")]
        assert verifier.main(["bewijs", str(receipt), *keys]) == expected


def test_class_12_a_vkey_whose_id_is_not_its_own_or_twice_the_same_is_wrong_use(lab, receipt, tmp_path, capsys):
    vkey = str(lab.key.verifier)
    for text in (vkey.replace(lab.key.verifier.key_id.hex(), "00000000"), f"{vkey}\n{vkey}\n"):
        (tmp_path / "vkey").write_text(text)
        assert verifier.main(["bewijs", str(receipt), "--vkey", str(tmp_path / "vkey")]) == 2


def test_an_earlier_head_of_another_log_is_refused(lab, receipt, tmp_path, capsys):
    other = SigningKey("mandaat.zandermeer.nl/log2", lab.key.private)
    (tmp_path / "oud").write_bytes(sign_checkpoint(Checkpoint(other.name, 300, lab.root(300)), [other]))
    folder = lab.export(tmp_path / "export")
    (tmp_path / "beide").write_text(f"{lab.key.verifier}\n{other.verifier}\n")
    arguments = ["export", str(folder), "--vkey", str(tmp_path / "beide"), "--vorige", str(tmp_path / "oud")]
    assert verifier.main(arguments) == 1
    assert "Een eerder controlepunt telt 300 regels van mandaat.zandermeer.nl/log2" in capsys.readouterr().out


def test_class_17_a_place_past_the_end_is_refused():
    only = leaf_hash(b"x")
    assert verifier.root_from_path(0, 1, only, []) == only
    single = Lab().grow(1)
    parsed = parse_proof(single.receipt(0))
    moved = write_proof(Receipt(1, parsed.hashes, parsed.note, parsed.extra))
    keys = {(single.key.name, single.key.verifier.key_id): (1, single.key.private.public_key())}
    with pytest.raises(verifier.Wrong, match="staat niet op deze plaats"):
        verifier.check_receipt(moved, keys, 0, None, None)
