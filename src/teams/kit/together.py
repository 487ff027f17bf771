"""Several questions to the database in one statement: what one page asks of many parts of the house."""

from datetime import date, datetime
from types import SimpleNamespace
from typing import Any

from sqlalchemy import TextClause, text
from sqlalchemy.ext.asyncio import AsyncSession

_KINDS = {"timestamptz": datetime.fromisoformat, "date": date.fromisoformat}


def together(**parts: TextClause) -> TextClause:
    """One statement that answers all parts, which share the parameters that have the same name."""
    asked = (
        f"(select coalesce(jsonb_agg(to_jsonb(x)), '[]') from ({part.text}) x) as {name}"
        for name, part in parts.items()
    )
    return text("select " + ", ".join(asked))


async def ask_together(
    session: AsyncSession, statement: TextClause, given: dict[str, Any], **columns: str
) -> dict[str, list[Any]]:
    """The rows of each part. `columns`: which of them are moments (`timestamptz`) or days (`date`); ids are text."""
    row = (await session.execute(statement, given)).one()
    read = {name: _KINDS[kind] for name, kind in columns.items()}
    return {
        part: [
            SimpleNamespace(**{
                name: read[name](value) if name in read and value is not None else value for name, value in one.items()
            })
            for one in rows
        ]
        for part, rows in row._mapping.items()
    }  # fmt: skip
