"""Heads as C2SP signed notes: read by us, the standalone verifier, code that is not ours, and openssl (class 12)."""

import base64
import shutil
import subprocess

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.ledger.lab import ORIGIN, head_good

from teams.ledger import verifier
from teams.ledger.note import (
    COSIGNATURE,
    BadNote,
    Checkpoint,
    SigningKey,
    VerifierKey,
    add_checkpoint_request,
    cosignatures,
    open_checkpoint,
    parse_vkey,
    sign_checkpoint,
    split_note,
)

KEY = SigningKey.generate(ORIGIN)
NEXT = SigningKey.generate(ORIGIN)
WITNESS = SigningKey.generate("griffie.zandermeer.nl/w1", COSIGNATURE)
HEAD = Checkpoint(ORIGIN, 7, bytes(range(32)))
NOTE = sign_checkpoint(HEAD, [KEY])
DASH = "\N{EM DASH}"


def resigned(text):
    """Any text with a right signature under it, as a careless log would make it."""
    raw = text.encode()
    return raw + b"\n" + KEY.line(raw).encode()


def ours(note, *keys):
    try:
        open_checkpoint(note, keys)
    except BadNote:
        return False
    return True


def standalone(note, *keys, quorum=0):
    known = {
        (key.name, key.key_id): (key.kind, verifier.Ed25519PublicKey.from_public_bytes(key.public)) for key in keys
    }
    try:
        verifier.read_head(note, known, quorum)
    except verifier.Wrong:
        return False
    return True


def agreed(note, key=KEY.verifier):
    """The answer that all three give."""
    answers = {ours(note, key), standalone(note, key), head_good(note, str(key))}
    assert len(answers) == 1, answers
    return answers.pop()


def test_a_head_is_accepted_by_all_three():
    assert agreed(NOTE)
    head = open_checkpoint(NOTE, [KEY.verifier])
    assert head.checkpoint == HEAD and head.signers == (KEY.verifier,) and head.witnesses == {}


BODY = HEAD.text().decode()
LINE = KEY.line(HEAD.text())
DAMAGED = {
    "size edited": NOTE.replace(b"\n7\n", b"\n8\n"),
    "CRLF": NOTE.replace(b"\n", b"\r\n"),
    "CRLF, signed": resigned(BODY.replace("\n", "\r\n")),
    "no final newline": NOTE[:-1],
    "leading zero, signed": resigned(BODY.replace("\n7\n", "\n07\n")),
    "plus sign, signed": resigned(BODY.replace("\n7\n", "\n+7\n")),
    "no signature": HEAD.text() + b"\n",
    "no blank line": HEAD.text() + LINE.encode(),
    "tab": NOTE.replace(b"log1\n", b"log1\t\n", 1),
    "hyphen for dash": NOTE.replace(DASH.encode(), b"-"),
    "two spaces": NOTE.replace(f"{DASH} ".encode(), f"{DASH}  ".encode()),
    "short root, signed": resigned(f"{ORIGIN}\n7\n{base64.b64encode(bytes(31)).decode()}\n"),
    "root not base64, signed": resigned(f"{ORIGIN}\n7\n{'?' * 44}\n"),
    "two lines, signed": resigned(f"{ORIGIN}\n7\n"),
    "no UTF-8": NOTE.replace(b"mandaat", b"mand\xe4at"),
    "signature too short": HEAD.text() + f"\n{DASH} {ORIGIN} AAAA\n".encode(),
    "base64 spelled otherwise": NOTE.rstrip(b"=\n") + b"\n",
    "empty": b"",
}


@pytest.mark.parametrize("name", DAMAGED)
def test_class_12_a_malformed_head_is_refused_by_all_three(name):
    assert not agreed(DAMAGED[name])


