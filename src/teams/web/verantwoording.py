"""The account to the board: one page for a council member in plain words, then what lies under it; and the public variant."""

from datetime import UTC, datetime
from typing import Any

from litestar import Response, get
from litestar.params import FromPath
from sqlalchemy.ext.asyncio import AsyncSession

from teams.account.actions.accounts import is_college
from teams.account.periods import Period, past_quarters, period_of
from teams.account.queries.accounts import AccountSeen, account_for, accounts, reads_all
from teams.auth.models import Visitor
from teams.exchange.verantwoording_words import CAUSES, HOW, LISTS, MORE, ORIGINS, STEPS, VERDICTS
from teams.http.refusals import status_of
from teams.http.wants import Me, Page, Session
from teams.kit.clock import day_of
from teams.kit.errors import Refusal
from teams.kit.money import format_euro
from teams.reports.accountability import without_people
from teams.web.bewaren import told
from teams.web.forms import query_of
from teams.web.pages import page

WORDS: dict[str, Any] = {
    "oorzaken_w": CAUSES, "lijsten_w": LISTS, "hoe_w": HOW, "meer_w": MORE, "herkomst_w": ORIGINS, "oordelen_w": VERDICTS, "stappen_w": STEPS,
}  # fmt: skip
CHART = (540, 250)
_LEFT, _TOP, _BOTTOM, _STEP = 70, 25, 215, 108


@get("/verantwoording", policy="account")
async def index(request: Page, session: Session, me: Me) -> Response[str]:
    return await draw_index(request, session, me)


@get("/verantwoording/{period:str}", policy="account")
async def show(request: Page, period: FromPath[str], session: Session, me: Me) -> Response[str]:
    return await draw_account(request, session, me, period)


@get("/openbaar/verantwoording", policy="public")
async def public_index(request: Page, session: Session) -> Response[str]:
    return page(
        request, "verantwoording/openbaar.html", rows=await accounts(session, everything=False), stappen_w=STEPS
    )


@get("/openbaar/verantwoording/{period:str}", policy="public")
async def public(request: Page, period: FromPath[str], session: Session) -> Response[str]:
    """Without people and without single cases; only what went to the council."""
    seen = await account_for(session, period, everything=False)
    figures = without_people(seen.figures)
    return page(
        request, "verantwoording/show.html", v=seen, f=figures, openbaar=True, periode=period_of(seen.row.period), euro=format_euro,
        grafiek=chart(figures["kwartalen"]), typed={}, college=False, **WORDS, **told(request, None),
    )  # fmt: skip


async def draw_index(
    request: Page, session: AsyncSession, me: Visitor, refusal: Refusal | None = None
) -> Response[str]:
    rows = await accounts(session, everything=reads_all(me.actor()))
    today = day_of(datetime.now(UTC))
    done = {row.period for row in rows}
    periods = [
        one for one in (*past_quarters(today, 6), Period(today.year), Period(today.year - 1)) if str(one) not in done
    ]
    return page(
        request, "verantwoording/index.html", status=status_of(refusal) if refusal else 200, rows=rows, periods=periods, **WORDS,
        **told(request, refusal),
    )  # fmt: skip


async def draw_account(
    request: Page, session: AsyncSession, me: Visitor, period: str, *, refusal: Refusal | None = None,
    typed: dict[str, str] | None = None,
) -> Response[str]:  # fmt: skip
    if refusal is None:
        query_of(request).only("gelukt")
    seen: AccountSeen = await account_for(session, period, everything=reads_all(me.actor()))
    return page(
        request, "verantwoording/show.html", status=status_of(refusal) if refusal else 200, v=seen, f=seen.figures, openbaar=False,
        periode=period_of(seen.row.period), euro=format_euro, grafiek=chart(seen.figures["kwartalen"]), typed=typed or {},
        college="bestuurder" in me.rights and await is_college(session, me.actor(), datetime.now(UTC)), **WORDS, **told(request, refusal),
    )  # fmt: skip


def chart(quarters: list[dict[str, Any]]) -> dict[str, Any]:
    """Points of the line of decisions per quarter in a box of 540 by 250: (x, y, period, number, how many went wrong)."""
    most = max((row["besluiten"] for row in quarters), default=0)
    top = _round_up(most)
    height = _BOTTOM - _TOP
    points = [
        (
            _LEFT + _STEP * place,
            round(_BOTTOM - height * row["besluiten"] / top),
            row["periode"],
            row["besluiten"],
            row["mis"],
        )
        for place, row in enumerate(quarters)
    ]
    lines = [(round(_BOTTOM - height * part / 3), round(top * part / 3)) for part in range(4)]
    return {"punten": points, "lijnen": lines, "pad": "M" + "L".join(f"{x} {y}" for x, y, *_ in points)}


def _round_up(value: int) -> int:
    """A round number that three lines divide, not below `value`."""
    steps: list[int] = [part * 10**power for power in range(12) for part in (3, 6, 9, 15)]
    return next(step for step in steps if step >= value)
