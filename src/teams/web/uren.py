"""My hours: book them within a claim, take one back by a counter-booking; and the weeks of a klus, approved as one sum."""

import secrets
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from litestar import Response, Router, get, post
from litestar.params import FromPath
from sqlalchemy.ext.asyncio import AsyncSession

from teams.auth.form_keys import OtherRequest, keep_answer, take_key
from teams.auth.models import Visitor
from teams.http.refusals import status_of
from teams.http.wants import Me, Page, Session
from teams.kit.clock import day_of, now
from teams.kit.errors import Invalid, NotFound, Reason, Refusal
from teams.kit.forms import validated
from teams.kit.text import N_
from teams.klussen.actions.hours import approve_week, book_hours, correct_hours
from teams.klussen.booked import BookForm, my_claims, my_hours, switched_on, weeks_of
from teams.klussen.queries import klus_for
from teams.web.answers import see_other
from teams.web.bewaren import by_of, told
from teams.web.forms import decimal_text, form_of, iso_date, query_of
from teams.web.once import sent_before
from teams.web.pages import page


def _on(request: Page) -> None:
    switched_on(bool(request.app.state.settings.works_council))


@get("/uren", policy="claimant")
async def index(request: Page, session: Session, me: Me) -> Response[str]:
    _on(request)
    query_of(request).only("gelukt")
    return await _index(request, session, me)


@post("/inzet/{claim_id:uuid}/uren", policy="claimant")
async def book(request: Page, claim_id: FromPath[UUID], session: Session, me: Me) -> Response[Any]:
    """Once per form, however often it is sent."""
    _on(request)
    fields = await form_of(request)
    fields.only("dag", "uren", "toelichting", "sleutel")
    key = fields.one("sleutel")
    if not (16 <= len(key) <= 64 and key.isascii()):
        key = secrets.token_urlsafe(16)
    try:
        if await take_key(session, me.account_id, key, fields.print()):
            return see_other("/uren?gelukt=1")
    except OtherRequest as other:
        return await _index(request, session, me, refusal=sent_before(other), about=claim_id, typed=fields.typed())
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
    await keep_answer(session, me.account_id, key, fields.print(), status=303, answer="/uren?gelukt=1")
    return see_other("/uren?gelukt=1")


@post("/uren/{booking_id:uuid}/tegenboeking", policy="claimant")
async def take_back(request: Page, booking_id: FromPath[UUID], session: Session, me: Me) -> Response[Any]:
    _on(request)
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
    _on(request)
    query_of(request).only("gelukt")
    return await _weeks(request, session, me, klus_id)


@post("/klussen/{klus_id:uuid}/uren", policy="employee")
async def approve(request: Page, klus_id: FromPath[UUID], session: Session, me: Me) -> Response[Any]:
    _on(request)
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
        boekingen=await my_hours(session, me.person_id), over=about, gelukt=refusal is None and "gelukt" in request.query_params, typed=typed or {}, vandaag=day_of(at),
        sleutel=secrets.token_urlsafe(16), **told(request, refusal),
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
