"""Mandates 4.5, classes 1-7 by code that is not ours, 1-10 by the standalone verifier over an export."""

import json

import pytest
from tests.ledger.lab import Lab, decision, extends, included

from teams.ledger import verifier
from teams.ledger.commit import new_opening
from teams.ledger.tree import leaf_hash


@pytest.fixture
def lab():
    return Lab().grow(40)


def export_says(lab, tmp_path, *more, heads=(), damage=None):
    folder = lab.export(tmp_path / "export", heads)
    if damage:
        damage(folder)
    return verifier.main(["export", str(folder), "--vkey", str(tmp_path / "vkey"), *map(str, more)])


def edited(raw):
    return raw.replace(b'bevoegd"', b'geweigerd"', 1)


def test_an_untouched_log_is_good_everywhere(lab, tmp_path, capsys):
    for seq in range(40):
        assert included(lab, lab.head(), seq, lab.leaves[seq], lab.inclusion(seq))
    for size in range(1, 41):
        assert extends(lab, lab.head(size), lab.head(), lab.consistency(size))
    assert export_says(lab, tmp_path, heads=(1, 7, 7, 32)) == 0
    assert "Klopt. Alle 40 regels" in (out := capsys.readouterr().out)
    assert "120, waarvan 120 getoond" in out and "Controlepunten: 5" in out


def test_class_1_an_edited_leaf(lab, tmp_path):
    old, path = lab.head(), lab.inclusion(12)
    lab.leaves[12] = edited(lab.leaves[12])
    assert not included(lab, old, 12, lab.leaves[12], path)
    lab.rebuild()
    new = lab.head()
    assert included(lab, new, 12, lab.leaves[12], lab.inclusion(12)), "a signature without memory proves nothing"
    (tmp_path / "old").write_bytes(old)
    assert export_says(lab, tmp_path, "--vorige", tmp_path / "old") == 1
    lab.grow(5)
    assert not extends(lab, old, lab.head(), lab.consistency(40))


def test_class_1_without_signing_again(lab, tmp_path, capsys):
    old = lab.head()
    lab.leaves[12] = edited(lab.leaves[12])
    assert export_says(lab, tmp_path, damage=lambda folder: (folder / "checkpoint").write_bytes(old)) == 1
    assert "Het controlepunt over 40 regels" in capsys.readouterr().out


def test_class_2_an_edited_node(lab, tmp_path):
    for coord in list(lab.stored):
        kept = lab.stored[coord]
        lab.stored[coord] = leaf_hash(b"forged")
        used = [seq for seq in range(40) if leaf_hash(b"forged") in lab.inclusion(seq)]
        assert used
        for seq in used:
            assert not included(lab, lab.head(), seq, lab.leaves[seq], lab.inclusion(seq))
        lab.stored[coord] = kept

    def damage(folder):
        path = folder / "tile/0/000.p/40"
        path.write_bytes(bytes(32) + path.read_bytes()[32:])

    assert export_says(lab, tmp_path, damage=damage) == 1


def test_class_3_the_last_rows_deleted(lab, tmp_path, capsys):
    old, receipt = lab.head(), lab.receipt(35)
    del lab.leaves[30:], lab.openings[30:]
    lab.rebuild()
    assert not included(lab, old, 29, lab.leaves[29], lab.inclusion(29)), "the head still counts 40"
    assert not extends(lab, old, lab.head(), lab.consistency(30)), "the head signed again is a rollback"
    (tmp_path / "bewijs").write_bytes(receipt)
    assert export_says(lab, tmp_path, "--vorige", tmp_path / "bewijs") == 1
    assert "telt 40 regels" in capsys.readouterr().out


def test_class_3_a_bundle_that_holds_less_than_the_head(lab, tmp_path):
    old = lab.head()
    del lab.leaves[30:], lab.openings[30:]
    assert export_says(lab, tmp_path, damage=lambda folder: (folder / "checkpoint").write_bytes(old)) == 1


def test_class_4_an_older_dump_and_then_on(lab, tmp_path):
    witnessed = lab.head()
    del lab.leaves[25:], lab.openings[25:]
    lab.grow(30)
    assert not extends(lab, witnessed, lab.head(), lab.consistency(40))
    (tmp_path / "old").write_bytes(witnessed)
    assert export_says(lab, tmp_path, "--vorige", tmp_path / "old") == 1


def test_class_5_two_heads_of_one_size(lab, tmp_path, capsys):
    first = lab.head()
    fork = Lab(lab.key).grow(40)
    assert not extends(lab, first, fork.head(), [])
    assert extends(lab, first, first, [])

    def damage(folder):
        (folder / "heads.jsonl").write_text(json.dumps(fork.head().decode(), ensure_ascii=False) + "\n")

    assert export_says(lab, tmp_path, damage=damage) == 1
    assert "over 40 regels" in capsys.readouterr().out


@pytest.mark.parametrize("change", ["reorder", "duplicate", "insert", "gap"])
def test_classes_6_and_7_order(lab, tmp_path, change, capsys):
    old, raw = lab.head(), lab.leaves[20]
    if change == "reorder":
        lab.leaves[20], lab.leaves[21] = lab.leaves[21], lab.leaves[20]
        lab.openings[20], lab.openings[21] = lab.openings[21], lab.openings[20]
    elif change == "gap":
        del lab.leaves[20], lab.openings[20]
        lab.grow(1)
    else:
        lab.leaves.insert(20, raw if change == "duplicate" else decision(20, {"actor": new_opening("Iemand")}))
        lab.openings.insert(20, {} if change == "insert" else dict(lab.openings[20]))
    lab.rebuild()
    assert not included(lab, old, 20, lab.leaves[20], lab.inclusion(20, 40))
    lab.grow(3)
    assert not extends(lab, old, lab.head(), lab.consistency(40))
    assert export_says(lab, tmp_path) == 1, "the entry itself says where it belongs"
    assert "hoort op plaats" in capsys.readouterr().out


