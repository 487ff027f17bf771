"""Meetings on PostgreSQL: notice, who runs them, the steps of rule 27, adoption by the acts of proposals; G numbers in the names."""

from datetime import timedelta
from typing import Any

import asyncpg
import pytest
from pydantic import ValidationError
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from teams.governance.actions import meeting_items, meetings
from teams.kit.db import Database
from teams.kit.errors import Conflict, Invalid, NotAllowed, NotFound
from teams.kit.workdays import after
from teams.structure.models import CoreRole
from tests.conftest import Place
from tests.governance.acts import (
    act,
    bigger,
    confirm,
    consent,
    draft,
    integrate,
    meet,
    new_role,
    policy,
    refused,
    renamed,
    sql,
    state,
    submitted,
    version,
)
from tests.governance.meeting_acts import (
    attach,
    begins_now,
    close_,
    extend,
    finish,
    is_over,
    item,
    join,
    leave,
    next_,
    on,
    open_,
    output,
    plan,
    put,
    reply,
    report,
    say,
    standing,
    start,
    state_of,
    step,
    version_of,
)
from tests.world import TODAY, World, add_role, fill


@pytest.fixture(autouse=True)
async def groen(world: World, owner: asyncpg.Connection) -> None:
    await bigger(world, owner)


async def agenda_with(db: Database, world: World, place: Place, *who: str, **more: Any) -> tuple[Any, Any, Any]:
    """A meeting at its items, with one proposal of aya that waited for it: meeting, item, proposal."""
    made = await submitted(db, world, new_role())
    await meet(db, world, "bram", made.id)
    meeting = await on(db, world, place, *who, **more)
    await step(db, world, meeting, times=2)
    async with db.read() as session:
        found = await session.scalar(text("select id from meeting_item where proposal_id = :id"), {"id": made.id})
    return meeting, found, made


async def at_objections(db: Database, world: World, place: Place, *who: str) -> tuple[Any, Any, Any]:
    meeting, found, made = await agenda_with(db, world, place, *who)
    await start(db, world, meeting, found)
    await next_(db, world, meeting, found, times=3)
    await put(db, world, meeting, found)
    return meeting, found, made


async def test_g23_a_call_for_a_meeting_ends_in_one_that_adopts(
    db: Database, world: World, owner: asyncpg.Connection, place: Place
) -> None:
    meeting, found, made = await at_objections(db, world, place)
    assert await state(owner, made.id) == ("consent", 2)
    for who in ("bram", "cato"):
        await reply(db, world, meeting, found, who, 2)
    assert (await state_of(owner, found))[0] == "bezig"
    await reply(db, world, meeting, found, "sef", 2)
    assert await state(owner, made.id) == ("aangenomen", 2)
    assert await state_of(owner, found) == ("klaar", "bezwaren", "aangenomen")
    assert await owner.fetchval("select not by_silence and silent = 0 from adoption")
    assert await owner.fetchval("select count(*) from role_version where name = 'Egelwacht'") == 1


async def test_g27_the_steps_go_in_order_and_only_the_facilitator_moves_them(
    db: Database, world: World, owner: asyncpg.Connection, place: Place
) -> None:
    meeting, found, _ = await agenda_with(db, world, place)
    await refused(next_(db, world, meeting, found), "verkeerd_moment", kind=Conflict)
    await refused(start(db, world, meeting, found, "aya"), "G15", kind=NotAllowed)
    await start(db, world, meeting, found)
    await refused(put(db, world, meeting, found), "G27", kind=Conflict)
    await refused(reply(db, world, meeting, found, "bram", 1), "G27", kind=Conflict)
    for expected in ("vragen", "reacties", "verduidelijken"):
        await refused(next_(db, world, meeting, found, "bram"), "G15", kind=NotAllowed)
        await next_(db, world, meeting, found)
        assert (await state_of(owner, found))[1] == expected
    await refused(next_(db, world, meeting, found), "G27", kind=Conflict)
    await refused(put(db, world, meeting, found, "bram"), "geen_recht", kind=NotAllowed)
    await put(db, world, meeting, found)
    await refused(next_(db, world, meeting, found), "G27", kind=Conflict)
    for jump in ("vragen", "verduidelijken", "inbrengen"):
        with pytest.raises(DBAPIError, match="does not go this way"):
            await sql(db, "update meeting_item set step = :step where id = :id", step=jump, id=found)


