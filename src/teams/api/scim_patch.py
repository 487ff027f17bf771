"""PATCH and filters of SCIM, as the norm writes them and as Entra ID and Okta send them."""

import copy
import re
from typing import Any

from teams.api.scim_shapes import PATCH, SHAPES, Bad, Resource, fit, parts_of

_OPS_MOST = 500
_PATH = re.compile(r"(?P<head>[^\[\]]+?)(?:\[(?P<filter>[^\[\]]{1,500})\](?:\.(?P<sub>[\w$]+))?)?")
_TERM = re.compile(
    r'\s*([\w:.$-]{1,120})\s+([A-Za-z]{2})\s+(?:"((?:[^"\\]|\\.){0,400})"|(true|false))\s*', re.IGNORECASE
)
_AND = re.compile(r"\s*and\s+", re.IGNORECASE)
Terms = list[tuple[str, str]]


def terms_of(text: str) -> Terms:
    """`a eq "x" and b eq "y"` as pairs; other filters are refused, in time that is linear in their length."""
    if len(text) > 1000:
        raise Bad("The filter is too long.", "invalidFilter")
    found: Terms = []
    place = 0
    while True:
        term = _TERM.match(text, place)
        if term is None or term[2].lower() != "eq":
            raise Bad('Only filters like: userName eq "x" and active eq true.', "invalidFilter")
        value = term[3] if term[3] is not None else term[4].lower()
        found.append((term[1], re.sub(r"\\(.)", r"\1", value)))
        place = term.end()
        if place == len(text):
            return found
        link = _AND.match(text, place)
        if link is None or len(found) > 5:
            raise Bad("Only terms joined by 'and', at most six.", "invalidFilter")
        place = link.end()


def patched(stands: Resource, body: Any, schema: str) -> Resource:
    """The resource after all operations; `stands` is left alone."""
    if not isinstance(body, dict):
        raise Bad("A PATCH is a JSON object.", "invalidSyntax")
    lower = {key.lower(): value for key, value in body.items()}
    operations = lower.get("operations")
    if PATCH not in (lower.get("schemas") or [PATCH]) or not isinstance(operations, list):
        raise Bad("A PATCH has schemas and Operations.", "invalidSyntax")
    if len(operations) > _OPS_MOST:
        raise Bad(f"At most {_OPS_MOST} operations.", "tooMany")
    new = copy.deepcopy(stands)
    for operation in operations:
        if not isinstance(operation, dict):
            raise Bad("An operation is a JSON object.", "invalidSyntax")
        one = {key.lower(): value for key, value in operation.items()}
        _apply(new, one, schema)
    return new


def _apply(new: Resource, one: dict[str, Any], schema: str) -> None:
    op, path, value = str(one.get("op", "")).lower(), one.get("path"), one.get("value")
    if op not in ("add", "replace", "remove"):
        raise Bad("op is add, replace or remove.", "invalidSyntax")
    if path is None or path == "":
        if op == "remove":
            raise Bad("What is removed has a path.", "noTarget")
        if not isinstance(value, dict):
            raise Bad("Without a path the value is an object.")
        for key, inner in value.items():
            _apply(new, {"op": op, "path": key, "value": inner}, schema)
        return
    found = _PATH.fullmatch(path) if isinstance(path, str) and len(path) <= 600 else None
    if found is None:
        raise Bad("This path cannot be read.", "invalidPath")
    place = parts_of(found["head"], schema)
    if place is None:
        return  # an attribute that we do not keep
    attribute, sub = place
    shape = SHAPES[schema][attribute]
    if found["filter"] is not None:
        if not isinstance(shape, list):
            raise Bad("A filter in a path goes with several values.", "invalidPath")
        _filtered(new, op, attribute, terms_of(found["filter"]), found["sub"], value, shape[0])
    elif isinstance(shape, list):
        _several(new, op, attribute, sub, value, one, shape)
    elif sub is not None:
        inner = {**new.get(attribute, {}), sub: None if op == "remove" else fit(value, shape[sub], sub)}
        _set(new, attribute, {key: kept for key, kept in inner.items() if kept is not None})
    elif op == "remove":
        new.pop(attribute, None)
    elif isinstance(shape, dict) and value is not None:  # the parts that are not named stay (RFC 7644 3.5.2.3)
        if not isinstance(value, dict):
            raise Bad(f"{attribute}: an object is needed.")
        for key, inner in value.items():
            _apply(new, {"op": op, "path": f"{attribute}.{key}", "value": inner}, schema)
    else:
        _set(new, attribute, fit(value, shape, attribute))


def _several(
    new: Resource, op: str, attribute: str, sub: str | None, value: Any, one: dict[str, Any], shape: Any
) -> None:
    if sub is not None:
        raise Bad('Name which of the values: emails[type eq "work"].value.', "invalidPath")
    stands: list[Resource] = new.get(attribute, [])
    if op == "remove" and "value" not in one:
        new.pop(attribute, None)
        return
    given = fit(value, shape, attribute) or []
    if op == "remove":  # as Entra ID takes members out of a group
        gone = {str(item.get("value")).lower() for item in given}
        _set(new, attribute, [item for item in stands if str(item.get("value")).lower() not in gone])
    elif op == "replace":
        _set(new, attribute, given)
    else:
        there = [str(item.get("value")).lower() for item in given]
        _set(new, attribute, [item for item in stands if str(item.get("value")).lower() not in there] + given)


def _filtered(
    new: Resource, op: str, attribute: str, terms: Terms, sub: str | None, value: Any, shape: dict[str, Any]
) -> None:
    names = {key.lower(): key for key in shape}
    if any(name.lower() not in names for name, _ in terms) or (sub is not None and sub.lower() not in names):
        raise Bad("This path names something that is not there.", "invalidPath")
    wanted = {names[name.lower()]: fit(text, shape[names[name.lower()]], name) for name, text in terms}
    stands: list[Resource] = new.get(attribute, [])
    hit = [item for item in stands if all(_alike(item.get(key), value_) for key, value_ in wanted.items())]
    rest = [item for item in stands if item not in hit]
    if op == "remove" and sub is None:
        _set(new, attribute, rest)
        return
    if not hit:
        if op == "remove":
            return
        hit = [dict(wanted)]
    if sub is None:
        given = fit(value, shape, attribute) or {}
    else:
        given = {names[sub.lower()]: None if op == "remove" else fit(value, shape[names[sub.lower()]], sub)}
    changed = [{key: kept for key, kept in {**item, **given}.items() if kept is not None} for item in hit]
    _set(new, attribute, rest + changed)


def _alike(one: Any, other: Any) -> bool:
    return str(one).lower() == str(other).lower()


def _set(new: Resource, attribute: str, value: Any) -> None:
    if value in (None, {}, []):
        new.pop(attribute, None)
    else:
        new[attribute] = value
