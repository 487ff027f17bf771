"""Settings that may change while everything runs: what holds, where it comes from, and how it came to be."""

from typing import Any

from litestar import Response, Router, get, post
from litestar.params import FromPath
from sqlalchemy.ext.asyncio import AsyncSession

from teams.auth.models import Visitor
from teams.http.refusals import status_of
from teams.http.wants import Me, Page, Session
from teams.kit.errors import NotFound, Reason, Refusal
from teams.kit.text import N_
from teams.people.settings import (
    CHANGEABLE,
    PAGE,
    change,
    chosen,
    history,
    holding,
    may_change,
    setting_form,
)
from teams.web.answers import see_other
from teams.web.bewaren import by_of, told
from teams.web.forms import form_of, query_of
from teams.web.pages import page
from teams.web.since import since


@get(PAGE, policy="operations")
async def index(request: Page, session: Session, me: Me) -> Response[str]:
    return await _index(request, session, me)


@post(PAGE + "/{name:str}", policy="operations", fresh=PAGE)
async def act(request: Page, name: FromPath[str], session: Session, me: Me) -> Response[Any]:
    fields = await form_of(request)
    fields.only("waarde", "reden", "versie", "stond", "terug")
    if name not in CHANGEABLE:
        raise NotFound(Reason("onbekend", N_("Deze bladzijde is er niet.")))
    try:
        async with session.begin_nested():
            values = {field: fields.one(field) for field in ("waarde", "reden", "versie")}
            form = setting_form(name, values | {"terug": bool(fields.one("terug"))})
            await change(session, name, form, by=by_of(request, me))
    except Refusal as refusal:
        return await _index(request, session, me, refusal=refusal, name=name, typed=fields.typed())
    return see_other(f"{PAGE}?gelukt=1")


async def _index(
    request: Page, session: AsyncSession, me: Visitor, *, refusal: Refusal | None = None, name: str = "",
    typed: dict[str, str] | None = None,
) -> Response[str]:  # fmt: skip
    rows = await chosen(session)
    holds, by = holding(request.app.state.environment, rows), me.actor()
    shown = [
        (one, known, getattr(holds, one), rows.get(one), may_change(known, by.rights, by.person_id))
        for one, known in CHANGEABLE.items()
    ]
    stands = {
        one: since(
            row.number if row else 0,
            {"waarde": "" if value is None else value},
            typed if one == name else None,
            refusal,
        )
        for one, _, value, row, _ in shown
    }
    return page(
        request, "beheer/instellingen.html", status=status_of(refusal) if refusal else 200, rijen=shown, namen=CHANGEABLE, standen=stands,
        verloop=await history(session), open=name, typed=typed or {}, gelukt=query_of(request).one("gelukt"),
        **told(request, refusal),
    )  # fmt: skip


router = Router(path="/", route_handlers=[index, act])
