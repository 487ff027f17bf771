"""Who fills a role (rules 9-11): only who is willing, decided as the team's policy says, stopped by a grantor."""

import asyncpg
import pytest
from sqlalchemy.exc import DBAPIError

from teams.kit.db import Database
from teams.kit.errors import Conflict
from tests.conftest import Place
from tests.governance.acts import (
    close,
    consent,
    object_,
    pass_time,
    policy,
    refused,
    sql,
    state,
    submitted,
    withdraw,
)
from tests.governance.choosing import (
    accept,
    ask_for,
    decide,
    decline,
    electing,
    fillers,
    give_up,
    grantor,
    jobs,
    later,
    withdraw_offer,
)
from tests.world import World


@pytest.fixture(autouse=True)
async def groen(world: World, owner: asyncpg.Connection) -> None:
    await electing(world, owner)


async def proposal_of(owner: asyncpg.Connection) -> asyncpg.Record:
    return await owner.fetchrow("select id, proposer_id, state from proposal order by number desc limit 1")


async def grant_on(owner: asyncpg.Connection, world: World, role: str) -> None:
    made = await owner.fetchval("insert into power_grant (number) values ('GW-07') returning id")
    await owner.execute(
        "insert into grant_version (grant_id, kinds, grantors, holder, powers, valid) values"
        " ($1, '{mandaat}', '{orgaan:college}', $2, '{}', tstzrange(now() - interval '1 day', null))",
        made, f"rol:{world.roles[role]}",
    )  # fmt: skip


async def test_g9_by_default_the_team_decides_together_and_only_on_who_is_willing(
    db: Database, world: World, owner: asyncpg.Connection
) -> None:
    offer = await ask_for(db, world, "aya", "leeg", "cato", uren="6.0", focus="Otters")
    assert await owner.fetchval("select count(*) from proposal") == 0, "first the person's own yes"
    await refused(accept(db, world, "aya", offer.id), "geen_recht", kind=Conflict)
    await accept(db, world, "cato", offer.id)
    lies = await proposal_of(owner)
    electors = {row[0] for row in await owner.fetch("select person_id from proposal_elector")}
    assert electors == {world.people["bram"], world.people["sef"]}, "neither who asks nor whom it is about"
    for who in ("bram", "sef"):
        await consent(db, world, who, lies["id"])
    row = await owner.fetchrow(
        "select person_id, hours, focus, elected from role_filling where role_id = $1", world.roles["leeg"]
    )
    assert tuple(row) == (world.people["cato"], 6, "Otters", False)
    assert await owner.fetchval("select state from filling_offer") == "vervuld"
    verbs = {row[0] for row in await owner.fetch("select verb from journal where accountable")}
    assert "role.filled" in verbs


async def test_r5_hours_of_a_role_count_in_the_week(db: Database, world: World, owner: asyncpg.Connection) -> None:
    before = await owner.fetchval("select jsonb_array_length(person_hours($1) -> 'roles')", world.people["dirk"])
    await ask_for(db, world, "dirk", "leeg", uren="6.0")
    for who in ("aya", "bram", "cato", "sef"):
        await consent(db, world, who, (await proposal_of(owner))["id"])
    after = await owner.fetchval("select jsonb_array_length(person_hours($1) -> 'roles')", world.people["dirk"])
    assert after == before + 1


async def test_g9_no_means_no_and_nobody_is_asked_twice(db: Database, world: World, owner: asyncpg.Connection) -> None:
    offer = await ask_for(db, world, "aya", "leeg", "cato")
    await refused(ask_for(db, world, "bram", "leeg", "cato"), "bestaat", kind=Conflict)
    await refused(ask_for(db, world, "dirk", "leeg", "sef"), "geen_recht", kind=Conflict)
    await refused(ask_for(db, world, "aya", "water", "bram"), "bestaat", kind=Conflict)
    await refused(ask_for(db, world, "aya", "leeg", "wil"), "niet_in_dienst", kind=Conflict)
    await refused(ask_for(db, world, "sef", "secretaris", "aya"), "G36", kind=Conflict)
    await decline(db, world, "cato", offer.id)
    await refused(accept(db, world, "cato", offer.id), "verkeerd_moment", kind=Conflict)
    assert await fillers(owner, world, "leeg") == set()
    with pytest.raises(DBAPIError, match="settled offer"):
        await sql(db, "update filling_offer set state = 'vervuld' where id = :o", o=offer.id)


