"""M15 through HTTP: the question about a grant and its answer, on the page and in the API; all faults named, typed text kept."""

import re
from collections.abc import Callable
from datetime import timedelta
from html import unescape
from typing import Any

import asyncpg

from teams.auth.sessions import form_token
from tests.api.conftest import Call, codes
from tests.api.conftest import call as call
from tests.mandates.test_register_actions import register  # noqa: F401
from tests.web.test_mandaat_beheer import below, grant, in_force
from tests.world import TODAY, World

Visit = Callable[..., Any]
LATER = TODAY + timedelta(days=14)


async def test_a_grantor_asks_and_the_holder_answers(visit: Visit, owner: asyncpg.Connection, register: World) -> None:  # noqa: F811
    sef, cato, aya = [await visit(who) for who in ("sef", "cato", "aya")]
    await sef.send_form("/mandaten/nieuw", grant())
    await in_force(sef, "T1")
    await sef.send_form("/mandaten/nieuw", below())
    await in_force(sef, "T2")
    for typed, field in (
        ({"vraag": "", "uiterlijk": "29-02-2027"}, "vraag"),
        ({"vraag": "Hoe vaak <b>?", "uiterlijk": "29-02-2027"}, "uiterlijk"),
        ({"vraag": "Hoe vaak <b>?", "uiterlijk": "01-01-2020"}, "uiterlijk"),
    ):
        wrong = await sef.send_form("/mandaten/T2/inlichtingen", typed)
        assert wrong.status_code == 422, wrong.text
        assert f'href="#{field}"' in wrong.text and f'value="{typed["uiterlijk"]}"' in wrong.text
        assert typed["vraag"] in unescape(wrong.text)
    assert await owner.fetchval("select count(*) from grant_inquiry") == 0
    typed = {"vraag": "Hoe vaak <b>?", "uiterlijk": f"{LATER:%d-%m-%Y}"}
    assert (await cato.send_form("/mandaten/T2/inlichtingen", typed)).status_code == 403
    typed["csrf"] = form_token(sef.session_id)
    asked = [await sef.send_form("/mandaten/T2/inlichtingen", typed) for _ in range(2)][1]
    assert await owner.fetchval("select count(*) from grant_inquiry") == 1, "one form is one question"
    assert (asked.status_code, asked.headers["location"]) == (303, "/mandaten/T2?gelukt=gevraagd#inlichtingen")
    assert "Geef inlichtingen over mandaat T2" in (await cato.get("/")).text
    assert "Hoe vaak" not in (await aya.get("/mandaten/T2")).text, "for giver, holder, secretary and controller"
    page = await cato.get("/mandaten/T2")
    assert "Hoe vaak &lt;b&gt;?" in page.text and "Wacht op antwoord" in page.text
    address = re.search(r'action="(/mandaten/T2/inlichtingen/[0-9a-f-]+)"', page.text)
    assert address is not None
    empty = await cato.send_form(address[1], {"antwoord": ""})
    assert empty.status_code == 422 and 'id="antwoord"' in empty.text
    assert (await cato.send_form(address[1], {"antwoord": "Twee keer."})).status_code == 303
    again = await cato.send_form(address[1], {"antwoord": "Drie keer."})
    assert again.status_code == 409 and "al beantwoord" in again.text
    assert "Twee keer." in (await sef.get("/mandaten/T2")).text
    assert "Geef inlichtingen" not in (await cato.get("/")).text
    for address_ in ("/mandaten/T9/inlichtingen", f"/mandaten/T1/inlichtingen/{register.people['aya']}"):
        assert (
            await sef.send_form(address_, {"antwoord": "x"} if address_.count("/") > 3 else typed)
        ).status_code == 404


async def test_the_same_through_the_api(call: Call, register: World) -> None:  # noqa: F811
    from tests.api.test_mandates import below, grant, in_force

    sef, cato, aya = [await call(who) for who in ("sef", "cato", "aya")]
    await in_force(sef, grant())
    await in_force(sef, below())
    body = {"vraag": "Hoe vaak?", "uiterlijk": LATER.isoformat()}
    assert codes(await sef.post("/mandaten/T2/inlichtingen", json={"uiterlijk": "2027-02-29"})) == [
        "vraag",
        "uiterlijk",
    ]
    assert (await aya.post("/mandaten/T2/inlichtingen", json=body)).status_code == 403
    made = await sef.post("/mandaten/T2/inlichtingen", json=body)
    assert made.status_code == 201, made.text
    (one,) = made.json()["resultaten"]
    assert (one["namens"], one["antwoord"], one["teLaat"]) == ("functie:gemeentesecretaris", None, False)
    address = f"/mandaten/T2/inlichtingen/{one['id']}/antwoord"
    assert (await aya.post(address, json={"antwoord": "Nooit."})).status_code == 403
    done = await cato.post(address, json={"antwoord": "Twee keer."})
    assert (done.status_code, done.json()["resultaten"][0]["antwoord"]) == (201, "Twee keer.")
    assert codes(await cato.post(address, json={"antwoord": "Nog eens."})) == ["verkeerd_moment"]
    assert (await aya.get("/mandaten/T2/inlichtingen")).json() == {"resultaten": []}
    assert (await sef.get("/mandaten/T9/inlichtingen")).status_code == 404
