"""The second step: a code works once, a recovery code once, a reset takes neither away (ASVS 6.4.3, 6.5.1; BIO2 5.17.01)."""

import asyncio
import hashlib
import html
import re
from contextlib import suppress
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlencode

import pyotp
import pytest
from argon2.low_level import Type, hash_secret_raw

from teams.auth import second_step
from teams.auth.actions import log_in, reset_password, set_known_password
from teams.auth.recovery import new_codes
from teams.auth.refused import TooMany
from teams.auth.second_step import confirm_app, offer_app, reset_steps, take_step
from teams.auth.sessions import visitor_by_session
from teams.http.gate import COOKIE
from teams.journal.models import Actor
from teams.kit.db import Database
from teams.kit.errors import Invalid
from tests.web.conftest import app, visit  # noqa: F401 - fixtures
from tests.world import World

EMAIL, PASSWORD = "aya@proefdam.example", "vier losse woorden samen"
MOMENT = 1_795_392_015  # half-way through thirty seconds


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    """Codes are made and read at one moment, however slow the machine."""
    stands = SimpleNamespace(time=lambda: MOMENT)
    monkeypatch.setattr(second_step, "time", stands)
    return stands


async def with_app(db: Database, owner: Any, world: World) -> tuple[pyotp.TOTP, list[str]]:
    """Aya has a password and an app whose first code was used a while ago."""
    account = world.accounts["aya"]
    async with db.begin() as session:
        await set_known_password(session, account, PASSWORD)
        await offer_app(session, account)
    made = pyotp.TOTP(await owner.fetchval("select secret from totp where account_id = $1", account))
    async with db.begin() as session:
        codes = await confirm_app(session, made.at(MOMENT), by=Actor(world.people["aya"], account_id=account))
    await owner.execute("update totp set last_step = 0")
    return made, codes


async def half(db: Database) -> str:
    entered = await log_in(db, EMAIL, PASSWORD, address="::1", device="test", old=None)
    assert entered.half
    return entered.id


async def second(db: Database, browser: str, code: str) -> str:
    return await take_step(db, browser, code, address="::1", device="test")


async def lives(db: Database, session_id: str) -> bool:
    async with db.read() as session:
        return await visitor_by_session(session, session_id) is not None


async def test_the_password_alone_opens_nothing(db: Database, owner: Any, world: World) -> None:
    made, _ = await with_app(db, owner, world)
    browser = await half(db)
    assert not await lives(db, browser)
    assert await owner.fetchval("select count(*) from session") == 0
    fresh = await second(db, browser, made.at(MOMENT))
    assert await lives(db, fresh) and fresh != browser
    with pytest.raises(Invalid):
        await second(db, browser, made.at(MOMENT))


async def test_a_code_works_once_also_for_two_at_the_same_moment(db: Database, owner: Any, world: World) -> None:
    made, _ = await with_app(db, owner, world)
    browsers, code = [await half(db) for _ in range(3)], made.at(MOMENT)
    done = await asyncio.gather(*(second(db, one, code) for one in browsers), return_exceptions=True)
    assert len([one for one in done if isinstance(one, str)]) == 1
    assert len([one for one in done if isinstance(one, Invalid)]) == 2


@pytest.mark.parametrize(("later", "good"), [(-16, False), (-15, True), (14, True), (15, False), (30, False)])
async def test_a_code_lives_thirty_seconds(
    db: Database, owner: Any, world: World, clock: SimpleNamespace, later: int, good: bool
) -> None:
    """ASVS 6.5.5: neither the code of before nor the next one."""
    made, _ = await with_app(db, owner, world)
    browser, code = await half(db), made.at(MOMENT)
    clock.time = lambda: MOMENT + later
    if good:
        assert await lives(db, await second(db, browser, code))
    else:
        with pytest.raises(Invalid):
            await second(db, browser, code)


async def test_a_recovery_code_works_once_and_is_kept_as_a_hash(db: Database, owner: Any, world: World) -> None:
    _, codes = await with_app(db, owner, world)
    typed = codes[0].upper().replace("-", "\u2013", 1).replace("-", "", 1).replace("-", " ", 1)
    assert await lives(db, await second(db, await half(db), f" {typed} "))
    with pytest.raises(Invalid):
        await second(db, await half(db), codes[0])
    assert await owner.fetchval("select count(*) from recovery_code where encode(hash, 'escape') = $1", codes[1]) == 0
    assert await owner.fetchval("select count(*) from journal where verb = 'account.code_used'") == 1


async def test_guessing_is_stopped_also_over_new_log_ins(db: Database, owner: Any, world: World) -> None:
    made, _ = await with_app(db, owner, world)
    for _ in range(5):
        with pytest.raises(Invalid):
            await second(db, await half(db), "000000" if made.at(MOMENT) != "000000" else "111111")
    with pytest.raises(TooMany):
        await second(db, await half(db), made.at(MOMENT))


