"""The declarative base, and two engines on one database: transactions for acts, autocommit for pages."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import DateTime, MetaData, Numeric, Text
from sqlalchemy.dialects.postgresql import DATERANGE, JSONB, TSTZRANGE, Range
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.orm import DeclarativeBase

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class Model(DeclarativeBase):
    """Base of all tables. Ids are `uuidv7()` made by the database."""

    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map = {
        str: Text(),
        datetime: DateTime(timezone=True),
        Decimal: Numeric(),
        Range[date]: DATERANGE(),
        Range[datetime]: TSTZRANGE(),
        dict[str, Any]: JSONB(),
    }


class Database:
    """Two doors to one database: `begin()` is one transaction, `read()` reads without one (autocommit)."""

    def __init__(self, url: str, *, pool: int = 10, read_url: str | None = None) -> None:
        settings = {
            "statement_timeout": "5000",
            "lock_timeout": "2000",
            "idle_in_transaction_session_timeout": "5000",
            "transaction_timeout": "30000",
            "TimeZone": "UTC",
            "application_name": "teams",
            "pg_trgm.word_similarity_threshold": "0.4",
        }
        connect = {"server_settings": settings, "timeout": 5, "command_timeout": 20}
        self.engine: AsyncEngine = create_async_engine(
            asyncpg_url(url), pool_size=pool, max_overflow=0, pool_timeout=10, connect_args=connect
        )
        reading = (
            create_async_engine(
                asyncpg_url(read_url), pool_size=pool, max_overflow=0, pool_timeout=10, connect_args=connect
            )
            if read_url
            else self.engine
        )
        self._reading = reading
        autocommit = reading.execution_options(isolation_level="AUTOCOMMIT")
        self._write = async_sessionmaker(self.engine, expire_on_commit=False, autoflush=False)
        self._read = async_sessionmaker(autocommit, expire_on_commit=False, autoflush=False)

    def begin(self) -> Any:
        """One transaction: commits at the end of the block, rolls back on an exception."""
        return self._write.begin()

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncSession]:
        session = self._read()
        try:
            yield session
        finally:
            await session.close()  # `async with` would make a task to shield it; in autocommit nothing is waited for

    async def close(self) -> None:
        await self.engine.dispose()
        if self._reading is not self.engine:
            await self._reading.dispose()


def asyncpg_url(url: str) -> str:
    """The address as SQLAlchemy wants it; `postgresql://` and `postgres://` are both read."""
    for scheme in ("postgresql://", "postgres://"):
        if url.startswith(scheme):
            return "postgresql+asyncpg://" + url.removeprefix(scheme)
    return url


def plain_url(url: str) -> str:
    """The address as libpq and asyncpg want it."""
    return url.replace("postgresql+asyncpg://", "postgresql://", 1)


Id = UUID
