"""A newer schema while people work, and one web process after the other replaced: no request fails, nothing is lost."""

import asyncio
import io
import shutil
import subprocess
import tarfile
import time
from functools import partial
from pathlib import Path

import asyncpg
import pytest
from alembic import command
from sqlalchemy.exc import IntegrityError

from teams.auth.sessions import form_token, open_session
from teams.http.gate import COOKIE
from teams.kit.db import Database
from teams.kit.migrate import config, newest, patiently
from tests.at_work import AtWork
from tests.faults.rolling import Load, Node
from tests.faults.years import open_folder, zandermeer
from tests.places import Place
from tests.test_migrations import RELEASED, revisions, schema
from tests.world import World

ROOT = Path(__file__).parents[2]
KEEPS = "2026_11_22_klussenbank"
"""Nobody goes back over this one with claims in states that came with it."""
NEXT = """
    set lock_timeout = '1s';
    alter table klus add column later_on text;
    alter table person add column later_on int not null default 0;
    create table later_on (id uuid primary key default uuidv7());
    update alembic_version set version_num = 'later_on';
"""
BACK = f"""
    set lock_timeout = '1s';
    alter table klus drop column later_on;
    alter table person drop column later_on;
    drop table later_on;
    update alembic_version set version_num = '{newest()}';
"""


async def roll(
    place: Place, db: Database, owner: asyncpg.Connection, world: World, *, requests: int, drain: float, pause: float
) -> None:
    """A schema that this version does not know yet, each process replaced; and back, until there were enough requests."""
    async with db.begin() as session:
        mine = await open_session(session, world.accounts["aya"], device="test", old=None)
    headers = {"cookie": f"{COOKIE}={mine}", "x-csrf-token": form_token(mine), "sec-fetch-site": "same-origin"}
    nodes = [Node(place, drain), Node(place, drain)]
    await asyncio.gather(*(node.start() for node in nodes))
    load = Load(nodes, headers, world.teams["groen"], lanes=4, pause=pause)
    replaced = 0
    try:
        while not load.failed and (load.done() < requests or not replaced):
            await load.until(load.done() + 20)
            await asyncio.to_thread(patiently, partial(change, place, BACK if replaced % 4 else NEXT))
            for node in nodes:
                assert await node.stop() in (0, -15)
                await node.start()
                replaced += 1
                await load.until(load.done() + 20)
                assert not load.failed, load.failed
                assert node.served, "the new one is not asked: this test shows nothing"
        await load.until(requests)
    finally:
        await load.end()
        for node in nodes:
            await node.stop()
    print(f"{load.done()} requests, {replaced} processes replaced, answers {dict(load.answers)}")
    assert load.failed == [] and load.done() >= requests
    titles = [row[0] for row in await owner.fetch("select title from klus where title like 'Bomen tellen %'")]
    assert sorted(titles) == sorted(load.posted)


def change(place: Place, sql: str) -> None:
    async def run() -> None:
        connection = await asyncpg.connect(place.url("teams_owner"))
        try:
            async with connection.transaction():
                await connection.execute(sql)
        finally:
            await connection.close()

    asyncio.run(run())


@pytest.mark.slow
async def test_processes_and_schema_are_replaced_one_by_one_and_no_request_fails(
    place: Place, db: Database, owner: asyncpg.Connection, world: World
) -> None:
    await roll(place, db, owner, world, requests=300, drain=3, pause=0.15)


@pytest.mark.long
@pytest.mark.timeout(3000)
async def test_none_of_ten_thousand_requests_fails(
    place: Place, db: Database, owner: asyncpg.Connection, world: World
) -> None:
    await roll(place, db, owner, world, requests=10_000, drain=5, pause=0)


