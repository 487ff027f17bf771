"""The text of a mandaatbesluit for the organ's proposal and the gazette: articles, the difference, and the annex with every grant."""

import asyncio
from typing import Any

from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession

from teams.exchange.mandaten.outgoing import Typed, register_rows
from teams.exchange.mandaten.printed import Speech, dutch_date, grant_lines, speech
from teams.exchange.pdf import pdf
from teams.kit.errors import NextStep, NotFound, Reason
from teams.kit.text import N_
from teams.mandates.models import Decree
from teams.mandates.queries import rows as to
from teams.mandates.text import dutch_day
from teams.structure.models import Organ
from teams.structure.moment import Moment

_ITEMS = text(
    """
    select g.number, i.act from decree_item i join power_grant g on g.id = i.grant_id
    where i.decree_id = :decree order by g.number
    """
)


async def decree_data(session: AsyncSession, number: int, moment: Moment) -> dict[str, Any]:
    """Everything that the text, its difference and its annex say; `NotFound` when there is no such decree."""
    decree = (await session.scalars(select(Decree).where(Decree.number == number))).one_or_none()
    organ = await session.get(Organ, decree.organ_id) if decree else None
    if decree is None or organ is None:
        raise NotFound(
            Reason("onbekend", N_("Dit mandaatbesluit bestaat niet.")),
            then=(NextStep(N_("Bekijk het register."), "/mandaten"),),
        )
    acts = {row.number: row.act for row in await session.execute(_ITEMS, {"decree": decree.id})}
    rows = await register_rows(session, moment, numbers=list(acts))
    speak = await speech(session, moment, rows["bevoegdheden"])
    by_number = {row["nummer"]: row for row in rows["mandaten"]}
    given = [by_number[number] for number, act in acts.items() if act == "geeft"]
    gone = [by_number[number] for number, act in acts.items() if act == "trekt_in"]
    named = to.organ(organ.code, organ.name, speak.town)
    return {
        "gemeente": speak.town,
        "nummer": decree.number,
        "titel": decree.title,
        "orgaan": named.name,
        "ondertekenaar": named.signs_as,
        "gelet": _articles([*given, *gone], rows["bevoegdheden"]),
        "stand": decree.state,
        "besloten": dutch_day(decree.decided_on) if decree.decided_on else "",
        "besluit": decree.decision,
        "bekendgemaakt": dutch_day(decree.published_on) if decree.published_on else "",
        "publicatie": decree.publication,
        "toelichting": [line for line in decree.text.splitlines() if line.strip()],
        "geeft": [grant_lines(row, speak) | {"ingang": dutch_date(row["van"])} for row in given],
        "trekt_in": [grant_lines(row, speak) for row in gone],
        "verschil": _difference(given, gone, speak),
    }


def decree_text(data: dict[str, Any]) -> str:
    """The decree in Markdown, to be edited on; with the annex as a table."""
    lines = [
        f"# {data['titel']}",
        "",
        f"{data['ondertekenaar']},",
        "",
        f"gelet op {data['gelet']};",
        "",
        "besluit:",
        "",
    ]
    for head, sentences in articles(data):
        lines += [f"## {head}", "", *(line for sentence in sentences for line in (_escaped(sentence), ""))]
    lines += ["Aldus besloten op " + (data["besloten"] or "… (datum)"), "", f"{data['ondertekenaar']},", ""]
    if data["toelichting"]:
        lines += ["## Toelichting", "", *(line for text in data["toelichting"] for line in (_escaped(text), ""))]
    lines += ["## Wat verandert er", "", *(f"- {_escaped(line)}" for line in data["verschil"]), ""]
    if data["geeft"]:
        lines += ["## Bijlage: de mandaten", "", "| " + " | ".join(ANNEX.values()) + " |", "|" + " --- |" * len(ANNEX)]
        lines += ["| " + " | ".join(_cell(row[name]) for name in ANNEX) + " |" for row in data["geeft"]]
    return "\n".join(lines).rstrip() + "\n"


async def decree_pdf(data: dict[str, Any], moment: Moment) -> bytes:
    """The same as PDF/UA-1."""
    printed = data | {"artikelen": [{"kop": head, "leden": said} for head, said in articles(data)]}
    return await asyncio.to_thread(pdf, "mandaatbesluit", printed, at=moment.known)


ANNEX = {
    "nummer": "Nr.", "wat": "Mag besluiten over", "soort": "Soort", "van": "Van", "aan": "Aan", "grens": "Tot en met",
    "voorwaarden": "Voorwaarden", "ondermandaat": "Doorgeven", "ingang": "Vanaf",
}  # fmt: skip


def articles(data: dict[str, Any]) -> list[tuple[str, list[str]]]:
    """Heading and sentences of each article."""
    found: list[tuple[str, list[str]]] = []
    if data["geeft"]:
        said = "De mandaten, volmachten en machtigingen in de bijlage worden gegeven, met de grenzen en voorwaarden die daar staan."
        more = "Wie een bevoegdheid zo krijgt, besluit namens het orgaan en blijft gebonden aan aanwijzingen van het orgaan."
        found.append(("Mandaat", [said, more]))
    if data["trekt_in"]:
        found.append(("Intrekking", [f"{row['nummer']} wordt ingetrokken: {_of(row)}." for row in data["trekt_in"]]))
    found.append(("Inwerkingtreding", ["Dit besluit werkt vanaf de dag na de bekendmaking in het gemeenteblad."]))
    found.append(("Citeertitel", [f"Dit besluit heet: {data['titel']}."]))
    return [(f"Artikel {number} {head}", said) for number, (head, said) in enumerate(found, 1)]


def _of(row: dict[str, Any]) -> str:
    return f"{'; '.join(row['wat'])}, van {row['van']} aan {row['aan']}"


def _difference(given: list[Typed], gone: list[Typed], speak: Speech) -> list[str]:
    """One line for each power that somebody gets, keeps with another ceiling, or loses."""
    lines, left = [], list(gone)
    for row in given:
        old = next((one for one in left if _replaces(row, one)), None)
        new = grant_lines(row, speak)
        if old is None:
            lines.append(f"Nieuw: {row['nummer']}. {_of(new)}. Tot en met: {new['grens']}.")
            continue
        left.remove(old)
        before = grant_lines(old, speak)
        lines.append(
            f"Anders: {row['nummer']} komt voor {old['nummer']}. {_of(new)}. Tot en met: was {before['grens']}, wordt {new['grens']}."
        )
    return [*lines, *(f"Vervalt: {row['nummer']}. {_of(grant_lines(row, speak))}." for row in left)]


def _replaces(new: Typed, old: Typed) -> bool:
    same_powers = (new["bevoegdheden"], new["alles_behalve"]) == (old["bevoegdheden"], old["alles_behalve"])
    return bool(new["ontvanger"] == old["ontvanger"] and same_powers)


def _articles(rows: list[Typed], powers: list[Typed]) -> str:
    """The general rules of mandate, and the articles of the powers that are named."""
    codes = {code for row in rows for code in row["bevoegdheden"]}
    bases = {basis for power in powers if power["code"] in codes for basis in power["grondslag"]}
    named = ["afdeling 10.1.1 van de Algemene wet bestuursrecht", *sorted(bases)]
    return ", ".join(basis.replace("[K]", "(te controleren)") for basis in named)


def _cell(value: str | list[str]) -> str:
    return _escaped("; ".join(value) if isinstance(value, list) else value).replace("|", "\\|")


def _escaped(line: str) -> str:
    """Text that Markdown shows as it is."""
    return "".join(f"\\{sign}" if sign in "\\`*_[]<>#" else sign for sign in line)
