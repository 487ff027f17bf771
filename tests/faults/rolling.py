"""Web processes behind a small balancer that never sends a request twice: whatever goes wrong, counts."""

import asyncio
import itertools
import os
import signal
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import httpx

from tests.places import Place
from tests.test_serving import free_port

FRESH, PROBE = 0.2, 2.0  # together shorter than a process drains
PATIENCE = 120.0


class Node:
    """One web process; a new one after it gets a place of its own. `source`: a checkout of another version."""

    def __init__(self, place: Place, drain: float, source: Path | None = None) -> None:
        self.place, self.drain, self.source = place, drain, source
        self.process: asyncio.subprocess.Process
        self.client: httpx.AsyncClient
        self.good, self.asked, self.served = False, 0.0, 0

    async def start(self) -> None:
        port = free_port()
        env = {name: value for name, value in os.environ.items() if not name.startswith("TEAMS_")}
        self.process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "teams", "serve", "--port", str(port),
            env=env | {"TEAMS_DATABASE_URL": self.place.url(), "TEAMS_DRAIN_SECONDS": str(self.drain)}
            | ({"PYTHONPATH": str(self.source / "src")} if self.source else {}),
        )  # fmt: skip
        client = httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=60)
        begin = time.monotonic()
        while not await says_ready(client):
            assert self.process.returncode is None and time.monotonic() - begin < PATIENCE, "does not start"
            await asyncio.sleep(0.1)
        self.client, self.good, self.asked, self.served = client, True, time.monotonic(), 0

    async def stop(self) -> int:
        """As an upgrade does it: asked, not killed."""
        self.process.send_signal(signal.SIGTERM)
        code = await asyncio.wait_for(self.process.wait(), PATIENCE)
        self.good = False
        await self.client.aclose()
        return code

    async def ready(self) -> bool:
        """As it said at most `FRESH` seconds ago."""
        if time.monotonic() - self.asked > FRESH:
            self.asked = time.monotonic()
            self.good = await says_ready(self.client)
        return self.good


async def says_ready(client: httpx.AsyncClient) -> bool:
    try:
        return (await client.get("/health/ready", timeout=PROBE)).status_code == 200
    except (httpx.HTTPError, RuntimeError):
        return False


class Load:
    """Lanes of requests; each request once, to the next node that is ready. `failed` has what was not answered well."""

    def __init__(self, nodes: list[Node], headers: dict[str, str], team: UUID, *, lanes: int, pause: float) -> None:
        self.nodes, self.headers, self.team, self.pause = nodes, headers, team, pause
        self.turn = itertools.cycle(range(len(nodes)))
        self.answers: Counter[int] = Counter()
        self.failed: list[str] = []
        self.posted: list[str] = []
        self.stop = asyncio.Event()
        self.lanes = [asyncio.create_task(self._lane(number)) for number in range(lanes)]

    def done(self) -> int:
        return sum(self.answers.values())

    async def until(self, number: int) -> None:
        begin = time.monotonic()
        while self.done() < number and not self.failed and not any(lane.done() for lane in self.lanes):
            assert time.monotonic() - begin < PATIENCE * 10
            await asyncio.sleep(0.05)

    async def end(self) -> None:
        self.stop.set()
        await asyncio.gather(*self.lanes)

    async def _lane(self, number: int) -> None:
        for count in itertools.count(number):
            if self.stop.is_set():
                return
            node = await self._next()
            node.served += 1
            try:
                answer = await self._ask(node.client, count)
            except httpx.HTTPError as error:
                self.failed.append(repr(error))
                continue
            self.answers[answer.status_code] += 1
            if answer.status_code >= 400:
                self.failed.append(f"{answer.status_code} {answer.request.url.path} {answer.text[:300]}")
            await asyncio.sleep(self.pause)

    async def _next(self) -> Node:
        begin = time.monotonic()
        while time.monotonic() - begin < PATIENCE:
            for _ in self.nodes:
                node = self.nodes[next(self.turn)]
                if await node.ready():
                    return node
            await asyncio.sleep(0.02)
        raise AssertionError("nobody is ready")

    async def _ask(self, client: httpx.AsyncClient, count: int) -> httpx.Response:
        if count % 5:
            path = ("/klussen", "/api/v1/klussen", "/organisatie", "/api/v1/teams")[count % 4]
            return await client.get(path, headers=self.headers)
        title = f"Bomen tellen {uuid4()}"
        klus = {
            "titel": title, "omschrijving": "In de wijk", "soort": "klus", "teamId": str(self.team), "plaatsen": 1,
            "urenMin": 1, "urenMax": 2, "van": "2030-01-07", "tot": "2030-02-07", "wijze": "claim", "vaardigheden": [],
        }  # fmt: skip
        key: dict[str, Any] = {"idempotency-key": str(uuid4())}
        answer = await client.post("/api/v1/klussen", json=klus, headers=self.headers | key)
        if answer.status_code == 201:
            self.posted.append(title)
        return answer
