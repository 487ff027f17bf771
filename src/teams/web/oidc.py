"""Logging in with the municipality's own service: there by a link, back with a code; the service's own word that someone left."""

import base64
import hashlib
import hmac
import json
import logging
import secrets
import time
from typing import Any
from urllib.parse import parse_qs

from litestar import Response, Router, get, post
from litestar.datastructures import State
from litestar.exceptions import NotFoundException

from teams.auth.identities import count_address, end_by_provider, first_time, id_token_of, log_in_by_identity
from teams.auth.provider import BadToken, Provider, ProviderDown, word_in
from teams.http.refusals import status_of
from teams.http.wants import Page
from teams.kit.errors import NextStep, NotAllowed, Reason, Refusal
from teams.kit.text import N_
from teams.web.answers import inside, see_other
from teams.web.forms import query_of
from teams.web.pages import page, sentences, steps

_MINUTES = 10
_AGAIN = NextStep(N_("Begin opnieuw met inloggen."), "/inloggen")
_LOST = Reason("poging", N_("Dit antwoord hoort niet bij een inlogpoging in dit venster, of het duurde te lang."))
_FALSE = Reason("dienst", N_("De inlogdienst gaf een antwoord dat Teams niet vertrouwt."))
_REFUSED = Reason("dienst", N_("De inlogdienst heeft je niet ingelogd."))
_DOWN = Reason("dienst", N_("De inlogdienst is niet bereikbaar. Probeer het over een paar minuten opnieuw."))
_log = logging.getLogger("teams")


@get("/inloggen/dienst", policy="public")
async def begin(request: Page, state: State) -> Response[Any]:
    provider, browser = provider_of(state), request.scope["state"]["session_id"]
    query = query_of(request)
    again = query.one("opnieuw") == "1"
    attempt = _attempt(browser, inside(query.one("next")), again=again)
    try:
        return see_other(await provider.begin(attempt, *_secrets(browser, attempt), again=again))
    except ProviderDown as down:
        return _refused(request, _DOWN, 503, down)


@get("/inloggen/terug", policy="public")
async def finish(request: Page, state: State) -> Response[Any]:
    provider, place, query = provider_of(state), request.scope["state"], query_of(request)
    attempt, browser = query.one("state"), place["session_id"]
    meant = _meant(browser, attempt)
    if meant is None:
        return _refused(request, _LOST, 400, "state")
    goal, again = meant
    if query.one("error") or not query.one("code"):
        return _refused(request, _REFUSED, 403, query.one("error")[:60])
    try:
        await count_address(state.database, place["address"])
        about = await provider.about()
        if (
            query.one("iss", "" if about.get("authorization_response_iss_parameter_supported") else provider.issuer)
            != provider.issuer
        ):
            raise BadToken("iss of the answer")  # RFC 9207
        if not await first_time(state.database, attempt):
            return _refused(request, _LOST, 400, "state again")
        nonce, verifier = _secrets(browser, attempt)
        claims, id_token = await provider.finish(query.one("code"), verifier, nonce, again=again)
        subject = provider.subject(claims)
        if subject is None:
            raise BadToken("no subject")
        place["set_cookie"] = await log_in_by_identity(
            state.database, provider.issuer, subject, sid=word_in(claims, "sid"), id_token=id_token,
            address=place["address"], device=request.headers.get("user-agent", ""), old=browser,
        )  # fmt: skip
    except ProviderDown as down:
        return _refused(request, _DOWN, 503, down)
    except BadToken as bad:
        return _refused(request, _FALSE, 400, bad)
    except NotAllowed as unknown:
        return _page(request, unknown)
    return see_other(goal)


