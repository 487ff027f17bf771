"""Text that people type: one form (NFC), no control characters, no hidden direction changes, bounded."""

import re
import unicodedata
from contextlib import suppress
from datetime import date
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Field, StringConstraints
from pydantic_core import PydanticCustomError

_INVISIBLE = re.compile("[\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]")
_WORD = re.compile(r"[^\W_\u02b0-\u02ff]+")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_MARKS = 5


def N_(message: str) -> str:
    """Mark a Dutch sentence for the catalogue; the face that shows it translates."""
    return message


def clean(value: str) -> str:
    """NFC, line ends as newline, no invisible direction marks, no edges of white space. ValueError on control characters."""
    text = unicodedata.normalize("NFC", value).replace("\r\n", "\n").replace("\r", "\n")
    if _CONTROL.search(text):
        raise PydanticCustomError("tekens", N_("Er staat een teken in dat niet te lezen is. Typ de tekst opnieuw."))
    text = _INVISIBLE.sub("", text)
    marks = 0
    for char in text:
        marks = marks + 1 if unicodedata.combining(char) else 0
        if marks > _MARKS:
            raise PydanticCustomError("tekens", N_("Er staan te veel accenten op één letter. Typ de tekst opnieuw."))
    return text.strip()


def visible(value: str) -> str:
    """NFC without hidden signs, for what is looked for."""
    return _INVISIBLE.sub("", unicodedata.normalize("NFC", value)).strip()


def words_in(value: str) -> list[str]:
    """Its words in small letters. Taking off accents (`plain`) leaves letters and digits: nothing that a tsquery reads
    as its own, as it would of ½ and of the apostrophe that is a letter."""
    return _WORD.findall(unicodedata.normalize("NFKC", value).lower())


def one_line(value: str) -> str:
    return re.sub(r"\s+", " ", value)


def _string(value: object) -> object:
    return clean(value) if isinstance(value, str) else value


def _blank_is_none(value: object) -> object:
    return None if isinstance(value, str) and not value.strip() else value


def written_day(value: object) -> object:
    """A day as it is written. Pydantic also reads a bare number, as seconds since 1970, and a day with a time behind it."""
    if not isinstance(value, str):
        return value
    if _DAY.fullmatch(value):
        with suppress(ValueError):
            return date.fromisoformat(value)
    raise PydanticCustomError("date_written", "no day")


WrittenDay = Annotated[date, Field(ge=date(1900, 1, 1), le=date(2199, 12, 31)), BeforeValidator(written_day)]
# Lengths laid around one another all hold, so whoever allows more than a line begins here.
LongLine = Annotated[str, BeforeValidator(_string), AfterValidator(one_line), StringConstraints(min_length=1)]
Line = Annotated[LongLine, StringConstraints(max_length=120)]
Text = Annotated[str, BeforeValidator(_string), StringConstraints(min_length=1, max_length=4000)]
OptionalText = Annotated[
    Annotated[str, BeforeValidator(_string), StringConstraints(max_length=4000)] | None, BeforeValidator(_blank_is_none)
]
OptionalLine = Annotated[
    Annotated[str, BeforeValidator(_string), AfterValidator(one_line), StringConstraints(max_length=120)] | None,
    BeforeValidator(_blank_is_none),
]
# A shorter or longer one is a type of its own: a length laid around an optional line fails on what was left empty.
OptionalCode = Annotated[
    Annotated[str, BeforeValidator(_string), AfterValidator(one_line), StringConstraints(max_length=40)] | None,
    BeforeValidator(_blank_is_none),
]
OptionalNote = Annotated[
    Annotated[str, BeforeValidator(_string), AfterValidator(one_line), StringConstraints(max_length=200)] | None,
    BeforeValidator(_blank_is_none),
]
OptionalReason = Annotated[
    Annotated[str, BeforeValidator(_string), AfterValidator(one_line), StringConstraints(max_length=500)] | None,
    BeforeValidator(_blank_is_none),
]
