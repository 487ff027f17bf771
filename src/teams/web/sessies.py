"""Where I am logged in: each session with its device, and ways to end them."""

import re
from typing import Any
from uuid import UUID

from litestar import Response, Router, get, post
from litestar.params import FromPath
from litestar.response import Redirect

from teams.auth.sessions import end_others, end_session, sessions_of
from teams.http.wants import Me, Page, Session
from teams.web.answers import see_other
from teams.web.forms import form_of, query_of
from teams.web.pages import page

_HERE = "/profiel/sessies"
_BROWSERS = (("Edg", "Edge"), ("Firefox", "Firefox"), ("Chrome", "Chrome"), ("Safari", "Safari"))
_SYSTEMS = (("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Windows", "Windows"),
            ("Mac OS", "Mac"), ("Linux", "Linux"))  # fmt: skip


@get(_HERE, policy="signed_in")
async def show(request: Page, session: Session, me: Me) -> Response[str]:
    found = await sessions_of(session, me.account_id, request.scope["state"]["session_id"])
    rows = [(row, device_of(row.device)) for row in found]
    return page(request, "profiel/sessies.html", rows=rows, done=query_of(request).one("gelukt"))


@post("/profiel/sessies/{handle:uuid}/einde", policy="signed_in", fresh=_HERE)
async def end(request: Page, session: Session, me: Me, handle: FromPath[UUID]) -> Redirect:
    (await form_of(request)).only()
    await end_session(session, handle, by=_by(request, me))
    return see_other("/profiel/sessies?gelukt=een")


@post("/profiel/sessies/andere", policy="signed_in", fresh=_HERE)
async def end_all_others(request: Page, session: Session, me: Me) -> Redirect:
    (await form_of(request)).only()
    await end_others(session, request.scope["state"]["session_id"], by=_by(request, me))
    return see_other("/profiel/sessies?gelukt=andere")


def device_of(agent: str) -> tuple[str, str]:
    """Browser and system in a `User-Agent`, as people call them; empty where unknown."""
    browser = next((name for sign, name in _BROWSERS if re.search(rf"\b{sign}\w*/", agent)), "")
    return browser, next((name for sign, name in _SYSTEMS if sign in agent), "")


def _by(request: Page, me: Any) -> Any:
    return me.actor(request.scope["state"]["request_id"], request.scope["state"]["address"])


router = Router(path="/", route_handlers=[show, end, end_all_others])
