"""Short words for the tests of klussen: one act each, in a transaction of its own, as one of the people of the world."""

from collections.abc import Awaitable, Callable
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import asyncpg

from teams.kit.clock import now
from teams.kit.db import Database
from teams.kit.errors import Refusal
from teams.klussen.actions.claim import claim_klus
from teams.klussen.actions.klus import post_klus
from teams.klussen.forms import KlusForm
from tests.world import TODAY, World

SOON, LATER = TODAY + timedelta(days=10), TODAY + timedelta(days=60)


def form(world: World, **fields: Any) -> KlusForm:
    """Six hours a week in the coming weeks, three places, unless `fields` say otherwise."""
    usual = {
        "titel": "Schouw van speelplekken", "teamId": world.teams["groen"], "plaatsen": 3, "urenMin": 6, "van": SOON,
        "tot": LATER,
    }  # fmt: skip
    return KlusForm(**{**usual, **fields})


async def act(
    db: Database, world: World, verb: Callable[..., Awaitable[Any]], who: str, *args: Any, **more: Any
) -> Any:
    async with db.begin() as session:
        return await verb(session, *args, by=world.actor(who), at=await now(session), **more)


async def claim(db: Database, world: World, who: str, klus: UUID, **more: Any) -> UUID:
    async with db.begin() as session:
        claim_id, _ = await claim_klus(session, klus, by=world.actor(who), **more)
        return claim_id


async def draft(db: Database, world: World, who: str = "aya", **fields: Any) -> Any:
    return await act(db, world, post_klus, who, form(world, **fields))


async def refused(doing: Awaitable[Any], *codes: str, kind: type[Refusal] = Refusal) -> Refusal:
    """The refusal, which holds exactly these reasons in full sentences and says what to do next."""
    try:
        await doing
    except kind as refusal:
        assert [reason.code for reason in refusal.reasons] == list(codes)
        assert all("{" not in reason.text.format(**reason.values) for reason in refusal.reasons)
        assert refusal.then, "a refusal names the next step"
        return refusal
    raise AssertionError("not refused")


async def moved(owner: asyncpg.Connection, klus: UUID, **days: date | None) -> None:
    """Time passes: the klus gets other days, as if the calendar had moved."""
    for column, day in days.items():
        await owner.execute(f"update klus set {column} = $2 where id = $1", klus, day)


async def claims_of(owner: asyncpg.Connection, klus: UUID) -> list[tuple[str, int | None]]:
    rows = await owner.fetch("select state, seat from claim where klus_id = $1 order by at, id", klus)
    return [(row["state"], row["seat"]) for row in rows]


async def entries(owner: asyncpg.Connection, klus: UUID) -> list[str]:
    """The verbs of the journal on this klus, oldest first."""
    rows = await owner.fetch(
        "select j.verb from journal j join journal_subject s on s.entry = j.id"
        " where s.kind = 'klus' and s.id = $1 order by j.at, j.id", klus,
    )  # fmt: skip
    return [row["verb"] for row in rows]
