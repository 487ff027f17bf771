"""Everything out and back in: the same content, nothing half, the guards in place afterwards (GIBIT art. 22)."""

import json
from pathlib import Path

import asyncpg
import pytest

from teams.exchange.everything import MANIFEST, content_hash, export_all, import_all
from teams.kit.faults import Stopped
from tests.places import Place, give_back, take
from tests.world import World


def quiet(_line: str) -> None:
    pass


@pytest.fixture
async def copy(place: Place, world: World, tmp_path: Path) -> Path:
    await export_all(place.url("teams_owner"), tmp_path / "alles", quiet)
    return tmp_path / "alles"


@pytest.fixture
async def empty(place: Place):
    other = await take(place.server)
    yield other
    await give_back(other)


async def test_out_and_in_gives_the_same_content(copy: Path, empty: Place, owner: asyncpg.Connection) -> None:
    wanted = json.loads((copy / MANIFEST).read_text())["inhoud"]
    assert copy.stat().st_mode & 0o777 == 0o700, "for its owner only"
    assert await import_all(empty.url("teams_owner"), copy, quiet) == wanted
    again = copy.parent / "weer"
    assert await export_all(empty.url("teams_owner"), again, quiet) == wanted
    assert sorted(p.name for p in again.iterdir()) == sorted(p.name for p in copy.iterdir())
    assert (again / "person.csv").read_bytes() == (copy / "person.csv").read_bytes()
    assert await owner.fetchval("select count(*) from person") > 3


async def test_the_guards_hold_afterwards_and_numbers_go_on(copy: Path, empty: Place) -> None:
    await import_all(empty.url("teams_owner"), copy, quiet)
    app = await asyncpg.connect(empty.url("teams_app"))
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await app.execute("delete from journal")
    await app.close()
    boss = await asyncpg.connect(empty.url("teams_owner"))
    off = await boss.fetch("select tgname from pg_trigger where tgenabled = 'D'")
    most, given = await boss.fetchrow(
        "select (select coalesce(max(number), 0) from klus), nextval(pg_get_serial_sequence('klus', 'number'))"
    )
    await boss.close()
    assert not off and given == most + 1


async def test_a_dry_run_says_the_same_and_keeps_nothing(copy: Path, empty: Place) -> None:
    wanted = json.loads((copy / MANIFEST).read_text())["inhoud"]
    assert await import_all(empty.url("teams_owner"), copy, quiet, dry_run=True) == wanted
    boss = await asyncpg.connect(empty.url("teams_owner"))
    assert await boss.fetchval("select count(*) from person") == 0
    assert not await boss.fetch("select tgname from pg_trigger where tgenabled = 'D'")
    assert not await boss.fetchval("select count(*) from pg_sequences where schemaname = 'public' and last_value > 1")
    await boss.close()


async def test_a_filled_database_is_refused(copy: Path, place: Place) -> None:
    with pytest.raises(Stopped, match="niet leeg"):
        await import_all(place.url("teams_owner"), copy, quiet)


@pytest.mark.parametrize("harm", ["edit", "drop", "inhoud", "schema", "nothing"])
async def test_a_changed_export_is_refused_and_nothing_stays(copy: Path, empty: Place, harm: str) -> None:
    if harm == "edit":
        (copy / "person.csv").write_text((copy / "person.csv").read_text().replace("a", "b", 1))
    elif harm == "drop":
        (copy / "role.csv").unlink()
    else:
        manifest = json.loads((copy / MANIFEST).read_text())
        manifest[harm] = "0"
        if harm == "nothing":
            del manifest["schema"]
        (copy / MANIFEST).write_text(json.dumps(manifest))
    with pytest.raises(Stopped):
        await import_all(empty.url("teams_owner"), copy, quiet)
    boss = await asyncpg.connect(empty.url("teams_owner"))
    assert await boss.fetchval("select count(*) from person") == 0
    await boss.close()


async def test_a_folder_with_something_in_it_is_left_alone(place: Place, tmp_path: Path) -> None:
    (tmp_path / "van-mij").touch()
    with pytest.raises(Stopped, match="niet leeg"):
        await export_all(place.url("teams_owner"), tmp_path, quiet)


async def test_the_hash_tells_one_row_from_another(
    place: Place, world: World, owner: asyncpg.Connection, tmp_path: Path
) -> None:
    before = await content_hash(owner, tmp_path)
    await owner.execute("insert into skill (name) values ('dijkbewaking')")
    assert await content_hash(owner, tmp_path) != before