async def test_g27_an_objection_leads_to_integration_and_back_to_the_round(
    db: Database, world: World, owner: asyncpg.Connection, place: Place
) -> None:
    meeting, found, made = await at_objections(db, world, place)
    await reply(db, world, meeting, found, "cato", 2)
    await reply(db, world, meeting, found, "bram", 2, "Te duur.")
    await reply(db, world, meeting, found, "sef", 2)
    assert (await state(owner, made.id))[0] == "bezwaar"
    await next_(db, world, meeting, found)
    assert (await state_of(owner, found))[1] == "verwerking"
    objection = await owner.fetchval("select id from objection")
    await integrate(db, world, "aya", objection, new_role("Goedkope egelwacht"))
    await confirm(db, world, "bram", objection)
    assert await state(owner, made.id) == ("consent", 3)
    await next_(db, world, meeting, found)
    assert (await state_of(owner, found))[1] == "bezwaren"
    await refused(reply(db, world, meeting, found, "cato", 2), "verouderd", kind=Conflict)
    for who in ("bram", "cato", "sef"):
        await reply(db, world, meeting, found, who, 3)
    assert (await state_of(owner, found))[2] == "aangenomen"
    assert await owner.fetchval("select count(*) from role_version where name = 'Goedkope egelwacht'") == 1


async def test_g27_who_may_speak_in_each_step(db: Database, world: World, place: Place) -> None:
    meeting, found, _ = await agenda_with(db, world, place)
    await start(db, world, meeting, found)
    await say(db, world, meeting, "aya", found)
    await refused(say(db, world, meeting, "bram", found), "G27", kind=Conflict)
    await next_(db, world, meeting, found)
    await say(db, world, meeting, "bram", found, "Waarom egels?")
    await say(db, world, meeting, "aya", found, "Omdat ze oversteken.")
    await next_(db, world, meeting, found)
    await refused(say(db, world, meeting, "aya", found), "G27", kind=Conflict)
    await say(db, world, meeting, "bram", found)
    await refused(say(db, world, meeting, "bram", found), "G27", kind=Conflict)
    await say(db, world, meeting, "sef", found, "Mooi.", of="cato")
    await refused(say(db, world, meeting, "bram", found, of="sef"), "G15", kind=NotAllowed)
    await next_(db, world, meeting, found)
    await refused(say(db, world, meeting, "bram", found), "G27", kind=Conflict)
    await say(db, world, meeting, "aya", found)


async def test_g28_absent_with_notice_had_their_chance(
    db: Database, world: World, owner: asyncpg.Connection, place: Place
) -> None:
    meeting, found, made = await at_objections(db, world, place, "aya", "bram", "sef")
    await reply(db, world, meeting, found, "bram", 2)
    assert (await state(owner, made.id))[0] == "consent"
    await reply(db, world, meeting, found, "sef", 2)
    assert (await state(owner, made.id))[0] == "aangenomen", "cato was told in time"
    assert await owner.fetchval("select count(*) from proposal_elector where version = 2") == 3


async def test_g28_who_comes_late_counts_and_who_leaves_does_not(
    db: Database, world: World, owner: asyncpg.Connection, place: Place
) -> None:
    meeting, found, made = await at_objections(db, world, place, "aya", "bram", "sef")
    await reply(db, world, meeting, found, "sef", 2)
    await join(db, world, meeting, "cato")
    await reply(db, world, meeting, found, "bram", 2)
    assert (await state(owner, made.id))[0] == "consent", "cato is there and has not answered"
    await leave(db, world, meeting, "cato")
    assert (await state(owner, made.id))[0] == "aangenomen"
    assert (await state_of(owner, found))[2] == "aangenomen"


async def test_g22_nobody_answering_is_never_consent(
    db: Database, world: World, owner: asyncpg.Connection, place: Place
) -> None:
    meeting, _, made = await at_objections(db, world, place, "aya", "sef")
    await leave(db, world, meeting, "sef")
    assert (await state(owner, made.id))[0] == "consent"
    with pytest.raises(DBAPIError, match="silence is no consent"):
        await sql(db, "insert into adoption (proposal_id, version) values (:id, 2)", id=made.id)


