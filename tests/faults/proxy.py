"""A way in between, over TCP: it forwards, and at a word it swallows everything and says nothing more (a black hole)."""

import asyncio
import threading
from collections.abc import Awaitable, Callable
from typing import Any

Dial = Callable[[], Awaitable[tuple[asyncio.StreamReader, asyncio.StreamWriter]]]


def to_socket(path: str) -> Dial:
    return lambda: asyncio.open_unix_connection(path)


def to_port(port: int) -> Dial:
    return lambda: asyncio.open_connection("127.0.0.1", port)


class Proxy:
    """Runs in a thread of its own. `hole`: accepts and reads, answers nothing, closes nothing. `dial` may be changed."""

    def __init__(self, dial: Dial) -> None:
        self.dial, self.hole, self.port = dial, False, 0
        self.ways: set[asyncio.StreamWriter] = set()
        self.open = 0
        self.loop: asyncio.AbstractEventLoop
        self.over: asyncio.Event
        self.up = threading.Event()
        self.thread = threading.Thread(target=lambda: asyncio.run(self._serve()), daemon=True)

    def __enter__(self) -> "Proxy":
        self.thread.start()
        assert self.up.wait(10)
        return self

    def __exit__(self, *_: Any) -> None:
        self.loop.call_soon_threadsafe(self.over.set)
        self.thread.join()

    def cut(self) -> None:
        """Whoever is connected hears it."""
        self.loop.call_soon_threadsafe(lambda: [way.close() for way in list(self.ways)])

    async def _serve(self) -> None:
        self.loop, self.over = asyncio.get_running_loop(), asyncio.Event()
        server = await asyncio.start_server(self._meet, "127.0.0.1", 0)
        self.port = server.sockets[0].getsockname()[1]
        self.up.set()
        await self.over.wait()
        server.close()
        for way in list(self.ways):
            way.close()

    async def _meet(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.ways.add(writer)
        self.open += 1
        there: asyncio.StreamWriter | None = None
        try:
            while self.hole:
                if not await reader.read(65536):
                    return
            back, there = await self.dial()
            self.ways.add(there)
            one = asyncio.create_task(self._pass(reader, there))
            other = asyncio.create_task(self._pass(back, writer))
            await asyncio.wait({one, other}, return_when=asyncio.FIRST_COMPLETED)
            for task in (one, other):
                task.cancel()
            await asyncio.gather(one, other, return_exceptions=True)
        except (OSError, asyncio.CancelledError):
            pass
        finally:
            self.open -= 1
            for way in (writer, there):
                if way is not None:
                    self.ways.discard(way)
                    way.close()

    async def _pass(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while data := await reader.read(65536):
            if not self.hole:
                writer.write(data)
                await writer.drain()
