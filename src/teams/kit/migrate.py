"""Roles and migrations: what brings an empty database to the newest schema, and says how far it is."""

from pathlib import Path

import asyncpg
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory

from teams.kit.db import asyncpg_url, plain_url


def folder(name: str) -> Path:
    """`templates` or `migrations`: inside an installed wheel, or beside `src/` in a checkout."""
    packaged = Path(__file__).parents[1] / f"_{name}"
    return packaged if packaged.exists() else Path(__file__).parents[3] / name


def config(url: str) -> Config:
    settings = Config()
    settings.set_main_option("script_location", str(folder("migrations")))
    settings.set_main_option("sqlalchemy.url", asyncpg_url(url).replace("%", "%%"))
    return settings


async def provide_roles(superuser_url: str, database: str) -> None:
    """Make the roles of `roles.sql` and give the database to teams_owner. For the embedded server; else a DBA does it."""
    connection = await asyncpg.connect(plain_url(superuser_url))
    try:
        await connection.execute((folder("migrations") / "roles.sql").read_text(encoding="utf-8"))
        await connection.execute(f'alter database "{database}" owner to teams_owner')
        await connection.execute("alter schema public owner to teams_owner")
    finally:
        await connection.close()


def migrate(owner_url: str) -> None:
    """Bring the database to the newest schema. Runs its own event loop: call it outside one."""
    command.upgrade(config(owner_url), "head")


def newest() -> str:
    """The revision that this version of the program wants."""
    head = ScriptDirectory(str(folder("migrations"))).get_current_head()
    assert head is not None
    return head


def older() -> frozenset[str]:
    """The revisions that came before `newest()`: a database there has to be migrated first."""
    scripts = ScriptDirectory(str(folder("migrations")))
    return frozenset(script.revision for script in scripts.walk_revisions()) - {newest()}