def version_before(folder: Path) -> Path:
    """The newest version with another schema, as git has it, with what a build adds."""
    git = ["git", "-C", str(ROOT)]
    inside = subprocess.run([*git, "rev-parse", "--is-shallow-repository"], capture_output=True, text=True, check=False)
    if inside.stdout.strip() != "false":
        pytest.skip("no history of versions here")
    changes = [*git, "log", "--format=%H", "--diff-filter=A", "-1", "--", "migrations/versions/*.py"]
    newest_step = subprocess.run(changes, capture_output=True, text=True, check=True).stdout.strip()
    packed = subprocess.run([*git, "archive", f"{newest_step}^"], capture_output=True, check=True).stdout
    with tarfile.open(fileobj=io.BytesIO(packed)) as archive:
        archive.extractall(folder, filter="data")
    for built in ("src/teams/web/static/vendor", "src/teams/locales/en/LC_MESSAGES/teams.mo"):
        if (ROOT / built).is_dir():
            shutil.copytree(ROOT / built, folder / built)
        elif (ROOT / built).exists():
            shutil.copy(ROOT / built, folder / built)
    assert not (folder / f"migrations/versions/{newest()}.py").exists(), "the same schema: this test shows nothing"
    return folder


@pytest.mark.long
@pytest.mark.timeout(1500)
async def test_the_version_before_works_beside_this_one_on_the_new_schema(
    place: Place, db: Database, owner: asyncpg.Connection, world: World, tmp_path: Path
) -> None:
    """Its own code, not ours with other settings; then it gives way to this version."""
    async with db.begin() as session:
        mine = await open_session(session, world.accounts["aya"], device="test", old=None)
    headers = {"cookie": f"{COOKIE}={mine}", "x-csrf-token": form_token(mine), "sec-fetch-site": "same-origin"}
    old, new = Node(place, 3, version_before(tmp_path)), Node(place, 3)
    await asyncio.gather(old.start(), new.start())
    load = Load([old, new], headers, world.teams["groen"], lanes=4, pause=0)
    try:
        await load.until(600)
        assert old.served > 200 and new.served > 200
        assert await old.stop() in (0, -15)
        old.source = None
        await old.start()
        await load.until(load.done() + 300)
    finally:
        await load.end()
        for node in (old, new):
            await node.stop()
    assert load.failed == [] and load.done() >= 900
    titles = [row[0] for row in await owner.fetch("select title from klus where title like 'Bomen tellen %'")]
    assert sorted(titles) == sorted(load.posted)


@pytest.mark.long
@pytest.mark.timeout(3000)
def test_the_schema_back_as_far_as_work_allows_and_forward_again_on_two_years_while_someone_works() -> None:
    with open_folder() as folder, zandermeer(folder) as server:
        back_and_forth(Place(server, "teams"))


def back_and_forth(two_years: Place) -> None:
    settings, took = config(two_years.url("teams_owner")), dict[str, float]()
    counted = "select 'person ' || count(*) from person union all select 'klus ' || count(*) from klus"
    wanted, people = schema(two_years), schema(two_years, counted)
    with AtWork(two_years.url()) as at_work:
        at_work.release.set()
        for revision in revisions():
            if revision == RELEASED:
                break
            before = schema(two_years)
            try:
                patiently(lambda: command.downgrade(settings, "-1"), [0.2] * 60)
            except IntegrityError:  # a step that would have to throw work away refuses, whole
                assert revision == KEEPS and schema(two_years) == before
                break
            begin = time.monotonic()
            patiently(partial(command.upgrade, settings, revision), [0.2] * 60)
            took[revision] = time.monotonic() - begin
            patiently(lambda: command.downgrade(settings, "-1"), [0.2] * 60)
        patiently(lambda: command.upgrade(settings, "head"), [0.2] * 60)
    assert schema(two_years) == wanted and schema(two_years, counted) == people
    acted = schema(two_years, "select facts ->> 'number' from journal where verb = 'test.acted'")
    assert sorted(map(int, acted)) == list(range(at_work.done)), "an act was lost or done twice"
    print(f"{at_work.done} acts beside it, {at_work.again} of them tried again, longest {at_work.longest:.1f} s")
    print(", ".join(f"{revision.split('_', 3)[-1]} {seconds:.1f} s" for revision, seconds in took.items()))
