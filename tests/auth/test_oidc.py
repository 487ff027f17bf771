"""Log-in by the municipality's service: links, attacks (standards 4, rows 15-16), log-out from both sides."""

import asyncio
import base64
import html
import re
import time
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from joserfc import jwk, jwt

from teams.auth import identities as identities_module
from teams.auth import provider as provider_module
from teams.auth.actions import disable_account
from teams.auth.identities import link_identity, log_in_by_identity
from teams.auth.provider import BadToken, ProviderDown
from teams.auth.sessions import open_session, visitor_by_session
from teams.http.gate import COOKIE
from teams.kit.db import Database
from teams.kit.errors import Conflict
from teams.web import oidc
from tests.apps import app_for
from tests.auth.service import CLIENT, ISSUER, Service, asked, challenge, provider, settings
from tests.places import Place
from tests.web.conftest import Client
from tests.world import World

EMAIL = "aya@proefdam.example"


@pytest.fixture
def service() -> Service:
    return Service()


@pytest.fixture
async def browser(place: Place, db: Database, world: World, service: Service) -> AsyncIterator[Client]:
    app = app_for(settings(place.url()), db)
    app.app.state.provider = provider(service)
    async with Client(
        transport=httpx.ASGITransport(app, raise_app_exceptions=False), base_url="http://teams.test"
    ) as client:
        takes(client, await client.get("/inloggen"))
        yield client


def takes(client: Client, answer: httpx.Response) -> None:
    client.session_id = answer.headers["set-cookie"].split(f"{COOKIE}=")[1].split(";")[0]
    client.headers["cookie"] = f"{COOKIE}={client.session_id}"


async def link(db: Database, subject: str = "aya-1", email: str = EMAIL) -> None:
    async with db.begin() as session:
        await link_identity(session, email, ISSUER, subject)


async def there(client: Client, goal: str = "/klussen") -> dict[str, str]:
    answer = await client.get("/inloggen/dienst", params={"next": goal})
    assert answer.status_code == 303 and answer.headers["location"].startswith(f"{ISSUER}/auth?")
    return asked(answer.headers["location"])


async def back(client: Client, service: Service, told: dict[str, str], **claims: Any) -> httpx.Response:
    service.token = service.sign(service.claims(**{"nonce": told["nonce"], **claims}))
    return await client.get("/inloggen/terug", params={"code": "c", "state": told["state"]})


async def lives(db: Database, session_id: str) -> bool:
    async with db.read() as session:
        return await visitor_by_session(session, session_id) is not None


async def test_code_flow_with_pkce_state_and_nonce(browser: Client, service: Service, db: Database) -> None:
    await link(db)
    told = await there(browser)
    assert told["redirect_uri"] == "http://teams.test/inloggen/terug" and told["code_challenge_method"] == "S256"
    assert len(told["nonce"]) * 4 >= 128 and len(told["state"]) >= 64
    before = browser.session_id
    answer = await back(browser, service, told)
    assert (answer.status_code, answer.headers["location"]) == (303, "/klussen")
    (body,) = service.bodies
    assert challenge(body["code_verifier"][0]) == told["code_challenge"] and body["redirect_uri"] == [
        told["redirect_uri"]
    ]
    takes(browser, answer)
    assert browser.session_id != before and await lives(db, browser.session_id)
    assert (await browser.get("/klussen")).status_code == 200
    again = await browser.get("/inloggen/terug", params={"code": "c", "state": told["state"]})
    assert again.status_code == 400, "the state belonged to the cookie of before"


async def test_who_is_not_linked_stays_outside_whatever_the_mail_address(
    browser: Client, service: Service, owner: Any
) -> None:
    answer = await back(browser, service, await there(browser), sub="vreemd-9", email=EMAIL, email_verified=True)
    assert answer.status_code == 403
    assert "Teams kent je nog niet" in answer.text and "vreemd-9" in answer.text
    assert await owner.fetchval("select count(*) from session") == 0


async def test_one_subject_is_one_account_and_a_leaver_is_none(browser: Client, service: Service, db: Database) -> None:
    await link(db)
    with pytest.raises(Conflict):
        await link(db, email="cato@proefdam.example")
    async with db.begin() as session:
        await disable_account(session, EMAIL)
    assert (await back(browser, service, await there(browser))).status_code == 403


