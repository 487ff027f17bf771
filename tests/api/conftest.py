"""Other systems: one client with a token for each account."""

from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest

from teams.auth.actions import create_token
from teams.http.gate import Gate
from teams.kit.db import Database
from teams.kit.settings import Settings
from tests.apps import app_for
from tests.conftest import Place
from tests.world import TODAY, World

API = "http://teams.test/api/v1"
Call = Callable[..., Awaitable[httpx.AsyncClient]]


@pytest.fixture
def app(place: Place, db: Database) -> Gate:
    return app_for(Settings(database_url=place.url(), municipality="gemeente Proefdam"), db)


@pytest.fixture
async def call(app: Gate, db: Database, world: World) -> AsyncIterator[Call]:
    """`aya = await call("aya")`; `await call(None)` has no token."""
    clients: list[httpx.AsyncClient] = []

    async def call(name: str | None) -> httpx.AsyncClient:
        headers = {}
        if name is not None:
            async with db.begin() as session:
                token = await create_token(session, f"{name}@proefdam.example", "proef")
            headers["authorization"] = f"Bearer {token}"
        transport = httpx.ASGITransport(app, raise_app_exceptions=False)
        clients.append(httpx.AsyncClient(transport=transport, base_url=API, headers=headers))
        return clients[-1]

    yield call
    for client in clients:
        await client.aclose()


def klus(team: UUID, **fields: Any) -> dict[str, Any]:
    """A klus of six hours a week in the coming weeks, unless `fields` say otherwise."""
    return {
        "titel": "Schouw van speelplekken", "teamId": str(team), "plaatsen": 3, "urenMin": 6,
        "van": str(TODAY + timedelta(days=10)), "tot": str(TODAY + timedelta(days=60)), **fields,
    }  # fmt: skip


async def published(client: httpx.AsyncClient, team: UUID, **fields: Any) -> dict[str, Any]:
    made = await client.post("/klussen", json=klus(team, **fields))
    assert made.status_code == 201, made.text
    done = await client.post(f"/klussen/{made.json()['id']}/publicatie")
    assert done.status_code == 200, done.text
    found: dict[str, Any] = done.json()
    return found


def codes(answer: httpx.Response) -> list[str]:
    assert answer.headers["content-type"] == "application/problem+json", answer.text
    problem = answer.json()
    assert problem["status"] == answer.status_code
    assert problem["title"]
    assert problem["detail"]
    return [reason["code"] for reason in problem["redenen"]]
