"""Passkeys: an answer counts once, in time, from our own address, for its own account (ASVS 6.3.3, 6.5.1, 6.5.5; BIO2 5.17.01)."""

import json
import re
import subprocess
import sys
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text as sql

from teams.auth.actions import disable_account, log_in, set_known_password
from teams.auth.passkeys import MOST, Place, add_passkey, ask_known, ask_new, place_of, prove_by_passkey
from teams.auth.proof import log_in_by_passkey
from teams.auth.second_step import reset_steps, take_passkey_step
from teams.auth.sessions import visitor_by_session
from teams.journal.models import Actor
from teams.kit.db import Database
from teams.kit.errors import Conflict, Invalid, NotFound
from tests.auth.device import Device, raw, text
from tests.auth.test_second_step import EMAIL, PASSWORD, lives, takes
from tests.web.conftest import app, visit  # noqa: F401 - fixtures
from tests.world import World

PLACE = Place("teams.test", ("https://teams.test",))
BROWSER = "a" * 43
_NO_KEYS = sql("delete from passkey")


def actor(world: World, name: str = "aya") -> Actor:
    return Actor(world.people[name], name, account_id=world.accounts[name])


async def with_passkey(db: Database, world: World, name: str = "aya", device: Device | None = None) -> Device:
    device = device or Device()
    async with db.begin() as session:
        await set_known_password(session, world.accounts[name], PASSWORD)
        asked = await ask_new(session, BROWSER, PLACE, by=actor(world, name))
        await add_passkey(session, BROWSER, PLACE, device.make(asked), name="telefoon", by=actor(world, name))
    return device


async def question(db: Database, browser: str = BROWSER) -> dict[str, Any]:
    async with db.begin() as session:
        return await ask_known(session, browser, PLACE, None)


async def enter(db: Database, answer: str, browser: str = BROWSER) -> str:
    return await log_in_by_passkey(db, browser, answer, PLACE, address="::1", device="test")


async def test_a_passkey_alone_comes_in_under_a_new_id(db: Database, owner: Any, world: World) -> None:
    device = await with_passkey(db, world)
    fresh = await enter(db, device.use(await question(db)))
    assert fresh != BROWSER and await lives(db, fresh)
    async with db.read() as session:
        visitor = await visitor_by_session(session, fresh)
    assert visitor is not None and visitor.account_id == world.accounts["aya"] and visitor.proved and not visitor.held
    assert await owner.fetchval("select counter from passkey") == 1


async def test_the_same_answer_a_second_time_is_refused(db: Database, world: World) -> None:
    device = await with_passkey(db, world)
    answer = device.use(await question(db))
    await enter(db, answer)
    with pytest.raises(Invalid):
        await enter(db, answer)
    await question(db)  # another question is open now, but this is not its answer
    with pytest.raises(Invalid):
        await enter(db, answer)


async def test_a_refused_answer_uses_its_question_up(db: Database, world: World) -> None:
    device = await with_passkey(db, world)
    asked = await question(db)
    with pytest.raises(Invalid):
        await enter(db, Device(id=device.id).use(asked))
    with pytest.raises(Invalid) as late:
        await enter(db, device.use(asked))
    assert late.value.reasons[0].code == "verlopen"


async def test_after_five_minutes_the_question_is_gone(db: Database, owner: Any, world: World) -> None:
    device = await with_passkey(db, world)
    asked = await question(db)
    await owner.execute("update passkey_question set ends_at = now()")
    with pytest.raises(Invalid) as late:
        await enter(db, device.use(asked))
    assert late.value.reasons[0].code == "verlopen"


async def test_the_question_of_another_browser_is_no_question_here(db: Database, world: World) -> None:
    device = await with_passkey(db, world)
    asked = await question(db, "b" * 43)
    with pytest.raises(Invalid):
        await enter(db, device.use(asked))


@pytest.mark.parametrize(
    "origin",
    ["https://teams.test.evil.nl", "http://teams.test", "https://evil.nl", "https://teams.test:8443", "null", ""],
)
async def test_an_answer_given_on_another_address_is_refused(
    db: Database, owner: Any, world: World, origin: str
) -> None:
    device = await with_passkey(db, world)
    device.origin = origin
    with pytest.raises(Invalid):
        await enter(db, device.use(await question(db)))
    assert await owner.fetchval("select count(*) from journal where verb = 'account.passkey_refused'") == 1


