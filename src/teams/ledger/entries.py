"""From a row of the journal to a leaf, and back: what it says in clear, what it seals, and whether that still fits."""

import json
import re
import unicodedata
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from teams.kit.clock import day_of
from teams.ledger.canon import MAX_DEPTH, MAX_INT, NotCanonical, Value
from teams.ledger.commit import Opening, commitment, disagreements
from teams.ledger.leaf import DAY, FORMS, SEALED, TYPES, fits, leaf_bytes, moment
from teams.ledger.verbs import FACTS, GENERIC, TEXTS, VERBS

_ODD = re.compile(r"[^a-z0-9_]")
ROW = "rij"


class Source(NamedTuple):
    """An accountable row of the journal with what stands around it; `texts`: field, key, value."""

    id: UUID
    at: datetime
    actor: UUID | None
    acting_role: UUID | None
    request_id: str | None
    origin: str | None
    verb: str
    schema_version: int
    facts: dict[str, Any]
    subjects: Sequence[Sequence[str]]
    texts: Sequence[tuple[str, bytes, str]]


class Made(NamedTuple):
    """A leaf with what the tables keep beside it to find it again."""

    raw: bytes
    kind: str
    nummer: str | None


SOURCE = """
    j.id, j.at, j.actor, j.acting_role, j.request_id, j.origin, j.verb, j.schema_version, j.facts::text as facts,
    (select json_agg(json_build_array(s.kind, s.id) order by s.kind, s.id)::text
        from journal_subject s where s.entry = j.id) as subjects,
    (select array_agg(row(t.field, t.key, t.value) order by t.field) from journal_text t where t.entry = j.id) as texts
"""
"""The columns of a `Source`, from `journal j`."""
SEED = "(select s.seed from leaf_seed s where s.log = l.log and s.seq = l.seq) as seed"
"""The key of the row's own opening, of `leaf l`: one look-up each, where a merge would walk all keys before it."""


def source(row: Mapping[str, Any]) -> Source:
    """A row that has the columns of `SOURCE`."""
    return Source(
        row["id"], row["at"], row["actor"], row["acting_role"], row["request_id"], row["origin"], row["verb"],
        row["schema_version"], json.loads(row["facts"]), json.loads(row["subjects"]) if row["subjects"] else [],
        row["texts"] or (),
    )  # fmt: skip


def make(entry: Source, seq: int, org: str, seed: bytes) -> Made:
    """The leaf of an entry. What does not fit the closed schema is not refused: the leaf is then of the generic type,
    which seals the same content (no entry may stop the log)."""
    kind = VERBS.get(entry.verb, GENERIC)
    for attempt in (kind, GENERIC):
        fields = _fields(entry, attempt, seed)
        try:
            raw = leaf_bytes(seq, attempt, entry.at, org, fields)
        except NotCanonical:
            continue
        nummer = fields.get("nummer")
        return Made(raw, attempt, nummer if isinstance(nummer, str) else None)
    raise AssertionError(f"the generic leaf always fits: {entry.id}")


def openings(entry: Source, leaf: Mapping[str, Value], seed: bytes | None) -> dict[str, Opening]:
    """What can still be shown of a leaf: the row while its key is there, each text while its own row is there."""
    return {field: opening for field, opening in _held(entry, seed).items() if field in leaf}


def differences(entry: Source, leaf: Mapping[str, Value], seed: bytes | None) -> list[str]:
    """Fields in which the journal and the leaf disagree; what was erased is unknown and no difference."""
    return compared(entry, leaf, seed)[0]


def compared(entry: Source, leaf: Mapping[str, Value], seed: bytes | None) -> tuple[list[str], int]:
    """The differences, and how many fields there were to open."""
    held = _held(entry, seed)
    wrong = disagreements(leaf, held)
    clear = {"at": moment(entry.at), "code": _code(entry.verb), "kenmerk": str(entry.id)}
    wrong += [field for field, value in clear.items() if leaf.get(field) != value]
    return sorted(set(wrong)), len(held)


def plain(value: Any, depth: int = 0) -> Value:
    """The same value in the small domain that the log spells: other numbers as text, text in NFC, deep nests as text."""
    if isinstance(value, str):
        return value if value.isascii() else unicodedata.normalize("NFC", value.encode("utf-8", "replace").decode())
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int):
        return value if abs(value) <= MAX_INT else str(value)
    if isinstance(value, float):
        return repr(value)
    if depth >= MAX_DEPTH - 2:
        return json.dumps(value, sort_keys=True, ensure_ascii=True)
    if isinstance(value, dict):
        return {_key(key): plain(item, depth + 1) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain(item, depth + 1) for item in value]
    return str(value)


def _key(key: object) -> str:
    text = str(key)
    return text if text.isascii() and text.isidentifier() else text.encode("unicode_escape").decode("ascii")


def _held(entry: Source, seed: bytes | None) -> dict[str, Opening]:
    """The openings that the tables still hold."""
    found = _texts(entry)
    if seed is not None:
        found[ROW] = Opening(seed, _row(entry))
    return found


def _fields(entry: Source, kind: str, seed: bytes) -> dict[str, Value]:
    fields: dict[str, Value] = {"code": _code(entry.verb), "kenmerk": str(entry.id)}
    if kind != GENERIC:
        for field in TYPES[kind].may - SEALED - fields.keys():
            if (value := _clear(entry, field)) is not None:
                fields[field] = value
    for field, opening in {ROW: Opening(seed, _row(entry)), **_texts(entry)}.items():
        fields[field] = commitment(field, opening)
    return fields


def _clear(entry: Source, field: str) -> Value:
    form = FORMS[field]
    for name in FACTS.get(field, (field,)):
        value = entry.facts.get(name)
        if type(value) is int and isinstance(form, re.Pattern):
            value = str(value)
        elif form is DAY and isinstance(value, str):
            value = _day(value)
        if value is not None and fits(value, form):
            found: Value = value
            return found
    return None


def _day(value: str) -> str:
    """The day of a moment, here; what is no moment stays as it is."""
    try:
        return day_of(datetime.fromisoformat(value)).isoformat() if "T" in value else value
    except (ValueError, OverflowError):
        return value


def _row(entry: Source) -> Value:
    """All of the journal's row but its texts."""
    return {
        "actor": str(entry.actor) if entry.actor else None,
        "rol": str(entry.acting_role) if entry.acting_role else None,
        "verzoek": plain(entry.request_id),
        "herkomst": plain(entry.origin),
        "schema": entry.schema_version,
        "feiten": plain(entry.facts, 1),
        "over": plain(entry.subjects, 1),
    }


def _texts(entry: Source) -> dict[str, Opening]:
    """Leaf field of each text: some have one of their own in every type, the others are `t_` and their name."""
    found: dict[str, Opening] = {}
    for name, key, value in entry.texts:
        field = TEXTS.get(name, name)
        if field not in SEALED or field == ROW or field in found:
            field = "t_" + _ODD.sub("_", name.lower())[:48]
        while field in found:
            field += "_"
        text = plain(value)
        found[field] = Opening(key, text)
    return found


def _code(verb: str) -> str:
    return verb if fits(verb, FORMS["code"]) else "onleesbaar"
