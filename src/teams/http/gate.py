"""The gate before every request: host, size, well-formed text, who it is, own forms only, headers on the way out."""

import asyncio
import gzip
import re
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from datetime import timedelta
from ipaddress import ip_address
from typing import Any

from asyncpg import InternalClientError
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncSession

from teams.auth.models import Visitor
from teams.auth.sessions import new_id, visitor_by_session, visitor_by_token
from teams.auth.throttle import too_many
from teams.http.directory import PATH as DIRECTORY
from teams.http.directory import directory_comes
from teams.http.lingering import UNREAD, lingering
from teams.http.own_forms import check_form, check_origin
from teams.http.pace import Pace
from teams.http.readable import Refused, check_text
from teams.kit.db import Database
from teams.kit.settings import Settings

Scope = dict[str, Any]
Receive = Callable[[], Awaitable[Any]]
Send = Callable[[Any], Awaitable[None]]

COOKIE = "__Host-session"
API_VERSION = "1.0.0"
BODY_MAX = 1_000_000
BODY_SECONDS = 20.0
TURN_SECONDS = 15.0
ONE_CLICK = "/meldingen/afmelden/"  # RFC 8058: a mail program posts here; the address itself is signed
STREAMS = frozenset({"/live"})  # answers without an end: no turn, no connection, and the client's own going away
ELSEWHERE = frozenset(
    {"/inloggen/dienst", "/inloggen/terug", "/api/oidc/afmelding"}
)  # wait for the log-in service, not for us
SQUEEZE = 3  # a tenth larger than 9 for a third of the work
_QUARTER = timedelta(minutes=15)
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self';"
    " form-action 'self'; frame-ancestors 'none'; base-uri 'none'; object-src 'none'; manifest-src 'self'"
)
HEADERS = (
    (b"content-security-policy", CSP.encode()),
    (b"strict-transport-security", b"max-age=31536000; includeSubDomains"),
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"same-origin"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), geolocation=(), microphone=(), payment=(), usb=()"),
)
_SQUEEZED = (b"text/html", b"application/json", b"application/problem+json", b"text/csv", b"image/svg+xml")


