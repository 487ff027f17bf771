"""Waiting lists, offers, selections, lots and consents among the klussen of Zandermeer, the same for the same day."""

import hashlib
import json
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import asyncpg

from teams.demo.past import Past
from teams.demo.zandermeer.quota import FIRST
from teams.kit.clock import start_of
from teams.klussen.hours import hours_from
from teams.klussen.lending import term
from teams.klussen.weighing import fits

FULL, OFFERED, SELECTED, DRAWN, LENT = 8, 4, 6, 3, 4
_POLICIES = (
    ("instemming:rolverdeler:5", "Wie gaat er mee doen?", "Past een klus niet in de eigen uren, dan beslist de rolverdeler binnen vijf werkdagen."),
    ("instemming:teamsecretaris:3:stil", "Uitlenen mag", "Past een klus niet in de eigen uren, dan antwoordt de teamsecretaris binnen drie werkdagen. Zwijgen is ja."),
)  # fmt: skip
_POLICY = """
    with p as (insert into policy (team_id) values ($1) returning id)
    insert into policy_version (policy_id, kind, title, text, valid, recorded)
    select id, $2, $3, $4, daterange($5, null), tstzrange($6, null) from p returning policy_id
"""
_TEAMS = """
    select t.id from team t where exists (select from role_version v join role_filling f on f.role_id = v.role_id
        and upper_inf(f.recorded) and f.valid @> now() where v.team_id = t.id and v.core = split_part($1, ':', 2)
        and upper_inf(v.recorded)) and not exists (select from policy y where y.team_id = t.id)
        and not exists (select from home_team h join person p on p.id = h.person_id where h.team_id = t.id
            and upper_inf(h.recorded) and split_part(p.email, '@', 1) = any($2)) order by t.code desc limit 2
"""
_KLUSSEN = """
    select k.* from klus k where k.state = 'open' and k.kind <> 'vacature' and k.way = 'claim' and k.title <> all($1)
        and k.hours_min is not null and (k.apply_until is null or k.apply_until > $2::date + 1) order by k.number
"""
_PEOPLE = """
    select p.id, p.number, h.team_id as home, person_hours(p.id)::text as hours, (select v.role_id from role_version v
            join role_filling f on f.role_id = v.role_id and upper_inf(f.recorded) and f.valid @> now()
            where v.team_id = h.team_id and v.core = 'rolverdeler' and upper_inf(v.recorded) and f.person_id <> p.id
            order by v.role_id limit 1) as lead
    from person p join home_team h on h.person_id = p.id and upper_inf(h.recorded) and h.valid @> $1::date
    join contract c on c.person_id = p.id and upper_inf(c.recorded) and c.valid @> $1::date
    where split_part(p.email, '@', 1) <> all($2)
        and not exists (select from organ_member m where m.person_id = p.id) order by p.number
"""
_TAKEN = "select klus_id, person_id, seat from claim where ended_at is null"
_CLAIM = """
    insert into claim (klus_id, person_id, state, seat, hours, terms, at, lined_at, due_at, lot, motivation, chosen_by)
    values ($1, $2, $3, $4, $5, 1, $6, $7, $8, $9, $10, $11) returning id
"""
_CONSENT = """
    insert into consent (claim_id, team_id, role_id, on_expiry, hours, starts, ends, terms, asked_at, due_at)
    values ($1, $2, $3, 'vervalt', $4, $5, $6, 1, $7, $8)
"""
PERSONAS = [
    "medewerker",
    "collega",
    "rolvervuller",
    "facilitator",
    "secretaris",
    "controller",
    "wethouder",
    "griffie",
    "beheer",
]
_WORDS = ("Ik ken de wijk goed.", "Dit deed ik eerder in mijn vorige team.", "Hier wil ik meer van leren.", "")


