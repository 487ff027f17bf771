"""Claiming on PostgreSQL: the hot path, the race, the ways a claim ends."""

import asyncio
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from teams.kit.clock import now
from teams.kit.db import Database
from teams.kit.errors import Conflict
from teams.klussen.actions.claim import claim_klus, withdraw_claim
from teams.klussen.actions.klus import post_klus
from teams.klussen.actions.phases import publish_klus
from teams.klussen.forms import KlusForm
from tests.world import TODAY, World


async def posted(db: Database, world: World, *, by: str = "aya", **fields: Any) -> Any:
    """A published klus of Groen, six hours a week in the coming weeks, unless `fields` say otherwise."""
    form = KlusForm(
        **{
            "titel": "Schouw van speelplekken", "teamId": world.teams["groen"], "plaatsen": 3, "urenMin": 6,
            "van": TODAY + timedelta(days=10), "tot": TODAY + timedelta(days=60), **fields,
        }
    )  # fmt: skip
    async with db.begin() as session:
        at = await now(session)
        klus = await post_klus(session, form, by=world.actor(by), at=at)
        return await publish_klus(session, klus.id, by=world.actor(by), at=at)


async def test_a_claim_takes_a_seat_and_leaves_an_entry(db: Database, world: World) -> None:
    klus = await posted(db, world)
    async with db.begin() as session:
        _, claim = await claim_klus(session, klus.id, by=world.actor("cato"))
    assert (claim.seat, claim.state, claim.hours) == (1, "bevestigd", Decimal(6))


async def test_R1_three_places_thirty_at_once_exactly_three(db: Database, world: World) -> None:
    klus = await posted(db, world)

    async def attempt(name: str) -> str:
        try:
            async with db.begin() as session:
                await claim_klus(session, klus.id, by=world.actor(name))
            return "ja"
        except Conflict as refusal:
            return refusal.reasons[0].code

    names = ["aya", "bram", "cato", "sef", "beer"] * 6
    answers = await asyncio.gather(*(attempt(name) for name in names))
    assert answers.count("ja") == 3
    assert set(answers) <= {"ja", "vol", "al_ingeschreven"}


async def test_R3_withdrawing_frees_the_seat(db: Database, world: World) -> None:
    klus = await posted(db, world, plaatsen=1)
    async with db.begin() as session:
        claim_id, _ = await claim_klus(session, klus.id, by=world.actor("cato"))
    async with db.begin() as session:
        claim = await withdraw_claim(session, claim_id, by=world.actor("cato"), at=await now(session))
        assert claim.state == "ingetrokken"
    async with db.begin() as session:
        _, again = await claim_klus(session, klus.id, by=world.actor("bram"))
    assert again.seat == 1


async def test_R5_more_hours_than_a_week_has_is_refused(db: Database, world: World) -> None:
    klus = await posted(db, world, urenMin=37)
    async with db.begin() as session:
        with pytest.raises(Conflict) as refused:
            await claim_klus(session, klus.id, by=world.actor("cato"))
    assert [reason.code for reason in refused.value.reasons] == ["uren_te_veel"]


async def test_a_claim_on_a_klus_that_has_begun_runs_at_once(db: Database, world: World) -> None:
    klus = await posted(db, world, van=date.today() - timedelta(days=3))
    async with db.begin() as session:
        _, claim = await claim_klus(session, klus.id, by=world.actor("cato"))
    assert (claim.state, claim.klus_state) == ("lopend", "in_uitvoering")
