"""Settings that change while this process runs: looked at again every few seconds."""

import asyncio
from collections.abc import Callable
from contextlib import suppress

from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from teams.kit.db import Database
from teams.kit.settings import Settings
from teams.people.settings import chosen, holding

BEAT = 2.0


class Following:
    """`use` gets the settings that hold, at the start and each time that they changed. A database that is away, or of
    before there were such settings, changes nothing."""

    def __init__(self, database: Database, settings: Settings, use: Callable[[Settings], None]) -> None:
        self.database, self.settings, self.use = database, settings, use
        self.held = settings
        self.task: asyncio.Task[None] | None = None

    async def start(self) -> None:
        await self.look()
        self.task = asyncio.create_task(self._run())

    async def stop(self) -> None:
        if self.task is not None:
            self.task.cancel()
            with suppress(asyncio.CancelledError):
                await self.task

    async def look(self) -> None:
        with suppress(DBAPIError, PoolTimeout, OSError):
            async with self.database.read() as session:
                found = holding(self.settings, await chosen(session))
            if found != self.held:
                self.held = found
                self.use(found)

    async def _run(self) -> None:
        while True:
            await asyncio.sleep(BEAT)
            await self.look()
