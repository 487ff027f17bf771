"""Handing back on a later day, and renewing a klus that has stood long (3.2, R3, R5)."""

from datetime import timedelta
from typing import Any

import asyncpg
import pytest

from teams.kit.clock import now
from teams.kit.db import Database
from teams.kit.errors import Conflict, Invalid
from teams.klussen.actions.claim import hand_back_claim, keep_claim, withdraw_claim
from teams.klussen.actions.phases import renew_klus
from teams.klussen.actions.settle import due_klussen, settle_klus
from tests.klussen.acts import act, claim, claims_of, entries
from tests.klussen.scene import states
from tests.klussen.test_claim import posted
from tests.world import TODAY, World

SOON = TODAY + timedelta(days=5)


async def running(db: Database, world: World, **fields: Any) -> tuple[Any, Any]:
    klus = await posted(db, world, van=TODAY - timedelta(days=7), tot=TODAY + timedelta(days=60), plaatsen=1, **fields)
    return klus, await claim(db, world, "cato", klus.id)


async def the_clock(db: Database) -> None:
    async with db.begin() as session:
        for klus in await due_klussen(session, at=await now(session)):
            await settle_klus(session, klus, at=await now(session))


async def test_R3_the_place_stays_until_the_day_is_over_and_then_goes_to_who_waits(
    db: Database, world: World, owner: asyncpg.Connection
) -> None:
    klus, mine = await running(db, world)
    await claim(db, world, "dirk", klus.id, line=True)
    await act(db, world, hand_back_claim, "cato", mine, on=SOON, reason="Verhuizing", handover="Zie de map.")
    await the_clock(db)
    assert sorted(await states(owner, klus.id)) == ["lopend", "wachtlijst"]
    await owner.execute("update claim set stops_on = current_date - 1 where id = $1", mine)
    await the_clock(db)
    assert sorted(await states(owner, klus.id)) == ["aangeboden", "teruggegeven"]
    row = await owner.fetchrow("select ended_on, reason, handover from claim where id = $1", mine)
    assert (row["ended_on"], row["reason"], row["handover"]) == (TODAY - timedelta(days=1), "Verhuizing", "Zie de map.")
    assert (await entries(owner, klus.id))[-3:] == ["claim.stop_announced", "claim.handed_back", "claim.offered"]
    facts = await owner.fetchval("select facts::text from journal where verb = 'claim.stop_announced'")
    assert "Verhuizing" not in facts, "R21"


async def test_R5_hours_after_the_last_day_are_free_at_once(
    db: Database, world: World, owner: asyncpg.Connection
) -> None:
    """Cato has 14 hours beside her roles: a second klus of 14 asks the team, unless the first has ended by then."""
    _, mine = await running(db, world, urenMin=14)
    after = {"van": SOON + timedelta(days=14), "tot": SOON + timedelta(days=30), "urenMin": 14}
    first, second = await posted(db, world, **after), await posted(db, world, **after)
    asked = await claim(db, world, "cato", first.id)
    assert await states(owner, first.id) == ["wacht_op_instemming"]
    await act(db, world, withdraw_claim, "cato", asked)
    await act(db, world, hand_back_claim, "cato", mine, on=SOON)
    await claim(db, world, "cato", second.id)
    assert await states(owner, second.id) == ["bevestigd"]


async def test_taken_back_in_one_click_and_days_that_cannot_be(
    db: Database, world: World, owner: asyncpg.Connection
) -> None:
    klus, mine = await running(db, world)
    for day in (TODAY - timedelta(days=1), TODAY + timedelta(days=60), TODAY + timedelta(days=90)):
        with pytest.raises(Invalid):
            await act(db, world, hand_back_claim, "cato", mine, on=day)
    with pytest.raises(Conflict):
        await act(db, world, keep_claim, "cato", mine)
    await act(db, world, hand_back_claim, "cato", mine, on=SOON)
    await act(db, world, keep_claim, "cato", mine)
    assert await owner.fetchval("select stops_on from claim where id = $1", mine) is None
    await act(db, world, hand_back_claim, "cato", mine, on=TODAY)
    assert await claims_of(owner, klus.id) == [("teruggegeven", None)]


async def test_a_klus_that_has_stood_long_is_renewed_by_one_click(
    db: Database, world: World, owner: asyncpg.Connection
) -> None:
    klus = await posted(db, world)
    await act(db, world, renew_klus, "aya", klus.id)
    assert (await entries(owner, klus.id))[-1] == "klus.renewed"
    await owner.execute("update klus set state = 'ingetrokken', accepting = false where id = $1", klus.id)
    with pytest.raises(Conflict):
        await act(db, world, renew_klus, "aya", klus.id)