class Waiting:
    """Picks klussen and people in a fixed order; nobody stands twice on a klus, seats only where hours fit."""

    def __init__(self, connection: asyncpg.Connection, today: date, past: Past) -> None:
        self.connection, self.today, self.past = connection, today, past
        self.turn = 0

    async def look_around(self) -> None:
        self.people = await self.connection.fetch(_PEOPLE, self.today, PERSONAS)
        self.klussen = list(await self.connection.fetch(_KLUSSEN, list(FIRST), self.today))
        self.on: dict[UUID, set[UUID]] = {}
        self.seats: dict[UUID, set[int]] = {}
        for row in await self.connection.fetch(_TAKEN):
            self.on.setdefault(row["klus_id"], set()).add(row["person_id"])
            if row["seat"]:
                self.seats.setdefault(row["klus_id"], set()).add(row["seat"])
        self.hours = {row["id"]: hours_from(json.loads(row["hours"], parse_float=Decimal)) for row in self.people}
        self.seated: set[UUID] = set()

    def some(self, count: int, fit: Any) -> list[asyncpg.Record]:
        chosen = [klus for klus in self.klussen if fit(klus)][:count]
        self.klussen = [klus for klus in self.klussen if klus not in chosen]
        return chosen

    def person(self, klus: asyncpg.Record, *, seat: bool = False, over: bool = False) -> asyncpg.Record:
        """The next person for this klus; `seat`: with room for it; `over`: only beside the hours of roles."""
        for _ in range(len(self.people)):
            self.turn = (self.turn + 7) % len(self.people)
            person = self.people[self.turn]
            if person["id"] in self.on.get(klus["id"], ()) or person["id"] == klus["posted_by"]:
                continue
            if seat and (person["id"] in self.seated or person["home"] == klus["team_id"] or person["lead"] is None):
                continue
            mine = self.hours[person["id"]]
            tight = bool(self._short(mine, klus))
            known = bool(self._short(type(mine)(mine.contracts, mine.absences, (), mine.others), klus))
            if seat and (known or tight != over):
                continue
            self.on.setdefault(klus["id"], set()).add(person["id"])
            if seat:
                self.seated.add(person["id"])
            return person
        raise LookupError(f"nobody left for klus {klus['number']}")

    def _short(self, hours: Any, klus: asyncpg.Record) -> Any:
        return fits(hours, klus["hours_min"], starts=klus["starts"], ends=klus["ends"], total=False, today=self.today)

    def at(self, days: int) -> datetime:
        """A working hour some days ago, after the klus was posted or at the very end of yesterday."""
        return start_of(self.today) - timedelta(days=days) + timedelta(hours=9, minutes=self.turn % 50)

    async def claim(
        self, klus: asyncpg.Record, person: asyncpg.Record, state: str, at: datetime, *, seat: int | None = None,
        due: datetime | None = None, lot: int | None = None, chosen_by: UUID | None = None,
    ) -> UUID:  # fmt: skip
        at = max(at, klus["published_at"] + timedelta(minutes=self.turn % 50 + 5))
        lined = at if state in ("wachtlijst", "aangeboden") and chosen_by is None else None
        claim: UUID = await self.connection.fetchval(
            _CLAIM, klus["id"], person["id"], state, seat, klus["hours_min"], at, lined, due, lot,
            _WORDS[self.turn % 4] if state in ("aangemeld",) else "", chosen_by,
        )  # fmt: skip
        first = {"aangemeld": "claim.applied", "wacht_op_instemming": "claim.made"}.get(state)
        first = first or ("claim.applied" if chosen_by else "claim.waiting")
        self.tell(at, first, klus, person, {"claim": claim, "state": state if state != "aangeboden" else None})
        return claim

    def tell(
        self, at: datetime, verb: str, klus: asyncpg.Record, person: asyncpg.Record, facts: dict[str, Any],
        *, by: UUID | None = None, accountable: bool = False,
    ) -> None:  # fmt: skip
        about = (("klus", klus["id"]), ("person", person["id"]), ("team", klus["team_id"]), ("team", person["home"]))
        said = {name: value for name, value in facts.items() if value is not None}
        who = person["id"] if by is None and verb in ("claim.applied", "claim.waiting", "claim.made") else by
        self.past.tell(at, verb, tuple(dict.fromkeys(about)), said, by=who, accountable=accountable)

    def free(self, klus: asyncpg.Record) -> int:
        held = self.seats.setdefault(klus["id"], set())
        seat = next(n for n in range(1, klus["places"] + 1) if n not in held)
        held.add(seat)
        return seat

    async def full(self) -> None:
        for klus in self.some(FULL, lambda k: k["taken"] == k["places"]):
            for number in range(2 + klus["number"] % 3):
                await self.claim(klus, self.person(klus), "wachtlijst", self.at(6 - number))

    async def offered(self) -> None:
        """Somebody gave up a place: the first in line has an offer, others wait behind."""
        for klus in self.some(OFFERED, lambda k: k["taken"] == k["places"] - 1 and k["taken"]):
            person, at = self.person(klus, seat=True), start_of(self.today) - timedelta(minutes=30)
            claim = await self.claim(
                klus, person, "aangeboden", self.at(5), seat=self.free(klus), due=term(start_of(self.today))
            )
            self.tell(at, "claim.offered", klus, person, {"claim": claim})
            await self.claim(klus, self.person(klus), "wachtlijst", self.at(3))

    async def selected(self) -> None:
        for number, klus in enumerate(self.some(SELECTED, lambda k: not k["taken"])):
            await self.connection.execute("update klus set way = 'selectie' where id = $1", klus["id"])
            for turn in range(3):
                await self.claim(klus, self.person(klus), "aangemeld", self.at(4 - turn))
            if number % 3 == 0:
                person, at = self.person(klus, seat=True), start_of(self.today) - timedelta(minutes=50)
                claim = await self.claim(
                    klus, person, "aangeboden", self.at(4), seat=self.free(klus), due=term(start_of(self.today)),
                    chosen_by=klus["posted_by"],
                )  # fmt: skip
                self.tell(at, "claim.selected", klus, person, {"claim": claim}, by=klus["posted_by"], accountable=True)

    async def drawn(self) -> None:
        for klus in self.some(DRAWN, lambda k: not k["taken"] and k["apply_until"]):
            seed = hashlib.sha256(f"zandermeer:{klus['number']}".encode()).hexdigest()
            await self.connection.execute("update klus set way = 'loten' where id = $1", klus["id"])
            await self.connection.execute(
                "insert into klus_draw (klus_id, seed, commitment) values ($1, $2, $3)",
                klus["id"], seed, hashlib.sha256(seed.encode()).hexdigest(),
            )  # fmt: skip
            for lot in range(1, 5):
                await self.claim(klus, self.person(klus), "aangemeld", self.at(5 - lot), lot=lot)

    async def lent(self) -> None:
        for klus in self.some(LENT, lambda k: k["taken"] < k["places"]):
            person, at, due = (
                self.person(klus, seat=True, over=True),
                start_of(self.today) - timedelta(minutes=40),
                None,
            )
            due = term(start_of(self.today), 5)
            claim = await self.claim(klus, person, "wacht_op_instemming", at, seat=self.free(klus), due=due)
            asked = max(at, klus["published_at"] + timedelta(hours=1))
            await self.connection.execute(
                _CONSENT,
                claim,
                person["home"],
                person["lead"],
                klus["hours_min"],
                klus["starts"],
                klus["ends"],
                asked,
                due,
            )
            self.tell(asked, "consent.asked", klus, person, {"claim": claim}, by=person["id"], accountable=True)


async def seed_waiting(connection: asyncpg.Connection, today: date, past: Past) -> int:
    """After the klussen, before the past is written. Returns how many people wait, were offered a place or are asked for."""
    for kind, title, words in _POLICIES:
        for team in await connection.fetch(_TEAMS, kind, PERSONAS):
            since = today - timedelta(days=300)
            found = await connection.fetchval(_POLICY, team["id"], kind, title, words, since, start_of(since))
            facts = {"policy": found, "team": team["id"], "from": since}
            past.tell(
                start_of(since),
                "policy.created",
                (("policy", found), ("team", team["id"])),
                facts,
                accountable=True,
                title=title,
            )
    waiting = Waiting(connection, today, past)
    await waiting.look_around()
    for part in (waiting.full, waiting.offered, waiting.drawn, waiting.selected, waiting.lent):
        await part()
    return int(
        await connection.fetchval(
            "select count(*) from claim where state in ('aangemeld','wachtlijst','aangeboden','wacht_op_instemming')"
        )
    )