async def test_a_new_password_keeps_the_second_step(db: Database, owner: Any, world: World) -> None:
    await with_app(db, owner, world)
    async with db.begin() as session:
        fresh = await reset_password(session, EMAIL)
    assert (await log_in(db, EMAIL, fresh, address="::1", device="test", old=None)).half


async def test_the_administrator_takes_it_away_and_all_sessions_end(db: Database, owner: Any, world: World) -> None:
    made, _ = await with_app(db, owner, world)
    mine = await second(db, await half(db), made.at(MOMENT))
    async with db.begin() as session:
        await reset_steps(session, EMAIL)
    assert not await lives(db, mine)
    assert not (await log_in(db, EMAIL, PASSWORD, address="::1", device="test", old=None)).half
    assert await owner.fetchval("select accountable from journal where verb = 'account.steps_reset'")


def takes(client: Any, answer: Any) -> None:
    client.session_id = str(answer.headers["set-cookie"].split(f"{COOKIE}=")[1].split(";")[0])
    client.headers["cookie"] = f"{COOKIE}={client.session_id}"


async def test_without_a_second_step_one_is_added_first(visit: Any, db: Database, owner: Any, world: World) -> None:  # noqa: F811
    async with db.begin() as session:
        await set_known_password(session, world.accounts["aya"], PASSWORD)
    client = await visit(None)
    takes(client, await client.get("/inloggen"))
    takes(client, await client.send_form("/inloggen", {"email": EMAIL, "wachtwoord": PASSWORD, "next": "/klussen"}))
    for path in ("/klussen", "/profiel", "/"):
        assert (await client.get(path)).headers["location"] == "/profiel/tweede-stap"
    refused = await client.get("/api/v1/teams")
    assert (refused.status_code, refused.json()["vervolg"][0]["url"]) == (403, "/profiel/tweede-stap")
    assert (await client.send_form("/profiel/tweede-stap/app")).status_code == 303
    text = html.unescape((await client.get("/profiel/tweede-stap")).text)
    made = pyotp.parse_uri(re.findall(r'otpauth://[^"]+', text)[0])
    assert isinstance(made, pyotp.TOTP)
    wrong = await client.send_form("/profiel/tweede-stap/bevestiging", {"code": "12345"})
    assert wrong.status_code == 422 and "klopt niet" in wrong.text
    weak = client.session_id
    done = await client.send_form("/profiel/tweede-stap/bevestiging", {"code": made.at(MOMENT)})
    codes = re.findall(r"<code>([0-9a-f-]{24})</code>", done.text)
    assert done.status_code == 200 and len(codes) == 10
    takes(client, done)
    assert client.session_id != weak and not await lives(db, weak), "the id rotates at the step"
    assert (await client.get("/klussen")).status_code == 200
    takes(client, await client.send_form("/uitloggen"))
    answer = await client.send_form("/inloggen", {"email": EMAIL, "wachtwoord": PASSWORD, "next": "/klussen"})
    takes(client, answer)
    assert answer.headers["location"] == "/inloggen/stap?next=%2Fklussen"
    assert (await client.get("/klussen")).headers["location"] == "/inloggen?next=/klussen"
    assert (await client.get(answer.headers["location"])).status_code == 200
    wrong = await client.send_form("/inloggen/stap", {"code": "fout", "next": "/klussen"})
    assert wrong.status_code == 422 and 'href="#code"' in wrong.text
    answer = await client.send_form("/inloggen/stap", {"code": codes[0], "next": "/klussen"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/klussen")
    takes(client, answer)
    assert (await client.get("/klussen")).status_code == 200
    again = await client.send_form("/profiel/tweede-stap/codes", {"code": codes[1]})
    assert len(re.findall(r"<code>[0-9a-f-]{24}</code>", again.text)) == 10
    assert (await client.send_form("/profiel/tweede-stap/uit", {"code": codes[2]})).status_code == 422, (
        "the old ones ended"
    )
    fresh = re.findall(r"<code>([0-9a-f-]{24})</code>", again.text)
    assert (await client.send_form("/profiel/tweede-stap/uit", {"code": fresh[0]})).status_code == 303


async def test_a_recovery_code_used_twice_at_once_counts_once(db: Database, owner: Any, world: World) -> None:
    """The update takes it only while it is unused: without that both would come in."""
    _, codes = await with_app(db, owner, world)
    browsers = [await half(db) for _ in range(4)]
    done = await asyncio.gather(*(second(db, one, codes[3]) for one in browsers), return_exceptions=True)
    assert sorted(isinstance(one, str) for one in done) == [False, False, False, True]
    assert await owner.fetchval("select count(*) from recovery_code where used_at is not null") == 1


async def test_recovery_codes_are_kept_as_salted_argon2id(db: Database, owner: Any, world: World) -> None:
    """ASVS 6.5.2: 80 bits, so not a plain hash; the salt differs for each account and each set."""
    _, codes = await with_app(db, owner, world)
    rows = await owner.fetch("select salt, hash from recovery_code")
    plain = {hashlib.sha256(code.encode()).digest() for code in codes}
    assert len(rows) == 10 and len({row["salt"] for row in rows}) == 1 and not plain & {row["hash"] for row in rows}
    kept = [hash_secret_raw(code.encode(), rows[0]["salt"], 2, 19_456, 1, 32, Type.ID) for code in codes]
    assert set(kept) == {row["hash"] for row in rows}
    async with db.begin() as session:
        await new_codes(session, by=Actor(world.people["aya"], account_id=world.accounts["aya"]))
    assert await owner.fetchval("select salt from recovery_code limit 1") != rows[0]["salt"]


async def test_a_first_password_is_good_for_a_week(db: Database, owner: Any, world: World) -> None:
    """ASVS 6.4.1."""
    async with db.begin() as session:
        fresh = await reset_password(session, EMAIL)
    assert (await log_in(db, EMAIL, fresh, address="::1", device="test", old=None)).id
    await owner.execute("update account set password_ends_at = now() - interval '1 minute' where email = $1", EMAIL)
    with pytest.raises(Invalid) as late:
        await log_in(db, EMAIL, fresh, address="::1", device="test", old=None)
    assert late.value.reasons[0].code == "verlopen"
    assert await owner.fetchval("select password_ends_at - now() from account where email = $1", EMAIL) is not None


async def test_what_went_well_and_what_did_not_are_both_recorded(db: Database, owner: Any, world: World) -> None:
    """ASVS 16.3.1: the password, the second step and the way in, each with the account and where it came from."""
    made, _ = await with_app(db, owner, world)
    with pytest.raises(Invalid):
        await log_in(db, EMAIL, "fout", address="192.0.2.7", device="test", old=None)
    browser = await half(db)
    for code in ("000000", made.at(MOMENT)):
        with suppress(Invalid):
            await second(db, browser, code)
    rows = await owner.fetch("select verb, origin from journal where origin is not null order by id")
    assert [tuple(row) for row in rows] == [
        ("account.refused", "192.0.2.7"), ("account.step_refused", "::1"), ("account.logged_in", "::1")
    ]  # fmt: skip


async def test_a_try_with_an_unknown_name_is_recorded_without_it(db: Database, owner: Any, world: World) -> None:
    """ASVS 16.3.1: who mistakes the fields types a password where the name goes."""
    with pytest.raises(Invalid):
        await log_in(db, "mijn geheime wachtwoord", "x", address="192.0.2.7", device="test", old=None)
    row = await owner.fetchrow("select origin, facts::text as facts from journal where verb = 'account.refused'")
    assert row["origin"] == "192.0.2.7" and "geheime" not in row["facts"]
    assert await owner.fetchval("select count(*) from journal_text") == 0


@pytest.mark.parametrize(
    ("who", "method", "path", "page"),
    [("aya", "POST", "/profiel/sessies/andere", "/profiel/sessies"), ("aya", "POST", "/profiel/tweede-stap/app", "/profiel/tweede-stap"),
     ("aya", "POST", "/profiel/tweede-stap/passkeys", "/profiel/tweede-stap"), ("beer", "POST", "/beheer/gebruikers", "/beheer/gebruikers")],
)  # fmt: skip
async def test_what_concerns_an_account_asks_again_who_one_is(
    visit: Any,  # noqa: F811
    db: Database,
    owner: Any,
    world: World,
    who: str,
    method: str,
    path: str,
    page: str,
) -> None:
    """ASVS 7.5.1, 7.5.2: after a quarter of an hour; the password, and the code where there is a second step."""
    account = world.accounts[who]
    async with db.begin() as session:
        await set_known_password(session, account, PASSWORD)
    client = await visit(who)
    await owner.execute("update session set proved_at = now() - interval '16 minutes'")
    goal = (await client.send_form(path)).headers["location"]
    assert goal == f"/inloggen/opnieuw?{urlencode({'next': page})}"
    assert (await client.get(goal)).status_code == 200
    wrong = await client.send_form("/inloggen/opnieuw", {"wachtwoord": "fout", "next": page})
    assert wrong.status_code == 422 and 'href="#wachtwoord"' in wrong.text
    answer = await client.send_form("/inloggen/opnieuw", {"wachtwoord": PASSWORD, "next": "//evil.nl"})
    assert answer.headers["location"] == "/"
    before = client.session_id
    takes(client, answer)
    assert client.session_id != before and not await lives(db, before), "ASVS 7.2.4: a new id, the old one is dead"
    assert (await client.send_form(path)).headers.get("location") != goal


async def test_the_cookie_of_the_language_is_of_this_host_only(visit: Any, world: World) -> None:  # noqa: F811
    """ASVS 3.3.3."""
    client = await visit("aya")
    answer = await client.send_form("/taal", {"taal": "en", "terug": "/hulp"})
    (cookie,) = [value for value in answer.headers.get_list("set-cookie") if "taal" in value]
    assert cookie.startswith("__Host-taal=en;") and "Path=/" in cookie and "Secure" in cookie and "Domain" not in cookie
