"""`teams check`: whether settings, database, privileges and clock are as they must be, and how to mend what is not."""

import asyncio
import os
from datetime import UTC, datetime

import asyncpg
from dotenv import dotenv_values

from teams.jobs.connections import connections
from teams.jobs.finding import Finding
from teams.jobs.leans import leans
from teams.kit.db import connect
from teams.kit.faults import variable, why
from teams.kit.migrate import newest
from teams.kit.settings import Settings

EXTENSIONS = ("pg_trgm", "btree_gist", "unaccent")
DURABLE = ("fsync", "synchronous_commit", "full_page_writes")
LEAST_VERSION = 18
CLOCK_SECONDS = 2.0
_UNSAFE = frozenset({"off", "local"})
_DOORS = {
    "database_url": "teams_app",
    "worker_database_url": "teams_worker",
    "owner_database_url": "teams_owner",
    "signer_database_url": "teams_signer",
    "auditor_database_url": "teams_auditor",
    "direct_database_url": "",
    "read_database_url": "",
}
_MAY_BE = """
    select coalesce(bool_or(not u.rolsuper and pg_has_role(u.oid, r.oid, 'usage')), false)
    from pg_roles u, pg_roles r where u.rolname = current_user and r.rolname = $1
"""
_ROLE = """
    select r.rolname, r.rolsuper or r.rolcreaterole or r.rolcreatedb or r.rolbypassrls as mighty,
        pg_has_role(r.oid, o.relowner, 'member') as owner,
        has_table_privilege('journal', 'update') or has_table_privilege('journal', 'delete')
            or has_table_privilege('journal', 'truncate') as rewrites,
        has_column_privilege('journal', 'at', 'insert') as sets_time,
        has_column_privilege('journal', 'verb', 'insert') and has_table_privilege('klus', 'select') as works,
        pg_has_role(r.oid, 'teams_app', 'usage') as web
    from pg_roles r, pg_class o where r.rolname = current_user and o.oid = 'journal'::regclass
"""


async def check(settings: Settings) -> list[Finding]:
    """Everything that was looked at, in order; the database's own things through the app's door."""
    found = [unknown_settings(), *await asyncio.to_thread(connections, settings), *await leans(settings)]
    for name, role in _DOORS.items():
        url = getattr(settings, name)
        if url is None:
            continue
        try:
            connection = await connect(url, command_timeout=10)
        except (OSError, ValueError, asyncpg.PostgresError, asyncpg.InterfaceError, TimeoutError) as error:
            found.append(Finding(f"{variable(name)}: de database is niet te bereiken", why(error)))
            continue
        try:
            found.append(await _who(connection, name, role))
            if name == "database_url":
                found += await _server(connection)
                found += await _schema(connection)
        finally:
            await connection.close()
    return found


def unknown_settings() -> Finding:
    """A misspelt setting would silently do nothing, nor would a file that is not there."""
    known = {variable(name) for name in Settings.model_fields} | {"TEAMS_SETTINGS"}
    named = os.environ.get("TEAMS_SETTINGS")
    if named and not os.access(named, os.R_OK):
        return Finding(
            f"TEAMS_SETTINGS: het bestand {named} is er niet of is niet te lezen", "Verbeter pad of rechten."
        )
    given = {*os.environ, *(dotenv_values(named) if named else ())}
    strange = sorted(name for name in given if name.upper().startswith("TEAMS_") and name.upper() not in known)
    if strange:
        return Finding(f"onbekende instelling: {', '.join(strange)}", f"Bekend zijn: {', '.join(sorted(known))}.")
    return Finding("instellingen zijn te lezen")


async def _who(connection: asyncpg.Connection, name: str, role: str) -> Finding:
    user = await connection.fetchval("select current_user::text")
    if role and name != "database_url" and not await connection.fetchval(_MAY_BE, role):
        return Finding(
            f"{variable(name)} komt binnen als {user}", f"Gebruik de rol {role}: elk proces heeft een eigen rol."
        )
    return Finding(f"{variable(name)}: verbonden als {user}")


async def _server(connection: asyncpg.Connection) -> list[Finding]:
    found = []
    version = connection.get_server_version().major
    found.append(
        Finding(
            f"PostgreSQL {version}",
            "" if version >= LEAST_VERSION else f"Teams heeft PostgreSQL {LEAST_VERSION} of nieuwer nodig.",
        )
    )
    before = datetime.now(UTC)
    theirs = await connection.fetchval("select clock_timestamp()")
    ours = before + (datetime.now(UTC) - before) / 2
    apart = abs((theirs - ours).total_seconds())
    mend = "" if apart <= CLOCK_SECONDS else "Laat beide machines hun klok gelijkzetten met NTP (chrony of timesyncd)."
    found.append(Finding(f"klok: {apart:.1f} s verschil met de database", mend))
    off = [name for name in DURABLE if await connection.fetchval(f"show {name}") in _UNSAFE]
    found.append(
        Finding(
            f"{' en '.join(off)}: uit", "Zet aan in postgresql.conf: zonder gaan bij stroomuitval besluiten verloren."
        )
        if off
        else Finding("wat is vastgelegd, overleeft stroomuitval (fsync, synchronous_commit, full_page_writes)")
    )
    return found


async def _schema(connection: asyncpg.Connection) -> list[Finding]:
    there = {row[0] for row in await connection.fetch("select extname from pg_extension")}
    missing = [name for name in EXTENSIONS if name not in there]
    found = [
        Finding(
            f"uitbreidingen ontbreken: {', '.join(missing)}",
            "Installeer de contrib-modules van PostgreSQL; daarna: teams migrate.",
        )
        if missing
        else Finding(f"uitbreidingen {', '.join(EXTENSIONS)}")
    ]
    wanted = await asyncio.to_thread(newest)
    try:
        revision = await connection.fetchval("select version_num from alembic_version")
    except (asyncpg.UndefinedTableError, asyncpg.InsufficientPrivilegeError) as error:
        return [*found, Finding("het schema is niet te lezen", why(error))]
    if revision != wanted:
        return [*found, Finding(f"het schema is {revision}, dit programma wil {wanted}", "Geef: teams migrate.")]
    return [*found, Finding(f"schema {revision}"), *_privileges(await connection.fetchrow(_ROLE))]


def _privileges(role: asyncpg.Record) -> list[Finding]:
    name, instead = role["rolname"], "Laat TEAMS_DATABASE_URL de rol teams_app gebruiken."
    if role["mighty"] or role["owner"]:
        return [Finding(f"{name} is superuser, beheerder of eigenaar van de tabellen", instead)]
    if role["rewrites"] or role["sets_time"]:
        mend = f"Geef als eigenaar: revoke all on journal from {name}; daarna: teams migrate op een schone database, of herstel de rechten."
        return [Finding(f"{name} kan het journaal herschrijven", mend)]
    if not role["web"]:
        return [Finding(f"{name} is niet de rol van het web", instead)]
    if not role["works"]:
        return [Finding(f"{name} mag de tabellen niet gebruiken", instead)]
    return [Finding(f"{name} is geen eigenaar en kan het journaal alleen aanvullen")]
