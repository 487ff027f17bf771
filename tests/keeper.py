"""Connections that stay open between tests: PostgreSQL need not read its catalogue anew for every sweep and every world."""

import asyncio
import threading
from collections.abc import Awaitable, Callable
from typing import TypeVar

import asyncpg

T = TypeVar("T")
NAME = "teams-test-keeper"


class Keeper:
    """One thread with a loop of its own, as a test's loop ends with the test; a connection for each address asked for."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._open: dict[str, asyncpg.Connection] = {}
        threading.Thread(target=self._loop.run_forever, name=NAME, daemon=True).start()

    async def ask(self, address: str, task: Callable[[asyncpg.Connection], Awaitable[T]]) -> T:
        """What `task` returns when it is given the kept connection; one task at a time."""

        async def work() -> T:
            connection = self._open.get(address)
            if connection is None or connection.is_closed():
                settings = {"TimeZone": "Europe/Amsterdam", "application_name": NAME}
                connection = self._open[address] = await asyncpg.connect(address, server_settings=settings)
            return await task(connection)

        return await asyncio.wrap_future(asyncio.run_coroutine_threadsafe(work(), self._loop))

    def stop(self) -> None:
        async def close() -> None:
            for connection in (found for found in self._open.values() if not found.is_closed()):
                await connection.close()
            self._open.clear()

        asyncio.run_coroutine_threadsafe(close(), self._loop).result()
        self._loop.call_soon_threadsafe(self._loop.stop)
