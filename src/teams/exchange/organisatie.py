"""`organisatie`: teams, roles, fillings, organs and policies; it waits until the secretary confirms the difference."""

from collections.abc import Mapping
from datetime import date

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from teams.exchange.cells import BadCell, day
from teams.exchange.personen import plan_people
from teams.exchange.plan import Draft
from teams.exchange.structure.changes import Changes
from teams.exchange.structure.rows import Rows, read_rows
from teams.exchange.structure.seats import plan_fillings, plan_organs, plan_policies
from teams.exchange.structure.state import load_state
from teams.exchange.structure.teams import check_roles, plan_roles, plan_teams
from teams.exchange.tables import Table
from teams.journal.batch import new_ids

_EMPTY = text("select not exists (select from team)")


async def is_empty(session: AsyncSession) -> bool:
    """No team yet: this installation has still to be filled."""
    return bool(await session.scalar(_EMPTY))


async def plan_organisation(session: AsyncSession, tables: Mapping[str, Table], *, today: date) -> Draft:
    """What these files change. Into an empty installation `personen` of the same folder goes along."""
    draft = Draft(today)
    rows = read_rows(tables, draft.errors)
    names = [row.name for row in rows.roles] + [row.role for row in rows.fillings]
    names += [row.title for row in rows.policies]
    with_people = tables.get("personen") if await is_empty(session) else None
    state = await load_state(session, rows.numbers(), names)
    changes = Changes(draft, state, rows.since(), iter(await new_ids(session, _most(rows))))
    plan_teams(changes, rows.teams)
    if with_people is not None:
        lives = {code: (team, changes.teams[team]) for code, team in changes.codes.items() if team in changes.teams}
        people = await plan_people(session, draft, with_people, lives)
        state.people |= people.ids
        state.contracts |= people.contracts
        state.numbers |= {person: number for number, person in people.ids.items()}
    plan_roles(changes, rows.roles)
    plan_fillings(changes, rows.fillings)
    plan_organs(changes, rows.organs)
    plan_policies(changes, rows.policies)
    check_roles(changes)
    return draft


def secretary_fault(tables: Mapping[str, Table], email: str, today: date) -> str | None:
    """Why `email` is not the secretary of these files: not in `personen`, or not who fills 'gemeentesecretaris'."""
    people = _cells(tables, "personen")
    mine = [cells["personeelsnummer"] for cells in people if cells["email"].lower() == email.strip().lower()]
    if not mine:
        return f"{email} staat niet in het bestand personen"
    office = {
        (cells["team"], cells["rol"])
        for cells in _cells(tables, "rollen")
        if cells.get("functie", "").lower() == "gemeentesecretaris"
    }
    fillers = {
        cells["personeelsnummer"]
        for cells in _cells(tables, "rolvervulling")
        if (cells["team"], cells["rol"]) in office and _holds(cells, today)
    }
    return f"{email} vervult de rol van gemeentesecretaris niet" if fillers and mine[0] not in fillers else None


def _cells(tables: Mapping[str, Table], name: str) -> list[dict[str, str]]:
    rows = tables[name].rows if name in tables else ()
    return [{column: cell.strip() for column, cell in cells.items()} for _, cells in rows]


def _holds(cells: Mapping[str, str], today: date) -> bool:
    try:
        first, last = (day(cells[column]) if cells.get(column) else today for column in ("van", "tot"))
    except BadCell:
        return False
    return first <= today <= last


def _most(rows: Rows) -> int:
    """How many ids the rows could need."""
    items = sum(len(texts) for row in rows.roles for texts in row.items.values())
    return len(rows.teams) + len(rows.roles) + len(rows.organs) + len(rows.policies) + items
