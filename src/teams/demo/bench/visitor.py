"""One signed-in browser without a network: requests go straight into the ASGI application."""

import asyncio
import gzip
from collections.abc import Awaitable, Callable
from contextlib import contextmanager
from typing import Any, NamedTuple
from urllib.parse import urlencode
from uuid import UUID

from sqlalchemy import event, text
from sqlalchemy.ext.asyncio import AsyncSession

from teams.auth.sessions import form_token, open_session
from teams.http.gate import COOKIE
from teams.kit.db import Database

App = Callable[[Any, Any, Any], Awaitable[None]]

_ACCOUNT = text("select id from account where email = :email")


class Answer(NamedTuple):
    status: int
    headers: dict[bytes, bytes]
    body: bytes

    @property
    def text(self) -> str:
        squeezed = self.headers.get(b"content-encoding") == b"gzip"
        return (gzip.decompress(self.body) if squeezed else self.body).decode()

    @property
    def weight(self) -> int:
        """Bytes over the wire, the head of the answer included."""
        return len(self.body) + sum(len(name) + len(value) + 4 for name, value in self.headers.items()) + 17


class Browser:
    """Sends what a browser sends: session cookie, gzip, its own origin."""

    def __init__(self, app: App, session_id: str) -> None:
        self.app, self.session_id = app, session_id
        self.scope: dict[str, Any] = {}
        self.headers = [
            (b"host", b"teams.test"), (b"accept-encoding", b"gzip, deflate, br"), (b"accept-language", b"nl"),
            (b"sec-fetch-site", b"same-origin"), (b"cookie", f"{COOKIE}={session_id}".encode()),
        ]  # fmt: skip

    async def get(self, url: str) -> Answer:
        return await self._send("GET", url, b"", [])

    async def post(self, url: str, fields: dict[str, str]) -> Answer:
        body = urlencode({"csrf": form_token(self.session_id), **fields}).encode()
        kind = [(b"content-type", b"application/x-www-form-urlencoded"), (b"content-length", str(len(body)).encode())]
        return await self._send("POST", url, body, kind)

    async def _send(self, method: str, url: str, body: bytes, more: list[tuple[bytes, bytes]]) -> Answer:
        path, _, query = url.partition("?")
        self.scope = scope = {
            "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": method, "scheme": "http",
            "path": path, "raw_path": path.encode(), "query_string": query.encode(), "root_path": "",
            "headers": [*self.headers, *more], "client": ("127.0.0.1", 50000), "server": ("127.0.0.1", 8000),
        }  # fmt: skip
        messages: list[Any] = []
        asked, answered = asyncio.Event(), asyncio.Event()

        async def receive() -> Any:
            if asked.is_set():
                await answered.wait()
                return {"type": "http.disconnect"}
            asked.set()
            return {"type": "http.request", "body": body, "more_body": False}

        async def send(message: Any) -> None:
            messages.append(message)
            if message["type"] == "http.response.body" and not message.get("more_body", False):
                answered.set()

        await self.app(scope, receive, send)
        head = messages[0]
        return Answer(head["status"], dict(head["headers"]), b"".join(m.get("body", b"") for m in messages[1:]))


async def account_of(session: AsyncSession, email: str) -> UUID:
    account: UUID = (await session.execute(_ACCOUNT, {"email": email})).scalar_one()
    return account


async def sign_in(app: App, database: Database, email: str) -> Browser:
    async with database.begin() as session:
        account = await account_of(session, email)
        return Browser(app, await open_session(session, account, device="bench", old=None))


Sent = list[tuple[str, tuple[Any, ...]]]


@contextmanager
def statements(database: Database) -> Any:
    """Everything that the app sends to the database meanwhile: [(statement, parameters)]."""
    sent: Sent = []

    def note(_conn: Any, _cursor: Any, statement: str, parameters: Any, *_rest: Any) -> None:
        sent.append((statement, tuple(parameters or ())))

    event.listen(database.engine.sync_engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(database.engine.sync_engine, "before_cursor_execute", note)
