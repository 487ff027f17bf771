"""Frameworks (kaders): a team's policy works one out, keeps it when it moves or comes back, and the register says so."""

import asyncpg
import pytest

from teams.kit.db import Database
from teams.kit.errors import Conflict
from teams.mandates.actions.frameworks import set_framework
from teams.mandates.forms import KaderForm
from teams.mandates.queries.frameworks import frameworks
from tests.governance.acts import consent, submitted
from tests.mandates.test_register_actions import act, present
from tests.world import TODAY, World

NEW = {"soort": "afspraak_nieuw", "tekst": "Vanaf € 2.500 twee offertes.", "naam": "Offertes", "kader": "INK"}


@pytest.fixture
async def kader(db: Database, world: World) -> None:
    form = KaderForm(
        code="INK", titel="Inkoopkader", tekst="Boven € 2.500 vraag je offertes.", orgaan="college", beslotenOp=TODAY,
        besluit="B&W 2026-7", van=TODAY,
    )  # fmt: skip
    await act(db, set_framework, form, by=world.actor("sef"))


async def worked_out(db: Database) -> list[tuple[str, str]]:
    async with db.read() as session:
        (seen,) = await frameworks(session, await present(session))
        return [(team, title) for _, team, title in seen.policies]


async def test_a_policy_works_out_a_framework_and_keeps_it_when_it_moves(
    db: Database, world: World, owner: asyncpg.Connection, kader: None
) -> None:
    made = await submitted(db, world, NEW)
    assert await worked_out(db) == []
    await consent(db, world, "bram", made.id)
    assert await worked_out(db) == [("Groen en Water", "Offertes")]
    policy = await owner.fetchval("select policy_id from policy_framework")
    up = {"soort": "afspraak_verplaatsen", "afspraakId": str(policy), "teamId": str(world.teams["top"])}
    moved = await submitted(db, world, up)
    await consent(db, world, "bram", moved.id)
    assert len(await worked_out(db)) == 1
    assert await owner.fetchval("select count(*) from policy_framework") == 2


async def test_a_framework_that_is_not_there_is_refused_before_anybody_answers(
    db: Database, world: World, owner: asyncpg.Connection, kader: None
) -> None:
    with pytest.raises(Conflict) as refused:
        await submitted(db, world, {**NEW, "kader": "WEG"})
    assert [(reason.code, reason.values) for reason in refused.value.reasons] == [("G17", {"code": "WEG"})]
    assert await owner.fetchval("select count(*) from policy_framework") == 0