class Gate:
    """The ASGI application around the app. Puts `visitor`, `session_id`, `token_auth`, `request_id`, `address`, `refused` in `scope['state']`.

    What is wrong with a request is put in `state['refused']`; the app's guard raises it, so that every face answers in
    its own form.
    """

    def __init__(self, app: Any, *, database: Database, settings: Settings) -> None:
        self.app, self.database, self.settings = app, database, settings
        self.turns = asyncio.Semaphore(settings.pool)
        self.pace = Pace(settings.account_rate)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        async with AsyncExitStack() as turn:
            await self._serve(scope, receive, send, turn)

    async def _serve(self, scope: Scope, receive: Receive, send: Send, turn: AsyncExitStack) -> None:
        headers = dict(scope["headers"])
        state: dict[str, Any] = scope.setdefault("state", {})
        state.update(request_id=secrets.token_hex(8), visitor=None, session_id=None, fresh_cookie=None, refused=None,
                     reading=None, token_auth=False, address=self._address(scope, headers))  # fmt: skip
        path: str = scope["path"]
        body = b""
        try:
            self._check_host(scope)
            check_text(scope)
            if not path.startswith(("/static/", "/health/")):
                body = state["body"] = await _read(scope["method"], headers, receive)
                await turn.enter_async_context(self._turn())
                if scope["method"] in SAFE:
                    primary = await self._who(path, headers, state, turn)
                    state["reading"] = await turn.enter_async_context(self.database.read_beside(primary))
                else:
                    async with AsyncExitStack() as first:
                        await self._who(path, headers, state, first)
                    check_origin(headers, self.settings)
                    if path.startswith(ONE_CLICK) and headers.get(b"content-type", b"").startswith(
                        b"multipart/form-data"
                    ):
                        body = b""  # the form that RFC 8058 prefers; the signed address says all
                    check_form(headers, body, state, api=path.startswith(("/api/", DIRECTORY, ONE_CLICK)))
        except (Refused, DBAPIError, PoolTimeout, InternalClientError, OSError) as refused:
            state["refused"] = refused
            if isinstance(refused, Refused) and (refused.status, refused.field) in UNREAD:
                send = lingering(receive, send)
        head = state["head"] = scope["method"] == "HEAD"
        if head:
            scope["method"] = "GET"
        if path in STREAMS or path in ELSEWHERE:
            await turn.aclose()
            state["reading"] = None
        replay = receive if path in STREAMS and scope["method"] == "GET" else _replay(body, receive)
        await self.app(scope, replay, self._answer(scope, headers, state, send, head=head))

    @asynccontextmanager
    async def _turn(self) -> AsyncIterator[None]:
        """First come, first served: as many requests at work as there are connections, so that nobody waits for one twice."""
        if not self.turns.locked():
            await self.turns.acquire()  # does not wait
        else:
            try:
                await asyncio.wait_for(self.turns.acquire(), TURN_SECONDS)
            except TimeoutError:
                raise PoolTimeout("no turn") from None
        try:
            yield
        finally:
            self.turns.release()

    def _check_host(self, scope: Scope) -> None:
        hosts = [value for name, value in scope["headers"] if name == b"host"]
        if len(hosts) != 1:
            raise Refused(400, "Host")
        name = hosts[0].decode("latin-1").rsplit(":", 1)[0].lower()
        probed = scope["path"].startswith("/health/")  # by address: who looks whether we live knows no name
        if self.settings.host_list and name not in self.settings.host_list and not probed:
            raise Refused(400, "Host")

    def _address(self, scope: Scope, headers: dict[bytes, bytes]) -> str:
        client = scope.get("client")
        address = client[0] if client else ""
        forwarded = headers.get(b"x-forwarded-for", b"").decode("latin-1")
        if forwarded and address in self.settings.proxy_list:
            with suppress(ValueError):  # what is no address says less than the proxy's own
                address = str(ip_address(forwarded.rsplit(",", 1)[-1].strip()))
        return address[:45]

    async def _who(
        self, path: str, headers: dict[bytes, bytes], state: dict[str, Any], stack: AsyncExitStack
    ) -> AsyncSession:
        """The session on which it was found out who this is. A connection that died while it waited in the pool costs
        another try, no refusal: all that were as old have gone with it."""
        for last in (False, True):
            async with AsyncExitStack() as own:
                session = await own.enter_async_context(self.database.read())
                try:
                    await self._identify(path, headers, state, session)
                except DBAPIError as error:
                    if last or not error.connection_invalidated:
                        raise
                    continue
                await stack.enter_async_context(own.pop_all())
                return session
        raise AssertionError

    async def _identify(
        self, path: str, headers: dict[bytes, bytes], state: dict[str, Any], session: AsyncSession
    ) -> None:
        bearer = headers.get(b"authorization", b"").decode("latin-1")
        if path.startswith(DIRECTORY):
            await directory_comes(session, bearer, state, self.settings.scim_networks)
            return
        visitor: Visitor | None = None
        if bearer and path.startswith("/api/"):
            scheme, _, token = bearer.partition(" ")
            visitor = await visitor_by_token(session, token.strip()) if scheme.lower() == "bearer" else None
            wait = 0 if visitor else await too_many(session, f"token:{state['address']}", limit=60, window=_QUARTER)
            state["token_auth"] = True
            if wait:
                raise Refused(429, "Authorization", [(b"retry-after", str(wait).encode())])
            if visitor is None:
                raise Refused(401, "Authorization", [(b"www-authenticate", b"Bearer")])
        else:
            session_id = _cookie(headers.get(b"cookie", b""))
            if session_id:
                visitor = await visitor_by_session(session, session_id)
            if session_id is None and not path.startswith(("/api/", "/openbaar/")):
                session_id = state["fresh_cookie"] = new_id()
            state["session_id"] = session_id
        state["visitor"] = visitor
        if visitor and (wait := self.pace.wait(visitor.account_id)):
            raise Refused(429, "account", [(b"retry-after", str(wait).encode())])

    def _answer(
        self, scope: Scope, headers: dict[bytes, bytes], state: dict[str, Any], send: Send, *, head: bool
    ) -> Send:
        squeeze = b"gzip" in headers.get(b"accept-encoding", b"")
        start: dict[str, Any] = {}

        async def answer(message: Any) -> None:
            if message["type"] == "http.response.start":
                start.update(message)
                out = [(name, value) for name, value in message["headers"] if name != b"content-security-policy"]
                given = {name for name, _ in out}
                out += [pair for pair in HEADERS if pair[0] not in given]
                out.append((b"x-request-id", state["request_id"].encode()))
                if scope["path"].startswith("/api/"):
                    out.append((b"api-version", API_VERSION.encode()))
                if b"cache-control" not in given:
                    out.append((b"cache-control", b"no-store"))
                if state.get("set_cookie") or state["fresh_cookie"]:
                    value = state.get("set_cookie") or state["fresh_cookie"]
                    cookie = f"{COOKIE}={value}; Path=/; Secure; HttpOnly; SameSite=Lax"
                    out.append((b"set-cookie", cookie.encode()))
                start["headers"] = out
                return
            if message["type"] == "http.response.body" and start:
                body, more = message.get("body", b""), message.get("more_body", False)
                names = dict(start["headers"])
                kind = names.get(b"content-type", b"").split(b";")[0]
                if not more:
                    if squeeze and len(body) > 800 and kind in _SQUEEZED and b"content-encoding" not in names:
                        body = gzip.compress(body, SQUEEZE, mtime=0)
                        start["headers"].append((b"content-encoding", b"gzip"))
                    if kind in _SQUEEZED:
                        start["headers"].append((b"vary", b"Accept-Encoding, HX-Request, Cookie"))
                    start["headers"] = [pair for pair in start["headers"] if pair[0] != b"content-length"]
                    if start["status"] not in (204, 304):
                        start["headers"].append((b"content-length", str(len(body)).encode()))
                if head:  # the server looks whether the bytes that were announced must come
                    scope["method"] = "HEAD"
                await send({**start})
                start.clear()
                await send(
                    {"type": "http.response.body", "body": b"" if head else body, "more_body": more and not head}
                )
                return
            if not head:  # the rest of an answer in parts
                await send(message)

        return answer


