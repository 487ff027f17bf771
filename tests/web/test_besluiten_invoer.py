"""Recording with input that is not as the form gave it: every amount of the contract, hidden fields, keys and the same form many times at once."""

import asyncio
from collections.abc import AsyncIterator
from html import unescape
from typing import Any

import asyncpg
import pytest

from teams.kit.db import Database
from tests.decisions.desk import SUBSIDY, Desk, desks
from tests.mandates.stored import uid
from tests.places import Place
from tests.web.test_besluiten import FORM, count

READ = {
    "4500": 450_000, "4500,50": 450_050, "4500.00": 450_000, "4.500": 450_000, "4.500,00": 450_000, "€ 4.500,-": 450_000,
    " 0,01 ": 1, "5.000": 500_000,
}  # fmt: skip
REFUSED = (
    "7,500", "1,000.50", "1.000.50", "7.5", "1e9", "４５００", "NaN", "-1", "-0", "+4500", "0x10", "4500 euro", "9" * 30, "4 500",
    "<b>4500</b>", "4500\x00", "٤٥٠٠", "inf", "4500,555", "4500;", "",
)  # fmt: skip


@pytest.fixture
async def desk(place: Place, db: Database, owner: asyncpg.Connection) -> AsyncIterator[Desk]:
    async with desks(place, db, owner, demo=True) as desk:
        yield desk


async def test_every_amount_is_exact_or_refused(desk: Desk, owner: Any) -> None:
    """Never a silent factor of a thousand: page and stored cents agree, and what is not understood stores nothing."""
    noor = await desk("noor")
    for n, (typed, cents) in enumerate(READ.items()):
        form = {**FORM, "bedrag": typed, "zaak": f"26-{n}", "sleutel": f"een-eigen-sleutel-{n}"}
        made = await noor.send_form("/besluiten", form)
        assert made.status_code == 303, (typed, unescape(made.text))
        assert await owner.fetchval("select cents from decision order by serial desc limit 1") == cents, typed
    for n, typed in enumerate(REFUSED):
        answer = await noor.send_form("/besluiten", {**FORM, "bedrag": typed, "sleutel": f"een-andere-sleutel-{n}"})
        assert answer.status_code in (400, 409, 422), (typed, answer.status_code)
        if typed != "7.5":  # the API reads plain decimals, where this is seven euros and a half
            told = await noor.json("POST", "/api/v1/besluiten", {**SUBSIDY, "bedrag": typed})
            assert told.status_code in (400, 409, 422), (typed, told.status_code)
    assert await count(owner) == len(READ)


async def test_hidden_fields_and_keys_of_somebody_else(desk: Desk, owner: Any) -> None:
    noor, gijs = await desk("noor"), await desk("gijs")
    wrong = (
        {"rol": uid("secretaris")}, {"rol": uid("jurist")}, {"rol": "x"}, {"rol": "' or 1=1--"}, {"bevoegdheid": "BESTAAT-NIET"},
        {"bevoegdheid": ""}, {"datum": "29-02-2027"}, {"datum": "2026-13-01"}, {"gevoelig": "misschien"},
        {"zaak": "z" * 5_000}, {"onderwerp": "o" * 5_000}, {"tegenInstructie": "1\x00"}, {"besluitnummer": "2026-00001"},
    )  # fmt: skip
    for change in wrong:
        answer = await noor.send_form("/besluiten", {**FORM, **change})
        back = answer.status_code == 303 and answer.headers["location"] == "/mag-ik-dit"
        assert back or 400 <= answer.status_code < 500, (change, answer.status_code)
    assert await count(owner) == 0
    for key in ("", "kort", "é" * 20, "x" * 65, "'; drop table decision; --"):
        answer = await noor.send_form("/besluiten", {**FORM, "sleutel": key})
        assert answer.status_code < 500, key
    before = await count(owner)
    first = await noor.send_form("/besluiten", FORM)
    other = await gijs.send_form("/besluiten", {**FORM, "zaak": "26-9"})
    assert (first.status_code, other.status_code) == (303, 303), unescape(other.text)
    assert first.headers["location"] != other.headers["location"], "a key is of one person"
    assert await count(owner) == before + 2


async def test_the_same_form_eight_times_at_once_is_one_decision(desk: Desk, owner: Any) -> None:
    noor = await desk("noor")
    answers = await asyncio.gather(*(noor.send_form("/besluiten", {**FORM, "zaak": "26-1"}) for _ in range(8)))
    statuses = [answer.status_code for answer in answers]
    assert set(statuses) <= {303, 409, 503} and 303 in statuses, statuses
    assert len({answer.headers["location"] for answer in answers if answer.status_code == 303}) == 1
    again = await noor.send_form("/besluiten", {**FORM, "zaak": "26-1"})
    assert again.headers["location"] == next(a.headers["location"] for a in answers if a.status_code == 303)
    assert await count(owner) == 1
    key = {"Idempotency-Key": "een-sleutel-van-een-ander-systeem"}
    told = await asyncio.gather(
        *(noor.json("POST", "/api/v1/besluiten", {**SUBSIDY, "zaak": "26-2"}, **key) for _ in range(8))
    )
    assert {answer.status_code for answer in told} <= {201, 409, 503}
    assert len({answer.json()["nummer"] for answer in told if answer.status_code == 201}) == 1
    assert await count(owner) == 2


async def test_a_megabyte_of_reasons_and_markup_everywhere(desk: Desk, owner: Any) -> None:
    noor = await desk("noor")
    for field in ("motivering", "onderwerp", "zaak", "wederpartij", "bedrag"):
        answer = await noor.send_form("/besluiten", {**FORM, field: "x" * 1_000_000})
        assert answer.status_code in (413, 422), (field, answer.status_code)
        told = await noor.json("POST", "/api/v1/besluiten", {**SUBSIDY, field: "x" * 1_000_000})
        assert told.status_code in (400, 413, 422), (field, told.status_code)
    assert await count(owner) == 0
    evil = "<img src=x onerror=alert(1)>{{7*7}}${jndi:x}%s"
    form = {**FORM, "zaak": evil, "onderwerp": evil, "motivering": evil}
    made = await noor.send_form("/besluiten", form)
    assert made.status_code == 303, unescape(made.text)
    for address in (made.headers["location"], "/besluiten"):
        page = (await noor.get(address)).text
        assert "<img src=x" not in page and "&lt;img src=x onerror=alert(1)&gt;" in page
        assert "{{7*7}}" in page
