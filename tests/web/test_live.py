"""The live channel: a step is told within a second, none is lost, a stream takes no turn, and it dies with its session."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import pytest

from teams.auth.sessions import digest
from teams.governance.meeting_seen import MARKS, mark_of
from teams.http import live as module
from teams.http.gate import COOKIE, Gate
from teams.http.live import CHANNEL, PER_SESSION, Full, Hub, events
from teams.kit.db import Database
from tests.conftest import Place
from tests.governance.acts import bigger
from tests.governance.meeting_acts import item, on, step
from tests.world import World


class Browser:
    """An event stream as a browser reads it, over ASGI."""

    def __init__(self, app: Gate, path: str, session: str, **headers: str) -> None:
        address, _, query = path.partition("?")
        self.scope = {
            "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "GET", "path": address, "scheme": "http",
            "raw_path": address.encode(), "query_string": query.encode(), "root_path": "", "client": ("127.0.0.1", 1),
            "headers": [(b"host", b"teams.test"), (b"cookie", f"{COOKIE}={session}".encode()), (b"accept-encoding", b"gzip"),
                        *((name.replace("_", "-").encode(), value.encode()) for name, value in headers.items())],
        }  # fmt: skip
        self.sent: asyncio.Queue[Any] = asyncio.Queue()
        self.gone = asyncio.Event()
        self.head: dict[bytes, bytes] = {}
        self.status = 0
        self.task = asyncio.create_task(app(self.scope, self._receive, self.sent.put))

    async def _receive(self) -> Any:
        await self.gone.wait()
        return {"type": "http.disconnect"}

    async def read(self, seconds: float = 3.0) -> str:
        """The next piece; '' at the end."""
        while True:
            message = await asyncio.wait_for(self.sent.get(), seconds)
            if message["type"] == "http.response.start":
                self.status, self.head = message["status"], dict(message["headers"])
            elif message["body"] or not message.get("more_body"):
                if not message.get("more_body"):
                    self.gone.set()  # as a server tells after the last piece
                return str(message["body"].decode())

    async def event(self, seconds: float = 3.0) -> str:
        """The mark of the next event."""
        while True:
            piece = await self.read(seconds)
            if piece.startswith("id: "):
                return piece.split("id: ")[1].split("\n")[0]
            assert piece, "the stream ended"

    async def leave(self) -> None:
        self.gone.set()
        with contextlib.suppress(asyncio.CancelledError):
            await asyncio.wait_for(self.task, 5)


@pytest.fixture
async def meeting(db: Database, world: World, owner: asyncpg.Connection, place: Place) -> UUID:
    await bigger(world, owner)
    return await on(db, world, place)


@pytest.fixture
async def browse(app: Gate, visit: Callable[..., Any], meeting: UUID) -> AsyncIterator[Callable[..., Any]]:
    opened: list[Browser] = []

    async def browse(who: str, query: str = "", session: str = "", **headers: str) -> Browser:
        session = session or (await visit(who)).session_id
        opened.append(Browser(app, f"/live?volg=overleg:{meeting}{query}", session, **headers))
        return opened[-1]

    yield browse
    for one in opened:
        await one.leave()
    await app.app.state.live.stop()


async def test_a_step_is_told_within_a_second(
    browse: Callable[..., Any], db: Database, world: World, meeting: UUID
) -> None:
    first, second = await browse("aya"), await browse("bram")
    for one in (first, second):
        assert await one.read() == "retry: 2000\n\n"
        assert (one.status, one.head[b"content-type"].split(b";")[0]) == (200, b"text/event-stream")
        assert b"content-encoding" not in one.head and one.head[b"cache-control"] == b"no-store"
    await asyncio.sleep(0.6)
    await step(db, world, meeting)
    marks = {await one.event(1.0) for one in (first, second)}
    async with db.read() as session:
        assert marks == {await mark_of(session, meeting)}
    await item(db, world, meeting)
    assert await second.event(1.0) not in marks


async def test_nothing_is_lost_between_page_and_stream_or_while_away(
    browse: Callable[..., Any], db: Database, world: World, meeting: UUID
) -> None:
    async with db.read() as session:
        seen = await mark_of(session, meeting)
    await step(db, world, meeting)
    late = await browse("aya", f"&sinds={seen}")
    fresh = await late.event(1.0)
    await late.leave()
    await item(db, world, meeting)
    back = await browse("aya", f"&sinds={seen}", last_event_id=fresh)
    assert await back.event(1.0) != fresh
    async with db.read() as session:
        same = await browse("aya", f"&sinds={await mark_of(session, meeting)}")
    assert await same.read() == "retry: 2000\n\n"
    with pytest.raises(TimeoutError):
        await same.read(0.8)


async def test_streams_take_no_turn_of_the_gate_and_no_connection(
    browse: Callable[..., Any], visit: Callable[..., Any], app: Gate
) -> None:
    app.turns = asyncio.Semaphore(1)
    streams = [await browse(who) for who in ("aya", "bram", "cato")]
    for one in streams:
        await one.read()
    client = await visit("sef")
    assert (await asyncio.wait_for(client.get("/overleggen"), 5)).status_code == 200
    assert not any(one.task.done() for one in streams)


async def test_at_most_so_many_for_a_session(browse: Callable[..., Any], visit: Callable[..., Any]) -> None:
    mine, other = (await visit("aya")).session_id, (await visit("aya")).session_id
    streams = [await browse("aya", session=mine) for _ in range(PER_SESSION)]
    for one in streams:
        await one.read()
    extra = await browse("aya", session=mine)
    await extra.read()
    assert (extra.status, b"retry-after" in extra.head) == (429, True)
    elsewhere = await browse("aya", session=other)
    await elsewhere.read()
    assert elsewhere.status == 200
    await streams[0].leave()
    again = await browse("aya", session=mine)
    await again.read()
    assert again.status == 200


async def test_a_stream_dies_with_its_session(
    browse: Callable[..., Any], visit: Callable[..., Any], owner: asyncpg.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "PROVE", 0.2)
    session = (await visit("aya")).session_id
    ends, stays = await browse("aya", session=session), await browse("bram")
    for one in (ends, stays):
        await one.read()
    await owner.execute("delete from session where id = $1", digest(session))
    assert await ends.read() == ""
    await asyncio.wait_for(ends.task, 3)
    assert not stays.task.done()
    after = await browse("aya", session=session)
    await after.read()
    assert after.status == 303


async def test_a_stream_that_cannot_be_proven_ends(
    browse: Callable[..., Any], app: Gate, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "UNPROVEN", 0.0)
    app.app.state.live.url = "postgresql://teams_app@/none?host=/nowhere"
    one = await browse("aya")
    await one.read()
    assert await one.read() == ""


async def test_a_stream_beats_and_ends_when_the_server_stops(
    browse: Callable[..., Any], app: Gate, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "BEAT", 0.2)
    one = await browse("aya")
    assert [await one.read(), await one.read(), await one.read()] == ["retry: 2000\n\n", ": \n\n", ": \n\n"]
    app.app.state.live.end_all()
    while await one.read():
        pass
    await asyncio.wait_for(one.task, 3)
    late = await browse("aya")
    await late.read()
    assert await late.read() == ""


async def test_what_the_worker_tells_reaches_only_whom_it_is_about(
    place: Place, db: Database, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "LOOK", 20.0)
    hub = Hub(place.url(), {"overleg": MARKS})
    mine, other = ("person", world.people["aya"]), ("person", world.people["bram"])
    aya, bram = hub.open(b"a", (mine,), None), hub.open(b"b", (other,), None)
    hers, his = events(hub, aya), events(hub, bram)
    for stream in (hers, his):
        assert await anext(stream) == b"retry: 2000\n\n"
        assert b"event: veranderd" in await asyncio.wait_for(anext(stream), 5), "the listener stands: read once more"
    teller = await asyncpg.connect(place.url("teams_worker"))
    await teller.execute("select pg_notify($1, $2)", CHANNEL, f"person:{world.people['aya']},nonsense,klus:1")
    assert b"event: veranderd" in await asyncio.wait_for(anext(hers), 5)
    assert not bram.woken.is_set()

    late = hub.open(b"c", (mine,), None)
    await teller.execute("select pg_notify($1, $2)", CHANNEL, f"person:{world.people['aya']}")
    await teller.close()
    await asyncio.wait_for(late.woken.wait(), 5)  # told between the opening of a stream and the next look
    for stream in (hers, his):
        await stream.aclose()
    await hub.stop()


async def test_the_listener_comes_back_after_the_database_and_misses_nothing(
    browse: Callable[..., Any], db: Database, world: World, meeting: UUID, place: Place
) -> None:
    one = await browse("aya")
    await one.read()
    await asyncio.sleep(0.6)
    boss = await asyncpg.connect(place.url("postgres"))
    gone = await boss.fetchval(
        "select count(pg_terminate_backend(pid)) from pg_stat_activity where application_name = 'teams live' and datname = current_database()"
    )
    await boss.close()
    assert gone == 1
    await step(db, world, meeting)
    assert await one.event(3.0)


async def test_one_listener_for_many_streams_and_none_without(
    browse: Callable[..., Any], app: Gate, owner: asyncpg.Connection
) -> None:
    counting = (
        "select count(*) from pg_stat_activity where application_name = 'teams live' and datname = current_database()"
    )
    streams = [await browse(who) for who in ("aya", "bram", "cato", "sef")]
    for one in streams:
        await one.read()
    await asyncio.sleep(0.4)
    assert await owner.fetchval(counting) == 1
    for one in streams:
        await one.leave()
    await asyncio.wait_for(app.app.state.live.task, 3)
    assert await owner.fetchval(counting) == 0


@pytest.mark.parametrize("query", [
    "", "volg=", "volg=overleg:7", "volg=klus:{id}", "volg=voorstel:{id}", "volg=person:{id}", "anders=1",
    "volg=overleg:{id}&sinds=%27%3B--", "volg=overleg:{id}&sinds=" + "a" * 300, "&".join(["volg=overleg:{id}"] * 5),
])  # fmt: skip
async def test_a_wrong_address_is_refused(visit: Callable[..., Any], query: str) -> None:
    answer = await (await visit("aya")).get("/live?" + query.format(id=uuid4()))
    assert answer.status_code == 400


async def test_only_who_works_here_and_nothing_for_head(visit: Callable[..., Any], meeting: UUID) -> None:
    url = f"/live?volg=overleg:{meeting}"
    assert (await (await visit(None)).get(url)).status_code == 303
    assert (await (await visit("gea")).get(url)).status_code == 403
    answer = await (await visit("aya")).head(url)
    assert (answer.status_code, answer.content) == (200, b"")
    assert (await (await visit("aya")).get(url, headers={"last-event-id": "\\x00'"})).status_code == 400


async def test_a_full_hub_says_so() -> None:
    hub = Hub("postgresql://nowhere", {})
    kept = [hub.open(b"s", (("person", uuid4()),), None) for _ in range(PER_SESSION)]
    with pytest.raises(Full):
        hub.open(b"s", (("person", uuid4()),), None)
    del kept
    await hub.stop()
