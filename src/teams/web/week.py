"""Mijn week: the hours of this week, what waits, roles, klussen, what is new, and what would fit."""

from datetime import UTC, datetime, timedelta
from typing import Any

from litestar import Response, Router, get
from sqlalchemy import text

from teams.decisions.queries.intents import waiting_for as intents_waiting
from teams.decisions.queries.seen import asked_of
from teams.governance.elections_seen import choices_waiting
from teams.governance.meeting_seen import list_meetings, proposals_to_meet
from teams.governance.seen import waiting_for
from teams.http.wants import Me, Page, Session, language_of
from teams.http.words import words
from teams.kit.clock import day_of
from teams.klussen.consents import consents_for
from teams.klussen.listing import Wish, list_klussen
from teams.klussen.queries import hours_of
from teams.klussen.week import week_of
from teams.ledger.queries import alarms
from teams.web import overleg
from teams.web.answers import see_other
from teams.web.besluit_vorm import TASKS
from teams.web.drawn import balance, drawn, free_now
from teams.web.pages import page
from teams.web.verkiezing_words import WAITING
from teams.web.voorstel import last_day

_IMPORTS = text("select count(*) from pending_import where state = 'wacht'")


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
    monday = today - timedelta(days=today.weekday())
    return page(
        request, "week/show.html", week=week, today=today, monday=monday, friday=monday + timedelta(days=4),
        number=today.isocalendar().week, hours=balance(hours, today) if hours and hours.contracts else None,
        free=free_now(hours, today) if hours else None, tips=tips, work=[(c, _line(c, speak)) for c in week.work],
        proposals=await waiting_for(session, me.person_id, at=at), until=last_day, o=overleg, speak=speak,
        keuzes=await choices_waiting(session, me.person_id, at=at), keuzewoord=WAITING,
        lend_out=await consents_for(session, me.actor(), at=at),
        to_meet=await proposals_to_meet(session, today=today, person=me.person_id),
        meetings=await list_meetings(session, at=at, person=me.person_id, ahead=True, limit=5),
        wacht=await intents_waiting(session, me.person_id), vragen=await asked_of(session, me.person_id), taken=TASKS,
        imports=await session.scalar(_IMPORTS) if me.is_secretary else 0,
        alarms=await alarms(session) if me.rights & {"secretaris", "controller"} else [],
        last=lambda moment: day_of(moment) - timedelta(days=1),
    )  # fmt: skip


def _line(claim: Any, speak: Any) -> str:
    """The period of a klus in one short line."""
    end = claim.ends or (claim.starts if claim.hours_total is not None else None)
    line: str = speak.period(claim.starts, end)
    return line


router = Router(path="/", route_handlers=[show])
