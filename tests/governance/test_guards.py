"""Races of elections and fillings; and that the guards matter: without the lock the same race goes wrong."""

import asyncio
from typing import Any
from uuid import UUID

import asyncpg
import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from teams.governance.actions import adoption, elections, proposals, responses
from teams.governance.models import Election, Proposal
from teams.kit.clock import now
from teams.kit.db import Database
from teams.kit.errors import Refusal
from tests.conftest import Place
from tests.governance.acts import close, consent, pass_time, policy, purpose, renamed, state, submitted, withdraw
from tests.governance.choosing import (
    accept,
    ask_for,
    call,
    change,
    close_round,
    decide,
    decline,
    electing,
    fillers,
    lying,
    name,
    next_one,
    stage,
    tie,
    vote,
    withdraw_offer,
)
from tests.governance.test_race import together
from tests.world import World, fill

GROUP = ("aya", "bram", "cato", "sef")


@pytest.fixture
async def groen(world: World, owner: asyncpg.Connection) -> None:
    await electing(world, owner)


class Gate:
    """Lets nobody through until so many stand before it, or a moment has passed."""

    def __init__(self, many: int = 2) -> None:
        self.waiting, self.many, self.open = 0, many, asyncio.Event()

    async def __call__(self) -> None:
        self.waiting += 1
        if self.waiting == self.many:
            self.open.set()
        try:
            await asyncio.wait_for(self.open.wait(), 0.7)  # well within the lock's own two seconds
        except TimeoutError:
            self.open.set()


@pytest.mark.parametrize("guarded", [True, False])
async def test_two_adoptions_on_one_role_and_the_lock_of_structure(
    db: Database, world: World, owner: asyncpg.Connection, monkeypatch: pytest.MonkeyPatch, guarded: bool
) -> None:
    """Both read what stands at the same moment; with the lock the second reads after the first has written."""
    one = await submitted(db, world, renamed(world.roles["water"], "Van één."))
    two = await submitted(db, world, renamed(world.roles["water"], "Van twee."))
    gate, read = Gate(), adoption.scope_of

    async def slowly(*args: Any, **kwargs: Any) -> Any:
        found = await read(*args, **kwargs)
        await gate()
        return found

    monkeypatch.setattr(adoption, "scope_of", slowly)
    if not guarded:

        async def nothing(session: Any) -> None: ...

        monkeypatch.setattr(adoption, "lock_structure", nothing)
    found = await asyncio.gather(
        consent(db, world, "bram", one.id), consent(db, world, "bram", two.id), return_exceptions=True
    )
    states = sorted([(await state(owner, one.id))[0], (await state(owner, two.id))[0]])
    clean = not any(isinstance(one, BaseException) for one in found) and states == ["aangenomen", "concept"]
    assert clean is guarded, (found, states)
    assert await purpose(owner, world.roles["water"]) in ("Van één.", "Van twee.")


@pytest.mark.parametrize("guarded", [True, False])
async def test_an_answer_and_a_withdrawal_and_the_lock_of_the_proposal(
    db: Database, world: World, owner: asyncpg.Connection, monkeypatch: pytest.MonkeyPatch, guarded: bool
) -> None:
    made = await submitted(db, world)
    gate, locked = Gate(), proposals.locked_proposal

    async def slowly(session: Any, proposal_id: UUID, by: Any) -> Any:
        found = await (locked(session, proposal_id, by) if guarded else session.get(Proposal, proposal_id))
        await gate()
        return found

    for room in (proposals, responses):
        monkeypatch.setattr(room, "locked_proposal", slowly)
    found = await asyncio.gather(
        withdraw(db, world, made.id), consent(db, world, "bram", made.id), return_exceptions=True
    )
    faults = [one for one in found if isinstance(one, BaseException) and not isinstance(one, Refusal)]
    assert bool(faults) is not guarded, (
        "without the lock the database's own walls answer, and that is no answer for people"
    )
    assert all(isinstance(one, DBAPIError) for one in faults)
    assert (await state(owner, made.id))[0] in ("aangenomen", "ingetrokken")


@pytest.mark.parametrize("guarded", [True, False])
async def test_an_answer_the_deadline_and_a_withdrawal_and_the_lock_of_the_proposal(
    db: Database, world: World, owner: asyncpg.Connection, place: Place, monkeypatch: pytest.MonkeyPatch, guarded: bool
) -> None:
    """All three see a proposal that can still go either way; with the lock one of them decides and the rest hear why."""
    await policy(owner, world.teams["groen"])
    made = await submitted(db, world)
    await pass_time(place, 15)
    gate, locked, settle = Gate(3), proposals.locked_proposal, proposals.settle

    async def slowly(session: Any, proposal_id: UUID, by: Any) -> Any:
        found = await (locked(session, proposal_id, by) if guarded else session.get(Proposal, proposal_id))
        await gate()
        return found

    async def late(*args: Any, **kwargs: Any) -> None:
        await gate()
        await settle(*args, **kwargs)

    for room in (proposals, responses):
        monkeypatch.setattr(room, "locked_proposal", slowly)
    monkeypatch.setattr(proposals, "settle", late)
    if not guarded:
        due = str(proposals._DUE).replace("for no key update of p skip locked", "")
        monkeypatch.setattr(proposals, "_DUE", text(due))
    found = await asyncio.gather(
        withdraw(db, world, made.id), close(db), consent(db, world, "bram", made.id), return_exceptions=True
    )
    faults = [one for one in found if isinstance(one, BaseException) and not isinstance(one, Refusal)]
    assert bool(faults) is not guarded, "without the lock the database's own walls answer, in no words for people"
    assert all(isinstance(one, DBAPIError) for one in faults)
    final = (await state(owner, made.id))[0]
    adopted = await owner.fetchval("select count(*) from adoption")
    ended = await owner.fetchval("select count(*) from proposal_act where kind = 'ingetrokken'")
    assert (adopted, ended) == {"aangenomen": (1, 0), "ingetrokken": (0, 1)}[final]


