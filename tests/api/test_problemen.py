"""Who comes in, and every error as a problem: bad input, wrong forms, wrong methods (standards 4, rows 1-11 and 18-32)."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from teams.auth.actions import disable_account
from teams.auth.sessions import form_token, open_session
from teams.http import gate, lingering
from teams.http.gate import COOKIE
from teams.kit.db import Database
from tests.api.conftest import Call, codes, klus, published
from tests.world import World


async def test_without_a_token_nobody_comes_in(call: Call, owner: Any, world: World) -> None:
    nobody = await call(None)
    answer = await nobody.get("/klussen")
    assert (answer.status_code, answer.headers["www-authenticate"]) == (401, "Bearer")
    codes(answer)
    for header in ("Bearer teams_onzin", "Bearer", "Basic YTpi", "Bearer \xff"):
        answer = await nobody.get("/klussen", headers={b"authorization": header.encode("latin-1")})
        assert (answer.status_code, answer.headers["www-authenticate"]) == (401, "Bearer"), header
    aya = await call("aya")
    await owner.execute("update api_token set revoked_at = now()")
    assert (await aya.get("/klussen")).status_code == 401


async def test_guessing_tokens_is_slowed(call: Call, owner: Any, world: World) -> None:
    guesser, aya = await call(None), await call("aya")
    await owner.execute("insert into throttle (key, tries) values ('token:127.0.0.1', 60)")
    answer = await guesser.get("/klussen", headers={"authorization": "Bearer teams_gok"})
    assert answer.status_code == 429
    assert int(answer.headers["retry-after"]) > 0
    codes(answer)
    assert (await aya.get("/klussen")).status_code == 200, "a good token is never held up"


async def test_a_session_needs_the_form_token_to_change_anything(call: Call, db: Database, world: World) -> None:
    browser = await call(None)
    async with db.begin() as session:
        session_id = await open_session(session, world.accounts["aya"], device="test", old=None)
    browser.headers["cookie"] = f"{COOKIE}={session_id}"
    assert (await browser.get("/klussen")).status_code == 200
    body = klus(world.teams["groen"])
    refused = await browser.post("/klussen", json=body)
    assert (refused.status_code, codes(refused)) == (403, ["csrf"])
    own = {"x-csrf-token": form_token(session_id)}
    far = await browser.post("/klussen", json=body, headers=own | {"sec-fetch-site": "cross-site"})
    assert (far.status_code, codes(far)) == (403, ["Sec-Fetch-Site"])
    assert (await browser.post("/klussen", json=body, headers=own)).status_code == 201


async def test_the_first_password_comes_first(call: Call, owner: Any, world: World) -> None:
    aya = await call("aya")
    await owner.execute("update account set must_change = true where id = $1", world.accounts["aya"])
    answer = await aya.get("/klussen")
    assert answer.status_code == 403
    assert answer.json()["vervolg"][0]["url"] == "/wachtwoord"


DEEP = b'{"titel":' + b"[" * 5000 + b"]" * 5000 + b"}"
JSON = {"content-type": "application/json"}
ROWS: list[tuple[str, str, str, dict[str, Any], int, list[str] | None]] = [
    # row, method, path, what is sent, status, codes
    ("1", "GET", "/rollen/99999999999", {}, 404, None),
    ("2 query", "GET", "/klussen?zoek=a%00b", {}, 400, ["zoek"]),
    ("2 body", "POST", "/klussen", {"content": b'{"titel":"a\\u0000b"}', "headers": JSON}, 400, ["titel"]),
    ("2 path", "GET", "/klussen/%00", {}, 404, None),
    ("3 zero", "GET", "/klussen?aantal=0", {}, 400, ["aantal"]),
    ("3 below", "GET", "/klussen?aantal=-1", {}, 400, ["aantal"]),
    ("3 big", "GET", "/klussen?aantal=1000000000", {}, 400, ["aantal"]),
    ("3 page", "GET", "/klussen?page=0", {}, 400, ["page"]),
    ("3 cursor", "GET", "/klussen?vanaf=onzin", {}, 400, ["vanaf"]),
    ("3 cursor", "GET", "/personen?vanaf=W10", {}, 400, ["vanaf"]),
    ("3 cursor", "GET", "/teams?vanaf=%F0%9F%98%80", {}, 400, ["vanaf"]),
    ("4 brackets", "POST", "/klussen", {"content": b"[" * 100_000, "headers": JSON}, 400, ["inhoud"]),
    ("4 deep", "POST", "/klussen", {"content": DEEP, "headers": JSON}, 400, ["inhoud"]),
    ("5 query", "GET", "/klussen?zoek=%ff", {}, 400, ["zoek"]),
    ("5 body", "POST", "/klussen", {"content": b'{"titel":"\xff"}', "headers": JSON}, 400, ["inhoud"]),
    ("7 json", "POST", "/klussen", {"content": b'{"titel":"a","titel":"b"}', "headers": JSON}, 400, ["titel"]),
    ("7 query", "GET", "/klussen?zoek=a&zoek=b", {}, 400, ["zoek"]),
    ("8 big", "POST", "/klussen", {"content": b" " * 11_000_000, "headers": JSON}, 413, ["Content-Length"]),
    (
        "9 charset",
        "POST",
        "/klussen",
        {"content": b"{}", "headers": {"content-type": "application/json; charset=klingon"}},
        415,
        None,
    ),
    ("9 parts", "POST", "/klussen", {"content": b"x", "headers": {"content-type": "multipart/form-data"}}, 415, None),
    ("9 form", "POST", "/klussen", {"data": {"titel": "a"}}, 415, ["Content-Type"]),
    ("10 text", "POST", "/klussen", {"content": b"{}", "headers": {"content-type": "text/plain"}}, 415, None),
    ("10 none", "POST", "/klussen", {"content": b"{}"}, 415, None),
    ("10 accept", "GET", "/klussen", {"headers": {"accept": "text/xml"}}, 406, []),
    ("10 accept", "GET", "/klussen", {"headers": {"accept": "application/json;q=0, text/html"}}, 406, []),
    ("11 trace", "TRACE", "/klussen", {}, 405, []),
    ("11 delete", "DELETE", "/klussen", {}, 405, []),
    ("11 put", "PUT", "/klussen", {}, 405, []),
    ("20", "POST", "/klussen", {"json": {"is_admin": True, "at": "2020-01-01"}}, 400, None),
    ("25 nan", "POST", "/klussen", {"content": b'{"urenMin":NaN}', "headers": JSON}, 400, ["inhoud"]),
    (
        "26 digits",
        "POST",
        "/klussen",
        {"content": b'{"plaatsen":' + b"9" * 5000 + b"}", "headers": JSON},
        400,
        ["inhoud"],
    ),
    ("30 empty", "POST", "/klussen", {}, 400, None),
    ("31 long", "GET", "/klussen?zoek=" + "a" * 10_000, {}, 414, ["vraag"]),
    ("31 long", "GET", "/klussen?zoek=" + "a" * 300, {}, 400, ["zoek"]),
    ("32 sort", "GET", "/klussen?volgorde=titel;drop", {}, 400, ["volgorde"]),
    ("32 fields", "GET", "/personen?fields=password_hash", {}, 400, ["fields"]),
    ("32 enum", "GET", "/klussen?status=concept", {}, 400, ["status"]),
    ("path", "GET", "/klussen/", {}, 404, None),
    ("path", "GET", "/onzin", {}, 404, []),
]


@pytest.mark.parametrize(("row", "method", "path", "sent", "status", "wanted"), ROWS)
async def test_bad_input(
    call: Call,
    world: World,
    row: str,
    method: str,
    path: str,
    sent: dict[str, Any],
    status: int,
    wanted: list[str] | None,
) -> None:
    answer = await (await call("aya")).request(method, path, **sent)
    assert answer.status_code == status, (row, answer.text)
    if method != "TRACE":
        found = codes(answer)
        assert wanted is None or found == wanted, row
    assert "traceback" not in answer.text.lower()


FIELDS: list[tuple[dict[str, Any], list[str]]] = [
    ({"van": "2026-10-25T02:30:00"}, ["van"]),
    ({"van": 1_700_000_000}, ["van"]),
    ({"van": "1764806400"}, ["van"]),
    ({"tot": "2020-01-01"}, ["tot"]),
    ({"van": "0001-01-01"}, ["van"]),
    ({"tot": "9999-12-31"}, ["tot"]),
    ({"van": "2027-02-29"}, ["van"]),
    ({"plaatsen": "3", "titel": " "}, ["plaatsen", "titel"]),
    ({"plaatsen": 10**30}, ["plaatsen"]),
    ({"plaatsen": True}, ["plaatsen"]),
    ({"plaatsen": 0}, ["plaatsen"]),
    ({"urenMin": "1.000,50"}, ["urenMin"]),
    ({"urenMin": "1e9"}, ["urenMin"]),
    ({"urenMin": -0.0}, ["urenMin"]),
    ({"urenMin": 6.55}, ["urenMin"]),
    ({"urenMin": "9" * 30}, ["urenMin"]),
    ({"titel": "a" * 121}, ["titel"]),
    ({"titel": "o" + "\u0301" * 5000}, ["titel"]),
    ({"titel": "rood\x1b[31m"}, ["titel"]),
    ({"teamId": "1"}, ["teamId"]),
    ({"soort": "baan"}, ["soort"]),
    ({"vaardigheden": ["a"] * 13}, ["vaardigheden"]),
    ({"vaardigheden": [1]}, ["vaardigheden"]),
    ({"urenMin": None}, ["urenMin"]),
]


@pytest.mark.parametrize(("fields", "wanted"), FIELDS)
async def test_a_field_that_is_wrong_is_named(
    call: Call, owner: Any, world: World, fields: dict[str, Any], wanted: list[str]
) -> None:
    answer = await (await call("aya")).post("/klussen", json=klus(world.teams["groen"]) | fields)
    assert (answer.status_code, sorted(codes(answer))) == (400, wanted), answer.text
    assert await owner.fetchval("select count(*) from klus") == 0


@pytest.mark.parametrize(
    "title",
    ["'; DROP TABLE klus --", "<script>alert(1)</script>", "{{7*7}}", "${jndi:ldap://x}", "%s%n", "O'Brien-van 't Hof",
     "👨‍👩‍👧‍👦 samen", "İstanbul ß", "=HYPERLINK(1)"],
)  # fmt: skip
async def test_row_27_text_is_text(call: Call, world: World, title: str) -> None:
    made = await published(await call("aya"), world.teams["groen"], titel=title)
    assert made["titel"].replace("\u200d", "") == title.replace("\u200d", "")


@pytest.mark.parametrize("word", ["%", "_", "\\", "(((a+)+)+)$", "a & | !", "':*", "<->", "'", "\u202e", "ß", "  "])
async def test_row_31_signs_in_a_search_are_signs(call: Call, world: World, word: str) -> None:
    await published(await call("aya"), world.teams["groen"], titel="Bomen")
    cato = await call("cato")
    for path in ("/klussen", "/personen"):
        assert (await cato.get(path, params={"zoek": word})).status_code == 200, path


async def test_rows_11_and_18_head_override_and_foreign_hosts(call: Call, world: World) -> None:
    aya = await call("aya")
    head = await aya.head("/teams")
    assert (head.status_code, head.content) == (200, b"")
    override = await aya.get("/teams", headers={"x-http-method-override": "DELETE"})
    assert override.status_code == 200
    two = httpx.Headers([("host", "a"), ("host", "b")])
    double = await aya.send(aya.build_request("GET", "/teams", headers=[*two.raw, (b"authorization", b"x")]))
    assert double.status_code in (400, 401)


async def test_row_8_a_slow_body_is_stopped(call: Call, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gate, "BODY_SECONDS", 0.2)
    monkeypatch.setattr(lingering, "SECONDS", 0.1)
    aya = await call("aya")

    async def drip() -> AsyncIterator[bytes]:
        while True:
            yield b" "
            await asyncio.sleep(0.05)

    answer = await aya.post("/klussen", content=drip(), headers=JSON)
    assert (answer.status_code, codes(answer)) == (408, ["inhoud"])
    assert answer.headers["connection"] == "close", "who goes on dripping is hung up on"


async def test_row_8_an_endless_body_is_stopped(call: Call, world: World) -> None:
    async def pour() -> AsyncIterator[bytes]:
        while True:
            yield b" " * 100_000

    answer = await (await call("aya")).post("/klussen", content=pour(), headers=JSON)
    assert (answer.status_code, codes(answer)) == (413, ["inhoud"])
    assert answer.headers["connection"] == "close", "who goes on pouring is hung up on"


async def test_row_8_the_answer_goes_out_whole_and_then_the_line_closes() -> None:
    """Who sends all before it reads must find the answer; who never stops is not waited for."""
    order: list[Any] = []

    async def receive() -> Any:
        order.append("more")
        return {"type": "http.request", "body": b" " * 1_000_000, "more_body": True}

    async def send(message: Any) -> None:
        order.append((message["type"], message.get("body"), message.get("more_body", False)))

    answer = lingering.lingering(receive, send)
    await answer({"type": "http.response.start", "status": 413, "headers": []})
    await answer({"type": "http.response.body", "body": b"te groot", "more_body": False})
    assert order[1] == ("http.response.body", b"te groot", True), "all of it, before anything is dropped"
    assert order[2:] == ["more"] * 12 + [("http.response.body", None, False)]


async def test_row_22_a_closed_account_is_out_at_once(call: Call, db: Database, world: World) -> None:
    made = await published(await call("aya"), world.teams["groen"])
    cato = await call("cato")
    async with db.begin() as session:
        await disable_account(session, "cato@proefdam.example")
    assert (await cato.post(f"/klussen/{made['id']}/inzet")).status_code == 401


async def test_every_answer_carries_the_headers(call: Call, world: World) -> None:
    aya = await call("aya")
    for path in ("/klussen", "/onzin", "/rollen/1", "/klussen?x=1", "/openapi.json"):
        headers = (await aya.get(path)).headers
        assert headers["api-version"] == "1.0.0"
        assert headers["cache-control"] == "no-store"
        assert "frame-ancestors 'none'" in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["x-frame-options"] == "DENY"
        assert "max-age" in headers["strict-transport-security"]
        assert ("access-control-allow-origin" in headers) == (path == "/openapi.json")


async def test_a_lost_database_is_503_with_a_wait(call: Call, db: Database, world: World) -> None:
    from sqlalchemy import event
    from sqlalchemy.exc import TimeoutError as PoolTimeout

    aya = await call("aya")

    def full(*_: Any) -> None:
        raise PoolTimeout("pool is full")

    event.listen(db.engine.sync_engine, "before_cursor_execute", full)
    answer = await aya.get("/teams")
    event.remove(db.engine.sync_engine, "before_cursor_execute", full)
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "2")
    assert answer.json()["verzoek"] == answer.headers["x-request-id"]
    codes(answer)


async def test_a_fault_of_ours_tells_its_number_and_nothing_else(
    call: Call, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(*_: Any, **__: Any) -> None:
        raise RuntimeError("geheim")

    monkeypatch.setattr("teams.api.klussen.list_klussen", broken)
    answer = await (await call("aya")).get("/klussen")
    assert (answer.status_code, codes(answer)) == (500, [])
    assert answer.json()["verzoek"] == answer.headers["x-request-id"]
    assert "geheim" not in answer.text
