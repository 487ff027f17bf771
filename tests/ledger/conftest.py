"""Doors of the ledger's roles."""

from collections.abc import AsyncIterator

import asyncpg
import pytest
from tests.places import Place


@pytest.fixture
async def app(place: Place) -> AsyncIterator[asyncpg.Connection]:
    connection = await asyncpg.connect(place.url())
    yield connection
    await connection.close()


@pytest.fixture
async def worker(place: Place) -> AsyncIterator[asyncpg.Connection]:
    connection = await asyncpg.connect(place.url("teams_worker"))
    yield connection
    await connection.close()
