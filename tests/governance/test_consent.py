"""Consent on PostgreSQL: three forms, versions, objections, meetings, terms; G numbers stand in the names."""

from datetime import timedelta
from typing import Any

import asyncpg
import pytest
from sqlalchemy.exc import DBAPIError

from teams.kit.db import Database
from teams.kit.errors import Conflict, NotAllowed, NotFound
from tests.conftest import Place
from tests.governance.acts import (
    NO,
    YES,
    ask,
    bigger,
    close,
    confirm,
    consent,
    draft,
    drop,
    examine,
    integrate,
    meet,
    new_role,
    object_,
    pass_time,
    policy,
    purpose,
    refused,
    renamed,
    sql,
    state,
    submit,
    submitted,
    version,
    withdraw,
)
from tests.world import TODAY, World, add_role, fill


@pytest.fixture(autouse=True)
async def groen(world: World, owner: asyncpg.Connection) -> None:
    await bigger(world, owner)


async def all_consent(db: Database, world: World, proposal: Any, number: int = 1) -> None:
    for who in ("bram", "cato", "sef"):
        await consent(db, world, who, proposal, number)


async def test_g22_adopted_only_when_every_other_member_answered(
    db: Database, world: World, owner: asyncpg.Connection
) -> None:
    made = await submitted(db, world, new_role(), renamed(world.roles["water"]))
    electors = {row[0] for row in await owner.fetch("select person_id from proposal_elector")}
    assert electors == {world.people[who] for who in ("bram", "cato", "sef")}
    for who in ("bram", "cato"):
        await consent(db, world, who, made.id)
        assert await state(owner, made.id) == ("consent", 1)
    await refused(consent(db, world, "cato", made.id), "verkeerd_moment", kind=Conflict)
    await consent(db, world, "sef", made.id)
    assert await state(owner, made.id) == ("aangenomen", 1)
    assert await purpose(owner, world.roles["water"]) == "Een nieuw doel."
    assert (
        await owner.fetchval(
            "select count(*) from role_version where name = 'Egelwacht' and team_id = $1", world.teams["groen"]
        )
        == 1
    )
    verbs = [row[0] for row in await owner.fetch("select verb from journal where accountable order by id desc limit 3")]
    assert set(verbs) == {"proposal.adopted", "role.created", "role.changed"}
    assert await owner.fetchval("select not by_silence and silent = 0 from adoption")


async def test_g20_no_answer_of_outsider_or_proposer_and_a_draft_is_the_proposers(db: Database, world: World) -> None:
    made = await draft(db, world)
    await refused(consent(db, world, "bram", made.id), "onbekend", kind=NotFound)
    await submit(db, world, made.id)
    await refused(consent(db, world, "dirk", made.id), "geen_recht", kind=Conflict)
    await refused(consent(db, world, "aya", made.id), "eigen_aanvraag", kind=Conflict)
    await refused(object_(db, world, "dirk", made.id), "geen_recht", kind=Conflict)
    await refused(submit(db, world, made.id), "verkeerd_moment", kind=Conflict)
    await refused(withdraw(db, world, made.id, "bram"), "geen_recht", kind=NotAllowed)
    await refused(draft(db, world, who="dirk"), "G20", kind=Conflict)
    await refused(draft(db, world, role="water"), "G20", kind=Conflict)


async def test_g20_a_later_member_does_not_count_in_this_round(
    db: Database, world: World, owner: asyncpg.Connection
) -> None:
    made = await submitted(db, world)
    await fill(owner, world.roles["leeg"], world.people["dirk"], 1)
    await refused(consent(db, world, "dirk", made.id), "geen_recht", kind=Conflict)
    await all_consent(db, world, made.id)
    assert (await state(owner, made.id))[0] == "aangenomen"


async def test_g13_g20_a_rep_of_a_team_below_is_a_member_above(
    db: Database, world: World, owner: asyncpg.Connection
) -> None:
    rep = await add_role(owner, world.teams["balie"], "Afgevaardigde", core="afgevaardigde")
    await fill(owner, rep, world.people["dirk"], 1)
    world.roles["rep"] = rep
    made = await submitted(db, world, who="dirk", role="rep", team="top")
    assert await owner.fetchval(
        "select array_agg(person_id) from proposal_elector where proposal_id = $1", made.id
    ) == [world.people["sef"]]


