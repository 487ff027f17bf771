"""The log-in service and the mail server take what is said and answer nothing: pages go on, nothing is lost, later it works."""

import asyncio
from collections.abc import Iterator

import asyncpg
import httpx
import pytest

from teams.auth import provider as provider_module
from teams.auth.sessions import form_token, open_session
from teams.http.gate import COOKIE
from teams.jobs import post
from teams.jobs.notices import tell_what_happened
from teams.kit.db import Database
from teams.kit.settings import Settings
from tests.apps import app_for
from tests.faults.proxy import Proxy, to_port
from tests.klussen.acts import claim
from tests.klussen.test_claim import posted
from tests.notices.scene import daytime, mail_server, settings
from tests.notices.test_mail import wants
from tests.places import Place
from tests.world import World


@pytest.fixture
def silent() -> Iterator[Proxy]:
    with Proxy(to_port(1)) as hole:
        hole.hole = True
        yield hole


@pytest.mark.slow
async def test_a_silent_log_in_service_holds_nobody_up_who_is_inside(
    silent: Proxy, place: Place, db: Database, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of ten who want to log in nobody waits for another's turn; emergency access and sessions live on."""
    monkeypatch.setattr(provider_module, "_SECONDS", 0.5)
    monkeypatch.setattr(provider_module, "_CONNECT", 0.5)
    issuer = f"http://127.0.0.1:{silent.port}"
    known = Settings(
        database_url=place.url(), public_url="http://teams.test", oidc_issuer=issuer, oidc_client_id="teams", pool=2
    )
    app = app_for(known, db)
    app.app.state.provider = provider_module.Provider(known)
    async with db.begin() as session:
        mine = await open_session(session, world.accounts["aya"], device="test", old=None)
    inside = {"cookie": f"{COOKIE}={mine}", "x-csrf-token": form_token(mine)}
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://teams.test") as browser:
        knocking = [asyncio.create_task(browser.get("/inloggen/dienst")) for _ in range(10)]
        while not silent.open:
            await asyncio.sleep(0.01)
        assert (await browser.get("/klussen", headers=inside)).status_code == 200
        assert "Noodtoegang" in (await browser.get("/inloggen")).text
        for answer in await asyncio.gather(*knocking):
            assert answer.status_code == 503 and "niet bereikbaar" in answer.text


async def test_a_silent_mail_server_loses_no_mail_and_holds_no_transaction(
    silent: Proxy, place: Place, db: Database, owner: asyncpg.Connection, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(post, "PATIENCE", 0.5)
    await daytime(owner)
    await wants(db, world, "aya", beheer="direct")
    klus = await posted(db, world)
    await claim(db, world, "cato", klus.id)
    await tell_what_happened(db, settings(place, silent.port))
    sending = asyncio.create_task(post.send_mail(db, settings(place, silent.port)))
    while not silent.open:
        await asyncio.sleep(0.01)
    held = "select count(*) from pg_stat_activity where datname = current_database() and state like 'idle in trans%'"
    assert await owner.fetchval(held) == 0
    assert await sending == 0
    row = await owner.fetchrow("select state, tries from mail")
    assert (row["state"], row["tries"]) == ("wacht", 1)
    await owner.execute("update mail set next_at = now()")
    async with mail_server() as box:
        assert await post.send_mail(db, settings(place, box.port)) == 1
    assert len(box.mails) == 1
