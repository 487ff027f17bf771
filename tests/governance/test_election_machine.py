"""Thousands of random acts in elections against a plain model of rule 30: secrecy, one name each, ties, next candidate."""

import asyncio
from collections import Counter
from dataclasses import dataclass, field
from random import Random
from typing import Any

import asyncpg
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from teams.demo.postgres import Server
from teams.kit.db import Database
from teams.kit.errors import Refusal
from tests.conftest import Place
from tests.governance import acts, choosing
from tests.places import give_back, take
from tests.world import World, build_world

PEOPLE = ("aya", "bram", "cato", "sef", "dirk")
ELECTORS = frozenset({"aya", "bram", "cato", "sef"})
HISTORY = (
    "election_elector",
    "election_ballot",
    "election_nomination",
    "election_draw",
    "election_act",
    "filling_offer_act",
)


@dataclass
class Chosen:
    """The model of one election for afgevaardigde; bram is rolverdeler, so nobody may name him (G14)."""

    id: Any
    light: bool
    state: str = "stemmen"
    round: int = 1
    late: bool = False
    said: dict[int, dict[str, str]] = field(default_factory=lambda: {1: {}, 2: {}, 3: {}})
    dropped: set[str] = field(default_factory=set)
    candidate: str = ""
    accepted: bool = False
    answers: set[str] = field(default_factory=set)
    let_go: set[str] = field(default_factory=set)
    objections: dict[Any, str] = field(default_factory=dict)

    @property
    def running(self) -> bool:
        return self.state in ("stemmen", "wisselen", "gelijk", "bezwaar")

    def now(self) -> dict[str, str]:
        return {**self.said[1], **self.said[2], **self.said[3]}

    def tied(self) -> set[str]:
        counts = Counter(one for one in self.now().values() if one not in self.dropped)
        return {one for one, n in counts.items() if n == max(counts.values())}

    def turn(self) -> set[str]:
        before = {**self.said[1], **(self.said[2] if self.round == 3 else {})}
        if self.round == 3:
            return {who for who, name in before.items() if name not in self.tied_before(before)}
        return set(before)

    def turn_done(self) -> bool:
        """Everyone whose turn it was has spoken; whose turn is decided by what was said before this round."""
        return self.turn() <= set(self.said[self.round])

    def tied_before(self, before: dict[str, str]) -> set[str]:
        counts = Counter(one for one in before.values() if one not in self.dropped)
        return {one for one, n in counts.items() if n == max(counts.values())}


