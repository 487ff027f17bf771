"""The administrator's pages: accounts, and the right `beheer` that two people give; nothing that touches the organisation."""

from collections.abc import Callable
from typing import Any

import asyncpg
import pytest

from teams.auth.sessions import open_session, visitor_by_session
from teams.kit.db import Database
from tests.world import World


async def has(owner: asyncpg.Connection, world: World, name: str) -> bool:
    found: bool = await owner.fetchval(
        "select exists (select from account_right where account_id = $1 and \"right\" = 'beheer')", world.accounts[name]
    )
    return found


async def test_beheer_is_given_by_two(visit: Callable[..., Any], world: World, owner: asyncpg.Connection) -> None:
    """Who asks cannot agree, nor who gets it; the secretary can. Each step is an accountable entry."""
    beer, sef, aya = await visit("beer"), await visit("sef"), await visit("aya")
    place = f"/beheer/gebruikers/{world.accounts['aya']}/beheer"
    assert (await beer.send_form(place)).status_code == 303
    assert (await beer.send_form(place)).status_code == 409, "once"
    asked = await owner.fetchval("select id from right_request")
    agree = f"/beheer/rechten/{asked}/akkoord"
    assert (await beer.send_form(agree)).status_code == 403
    assert (await aya.send_form(agree)).status_code == 403
    assert not await has(owner, world, "aya")
    assert "aya" in (await sef.get("/beheer")).text.lower()
    assert (await sef.send_form(agree)).status_code == 303
    assert await has(owner, world, "aya")
    assert (await sef.send_form(agree)).status_code == 404, "answered"
    verbs = [row["verb"] for row in await owner.fetch("select verb from journal where accountable order by id")]
    assert verbs == ["account.right_asked", "account.right_given"]
    assert (await beer.send_form(place.replace("/beheer/gebruikers", "/beheer/gebruikers", 1))).status_code == 409
    assert (await beer.send_form(f"/beheer/gebruikers/{world.accounts['aya']}/geen-beheer")).status_code == 303
    assert not await has(owner, world, "aya")


async def test_the_database_itself_refuses_who_agrees_with_an_own_request(
    world: World, owner: asyncpg.Connection
) -> None:
    with pytest.raises(asyncpg.CheckViolationError):
        await owner.execute(
            "insert into right_request (account_id, \"right\", asked_by, settled_by, settled_at, granted)"
            " values ($1, 'beheer', $2, $2, now(), true)", world.accounts["aya"], world.accounts["beer"],
        )  # fmt: skip


async def test_an_account_is_made_shut_and_gets_a_new_password(
    visit: Callable[..., Any], world: World, db: Database, owner: asyncpg.Connection
) -> None:
    beer = await visit("beer")
    await owner.execute(
        "insert into person (number, name, email) values ('P080', 'Fien Proef', 'fien@proefdam.example')"
    )
    made = await beer.send_form("/beheer/gebruikers", {"email": "fien@proefdam.example", "recht": ""})
    assert made.status_code == 200
    assert "Eerste wachtwoord van fien@proefdam.example" in made.text
    again = await beer.send_form("/beheer/gebruikers", {"email": "fien@proefdam.example", "recht": ""})
    assert again.status_code == 409
    assert "Er is al een account" in again.text
    for email, right in (
        ("geen-adres", ""),
        ("niemand@proefdam.example", "secretaris"),
        ("niemand@proefdam.example", "beheer"),
    ):
        wrong = await beer.send_form("/beheer/gebruikers", {"email": email, "recht": right})
        assert wrong.status_code == 422
        assert email in wrong.text, "what was typed stays"
    async with db.begin() as session:
        cookie = await open_session(session, world.accounts["aya"], device="test", old=None)
    reset = await beer.send_form(f"/beheer/gebruikers/{world.accounts['aya']}/wachtwoord")
    assert "Eerste wachtwoord van aya@proefdam.example" in reset.text
    async with db.begin() as session:
        assert await visitor_by_session(session, cookie) is None
    shut = f"/beheer/gebruikers/{world.accounts['aya']}/sluiting"
    assert (await beer.send_form(shut)).status_code == 303
    assert (await beer.send_form(shut)).status_code == 409
    for verb in ("sluiting", "wachtwoord", "beheer", "geen-beheer"):
        own = await beer.send_form(f"/beheer/gebruikers/{world.accounts['beer']}/{verb}")
        assert own.status_code == 403, verb
    verbs = [row["verb"] for row in await owner.fetch("select verb from journal where accountable order by id")]
    assert verbs == ["account.password_reset", "account.disabled"]
    told = "select count(*) from outbox o join journal j on j.id = o.entry where j.verb = 'account.password_reset'"
    assert await owner.fetchval(told) == 1, "the person is told"


async def test_the_pages_read_and_search(visit: Callable[..., Any], queries: Any) -> None:
    beer, sef = await visit("beer"), await visit("sef")
    for path in ("/beheer", "/beheer/gebruikers", "/beheer/controle"):
        assert (await beer.get(path)).status_code == 200, path
    assert "Maak het account" in (await beer.get("/beheer/gebruikers")).text
    assert "Maak het account" not in (await sef.get("/beheer/gebruikers")).text, "the secretary reads"
    found = (await beer.get("/beheer/gebruikers?zoek=P003")).text
    assert "Cato Proef" in found
    assert "Aya Proef" not in found
    assert "Niemand gevonden" in (await beer.get("/beheer/gebruikers?zoek=%25")).text, "literal"
    with queries() as sent:
        await beer.get("/beheer/gebruikers")
    assert len(sent) <= 3, sent
