"""Requests to put right what is recorded about somebody: asked on the own page, answered here within a month."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from litestar import Response, Router, get, post
from litestar.params import FromPath
from sqlalchemy.ext.asyncio import AsyncSession

from teams.auth.models import Visitor
from teams.http.refusals import status_of
from teams.http.wants import Me, Page, Session
from teams.kit.clock import day_of, now
from teams.kit.errors import NotFound, Refusal
from teams.kit.forms import validated
from teams.people.corrections import AnswerForm, AskForm, answer_correction, ask_correction, corrections
from teams.web.answers import see_other
from teams.web.bewaren import by_of, told
from teams.web.forms import form_of, query_of
from teams.web.gegevens import CORRECTIONS, show_about
from teams.web.once import once
from teams.web.pages import page


@post("/profiel/gegevens/correctie", policy="signed_in")
async def ask(request: Page, session: Session, me: Me) -> Response[Any]:
    return await once(request, session, me, lambda: _ask(request, session, me))


async def _ask(request: Page, session: Any, me: Any) -> Response[Any]:
    fields = await form_of(request)
    fields.only("watKloptNiet")
    try:
        async with session.begin_nested():
            form = validated(AskForm, {"watKloptNiet": fields.one("watKloptNiet")})
            await ask_correction(session, form, by=by_of(request, me), at=await now(session))
    except NotFound:
        raise
    except Refusal as refusal:
        return await show_about(request, session, me, corrected=refusal, words=fields.one("watKloptNiet"))
    return see_other("/profiel/gegevens?gelukt=correctie#correcties")


@get("/correcties", policy="audit")
async def index(request: Page, session: Session, me: Me) -> Response[str]:
    query_of(request).only("gelukt")
    return await _index(request, session, me)


@post("/correcties/{correction_id:uuid}", policy="audit")
async def answer(request: Page, correction_id: FromPath[UUID], session: Session, me: Me) -> Response[Any]:
    fields = await form_of(request)
    fields.only("uitkomst", "antwoord")
    try:
        async with session.begin_nested():
            form = validated(AnswerForm, {name: fields.one(name) for name in ("uitkomst", "antwoord")})
            await answer_correction(session, correction_id, form, by=by_of(request, me), at=await now(session))
    except NotFound:
        raise
    except Refusal as refusal:
        return await _index(request, session, me, refusal=refusal, about=correction_id, typed=fields.typed())
    return see_other("/correcties?gelukt=1")


async def _index(
    request: Page, session: AsyncSession, me: Visitor, *, refusal: Refusal | None = None, about: UUID | None = None,
    typed: dict[str, str] | None = None,
) -> Response[str]:  # fmt: skip
    rows = await corrections(session, today=day_of(datetime.now(UTC)))
    return page(
        request, "profiel/correcties.html", status=status_of(refusal) if refusal else 200, rijen=rows, stand=CORRECTIONS, over=about,
        typed=typed or {}, mij=me.person_id, gelukt=refusal is None and "gelukt" in request.query_params, **told(request, refusal),
    )  # fmt: skip


router = Router(path="/", route_handlers=[ask, index, answer])
