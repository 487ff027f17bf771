"""The English catalogue: takes over the Dutch texts of source and templates, and lists what has no English yet."""

from __future__ import annotations

import io
import sys
from pathlib import Path

from babel.messages import Catalog
from babel.messages.catalog import Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
ENGLISH = ROOT / "src/teams/locales/en/LC_MESSAGES/teams.po"
KEYWORDS = {**DEFAULT_KEYWORDS, "N_": None, "say": None, "zeg": None}
HEADER = r"""# English texts of Teams. The message is the Dutch sentence; `bin/words` adds and removes entries.
msgid ""
msgstr ""
"Project-Id-Version: teams\n"
"Language: en\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\n"
"MIME-Version: 1.0\n"
"Content-Type: text/plain; charset=utf-8\n"
"Content-Transfer-Encoding: 8bit\n"

"""


def extracted() -> Catalog:
    """Every Dutch text that source and templates mark."""
    with (ROOT / "babel.cfg").open(encoding="utf-8") as file:
        methods, options = parse_mapping_cfg(file)
    found = Catalog()
    for _file, _line, message, _comments, _context in extract_from_dir(ROOT, methods, options, KEYWORDS):
        found.add(message)
    return found


def english() -> Catalog:
    if not ENGLISH.exists():
        return Catalog(locale="en")
    with ENGLISH.open("rb") as file:
        return read_po(file, locale="en")


def entries(catalogue: Catalog) -> dict[str | tuple[str, ...], Message]:
    """Without the header; a message with a plural has both as its key."""
    return {tuple(m.id) if m.pluralizable else str(m.id): m for m in catalogue if m.id}


def lacking(message: Message) -> bool:
    return not all(message.string) if message.pluralizable else not message.string


def merged() -> Catalog:
    """What is marked now, each with the English that it already had."""
    known = entries(english())
    catalogue = Catalog(locale="en")
    for key, message in entries(extracted()).items():
        old = known.get(key)
        catalogue.add(
            message.id, old.string if old else (("", "") if message.pluralizable else ""), flags=message.flags
        )
    return catalogue


def main() -> None:
    catalogue = merged()
    text = io.BytesIO()
    write_po(text, catalogue, width=0, no_location=True, omit_header=True, sort_output=True)
    ENGLISH.parent.mkdir(parents=True, exist_ok=True)
    ENGLISH.write_text(HEADER + text.getvalue().decode("utf-8").strip() + "\n", encoding="utf-8")
    without = sorted(str(m.id) for m in entries(catalogue).values() if lacking(m))
    print("\n".join(without) if without else f"All {len(entries(catalogue))} messages have English.")
    if without:
        sys.exit(f"{len(without)} messages have no English yet; write it in {ENGLISH.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