async def test_g22_after_the_meeting_the_absent_count_again(
    db: Database, world: World, owner: asyncpg.Connection, place: Place
) -> None:
    meeting, found, made = await at_objections(db, world, place, "aya", "bram", "sef")
    await reply(db, world, meeting, found, "bram", 2)
    await close_(db, world, meeting)
    assert await state_of(owner, found) == ("klaar", "bezwaren", "op_papier")
    assert await owner.fetchval("select silent_electors($1, 2)", made.id) == 2
    await consent(db, world, "sef", made.id, 2)
    assert (await state(owner, made.id))[0] == "consent"


async def test_g28_without_notice_in_time_only_with_everyone_there(
    db: Database, world: World, owner: asyncpg.Connection, place: Place
) -> None:
    meeting = await plan(db, world, day=TODAY + timedelta(days=1))
    assert not await owner.fetchval("select bool_or(in_time) from meeting_notice")
    await begins_now(place, meeting)
    await join(db, world, meeting, "aya", "sef", "cato")
    refusal = await refused(open_(db, world, meeting), "G28", kind=Conflict)
    assert "Bram" in str(refusal)
    await join(db, world, meeting, "bram")
    await open_(db, world, meeting)


async def test_g28_a_member_who_came_after_the_notice_must_be_there(
    db: Database, world: World, owner: asyncpg.Connection, place: Place
) -> None:
    meeting = await plan(db, world)
    await fill(owner, world.roles["leeg"], world.people["dirk"], 1)
    await begins_now(place, meeting)
    await join(db, world, meeting, "aya", "sef")
    await refused(open_(db, world, meeting), "G28", kind=Conflict)
    await join(db, world, meeting, "dirk")
    await open_(db, world, meeting)


async def test_g28_notice_and_quorum_follow_the_policy(
    db: Database, world: World, owner: asyncpg.Connection, place: Place
) -> None:
    await policy(owner, world.teams["groen"], "overleg:5:quorum:3")
    early = await plan(db, world, day=after(TODAY, 5))
    late = await plan(db, world, day=after(TODAY, 4))
    told = {
        row["meeting_id"]: row["in_time"] for row in await owner.fetch("select meeting_id, in_time from meeting_notice")
    }
    assert (told[early], told[late]) == (True, False)
    await begins_now(place, early)
    await join(db, world, early, "aya", "sef")
    await refused(open_(db, world, early), "G28", kind=Conflict)
    await join(db, world, early, "bram")
    await open_(db, world, early)


async def test_g18_a_team_adopts_how_early_it_is_told(db: Database, world: World, owner: asyncpg.Connection) -> None:
    agreed = {"soort": "afspraak_nieuw", "tekst": "Een week van tevoren.", "afspraaksoort": "overleg", "termijn": 5}
    made = await submitted(db, world, agreed)
    for who in ("bram", "cato", "sef"):
        await consent(db, world, who, made.id)
    for days, early in ((4, False), (5, True)):
        meeting = await plan(db, world, day=after(TODAY, days))
        told = await owner.fetchval("select bool_and(in_time) from meeting_notice where meeting_id = $1", meeting)
        assert told is early
    with pytest.raises(ValidationError):
        await draft(db, world, {**agreed, "termijn": None})


async def test_g15_who_plans_and_g16_who_steps_in(
    db: Database, world: World, owner: asyncpg.Connection, place: Place
) -> None:
    await refused(plan(db, world, "aya"), "G15", kind=NotAllowed)
    await refused(plan(db, world, "dirk"), "G15", kind=NotAllowed)
    world.roles["secr"] = await add_role(owner, world.teams["groen"], "Teamsecretaris", core="teamsecretaris")
    await fill(owner, world.roles["secr"], world.people["cato"], 1)
    meeting = await plan(db, world, "cato")
    await begins_now(place, meeting)
    await join(db, world, meeting, "aya", "bram")
    await refused(open_(db, world, meeting, "aya"), "G15", kind=NotAllowed)
    await open_(db, world, meeting, "bram")  # neither facilitator nor secretary is there: the rolverdeler
    await join(db, world, meeting, "cato")
    await refused(step(db, world, meeting, "bram"), "G15", kind=NotAllowed)
    await step(db, world, meeting, "cato")
    await join(db, world, meeting, "sef")
    await refused(step(db, world, meeting, "cato"), "G15", kind=NotAllowed)
    await step(db, world, meeting, "sef")
    acted = [row[0] for row in await owner.fetch("select acting_as from meeting_line where kind = 'stap' order by id")]
    assert acted == ["rolverdeler", "teamsecretaris", "begeleider"]