async def test_a_passkey_made_on_another_address_is_not_kept(db: Database, owner: Any, world: World) -> None:
    with pytest.raises(Invalid):
        await with_passkey(db, world, device=Device(origin="https://evil.nl"))
    assert await owner.fetchval("select count(*) from passkey") == 0


async def test_who_did_not_show_a_finger_or_code_is_refused(db: Database, world: World) -> None:
    with pytest.raises(Invalid):
        await with_passkey(db, world, device=Device(verified=False))
    device = await with_passkey(db, world)
    device.verified = False
    with pytest.raises(Invalid):
        await enter(db, device.use(await question(db)))


async def test_a_counter_that_goes_back_is_refused(db: Database, owner: Any, world: World) -> None:
    device = await with_passkey(db, world)
    device.counter = 41
    await enter(db, device.use(await question(db)))
    device.counter = 40  # a copy of the key that was not used since
    for _ in range(2):
        with pytest.raises(Invalid):
            await enter(db, device.use(await question(db)))
        device.counter = 40
    assert await owner.fetchval("select counter from passkey") == 42


async def test_the_passkey_of_another_does_not_open_my_second_step(db: Database, world: World) -> None:
    mine = await with_passkey(db, world, "aya")
    other = await with_passkey(db, world, "cato")
    entered = await log_in(db, EMAIL, PASSWORD, address="::1", device="test", old=None)
    assert entered.half
    for device, good in ((other, False), (mine, True)):
        answer = device.use(await question(db, entered.id))
        step = take_passkey_step(db, entered.id, answer, PLACE, address="::1", device="test")
        if good:
            assert await lives(db, await step)
        else:
            with pytest.raises(Invalid):
                await step


async def test_a_handle_of_another_with_my_key_is_refused(db: Database, world: World) -> None:
    device = await with_passkey(db, world)
    answer = device.use(await question(db), userHandle=text(world.accounts["cato"].bytes))
    with pytest.raises(Invalid):
        await enter(db, answer)


async def test_a_key_belongs_to_one_account_and_ten_are_enough(db: Database, world: World) -> None:
    device = await with_passkey(db, world)
    with pytest.raises(Conflict):
        await with_passkey(db, world, "cato", device)
    for _ in range(MOST - 1):
        await with_passkey(db, world)
    with pytest.raises(Conflict):
        await with_passkey(db, world)


async def test_only_an_account_with_a_password_has_passkeys(db: Database, owner: Any, world: World) -> None:
    device = await with_passkey(db, world)
    await owner.execute("update account set password_hash = null where id = $1", world.accounts["aya"])
    with pytest.raises(Invalid):
        await enter(db, device.use(await question(db)))
    async with db.begin() as session:
        with pytest.raises(NotFound):
            await ask_new(session, BROWSER, PLACE, by=actor(world))


async def test_a_closed_account_and_a_reset_leave_no_passkey(db: Database, owner: Any, world: World) -> None:
    device = await with_passkey(db, world)
    async with db.begin() as session:
        await reset_steps(session, EMAIL)
    assert await owner.fetchval("select count(*) from passkey") == 0
    device = await with_passkey(db, world)
    async with db.begin() as session:
        await disable_account(session, EMAIL)
    with pytest.raises(Invalid):
        await enter(db, device.use(await question(db)))


_junk = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
async def test_no_answer_breaks_the_reading(db: Database, world: World, data: Any) -> None:
    """Any JSON, and a good answer of which one part is something else: refused, never a fault of ours."""
    device = Device()
    async with db.begin() as session:
        await session.execute(_NO_KEYS)
    await with_passkey(db, world, device=device)
    asked = await question(db)
    whole = json.loads(device.use(asked))
    part = data.draw(st.sampled_from(["id", "rawId", "type", "response", *whole["response"]]))
    junk = data.draw(_junk)
    (whole if part in whole else whole["response"])[part] = junk
    answer = data.draw(st.sampled_from([json.dumps(whole), json.dumps(junk), "[" * 4000, ""]))
    async with db.begin() as session:
        try:
            await prove_by_passkey(session, BROWSER, PLACE, answer)
        except Invalid:
            return
    assert part in ("userHandle",) and not junk, "only who leaves the handle out may come in"


def test_where_passkeys_are_ours() -> None:
    assert place_of("https://teams.gemeente.nl/", "evil.nl") == Place(
        "teams.gemeente.nl", ("https://teams.gemeente.nl",)
    )
    found = place_of("", "localhost:8000")
    assert found == Place("localhost", ("https://localhost:8000", "http://localhost:8000"))
    assert [place_of("", host) for host in ("127.0.0.1:8000", "[::1]:8000", "")] == [None, None, None]


