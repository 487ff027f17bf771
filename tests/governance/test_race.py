"""Several at the same moment: one wins, the others get reasons, nothing is lost and nothing counted twice."""

import asyncio
from typing import Any

import asyncpg
import pytest

from teams.jobs.schedule import close_due_proposals
from teams.kit.db import Database
from teams.kit.errors import Refusal
from tests.conftest import Place
from tests.governance.acts import (
    bigger,
    close,
    confirm,
    consent,
    drop,
    integrate,
    new_role,
    object_,
    pass_time,
    policy,
    purpose,
    renamed,
    state,
    submitted,
    version,
    withdraw,
)
from tests.world import World


async def together(*doing: Any) -> list[Any]:
    """Everything at once; a refusal is an answer, any other fault is a fault."""
    found = await asyncio.gather(*doing, return_exceptions=True)
    for one in found:
        if isinstance(one, BaseException) and not isinstance(one, Refusal):
            raise one
    return found


@pytest.mark.parametrize("turn", range(3))
async def test_two_proposals_on_one_role_adopted_at_once(
    db: Database, world: World, owner: asyncpg.Connection, turn: int
) -> None:
    one = await submitted(db, world, renamed(world.roles["water"], "Van één."))
    two = await submitted(db, world, renamed(world.roles["water"], "Van twee."))
    await together(consent(db, world, "bram", one.id), consent(db, world, "bram", two.id))
    states = {made.id: (await state(owner, made.id))[0] for made in (one, two)}
    assert sorted(states.values()) == ["aangenomen", "concept"]
    assert await purpose(owner, world.roles["water"]) == ("Van één." if states[one.id] == "aangenomen" else "Van twee.")
    assert await owner.fetchval("select count(*) from proposal_act where kind = 'teruggekomen'") == 1


@pytest.mark.parametrize("turn", range(4))
async def test_response_deadline_and_withdrawal_at_once(
    db: Database, world: World, owner: asyncpg.Connection, place: Place, turn: int
) -> None:
    await bigger(world, owner)
    await policy(owner, world.teams["groen"])
    made = await submitted(db, world, new_role(), renamed(world.roles["water"]))
    await pass_time(place, 15)
    acts = [
        withdraw(db, world, made.id),
        close_due_proposals(db),
        consent(db, world, "bram", made.id),
        object_(db, world, "cato", made.id),
    ]
    await together(*acts[turn % 4 :], *acts[: turn % 4])
    await close(db)
    final = (await state(owner, made.id))[0]
    adopted = await owner.fetchval("select count(*) from adoption")
    applied = await owner.fetchval("select count(*) from role_version where name = 'Egelwacht'")
    ended = await owner.fetchval("select count(*) from proposal_act where kind = 'ingetrokken'")
    assert (adopted, applied, ended) == {
        "aangenomen": (1, 1, 0), "ingetrokken": (0, 0, 1), "bezwaar": (0, 0, 0),
    }[final]  # fmt: skip
    if final == "aangenomen":
        assert await owner.fetchval("select count(*) from objection") == 0, "no objection lies under an adoption"


@pytest.mark.parametrize("turn", range(4))
async def test_the_last_answer_twice_a_new_version_and_an_objection_at_once(
    db: Database, world: World, owner: asyncpg.Connection, turn: int
) -> None:
    made = await submitted(db, world)
    acts = [
        consent(db, world, "bram", made.id), consent(db, world, "bram", made.id),
        version(db, world, made.id, new_role("Padwacht")), object_(db, world, "bram", made.id),
    ]  # fmt: skip
    await together(*acts[turn:], *acts[:turn])
    final, number = await state(owner, made.id)
    names = {
        row[0] for row in await owner.fetch("select name from role_version where name in ('Egelwacht','Padwacht')")
    }
    assert names == ({"Egelwacht"} if (final, number) == ("aangenomen", 1) else set())
    assert await owner.fetchval("select count(*) from proposal_response where version = 1") <= 1


async def test_confirmation_and_withdrawal_of_one_objection_at_once(
    db: Database, world: World, owner: asyncpg.Connection
) -> None:
    made = await submitted(db, world)
    objection = await object_(db, world, "bram", made.id)
    await integrate(db, world, "bram", objection.id, new_role("Tunnelwacht"))
    done = await together(confirm(db, world, "aya", objection.id), drop(db, world, "bram", objection.id))
    assert sum(isinstance(one, Refusal) for one in done) == 1
    assert await owner.fetchval("select state from objection") in ("opgelost", "ingetrokken")