@pytest.mark.parametrize(
    "note",
    [resigned(BODY.replace("\n7\n", "\n0\n")), resigned(BODY + "uitbreiding\n"), NOTE + LINE.encode()],
    ids=["size 0", "extension line", "duplicate line"],
)
def test_class_12_what_we_refuse_beyond_the_specification(note):
    assert not ours(note, KEY.verifier) and not standalone(note, KEY.verifier)


def test_class_12_another_key_origin_or_colliding_id_is_refused():
    assert not agreed(NOTE, NEXT.verifier)
    assert not agreed(NOTE, VerifierKey("mandaat.elders.nl/log1", 1, KEY.verifier.public))
    other = SigningKey("mandaat.elders.nl/log1", KEY.private)
    foreign = HEAD.text() + b"\n" + other.line(HEAD.text()).encode()
    assert not agreed(foreign) and not ours(foreign, other.verifier) and not standalone(foreign, other.verifier)
    raw = KEY.verifier.key_id + NEXT.private.sign(HEAD.text())
    collision = HEAD.text() + f"\n{DASH} {ORIGIN} {base64.b64encode(raw).decode()}\n".encode()
    assert not agreed(collision)
    assert not agreed(NOTE + collision.rpartition(b"\n\n")[2])


def test_class_12_lines_of_unknown_keys_are_ignored_even_of_another_kind():
    stranger = SigningKey.generate("iemand.anders.nl/x")
    long = f"{DASH} pq.zandermeer.nl/log1 {base64.b64encode(b'abcd' + bytes(2420)).decode()}\n"
    note = NOTE + stranger.line(HEAD.text()).encode() + long.encode() + WITNESS.line(HEAD.text(), 5).encode()
    assert agreed(note)


def test_class_13_rotation_old_key_both_keys_new_key():
    both = sign_checkpoint(HEAD, [KEY, NEXT])
    assert agreed(both, KEY.verifier) and agreed(both, NEXT.verifier)
    after = sign_checkpoint(HEAD._replace(size=9), [NEXT])
    assert not agreed(after, KEY.verifier) and agreed(after, NEXT.verifier)
    assert ours(after, KEY.verifier, NEXT.verifier) and standalone(after, KEY.verifier, NEXT.verifier)


def test_class_13_a_stolen_key_signs_nothing_of_the_new_origin():
    thief = SigningKey("mandaat.zandermeer.nl/log2", KEY.private)
    fresh = SigningKey.generate("mandaat.zandermeer.nl/log2")
    forged = sign_checkpoint(HEAD._replace(origin=thief.name), [thief])
    assert not agreed(forged, fresh.verifier) and not agreed(forged, KEY.verifier)


@settings(max_examples=300)
@given(st.integers(0, len(NOTE) - 1), st.integers(0, 7))
def test_class_12_any_flipped_bit_is_refused_by_all_three(place, bit):
    note = bytearray(NOTE)
    note[place] ^= 1 << bit
    assert not agreed(bytes(note))


def test_keys_travel_as_text():
    assert parse_vkey(str(KEY.verifier)) == KEY.verifier
    assert SigningKey.load(KEY.dump()).verifier == KEY.verifier
    assert "PRIVATE" not in str(KEY)
    vkey = str(KEY.verifier)
    for bad in ("", "a+b", vkey[:-1], vkey.replace(ORIGIN, "x"), vkey.replace("+", "-", 1), str(KEY.dump())):
        with pytest.raises(BadNote):
            parse_vkey(bad)
    for bad in ("", KEY.dump().replace(ORIGIN, "x"), vkey):
        with pytest.raises(BadNote):
            SigningKey.load(bad)
    for name in ("", "a b", "a+b", "a\u00a0b"):
        with pytest.raises(BadNote):
            VerifierKey(name, 1, bytes(32))


def test_a_head_that_may_not_be_signed():
    for head in (HEAD._replace(size=0), HEAD._replace(root=b""), HEAD._replace(origin="")):
        with pytest.raises(BadNote):
            sign_checkpoint(head, [KEY])
    for keys in ([], [WITNESS], [SigningKey.generate("mandaat.elders.nl/log1")]):
        with pytest.raises(BadNote):
            sign_checkpoint(HEAD, keys)


