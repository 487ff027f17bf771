"""The whole rulebook in order, and its fingerprint: what the rules were when an answer was given."""

from __future__ import annotations

from functools import cache
from hashlib import sha256
from pathlib import Path

from teams.mandates.rules import amount, chain, person, power, time
from teams.mandates.rules.base import RULES, Rule

_PARTS = ("facts.py", "terms.py", "question.py", "conditions.py", "chains.py", "engine.py", "judge.py")
_MODULES = (amount, chain, person, power, time)

ORDERED: tuple[Rule, ...] = tuple(RULES[code] for code in sorted(RULES))
FASTEST: tuple[Rule, ...] = tuple(sorted(ORDERED, key=lambda rule: rule.code not in ("M17", "M21", "M24")))


@cache
def rulebook_hash() -> str:
    """`sha256:` over the text of everything that decides (not over sentences or lay-out of the answer)."""
    root = Path(__file__).parent
    digest = sha256()
    names = [*_PARTS, *(f"rules/{module.__name__.rpartition('.')[2]}.py" for module in _MODULES), "rules/base.py"]
    for name in sorted(names):
        digest.update(f"{name}\n".encode() + (root / name).read_bytes())
    return f"sha256:{digest.hexdigest()}"
