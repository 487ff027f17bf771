"""The second step of a log-in by password, and the page where I add or remove what it is done with."""

from typing import Any

import pyotp
from litestar import Response, Router, get, post
from litestar.datastructures import State
from litestar.response import Redirect
from markupsafe import Markup

from teams.auth.passkeys import passkeys_of
from teams.auth.recovery import new_codes
from teams.auth.refused import TooMany
from teams.auth.second_step import (
    check_code,
    confirm_app,
    factors_of,
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
from teams.web.pages import page, place_here, sentences, steps

HERE = "/profiel/tweede-stap"


@get("/inloggen/stap", policy="public")
async def ask(request: Page, session: Session) -> Response[Any]:
    return await draw_step(request, session, goal=inside(query_of(request).one("next")))


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
        async with state.database.read() as session:
            return await draw_step(request, session, goal=goal, refusal=refusal)
    return see_other(goal)


async def draw_step(request: Page, session: Any, *, goal: str, refusal: Refusal | None = None) -> Response[Any]:
    """The page of the second step, with the ways that this account has; without a password that was right, the first."""
    browser = request.scope["state"]["session_id"]
    found = await step_under_way(session, browser) if browser else None
    if found is None and refusal is None:
        return see_other("/inloggen")
    factors = await factors_of(session, found.account_id) if found else None
    answer = page(
        request, "inloggen_stap.html", status=status_of(refusal) if refusal else 200, goal=goal,
        app=factors is None or factors.app_since is not None,
        passkey=factors is not None and factors.passkeys > 0 and place_here(request) is not None,
        fouten={"code": sentences(request, refusal.reasons)[0]} if refusal else {},
        vervolg=steps(request, refusal.then) if refusal else [],
    )  # fmt: skip
    return late(refusal, answer)


@get(HERE, policy="signed_in", first_login=True)
async def show(request: Page, session: Session, me: Me) -> Response[str]:
    return await draw(request, session, me, done=query_of(request).one("gelukt"))


@post(f"{HERE}/app", policy="signed_in", first_login=True, fresh=HERE)
async def offer(request: Page, session: Session, me: Me) -> Redirect:
    (await form_of(request)).only()
    await offer_app(session, me.account_id)
    return see_other(f"{HERE}#app")


@post(f"{HERE}/bevestiging", policy="signed_in", first_login=True, fresh=HERE)
async def confirm(request: Page, session: Session, me: Me) -> Response[Any]:
    form = await form_of(request)
    form.only("code")
    try:
        codes = await confirm_app(session, form.one("code"), by=by_of(request, me))
    except (Invalid, TooMany) as refusal:
        return await draw(request, session, me, refusal=refusal)
    await strengthen(request, session, me)
    return await draw(request, session, me, codes=codes)


@post(f"{HERE}/codes", policy="signed_in")
async def codes(request: Page, session: Session, me: Me) -> Response[Any]:
    form = await form_of(request)
    form.only("code")
    try:
        await check_code(session, form.one("code"), by=by_of(request, me))
    except (Invalid, TooMany) as refusal:
        return await draw(request, session, me, refusal=refusal)
    return await draw(request, session, me, codes=await new_codes(session, by=by_of(request, me)))


@post(f"{HERE}/uit", policy="signed_in")
async def remove(request: Page, session: Session, me: Me) -> Response[Any]:
    form = await form_of(request)
    form.only("code")
    try:
        await check_code(session, form.one("code"), by=by_of(request, me))
    except (Invalid, TooMany) as refusal:
        return await draw(request, session, me, refusal=refusal)
    await remove_app(session, by=by_of(request, me))
    return see_other(f"{HERE}?gelukt=uit")


async def strengthen(request: Page, session: Any, me: Any) -> None:
    """Who came in by password alone, now has a second step: a whole session, under a new id."""
    place = request.scope["state"]
    if me.weak:
        device = request.headers.get("user-agent", "")
        fresh = await open_session(session, me.account_id, device=device, old=place["session_id"])
        place["set_cookie"] = place["session_id"] = fresh


async def draw(
    request: Page, session: Any, me: Any, *, done: str = "", codes: list[str] | None = None, refusal: Refusal | None = None,
    field: str = "code", typed: str = "",
) -> Response[str]:  # fmt: skip
    """The page; `field`: where the refusal belongs, `typed`: the name that was typed for a passkey."""
    found = await factors_of(session, me.account_id)
    secret = found.offered
    link = pyotp.TOTP(secret).provisioning_uri(name=me.email, issuer_name="Teams") if secret else ""
    answer = page(
        request, "profiel/tweede-stap.html", status=status_of(refusal) if refusal else 200, f=found, codes=codes or [],
        secret=" ".join(secret[i : i + 4] for i in range(0, len(secret), 4)) if secret else "", link=link, done=done,
        fouten={_field(refusal, field): sentences(request, refusal.reasons)[0]} if refusal else {}, typed=typed,
        qr=picture_of(link) if link else "", passkeys=await passkeys_of(session, me.account_id),
        kan_passkey=found.local and place_here(request) is not None,
    )  # fmt: skip
    return late(refusal, answer)


def picture_of(link: str) -> Markup:
    """The link as a QR code: an SVG without style, script or address of its own, as dark on light in any scheme."""
    import segno  # a MiB that no other page needs

    drawn = segno.make(link, error="m", micro=False).svg_inline(
        omitsize=True, border=4, light="#fff", svgclass="teams-qr", lineclass=None
    )
    return Markup(drawn)  # noqa: S704 - made of squares only


def late(refusal: Refusal | None, answer: Response[str]) -> Response[str]:
    if isinstance(refusal, TooMany):
        answer.headers["Retry-After"] = str(refusal.wait)
    return answer


def _field(refusal: Refusal, otherwise: str) -> str:
    return next(iter(refusal.fields)) if isinstance(refusal, Invalid) else otherwise


def by_of(request: Page, me: Any) -> Any:
    return me.actor(request.scope["state"]["request_id"], request.scope["state"]["address"])


router = Router(path="/", route_handlers=[ask, enter, show, offer, confirm, codes, remove])
