"""OWASP ASVS 5.0.0, levels 1 and 2: every requirement has a test or a section that exists, or a reason."""

import ast
import csv
import hashlib
import re
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
WHOLE = (
    "c221cc01ef8fef1236787852eaaffe3e41baaa66b99534975cf9ccc3f62e5b4a"  # of all numbers and levels in OWASP's own list
)
with (ROOT / "tests" / "asvs.csv").open(encoding="utf-8", newline="") as _file:
    ROWS = list(csv.DictReader(_file, delimiter=";"))


@cache
def names_in(path: Path) -> frozenset[str]:
    """The names of the tests in a file."""
    found = ast.walk(ast.parse(path.read_text("utf-8"))) if path.is_file() else ()
    functions = (node.name for node in found if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))
    return frozenset(name for name in functions if name.startswith("test_"))


@cache
def sections_of(path: Path) -> frozenset[str]:
    """The anchors that the headings of a document get."""
    text = path.read_text("utf-8") if path.is_file() else ""
    heads = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    return frozenset(re.sub(r"[^\w -]", "", head.lower()).strip().replace(" ", "-") for head in heads)


def fault(row: dict[str, str]) -> str | None:
    """What is wrong with the ground of a row."""
    ground, kind = row["bewijs"], row["soort"]
    if kind == "test":
        path, _, name = ground.partition("::")
        return None if path.startswith("tests/") and name in names_in(ROOT / path) else "no such test"
    if kind == "document":
        path, _, section = ground.partition("#")
        return None if section in sections_of(ROOT / path) else "no such section"
    if kind == "nvt":
        return None if ground.endswith(".") and len(ground.split()) >= 4 else "no sentence that says why"
    return "no such kind"


def test_no_requirement_is_missing() -> None:
    listed = "".join(f"{row['eis']} {row['niveau']}\n" for row in ROWS)
    levels = [row["niveau"] for row in ROWS]
    assert (len(ROWS), levels.count("1"), levels.count("2")) == (253, 70, 183)
    assert hashlib.sha256(listed.encode()).hexdigest() == WHOLE


def test_every_row_stands_on_something() -> None:
    assert {row["eis"]: found for row in ROWS if (found := fault(row))} == {}


@pytest.mark.parametrize(
    ("kind", "ground"),
    [
        ("test", "tests/test_asvs.py::test_that_is_not_there"), ("test", "tests/none.py::test_x"), ("test", "tests/test_asvs.py::fault"),
        ("document", "docs/beveiliging.md#nergens"), ("document", "docs/none.md#sessies"), ("document", "SECURITY.md"),
        ("nvt", ""), ("nvt", "nee"), ("open", "Dit komt er later nog wel."), ("klaar", "Dit is er al lang en goed."),
    ],
)  # fmt: skip
def test_a_row_without_ground_is_found(kind: str, ground: str) -> None:
    assert fault({"eis": "1.1.1", "niveau": "2", "bewijs": ground, "soort": kind}) is not None
