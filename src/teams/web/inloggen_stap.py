"""The second step of a log-in by password, and the page where I add or remove it."""

from typing import Any

import pyotp
from litestar import Response, Router, get, post
from litestar.datastructures import State
from litestar.response import Redirect

from teams.auth.refused import TooMany
from teams.auth.second_step import (
    check_code,
    confirm_app,
    factors_of,
    new_codes,
    offer_app,
    remove_app,
    step_under_way,
    take_step,
)
from teams.auth.sessions import open_session
from teams.http.refusals import status_of
from teams.http.wants import Me, Page, Session
from teams.kit.errors import Invalid, Refusal
from teams.web.answers import inside, see_other
from teams.web.forms import form_of, query_of
from teams.web.pages import page, sentences, steps

_HERE = "/profiel/tweede-stap"


@get("/inloggen/stap", policy="public")
async def ask(request: Page, session: Session) -> Response[Any]:
    browser = request.scope["state"]["session_id"]
    if browser is None or await step_under_way(session, browser) is None:
        return see_other("/inloggen")
    return page(request, "inloggen_stap.html", goal=inside(query_of(request).one("next")), fouten={}, vervolg=[])


@post("/inloggen/stap", policy="public")
async def enter(request: Page, state: State) -> Response[Any]:
    form = await form_of(request)
    form.only("code", "next")
    goal, place = inside(form.one("next")), request.scope["state"]
    try:
        place["set_cookie"] = await take_step(
            state.database, place["session_id"], form.one("code"), address=place["address"],
            device=request.headers.get("user-agent", ""),
        )  # fmt: skip
    except (Invalid, TooMany) as refusal:
        fouten = {"code": sentences(request, refusal.reasons)[0]}
        return _late(refusal, page(
            request, "inloggen_stap.html", status=status_of(refusal), goal=goal, fouten=fouten,
            vervolg=steps(request, refusal.then),
        ))  # fmt: skip
    return see_other(goal)


@get(_HERE, policy="signed_in", first_login=True)
async def show(request: Page, session: Session, me: Me) -> Response[str]:
    return await _show(request, session, me, done=query_of(request).one("gelukt"))


@post(f"{_HERE}/app", policy="signed_in", first_login=True)
async def offer(request: Page, session: Session, me: Me) -> Redirect:
    (await form_of(request)).only()
    await offer_app(session, me.account_id)
    return see_other(f"{_HERE}#app")


@post(f"{_HERE}/bevestiging", policy="signed_in", first_login=True)
async def confirm(request: Page, session: Session, me: Me) -> Response[Any]:
    form = await form_of(request)
    form.only("code")
    try:
        codes = await confirm_app(session, form.one("code"), by=_by(request, me))
    except (Invalid, TooMany) as refusal:
        return await _show(request, session, me, refusal=refusal)
    place = request.scope["state"]
    if me.weak:
        device = request.headers.get("user-agent", "")
        fresh = await open_session(session, me.account_id, device=device, old=place["session_id"])
        place["set_cookie"] = place["session_id"] = fresh
    return await _show(request, session, me, codes=codes)


@post(f"{_HERE}/codes", policy="signed_in")
async def codes(request: Page, session: Session, me: Me) -> Response[Any]:
    form = await form_of(request)
    form.only("code")
    try:
        await check_code(session, form.one("code"), by=_by(request, me))
    except (Invalid, TooMany) as refusal:
        return await _show(request, session, me, refusal=refusal)
    return await _show(request, session, me, codes=await new_codes(session, by=_by(request, me)))


@post(f"{_HERE}/uit", policy="signed_in")
async def remove(request: Page, session: Session, me: Me) -> Response[Any]:
    form = await form_of(request)
    form.only("code")
    try:
        await check_code(session, form.one("code"), by=_by(request, me))
    except (Invalid, TooMany) as refusal:
        return await _show(request, session, me, refusal=refusal)
    await remove_app(session, by=_by(request, me))
    return see_other(f"{_HERE}?gelukt=uit")


async def _show(
    request: Page, session: Any, me: Any, *, done: str = "", codes: list[str] | None = None, refusal: Refusal | None = None
) -> Response[str]:  # fmt: skip
    found = await factors_of(session, me.account_id)
    secret = found.offered
    link = pyotp.TOTP(secret).provisioning_uri(name=me.email, issuer_name="Teams") if secret else ""
    answer = page(
        request, "profiel/tweede-stap.html", status=status_of(refusal) if refusal else 200, f=found, codes=codes or [],
        secret=" ".join(secret[i : i + 4] for i in range(0, len(secret), 4)) if secret else "", link=link, done=done,
        fouten={"code": sentences(request, refusal.reasons)[0]} if refusal else {},
    )  # fmt: skip
    return _late(refusal, answer)


def _late(refusal: Refusal | None, answer: Response[str]) -> Response[str]:
    if isinstance(refusal, TooMany):
        answer.headers["Retry-After"] = str(refusal.wait)
    return answer


def _by(request: Page, me: Any) -> Any:
    return me.actor(request.scope["state"]["request_id"], request.scope["state"]["address"])


router = Router(path="/", route_handlers=[ask, enter, show, offer, confirm, codes, remove])
