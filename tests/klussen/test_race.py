"""R1 through HTTP against two web processes: every place is taken once, never one more; without the lock it goes wrong."""

import asyncpg
import pytest

from tests.conftest import Place
from tests.klussen.crowd import klussen, people, seats, storm, two_processes
from tests.world import World

NO_LOCK = """
drop index uq_claim_seat;
alter table klus drop constraint ck_klus_capacity;
do $$
declare body text;
begin
  select replace(pg_get_functiondef('claim_facts'::regproc), ' for no key update', '') into body;
  body := replace(body, 'select jsonb_build_object(' || chr(10) || '    ''at''', 'perform pg_sleep(0.03);' || chr(10)
    || '  select jsonb_build_object(' || chr(10) || '    ''at''');
  execute body;
end $$;
"""
"""The control: the same function without its locks and with a short wait, and without the walls behind it."""


async def race(place: Place, owner: asyncpg.Connection, world: World, *, crowd: int, wanted: int, rounds: int) -> None:
    async with two_processes(place) as clients:
        sessions = await people(owner, world, crowd)
        for number in range(1, rounds + 1):
            offered = await klussen(owner, world, wanted, places=3)
            found = await storm(clients, sessions, offered, tries=4)
            after = await seats(owner)
            assert after["held"] == after["counted"] == after["entries"] == 3 * wanted * number
            assert (after["most"], after["twice"]) == (3, 0)
            assert set(found.statuses) == {303, 409}, found.statuses
            assert found.statuses[303] == 3 * wanted
            assert found.bare == 0, "a lost claim says why"
            assert "Alle 3 plekken zijn bezet." in found.sentences


@pytest.mark.slow
async def test_R1_thirty_people_nine_places_two_processes(
    place: Place, owner: asyncpg.Connection, world: World
) -> None:
    await race(place, owner, world, crowd=30, wanted=3, rounds=1)


@pytest.mark.long
@pytest.mark.timeout(900)
async def test_R1_two_hundred_people_sixty_places_five_rounds(
    place: Place, owner: asyncpg.Connection, world: World
) -> None:
    await race(place, owner, world, crowd=200, wanted=20, rounds=5)


@pytest.mark.slow
async def test_R1_control_without_the_lock_the_race_appears(
    place: Place, owner: asyncpg.Connection, world: World
) -> None:
    await owner.execute(NO_LOCK)
    assert "pg_sleep" in await owner.fetchval("select pg_get_functiondef('claim_facts'::regproc)")
    async with two_processes(place) as clients:
        sessions = await people(owner, world, 30)
        await storm(clients, sessions, await klussen(owner, world, 3, places=3), tries=3)
    after = await seats(owner)
    assert after["most"] > 3
    assert after["twice"] > 0
