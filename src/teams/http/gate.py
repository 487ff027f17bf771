"""The gate before every request: host, size, well-formed text, who it is, own forms only, headers on the way out."""

import gzip
import json
import re
import secrets
from collections.abc import Awaitable, Callable, Iterable
from datetime import timedelta
from typing import Any
from urllib.parse import unquote_to_bytes

from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from teams.auth.models import Visitor
from teams.auth.sessions import form_token_fits, new_id, visitor_by_session, visitor_by_token
from teams.auth.throttle import too_many
from teams.kit.db import Database
from teams.kit.settings import Settings

Scope = dict[str, Any]
Receive = Callable[[], Awaitable[Any]]
Send = Callable[[Any], Awaitable[None]]

COOKIE = "__Host-session"
API_VERSION = "1.0.0"
BODY_MAX = 1_000_000
FIELDS_MAX = 500
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


class Refused(Exception):
    """What stops at the gate: a status, and the field or header that is wrong."""

    def __init__(self, status: int, field: str = "", headers: Iterable[tuple[bytes, bytes]] = ()) -> None:
        super().__init__(field)
        self.status, self.field, self.headers = status, field, list(headers)


class Gate:
    """The ASGI application around the app. Puts `visitor`, `session_id`, `token_auth`, `request_id`, `address`, `refused` in `scope['state']`.

    What is wrong with a request is put in `state['refused']`; the app's guard raises it, so that every face answers in
    its own form.
    """

    def __init__(self, app: Any, *, database: Database, settings: Settings) -> None:
        self.app, self.database, self.settings = app, database, settings

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        headers = dict(scope["headers"])
        state: dict[str, Any] = scope.setdefault("state", {})
        state.update(request_id=secrets.token_hex(8), visitor=None, session_id=None, fresh_cookie=None, refused=None,
                     token_auth=False, address=self._address(scope, headers))  # fmt: skip
        path: str = scope["path"]
        body = b""
        try:
            self._check_host(scope)
            _check_text(scope)
            if not path.startswith(("/static/", "/health/")):
                body = await _read(scope["method"], headers, receive)
                await self._identify(path, headers, state)
                if scope["method"] not in SAFE:
                    _check_origin(headers, self.settings)
                    _check_form(headers, body, state)
        except (Refused, DBAPIError, PoolTimeout, OSError) as refused:
            state["refused"] = refused
        head = scope["method"] == "HEAD"
        if head:
            scope["method"] = "GET"
        await self.app(scope, _replay(body), self._answer(scope, headers, state, send, head=head))

    def _check_host(self, scope: Scope) -> None:
        hosts = [value for name, value in scope["headers"] if name == b"host"]
        if len(hosts) != 1:
            raise Refused(400, "Host")
        name = hosts[0].decode("latin-1").rsplit(":", 1)[0].lower()
        if self.settings.host_list and name not in self.settings.host_list:
            raise Refused(400, "Host")

    def _address(self, scope: Scope, headers: dict[bytes, bytes]) -> str:
        client = scope.get("client")
        address = client[0] if client else ""
        forwarded = headers.get(b"x-forwarded-for", b"").decode("latin-1")
        if forwarded and address in self.settings.proxy_list:
            address = forwarded.rsplit(",", 1)[-1].strip()
        return address[:45]

    async def _identify(self, path: str, headers: dict[bytes, bytes], state: dict[str, Any]) -> None:
        bearer = headers.get(b"authorization", b"").decode("latin-1")
        visitor: Visitor | None = None
        if bearer and path.startswith("/api/"):
            scheme, _, token = bearer.partition(" ")
            async with self.database.read() as session:
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
                async with self.database.read() as session:
                    visitor = await visitor_by_session(session, session_id)
            if session_id is None and not path.startswith(("/api/", "/openbaar/")):
                session_id = state["fresh_cookie"] = new_id()
            state["session_id"] = session_id
        state["visitor"] = visitor

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
                        body = gzip.compress(body, 5, mtime=0)
                        start["headers"].append((b"content-encoding", b"gzip"))
                    if kind in _SQUEEZED:
                        start["headers"].append((b"vary", b"Accept-Encoding, HX-Request, Cookie"))
                    start["headers"] = [pair for pair in start["headers"] if pair[0] != b"content-length"]
                    if start["status"] not in (204, 304):
                        start["headers"].append((b"content-length", str(len(body)).encode()))
                await send({**start})
                start.clear()
                await send(
                    {"type": "http.response.body", "body": b"" if head else body, "more_body": more and not head}
                )
                return
            await send(message)

        return answer


