"""M15 on the page of a grant: who gave it asks how it is used, who holds it answers."""

from typing import Any
from urllib.parse import quote
from uuid import UUID

from litestar import Response, Router, post
from litestar.params import FromPath

from teams.http.wants import Me, Page, Session
from teams.kit.clock import now
from teams.kit.errors import NotFound, Refusal
from teams.kit.forms import validated
from teams.mandates.actions.information import answer_about, ask_about
from teams.mandates.forms import InlichtingenAntwoord, InlichtingenForm
from teams.web.answers import see_other
from teams.web.forms import form_of, iso_date
from teams.web.mandaat_beheer_form import by_of
from teams.web.mandaten import grant_page
from teams.web.once import once


@post("/mandaten/{number:str}/inlichtingen", policy="employee")
async def ask(request: Page, number: FromPath[str], session: Session, me: Me) -> Response[Any]:
    return await once(request, session, me, lambda: _ask(request, number, session, me))


async def _ask(request: Page, number: str, session: Session, me: Me) -> Response[Any]:
    fields, at = await form_of(request), await now(session)
    fields.only("vraag", "uiterlijk")
    values = {"vraag": fields.one("vraag"), "uiterlijk": iso_date(fields.one("uiterlijk"))}
    try:
        form = validated(InlichtingenForm, {name: value for name, value in values.items() if value is not None})
        async with session.begin_nested():
            await ask_about(session, number, form, by=by_of(request, me), at=at)
    except NotFound:
        raise
    except Refusal as refusal:
        return await grant_page(request, session, me, number, refusal=refusal, typed=fields.typed(), work="vraag")
    return see_other(f"/mandaten/{quote(number)}?gelukt=gevraagd#inlichtingen")


@post("/mandaten/{number:str}/inlichtingen/{inquiry_id:uuid}", policy="employee")
async def reply(
    request: Page, number: FromPath[str], inquiry_id: FromPath[UUID], session: Session, me: Me
) -> Response[Any]:
    fields, at = await form_of(request), await now(session)
    fields.only("antwoord")
    try:
        form = validated(InlichtingenAntwoord, {"antwoord": fields.one("antwoord")})
        async with session.begin_nested():
            await answer_about(session, number, inquiry_id, form, by=by_of(request, me), at=at)
    except NotFound:
        raise
    except Refusal as refusal:
        work = str(inquiry_id)
        return await grant_page(request, session, me, number, refusal=refusal, typed=fields.typed(), work=work)
    return see_other(f"/mandaten/{quote(number)}?gelukt=beantwoord#inlichtingen")


router = Router(path="/", route_handlers=[ask, reply])
