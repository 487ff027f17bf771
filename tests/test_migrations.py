"""Migrations: one line without forks, each forward and back and forward again to the same schema, none that waits long."""

import asyncio
import subprocess
import sysconfig
from collections.abc import Iterator
from pathlib import Path

import asyncpg
import pytest
from alembic import command
from alembic.script import ScriptDirectory

from teams.demo.postgres import Server
from teams.kit.migrate import config, folder, newest, older
from tests.places import Place
from tests.world import build_world

RELEASED = "2026_11_22_governance"
"""The newest schema that an installation may already have."""
_SCHEMA = """
    select 'column ' || c.relname || '.' || a.attname || ' ' || format_type(a.atttypid, a.atttypmod) || ' ' || a.attnotnull
        || ' ' || coalesce(pg_get_expr(d.adbin, d.adrelid), '')
    from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
        left join pg_attrdef d on d.adrelid = c.oid and d.adnum = a.attnum
    where c.relnamespace = 'public'::regnamespace and c.relkind = 'r'
    union all select 'constraint ' || conrelid::regclass || ' ' || conname || ' ' || pg_get_constraintdef(oid)
    from pg_constraint where connamespace = 'public'::regnamespace and contype <> 'n'
    union all select 'index ' || pg_get_indexdef(i.indexrelid) from pg_index i join pg_class c on c.oid = i.indrelid
    where c.relnamespace = 'public'::regnamespace
    union all select 'trigger ' || pg_get_triggerdef(t.oid) from pg_trigger t where not t.tgisinternal
    union all select 'function ' || p.oid::regprocedure || md5(p.prosrc) from pg_proc p
    where p.pronamespace = 'public'::regnamespace and p.proowner = 'teams_owner'::regrole
    union all select 'grant ' || c.relname || ' ' || coalesce(c.relacl::text, '') from pg_class c
    where c.relnamespace = 'public'::regnamespace and c.relkind = 'r'
    order by 1
"""


def revisions() -> list[str]:
    """Newest first."""
    return [one.revision for one in ScriptDirectory(str(folder("migrations"))).walk_revisions()]


@pytest.fixture
def steps(server: Server) -> Iterator[Place]:
    """A small municipality in a database of its own, without the tests' own marks."""

    async def make() -> None:
        boss = await asyncpg.connect(server.url("postgres", "postgres"))
        await boss.execute('create database "steps" template teams owner teams_owner strategy file_copy')
        await boss.close()
        marked = await asyncpg.connect(server.url("postgres", "steps"))
        await marked.execute("drop event trigger watch; drop schema watch cascade")
        await marked.close()
        owner = await asyncpg.connect(server.url("teams_owner", "steps"))
        await build_world(owner)
        await owner.close()

    async def drop() -> None:
        boss = await asyncpg.connect(server.url("postgres", "postgres"))
        await boss.execute('drop database "steps" with (force)')
        await boss.close()

    asyncio.run(make())
    yield Place(server, "steps")
    asyncio.run(drop())


def schema(place: Place) -> list[str]:
    async def read() -> list[str]:
        connection = await asyncpg.connect(place.url("teams_owner"))
        found = [row[0] for row in await connection.fetch(_SCHEMA)]
        await connection.close()
        return found

    return asyncio.run(read())


def test_one_line_without_forks() -> None:
    scripts = ScriptDirectory(str(folder("migrations")))
    assert scripts.get_heads() == [newest()] and len(older()) == len(revisions()) - 1


def test_back_to_what_was_released_and_forward_again_is_the_same_schema(steps: Place) -> None:
    wanted, settings = schema(steps), config(steps.url("teams_owner"))
    command.downgrade(settings, RELEASED)
    command.upgrade(settings, "head")
    found = schema(steps)
    assert sorted(set(wanted) - set(found)) == [] and sorted(set(found) - set(wanted)) == []


@pytest.mark.slow
def test_each_step_back_and_forward_is_the_same_schema(steps: Place) -> None:
    settings = config(steps.url("teams_owner"))
    for revision in revisions():
        if revision == RELEASED:
            break
        wanted = schema(steps)
        command.downgrade(settings, "-1")
        below = schema(steps)
        command.upgrade(settings, revision)
        assert schema(steps) == wanted, revision
        command.downgrade(settings, "-1")
        assert schema(steps) == below, revision


def test_every_migration_gives_up_rather_than_waits() -> None:
    for path in Path(folder("migrations"), "versions").glob("*.py"):
        assert "lock_timeout" in path.read_text(encoding="utf-8"), path.name


def test_the_sql_is_as_squawk_wants_it() -> None:
    """Left out: rules for statements outside a transaction, and choices of type that are made on purpose."""
    squawk = Path(sysconfig.get_path("scripts")) / "squawk"
    passed_over = (
        "prefer-robust-stmts", "require-concurrent-index-creation", "require-concurrent-index-deletion",
        "prefer-bigint-over-int", "prefer-bigint-over-smallint", "require-statement-timeout", "require-lock-timeout",
        "constraint-missing-not-valid", "adding-foreign-key-constraint", "ban-drop-constraint", "ban-drop-not-null",
    )  # fmt: skip
    files = sorted(Path(folder("migrations"), "versions").glob("*.sql"))
    done = subprocess.run(
        [squawk, "--pg-version=18.0", "--assume-in-transaction", f"--exclude={','.join(passed_over)}", *files],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-3000:]
