"""Deciding: queries and CPU through the API, and the act beside its own SQL under pgbench."""

import asyncio
import json
import re
import subprocess
import tempfile
import time
from dataclasses import replace
from datetime import date
from functools import partial
from statistics import median
from typing import Any

import asyncpg

from teams.auth.actions import create_token
from teams.decisions.actions.decide import Taken, decide
from teams.decisions.forms import DecisionForm
from teams.demo.bench.crowd import GROUND, provide
from teams.demo.bench.mandates import Caller
from teams.demo.bench.measure import Measure, interleaved, middle_cpu, middle_wall
from teams.demo.bench.pages import BuildApp
from teams.demo.bench.visitor import Answer, Sent, statements
from teams.demo.postgres import PORT, Server
from teams.journal.models import Actor
from teams.kit.clock import now
from teams.kit.db import Database, plain_url
from teams.kit.settings import Settings
from teams.mandates.question import Question

FILLER = "rolvervuller@zandermeer.example"
CLIENTS = 4
_CPU_MOST, _SHARE_LEAST = 15, 0.3
_FORM = DecisionForm(onderwerp="Bench", motivering="Om te meten.", belangVerklaring=True)
_PERSON = "select id from person where email = $1"


class Decider(Caller):
    """Another system that records decisions, as the demo lets it."""

    async def decide(self, n: int) -> Answer:
        body = json.dumps(
            {
                "bevoegdheid": "SUB-01", "bedrag": 1000, "zaak": f"BENCH-{n}", "gevoelig": False, "onderwerp": "Bench",
                "motivering": "Om te meten.", "belangVerklaring": True,
            }
        ).encode()  # fmt: skip
        kind = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
        return await self._send("POST", "/api/v1/besluiten", body, kind)


async def decisions(server: Server, build: BuildApp, *, today: date, rounds: int, calls: int) -> list[Measure]:
    """On Zandermeer, by the one who may grant subsidies."""
    await provide(server, today)
    address = server.url("teams_app", GROUND)
    database = Database(address, pool=CLIENTS)
    try:
        async with database.begin() as session:
            token = await create_token(session, FILLER, "bench")
        app = build(Settings(database_url=address, demo=True), database)
        found = await _through_the_api(Decider(app, token), database, rounds=rounds, calls=calls)
        connection = await asyncpg.connect(plain_url(address))
        person = await connection.fetchval(_PERSON, FILLER)
        await connection.close()
        found += await _beside_pgbench(server, database, Actor(person), rounds=rounds, calls=calls)
        return found
    finally:
        await database.close()


async def _through_the_api(caller: Decider, database: Database, *, rounds: int, calls: int) -> list[Measure]:
    with statements(database) as seen:
        given = await caller.decide(0)
    assert given.status == 201, given.text
    numbers = iter(range(1, 1_000_000))

    async def work() -> None:
        for _ in range(calls):
            answer = await caller.decide(next(numbers))
            assert answer.status == 201, answer.text

    costs = (await interleaved({"besluit": work}, calls, rounds))["besluit"]
    return [
        Measure("besluiten", "opdrachten aan de database per besluit", len(seen), "", most=12, note="token en begin erbij"),
        Measure("besluiten", "door de API: rekentijd", middle_cpu(costs), "ms", most=_CPU_MOST,
                note=f"proces-CPU; heel verzoek door ASGI; {middle_wall(costs):.1f} ms op de klok"),
    ]  # fmt: skip


async def _beside_pgbench(
    server: Server, database: Database, by: Actor, *, rounds: int, calls: int
) -> list[Measure]:  # fmt: skip
    """The same statements with the same values, without Python: which part of that speed the act reaches."""
    with statements(database) as sent:
        await _one(database, by, "PGBENCH")
    script = _script(sent)
    shares = []
    for turn in range(rounds):
        theirs = await asyncio.to_thread(_pgbench, server, script, calls)
        begin = time.perf_counter()
        await asyncio.gather(*(_many(database, by, f"{turn}-{c}", calls // CLIENTS) for c in range(CLIENTS)))
        mine = (time.perf_counter() - begin) / (calls // CLIENTS * CLIENTS) * 1e3
        shares.append(theirs / mine)
    note = f"{CLIENTS} tegelijk; de beoordelaar rekent tussen de opdrachten, {len(script.splitlines())} regels SQL"
    return [
        Measure(
            "besluiten", "snelheid naast dezelfde SQL in pgbench", median(shares), "", least=_SHARE_LEAST, note=note
        )
    ]


async def _many(database: Database, by: Actor, name: str, times: int) -> None:
    for n in range(times):
        await _one(database, by, f"{name}-{n}")


async def _one(database: Database, by: Actor, case: str) -> None:
    async with database.begin() as session:
        at = await now(session)
        q = Question("SUB-01", at, at, str(by.person_id), cents=1000_00, case=case, sensitive=False)
        done = await decide(session, replace(q), _FORM, by=by, at=at)
        assert isinstance(done, Taken)


def _script(sent: Sent) -> str:
    """One transaction; what is bound is written out, as pgbench has no arrays."""
    lines = ["begin;"]
    for statement, values in sent:
        put = partial(_value, values)
        lines.append(" ".join(re.sub(r"\$(\d+)", put, statement).split()) + ";")
    return "\n".join([*lines, "commit;"]) + "\n"


def _value(values: tuple[Any, ...], found: re.Match[str]) -> str:
    given = values[int(found[1]) - 1]
    if given is None:
        return "(null)"
    if isinstance(given, bool | int):
        return f"({str(given).lower()})"
    if isinstance(given, list):
        return _quoted("{" + ",".join(_item(one) for one in given) + "}")
    return _quoted(str(given))


def _item(one: Any) -> str:
    text = "\\x" + one.hex() if isinstance(one, bytes) else str(one)
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _quoted(text: str) -> str:
    """A colon would begin a variable of pgbench."""
    return "E'" + text.replace("\\", "\\\\").replace("'", "''").replace(":", "\\x3a") + "'"


def _pgbench(server: Server, script: str, calls: int) -> float:
    """ms a transaction, all clients together."""
    with tempfile.NamedTemporaryFile("w", suffix=".pgb") as file:
        file.write(script)
        file.flush()
        where = ["-h", str(server.sockets), "-p", str(PORT), "-U", "teams_app", GROUND]
        how = ["-n", "-M", "prepared", "-c", str(CLIENTS), "-j", "1", "-t", str(calls // CLIENTS), "-f", file.name]
        command = [str(server.programs / "pgbench"), *how, *where]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    found = re.search(r"tps = ([\d.]+)", done.stdout)
    if done.returncode or found is None or "number of failed transactions: 0" not in done.stdout:
        raise RuntimeError(done.stdout + done.stderr)
    return 1e3 / float(found[1])
