"""May I decide this? Queries and CPU per question through the API, the engine alone, and cost against the size of the register."""

import json
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from statistics import median

import asyncpg

from teams.auth.actions import create_token
from teams.demo.bench.mandates_town import ASKER, LOWEST, PEOPLE, POWERS, ends, register
from teams.demo.bench.measure import Measure, Work, interleaved, middle_cpu, middle_wall
from teams.demo.bench.pages import BuildApp
from teams.demo.bench.visitor import Answer, App, Browser, statements
from teams.demo.postgres import Server
from teams.kit.db import Database, plain_url
from teams.kit.settings import Settings
from teams.mandates.engine import answer
from teams.mandates.facts import Facts
from teams.mandates.queries.facts import facts_for
from teams.mandates.question import Question
from teams.mandates.rules.base import Verdict

GRANTS = 5_000
QUESTIONS = 50
_CONFIRMED = frozenset({"niet_afwijken_van:beleid"})
YES, NO = LOWEST * 4 // 5, LOWEST * 3 // 2
"""Cents: under the ceiling of the lowest grant, and above it but under its parent's."""
_ENGINE_LEAST, _GROWTH_MOST = 3000, 1.5


class Caller(Browser):
    """Another system: a token instead of a cookie."""

    def __init__(self, app: App, token: str) -> None:
        super().__init__(app, "")
        self.headers = [(b"host", b"teams.test"), (b"authorization", f"Bearer {token}".encode())]

    async def ask(self, body: bytes) -> Answer:
        kind = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
        return await self._send("POST", "/api/v1/bevoegdheidsvragen", body, kind)


@dataclass(frozen=True)
class Register:
    """One database with questions about people at the end of its deepest chains."""

    grants: int
    database: Database
    yes: list[Question]
    no: list[Question]

    @classmethod
    async def open(cls, server: Server, name: str) -> "Register":
        address = server.url("teams_app", name)
        connection = await asyncpg.connect(plain_url(address))
        found = (await ends(connection, QUESTIONS) * QUESTIONS)[:QUESTIONS]
        grants = await connection.fetchval("select count(*) from power_grant")
        await connection.close()
        at = datetime.now(UTC)
        yes, no = (
            [Question(power, at, at, person, role, cents, interest=False, confirmed=_CONFIRMED) for power, person, role in found]
            for cents in (YES, NO)
        )  # fmt: skip
        return cls(grants, Database(address, pool=2), yes, no)

    async def facts(self, questions: Sequence[Question]) -> list[Facts]:
        async with self.database.read() as session:
            return [await facts_for(session, q) for q in questions]

    async def answered(self) -> None:
        """Every question once: the facts from the database and the engine's answer."""
        async with self.database.read() as session:
            for one, other in zip(self.yes, self.no, strict=True):
                for q in (one, other):
                    answer(await facts_for(session, q), q)


