"""Money: whole cents, read from what people type and written as they read it."""

from __future__ import annotations

import re

MAX_CENTS = 2**53 - 1

_TYPED = re.compile(
    r"(?:€[ \u00a0\u202f]?)?(?:(?P<grouped>[1-9][0-9]{0,2}(?:\.[0-9]{3})+)|(?P<plain>0|[1-9][0-9]*))(?P<tail>,[0-9]{2}|,-|\.[0-9]{2})?"
)
_PLAIN = re.compile(r"(?P<euros>0|[1-9][0-9]*)(?:\.(?P<cents>[0-9]{1,2}))?")


class AmountError(ValueError):
    """Text that is no amount, or one that can be read in two ways."""


def parse_amount(text: str) -> int:
    """Cents of an amount as typed in a form or a CSV file (`7.500,00`, `€ 7.500,-`, `7500.00`); raises AmountError."""
    found = _TYPED.fullmatch(text.strip(" \u00a0\t"))
    if found is None:
        raise AmountError(text)
    tail = found["tail"] or ""
    if found["grouped"] and tail.startswith("."):
        raise AmountError(text)
    euros = (found["grouped"] or found["plain"]).replace(".", "")
    return _bounded(text, euros, "00" if tail in ("", ",-") else tail[1:])


def parse_plain_amount(text: str) -> int:
    """Cents of an amount in the API: plain decimal, at most two places, not negative; raises AmountError."""
    found = _PLAIN.fullmatch(text)
    if found is None:
        raise AmountError(text)
    return _bounded(text, found["euros"], (found["cents"] or "").ljust(2, "0"))


def format_euro(cents: int) -> str:
    """`€ 7.500` for whole euros, else `€ 7.500,50`."""
    euros, rest = divmod(abs(cents), 100)
    whole = f"{euros:,}".replace(",", ".")
    sign = "-" if cents < 0 else ""
    return f"{sign}€ {whole},{rest:02d}" if rest else f"{sign}€ {whole}"


def _bounded(text: str, euros: str, cents: str) -> int:
    if len(euros) > 16 or (value := int(euros) * 100 + int(cents)) > MAX_CENTS:
        raise AmountError(text)
    return value
