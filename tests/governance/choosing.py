"""Short words for the tests of elections and of who fills a role."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

import asyncpg

from teams.governance.actions.candidates import break_tie, drop_candidate, drop_silent_candidates
from teams.governance.actions.elections import (
    call_election,
    call_ending_terms,
    cancel_election,
    cast_ballot,
    change_nomination,
    close_changes,
    close_due_elections,
)
from teams.governance.actions.offers import (
    accept_offer,
    cancel_offer,
    decide_offer,
    decline_offer,
    fill_after_grantor,
    hear_grantor,
    offer_role,
    resign,
)
from teams.governance.choice_forms import DecisionForm, ElectionForm, NominationForm, OfferForm
from teams.kit.clock import now
from teams.kit.db import Database
from tests.conftest import Place
from tests.governance.acts import act, bigger
from tests.world import TODAY, World, add_role

TERM = TODAY + timedelta(days=365)


async def electing(world: World, owner: asyncpg.Connection) -> None:
    """Groen has aya, bram (rolverdeler), cato and sef (begeleider), and three core roles to elect for."""
    await bigger(world, owner)
    for short, name, core in (("rep", "Afgevaardigde", "afgevaardigde"), ("secr", "Teamsecretaris", "teamsecretaris")):
        world.roles[short] = await add_role(owner, world.teams["groen"], name, core=core)


async def call(db: Database, world: World, who: str = "aya", role: str = "rep", until: date = TERM, **more: Any) -> Any:
    form = ElectionForm(rolId=world.roles[role], tekst="Ons team vertegenwoordigen bij Proefdam.", tot=until, **more)
    return await act(db, world, call_election, who, form)


def name(world: World, candidate: str) -> NominationForm:
    return NominationForm(kandidaatId=world.people[candidate], reden=f"{candidate.capitalize()} luistert goed.")


async def vote(db: Database, world: World, election: UUID, **votes: str) -> None:
    for who, candidate in votes.items():
        await act(db, world, cast_ballot, who, election, name(world, candidate))


async def change(db: Database, world: World, election: UUID, **votes: str) -> None:
    for who, candidate in votes.items():
        await act(db, world, change_nomination, who, election, name(world, candidate))


async def close_round(db: Database, world: World, election: UUID, who: str = "sef") -> Any:
    return await act(db, world, close_changes, who, election)


async def tie(db: Database, world: World, election: UUID, who: str, *, lot: bool) -> Any:
    async with db.begin() as session:
        return await break_tie(session, election, lot=lot, by=world.actor(who), at=await now(session))


async def next_one(db: Database, world: World, election: UUID, who: str = "sef") -> Any:
    return await act(db, world, drop_candidate, who, election)


async def cancel(db: Database, world: World, election: UUID, who: str) -> Any:
    return await act(db, world, cancel_election, who, election)


async def ask_for(db: Database, world: World, who: str, role: str, person: str | None = None, **more: Any) -> Any:
    someone = world.people[person] if person else None
    form = OfferForm(rolId=world.roles[role], persoonId=someone, tekst="Er moet iemand naar de otters kijken.", **more)
    return await act(db, world, offer_role, who, form)


async def accept(db: Database, world: World, who: str, offer: UUID) -> Any:
    return await act(db, world, accept_offer, who, offer)


async def decline(db: Database, world: World, who: str, offer: UUID) -> Any:
    return await act(db, world, decline_offer, who, offer)


async def decide(db: Database, world: World, who: str, offer: UUID, yes: bool = True) -> Any:
    form = DecisionForm(akkoord=yes, tekst=None if yes else "Er zijn te weinig uren.")
    return await act(db, world, decide_offer, who, offer, form)


async def grantor(db: Database, world: World, who: str, offer: UUID, yes: bool) -> Any:
    form = DecisionForm(akkoord=yes, tekst=None if yes else "Eerst een opleiding.")
    return await act(db, world, hear_grantor, who, offer, form)


async def give_up(db: Database, world: World, who: str, role: str) -> Any:
    return await act(db, world, resign, who, world.roles[role])


async def withdraw_offer(db: Database, world: World, who: str, offer: UUID) -> Any:
    return await act(db, world, cancel_offer, who, offer)


async def jobs(db: Database) -> None:
    """What the worker does about elections and offers, until nothing is left."""
    for job in (drop_silent_candidates, close_due_elections, fill_after_grantor, call_ending_terms):
        done = 1
        while done:
            async with db.begin() as session:
                done = await job(session, at=await now(session))


async def lying(owner: asyncpg.Connection, election: UUID) -> Any:
    """The candidate who lies before the team: offer, proposal, person."""
    return await owner.fetchrow(
        "select o.id as offer, p.id as proposal, o.person_id as person, p.proposer_id as proposer from filling_offer o"
        " join proposal p on p.offer_id = o.id where o.election_id = $1 and o.state in ('gevraagd','aanvaard')",
        election,
    )


async def stage(owner: asyncpg.Connection, election: UUID) -> tuple[str, int]:
    row = await owner.fetchrow("select state, round from election where id = $1", election)
    return row["state"], row["round"]


async def fillers(owner: asyncpg.Connection, world: World, role: str) -> set[str]:
    rows = await owner.fetch(
        "select person_id from role_filling where role_id = $1 and upper_inf(recorded) and valid @> now()",
        world.roles[role],
    )
    names = {person: short for short, person in world.people.items()}
    return {names[row[0]] for row in rows}


async def later(place: Place, days: int) -> None:
    """The calendar moves for elections and offers."""
    boss = await asyncpg.connect(place.url("postgres"))
    await boss.execute("set session_replication_role = replica")
    await boss.execute(
        "update election set due_at = due_at - $1::interval, lapses_at = lapses_at - $1::interval, created_at = created_at - $1::interval",
        timedelta(days=days),
    )
    await boss.execute("update filling_offer set fills_at = fills_at - $1::interval", timedelta(days=days))
    await boss.close()