async def test_g16_whom_the_absent_one_named_goes_first(
    db: Database, world: World, owner: asyncpg.Connection, place: Place
) -> None:
    meeting = await plan(db, world)
    name = meetings.name_surrogate
    await refused(
        act(db, world, name, "aya", meeting, CoreRole.FACILITATOR, world.people["aya"]), "G16", kind=NotAllowed
    )
    await act(db, world, name, "sef", meeting, CoreRole.FACILITATOR, world.people["aya"])
    await begins_now(place, meeting)
    await join(db, world, meeting, "aya", "bram")
    await refused(open_(db, world, meeting, "bram"), "G15", kind=NotAllowed)
    await open_(db, world, meeting, "aya")


async def test_g28_elections_first_and_nothing_new_after_the_time(
    db: Database, world: World, owner: asyncpg.Connection, place: Place
) -> None:
    meeting = await on(db, world, place)
    await refused(item(db, world, meeting), "verkeerd_moment", kind=Conflict)
    await step(db, world, meeting)
    label = await item(db, world, meeting)
    vote = await item(db, world, meeting, "cato", label="Nieuwe begeleider", rolId=world.roles["facilitator"])
    last = await item(db, world, meeting, "bram", label="Water")
    await step(db, world, meeting)
    await refused(start(db, world, meeting, label), "G28", kind=Conflict)
    await start(db, world, meeting, vote)
    await refused(step(db, world, meeting), "G27", kind=Conflict)
    await finish(db, world, meeting, vote)
    assert await state_of(owner, vote) == ("klaar", "inbrengen", "besproken")
    await start(db, world, meeting, label)
    await refused(start(db, world, meeting, last), "verkeerd_moment", kind=Conflict)
    await finish(db, world, meeting, label)
    await is_over(place, meeting)
    await refused(start(db, world, meeting, last), "G28", kind=Conflict)
    await extend(db, world, meeting)
    await start(db, world, meeting, last)
    await close_(db, world, meeting)
    assert (await state_of(owner, last))[2] == "besproken"
    await refused(step(db, world, meeting), "verkeerd_moment", kind=Conflict)


async def test_g29_a_special_meeting_is_about_one_thing(
    db: Database, world: World, owner: asyncpg.Connection, place: Place
) -> None:
    one, two = await submitted(db, world), await submitted(db, world, renamed(world.roles["water"]))
    for made in (one, two):
        await meet(db, world, "bram", made.id)
    meeting = await on(db, world, place, bedoeling="Alleen de egels.", voorstelId=one.id)
    rows = await owner.fetch("select proposal_id from meeting_item where meeting_id = $1", meeting)
    assert [row[0] for row in rows] == [one.id]
    await step(db, world, meeting)
    await refused(item(db, world, meeting), "G29", kind=Conflict)


async def test_g20_a_draft_comes_onto_the_table_by_its_own_proposer(
    db: Database, world: World, owner: asyncpg.Connection, place: Place
) -> None:
    made = await draft(db, world)
    meeting = await on(db, world, place)
    await step(db, world, meeting)
    label = await item(db, world, meeting)
    other = await item(db, world, meeting, "bram", label="Water")
    await refused(attach(db, world, meeting, label, made.id, "bram"), "G20", kind=NotAllowed)
    await refused(attach(db, world, meeting, other, made.id, "bram"), "onbekend", kind=NotFound)
    await attach(db, world, meeting, label, made.id)
    assert (await state(owner, made.id))[0] == "overleg"
    await refused(item(db, world, meeting, voorstelId=made.id), "verkeerd_moment", kind=Conflict)


async def test_a_conflict_with_newer_governance_stops_adoption_in_a_meeting(
    db: Database, world: World, owner: asyncpg.Connection, place: Place
) -> None:
    one = await submitted(db, world, renamed(world.roles["water"], "Van één."))
    await meet(db, world, "bram", one.id)
    meeting = await on(db, world, place)
    found = await owner.fetchval("select id from meeting_item")
    await step(db, world, meeting, times=2)
    await start(db, world, meeting, found)
    await next_(db, world, meeting, found, times=3)
    await put(db, world, meeting, found)
    two = await submitted(db, world, renamed(world.roles["water"], "Van twee."))
    for who in ("bram", "cato", "sef"):
        await consent(db, world, who, two.id)
    for who in ("bram", "cato", "sef"):
        await reply(db, world, meeting, found, who, 2)
    assert (await state(owner, one.id))[0] == "concept"
    assert (await state_of(owner, found))[0] == "bezig"
    await finish(db, world, meeting, found)
    assert (await state_of(owner, found))[2] == "later"


