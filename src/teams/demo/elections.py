"""Elections of the past two years: who was nominated and why, who changed, and who was chosen for the role they fill today."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

import asyncpg

from teams.demo.past import Past
from teams.kit.clock import AMSTERDAM

MOST = 6
REASONS = (
    "Vraagt door zonder te oordelen.", "Denkt aan iedereen.", "Zet afspraken dezelfde dag op papier.", "Houdt de tijd goed in de gaten.",
    "Kan goed uitleggen wat wij nodig hebben.", "Bleef rustig toen het spannend werd.", "Heeft er dit jaar tijd voor.",
)  # fmt: skip
ASKS = {
    "begeleider": "Overleggen begeleiden en bezwaren toetsen.",
    "teamsecretaris": "Overleggen plannen en afspraken bijhouden.",
    "afgevaardigde": "Ons team vertegenwoordigen in het team erboven.",
}
LEADERS = ("begeleider", "teamsecretaris", "rolverdeler", "lid")
_CHOSEN = """
    select * from (select distinct on (t.code) t.code, v.team_id, v.role_id, v.core, v.name, f.person_id, f.hours,
        (lower(f.valid) at time zone 'Europe/Amsterdam')::date as day,
        coalesce((upper(f.valid) at time zone 'Europe/Amsterdam')::date - 1, $1::date + 365) as ends
    from role_filling f join role_version v on v.role_id = f.role_id and upper_inf(v.recorded) and v.valid @> $1::date
    join team t on t.id = v.team_id
    where upper_inf(f.recorded) and f.elected and f.valid @> now() and v.core = any($2)
        and lower(f.valid) between $1::date - 640 and $1::date - 10
    order by t.code, lower(f.valid) desc, v.role_id) x order by x.code <> 'GW', x.code
"""
_VOTERS = """
    select distinct on (p.id) p.id, p.name, f.role_id, array(select w.core from role_version w
        join role_filling g on g.role_id = w.role_id and upper_inf(g.recorded) and g.valid @> $2::timestamptz and g.person_id = p.id
        where w.team_id = $1 and w.core is not null and upper_inf(w.recorded)) as cores
    from role_version v
    join role_filling f on f.role_id = v.role_id and upper_inf(f.recorded) and f.valid @> $2::timestamptz
    join person p on p.id = f.person_id
    where v.team_id = $1 and upper_inf(v.recorded) and v.valid @> ($2::timestamptz at time zone 'Europe/Amsterdam')::date
    order by p.id, v.core is not null, v.name
