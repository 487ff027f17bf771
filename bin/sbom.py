"""The software bill of materials of a release (CycloneDX 1.6): Python packages as locked, and what the browser gets from npm.

Run: python -m bin.sbom FILE
"""

import json
import sys
import tomllib
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent


def locked() -> dict[str, dict[str, Any]]:
    """The packages of uv.lock by name."""
    return {one["name"]: one for one in tomllib.loads((ROOT / "uv.lock").read_text())["package"]}


def needed(packages: dict[str, dict[str, Any]]) -> set[str]:
    """What an installation holds: the dependencies of `teams`, and theirs, with the extras that are asked for."""
    found, todo = set(), [("teams", extra) for extra in ("",)]
    seen = set()
    while todo:
        name, extra = todo.pop()
        if (name, extra) in seen or name not in packages:
            continue
        seen.add((name, extra))
        found.add(name)
        package = packages[name]
        wanted = package.get("optional-dependencies", {}).get(extra, []) if extra else package.get("dependencies", [])
        for one in wanted:
            todo += [(one["name"], ""), *((one["name"], more) for more in one.get("extra", []))]
    return found - {"teams"}


def licence(name: str) -> str:
    """As the package itself says it: its SPDX expression, else its short field, else its classifier."""
    try:
        meta = distribution(name).metadata
    except PackageNotFoundError:  # for another system than this one
        return ""
    short = meta.get("License") or ""
    classifiers = [
        line.rsplit(" :: ", 1)[-1] for line in meta.get_all("Classifier") or [] if line.startswith("License ::")
    ]
    return meta.get("License-Expression") or (short if 0 < len(short) < 60 else "") or " / ".join(classifiers)


def python_parts() -> Iterator[dict[str, Any]]:
    packages = locked()
    for name in sorted(needed(packages)):
        one = packages[name]
        part = {"type": "library", "bom-ref": f"pypi:{name}", "name": name, "version": one["version"],
                "purl": f"pkg:pypi/{name}@{one['version']}"}  # fmt: skip
        if found := licence(name):
            part["licenses"] = [{"license": {"name": found}}]
        if source := one.get("sdist", {}).get("hash"):
            part["hashes"] = [{"alg": "SHA-256", "content": source.removeprefix("sha256:")}]
        yield part


def browser_parts() -> Iterator[dict[str, Any]]:
    lock = json.loads((ROOT / "package-lock.json").read_text())["packages"]
    for place, one in sorted(lock.items()):
        if not place or one.get("dev"):
            continue
        name = place.rsplit("node_modules/", 1)[-1]
        part = {"type": "library", "bom-ref": f"npm:{name}", "name": name, "version": one["version"],
                "purl": f"pkg:npm/{name.replace('@', '%40')}@{one['version']}"}  # fmt: skip
        if one.get("license"):
            part["licenses"] = [{"license": {"name": one["license"]}}]
        yield part


def bill() -> dict[str, Any]:
    version = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
    return {
        "bomFormat": "CycloneDX", "specVersion": "1.6", "version": 1,
        "metadata": {"component": {"type": "application", "bom-ref": "teams", "name": "teams", "version": version,
                                   "licenses": [{"license": {"id": "EUPL-1.2"}}]}},
        "components": [*python_parts(), *browser_parts()],
    }  # fmt: skip


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(json.dumps(bill(), indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
