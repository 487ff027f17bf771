"""Runs the migrations as teams_owner, one transaction each, with a wait for locks that is shorter than the app's own."""

import asyncio

from alembic import context
from sqlalchemy import Connection, text

from teams.kit.db import engine_of


def run(connection: Connection) -> None:
    connection.execute(text("set lock_timeout = '1s'"))
    connection.commit()
    context.configure(connection=connection, transaction_per_migration=True)
    with context.begin_transaction():
        context.run_migrations()


async def main() -> None:
    engine = engine_of(context.config.get_main_option("sqlalchemy.url") or "")
    try:
        async with engine.connect() as connection:
            await connection.run_sync(run)
    finally:
        await engine.dispose()


asyncio.run(main())