"""


@dataclass
class Vote:
    """One election as it is written down, moment after moment."""

    connection: asyncpg.Connection
    past: Past
    row: Any
    id: UUID
    number: int

    async def act(self, kind: str, at: datetime, *, by: UUID | None = None, acting: str | None = None) -> None:
        candidate = self.row["person_id"] if kind in ("kandidaat", "gekozen") else None
        await self.connection.execute(
            "insert into election_act (election_id, kind, person_id, acting_as, candidate_id, at) values ($1, $2, $3, $4, $5, $6)",
            self.id, kind, by, acting, candidate, at,
        )  # fmt: skip

    async def moves(self, state: str, round_: int) -> None:
        await self.connection.execute(
            "update election set state = $2, round = $3 where id = $1", self.id, state, round_
        )

    def tell(self, verb: str, at: datetime, *, by: UUID | None = None, accountable: bool = False, **facts: Any) -> None:
        about = {"number": self.number, "election": self.id, "role": self.row["role_id"], **facts}
        on = (("role", self.row["role_id"]), ("team", self.row["team_id"]), ("person", by))
        self.past.tell(at, verb, on, about, by=by, accountable=accountable)


async def seed_elections(connection: asyncpg.Connection, today: date, past: Past) -> int:
    """For some of the elected people their election, told in full. Returns how many."""
    made = 0
    for row in await connection.fetch(_CHOSEN, today, list(ASKS)):
        called = datetime.combine(row["day"] - timedelta(days=14), time(10), AMSTERDAM)
        voters = await connection.fetch(_VOTERS, row["team_id"], called)
        if made < MOST and len(voters) >= 4 and row["person_id"] in {one["id"] for one in voters}:
            await _held(connection, past, row, sorted(voters, key=lambda one: str(one["name"])), called)
            made += 1
    return made


async def _held(connection: asyncpg.Connection, past: Past, row: Any, voters: Sequence[Any], called: datetime) -> None:
    winner: UUID = row["person_id"]
    others = [one["id"] for one in voters if one["id"] != winner and "rolverdeler" not in one["cores"]] or [winner]
    second, caller = others[0], voters[-1]["id"]
    able = sorted((one for one in voters if one["id"] != winner), key=lambda one: _place(one["cores"]))
    leader, acting = able[0]["id"], LEADERS[_place(able[0]["cores"])]
    found = await connection.fetchrow(
        "insert into election (team_id, role_id, text, hours, ends_on, candidates, called_by, lapses_at, created_at)"
        " values ($1, $2, $3, $4, $5, 'leden', $6, $7, $8) returning id, number",
        row["team_id"], row["role_id"], ASKS[row["core"]], row["hours"], row["ends"], caller, called + timedelta(days=90), called,
    )  # fmt: skip
    vote = Vote(connection, past, row, found["id"], found["number"])
    await connection.executemany(
        "insert into election_elector values ($1, $2, $3)", [(vote.id, one["id"], one["role_id"]) for one in voters]
    )
    vote.tell("election.called", called, by=caller, electors=len(voters))
    first = {one["id"]: second if place % 3 == 1 else winner for place, one in enumerate(voters)}
    shared = called + timedelta(days=5)
    for place, (person, name) in enumerate(first.items()):
        at, reason = called + timedelta(hours=3 + 19 * place % 90), REASONS[place % len(REASONS)]
        await connection.execute(
            "insert into election_ballot values ($1, $2, $3, $4, $5)", vote.id, person, name, reason, at
        )
        vote.tell("election.balloted", at, by=person)
        await _nominated(vote, 1, person, name, reason, shared)
    await vote.act("gedeeld", shared)
    await vote.moves("wisselen", 2)
    vote.tell("election.shared", shared, ballots=len(first))
    changed = next((person for person, name in first.items() if name == second and second != winner), winner)
    await _nominated(vote, 2, changed, winner, "Nu ik de redenen lees, past dit beter.", shared + timedelta(days=1))
    closed = shared + timedelta(days=2)
    await vote.act("wisselronde_dicht", closed, by=leader, acting=acting)
    await vote.act("kandidaat", closed, by=leader, acting=acting)
    await vote.moves("bezwaar", 2)
    await _chosen(vote, voters, leader, closed)


def _place(cores: Sequence[str]) -> int:
    """G16: the facilitator, the other of the two, the rolverdeler, any member."""
    return next((place for place, core in enumerate(LEADERS) if core in cores), len(LEADERS) - 1)


async def _nominated(vote: Vote, round_: int, person: UUID, name: UUID, reason: str, at: datetime) -> None:
    await vote.connection.execute(
        "insert into election_nomination (election_id, round, person_id, candidate_id, reason, at) values ($1, $2, $3, $4, $5, $6)",
        vote.id, round_, person, name, reason, at,
    )  # fmt: skip


async def _chosen(vote: Vote, voters: Sequence[Any], leader: UUID, at: datetime) -> None:
    """The candidate says yes, nobody has an objection, and the role is filled on the day it was."""
    connection, row = vote.connection, vote.row
    start = datetime.combine(row["day"], time(0, 1), AMSTERDAM)
    offer = await connection.fetchval(
        "insert into filling_offer (team_id, role_id, person_id, asked_by, election_id, way, hours, ends_on, text, at)"
        " values ($1, $2, $3, $4, $5, 'verkiezing', $6, $7, $8, $9) returning id",
        row["team_id"], row["role_id"], row["person_id"], leader, vote.id, row["hours"], row["ends"], ASKS[row["core"]], at,
    )  # fmt: skip
    proposal, number = await _proposed(vote, voters, leader, offer, at)
    vote.tell("election.candidate", at, by=leader, candidate=row["person_id"], proposal=number)
    for kind, state, moment in (("aanvaard", "aanvaard", at + timedelta(days=1)), ("vervuld", "vervuld", start)):
        if state == "vervuld":
            await connection.execute(
                "insert into adoption (proposal_id, version, by_silence, silent, at) values ($1, 1, false, 0, $2)",
                proposal,
                start,
            )
            await connection.execute("update proposal set state = 'aangenomen' where id = $1", proposal)
        person = row["person_id"] if kind == "aanvaard" else None
        await connection.execute(
            "insert into filling_offer_act (offer_id, kind, person_id, at) values ($1, $2, $3, $4)",
            offer,
            kind,
            person,
            moment,
        )
        await connection.execute("update filling_offer set state = $2 where id = $1", offer, state)
    await vote.act("gekozen", start)
    await vote.moves("gekozen", 2)
    about = (("proposal", proposal), ("team", row["team_id"]), ("person", leader))
    told = {"number": number, "version": 1, "electors": len(voters), "silent": 0}
    vote.past.tell(start, "proposal.adopted", about, told, accountable=True)
    vote.tell("election.decided", start, accountable=True, person=row["person_id"])


async def _proposed(vote: Vote, voters: Sequence[Any], leader: UUID, offer: UUID, at: datetime) -> tuple[UUID, int]:
    connection, row = vote.connection, vote.row
    tension = await connection.fetchval(
        "insert into tension (team_id, role_id, person_id, text, example, at) values ($1, $2, $3, $4, $5, $6) returning id",
        row["team_id"], row["role_id"], leader, ASKS[row["core"]], REASONS[0], at,
    )  # fmt: skip
    made = await connection.fetchrow(
        "insert into proposal (team_id, tension_id, proposer_id, offer_id, created_at) values ($1, $2, $3, $4, $5) returning id, number",
        row["team_id"], tension, leader, offer, at,
    )  # fmt: skip
    change = {
        "soort": "rolvervulling", "aanbodId": str(offer), "rolId": str(row["role_id"]), "persoonId": str(row["person_id"]),
        "uren": str(row["hours"]) if row["hours"] is not None else None, "focus": None, "tot": row["ends"].isoformat(),
    }  # fmt: skip
    await connection.execute(
        "insert into proposal_version (proposal_id, version, changes, made_by, at) values ($1, 1, $2::text::jsonb, $3, $4)",
        made["id"], json.dumps([change]), leader, at,
    )  # fmt: skip
    await connection.execute(
        "insert into proposal_round (proposal_id, version, form, lapses_at, before, opened_at) values ($1, 1, 'gewoon', $2, $3::text::jsonb, $4)",
        made["id"], at + timedelta(days=90), json.dumps({"rollen": {}, "afspraken": {}}), at,
    )  # fmt: skip
    await connection.execute("update proposal set state = 'consent' where id = $1", made["id"])
    for place, one in enumerate(voters):
        await connection.execute(
            "insert into proposal_elector values ($1, 1, $2, $3)", made["id"], one["id"], one["role_id"]
        )
        answered = at + timedelta(days=2, hours=place % 30)
        await connection.execute(
            "insert into proposal_response values ($1, 1, $2, $3)", made["id"], one["id"], answered
        )
    return made["id"], made["number"]