@pytest.mark.slow
def test_the_library_is_not_loaded_until_it_is_needed() -> None:
    code = "import sys, teams.app; sys.exit('webauthn' in sys.modules or 'OpenSSL' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


async def test_on_the_pages_from_the_first_to_the_last(visit: Any, db: Database, owner: Any, world: World) -> None:  # noqa: F811
    """Without a second step one is added first; then it comes in, is named, shows me again, and goes."""
    async with db.begin() as session:
        await set_known_password(session, world.accounts["aya"], PASSWORD)
    client, device = await visit(None), Device(origin="http://teams.test")
    takes(client, await client.get("/inloggen"))
    assert 'action="/inloggen/passkey"' in (await client.get("/inloggen")).text
    takes(client, await client.send_form("/inloggen", {"email": EMAIL, "wachtwoord": PASSWORD, "next": "/klussen"}))
    asked = (await client.send_form("/profiel/tweede-stap/passkeys/vraag")).json()
    assert raw(asked["user"]["id"]) == world.accounts["aya"].bytes and asked["rp"]["id"] == "teams.test"
    weak = client.session_id
    made = await client.send_form("/profiel/tweede-stap/passkeys", {"naam": "telefoon", "antwoord": device.make(asked)})
    assert made.status_code == 200 and len(re.findall(r"<code>[0-9a-f-]{24}</code>", made.text)) == 10
    takes(client, made)
    assert client.session_id != weak and (await client.get("/klussen")).status_code == 200

    takes(client, await client.send_form("/uitloggen"))
    asked = (await client.send_form("/inloggen/passkey/vraag")).json()
    assert asked["allowCredentials"] == [], "who asks is not told which keys there are"
    wrong = await client.send_form("/inloggen/passkey", {"antwoord": "{}", "next": "/klussen"})
    assert wrong.status_code == 422 and 'href="#antwoord"' in wrong.text
    asked = (await client.send_form("/inloggen/passkey/vraag")).json()
    came = await client.send_form("/inloggen/passkey", {"antwoord": device.use(asked), "next": "/klussen"})
    assert (came.status_code, came.headers["location"]) == (303, "/klussen")
    takes(client, came)

    (key,) = re.findall(r"passkeys/([0-9a-f-]{36})/einde", (await client.get("/profiel/tweede-stap")).text)
    assert (await client.send_form(f"/profiel/tweede-stap/passkeys/{key}/naam", {"naam": ""})).status_code == 422
    assert (await client.send_form(f"/profiel/tweede-stap/passkeys/{key}/naam", {"naam": "tablet"})).status_code == 303
    assert "<b>tablet</b>" in (await client.get("/profiel/tweede-stap")).text
    cato = await visit("cato")
    assert (await cato.send_form(f"/profiel/tweede-stap/passkeys/{key}/einde")).status_code == 404

    await owner.execute("update session set proved_at = now() - interval '16 minutes'")
    gone = await client.send_form(f"/profiel/tweede-stap/passkeys/{key}/einde")
    assert gone.headers["location"] == "/inloggen/opnieuw?next=%2Fprofiel%2Ftweede-stap"
    assert (await client.get(gone.headers["location"])).status_code == 200
    asked = (await client.send_form("/inloggen/passkey/vraag")).json()
    assert asked["allowCredentials"][0]["id"] == text(device.id)
    answer = {"antwoord": device.use(asked), "next": "/profiel/tweede-stap"}
    old = client.session_id
    takes(client, await client.send_form("/inloggen/opnieuw", answer))
    assert client.session_id != old and not await lives(db, old), "the id rotates when one shows who one is"
    assert (await client.send_form(f"/profiel/tweede-stap/passkeys/{key}/einde")).status_code == 303
    assert await owner.fetchval("select (select count(*) from passkey) + (select count(*) from recovery_code)") == 0


async def test_on_a_bare_address_there_are_no_passkeys(visit: Any) -> None:  # noqa: F811
    client = await visit(None)
    client.base_url = "http://127.0.0.1:8000"
    takes(client, await client.get("/inloggen"))
    assert "/inloggen/passkey" not in (await client.get("/inloggen")).text
    assert (await client.send_form("/inloggen/passkey/vraag")).status_code == 404
