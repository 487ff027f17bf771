"""A long answer of the database in parts, so that memory does not grow with it."""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any

from sqlalchemy import Row, TextClause
from sqlalchemy.ext.asyncio import AsyncSession

SIZE = 2000


@asynccontextmanager
async def parts_of(
    session: AsyncSession, statement: TextClause, values: Mapping[str, Any], size: int = SIZE
) -> AsyncIterator[AsyncIterator[Sequence[Row[Any]]]]:
    """The rows of one question, `size` at a time. `session` reads without a transaction; a cursor needs one while it is open."""
    driver = (await (await session.connection()).get_raw_connection()).driver_connection
    assert driver is not None
    async with driver.transaction(readonly=True):
        result = await session.stream(statement, values)
        try:
            yield result.partitions(size)
        finally:
            await result.close()
