"""Short words for the tests of audit and account: decisions written by the owner, the log brought up to date, one act each."""

import hashlib
import itertools
import json
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import asyncpg

from teams.kit.clock import now
from teams.kit.db import Database
from teams.kit.errors import Refusal
from teams.ledger.sequencer import Sequencer
from tests.conftest import Place
from tests.world import World

_serial = itertools.count(1)
MOMENT = datetime(2026, 8, 12, 10, tzinfo=UTC)


async def power(
    owner: asyncpg.Connection, code: str = "SUB-01", *, confidential: bool = False, specials: tuple[str, ...] = ()
) -> None:
    await owner.execute(
        "with p as (insert into power (code) values ($1) on conflict do nothing returning id)"
        " insert into power_version (power_id, title, organs, confidential, specials, valid)"
        " select id, 'Subsidie verlenen ' || $1, '{college}', $2, $3, tstzrange('2020-01-01', null) from p",
        code, confidential, list(specials),
    )  # fmt: skip


async def decision(
    owner: asyncpg.Connection, world: World, who: str = "aya", *, role: str | None = "boom", code: str = "SUB-01",
    cents: int | None = 400_000, ceiling: int | None = 500_000, total: int | None = None, outcome: str = "bevoegd",
    at: datetime = MOMENT, base: str = "per_besluit", confidential: bool = False, rules: list[list[str]] | None = None, **fields: Any,
) -> tuple[UUID, str]:  # fmt: skip
    """One decision with its entry, as if it had been recorded at `at`: (id, number)."""
    await power(owner, code, confidential=confidential)
    entry = await owner.fetchval(
        "insert into journal (at, actor, verb, accountable, facts) values ($1, $2, 'decision.taken', true, $3) returning id",
        at, world.people[who], json.dumps({"bevoegdheid": code, "bedrag": cents, "uitkomst": outcome}),
    )  # fmt: skip
    if not confidential:
        await owner.execute(
            "insert into journal_text (entry, field, key, value) values ($1, 'subject', $2, $3)",
            entry, bytes(32), fields.get("subject", "Zomerfeest in de wijk"),
        )  # fmt: skip
    year = at.year
    values: dict[str, Any] = {
        "year": year, "serial": 0, "power": code, "power_title": f"Subsidie verlenen {code}", "act": "besluit", "organ": "college",
        "confidential": confidential, "person_id": world.people[who], "role_id": world.roles[role] if role else None,
        "capacity": "houder", "verdict": "ja" if outcome == "bevoegd" else "nee", "outcome": outcome, "chains": "[]", "ceiling": ceiling,
        "base": base, "cents": cents, "total": total, "rulebook": "sha256:" + "0" * 64, "rules": json.dumps(rules or []),
        "rules_hash": "sha256:" + hashlib.sha256(b"").hexdigest(), "case_number": f"Z-{next(_serial)}", "counterparty": "Buurtvereniging",
        "subject": None if confidential else "Zomerfeest in de wijk", "reasons": None if confidential else "Past in het beleid.",
        "no_interest": True, "decided_at": at, "recorded_at": at, "entry_id": entry,
        "overridden": "M14" if outcome == "doorbroken" else None,
    } | fields  # fmt: skip
    async with owner.transaction():
        values["serial"] = await owner.fetchval("select next_decision($1)", year)
        names = ", ".join(values)
        places = ", ".join(f"${n}" for n in range(1, len(values) + 1))
        row = await owner.fetchrow(
            f"insert into decision ({names}) values ({places}) returning id, number", *values.values()
        )
    await owner.execute("insert into journal_subject (entry, kind, id) values ($1, 'decision', $2)", entry, row["id"])
    return row["id"], row["number"]


async def log_it(place: Place) -> int:
    """Every accountable entry becomes a leaf; how many."""
    worker = await asyncpg.connect(place.url("teams_worker"))
    try:
        sequencer, made = Sequencer(worker, "proefdam"), 0
        while added := await sequencer.step():
            made += added
        return made
    finally:
        await worker.close()


async def head(owner: asyncpg.Connection, size: int, at: datetime | None = None, root: bytes = b"\x07" * 32) -> None:
    """A head as the signer would have left it."""
    await owner.execute(
        "insert into checkpoint (log, size, root, note, at) values (1, $1, $2, 'proef', coalesce($3, now()))",
        size,
        root,
        at,
    )


async def do(db: Database, act: Callable[..., Awaitable[Any]], *arguments: Any, **named: Any) -> Any:
    """One act in a transaction of its own."""
    async with db.begin() as session:
        return await act(session, *arguments, at=await now(session), **named)


async def refused(db: Database, act: Callable[..., Awaitable[Any]], *arguments: Any, **named: Any) -> Refusal:
    try:
        await do(db, act, *arguments, **named)
    except Refusal as refusal:
        return refusal
    raise AssertionError("nothing was refused")
