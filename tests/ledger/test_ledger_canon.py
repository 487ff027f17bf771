"""One spelling: equal to RFC 8785 by code that is not ours, and every trap of mandates 4.5 class 19 refused."""

import json
import unicodedata
from datetime import UTC, datetime, timedelta, timezone

import pytest
import rfc8785
from hypothesis import given, settings
from hypothesis import strategies as st

from teams.ledger import verifier
from teams.ledger.canon import MAX_INT, NotCanonical, canonical, parse
from teams.ledger.commit import Opening, commitment, disagreements, new_opening, openings_from_json, openings_json
from teams.ledger.leaf import MAX_ENTRY, TYPES, leaf_bytes, moment, read_leaf

texts = st.text(st.characters(exclude_categories=["Cs"])).map(lambda text: unicodedata.normalize("NFC", text))
keys = st.text(st.characters(max_codepoint=127), max_size=8)
leaves = st.none() | st.booleans() | st.integers(-MAX_INT, MAX_INT) | texts
values = st.recursive(leaves, lambda inner: st.lists(inner) | st.dictionaries(keys, inner), max_leaves=12)
MOMENT = datetime(2026, 11, 22, 13, 45, 56, tzinfo=UTC)


@settings(max_examples=500)
@given(values)
def test_canonical_is_rfc_8785(value):
    assert canonical(value) == rfc8785.dumps(value)
    assert parse(canonical(value)) == value


@settings(max_examples=300)
@given(values, st.integers(0, 10_000), st.integers(0, 255))
def test_another_byte_is_another_value_or_refused(value, place, byte):
    raw = bytearray(canonical(value))
    raw[place % len(raw)] = byte
    try:
        other = parse(bytes(raw))
    except NotCanonical:
        return
    assert canonical(other) == bytes(raw)


@pytest.mark.parametrize(
    "value",
    [1.0, 1e21, float("nan"), float("inf"), 2**53, -(2**53), b"x", ("a",), {1: 2}, {"é": 1}, "e\u0301", ["e\u0301"],
     "\ud800", {"a": "\udfff"}, object(), {"a": {"b": {"c": 0.5}}}],
)  # fmt: skip
def test_class_19_values_outside_the_domain_are_refused(value):
    with pytest.raises(NotCanonical):
        canonical(value)


@pytest.mark.parametrize(
    "raw",
    [b'{"a":1,"a":1}', b'{"a":1.0}', b'{"a":1e2}', b'{"a":-0}', b'{"a": 1}', b'{"b":1,"a":1}', b'{"a":NaN}', b'"\\u0041"',
     b'"\\ud800"', '"e\u0301"'.encode(), b'{"a":9007199254740992}', b"\xef\xbb\xbf1", b"\xff", b"", b"1\n", b"01",
     b"[" * 100_000, b"1" * 5000, '{"\u00e9":1}'.encode(), b'"\\/"', b"[" * 20 + b"]" * 20],
)  # fmt: skip
def test_class_19_other_spellings_are_refused(raw):
    with pytest.raises(NotCanonical):
        parse(raw)


def test_class_19_the_outside_encoder_sees_the_same_traps():
    with pytest.raises(rfc8785.IntegerDomainError):
        rfc8785.dumps(2**53)
    assert rfc8785.dumps("e\u0301") != rfc8785.dumps("\u00e9")
    assert rfc8785.dumps(1.0) == b"1" != json.dumps(1.0).encode()


@given(st.text(st.characters(codec="ascii", categories=["Ll"]), min_size=1, max_size=9), values, values)
def test_an_opening_fits_one_value_one_field_one_key(field, value, other):
    opening = new_opening(value)
    leaf = {field: commitment(field, opening)}
    assert disagreements(leaf, {field: opening}) == []
    assert disagreements(leaf, {}) == []
    assert disagreements(leaf, {field: Opening(opening.key[::-1], value)}) == [field]
    assert disagreements({f"{field}_b": leaf[field]}, {f"{field}_b": opening}) == [f"{field}_b"]
    fits = disagreements(leaf, {field: Opening(opening.key, other)}) == []
    assert fits == (canonical(value) == canonical(other))
    assert openings_from_json(openings_json({field: opening})) == {field: opening}


def test_commitment_is_the_hmac_of_mandates_4_2():
    opening = Opening(bytes(range(32)), 1_250_000)
    # printf 'mandaatlog/v1/bedrag\0001250000' | openssl dgst -sha256 -mac HMAC -macopt hexkey:000102..1f
    assert commitment("bedrag", opening) == "c:4c0adad0aecbcc13eb6f82f7627fe278e373d7860f7d77f3a5e318ff977207a8"
    with pytest.raises(NotCanonical):
        commitment("bedrag", Opening(b"short", 1))


