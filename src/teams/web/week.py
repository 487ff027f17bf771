"""Mijn week: the hours of this week, what waits, roles, klussen, what is new, and what would fit."""

from datetime import UTC, datetime, timedelta
from typing import Any

from litestar import Response, Router, get
from sqlalchemy import text

from teams.decisions.queries import intents
from teams.decisions.queries.seen import ASKED
from teams.governance import elections_seen, meeting_seen, seen
from teams.http.wants import Me, Page, Session, language_of
from teams.http.words import words
from teams.kit.clock import day_of
from teams.kit.together import ask_together, together
from teams.klussen import consents
from teams.klussen.listing import Wish, list_klussen
from teams.klussen.portfolio import weeks_ahead
from teams.klussen.queries import hours_of
from teams.klussen.week import week_of
from teams.ledger.queries import ALARMS
from teams.mandates.queries.information import WAITING as INQUIRIES
from teams.web import overleg
from teams.web.answers import see_other
from teams.web.besluit_vorm import TASKS
from teams.web.drawn import balance, drawn, free_now
from teams.web.pages import page
from teams.web.verkiezing_words import WAITING
from teams.web.voorstel import last_day

_IMPORTS = text("select id from pending_import where state = 'wacht' and :secretary")
_WAITS = together(
    proposals=seen.WAITING, choices=elections_seen.WAITING, intents=intents.WAITING, asked=ASKED,
    consents=consents.MINE, to_meet=meeting_seen.TO_PLAN, meetings=meeting_seen.LIST, imports=_IMPORTS, alarms=ALARMS,
    inquiries=INQUIRIES,
)  # fmt: skip
_KINDS = {
    "due_at": "timestamptz", "made_at": "timestamptz", "starts_at": "timestamptz", "ends_at": "timestamptz",
    "due": "date", "starts": "date", "ends": "date",
}  # fmt: skip


@get("/", policy="signed_in")
async def show(request: Page, session: Session, me: Me) -> Response[Any]:
    if not me.is_employee or me.person_id is None:
        return see_other("/profiel")
    at = datetime.now(UTC)
    today, speak = day_of(at), words(language_of(request))
    week = await week_of(session, me.person_id, at=at)
    hours = await hours_of(session, me.person_id) if me.may_claim else None
    tips: list[Any] = []
    if hours is not None and hours.contracts:
        listing = await list_klussen(session, Wish(only_free=True, order="past", size=12), me.actor(), at=at)
        rows = [(row, drawn(row, speak, hours=hours, today=today)) for row in listing.rows]
        tips = [(row, d) for row, d in rows if d.act == "claim"][:3]
    given = {
        "me": me.person_id, "today": today, "secretary": me.is_secretary, "all": False, "proposal": None, "team": None,
        "ahead": True, "since": at - meeting_seen.STILL_ON, "below": None, "limit": 5,
    }  # fmt: skip
    waits = await ask_together(session, _WAITS, given, **_KINDS)
    monday = today - timedelta(days=today.weekday())
    return page(
        request, "week/show.html", week=week, today=today, monday=monday, friday=monday + timedelta(days=4),
        number=today.isocalendar().week, hours=balance(hours, today) if hours and hours.contracts else None,
        free=free_now(hours, today) if hours else None, straks=weeks_ahead(hours, today) if hours and hours.contracts else [], tips=tips, work=[(c, _line(c, speak)) for c in week.work],
        proposals=waits["proposals"], until=last_day, o=overleg, speak=speak, keuzes=waits["choices"],
        keuzewoord=WAITING, lend_out=[consents.question(row, at) for row in waits["consents"]],
        to_meet=waits["to_meet"], meetings=waits["meetings"], wacht=waits["intents"], vragen=waits["asked"], inlichtingen=waits["inquiries"],
        uren_aan=bool(request.app.state.settings.works_council), taken=TASKS, imports=len(waits["imports"]),
        alarms=waits["alarms"] if me.rights & {"secretaris", "controller"} else [],
        last=lambda moment: day_of(moment) - timedelta(days=1),
    )  # fmt: skip


def _line(claim: Any, speak: Any) -> str:
    """The period of a klus in one short line."""
    end = claim.ends or (claim.starts if claim.hours_total is not None else None)
    line: str = speak.period(claim.starts, end)
    return line


router = Router(path="/", route_handlers=[show])
