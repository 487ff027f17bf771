"""All that is recorded, as open files, and back into an empty installation with the same content (GIBIT art. 22)."""

import contextlib
import hashlib
import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import asyncpg

from teams.kit.db import plain_url
from teams.kit.faults import Stopped

FORMAT = 1
MANIFEST = "inhoud.json"
LEFT_OUT = frozenset({"alembic_version", "session", "login_step", "passkey_question", "throttle", "form_key"})
"""What holds for an hour: who is logged in or half so, counts of tries, keys of forms."""

_TABLES = """
    select c.relname as name,
        (select array_agg(a.attname::text order by a.attnum) from pg_attribute a
            where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = '') as columns,
        (select array_agg(distinct f.relname::text) from pg_constraint k join pg_class f on f.oid = k.confrelid
            where k.conrelid = c.oid and k.contype = 'f' and f.oid <> c.oid) as needs
    from pg_class c where c.relnamespace = 'public'::regnamespace and c.relkind = 'r' order by c.relname
"""
_SEQUENCES = """
    select a.attname as column, c.relname as name, pg_get_serial_sequence(quote_ident(c.relname), a.attname) as sequence
    from pg_attribute a join pg_class c on c.oid = a.attrelid
    where c.relnamespace = 'public'::regnamespace and c.relkind = 'r' and a.attidentity <> ''
"""
_README = """Alles wat Teams heeft vastgelegd: één CSV-bestand per tabel (UTF-8, komma, kopregel, lege cel = geen waarde,
"" = lege tekst, tijden in UTC, bytes als \\x…). inhoud.json noemt elke tabel met het aantal rijen, de kolommen en de
SHA-256 van het bestand; `inhoud` is de SHA-256 over die lijst. Niet erin: wie nu is ingelogd en tellers van pogingen.
Terug: `teams import alles MAP` in een installatie die alleen `teams migrate` heeft gehad.
"""

Say = Callable[[str], None]


