"""English is complete: every Dutch text has its English, and no page shows a text that the catalogue does not know."""

import ast
import gettext
import re
from datetime import UTC, date, datetime
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from babel.messages.catalog import Message
from bin.words import ENGLISH, ROOT, english, entries, extracted, lacking
from jinja2 import Environment, nodes

from teams.http.words import LOCALES, Words

TEMPLATES = ROOT / "templates"
PLACES = re.compile(r"%\(\w+\)s|\{\w+\}|</?[a-z]+[^>]*>")
DUTCH = re.compile(r"\b(het|een|je|jij|niet|voor|zijn|wordt|geen|deze|dit|ook|nog)\b", re.IGNORECASE)
SHOWN = {"aria-label", "title", "placeholder", "alt", "data-k", "data-melding", "data-bezig-tekst"}
SENTENCE = re.compile(r"[A-Z][a-zà-ÿ]+\b|[a-zà-ÿ’']+( [a-zà-ÿ’']+)+\W*$")
NAMES = {"Teams", "English", "Nederlands"}
TRANSLATES = {"_", "gettext", "ngettext", "zeg"}
MARKED = {"Reason", "NextStep", "PydanticCustomError", "text", "note", "ok", "no"}
PATHS = sorted(TEMPLATES.rglob("*.html"))


def texts(value: Any) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else tuple(value)


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))


def written() -> dict[str | tuple[str, ...], Message]:
    return {key: message for key, message in entries(english()).items() if not lacking(message)}


def test_every_dutch_text_has_english_and_nothing_else_is_in_the_catalogue() -> None:
    marked, known = set(entries(extracted())), entries(english())
    assert sorted(map(str, marked - set(known))) == [], "run bin/words and write the English"
    assert sorted(map(str, set(known) - marked)) == [], "no longer used: run bin/words"
    assert [str(message.id) for message in known.values() if lacking(message)] == []


def test_the_english_keeps_every_place_of_a_value_and_no_dutch() -> None:
    for key, message in written().items():
        for dutch, other in zip(texts(key), texts(message.string), strict=True):
            assert sorted(PLACES.findall(dutch)) == sorted(PLACES.findall(other)), dutch
            assert not DUTCH.search(PLACES.sub("", other)), other


def test_the_compiled_catalogue_is_that_of_the_source() -> None:
    compiled = gettext.translation("teams", LOCALES, ["en"])
    stale = [
        dutch
        for key, message in written().items()
        for dutch, other in zip(texts(key), texts(message.string), strict=True)
        if other != (compiled.gettext(key) if isinstance(key, str) else compiled.ngettext(*key, key.index(dutch) + 1))
    ]
    assert not stale, f"{name(ENGLISH)} is newer than its .mo: run bin/test"


class Visible(HTMLParser):
    """Letters that a reader sees, without what is one language: the text of an organ's decision (`lang=nl`), a command (`code`)."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []
        self.dutch: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if (self.dutch and tag == self.dutch[0]) or ("lang", "nl") in attrs or (tag == "code" and not self.dutch):
            self.dutch.append(tag)
        if not self.dutch:
            self.found += [value for key, value in attrs if key in SHOWN and value]

    def handle_endtag(self, tag: str) -> None:
        if self.dutch and tag == self.dutch[0]:
            self.dutch.pop()

    def handle_data(self, data: str) -> None:
        if not self.dutch:
            self.found.append(data)


def untranslated(source: str) -> list[str]:
    """Texts between tags, in attributes that are read, and sentences in expressions, that pass by the catalogue."""
    tree = Environment(extensions=["jinja2.ext.i18n"]).parse(source)
    known = {
        id(const)
        for call in tree.find_all(nodes.Call)
        if isinstance(call.node, nodes.Name) and call.node.name in TRANSLATES
        for const in call.find_all(nodes.Const)
    }
    keys = {
        id(data)
        for block in tree.find_all(nodes.Block)
        if block.name == "nu"
        for data in block.find_all(nodes.TemplateData)
    }
    shown = Visible()
    shown.feed("".join(data.data for data in tree.find_all(nodes.TemplateData) if id(data) not in keys))
    shown.close()
    seen = [text.strip() for text in shown.found]
    seen += [
        const.value
        for const in tree.find_all(nodes.Const)
        if id(const) not in known and isinstance(const.value, str) and SENTENCE.match(const.value)
    ]
    return [
        text
        for text in seen
        if re.search(r"[^\W\d_]{2,}", text) and text.strip(" –,.") not in NAMES and '="' not in text
    ]


def test_a_text_outside_the_catalogue_is_found() -> None:
    assert untranslated("<p>Klaar is {{ x }}</p>") == ["Klaar is"]
    assert untranslated('<a aria-label="Sluit">{{ _("Klus") }}</a>') == ["Sluit"]
    assert untranslated('{{ m.knop("Sluit het") }}{{ m.knop(_("Sluit"), soort="primary") }}') == ["Sluit het"]
    assert untranslated('<p lang="nl">Wij <b>besluiten</b></p> Klaar') == ["Klaar"]
    assert untranslated("{% trans n=1 %}Een {{ n }}{% endtrans %}, {{ ngettext('Een', 'Twee', 2) }} 12") == []


@pytest.mark.parametrize("path", PATHS, ids=name)
def test_a_template_shows_no_text_outside_the_catalogue(path: Path) -> None:
    assert untranslated(path.read_text(encoding="utf-8")) == []


def test_the_sentence_of_a_refusal_is_marked() -> None:
    """A sentence that goes into a Reason or NextStep as bare text would stay Dutch."""
    bare = [
        f"{name(path)}:{node.lineno} {argument.value}"
        for path in sorted((ROOT / "src/teams").rglob("*.py"))
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and getattr(node.func, "id", getattr(node.func, "attr", "")) in MARKED
        for argument in node.args
        if isinstance(argument, ast.Constant) and isinstance(argument.value, str)
        if re.match(r"[A-Z{][^/]* ", argument.value)
    ]
    assert bare == []


def test_dates_and_hours_are_english() -> None:
    speak = Words("en")
    for month in range(1, 13):
        day = date(2026, month, month)
        assert speak.day(day) == day.strftime(f"{month} %B %Y")
        assert speak.short(day) == day.strftime(f"{month} %b %Y")
        assert speak.weekday(day) == day.strftime(f"%A {month} %B")
    assert speak.moment(datetime(2026, 5, 4, 7, 30, tzinfo=UTC)) == "4 May 2026, 09:30"
    assert speak.period(date(2026, 3, 2), date(2026, 5, 4)) == "2 Mar to 4 May 2026"
    assert speak.period(date(2026, 3, 2), None) == "from 2 Mar 2026"
