"""The declarative base, the way to one server or several, and two doors: transactions for acts, autocommit for pages."""

import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date, datetime
from decimal import Decimal
from functools import partial
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit
from uuid import UUID

import asyncpg
from sqlalchemy import DateTime, MetaData, Numeric, Text, event, text
from sqlalchemy.dialects.postgresql import DATERANGE, JSONB, TSTZRANGE, Range
from sqlalchemy.engine import ExceptionContext
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.orm import DeclarativeBase

WAIT = 5.0
WAIT_OF_SEVERAL = 2.0
COMMAND_SECONDS = 6.0  # longer than statement_timeout: only a server that is out of reach takes it
POOL_SECONDS = 10.0
REST = 5.0  # how long a replica that failed is left alone
_SETTINGS = {
    "statement_timeout": "5000",
    "lock_timeout": "2000",
    "idle_in_transaction_session_timeout": "5000",
    "transaction_timeout": "30000",
    "TimeZone": "UTC",
    "application_name": "teams",
    "jit": "off",  # to compile a statement takes longer than to run it
    "pg_trgm.word_similarity_threshold": "0.4",
}
# A server lets go of who says nothing any more, with every lock they held: after ten seconds instead of hours. Not among
# the settings of the start: PgBouncer would have to know each of them.
_GONE = "set tcp_keepalives_idle = 4; set tcp_keepalives_interval = 2; set tcp_user_timeout = 10000"
_AWAY = (OSError, asyncpg.CannotConnectNowError, asyncpg.ConnectionDoesNotExistError, asyncpg.InternalClientError)
_SET = text("select set_config(:name, :value, true)")
_FLUSHED = text("select pg_current_wal_flush_lsn()::text")
_REPLAYED = text("select coalesce(pg_last_wal_replay_lsn() >= cast(cast(:lsn as text) as pg_lsn), false)")

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
        options: dict[str, Any] = {"pool": pool, "server_settings": _SETTINGS, "command_timeout": COMMAND_SECONDS}
        self.engine = engine_of(url, **options)
        self._replica = engine_of(read_url, **options) if read_url else None
        self._write = async_sessionmaker(self.engine, expire_on_commit=False, autoflush=False)
        self._read = _reading(self.engine)
        self._read_beside = _reading(self._replica) if self._replica else None
        self._rested = 0.0

    @asynccontextmanager
    async def begin(self) -> AsyncIterator[AsyncSession]:
        """One transaction: commits at the end of the block, rolls back on an exception.

        A rollback that fails, because the connection died, does not hide what it was for.
        """
        why: BaseException | None = None
        try:
            async with self._write.begin() as session:
                try:
                    yield session
                except BaseException as error:
                    why = error
                    raise
        except (DBAPIError, OSError, asyncpg.InternalClientError):
            if why is None:
                raise
            raise why from None

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncSession]:
        session = self._read()
        try:
            yield session
        finally:
            await session.close()  # `async with` would make a task to shield it; in autocommit nothing is waited for

    @asynccontextmanager
    async def read_beside(self, primary: AsyncSession) -> AsyncIterator[AsyncSession]:
        """Reads from the replica, once it has everything that the primary has at this moment: nobody misses a write
        of before. Else, or when there is no replica, this is `primary`."""
        beside = await self._caught_up(primary)
        try:
            yield beside or primary
        finally:
            if beside:
                await beside.close()

    async def _caught_up(self, primary: AsyncSession) -> AsyncSession | None:
        if self._read_beside is None or time.monotonic() < self._rested:
            return None
        flushed = await primary.scalar(_FLUSHED)
        session = self._read_beside()
        try:
            if await session.scalar(_REPLAYED, {"lsn": flushed}):
                return session
        except (DBAPIError, PoolTimeout, OSError):
            self._rested = time.monotonic() + REST
        await session.close()
        return None

    async def close(self) -> None:
        await self.engine.dispose()
        if self._replica is not None:
            await self._replica.dispose()


