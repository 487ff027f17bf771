"""Elections on PostgreSQL (rules 14, 15, 30): secret signed ballots, changes, ties, objections, terms."""

from datetime import timedelta
from hashlib import sha256
from typing import Any

import asyncpg
import pytest
from sqlalchemy.exc import DBAPIError

from teams.kit.db import Database
from teams.kit.errors import Conflict, Invalid
from tests.conftest import Place
from tests.governance.acts import (
    YES,
    close,
    consent,
    drop,
    examine,
    object_,
    pass_time,
    policy,
    refused,
    sql,
    state,
    withdraw,
)
from tests.governance.choosing import (
    TERM,
    accept,
    ask_for,
    call,
    cancel,
    change,
    close_round,
    decline,
    electing,
    fillers,
    jobs,
    later,
    lying,
    next_one,
    stage,
    tie,
    vote,
)
from tests.world import TODAY, World, fill


@pytest.fixture(autouse=True)
async def groen(world: World, owner: asyncpg.Connection) -> None:
    await electing(world, owner)


async def to_candidate(db: Database, world: World, **votes: str) -> Any:
    election = await call(db, world)
    await vote(db, world, election.id, **(votes or {"aya": "cato", "bram": "cato", "cato": "aya", "sef": "cato"}))
    await close_round(db, world, election.id)
    return election


async def test_g30_from_call_to_elected_with_a_term(db: Database, world: World, owner: asyncpg.Connection) -> None:
    election = await call(db, world, uren="4.0")
    assert await owner.fetchval("select count(*) from election_elector") == 4
    await vote(db, world, election.id, aya="cato", bram="aya", cato="aya")
    assert await stage(owner, election.id) == ("stemmen", 1)
    await vote(db, world, election.id, sef="cato")
    assert await stage(owner, election.id) == ("wisselen", 2)
    assert await owner.fetchval("select count(*) from election_nomination where reason <> ''") == 4
    await change(db, world, election.id, aya="cato", bram="cato", cato="aya", sef="cato")
    assert await stage(owner, election.id) == ("bezwaar", 2)
    lies = await lying(owner, election.id)
    assert (lies["person"], lies["proposer"]) == (world.people["cato"], world.people["sef"])
    for who in ("aya", "bram", "sef"):
        await consent(db, world, who, lies["proposal"])
    assert await stage(owner, election.id) == ("bezwaar", 2), "who is chosen still says yes"
    await refused(accept(db, world, "aya", lies["offer"]), "geen_recht", kind=Conflict)
    await accept(db, world, "cato", lies["offer"])
    assert await stage(owner, election.id) == ("gekozen", 2)
    row = await owner.fetchrow(
        "select person_id, elected, hours, upper(valid) - interval '1 second' < $2 as ends from role_filling where role_id = $1",
        world.roles["rep"], TERM + timedelta(days=1),
    )  # fmt: skip
    assert (row["person_id"], row["elected"], row["hours"], row["ends"]) == (world.people["cato"], True, 4, True)
    verbs = {row[0] for row in await owner.fetch("select verb from journal where accountable")}
    assert {"election.decided", "proposal.adopted", "role.filled"} <= verbs


async def test_g30_nobody_reads_a_ballot_before_the_sharing(
    db: Database, world: World, owner: asyncpg.Connection
) -> None:
    """The app's own role can write a ballot and count who voted, never read for whom; sharing waits for the last one."""
    election = await call(db, world)
    await vote(db, world, election.id, aya="cato", bram="cato")
    for column in ("candidate_id", "reason", "*"):
        with pytest.raises(DBAPIError, match="permission denied"):
            await sql(db, f"select {column} from election_ballot")
    assert (await sql(db, "select count(person_id) from election_ballot")).scalar_one() == 2
    with pytest.raises(DBAPIError, match="secret until all are in"):
        await sql(db, "select share_ballots(:e)", e=election.id)
    with pytest.raises(DBAPIError, match="the first nominations are the ballots"):
        await sql(
            db, "insert into election_nomination (election_id, round, person_id, candidate_id, reason) values (:e, 1, :a, :a, 'x')",
            e=election.id, a=world.people["aya"],
        )  # fmt: skip
    with pytest.raises(DBAPIError, match="no ballots were shared"):
        await sql(db, "update election set state = 'bezwaar' where id = :e", e=election.id)
    cato = str(world.people["cato"])
    said = await owner.fetch("select facts::text from journal where verb = 'election.balloted'")
    assert len(said) == 2
    assert not any(cato in row[0] for row in said)
    assert await owner.fetchval("select count(*) from election_nomination") == 0


