"""Passkeys on the pages: come in with one, add, name and remove mine; and showing once more who I am."""

from typing import Any
from uuid import UUID

from litestar import Response, Router, get, post
from litestar.datastructures import State
from litestar.params import FromPath

from teams.auth.passkeys import Place, add_passkey, ask_known, ask_new, prove_by_passkey, remove_passkey, rename_passkey
from teams.auth.proof import count_passkeys, log_in_by_passkey, prove_again
from teams.auth.refused import TooMany
from teams.auth.second_step import factors_of, first_codes, forget_last_codes, step_under_way, take_passkey_step
from teams.auth.sessions import renew_session
from teams.http.refusals import status_of
from teams.http.wants import Me, Page, Session
from teams.kit.errors import Invalid, NotFound, Reason, Refusal
from teams.kit.text import N_
from teams.web.answers import inside, see_other
from teams.web.forms import form_of, query_of
from teams.web.inloggen import draw_log_in
from teams.web.inloggen_stap import HERE, by_of, draw, draw_step, late, strengthen
from teams.web.pages import page, place_here, sentences, steps

_AGAIN = "/inloggen/opnieuw"


@post("/inloggen/passkey/vraag", policy="public", first_login=True, status_code=200)
async def ask_which(request: Page, session: Session) -> dict[str, Any]:
    """The question for a browser: to any passkey that it has for us, or to those of whose password was right."""
    state = request.scope["state"]
    await count_passkeys(session, state["address"])
    under_way = await step_under_way(session, state["session_id"])
    account = state["visitor"].account_id if state["visitor"] else under_way.account_id if under_way else None
    return await ask_known(session, state["session_id"], _place(request), account)


@post("/inloggen/passkey", policy="public")
async def enter(request: Page, state: State) -> Response[Any]:
    form = await form_of(request)
    form.only("antwoord", "next")
    goal, place = inside(form.one("next")), request.scope["state"]
    browser, device = place["session_id"], request.headers.get("user-agent", "")
    async with state.database.read() as session:
        half = await step_under_way(session, browser) is not None
    verb = take_passkey_step if half else log_in_by_passkey
    try:
        place["set_cookie"] = await verb(
            state.database, browser, form.one("antwoord"), _place(request), address=place["address"], device=device
        )
    except (Invalid, TooMany) as refusal:
        if not half:
            return draw_log_in(request, goal=goal, refusal=refusal, field="antwoord")
        async with state.database.read() as session:
            return await draw_step(request, session, goal=goal, refusal=refusal)
    return see_other(goal)


@post(f"{HERE}/passkeys/vraag", policy="signed_in", first_login=True, fresh=HERE, status_code=200)
async def ask_to_make(request: Page, session: Session, me: Me) -> dict[str, Any]:
    return await ask_new(session, request.scope["state"]["session_id"], _place(request), by=by_of(request, me))


@post(f"{HERE}/passkeys", policy="signed_in", first_login=True, fresh=HERE)
async def add(request: Page, session: Session, me: Me) -> Response[Any]:
    form = await form_of(request)
    form.only("antwoord", "naam")
    browser, by = request.scope["state"]["session_id"], by_of(request, me)
    try:
        await add_passkey(session, browser, _place(request), form.one("antwoord"), name=form.one("naam"), by=by)
    except Refusal as refusal:
        return await draw(request, session, me, refusal=refusal, field="antwoord", typed=form.one("naam"))
    codes = await first_codes(session, by=by)
    await strengthen(request, session, me)
    return await draw(request, session, me, codes=codes) if codes else see_other(f"{HERE}?gelukt=passkey")


@post(f"{HERE}/passkeys/{{passkey_id:uuid}}/naam", policy="signed_in")
async def rename(request: Page, passkey_id: FromPath[UUID], session: Session, me: Me) -> Response[Any]:
    form = await form_of(request)
    form.only("naam")
    try:
        await rename_passkey(session, passkey_id, form.one("naam"), by=by_of(request, me))
    except Invalid as refusal:
        return await draw(request, session, me, refusal=refusal)
    return see_other(f"{HERE}?gelukt=naam")


@post(f"{HERE}/passkeys/{{passkey_id:uuid}}/einde", policy="signed_in", fresh=HERE)
async def remove(request: Page, passkey_id: FromPath[UUID], session: Session, me: Me) -> Response[Any]:
    (await form_of(request)).only()
    await remove_passkey(session, passkey_id, by=by_of(request, me))
    await forget_last_codes(session, me.account_id)
    return see_other(f"{HERE}?gelukt=weg")


@get(_AGAIN, policy="signed_in", first_login=True)
async def ask_again(request: Page, session: Session, me: Me) -> Response[str]:
    return await _again(request, session, me, goal=inside(query_of(request).one("next")))


@post(_AGAIN, policy="signed_in", first_login=True)
async def again(request: Page, session: Session, me: Me) -> Response[Any]:
    form = await form_of(request)
    form.only("wachtwoord", "code", "antwoord", "next", "email")
    goal, place, by = inside(form.one("next")), request.scope["state"], by_of(request, me)
    try:
        if answer := form.one("antwoord"):
            await prove_by_passkey(
                session,
                place["session_id"],
                _place(request),
                answer,
                account_id=me.account_id,
                address=place["address"],
            )
        else:
            password = form.all.get("wachtwoord", [""])[0]
            await prove_again(session, me.account_id, password, form.one("code"), by=by)
    except (Invalid, TooMany) as refusal:
        return await _again(request, session, me, goal=goal, refusal=refusal)
    place["set_cookie"] = await renew_session(session, place["session_id"])
    return see_other(goal)


async def _again(
    request: Page, session: Any, me: Any, *, goal: str, refusal: Refusal | None = None
) -> Response[str]:  # fmt: skip
    found, settings = await factors_of(session, me.account_id), request.app.state.settings
    name = next(iter(refusal.fields)) if isinstance(refusal, Invalid) else "wachtwoord"
    answer = page(
        request, "inloggen_opnieuw.html", status=status_of(refusal) if refusal else 200, goal=goal, f=found,
        dienst=settings.has_provider, passkey=found.passkeys > 0 and place_here(request) is not None,
        fouten={name: sentences(request, refusal.reasons)[0]} if refusal else {},
        vervolg=steps(request, refusal.then) if refusal else [],
    )  # fmt: skip
    return late(refusal, answer)


def _place(request: Page) -> Place:
    found = place_here(request)
    if found is None:
        raise NotFound(Reason("onbekend", N_("Op dit adres werken passkeys niet.")))
    return found


router = Router(path="/", route_handlers=[ask_which, enter, ask_to_make, add, rename, remove, ask_again, again])
