"""The acceptance rules of the domain paper (governance 6) that no other test shows; the rest stand beside their rule.

6.1 answers are of a version: test_g22_a_new_version_voids_every_answer. 6.3 one transaction, locks, what it rested on:
test_rb6_*, test_guards, test_newer_governance_stops_an_adoption_and_sends_it_back. 6.4 scope, and no right goes past it:
test_scope, test_rb3_*, test_rb8_*. 6.6 an objection is a thing with states: test_rb7_*, test_g25_*, test_g26_*.
"""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import asyncpg

from teams.governance.queries import members_at
from teams.governance.seen import joined_later, proposal_for
from teams.kit.clock import now
from teams.kit.db import Database
from teams.kit.migrate import folder
from teams.structure.actions.policies import change_policy
from tests.governance.acts import bigger, consent, new_role, policy, renamed, submitted
from tests.world import TODAY, World, fill


async def test_6_2_who_joins_later_is_named_and_not_counted(
    db: Database, world: World, owner: asyncpg.Connection
) -> None:
    """Also G20: no longer once the round is over; the proposer and who answers are never among them."""
    made = await submitted(db, world)

    async def later() -> list[str]:
        async with db.read() as session:
            at = datetime.now(UTC)
            seen = await proposal_for(session, made.id, world.actor("bram"), at=at)
            return [one.name for one in joined_later(seen, await members_at(session, seen.team_id, at=at))]

    assert await later() == []
    await fill(owner, world.roles["leeg"], world.people["dirk"], 1)
    await fill(owner, world.roles["boom"], world.people["cato"], 1)
    assert await later() == ["Cato Proef", "Dirk Proef"]
    await consent(db, world, "bram", made.id)
    assert await later() == [] and await owner.fetchval("select state from proposal") == "aangenomen"


async def test_6_5_what_is_written_keeps_its_id_and_holds_from_a_day(
    db: Database, world: World, owner: asyncpg.Connection
) -> None:
    item = await owner.fetchval("select item_id from role_item where role_id = $1", world.roles["water"])
    agreed = await policy(owner, world.teams["groen"], "beperking")
    made = await submitted(
        db, world, {**renamed(world.roles["water"]), "verantwoordelijkheden": {"bij": ["Duikers tellen"]}}
    )
    await consent(db, world, "bram", made.id)
    async with db.begin() as session:
        at = await now(session)
        await change_policy(session, agreed, first=TODAY, words="Anders.", by=world.actor("sef"), at=at)
    rows = await owner.fetch(
        "select item_id, lower(valid) as first from role_item where role_id = $1 and upper_inf(recorded)", world.roles["water"]
    )  # fmt: skip
    assert len({row["item_id"] for row in rows}) == 2 and item in {row["item_id"] for row in rows}
    assert max(row["first"] for row in rows) >= TODAY
    texts = await owner.fetch("select text from policy_version where policy_id = $1 and upper_inf(recorded) order by valid", agreed)  # fmt: skip
    assert [row["text"] for row in texts] == ["Zo.", "Anders."], "one policy, each text in its own days"


async def test_6_7_the_terms_are_those_of_the_policy_in_force_that_day(
    db: Database, world: World, owner: asyncpg.Connection
) -> None:
    """One that ended, or begins later, is not followed; a round that runs keeps the terms with which it began."""
    await bigger(world, owner)
    for kind, first, end in (("licht:3", -90, 0), ("licht:9", 3, None), ("streng:7", -5, 3)):
        await owner.execute(
            "with p as (insert into policy (team_id) values ($1) returning id) insert into policy_version (policy_id, kind, title, text, valid)"
            " select id, $2, 'Besluiten', 'Zo.', daterange($3, $4) from p",
            world.teams["groen"], f"besluitvorm:{kind}", TODAY + timedelta(first), None if end is None else TODAY + timedelta(end),
        )  # fmt: skip
    one = await submitted(db, world)
    before = await owner.fetchrow("select form, days, due_at from proposal_round where proposal_id = $1", one.id)
    assert (before["form"], before["days"]) == ("streng", 7)
    await owner.execute(
        "update policy_version set recorded = tstzrange(lower(recorded), now()) where kind = 'besluitvorm:streng:7'"
    )
    await policy(owner, world.teams["groen"], "besluitvorm:licht:2")
    two = await submitted(db, world, new_role("Uilwacht"))
    after = dict(await owner.fetch("select proposal_id, days from proposal_round"))
    assert after == {one.id: 7, two.id: 2}
    assert await owner.fetchval("select due_at from proposal_round where proposal_id = $1", one.id) == before["due_at"]


def test_6_8_the_product_bears_no_other_name() -> None:
    """It borrows no protected name and ships no text under another licence."""
    rooms = [Path(__file__).parents[2] / "src", folder("templates")]
    files = [
        path for room in rooms for path in room.rglob("*") if path.suffix in (".py", ".html", ".po", ".js", ".css")
    ]
    assert len(files) > 100
    assert not [path.name for path in files if "holacra" in path.read_text(encoding="utf-8").lower()]