async def mandates(server: Server, build: BuildApp, *, rounds: int, part: int = 1) -> list[Measure]:
    """All of it; `part` 20 is a twentieth of the size."""
    grants, powers, people = GRANTS // part, POWERS // part, PEOPLE // part
    tenth, whole, dense = [
        await register(server, n, powers=p, people=people)
        for n, p in ((grants // 10, powers), (grants, powers), (grants, powers // 10))
    ]
    found = await questions(server, whole, build, rounds=rounds)
    found += await engine(server, whole, rounds=rounds)
    return found + await sizes(server, tenth, whole, dense, rounds=rounds)


async def questions(server: Server, name: str, build: BuildApp, *, rounds: int) -> list[Measure]:
    """Through the whole application by ASGI, each round every question."""
    town = await Register.open(server, name)
    try:
        async with town.database.begin() as session:
            token = await create_token(session, ASKER, "bench")
        caller = Caller(build(Settings(database_url=server.url("teams_app", name)), town.database), token)
        bodies = {"ja": [_body(q) for q in town.yes], "nee": [_body(q) for q in town.no]}
        sent, depth = 0, 0
        for word, asked in bodies.items():
            for body in asked:
                with statements(town.database) as seen:
                    given = await caller.ask(body)
                told = json.loads(given.text)
                assert given.status == 200 and told["oordeel"] in (word, "samen_met"), (word, given.status, told)
                sent, depth = max(sent, len(seen)), max(depth, *(len(chain) - 2 for chain in told["ketens"]))
        costs = await interleaved(
            {word: partial(_ask, caller, asked) for word, asked in bodies.items()}, QUESTIONS, rounds
        )
        note = f"{town.grants} mandaten, ketens tot {depth} diep, {len(town.yes)} vragen"
        return [
            Measure("mandaten", "vragen aan de database per vraag", sent, "", most=3, note=note),
            *(
                Measure("mandaten", f"door de API: rekentijd, {word}", middle_cpu(costs[word]), "ms", most=8,
                        note=f"proces-CPU; heel verzoek door ASGI, token erbij; {middle_wall(costs[word]):.1f} ms op de klok")
                for word in costs
            ),
        ]  # fmt: skip
    finally:
        await town.database.close()


async def engine(server: Server, name: str, *, rounds: int) -> list[Measure]:
    """Only the pure function, on the facts that the database gave: questions a second of CPU."""
    town = await Register.open(server, name)
    try:
        found = []
        for word, asked in (("ja", town.yes), ("nee", town.no)):
            facts = await town.facts(asked)
            grants = median(len(one.grants) for one in facts)
            assert all(
                (answer(f, q).verdict is Verdict.NO) == (word == "nee") for f, q in zip(facts, asked, strict=True)
            )
            rates = [_rate(facts, asked) for _ in range(rounds)]
            found.append(
                Measure("mandaten", f"beoordelaar alleen, {word}", median(rates), "per s", least=_ENGINE_LEAST,
                        note=f"één kern, proces-CPU; {grants:.0f} mandaten per vraag")
            )  # fmt: skip
        return found
    finally:
        await town.database.close()


async def sizes(server: Server, tenth: str, whole: str, dense: str, *, rounds: int) -> list[Measure]:
    """Facts and answer on the clock. Ten times the grants over the same powers is gated; ten times as many to a power
    in a register of one size is told: an answer weighs every grant of its power."""
    named = {"een tiende": tenth, "heel": whole, "heel, tien keer zo veel per bevoegdheid": dense}
    registers = {what: await Register.open(server, name) for what, name in named.items()}
    try:
        works: dict[str, Work] = {what: one.answered for what, one in registers.items()}
        costs = await interleaved(works, 2 * QUESTIONS, rounds)
        found = [
            Measure("mandaten", f"kosten van een vraag, {what}", middle_wall(costs[what]), "ms",
                    note=f"{one.grants} mandaten; feiten en antwoord op de klok, {middle_cpu(costs[what]):.2f} ms proces-CPU")
            for what, one in registers.items()
        ]  # fmt: skip
        steps = (
            ("mandaten × 10", "een tiende", "heel", _GROWTH_MOST),
            ("per bevoegdheid × 10", "heel", [*named][-1], None),
        )
        for what, few, many, gate in steps:
            times = median(b.wall / a.wall for a, b in zip(costs[few], costs[many], strict=True))
            found.append(Measure("mandaten", f"kosten: {what}", times, "×", most=gate))
        return found
    finally:
        for one in registers.values():
            await one.database.close()


def _rate(facts: list[Facts], asked: list[Question]) -> float:
    started = time.process_time()
    for _ in range(5):
        for one, q in zip(facts, asked, strict=True):
            answer(one, q)
    return 5 * len(asked) / (time.process_time() - started)


async def _ask(caller: Caller, bodies: list[bytes]) -> None:
    for body in bodies:
        await caller.ask(body)


def _body(q: Question) -> bytes:
    fields = {
        "bevoegdheid": q.power, "bedrag": (q.cents or 0) // 100, "persoonId": q.person, "rolId": q.role, "belang": False,
        "bevestigd": sorted(q.confirmed),
    }  # fmt: skip
    return json.dumps(fields).encode()
