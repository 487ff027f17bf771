"""Mobility: what moves between teams, vacancies, savings; each number with its definition, its parts and the rows behind it."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from litestar import Response, Router, get
from litestar.params import FromPath
from sqlalchemy.ext.asyncio import AsyncSession

from teams.account.periods import Period, past_quarters, period_of
from teams.exchange.mobiliteit import as_csv, as_xlsx, sheets_of
from teams.http.mobility_words import NUMBERS
from teams.http.wants import Page, Session
from teams.kit.clock import day_of
from teams.kit.errors import NotFound, Reason
from teams.kit.text import N_
from teams.reports.mobility import Mobility, mobility_of
from teams.reports.savings import chains_of, occupancy_of, openings_of, savings_of, together
from teams.web.forms import query_of
from teams.web.pages import page

KINDS = {"csv": "text/csv", "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}
MORE = {"stromen", "uren", "vacatures", "besparingen", "bezetting", "openingen"}
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
}
_CELL, _LEFT, _TOP = 22, 190, 30


@get("/mobiliteit", policy="signed_in")
async def index(request: Page, session: Session) -> Response[str]:
    period, found, savings = await _all(request, session, rows=False)
    last = found.until - timedelta(days=1)
    return page(
        request, "mobiliteit/index.html", f=found, b=savings, bezetting=together("", await occupancy_of(session, last)), laatste=last,
        matrix=matrix(found), **_frame(period),
    )  # fmt: skip


@get("/mobiliteit/{code:str}", policy="signed_in")
async def rows(request: Page, code: FromPath[str], session: Session) -> Response[str]:
    """What stands behind one number."""
    if code not in NUMBERS and code not in MORE:
        raise NotFound(Reason("onbekend", N_("Dit getal bestaat niet.")))
    period, found, savings = await _all(request, session, rows=code == "stromen")
    last = found.until - timedelta(days=1)
    more: dict[str, Any] = {}
    if code == "bezetting":
        occupancy = await occupancy_of(session, last)
        more = {"bezetting": occupancy, "samen": together("", occupancy)}
    elif code == "besparingen":
        more = {"ketens": await chains_of(session, savings)}
    elif code == "openingen":
        more = {"openingen": await openings_of(session, last)}
    return page(
        request, "mobiliteit/rijen.html", code=code, f=found, b=savings, laatste=last, **more, **_frame(period)
    )  # fmt: skip


@get("/mobiliteit/bestand/{kind:str}", policy="signed_in")
async def file(request: Page, kind: FromPath[str], session: Session) -> Response[bytes]:
    if kind not in KINDS:
        raise NotFound(Reason("onbekend", N_("Dit bestand is er niet.")))
    period, found, savings = await _all(request, session)
    last = found.until - timedelta(days=1)
    sheets = sheets_of(found, savings, await occupancy_of(session, last))
    made = as_csv(sheets) if kind == "csv" else as_xlsx(sheets, last)
    headers = {"Content-Disposition": f'attachment; filename="mobiliteit-{period}.{kind}"'}
    return Response(made, media_type=KINDS[kind], headers=headers)


async def _all(request: Page, session: AsyncSession, *, rows: bool = True) -> tuple[Period, Mobility, Any]:
    query = query_of(request)
    query.only("periode")
    today = day_of(datetime.now(UTC))
    period = period_of(query.one("periode")) if query.one("periode") else Period(today.year)
    if period.first > today:
        raise NotFound(Reason("onbekend", N_("Deze periode is nog niet begonnen.")))
    first, until = period.first, min(period.last, today) + timedelta(days=1)
    return period, await mobility_of(session, first, until, rows=rows), await savings_of(session, first, until)


def _frame(period: Period) -> dict[str, Any]:
    today = day_of(datetime.now(UTC))
    return {"gekozen": period, "periodes": _choices(today, period), **WORDS}


def _choices(today: date, chosen: Period) -> list[Period]:
    """This year and the four before it, the last eight quarters, and what was asked for."""
    return list(dict.fromkeys([*(Period(today.year - back) for back in range(5)), *past_quarters(today), chosen]))


def matrix(found: Mobility) -> dict[str, Any]:
    """Cells of a drawing: rows lend, columns borrow; (x, y, strength 1 to 5, places) and the names beside and above."""
    lends = sorted({flow.lends for flow in found.flows}, key=lambda name: (not name, name))
    borrows = sorted({flow.borrows for flow in found.flows}, key=lambda name: (not name, name))
    most = max((flow.places for flow in found.flows), default=1)
    cells = [
        (
            _LEFT + _CELL * borrows.index(flow.borrows), _TOP + _CELL * lends.index(flow.lends), -(-5 * flow.places // most), flow.places,
            flow.lends, flow.borrows,
        )
        for flow in found.flows
    ]  # fmt: skip
    return {
        "cellen": cells, "cel": _CELL, "links": _LEFT, "boven": _TOP, "rijen": lends, "kolommen": borrows,
        "breed": _LEFT + _CELL * len(borrows), "hoog": _TOP + _CELL * len(lends),
    }  # fmt: skip


router = Router(path="/", route_handlers=[index, rows, file])
