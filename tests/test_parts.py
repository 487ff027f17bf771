"""What Teams is made of: the bill of materials is valid and whole, and every licence fits beside EUPL-1.2."""

import json
import re

from bin.sbom import bill, browser_parts, locked, needed, python_parts
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

FITS = re.compile(
    r"MIT|BSD|0BSD|Apache|PSF|Python Software Foundation|ISC|MPL|Mozilla|OFL|SIL|LGPL|PostgreSQL|EUPL|Unlicense|CC0|Zlib",
    re.I,
)
CLASHES = re.compile(r"\bAGPL|(?<!L)GPL-?v?[23]|Commercial|Proprietary", re.I)


def test_the_bill_is_valid_cyclonedx() -> None:
    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(json.dumps(bill())) is None


def test_it_names_what_an_installation_holds_and_not_what_only_tests_need() -> None:
    names = {part["name"] for part in python_parts()}
    assert {"litestar", "sqlalchemy", "asyncpg", "cryptography", "greenlet", "uvloop"} <= names
    assert names.isdisjoint({"pytest", "hypothesis", "schemathesis", "metamorphic-log", "ruff", "playwright"})
    assert {"htmx.org"} <= {part["name"] for part in browser_parts()}
    assert len(names) == len(needed(locked()))


def test_every_licence_fits() -> None:
    told = {part["name"]: part["licenses"][0]["license"]["name"] for part in (*python_parts(), *browser_parts())
            if "licenses" in part}  # fmt: skip
    assert {name: text for name, text in told.items() if not FITS.search(text) or CLASHES.search(text)} == {}
    assert len(told) > 30