async def test_g9_the_database_itself_asks_for_a_yes_and_a_decision(db: Database, world: World) -> None:
    offer = await ask_for(db, world, "aya", "leeg", "cato")
    for wanted, why in (("aanvaard", "willing"), ("vervuld", "willing")):
        with pytest.raises(DBAPIError, match=why):
            await sql(db, "update filling_offer set state = :s where id = :o", o=offer.id, s=wanted)
    await accept(db, world, "cato", offer.id)
    with pytest.raises(DBAPIError, match="not decided"):
        await sql(db, "update filling_offer set state = 'vervuld' where id = :o", o=offer.id)


@pytest.mark.parametrize(("kind", "decider"), [("rolverdeler", "bram"), ("rol", "sef")])
async def test_g9_a_policy_names_the_role_that_decides_but_never_on_oneself(
    db: Database, world: World, owner: asyncpg.Connection, kind: str, decider: str
) -> None:
    named = f":{world.roles['facilitator']}" if kind == "rol" else ""
    await policy(owner, world.teams["groen"], f"vervulling:{kind}{named}")
    offer = await ask_for(db, world, "aya", "leeg", "cato")
    await refused(decide(db, world, decider, offer.id), "verkeerd_moment", kind=Conflict)
    await accept(db, world, "cato", offer.id)
    await refused(decide(db, world, "aya", offer.id), "geen_recht", kind=Conflict)
    await refused(decide(db, world, "cato", offer.id), "eigen_aanvraag", kind=Conflict)
    await decide(db, world, decider, offer.id)
    assert await fillers(owner, world, "leeg") == {"cato"}
    own = await ask_for(db, world, decider, "leeg")
    assert own.way == "team", "who decides leaves their own wish to the team"


async def test_g9_a_decider_says_no_with_a_reason(db: Database, world: World, owner: asyncpg.Connection) -> None:
    await policy(owner, world.teams["groen"], "vervulling:rolverdeler")
    offer = await ask_for(db, world, "cato", "leeg")
    await decide(db, world, "bram", offer.id, yes=False)
    assert await owner.fetchval("select state from filling_offer") == "afgewezen"
    assert await owner.fetchval("select text from filling_offer_act where kind = 'afgewezen'") != ""
    assert await fillers(owner, world, "leeg") == set()


async def test_g36_filling_a_role_with_a_grant_waits_for_its_grantor(
    db: Database, world: World, owner: asyncpg.Connection, place: Place
) -> None:
    await policy(owner, world.teams["groen"], "vervulling:rolverdeler")
    await grant_on(owner, world, "leeg")
    first = await ask_for(db, world, "cato", "leeg")
    await decide(db, world, "bram", first.id)
    assert await fillers(owner, world, "leeg") == set()
    assert (
        await owner.fetchval("select facts ->> 'grants' from journal where verb = 'filling.grantor_told'")
        == '["GW-07"]'
    )
    await refused(grantor(db, world, "bram", first.id, yes=True), "geen_recht", kind=Conflict)
    await grantor(db, world, "wil", first.id, yes=False)
    await refused(grantor(db, world, "wil", first.id, yes=True), "verkeerd_moment", kind=Conflict)
    assert await fillers(owner, world, "leeg") == set()
    second = await ask_for(db, world, "cato", "leeg")
    await decide(db, world, "bram", second.id)
    await jobs(db)
    assert await fillers(owner, world, "leeg") == set()
    await later(place, 15)
    await jobs(db)
    assert await fillers(owner, world, "leeg") == {"cato"}, "told, and not stopped"
    third = await ask_for(db, world, "aya", "leeg")
    await decide(db, world, "bram", third.id)
    await grantor(db, world, "wil", third.id, yes=True)
    assert await fillers(owner, world, "leeg") == {"cato", "aya"}


