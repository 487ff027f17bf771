"""One embedded PostgreSQL for the whole run; every test gets a clean database of its own."""

import asyncio
import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import asyncpg
import pytest
from hypothesis import HealthCheck, settings

from teams.demo.postgres import Server, embedded
from teams.kit.db import Database
from teams.kit.migrate import migrate, provide_roles
from tests import browsing
from tests.places import Place, give_back, keeper, take, watch
from tests.world import World, build_world

# What bin/test --fast leaves out, so that it stays within 90 seconds: try your own room as well, `pytest tests/ROOM`.
AROUND = (
    "account", "auth", "bench", "demo", "exchange", "faults", "governance", "jobs", "ledger", "notices", "reports",
)  # fmt: skip

settings.register_profile(
    "teams", deadline=None, derandomize=True, print_blob=True, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("teams")


def pytest_configure(config: pytest.Config) -> None:
    config.pluginmanager.register(browsing)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Marks pages and long rooms; those that share one costly thing run on one worker (the journeys on two)."""
    for item in items:
        room = item.path.relative_to(Path(__file__).parent).parts[0]
        if room in ("web", "api"):
            item.add_marker("page")
        if room in AROUND:
            item.add_marker("around")
        if room in ("journeys", "bench"):
            apart = item.path.name in ("test_pages.py", "test_every_page.py")  # the long half of the journeys
            item.add_marker(pytest.mark.xdist_group("pages" if apart else room))
    items.sort(key=lambda item: item.get_closest_marker("xdist_group") is None)  # what takes longest begins first


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    with tempfile.TemporaryDirectory(prefix="teams-test-") as folder:
        Path(folder).chmod(0o755)
        with embedded(Path(folder) / "pg", fast=True) as running:
            asyncio.run(provide_roles(running.url("postgres"), "teams"))
            migrate(running.url("teams_owner"))
            asyncio.run(watch(running))
            yield running
            keeper.stop()


@pytest.fixture
async def place(server: Server) -> AsyncIterator[Place]:
    """An empty, migrated database."""
    mine = await take(server)
    yield mine
    await give_back(mine)


@pytest.fixture
async def db(place: Place) -> AsyncIterator[Database]:
    """The app's own door (role teams_app): what the privileges forbid, fails here too."""
    database = Database(place.url(), pool=20)
    yield database
    await database.close()


@pytest.fixture
async def owner(place: Place) -> AsyncIterator[asyncpg.Connection]:
    connection = await asyncpg.connect(place.url("teams_owner"), server_settings={"TimeZone": "Europe/Amsterdam"})
    yield connection
    await connection.close()


@pytest.fixture
async def boss(place: Place) -> AsyncIterator[asyncpg.Connection]:
    """A database superuser whose changes no trigger stops: whom the log must catch."""
    connection = await asyncpg.connect(place.url("postgres"))
    await connection.execute("set session_replication_role = replica")
    yield connection
    await connection.close()


@pytest.fixture
async def world(place: Place) -> World:
    """The one small municipality of all tests."""
    return await keeper.ask(place.url("teams_owner"), build_world)
