"""Any order of claiming, stopping, changing, leaving and waiting, done to the database and to a plain model at once."""

import asyncio
import copy
from collections.abc import Callable, Coroutine
from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import asyncpg
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from teams.demo.postgres import Server
from teams.journal.models import Actor
from teams.kit.clock import now
from teams.kit.db import Database
from teams.kit.errors import Invalid, Refusal
from teams.klussen.actions.claim import (
    claim_klus,
    complete_claim,
    end_claims,
    hand_back_claim,
    reconfirm_claim,
    withdraw_claim,
)
from teams.klussen.actions.due import apply_due
from teams.klussen.actions.klus import change_klus, post_klus
from teams.klussen.actions.phases import cancel_klus, close_klus, complete_klus, publish_klus
from teams.klussen.forms import KlusForm
from tests.klussen.crowd import people
from tests.klussen.model import FULL_WEEK, OVER, Klus, Market, No
from tests.places import give_back, take
from tests.world import TODAY, build_world

PEOPLE = 5
FINISH = {"claim.withdrawn": withdraw_claim, "claim.handed_back": hand_back_claim, "claim.completed": complete_claim}
MANAGE = {
    "klus.closed": close_klus, "klus.reopened": publish_klus, "klus.cancelled": cancel_klus, "klus.completed": complete_klus,
}  # fmt: skip
DECK = ["claim"] * 10 + ["finish"] * 4 + ["reconfirm"] * 2 + [
    "post", "places", "places", "hours", "dates", "close", "manage", "leave", "time", "job",
]  # fmt: skip
"""What happens how often."""
some = st.integers(0, 59)
POST = st.fixed_dictionaries(
    {
        "places": st.integers(1, 3), "tenths": st.sampled_from([40, 120, 200, 360]), "total": st.booleans(),
        "start": st.integers(0, 20), "length": st.integers(0, 30), "until": st.one_of(st.none(), st.integers(0, 9)),
    }
)  # fmt: skip


