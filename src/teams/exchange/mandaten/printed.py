"""The register as it is read on paper: sentences for people instead of cells for machines."""

import re
from collections.abc import Sequence
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from teams.exchange.mandaten.outgoing import Typed, register_rows
from teams.kit.money import format_euro
from teams.mandates.conditions import parse_triggers
from teams.mandates.queries import rows as to
from teams.mandates.terms import TriggerKind
from teams.mandates.text import dutch_day
from teams.structure.moment import Moment

_TOWN = text("select name from organisation")
_ORGANS = text("select code, name from organ order by code")
_TEAMS = text(
    """
    select t.code, v.name from team t join team_version v on v.team_id = t.id
    where range_contains_elem(v.recorded, cast(:known as timestamptz)) and range_contains_elem(v.valid, cast(:day as date)) order by v.name
    """
)
_BASES = {
    "per_besluit": "per besluit", "excl_btw": "zonder btw", "totale_waarde": "totale waarde", "per_jaar": "per jaar",
    "per_zaak": "per zaak",
}  # fmt: skip
_STATES = {"ingetrokken_op": "ingetrokken", "bekendgemaakt_op": "bekendgemaakt", "besloten_op": "besloten"}
_CONDITIONS = (
    (r"vier_ogen>(.+)", "boven € {0} samen met een tweede persoon"),
    (r"advies:([^>]+)>(.+)", "boven € {1} eerst advies van {0}"),
    (r"overleg:(.+)", "eerst overleg met {0}"),
    (r"niet_afwijken_van:(.+)", "niet afwijken van {0}"),
    (r"gebied:(.+)", "alleen in gebied {0}"),
    (r"zaaktype:(.+)", "alleen zaaktype {0}"),
    (r"max_per_jaar:(.+)", "samen hoogstens € {0} per jaar"),
    (r"duur<=(.+)", "hoogstens {0} uur"),
)


class Speech:
    """Organs, teams and powers by their names."""

    def __init__(self, town: str, organs: dict[str, str], teams: dict[str, str], titles: dict[str, str]) -> None:
        self.town, self.organs, self.teams, self.titles = town, organs, teams, titles

    def party(self, party: str) -> str:
        kind, _, what = party.partition(":")
        if kind == "orgaan":
            return to.organ(what, self.organs.get(what, what), self.town).name
        if kind == "rol":
            team, _, role = what.partition("/")
            return f"{role} ({self.teams.get(team, team)})"
        return f"de {what}" if kind == "functie" else what if kind == "extern" else f"personeelsnummer {what}"

    def given(self, row: Typed) -> list[str]:
        """What a grant lets its holder decide, a line for each."""
        if row["alles_behalve"]:
            kept = ", ".join(code for code in row["alles_behalve"] if code != "niets")
            return [f"Alles, behalve: {kept}" if kept else "Alles"]
        return [f"{code} {self.titles.get(code, '')}".strip() for code in row["bevoegdheden"]]


async def speech(session: AsyncSession, moment: Moment, powers: list[Typed]) -> Speech:
    organs = {row.code: row.name for row in await session.execute(_ORGANS)}
    teams = {row.code: row.name for row in await session.execute(_TEAMS, {"known": moment.known, "day": moment.day})}
    return Speech(
        to.municipality(await session.scalar(_TOWN)), organs, teams, {row["code"]: row["titel"] for row in powers}
    )


async def register_data(
    session: AsyncSession, moment: Moment, *, nameless: bool = False, numbers: Sequence[str] | None = None
) -> dict[str, Any]:
    """What `templates/pdf/register.typ` prints: first what organs give, then a table for each team."""
    rows = await register_rows(session, moment, nameless=nameless, numbers=numbers)
    speak = await speech(session, moment, rows["bevoegdheden"])
    groups: dict[str, list[Typed]] = {}
    for row in rows["mandaten"]:
        kind, _, what = row["ontvanger"].partition(":")
        team = speak.teams.get(what.partition("/")[0], "") if kind == "rol" and row["ouder"] else ""
        groups.setdefault(team, []).append(row)
    return {
        "gemeente": speak.town,
        "op": dutch_day(moment.op),
        "openbaar": nameless,
        "aantal": len(rows["mandaten"]),
        "groepen": [
            {"naam": name or "Gegeven door de bestuursorganen", "mandaten": [grant_lines(row, speak) for row in groups[name]]}
            for name in sorted(groups)
        ],
        "bevoegdheden": [
            {
                "code": row["code"],
                "titel": row["titel"],
                "orgaan": ", ".join(speak.party(f"orgaan:{code}") for code in row["orgaan"]),
                "grondslag": "; ".join(row["grondslag"]).replace("[K]", "(te controleren)") or "–",
                "mandateerbaar": {"ja": "ja", "nee": "nee", "alleen_aan": "beperkt"}[row["mandateerbaar"]],
            }
            for row in rows["bevoegdheden"]
        ],
        "uitsluitingen": [
            {"bevoegdheid": row["bevoegdheid"], "regel": _rule(row["regel"]), "bron": row["bron"]}
            for row in rows["uitsluitingen"]
        ],
    }  # fmt: skip


def grant_lines(row: Typed, speak: Speech) -> dict[str, Any]:
    """One grant in words; empty cells are a dash, so that who listens hears that there is nothing."""
    limit = "–" if row["grens"] is None else f"{format_euro(row['grens'])} {_BASES[row['grens_basis']]}"
    further = [*(_said(line) for line in row["voorwaarden"]), *(f"Instructie: {line}" for line in row["instructies"])]
    if row["zaak"]:
        further.append(f"alleen zaak {row['zaak']}")
    if row["kader"]:
        further.append(f"binnen kader {row['kader']}")
    return {
        "nummer": row["nummer"],
        "wat": speak.given(row),
        "soort": ", ".join(row["soorten"]),
        "van": " en ".join(speak.party(party) for party in row["gever"]),
        "aan": speak.party(row["ontvanger"]),
        "grens": limit,
        "voorwaarden": further or ["–"],
        "ondermandaat": _sub(row["ondermandaat"], speak),
        "stand": _state(row),
        "onder": row["ouder"] or "–",
    }


def _rule(parts: list[str]) -> str:
    """The sentence; the machine rules beside it say the same."""
    said = [part for part in parts if parse_triggers(part)[0].kind is TriggerKind.ALWAYS]
    return "; ".join(said or parts)


def _said(line: str) -> str:
    for pattern, sentence in _CONDITIONS:
        if found := re.fullmatch(pattern, line):
            return sentence.format(*(part.strip() for part in found.groups()))
    return line


def _sub(cell: str, speak: Speech) -> str:
    if cell.startswith("alleen_aan:"):
        named = [part.removeprefix("alleen_aan:") for part in cell.split("|")]
        return "alleen aan " + ", ".join(speak.party(party) for party in named)
    return f"ja, {cell} keer" if cell.isdigit() else cell


def _state(row: Typed) -> str:
    for column, word in _STATES.items():
        if row[column]:
            return f"{word} {dutch_date(row[column])}"
    return "voorgenomen"


def dutch_date(iso: str) -> str:
    """`15-02-2023` of `2023-02-15`."""
    year, month, day = iso.split("-")
    return f"{day}-{month}-{year}"
