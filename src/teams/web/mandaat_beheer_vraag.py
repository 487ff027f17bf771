"""What teams ask of who gives grants, and how strict the register is about publication (M13)."""

from datetime import UTC, datetime
from typing import Any

from litestar import Response, Router, get, post
from sqlalchemy.ext.asyncio import AsyncSession

from teams.http.refusals import status_of
from teams.http.wants import Me, Page, Session
from teams.kit.clock import day_of, now
from teams.kit.errors import Refusal
from teams.kit.forms import validated
from teams.mandates.actions.aside import set_unpublished
from teams.mandates.forms import InstellingForm
from teams.mandates.queries.gaps import requests, settings_made
from teams.web.answers import see_other
from teams.web.forms import form_of, query_of
from teams.web.mandaat_beheer_form import by_of, desk_for, refused
from teams.web.pages import page


@get("/mandaten/verzoeken", policy="employee")
async def asked(request: Page, session: Session, me: Me) -> Response[str]:
    query_of(request).only()
    at = datetime.now(UTC)
    await desk_for(session, by_of(request, me), at)
    return page(request, "mandaten/verzoeken.html", verzoeken=await requests(session, at), dag_van=day_of)


@get("/mandaten/instelling", policy="employee")
async def setting(request: Page, session: Session, me: Me) -> Response[str]:
    query = query_of(request)
    query.only("gelukt")
    return await _setting(request, session, me, {}, done=query.one("gelukt"))


@post("/mandaten/instelling", policy="employee")
async def change(request: Page, session: Session, me: Me) -> Response[Any]:
    fields, at = await form_of(request), await now(session)
    fields.only("nietBekendgemaakt", "besluit")
    try:
        form = validated(InstellingForm, {name: fields.one(name) for name in ("nietBekendgemaakt", "besluit")})
        async with session.begin_nested():
            await set_unpublished(session, form, by=by_of(request, me), at=at)
    except Refusal as refusal:
        return await _setting(request, session, me, fields.typed(), refusal=refusal)
    return see_other("/mandaten/instelling?gelukt=ja")


async def _setting(
    request: Page, session: AsyncSession, me: Any, typed: dict[str, str], *, refusal: Refusal | None = None, done: str = ""
) -> Response[str]:  # fmt: skip
    made = await settings_made(session)
    return page(
        request, "mandaten/instelling.html", status=status_of(refusal) if refusal else 200, typed=typed, gelukt=done,
        gemaakt=made, weigert=made[0].unpublished_refuses if made else True, mag=me.is_secretary, dag_van=day_of,
        **refused(request, refusal),
    )  # fmt: skip


router = Router(path="/", route_handlers=[asked, setting, change])
