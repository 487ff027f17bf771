"""Thousands of random acts of five people against a plain model of the rules; G22, G24-G26 hold, the past stays as it was."""

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
from tests.governance import acts
from tests.places import give_back, take
from tests.world import World, build_world

PEOPLE = ("aya", "bram", "cato", "sef", "dirk")
MEMBERS = {"aya": "boom", "bram": "water", "cato": "zaai", "sef": "facilitator"}
TERM, LAPSE = 14, 90
HISTORY = (
    "proposal_version", "proposal_round", "proposal_elector", "proposal_response", "objection_act", "proposal_act", "adoption",
    "journal", "journal_subject",
)  # fmt: skip
CORE = (
    "select v.role_id, v.team_id, v.core, v.name, v.purpose, array(select i.text from role_item i where i.role_id = v.role_id"
    " and upper_inf(i.recorded) and i.valid @> current_date order by 1) as items from role_version v"
    " where v.core is not null and upper_inf(v.recorded) and v.valid @> current_date order by 1"
)
KNOWN = (
    "select md5(string_agg(x, '|' order by x)) from ("
    " select (to_jsonb(v) - 'recorded')::text as x from role_version v where v.recorded @> $1::timestamptz"
    " union all select (to_jsonb(i) - 'recorded')::text from role_item i where i.recorded @> $1::timestamptz"
    " union all select (to_jsonb(f) - 'recorded')::text from role_filling f where f.recorded @> $1::timestamptz"
    " union all select (to_jsonb(p) - 'recorded')::text from policy_version p where p.recorded @> $1::timestamptz) y"
)
"""Everything about roles and policies, today's and yesterday's, as it was known at a moment."""


@dataclass
class Objected:
    """The model of one objection."""

    id: Any
    who: str
    version: int
    state: str = "ingebracht"
    tested: bool = False
    offered: int = 0
    confirmed: set[str] = field(default_factory=set)
    amends: bool = False

    @property
    def closed(self) -> bool:
        return self.state in ("ongeldig", "opgelost", "ingetrokken")


@dataclass
class Proposed:
    """The model of one proposal; `left`: days until its term ends, `lapse`: until it lapses."""

    id: Any
    by: str
    target: str | None
    state: str = "concept"
    version: int = 1
    opened: bool = False
    light: bool = False
    left: int = 0
    lapse: int = 0
    seen: int = 0
    said: set[str] = field(default_factory=set)
    objections: list[Objected] = field(default_factory=list)

    @property
    def open(self) -> bool:
        return self.state in ("consent", "bezwaar")

    @property
    def electors(self) -> set[str]:
        return set(MEMBERS) - {self.by}

    def silent(self) -> set[str]:
        closed = {o.who for o in self.objections if o.closed and o.version == self.version}
        return self.electors - self.said - closed


