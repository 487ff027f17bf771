"""The page of settings that change while everything runs."""

import html
import re
from collections.abc import Callable
from typing import Any

import asyncpg

from tests.world import World

Visit = Callable[..., Any]


async def test_the_secretary_changes_one_and_reads_who_when_and_why(
    visit: Visit, owner: asyncpg.Connection, world: World
) -> None:
    sef = await visit("sef")
    before = html.unescape((await sef.get("/beheer/instellingen")).text)
    assert "uit de omgeving" in before and "Hier veranderde nog niets." in before
    path = "/beheer/instellingen/works_council"
    typed = {"waarde": "OR <b>2026-03</b>", "reden": "", "versie": "0"}
    wrong = await sef.send_form(path, typed)
    assert wrong.status_code == 422 and "Vul dit in." in wrong.text
    assert html.escape(typed["waarde"]) in wrong.text
    both = await sef.send_form("/beheer/instellingen/notice_days", {"waarde": "morgen", "reden": "", "versie": "0"})
    assert both.status_code == 422 and both.text.count('aria-invalid="true"') == 2 and 'value="morgen"' in both.text
    assert (await sef.send_form(path, typed | {"reden": "Brief van de OR & directie"})).status_code == 303
    page = (await sef.get("/beheer/instellingen?gelukt=1")).text
    assert html.escape(typed["waarde"]) in page and "Brief van de OR &amp; directie" in page and "hier gekozen" in page
    late = await sef.send_form(path, {"waarde": "OR 2026-04", "reden": "Nieuwer", "versie": "0"})
    assert late.status_code == 409 and "OR 2026-04" in late.text and "net." in late.text
    number = re.search(r'works_council"[^§]*?name="versie" value="(\d+)"', late.text)
    assert number and number[1] == "1"


async def test_who_administers_sees_all_and_changes_technique_only(visit: Visit, world: World) -> None:
    beer = await visit("beer")
    page = (await beer.get("/beheer/instellingen")).text
    assert (
        'action="/beheer/instellingen/account_rate"' in page and 'action="/beheer/instellingen/notice_days"' not in page
    )
    form = {"waarde": "100", "reden": "Te druk", "versie": "0"}
    assert (await beer.send_form("/beheer/instellingen/notice_days", form)).status_code == 403
    assert (await beer.send_form("/beheer/instellingen/database_url", form)).status_code == 404
    assert (await beer.send_form("/beheer/instellingen/account_rate", form)).status_code == 303
    for wrong in ({"versie": "x"}, {"versie": str(10**30)}, {"waarde": "x\x00"}):
        answer = await beer.send_form("/beheer/instellingen/account_rate", form | wrong)
        assert answer.status_code in (400, 422) and "Traceback" not in answer.text
