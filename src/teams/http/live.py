"""Live pages: one listener in each process tells open streams that what they show has changed; never what changed.

An act sends nothing: NOTIFY makes every commit wait for one lock. What a few people watch together (a meeting) the
listener looks up itself, four times a second and only while someone watches, so that a step is seen within a second
without `teams work`; what many watch (`person:…`) the worker tells by NOTIFY on `CHANNEL`, after the fact.
"""

import asyncio
import contextlib
import logging
import secrets
import signal
import time
from collections.abc import AsyncIterator, Iterable, Mapping
from typing import Any
from uuid import UUID
from weakref import WeakSet

import asyncpg

from teams.kit.db import connect

log = logging.getLogger("teams")

CHANNEL = "teams_live"
BEAT, LOOK, PROVE, UNPROVEN = 15.0, 0.25, 20.0, 60.0
PER_SESSION = 4  # a browser has six connections to one host, and needs some for its pages
_FAULTS = (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, TimeoutError)
_SETTINGS = {"application_name": "teams live", "statement_timeout": "5000", "TimeZone": "UTC"}
_LIVES = """
    select s.id from session s join account a on a.id = s.account_id and a.disabled_at is null
    where s.id = any($1::bytea[]) and s.ends_at > now() and s.seen_at > now() - interval '4 hours'
"""

Topic = tuple[str, UUID]


class Full(Exception):
    """This session has as many streams as it may have."""


class Stream:
    """One open page. It holds no list of what happened, only whether what it shows is still what it was."""

    def __init__(self, session: bytes, topics: tuple[Topic, ...], seen: str | None) -> None:
        self.session, self.topics, self.sent = session, topics, seen
        self.mark: str | None = seen
        self.woken = asyncio.Event()
        self.ended = False
        self.proven = time.monotonic()

    def look(self, marks: Mapping[Topic, str]) -> None:
        known = [marks.get(topic) for topic in self.topics]
        if None in known:
            return
        self.mark = ".".join(mark for mark in known if mark is not None)
        if self.sent is None:
            self.sent = self.mark
        if self.mark != self.sent:
            self.woken.set()

    def end(self) -> None:
        self.ended = True
        self.woken.set()


class Hub:
    """The streams of this process and their one connection, which lives while there are streams.

    `looks`: by kind of topic, SQL from `uuid[]` to rows (id, mark); a mark differs when something happened.
    """

    def __init__(self, url: str, looks: Mapping[str, str]) -> None:
        self.url, self.looks = url, looks
        self.streams: WeakSet[Stream] = WeakSet()
        self.marks: dict[Topic, str] = {}
        self.task: asyncio.Task[None] | None = None
        self.closing = False

    def open(self, session: bytes, topics: Iterable[Topic], seen: str | None) -> Stream:
        """A stream for a session that was just proven; `seen`: the mark of what its page shows. Raises `Full`."""
        if sum(stream.session == session for stream in self.streams) >= PER_SESSION:
            raise Full
        stream = Stream(session, tuple(topics), seen)
        if self.closing:
            stream.end()
        self.streams.add(stream)
        for topic in stream.topics:
            if topic[0] not in self.looks:
                self.marks.setdefault(topic, secrets.token_hex(4))
        stream.look(self.marks)  # from now on nothing is missed; what was told before the listener stood, is read again
        if self.task is None or self.task.done():
            self.task = asyncio.create_task(self._run())
        return stream

    def leave(self, stream: Stream) -> None:
        self.streams.discard(stream)

    def end_all(self) -> None:
        """The server stops: every page is told to come back later."""
        self.closing = True
        for stream in list(self.streams):
            stream.end()

    async def stop(self) -> None:
        self.end_all()
        if self.task is not None:
            self.task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self.task

    def end_at_sigterm(self) -> None:
        """The server waits for open answers before it stops, and a stream never ends by itself."""
        loop, before = asyncio.get_running_loop(), signal.getsignal(signal.SIGTERM)
        if not callable(before):
            return

        def stop(number: int, frame: Any) -> None:
            loop.call_soon_threadsafe(self.end_all)
            before(number, frame)

        with contextlib.suppress(ValueError):  # not the main thread: nobody sends it signals
            signal.signal(signal.SIGTERM, stop)

    async def _run(self) -> None:
        wait = LOOK
        while self.streams:
            try:
                await self._listen()
                wait = LOOK
            except _FAULTS as error:
                log.warning("de live bladzijden missen de database: %s", error or type(error).__name__)
                self._end_unproven()
                await asyncio.sleep(wait)
                wait = min(wait * 2, 5.0)

    async def _listen(self) -> None:
        connection = await connect(self.url, command_timeout=10, server_settings=_SETTINGS)
        try:
            await connection.add_listener(CHANNEL, self._heard)
            self.marks = {}  # what was told while nobody listened is lost: pages that come back read again
            proven = time.monotonic()
            while self.streams:
                await self._look(connection)
                if time.monotonic() - proven > PROVE:
                    proven = time.monotonic()
                    await self._prove(connection)
                await asyncio.sleep(LOOK)
        finally:
            with contextlib.suppress(*_FAULTS):
                await connection.close(timeout=2)

    async def _look(self, connection: Any) -> None:
        watched = {topic for stream in self.streams for topic in stream.topics}
        self.marks = {topic: mark for topic, mark in self.marks.items() if topic in watched}
        for kind in {kind for kind, _ in watched}:
            ids = [id for other, id in watched if other == kind]
            if kind in self.looks:
                for row in await connection.fetch(self.looks[kind], ids):
                    self.marks[kind, row["id"]] = row["mark"]
            else:
                for id in ids:
                    self.marks.setdefault((kind, id), secrets.token_hex(4))
        for stream in list(self.streams):
            stream.look(self.marks)

    def _heard(self, connection: Any, pid: int, channel: str, payload: str) -> None:
        """`kind:id`, several with commas."""
        for part in payload.split(","):
            kind, _, id = part.partition(":")
            with contextlib.suppress(ValueError):
                if (kind, UUID(id)) in self.marks:
                    self.marks[kind, UUID(id)] = secrets.token_hex(4)
        for stream in list(self.streams):
            stream.look(self.marks)

    async def _prove(self, connection: Any) -> None:
        """A session that ended, idled out or was revoked takes its streams along."""
        rows = await connection.fetch(_LIVES, list({stream.session for stream in self.streams}))
        alive = {bytes(row["id"]) for row in rows}
        for stream in list(self.streams):
            if stream.session in alive:
                stream.proven = time.monotonic()
            else:
                stream.end()

    def _end_unproven(self) -> None:
        for stream in list(self.streams):
            if time.monotonic() - stream.proven > UNPROVEN:
                stream.end()


async def events(hub: Hub, stream: Stream) -> AsyncIterator[bytes]:
    """The stream as a browser reads it; the id is the mark, so that whoever comes back says what was last seen."""
    try:
        yield b"retry: 2000\n\n"
        while True:
            try:
                await asyncio.wait_for(stream.woken.wait(), BEAT)
            except TimeoutError:
                yield b": \n\n"
                continue
            stream.woken.clear()
            if stream.ended:
                return  # the browser comes back, and finds the server or its session gone
            stream.sent = stream.mark
            yield f"id: {stream.mark}\nevent: veranderd\ndata: {stream.mark}\n\n".encode()
    finally:
        hub.leave(stream)
