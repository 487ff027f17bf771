"""Structure on two time axes: what held then, as it was known then; counts that do not grow with the rows."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import pytest
from sqlalchemy import event

from teams.kit.clock import now
from teams.kit.db import Database
from teams.kit.errors import NotFound
from teams.structure.lists import people_page, teams_page
from teams.structure.moment import Moment, moment_from
from teams.structure.queries import members_of, organisation_map, person_for, role_for, roles_of, team_for
from tests.world import START, TODAY, World, add_role, fill

CHANGED = TODAY - timedelta(days=100)
LONG_AGO = TODAY - timedelta(days=300)


@contextmanager
def queries(db: Database) -> Iterator[list[str]]:
    """The statements that run inside the block."""
    seen: list[str] = []

    def note(_c: Any, _cur: Any, statement: str, *_rest: Any) -> None:
        seen.append(statement)

    event.listen(db.engine.sync_engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(db.engine.sync_engine, "before_cursor_execute", note)


async def at(db: Database, op: Any = None, known: Any = None) -> Moment:
    async with db.read() as session:
        return moment_from(op and str(op), known and str(known), await now(session))


async def rename(owner: asyncpg.Connection, team: UUID, name: str) -> None:
    """As of `CHANGED` the team has another name; written down today."""
    old = await owner.fetchrow("select * from team_version where team_id = $1 and upper_inf(recorded)", team)
    await owner.execute("update team_version set recorded = tstzrange(lower(recorded), now()) where id = $1", old["id"])
    for title, valid in (
        (old["name"], asyncpg.Range(START, CHANGED)),
        (name, asyncpg.Range(CHANGED, None)),
    ):
        await owner.execute(
            "insert into team_version (team_id, name, purpose, parent_id, valid) values ($1, $2, $3, $4, $5)",
            team, title, old["purpose"], old["parent_id"], valid,
        )  # fmt: skip


async def test_op_shows_what_held_then_and_bekend_what_was_known_then(
    db: Database, owner: asyncpg.Connection, world: World
) -> None:
    team, me = world.teams["groen"], world.actor("aya")
    await rename(owner, team, "Groen, Water en Lucht")
    async with db.read() as session:
        names = [
            (await team_for(session, team, me, await at(db, op, known))).name
            for op, known in ((None, None), (LONG_AGO, None), (None, LONG_AGO), (CHANGED, None))
        ]
    assert names == ["Groen, Water en Lucht", "Groen en Water", "Groen en Water", "Groen, Water en Lucht"]


async def test_a_filling_holds_from_a_moment_until_a_moment(
    db: Database, owner: asyncpg.Connection, world: World
) -> None:
    role = await add_role(owner, world.teams["balie"], "Tijdelijke gastheer")
    begin, end = datetime(2026, 3, 1, 11, tzinfo=UTC), datetime(2026, 3, 8, 23, tzinfo=UTC)
    await owner.execute(
        "insert into role_filling (role_id, person_id, hours, valid, recorded)"
        " values ($1, $2, 4, tstzrange($3, $4), tstzrange($3, null))",
        role, world.people["dirk"], begin, end,
    )  # fmt: skip
    async with db.read() as session:
        for op, filled in (
            ("2026-03-01T10:59:59Z", False), ("2026-03-01T11:00:00Z", True), ("2026-03-01", True), ("2026-03-08", True),
            ("2026-03-09", False), (None, False),
        ):  # fmt: skip
            seen = await role_for(session, role, world.actor("aya"), await at(db, op))
            assert seen.open is not filled, op
        last = await role_for(session, role, world.actor("aya"), await at(db, "2026-03-08"))
    assert last.fillers[0].until is not None and last.fillers[0].until.isoformat() == "2026-03-08"
    assert seen.open_since.isoformat() == "2026-03-09"


async def test_before_it_was_there_and_unknown_are_the_same_not_found(db: Database, world: World) -> None:
    before, present = await at(db, START - timedelta(days=1)), await at(db)
    me = world.actor("aya")
    async with db.read() as session:
        for door, known in ((team_for, world.teams["groen"]), (role_for, world.roles["boom"])):
            with pytest.raises(NotFound) as then:
                await door(session, known, me, before)
            with pytest.raises(NotFound) as never:
                await door(session, uuid4(), me, present)
            assert then.value.reasons == never.value.reasons
        with pytest.raises(NotFound):
            await person_for(session, uuid4(), me, present)


async def test_a_team_has_its_roles_with_core_roles_last_its_members_and_its_subteams(
    db: Database, owner: asyncpg.Connection, world: World
) -> None:
    policy = await owner.fetchval("insert into policy (team_id) values ($1) returning id", world.teams["groen"])
    await owner.execute(
        "insert into policy_version (policy_id, kind, title, text, valid) values ($1, 'werkwijze', 'Start', 'Om 9 uur.',"
        " daterange($2, null))",
        policy, START,
    )  # fmt: skip
    moment, me = await at(db), world.actor("cato")
    async with db.read() as session:
        team = await team_for(session, world.teams["groen"], me, moment)
        roles = await roles_of(session, world.teams["groen"], moment)
        members = await members_of(session, world.teams["groen"], moment)
        top = await team_for(session, world.teams["top"], me, moment)
    assert (team.parent, team.subteams, team.policies[0]["title"]) == ("Proefdam", [], "Start")
    assert [role.name for role in roles] == ["Boombeheerder", "Ecoloog", "Waterbeheerder", "Rolverdeler"]
    assert [role.open for role in roles] == [False, True, False, False]
    assert roles[0].accountabilities[0][1] == "Zorgen voor boombeheerder"
    assert [member.name for member in members] == ["Aya Proef", "Bram Proef"]
    assert [subteam["name"] for subteam in top.subteams] == ["Balie", "Groen en Water"]


async def test_hours_and_number_of_a_person_are_only_for_the_person(db: Database, world: World) -> None:
    moment = await at(db)
    async with db.read() as session:
        mine = await person_for(session, world.people["aya"], world.actor("aya"), moment)
        for reader in ("bram", "cato", "sef", "kees", "beer", "gea", "wil"):
            theirs = await person_for(session, world.people["aya"], world.actor(reader), moment)
            assert (theirs.is_me, theirs.number, [role.hours for role in theirs.roles]) == (False, None, [None])
    assert mine.is_me and mine.number == "P001" and [role.hours for role in mine.roles] == [20]
    assert (mine.team, mine.in_service) == ("Groen en Water", True)


async def test_the_map_counts_people_and_fillers_in_two_queries_however_many_there_are(
    db: Database, owner: asyncpg.Connection, world: World
) -> None:
    moment = await at(db)
    async with db.read() as session:
        with queries(db) as before:
            teams, roles = await organisation_map(session, moment)
    for number in range(20):
        role = await add_role(owner, world.teams["balie"], f"Rol {number}")
        await fill(owner, role, world.people["dirk"], None)
    async with db.read() as session:
        with queries(db) as after:
            _, more = await organisation_map(session, await at(db))
    assert {team.name: team.people for team in teams} == {"Balie": 2, "Groen en Water": 2, "Proefdam": 4}
    assert {role.name: role.fillers for role in roles if role.team_id == world.teams["groen"]} == {
        "Boombeheerder": 1, "Ecoloog": 0, "Rolverdeler": 1, "Waterbeheerder": 1,
    }  # fmt: skip
    assert len(more) == len(roles) + 20
    assert (len(before), len([q for q in after if "from role_version" in q or "from team_version" in q])) == (2, 2)


async def test_pages_of_a_list_meet_each_row_once(db: Database, world: World) -> None:
    moment = await at(db)
    async with db.read() as session:
        names, after = [], None
        while True:
            rows, after = await people_page(session, moment, after=after, limit=2)
            names += [row.name for row in rows]
            if after is None:
                break
        teams, rest = await teams_page(session, moment, limit=2)
        last, end = await teams_page(session, moment, after=rest, limit=2)
    assert names == sorted(names) and len(names) == len(world.people)
    assert [team.name for team in (*teams, *last)] == ["Balie", "Groen en Water", "Proefdam"] and end is None


async def test_people_are_found_by_name_mail_and_number_and_signs_mean_themselves(db: Database, world: World) -> None:
    moment = await at(db)
    async with db.read() as session:
        for word, found in (
            ("aya", "Aya Proef"), ("CATO@proefdam", "Cato Proef"), ("p002", "Bram Proef"), ("%", None), ("_", None),
            ("\\", None), ("(((a+)+)+)$", None),
        ):  # fmt: skip
            rows, _ = await people_page(session, moment, search=word)
            assert [row.name for row in rows] == ([found] if found else []), word