async def test_another_identity_ends_the_sessions_of_the_one_before(
    browser: Client, service: Service, db: Database
) -> None:
    await entered(browser, service, db)
    await link(db, "aya-2")
    assert not await lives(db, browser.session_id)
    assert (await back(browser, service, await there(browser))).status_code == 403
    assert (await back(browser, service, await there(browser), sub="aya-2")).status_code == 303


async def test_who_logs_in_while_the_link_ends_keeps_no_session(
    browser: Client, db: Database, owner: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    await link(db)
    entering, goes_on = asyncio.Event(), asyncio.Event()

    async def slowly(*given: Any, **more: Any) -> str:
        fresh = await open_session(*given, **more)
        entering.set()
        await goes_on.wait()
        return fresh

    monkeypatch.setattr(identities_module, "open_session", slowly)
    coming = asyncio.create_task(
        log_in_by_identity(db, ISSUER, "aya-1", sid=None, id_token="", address="", device="", old=None)
    )
    await entering.wait()
    ending = asyncio.create_task(link(db, "aya-2"))
    while not await owner.fetchval("select exists (select from pg_locks where not granted)"):
        assert not ending.done(), "the link does not end while someone comes in by it"
        await asyncio.sleep(0.01)
    goes_on.set()
    session_id = await coming
    await ending
    assert not await lives(db, session_id)


async def test_row_15_a_state_of_another_browser_or_time(browser: Client, service: Service, db: Database, monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip
    """Login CSRF: the attacker's code and state on the victim's callback."""
    await link(db)
    told = await there(browser)
    own = browser.headers["cookie"]
    browser.headers["cookie"] = f"{COOKIE}={'v' * 43}"
    for state in (told["state"], told["state"][:-1] + "x", told["state"] + "x", "x.y", ".", ""):
        answer = await browser.get("/inloggen/terug", params={"code": "c", "state": state})
        assert answer.status_code == 400 and "inlogpoging" in answer.text
    assert service.bodies == [], "the code was not even asked for"
    browser.headers["cookie"] = own
    late = time.time() + 11 * 60
    monkeypatch.setattr("teams.web.oidc.time.time", lambda: late)
    assert (await browser.get("/inloggen/terug", params={"code": "c", "state": told["state"]})).status_code == 400


async def test_row_15_an_attempt_comes_back_once(browser: Client, service: Service, db: Database, owner: Any) -> None:
    """Whatever came of it: who caught the cookie and the state of before has no use of them, with another good code either."""
    await link(db)
    told, own = await there(browser), browser.headers["cookie"]
    assert (await back(browser, service, told)).status_code == 303
    assert browser.headers["cookie"] == own and (await back(browser, service, told)).status_code == 400
    assert len(service.bodies) == 1 and await owner.fetchval("select count(*) from session") == 1


@pytest.mark.parametrize(
    "told",
    [b"\xff", b"[", b"[]", b"{}", b"[1]", b'["x", "", "/", false]', b'[null, "", "/", false]', b'[1e9, "", 5, false]',
     b"[1%s, 0, 0, 0]" % (b"0" * 400), b"[" * 4000],
)  # fmt: skip
async def test_row_15_a_state_signed_by_a_cookie_of_ones_own_making(browser: Client, told: bytes) -> None:
    body = base64.urlsafe_b64encode(told.replace(b"1e9", str(int(time.time())).encode())).decode().rstrip("=")
    browser.headers["cookie"] = f"{COOKIE}={'v' * 43}"
    query = {"code": "c", "state": f"{body}.{oidc._mac('v' * 43, 'state', body)}"}
    assert (await browser.get("/inloggen/terug", params=query)).status_code == 400


OWN = jwk.generate_key("EC", "P-256", private=True)
ATTACKS = {
    "alg none": lambda s, c: s.unsigned(c),
    "HS256 with the public key": lambda s, c: s.signed_with_public_key(c),
    "another key under the same name": lambda s, c: jwt.encode(
        {"alg": "RS256", "kid": "een"}, c, jwk.generate_key("RSA", 2048), default_type=None
    ),
    "wrong aud": lambda s, c: s.sign({**c, "aud": "ander"}),
    "aud of two without azp": lambda s, c: s.sign({**c, "aud": [CLIENT, "ander"]}),
    "azp of another": lambda s, c: s.sign({**c, "aud": [CLIENT, "ander"], "azp": "ander"}),
    "wrong iss": lambda s, c: s.sign({**c, "iss": ISSUER + "/"}),
    "wrong nonce": lambda s, c: s.sign({**c, "nonce": "n2"}),
    "no nonce": lambda s, c: s.sign({name: value for name, value in c.items() if name != "nonce"}),
    "expired": lambda s, c: s.sign({**c, "exp": int(time.time()) - 120}),
    "no exp": lambda s, c: s.sign({name: value for name, value in c.items() if name != "exp"}),
    "exp is no number": lambda s, c: s.sign({**c, "exp": float("nan")}),
    "nbf in words": lambda s, c: s.sign({**c, "nbf": "morgen"}),
    "kid is no name": lambda s, c: s.headed({"alg": "RS256", "kid": {}}, c),
    "crit is no list": lambda s, c: s.headed({"alg": "RS256", "kid": "een", "crit": 5}, c),
    "exp in words": lambda s, c: s.sign({**c, "exp": "morgen"}),
    "iat in the future": lambda s, c: s.sign({**c, "iat": int(time.time()) + 600}),
    "its own key in the header": lambda s, c: jwt.encode(
        {"alg": "ES256", "kid": "eigen", "jwk": OWN.as_dict(private=False)}, c, OWN, default_type=None
    ),
    "its own place of keys": lambda s, c: jwt.encode(
        {"alg": "RS256", "kid": "een", "jku": "https://evil.example/jwks"},
        c,
        jwk.generate_key("RSA", 2048),
        default_type=None,
    ),
    "unknown kid": lambda s, c: s.sign(c, kid="twee"),
    "a log-out token": lambda s, c: s.sign(c, typ="logout+jwt"),
    "no token at all": lambda s, c: "x",
}


@pytest.mark.parametrize("attack", ATTACKS)
async def test_row_16_tokens_that_are_not_believed(service: Service, attack: str) -> None:
    known, claims = provider(service), service.claims(nonce="n1")
    service.token = service.sign(claims)
    assert (await known.finish("c", "v", "n1"))[0]["sub"] == "aya-1", "the same token without the trick is good"
    service.token = ATTACKS[attack](service, claims)
    with pytest.raises(BadToken):
        await known.finish("c", "v", "n1")


async def test_row_16_a_flood_of_unknown_keys_fetches_once_a_minute(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = provider(service)
    flood = [service.sign(service.claims(nonce="n"), kid=f"k{number}") for number in range(40)]

    async def read(token: str) -> None:
        with pytest.raises(BadToken):
            await known._read(token, kinds=("",))

    await asyncio.gather(*(read(token) for token in flood))
    assert service.fetched["/jwks"] == 1
    clock = time.monotonic
    monkeypatch.setattr(provider_module.time, "monotonic", lambda: clock() + 61)
    service.key = jwk.generate_key("RSA", 2048, {"kid": "nieuw", "use": "sig"}, private=True)
    assert (await known._read(service.sign(service.claims(), kid="nieuw"), kinds=("",)))["sub"] == "aya-1"
    assert service.fetched["/jwks"] == 2, "a rotated key is found by itself"


async def test_a_key_that_we_cannot_read_takes_no_other_with_it(service: Service) -> None:
    good = service.key.as_dict(private=False)
    for other in (
        {"kty": "EC", "kid": "x", "crv": "brainpoolP256r1", "x": "AA", "y": "AA"},
        {"kty": "RSA", "kid": "x", "n": 5},
        5,
    ):
        service.listed = [other, good]
        assert (await provider(service)._read(service.sign(service.claims()), kinds=("",)))["sub"] == "aya-1"
    for none in (None, 5, {}):
        service.listed = none
        with pytest.raises(BadToken):
            await provider(service)._read(service.sign(service.claims()), kinds=("",))


async def test_a_false_token_is_a_page_and_no_session(
    browser: Client, service: Service, db: Database, owner: Any
) -> None:
    await link(db)
    answer = await back(browser, service, await there(browser), aud="ander")
    assert answer.status_code == 400 and "niet vertrouwt" in answer.text and "Traceback" not in answer.text
    refused = await browser.get(
        "/inloggen/terug", params={"error": "access_denied", "state": (await there(browser))["state"]}
    )
    assert refused.status_code == 403 and "niet ingelogd" in refused.text
    assert await owner.fetchval("select count(*) from session") == 0


async def test_a_service_that_says_who_answers_must_do_so(browser: Client, service: Service, db: Database) -> None:
    """RFC 9207."""
    service.about["authorization_response_iss_parameter_supported"] = True
    await link(db)
    told = await there(browser)
    assert (await back(browser, service, told)).status_code == 400
    query = {"code": "c", "state": told["state"]}
    assert (await browser.get("/inloggen/terug", params={**query, "iss": "https://evil.example"})).status_code == 400
    assert (await browser.get("/inloggen/terug", params={**query, "iss": ISSUER})).status_code == 303


async def test_the_service_is_down(browser: Client, service: Service) -> None:
    service.down = True
    for _ in range(3):
        answer = await browser.get("/inloggen/dienst")
        assert answer.status_code == 503 and "niet bereikbaar" in answer.text
    assert service.fetched["/.well-known/openid-configuration"] == 1, "not tried again within a few seconds"
    page = await browser.get("/inloggen")
    assert page.status_code == 200 and "Noodtoegang" in page.text


async def test_another_issuer_is_not_ours(service: Service) -> None:
    service.about["issuer"] = "https://evil.example"
    with pytest.raises(ProviderDown):
        await provider(service).begin("s", "n", "v")


@pytest.mark.parametrize("goal", ["//evil.nl", "/\\evil.nl", "https:evil.nl", "javascript:alert(1)"])
async def test_row_17_the_goal_stays_inside(browser: Client, service: Service, db: Database, goal: str) -> None:
    await link(db)
    assert (await back(browser, service, await there(browser, goal))).headers["location"] == "/"


async def test_acr_and_own_subject_claim(service: Service) -> None:
    known = provider(service, oidc_acr="hoog midden", oidc_subject_claim="oid")
    assert asked(await known.begin("s", "n", "v"))["acr_values"] == "hoog midden"
    service.token = service.sign(service.claims(nonce="n", acr="midden", oid="o-1"))
    assert known.subject((await known.finish("c", "v", "n"))[0]) == "o-1"
    service.token = service.sign(service.claims(nonce="n", acr="laag", oid="o-1"))
    with pytest.raises(BadToken):
        await known.finish("c", "v", "n")


async def test_who_shows_again_who_it_is_really_logs_in_again(
    browser: Client, service: Service, db: Database, owner: Any
) -> None:
    """ASVS 7.5.1: for what concerns the account itself a log-in of before at the service does not count."""
    await entered(browser, service, db)
    await owner.execute("update session set proved_at = now() - interval '16 minutes'")
    refused = await browser.send_form("/profiel/sessies/andere")
    assert refused.headers["location"] == "/inloggen/opnieuw?next=%2Fprofiel%2Fsessies"
    (link,) = re.findall(
        r'href="(/inloggen/dienst[^"]*opnieuw[^"]*)"', (await browser.get(refused.headers["location"])).text
    )
    for age, status in ((3600, 400), (None, 400), (5, 303)):
        told = asked((await browser.get(html.unescape(link))).headers["location"])
        assert (told["prompt"], told["max_age"]) == ("login", "0")
        answer = await back(browser, service, told, auth_time=None if age is None else int(time.time()) - age)
        assert answer.status_code == status
    assert answer.headers["location"] == "/profiel/sessies"
    takes(browser, answer)
    assert (await browser.send_form("/profiel/sessies/andere")).status_code == 303


async def entered(browser: Client, service: Service, db: Database) -> None:
    await link(db)
    takes(browser, await back(browser, service, await there(browser)))


async def test_log_out_goes_on_to_the_service(browser: Client, service: Service, db: Database) -> None:
    await entered(browser, service, db)
    answer = await browser.send_form("/uitloggen")
    assert answer.status_code == 200 and not await lives(db, browser.session_id)
    place = answer.headers["refresh"].removeprefix("0; url=")
    told = asked(place)
    assert place.startswith(f"{ISSUER}/uit?") and told["id_token_hint"] == service.token
    assert told["post_logout_redirect_uri"] == "http://teams.test/inloggen"


async def test_the_tokens_of_the_service_stay_with_us(
    browser: Client, service: Service, db: Database, owner: Any
) -> None:
    """ASVS 10.1.1: the access token is dropped, the ID token goes back to the service at log-out and nowhere else."""
    service.access = "toegang-die-niemand-nodig-heeft"
    told = await there(browser)
    await link(db)
    answer = await back(browser, service, told)
    takes(browser, answer)
    signature = service.token.rsplit(".", 1)[1]
    seen = [str(answer.headers) + answer.text]
    for path in (
        "/",
        "/profiel",
        "/profiel/sessies",
        "/profiel/gegevens.json",
        "/profiel/gegevens.csv",
        "/api/v1/teams",
    ):
        page = await browser.get(path)
        seen.append(str(page.headers) + page.text)
    tables = [row[0] for row in await owner.fetch("select tablename from pg_tables where schemaname = 'public'")]
    kept = {name: str([tuple(row) for row in await owner.fetch(f'select * from "{name}"')]) for name in tables}
    assert {name for name, rows in kept.items() if signature in rows} == {"session"}
    assert not any(service.access in text for text in (*seen, *kept.values()))
    assert not any(signature in text for text in seen)
    await browser.send_form("/uitloggen")
    assert signature not in str([tuple(row) for row in await owner.fetch("select * from session")])


LOGOUTS = {
    "of this session": ({}, True),
    "of this person": ({"sid": None}, True),
    "of another session": ({"sid": "s2"}, False),
    "of another person": ({"sub": "bram-1", "sid": None}, False),
}


@pytest.mark.parametrize("case", LOGOUTS)
async def test_the_service_logs_someone_out(browser: Client, service: Service, db: Database, case: str) -> None:
    await entered(browser, service, db)
    claims, ends = LOGOUTS[case]
    del browser.headers["cookie"]
    answer = await browser.post("/api/oidc/afmelding", data={"logout_token": service.logout(**claims)})
    assert (answer.status_code, answer.headers["cache-control"]) == (200, "no-store")
    assert await lives(db, browser.session_id) is not ends


async def test_a_log_out_token_works_once(browser: Client, service: Service, db: Database) -> None:
    await entered(browser, service, db)
    cookie = browser.headers.pop("cookie")
    token = service.logout()
    await browser.post("/api/oidc/afmelding", data={"logout_token": token})
    browser.headers["cookie"] = cookie
    takes(browser, await back(browser, service, await there(browser)))
    del browser.headers["cookie"]
    assert (await browser.post("/api/oidc/afmelding", data={"logout_token": token})).status_code == 200
    assert await lives(db, browser.session_id)


async def test_false_log_outs_end_nothing_and_are_stopped(browser: Client, service: Service, db: Database) -> None:
    """ASVS 10.5.5: kind, event, audience, no nonce, fresh."""
    await entered(browser, service, db)
    del browser.headers["cookie"]
    id_token = service.sign(service.claims(nonce="n"))
    false = [id_token, "x", "", service.logout(typ="at+jwt"), service.logout(nonce="n"), service.logout(aud="ander"),
             service.logout(iat=int(time.time()) - 900), service.logout(sub=None, sid=None),
             service.logout(sid=5), service.logout(sub="\0"), service.logout(sid="\0"),
             service.sign(service.claims(jti="j", events={}), typ="logout+jwt"), service.unsigned(service.claims())]  # fmt: skip
    for token in false:
        assert (await browser.post("/api/oidc/afmelding", data={"logout_token": token})).status_code == 400
    assert await lives(db, browser.session_id)
    for _ in range(60 - len(false)):
        await browser.post("/api/oidc/afmelding", data={"logout_token": "x"})
    assert (await browser.post("/api/oidc/afmelding", data={"logout_token": "x"})).status_code == 429


async def test_without_settings_these_addresses_do_not_exist(place: Place, db: Database, world: World) -> None:
    app = app_for(settings(place.url()).model_copy(update={"oidc_issuer": ""}), db)
    async with Client(
        transport=httpx.ASGITransport(app, raise_app_exceptions=False), base_url="http://teams.test"
    ) as client:
        for path in ("/inloggen/dienst", "/inloggen/terug", "/api/oidc/jwks"):
            assert (await client.get(path)).status_code == 404
        assert "werkaccount" not in (await client.get("/inloggen")).text