def _check_text(scope: Scope) -> None:
    """Path and query are UTF-8 without control characters."""
    path, query = scope.get("raw_path") or b"", scope.get("query_string") or b""
    for field, raw in (("pad", path), ("vraag", query)):
        if len(raw) > 8000:
            raise Refused(414, field)
    _readable("pad", unquote_to_bytes(path))
    for pair in query.split(b"&"):
        name = unquote_to_bytes(pair.partition(b"=")[0]).decode("ascii", "ignore").replace("\x00", "")
        _readable(name[:60] or "vraag", unquote_to_bytes(pair))


def _readable(field: str, value: bytes) -> None:
    try:
        decoded = value.decode("utf-8")
    except UnicodeDecodeError:
        raise Refused(400, field) from None
    if "\x00" in decoded:
        raise Refused(400, field)


async def _read(method: str, headers: dict[bytes, bytes], receive: Receive) -> bytes:
    if method in SAFE:
        return b""
    length = headers.get(b"content-length", b"0")
    if not length.isdigit() or int(length) > BODY_MAX:
        raise Refused(413 if length.isdigit() else 400, "Content-Length")
    body = bytearray()
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise Refused(400, "inhoud")
        body += message.get("body", b"")
        if len(body) > BODY_MAX:
            raise Refused(413, "inhoud")
        if not message.get("more_body", False):
            return bytes(body)


def _check_origin(headers: dict[bytes, bytes], settings: Settings) -> None:
    """An unsafe request comes from our own pages: `Sec-Fetch-Site`, or `Origin` where a browser does not send that."""
    site = headers.get(b"sec-fetch-site")
    if site is not None:
        if site != b"same-origin":
            raise Refused(403, "Sec-Fetch-Site")
        return
    origin = headers.get(b"origin")
    if origin is not None and origin.split(b"://", 1)[-1] != headers.get(b"host"):
        raise Refused(403, "Origin")


def _check_form(headers: dict[bytes, bytes], body: bytes, state: dict[str, Any]) -> None:
    kind = headers.get(b"content-type", b"").split(b";")[0].strip().lower()
    token = headers.get(b"x-csrf-token", b"").decode("latin-1")
    if kind == b"application/x-www-form-urlencoded":
        charset = re.search(rb"charset=\"?([\w-]+)", headers.get(b"content-type", b"").lower())
        if charset and charset[1] not in (b"utf-8", b"utf8"):
            raise Refused(415, "Content-Type")
        if body.count(b"&") > FIELDS_MAX:
            raise Refused(413, "velden")
        for pair in body.split(b"&"):
            name, _, value = pair.partition(b"=")
            field = unquote_to_bytes(name).decode("utf-8", "replace")[:60]
            _readable(field, unquote_to_bytes(name))
            _readable(field, unquote_to_bytes(value.replace(b"+", b" ")))
            if name == b"csrf" and not token:
                token = unquote_to_bytes(value).decode("latin-1")
    elif kind == b"application/json":
        strict_json(body)
    elif body:
        raise Refused(415, "Content-Type")
    if state["token_auth"]:
        return
    if not state["session_id"] or not form_token_fits(state["session_id"], token):
        raise Refused(403, "csrf")


def strict_json(body: bytes) -> Any:
    """JSON with one meaning only: no double keys, no NaN, no NUL, no lone surrogates, at most 20 deep."""
    try:
        value = json.loads(body.decode("utf-8"), object_pairs_hook=_once, parse_constant=_no_constant)
    except (UnicodeDecodeError, RecursionError, ValueError):
        raise Refused(400, "inhoud") from None
    _shallow(value, 20)
    return value


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        names = [name for name, _ in pairs]
        raise Refused(400, next(name for name in names if names.count(name) > 1)[:60])
    for name, value in pairs:
        _clean_string(name, name)
        if isinstance(value, str):
            _clean_string(name, value)
    return found


def _clean_string(field: str, value: str) -> None:
    if "\x00" in value or any("\ud800" <= char <= "\udfff" for char in value):
        raise Refused(400, field[:60].encode("ascii", "replace").decode())


def _no_constant(name: str) -> None:
    raise ValueError(name)


def _shallow(value: Any, depth: int) -> None:
    if depth == 0:
        raise Refused(400, "inhoud")
    if isinstance(value, dict):
        for inner in value.values():
            _shallow(inner, depth - 1)
    elif isinstance(value, list):
        for inner in value:
            if isinstance(inner, str):
                _clean_string("lijst", inner)
            _shallow(inner, depth - 1)


def _cookie(header: bytes) -> str | None:
    for part in header.decode("latin-1").split(";"):
        name, _, value = part.strip().partition("=")
        if name == COOKIE and re.fullmatch(r"[A-Za-z0-9_-]{20,64}", value):
            return value
    return None


def _replay(body: bytes) -> Receive:
    sent = False

    async def receive() -> Any:
        nonlocal sent
        if sent:
            return {"type": "http.disconnect"}
        sent = True
        return {"type": "http.request", "body": body, "more_body": False}

    return receive