class Machine:
    """Does one random act on the real thing, foretells its outcome with the plain rules, and compares."""

    def __init__(self, db: Database, world: World, owner: asyncpg.Connection, place: Place, random: Random) -> None:
        self.db, self.world, self.owner, self.place, self.random = db, world, owner, place, random
        self.light, self.changed = False, {"water": 0, "leeg": 0}
        self.all: list[Proposed] = []
        self.names = 0
        self.past: dict[str, set[str]] = {}
        self.core: list[Any] = []
        self.known: dict[Any, str] = {}

    def change(self, target: str | None) -> dict[str, Any]:
        self.names += 1
        if target is None:
            return acts.new_role(f"Nieuw {self.names}")
        return acts.renamed(self.world.roles[target], f"Doel {self.names}.")

    async def step(self) -> str:
        live = [p for p in self.all if p.state not in ("aangenomen", "ingetrokken", "vervallen")]
        # settled proposals are tried as well: nothing may move them
        pool = self.all if self.random.random() < 0.05 and self.all else live
        p = self.random.choice(pool) if pool else None
        who = self.random.choice(PEOPLE)
        verb = self.likely_verb(p, len(live))
        allowed = (
            await getattr(self, verb)(p, who)
            if verb not in ("draft", "days", "policy", "core_role")
            else await getattr(self, verb)(who)
        )
        return f"{verb} {'ja' if allowed else 'nee'}"

    def likely_verb(self, p: Proposed | None, live: int) -> str:
        """Mostly what could be next in the life of `p`; sometimes anything at all."""
        wild = ["submit", "version", "withdraw", "meet", "object", "examine", "integrate", "confirm", "drop", "consent"]
        if p is None or (live < 3 and self.random.random() < 0.2):
            return "draft"
        if self.random.random() < 0.15:
            return self.random.choice([*wild, "days", "core_role", *([] if self.light else ["policy"])])
        if p.state in ("concept", "overleg"):
            return "submit"
        if any(not o.closed for o in p.objections):
            return self.random.choice(["examine", "integrate", "confirm", "confirm", "drop", "consent", "version"])
        return self.random.choice(["consent"] * 8 + ["object"] * 3 + ["days", "version"])

    async def does(self, allowed: bool, doing: Any) -> Any:
        try:
            made = await doing
        except Refusal as refusal:
            assert not allowed, f"refused, but the rules allow it: {refusal}"
            assert refusal.reasons
            assert refusal.then
            return None
        assert allowed, "done, but the rules forbid it"
        return made

    # ---- acts
    async def core_role(self, who: str) -> bool:
        """G2, G14, G15: nobody changes, ends or moves one of the four core roles by proposal."""
        role = str(self.world.roles[self.random.choice(["groen_lead", "facilitator"])])
        change = self.random.choice([
            acts.renamed(role), {"soort": "rol_einde", "rolId": role},
            {"soort": "rol_verplaatsen", "rolId": role, "teamId": str(self.world.teams["top"])},
        ])  # fmt: skip
        doing = acts.draft(self.db, self.world, change, who=who, role=MEMBERS.get(who, "balie"))
        await self.does(False, doing)
        return False

    async def draft(self, who: str) -> bool:
        target = self.random.choice([None, "water", "leeg"])
        role = MEMBERS.get(who, "balie")
        made = await self.does(who in MEMBERS, acts.draft(self.db, self.world, self.change(target), who=who, role=role))
        if made is not None:
            self.all.append(Proposed(made.id, who, target))
        return made is not None

    async def submit(self, p: Proposed, who: str) -> bool:
        who = p.by if self.random.random() < 0.7 else who
        allowed = who == p.by and p.state in ("concept", "overleg")
        if await self.does(allowed, acts.submit(self.db, self.world, p.id, who)) is not None:
            p.version += p.opened
            self.begins(p)
            self.settle(p)
        return allowed

    async def version(self, p: Proposed, who: str) -> bool:
        who = p.by if self.random.random() < 0.7 else who
        allowed = who == p.by and p.state not in ("aangenomen", "ingetrokken", "vervallen")
        if (
            await self.does(allowed, acts.version(self.db, self.world, p.id, self.change(p.target), who=who))
            is not None
        ):
            p.version += 1
            p.opened = False
            if p.open:
                self.begins(p)
                self.settle(p)
        return allowed

    async def withdraw(self, p: Proposed, who: str) -> bool:
        if self.random.random() < 0.5:
            return False
        allowed = who == p.by and p.state not in ("aangenomen", "ingetrokken", "vervallen")
        if await self.does(allowed, acts.withdraw(self.db, self.world, p.id, who)) is not None:
            p.state = "ingetrokken"
        return allowed

    async def meet(self, p: Proposed, who: str) -> bool:
        if self.random.random() < 0.5:
            return False
        allowed = who in MEMBERS and p.open
        if await self.does(allowed, acts.meet(self.db, self.world, who, p.id)) is not None:
            p.state = "overleg"
        return allowed

    async def consent(self, p: Proposed, who: str) -> bool:
        who = self.likely(who, p.electors - p.said)
        number = max(1, p.version - (self.random.random() < 0.1))
        mine = any(o.who == who and not o.closed for o in p.objections)
        allowed = p.open and number == p.version and who in p.electors and who not in p.said and not mine
        if await self.does(allowed, acts.consent(self.db, self.world, who, p.id, number)) is not None:
            p.said.add(who)
            self.settle(p)
        return allowed

    async def object(self, p: Proposed, who: str) -> bool:
        number = max(1, p.version - (self.random.random() < 0.1))
        allowed = p.open and number == p.version and who in p.electors
        made = await self.does(allowed, acts.object_(self.db, self.world, who, p.id, number))
        if made is not None:
            p.objections.append(Objected(made.id, who, p.version))
            self.settle(p)
        return allowed

    def likely(self, who: str, able: set[str]) -> str:
        """Mostly someone who may, so that lives come far."""
        return self.random.choice(sorted(able)) if able and self.random.random() < 0.7 else who

    def some(self, p: Proposed) -> Objected | None:
        opened = [o for o in p.objections if not o.closed] or p.objections
        return self.random.choice(opened) if opened else None

    async def examine(self, p: Proposed, who: str) -> bool:
        o = self.some(p)
        if o is None:
            return False
        usable = p.open and not o.closed and not o.tested
        if self.random.random() < 0.4:
            allowed = usable and who in MEMBERS and o.state != "toets"
            if await self.does(allowed, acts.examine(self.db, self.world, who, o.id)) is not None:
                o.state = "toets"
            return allowed
        parties = {o.who, p.by}
        judge = next(({x} for x in ("sef", "bram") if x not in parties), set(MEMBERS) - parties)
        who = self.likely(who, judge)
        allowed = usable and who in judge
        answers = self.random.choice([acts.YES, acts.NO])
        if await self.does(allowed, acts.examine(self.db, self.world, who, o.id, **answers)) is not None:
            o.state, o.tested = ("geldig" if answers is acts.YES else "ongeldig"), True
            self.settle(p)
        return allowed

    async def integrate(self, p: Proposed, who: str) -> bool:
        o = self.some(p)
        if o is None:
            return False
        who, amends = self.likely(who, {o.who, p.by}), self.random.random() < 0.6
        allowed = (
            p.open
            and not o.closed
            and o.state != "toets"
            and who in (o.who, p.by)
            and (amends or p.version > o.version)
        )
        given = (self.change(p.target),) if amends else ()
        if await self.does(allowed, acts.integrate(self.db, self.world, who, o.id, *given)) is not None:
            o.state, o.offered, o.confirmed, o.amends = "verwerking", p.version, {who}, amends
        return allowed

    async def confirm(self, p: Proposed, who: str) -> bool:
        o = self.some(p)
        if o is None:
            return False
        who = self.likely(who, {o.who, p.by} - o.confirmed)
        allowed = p.open and o.state == "verwerking" and who in {o.who, p.by} - o.confirmed and o.offered == p.version
        if await self.does(allowed, acts.confirm(self.db, self.world, who, o.id)) is not None:
            o.state = "opgelost"
            if o.amends:
                p.version += 1
                self.begins(p)
            self.settle(p)
        return allowed

    async def drop(self, p: Proposed, who: str) -> bool:
        o = self.some(p)
        if o is None:
            return False
        who = self.likely(who, {o.who})
        allowed = p.open and not o.closed and who == o.who
        if await self.does(allowed, acts.drop(self.db, self.world, who, o.id)) is not None:
            o.state = "ingetrokken"
            self.settle(p)
        return allowed

    async def policy(self, who: str) -> bool:
        await acts.policy(self.owner, self.world.teams["groen"])
        self.light = True
        return True

    async def days(self, who: str) -> bool:
        gone = self.random.choice([3, 7, 14, 35])
        await acts.pass_time(self.place, gone)
        for p in self.all:
            p.left, p.lapse = p.left - gone, p.lapse - gone
        # the term is in working days; the model only foretells where the calendar leaves no doubt
        due = {
            row["proposal_id"]: row["past"]
            for row in await self.owner.fetch(
                "select proposal_id, due_at <= now() as past from proposal_round join proposal p on p.id = proposal_id and p.version = proposal_round.version"
            )
        }
        for p in self.all:
            if p.light and p.opened and p.id in due:
                assert due[p.id] or p.left > -1, "a term is never longer than its working days"
                assert not due[p.id] or p.left <= TERM - 5, "a term is never shorter than its working days"
                p.left = 0 if due[p.id] else max(p.left, 1)
        await acts.close(self.db)
        for p in sorted(self.all, key=lambda p: p.id):
            if p.state == "overleg" and p.opened and p.lapse <= -1:
                p.state = "vervallen"
            elif p.open and (p.lapse <= -1 or (p.state == "consent" and p.light and p.left <= 0)):
                self.settle(p)
        return True

    # ---- rules
    def begins(self, p: Proposed) -> None:
        p.opened, p.said, p.state, p.light = True, set(), "consent", self.light
        p.left, p.lapse = TERM, LAPSE
        p.seen = self.changed[p.target] if p.target else 0

    def settle(self, p: Proposed) -> None:
        if any(not o.closed for o in p.objections):
            p.state = "vervallen" if p.lapse <= -1 else "bezwaar"
        elif not p.silent() or (p.light and p.left <= 0):
            if p.target and self.changed[p.target] != p.seen:
                p.state = "concept"
                return
            p.state = "aangenomen"
            if p.target:
                self.changed[p.target] += 1
        else:
            p.state = "vervallen" if p.lapse <= -1 else "consent"

    async def compare(self) -> None:
        """What stands in the database is what the model says, and what stood there before still does."""
        rows = {
            row["id"]: (row["state"], row["version"])
            for row in await self.owner.fetch("select id, state, version from proposal")
        }
        assert rows == {p.id: (p.state, p.version) for p in self.all}
        adopted = await self.owner.fetch(
            "select a.by_silence, a.version = p.version as same, r.policy_id is not null and r.due_at <= now() as passed,"
            " silent_electors(p.id, p.version) as silent, exists (select from objection o where o.proposal_id = p.id and"
            " o.state not in ('ongeldig','opgelost','ingetrokken')) as objected,"
            " exists (select from proposal_response x where x.proposal_id = p.id and x.person_id = p.proposer_id) as own"
            " from adoption a join proposal p on p.id = a.proposal_id"
            " join proposal_round r on r.proposal_id = p.id and r.version = a.version"
        )  # fmt: skip
        assert len(adopted) == sum(p.state == "aangenomen" for p in self.all)
        for row in adopted:
            assert row["same"] and not row["objected"] and not row["own"]
            assert (row["passed"] if row["silent"] else True) and row["by_silence"] == bool(row["silent"])
        for table in HISTORY:
            rows = await self.owner.fetch(
                f"select md5((to_jsonb(t) - array['opened_at','due_at','lapses_at'])::text) from {table} t"
            )
            stands = {row[0] for row in rows}
            assert self.past.get(table, set()) <= stands, f"{table} changed its past"
            self.past[table] = stands
        core = await self.owner.fetch(CORE)
        assert core == (self.core or core), "the core roles of every team stay as they are, one of each"
        self.core = core
        assert len({(row["team_id"], row["core"]) for row in core}) == len(core)
        for moment, digest in self.known.items():
            assert await self.owner.fetchval(KNOWN, moment) == digest, f"what was known at {moment} changed"
        moment = await self.owner.fetchval("select clock_timestamp()")
        self.known[moment] = await self.owner.fetchval(KNOWN, moment)