async def test_g22_a_new_version_voids_every_answer(db: Database, world: World, owner: asyncpg.Connection) -> None:
    made = await submitted(db, world)
    await consent(db, world, "bram", made.id)
    await consent(db, world, "cato", made.id)
    await version(db, world, made.id, new_role("Padwacht"))
    await refused(consent(db, world, "sef", made.id, 1), "verouderd", kind=Conflict)
    await refused(object_(db, world, "sef", made.id, 1), "verouderd", kind=Conflict)
    await consent(db, world, "sef", made.id, 2)
    assert await state(owner, made.id) == ("consent", 2)
    await consent(db, world, "bram", made.id, 2)
    await consent(db, world, "cato", made.id, 2)
    assert await state(owner, made.id) == ("aangenomen", 2)
    assert await owner.fetchval("select count(*) from role_version where name = 'Egelwacht'") == 0
    await refused(version(db, world, made.id, new_role()), "verkeerd_moment", kind=Conflict)
    await refused(consent(db, world, "bram", made.id, 2), "verkeerd_moment", kind=Conflict)


async def test_g22_silence_never_counts_without_a_policy(
    db: Database, world: World, place: Place, owner: asyncpg.Connection
) -> None:
    made = await submitted(db, world)
    await consent(db, world, "bram", made.id)
    await pass_time(place, 60)
    assert await close(db) == 0
    assert await state(owner, made.id) == ("consent", 1)
    await pass_time(place, 60)
    assert await close(db) == 1
    assert await state(owner, made.id) == ("vervallen", 1)


async def test_g22_in_the_light_form_silence_counts_after_the_term(
    db: Database, world: World, place: Place, owner: asyncpg.Connection
) -> None:
    await policy(owner, world.teams["groen"])
    made = await submitted(db, world)
    assert await close(db) == 0
    await pass_time(place, 15)
    assert await close(db) == 1
    assert await state(owner, made.id) == ("aangenomen", 1)
    assert await owner.fetchval("select by_silence and silent = 3 from adoption")


async def test_g22_an_open_objection_outlives_the_term(
    db: Database, world: World, place: Place, owner: asyncpg.Connection
) -> None:
    await policy(owner, world.teams["groen"])
    made = await submitted(db, world)
    objection = await object_(db, world, "bram", made.id)
    await pass_time(place, 15)
    await close(db)
    assert await state(owner, made.id) == ("bezwaar", 1)
    await drop(db, world, "bram", objection.id)
    assert await state(owner, made.id) == ("aangenomen", 1)


async def test_form_2_9b_who_is_away_all_the_term_makes_it_longer_once(
    db: Database, world: World, place: Place, owner: asyncpg.Connection
) -> None:
    await policy(owner, world.teams["groen"])
    await owner.execute(
        "insert into absence (person_id, valid) values ($1, daterange($2, $3))",
        world.people["cato"],
        TODAY,
        TODAY + timedelta(days=40),
    )
    made = await submitted(db, world)
    first, longer = await owner.fetchrow(
        "select r.due_at, x.due_at as longer from proposal_round r join proposal_extension x using (proposal_id, version)"
    )
    assert timedelta(days=7) <= longer - first + timedelta(hours=2) <= timedelta(days=13)
    await pass_time(place, (longer - first).days + 7 + 5)
    await close(db)
    assert (await state(owner, made.id))[0] == "aangenomen"
    assert await owner.fetchval("select count(*) from proposal_extension") == 1


async def test_g19_a_policy_from_above_holds_only_when_it_says_so(
    db: Database, world: World, owner: asyncpg.Connection
) -> None:
    await policy(owner, world.teams["top"], "besluitvorm:licht:3")
    one = await submitted(db, world)
    await policy(owner, world.teams["top"], "besluitvorm:streng:9:ook_onder")
    two = await submitted(db, world, new_role("Uilwacht"))
    rows = {row["proposal_id"]: (row["form"], row["days"]) for row in await owner.fetch("select * from proposal_round")}
    assert rows == {one.id: ("gewoon", None), two.id: ("streng", 9)}


