"""Counting the statements that an act sends."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import event

from teams.kit.db import Database


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