async def test_g9_who_fills_a_role_lays_it_down(db: Database, world: World, owner: asyncpg.Connection) -> None:
    await refused(give_up(db, world, "aya", "water"), "geen_recht", kind=Conflict)
    await give_up(db, world, "bram", "water")
    assert await fillers(owner, world, "water") == set()
    assert await owner.fetchval("select actor from journal where verb = 'role.emptied'") == world.people["bram"]


async def test_in_the_light_form_silence_fills_a_role_after_the_term_and_an_objection_stops_it(
    db: Database, world: World, owner: asyncpg.Connection, place: Place
) -> None:
    await policy(owner, world.teams["groen"])
    await ask_for(db, world, "cato", "leeg")
    objected = await ask_for(db, world, "aya", "leeg")
    lies = await proposal_of(owner)
    await object_(db, world, "bram", lies["id"])
    await pass_time(place, 15)
    await close(db)
    assert await fillers(owner, world, "leeg") == {"cato"}
    assert (await state(owner, lies["id"]))[0] == "bezwaar"
    await withdraw(db, world, lies["id"])
    assert await owner.fetchval("select state from filling_offer where id = $1", objected.id) == "ingetrokken"


async def test_an_empty_team_leaves_it_to_the_team_above(db: Database, world: World, owner: asyncpg.Connection) -> None:
    for who, role in (
        ("aya", "boom"),
        ("bram", "water"),
        ("cato", "zaai"),
        ("sef", "facilitator"),
        ("bram", "groen_lead"),
    ):
        await give_up(db, world, who, role)
    await ask_for(db, world, "cato", "leeg")
    electors = [row[0] for row in await owner.fetch("select person_id from proposal_elector")]
    assert electors == [world.people["sef"]], "the team above: its secretaris"


async def test_who_asked_takes_it_back(db: Database, world: World, owner: asyncpg.Connection) -> None:
    offer = await ask_for(db, world, "aya", "leeg", "cato")
    await refused(withdraw_offer(db, world, "bram", offer.id), "geen_recht", kind=Conflict)
    await accept(db, world, "cato", offer.id)
    await withdraw_offer(db, world, "aya", offer.id)
    assert (await proposal_of(owner))["state"] == "ingetrokken"
    await refused(withdraw_offer(db, world, "aya", offer.id), "verkeerd_moment", kind=Conflict)


async def test_g17_people_are_no_governance(db: Database, world: World) -> None:
    typed = {
        "soort": "rolvervulling", "aanbodId": str(world.teams["groen"]), "rolId": str(world.roles["leeg"]),
        "persoonId": str(world.people["aya"]),
    }  # fmt: skip
    await refused(submitted(db, world, typed), "G17", kind=Conflict)


async def test_g10_another_focus_for_who_fills_the_role_is_decided_like_any_filling(
    db: Database, world: World, owner: asyncpg.Connection
) -> None:
    """One filling a person, with all its focus."""
    await ask_for(db, world, "bram", "water", focus="Noord")
    for who in ("aya", "cato", "sef"):
        await consent(db, world, who, (await proposal_of(owner))["id"])
    asked = "select focus, hours from role_filling where role_id = $1 and upper_inf(recorded) and valid @> now()"
    assert tuple(await owner.fetchrow(asked, world.roles["water"])) == ("Noord", 24), "the hours stay"
    await refused(ask_for(db, world, "bram", "water", focus="Noord"), "bestaat", kind=Conflict)
    offer = await ask_for(db, world, "aya", "water", "bram", focus="Noord en Zuid", uren="20.0")
    await accept(db, world, "bram", offer.id)
    for who in ("cato", "sef"):
        await consent(db, world, who, (await proposal_of(owner))["id"])
    rows = await owner.fetch(asked, world.roles["water"])
    assert [tuple(row) for row in rows] == [("Noord en Zuid", 20)]
