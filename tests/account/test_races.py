"""Two at the same moment: one does it, the other reads why not; never two."""

import asyncio
from typing import Any

import asyncpg

from teams.account.actions.accounts import draft_account, find_account
from teams.account.actions.checklists import Post, explain, lay_beside
from teams.account.actions.erasure import approve_erasure, ask_erasure
from teams.account.forms import ErasureForm, ExplainForm, FindingForm
from teams.account.periods import period_of
from teams.account.queries.erasures import entries_of_decision
from teams.account.rules import Ground
from teams.journal.models import SYSTEM
from teams.kit.clock import now
from teams.kit.db import Database
from teams.kit.errors import Conflict
from tests.account.acts import MOMENT, decision, do, log_it
from tests.conftest import Place
from tests.world import World


async def together(*acts: Any) -> list[Any]:
    return await asyncio.gather(*acts, return_exceptions=True)


def one_of(results: list[Any]) -> bool:
    return sorted(isinstance(result, Conflict) for result in results) == [False, *[True] * (len(results) - 1)]


async def test_an_erasure_is_carried_out_once(
    db: Database, owner: asyncpg.Connection, place: Place, world: World
) -> None:
    _, number = await decision(owner, world)
    await log_it(place)
    async with db.read() as session:
        entries = await entries_of_decision(session, number)
    form = ErasureForm(grond=Ground.UNLAWFUL, reden="Er staat een medische tekst in.")
    erasure = await do(db, ask_erasure, entries, form, by=world.actor("sef"))
    assert one_of(await together(*(do(db, approve_erasure, erasure, by=world.actor("kees")) for _ in range(4))))
    assert await owner.fetchval("select count(*) from journal where verb = 'erasure.done'") == 1


async def test_a_post_is_settled_once(db: Database, owner: asyncpg.Connection, world: World) -> None:
    await do(db, lay_beside, [Post("zaak", "Z", MOMENT.date())], file="x", digest="sha256:" + "a" * 64, by=SYSTEM)
    item = await owner.fetchval("select id from checklist_item")
    form = ExplainForm(reden="dubbel", toelichting="Staat er twee keer op.")
    assert one_of(
        await together(*(do(db, explain, item, form, by=world.actor(who)) for who in ("sef", "kees", "sef", "kees")))
    )
    assert await owner.fetchval("select count(*) from journal where verb = 'checklist.settled'") == 1


async def test_a_finding_stands_on_one_version(db: Database, owner: asyncpg.Connection, world: World) -> None:
    """A finding and a new concept at once: the finding is never on a version that it did not see as the last."""
    period = period_of("2026-K3")

    async def draft() -> None:
        async with db.begin() as session:
            at = await now(session)
            await draft_account(session, period, {"n": 1}, {}, known=at, by=world.actor("sef"), at=at)

    await draft()
    form = FindingForm(oordeel="in_orde", bevinding="Klopt.")
    for _ in range(3):
        await together(draft(), do(db, find_account, "2026-K3", form, by=world.actor("kees")), draft())
    state, version = await owner.fetchrow("select state, version from board_account")
    steps = await owner.fetch("select version from board_account_step where step = 'bevinding' order by version")
    assert len({row[0] for row in steps}) == len(steps), "one finding a version"
    assert state == ("bevinding" if version in {row[0] for row in steps} else "concept")
