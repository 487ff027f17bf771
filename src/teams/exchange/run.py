"""`teams import`: read the files, say what is wrong or what would change, and do it or let it wait."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from pathlib import Path

from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncSession

from teams.exchange import personen
from teams.exchange.besluiten import import_decisions
from teams.exchange.mandaten.rows import BUDGET_SHAPES
from teams.exchange.mandaten.rows import SHAPES as MANDATE_SHAPES
from teams.exchange.mandaten.state import no_budgets, no_register
from teams.exchange.organisatie import is_empty, secretary_fault
from teams.exchange.plan import Draft, take_time
from teams.exchange.structure.rows import SHAPES
from teams.exchange.tables import BadTables, Shape, Table, ignored_lines, read_tables
from teams.exchange.toetslijst import import_checklist
from teams.exchange.waiting import PLANNERS, offer, settled_at_once
from teams.journal.batch import known, lock_structure
from teams.journal.models import Actor
from teams.kit.clock import day_of, now
from teams.kit.db import Database
from teams.people.queries import person_by_email
from teams.structure.models import Team, TeamVersion

WAITING_SHAPES: dict[str, Mapping[str, Shape]] = {
    "organisatie": SHAPES,
    "mandaten": MANDATE_SHAPES,
    "budgetten": BUDGET_SHAPES,
}
"""The files of each kind in `waiting.PLANNERS`."""
FIRST: dict[str, Callable[[AsyncSession], Awaitable[bool]]] = {
    "organisatie": is_empty,
    "mandaten": no_register,
    "budgetten": no_budgets,
}
"""Whether there is nothing of this kind yet; then the secretary's own import need not wait."""
_SECRETARY = text(
    """select a.email from account a join account_right r on r.account_id = a.id where r."right" = 'secretaris'"""
)
_IN_OFFICE = text(
    """
    select exists (select from role_filling f
        join role_version v on v.role_id = f.role_id and upper_inf(v.recorded) and v.office = 'gemeentesecretaris'
        where f.person_id = :person and upper_inf(f.recorded) and f.valid @> now()
            and v.valid @> (now() at time zone 'Europe/Amsterdam')::date)
    """
)
Answer = tuple[int, list[str]]


class _DryRun(Exception):
    """Nothing of this transaction may stay."""


async def run_import(database: Database, kind: str, path: Path, *, dry_run: bool, namens: str | None) -> Answer:
    """Exit code (0 good, 1 no, 2 wrong use) and the lines to show. One transaction: everything, or nothing at all.

    `personen` and `toetslijst` are done at once. Other kinds wait for the secretary, but for the first import into an empty installation,
    which `namens` (the secretary's e-mail address in the personnel file) confirms.
    """
    if kind not in ("personen", "besluiten", "toetslijst") and kind not in PLANNERS:
        return 2, [f"'{kind}' is geen soort import; kies uit personen, besluiten, toetslijst, {', '.join(PLANNERS)}"]
    answer: Answer = 1, []
    try:
        async with database.begin() as session:
            await take_time(session)
            at = await now(session)
            if kind == "personen":
                answer = await _people(session, path, namens, at=at, dry_run=dry_run)
            elif kind == "besluiten":
                answer = await import_decisions(session, path, by=await _actor(session, namens), at=at, dry_run=dry_run)
            elif kind == "toetslijst":
                answer = await import_checklist(session, path, by=await _actor(session, namens), at=at, dry_run=dry_run)
            else:
                answer = await _waiting(session, kind, path, namens, at=at, dry_run=dry_run)
            if dry_run or answer[0]:
                raise _DryRun
    except _DryRun:
        pass
    except BadTables as error:
        return _failed(error.lines)
    except DBAPIError as error:
        return 1, [
            f"De database doet dit nu niet ({type(error.orig).__name__}). Niets ingelezen; probeer het straks opnieuw."
        ]
    return answer


async def _people(session: AsyncSession, path: Path, namens: str | None, *, at: datetime, dry_run: bool) -> Answer:
    tables = read_tables(path, {"personen": personen.SHAPE})
    await lock_structure(session)
    await personen.lock_people(session, tables["personen"])
    draft = Draft(day_of(at))
    lives = await known(session, TeamVersion, lambda f: f["team_id"])
    teams = {row.code: (row.id, lives.get(row.id, [])) for row in await session.execute(select(Team.code, Team.id))}
    later = frozenset() if teams else _codes_beside(path)
    await personen.plan_people(session, draft, tables["personen"], teams, later=later)
    return await _settle(session, draft, tables, await _actor(session, namens), at=at, dry_run=dry_run)


