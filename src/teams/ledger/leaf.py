"""The closed schema of a log entry: which types exist, which fields each may hold, and in what form."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import NamedTuple

from teams.ledger.canon import MAX_INT, NotCanonical, Value, canonical, parse
from teams.ledger.commit import COMMITMENT

VERSION = 1
MAX_ENTRY = 65_535

_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:/-]{0,127}")
_DIGEST = re.compile(r"sha256:[0-9a-f]{64}")
_LINK = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:/-]{0,127}@sha256:[0-9a-f]{64}")
_MOMENT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z")
DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_VKEY = re.compile(r"[^\s+]+\+[0-9a-f]{8}\+[A-Za-z0-9+/]+={0,2}")
_ENVELOPE = frozenset({"v", "seq", "type", "at", "org"})

# Only codes, counts, digests and commitments: nothing that names a person can be written in clear (mandates 4.4).
FORMS: dict[str, re.Pattern[str] | type[int] | list[re.Pattern[str]]] = {
    "actor": COMMITMENT, "bedrag": COMMITMENT, "inhoud": COMMITMENT, "onderwerp": COMMITMENT, "persoon": COMMITMENT,
    "reden": COMMITMENT, "rij": COMMITMENT, "rol": COMMITMENT, "tweede": COMMITMENT, "zaak": COMMITMENT,
    "doc": _DIGEST, "regels": _DIGEST, "rulebook": _DIGEST, "bestand": _DIGEST,
    "betreft": _CODE, "bevoegdheid": _CODE, "code": _CODE, "engine": _CODE, "grond": _CODE, "kenmerk": _CODE, "nummer": _CODE,
    "soort": _CODE, "uitkomst": _CODE,
    "keten": [_LINK], "toedeling": _LINK, "versie": _DIGEST,
    "aantal": int, "hoofd": int, "vanaf": int,
    "van": DAY, "tot": DAY,
    "vkey": _VKEY, "vorige": _DIGEST,
}  # fmt: skip

_MATCHES = {field: form.fullmatch if isinstance(form, re.Pattern) else None for field, form in FORMS.items()}
SEALED = frozenset(field for field, form in FORMS.items() if form is COMMITMENT)
_ALWAYS = f"{' '.join(SEALED)} betreft code kenmerk"
# A text of the journal that has no field of its own: only ever as a commitment.
_TEXT = re.compile(r"t_[a-z0-9_]{1,60}")


class Shape(NamedTuple):
    """Fields that an entry of one type must hold, and those that it may hold."""

    must: frozenset[str]
    may: frozenset[str]


def _shape(must: str, may: str = "") -> Shape:
    return Shape(frozenset(must.split()), frozenset(f"{must} {may} {_ALWAYS}".split()))


_DECISION = "nummer keten doc regels rulebook engine soort grond aantal"
TYPES: dict[str, Shape] = {
    "besluit": _shape("bevoegdheid uitkomst actor", _DECISION),
    "poging": _shape("bevoegdheid uitkomst", _DECISION),
    "correctie": _shape("betreft", f"bevoegdheid uitkomst {_DECISION}"),
    "bekrachtiging": _shape("betreft", f"bevoegdheid uitkomst {_DECISION}"),
    "doorbreking": _shape("reden", f"bevoegdheid uitkomst {_DECISION}"),
    "toedeling": _shape("toedeling", "bevoegdheid soort doc versie van tot"),
    "bekendmaking": _shape("toedeling", "doc van"),
    "intrekking": _shape("toedeling", "doc van"),
    "instemming": _shape("toedeling", "doc"),
    "mandaatbesluit": _shape("nummer", "soort doc versie van tot"),
    "register": _shape("", "bevoegdheid soort doc versie van tot"),
    "budget": _shape("", "soort doc versie"),
    "kader": _shape("", "soort doc versie"),
    "belang": _shape(""),
    "verzoek": _shape("", "nummer"),
    "structuur": _shape("", "soort van tot doc versie"),
    "rolbezetting": _shape("", "soort van tot doc versie"),
    "vervanging": _shape("", "soort van tot doc versie"),
    "vaststelling": _shape("", "nummer soort doc versie"),
    "selectie": _shape("", "nummer soort doc"),
    "import": _shape("", "bestand aantal nummer soort"),
    "export": _shape("", "soort bestand aantal hoofd doc"),
    "instelling": _shape("code", "soort versie"),
    "vernietigd": _shape("", "grond aantal soort doc nummer"),
    "sleutel": _shape("vkey vanaf soort", "vorige"),
    "alarm": _shape("soort", "aantal"),
    "steekproef": _shape("", "hoofd aantal nummer soort doc uitkomst"),
    "verantwoording": _shape("", "uitkomst hoofd nummer soort doc van tot"),
    "afroep": _shape("", "nummer bevoegdheid uitkomst tot doc"),
    "rechten": _shape("", "soort doc uitkomst"),
    "wachtwoord": _shape("", "soort"),
    "vastlegging": _shape(""),
}


def moment(at: datetime) -> str:
    """UTC to the second, the only form of a time in the log."""
    if at.tzinfo is None:
        raise NotCanonical("a moment needs its time zone")
    return at.astimezone(UTC).isoformat()[:19] + "Z"


def leaf_bytes(seq: int, kind: str, at: datetime, org: str, fields: Mapping[str, Value]) -> bytes:
    """The entry's bytes, at most 65,535; refuses a type or field outside the schema (mandates 4.2)."""
    if _ENVELOPE & fields.keys():
        raise NotCanonical("a field may not replace the envelope")
    leaf: dict[str, Value] = {**fields, "v": VERSION, "seq": seq, "type": kind, "at": moment(at), "org": org}
    _check(leaf)
    raw = canonical(leaf)
    if len(raw) > MAX_ENTRY:
        raise NotCanonical(f"an entry holds at most {MAX_ENTRY} bytes, this one {len(raw)}")
    return raw


