"""People at work over HTTP, each act with a key; an act is asked again, with its key, until there is a plain answer."""

import asyncio
import itertools
import random
import threading
import time
from collections import Counter
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import httpx

from teams.auth.sessions import form_token
from teams.http.gate import COOKIE
from tests.decisions.desk import SUBSIDY
from tests.faults.town import People

PATIENCE = 120.0
NOT_YET = {502, 503}


class Crowd:
    """Lanes of work in a thread of their own. What was acknowledged stands here, by key."""

    def __init__(
        self, people: People, bases: list[str], *, seed: int, pause: float = 0.02, patience: float = 40
    ) -> None:
        self.people, self.bases, self.pause, self.patience = people, bases, pause, patience
        self.chance = random.Random(seed)
        self.stop = threading.Event()
        self.claimed: dict[str, str] = {}
        self.decided: dict[str, str] = {}
        self.booked: list[str] = []
        self.answers: Counter[int] = Counter()
        self.faults: Counter[str] = Counter()
        self.last: dict[str, float] = {}
        self.longest = 0.0
        self.broken: list[BaseException] = []
        self.thread = threading.Thread(target=self._run)

    def __enter__(self) -> "Crowd":
        self.thread.start()
        return self

    def __exit__(self, *_: Any) -> None:
        self.stop.set()
        self.thread.join()

    def finish(self) -> None:
        """Everyone ends what they began."""
        self.stop.set()
        self.thread.join()
        assert not self.broken, self.broken

    def acts(self) -> int:
        return len(self.claimed) + len(self.decided) + len(self.booked)

    def acted_since(self, moment: float, base: str) -> bool:
        return self.last.get(base, 0.0) > moment

    def _run(self) -> None:
        try:
            asyncio.run(self._work())
        except BaseException as error:
            self.broken.append(error)

    async def _work(self) -> None:
        lanes: list[Any] = []
        for number, token in enumerate(self.people.tokens):
            lanes.append(self._lane(number, {"authorization": f"Bearer {token}"}, self._claim))
        for number, (session, act) in enumerate(
            ((self.people.session, self._decide), (self.people.session, self._decide), (self.people.booker, self._book))
        ):
            headers = {
                "cookie": f"{COOKIE}={session}", "x-csrf-token": form_token(session), "sec-fetch-site": "same-origin",
            }  # fmt: skip
            lanes.append(self._lane(number, headers, act))
        await asyncio.gather(*lanes)

    async def _lane(self, number: int, headers: dict[str, str], act: Callable[..., Any]) -> None:
        base = self.bases[number % len(self.bases)]
        limits = httpx.Limits(max_keepalive_connections=1)
        async with httpx.AsyncClient(base_url=base, headers=headers, timeout=self.patience, limits=limits) as client:
            for count in itertools.count():
                if self.stop.is_set():
                    return
                await act(client, count)
                self.last[base] = time.monotonic()
                await asyncio.sleep(self.pause * self.chance.random())

    async def _until_answered(self, client: httpx.AsyncClient, path: str, **more: Any) -> httpx.Response:
        begin = time.monotonic()
        while time.monotonic() - begin < PATIENCE:
            asked = time.monotonic()
            try:
                answer = await client.post(path, **more)
            except httpx.HTTPError as error:
                self.faults[type(error).__name__] += 1
                await asyncio.sleep(0.25)
                continue
            finally:
                self.longest = max(self.longest, time.monotonic() - asked)
            self.answers[answer.status_code] += 1
            if answer.status_code in NOT_YET:
                assert int(answer.headers["retry-after"]) > 0
                assert "Traceback" not in answer.text
            elif answer.status_code != 409 or "loopt_al" not in answer.text:
                assert answer.status_code < 500, answer.text
                return answer
            await asyncio.sleep(0.05)
        raise AssertionError(f"no answer to {path} within {PATIENCE} s")

    async def _claim(self, client: httpx.AsyncClient, count: int) -> None:
        klus, key = self.chance.choice(self.people.klussen), str(uuid4())
        answer = await self._until_answered(
            client, f"/api/v1/klussen/{klus}/inzet", json={"uren": 1}, headers={"idempotency-key": key}
        )
        if answer.status_code != 201:
            assert answer.status_code == 409, answer.text
            return
        self.claimed[key] = answer.json()["id"]
        if self.chance.random() < 0.9:
            done = await self._until_answered(
                client, f"/api/v1/inzet/{self.claimed[key]}/intrekking",
                headers={"idempotency-key": str(uuid4())},
            )  # fmt: skip
            assert done.status_code == 200, done.text

    async def _decide(self, client: httpx.AsyncClient, count: int) -> None:
        key = str(uuid4())
        answer = await self._until_answered(
            client, "/api/v1/besluiten", json={**SUBSIDY, "zaak": key}, headers={"idempotency-key": key}
        )
        assert answer.status_code == 201, answer.text
        self.decided[key] = answer.json()["nummer"]

    async def _book(self, client: httpx.AsyncClient, count: int) -> None:
        key = str(uuid4())
        day = date.today() - timedelta(days=1 + count // 200)
        data = {"dag": day.strftime("%d-%m-%Y"), "uren": "0,1", "toelichting": key, "sleutel": key}
        answer = await self._until_answered(client, f"/inzet/{self.people.claim}/uren", data=data)
        assert answer.status_code == 303, answer.text
        self.booked.append(key)


def check(crowd: Crowd, ask: Callable[..., Any]) -> None:
    """Everything that was acknowledged is there, once; nothing else is."""
    ids = [str(row[0]) for row in ask("select id from claim where id <> $1", crowd.people.claim)]
    assert sorted(ids) == sorted(crowd.claimed.values())
    entries = ask("select count(*) from journal where verb = any($1)", ["claim.made", "claim.applied", "claim.waiting"])
    assert entries[0][0] == len(ids), "one entry for each claim"
    decided = {row["case_number"]: row["number"] for row in ask("select case_number, number from decision")}
    assert decided == crowd.decided
    serials = sorted(int(number.partition("-")[2]) for number in decided.values())
    assert serials == list(range(1, len(serials) + 1)), "a hole in the numbers"
    booked = [row[0] for row in ask("select note from hours_booking")]
    assert sorted(booked) == sorted(crowd.booked)
    over = ask(
        "select k.id from klus k join claim c on c.klus_id = k.id and c.seat is not null group by k.id, k.places"
        " having count(*) > k.places"
    )
    assert not over
