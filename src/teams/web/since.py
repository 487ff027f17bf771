"""What somebody else changed in a form since it was drawn, beside what was typed: a stale form shows the difference."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from teams.kit.errors import Refusal

LONG = 300


@dataclass(frozen=True)
class Since:
    """`version` and `stood` go along in the form; `changed`: a field, what stands there now, what was typed."""

    version: Any
    stood: str
    changed: list[tuple[str, str, str]]


def since(
    version: Any, now: Mapping[str, Any], typed: Mapping[str, Any] | None = None, refusal: Refusal | None = None
) -> Since:
    """A form drawn anew, or again after a refusal: only who has seen the difference goes on from what stands now."""
    stale = refusal is not None and refusal.reasons[0].code == "verouderd"
    stands = {name: _text(value) for name, value in now.items() if name != "versie"}
    prints = {name: hashlib.sha256(value.encode()).hexdigest()[:12] for name, value in stands.items()}
    if typed is not None and refusal is not None and not stale:
        return Since(typed.get("versie", ""), typed.get("stond", ""), [])
    changed = []
    if typed is not None and stale:
        then = dict(part.partition(":")[::2] for part in typed.get("stond", "").split())
        for name, value in stands.items():
            mine = _text(typed.get(name, ""))
            if then.get(name) != prints[name] and mine != value:
                changed.append((name, _other(value, mine), _other(mine, value)))
    return Since(version, " ".join(f"{name}:{mark}" for name, mark in prints.items()), changed)


def _text(value: Any) -> str:
    lines = " ".join(sorted(value)) if isinstance(value, list) else str(value)
    return "\n".join(line.strip() for line in lines.splitlines()).strip()


def _other(one: str, beside: str) -> str:
    """Of a long text only the lines that the other does not have."""
    if len(one) <= LONG:
        return one
    return "\n".join(line for line in one.splitlines() if line not in beside.splitlines())
