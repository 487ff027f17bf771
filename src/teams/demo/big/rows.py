"""Copies of rows by one statement a table: which column becomes another one's, and how ids follow from those they copy."""

from collections.abc import Awaitable, Callable

import asyncpg

from teams.demo.postgres import Server
from teams.kit.db import plain_url

# Copy 0 is the row itself. Ids follow the moment at which something was made, as those of `uuidv7()` do (RFC 9562, 6.2): what was
# entered together lies together. `big_id` makes copy n 0.36 days (or `older` ms) older than copy n - 1 and keeps their order
# within it; `big_at` makes one of another moment, in the order of n where moments are equal.
FUNCTIONS = """
    create function big_ms(ms bigint) returns text language sql immutable strict parallel safe return lpad(to_hex(ms), 12, '0');
    create function big_id(x uuid, n bigint, older bigint default 31104000) returns uuid language sql immutable strict parallel safe return
        case when n = 0 then x else (big_ms((extract(epoch from uuid_extract_timestamp(x)) * 1000)::bigint - n * older)
            || substr(x::text, 15, 4) || '9' || substr(md5(n || x::text), 1, 3) || substr(md5(n || x::text), 4, 12))::uuid end;
    create function big_at(at timestamptz, kind text, n bigint) returns uuid language sql immutable strict parallel safe return
        (big_ms((extract(epoch from at) * 1000)::bigint) || '7' || left(lpad(to_hex(n), 9, '0'), 3) || '8'
            || right(lpad(to_hex(n), 9, '0'), 6) || substr(md5(n || kind), 1, 9))::uuid;
    create function big_facts(facts jsonb, c bigint, p bigint) returns jsonb language sql immutable parallel safe return (
        select coalesce(jsonb_object_agg(f.key, case
            when f.key = 'person' then to_jsonb(big_id((f.value #>> '{}')::uuid, p))
            when f.key in ('role', 'team', 'policy') then to_jsonb(big_id((f.value #>> '{}')::uuid, c)) else f.value end), '{}')
        from jsonb_each(facts) f);
"""
_COLUMNS = """
    select attname from pg_attribute where attrelid = $1::regclass and attnum > 0 and not attisdropped
        and attgenerated = '' and attidentity = '' order by attnum
"""
_INDEXES = """
    select i.indexrelid::regclass::text as name, pg_get_indexdef(i.indexrelid) as definition from pg_index i
    where i.indrelid = any($1::text[]::regclass[]) and i.indexrelid::regclass::text <> $2 and not exists (select from pg_constraint c where c.conindid = i.indexrelid)
"""
_LONG = 3600


async def open_filler(server: Server, name: str) -> asyncpg.Connection:
    """As superuser without triggers: the rows are known to be right, and millions are too many to check."""
    connection = await asyncpg.connect(plain_url(server.url(database=name)))
    await connection.execute(
        "set session_replication_role = replica; set synchronous_commit = off; set work_mem = '256MB';"
        " set maintenance_work_mem = '1GB'; set max_parallel_maintenance_workers = 0; set jit = off"
    )
    return connection


async def copy(
    connection: asyncpg.Connection, table: str, copies: str, /, where: str = "true", **expressions: str
) -> None:
    """Every row of `table` once for each of `copies` (as `m`); a column without an expression stays as it is in `b`.

    In an expression `own`, `place` and `who` before a column name stand for its id in that copy.
    """
    columns = [row["attname"] for row in await connection.fetch(_COLUMNS, table)]
    if unknown := set(expressions) - set(columns):
        raise ValueError(f"{table} has no {', '.join(sorted(unknown))}")
    values = [_expression(column, expressions.get(column, f"b.{column}")) for column in columns]
    names = ", ".join(f'"{column}"' for column in columns)
    await run(
        connection,
        f"insert into {table} ({names}) select {', '.join(values)} from {copies} cross join {table} b where {where}",
    )


def _expression(column: str, given: str) -> str:
    places = {"own": "m.n", "place": "m.c", "who": "m.p"}
    return f"big_id(b.{column}, {places[given]})" if given in places else given


async def run(connection: asyncpg.Connection, statement: str, *given: object) -> None:
    await connection.execute(statement, *given, timeout=_LONG)


async def without_indexes(connection: asyncpg.Connection, *tables: str, but: str = "") -> Callable[[], Awaitable[None]]:
    """Drops what no constraint rests on, all `but` one; call what comes back to make it again."""
    indexes = await connection.fetch(_INDEXES, list(tables), but)
    for index in indexes:
        await connection.execute(f"drop index {index['name']}")

    async def again() -> None:
        for index in indexes:
            await run(connection, index["definition"])

    return again


async def in_order_of_time(connection: asyncpg.Connection) -> None:
    """The journal lies as it would have been written: structure, work and decisions in turn."""
    for table in ("journal", "journal_subject"):
        await run(connection, f"cluster {table} using {table}_pkey")


async def finish(connection: asyncpg.Connection) -> None:
    for table in ("big_team", "big_person", "big_klus", "big_decision"):
        await connection.execute(f"drop table if exists {table}")
    await connection.execute("drop function big_id, big_at, big_ms, big_facts")
    await run(connection, "vacuum (analyze)")