async def test_a_second_press_of_a_button_does_nothing(db: Database, world: World, place: Place) -> None:
    meeting = await on(db, world, place)
    seen = await version_of(db, meeting)
    await act(db, world, meetings.next_step, "sef", meeting, seen)
    await refused(act(db, world, meetings.next_step, "sef", meeting, seen), "verouderd", kind=Conflict)


async def test_outsiders_and_who_is_not_there_do_not_take_part(db: Database, world: World, place: Place) -> None:
    meeting, found, made = await at_objections(db, world, place, "aya", "bram", "sef")
    await refused(join(db, world, meeting, "dirk"), "G28", kind=Conflict)
    await refused(reply(db, world, meeting, found, "cato", 2), "G28", kind=Conflict)
    await refused(say(db, world, meeting, "dirk", found), "G28", kind=Conflict)
    await refused(act(db, world, meeting_items.finish_item, "dirk", meeting, found, 1), "G28", kind=Conflict)
    await version(db, world, made.id, new_role("Anders"))


async def test_tactical_lists_and_next_steps_each_with_role_and_person(
    db: Database, world: World, owner: asyncpg.Connection, place: Place
) -> None:
    check, figure = await standing(db, world), await standing(db, world, "bram", "water", "cijfers")
    await refused(standing(db, world, "aya", "water"), "G35", kind=Conflict)
    meeting = await on(db, world, place, kind="werkoverleg")
    await refused(report(db, world, meeting, check), "verkeerd_moment", kind=Conflict)
    await step(db, world, meeting)
    await refused(report(db, world, meeting, check, "bram"), "G15", kind=NotAllowed)
    await report(db, world, meeting, check)
    await refused(report(db, world, meeting, check), "verkeerd_moment", kind=Conflict)
    await refused(report(db, world, meeting, figure, "bram"), "verkeerd_moment", kind=Conflict)
    await step(db, world, meeting)
    await report(db, world, meeting, figure, "sef")
    await step(db, world, meeting, times=2)
    tension = await item(db, world, meeting, label="Takken op het pad")
    await step(db, world, meeting)
    await start(db, world, meeting, tension)
    await refused(next_(db, world, meeting, tension), "verkeerd_moment", kind=Conflict)
    await output(db, world, meeting, tension)
    with pytest.raises(Invalid):
        await output(db, world, meeting, tension, role="water", person="aya")
    await finish(db, world, meeting, tension)
    await step(db, world, meeting)
    await close_(db, world, meeting)
    row = await owner.fetchrow("select role_id, person_id, text from meeting_line where kind = 'volgende_stap'")
    assert tuple(row) == (world.roles["boom"], world.people["aya"], "Tunnel meten")


async def test_g17_no_projects_or_tasks_out_of_a_governance_meeting(db: Database, world: World, place: Place) -> None:
    meeting = await on(db, world, place)
    await step(db, world, meeting)
    label = await item(db, world, meeting)
    await step(db, world, meeting)
    await start(db, world, meeting, label)
    await refused(output(db, world, meeting, label), "G17", kind=Conflict)


@pytest.mark.parametrize("statement", [
    "update meeting_line set text = 'anders'", "delete from meeting_line", "delete from meeting",
    "update meeting set state = 'gepland', version = version + 1", "update meeting set team_id = uuidv7(), version = version + 1",
    "update meeting_notice set in_time = true", "insert into meeting_round (proposal_id, version, meeting_id, item_id) select proposal_id, 1, meeting_id, id from meeting_item",
    "delete from meeting_presence", "update meeting_item set label = 'anders'",
])  # fmt: skip
async def test_what_was_said_and_agreed_does_not_change(
    db: Database, world: World, place: Place, statement: str
) -> None:
    meeting, _, _ = await agenda_with(db, world, place)
    await close_(db, world, meeting)
    with pytest.raises(DBAPIError):
        await sql(db, statement)
