"""A primary and a stand-by that follows it, each with a TCP address in front that can fall silent."""

import asyncio
import os
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import asyncpg

from teams.demo.postgres import PORT, Server, embedded
from teams.kit.migrate import migrate, provide_roles
from tests.faults.proxy import Proxy, to_socket


@dataclass
class Pair:
    """`ways`: the addresses of primary and stand-by, in that order."""

    primary: Server
    standby: Server
    ways: tuple[Proxy, Proxy]

    @property
    def url(self) -> str:
        hosts = ",".join(f"127.0.0.1:{way.port}" for way in self.ways)
        return f"postgresql://teams_app@{hosts}/teams"

    def only(self, number: int) -> str:
        return f"postgresql://teams_app@127.0.0.1:{self.ways[number].port}/teams"


async def tell(server: Server, *statements: str) -> None:
    boss = await asyncpg.connect(server.url())
    try:
        for statement in statements:
            await boss.execute(statement)
    finally:
        await boss.close()


@contextmanager
def pair(*, delay: str = "0") -> Iterator[Pair]:
    """`delay`: how long the stand-by waits before it applies a commit."""
    with tempfile.TemporaryDirectory(prefix="teams-pair-") as name, ExitStack() as stack:
        folder = Path(name)
        folder.chmod(0o755)
        primary = stack.enter_context(embedded(folder / "one"))
        asyncio.run(provide_roles(primary.url(), "teams"))
        migrate(primary.url("teams_owner"))
        _copy(primary, folder, delay)
        standby = stack.enter_context(embedded(folder / "two"))
        ways = [stack.enter_context(Proxy(to_socket(f"{one.sockets}/.s.PGSQL.{PORT}"))) for one in (primary, standby)]
        yield Pair(primary, standby, (ways[0], ways[1]))


def _copy(primary: Server, folder: Path, delay: str) -> None:
    """`pg_basebackup`, as the user that PostgreSQL runs as; -R makes it a stand-by of where it came from."""
    owner = (folder / "one" / "data").stat()
    two = folder / "two"
    two.mkdir(mode=0o700)
    as_user = {"user": owner.st_uid, "group": owner.st_gid, "extra_groups": []} if os.geteuid() == 0 else {}
    if as_user:
        os.chown(two, owner.st_uid, owner.st_gid)
    subprocess.run(
        [primary.programs / "pg_basebackup", "-h", primary.sockets, "-p", str(PORT), "-U", "postgres",
         "-D", two / "data", "-R", "-X", "stream", "-c", "fast", "--no-sync"],
        check=True, capture_output=True, cwd="/", **as_user,
    )  # fmt: skip
    with (two / "data" / "postgresql.auto.conf").open("a") as settings:
        settings.write(f"recovery_min_apply_delay = '{delay}'\n")
