"""What can be read: UTF-8 without NUL, JSON with one meaning; what cannot is refused by the name of its field."""

import json
from collections.abc import Iterable
from typing import Any
from urllib.parse import unquote_to_bytes


class Refused(Exception):
    """What stops at the gate: a status, and the field or header that is wrong."""

    def __init__(self, status: int, field: str = "", headers: Iterable[tuple[bytes, bytes]] = ()) -> None:
        super().__init__(field)
        self.status, self.field, self.headers = status, field, list(headers)


def check_text(scope: dict[str, Any]) -> None:
    """Path and query are UTF-8 without control characters."""
    path, query = scope.get("raw_path") or b"", scope.get("query_string") or b""
    for field, raw in (("pad", path), ("vraag", query)):
        if len(raw) > 8000:
            raise Refused(414, field)
    readable("pad", unquote_to_bytes(path))
    for pair in query.split(b"&"):
        name = unquote_to_bytes(pair.partition(b"=")[0]).decode("ascii", "ignore").replace("\x00", "")
        readable(name[:60] or "vraag", unquote_to_bytes(pair))


def readable(field: str, value: bytes) -> None:
    try:
        decoded = value.decode("utf-8")
    except UnicodeDecodeError:
        raise Refused(400, field) from None
    if "\x00" in decoded:
        raise Refused(400, field)


def strict_json(body: bytes) -> Any:
    """JSON with one meaning only: no double keys, no NaN, no NUL, no lone surrogates, at most 20 deep."""
    try:
        value = json.loads(body.decode("utf-8"), object_pairs_hook=_once, parse_constant=_no_constant)
    except (UnicodeDecodeError, RecursionError, ValueError):
        raise Refused(400, "inhoud") from None
    _shallow(value, 20)
    return value


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        names = [name for name, _ in pairs]
        raise Refused(400, next(name for name in names if names.count(name) > 1)[:60])
    for name, value in pairs:
        _clean_string(name, name)
        if isinstance(value, str):
            _clean_string(name, value)
    return found


def _clean_string(field: str, value: str) -> None:
    if "\x00" in value or any("\ud800" <= char <= "\udfff" for char in value):
        raise Refused(400, field[:60].encode("ascii", "replace").decode())


def _no_constant(name: str) -> None:
    raise ValueError(name)


def _shallow(value: Any, depth: int) -> None:
    if depth == 0:
        raise Refused(400, "inhoud")
    if isinstance(value, dict):
        for inner in value.values():
            _shallow(inner, depth - 1)
    elif isinstance(value, list):
        for inner in value:
            if isinstance(inner, str):
                _clean_string("lijst", inner)
            _shallow(inner, depth - 1)