async def _waiting(
    session: AsyncSession, kind: str, path: Path, namens: str | None, *, at: datetime, dry_run: bool
) -> Answer:
    tables = read_tables(path, WAITING_SHAPES[kind])
    await lock_structure(session)
    first = await FIRST[kind](session)
    if first and kind == "organisatie":
        tables |= _optional(path, {"personen": personen.SHAPE})
    if "personen" in tables:
        await personen.lock_people(session, tables["personen"])
    draft = await PLANNERS[kind](session, tables, today=day_of(at))
    if first and namens is not None:
        if kind == "organisatie":
            refused = secretary_fault(tables, namens, day_of(at)) or await _other_secretary(session, namens)
        else:
            refused = await _no_secretary(session, namens)
        if refused:
            return 1, [refused, "niets ingelezen"]
        if not draft.errors.lines:
            known = draft.emails.get(namens.strip().lower())
            secretary = Actor(known, namens, origin="import") if known else await _actor(session, namens)
            answer = await _settle(session, draft, tables, secretary, at=at, dry_run=dry_run)
            await settled_at_once(session, kind, tables, draft, by=secretary, at=at)
            return answer
    if draft.errors.lines:
        return _failed(draft.errors.lines)
    lines = [*ignored_lines(tables.values()), *draft.lines]
    if draft.difference.empty:
        return 0, [*lines, "Er is niets te veranderen."]
    if dry_run:
        return 0, [*lines, "Proef: er is niets veranderd."]
    _, number = await offer(session, kind, tables, draft, by=await _actor(session, namens), at=at)
    return 0, [*lines, f"Invoer {number} wacht tot de secretaris haar bevestigt."]


async def _settle(
    session: AsyncSession, draft: Draft, tables: Mapping[str, Table], by: Actor, *, at: datetime, dry_run: bool
) -> Answer:
    """Do what the plan says, also for a dry run, so that the database has its say; the caller undoes it."""
    if draft.errors.lines:
        return _failed(draft.errors.lines)
    lines = [*ignored_lines(tables.values()), *draft.lines]
    await draft.apply(session, by=by, at=at)
    await session.execute(text("set constraints all immediate"))
    if draft.difference.empty:
        return 0, [*lines, "Er is niets te veranderen."]
    return 0, [*lines, "Proef: er is niets veranderd." if dry_run else "Ingelezen."]


async def _actor(session: AsyncSession, namens: str | None) -> Actor:
    row = await person_by_email(session, namens) if namens else None
    return Actor(row.id if row else None, row.name if row else "Import", origin="import")


async def _other_secretary(session: AsyncSession, namens: str) -> str | None:
    email = await session.scalar(_SECRETARY)
    if email is not None and email.lower() != namens.strip().lower():
        return f"{namens} is niet de secretaris van deze installatie"
    return None


async def _no_secretary(session: AsyncSession, namens: str) -> str | None:
    """Whoever has the right is the secretary; as long as nobody has it, who fills the role."""
    if await session.scalar(_SECRETARY) is not None:
        return await _other_secretary(session, namens)
    person = await person_by_email(session, namens)
    if person is None or not await session.scalar(_IN_OFFICE, {"person": person.id}):
        return f"{namens} vervult de rol van gemeentesecretaris niet"
    return None


def _optional(path: Path, shapes: Mapping[str, Shape]) -> dict[str, Table]:
    try:
        return read_tables(path, shapes)
    except BadTables as error:
        if any("geen van deze bestanden" in line for line in error.lines):
            return {}
        raise


def _codes_beside(path: Path) -> frozenset[str]:
    """Team codes in the same folder, which the import of the organisation will make."""
    try:
        table = read_tables(path, {"teams": SHAPES["teams"]})["teams"]
    except BadTables:
        return frozenset()
    return frozenset(cells["code"].strip() for _, cells in table.rows)


def _failed(lines: list[str]) -> Answer:
    return 1, [*lines, f"{len(lines)} {'fout' if len(lines) == 1 else 'fouten'}, niets ingelezen"]
