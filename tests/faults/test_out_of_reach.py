"""The database falls silent or is gone: a clear 503 within a bound, what was typed stays, and on again without a hand."""

import asyncio
import html
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator

import httpx
import pytest

from teams.auth.sessions import form_token, open_session
from teams.http import gate
from teams.http.gate import COOKIE, Gate
from teams.kit import db as kit_db
from teams.kit.db import Database
from teams.kit.settings import Settings
from tests.apps import app_for
from tests.faults.proxy import Proxy, to_socket
from tests.places import Place
from tests.world import World

BOUND = 30.0  # in all; nginx waits 35
Visit = Callable[[str], Awaitable[httpx.AsyncClient]]


@pytest.fixture
def way(place: Place) -> Iterator[Proxy]:
    with Proxy(to_socket(f"{place.server.sockets}/.s.PGSQL.5432")) as proxy:
        yield proxy


@pytest.fixture
async def visit(place: Place, way: Proxy, db: Database, world: World) -> AsyncIterator[Visit]:
    """The app is made at the first visit: a test may change its patience before."""
    clients, apps = list[httpx.AsyncClient](), list[tuple[Gate, Database]]()

    async def visit(name: str) -> httpx.AsyncClient:
        if not apps:
            behind = Database(f"postgresql://teams_app@127.0.0.1:{way.port}/{place.name}", pool=4)
            apps.append((app_for(Settings(database_url=place.url(), pool=4), behind), behind))
        async with db.begin() as session:
            mine = await open_session(session, world.accounts[name], device="test", old=None)
        headers = {"cookie": f"{COOKIE}={mine}", "x-csrf-token": form_token(mine), "sec-fetch-site": "same-origin"}
        transport = httpx.ASGITransport(apps[0][0], raise_app_exceptions=False)
        clients.append(httpx.AsyncClient(transport=transport, base_url="http://teams.test", headers=headers))
        return clients[-1]

    yield visit
    for client in clients:
        await client.aclose()
    for _, behind in apps:
        await behind.close()


async def timed(asked: Awaitable[httpx.Response]) -> tuple[httpx.Response, float]:
    begin = time.monotonic()
    return await asked, time.monotonic() - begin


def is_clear(answer: httpx.Response) -> None:
    assert answer.status_code == 503, answer.text[:300]
    assert int(answer.headers["retry-after"]) > 0
    assert "Teams is even dicht" in answer.text
    assert "Traceback" not in answer.text and "asyncpg" not in answer.text


async def silence(visit: Visit, way: Proxy, bound: float) -> float:
    """Twelve people ask of four connections that say nothing any more; how long the longest waited."""
    aya = await visit("aya")
    before = await asyncio.gather(*(aya.get("/klussen") for _ in range(6)))
    assert {answer.status_code for answer in before} == {200}
    way.hole = True
    typed = {"titel": "Bomen <b>tellen</b>", "omschrijving": "Alle eiken & linden in de wijk"}
    asked = [aya.get("/klussen") for _ in range(8)] + [aya.get("/api/v1/klussen") for _ in range(4)]
    given = await asyncio.gather(*(timed(one) for one in asked), timed(aya.post("/klussen", data=typed)))
    for answer, _ in given:
        is_clear(answer)
    page = given[-1][0].text
    assert html.escape(typed["titel"]) in page and html.escape(typed["omschrijving"]) in page
    assert 'action="/klussen"' in page
    ready, took = await timed(aya.get("/health/ready"))
    assert (ready.status_code, ready.json()) == (503, {"status": "database"}) and took < bound
    assert (await aya.get("/health/live")).status_code == 200
    way.hole = False
    begin = time.monotonic()
    while (await aya.get("/klussen")).status_code != 200:
        assert time.monotonic() - begin < 90, "does not recover by itself"
        await asyncio.sleep(0.1)
    longest = max(took for _, took in given)
    assert longest < bound
    return longest


@pytest.mark.slow
async def test_a_silent_database_is_a_clear_refusal_and_what_was_typed_stays(
    visit: Visit, way: Proxy, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kit_db, "WAIT", 0.5)
    monkeypatch.setattr(gate, "TURN_SECONDS", 1.0)
    engine = kit_db.engine_of
    monkeypatch.setattr(kit_db, "engine_of", lambda url, **more: engine(url, **{**more, "command_timeout": 1.5}))
    await silence(visit, way, 20)


@pytest.mark.long
async def test_nobody_waits_longer_than_the_bound(visit: Visit, way: Proxy) -> None:
    print(f"longest wait {await silence(visit, way, BOUND):.1f} s")


async def test_a_connection_that_died_in_the_pool_costs_nobody_a_page(visit: Visit, way: Proxy) -> None:
    aya = await visit("aya")
    assert {answer.status_code for answer in await asyncio.gather(*(aya.get("/klussen") for _ in range(6)))} == {200}
    way.cut()
    await asyncio.sleep(0.1)
    assert {answer.status_code for answer in await asyncio.gather(*(aya.get("/klussen") for _ in range(6)))} == {200}


async def test_without_a_database_every_page_says_so_at_once(visit: Visit, way: Proxy) -> None:
    aya = await visit("aya")

    async def refuse() -> None:
        raise ConnectionRefusedError

    way.dial = refuse  # type: ignore[assignment]
    way.cut()
    await asyncio.sleep(0.1)
    for path in ("/klussen", "/api/v1/klussen", "/organisatie"):
        answer, took = await timed(aya.get(path))
        is_clear(answer)
        assert took < 20