async def test_g25_a_test_judges_logic_and_the_parties_never_judge(
    db: Database, world: World, owner: asyncpg.Connection
) -> None:
    made = await submitted(db, world)
    objection = await object_(db, world, "bram", made.id)
    assert await state(owner, made.id) == ("bezwaar", 1)
    await refused(consent(db, world, "bram", made.id), "verkeerd_moment", kind=Conflict)
    await refused(examine(db, world, "dirk", objection.id), "geen_recht", kind=Conflict)
    await examine(db, world, "cato", objection.id)
    await refused(examine(db, world, "cato", objection.id), "verkeerd_moment", kind=Conflict)
    await refused(integrate(db, world, "aya", objection.id, new_role("X-wacht")), "verkeerd_moment", kind=Conflict)
    for who in ("aya", "bram", "cato"):
        await refused(examine(db, world, who, objection.id, **YES), "geen_recht", kind=Conflict)
    await examine(db, world, "sef", objection.id, **NO)
    assert await state(owner, made.id) == ("consent", 1)
    assert await owner.fetchval("select acting_as from objection_act where kind = 'oordeel'") == "begeleider"
    for who in ("cato", "sef"):
        await consent(db, world, who, made.id)
    assert (await state(owner, made.id))[0] == "aangenomen", "a discarded objection is an answer"


async def test_g16_the_facilitators_own_objection_is_judged_by_the_next_in_line(
    db: Database, world: World, owner: asyncpg.Connection
) -> None:
    made = await submitted(db, world)
    objection = await object_(db, world, "sef", made.id)
    await refused(examine(db, world, "sef", objection.id, **NO), "geen_recht", kind=Conflict)
    await examine(db, world, "bram", objection.id, **YES)
    assert await owner.fetchval("select acting_as from objection_act where kind = 'oordeel'") == "rolverdeler"


async def test_g24_a_breach_of_rules_is_always_valid(db: Database, world: World, owner: asyncpg.Connection) -> None:
    made = await submitted(db, world)
    objection = await object_(db, world, "bram", made.id, regelbreuk=True)
    done = await examine(db, world, "sef", objection.id, regelbreuk=True)
    assert done.state == "geldig"
    await refused(examine(db, world, "cato", objection.id), "verkeerd_moment", kind=Conflict)


async def test_g26_resolved_only_by_objector_and_proposer_then_a_new_round(
    db: Database, world: World, owner: asyncpg.Connection
) -> None:
    made = await submitted(db, world)
    await consent(db, world, "cato", made.id)
    objection = await object_(db, world, "bram", made.id)
    await refused(integrate(db, world, "bram", objection.id), "G26", kind=Conflict)
    await refused(integrate(db, world, "cato", objection.id, new_role()), "G26", kind=Conflict)
    await refused(confirm(db, world, "aya", objection.id), "verkeerd_moment", kind=Conflict)
    await integrate(db, world, "bram", objection.id, new_role("Egeltunnelwacht"))
    await refused(confirm(db, world, "bram", objection.id), "verkeerd_moment", kind=Conflict)
    await refused(confirm(db, world, "cato", objection.id), "G26", kind=Conflict)
    done = await confirm(db, world, "aya", objection.id)
    assert done.state == "opgelost"
    assert await state(owner, made.id) == ("consent", 2)
    await all_consent(db, world, made.id, 2)
    assert await state(owner, made.id) == ("aangenomen", 2)
    assert await owner.fetchval("select count(*) from role_version where name = 'Egeltunnelwacht'") == 1


async def test_g26_a_version_of_the_proposer_can_meet_the_objection(
    db: Database, world: World, owner: asyncpg.Connection
) -> None:
    made = await submitted(db, world)
    objection = await object_(db, world, "bram", made.id)
    await version(db, world, made.id, new_role("Tunnelwacht"))
    assert await state(owner, made.id) == ("bezwaar", 2)
    await integrate(db, world, "aya", objection.id)
    await version(db, world, made.id, new_role("Anders"))
    await refused(confirm(db, world, "bram", objection.id), "verouderd", kind=Conflict)
    await integrate(db, world, "aya", objection.id)
    await confirm(db, world, "bram", objection.id)
    assert await state(owner, made.id) == ("consent", 3)


async def test_g25_in_the_strict_form_every_objection_is_tested(
    db: Database, world: World, owner: asyncpg.Connection
) -> None:
    await policy(owner, world.teams["groen"], "besluitvorm:streng")
    made = await submitted(db, world)
    assert (await object_(db, world, "bram", made.id)).state == "toets"


