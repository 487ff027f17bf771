"""Structure on PostgreSQL: two time axes, a tree without circles, and what ends with a role, a team or a service."""

from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from teams.kit.clock import now, start_of
from teams.kit.db import Database
from teams.kit.errors import Conflict, Invalid, NotFound
from teams.structure.actions.fillings import change_filling, end_filling, fill_role, leave_structure, set_home_team
from teams.structure.actions.organs import add_member, create_organ, end_member, rename_organ
from teams.structure.actions.policies import change_policy, create_policy, end_policy
from teams.structure.actions.roles import change_role, create_role, end_role
from teams.structure.actions.teams import change_team, create_team, end_team
from teams.structure.forms import FillingForm, PolicyForm, RoleForm, TeamForm
from teams.structure.models import ItemKind
from tests.world import START, TODAY, World

TOMORROW, LATER = TODAY + timedelta(days=1), TODAY + timedelta(days=40)


async def act(db: Database, verb: Any, *args: Any, **given: Any) -> Any:
    async with db.begin() as session:
        return await verb(session, *args, at=await now(session), **given)


async def entry(owner: asyncpg.Connection, verb: str) -> asyncpg.Record:
    return await owner.fetchrow("select * from journal where verb = $1 order by id desc limit 1", verb)


async def fillers(owner: asyncpg.Connection, role: UUID, moment: Any, known: Any = None) -> int:
    count: int = await owner.fetchval(
        "select count(*) from role_filling where role_id = $1 and valid @> $2::timestamptz"
        " and recorded @> coalesce($3, now())",
        role, moment, known,
    )  # fmt: skip
    return count


async def test_a_team_changes_from_a_day_and_both_axes_answer(
    db: Database, world: World, owner: asyncpg.Connection
) -> None:
    team, by = world.teams["groen"], world.actor("sef")
    before = await owner.fetchval("select now()")
    await act(db, change_team, team, first=TODAY, name="Groen, Water en Dieren", by=by)
    await act(db, change_team, team, first=LATER, cluster="Buiten", by=by)

    async def seen(day: Any, known: Any = None) -> Any:
        row = await owner.fetchrow(
            "select name, cluster from team_version where team_id = $1 and valid @> $2::date"
            " and recorded @> coalesce($3, now())",
            team, day, known,
        )  # fmt: skip
        return tuple(row)

    assert await seen(TODAY - timedelta(days=1)) == ("Groen en Water", "")
    assert await seen(TODAY) == ("Groen, Water en Dieren", "")
    assert await seen(LATER) == ("Groen, Water en Dieren", "Buiten")
    assert await seen(LATER, before) == ("Groen en Water", "")
    assert (await entry(owner, "team.changed"))["accountable"]


async def test_no_team_hangs_under_itself_and_twenty_is_the_deepest(db: Database, world: World) -> None:
    by = world.actor("sef")
    with pytest.raises(Conflict) as refused:
        await act(db, change_team, world.teams["top"], first=TODAY, parent_id=world.teams["groen"], by=by)
    assert [reason.code for reason in refused.value.reasons] == ["kring"]
    parent = world.teams["groen"]
    for level in range(3, 21):
        form = TeamForm(code=f"diep{level}", naam=f"Diep {level}", bovenliggendId=parent)
        parent = await act(db, create_team, form, first=TODAY, by=by)
    with pytest.raises(Conflict) as refused:
        form = TeamForm(code="diep21", naam="Te diep", bovenliggendId=parent)
        await act(db, create_team, form, first=TODAY, by=by)
    assert [reason.code for reason in refused.value.reasons] == ["te_diep"]
    with pytest.raises(Invalid):
        await act(db, create_team, TeamForm(code="groen", naam="Nog een"), first=TODAY, by=by)
    with pytest.raises(Conflict) as refused:
        form = TeamForm(code="eerder", naam="Eerder", bovenliggendId=world.teams["groen"])
        await act(db, create_team, form, first=START - timedelta(days=3), by=by)
    assert [reason.code for reason in refused.value.reasons] == ["bovenliggend"]


