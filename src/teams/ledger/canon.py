"""The one spelling of a value: RFC 8785 on a domain small enough that sorted `json.dumps` gives the same bytes."""

import json
import unicodedata
from typing import NoReturn

from teams.ledger.verifier import encode, quoted

Value = None | bool | int | str | list["Value"] | dict[str, "Value"]

MAX_INT = 2**53 - 1
MAX_DEPTH = 16


class NotCanonical(ValueError):
    """The value or the bytes lie outside what may be recorded."""


def canonical(value: Value) -> bytes:
    """Bytes of `value`. Refuses floats, integers past 2^53-1, keys that are not ASCII, strings that are not NFC or hold
    a lone surrogate, nesting deeper than 16, and every other type (RFC 8785; mandates 4.2)."""
    if type(value) is str and value.isascii():
        return quoted(value).encode()
    _check(value, 0)
    return encode(value).encode()


def parse(raw: bytes) -> Value:
    """The value that `raw` spells; refuses any spelling but the canonical one, so also duplicate keys and a BOM."""
    try:
        text = raw.decode()
        value: Value = _decoder.decode(text)
        # ASCII that nests little spells only what may be recorded, when it is the one spelling
        if not text.isascii() or text.count("{") + text.count("[") > MAX_DEPTH:
            _check(value, 0)
        same = encode(value) == text
    except NotCanonical:
        raise
    except (ValueError, RecursionError) as error:
        raise NotCanonical("no readable JSON") from error
    if not same:
        raise NotCanonical("not the canonical spelling")
    return value


def _check(value: object, depth: int) -> None:
    if depth > MAX_DEPTH:
        raise NotCanonical("nested too deep")
    if type(value) is str:
        if not value.isascii():
            _check_text(value)
    elif type(value) is int:
        if abs(value) > MAX_INT:
            raise NotCanonical("integer past 2^53-1")
    elif value is None or type(value) is bool:
        return
    elif type(value) is list:
        for item in value:
            _check(item, depth + 1)
    elif type(value) is dict:
        for key, item in value.items():
            if type(key) is not str or not key.isascii():
                raise NotCanonical("key is not ASCII text")
            _check(item, depth + 1)
    else:
        raise NotCanonical(f"a {type(value).__name__} may not be recorded")


def _check_text(text: str) -> None:
    if not unicodedata.is_normalized("NFC", text):
        raise NotCanonical("text is not NFC")
    if any("\ud800" <= char <= "\udfff" for char in text):
        raise NotCanonical("lone surrogate")


def _refuse(literal: str) -> NoReturn:
    raise NotCanonical(f"{literal[:20]} may not be recorded")


def _integer(literal: str) -> int:
    if len(literal) > 17 or abs(value := int(literal)) > MAX_INT:
        raise NotCanonical("integer past 2^53-1")
    return value


_decoder = json.JSONDecoder(parse_float=_refuse, parse_constant=_refuse, parse_int=_integer)
