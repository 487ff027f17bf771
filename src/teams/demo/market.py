"""The klussen of Zandermeer with their claims, as they went from posting to today."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import asyncpg

from teams.demo.past import Past
from teams.demo.zandermeer.model import DemoClaim, DemoKlus, Zandermeer
from teams.kit.clock import day_of, start_of
from teams.klussen.models import HOLDS_SEAT, ClaimState, KlusState

_KLUS = """
    insert into klus (id, title, description, kind, way, state, team_id, role_id, posted_by, places, hours_min, hours_max,
        hours_total, starts, ends, apply_until, accepting, origin, origin_reference, powers, created_at, published_at)
    values (uuidv7($1::timestamptz - clock_timestamp()), $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16,
        $17, $18, $19, $20, $1, $21)
    returning id, number
"""
_SKILLS = """
    insert into klus_skill (klus_id, skill_id) select $1, id from skill where plain(name) = any(
        select plain(n) from unnest($2::text[]) n)
"""
_CLAIM = """
    insert into claim (id, klus_id, person_id, state, seat, hours, at, ended_at, ended_on, reason)
    values (uuidv7($1::timestamptz - clock_timestamp()), $2, $3, $4, $5, $6, $1, $7, $8, $9) returning id
"""
_MISSING_SKILLS = "insert into skill (name) select n from unnest($1::text[]) n on conflict do nothing"
_CLAIM_ENDS = {
    ClaimState.COMPLETED: "claim.completed",
    ClaimState.WITHDRAWN: "claim.withdrawn",
    ClaimState.HANDED_BACK: "claim.handed_back",
    ClaimState.ENDED: "claim.ended",
}
_KLUS_ENDS = {
    KlusState.CLOSED: "klus.closed",
    KlusState.COMPLETED: "klus.completed",
    KlusState.CANCELLED: "klus.cancelled",
    KlusState.EXPIRED: "klus.expired",
}
_NO_CLAIMS_ANY_MORE = (KlusState.CLOSED, KlusState.COMPLETED, KlusState.CANCELLED)


class Market:
    """What every klus needs to know of the rest: ids of people, teams and roles."""

    def __init__(self, connection: asyncpg.Connection, past: Past) -> None:
        self.connection, self.past = connection, past
        self.people: dict[str, UUID] = {}
        self.homes: dict[str, UUID] = {}
        self.teams: dict[str, UUID] = {}
        self.roles: dict[tuple[str, str], UUID] = {}

    async def look_around(self) -> None:
        for row in await self.connection.fetch(
            "select p.number, p.id, (select h.team_id from home_team h where h.person_id = p.id and upper_inf(h.recorded)"
            " order by lower(h.valid) desc limit 1) as home from person p"
        ):
            self.people[row["number"]] = row["id"]
            if row["home"] is not None:
                self.homes[row["number"]] = row["home"]
        for row in await self.connection.fetch("select code, id from team"):
            self.teams[row["code"]] = row["id"]
        for row in await self.connection.fetch(
            "select t.code, v.name, v.role_id from role_version v join team t on t.id = v.team_id"
            " where upper_inf(v.recorded) order by lower(v.valid)"
        ):
            self.roles[row["code"], row["name"]] = row["role_id"]

    async def post(self, klus: DemoKlus) -> None:
        team, role, poster = self.teams[klus.team], self.roles[klus.team, klus.rol], self.people[klus.geplaatst_door]
        published = None if klus.status == KlusState.DRAFT else klus.geplaatst_op
        posted = klus.geplaatst_op - timedelta(minutes=4)
        row = await self.connection.fetchrow(
            _KLUS, posted, klus.titel, klus.omschrijving, klus.soort, klus.wijze, klus.status, team, role, poster,
            klus.plaatsen, klus.uren_min, klus.uren_max, klus.uren_totaal, klus.van, klus.tot, klus.aanmelden_tot,
            klus.status not in _NO_CLAIMS_ANY_MORE, klus.herkomst, klus.herkomst_kenmerk, list(klus.bevoegdheden), published,
        )  # fmt: skip
        await self.connection.execute(_SKILLS, row["id"], list(klus.vaardigheden))
        told = Told(self.past, row["id"], row["number"], team, role)
        told.klus("klus.posted", posted, by=poster)
        if published is not None:
            told.klus("klus.published", published, by=poster)
        seat = 0
        for claim in klus.claims:
            seat += claim.status in HOLDS_SEAT
            await self.claim(klus, claim, told, seat if claim.status in HOLDS_SEAT else None)
        begin = start_of(klus.van)
        if klus.status == KlusState.RUNNING or (klus.status == KlusState.COMPLETED and klus.claims):
            told.klus("klus.started", begin)
        if klus.status in _KLUS_ENDS:
            at = max([klus.status_op, *(claim.ended_at for claim in klus.claims if claim.ended_at)])
            reasons = [claim.reason for claim in klus.claims if claim.status == ClaimState.ENDED]
            told.klus(
                _KLUS_ENDS[KlusState(klus.status)],
                at + timedelta(seconds=1),
                by=None if klus.status == KlusState.EXPIRED else poster,
                reason=reasons[0] if klus.status == KlusState.CANCELLED and reasons else "",
            )

    async def claim(self, klus: DemoKlus, claim: DemoClaim, told: "Told", seat: int | None) -> None:
        person, home = self.people[claim.personeelsnummer], self.homes.get(claim.personeelsnummer)
        ended_on = day_of(claim.ended_at) if claim.ended_at else None
        claim_id = await self.connection.fetchval(
            _CLAIM, claim.at, told.id, person, claim.status, seat, claim.uren, claim.ended_at, ended_on, claim.reason
        )
        about = (("klus", told.id), ("person", person), ("team", told.team), ("team", home))
        state = ClaimState.CONFIRMED if claim.at < start_of(klus.van) else ClaimState.RUNNING
        facts: dict[str, Any] = {"claim": claim_id, "state": state}
        self.past.tell(claim.at, "claim.made", about, {**facts, "seat": seat} if seat else facts, by=person)
        if claim.ended_at is not None:
            by: UUID | None = person
            if claim.status == ClaimState.ENDED:
                by = self.people[klus.geplaatst_door] if klus.status == KlusState.CANCELLED else None
            self.past.tell(claim.ended_at, _CLAIM_ENDS[ClaimState(claim.status)], about, {"claim": claim_id}, by=by)


class Told:
    """One klus, and what the journal says of it."""

    def __init__(self, past: Past, klus_id: UUID, number: int, team: UUID, role: UUID) -> None:
        self.past, self.id, self.number, self.team, self.role = past, klus_id, number, team, role

    def klus(self, verb: str, at: datetime, *, by: UUID | None = None, reason: str = "") -> None:
        about = (("klus", self.id), ("team", self.team), ("person", by))
        role = self.role if by else None
        self.past.tell(at, verb, about, {"number": self.number} if by else {}, by=by, role=role, reason=reason)


async def seed_klussen(connection: asyncpg.Connection, z: Zandermeer, past: Past) -> None:
    """In order of posting, so that the numbers follow it. The trigger on claims keeps `klus.taken`."""
    market = Market(connection, past)
    await market.look_around()
    skills = sorted({skill for klus in z.klussen for skill in klus.vaardigheden})
    await connection.execute(_MISSING_SKILLS, skills)
    for klus in sorted(z.klussen, key=lambda klus: (klus.geplaatst_op, klus.titel)):
        await market.post(klus)
