"""Roles and migrations: what brings an empty database to the newest schema, and says how far it is."""

import re
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import asyncpg

from teams.kit.db import plain_url
from teams.kit.faults import Stopped

if TYPE_CHECKING:
    from alembic.config import Config

WAITS = (0.5, 1.0, 2.0, 4.0, 8.0)
_BUSY = ("55P03", "40P01")  # a lock that did not come in time, a deadlock
_LINK = re.compile(r'^(revision|down_revision) = (?:"(\w+)"|None)$', re.M)


def folder(name: str) -> Path:
    """`templates` or `migrations`: inside an installed wheel, or beside `src/` in a checkout."""
    packaged = Path(__file__).parents[1] / f"_{name}"
    return packaged if packaged.exists() else Path(__file__).parents[3] / name


def config(url: str) -> "Config":
    from alembic.config import Config  # 14 MiB that neither web nor work needs

    settings = Config()
    settings.set_main_option("script_location", str(folder("migrations")))
    settings.set_main_option("sqlalchemy.url", plain_url(url).replace("%", "%%"))
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
    """Bring the database to the newest schema while others work in it. Runs its own event loop: call it outside one."""
    from alembic import command

    settings = config(owner_url)
    patiently(lambda: command.upgrade(settings, "head"))


def patiently(step: Callable[[], None], waits: Sequence[float] = WAITS) -> None:
    """Give way to whoever works in the same tables, and try again after each of `waits` seconds."""
    for wait in (*waits, None):
        try:
            return step()
        except Exception as error:
            if getattr(getattr(error, "orig", error), "sqlstate", None) not in _BUSY:
                raise
            if wait is None:
                raise Stopped(
                    "Er wordt te druk gewerkt: een stap van het schema kreeg geen slot. Wat gedaan is, blijft; geef straks nog eens: teams migrate."
                ) from error
            time.sleep(wait)
    return None


def newest() -> str:
    """The revision that this version of the program wants: the one that no other comes after."""
    after = _links()
    (head,) = after.keys() - set(after.values())
    return head


def older() -> frozenset[str]:
    """The revisions that came before `newest()`: a database there has to be migrated first."""
    return frozenset(_links()) - {newest()}


def _links() -> dict[str, str]:
    """Each revision with the one before it, as the files say."""
    found = {}
    for path in (folder("migrations") / "versions").glob("*.py"):
        said = dict(_LINK.findall(path.read_text(encoding="utf-8")))
        found[said["revision"]] = said["down_revision"]
    return found