@asynccontextmanager
async def setting(session: AsyncSession, name: str, value: str) -> AsyncIterator[None]:
    """A setting of PostgreSQL for what is asked in this block, in a transaction: behind a pooler it stays with nobody."""
    await session.execute(_SET, {"name": name, "value": value})  # also opens the transaction, if the session has one
    driver = (await (await session.connection()).get_raw_connection()).driver_connection
    assert driver is not None
    if driver.is_in_transaction():
        yield
        return
    async with driver.transaction():
        await session.execute(_SET, {"name": name, "value": value})
        yield


def _reading(engine: AsyncEngine) -> async_sessionmaker[AsyncSession]:
    autocommit = engine.execution_options(isolation_level="AUTOCOMMIT")
    return async_sessionmaker(autocommit, expire_on_commit=False, autoflush=False)


def engine_of(url: str, *, pool: int = 1, **options: Any) -> AsyncEngine:
    """The address stays as libpq writes it (several hosts, sslmode): asyncpg reads it, SQLAlchemy would not.

    `options` are asyncpg's.
    """
    engine = create_async_engine(
        "postgresql+asyncpg://", pool_size=pool, max_overflow=0, pool_timeout=POOL_SECONDS,
        hide_parameters=True,  # what people typed stays out of the log when a statement fails
        connect_args={"async_creator_fn": partial(connect, url), **options},
    )  # fmt: skip
    event.listen(engine.sync_engine, "handle_error", _notice)
    return engine


def _notice(context: ExceptionContext) -> None:
    """A connection that did not answer in time, or whose server takes no writes any more, is not used again; nor are
    the others that were made before it."""
    error = context.original_exception
    if isinstance(error, TimeoutError | asyncpg.InternalClientError) or getattr(error, "sqlstate", None) == "25006":
        context.is_disconnect = True


async def connect(url: str, **options: Any) -> asyncpg.Connection:
    """To the server that was good last time, else to the next. One alone gets `WAIT` seconds, several a little each."""
    found = servers(url)
    wait, first = WAIT if len(found) == 1 else WAIT_OF_SEVERAL, _last.get(url, 0)
    fault: Exception | None = None
    for place in (*range(first, len(found)), *range(first)):
        try:
            connection = await _let_go_when_silent(await asyncpg.connect(found[place], timeout=wait, **options), wait)
        except _AWAY as error:
            fault = error
        else:
            _last[url] = place
            return connection
    if isinstance(fault, asyncpg.TargetServerAttributeNotMatched):
        raise ConnectionError("geen van de servers neemt nu schrijfwerk aan") from fault
    raise fault or ConnectionError(url)


async def _let_go_when_silent(connection: asyncpg.Connection, wait: float) -> asyncpg.Connection:
    try:
        await connection.execute(_GONE, timeout=wait)
    except BaseException:
        connection.terminate()
        raise
    return connection


_last: dict[str, int] = {}


def servers(url: str) -> list[str]:
    """The address of each server that `url` names, as asyncpg wants it.

    Of several only the one that takes writes will do, unless `target_session_attrs` says otherwise: the others are its
    stand-bys.
    """
    parts = urlsplit(plain_url(url))
    query = dict(parse_qsl(parts.query, keep_blank_values=True))
    login, at, netloc = parts.netloc.rpartition("@")
    hosts = netloc.split(",") if netloc else query.get("host", "").split(",")
    if len(hosts) == 1:
        return [plain_url(url)]
    ports = query.get("port", "").split(",")
    query.setdefault("target_session_attrs", "read-write")
    found = []
    for place, host in enumerate(hosts):
        if netloc:
            one, own = parts._replace(netloc=f"{login}{at}{host}"), query
        else:
            one, own = parts, query | {"host": host, "port": ports[place % len(ports)]}
        found.append(one._replace(query=urlencode(own)).geturl())
    return found


def plain_url(url: str) -> str:
    """The address as libpq and asyncpg want it."""
    return url.replace("postgresql+asyncpg://", "postgresql://", 1)


Id = UUID