class Machine:
    def __init__(self, db: Database, world: World, owner: asyncpg.Connection, place: Place, random: Random) -> None:
        self.db, self.world, self.owner, self.place, self.random = db, world, owner, place, random
        self.names = {person: short for short, person in world.people.items()}
        self.all: list[Chosen] = []
        self.holder: str | None = None
        self.light = False
        self.past: dict[str, set[str]] = {}

    async def step(self) -> str:
        e = self.all[-1] if self.all else None
        if e is None or (not e.running and self.random.random() < 0.7):
            return await self.call()
        likely = {
            "stemmen": ["vote"] * 6 + ["close", "cancel", "change", "days"],
            "wisselen": ["change"] * 5 + ["close", "vote", "tie", "days"],
            "gelijk": ["tie"] * 3 + ["change", "close", "days"],
            "bezwaar": ["consent"] * 5 + ["yes", "yes", "no", "object", "drop", "next", "days"],
        }  # fmt: skip
        verb = self.random.choice(likely.get(e.state, ["vote", "change", "yes", "consent", "next", "tie", "close"]))
        who = self.random.choice(PEOPLE)
        return f"{verb} {'ja' if await getattr(self, verb)(e, who) else 'nee'}"

    async def does(self, allowed: bool, doing: Any) -> bool:
        try:
            await doing
        except Refusal as refusal:
            assert not allowed, f"refused, but the rules allow it: {refusal}"
            assert refusal.reasons
            assert refusal.then
            return False
        assert allowed, "done, but the rules forbid it"
        return True

    async def call(self) -> str:
        who = self.random.choice(PEOPLE)
        if not self.light and self.random.random() < 0.3:
            await acts.policy(self.owner, self.world.teams["groen"])
            self.light = True
        allowed = who in ELECTORS and not (self.all and self.all[-1].running)
        try:
            made = await choosing.call(self.db, self.world, who)
        except Refusal:
            assert not allowed
            return "call nee"
        assert allowed
        self.all.append(Chosen(made.id, self.light))
        return "call ja"

    async def vote(self, e: Chosen, who: str) -> bool:
        left = sorted(ELECTORS - set(e.said[1]))
        who = self.random.choice(left) if left and self.random.random() < 0.8 else who
        name = self.random.choice(["aya", "cato", "sef", "cato", "bram", "dirk"])
        allowed = e.state == "stemmen" and who in ELECTORS and who not in e.said[1] and name in ("aya", "cato", "sef")
        if await self.does(allowed, choosing.vote(self.db, self.world, e.id, **{who: name})):
            e.said[1][who] = name
            if set(e.said[1]) == ELECTORS:
                e.state, e.round = "wisselen", 2
        return allowed

    async def change(self, e: Chosen, who: str) -> bool:
        left = sorted(e.turn() - set(e.said[e.round])) if e.state == "wisselen" else []
        who = self.random.choice(left) if left and self.random.random() < 0.8 else who
        name = self.random.choice(["aya", "cato", "sef", "bram"])
        allowed = e.state == "wisselen" and who in e.turn() and who not in e.said[e.round] and name != "bram"
        if e.round == 3:
            before = {**e.said[1], **e.said[2]}
            allowed = allowed and name in e.tied_before(before)
        if await self.does(allowed, choosing.change(self.db, self.world, e.id, **{who: name})):
            e.said[e.round][who] = name
            if e.turn_done():
                await self.conclude(e)
        return allowed

    async def close(self, e: Chosen, who: str) -> bool:
        who = "sef" if self.random.random() < 0.6 else who
        allowed = e.state == "wisselen" and who == "sef"
        if await self.does(allowed, choosing.close_round(self.db, self.world, e.id, who)):
            await self.conclude(e)
        return allowed

    async def cancel(self, e: Chosen, who: str) -> bool:
        if self.random.random() < 0.7:
            return False
        caller = self.names.get(await self.owner.fetchval("select called_by from election where id = $1", e.id))
        allowed = e.state == "stemmen" and who in (caller, "sef")
        if await self.does(allowed, choosing.cancel(self.db, self.world, e.id, who)):
            e.state = "ingetrokken"
        return allowed

    async def tie(self, e: Chosen, who: str) -> bool:
        leader = self.leader(e.tied()) if e.state == "gelijk" else {"sef"}
        who = sorted(leader)[0] if leader and self.random.random() < 0.7 else who
        lot = self.random.random() < 0.5
        allowed = e.state == "gelijk" and who in leader
        if await self.does(allowed, choosing.tie(self.db, self.world, e.id, who, lot=lot)):
            if lot:
                await self.put_forward(e)
            else:
                e.state, e.round = "wisselen", 3
        return allowed

    async def consent(self, e: Chosen, who: str) -> bool:
        lies = await choosing.lying(self.owner, e.id)
        if lies is None:
            return False
        left = sorted(ELECTORS - e.answers)
        who = self.random.choice(left) if left and self.random.random() < 0.8 else who
        allowed = who in ELECTORS and who not in e.answers and who not in e.objections.values()
        if await self.does(allowed, acts.consent(self.db, self.world, who, lies["proposal"])):
            e.answers.add(who)
            self.settle(e)
        return allowed

    async def object(self, e: Chosen, who: str) -> bool:
        lies = await choosing.lying(self.owner, e.id)
        if lies is None or self.random.random() < 0.5:
            return False
        allowed = who in ELECTORS
        try:
            made = await acts.object_(self.db, self.world, who, lies["proposal"])
        except Refusal:
            assert not allowed
            return False
        assert allowed
        e.objections[made.id] = who
        return True

    async def drop(self, e: Chosen, who: str) -> bool:
        if not e.objections:
            return False
        objection, owner = self.random.choice(list(e.objections.items()))
        who = owner if self.random.random() < 0.7 else who
        allowed = who == owner and e.state == "bezwaar"
        if await self.does(allowed, acts.drop(self.db, self.world, who, objection)):
            del e.objections[objection]
            e.let_go.add(who)
            self.settle(e)
        return allowed

    async def yes(self, e: Chosen, who: str) -> bool:
        lies = await choosing.lying(self.owner, e.id)
        if lies is None:
            return False
        who = e.candidate if self.random.random() < 0.7 else who
        allowed = who == e.candidate and not e.accepted
        if await self.does(allowed, choosing.accept(self.db, self.world, who, lies["offer"])):
            e.accepted = True
            if who not in e.objections.values():
                e.answers.add(who)
            self.settle(e)
        return allowed

    async def no(self, e: Chosen, who: str) -> bool:
        lies = await choosing.lying(self.owner, e.id)
        if lies is None or self.random.random() < 0.5:
            return False
        who = e.candidate if self.random.random() < 0.7 else who
        allowed = who == e.candidate and not e.accepted
        if await self.does(allowed, choosing.decline(self.db, self.world, who, lies["offer"])):
            await self.onward(e)
        return allowed

    async def next(self, e: Chosen, who: str) -> bool:
        leader = self.leader({e.candidate})
        who = sorted(leader)[0] if self.random.random() < 0.6 else who
        allowed = e.state == "bezwaar" and bool(e.objections) and who in leader
        if await self.does(allowed, choosing.next_one(self.db, self.world, e.id, who)):
            await self.onward(e)
        return allowed

    async def days(self, e: Chosen, who: str) -> bool:
        """A long time passes; only a policy's term makes late count, and only after it."""
        if not e.light or e.state not in ("stemmen", "wisselen", "gelijk"):
            return False
        await choosing.later(self.place, 15)
        await choosing.jobs(self.db)
        if e.state == "stemmen":
            e.state, e.round = ("wisselen", 2) if e.said[1] else ("vervallen", 1)
        elif e.state == "wisselen":
            await self.conclude(e)
        else:
            await self.put_forward(e)
        return True

    # ---- rules
    def leader(self, parties: set[str]) -> set[str]:
        return next(({one} for one in ("sef", "bram") if one not in parties), set(ELECTORS) - parties)

    async def conclude(self, e: Chosen) -> None:
        tied = e.tied()
        self_named = {one for one in tied if e.now().get(one) == one}
        winner = next((s for s in (tied, self_named, tied & {self.holder}) if len(s) == 1), None)
        outside = {who for who, one in e.now().items() if one not in tied}
        if not tied:
            e.state = "vervallen"
        elif winner is not None:
            await self.put_forward(e, *winner)
        elif e.round < 3 and outside:
            e.state = "gelijk"
        else:
            await self.put_forward(e)

    async def put_forward(self, e: Chosen, winner: str | None = None) -> None:
        """Without a winner the lot decided: the model only says among whom."""
        lies = await choosing.lying(self.owner, e.id)
        found = self.names[lies["person"]]
        assert found == winner if winner else found in e.tied()
        assert self.names[lies["proposer"]] in self.leader({found})
        e.state, e.candidate, e.accepted = "bezwaar", found, False
        e.answers, e.let_go, e.objections = set(), set(), {}

    async def onward(self, e: Chosen) -> None:
        e.dropped.add(e.candidate)
        e.objections, e.candidate = {}, ""
        await self.conclude(e)

    def settle(self, e: Chosen) -> None:
        if e.accepted and not e.objections and e.answers | e.let_go == ELECTORS:
            e.state, self.holder = "gekozen", e.candidate

    async def compare(self) -> None:
        rows = {
            row["id"]: (row["state"], row["round"])
            for row in await self.owner.fetch("select id, state, round from election")
        }
        assert rows == {e.id: (e.state, e.round) for e in self.all}
        held = await choosing.fillers(self.owner, self.world, "rep")
        assert held == ({self.holder} if self.holder else set())
        early = "select count(*) from election_nomination n join election e on e.id = n.election_id where e.state = 'stemmen'"
        assert await self.owner.fetchval(early) == 0
        for table in HISTORY:
            stands = {row[0] for row in await self.owner.fetch(f"select md5(to_jsonb(t)::text) from {table} t")}
            assert self.past.get(table, set()) <= stands, f"{table} changed its past"
            self.past[table] = stands


