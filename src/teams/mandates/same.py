"""When two spellings name one case or one other party: M10, M16, M19 and M21 look past capitals, accents and punctuation.

The database has the same two functions, for what it looks up by index (`case_key`, `party_key`)."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

# All but letters and digits; after NFKD an accent is a mark of its own.
_BETWEEN = re.compile("[\x01-/:-`{-\u00bf\u0300-\u036f\u2000-\u206f]+")
_MARKS, _DOTS = re.compile("['\u2019\u0300-\u036f]+"), re.compile("[.'\u2019\u0300-\u036f]+")
_FORM = re.compile("( (b ?v|n ?v|c ?v|v ?o ?f))+$")


@lru_cache(4096)
def case_key(name: str) -> str:
    """The words of a case number, so that 'Z-26 1' and 'z/26-1' are one case and 'Z-261' is another."""
    return _words(name, _MARKS) or name


@lru_cache(4096)
def party_key(name: str) -> str:
    """The letters and digits of a name, without the legal form at its end."""
    return _FORM.sub("", _words(name, _DOTS)).replace(" ", "") or name


def same_case(one: str | None, other: str | None) -> bool:
    return one is not None and other is not None and (one == other or case_key(one) == case_key(other))


def same_party(one: str | None, other: str | None) -> bool:
    return one is not None and other is not None and (one == other or party_key(one) == party_key(other))


def _words(name: str, silent: re.Pattern[str]) -> str:
    folded = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", name).casefold())
    return _BETWEEN.sub(" ", silent.sub("", folded)).strip(" ")
