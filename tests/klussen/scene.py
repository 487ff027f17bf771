"""Scenes for the tests of waiting, choosing, lending and lots: more people, policies, and terms that pass."""

from typing import Any
from uuid import UUID

import asyncpg
from sqlalchemy import event

from teams.journal.models import Actor
from teams.kit.clock import now
from teams.kit.db import Database
from teams.klussen.actions.settle import settle_klus
from tests.world import START, World

_CROWD = """
with p as (
  insert into person (number, name, email)
  select 'W' || lpad(n::text, 4, '0'), 'Wachter ' || n, 'wachter' || n || '@proefdam.example' from generate_series(1, $1) n
  returning id, number
), c as (insert into contract (person_id, hours, valid) select id, $4, daterange($2, null) from p),
h as (insert into home_team (person_id, team_id, valid) select id, $3, daterange($2, null) from p)
select id from p order by number
"""


async def crowd(
    owner: asyncpg.Connection, world: World, count: int, team: str = "balie", *, hours: int = 36
) -> list[Actor]:
    """So many people of one team with a contract and nothing to do."""
    rows = await owner.fetch(_CROWD, count, START, world.teams[team], hours)
    return [Actor(person_id=row["id"]) for row in rows]


async def policy(owner: asyncpg.Connection, world: World, team: str, kind: str) -> None:
    found = await owner.fetchval("insert into policy (team_id) values ($1) returning id", world.teams[team])
    await owner.execute(
        "insert into policy_version (policy_id, kind, title, text, valid) values ($1, $2, 'Afspraak', 'Zo doen wij het.',"
        " daterange($3, null))", found, kind, START,
    )  # fmt: skip


async def late(owner: asyncpg.Connection, klus: UUID) -> None:
    """Every term on this klus has passed a moment ago."""
    await owner.execute(
        "update claim set due_at = now() - interval '1 second' where klus_id = $1 and due_at is not null", klus
    )


async def clock(db: Database, klus: UUID) -> None:
    """The clock's turn."""
    async with db.begin() as session:
        await settle_klus(session, klus, at=await now(session))


async def states(owner: asyncpg.Connection, klus: UUID) -> list[str]:
    rows = await owner.fetch("select state from claim where klus_id = $1 order by at, id", klus)
    return [row["state"] for row in rows]


class Counted:
    """The statements that a piece of work sends."""

    def __init__(self, db: Database) -> None:
        self.engine, self.sent = db.engine.sync_engine, list[str]()

    def __enter__(self) -> list[str]:
        event.listen(self.engine, "before_cursor_execute", self._note)
        return self.sent

    def __exit__(self, *gone: object) -> None:
        event.remove(self.engine, "before_cursor_execute", self._note)

    def _note(self, conn: Any, cursor: Any, statement: str, *rest: Any) -> None:
        self.sent.append(statement)