async def play(server: Server, random: Random, steps: int, counts: Counter[str]) -> None:
    place = await take(server)
    db, owner = Database(place.url(), pool=4), await asyncpg.connect(place.url("teams_owner"))
    world = await build_world(owner)
    await choosing.electing(world, owner)
    machine = Machine(db, world, owner, place, random)
    for number in range(steps):
        counts[await machine.step()] += 1
        if number % 20 == 19:
            await machine.compare()
    counts.update(f"werd {e.state}" for e in machine.all)
    await db.close()
    await owner.close()
    await give_back(place)


def many(server: Server, examples: int) -> Counter[str]:
    counts: Counter[str] = Counter()

    @settings(max_examples=examples, phases=(Phase.generate,), suppress_health_check=list(HealthCheck))
    @given(st.integers(0, 2**32))
    def run(seed: int) -> None:
        asyncio.run(play(server, Random(seed), 80, counts))

    run()
    return counts


@pytest.mark.timeout(240)
@pytest.mark.slow
def test_acts_in_elections_follow_the_plain_rules(server: Server) -> None:
    counts = many(server, 5)
    assert {"call ja", "vote ja", "vote nee", "change ja", "consent ja", "yes ja", "werd gekozen"} <= set(counts), (
        counts
    )


@pytest.mark.long
@pytest.mark.timeout(3600)
def test_thousands_of_acts_in_elections_follow_the_plain_rules(server: Server) -> None:
    counts = many(server, 100)
    assert {"tie ja", "no ja", "next ja", "close ja", "cancel ja", "drop ja", "days ja", "werd vervallen"} <= set(
        counts
    ), counts
