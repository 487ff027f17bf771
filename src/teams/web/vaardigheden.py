"""The list of skills: other names by which one is found, and the code that an open list gives it; the secretary keeps it."""

from typing import Any
from uuid import UUID

from litestar import Response, Router, get, post

from teams.http.wants import Me, Page, Session
from teams.kit.errors import Invalid, NotFound, Reason, Refusal
from teams.kit.forms import validated
from teams.kit.text import N_
from teams.people.skills import SkillForm, change_skill, skill_list
from teams.web.answers import see_other
from teams.web.forms import Fields, form_of, query_of
from teams.web.pages import page, sentences


@get("/beheer/vaardigheden", policy="secretary")
async def index(request: Page, session: Session) -> Response[str]:
    return await _show(request, session, Fields([]), done=query_of(request).one("gelukt") == "1")


@post("/beheer/vaardigheden", policy="secretary")
async def change(request: Page, session: Session, me: Me) -> Response[Any]:
    fields = await form_of(request)
    fields.only("vaardigheid", "code", "synoniemen")
    names = [part.strip() for part in fields.one("synoniemen").split(",") if part.strip()]
    by = me.actor(request.scope["state"]["request_id"], request.scope["state"]["address"])
    try:
        form = validated(SkillForm, {"code": fields.one("code") or None, "synoniemen": names})
        async with session.begin_nested():
            await change_skill(session, _uuid(fields.one("vaardigheid")), form, by=by)
    except Invalid as refusal:
        return await _show(request, session, fields, refusal)
    return see_other("/beheer/vaardigheden?gelukt=1")


async def _show(
    request: Page, session: Any, fields: Fields, refusal: Refusal | None = None, *, done: bool = False
) -> Response[str]:
    return page(
        request, "profiel/vaardigheden.html", status=422 if refusal else 200, rijen=await skill_list(session),
        gelukt=done, typed=fields.typed(), redenen=sentences(request, refusal.reasons) if refusal else [],
    )  # fmt: skip


def _uuid(value: str) -> UUID:
    try:
        return UUID(value)
    except ValueError:
        raise NotFound(Reason("onbekend", N_("Deze vaardigheid bestaat niet."))) from None


router = Router(path="/", route_handlers=[index, change])
