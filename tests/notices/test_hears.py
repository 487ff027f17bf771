"""The table 'who hears of what': each verb exists, each sentence and link can be filled, nothing that is private is in it."""

import re
from pathlib import Path
from string import Formatter
from typing import Any

import asyncpg
import pytest

import teams
from teams.http.telling import KINDS
from teams.journal.heard import HEARD
from teams.notices.hears import BY_ITSELF, BY_KEY, DEFAULTS, HEARS, REMINDER, Kind, Mail, Who
from teams.notices.people import _STATEMENTS
from teams.notices.remind import RULES

KNOWN = {"actor", "person", "klus", "role", "team", "number", "day", "moment", "days"}
LINKS = {"klus", "proposal", "meeting", "team", "election", "offer", "role", "number", "import"}


def places(sentence: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(sentence) if name}


def test_what_goes_to_the_outbox_is_what_somebody_hears_of() -> None:
    assert {one.verb for one in HEARS if not one.verb.startswith((REMINDER, BY_ITSELF))} == HEARD
    assert {one.verb for one in HEARS if one.verb.startswith(REMINDER)} == {REMINDER + rule.name for rule in RULES}
    assert len(BY_KEY) == len(HEARS)


def test_every_verb_is_written_somewhere() -> None:
    source = "\n".join(
        path.read_text() for path in Path(teams.__file__).parent.rglob("*.py") if "notices" not in path.parts
    )
    assert [verb for verb in sorted(HEARD) if f'"{verb}"' not in source] == []


@pytest.mark.parametrize("one", HEARS, ids=lambda one: one.key)
def test_R13_R14_R21_a_sentence_holds_names_numbers_and_days_only(one: Any) -> None:
    """No reasons of refusal, no hours, no place in line: those stand on the page, for whom it concerns."""
    assert places(one.sentence) <= KNOWN
    assert places(one.link) <= LINKS
    assert one.link.startswith("/") and re.fullmatch(r"[a-z/{}_-]+", one.link)


def test_every_hearer_can_be_found_and_every_kind_has_words_and_a_light_default() -> None:
    apart = {Who.PERSON, Who.SELF, Who.DECIDERS, Who.GRANTORS}
    assert {one.who for one in HEARS} <= set(_STATEMENTS) | apart
    assert set(KINDS) == set(DEFAULTS) == set(Kind)
    at_once = {kind for kind, mail in DEFAULTS.items() if mail is Mail.NOW}
    assert at_once == {Kind.ANSWER, Kind.ACCOUNT}, "only what waits for you, or guards you, disturbs you at once"


async def test_no_free_text_can_get_into_a_notice_or_a_mail(owner: asyncpg.Connection) -> None:
    """The mail's own journal is free of text: no subject, no body, no address is kept."""
    columns = await owner.fetch(
        "select table_name, column_name from information_schema.columns where table_schema = 'public'"
        " and table_name in ('outbox', 'reminder', 'mail', 'notice') and data_type in ('text', 'jsonb') order by 1, 2"
    )
    assert [tuple(row) for row in columns] == [
        ("mail", "fault"), ("mail", "sort"), ("mail", "state"), ("notice", "facts"), ("notice", "mail"),
        ("notice", "said"), ("outbox", "consumer"), ("reminder", "rule"),
    ]  # fmt: skip
