"""Struck governance (rule 33): undone, announced to everyone in the team, kept in the history; never a delete."""

from datetime import timedelta
from typing import Any

import asyncpg
import pytest

from teams.governance.actions.striking import strike_proposal
from teams.governance.choice_forms import StrikeForm
from teams.kit.clock import now
from teams.kit.db import Database
from teams.kit.errors import Conflict
from teams.structure.actions.roles import change_role
from tests.governance.acts import act, consent, new_role, policy, purpose, refused, renamed, sql, state, submitted
from tests.governance.choosing import electing
from tests.world import TODAY, World, fill


@pytest.fixture(autouse=True)
async def groen(world: World, owner: asyncpg.Connection) -> None:
    await electing(world, owner)
    await fill(owner, world.roles["secr"], world.people["cato"], 1)


async def strike(db: Database, world: World, who: str, proposal: Any) -> Any:
    return await act(db, world, strike_proposal, who, proposal, StrikeForm(tekst="Dit mag niet van de Awb."))


async def adopted(db: Database, world: World, *changes: dict[str, Any]) -> Any:
    made = await submitted(db, world, *changes)
    for who in ("bram", "cato", "sef"):
        await consent(db, world, who, made.id)
    return made


async def test_g33_struck_is_undone_from_today_announced_and_kept(
    db: Database, world: World, owner: asyncpg.Connection
) -> None:
    old = await policy(owner, world.teams["groen"], "besluitvorm:gewoon")
    before = await purpose(owner, world.roles["water"])
    item = str(await owner.fetchval("select item_id from role_item where role_id = $1", world.roles["water"]))
    made = await adopted(
        db, world, new_role(), {**renamed(world.roles["water"]), "verantwoordelijkheden": {"bij": ["Otters"], "weg": [item]}},
        {"soort": "afspraak_nieuw", "tekst": "Wie eerst komt, maalt.", "naam": "Malen"}, {"soort": "afspraak_einde", "afspraakId": str(old)},
    )  # fmt: skip
    await refused(strike(db, world, "sef", made.id), "G33", kind=Conflict)
    await refused(strike(db, world, "aya", made.id), "G33", kind=Conflict)
    await strike(db, world, "cato", made.id)
    assert (await state(owner, made.id))[0] == "aangenomen", "what happened stays as it happened"
    assert await purpose(owner, world.roles["water"]) == before
    words = await owner.fetch(
        "select text from role_item where role_id = $1 and upper_inf(recorded) and valid @> current_date",
        world.roles["water"],
    )
    assert [row[0] for row in words] == ["Zorgen voor waterbeheerder"]
    titles = await owner.fetch(
        "select v.title, v.kind from policy_version v join policy y on y.id = v.policy_id where y.team_id = $1"
        " and upper_inf(v.recorded) and v.valid @> $2::date", world.teams["groen"], TODAY,
    )  # fmt: skip
    assert [tuple(row) for row in titles] == [("Besluiten", "besluitvorm:gewoon")]
    ends = await owner.fetchval(
        "select upper(valid) from role_version where name = 'Egelwacht' and upper_inf(recorded)"
    )
    assert ends == TODAY + timedelta(days=1)
    told = await owner.fetch(
        "select s.id from journal j join journal_subject s on s.entry = j.id and s.kind = 'person' where j.verb = 'proposal.struck'"
    )
    assert {row[0] for row in told} == {world.people[who] for who in ("aya", "bram", "cato", "sef")}
    assert await owner.fetchval("select acting_as from proposal_strike") == "teamsecretaris"
    await refused(strike(db, world, "cato", made.id), "verkeerd_moment", kind=Conflict)
    with pytest.raises(Exception, match=r"append-only|permission denied"):
        await sql(db, "delete from proposal_strike")


async def test_g33_what_changed_since_is_not_undone(db: Database, world: World, owner: asyncpg.Connection) -> None:
    made = await adopted(db, world, renamed(world.roles["water"]), new_role())
    async with db.begin() as session:
        await change_role(
            session,
            world.roles["water"],
            first=TODAY,
            purpose="Weer anders.",
            by=world.actor("sef"),
            at=await now(session),
        )
    await refused(strike(db, world, "cato", made.id), "verouderd", kind=Conflict)
    assert await purpose(owner, world.roles["water"]) == "Weer anders."
    assert await owner.fetchval("select count(*) from proposal_strike") == 0
    ended = await owner.fetchval(
        "select upper_inf(valid) from role_version where name = 'Egelwacht' and upper_inf(recorded)"
    )
    assert ended, "all or nothing"


async def test_g33_only_what_was_adopted(db: Database, world: World) -> None:
    made = await submitted(db, world)
    await refused(strike(db, world, "cato", made.id), "verkeerd_moment", kind=Conflict)