async def export_all(owner_url: str, folder: Path, say: Say) -> str:
    """Write every table as it was at one moment; returns the hash of the content. The folder must be new or empty."""
    _make(folder)
    connection = await _connect(owner_url)
    try:
        async with connection.transaction(isolation="repeatable_read", readonly=True):
            revision = await connection.fetchval("select version_num from alembic_version")
            tables: dict[str, Any] = {}
            for table in await _tables(connection):
                path = folder / f"{table['name']}.csv"
                rows = await _write(connection, table, path)
                tables[table["name"]] = {"rijen": rows, "kolommen": table["columns"], "sha256": _digest(path)}
                say(f"{table['name']}: {rows} rijen")
    finally:
        await connection.close()
    content = _content(tables)
    manifest = {"formaat": FORMAT, "schema": revision, "gemaakt": f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}",
                "inhoud": content, "tabellen": tables}  # fmt: skip
    (folder / MANIFEST).write_text(json.dumps(manifest, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    (folder / "LEESMIJ.txt").write_text(_README, encoding="utf-8")
    return content


class _Undone(Exception):
    """All of it went well, and none of it was meant to stay."""


async def import_all(owner_url: str, folder: Path, say: Say, *, dry_run: bool = False) -> str:
    """Read an export into an empty installation of the same schema: all or nothing. Returns the hash of what now stands there.

    `dry_run`: the same, and then none of it is kept.
    """
    manifest = _manifest(folder)
    connection = await _connect(owner_url)
    try:
        with contextlib.suppress(_Undone):
            async with connection.transaction():
                tables = await _fit(connection, manifest)
                for table in tables:  # guards of single acts; what comes in has passed them
                    await connection.execute(f'alter table "{table["name"]}" disable trigger user')
                ordered = _in_order(tables)
                for table in reversed(ordered):  # the few rows that a migration put in
                    await connection.execute(f'delete from "{table["name"]}"')
                for table in ordered:
                    path = folder / f"{table['name']}.csv"
                    await connection.copy_to_table(
                        table["name"], source=path, columns=table["columns"], format="csv", header=True
                    )
                    say(f"{table['name']}: {manifest['tabellen'][table['name']]['rijen']} rijen")
                for table in tables:
                    await connection.execute(f'alter table "{table["name"]}" enable trigger user')
                content = await content_hash(connection, folder)
                if content != manifest["inhoud"]:
                    raise Stopped("Wat is ingelezen is niet gelijk aan de export. Er is niets bewaard.")
                if dry_run:
                    raise _Undone
                # Last: what a sequence gave is not taken back with a transaction.
                for row in await connection.fetch(_SEQUENCES):
                    await connection.execute(
                        f'select setval($1, coalesce((select max("{row["column"]}") from "{row["name"]}"), 1),'
                        f' exists (select from "{row["name"]}"))',
                        row["sequence"],
                    )
    finally:
        await connection.close()
    return content


async def content_hash(connection: asyncpg.Connection, folder: Path) -> str:
    """The hash of what stands in the database now; writes each table for a moment in `folder`."""
    tables, path = {}, folder / ".controle.csv"
    try:
        for table in await _tables(connection):
            rows = await _write(connection, table, path)
            tables[table["name"]] = {"rijen": rows, "kolommen": table["columns"], "sha256": _digest(path)}
    finally:
        path.unlink(missing_ok=True)
    return _content(tables)


def _make(folder: Path) -> None:
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise Stopped(f"De map {folder} is niet leeg. Kies een nieuwe map.")
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)


async def _connect(url: str) -> asyncpg.Connection:
    settings = {"TimeZone": "UTC", "DateStyle": "ISO", "IntervalStyle": "iso_8601", "bytea_output": "hex",
                "extra_float_digits": "1", "application_name": "teams"}  # fmt: skip
    return await asyncpg.connect(plain_url(url), server_settings=settings)


async def _tables(connection: asyncpg.Connection) -> list[asyncpg.Record]:
    return [row for row in await connection.fetch(_TABLES) if row["name"] not in LEFT_OUT]


async def _write(connection: asyncpg.Connection, table: asyncpg.Record, path: Path) -> int:
    columns = ", ".join(f'"{column}"' for column in table["columns"])
    # Every row by its own text: the same order in every installation, whatever its keys.
    query = f'select {columns} from "{table["name"]}" t order by t::text collate "C"'
    done = await connection.copy_from_query(query, output=path, format="csv", header=True)
    return int(done.split()[-1])


def _in_order(tables: list[asyncpg.Record]) -> list[asyncpg.Record]:
    """What others point to comes first."""
    left, found = {table["name"]: table for table in tables}, []
    while left:
        ready = [name for name, table in left.items() if left.keys().isdisjoint(table["needs"] or ())]
        if not ready:
            raise AssertionError(f"tables that point to each other: {sorted(left)}")
        found += [left.pop(name) for name in ready]
    return found


async def _fit(connection: asyncpg.Connection, manifest: dict[str, Any]) -> list[asyncpg.Record]:
    """The tables to fill, when schema and emptiness are as they must be."""
    revision = await connection.fetchval("select version_num from alembic_version")
    if revision != manifest["schema"]:
        raise Stopped(
            f"De export is van schema {manifest['schema']}, deze database van {revision}. Gebruik dezelfde versie van Teams."
        )
    if await connection.fetchval("select exists (select from person) or exists (select from journal)"):
        raise Stopped("Deze database is niet leeg. Alles inlezen kan alleen na teams migrate in een nieuwe database.")
    tables = await _tables(connection)
    if {table["name"] for table in tables} != manifest["tabellen"].keys():
        raise Stopped("De export noemt andere tabellen dan deze versie van Teams. Gebruik dezelfde versie.")
    return tables


def _manifest(folder: Path) -> dict[str, Any]:
    try:
        manifest: dict[str, Any] = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        tables = manifest["tabellen"]
        if manifest["formaat"] != FORMAT or not manifest["schema"] or manifest["inhoud"] != _content(tables):
            raise ValueError
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        raise Stopped(f"In {folder} staat geen export van Teams: {MANIFEST} ontbreekt of is veranderd.") from None
    for name, table in tables.items():
        path = folder / f"{name}.csv"
        if not path.is_file() or _digest(path) != table["sha256"]:
            raise Stopped(f"Het bestand {path.name} ontbreekt of is veranderd. Er is niets ingelezen.")
    return manifest


def _content(tables: dict[str, Any]) -> str:
    listed = {name: [table["rijen"], table["kolommen"], table["sha256"]] for name, table in tables.items()}
    return hashlib.sha256(json.dumps(listed, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