async def test_g30_exactly_one_name_by_an_elector_once(db: Database, world: World) -> None:
    election = await call(db, world)
    await vote(db, world, election.id, aya="cato")
    await refused(vote(db, world, election.id, aya="aya"), "verkeerd_moment", kind=Conflict)
    await refused(vote(db, world, election.id, dirk="cato"), "geen_recht", kind=Conflict)
    await refused(vote(db, world, election.id, cato="dirk"), "G15", kind=Conflict)
    await refused(change(db, world, election.id, aya="cato"), "verkeerd_moment", "geen_recht", kind=Conflict)
    await refused(close_round(db, world, election.id), "verkeerd_moment", kind=Conflict)


async def test_g14_the_rolverdeler_is_never_the_afgevaardigde(db: Database, world: World) -> None:
    election = await call(db, world)
    await refused(vote(db, world, election.id, aya="bram"), "G14", kind=Conflict)


async def test_g14_only_members_call_and_one_runs_for_a_role(db: Database, world: World) -> None:
    await refused(call(db, world, "dirk"), "geen_recht", kind=Conflict)
    await refused(call(db, world, role="water"), "G30", kind=Conflict)
    with pytest.raises(Invalid):
        await call(db, world, until=TODAY)
    election = await call(db, world)
    await refused(call(db, world, "cato"), "bestaat", kind=Conflict)
    await refused(cancel(db, world, election.id, "bram"), "geen_recht", kind=Conflict)
    await cancel(db, world, election.id, "aya")
    await call(db, world, "cato")


async def test_g15_the_elected_roles_are_filled_by_election_only(db: Database, world: World) -> None:
    for role in ("rep", "secr", "facilitator"):
        await refused(ask_for(db, world, "aya", role, "cato"), "G15", kind=Conflict)


async def test_g30_late_is_excluded_where_a_policy_sets_a_term(
    db: Database, world: World, owner: asyncpg.Connection, place: Place
) -> None:
    await policy(owner, world.teams["groen"])
    election = await call(db, world)
    await vote(db, world, election.id, aya="cato")
    await jobs(db)
    assert await stage(owner, election.id) == ("stemmen", 1)
    await later(place, 15)
    await refused(vote(db, world, election.id, bram="aya"), "te_laat", kind=Conflict)
    await jobs(db)
    assert await stage(owner, election.id) == ("wisselen", 2)
    await refused(change(db, world, election.id, bram="aya"), "geen_recht", kind=Conflict)
    await later(place, 15)
    await jobs(db)
    lies = await lying(owner, election.id)
    assert lies["person"] == world.people["cato"]
    await accept(db, world, "cato", lies["offer"])
    await pass_time(place, 15)
    await close(db)
    assert await stage(owner, election.id) == ("gekozen", 2), "silence of the others counts under the policy"


async def test_g30_without_a_policy_nobody_is_excluded_and_it_lapses(
    db: Database, world: World, owner: asyncpg.Connection, place: Place
) -> None:
    election = await call(db, world)
    await vote(db, world, election.id, aya="cato")
    await later(place, 80)
    await jobs(db)
    assert await stage(owner, election.id) == ("stemmen", 1)
    await later(place, 20)
    await jobs(db)
    assert await stage(owner, election.id) == ("vervallen", 1)


async def test_g9_a_candidate_who_stays_silent_past_the_term_is_not_willing(
    db: Database, world: World, owner: asyncpg.Connection, place: Place
) -> None:
    await policy(owner, world.teams["groen"])
    election = await to_candidate(db, world)
    await pass_time(place, 15)
    await close(db)
    assert await stage(owner, election.id) == ("bezwaar", 2)
    await jobs(db)
    assert (await lying(owner, election.id))["person"] == world.people["aya"], "those nominations are ignored; next"
    await decline(db, world, "aya", (await lying(owner, election.id))["offer"])
    assert await stage(owner, election.id) == ("vervallen", 2)
    assert await fillers(owner, world, "rep") == set()


