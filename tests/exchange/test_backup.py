"""A backup that was read back, a restore that is proven: the drill, in a small installation."""

import asyncio
import hashlib
from pathlib import Path

import asyncpg
import pytest

from teams.demo.postgres import Server
from teams.exchange.backup import _ROLES, backup, restore
from teams.kit.faults import Stopped
from tests.places import Place
from tests.world import build_world


@pytest.fixture
async def fresh(server: Server):
    """An empty database without tables, as a DBA makes one."""
    boss = await asyncpg.connect(server.url("postgres", "postgres"))
    await boss.execute('drop database if exists "restored" with (force)')
    await boss.execute('create database "restored" owner teams_owner')
    yield Place(server, "restored")
    await boss.execute('drop database "restored" with (force)')
    await boss.close()


@pytest.fixture
async def filled(server: Server):
    """A small municipality in a database without the tests' own marks."""
    boss = await asyncpg.connect(server.url("postgres", "postgres"))
    await boss.execute('create database "filled" template teams owner teams_owner strategy file_copy')
    unmarked = await asyncpg.connect(server.url("postgres", "filled"))
    await unmarked.execute("drop event trigger watch; drop schema watch cascade")
    await unmarked.close()
    owner = await asyncpg.connect(server.url("teams_owner", "filled"))
    await build_world(owner)
    await owner.close()
    yield Place(server, "filled")
    await boss.execute('drop database "filled" with (force)')
    await boss.close()


async def test_what_was_there_is_there_again_and_still_guarded(filled: Place, fresh: Place, tmp_path: Path) -> None:
    owner = await asyncpg.connect(filled.url("teams_owner"))
    people = await owner.fetchval("select count(*) from person")
    file = tmp_path / "teams.dump"
    digest = await asyncio.to_thread(backup, filled.url("teams_owner"), file)
    assert len(digest) == 64 and not list(tmp_path.glob("*.deel"))
    assert file.stat().st_mode & 0o777 == 0o600, "for its owner only"
    checked = await asyncio.to_thread(restore, fresh.url("teams_owner"), file)
    assert checked.leaves == await owner.fetchval("select count(*) from leaf")
    await owner.close()
    app = await asyncpg.connect(fresh.url("teams_app"))
    try:
        assert await app.fetchval("select count(*) from person") == people
        for table in ("journal", "leaf"):
            for act in (f"delete from {table}", f"update {table} set {'verb' if table == 'journal' else 'seq'} = null"):
                with pytest.raises(asyncpg.InsufficientPrivilegeError):
                    await app.execute(act)
    finally:
        await app.close()


async def test_a_damaged_backup_changes_nothing(
    filled: Place, fresh: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One bit anywhere, also where pg_restore reads over it; cut short; another file; a version that is not known."""
    file, harmed = tmp_path / "teams.dump", tmp_path / "ander.dump"
    digest = await asyncio.to_thread(backup, filled.url("teams_owner"), file)
    whole = file.read_bytes()
    assert digest == hashlib.sha256(whole).hexdigest()
    spots = [0, *(len(whole) * part // 9 for part in range(1, 9)), len(whole) - 50, len(whole) - 1]
    flipped = [whole[:spot] + bytes([whole[spot] ^ 4]) + whole[spot + 1 :] for spot in spots]
    for bad in (*flipped, whole[:-1], whole[:-60], whole[: len(whole) // 2], whole + b"x", b"zomaar", b""):
        harmed.write_bytes(bad)
        with pytest.raises(Stopped, match=r"er is niets veranderd|Er is niets bewaard"):
            await asyncio.to_thread(restore, fresh.url("teams_owner"), harmed)
    monkeypatch.setattr("teams.exchange.backup.newest", lambda: "vroeger")
    monkeypatch.setattr("teams.exchange.backup.older", frozenset)
    with pytest.raises(Stopped, match="nieuwere versie van Teams"):
        await asyncio.to_thread(restore, fresh.url("teams_owner"), file)
    boss = await asyncpg.connect(fresh.url("teams_owner"))
    assert await boss.fetchval("select count(*) from pg_class where relnamespace = 'public'::regnamespace") == 0
    await boss.close()


async def test_never_over_something(place: Place, tmp_path: Path) -> None:
    file = tmp_path / "teams.dump"
    file.touch()
    with pytest.raises(Stopped, match="bestaat al"):
        await asyncio.to_thread(backup, place.url("teams_owner"), file)
    with pytest.raises(Stopped, match="niet leeg"):
        await asyncio.to_thread(restore, place.url("teams_owner"), file)
    with pytest.raises(Stopped, match="is er niet"):
        await asyncio.to_thread(restore, place.url("teams_owner"), tmp_path / "nergens")


async def test_a_server_without_our_roles_is_named_before_anything_changes(
    fresh: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("teams.exchange.backup._ROLES", "select 'teams_signer, teams_auditor'")
    (tmp_path / "teams.dump").write_bytes(b"zomaar wat")
    with pytest.raises(Stopped, match=r"kent teams_signer, teams_auditor niet. Voer eerst roles.sql uit"):
        await asyncio.to_thread(restore, fresh.url("teams_owner"), tmp_path / "teams.dump")


async def test_the_roles_that_are_missing_are_found(owner: asyncpg.Connection) -> None:
    assert await owner.fetchval(_ROLES) is None
    assert await owner.fetchval(_ROLES.replace("teams_signer", "teams_vreemde")) == "teams_vreemde"
