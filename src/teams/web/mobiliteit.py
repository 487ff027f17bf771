"""Mobility: what moves between teams, vacancies, savings; each number with its definition, its parts and the rows behind it."""

from collections import Counter
from collections.abc import Collection
from datetime import UTC, date, datetime, timedelta
from heapq import nlargest
from typing import Any

from litestar import Response, Router, get
from litestar.params import FromPath
from litestar.response import Stream
from sqlalchemy.ext.asyncio import AsyncSession

from teams.account.periods import Period, past_quarters, period_of
from teams.exchange.mobiliteit import csv_parts, sheets_of, xlsx_parts
from teams.http.mobility_words import NUMBERS
from teams.http.wants import Page, Session
from teams.kit.clock import day_of
from teams.kit.errors import NotFound, Reason
from teams.kit.text import N_
from teams.reports.mobility import ALL, Flow, Mobility, mobility_of, places_of
from teams.reports.savings import chains_of, occupancy_of, openings_of, savings_of, together
from teams.web.forms import query_of
from teams.web.pages import page

KINDS = {"csv": "text/csv", "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}
MORE: dict[str, tuple[str, ...]] = {
    "stromen": ("stromen",), "uren": ("M3",), "vacatures": ("M4",), "besparingen": (), "bezetting": (), "openingen": (),
}  # fmt: skip
SHOWN, DRAWN = 500, 40
"""Rows of a list on a page, teams on each side of the drawing; all of it stands in the file."""
SMALL = "*"
TYPES = {
    "formatie": N_("Formatie vervallen"), "vacature": N_("Vacaturevoordeel"), "inhuur": N_("Vermeden inhuur"), "werving": N_("Vermeden wervingskosten"),
}  # fmt: skip
SOURCES = {"intern": N_("van binnenuit"), "regionaal": N_("uit de regio"), "extern": N_("van buiten")}
STATES = {"verwacht": N_("verwacht"), "bevestigd": N_("bevestigd"), "vervallen": N_("vervallen")}
ENDS = {
    "vervalt": N_("de plek vervalt"), "geen": N_("er bleef geen plek open"), "extern": N_("vervuld van buiten"),
    "regionaal": N_("vervuld uit de regio"), "intern": N_("vervuld van binnenuit; over de oude plek is nog niets bekend"), "open": N_("nog open"),
}  # fmt: skip
WORDS: dict[str, Any] = {
    "einden_w": ENDS,
    "getallen_w": NUMBERS,
    "soorten_w": TYPES,
    "bron_w": SOURCES,
    "standen_w": STATES,
    "KLEIN": SMALL,
}
_CELL, _LEFT, _TOP = 22, 190, 30


@get("/mobiliteit", policy="signed_in")
async def index(request: Page, session: Session) -> Response[str]:
    period, found = await _found(request, session)
    savings = await savings_of(session, found.first, found.until)
    last = found.until - timedelta(days=1)
    return page(
        request, "mobiliteit/index.html", f=found, b=savings, bezetting=together("", await occupancy_of(session, last)), laatste=last,
        stromen=nlargest(SHOWN, found.flows, key=_most), matrix=matrix(found), **_frame(period),
    )  # fmt: skip


@get("/mobiliteit/{code:str}", policy="signed_in")
async def rows(request: Page, code: FromPath[str], session: Session) -> Response[str]:
    """What stands behind one number."""
    if code not in NUMBERS and code not in MORE:
        raise NotFound(Reason("onbekend", N_("Dit getal bestaat niet.")))
    asked = query_of(request)
    asked.only("periode", *(("uit", "in") if code == "stromen" else ()))
    period, found = await _found(request, session, only=(code,) if code in NUMBERS else MORE[code], asked=asked)
    last = found.until - timedelta(days=1)
    more: dict[str, Any] = {}
    if code == "bezetting":
        occupancy = await occupancy_of(session, last)
        more = {"bezetting": occupancy, "samen": together("", occupancy)}
    elif code == "besparingen":
        savings = await savings_of(session, found.first, found.until)
        more = {"b": savings, "ketens": await chains_of(session, savings)}
    elif code == "openingen":
        more = {"openingen": await openings_of(session, last)}
    elif code == "stromen":
        more = await _places(session, found, _named(asked.one("uit")), _named(asked.one("in")))
    return page(request, "mobiliteit/rijen.html", code=code, f=found, laatste=last, **more, **_frame(period))


async def _places(session: AsyncSession, found: Mobility, lends: str | None, borrows: str | None) -> dict[str, Any]:
    """The first places, and of how many: who wants them all takes the file, who wants some chooses who lends or borrows."""
    shown = [one async for part in places_of(session, found, lends=lends, borrows=borrows, most=SHOWN) for one in part]
    flows = [
        f for f in found.flows if (lends is None or f.lends == lends) and (borrows is None or f.borrows == borrows)
    ]
    return {"plekken": shown, "aantal": sum(flow.places for flow in flows), "uit": lends, "inleent": borrows}


def _named(given: str) -> str | None:
    """What the address says of a team: its name, SMALL for the small ones together, nothing for each."""
    return "" if given == SMALL else given or None


@get("/mobiliteit/bestand/{kind:str}", policy="signed_in")
async def file(request: Page, kind: FromPath[str], session: Session) -> Stream:
    if kind not in KINDS:
        raise NotFound(Reason("onbekend", N_("Dit bestand is er niet.")))
    period, found = await _found(request, session)
    savings, last = await savings_of(session, found.first, found.until), found.until - timedelta(days=1)
    sheets = sheets_of(found, savings, await occupancy_of(session, last))
    made = (
        csv_parts(sheets, places_of(session, found))
        if kind == "csv"
        else await xlsx_parts(sheets, places_of(session, found), last)
    )
    headers = {"Content-Disposition": f'attachment; filename="mobiliteit-{period}.{kind}"'}
    return Stream(made, media_type=KINDS[kind], headers=headers)


async def _found(
    request: Page, session: AsyncSession, *, only: Collection[str] = ALL, asked: Any = None
) -> tuple[Period, Mobility]:
    query = asked or query_of(request)
    if asked is None:
        query.only("periode")
    today = day_of(datetime.now(UTC))
    period = period_of(query.one("periode")) if query.one("periode") else Period(today.year)
    if period.first > today:
        raise NotFound(Reason("onbekend", N_("Deze periode is nog niet begonnen.")))
    first, until = period.first, min(period.last, today) + timedelta(days=1)
    return period, await mobility_of(session, first, until, only=only)


def _frame(period: Period) -> dict[str, Any]:
    today = day_of(datetime.now(UTC))
    return {"gekozen": period, "periodes": _choices(today, period), **WORDS}


def _choices(today: date, chosen: Period) -> list[Period]:
    """This year and the four before it, the last eight quarters, and what was asked for."""
    return list(dict.fromkeys([*(Period(today.year - back) for back in range(5)), *past_quarters(today), chosen]))


def matrix(found: Mobility) -> dict[str, Any]:
    """Cells of a drawing: rows lend, columns borrow; (x, y, strength 1 to 5, places) and the names beside and above. Of many
    teams those that lend most and those that borrow most: more cells than that tell nobody anything."""
    sides: tuple[Counter[str], Counter[str]] = (Counter(), Counter())
    for flow in found.flows:
        sides[0][flow.lends] += flow.places
        sides[1][flow.borrows] += flow.places
    lends, borrows = (
        {name: place for place, name in enumerate(sorted(_largest(side), key=lambda name: (not name, name)))} for side in sides
    )  # fmt: skip
    drawn = [flow for flow in found.flows if flow.lends in lends and flow.borrows in borrows]
    most = max((flow.places for flow in drawn), default=1)
    cells = [
        (
            _LEFT + _CELL * borrows[flow.borrows], _TOP + _CELL * lends[flow.lends], -(-5 * flow.places // most), flow.places,
            flow.lends, flow.borrows,
        )
        for flow in drawn
    ]  # fmt: skip
    return {
        "cellen": cells, "cel": _CELL, "links": _LEFT, "boven": _TOP, "rijen": list(lends), "kolommen": list(borrows),
        "breed": _LEFT + _CELL * len(borrows), "hoog": _TOP + _CELL * len(lends), "deel": DRAWN if max(map(len, sides)) > DRAWN else 0,
    }  # fmt: skip


def _largest(side: Counter[str]) -> list[str]:
    return nlargest(DRAWN, side, key=lambda name: (side[name], name))


def _most(flow: Flow) -> tuple[int, str, str]:
    return flow.places, flow.lends, flow.borrows


router = Router(path="/", route_handlers=[index, rows, file])
