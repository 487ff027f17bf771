"""Log in and out, the first password, and the language."""

from typing import Any
from urllib.parse import urlencode

from litestar import Response, Router, get, post
from litestar.datastructures import State

from teams.auth.actions import change_password, log_in, set_language
from teams.auth.refused import TooMany
from teams.auth.sessions import close_session, new_id
from teams.http.refusals import status_of
from teams.http.wants import Me, Page, Session
from teams.kit.errors import Invalid, Reason, Refusal
from teams.kit.text import N_
from teams.web.answers import inside, see_other
from teams.web.forms import form_of, query_of
from teams.web.oidc import onward
from teams.web.pages import page, place_here, sentences, steps

_UNEQUAL = Reason("nogmaals", N_("De twee nieuwe wachtwoorden zijn niet gelijk."))


@get("/inloggen", policy="public")
async def ask(request: Page) -> Response[Any]:
    goal = inside(query_of(request).one("next"))
    if request.scope["state"]["visitor"] is not None:
        return see_other(goal)
    return draw_log_in(request, goal=goal)


@post("/inloggen", policy="public")
async def enter(request: Page, state: State) -> Response[Any]:
    form = await form_of(request)
    form.only("email", "wachtwoord", "next")
    email, goal, place = form.one("email"), inside(form.one("next")), request.scope["state"]
    device = request.headers.get("user-agent", "")
    password = form.all.get("wachtwoord", [""])[0]
    try:
        entered = await log_in(
            state.database, email, password, address=place["address"], device=device, old=place["session_id"],
            must=state.settings.second_step and not state.settings.demo,
        )  # fmt: skip
    except (Invalid, TooMany) as refusal:
        return draw_log_in(request, goal=goal, refusal=refusal, email=email)
    place["set_cookie"] = entered.id
    return see_other(f"/inloggen/stap?{urlencode({'next': goal})}" if entered.half else goal)


@post("/uitloggen", policy="public")
async def leave(request: Page, session: Session, state: State) -> Response[Any]:
    place = request.scope["state"]
    service = await onward(state, place["session_id"]) if place["session_id"] else None
    if place["session_id"]:
        await close_session(session, place["session_id"])
    place["set_cookie"] = new_id()
    place.update(visitor=None, session_id=place["set_cookie"])
    answer: Response[Any] = see_other("/inloggen")
    if service:  # not a redirect: after a form, `form-action` would stop one to elsewhere
        answer = page(request, "uitgelogd.html", service=service)
        answer.headers["Refresh"] = f"0; url={service}"
    answer.headers["Clear-Site-Data"] = '"cache"'
    return answer


@get("/wachtwoord", policy="signed_in", first_login=True)
async def ask_password(request: Page, me: Me) -> Response[str]:
    return page(request, "wachtwoord.html", fouten={}, eerst=me.must_change)


@post("/wachtwoord", policy="signed_in", first_login=True)
async def new_password(request: Page, session: Session, state: State, me: Me) -> Response[Any]:
    form = await form_of(request)
    form.only("oud", "nieuw", "nogmaals", "email")
    values = {name: form.all.get(name, [""])[0] for name in ("oud", "nieuw", "nogmaals")}
    place = request.scope["state"]
    try:
        if values["nieuw"] != values["nogmaals"]:
            raise Invalid({"nogmaals": _UNEQUAL})
        await change_password(
            session, me.account_id, old=values["oud"], new=values["nieuw"],
            by=me.actor(place["request_id"], place["address"]), keep=place["session_id"],
            around=f"{state.settings.municipality} {state.settings.public_url}",
        )  # fmt: skip
    except (Invalid, TooMany) as refusal:
        names = refusal.fields if isinstance(refusal, Invalid) else ("oud",)
        fouten = dict(zip(names, sentences(request, refusal.reasons), strict=True))
        return page(request, "wachtwoord.html", status=status_of(refusal), fouten=fouten, eerst=me.must_change)
    return see_other("/profiel?gelukt=wachtwoord")


@post("/taal", policy="public", first_login=True)
async def choose_language(request: Page, session: Session) -> Response[Any]:
    form = await form_of(request)
    form.only("taal", "terug")
    language = "en" if form.one("taal") == "en" else "nl"
    visitor = request.scope["state"]["visitor"]
    if visitor is not None:
        await set_language(session, visitor.account_id, language)
    answer = see_other(inside(form.one("terug")))
    answer.set_cookie("__Host-taal", language, httponly=True, samesite="lax", secure=True, max_age=31_536_000)
    return answer


def draw_log_in(
    request: Page, *, goal: str, refusal: Refusal | None = None, email: str = "", field: str = "wachtwoord"
) -> Response[Any]:
    answer = page(
        request, "inloggen.html", status=status_of(refusal) if refusal else 200, email=email, goal=goal,
        fouten={field: sentences(request, refusal.reasons)[0]} if refusal else {},
        vervolg=steps(request, refusal.then) if refusal else [], dienst=_service(request),
        passkey=place_here(request) is not None,
    )  # fmt: skip
    if isinstance(refusal, TooMany):
        answer.headers["Retry-After"] = str(refusal.wait)
    return answer


def _service(request: Page) -> bool:
    return bool(request.app.state.settings.has_provider)


router = Router(path="/", route_handlers=[ask, enter, leave, ask_password, new_password, choose_language])
