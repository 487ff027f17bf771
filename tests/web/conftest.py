"""Browsers without a screen: one client for each person, signed in through the session table."""

from collections.abc import AsyncIterator, Callable
from typing import Any

import httpx
import pytest

from teams.auth.sessions import form_token, open_session
from teams.http.gate import COOKIE, Gate
from teams.kit.db import Database
from teams.kit.settings import Settings
from tests.apps import app_for
from tests.conftest import Place
from tests.world import World


class Client(httpx.AsyncClient):
    """An httpx client with its own session; `send` posts a form with the session's token, as a page would."""

    session_id: str = ""

    async def send_form(self, url: str, data: dict[str, Any] | None = None, **headers: str) -> httpx.Response:
        fields = {"csrf": form_token(self.session_id), **(data or {})}
        return await self.post(url, data=fields, headers={"sec-fetch-site": "same-origin", **headers})

    async def json(self, method: str, url: str, body: Any = None, **headers: str) -> httpx.Response:
        token = {"x-csrf-token": form_token(self.session_id), "sec-fetch-site": "same-origin"}
        return await self.request(method, url, json=body, headers={**token, **headers})


@pytest.fixture
def app(place: Place, db: Database) -> Gate:
    return app_for(Settings(database_url=place.url(), municipality="gemeente Proefdam"), db)


@pytest.fixture
async def visit(app: Gate, db: Database, world: World) -> AsyncIterator[Callable[..., Any]]:
    """`client = await visit("aya")`; `await visit(None)` has no account."""
    clients: list[Client] = []

    async def visit(name: str | None) -> Client:
        client = Client(transport=httpx.ASGITransport(app, raise_app_exceptions=False), base_url="http://teams.test")
        clients.append(client)
        if name is not None:
            async with db.begin() as session:
                client.session_id = await open_session(session, world.accounts[name], device="test", old=None)
            client.headers["cookie"] = f"{COOKIE}={client.session_id}"
        return client

    yield visit
    for client in clients:
        await client.aclose()


@pytest.fixture
def queries(db: Database) -> Any:
    """Counts the statements that the app sends: `with queries() as sent: …; assert len(sent) <= 4`."""
    from contextlib import contextmanager

    from sqlalchemy import event

    @contextmanager
    def counting() -> Any:
        sent: list[str] = []

        def note(conn: Any, cursor: Any, statement: str, *rest: Any) -> None:
            sent.append(statement)

        event.listen(db.engine.sync_engine, "before_cursor_execute", note)
        try:
            yield sent
        finally:
            event.remove(db.engine.sync_engine, "before_cursor_execute", note)

    return counting
