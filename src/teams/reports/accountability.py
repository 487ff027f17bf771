"""The figures of the account to the board over a quarter or a year: the same period and `bekend` give the same bytes."""

from collections import defaultdict
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Row, TextClause
from sqlalchemy.ext.asyncio import AsyncSession

from teams.account.periods import Period, quarter_of
from teams.reports import accountability_sql as sql

VERSION = 3
SHOWN_NUMBERS, SHOWN_POSTS = 30, 50
CAUSES = (
    "boven_grens", "gesplitst", "geen_mandaat", "verlopen", "niet_bekendgemaakt", "terugwerkend", "zelfde_persoon", "eigen_belang", "anders",
)  # fmt: skip
_BY_FLAG = {
    "boven_grens": "boven_grens", "splitsing": "gesplitst", "zelfde_persoon": "zelfde_persoon", "mandaat_gold_niet": "verlopen",
}  # fmt: skip


async def figures_of(session: AsyncSession, period: Period, known: datetime, *, quorum: int = 0) -> dict[str, Any]:
    """Everything the account says, as plain values: amounts in cents, days as ISO text, no names of people.

    As known at `known`: what was recorded, found, ratified or settled later does not count. Percentages are not kept:
    whoever shows one shows the counts and what they leave out.
    """
    values: dict[str, Any] = {
        **period.span(), "known": known, "year": period.year, "period": str(period), "first": period.first, "last": period.last,
        "until": min(period.end - timedelta(microseconds=1), known),
    }  # fmt: skip

    async def rows(statement: TextClause, **more: Any) -> list[dict[str, Any]]:
        return [dict(row) for row in (await session.execute(statement, {**values, **more})).mappings()]

    sums = await rows(sql.TOTALS)
    whole = _without(sums[0], "whole", "programma", "portefeuille")
    largest, sensitive, more = await rows(sql.LARGEST), await rows(sql.SENSITIVE), await rows(sql.MORE_POWER)
    posts, lost, bounds = await rows(sql.POSTS), await rows(sql.OBJECTIONS), await rows(sql.FRAMEWORKS)
    quarters = _quarters(period)
    counts = await rows(sql.QUARTERS, starts=[one.start for one in quarters], end=quarters[-1].end)
    sample, head = await rows(sql.SAMPLE), await rows(sql.HEAD, quorum=quorum)
    return {
        "versie": VERSION,
        "periode": str(period),
        "van": period.first.isoformat(),
        "tot": period.last.isoformat(),
        "bekend": known.astimezone(UTC).isoformat(),
        "totaal": {**whole, "binnen": whole["besluiten"] - whole["mis"], "open": whole["mis"] - whole["hersteld"]},
        "oorzaken": _causes(await rows(sql.WRONG)),
        "programmas": [_without(row, "whole") for row in sums[1:]],
        "kaders": {
            "aantal": bounds[0]["alle"] if bounds else 0, "zonder": whole["besluiten"] - (bounds[0]["onder"] if bounds else 0),
            "lijst": [_without(row, "alle", "onder") for row in bounds],
        },
        "grootste": largest,
        "gevoelig": {"aantal": sensitive[0]["alle"] if sensitive else 0, "besluiten": [_without(row, "alle") for row in sensitive]},
        "meer_macht": {"aantal": more[0]["alle"] if more else 0, "mandaten": [_without(row, "alle") for row in more]},
        "secretaris": (await rows(sql.SECRETARY))[0],
        "steekproef": sample[0] if sample else None,
        "volledigheid": _completeness(posts),
        "pogingen": await rows(sql.ATTEMPTS),
        "bezwaren": {"aantal": lost[0]["alle"] if lost else 0, "uitspraken": [_without(row, "alle") for row in lost]},
        "informatie": (await rows(sql.INFORMATION))[0],
        "niet_vastgelegd": await rows(sql.UNLOGGED),
        "vragen": await rows(sql.OPEN_QUESTIONS),
        "werk": (await rows(sql.WORK))[0],
        "herkomst": await rows(sql.ORIGIN),
        "kwartalen": [
            {"periode": str(one), "besluiten": row["besluiten"], "mis": row["mis"]} for one, row in zip(quarters, counts, strict=True)
        ],
        "hoofd": head[0] if head else None,
    }  # fmt: skip


def _causes(wrong: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """What went wrong, by cause; who repaired it; the first numbers."""
    found: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in wrong:
        by_flag = next((_BY_FLAG[flag] for flag in _BY_FLAG if flag in row["flags"]), "anders")
        found[row["ground"] if row["ground"] in CAUSES else by_flag].append(row)
    return [
        {
            "oorzaak": cause, "aantal": len(rows), "bedrag": sum(row["bedrag"] or 0 for row in rows),
            "hersteld": sum(row["hersteld_door"] is not None for row in rows),
            "hersteld_door": sorted({row["hersteld_door"] for row in rows if row["hersteld_door"]}),
            "nummers": [row["nummer"] for row in rows[:SHOWN_NUMBERS]],
        }
        for cause, rows in sorted(found.items(), key=lambda one: (-len(one[1]), CAUSES.index(one[0])))
    ]  # fmt: skip


def _completeness(posts: list[dict[str, Any]]) -> dict[str, Any]:
    """Counts by kind of list, and the posts that have no entry: open, or closed without a decision."""
    kinds: dict[str, dict[str, int]] = {}
    for post in posts:
        counted = kinds.setdefault(
            post["soort"], dict.fromkeys(("regels", "gevonden", "verklaard", "zonder_besluit", "open"), 0)
        )
        counted["regels"] += 1
        counted[post["stand"]] += 1
        counted["zonder_besluit"] += post["hoe"] == "zonder_besluit"
    missing = [post for post in posts if post["stand"] != "gevonden"]
    return {
        "lijsten": [{"soort": kind, **counted} for kind, counted in sorted(kinds.items())],
        "posten": missing[:SHOWN_POSTS], "zonder_regel": len(missing), "open": sum(post["stand"] == "open" for post in missing),
    }  # fmt: skip


def _quarters(period: Period) -> list[Period]:
    """The last quarter of the period and the four before it, oldest first."""
    found = [quarter_of(period.last)]
    while len(found) < 5:
        found.append(found[-1].before)
    return found[::-1]


def _without(row: dict[str, Any] | Row[Any], *names: str) -> dict[str, Any]:
    return {name: value for name, value in dict(row).items() if name not in names}


def without_people(figures: dict[str, Any]) -> dict[str, Any]:
    """The public variant: no portfolio holder, no role, no subject or reference of a single case."""
    public = dict(figures)
    public["programmas"] = [_without(row, "portefeuille") for row in figures["programmas"]]
    public["grootste"] = [_without(row, "onderwerp", "rol") for row in figures["grootste"]]
    public["gevoelig"] = {
        **figures["gevoelig"],
        "besluiten": [_without(row, "onderwerp", "rol") for row in figures["gevoelig"]["besluiten"]],
    }
    public["volledigheid"] = {
        **figures["volledigheid"],
        "posten": [_without(row, "kenmerk") for row in figures["volledigheid"]["posten"]],
    }
    public["meer_macht"] = {
        **figures["meer_macht"],
        "mandaten": [_without(row, "ontvanger") for row in figures["meer_macht"]["mandaten"]],
    }
    public["bezwaren"] = {
        **figures["bezwaren"],
        "uitspraken": [_without(row, "nummer", "kenmerk") for row in figures["bezwaren"]["uitspraken"]],
    }
    public["vragen"] = []
    return public