async def test_a_team_ends_after_its_roles(db: Database, world: World, owner: asyncpg.Connection) -> None:
    team, by = world.teams["balie"], world.actor("sef")
    with pytest.raises(Conflict) as refused:
        await act(db, end_team, team, last=TODAY, by=by)
    assert [reason.code for reason in refused.value.reasons] == ["rollen"]
    for role in ("balie", "balie_lead"):
        await act(db, end_role, world.roles[role], last=TODAY, by=by)
    await act(db, end_team, team, last=TODAY, by=by)
    midnight = start_of(TOMORROW)
    assert await fillers(owner, world.roles["balie"], midnight) == 0
    assert await fillers(owner, world.roles["balie"], midnight - timedelta(seconds=1)) == 2
    at_home = "select count(*) from home_team where team_id = $1 and upper_inf(recorded) and valid @> $2::date"
    assert await owner.fetchval(at_home, team, TODAY) == 2
    assert await owner.fetchval(at_home, team, TOMORROW) == 0
    assert await owner.fetchval("select count(*) from journal where verb = 'role.emptied' and accountable") == 3


async def test_a_role_gains_and_loses_items_as_rows(db: Database, world: World, owner: asyncpg.Connection) -> None:
    by = world.actor("sef")
    form = RoleForm(
        teamId=world.teams["groen"], naam="Vogelteller", doel="Weten wat er vliegt.",
        verantwoordelijkheden=["Tellen", "Tabellen maken"], domeinen=["De verrekijker"],
    )  # fmt: skip
    role = await act(db, create_role, form, first=TODAY, by=by)
    item = await owner.fetchval("select item_id from role_item where text = 'Tellen'")
    words = [(ItemKind.ACCOUNTABILITY, "Kijkers leren tellen")]
    await act(db, change_role, role, first=LATER, purpose="Anders.", add=words, remove=[item], by=by)

    async def items(day: Any) -> list[str]:
        rows = await owner.fetch(
            "select text from role_item where role_id = $1 and upper_inf(recorded) and valid @> $2::date order by position",
            role, day,
        )  # fmt: skip
        return [row["text"] for row in rows]

    assert await items(TODAY) == ["Tellen", "Tabellen maken", "De verrekijker"]
    assert await items(LATER) == ["Tabellen maken", "De verrekijker", "Kijkers leren tellen"]
    with pytest.raises(Invalid):
        await act(db, create_role, form.model_copy(update={"naam": "VOGELTÉLLER"}), first=LATER, by=by)
    with pytest.raises(NotFound):
        await act(db, change_role, role, first=LATER, remove=[world.teams["groen"]], by=by)


async def test_filling_changing_and_emptying_a_role(db: Database, world: World, owner: asyncpg.Connection) -> None:
    role, cato, by = world.roles["leeg"], world.people["cato"], world.actor("sef")
    start = start_of(TODAY)
    await act(db, fill_role, role, FillingForm(persoonId=cato, uren=Decimal(8), focus="Bijen"), start=start, by=by)
    with pytest.raises(Conflict) as refused:
        await act(db, fill_role, role, FillingForm(persoonId=cato), start=start_of(LATER), by=by)
    assert refused.value.reasons[0].code == "bestaat"
    await act(db, change_filling, role, cato, start=start_of(LATER), hours=None, by=by)
    hours = "select hours from role_filling where role_id = $1 and upper_inf(recorded) and valid @> $2::timestamptz"
    assert await owner.fetchval(hours, role, start) == 8
    assert await owner.fetchval(hours, role, start_of(LATER)) is None
    before = await owner.fetchval("select now()")
    moment = start_of(TODAY) + timedelta(hours=15, minutes=20)
    await act(db, end_filling, role, cato, end=moment, by=world.actor("cato"))
    assert await fillers(owner, role, moment - timedelta(seconds=1)) == 1
    assert await fillers(owner, role, moment) == 0
    assert await fillers(owner, role, moment, before) == 1, "as known then"
    with pytest.raises(Conflict):
        await act(db, end_filling, role, cato, end=start_of(LATER), by=by)
    facts = (await entry(owner, "role.filled"))["facts"]
    assert "Cato" not in facts