class KlussenMachine(RuleBasedStateMachine):
    """Every rule does the same to the database and to the model, and both must say the same."""

    server: Server
    steps = 0

    def __init__(self) -> None:
        super().__init__()
        self.runner = asyncio.Runner()
        self.run(self.begin())

    def run(self, doing: Coroutine[Any, Any, Any]) -> Any:
        return self.runner.run(doing)

    async def begin(self) -> None:
        self.place = await take(self.server)
        self.owner = await asyncpg.connect(self.place.url("teams_owner"))
        self.db = Database(self.place.url(), pool=2)
        self.world = await build_world(self.owner)
        await people(self.owner, self.world, PEOPLE)
        rows = await self.owner.fetch("select id from person where number like 'M%' order by number")
        self.people: list[UUID] = [row["id"] for row in rows]
        self.model = Market(PEOPLE)

    def teardown(self) -> None:
        self.run(self.end())
        self.runner.close()

    async def end(self) -> None:
        await self.db.close()
        await self.owner.close()
        await give_back(self.place)

    def both(self, real: Callable[[Any, Any], Coroutine[Any, Any, Any]], plain: Callable[[Market], Any]) -> Any:
        """The act in a transaction of its own, and in the model; a refusal undoes both and has the same reasons."""

        async def act() -> Any:
            async with self.db.begin() as session:
                return await real(session, await now(session))

        before = copy.deepcopy(self.model)
        try:
            found: Any = self.run(act())
        except Refusal as refusal:
            said = set(refusal.fields) if isinstance(refusal, Invalid) else {reason.code for reason in refusal.reasons}
            try:
                plain(self.model)
            except No as no:
                assert said == no.codes
            else:
                raise AssertionError(f"refused with {said}, the model allows it") from refusal
            self.model = before
            return None
        plain(self.model)
        return found

    def klus(self, number: int, model: Market | None = None) -> Klus:
        """Mostly one that has not ended."""
        klussen = (model or self.model).klussen
        live = [klus for klus in klussen if klus.state not in OVER]
        found = live if live and number % 8 else klussen
        return found[number % len(found)]

    @property
    def aya(self) -> Actor:
        return self.world.actor("aya")

    def form(self, klus: Klus) -> KlusForm:
        amount = Decimal(klus.tenths) / 10
        return KlusForm(
            titel="Klus", teamId=self.world.teams["groen"], plaatsen=klus.places, van=klus.starts, tot=klus.ends,
            aanmeldenTot=klus.until, **{"urenTotaal" if klus.total else "urenMin": amount},
        )  # fmt: skip

    @initialize(posts=st.lists(POST, min_size=2, max_size=4))
    def open_market(self, posts: list[dict[str, Any]]) -> None:
        for fields in posts:
            self.post(**fields)

    @rule(what=st.sampled_from(DECK), number=some, which=some, fields=POST)
    def step(self, what: str, number: int, which: int, fields: dict[str, Any]) -> None:
        KlussenMachine.steps += 1
        claimed = any(klus.claims for klus in self.model.klussen)
        live = sum(klus.state not in OVER for klus in self.model.klussen)
        match what:
            case "finish" if claimed:
                self.finish(number, which)
            case "reconfirm" if claimed:
                self.reconfirm(number, which)
            case "places":
                self.change(number, places=which % 4 + 1)
            case "hours":
                self.change(number, tenths=fields["tenths"])
            case "dates":
                klus, by = self.klus(number), timedelta(days=7 * (which % 4 - 1))
                self.change(number, starts=klus.starts + by, ends=klus.ends and klus.ends + by, until=None)
            case "close":
                self.manage(number, "klus.reopened" if not self.klus(number).accepting else "klus.closed")
            case "manage" if live > 2:
                self.manage(number, sorted(MANAGE)[which % len(MANAGE)])
            case "leave" if len(self.model.gone) < 2 and which % 3 == 0:
                self.leave(number % PEOPLE)
            case "time" if which % 2:
                self.time_passes(which % 3 + 1)
            case "job":
                self.job()
            case _ if what == "post" or live < 2:
                self.post(**fields)
            case _:
                self.claim(number, which % PEOPLE)

    def post(self, places: int, tenths: int, total: bool, start: int, length: int, until: int | None) -> None:
        starts = TODAY + timedelta(days=start)
        ends = None if total and length % 2 else starts + timedelta(days=length)
        klus = Klus(
            UUID(int=0),
            places,
            tenths,
            total,
            starts,
            ends,
            None if until is None else TODAY + timedelta(days=min(until, start + length)),
        )

        async def real(session: Any, at: Any) -> Any:
            made = await post_klus(session, self.form(klus), by=self.aya, at=at)
            return (await publish_klus(session, made.id, by=self.aya, at=at)).id

        def plain(model: Market) -> None:
            model.klussen.append(klus)
            model.entries.update(["klus.posted", "klus.published"])

        klus.id = self.both(real, plain)

    def claim(self, number: int, person: int) -> None:
        made: list[UUID] = []

        async def real(session: Any, at: Any) -> None:
            by = Actor(person_id=self.people[person])
            made.append((await claim_klus(session, self.klus(number).id, by=by))[0])

        self.both(real, lambda model: model.claim(self.klus(number, model), person, made[0] if made else None))

    def finish(self, number: int, which: int) -> None:
        """Mostly the verb that fits the state."""
        _, claim = self.pick(self.model, number, which)
        verb = "claim.withdrawn" if claim.state == "bevestigd" else ("claim.handed_back", "claim.completed")[which % 2]
        verb = sorted(FINISH)[which % 3] if which % 5 == 0 else verb
        self.on_a_claim(number, which, FINISH[verb], lambda model, klus, claim: model.finish(klus, claim, verb))

    def pick(self, model: Market, number: int, which: int) -> tuple[Klus, Any]:
        with_claims = [klus for klus in model.klussen if klus.claims]
        held = [klus for klus in with_claims if klus.held]
        klussen = held if held and number % 8 else with_claims
        klus = klussen[number % len(klussen)]
        choice = klus.held if klus.held and which % 6 else klus.claims
        return klus, choice[which % len(choice)]

    def reconfirm(self, number: int, which: int) -> None:
        self.on_a_claim(number, which, reconfirm_claim, lambda model, klus, claim: model.reconfirm(klus, claim))

    def on_a_claim(self, number: int, which: int, verb: Any, plain: Callable[[Market, Klus, Any], None]) -> None:
        _, claim = self.pick(self.model, number, which)

        async def real(session: Any, at: Any) -> None:
            await verb(session, claim.id, by=Actor(person_id=self.people[claim.person]), at=at)

        self.both(real, lambda model: plain(model, *self.pick(model, number, which)))

    def change(self, number: int, **new: Any) -> None:
        wanted = copy.copy(self.klus(number))
        for name, value in new.items():
            setattr(wanted, name, value)

        async def real(session: Any, at: Any) -> None:
            version = await self.owner.fetchval("select version from klus where id = $1", wanted.id)
            await change_klus(session, wanted.id, self.form(wanted), version=version, by=self.aya, at=at)

        self.both(real, lambda model: model.change(self.klus(number, model), **new))

    def manage(self, number: int, verb: str) -> None:
        async def real(session: Any, at: Any) -> None:
            await MANAGE[verb](session, self.klus(number).id, by=self.aya, at=at)

        self.both(real, lambda model: model.manage(self.klus(number, model), verb))

    def leave(self, person: int) -> None:
        async def real(session: Any, at: Any) -> None:
            await end_claims(session, {self.people[person]: TODAY})
            await self.owner.execute(
                "update contract set recorded = tstzrange(lower(recorded), now()) where person_id = $1 and upper_inf(recorded)",
                self.people[person],
            )

        self.both(real, lambda model: model.leave(person))

    def time_passes(self, weeks: int) -> None:
        """Nobody waits: all klussen move to the past by whole weeks."""
        by = timedelta(days=7 * weeks)
        self.run(
            self.owner.execute(
                "update klus set starts = starts - $1::int, ends = ends - $1::int, apply_until = apply_until - $1::int",
                by.days,
            )
        )
        for klus in self.model.klussen:
            klus.starts -= by
            klus.ends = klus.ends and klus.ends - by
            klus.until = klus.until and klus.until - by

    def job(self) -> None:
        async def real(session: Any, at: Any) -> None:
            await apply_due(session, TODAY)

        self.both(real, lambda model: [model.due(klus) for klus in model.klussen])

    @invariant()
    def same_as_the_model(self) -> None:
        self.run(self.compare())

    async def compare(self) -> None:
        rows = await self.owner.fetch(
            "select id, state, accepting, places, taken, terms, starts, ends from klus order by number"
        )
        assert [tuple(row) for row in rows] == [
            (k.id, k.state, k.accepting, k.places, len(k.held), k.terms, k.starts, k.ends) for k in self.model.klussen
        ]
        claims = await self.owner.fetch(
            "select id, klus_id, person_id, state, seat, terms, hours * 10 as tenths from claim"
        )
        assert {tuple(row) for row in claims} == {
            (c.id, k.id, self.people[c.person], c.state, c.seat, c.terms, Decimal(c.tenths))
            for k in self.model.klussen for c in k.claims
        }  # fmt: skip
        seats = [(row["klus_id"], row["seat"]) for row in claims if row["seat"] is not None]
        places = {row["id"]: row["places"] for row in rows}
        assert len(seats) == len(set(seats))
        assert all(1 <= seat <= places[klus] for klus, seat in seats)
        entries = await self.owner.fetch("select verb, count(*) from journal group by verb")
        assert {row[0]: row[1] for row in entries} == +self.model.entries
        for person in range(PEOPLE):
            for day in range(60):
                assert self.model.load(person, TODAY + timedelta(days=day), agreed=True) <= FULL_WEEK