@pytest.mark.usefixtures("groen")
@pytest.mark.parametrize("turn", range(3))
async def test_the_last_two_ballots_and_a_double_ballot_at_once(
    db: Database, world: World, owner: asyncpg.Connection, turn: int
) -> None:
    election = await call(db, world)
    await vote(db, world, election.id, aya="cato", bram="cato")
    done = await together(
        vote(db, world, election.id, cato="aya"),
        vote(db, world, election.id, sef="cato"),
        vote(db, world, election.id, sef="aya"),
    )
    assert sum(isinstance(one, Refusal) for one in done) == 1
    assert await stage(owner, election.id) == ("wisselen", 2)
    assert await owner.fetchval("select count(*) from election_nomination") == 4


@pytest.mark.usefixtures("groen")
async def test_the_last_two_ballots_without_the_locks_are_never_shared(
    db: Database, world: World, owner: asyncpg.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    election = await call(db, world)
    await vote(db, world, election.id, aya="cato", bram="cato")
    await owner.execute("alter table election_ballot disable trigger open")
    gate = Gate()

    async def unlocked(session: Any, election_id: UUID) -> Any:
        return await session.get(Election, election_id)

    async def cast(who: str, candidate: str) -> None:
        async with db.begin() as session:
            await elections.cast_ballot(
                session, election.id, name(world, candidate), by=world.actor(who), at=await now(session)
            )
            await gate()

    monkeypatch.setattr(elections, "locked_election", unlocked)
    await together(cast("cato", "aya"), cast("sef", "cato"))
    assert await stage(owner, election.id) == ("stemmen", 1), "each saw only the own ballot: nobody shares"


@pytest.mark.usefixtures("groen")
async def test_two_calls_for_one_role_at_once(db: Database, world: World, owner: asyncpg.Connection) -> None:
    found = await asyncio.gather(call(db, world), call(db, world, "bram"), return_exceptions=True)
    assert sum(isinstance(one, BaseException) for one in found) == 1
    assert all(isinstance(one, Refusal) for one in found if isinstance(one, BaseException))
    assert await owner.fetchval("select count(*) from election") == 1


@pytest.mark.usefixtures("groen")
@pytest.mark.parametrize("turn", range(4))
async def test_a_candidates_yes_a_no_the_last_answer_and_the_next_candidate_at_once(
    db: Database, world: World, owner: asyncpg.Connection, turn: int
) -> None:
    election = await call(db, world)
    await vote(db, world, election.id, aya="cato", bram="cato", cato="aya", sef="cato")
    await close_round(db, world, election.id)
    lies = await lying(owner, election.id)
    for who in ("aya", "sef"):
        await consent(db, world, who, lies["proposal"])
    acts = [
        accept(db, world, "cato", lies["offer"]), consent(db, world, "bram", lies["proposal"]),
        decline(db, world, "cato", lies["offer"]), next_one(db, world, election.id),
    ]  # fmt: skip
    await together(*acts[turn:], *acts[:turn])
    chosen = await fillers(owner, world, "rep")
    final, _ = await stage(owner, election.id)
    assert (final, chosen) in (("gekozen", {"cato"}), ("bezwaar", set()))
    if final == "bezwaar":
        assert (await lying(owner, election.id))["person"] == world.people["aya"]


@pytest.mark.usefixtures("groen")
async def test_two_choices_at_a_tie_at_once(db: Database, world: World, owner: asyncpg.Connection) -> None:
    await fill(owner, world.roles["leeg"], world.people["dirk"], 1)
    election = await call(db, world, role="secr")
    await vote(db, world, election.id, aya="bram", bram="aya", cato="aya", sef="bram", dirk="cato")
    await close_round(db, world, election.id)
    done = await together(tie(db, world, election.id, "sef", lot=True), tie(db, world, election.id, "sef", lot=False))
    assert sum(isinstance(one, Refusal) for one in done) == 1


@pytest.mark.usefixtures("groen")
async def test_a_decision_and_a_withdrawal_of_one_offer_at_once(
    db: Database, world: World, owner: asyncpg.Connection
) -> None:
    await policy(owner, world.teams["groen"], "vervulling:rolverdeler")
    offer = await ask_for(db, world, "cato", "leeg")
    done = await together(decide(db, world, "bram", offer.id), withdraw_offer(db, world, "cato", offer.id))
    assert sum(isinstance(one, Refusal) for one in done) == 1
    final = await owner.fetchval("select state from filling_offer")
    assert (final, await fillers(owner, world, "leeg")) in (("vervuld", {"cato"}), ("ingetrokken", set()))


@pytest.mark.usefixtures("groen")
async def test_the_deadline_and_a_change_of_the_last_voter_at_once(
    db: Database, world: World, owner: asyncpg.Connection, place: Place
) -> None:
    election = await call(db, world)
    await vote(db, world, election.id, aya="cato", bram="cato", cato="aya", sef="cato")
    await change(db, world, election.id, aya="cato", bram="cato", cato="aya")
    await together(change(db, world, election.id, sef="cato"), close_round(db, world, election.id))
    assert await owner.fetchval("select count(*) from filling_offer") == 1
    await pass_time(place, 0)
    assert await close(db) == 0
