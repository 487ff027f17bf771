"""The clock's jobs for klussen: terms, lots and places for who waits; one klus that fails does not stop the others."""

import asyncpg
import pytest

from teams.jobs.schedule import settle_klussen, void_consents_of_movers
from teams.kit.db import Database
from teams.klussen.actions.claim import claim_klus
from tests.klussen.acts import claim
from tests.klussen.scene import crowd, late, states
from tests.klussen.test_claim import posted
from tests.world import World


async def test_R4_the_job_gives_an_expired_offer_to_the_next_once(
    db: Database, world: World, owner: asyncpg.Connection
) -> None:
    klus = (await posted(db, world, plaatsen=1)).id
    await claim(db, world, "dirk", klus)
    for one in await crowd(owner, world, 2):
        async with db.begin() as session:
            await claim_klus(session, klus, by=one, line=True)
    await owner.execute(
        "update claim set state = 'ingetrokken', seat = null, ended_at = now() where person_id = $1",
        world.people["dirk"],
    )
    await settle_klussen(db)
    await late(owner, klus)
    for _ in range(3):
        await settle_klussen(db)
    assert await states(owner, klus) == ["ingetrokken", "vervallen", "aangeboden"]
    assert await owner.fetchval("select count(*) from journal where verb = 'claim.offered'") == 2
    await void_consents_of_movers(db)


async def test_a_klus_that_fails_does_not_stop_the_others(
    db: Database, world: World, owner: asyncpg.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    from teams.jobs import schedule

    klussen = [(await posted(db, world, plaatsen=1)).id for _ in range(2)]
    for klus in klussen:
        await owner.execute(
            "insert into claim (klus_id, person_id, state, hours, lined_at) values ($1, $2, 'wachtlijst', 6, now())",
            klus, world.people["dirk"],
        )  # fmt: skip
    real, failed = schedule.settle_klus, min(klussen)

    async def settle(session: object, klus_id: object, **more: object) -> None:
        if klus_id == failed:
            raise RuntimeError("stuk")
        await real(session, klus_id, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(schedule, "settle_klus", settle)
    with pytest.raises(RuntimeError):
        await settle_klussen(db)
    assert {row[0] for row in await owner.fetch("select state from claim order by id")} == {"wachtlijst", "aangeboden"}
