"""The account to take along: an accessible PDF and a workbook, made from what was frozen, so that they are the same each time."""

import io
from datetime import date
from typing import Any

from teams.account.periods import period_of
from teams.account.queries.accounts import AccountSeen
from teams.exchange.pdf import pdf
from teams.exchange.verantwoording_grafiek import spoken, svg
from teams.exchange.verantwoording_words import (
    CAUSES,
    EFFECTS,
    HOW,
    LISTS,
    MORE,
    ORIGINS,
    STEPS,
    VENUES,
    VERDICTS,
    title,
)
from teams.kit.clock import AMSTERDAM
from teams.kit.money import format_euro
from teams.mandates.text import dutch_day

FRAMEWORK = ("code", "titel", "orgaan", "besluit", "besloten_op", "vanaf", "tot_en_met", "besluiten")


def account_pdf(seen: AccountSeen, figures: dict[str, Any], municipality: str, *, public: bool) -> bytes:
    """PDF/UA-1. Takes processor time: call it in a thread."""
    return pdf("verantwoording", _data(seen, figures, municipality, public=public), at=seen.row.known)


def account_xlsx(seen: AccountSeen, figures: dict[str, Any]) -> bytes:
    """A sheet for each part; amounts are numbers in euros."""
    stream = io.BytesIO()
    import xlsxwriter  # 12 MiB that no page needs

    book = xlsxwriter.Workbook(stream, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    book.set_properties({"title": f"Verantwoording {seen.row.period}", "created": seen.row.known.replace(tzinfo=None)})
    head, euro = book.add_format({"bold": True}), book.add_format({"num_format": "#,##0.00"})
    total = figures["totaal"]
    sheets: dict[str, list[dict[str, Any]]] = {
        "totaal": [{"wat": name, "waarde": value} for name, value in total.items()],
        "buiten mandaat": [{**row, "hersteld_door": ", ".join(row["hersteld_door"]), "nummers": ", ".join(row["nummers"])} for row in figures["oorzaken"]],
        "programmas": figures["programmas"], "grootste": figures["grootste"], "gevoelig": figures["gevoelig"]["besluiten"],
        "meer macht": [{**row, "bevoegdheden": ", ".join(row["bevoegdheden"])} for row in figures["meer_macht"]["mandaten"]],
        "secretaris": [{"wat": name, "waarde": value} for name, value in figures["secretaris"].items()],
        "toetslijsten": figures["volledigheid"]["lijsten"], "posten zonder regel": figures["volledigheid"]["posten"],
        "pogingen": figures["pogingen"], "kwartalen": figures["kwartalen"], "herkomst": figures["herkomst"],
        "bezwaren": figures["bezwaren"]["uitspraken"],
    }  # fmt: skip
    if bounds := figures.get("kaders"):  # not in accounts before version 3
        held = [{name: row[name] for name in FRAMEWORK} for row in bounds["lijst"]]
        sheets["kaders"] = [
            *held,
            {**dict.fromkeys(FRAMEWORK), "titel": "onder geen kader", "besluiten": bounds["zonder"]},
        ]
    for name, rows in sheets.items():
        sheet = book.add_worksheet(name)
        sheet.freeze_panes(1, 0)
        columns = list(rows[0]) if rows else ["leeg"]
        sheet.write_row(0, 0, columns, head)
        for number, row in enumerate(rows, 1):
            for place, column in enumerate(columns):
                value = row[column]
                cents = column in ("bedrag", "van", "naar") or (column == "waarde" and row["wat"] == "bedrag")
                if cents and isinstance(value, int):
                    sheet.write_number(number, place, value / 100, euro)
                elif isinstance(value, int) and not isinstance(value, bool):
                    sheet.write_number(number, place, value)
                else:
                    sheet.write_string(
                        number,
                        place,
                        {True: "ja", False: "nee", None: ""}.get(value, "")
                        if value is None or isinstance(value, bool)
                        else str(value),
                    )
    book.close()
    return stream.getvalue()


def _data(seen: AccountSeen, figures: dict[str, Any], municipality: str, *, public: bool) -> dict[str, Any]:
    """What the template draws: sentences and written numbers only."""
    total, own, check, sample = figures["totaal"], figures["secretaris"], figures["volledigheid"], figures["steekproef"]
    said = seen.words.get("verandert", {})
    finding = seen.steps.get("bevinding")
    response = seen.steps.get("vastgesteld")
    known = seen.row.known.astimezone(AMSTERDAM)
    return {
        "gemeente": municipality, "titel": title(period_of(seen.row.period)), "openbaar": public, "bekend": f"{dutch_day(known.date())}, {known.hour}.{known.minute:02} uur",
        "inleiding": seen.words.get("inleiding", ""), "bezwaren": seen.words.get("bezwaren", ""),
        "besluiten": _n(total["besluiten"]), "binnen": _n(total["binnen"]), "mis": _n(total["mis"]), "hersteld": _n(total["hersteld"]),
        "open": _n(total["open"]), "bedrag": format_euro(total["bedrag"]), "zonder_bedrag": _n(total["zonder_bedrag"]),
        "zonder_regel": _n(check["zonder_regel"]), "lijsten": [
            [LISTS[row["soort"]], _n(row["regels"]), _n(row["regels"] - row["gevonden"]), _n(row["open"])] for row in check["lijsten"]
        ],
        "oorzaken": [
            [CAUSES[row["oorzaak"]], _n(row["aantal"]), format_euro(row["bedrag"]), _repaired(row), said.get(row["oorzaak"], "nog niet bekend")]
            for row in figures["oorzaken"]
        ],
        "programmas": [
            [row["programma"] or "zonder programma", row.get("portefeuille", "") or "–", _n(row["besluiten"]), _n(row["mis"]), format_euro(row["bedrag"])]
            for row in figures["programmas"]
        ],
        "kaders": _frameworks(figures.get("kaders")),
        "grootste": [[row["nummer"], row.get("onderwerp") or row["titel"], row.get("rol", "") or "–", format_euro(row["bedrag"])] for row in figures["grootste"]],
        "gevoelig_aantal": _n(figures["gevoelig"]["aantal"]),
        "gevoelig": [
            [row["nummer"], row.get("onderwerp") or row["titel"], "gevoelig" if row["gevoelig"] else "tegen een instructie in"]
            for row in figures["gevoelig"]["besluiten"]
        ],
        "macht_aantal": _n(figures["meer_macht"]["aantal"]),
        "macht": [
            [row["mandaat"], row.get("ontvanger", "") or "–", MORE[row["wat"]], format_euro(row["naar"]) if row["naar"] is not None else "geen grens"]
            for row in figures["meer_macht"]["mandaten"]
        ],
        "secretaris": [
            ["Besluiten", _n(own["besluiten"])], ["Binnen mandaat", f"{_n(own['besluiten'] - own['mis'])} van {_n(own['besluiten'])}"],
            ["Toegekend en aangegaan", format_euro(own["bedrag"])], ["Door vervanger", _n(own["door_vervanger"])],
            ["Ondermandaten gegeven", f"{_n(own['ondermandaten'])}, en {_n(own['ingetrokken'])} ingetrokken"],
        ],
        "steekproef": None if sample is None else {
            "uit": _n(sample["uit"]), "loting": _n(sample["loting"]), "hoofd": _n(sample["hoofd"]), "wortel": sample["wortel"],
            "oordeel": VERDICTS[sample["oordeel"]] if sample["oordeel"] else "", "bevinding": sample["bevinding"] or "",
            "goed": _n(sample["in_orde"] or 0),
        },
        "posten": [[LISTS[row["soort"]], row.get("kenmerk") or f"post {row['post']}", row["dag"], format_euro(row["bedrag"]) if row["bedrag"] is not None else "–", HOW.get(row["hoe"], row["hoe"])] for row in check["posten"]],
        "uitspraken": [
            [row["dag"], row["titel"], f"{VENUES[row['instantie']]} {row.get('kenmerk', '')}".strip(), CAUSES[row["grond"]], EFFECTS[row["gevolg"]]]
            for row in figures["bezwaren"]["uitspraken"]
        ],
        "pogingen": [[row["bevoegdheid"], _n(row["aantal"])] for row in figures["pogingen"]],
        "informatie": [_n(figures["informatie"][name]) for name in ("gevraagd", "beantwoord", "te_laat")],
        "niet_vastgelegd": [f"{row['code']} ({row['titel']})" for row in figures["niet_vastgelegd"]],
        "werk": {name: _n(value) for name, value in figures["werk"].items()},
        "herkomst": [[ORIGINS[row["herkomst"]], _n(row["besluiten"]), _n(row["klussen"])] for row in figures["herkomst"]],
        "grafiek": svg(figures["kwartalen"]), "grafiek_in_woorden": spoken(figures["kwartalen"]),
        "kwartalen": [[row["periode"], _n(row["besluiten"]), _n(row["mis"])] for row in figures["kwartalen"]],
        "vragen": [] if public else [
            [q.text, "toezegging" if q.kind == "toezegging" else "vraag", q.answer or f"open tot en met {dutch_day(q.due)}"] for q in seen.questions
        ],
        "bevinding": finding.text if finding else "", "reactie": response.text if response else "",
        "vastgesteld": f"Vastgesteld door het college op {dutch_day(response.day)} ({response.decision})." if response else "Nog niet vastgesteld door het college.",
        "hoofd": _n(figures["hoofd"]["regels"]) if figures["hoofd"] else "", "wortel": figures["hoofd"]["wortel"] if figures["hoofd"] else "",
        "kenmerk": seen.row.digest, "stand": STEPS[seen.row.state],
    }  # fmt: skip


def _frameworks(held: dict[str, Any] | None) -> dict[str, Any] | None:
    """None for an account of before version 3."""
    if held is None:
        return None
    return {
        "lijst": [
            [f"{row['titel']} ({row['code']})", row["orgaan"], f"{row['besluit']}, {_day(row['besloten_op'])}",
             f"{_day(row['vanaf'])} – {_day(row['tot_en_met']) if row['tot_en_met'] else 'geen einde'}", _n(row["besluiten"])]
            for row in held["lijst"]
        ],
        "meer": _n(held["aantal"]) if held["aantal"] > len(held["lijst"]) else "", "zonder": _n(held["zonder"]),
    }  # fmt: skip


def _day(day: str) -> str:
    return dutch_day(date.fromisoformat(day))


def _repaired(row: dict[str, Any]) -> str:
    left = row["aantal"] - row["hersteld"]
    if not row["hersteld"]:
        return "nog niet hersteld"
    who = ", ".join(row["hersteld_door"])
    return (
        f"{who}: alle {_n(row['aantal'])} hersteld"
        if not left
        else f"{who}: {_n(row['hersteld'])} hersteld, {_n(left)} open"
    )


def _n(value: int) -> str:
    return f"{value:,}".replace(",", ".")
