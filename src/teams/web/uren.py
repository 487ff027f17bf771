"""My hours: book them within a claim, take one back by a counter-booking; and the weeks of a klus, approved as one sum."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from litestar import Response, Router, get, post
from litestar.params import FromPath
from sqlalchemy.ext.asyncio import AsyncSession

from teams.auth.models import Visitor
from teams.http.refusals import status_of
from teams.http.wants import Me, Page, Session
from teams.kit.clock import day_of, now
from teams.kit.errors import Invalid, NextStep, NotFound, Reason, Refusal
from teams.kit.forms import validated
from teams.kit.text import N_
from teams.klussen.actions.hours import approve_week, book_hours, correct_hours
from teams.klussen.booked import BookForm, my_claims, my_hours, weeks_of
from teams.klussen.queries import klus_for
from teams.web.answers import see_other
from teams.web.bewaren import by_of, told
from teams.web.forms import decimal_text, form_of, iso_date, query_of
from teams.web.pages import page


def switched_on(request: Page) -> None:
    """WOR 27: hours of persons are off until the works council's consent is recorded."""
    if not request.app.state.settings.works_council:
        raise NotFound(
            Reason("R11", N_("Uren schrijven staat uit. De ondernemingsraad heeft nog niet ingestemd.")),
            then=(NextStep(N_("Lees wie wat ziet."), "/wat-ziet-wie"),),
        )


@get("/uren", policy="claimant")
async def index(request: Page, session: Session, me: Me) -> Response[str]:
    switched_on(request)
    query_of(request).only("gelukt")
    return await _index(request, session, me)


@post("/inzet/{claim_id:uuid}/uren", policy="claimant")
async def book(request: Page, claim_id: FromPath[UUID], session: Session, me: Me) -> Response[Any]:
    switched_on(request)
    fields = await form_of(request)
    fields.only("dag", "uren", "toelichting")
    given = {
        "dag": iso_date(fields.one("dag")), "uren": decimal_text(fields.one("uren")), "toelichting": fields.one("toelichting") or None,
    }  # fmt: skip
    try:
        form = validated(BookForm, {name: value for name, value in given.items() if value is not None})
        async with session.begin_nested():
            await book_hours(session, claim_id, form, by=by_of(request, me), at=await now(session))
    except NotFound:
        raise
    except Refusal as refusal:
        return await _index(request, session, me, refusal=refusal, about=claim_id, typed=fields.typed())
    return see_other("/uren?gelukt=1")


@post("/uren/{booking_id:uuid}/tegenboeking", policy="claimant")
async def take_back(request: Page, booking_id: FromPath[UUID], session: Session, me: Me) -> Response[Any]:
    switched_on(request)
    (await form_of(request)).only()
    try:
        async with session.begin_nested():
            await correct_hours(session, booking_id, by=by_of(request, me), at=await now(session))
    except NotFound:
        raise
    except Refusal as refusal:
        return await _index(request, session, me, refusal=refusal)
    return see_other("/uren?gelukt=1")


@get("/klussen/{klus_id:uuid}/uren", policy="employee")
async def weeks(request: Page, klus_id: FromPath[UUID], session: Session, me: Me) -> Response[str]:
    switched_on(request)
    query_of(request).only("gelukt")
    return await _weeks(request, session, me, klus_id)


@post("/klussen/{klus_id:uuid}/uren", policy="employee")
async def approve(request: Page, klus_id: FromPath[UUID], session: Session, me: Me) -> Response[Any]:
    switched_on(request)
    fields = await form_of(request)
    fields.only("week")
    try:
        monday = date.fromisoformat(fields.one("week"))
    except ValueError:
        raise Invalid({"week": Reason("week", N_("Kies een week uit de lijst."))}) from None
    try:
        async with session.begin_nested():
            await approve_week(session, klus_id, monday, by=by_of(request, me), at=await now(session))
    except NotFound:
        raise
    except Refusal as refusal:
        return await _weeks(request, session, me, klus_id, refusal=refusal)
    return see_other(f"/klussen/{klus_id}/uren?gelukt=1")


async def _index(
    request: Page, session: AsyncSession, me: Visitor, *, refusal: Refusal | None = None, about: UUID | None = None,
    typed: dict[str, str] | None = None,
) -> Response[str]:  # fmt: skip
    assert me.person_id is not None
    at = datetime.now(UTC)
    return page(
        request, "uren/index.html", status=status_of(refusal) if refusal else 200, inzet=await my_claims(session, me.person_id, at=at),
        boekingen=await my_hours(session, me.person_id), over=about, gelukt=refusal is None and "gelukt" in request.query_params, typed=typed or {}, vandaag=day_of(at), **told(request, refusal),
    )  # fmt: skip


async def _weeks(
    request: Page, session: AsyncSession, me: Visitor, klus_id: UUID, refusal: Refusal | None = None
) -> Response[str]:
    at = datetime.now(UTC)
    klus = await klus_for(session, klus_id, me.actor(), at=at)
    if not klus.may_manage:
        raise NotFound(Reason("onbekend", N_("De uren van deze klus ziet alleen wie de klus beheert.")))
    rows = await weeks_of(session, klus_id, me.person_id)
    return page(
        request, "uren/weken.html", status=status_of(refusal) if refusal else 200, klus=klus, weken=rows, gelukt=refusal is None and "gelukt" in request.query_params,
        voorbij=day_of(at) - timedelta(days=6), **told(request, refusal),
    )  # fmt: skip


router = Router(path="/", route_handlers=[index, book, take_back, weeks, approve])
