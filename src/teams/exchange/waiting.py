"""Imports that wait for the secretary: offered with their difference, confirmed only as long as that is what happens."""

import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncSession

from teams.exchange.mandaten.plan import plan_budgets, plan_mandates
from teams.exchange.organisatie import plan_organisation
from teams.exchange.plan import Draft, lines_of, take_time
from teams.exchange.tables import Table, from_json, to_json
from teams.journal.batch import lock_structure
from teams.journal.models import Actor, Note, record
from teams.kit.clock import day_of
from teams.kit.errors import Conflict, NextStep, NotFound, Reason
from teams.kit.text import N_
from teams.people.models import Right

Planner = Callable[..., Awaitable[Draft]]
PLANNERS: dict[str, Planner] = {
    "organisatie": plan_organisation,
    "mandaten": plan_mandates,
    "budgetten": plan_budgets,
}
"""Kind of import → `async (session, tables, *, today) -> Draft`; the kinds that wait."""

_OFFER = text(
    """
    insert into pending_import (kind, files, difference, offered_by)
    values (:kind, cast(:files as jsonb), cast(:difference as jsonb), :by) returning id, number
    """
)
_COLUMNS = """
    i.id, i.number, i.kind, i.state, i.difference, i.offered_at, i.settled_at, i.version,
    (select name from person where id = i.offered_by) as offered_by,
    (select name from person where id = i.settled_by) as settled_by
"""
_LIST = text(
    f"select {_COLUMNS} from pending_import i where (i.state = 'wacht') or not :open order by i.number desc limit 100"
)
_ONE = text(f"select {_COLUMNS} from pending_import i where i.id = :id")
_FILES = text(
    "select files, difference, kind, number, version from pending_import where id = :id and state = 'wacht' for update"
)
_SETTLE = text(
    """
    update pending_import set state = :to, settled_by = :by, settled_at = now(), version = version + 1
    where id = :id and state = 'wacht' returning number
    """
)


@dataclass(frozen=True)
class Waiting:
    """One offered import as the secretary sees it. `difference`: per file `nieuw`, `wijzigt`, `blijft`."""

    id: UUID
    number: int
    kind: str
    state: str
    difference: dict[str, Any]
    offered_by: str | None
    offered_at: datetime
    settled_by: str | None
    settled_at: datetime | None
    version: int

    @property
    def lines(self) -> list[str]:
        return lines_of(self.difference)


async def offer(
    session: AsyncSession, kind: str, tables: Mapping[str, Table], draft: Draft, *, by: Actor, at: datetime
) -> tuple[UUID, int]:
    """Keep the files and what they would change; nothing else happens yet. Returns id and number."""
    given = {"kind": kind, "files": json.dumps(to_json(tables)), "difference": _plain(draft), "by": by.person_id}
    row = (await session.execute(_OFFER, given)).one()
    await record(session, _note("import.offered", row.id, row.number, kind), by=by)
    return row.id, row.number


async def settled_at_once(
    session: AsyncSession, kind: str, tables: Mapping[str, Table], draft: Draft, *, by: Actor, at: datetime
) -> None:
    """The first import of an empty installation: offered and confirmed by its secretary in one act."""
    import_id, number = await offer(session, kind, tables, draft, by=by, at=at)
    await session.execute(_SETTLE, {"id": import_id, "to": "bevestigd", "by": by.person_id})
    await record(session, _note("import.confirmed", import_id, number, kind), by=by)


async def waiting_imports(session: AsyncSession, by: Actor, *, only_open: bool = True) -> list[Waiting]:
    """Newest first, at most 100; for the secretary, and for nobody else anything."""
    if not by.has(Right.SECRETARY):
        return []
    return [_waiting(row) for row in await session.execute(_LIST, {"open": only_open})]


async def waiting_for(session: AsyncSession, import_id: UUID, by: Actor) -> Waiting:
    """One import, or `NotFound`: for who is not the secretary it does not exist."""
    row = (await session.execute(_ONE, {"id": import_id})).one_or_none() if by.has(Right.SECRETARY) else None
    if row is None:
        raise NotFound(Reason("onbekend", N_("Deze invoer bestaat niet.")))
    return _waiting(row)


async def confirm(
    session: AsyncSession, import_id: UUID, *, by: Actor, at: datetime, version: int | None = None
) -> Waiting:
    """Plan again on what is known today and do it; `Conflict` 'verouderd' when that is no longer what was shown."""
    await waiting_for(session, import_id, by)
    await take_time(session)
    await lock_structure(session)
    row = (await session.execute(_FILES, {"id": import_id})).one_or_none()
    if row is None or (version is not None and version != row.version):
        raise _settled()
    draft = await PLANNERS[row.kind](session, from_json(row.files), today=day_of(at))
    if draft.errors.lines or json.loads(_plain(draft)) != row.difference:
        raise Conflict(
            Reason("verouderd", N_("Er is intussen iets veranderd. Deze invoer doet niet meer wat hier staat.")),
            then=(NextStep(N_("Lees het bestand opnieuw in en bekijk wat er dan verandert.")),),
        )
    await draft.apply(session, by=by, at=at)
    await session.execute(_SETTLE, {"id": import_id, "to": "bevestigd", "by": by.person_id})
    await record(session, _note("import.confirmed", import_id, row.number, row.kind), by=by)
    return await waiting_for(session, import_id, by)


async def reject(
    session: AsyncSession, import_id: UUID, *, by: Actor, at: datetime, reason: str | None = None
) -> Waiting:
    """The import will not happen; it stays to be seen."""
    seen = await waiting_for(session, import_id, by)
    if (await session.execute(_SETTLE, {"id": import_id, "to": "afgewezen", "by": by.person_id})).first() is None:
        raise _settled()
    await record(session, _note("import.rejected", import_id, seen.number, seen.kind, reason), by=by)
    return await waiting_for(session, import_id, by)


def _note(verb: str, import_id: UUID, number: int, kind: str, reason: str | None = None) -> Note:
    facts = {"import": str(import_id), "number": number, "kind": kind}
    return Note(verb, (("import", import_id),), facts, {"reason": reason} if reason else {}, accountable=True)


def _plain(draft: Draft) -> str:
    return json.dumps(draft.difference.tables, ensure_ascii=False)


def _waiting(row: Row[Any]) -> Waiting:
    return Waiting(**row._mapping)


def _settled() -> Conflict:
    return Conflict(Reason("verkeerd_moment", N_("Over deze invoer is al besloten.")))