def read_leaf(raw: bytes) -> dict[str, Value]:
    """The entry that `raw` spells; refuses what `leaf_bytes` would not have written."""
    if len(raw) > MAX_ENTRY:
        raise NotCanonical("entry too long")
    leaf = parse(raw)
    if not isinstance(leaf, dict):
        raise NotCanonical("an entry is an object")
    _check(leaf)
    return leaf


def _check(leaf: dict[str, Value]) -> None:
    seq, kind, at, org = leaf.get("seq"), leaf.get("type"), leaf.get("at"), leaf.get("org")
    if type(leaf.get("v")) is not int or leaf["v"] != VERSION:
        raise NotCanonical("unknown version")
    if type(seq) is not int or not 0 <= seq <= MAX_INT:
        raise NotCanonical("seq is a count")
    if not isinstance(org, str) or not _CODE.fullmatch(org):
        raise NotCanonical("org is a code")
    if not isinstance(at, str) or not _MOMENT.fullmatch(at):
        raise NotCanonical("at is not a moment in UTC")
    try:
        datetime.fromisoformat(at)
    except ValueError as error:
        raise NotCanonical("at does not exist") from error
    if not isinstance(kind, str) or kind not in TYPES:
        raise NotCanonical(f"unknown type {kind!r}")
    shape, held = TYPES[kind], leaf.keys() - _ENVELOPE
    if missing := shape.must - held:
        raise NotCanonical(f"{kind} lacks {', '.join(sorted(missing))}")
    if extra := {field for field in held - shape.may if not _TEXT.fullmatch(field)}:
        raise NotCanonical(f"{kind} may not hold {', '.join(sorted(extra))}")
    for field in held:
        match, value = _MATCHES.get(field, COMMITMENT.fullmatch), leaf[field]
        if not (match(value) if type(value) is str and match else fits(value, FORMS.get(field, COMMITMENT))):
            raise NotCanonical(f"{field} has the wrong form")


def fits(value: object, form: re.Pattern[str] | type[int] | list[re.Pattern[str]]) -> bool:
    """Whether a value has the form of a field."""
    if isinstance(form, re.Pattern):
        return isinstance(value, str) and form.fullmatch(value) is not None
    if isinstance(form, list):
        return isinstance(value, list) and bool(value) and all(fits(item, form[0]) for item in value)
    return type(value) is int and 0 <= value <= MAX_INT
