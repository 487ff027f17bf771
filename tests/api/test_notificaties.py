"""Besluiten from a case system: signed, fresh, recorded once, a no never lost (mandates 2.4)."""

import asyncio
import json
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import asyncpg
import httpx
import pytest

from teams.api.notificaties import signature
from teams.kit.db import Database
from teams.kit.settings import Settings
from tests.apps import app_for
from tests.decisions.acts import settle
from tests.mandates.stored import uid
from tests.places import Place

SECRET = "een-geheim-van-het-zaaksysteem-0123456789"
PATH = "/api/v1/notificaties"
Send = Callable[..., Awaitable[httpx.Response]]


def note(url: str = "https://zaken.example/besluiten/1", **more: Any) -> dict[str, Any]:
    facts = {
        "bevoegdheid": "SUB-01", "gebruiker": uid("noor"), "op": "2026-11-20", "bedrag": "4000", "zaak": "26-SUB-1",
        "onderwerp": "Subsidie dansschool", "motivering": "Past in de regeling.", "gevoelig": "false", "belang": "false",
        "besluittype": "https://zaken.example/besluittypen/7",
    }  # fmt: skip
    return {
        "kanaal": "besluiten", "hoofdObject": url, "resource": "besluit", "resourceUrl": url, "actie": "create",
        "aanmaakdatum": "2026-11-20T10:00:00Z", "kenmerken": {**facts, **more},
    }  # fmt: skip


@pytest.fixture
async def send(place: Place, db: Database, owner: asyncpg.Connection) -> AsyncIterator[Send]:
    await settle(owner)
    boss = await asyncpg.connect(place.url("postgres"))
    await boss.execute("set session_replication_role = replica")
    await boss.execute(
        "update power_version v set recording = 'uit_zaaksysteem' from power p where p.id = v.power_id and p.code <> 'PW-07'"
    )
    await boss.close()
    app = app_for(Settings(database_url=place.url(), notification_secret=SECRET), db)
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://teams.test") as client:

        async def send(
            what: Any,
            *,
            secret: str = SECRET,
            stamp: str | None = None,
            body: bytes | None = None,
            hand: str | None = None,
        ) -> httpx.Response:
            signed = json.dumps(what).encode()
            when = stamp or str(int(time.time()))
            headers = {
                "content-type": "application/json", "teams-tijdstip": when,
                "teams-handtekening": hand if hand is not None else f"sha256={signature(secret, when, signed)}",
            }  # fmt: skip
            return await client.post(PATH, content=body or signed, headers=headers)

        yield send


async def test_a_besluit_is_recorded_and_sent_again_changes_nothing(send: Send, owner: asyncpg.Connection) -> None:
    first = await send(note())
    assert first.status_code == 201, first.text
    assert first.json()["uitkomst"] == "vastgelegd"
    row = await owner.fetchrow("select * from decision")
    assert (row["source"], row["external"], row["cents"]) == ("zaaksysteem", note()["resourceUrl"], 400000)
    again = await send(note())
    assert (again.status_code, again.json()) == (200, {"uitkomst": "stond_er_al", "nummer": first.json()["nummer"]})
    other = await send(note(bedrag="4500"))
    assert (other.status_code, other.json()["redenen"][0]["code"]) == (400, "kenmerk")
    assert await owner.fetchval("select count(*) from decision") == 1


async def test_a_no_is_recorded_as_taken_without_authority(send: Send, owner: asyncpg.Connection) -> None:
    answer = await send(note(bedrag=7500))
    assert (answer.status_code, answer.json()["uitkomst"]) == (201, "zonder_bevoegdheid")
    assert await owner.fetchval("select outcome from decision") == "gebrek"


async def test_yes_and_no_may_be_words(send: Send, owner: asyncpg.Connection) -> None:
    assert (await send(note(gevoelig="nee", belang="nee"))).json()["uitkomst"] == "vastgelegd"
    assert (await send(note("https://zaken.example/besluiten/2", belang="ja"))).json()[
        "uitkomst"
    ] == "zonder_bevoegdheid"
    assert "Kies ja of nee." in (await send(note("https://zaken.example/besluiten/3", belang="soms"))).text


async def test_two_same_ones_at_once_are_one(send: Send, owner: asyncpg.Connection) -> None:
    answers = await asyncio.gather(*(send(note()) for _ in range(5)))
    assert sorted(answer.status_code for answer in answers) == [200, 200, 200, 200, 201]
    assert len({answer.json()["nummer"] for answer in answers}) == 1
    assert await owner.fetchval("select count(*) from decision") == 1


async def test_bad_signatures_and_old_moments_are_refused(send: Send, owner: asyncpg.Connection) -> None:
    now = int(time.time())
    tries = [
        await send(note(), secret="x" * 40), await send(note(), hand=""), await send(note(), hand="sha256="),
        await send(note(), hand="sha256=" + "0" * 64), await send(note(), stamp=str(now - 400)),
        await send(note(), stamp=str(now + 400)), await send(note(), stamp="gisteren"), await send(note(), stamp="9" * 12),
        await send(note(), body=json.dumps(note(bedrag="1")).encode()),
    ]  # fmt: skip
    assert [answer.status_code for answer in tries] == [401] * len(tries)
    assert all("token" not in answer.text and "Teams-" in answer.json()["detail"] for answer in tries)
    assert await owner.fetchval("select count(*) from decision") == 0


BAD = [
    ("bevoegdheid", "XYZ-9"), ("gebruiker", "niemand@x.nl"), ("op", "ooit"), ("op", "2199-01-01"), ("bedrag", "1e9"),
    ("bedrag", "7,500"), ("bedrag", "7500,50"), ("bedrag", "-1"), ("motivering", ""), ("onderwerp", None), ("gevoelig", "misschien"),
]  # fmt: skip


async def test_bad_input_names_the_field(send: Send, owner: asyncpg.Connection) -> None:
    for field, value in BAD:
        answer = await send(note(**{field: value}))
        assert answer.status_code == 400, (field, value, answer.text)
        assert [reason["code"] for reason in answer.json()["redenen"]] == [field]
    assert await owner.fetchval("select count(*) from decision") == 0


async def test_markup_and_long_reasons_are_only_text(send: Send, owner: asyncpg.Connection) -> None:
    assert (await send(note(zaak="<script>alert(1)</script>"))).status_code == 201
    assert (await send(note(motivering="x" * 900_000))).status_code == 400
    assert (await send(note(motivering="x" * 1_000_001))).status_code == 413


async def test_what_is_not_about_a_new_besluit_is_left(send: Send, owner: asyncpg.Connection) -> None:
    for change in ({"kanaal": "test"}, {"actie": "destroy"}, {"resource": "besluitinformatieobject"}):
        answer = await send({**note(), **change})
        assert (answer.status_code, answer.json()["uitkomst"]) == (200, "overgeslagen")
    by_hand = await send(note(bevoegdheid="PW-07", gebruiker=uid("cas")))
    assert (by_hand.status_code, by_hand.json()["redenen"][0]["code"]) == (409, "vastlegging")
    assert await owner.fetchval("select count(*) from decision") == 0


async def test_without_a_secret_nobody_may_send(place: Place, db: Database) -> None:
    app = app_for(Settings(database_url=place.url()), db)
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://teams.test") as client:
        assert (await client.post(PATH, json=note())).status_code == 404
