"""What one person's year does to the figures: another team in the middle, other hours, leaving while at work; through the real acts."""

from datetime import date, timedelta
from typing import Any

import asyncpg

from teams.jobs.schedule import start_and_expire_klussen
from teams.kit.clock import now
from teams.kit.db import Database
from teams.klussen.actions.claim import end_claims
from teams.reports.mobility import heads_of, mobility_of, places_of
from tests.klussen.acts import claim
from tests.klussen.test_claim import posted
from tests.klussen.test_hours_booked import running
from tests.reports.plain import Plain
from tests.reports.test_mobility import compare
from tests.world import START, TODAY, World

YEAR = TODAY - timedelta(days=200)
UNTIL = TODAY + timedelta(days=1)


async def told(db: Database, owner: asyncpg.Connection, first: date = YEAR, until: date = UNTIL) -> Any:
    plain = await Plain.read(owner)
    async with db.read() as session:
        return await compare(session, plain, first, until)


async def serves(owner: asyncpg.Connection, person: Any, *spans: tuple[float, date, date | None]) -> None:
    """Contracts as they are known from now on."""
    await owner.execute("update contract set recorded = tstzrange(lower(recorded), now()) where person_id = $1", person)
    for hours, first, last in spans:
        await owner.execute(
            "insert into contract (person_id, hours, valid) values ($1, $2, daterange($3, $4))",
            person,
            hours,
            first,
            last,
        )


async def moves(owner: asyncpg.Connection, world: World, who: str, team: str, on: date) -> None:
    person = world.people[who]
    await owner.execute(
        "update home_team set recorded = tstzrange(lower(recorded), now()) where person_id = $1", person
    )
    for home, first, last in (("balie", START, on), (team, on, None)):
        await owner.execute(
            "insert into home_team (person_id, team_id, valid) values ($1, $2, daterange($3, $4))",
            person, world.teams[home], first, last,
        )  # fmt: skip


async def test_R13_M2_who_leaves_while_at_work_took_part_until_then(
    db: Database, owner: asyncpg.Connection, world: World
) -> None:
    klus = await posted(db, world)
    await claim(db, world, "cato", klus.id)
    await claim(db, world, "dirk", klus.id)
    await owner.execute("update klus set starts = $2 where id = $1", klus.id, TODAY)
    await start_and_expire_klussen(db)
    async with db.begin() as session:
        await end_claims(session, {world.people["cato"]: TODAY}, at=await now(session), reason="Uit dienst")
    assert (await told(db, owner)).figures["M2"].above == 2


async def test_M2_who_leaves_before_it_began_did_not_take_part(
    db: Database, owner: asyncpg.Connection, world: World
) -> None:
    klus = await posted(db, world)
    await claim(db, world, "cato", klus.id)
    async with db.begin() as session:
        await end_claims(session, {world.people["cato"]: TODAY}, at=await now(session), reason="Uit dienst")
    await owner.execute("update klus set starts = $2 where id = $1", klus.id, TODAY)
    assert (await told(db, owner)).figures["M2"].above == 0


async def test_M1_M2_who_moves_to_the_team_of_the_klus_is_lent_out_until_that_day(
    db: Database, owner: asyncpg.Connection, world: World
) -> None:
    await running(owner, world, "dirk", starts=TODAY - timedelta(days=60))
    await moves(owner, world, "dirk", "groen", TODAY - timedelta(days=30))
    found = await told(db, owner)
    assert (found.figures["M1"].above, found.figures["M2"].above) == (1, 1)
    assert [flow.places for flow in found.flows] == [2], "the klus until the move, the role at Balie after it"
    after = await told(db, owner, TODAY - timedelta(days=29))
    async with db.read() as session:
        works = [place.work async for part in places_of(session, after) for place in part]
    assert (after.figures["M1"].above, works) == (0, ["Baliemedewerker"])


async def test_M3_other_hours_from_a_day_on_count_from_that_day(
    db: Database, owner: asyncpg.Connection, world: World
) -> None:
    """The figure holds whole places only, so that nobody's contract can be read from it by comparing two days."""
    span = {"first": YEAR, "until": UNTIL}

    async def contracts() -> int:
        async with db.read() as session:
            return sum(row.tenth_days for row in (await heads_of(session, span)).values())

    before, told_before = await contracts(), (await told(db, owner)).figures["M3"].below
    dirk, on = world.people["dirk"], TODAY - timedelta(days=9)
    await serves(owner, dirk, (24, START, on), (36, on, None))
    assert await contracts() == before + 10 * 120, "ten days of twelve hours a week more"
    assert (await told(db, owner)).figures["M3"].below == told_before


async def test_one_day_counts_who_was_there_that_day(db: Database, owner: asyncpg.Connection, world: World) -> None:
    await serves(owner, world.people["dirk"], (24, START, TODAY))
    for day, people in ((TODAY - timedelta(days=1), 8), (TODAY, 7)):
        found = await told(db, owner, day, day + timedelta(days=1))
        assert (found.figures["M2"].below, found.figures["M2"].mean) == (people, people * 10)


async def test_an_average_begins_on_the_first_day_that_anybody_was_in_service(
    db: Database, owner: asyncpg.Connection, world: World
) -> None:
    """Eight people for ten days of a year are eight on average over those ten days, not a quarter of a person."""
    for person in await owner.fetch("select person_id from contract"):
        await serves(owner, person[0], (36, TODAY - timedelta(days=9), None))
    async with db.read() as session:
        found = await mobility_of(session, TODAY - timedelta(days=300), UNTIL)
    assert found.first == TODAY - timedelta(days=9) and found.figures["M1"].mean == 80