async def play(server: Server, random: Random, steps: int, counts: Counter[str]) -> None:
    place = await take(server)
    db, owner = Database(place.url(), pool=4), await asyncpg.connect(place.url("teams_owner"))
    world = await build_world(owner)
    await acts.bigger(world, owner)
    machine = Machine(db, world, owner, place, random)
    for number in range(steps):
        counts[await machine.step()] += 1
        if number % 25 == 24:
            await machine.compare()
    counts.update(f"werd {p.state}" for p in machine.all)
    await db.close()
    await owner.close()
    await give_back(place)


def many(server: Server, examples: int) -> Counter[str]:
    """So many lives of one team, of fifty acts each; hypothesis chooses the seeds."""
    counts: Counter[str] = Counter()

    @settings(max_examples=examples, phases=(Phase.generate,), suppress_health_check=list(HealthCheck))
    @given(st.integers(0, 2**32))
    def run(seed: int) -> None:
        asyncio.run(play(server, Random(seed), 50, counts))

    run()
    return counts


@pytest.mark.timeout(240)
@pytest.mark.slow
def test_a_thousand_acts_follow_the_plain_rules(server: Server) -> None:
    counts = many(server, 20)
    reached = {
        "consent nee",
        "object ja",
        "examine ja",
        "integrate ja",
        "confirm ja",
        "werd aangenomen",
        "werd bezwaar",
    }
    assert reached <= set(counts), counts


@pytest.mark.long
@pytest.mark.timeout(3600)
def test_twenty_thousand_acts_follow_the_plain_rules(server: Server) -> None:
    counts = many(server, 400)
    assert counts.total() >= 20_000
    assert {
        "examine ja",
        "examine nee",
        "integrate ja",
        "confirm ja",
        "confirm nee",
        "drop ja",
        "meet ja",
        "withdraw ja",
    } <= set(counts)