def rewrite(folder, change):
    path = folder / "openings.jsonl"
    lines = [json.loads(line) for line in path.read_text().splitlines()]
    change(lines)
    path.write_text("".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines))


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda lines: lines[9]["openings"]["bedrag"].__setitem__(1, 1), id="8 row edited"),
        pytest.param(
            lambda lines: lines[9]["openings"]["bedrag"].__setitem__(1, 1_250_000.0), id="8 row edited, float"
        ),
        pytest.param(lambda lines: lines[9]["openings"]["bedrag"].__setitem__(1, "1250000"), id="8 row edited, text"),
        pytest.param(lambda lines: lines[9]["openings"]["onderwerp"].__setitem__(1, "Snoei e\u0301"), id="8 row, NFD"),
        pytest.param(
            lambda lines: lines[9]["openings"].update(actor=lines[10]["openings"]["actor"]), id="9 two entries"
        ),
        pytest.param(
            lambda lines: lines[9]["openings"].update(bedrag=lines[9]["openings"]["actor"]), id="9 two fields"
        ),
        pytest.param(lambda lines: lines[9].update(openings=lines[10]["openings"]), id="9 whole row"),
        pytest.param(lambda lines: lines[9]["openings"].update(naam=["00" * 32, "x"]), id="9 field not in the leaf"),
        pytest.param(lambda lines: lines.insert(9, lines[9]), id="9 twice"),
        pytest.param(lambda lines: lines.append({"seq": 40, "openings": {}}), id="9 past the end"),
        pytest.param(lambda lines: lines[9].update(seq=8), id="9 wrong place"),
        pytest.param(lambda lines: lines.insert(9, None), id="9 null"),
        pytest.param(lambda lines: lines[9].update(openings=None), id="9 null openings"),
        pytest.param(lambda lines: lines[9]["openings"].update(actor=["00", 1]), id="9 short key"),
    ],
)
def test_classes_8_and_9_openings(lab, tmp_path, change):
    assert export_says(lab, tmp_path, damage=lambda folder: rewrite(folder, change)) == 1


def test_class_8_the_leaf_edited_and_signed_again_while_the_row_stays(lab, tmp_path):
    other = decision(12, {**lab.openings[12], "bedrag": new_opening(1)})
    lab.leaves[12] = other
    lab.rebuild()
    assert export_says(lab, tmp_path) == 1


def test_class_10_erased_openings_leave_the_log_good_and_the_content_unknown(lab, tmp_path, capsys):
    def erase(lines):
        del lines[9]["openings"]["actor"], lines[9]["openings"]["onderwerp"], lines[20:30]

    assert export_says(lab, tmp_path, damage=lambda folder: rewrite(folder, erase)) == 0
    assert "120, waarvan 88 getoond" in capsys.readouterr().out


def test_every_byte_of_an_export_matters(tmp_path, capsys):
    lab = Lab().grow(5)
    folder = lab.export(tmp_path / "export", heads=(3,))
    vkey = str(tmp_path / "vkey")
    assert verifier.main(["export", str(folder), "--vkey", vkey]) == 0
    silent = set()
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            good = path.read_bytes()
            for place in range(0, len(good), 3):
                bit = 0x20 if good[place : place + 1].isalpha() else 1
                path.write_bytes(good[:place] + bytes([good[place] ^ bit]) + good[place + 1 :])
                if verifier.main(["export", str(folder), "--vkey", vkey]) != 1:
                    silent.add((path.name, good[place : place + 1]))
            path.write_bytes(good)
    assert silent == set()


SPELLED = '{"at":"2026-11-22T13:45:56Z","org":"x","seq":1,"type":"besluit","v":1}'


@pytest.mark.parametrize(
    "raw",
    [
        SPELLED.replace(",", ", ", 1),
        SPELLED.replace('"v":1', '"v":1,"v":1'),
        SPELLED.replace('"v":1', '"v":true'),
        SPELLED.replace('"v":1', '"v":2'),
        SPELLED.replace('"seq":1', '"seq":true'),
        SPELLED.replace('"seq":1', '"seq":1.0'),
        SPELLED.replace('"org":"x"', '"org":"e\u0301"'),
        SPELLED.replace('"org":"x"', '"org":"\\u00e9"'),
        SPELLED.replace("13:45:56Z", "13:45"),
        SPELLED.replace('"type":"besluit"', '"type":null'),
        f"[{SPELLED}]",
        "",
    ],
)
def test_class_19_a_careless_log_that_signs_another_spelling_is_refused(tmp_path, raw, capsys):
    lab = Lab().grow(2)
    lab.openings[1] = {}
    lab.leaves[1] = SPELLED.encode()
    assert export_says(lab.rebuild(), tmp_path / "good") == 0
    lab.leaves[1] = raw.encode()
    assert export_says(lab.rebuild(), tmp_path / "bad") == 1
    assert "Klopt niet. Regel 1:" in capsys.readouterr().out


@pytest.mark.parametrize("heads", [(7, 5), (41,), (41, 40)])
def test_heads_out_of_order_or_past_the_end_are_refused(tmp_path, heads, capsys):
    lab = Lab().grow(45)
    notes = [json.dumps(lab.head(size).decode(), ensure_ascii=False) + "\n" for size in heads]
    del lab.leaves[40:], lab.openings[40:]
    lab.rebuild()
    assert export_says(lab, tmp_path, damage=lambda folder: (folder / "heads.jsonl").write_text("".join(notes))) == 1
    assert "staat op de verkeerde plaats" in capsys.readouterr().out