async def test_g30_an_objection_that_is_not_resolved_drops_the_candidate(
    db: Database, world: World, owner: asyncpg.Connection
) -> None:
    election = await to_candidate(db, world)
    lies = await lying(owner, election.id)
    await refused(next_one(db, world, election.id), "verkeerd_moment", kind=Conflict)
    await refused(withdraw(db, world, lies["proposal"], "sef"), "verkeerd_moment", kind=Conflict)
    objection = await object_(db, world, "bram", lies["proposal"])
    await examine(db, world, "sef", objection.id, **YES)
    await refused(next_one(db, world, election.id, "aya"), "geen_recht", kind=Conflict)
    await next_one(db, world, election.id)
    assert await state(owner, lies["proposal"]) == ("ingetrokken", 1)
    second = await lying(owner, election.id)
    assert second["person"] == world.people["aya"]
    for who in ("bram", "cato", "sef"):
        await consent(db, world, who, second["proposal"])
    await accept(db, world, "aya", second["offer"])
    assert await fillers(owner, world, "rep") == {"aya"}


async def test_g30_the_same_objections_hold_up_an_election(
    db: Database, world: World, owner: asyncpg.Connection
) -> None:
    election = await to_candidate(db, world)
    lies = await lying(owner, election.id)
    objection = await object_(db, world, "bram", lies["proposal"])
    await accept(db, world, "cato", lies["offer"])
    for who in ("aya", "sef"):
        await consent(db, world, who, lies["proposal"])
    assert await stage(owner, election.id) == ("bezwaar", 2)
    await drop(db, world, "bram", objection.id)
    assert await stage(owner, election.id) == ("gekozen", 2)


async def test_g16_who_stands_in_for_the_facilitator_is_written_down(
    db: Database, world: World, owner: asyncpg.Connection
) -> None:
    election = await call(db, world)
    await vote(db, world, election.id, aya="sef", bram="sef", cato="sef", sef="cato")
    await refused(close_round(db, world, election.id, "bram"), "geen_recht", kind=Conflict)
    await close_round(db, world, election.id, "sef")
    row = await owner.fetchrow("select person_id, acting_as from election_act where kind = 'kandidaat'")
    assert tuple(row) == (world.people["bram"], "rolverdeler"), "the facilitator is the candidate"


async def test_g30_ties_only_self_nominated_then_incumbent(
    db: Database, world: World, owner: asyncpg.Connection
) -> None:
    election = await to_candidate(db, world, aya="aya", bram="cato", cato="aya", sef="cato")
    assert (await lying(owner, election.id))["person"] == world.people["aya"]
    await fill(owner, world.roles["secr"], world.people["cato"], 1)
    second = await call(db, world, role="secr")
    await vote(db, world, second.id, aya="bram", bram="cato", cato="bram", sef="cato")
    await close_round(db, world, second.id)
    lies = await lying(owner, second.id)
    assert lies["person"] == world.people["cato"]
    for who in ("aya", "bram", "sef"):
        await consent(db, world, who, lies["proposal"])
    await accept(db, world, "cato", lies["offer"])
    assert await fillers(owner, world, "secr") == {"cato"}, "the term begins anew"
    assert await owner.fetchval("select count(*) from role_filling where elected and upper_inf(recorded)") == 1


async def test_g30_a_tie_that_cannot_change_is_drawn(db: Database, world: World, owner: asyncpg.Connection) -> None:
    election = await call(db, world, role="secr")
    await vote(db, world, election.id, aya="bram", bram="aya", cato="sef", sef="cato")
    await change(db, world, election.id, aya="bram", bram="aya", cato="bram", sef="aya")
    assert await stage(owner, election.id) == ("bezwaar", 2), (
        "everyone nominates one of the tied: the lot falls at once"
    )
    assert await owner.fetchval("select count(*) from election_draw") == 1


async def test_g30_once_more_among_the_tied(db: Database, world: World, owner: asyncpg.Connection) -> None:
    await fill(owner, world.roles["leeg"], world.people["dirk"], 1)
    election = await call(db, world, role="secr")
    await vote(db, world, election.id, aya="bram", bram="aya", cato="aya", sef="bram", dirk="cato")
    await close_round(db, world, election.id)
    assert await stage(owner, election.id) == ("gelijk", 2)
    await refused(tie(db, world, election.id, "aya", lot=False), "geen_recht", kind=Conflict)
    await tie(db, world, election.id, "sef", lot=False)
    await refused(change(db, world, election.id, sef="aya"), "geen_recht", kind=Conflict)
    await refused(change(db, world, election.id, dirk="sef"), "G30", kind=Conflict)
    await change(db, world, election.id, dirk="aya")
    assert await stage(owner, election.id) == ("bezwaar", 3)
    assert (await lying(owner, election.id))["person"] == world.people["aya"]


