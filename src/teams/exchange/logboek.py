"""The mandate log to take along: CSV, XLSX and JSON as the reader sees it, and a bundle with receipts that anybody can check."""

import csv
import io
import json
import zipfile
from collections.abc import Sequence
from datetime import datetime
from importlib import resources
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from teams.exchange.mandaten.words import safe
from teams.kit.clock import AMSTERDAM
from teams.kit.errors import Conflict, NextStep, Reason
from teams.kit.text import N_
from teams.ledger.queries import log_keys, newest_head, receipt_of
from teams.reports.audit import AuditWish, Line, Scope, audit_page

MOST, MOST_RECEIPTS = 20_000, 500
COLUMNS = (
    "nummer", "datum", "bevoegdheid", "titel", "zaak", "onderwerp", "wederpartij", "persoon", "rol", "team", "bedrag", "grens", "grens_basis",
    "uitkomst", "signalen", "bekrachtigd_op", "mandaten", "bron", "herkomst", "vastgelegd_op", "logboekregel", "vertrouwelijk", "inhoud_vernietigd",
)  # fmt: skip
_FIXED = (1980, 1, 1, 0, 0, 0)
_READ_ME = """Bewijsbestand van het mandaatlogboek

besluiten.json     de besluiten van de selectie, zoals de lezer ze mocht zien
bewijs/NUMMER.tlog-proof   het bewijs dat de vastlegging in het logboek staat (c2sp.org/tlog-proof@v1)
checkpoint         het laatste ondertekende hoofd van het logboek
verifier.py        controleert een bewijs zonder dat je iets van de server vertrouwt

Controleren: python3 verifier.py --help. Neem de openbare sleutel van het logboek uit het gemeenteblad of het
mandaatbesluit, en niet uit dit bestand.
"""


async def all_lines(session: AsyncSession, wish: AuditWish, scope: Scope, most: int = MOST) -> list[Line]:
    """Every decision of the wish; `Conflict` when there are more than `most`."""
    found: list[Line] = []
    after = None
    while len(found) <= most:
        lines, after = await audit_page(session, AuditWish(**{**vars(wish), "after": after, "limit": 1000}), scope)
        found += lines
        if after is None:
            break
    if len(found) > most:
        raise Conflict(
            Reason("te_veel", N_("Dit zijn meer dan {most} besluiten. Dat past niet in één bestand."), {"most": most}),
            then=(NextStep(N_("Kies een kortere periode, een team of een bevoegdheid.")),),
        )
    return found


def rows_of(lines: Sequence[Line]) -> list[dict[str, Any]]:
    """As in the files; amounts in cents become text with two decimals; what is hidden is empty."""
    return [
        {
            "nummer": line.number, "datum": _local(line.decided_at), "bevoegdheid": line.power, "titel": line.power_title,
            "zaak": line.case, "onderwerp": line.subject, "wederpartij": line.counterparty, "persoon": line.person or None,
            "rol": line.role or None, "team": line.team or None, "bedrag": _amount(line.cents), "grens": _amount(line.ceiling),
            "grens_basis": line.base, "uitkomst": line.outcome, "signalen": list(line.flags),
            "bekrachtigd_op": line.ratified_on.isoformat() if line.ratified_on else None, "mandaten": list(line.grants),
            "bron": line.source, "herkomst": line.origin, "vastgelegd_op": _local(line.recorded_at), "logboekregel": line.seq,
            "vertrouwelijk": line.confidential, "inhoud_vernietigd": line.erased,
        }
        for line in lines
    ]  # fmt: skip


def as_csv(lines: Sequence[Line]) -> bytes:
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow(COLUMNS)
    writer.writerows([_cell(row[name]) for name in COLUMNS] for row in rows_of(lines))
    return out.getvalue().encode("utf-8-sig")


def as_json(lines: Sequence[Line]) -> bytes:
    return json.dumps({"versie": 1, "besluiten": rows_of(lines)}, ensure_ascii=False, indent=1).encode()


def as_xlsx(lines: Sequence[Line], at: datetime) -> bytes:
    stream = io.BytesIO()
    import xlsxwriter  # 12 MiB that no page needs

    book = xlsxwriter.Workbook(stream, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    book.set_properties({"title": "Mandaatlogboek", "created": at.replace(tzinfo=None)})
    sheet, head = book.add_worksheet("besluiten"), book.add_format({"bold": True})
    euro = book.add_format({"num_format": "#,##0.00"})
    sheet.freeze_panes(1, 1)
    sheet.write_row(0, 0, COLUMNS, head)
    for number, row in enumerate(rows_of(lines), 1):
        for column, name in enumerate(COLUMNS):
            if name in ("bedrag", "grens") and row[name] is not None:
                sheet.write_number(number, column, float(row[name]), euro)
            else:
                sheet.write_string(number, column, _plain(row[name]))
    book.close()
    return stream.getvalue()


async def bundle(session: AsyncSession, lines: Sequence[Line], *, quorum: int = 0) -> bytes:
    """A ZIP with the decisions, a receipt for each that a signed head covers, the head and the verifier.

    A receipt of a hidden decision shows no opening: the leaf proves that it is there and tells nothing."""
    if len(lines) > MOST_RECEIPTS:
        raise Conflict(
            Reason("te_veel", N_("Een bewijsbestand bevat hoogstens {most} besluiten."), {"most": MOST_RECEIPTS}),
            then=(NextStep(N_("Kies een kortere periode, een team of een bevoegdheid.")),),
        )
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as made:
        _put(made, "LEESMIJ.txt", _READ_ME.encode())
        _put(made, "besluiten.json", as_json(lines))
        for line in lines:
            receipt = await receipt_of(session, line.entry, shown=() if line.hidden else None, quorum=quorum)
            if receipt is not None:
                _put(made, f"bewijs/{line.number}.tlog-proof", receipt)
        head = await newest_head(session, quorum=quorum)
        if head is not None:
            _put(made, "checkpoint", head.note.encode())
        _put(made, "sleutels.txt", "".join(f"{key.vkey}\n" for key in await log_keys(session)).encode())
        _put(made, "verifier.py", resources.files("teams.ledger").joinpath("verifier.py").read_bytes())
    return stream.getvalue()


def _put(made: zipfile.ZipFile, name: str, content: bytes) -> None:
    made.writestr(zipfile.ZipInfo(name, _FIXED), content, zipfile.ZIP_DEFLATED)


def _local(at: datetime | None) -> str | None:
    return at.astimezone(AMSTERDAM).isoformat(timespec="seconds") if at else None


def _amount(cents: int | None) -> str | None:
    return None if cents is None else f"{cents // 100}.{cents % 100:02d}"


def _plain(value: Any) -> str:
    if isinstance(value, bool):
        return "ja" if value else "nee"
    return "|".join(value) if isinstance(value, list) else "" if value is None else str(value)


def _cell(value: Any) -> str:
    """Text that a spreadsheet does not take for a formula."""
    return safe(_plain(value))
