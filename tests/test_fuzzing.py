"""Every parser answers anything at all with a value or with its own refusal, never with another error."""

import base64
import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from teams.api.routes import place_of
from teams.exchange import cells
from teams.exchange.mandaten import words
from teams.exchange.personen import SHAPE
from teams.exchange.tables import BadTables, read_tables
from teams.http.readable import Refused, check_text, strict_json
from teams.kit.errors import Refusal
from teams.kit.money import AmountError, parse_amount, parse_plain_amount
from teams.klussen.listing import read_cursor
from teams.ledger import canon, leaf, note, proof, tiles, verifier
from teams.mandates.conditions import ConditionError, parse_conditions, parse_triggers
from teams.structure.moment import moment_from
from teams.web.forms import Fields, decimal_text, form_of, iso_date
from teams.web.inloggen import inside
from teams.web.mandaat_beheer_overnemen import read_list

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
HEAD = "personeelsnummer;naam;email;contracturen\n"
VKEY = "mandaat.example/log1+0123abcd+" + base64.b64encode(b"\1" + bytes(32)).decode()
RECEIPT = (
    "c2sp.org/tlog-proof@v1\nextra e30=\nindex 7\n"
    + base64.b64encode(bytes(32)).decode()
    + "\n\nmandaat.example/log1\n9\n"
)


def like(*examples: str) -> st.SearchStrategy[str]:
    """Any text; the signs of the examples in any order; an example with a piece cut out and something put in."""
    signs = "".join(sorted(set("".join(examples)))) + "９\u0661\u00a0\u202e-+ \t\n\0"

    @st.composite
    def broken(draw: st.DrawFn) -> str:
        example = draw(st.sampled_from(examples))
        start, end = sorted((draw(st.integers(0, len(example))), draw(st.integers(0, len(example)))))
        return example[:start] + draw(st.text(signs, max_size=6)) + example[end:]

    return st.text(max_size=80) | st.text(signs, max_size=80) | broken() | st.sampled_from(examples)


def raw(*examples: str) -> st.SearchStrategy[bytes]:
    return st.binary(max_size=200) | like(*examples).map(lambda text: text.encode("utf-8", "surrogatepass"))


_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=10),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)
_places = st.fixed_dictionaries({}, optional=dict.fromkeys(("number", "back", "starts", "from"), _values)) | _values
CURSORS = (
    st.text(max_size=60)
    | _places.map(lambda value: base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("="))
    | st.integers(1, 5000).map(lambda deep: base64.urlsafe_b64encode(b"[" * deep).decode())
)
DAYS = like("2026-03-01", "1-3-2026", "29-02-2027", "31-12-9999", "2026-10-25T02:30:00+01:00", "2026-11-22T10:00Z")
MONEY = like("7.500,00", "€ 7.500,-", "7500.00", "1,000.50", "1e9", "-0", "NaN", "9" * 30)


def scope(query: bytes) -> dict[str, Any]:
    return {"raw_path": b"/klussen/" + query[:20], "query_string": query}


def export_bundle(content: bytes) -> None:
    list(tiles.unbundle(content))


