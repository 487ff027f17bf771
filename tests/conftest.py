"""One embedded PostgreSQL for the whole run; every test gets a fresh database of its own, made from a template."""

import asyncio
import itertools
import tempfile
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path

import asyncpg
import pytest
from hypothesis import HealthCheck, settings

from teams.demo.postgres import Server, embedded
from teams.kit.db import Database
from teams.kit.migrate import migrate, provide_roles
from tests.world import World, build_world

settings.register_profile(
    "teams", deadline=None, derandomize=True, print_blob=True, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("teams")

_numbers = itertools.count(1)


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    with tempfile.TemporaryDirectory(prefix="teams-test-") as folder:
        Path(folder).chmod(0o755)
        with embedded(Path(folder) / "pg", fast=True) as running:
            asyncio.run(provide_roles(running.url("postgres"), "teams"))
            migrate(running.url("teams_owner"))
            yield running


@dataclass(frozen=True)
class Place:
    """The addresses of one test's own database, by role."""

    server: Server
    name: str

    def url(self, role: str = "teams_app") -> str:
        return self.server.url(role, self.name)


@pytest.fixture
async def place(server: Server) -> AsyncIterator[Place]:
    """An empty, migrated database."""
    name = f"test_{next(_numbers)}"
    boss = await asyncpg.connect(server.url("postgres", "postgres"))
    await boss.execute(f'create database "{name}" template teams owner teams_owner')
    try:
        yield Place(server, name)
    finally:
        await boss.execute(f'drop database "{name}" with (force)')
        await boss.close()


@pytest.fixture
async def db(place: Place) -> AsyncIterator[Database]:
    """The app's own door (role teams_app): what the privileges forbid, fails here too."""
    database = Database(place.url(), pool=20)
    yield database
    await database.close()


@pytest.fixture
async def owner(place: Place) -> AsyncIterator[asyncpg.Connection]:
    connection = await asyncpg.connect(place.url("teams_owner"))
    yield connection
    await connection.close()


@pytest.fixture
async def world(owner: asyncpg.Connection) -> World:
    """The one small municipality of all tests."""
    return await build_world(owner)
