"""Reminders with a clock of our own: each rule finds what it should on its day, and reminds exactly once (R12)."""

import asyncio
from datetime import datetime, time, timedelta
from uuid import UUID

import asyncpg
import pytest

from teams.jobs.notices import make_reminders
from teams.kit.clock import AMSTERDAM, start_of
from teams.kit.db import Database
from teams.notices.remind import RULES, remind
from tests.conftest import Place
from tests.klussen.acts import claim
from tests.klussen.test_claim import posted
from tests.notices.scene import settings, told
from tests.world import START, TODAY, World

RULE = {rule.name: rule for rule in RULES}


def noon(days: int) -> datetime:
    return datetime.combine(TODAY + timedelta(days=days), time(12), AMSTERDAM)


async def reminded(db: Database, rule: str, at: datetime) -> int:
    async with db.begin() as session:
        return await remind(session, RULE[rule], at=at, mail=False)


async def said_to(owner: asyncpg.Connection, person: UUID) -> list[str]:
    rows = await owner.fetch(
        "select said from notice where person_id = $1 and said like 'reminder%' order by id", person
    )
    return [row["said"] for row in rows]


async def confirmed(db: Database, owner: asyncpg.Connection, world: World) -> UUID:
    """Cato's place in a klus that begins in ten days."""
    klus = await posted(db, world)
    made = await claim(db, world, "cato", klus.id)
    await owner.execute("update claim set at = now() - interval '1 day' where id = $1", made)
    found: UUID = klus.id
    return found


async def test_R12_klus_begins_tomorrow(db: Database, owner: asyncpg.Connection, world: World) -> None:
    await confirmed(db, owner, world)
    assert [await reminded(db, "klus_begins", noon(day)) for day in (0, 8, 9, 9, 10, 9)] == [0, 0, 1, 0, 0, 0]
    assert await said_to(owner, world.people["cato"]) == ["reminder.klus_begins:persoon"]


async def test_R12_a_day_that_nobody_worked_is_made_up_for(
    db: Database, owner: asyncpg.Connection, world: World
) -> None:
    await confirmed(db, owner, world)
    assert [await reminded(db, "klus_begins", noon(day)) for day in (8, 10, 10)] == [0, 1, 0]


async def test_R12_who_joins_the_day_before_needs_no_reminder(
    db: Database, owner: asyncpg.Connection, world: World
) -> None:
    klus = await confirmed(db, owner, world)
    await owner.execute("update claim set at = $2 where klus_id = $1", klus, noon(9))
    assert await reminded(db, "klus_begins", noon(9)) == 0


async def test_R12_an_offer_ends(db: Database, owner: asyncpg.Connection, world: World) -> None:
    klus = await posted(db, world, plaatsen=1)
    await owner.execute(
        "insert into claim (klus_id, person_id, state, seat, hours, lined_at, due_at) values ($1, $2, 'aangeboden', 1, 6, now(), $3)",
        klus.id, world.people["cato"], start_of(TODAY + timedelta(days=4)),
    )  # fmt: skip
    assert [await reminded(db, "offer_ends", noon(day)) for day in (0, 2, 3, 3, 4)] == [0, 0, 1, 0, 0]
    assert await said_to(owner, world.people["cato"]) == ["reminder.offer_ends:persoon"]


async def test_R12_a_consent_ends_and_only_who_may_answer_hears_it(
    db: Database, place: Place, owner: asyncpg.Connection, world: World
) -> None:
    """Cato asks more than fits beside her role; she is the rolverdeler herself, so that Dirk answers for Balie (R6)."""
    klus = await posted(db, world, urenMin=16)
    made = await claim(db, world, "cato", klus.id)
    assert await told(db, place, world, "dirk") == [
        "Cato Proef wil meedoen aan Schouw van speelplekken. Stemt je team in?"
    ]
    assert await owner.fetchval("select state from claim where id = $1", made) == "wacht_op_instemming"
    due = await owner.fetchval("select due_at from consent")
    assert [await reminded(db, "consent_ends", due - timedelta(hours=h)) for h in (30, 20, 2)] == [0, 1, 0]
    assert await said_to(owner, world.people["dirk"]) == ["reminder.consent_ends:instemmers"]
    assert await said_to(owner, world.people["cato"]) == []


async def test_R12_a_stale_klus_each_sixty_days_until_it_is_changed(
    db: Database, owner: asyncpg.Connection, world: World
) -> None:
    klus = await posted(db, world, tot=TODAY + timedelta(days=400))
    assert [await reminded(db, "klus_stale", noon(day)) for day in (59, 60, 61, 119, 120, 121)] == [0, 1, 0, 0, 1, 0]
    assert await said_to(owner, world.people["aya"]) == ["reminder.klus_stale:beheerders"] * 2
    await owner.execute(
        "with e as (insert into journal (verb, at) values ('klus.changed', $2) returning id)"
        " insert into journal_subject (entry, kind, id) select id, 'klus', $1 from e",
        klus.id, noon(130),
    )  # fmt: skip
    assert [await reminded(db, "klus_stale", noon(day)) for day in (180, 189, 190)] == [0, 0, 1]


