"""The account to the board: one page for a council member in plain words, then what lies under it; and the public variant."""

from datetime import UTC, date, datetime
from typing import Any

from litestar import Response, get
from litestar.params import FromPath
from sqlalchemy.ext.asyncio import AsyncSession

from teams.account.actions.accounts import is_college
from teams.account.periods import Period, past_quarters, period_of
from teams.account.queries.accounts import AccountSeen, account_for, accounts, reads_all
from teams.auth.models import Visitor
from teams.exchange.verantwoording_grafiek import chart
from teams.exchange.verantwoording_words import CAUSES, EFFECTS, HOW, LISTS, MORE, ORIGINS, STEPS, VENUES, VERDICTS
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
    "instanties_w": VENUES, "gevolgen_w": EFFECTS, "dag_van": date.fromisoformat,
}  # fmt: skip


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
