"""A klus that goes stale (klussen 3.2, section 4.1): asked about, warned of, closed on the day that was told; claims stay."""

import asyncio
from datetime import timedelta
from typing import Any
from uuid import UUID

import asyncpg

from teams.jobs.notices import ask_about_stale_klussen
from teams.jobs.schedule import close_stale_klussen
from teams.kit.clock import now
from teams.kit.db import Database
from teams.kit.settings import Settings
from teams.klussen.actions.phases import close_stale_klus, publish_klus, renew_klus
from teams.klussen.stale import closes_on, over
from tests.conftest import Place
from tests.klussen.acts import act, claim, claims_of, entries
from tests.klussen.test_claim import posted
from tests.notices.scene import told
from tests.world import TODAY, World

WAIT = 30
CLOSED = "De inschrijving voor Schouw van speelplekken is gesloten: niemand zei dat de klus nog staat. Je kunt hem weer openen."


class Years:
    """A klus open for long, and days that pass: everything about it moves back."""

    def __init__(self, db: Database, place: Place, boss: asyncpg.Connection, klus: UUID, wait: int = WAIT) -> None:
        self.db, self.boss, self.klus = db, boss, klus
        self.settings = Settings(database_url=place.url(), stale_wait_days=wait)

    async def pass_days(self, days: int) -> None:
        for table, columns in (
            ("klus", ("created_at", "published_at")), ("journal", ("at",)), ("reminder", ("at", "due")),
        ):  # fmt: skip
            moved = ", ".join(f"{name} = {name} - $1::int * interval '1 day'" for name in columns)
            await self.boss.execute(f"update {table} set {moved}", days)

    async def work(self) -> None:
        """One turn of both jobs."""
        await ask_about_stale_klussen(self.db, self.settings)
        await close_stale_klussen(self.db, self.settings)

    async def state(self) -> str:
        found: str = await self.boss.fetchval("select state from klus where id = $1", self.klus)
        return found

    async def made(self) -> list[str]:
        return [row[0] for row in await self.boss.fetch("select rule from reminder order by at, rule")]


async def years(
    db: Database, place: Place, world: World, boss: asyncpg.Connection, wait: int = WAIT, **fields: Any
) -> Years:
    klus = await posted(db, world, van=TODAY + timedelta(days=200), tot=TODAY + timedelta(days=400), **fields)
    return Years(db, place, boss, klus.id, wait)


async def test_a_stale_klus_closes_on_the_day_that_was_told_and_claims_stay(
    db: Database, place: Place, world: World, boss: asyncpg.Connection
) -> None:
    """R2, R12, R21: asked after sixty days, warned a week before, closed after the term; each once, told and written down."""
    time = await years(db, place, world, boss)
    await claim(db, world, "cato", time.klus)
    choosing = await years(db, place, world, boss, wijze="selectie")
    await claim(db, world, "cato", choosing.klus)
    for days, made, state in (
        (59, 0, "open"),
        (1, 1, "open"),
        (22, 1, "open"),
        (1, 2, "open"),
        (6, 2, "open"),
        (1, 2, "gesloten"),
    ):
        await time.pass_days(days)
        for _ in range(2):
            await time.work()
        assert (len(await time.made()), await time.state()) == (2 * made, state)
    assert sorted(await time.made()) == ["klus_closes"] * 2 + ["klus_stale"] * 2
    assert await claims_of(boss, time.klus) == [("bevestigd", 1)]
    assert await claims_of(boss, choosing.klus) == [("aangemeld", None)] and await choosing.state() == "gesloten"
    assert (await entries(boss, time.klus)).count("klus.closed_unanswered") == 1
    said = await told(db, place, world, "aya")
    assert said.count(CLOSED) == 2 and sum("sluit op" in one for one in said) == 2
    reopened = await act(db, world, publish_klus, "aya", time.klus)
    assert reopened.state == "open" and reopened.accepting
    await time.work()
    assert await time.state() == "open"


async def test_a_klus_that_has_no_place_left_is_not_stale(
    db: Database, place: Place, world: World, boss: asyncpg.Connection
) -> None:
    time = await years(db, place, world, boss, plaatsen=1)
    for days in (60, 23):
        await time.pass_days(days)
        await time.work()
    await claim(db, world, "cato", time.klus)
    await time.pass_days(90)
    await time.work()
    assert await time.state() == "open"


async def test_a_setting_of_no_days_closes_nothing(
    db: Database, place: Place, world: World, boss: asyncpg.Connection
) -> None:
    time = await years(db, place, world, boss, wait=0)
    for _ in range(4):
        await time.pass_days(60)
        await time.work()
    assert await time.state() == "open" and set(await time.made()) == {"klus_stale"}


async def test_a_warning_that_came_late_gives_a_week_all_the_same(
    db: Database, place: Place, world: World, boss: asyncpg.Connection
) -> None:
    """Nobody worked for months: first the question, then the term, then the warning, then a week."""
    time = await years(db, place, world, boss)
    await time.pass_days(300)
    await time.work()
    assert await time.made() == ["klus_stale"]
    await time.pass_days(50)
    await time.work()
    assert (await time.made()).count("klus_closes") == 1 and await time.state() == "open"
    async with db.read() as session:
        day = await closes_on(session, time.klus, wait=WAIT, at=await now(session))
    assert day == await boss.fetchval("select (now() at time zone 'Europe/Amsterdam')::date + 7")
    await time.pass_days(6)
    await time.work()
    assert await time.state() == "open"
    await time.pass_days(1)
    await time.work()
    assert await time.state() == "gesloten"


async def test_who_renews_after_the_warning_begins_anew(
    db: Database, place: Place, world: World, boss: asyncpg.Connection
) -> None:
    time = await years(db, place, world, boss)
    for days in (60, 23, 6):
        await time.pass_days(days)
        await time.work()
    await act(db, world, renew_klus, "aya", time.klus)
    await time.pass_days(59)
    await time.work()
    assert await time.state() == "open" and len(await time.made()) == 2
    for days in (1, 23, 7):
        await time.pass_days(days)
        await time.work()
    assert await time.state() == "gesloten" and len(await time.made()) == 4


async def test_R2_a_renewal_that_is_on_its_way_wins(
    db: Database, place: Place, world: World, boss: asyncpg.Connection
) -> None:
    """The clock found the klus stale, then waited for the lock: what it finds after the lock counts."""
    time = await years(db, place, world, boss)
    for days in (60, 23):
        await time.pass_days(days)
        await time.work()
    await time.pass_days(7)

    async def close() -> bool:
        async with db.begin() as session:
            at = await now(session)
            assert list(await over(session, wait=WAIT, at=at)) == [time.klus]
            return await close_stale_klus(session, time.klus, wait=WAIT, at=at)

    async with db.begin() as session:
        await renew_klus(session, time.klus, by=world.actor("aya"), at=await now(session))
        closing = asyncio.create_task(close())
        while not await boss.fetchval("select exists (select from pg_locks where not granted)"):
            await asyncio.sleep(0.02)
    assert await closing is False
    assert await time.state() == "open"