async def filled_until(owner: asyncpg.Connection, world: World, days: int) -> None:
    await owner.execute(
        "insert into role_filling (role_id, person_id, valid) values ($1, $2, tstzrange($3, $4))",
        world.roles["leeg"], world.people["dirk"], start_of(START), start_of(TODAY + timedelta(days=days)),
    )  # fmt: skip


async def test_R12_a_role_term_ends(db: Database, owner: asyncpg.Connection, world: World) -> None:
    """The last day is the day before the exclusive end; the person and the rolverdeler of the team hear it."""
    await filled_until(owner, world, 41)
    assert [await reminded(db, "role_ends", noon(day)) for day in (11, 12, 13, 40)] == [0, 1, 0, 0]
    assert await said_to(owner, world.people["dirk"]) == ["reminder.role_ends:persoon"]
    assert await said_to(owner, world.people["bram"]) == ["reminder.role_ends:rolverdelers"]
    day = await owner.fetchval("select due from reminder")
    assert day == TODAY + timedelta(days=40)


async def test_R12_a_grant_ends(db: Database, owner: asyncpg.Connection, world: World) -> None:
    grant = await owner.fetchval("insert into power_grant (number) values ('2026-7') returning id")
    await owner.execute(
        "insert into grant_version (grant_id, kinds, grantors, holder, form, valid) values"
        " ($1, '{mandaat}', '{orgaan:college}', $2, 'algemeen', tstzrange($3, $4))",
        grant, f"rol:{world.roles['boom']}", start_of(START), start_of(TODAY + timedelta(days=30)),
    )  # fmt: skip
    assert [await reminded(db, "grant_ends", noon(day)) for day in (0, 1, 2, 29)] == [0, 1, 0, 0]
    assert await said_to(owner, world.people["aya"]) == ["reminder.grant_ends:houders"]
    assert await said_to(owner, world.people["sef"]) == ["reminder.grant_ends:secretaris"]


@pytest.mark.parametrize("clock", ["forward", "back", "nights"])
async def test_R12_a_clock_that_jumps_reminds_once(
    db: Database, owner: asyncpg.Connection, world: World, clock: str
) -> None:
    """Hours on end, back and forth over both nights in which the clock moves: one reminder for one due day."""
    night = {"nights": (datetime(2026, 10, 25, tzinfo=AMSTERDAM), datetime(2027, 3, 28, tzinfo=AMSTERDAM))}.get(clock)
    starts = night or (noon(9),)
    for start in starts:
        await owner.execute("delete from reminder")
        klus = await confirmed(db, owner, world)
        first = start.date() + timedelta(days=1)
        await owner.execute("update klus set starts = $2::date, ends = $2::date + 400 where id = $1", klus, first)
        await owner.execute("update claim set at = $2 where klus_id = $1", klus, start - timedelta(days=5))
        hours = {"forward": (0, 3, 1, 26), "back": (12, -40, 3, -3, 12), "nights": tuple(range(-2, 28))}[clock]
        made = [await reminded(db, "klus_begins", start + timedelta(hours=hour)) for hour in hours]
        assert sum(made) == 1
        await owner.execute("update klus set starts = $2 where id = $1", klus, START)


async def test_R12_several_processes_at_once_remind_once(
    db: Database, place: Place, owner: asyncpg.Connection, world: World
) -> None:
    await filled_until(owner, world, 10)
    await asyncio.gather(*(make_reminders(db, settings(place)) for _ in range(5)))
    assert await owner.fetchval("select count(*) from reminder") == 1
    assert await said_to(owner, world.people["dirk"]) == ["reminder.role_ends:persoon"]


async def test_a_correction_is_to_be_answered_within_a_month(
    db: Database, world: World, owner: asyncpg.Connection, place: Place
) -> None:
    """AVG 12, lid 3: a week before the term is over the secretary hears it, once."""
    await owner.execute("update account set disabled_at = null")
    await owner.execute(
        "insert into correction (person_id, words, due) values ($1, 'Mijn naam.', $2)",
        world.people["cato"], TODAY + timedelta(days=20),
    )  # fmt: skip
    assert await reminded(db, "correction_due", noon(12)) == 0
    assert await reminded(db, "correction_due", noon(13)) == 1
    assert await reminded(db, "correction_due", noon(14)) == 0
    assert any("correctie van Cato Proef" in said for said in await told(db, place, world, "sef"))
    await owner.execute(
        "update correction set state = 'verbeterd', answer = 'Zo.', answered_by = $1, answered_at = now()",
        world.people["sef"],
    )
    await owner.execute("delete from reminder")
    assert await reminded(db, "correction_due", noon(15)) == 0