@post("/api/oidc/afmelding", policy="public", status_code=200)
async def back_channel(request: Page, state: State) -> Response[Any]:
    """OpenID Connect Back-Channel Logout 1.0: the service itself posts a signed token."""
    provider, address = provider_of(state), request.scope["state"]["address"]
    tokens = parse_qs((await request.body()).decode("utf-8", "replace")).get("logout_token", [])
    try:
        if len(tokens) != 1:
            raise BadToken("one logout_token")
        claims = await provider.logout_claims(tokens[0])
        subject, sid = provider.subject(claims), word_in(claims, "sid")
        if subject is None and sid is None:
            raise BadToken("nobody")
    except BadToken as bad:
        await count_address(state.database, address, false_logout=True)
        _log.warning("back-channel log-out refused: %s", bad)
        return Response({"error": "invalid_request"}, status_code=400)
    except ProviderDown as down:
        _log.warning("back-channel log-out: provider down: %s", down)
        return Response({"error": "temporarily_unavailable"}, status_code=503)
    async with state.database.begin() as session:
        await end_by_provider(session, provider.issuer, subject=subject, sid=sid, jti=claims["jti"])
    return Response({}, status_code=200)


@get("/api/oidc/jwks", policy="public")
async def own_keys(state: State) -> Response[Any]:
    return Response(provider_of(state).public_keys(), headers={"cache-control": "public, max-age=300"})


def provider_of(state: State) -> Provider:
    """The one service of this process. Without settings for it these addresses do not exist."""
    if not state.settings.has_provider:
        raise NotFoundException
    if not hasattr(state, "provider"):
        state.provider = Provider(state.settings)
    found: Provider = state.provider
    return found


def _attempt(browser: str, goal: str, *, again: bool = False) -> str:
    """What comes back with the code: made for this browser's cookie, for ten minutes, with where to go.

    `again`: who is in shows once more who it is, so that a log-in of before does not count.
    """
    told = json.dumps([int(time.time()), secrets.token_hex(16), goal[:500], again]).encode()
    body = base64.urlsafe_b64encode(told).decode().rstrip("=")
    return f"{body}.{_mac(browser, 'state', body)}"


def _meant(browser: str | None, attempt: str) -> tuple[str, bool] | None:
    """Where this attempt was going, and whether it was to show once more who it is; None when it is not this browser's, or older than ten minutes."""
    body, _, mac = attempt.partition(".")
    if not browser or not hmac.compare_digest(_mac(browser, "state", body).encode(), mac.encode()):
        return None
    try:  # who makes up a cookie can sign anything by it
        began, _, goal, again = json.loads(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)))
        return (inside(goal), again is True) if time.time() - began <= _MINUTES * 60 else None
    except (ValueError, TypeError, AttributeError, OverflowError, RecursionError):
        return None


def _secrets(browser: str, attempt: str) -> tuple[str, str]:
    """Nonce and code verifier of an attempt: 256 bits each, that only this browser's cookie gives."""
    return _mac(browser, "nonce", attempt), _mac(browser, "verifier", attempt)


def _mac(browser: str, use: str, told: str) -> str:
    return hmac.new(browser.encode(), f"dienst\x00{use}\x00{told}".encode(), hashlib.sha256).hexdigest()


def _refused(request: Page, reason: Reason, status: int, why: object) -> Response[Any]:
    _log.warning("log-in by the service refused: %s", why)
    return _page(request, Refusal(reason, then=(_AGAIN,)), status)


def _page(request: Page, refusal: Refusal, status: int = 0) -> Response[Any]:
    return page(
        request, "inloggen_dienst.html", status=status or status_of(refusal),
        redenen=sentences(request, refusal.reasons), vervolg=steps(request, refusal.then),
    )  # fmt: skip


async def onward(state: State, session_id: str) -> str | None:
    """Where to log out of the service too, for a session that came in by it; None when there is no such place."""
    if not state.settings.has_provider:
        return None
    async with state.database.read() as session:
        id_token = await id_token_of(session, session_id)
    if id_token is None:
        return None
    try:
        return await provider_of(state).end_url(id_token)
    except ProviderDown as down:
        _log.warning("log-out at the service: %s", down)
        return None


router = Router(path="/", route_handlers=[begin, finish, back_channel, own_keys])
