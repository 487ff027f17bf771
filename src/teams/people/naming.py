"""What the municipality is called: it heads every signature, so the database knows it from the setting."""

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

_NAME = text(
    """
    insert into organisation (name) values (:name)
    on conflict (only_one) do update set name = excluded.name, version = organisation.version + 1
        where :chosen and organisation.name <> excluded.name
    """
)


async def name_organisation(session: AsyncSession, name: str, *, chosen: bool) -> None:
    """Kept when there is no name yet, or when somebody chose (`chosen`) another."""
    await session.execute(_NAME, {"name": name, "chosen": chosen})