@pytest.mark.parametrize(
    ("votes", "refused_to", "stands_in", "acts_as"),
    [
        ({"aya": "cato", "cato": "aya", "bram": "aya", "sef": "cato", "dirk": "bram"}, ("sef", "aya", "dirk"), "bram", "rolverdeler"),
        ({"aya": "bram", "bram": "aya", "cato": "aya", "sef": "bram", "dirk": "cato"}, ("bram", "aya", "beer"), "dirk", "lid"),
    ],
)  # fmt: skip
async def test_g16_g30_at_a_tie_an_absent_facilitator_is_replaced_never_by_one_of_the_tied(
    db: Database, world: World, owner: asyncpg.Connection, votes: dict[str, str], refused_to: tuple[str, ...], stands_in: str,
    acts_as: str,
) -> None:  # fmt: skip
    """The teamsecretaris is what they elect, so the rolverdeler; who stands in the tie himself leaves it to a member."""
    await fill(owner, world.roles["leeg"], world.people["dirk"], 1)
    election = await call(db, world, role="secr")
    await vote(db, world, election.id, **votes)
    await owner.execute(
        "insert into absence (person_id, valid) values ($1, daterange($2, $3))",
        world.people["sef"], TODAY - timedelta(days=1), TODAY + timedelta(days=3),
    )  # fmt: skip
    await refused(close_round(db, world, election.id, "sef"), "geen_recht", kind=Conflict)
    await close_round(db, world, election.id, "bram")
    assert await stage(owner, election.id) == ("gelijk", 2)
    for who in refused_to:
        await refused(tie(db, world, election.id, who, lot=True), "geen_recht", kind=Conflict)
    await tie(db, world, election.id, stands_in, lot=True)
    row = await owner.fetchrow("select person_id, acting_as from election_act where kind = 'loting'")
    assert tuple(row) == (world.people[stands_in], acts_as)
    assert await owner.fetchval("select count(*) from election_draw") == 1


async def test_g30_the_lot_is_drawn_with_a_public_seed_that_nobody_chose(
    db: Database, world: World, owner: asyncpg.Connection
) -> None:
    await fill(owner, world.roles["leeg"], world.people["dirk"], 1)
    election = await call(db, world, role="secr")
    await vote(db, world, election.id, aya="bram", bram="aya", cato="aya", sef="bram", dirk="cato")
    await close_round(db, world, election.id)
    with pytest.raises(DBAPIError, match="permission denied"):
        await sql(
            db,
            "insert into election_draw (election_id, tied, seed) values (:e, '{}', gen_random_uuid())",
            e=election.id,
        )
    await tie(db, world, election.id, "sef", lot=True)
    seed, tied = await owner.fetchrow("select seed, tied from election_draw")
    assert set(tied) == {world.people["aya"], world.people["bram"]}
    winner = min(tied, key=lambda one: sha256(f"{seed}:{one}".encode()).hexdigest())
    assert (await lying(owner, election.id))["person"] == winner
    facts = await owner.fetchval("select facts ->> 'seed' from journal where verb = 'election.drawn'")
    assert facts == str(seed)


async def test_g15_a_policy_widens_or_narrows_the_candidates_but_never_for_the_afgevaardigde(
    db: Database, world: World, owner: asyncpg.Connection
) -> None:
    await policy(owner, world.teams["groen"], "kandidaten:organisatie")
    rep, secr = await call(db, world), await call(db, world, role="secr")
    await refused(vote(db, world, rep.id, aya="dirk"), "G15", kind=Conflict)
    await vote(db, world, secr.id, aya="dirk")
    await refused(vote(db, world, secr.id, bram="wil"), "G15", kind=Conflict)


async def test_g30_a_term_that_ends_calls_an_election_once(
    db: Database, world: World, owner: asyncpg.Connection, place: Place
) -> None:
    await owner.execute(
        "insert into role_filling (role_id, person_id, elected, valid) values ($1, $2, true, tstzrange(now() - interval '1 year', now() + interval '20 days'))",
        world.roles["rep"], world.people["cato"],
    )  # fmt: skip
    await jobs(db)
    await jobs(db)
    rows = await owner.fetch("select called_by, role_id, ends_on from election")
    assert [(row["called_by"], row["role_id"]) for row in rows] == [(None, world.roles["rep"])]
    assert abs((rows[0]["ends_on"] - TODAY).days - 405) <= 2, "for as long again"
    await later(place, 100)
    await jobs(db)
    assert await owner.fetchval("select state from election order by number limit 1") == "vervallen"
