"""Changes of version rows and their entries, gathered first and written in a few statements."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Table, bindparam, func, insert, select, text, update
from sqlalchemy.dialects.postgresql import ARRAY, Range
from sqlalchemy.dialects.postgresql import UUID as PG_UUID
from sqlalchemy.ext.asyncio import AsyncSession

from teams.journal.models import Actor, Note, record_many
from teams.kit.db import Model
from teams.kit.history import Span, Timeline, difference

_NEW_IDS = text("select uuidv7() from generate_series(1, :n)")
_LOCK = text("select pg_advisory_xact_lock(hashtext('teams.structure'))")


@dataclass
class Batch:
    """What one act changes. `rewrite` compares what was known with what is known now; `write` closes rows, then adds."""

    closed: dict[type[Model], list[UUID]] = field(default_factory=lambda: defaultdict(list))
    added: dict[type[Model], list[dict[str, Any]]] = field(default_factory=lambda: defaultdict(list))
    entities: dict[type[Model], list[dict[str, Any]]] = field(default_factory=lambda: defaultdict(list))
    notes: list[Note] = field(default_factory=list)

    def rewrite(self, model: type[Model], old: Timeline[Any], new: Timeline[Any]) -> bool:
        """Every span of `new` has all columns of the table but `id`, `valid` and `recorded`. True: there is a change."""
        closed, added = difference(old, new)
        self.closed[model].extend(closed)
        self.added[model].extend(
            {**span.fields, "valid": Range(span.start, span.end, bounds="[)")} for span in added
        )  # fmt: skip
        return bool(closed or added)

    async def write(self, session: AsyncSession, *, by: Actor) -> None:
        for model, rows in self.entities.items():
            await _insert(session, model, rows)
        for model, ids in self.closed.items():
            if ids:
                table = _table(model)
                given = bindparam("ids", ids, type_=ARRAY(PG_UUID()))
                known = func.tstzrange(func.lower(table.c.recorded), func.now())
                await session.execute(update(table).where(table.c.id == func.any(given)).values(recorded=known))
        for model, rows in self.added.items():
            await _insert(session, model, rows)
        await record_many(session, self.notes, by=by)


async def known(
    session: AsyncSession, model: type[Model], key: Callable[[dict[str, Any]], Any], *where: ColumnElement[bool]
) -> dict[Any, list[Any]]:
    """What is known now in a version table, as timelines by key."""
    table = _table(model)
    columns = [column for column in table.c if column.name != "recorded"]
    rows = await session.execute(
        select(*columns).where(func.upper_inf(table.c.recorded), *where).order_by(func.lower(table.c.valid), table.c.id)
    )
    found: dict[Any, list[Any]] = defaultdict(list)
    for row in rows.mappings():
        fields = {name: value for name, value in row.items() if name not in ("id", "valid")}
        found[key(fields)].append(Span(fields, row["valid"].lower, row["valid"].upper, row["id"]))
    return found


async def new_ids(session: AsyncSession, number: int) -> list[UUID]:
    """Ids made by the database, for rows that refer to one another before they are written."""
    return list(await session.scalars(_NEW_IDS, {"n": number})) if number else []


async def lock_structure(session: AsyncSession) -> None:
    """One change of structure at a time: rules over the whole tree hold. Take it before any person or klus."""
    await session.execute(_LOCK)


async def _insert(session: AsyncSession, model: type[Model], rows: list[dict[str, Any]]) -> None:
    for first in range(0, len(rows), 1000):
        await session.execute(insert(_table(model)), rows[first : first + 1000])


def _table(model: type[Model]) -> Table:
    table = model.__table__
    assert isinstance(table, Table)
    return table


def subjects(*pairs: tuple[str, UUID | None]) -> tuple[tuple[str, UUID], ...]:
    """The pairs that have an id."""
    return tuple((kind, given) for kind, given in pairs if given is not None)


def iso(values: Iterable[tuple[str, Any]]) -> dict[str, Any]:
    """Facts as text: ids, days and numbers; what is unknown is left out."""
    return {name: str(value) for name, value in values if value is not None}
