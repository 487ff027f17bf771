"""The words of the files and back: amounts, four eyes, parties, sub-mandates, and cells that no spreadsheet takes for a formula."""

import re
from collections.abc import Callable, Collection
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from teams.exchange import cells
from teams.exchange.cells import BadCell
from teams.kit.clock import day_of
from teams.kit.money import AmountError, parse_amount
from teams.mandates.terms import PartyKind

FULL_TIME = 360
POWER_WORDS = {
    "title": "titel", "organs": "orgaan", "act": "soort", "mandatable": "mandateerbaar", "only_to": "alleen_aan",
    "mandatable_source": "mandateerbaar_bron", "ceiling_base": "grens_basis", "four_eyes": "vier_ogen",
    "recording": "vastlegging", "confidential": "vertrouwelijk", "keywords": "trefwoorden", "asks": "vraagt",
    "specials": "bijzonder", "external_by_law": "extern_bij_wet",
}  # fmt: skip
TEXTS = {
    "publicatie": "publication", "publicatie_adres": "publication_uri", "besluit": "decision",
    "intrekkingsbesluit": "withdrawal", "opmerkingen": "remarks",
}  # fmt: skip
GRANT_WORDS = {
    "powers": "bevoegdheden", "kinds": "soorten", "grantors": "gever", "holder": "ontvanger", "parent_id": "ouder",
    "all_except": "alles_behalve", "ceiling": "grens", "base": "grens_basis", "sub": "ondermandaat",
    "sub_depth": "diepte", "sub_only_to": "ondermandaat aan", "conditions": "voorwaarden", "instructions": "instructies",
    "form": "vorm", "case_number": "zaak", "decided_on": "besloten_op", "published_on": "bekendgemaakt_op",
    "consent_holder_on": "instemming_ontvanger_op", "consent_employer_on": "instemming_werkgever_op",
    "withdrawn_at": "ingetrokken_op", "framework_id": "kader", "written": "op_schrift", **{name: word for word, name in TEXTS.items()},
}  # fmt: skip
MONEY = frozenset({"ceiling", "four_eyes", "amount"})
NOTHING = "niets"
"""In `alles_behalve`: everything without exception."""
_PARTY = re.compile(rf"({'|'.join(kind.value for kind in PartyKind)}): *(.+)")


def amount(cell: str) -> int:
    """Cents; what can be read in two ways is refused."""
    try:
        return parse_amount(cell)
    except AmountError:
        raise BadCell(f"'{cell.strip()[:40]}' is geen bedrag; schrijf bijvoorbeeld 7500 of 7.500,00") from None


def formation(cell: str) -> int:
    """Full-time places as tenths of hours a week: 12,5 is 4500."""
    text = cell.strip().replace(",", ".")
    if not re.fullmatch(r"[0-9]{1,4}(\.[0-9]{1,2})?", text):
        raise BadCell(f"'{cell.strip()[:40]}' is geen aantal voltijdplaatsen; schrijf bijvoorbeeld 12,5")
    return int((Decimal(text) * FULL_TIME).to_integral_value(ROUND_HALF_UP))


def full_time(tenths: int | None) -> str:
    """The same the other way round."""
    if tenths is None:
        return ""
    return f"{(Decimal(tenths) / FULL_TIME).quantize(Decimal('0.01'), ROUND_HALF_UP).normalize():f}".replace(".", ",")


def four_eyes(cell: str) -> int | None:
    """`nee`, `altijd`, or the amount above which a second person decides along."""
    word = cell.strip().lower()
    if word in ("ja", "altijd"):
        return -1
    return None if word == "nee" else amount(cell)


def year(cell: str) -> int:
    text = cell.strip()
    if not re.fullmatch("[0-9]{4}", text) or not 2000 <= int(text) <= 2199:
        raise BadCell(f"'{text[:40]}' is geen jaar van 2000 tot en met 2199")
    return int(text)


def choices(options: Collection[str]) -> Callable[[str], list[str]]:
    """Several words of a closed list, separated by `|`."""
    one = cells.choice(options)
    return lambda cell: list(dict.fromkeys(one(part) for part in cell.split("|") if part.strip()))


def except_for(cell: str) -> list[str]:
    return [] if cell.strip().lower() == NOTHING else cells.listing(40, 1000)(cell)


def parties(cell: str) -> list[str]:
    """`orgaan:college|rol:TEAM/ROL`, spelled alike."""
    found = []
    for part in cells.listing(200)(cell):
        match = _PARTY.fullmatch(part)
        if match is None:
            kinds = ", ".join(f"{kind.value}:" for kind in PartyKind)
            raise BadCell(f"'{part[:60]}' begint niet met een van deze woorden: {kinds}")
        if match[1] == "rol" and "/" not in match[2]:
            raise BadCell(f"'{part[:60]}' noemt geen team; schrijf rol:TEAM/ROL")
        found.append(f"{match[1]}:{match[2]}")
    return found


def submandate(cell: str) -> tuple[str, int, list[str]]:
    """Kind, depth and receivers of `nee`, `ja`, a number of steps, or `alleen_aan:TEAM/ROL|…`."""
    text = cell.strip()
    if text.lower() in ("nee", "ja"):
        return text.lower(), 0, []
    if re.fullmatch("[1-8]", text):
        return "diepte", int(text), []
    if text.startswith("alleen_aan:"):
        named = [part.strip().removeprefix("alleen_aan:").strip() for part in text.split("|") if part.strip()]
        return "alleen_aan", 0, parties("|".join(one if _PARTY.fullmatch(one) else f"rol:{one}" for one in named))
    raise BadCell(f"'{text[:40]}' kan hier niet; kies nee, ja, 1 tot en met 8, of alleen_aan:TEAM/ROL")


def plain_amount(cents: int | None) -> str:
    """As the import reads it, and as spreadsheets show it: `7500,00`."""
    return "" if cents is None else f"{cents // 100},{cents % 100:02d}"


def eyes(cents: int | None) -> str:
    return "nee" if cents is None else "altijd" if cents < 0 else plain_amount(cents)


def last_day(end: datetime | None) -> str:
    """The last day of a period that ends before `end`."""
    return "" if end is None else day_of(end - timedelta(microseconds=1)).isoformat()


def day(at: datetime | None) -> str:
    return "" if at is None else day_of(at).isoformat()


def safe(part: str) -> str:
    """A text that a spreadsheet would take for a formula gets an apostrophe in front, which the import takes off again."""
    return f"'{part}" if part.lstrip().startswith(("=", "+", "-", "@")) or part.startswith(("\t", "\r")) else part


def joined(parts: Collection[str]) -> str:
    return "|".join(safe(part) for part in parts)


def yes(value: bool) -> str:
    return "ja" if value else "nee"


def shown(name: str, value: Any) -> str:
    """A field in a difference; parties and parents are spelled by who knows them."""
    if isinstance(value, bool):
        return yes(value)
    if name == "four_eyes":
        return eyes(value)
    if name == "formation":
        return full_time(value)
    if name in MONEY:
        return plain_amount(value)
    if isinstance(value, datetime):
        return day(value)
    if isinstance(value, list):
        return "|".join(value) or (NOTHING if name == "all_except" else "")
    return "" if value is None else str(value)
