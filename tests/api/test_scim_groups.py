"""Groups that are tied to teams and roles: given and taken by the actions of people, never past a rule (G9, G15, G36, R13)."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import asyncpg
import httpx
import pytest

from teams.auth.scim_tokens import create_scim_token
from teams.exchange.directory_roles import Tie, ties_in
from teams.kit.db import Database
from teams.kit.settings import Settings
from tests.api.test_scim import change, over
from tests.apps import app_for
from tests.conftest import Place
from tests.governance.test_offer import grant_on
from tests.world import World

FILE = """groep;team;rol
Teams-Ecologie;groen;Ecoloog
Teams-Groen;groen;
Teams-Leiding;groen;Rolverdeler
Teams-Weg;groen;Bestaat niet
"""


@pytest.fixture
async def scim(place: Place, db: Database, world: World, tmp_path: Path) -> AsyncIterator[httpx.AsyncClient]:
    file = tmp_path / "groepen.csv"
    file.write_text(FILE, encoding="utf-8")
    async with db.begin() as session:
        token = await create_scim_token(session)
    settings = Settings(database_url=place.url(), municipality="gemeente Proefdam", scim_groups=file)
    async with over(app_for(settings, db), token) as client:
        yield client


async def group(client: httpx.AsyncClient, name: str, *accounts: Any) -> str:
    members = [{"value": str(one)} for one in accounts]
    made = await client.post("/Groups", json={"displayName": name, "externalId": f"x-{name}", "members": members})
    assert made.status_code == 201, made.text
    return f"/Groups/{made.json()['id']}"


async def fills(owner: asyncpg.Connection, world: World, who: str, role: str) -> bool:
    query = "select exists (select from role_filling where person_id = $1 and role_id = $2 and upper_inf(recorded) and valid @> clock_timestamp())"
    return bool(await owner.fetchval(query, world.people[who], world.roles[role]))


async def home(owner: asyncpg.Connection, world: World, who: str) -> Any:
    query = "select team_id from home_team where person_id = $1 and upper_inf(recorded) and valid @> (now() at time zone 'Europe/Amsterdam')::date"
    return await owner.fetchval(query, world.people[who])


def entra_out(account: Any) -> dict[str, Any]:
    """As Entra ID takes a member out (its documented body, without ?aadOptscim062020)."""
    return {"op": "Remove", "path": "members", "value": [{"$ref": None, "value": str(account)}]}


def okta_out(account: Any) -> dict[str, Any]:
    return {"op": "remove", "path": f'members[value eq "{account}"]'}


@pytest.mark.parametrize("out", [entra_out, okta_out])
async def test_who_comes_in_fills_the_role_and_who_goes_out_no_longer(
    scim: httpx.AsyncClient, owner: asyncpg.Connection, world: World, out: Any
) -> None:
    dirk = world.accounts["dirk"]
    place = await group(scim, "teams-ecologie")
    await change(scim, place, {"op": "Add", "path": "members", "value": [{"value": str(dirk)}]})
    assert await fills(owner, world, "dirk", "leeg")
    assert (await change(scim, place, out(dirk))).status_code == 200
    assert not await fills(owner, world, "dirk", "leeg")
    verbs = [row["verb"] for row in await owner.fetch("select verb from journal where verb like 'role.%' order by id")]
    assert verbs == ["role.filled", "role.emptied"]


async def test_okta_replaces_the_whole_group_and_deleting_it_takes_all(
    scim: httpx.AsyncClient, owner: asyncpg.Connection, world: World
) -> None:
    dirk, cato = world.accounts["dirk"], world.accounts["cato"]
    place = await group(scim, "Teams-Ecologie", dirk)
    body = {"displayName": "Teams-Ecologie", "externalId": "x-Teams-Ecologie", "members": [{"value": str(cato)}]}
    assert (await scim.put(place, json=body)).status_code == 200
    assert (await fills(owner, world, "dirk", "leeg"), await fills(owner, world, "cato", "leeg")) == (False, True)
    assert (await scim.delete(place)).status_code == 204
    assert not await fills(owner, world, "cato", "leeg")


async def test_a_group_without_a_tie_and_a_new_name(
    scim: httpx.AsyncClient, owner: asyncpg.Connection, world: World
) -> None:
    place = await group(scim, "Kantine", world.accounts["dirk"])
    assert not await fills(owner, world, "dirk", "leeg")
    await change(scim, place, {"op": "replace", "path": "displayName", "value": "Teams-Ecologie"})
    assert await fills(owner, world, "dirk", "leeg")
    await change(scim, place, {"op": "replace", "path": "displayName", "value": "Kantine"})
    assert not await fills(owner, world, "dirk", "leeg")


async def test_the_home_team_follows_its_group(
    scim: httpx.AsyncClient, owner: asyncpg.Connection, world: World
) -> None:
    place = await group(scim, "Teams-Groen", world.accounts["dirk"])
    assert await home(owner, world, "dirk") == world.teams["groen"]
    await change(scim, place, okta_out(world.accounts["dirk"]))
    assert await home(owner, world, "dirk") is None


@pytest.mark.parametrize("name", ["Teams-Leiding", "Teams-Weg"])
async def test_what_a_rule_keeps_for_people_no_group_gives(
    scim: httpx.AsyncClient, owner: asyncpg.Connection, world: World, name: str
) -> None:
    await group(scim, name, world.accounts["dirk"])
    assert not await fills(owner, world, "dirk", "groen_lead")
    assert await owner.fetchval("select count(*) from journal where verb = 'directory.role_refused'") == 1
    assert await owner.fetchval("select count(*) from journal where verb = 'role.filled'") == 0


async def test_a_role_with_a_mandate_is_never_given_by_a_group(
    scim: httpx.AsyncClient, owner: asyncpg.Connection, world: World
) -> None:
    await grant_on(owner, world, "leeg")
    await group(scim, "Teams-Ecologie", world.accounts["dirk"])
    assert not await fills(owner, world, "dirk", "leeg")


async def test_what_people_gave_the_group_does_not_take(
    scim: httpx.AsyncClient, owner: asyncpg.Connection, world: World
) -> None:
    await owner.execute(
        "insert into role_filling (role_id, person_id, valid) values ($1, $2, tstzrange(now() - interval '1 day', null))",
        world.roles["leeg"], world.people["dirk"],
    )  # fmt: skip
    place = await group(scim, "Teams-Ecologie", world.accounts["dirk"])
    await change(scim, place, entra_out(world.accounts["dirk"]))
    assert await fills(owner, world, "dirk", "leeg")


async def test_an_account_that_opens_again_has_nothing_back(
    scim: httpx.AsyncClient, owner: asyncpg.Connection, world: World
) -> None:
    dirk = world.accounts["dirk"]
    place = await group(scim, "Teams-Ecologie", dirk)
    for active in ("False", "True"):
        await change(scim, f"/Users/{dirk}", {"op": "Replace", "path": "active", "value": active})
        assert not await fills(owner, world, "dirk", "leeg")
    again = {"op": "Add", "path": "members", "value": [{"value": str(dirk)}, {"value": str(world.accounts["cato"])}]}
    await change(scim, place, again)
    assert not await fills(owner, world, "dirk", "leeg"), "was in the group all the time"
    await change(scim, place, entra_out(dirk), {"op": "Add", "path": "members", "value": [{"value": str(dirk)}]})
    assert not await fills(owner, world, "dirk", "leeg"), "one call that changes nothing"
    await change(scim, place, entra_out(dirk))
    await change(scim, place, {"op": "Add", "path": "members", "value": [{"value": str(dirk)}]})
    assert await fills(owner, world, "dirk", "leeg"), "the directory put this person in anew"


def test_the_file_is_read_or_named(tmp_path: Path) -> None:
    file = tmp_path / "g.csv"
    file.write_text("\ufeffGroep;Team;Rol\n a ; GW ; Boom \n\n", encoding="utf-8")
    assert ties_in(file) == (Tie("a", "GW", "Boom"),) and ties_in(None) == ()
    for wrong in ("", "naam;team\n", "groep;team;rol\n;GW;\n", "groep;team;rol\na;b\n", "groep;team;rol\na;b;c;d\n"):
        file.write_text(wrong, encoding="utf-8")
        with pytest.raises(ValueError):
            ties_in(file)
