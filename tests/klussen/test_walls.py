"""The database's own walls behind the rules: they hold for anything that the app may send."""

import asyncpg
import pytest

from teams.kit.db import Database
from tests.conftest import Place
from tests.klussen.acts import claim
from tests.klussen.test_claim import posted
from tests.world import World

WALLS = {
    "R1: one seat, one person": (
        "insert into claim (klus_id, person_id, state, seat, hours) values ({klus}, {bram}, 'bevestigd', 1, 1)", "uq_claim_seat"),
    "R1: one person, one place": (
        "insert into claim (klus_id, person_id, state, seat, hours) values ({klus}, {cato}, 'bevestigd', 2, 1)", "uq_claim_active"),
    "R1: never more than N": (
        "insert into claim (klus_id, person_id, state, seat, hours) select {klus}, id, 'bevestigd', 10 + row_number() over (), 1"
        " from person where id <> {cato} limit 2", "ck_klus_capacity"),
    "R8: N not below what is taken": ("update klus set places = 1, taken = 2 where id = {klus}", "ck_klus_capacity"),
    "R10: a claim that ended holds no seat": ("update claim set state = 'ingetrokken', ended_at = now()", "ck_claim_seat"),
    "R10: a seat has no end": ("update claim set ended_at = now()", "ck_claim_end"),
    "R17: an appointment is never a claim": ("update klus set kind = 'vacature' where id = {klus}", "ck_klus_appointment"),
    "R18: hours a week or a total": ("update klus set hours_total = 6 where id = {klus}", "ck_klus_hours"),
    "ends before it starts": ("update klus set ends = starts - 1 where id = {klus}", "ck_klus_period"),
}  # fmt: skip
FORBIDDEN = {
    "R10: claims stay": "delete from claim",
    "R10: klussen stay": "delete from klus",
    "the journal is not rewritten": "update journal set verb = 'x'",
    "the journal is not emptied": "delete from journal",
    "the journal's moment is not chosen": "insert into journal (verb, at) values ('x', now() - interval '1 day')",
    "no table is emptied": "truncate claim",
    "the walls stay": "alter table klus drop constraint ck_klus_capacity",
    "the guards stay": "alter table claim disable trigger all",
}


async def raw(place: Place) -> asyncpg.Connection:
    return await asyncpg.connect(place.url("teams_app"))


@pytest.mark.parametrize("wall", WALLS)
async def test_the_database_holds_its_walls(db: Database, world: World, place: Place, wall: str) -> None:
    statement, constraint = WALLS[wall]
    klus = await posted(db, world, plaatsen=2)
    await claim(db, world, "cato", klus.id)
    app = await raw(place)
    ids = {"klus": klus.id, "cato": world.people["cato"], "bram": world.people["bram"]}
    filled = statement.format(**{name: f"'{value}'" for name, value in ids.items()})
    with pytest.raises(asyncpg.IntegrityConstraintViolationError) as broken:
        await app.execute(filled)
    assert broken.value.constraint_name == constraint
    await app.close()


@pytest.mark.parametrize("what", FORBIDDEN)
async def test_the_app_may_not(db: Database, world: World, place: Place, what: str) -> None:
    await claim(db, world, "cato", (await posted(db, world)).id)
    app = await raw(place)
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await app.execute(FORBIDDEN[what])
    await app.close()
