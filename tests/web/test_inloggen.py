"""Log-in: sessions that rotate, throttling, form tokens (standards 2.2, 2.3; bad input rows 12-14, 17)."""

from collections.abc import Callable
from typing import Any

from teams.auth.actions import set_known_password
from teams.auth.sessions import form_token
from teams.http.gate import COOKIE
from teams.kit.db import Database
from tests.world import World


async def known(db: Database, world: World, name: str) -> None:
    async with db.begin() as session:
        await set_known_password(session, world.accounts[name], "vier losse woorden samen")


def cookie_of(response: Any) -> str:
    return str(response.headers["set-cookie"].split(f"{COOKIE}=")[1].split(";")[0])


async def test_logging_in_gives_a_new_session_id(visit: Callable[..., Any], db: Database, world: World) -> None:
    await known(db, world, "aya")
    client = await visit(None)
    chosen = "attackerchosen-attackerchosen-1234"
    client.headers["cookie"] = f"{COOKIE}={chosen}"
    client.session_id = chosen
    form = {"email": "Aya@proefdam.example", "wachtwoord": "vier losse woorden samen", "next": "/hulp"}
    answer = await client.send_form("/inloggen", form)
    assert (answer.status_code, answer.headers["location"]) == (303, "/hulp")
    fresh = cookie_of(answer)
    assert fresh != chosen
    assert "Secure; HttpOnly; SameSite=Lax" in answer.headers["set-cookie"]
    assert (await client.get("/wachtwoord")).status_code == 303, "the id that the browser chose is nobody's"
    client.headers["cookie"] = f"{COOKIE}={fresh}"
    assert (await client.get("/wachtwoord")).status_code == 200


async def test_a_wrong_password_keeps_the_address_and_names_the_field(visit: Any, db: Database, world: World) -> None:
    await known(db, world, "aya")
    client = await visit(None)
    first = await client.get("/inloggen")
    client.session_id = cookie_of(first)
    client.headers["cookie"] = f"{COOKIE}={client.session_id}"
    answer = await client.send_form("/inloggen", {"email": "aya@proefdam.example", "wachtwoord": "fout"})
    assert answer.status_code == 422
    assert 'value="aya@proefdam.example"' in answer.text
    assert "E-mailadres of wachtwoord klopt niet." in answer.text


async def test_too_many_tries_are_stopped_for_that_name(visit: Any, db: Database, world: World) -> None:
    await known(db, world, "aya")
    client = await visit(None)
    client.session_id = "x" * 40
    client.headers["cookie"] = f"{COOKIE}={client.session_id}"
    for _ in range(8):
        answer = await client.send_form("/inloggen", {"email": "aya@proefdam.example", "wachtwoord": "fout"})
        assert answer.status_code == 422
    good = {"email": "aya@proefdam.example", "wachtwoord": "vier losse woorden samen"}
    answer = await client.send_form("/inloggen", good)
    assert answer.status_code == 429
    assert int(answer.headers["retry-after"]) > 0


async def test_the_old_cookie_is_dead_after_log_out(visit: Any) -> None:
    client = await visit("aya")
    assert (await client.get("/wachtwoord")).status_code == 200
    assert (await client.send_form("/uitloggen")).status_code == 303
    assert (await client.get("/wachtwoord")).headers["location"].startswith("/inloggen")


async def test_a_form_needs_the_token_of_its_own_session(visit: Any) -> None:
    aya, bram = await visit("aya"), await visit("bram")
    refused = await aya.post("/taal", data={"taal": "en"}, headers={"sec-fetch-site": "same-origin"})
    assert refused.status_code == 403
    stolen = {"taal": "en", "csrf": form_token(bram.session_id)}
    assert (await aya.post("/taal", data=stolen, headers={"sec-fetch-site": "same-origin"})).status_code == 403
    own = {"taal": "en", "csrf": form_token(aya.session_id)}
    for headers in ({"sec-fetch-site": "cross-site"}, {"origin": "null"}, {"origin": "http://evil.example"}):
        assert (await aya.post("/taal", data=own, headers=headers)).status_code == 403
    assert (await aya.post("/taal", data=own, headers={"sec-fetch-site": "same-origin"})).status_code == 303


async def test_next_never_leaves_the_site(visit: Any, db: Database, world: World) -> None:
    client = await visit("aya")
    for goal in ("//evil.nl", "/\\evil.nl", "https:evil.nl", "javascript:alert(1)", "/a%0d%0aSet-Cookie:x"):
        answer = await client.get(f"/inloggen?next={goal}")
        assert answer.status_code == 303
        assert answer.headers["location"] == "/"


async def test_the_first_password_comes_before_everything(visit: Any, owner: Any, world: World) -> None:
    await owner.execute("update account set must_change = true where id = $1", world.accounts["aya"])
    client = await visit("aya")
    assert (await client.get("/hulp")).status_code == 200
    answer = await client.get("/uitloggen")
    assert answer.status_code == 405