async def _read(method: str, headers: dict[bytes, bytes], receive: Receive) -> bytes:
    if method in SAFE:
        return b""
    length = headers.get(b"content-length", b"0")
    if not length.isdigit() or int(length) > BODY_MAX:
        raise Refused(413 if length.isdigit() else 400, "Content-Length")
    body = bytearray()
    try:
        async with asyncio.timeout(BODY_SECONDS):
            while True:
                message = await receive()
                if message["type"] == "http.disconnect":
                    raise Refused(400, "inhoud")
                body += message.get("body", b"")
                if len(body) > BODY_MAX:
                    raise Refused(413, "inhoud")
                if not message.get("more_body", False):
                    return bytes(body)
    except TimeoutError:
        raise Refused(408, "inhoud") from None


def _cookie(header: bytes) -> str | None:
    for part in header.decode("latin-1").split(";"):
        name, _, value = part.strip().partition("=")
        if name == COOKIE and re.fullmatch(r"[A-Za-z0-9_-]{20,64}", value):
            return value
    return None


def _replay(body: bytes, receive: Receive) -> Receive:
    """The body that was read, and then what the client does: an answer in parts stops when nobody reads it."""
    sent = False

    async def replay() -> Any:
        nonlocal sent
        if sent:
            return await receive()
        sent = True
        return {"type": "http.request", "body": body, "more_body": False}

    return replay
