"""Someone who goes on working in a database while its schema changes, as the app does it: short acts, again when refused."""

import asyncio
import threading
import time
from typing import Any

import asyncpg

_AGAIN = ("55P03", "40P01", "57014")
_ACT = "insert into journal (verb, facts) values ('test.acted', jsonb_build_object('number', $1::int))"


class AtWork:
    """Acts in a thread of its own, only on what the released schema has. The first act goes on until `release`."""

    def __init__(self, url: str) -> None:
        self.url, self.done, self.again, self.longest = url, 0, 0, 0.0
        self.held, self.release, self.stop = threading.Event(), threading.Event(), threading.Event()
        self.broken: list[BaseException] = []
        self.thread = threading.Thread(target=self._run)

    def __enter__(self) -> "AtWork":
        self.thread.start()
        assert self.held.wait(30)
        return self

    def __exit__(self, *_: Any) -> None:
        self.release.set()
        self.stop.set()
        self.thread.join()
        assert not self.broken, self.broken

    def _run(self) -> None:
        try:
            asyncio.run(self._work())
        except BaseException as error:
            self.broken.append(error)
            self.held.set()

    async def _work(self) -> None:
        connection = await asyncpg.connect(self.url, server_settings={"lock_timeout": "2000"})
        people = [row[0] for row in await connection.fetch("select id from person order by id limit 20")]
        async with connection.transaction():
            await self._touch(connection, people[0])
            self.held.set()
            while not self.release.is_set():
                await asyncio.sleep(0.01)
        self.done += 1
        while not self.stop.is_set():
            begin = time.monotonic()
            await self._act(connection, people[self.done % len(people)])
            self.longest = max(self.longest, time.monotonic() - begin)
            await asyncio.sleep(0.005)
        await connection.close()

    async def _act(self, connection: asyncpg.Connection, person: object) -> None:
        while True:
            try:
                async with connection.transaction():
                    await self._touch(connection, person)
            except asyncpg.PostgresError as error:
                if error.sqlstate not in _AGAIN:
                    raise
                self.again += 1
            else:
                self.done += 1
                return

    async def _touch(self, connection: asyncpg.Connection, person: object) -> None:
        await connection.fetch("select id from klus order by id limit 5")
        await connection.fetch("select id from role_filling limit 5")
        await connection.execute("update person set version = version where id = $1", person)
        await connection.execute(_ACT, self.done)