def test_witness_lines_are_checked_counted_and_ignored_when_unknown():
    line = WITNESS.line(HEAD.text(), 1_795_000_000)
    stranger = SigningKey.generate("onbekend.nl/w", COSIGNATURE).line(HEAD.text(), 1)
    assert cosignatures((line + stranger).encode(), NOTE, [WITNESS.verifier]) == [line]
    note = NOTE + line.encode()
    assert open_checkpoint(note, [KEY.verifier], [WITNESS.verifier], 1).witnesses == {WITNESS.name: 1_795_000_000}
    assert standalone(note, KEY.verifier, WITNESS.verifier, quorum=1) and head_good(note, str(KEY.verifier))
    assert not standalone(NOTE, KEY.verifier, WITNESS.verifier, quorum=1)
    with pytest.raises(BadNote, match="0 of 1"):
        open_checkpoint(NOTE, [KEY.verifier], [WITNESS.verifier], 1)
    later = WITNESS.verifier.key_id + (9).to_bytes(8, "big") + split_note(note)[1][1].signature[8:]
    moved = f"{DASH} {WITNESS.name} {base64.b64encode(later).decode()}\n"
    for bad in (moved, WITNESS.line(HEAD._replace(size=8).text(), 1)):
        assert not standalone(NOTE + bad.encode(), KEY.verifier, WITNESS.verifier)
        with pytest.raises(BadNote, match="wrong signature"):
            cosignatures(bad.encode(), NOTE, [WITNESS.verifier])
    with pytest.raises(BadNote):
        cosignatures(b"<html>", NOTE, [WITNESS.verifier])


def test_a_witness_alone_is_no_signature_of_the_log():
    note = HEAD.text() + b"\n" + WITNESS.line(HEAD.text(), 5).encode()
    assert not standalone(note, KEY.verifier, WITNESS.verifier)
    with pytest.raises(BadNote, match="not signed by the log"):
        open_checkpoint(note, [KEY.verifier], [WITNESS.verifier])


def test_request_to_a_witness_has_the_form_of_tlog_witness():
    body = add_checkpoint_request(5, [bytes(32)], NOTE)
    assert body == b"old 5\n" + base64.b64encode(bytes(32)) + b"\n\n" + NOTE
    assert add_checkpoint_request(0, [], NOTE) == b"old 0\n\n" + NOTE
    with pytest.raises(BadNote):
        add_checkpoint_request(0, [bytes(32)], NOTE)


@pytest.mark.skipif(shutil.which("openssl") is None, reason="no openssl on this machine")
def test_openssl_checks_the_note_by_the_published_recipe(tmp_path):
    for note, right in ((NOTE, True), (DAMAGED["size edited"], False)):
        text, lines = split_note(note)
        (tmp_path / "text").write_bytes(text)
        (tmp_path / "signature").write_bytes(lines[0].signature)
        (tmp_path / "key.der").write_bytes(bytes.fromhex("302a300506032b6570032100") + KEY.verifier.public)
        recipe = "openssl pkeyutl -verify -pubin -keyform DER -inkey key.der -rawin -in text -sigfile signature"
        done = subprocess.run(recipe.split(), cwd=tmp_path, capture_output=True)
        assert (done.returncode == 0) == right, done


def test_class_12_two_keys_of_one_name_and_id_and_other_base64_are_refused():
    with pytest.raises(BadNote, match="share"):
        open_checkpoint(NOTE, [KEY.verifier, KEY.verifier])
    for line in (f"{DASH} x.nl/y AAAAAA=\n", f"{DASH} x.nl/y AAAA\n", f"{DASH} x.nl/y AAAAAAF=\n"):
        assert not ours(NOTE + line.encode(), KEY.verifier) and not standalone(NOTE + line.encode(), KEY.verifier)