PARSERS: dict[str, tuple[Callable[[Any], object], st.SearchStrategy[Any], tuple[type[Exception], ...]]] = {
    # name: what is called, with what, and how it may refuse
    "amount": (parse_amount, MONEY, (AmountError,)),
    "plain amount": (parse_plain_amount, MONEY, (AmountError,)),
    "amount in a cell": (words.amount, MONEY, (cells.BadCell,)),
    "four eyes in a cell": (words.four_eyes, MONEY | like("ja", "nee", "altijd"), (cells.BadCell,)),
    "year in a cell": (words.year, DAYS, (cells.BadCell,)),
    "day in a cell": (cells.day, DAYS, (cells.BadCell,)),
    "hours in a cell": (cells.hours, like("36", "28,5", "0", "60"), (cells.BadCell,)),
    "line in a cell": (cells.line(), like("=1+1", "'=x", "Noor"), (cells.BadCell,)),
    "list in a cell": (cells.listing(), like("a|b", "a|=b"), (cells.BadCell,)),
    "address in a cell": (cells.email, like("aya@proefdam.example", "ü@bücher.example"), (cells.BadCell,)),
    "conditions": (parse_conditions, like("bedrag<=€ 5.000", "kenmerk:a|b", "gebied: Noord"), (ConditionError,)),
    "triggers": (parse_triggers, like("bedrag>5.000|duur>8", "kenmerk:x", "zaaktype:B"), (ConditionError,)),
    "moment": (lambda text: moment_from(text, text, NOW), DAYS, (Refusal,)),
    "day in a form": (iso_date, DAYS, ()),
    "decimal in a form": (decimal_text, MONEY, ()),
    "pasted list": (read_list, like("Wie\tMag\nAya\t5.000", 'a;b\n"x;y', ","), ()),
    "where to go after log-in": (inside, like("//evil.nl", "/\\evil.nl", "javascript:x", "/klussen?a=b"), ()),
    "place in a list": (place_of, CURSORS, (Refusal,)),
    "place among klussen": (lambda text: read_cursor(text, "start"), CURSORS, (Refusal,)),
    "place among past klussen": (lambda text: read_cursor(text, "past"), CURSORS, (Refusal,)),
    "JSON": (strict_json, raw('{"a":[1,2.5,null]}', '{"a":1,"a":2}', '"\\ud800"', "[" * 3000), (Refused,)),
    "address": (lambda text: check_text(scope(text)), raw("zoek=a%00b", "a=%ff&b", "q=%F0%9F%98%80"), (Refused,)),
    "canonical JSON": (canon.parse, raw('{"a":[1,2]}', '{"b":1,"a":2}', "[" * 3000), (canon.NotCanonical,)),
    "leaf": (leaf.read_leaf, raw('{"at":"2026-11-22T10:00:00.000000Z","org":"x","seq":0,"type":"t","v":1}'), (ValueError,)),
    "key of a log": (note.parse_vkey, like(VKEY), (note.BadNote,)),
    "note": (note.split_note, raw("mandaat.example/log1\n9\nAAAA\n\n— mandaat.example/log1 AAAA\n"), (note.BadNote,)),
    "head": (note.parse_checkpoint, raw("mandaat.example/log1\n9\n" + "A" * 43 + "=\n"), (ValueError,)),
    "receipt": (proof.parse_proof, raw(RECEIPT), (ValueError,)),
    "receipt, checked apart": (verifier.read_proof, raw(RECEIPT), (verifier.Wrong,)),
    "openings in a receipt": (proof.parse_extra, raw('{"leaf":"{}","openings":{"a":{"salt":"00","text":"x"}}}'), (ValueError,)),
    "bundle": (export_bundle, raw("\0\5abcde", "\0\5abc"), (ValueError,)),
    "tile": (tiles.tile_hashes, raw("a" * 64), (ValueError,)),
}  # fmt: skip


def hold(name: str, examples: int) -> None:
    parse, strategy, refusals = PARSERS[name]

    @settings(max_examples=examples, database=None, suppress_health_check=list(HealthCheck))
    @given(strategy)
    def each(given_value: Any) -> None:
        try:
            parse(given_value)
        except refusals:
            return

    each()


@pytest.mark.parametrize("name", PARSERS)
def test_a_value_or_a_refusal(name: str) -> None:
    hold(name, 25)


@pytest.mark.long
@pytest.mark.parametrize("name", PARSERS)
def test_a_value_or_a_refusal_at_length(name: str) -> None:
    hold(name, 5000)


@settings(max_examples=60)
@given(MONEY)
def test_row_26_an_amount_is_exact_or_refused(text: str) -> None:
    """Never a silent factor of a thousand: written without dots and spaces, the digits are those that were typed."""
    try:
        cents = parse_amount(text)
    except AmountError:
        return
    digits = "".join(sign for sign in text if sign.isdigit())
    assert digits.isascii() and digits in (f"{cents:03}", str(cents // 100))


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(rows=st.lists(st.lists(like("1", "Noor", "noor@x.example", "36", '"', ";"), max_size=5), max_size=4), how=st.sampled_from(("utf-8-sig", "cp1252", "utf-16")))  # fmt: skip
def test_row_34_an_import_file_is_read_or_its_place_is_named(tmp_path: Path, rows: list[list[str]], how: str) -> None:
    text = HEAD + "\n".join(";".join(row) for row in rows)
    (tmp_path / "personen.csv").write_bytes(text.encode(how, "replace"))
    try:
        read_tables(tmp_path, {"personen": SHAPE})
    except BadTables as faults:
        assert all(line.count(":") >= 3 and line.startswith("personen:") for line in faults.lines)


class Posted:
    """A request with a body, as far as reading a form needs it."""

    def __init__(self, body: bytes) -> None:
        self._body = body

    async def body(self) -> bytes:
        return self._body


async def test_row_9_as_many_fields_as_the_gate_lets_through_are_read() -> None:
    fields: Fields = await form_of(Posted(b"&".join(b"a=%d" % n for n in range(501))))  # type: ignore[arg-type]
    assert len(fields.all["a"]) == 501
