"""The whole life of a claim in any order: waiting, choosing, drawing, teams, consent, leaving; what must hold after each act."""

import asyncio
from collections import defaultdict
from collections.abc import Callable, Coroutine
from datetime import timedelta
from decimal import Decimal
from random import Random
from typing import Any
from uuid import UUID

import asyncpg
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from sqlalchemy.ext.asyncio import AsyncSession

from teams.demo.postgres import Server
from teams.journal.models import Actor
from teams.kit.clock import now
from teams.kit.db import Database
from teams.kit.errors import Refusal
from teams.klussen.actions import claim as claiming
from teams.klussen.actions.consent import answer_consent, void_moved
from teams.klussen.actions.hours import approve_week, book_hours, correct_hours
from teams.klussen.actions.klus import change_klus, post_klus
from teams.klussen.actions.offers import (
    accept_offer,
    decline_offer,
    move_in_line,
    offer_next,
    reject_people,
    select_people,
)
from teams.klussen.actions.phases import cancel_klus, close_klus, complete_klus, publish_klus, renew_klus
from teams.klussen.actions.settle import due_klussen, settle_klus
from teams.klussen.actions.team import claim_for_team, name_people, release_places
from teams.klussen.booked import BookForm, monday_of
from teams.klussen.consents import deciders
from teams.klussen.forms import KlusForm
from teams.klussen.hours import klus_end, tenths, weekly
from tests.klussen.scene import crowd, policy
from tests.places import give_back, take
from tests.world import START, TODAY, build_world

PEOPLE, HOURS = 7, 24
STATE_OF = {
    "claim.applied": "aangemeld", "claim.waiting": "wachtlijst", "claim.offered": "aangeboden", "claim.selected": "aangeboden",
    "claim.named": "aangeboden", "claim.declined": "afgeslagen", "claim.lapsed": "vervallen", "claim.rejected": "afgewezen",
    "claim.refused": "geweigerd", "claim.withdrawn": "ingetrokken", "claim.handed_back": "teruggegeven",
    "claim.completed": "afgerond", "claim.ended": "beeindigd", "claim.reservation_lapsed": "vervallen",
    "claim.reservation_released": "ingetrokken",
}  # fmt: skip
"""What an entry says of the state. Claims made and accepted say it in their facts; consent and the calendar say the rest."""
DECK = (
    ["claim"] * 20 + ["post"] + ["accept"] * 7 + ["decline"] * 2 + ["withdraw"] * 4 + ["select"] * 4 + ["reject"]
    + ["consent"] * 6 + ["hand_back"] * 2 + ["complete"] * 2 + ["reconfirm"] * 2 + ["reserve"] * 5 + ["name"] * 6 + ["release"] * 4
    + ["late"] * 3 + ["clock"] * 4 + ["weeks", "places", "hours", "close", "reopen", "cancel", "finish", "leave", "leave", "move_home",
    "next", "line", "double", "double", "renew"] + ["stop_later"] * 3 + ["go_on"] + ["book"] * 8 + ["correct"] * 2 + ["approve"] * 5
)  # fmt: skip
Verb = Callable[[AsyncSession, Any], Coroutine[Any, Any, Any]]


