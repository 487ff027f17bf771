"""Migrations: one line without forks, each forward and back and forward again to the same schema, none that waits long."""

import asyncio
import re
import subprocess
import sysconfig
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import asyncpg
import pytest
from alembic import command
from alembic.script import ScriptDirectory

from teams.demo.postgres import Server
from teams.kit.db import _SETTINGS
from teams.kit.faults import Stopped
from teams.kit.migrate import config, folder, newest, older, patiently
from tests.at_work import AtWork
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

_PROMISED = """
    select 'column ' || c.relname || '.' || a.attname || ' ' || format_type(a.atttypid, a.atttypmod)
    from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
    where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'v')
    union all select 'function ' || p.oid::regprocedure || ' ' || pg_get_function_result(p.oid) from pg_proc p
    where p.pronamespace = 'public'::regnamespace and p.proowner = 'teams_owner'::regrole and p.prorettype <> 'trigger'::regtype
    union all select concat_ws(' ', 'grant', r.rolname, what, c.relname, a.attname)
    from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped,
        pg_roles r, unnest(array['select', 'insert', 'update']) what
    where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'v') and r.rolname in ('teams_app', 'teams_worker')
        and has_column_privilege(r.oid, c.oid, a.attnum, what)
"""
_NEEDED = """
    select c.relname || '.' || a.attname
    from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
    where c.relnamespace = 'public'::regnamespace and c.relkind = 'r' and a.attnotnull and not a.atthasdef and a.attidentity = ''
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


def schema(place: Place, query: str = _SCHEMA) -> list[str]:
    async def read() -> list[str]:
        connection = await asyncpg.connect(place.url("teams_owner"))
        found = [row[0] for row in await connection.fetch(query)]
        await connection.close()
        return found

    return asyncio.run(read())


def test_one_line_without_forks() -> None:
    scripts = ScriptDirectory(str(folder("migrations")))
    assert scripts.get_heads() == [newest()] and len(older()) == len(revisions()) - 1


def held_back(place: Place, before: tuple[list[str], list[str]]) -> list[str]:
    """What a program of the schema `before` misses on this one: what it reads, calls or may do, and what it would have
    to fill in without knowing it."""
    known = {line.split()[1].split(".")[0] for line in before[0] if line.startswith("column ")}
    new = [f"needs {one}" for one in set(schema(place, _NEEDED)) - set(before[1]) if one.split(".")[0] in known]
    return sorted(set(before[0]) - set(schema(place, _PROMISED))) + new


def promises(place: Place) -> tuple[list[str], list[str]]:
    return schema(place, _PROMISED), schema(place, _NEEDED)


@pytest.mark.slow
def test_back_to_what_was_released_and_forward_again_is_the_same_schema_while_someone_works(
    steps: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The version before goes on with the new schema; what stands in the way for longer than the lock's term is waited for."""
    wanted, settings = schema(steps), config(steps.url("teams_owner"))
    with AtWork(steps.url()) as at_work:
        monkeypatch.setattr("teams.kit.migrate.time.sleep", lambda seconds: at_work.release.set())
        patiently(lambda: command.downgrade(settings, RELEASED), [0.1] * 50)
        assert at_work.release.is_set(), "nobody stood in the way: this test shows nothing"
        before, done = promises(steps), at_work.done
        patiently(lambda: command.upgrade(settings, "head"), [0.1] * 50)
        until_more(at_work, done)
    found = schema(steps)
    assert sorted(set(wanted) - set(found)) == [] and sorted(set(found) - set(wanted)) == []
    assert held_back(steps, before) == []
    acted = schema(steps, "select facts ->> 'number' from journal where verb = 'test.acted'")
    assert sorted(map(int, acted)) == list(range(at_work.done)), "an act was lost or done twice"


def until_more(at_work: AtWork, done: int) -> None:
    deadline = time.monotonic() + 60
    while at_work.done <= done and not at_work.broken and time.monotonic() < deadline:
        threading.Event().wait(0.02)
    assert at_work.done > done, at_work.broken


def test_a_schema_that_gets_no_lock_says_so_and_other_faults_are_not_repeated() -> None:
    tried = []

    def busy() -> None:
        tried.append("busy")
        raise asyncpg.LockNotAvailableError

    def wrong() -> None:
        tried.append("wrong")
        raise asyncpg.UndefinedColumnError

    with pytest.raises(Stopped, match="teams migrate"):
        patiently(busy, [0, 0])
    with pytest.raises(asyncpg.UndefinedColumnError):
        patiently(wrong, [0, 0])
    assert tried == ["busy"] * 3 + ["wrong"]


@pytest.mark.slow
def test_each_step_back_and_forward_is_the_same_schema(steps: Place) -> None:
    settings = config(steps.url("teams_owner"))
    for revision in revisions():
        if revision == RELEASED:
            break
        wanted = schema(steps)
        command.downgrade(settings, "-1")
        below, before = schema(steps), promises(steps)
        command.upgrade(settings, revision)
        assert schema(steps) == wanted, revision
        assert held_back(steps, before) == [], revision
        command.downgrade(settings, "-1")
        assert schema(steps) == below, revision


def test_every_migration_gives_up_before_those_who_wait_behind_it_do() -> None:
    """Whoever asks for the same table waits with it; the app gives up after its own `lock_timeout`."""
    later = revisions()[: revisions().index(RELEASED)]
    for path in (Path(folder("migrations"), "script.py.mako"), *Path(folder("migrations"), "versions").glob("*.py")):
        term = re.search(r"set local lock_timeout = '(\d+)s'", path.read_text(encoding="utf-8"))
        assert term, path.name
        if path.stem in later or path.suffix == ".mako":
            assert int(term[1]) * 1000 < int(_SETTINGS["lock_timeout"]), path.name


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