def test_leaf_round_trip_for_every_type():
    for kind, shape in TYPES.items():
        assert shape.must <= shape.may, kind
    raw = leaf_bytes(7, "besluit", MOMENT, "zandermeer", _decision())
    assert read_leaf(raw)["at"] == "2026-11-22T13:45:56Z"
    assert raw == rfc8785.dumps(read_leaf(raw))


def _decision():
    return {"bevoegdheid": "SUB-01", "uitkomst": "bevoegd", "actor": commitment("actor", new_opening("Noor"))}


@pytest.mark.parametrize(
    "change",
    [{"naam": "Noor"}, {"actor": "Noor Elsdijk"}, {"bedrag": 100}, {"uitkomst": "ja, mits"}, {"keten": []}, {"keten": ["T12"]},
     {"doc": "sha256:00"}, {"aantal": -1}, {"aantal": True}, {"betreft": 7}, {"v": 2}, {"seq": 8}, {"vkey": "x+00000000+AA=="}, {"t_Naam": "c:" + "0" * 64}],
)  # fmt: skip
def test_closed_schema_refuses(change):
    with pytest.raises(NotCanonical):
        leaf_bytes(7, "besluit", MOMENT, "zandermeer", {**_decision(), **change})


@pytest.mark.parametrize(
    ("name", "value"),
    [("v", 2), ("v", True), ("seq", -1), ("seq", "7"), ("type", "roddel"), ("type", None), ("at", "2026-11-22"), ("org", ""),
     ("at", "2026-02-30T00:00:00Z"), ("actor", None), ("uitkomst", ["ja"])],
)  # fmt: skip
def test_read_leaf_refuses_what_we_never_write(name, value):
    leaf = dict(read_leaf(leaf_bytes(7, "besluit", MOMENT, "zandermeer", _decision())))
    leaf[name] = value
    with pytest.raises(NotCanonical):
        read_leaf(canonical(leaf))


def test_a_missing_field_and_a_bare_moment_are_refused():
    with pytest.raises(NotCanonical):
        leaf_bytes(7, "besluit", MOMENT, "zandermeer", {"uitkomst": "bevoegd"})
    with pytest.raises(NotCanonical):
        moment(MOMENT.replace(tzinfo=None))
    assert moment(MOMENT.astimezone(timezone(timedelta(hours=1))).replace(microsecond=999_999)) == moment(MOMENT)


def test_class_18_an_entry_of_65_535_bytes_fits_and_one_more_does_not():
    link = "T" * 57 + "@sha256:" + "0" * 64
    fields = {**_decision(), "keten": [link] * 490}
    short = MAX_ENTRY - len(leaf_bytes(7, "besluit", MOMENT, "zandermeer", fields))
    assert short > 0
    while short > 130:
        fields["keten"] = [*fields["keten"], link]
        short = MAX_ENTRY - len(leaf_bytes(7, "besluit", MOMENT, "zandermeer", fields))
    fields["keten"] = [*fields["keten"][:-1], "T" * (57 + short // 2) + link[57:]]
    fields["keten"][0] = "T" * (57 + short - short // 2) + link[57:]
    assert len(leaf_bytes(7, "besluit", MOMENT, "zandermeer", fields)) == MAX_ENTRY
    fields["keten"][1] = "T" + fields["keten"][1]
    with pytest.raises(NotCanonical, match="65536"):
        leaf_bytes(7, "besluit", MOMENT, "zandermeer", fields)


@given(values)
def test_the_standalone_file_spells_alike_with_and_without_what_python_may_lack(value):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(json.encoder, "c_make_encoder", None)
        slow = verifier.spelling()
    assert slow(value) == verifier.encode(value) == canonical(value).decode()


@given(st.binary(min_size=32, max_size=32), values)
def test_the_standalone_file_seals_as_hmac_does(key, value):
    seal = commitment("inhoud", Opening(key, value))
    raw = canonical({"at": "2026-11-22T13:45:56Z", "inhoud": seal, "org": "x", "seq": 0, "type": "besluit", "v": 1})
    assert verifier.check_entry(raw, 0, {"inhoud": [key.hex(), value]})
    for other in (key.hex()[:-2], key.hex().upper() + "x", key.hex() + "00", " " + key.hex()):
        with pytest.raises(verifier.Wrong):
            verifier.check_entry(raw, 0, {"inhoud": [other, value]})