async def test_g23_a_meeting_stops_the_round_until_it_is_submitted_again(
    db: Database, world: World, place: Place, owner: asyncpg.Connection
) -> None:
    await policy(owner, world.teams["groen"])
    made = await submitted(db, world)
    await consent(db, world, "bram", made.id)
    await refused(meet(db, world, "dirk", made.id), "geen_recht", kind=Conflict)
    await meet(db, world, "cato", made.id)
    await refused(consent(db, world, "sef", made.id), "verkeerd_moment", kind=Conflict)
    await pass_time(place, 20)
    await close(db)
    assert await state(owner, made.id) == ("overleg", 1)
    await submit(db, world, made.id)
    assert await state(owner, made.id) == ("consent", 2)
    await withdraw(db, world, made.id)
    assert await state(owner, made.id) == ("ingetrokken", 2)


async def test_questions_are_asked_as_often_as_needed_and_answered_by_the_proposer(
    db: Database, world: World, owner: asyncpg.Connection
) -> None:
    made = await submitted(db, world)
    for who in ("bram", "bram", "aya"):
        await ask(db, world, who, made.id)
    await refused(ask(db, world, "dirk", made.id), "geen_recht", kind=Conflict)
    assert await owner.fetchval("select count(*) from proposal_remark") == 3


async def test_a_team_of_one_needs_a_policy_with_a_term(
    db: Database, world: World, owner: asyncpg.Connection, place: Place
) -> None:
    made = await draft(db, world, who="sef", role="secretaris", team="top")
    await refused(submit(db, world, made.id, "sef"), "G22", kind=Conflict)
    await policy(owner, world.teams["top"])
    await submit(db, world, made.id, "sef")
    assert await state(owner, made.id) == ("consent", 1)
    await pass_time(place, 15)
    await close(db)
    assert (await state(owner, made.id))[0] == "aangenomen"


async def test_the_database_itself_refuses_what_the_rules_forbid(
    db: Database, world: World, owner: asyncpg.Connection
) -> None:
    """Even code that forgets the rules: no foreign answer, no adoption in silence or against an objection, no new past."""
    made = await submitted(db, world)
    objection = await object_(db, world, "bram", made.id)
    p = {"p": made.id}
    forbidden: list[tuple[str, dict[str, Any]]] = [
        ("insert into proposal_response (proposal_id, version, person_id) values (:p, 1, :w)", {**p, "w": world.people["dirk"]}),
        ("insert into proposal_response (proposal_id, version, person_id) values (:p, 2, :w)", {**p, "w": world.people["cato"]}),
        ("insert into adoption (proposal_id, version) values (:p, 1)", p),
        ("update proposal set state = 'aangenomen' where id = :p", p),
        ("update proposal set version = 2 where id = :p", p),
        ("update proposal set state = 'consent', version = 3 where id = :p", p),
        ("update objection set state = 'opgelost' where id = :o", {"o": objection.id}),
        ("update objection set state = 'ongeldig' where id = :o", {"o": objection.id}),
        ("update objection set state = 'ingetrokken' where id = :o", {"o": objection.id}),
        ("update objection set text = 'niets' where id = :o", {"o": objection.id}),
        ("update proposal_version set changes = '[{}]' where proposal_id = :p", p),
        ("delete from proposal_response where proposal_id = :p", p),
        ("update proposal_round set due_at = now() where proposal_id = :p", p),
        ("update tension set text = 'x' where id = :t", {"t": made.tension_id}),
    ]  # fmt: skip
    for statement, given in forbidden:
        with pytest.raises(DBAPIError) as refusal:
            await sql(db, statement, **given)
        assert refusal.value.orig.sqlstate in ("42501", "23514", "23503", "23505"), statement  # type: ignore[union-attr]
    await sql(
        db,
        "insert into objection_act (objection_id, kind, person_id) values (:o, 'ingetrokken', :w)",
        o=objection.id,
        w=world.people["bram"],
    )
    await sql(db, "update objection set state = 'ingetrokken' where id = :o", o=objection.id)
    with pytest.raises(DBAPIError, match="not open"):
        await sql(db, "insert into adoption (proposal_id, version) values (:p, 1)", **p)
    await sql(db, "update proposal set state = 'consent' where id = :p", **p)
    with pytest.raises(DBAPIError, match="silence is no consent"):
        await sql(db, "insert into adoption (proposal_id, version) values (:p, 1)", **p)
