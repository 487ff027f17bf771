"""kill -9 of web, work, signer and PostgreSQL while people work: nothing acknowledged is lost, nothing happens twice."""

import asyncio
import os
import random
import time
from collections import defaultdict
from pathlib import Path

import asyncpg
import pytest

from teams.ledger.check import verify
from tests.faults.crowd import Crowd, check
from tests.faults.town import Town, until

VICTIMS = ("web", "postgres", "work", "sign", "backend")
_COVERED = """
    select least((select count(*) from leaf), (select coalesce(max(size), 0) from checkpoint))
        = (select count(*) from journal where accountable and at <= $1)
"""
_THERE = "select from pg_stat_activity where application_name = $1"
NAMES = {"work": "teams sequencer", "sign": "teams signer"}
_A_BACKEND = """
    select pid from pg_stat_activity where usename = 'teams_app' and backend_type = 'client backend' order by random() limit 1
"""


def kill(town: Town, victim: str) -> None:
    if victim == "postgres":
        town.kill_postgres()
    elif victim == "backend":  # the postmaster then ends every other backend and recovers by itself
        pid = next(iter(town.ask(_A_BACKEND)), None)
        if pid:
            os.kill(pid[0], 9)
    else:
        town.kill(victim)


def back(town: Town, victim: str) -> None:
    """Start the part, until it says itself that it is there: from then on the seconds count."""
    if victim == "postgres":
        town.start_postgres()
    elif victim != "backend":
        town.start(victim)
        until(
            lambda: town.ready("web") if victim == "web" else town.ask(_THERE, NAMES[victim]), 120, f"{victim} starts"
        )


def recovered(town: Town, crowd: Crowd, victim: str, begin: float, bound: float) -> float:
    """Until people act again, and what they do is in the signed log again."""
    base = town.base("web")
    until(lambda: crowd.broken or crowd.acted_since(begin, base), bound, f"acts again after {victim}")
    if victim in ("work", "sign"):
        size = "select count(*) from leaf" if victim == "work" else "select coalesce(max(size), 0) from checkpoint"
        before = town.ask(size)[0][0]
        until(lambda: town.ask(size)[0][0] > before, bound, f"the log goes on after {victim}")
    return time.monotonic() - begin


def storm(folder: Path, rounds: int, bound: float, seed: int, pause: float = 0.02) -> dict[str, list[float]]:
    chance, took = random.Random(seed), defaultdict[str, list[float]](list)
    with Town(folder) as town:
        people = town.people()
        for part in ("web", "work", "sign"):
            town.start(part)
        until(lambda: town.ready("web"), 200, "the web starts")
        with Crowd(people, [town.base("web")], seed=seed, pause=pause) as crowd:
            for number in range(rounds):
                time.sleep(0.1 + 0.4 * chance.random())
                victim = VICTIMS[number % len(VICTIMS)]
                kill(town, victim)
                time.sleep(0.2 * chance.random())
                back(town, victim)
                begin = time.monotonic()
                took[victim].append(recovered(town, crowd, victim, begin, bound))
            crowd.finish()
        until(lambda: asyncio.run(_waiting(town)) == 0, 60, "everything is in the log")
        check(crowd, town.ask)
        assert set(crowd.answers) <= {200, 201, 303, 409, 503}, crowd.answers
        assert "Traceback" not in town.log("web"), town.log("web")[-3000:]
        print(
            f"{rounds} rounds: {crowd.acts()} acts, answers {dict(crowd.answers)}, faults {dict(crowd.faults)}, longest {crowd.longest:.1f} s"
        )
        for victim, seconds in took.items():
            print(f"  {victim}: median {sorted(seconds)[len(seconds) // 2]:.2f} s, most {max(seconds):.2f} s")
    return took


async def _waiting(town: Town) -> int:
    """The whole log agrees with the journal; how many entries are not in it yet."""
    connection = await asyncpg.connect(town.url("teams_auditor"))
    try:
        return (await verify(connection)).waiting
    finally:
        await connection.close()


@pytest.mark.slow
def test_five_rounds_of_kills(tmp_path: Path) -> None:
    """Each part once; people at a walking pace, so that two cores are left for what starts."""
    assert set(storm(tmp_path, len(VICTIMS), bound=120, seed=5, pause=0.2)) == set(VICTIMS)


@pytest.mark.long
@pytest.mark.timeout(1500)
def test_a_hundred_rounds_of_kills_and_back_within_ten_seconds(tmp_path: Path) -> None:
    took = storm(tmp_path, 100, bound=10, seed=100)
    assert sum(map(len, took.values())) == 100
