"""My sessions: seen, ended one by one or all the others, each in the journal (standards 2.2; ASVS 7.4.2, 7.5.2)."""

import re
from typing import Any

import pytest

from teams.auth.actions import disable_account
from teams.auth.sessions import open_session, visitor_by_session
from teams.kit.db import Database
from teams.web.sessies import device_of
from tests.web.conftest import app, visit  # noqa: F401 - fixtures
from tests.world import World

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"


async def elsewhere(db: Database, world: World, name: str, device: str = FIREFOX) -> str:
    async with db.begin() as session:
        return await open_session(session, world.accounts[name], device=device, old=None)


async def lives(db: Database, session_id: str) -> bool:
    async with db.read() as session:
        return await visitor_by_session(session, session_id) is not None


async def test_i_see_my_sessions_and_end_one(visit: Any, db: Database, owner: Any, world: World) -> None:  # noqa: F811
    aya, other, cato = await visit("aya"), await elsewhere(db, world, "aya"), await elsewhere(db, world, "cato")
    page = (await aya.get("/profiel/sessies")).text
    assert "Firefox op Linux" in page
    (handle,) = re.findall(r"/profiel/sessies/([0-9a-f-]{36})/einde", page)
    assert (await aya.send_form(f"/profiel/sessies/{handle}/einde")).status_code == 303
    assert not await lives(db, other) and await lives(db, aya.session_id) and await lives(db, cato)
    assert (await aya.send_form(f"/profiel/sessies/{handle}/einde")).status_code == 404, "twice is told, not done"
    assert await owner.fetchval("select count(*) from journal where verb = 'session.ended'") == 1


async def test_the_session_of_another_does_not_exist(visit: Any, db: Database, owner: Any, world: World) -> None:  # noqa: F811
    aya, cato = await visit("aya"), await elsewhere(db, world, "cato")
    handle = await owner.fetchval("select handle from session where account_id = $1", world.accounts["cato"])
    assert (await aya.send_form(f"/profiel/sessies/{handle}/einde")).status_code == 404
    assert await lives(db, cato)


async def test_all_others_end_at_once(visit: Any, db: Database, owner: Any, world: World) -> None:  # noqa: F811
    aya, others, cato = await visit("aya"), [await elsewhere(db, world, "aya") for _ in range(3)], await elsewhere(db, world, "cato")  # fmt: skip
    assert (await aya.send_form("/profiel/sessies/andere")).status_code == 303
    assert [await lives(db, one) for one in (*others, aya.session_id, cato)] == [False] * 3 + [True] * 2
    assert await owner.fetchval("select count(*) from journal where verb = 'session.others_ended'") == 1


async def test_a_closed_account_is_out_everywhere_in_the_same_transaction(
    db: Database, owner: Any, world: World
) -> None:
    mine = [await elsewhere(db, world, "aya") for _ in range(2)]
    account = world.accounts["aya"]
    await owner.execute("insert into identity (account_id, issuer, subject) values ($1, 'https://i', 's')", account)
    await owner.execute("insert into login_step (browser, account_id) values ($1, $2)", b"x" * 32, account)  # fmt: skip
    async with db.begin() as session:
        await disable_account(session, "aya@proefdam.example")
    assert [await lives(db, one) for one in mine] == [False, False]
    assert await owner.fetchval("select count(*) from login_step") == 0
    assert await owner.fetchval("select count(*) from identity where ended_at is null") == 0


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        (FIREFOX, ("Firefox", "Linux")),
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/140.0 Safari/537.36 Edg/140.0", ("Edge", "Windows")),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605 Version/18.0 Mobile Safari/604.1", ("Safari", "iPhone")),
        ("curl/8", ("", "")),
        ("", ("", "")),
    ],
)  # fmt: skip
def test_devices_in_words(agent: str, words: tuple[str, str]) -> None:
    assert device_of(agent) == words
