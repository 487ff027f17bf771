"""R11: hours are booked within the claim, corrected by a counter-booking, and a week that was approved is closed."""

import asyncio
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import asyncpg
import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from teams.journal.models import Actor
from teams.kit.clock import now
from teams.kit.db import Database
from teams.kit.errors import Conflict, NotAllowed, NotFound
from teams.klussen.actions.hours import approve_week, book_hours, correct_hours
from teams.klussen.booked import BookForm, monday_of, weeks_of
from tests.world import TODAY, World

LAST_MONDAY = monday_of(TODAY) - timedelta(days=7)


async def running(
    owner: asyncpg.Connection, world: World, *people: str, starts: date = LAST_MONDAY
) -> tuple[UUID, list[UUID]]:
    """A klus of Groen, posted by Bram, with these people at work."""
    klus = await owner.fetchval(
        "insert into klus (title, kind, way, state, team_id, role_id, posted_by, places, hours_min, hours_max, starts) values"
        " ('Bomen tellen', 'klus', 'claim', 'in_uitvoering', $1, $2, $3, 5, 4, 4, $4) returning id",
        world.teams["groen"], world.roles["groen_lead"], world.people["bram"], starts,
    )  # fmt: skip
    claims = [
        await owner.fetchval(
            "insert into claim (klus_id, person_id, state, seat, hours, at) values ($1, $2, 'lopend', $3, 4, $4) returning id",
            klus, world.people[name], seat, starts - timedelta(days=1),
        )
        for seat, name in enumerate(people, 1)
    ]  # fmt: skip
    return klus, claims


async def book(db: Database, claim: UUID, by: Actor, day: date = LAST_MONDAY, hours: str = "3.5") -> UUID:
    async with db.begin() as session:
        return await book_hours(session, claim, BookForm(dag=day, uren=Decimal(hours)), by=by, at=await now(session))


async def close(db: Database, klus: UUID, by: Actor, monday: date = LAST_MONDAY) -> None:
    async with db.begin() as session:
        await approve_week(session, klus, monday, by=by, at=await now(session))


async def test_R11_own_hours_within_the_claim_only(db: Database, owner: asyncpg.Connection, world: World) -> None:
    klus, (claim,) = await running(owner, world, "cato")
    cato = world.actor("cato")
    await book(db, claim, cato)
    for day in (LAST_MONDAY - timedelta(days=1), TODAY + timedelta(days=1)):
        with pytest.raises(Conflict) as refused:
            await book(db, claim, cato, day)
        assert refused.value.reasons[0].code == "R11"
    for name in ("dirk", "bram"):
        with pytest.raises(NotFound):
            await book(db, claim, world.actor(name))
    with pytest.raises(Conflict):
        await book(db, claim, cato, hours="20.6")
    await owner.execute(
        "update claim set state = 'afgerond', seat = null, ended_at = now(), ended_on = $2 where id = $1",
        claim,
        LAST_MONDAY,
    )
    with pytest.raises(Conflict):
        await book(db, claim, cato, LAST_MONDAY + timedelta(days=1))
    await book(db, claim, cato, LAST_MONDAY)
    assert await owner.fetchval("select sum(tenths) from hours_booking") == 70
    assert klus


async def test_R11_corrected_by_a_counter_booking_once(db: Database, owner: asyncpg.Connection, world: World) -> None:
    _, (claim,) = await running(owner, world, "cato")
    cato, booking = world.actor("cato"), await book(db, claim, world.actor("cato"))

    async def correct(which: UUID, by: Actor) -> UUID:
        async with db.begin() as session:
            return await correct_hours(session, which, by=by, at=await now(session))

    results = await asyncio.gather(correct(booking, cato), correct(booking, cato), return_exceptions=True)
    assert sorted(type(one).__name__ for one in results) == ["Conflict", "UUID"]
    with pytest.raises(Conflict):
        await correct(next(one for one in results if isinstance(one, UUID)), cato)
    with pytest.raises(NotFound):
        await correct(booking, world.actor("dirk"))
    assert await owner.fetchval("select sum(tenths) from hours_booking") == 0
    assert await owner.fetchval("select count(*) from hours_booking") == 2
    assert (
        await owner.fetchval(
            "select count(*) from journal_subject s join journal j on j.id = s.entry where j.verb like 'hours.%' and s.kind <> 'person'"
        )
        == 0
    )


async def test_R11_a_week_closes_after_approval_by_another(
    db: Database, owner: asyncpg.Connection, world: World
) -> None:
    klus, (cato, bram) = await running(owner, world, "cato", "bram")
    booking = await book(db, cato, world.actor("cato"))
    with pytest.raises(NotAllowed):
        await close(db, klus, world.actor("dirk"))
    mine = await book(db, bram, world.actor("bram"))
    with pytest.raises(NotAllowed) as refused:
        await close(db, klus, world.actor("bram"))
    assert refused.value.reasons[0].code == "eigen_aanvraag"
    with pytest.raises(NotFound):
        await close(db, klus, world.actor("sef"), LAST_MONDAY - timedelta(days=7))
    await close(db, klus, world.actor("sef"))
    await close(db, klus, world.actor("sef"))
    assert await owner.fetchval("select tenths from hours_week") == 70
    async with db.read() as session:
        assert [row.tenths for row in await weeks_of(session, klus, None)] == [70]
    with pytest.raises(Conflict, match="gesloten"):
        await book(db, cato, world.actor("cato"))
    for which, by in ((booking, "cato"), (mine, "bram")):
        with pytest.raises(Conflict):
            async with db.begin() as session:
                await correct_hours(session, which, by=world.actor(by), at=await now(session))


async def test_no_hours_slip_into_a_week_that_closes(db: Database, owner: asyncpg.Connection, world: World) -> None:
    """Fails without the lock on the klus: the sum that was approved would not be the sum that is there."""
    klus, (claim,) = await running(owner, world, "cato")
    await book(db, claim, world.actor("cato"), hours="1")
    for turn in range(6):
        day = LAST_MONDAY
        await asyncio.gather(
            *(book(db, claim, world.actor("cato"), day, "0.5") for _ in range(3)), close(db, klus, world.actor("sef")), return_exceptions=True
        )  # fmt: skip
        approved = await owner.fetchval("select tenths from hours_week where klus_id = $1", klus)
        assert approved == await owner.fetchval("select sum(tenths) from hours_booking where claim_id = $1", claim), (
            turn
        )
        await owner.execute("alter table hours_week disable trigger append_only")
        await owner.execute("delete from hours_week")
        await owner.execute("alter table hours_week enable trigger append_only")


async def test_the_database_guards_R11_too(db: Database, owner: asyncpg.Connection, world: World) -> None:
    _, (claim,) = await running(owner, world, "cato")
    insert = "insert into hours_booking (claim_id, person_id, day, tenths, reverses) values ($1, $2, $3, $4, $5) returning id"
    cato = world.people["cato"]
    booking = await owner.fetchval(insert, claim, cato, LAST_MONDAY, 100, None)
    bad: list[tuple[Any, ...]] = [
        (claim, world.people["dirk"], LAST_MONDAY, 10, None), (claim, cato, LAST_MONDAY - timedelta(days=1), 10, None),
        (claim, cato, LAST_MONDAY, 150, None), (claim, cato, LAST_MONDAY, -90, booking), (claim, cato, LAST_MONDAY, -10, None),
    ]  # fmt: skip
    for row in bad:
        with pytest.raises(asyncpg.CheckViolationError):
            await owner.execute(insert, *row)
    with pytest.raises(DBAPIError):
        async with db.begin() as session:
            await session.execute(text("delete from hours_booking"))
