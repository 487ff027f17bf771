"""The people of the town behind their browsers: one client each, signed in through the session table."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import asyncpg
import httpx

from teams.auth.sessions import open_session
from teams.http.gate import COOKIE
from teams.kit.db import Database
from teams.kit.settings import Settings
from tests.apps import app_for
from tests.decisions.acts import RIGHTS, settle
from tests.mandates.stored import uid
from tests.places import Place
from tests.web.conftest import Client

Desk = Callable[[str], Awaitable[Client]]
SUBSIDY = {
    "bevoegdheid": "SUB-01", "bedrag": 4000, "gevoelig": False, "onderwerp": "Subsidie dansschool",
    "motivering": "Past in de regeling.", "belangVerklaring": True,
}  # fmt: skip


@asynccontextmanager
async def desks(place: Place, db: Database, owner: asyncpg.Connection, **settings: Any) -> AsyncIterator[Desk]:
    """`noor = await desk("noor")`."""
    await settle(owner)
    app = app_for(Settings(database_url=place.url(), municipality="gemeente Zandermeer", **settings), db)
    clients: list[Client] = []

    async def desk(name: str) -> Client:
        account = await owner.fetchval(
            "insert into account (person_id, email) values ($1, $2)"
            " on conflict do nothing returning id", uid(name), f"{name}@zandermeer.example",
        )  # fmt: skip
        for right in RIGHTS.get(name, set()) - {"bestuurder"}:
            await owner.execute('insert into account_right (account_id, "right") values ($1, $2)', account, right)
        transport = httpx.ASGITransport(app, raise_app_exceptions=False)
        client = Client(transport=transport, base_url="http://teams.test")
        async with db.begin() as session:
            client.session_id = await open_session(session, account, device="test", old=None)
        client.headers["cookie"] = f"{COOKIE}={client.session_id}"
        clients.append(client)
        return client

    yield desk
    for client in clients:
        await client.aclose()