class LifeMachine(RuleBasedStateMachine):
    """The database is the model's equal in what is promised, not in every detail; R1-R17 as invariants."""

    server: Server
    steps = 0
    done: dict[str, int] = defaultdict(int)

    def __init__(self) -> None:
        super().__init__()
        self.runner = asyncio.Runner()
        self.runner.run(self.begin())

    async def begin(self) -> None:
        self.place = await take(self.server)
        self.owner = await asyncpg.connect(self.place.url("teams_owner"))
        self.db = Database(self.place.url(), pool=2)
        self.world = await build_world(self.owner)
        self.people = await crowd(self.owner, self.world, PEOPLE, hours=HOURS)
        await policy(self.owner, self.world, "balie", "instemming:rolverdeler:altijd:2:stil")
        self.gone: set[UUID] = set()

    def teardown(self) -> None:
        self.runner.run(self.end())
        self.runner.close()

    async def end(self) -> None:
        await self.db.close()
        await self.owner.close()
        await give_back(self.place)

    @initialize(seed=st.integers(0, 2**20))
    def start(self, seed: int) -> None:
        for number in range(3):
            self.runner.run(self.post(Random(seed + number)))

    @rule(seed=st.integers(0, 2**40))
    def step(self, seed: int) -> None:
        """The act too comes from the seed: drawn by hypothesis itself, the first of the deck would come most of the time."""
        what = Random(-seed).choice(DECK)
        type(self).steps += 1
        type(self).done[what] += self.runner.run(getattr(self, what)(Random(seed + 1))) is True

    async def act(self, verb: Verb) -> bool:
        try:
            async with self.db.begin() as session:
                await verb(session, await now(session))
            return True
        except Refusal as refusal:
            assert all("{" not in reason.text.format(**reason.values) for reason in refusal.reasons)
            return False

    async def some(self, chance: Random, *states: str, extra: str = "true") -> asyncpg.Record | None:
        rows = await self.owner.fetch(
            f"select c.*, k.version as klus_version from claim c join klus k on k.id = c.klus_id where c.state = any($1) and {extra} order by c.id", states,
        )  # fmt: skip
        return chance.choice(rows) if rows else None

    async def klus(self, chance: Random) -> asyncpg.Record:
        rows = await self.owner.fetch("select * from klus order by number")
        live = [row for row in rows if row["state"] in ("open", "gesloten", "in_uitvoering")]
        return chance.choice(live if live and chance.random() < 0.9 else rows)

    @property
    def aya(self) -> Actor:
        return self.world.actor("aya")

    async def post(self, chance: Random) -> bool:
        start = TODAY + timedelta(days=chance.randint(0, 20))
        way = chance.choice(["claim", "claim", "selectie", "loten"])
        until = TODAY + timedelta(days=chance.randint(0, 9)) if way == "loten" or chance.random() < 0.2 else None
        end = max(start, until or start) + timedelta(days=chance.randint(7, 40))
        form = KlusForm(
            titel="Klus", teamId=self.world.teams["groen"], plaatsen=chance.randint(1, 2), wijze=way,
            urenMin=Decimal(chance.choice([4, 12, 20])), van=start, tot=end, aanmeldenTot=until,
        )  # fmt: skip

        async def verb(session: AsyncSession, at: Any) -> None:
            made = await post_klus(session, form, by=self.aya, at=at)
            await publish_klus(session, made.id, by=self.aya, at=at)

        return await self.act(verb)

    async def claim(self, chance: Random) -> bool:
        klus, who = await self.klus(chance), chance.choice(self.people)
        return await self.act(lambda s, at: claiming.claim_klus(s, klus["id"], by=who, line=chance.random() < 0.8))

    async def on(self, chance: Random, states: tuple[str, ...], verb: Any, **more: Any) -> bool:
        row = await self.some(chance, *states)
        if row is None or row["person_id"] is None:
            return False
        by = Actor(person_id=row["person_id"])
        return await self.act(lambda s, at: verb(s, row["id"], by=by, at=at, **more))

    async def accept(self, chance: Random) -> bool:
        return await self.on(chance, ("aangeboden",), accept_offer)

    async def decline(self, chance: Random) -> bool:
        return await self.on(chance, ("aangeboden",), decline_offer)

    async def withdraw(self, chance: Random) -> bool:
        states = ("aangemeld", "wachtlijst", "aangeboden", "wacht_op_instemming", "bevestigd", "lopend")
        return await self.on(chance, states, claiming.withdraw_claim)

    async def hand_back(self, chance: Random) -> bool:
        return await self.on(chance, ("lopend", "bevestigd"), claiming.hand_back_claim, reason="Te druk.")

    async def complete(self, chance: Random) -> bool:
        return await self.on(chance, ("lopend", "wachtlijst"), claiming.complete_claim, result="Af.")

    async def stop_later(self, chance: Random) -> bool:
        day = TODAY + timedelta(days=chance.randint(1, 12))
        return await self.on(chance, ("lopend",), claiming.hand_back_claim, on=day, reason="Te druk.")

    async def go_on(self, chance: Random) -> bool:
        row = await self.some(chance, "lopend", extra="c.stops_on is not null")
        if row is None:
            return False
        by = Actor(person_id=row["person_id"])
        return await self.act(lambda s, at: claiming.keep_claim(s, row["id"], by=by, at=at))

    async def book(self, chance: Random) -> bool:
        """R11: any day of the last two weeks, any claim, now and then of somebody else."""
        row = await self.some(
            chance, "lopend", "afgerond", "teruggegeven", "bevestigd", extra="c.person_id is not null"
        )
        if row is None:
            return False
        by = Actor(person_id=row["person_id"] if chance.random() < 0.9 else self.world.people["aya"])
        form = BookForm(
            dag=TODAY - timedelta(days=chance.choice([0, 0, 3, 7, 8, 14])), uren=Decimal(chance.randint(5, 200)) / 10
        )
        return await self.act(lambda s, at: book_hours(s, row["id"], form, by=by, at=at))

    async def correct(self, chance: Random) -> bool:
        rows = await self.owner.fetch("select id, person_id from hours_booking order by id")
        if not rows:
            return False
        row = chance.choice(rows)
        by = Actor(person_id=row["person_id"])
        return await self.act(lambda s, at: correct_hours(s, row["id"], by=by, at=at))

    async def approve(self, chance: Random) -> bool:
        klus = await self.klus(chance)
        monday = monday_of(TODAY - timedelta(days=chance.choice([0, 7, 14])))
        return await self.act(lambda s, at: approve_week(s, klus["id"], monday, by=self.aya, at=at))

    async def reconfirm(self, chance: Random) -> bool:
        return await self.on(chance, ("bevestigd", "lopend", "wacht_op_instemming"), claiming.reconfirm_claim)

    async def double(self, chance: Random) -> bool:
        """The same click twice at the same moment."""
        row = await self.some(chance, "aangeboden", extra="c.person_id is not null")
        if row is None:
            return False
        by = Actor(person_id=row["person_id"])
        both = [self.act(lambda s, at: accept_offer(s, row["id"], by=by, at=at)) for _ in range(2)]
        assert sum(await asyncio.gather(*both)) <= 1, "R2: one of two clicks"
        return True

    async def select(self, chance: Random) -> bool:
        row = await self.some(chance, "aangemeld")
        if row is None:
            return False
        rows = await self.owner.fetch("select id from claim where klus_id = $1 and state = 'aangemeld'", row["klus_id"])
        chosen = [one["id"] for one in rows][: chance.randint(1, 2)]
        return await self.act(lambda s, at: select_people(s, row["klus_id"], chosen, by=self.aya, at=at))

    async def reject(self, chance: Random) -> bool:
        row = await self.some(chance, "aangemeld")
        if row is None:
            return False
        ids = [row["id"]]
        return await self.act(lambda s, at: reject_people(s, row["klus_id"], ids, by=self.aya, at=at, reason="Nee."))

    async def consent(self, chance: Random) -> bool:
        row = await self.some(chance, "wacht_op_instemming")
        if row is None:
            return False
        asked = await self.owner.fetchval(
            "select id from consent where claim_id = $1 and state = 'gevraagd'", row["id"]
        )
        async with self.db.read() as session:
            able = sorted(await deciders(session, asked, at=await now(session)))
        assert row["person_id"] not in able, "R6: never the claimant"
        if not able:
            return False
        by = Actor(person_id=able[0])
        yes = chance.random() < 0.7
        return await self.act(lambda s, at: answer_consent(s, row["id"], agrees=yes, by=by, at=at, reason="Te krap."))

    async def reserve(self, chance: Random) -> bool:
        klus, team = await self.klus(chance), self.world.teams["balie"]
        by, places = self.world.actor("cato"), chance.randint(1, 2)
        return await self.act(lambda s, at: claim_for_team(s, klus["id"], team, places, by=by, at=at))

    async def name(self, chance: Random) -> bool:
        row = await self.some(chance, "gereserveerd")
        if row is None:
            return False
        who, by = [chance.choice(self.people).person_id], self.world.actor("cato")
        return await self.act(lambda s, at: name_people(s, row["team_claim_id"], who, by=by, at=at))  # type: ignore[arg-type]

    async def release(self, chance: Random) -> bool:
        row = await self.some(chance, "gereserveerd")
        by = self.world.actor("cato")
        return row is not None and await self.act(lambda s, at: release_places(s, row["team_claim_id"], by=by, at=at))

    async def next(self, chance: Random) -> bool:
        klus = await self.klus(chance)
        return await self.act(lambda s, at: offer_next(s, klus["id"], by=self.aya, at=at))

    async def line(self, chance: Random) -> bool:
        row = await self.some(chance, "wachtlijst")
        place = chance.randint(1, 3)
        return row is not None and await self.act(
            lambda s, at: move_in_line(s, row["id"], place, by=self.aya, at=at, reason="Afgesproken.")
        )

    async def late(self, chance: Random) -> bool:
        klus = await self.klus(chance)
        await self.owner.execute(
            "update claim set due_at = now() - interval '1 second' where klus_id = $1 and due_at is not null",
            klus["id"],
        )
        return True

    async def clock(self, chance: Random) -> bool:
        async with self.db.read() as session:
            due = await due_klussen(session, at=await now(session))
        for klus_id in due:
            await self.act(lambda s, at, klus_id=klus_id: settle_klus(s, klus_id, at=at))  # type: ignore[misc]
        await self.act(lambda s, at: void_moved(s, at=at))
        await self.nobody_forgotten()
        return True

    async def weeks(self, chance: Random) -> bool:
        await self.owner.execute("update klus set starts = starts - 7, ends = ends - 7, apply_until = apply_until - 7")
        await self.owner.execute("update claim set at = at - interval '7 days', stops_on = stops_on - 7")
        return True

    async def changed(self, chance: Random, **new: Any) -> bool:
        k = await self.klus(chance)
        old = {
            "titel": k["title"], "teamId": k["team_id"], "plaatsen": k["places"], "wijze": k["way"], "urenMin": k["hours_min"],
            "van": k["starts"], "tot": k["ends"], "aanmeldenTot": k["apply_until"],
        }  # fmt: skip
        form = KlusForm(**{**old, **new})
        return await self.act(lambda s, at: change_klus(s, k["id"], form, version=k["version"], by=self.aya, at=at))

    async def places(self, chance: Random) -> bool:
        return await self.changed(chance, plaatsen=chance.randint(1, 4))

    async def hours(self, chance: Random) -> bool:
        return await self.changed(chance, urenMin=Decimal(chance.choice([4, 12, 20])), urenMax=None)

    async def managed(self, chance: Random, verb: Any) -> bool:
        klus = await self.klus(chance)
        return await self.act(lambda s, at: verb(s, klus["id"], by=self.aya, at=at))

    async def close(self, chance: Random) -> bool:
        return await self.managed(chance, close_klus)

    async def renew(self, chance: Random) -> bool:
        return await self.managed(chance, renew_klus)

    async def reopen(self, chance: Random) -> bool:
        return await self.managed(chance, publish_klus)

    async def cancel(self, chance: Random) -> bool:
        return chance.random() < 0.3 and await self.managed(chance, cancel_klus)

    async def finish(self, chance: Random) -> bool:
        return await self.managed(chance, complete_klus)

    async def leave(self, chance: Random) -> bool:
        who = chance.choice(self.people).person_id
        if chance.random() < 0.7 or who is None or len(self.gone) > 2:
            return False
        self.gone.add(who)
        await self.owner.execute(
            "update contract set recorded = tstzrange(lower(recorded), now()) where person_id = $1 and upper_inf(recorded)",
            who,
        )
        return await self.act(lambda s, at: claiming.end_claims(s, {who: TODAY}))

    async def move_home(self, chance: Random) -> bool:
        who, team = chance.choice(self.people).person_id, self.world.teams[chance.choice(["balie", "groen", "top"])]
        await self.owner.execute(
            "update home_team set recorded = tstzrange(lower(recorded), now()) where person_id = $1 and upper_inf(recorded)",
            who,
        )
        await self.owner.execute(
            "insert into home_team (person_id, team_id, valid) values ($1, $2, daterange($3, null))", who, team, START
        )
        return True

    @invariant()
    def what_is_promised(self) -> None:
        self.runner.run(self.check())

    async def check(self) -> None:
        klussen = {row["id"]: row for row in await self.owner.fetch("select * from klus")}
        claims = await self.owner.fetch("select * from claim order by at, id")
        seats: dict[UUID, list[int]] = defaultdict(list)
        for row in claims:
            if row["seat"] is not None:
                seats[row["klus_id"]].append(row["seat"])
        for klus_id, klus in klussen.items():
            held = seats[klus_id]
            assert len(held) == len(set(held)) == klus["taken"] <= klus["places"], "R1"
            assert all(1 <= seat <= klus["places"] for seat in held)
            if klus["state"] in ("afgerond", "ingetrokken", "verlopen"):
                assert not any(c["ended_at"] is None for c in claims if c["klus_id"] == klus_id), "R10, R15"
        self.check_hours(klussen, claims)
        await self.check_booked()
        await self.check_consents(claims)
        await self.check_history(claims)

    def check_hours(self, klussen: dict[UUID, asyncpg.Record], claims: list[asyncpg.Record]) -> None:
        """R5: by known klus hours nobody is over contract; what was agreed before a change (R8) is not counted anew."""
        for person in {row["person_id"] for row in claims if row["seat"] is not None and row["person_id"]} - self.gone:
            spans = []
            for row in claims:
                klus = klussen[row["klus_id"]]
                if row["person_id"] == person and row["seat"] is not None and row["terms"] == klus["terms"]:
                    first = klus["starts"].toordinal()
                    end = klus_end(first, klus["ends"], total=False)
                    spans.append((first, end, weekly(tenths(row["hours"]), first, end, total=False)))
            for day in range(TODAY.toordinal(), TODAY.toordinal() + 60, 7):
                assert sum(hours for first, end, hours in spans if first <= day < end) <= 10 * HOURS, "R5"

    async def check_booked(self) -> None:
        """R11: a day has 24 hours, what was taken back is gone once, a closed week stays as it was approved."""
        days = await self.owner.fetch("select sum(tenths) as tenths from hours_booking group by person_id, day")
        assert all(0 <= row["tenths"] <= 240 for row in days), "R11"
        wrong = await self.owner.fetchval(
            """select count(*) from hours_booking b join claim c on c.id = b.claim_id left join hours_booking o on o.id = b.reverses
               where b.person_id <> c.person_id or b.booked_by <> c.person_id
                 or b.reverses is not null and (o.tenths, o.day, o.claim_id) is distinct from (-b.tenths, b.day, b.claim_id)"""
        )
        assert not wrong, "R11: own hours, mirrored as a whole"
        closed = await self.owner.fetch(
            """select w.tenths, coalesce(sum(b.tenths), 0) as now from hours_week w left join claim c on c.klus_id = w.klus_id
               left join hours_booking b on b.claim_id = c.id and date_trunc('week', b.day)::date = w.monday
               group by w.klus_id, w.monday, w.tenths"""
        )
        assert all(row["tenths"] == row["now"] for row in closed), "R11: a closed week"

    async def check_consents(self, claims: list[asyncpg.Record]) -> None:
        asked = {
            row["claim_id"] for row in await self.owner.fetch("select claim_id from consent where state = 'gevraagd'")
        }
        assert asked == {row["id"] for row in claims if row["state"] == "wacht_op_instemming"}, "R6"
        by_party = "select count(*) from consent co join claim c on c.id = co.claim_id join klus k on k.id = c.klus_id"
        assert not await self.owner.fetchval(f"{by_party} where co.answered_by in (c.person_id, k.posted_by)"), "R6"

    async def check_history(self, claims: list[asyncpg.Record]) -> None:
        """Every state follows from the journal alone."""
        told: dict[str, str] = {}
        for entry in await self.owner.fetch(
            "select verb, facts ->> 'claim' as claim, facts ->> 'state' as state from journal"
            " where facts ? 'claim' order by id"
        ):
            if entry["state"]:
                told[entry["claim"]] = entry["state"]
            elif entry["verb"] in STATE_OF:
                told[entry["claim"]] = STATE_OF[entry["verb"]]
            elif entry["verb"] == "consent.asked":
                told[entry["claim"]] = "wacht_op_instemming"
            elif (
                entry["verb"] in ("consent.given", "consent.silent", "consent.voided")
                and told.get(entry["claim"]) == "wacht_op_instemming"
            ):
                told[entry["claim"]] = "bevestigd"
        for row in claims:
            if row["state"] == "gereserveerd":
                continue
            said = told.get(str(row["id"]), "wachtlijst" if row["lot"] else "")
            drawn = said == "aangemeld" and row["lot"] and row["state"] == "wachtlijst"
            begun = said == "bevestigd" and row["state"] == "lopend"
            assert said == row["state"] or drawn or begun, (said, row["state"])

    async def nobody_forgotten(self) -> None:
        """R4: after the clock, who waits beside a free place has been told why."""
        left = await self.owner.fetch(
            """select c.id from claim c join klus k on k.id = c.klus_id where c.state = 'wachtlijst' and c.skipped = ''
               and k.state in ('open', 'in_uitvoering') and k.accepting and k.taken < k.places and k.ends >= $1""", TODAY
        )  # fmt: skip
        assert not left, "nobody is skipped in silence"
        late = "select count(*) from claim where seat is not null and stops_on < $1"
        assert not await self.owner.fetchval(late, TODAY), "who said to stop has stopped"