async def test_who_is_not_in_service_fills_no_role(db: Database, world: World) -> None:
    form = FillingForm(persoonId=world.people["wil"])
    with pytest.raises(Conflict) as refused:
        await act(
            db, fill_role, world.roles["leeg"], form, start=start_of(START - timedelta(days=1)), by=world.actor("sef")
        )
    assert [reason.code for reason in refused.value.reasons] == ["verkeerd_moment", "niet_in_dienst"]


async def test_a_filling_outside_its_role_is_stopped_by_the_database_too(
    db: Database, world: World, place: Any
) -> None:
    app = await asyncpg.connect(place.url())
    try:
        with pytest.raises(asyncpg.CheckViolationError):
            await app.execute(
                "insert into role_filling (role_id, person_id, valid) values ($1, $2, tstzrange('2001-01-01', null))",
                world.roles["leeg"], world.people["cato"],
            )  # fmt: skip
    finally:
        await app.close()


async def test_leaving_ends_roles_home_team_and_seats(db: Database, world: World, owner: asyncpg.Connection) -> None:
    cato, college = world.people["cato"], world.organs["college"]
    await act(db, add_member, college, cato, first=TODAY, by=world.actor("sef"))
    await act(db, leave_structure, {cato: LATER}, by=world.actor("sef"))
    for table in ("role_filling", "home_team", "organ_member"):
        known = f"select count(*) from {table} where person_id = $1 and upper_inf(recorded)"
        moment, kind = (start_of(LATER), "timestamptz") if table == "role_filling" else (LATER, "date")
        assert await owner.fetchval(f"{known} and valid @> $2::{kind}", cato, moment) == 0
        assert await owner.fetchval(f"{known} and valid @> $2::{kind}", cato, moment - timedelta(days=1)) >= 1


async def test_home_team_moves_on_a_day(db: Database, world: World, owner: asyncpg.Connection) -> None:
    await act(db, set_home_team, world.people["cato"], world.teams["groen"], first=LATER, by=world.actor("sef"))
    known = "select team_id from home_team where person_id = $1 and upper_inf(recorded) and valid @> $2::date"
    assert await owner.fetchval(known, world.people["cato"], TODAY) == world.teams["balie"]
    assert await owner.fetchval(known, world.people["cato"], LATER) == world.teams["groen"]
    told = await owner.fetch("select id from journal_subject where kind = 'team'")
    assert {row["id"] for row in told} == {world.teams["balie"], world.teams["groen"]}


async def test_organs_and_policies_hold_for_a_period(db: Database, world: World, owner: asyncpg.Connection) -> None:
    by = world.actor("sef")
    raad = await act(db, create_organ, "raad", "Gemeenteraad", by=by)
    await act(db, rename_organ, raad, "Gemeenteraad van Proefdam", by=by)
    await act(db, add_member, raad, world.people["gea"], first=TODAY, by=by)
    with pytest.raises(Conflict):
        await act(db, add_member, raad, world.people["gea"], first=LATER, by=by)
    await act(db, end_member, raad, world.people["gea"], last=LATER, by=by)
    with pytest.raises(Invalid):
        await act(db, create_organ, "raad", "Nog een raad", by=by)
    form = PolicyForm(teamId=world.teams["groen"], soort="overleg", titel="Stilte", tekst="Vijf dagen.")
    policy = await act(db, create_policy, form, first=TODAY, by=by)
    await act(db, change_policy, policy, first=LATER, words="Tien dagen.", by=by)
    await act(db, end_policy, policy, last=LATER + timedelta(days=9), by=by)
    rows = await owner.fetch(
        "select text, upper(valid) as until from policy_version where upper_inf(recorded) order by valid"
    )
    assert [tuple(row) for row in rows] == [("Vijf dagen.", LATER), ("Tien dagen.", LATER + timedelta(days=10))]
