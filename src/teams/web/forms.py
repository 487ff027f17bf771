"""Reading what was typed: single values stay single, Dutch dates and decimals are understood, nothing is lost."""

import re
from urllib.parse import parse_qsl, urlencode

from teams.auth.form_keys import fingerprint
from teams.http.own_forms import FIELDS_MAX
from teams.http.readable import Refused
from teams.http.wants import Page
from teams.http.words import Words
from teams.kit.errors import Invalid
from teams.kit.forms import cleaned
from teams.kit.text import one_line

_DATE = re.compile(r"(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{4})")
_DECIMAL = re.compile(r"\d{1,6}(,\d{1,4})?")


class Fields:
    """The fields of a query or a form. A field that may stand once but stands twice is a 400."""

    def __init__(self, pairs: list[tuple[str, str]]) -> None:
        self.all: dict[str, list[str]] = {}
        for name, value in pairs:
            self.all.setdefault(name, []).append(value)

    def one(self, name: str, default: str = "") -> str:
        values = self.all.get(name, [])
        if len(values) > 1:
            raise Refused(400, name)
        return values[0].strip() if values else default

    def many(self, name: str) -> list[str]:
        return [value.strip() for value in self.all.get(name, []) if value.strip()]

    def only(self, *names: str) -> None:
        """Refuse a field that the form does not have."""
        for name in self.all:
            if name not in names and name != "csrf":
                raise Refused(400, name[:60])

    def typed(self) -> dict[str, str]:
        """What was typed, for drawing the form again."""
        return {name: values[-1] for name, values in self.all.items()}

    def print(self) -> bytes:
        """What makes two posts of one form the same: all that it says, not what guards it."""
        said = {name: values for name, values in self.all.items() if name not in ("csrf", "sleutel")}
        return fingerprint(urlencode(sorted(said.items()), doseq=True).encode())


async def form_of(request: Page) -> Fields:
    body = await request.body()
    return Fields(parse_qsl(body.decode("utf-8"), keep_blank_values=True, max_num_fields=FIELDS_MAX + 1))


def query_of(request: Page) -> Fields:
    raw = request.scope["query_string"].decode("utf-8")
    try:
        return Fields(parse_qsl(raw, keep_blank_values=True, max_num_fields=100))
    except ValueError:
        raise Refused(400, "vraag") from None


def readable(fields: Fields, names: tuple[str, ...], faults: dict[str, str], speak: Words) -> Fields:
    """The fields with what was written as every text is kept; one that cannot be read is a fault, and left out."""
    written = {}
    for name in names:
        try:
            written[name] = [one_line(cleaned(name, fields.one(name)))]
        except Invalid as wrong:
            faults[name], written[name] = speak.reason(wrong.reasons[0]), [""]
    return Fields([(name, value) for name, said in (fields.all | written).items() for value in said])


def iso_date(text: str) -> str | None:
    """'24-11-2026' as '2026-11-24' (ISO passes); None when nothing was typed. What is no date comes back as it was."""
    if not text:
        return None
    found = _DATE.fullmatch(text)
    if found is None:
        return text
    day, month, year = found.groups()
    return f"{year}-{int(month):02}-{int(day):02}"


def decimal_text(text: str) -> str | None:
    """'6,5' as '6.5'; None when nothing was typed. What is no number comes back as it was."""
    if not text:
        return None
    return text.replace(",", ".") if _DECIMAL.fullmatch(text) else text
