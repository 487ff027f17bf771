"""A form that is sent twice, at once or one after the other, is done once; without JavaScript (R1)."""

import asyncio
from datetime import timedelta
from typing import Any

import asyncpg
import pytest

from teams.auth.sessions import form_token
from teams.kit.db import Database
from tests.klussen.test_claim import posted
from tests.world import TODAY, World

SAME = {"sec-fetch-site": "same-origin"}


@pytest.mark.parametrize(
    "address", ["/klussen", "/klussen/{klus}/kopie", "/klussen/{klus}/vragen", "/profiel/gegevens/correctie"]
)
async def test_R1_two_clicks_on_one_form_are_one_act(
    visit: Any, db: Database, owner: asyncpg.Connection, world: World, address: str
) -> None:
    """Drawn anew it is another form: who wants two, gets two."""
    klus = (await posted(db, world)).id
    aya, day = await visit("aya"), (TODAY + timedelta(days=9)).strftime("%d-%m-%Y")
    typed = {
        "/klussen": {"titel": "Eén keer", "omschrijving": "x", "soort_uren": "eenmalig", "uren": "4", "van": day, "plaatsen": "1"},
        "/klussen/{klus}/vragen": {"vraag": "Waar is het?"},
        "/profiel/gegevens/correctie": {"watKloptNiet": "Mijn naam."},
    }.get(address, {})  # fmt: skip
    rows = (
        "select (select count(*) from klus) + (select count(*) from klus_question) + (select count(*) from correction)"
    )
    before = await owner.fetchval(rows)

    async def send(form: dict[str, str], times: int) -> list[Any]:
        return [await aya.post(address.format(klus=klus), data=form, headers=SAME) for _ in range(times)]

    first = {"csrf": form_token(aya.session_id), **typed}
    found = [one for pair in await asyncio.gather(send(first, 2), send(first, 1)) for one in pair]
    assert [one.status_code for one in found] == [303] * 3, found[0].text[:500]
    assert len({one.headers["location"] for one in found}) == 1
    assert await owner.fetchval(rows) == before + 1
    if address != "/profiel/gegevens/correctie":
        (again,) = await send({"csrf": form_token(aya.session_id), **typed}, 1)
        assert again.status_code == 303 and await owner.fetchval(rows) == before + 2


async def test_what_was_refused_may_be_sent_again(visit: Any, db: Database, world: World) -> None:
    """A refusal is not kept: the same form is weighed anew."""
    klus = (await posted(db, world)).id
    aya = await visit("aya")
    form = {"csrf": form_token(aya.session_id), "vraag": " "}
    for _ in range(2):
        assert (await aya.post(f"/klussen/{klus}/vragen", data=form, headers=SAME)).status_code == 422
