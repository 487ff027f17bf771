"""Counting the statements that an act sends."""

from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from typing import Any

import asyncpg
import pytest
from sqlalchemy import event

from teams.kit.db import Database
from tests.places import Place


@pytest.fixture
def queries(db: Database) -> Any:
    """`with queries() as sent: …; assert len(sent) == 3`."""

    @contextmanager
    def counting() -> Iterator[list[str]]:
        sent: list[str] = []

        def note(conn: Any, cursor: Any, statement: str, *rest: Any) -> None:
            sent.append(statement)

        event.listen(db.engine.sync_engine, "before_cursor_execute", note)
        try:
            yield sent
        finally:
            event.remove(db.engine.sync_engine, "before_cursor_execute", note)

    return counting


@pytest.fixture
async def boss(place: Place) -> AsyncIterator[asyncpg.Connection]:
    """A database superuser whose changes no trigger stops."""
    connection = await asyncpg.connect(place.url("postgres"))
    await connection.execute("set session_replication_role = replica")
    yield connection
    await connection.close()
