"""The search box and its page through HTTP: grouped, marked, escaped; what each person may find; the same over the API."""

import re
from collections.abc import Callable
from typing import Any

import asyncpg
import pytest

from teams.kit.db import Database
from tests.klussen.test_claim import posted
from tests.reports.test_search import accountability, power
from tests.world import World


async def test_every_page_has_the_box_and_it_works_without_scripts(visit: Callable[..., Any], world: World) -> None:
    client = await visit("cato")
    for path in ("/", "/klussen", "/organisatie", f"/teams/{world.teams['groen']}", "/hulp", "/zoeken"):
        text = (await client.get(path)).text
        form = re.search(
            r'<form class="teams-kopzoek" action="/zoeken" method="get" role="search"[^>]*>.*?</form>', text, re.S
        )
        assert form and 'name="zoek"' in form[0] and '<button type="submit">' in form[0], path
    assert "teams-kopzoek" not in (await (await visit(None)).get("/inloggen")).text


async def test_the_page_says_who_is_answerable_and_marks_the_words(
    visit: Callable[..., Any], owner: asyncpg.Connection, world: World
) -> None:
    await accountability(owner, world.roles["boom"], "Elke boom <b>laten</b> controleren")
    text = (await (await visit("cato")).get("/zoeken", params={"zoek": "wie moet bomen controleren"})).text
    assert f'href="/rollen/{world.roles["boom"]}"' in text and f'href="/personen/{world.people["aya"]}"' in text
    assert "<mark>boom</mark> &lt;b&gt;laten&lt;/b&gt; <mark>controleren</mark>" in text
    assert "Rollen: wie is waarvoor verantwoordelijk" in text


async def test_what_was_typed_stays_and_is_escaped(visit: Callable[..., Any]) -> None:
    client = await visit("aya")
    for word in ("<script>alert(1)</script>", "%", "_", "{{7*7}}", "' or 1=1 --", '"><img src=x>'):
        answer = await client.get("/zoeken", params={"zoek": word})
        assert answer.status_code == 200 and "Niets gevonden" in answer.text, word
        assert "<script>alert" not in answer.text and "<img" not in answer.text
    long = await client.get("/zoeken", params={"zoek": "boom " * 30})
    assert long.status_code == 422 and "hoogstens 120 tekens" in long.text and "boom boom" in long.text
    for wrong in ({"soort": "niets"}, {"zoek": "a", "x": "1"}):
        assert (await client.get("/zoeken", params=wrong)).status_code == 400, wrong
    assert (await client.get("/zoeken?zoek=a&zoek=b")).status_code == 400
    assert (await client.get("/zoeken", params={"zoek": "boom", "op": "morgen"})).status_code == 422


async def test_a_typing_error_finds_it_and_the_page_says_so(visit: Callable[..., Any], world: World) -> None:
    text = (await (await visit("aya")).get("/zoeken", params={"zoek": "boombeheeder"})).text
    assert f'href="/rollen/{world.roles["boom"]}"' in text and "Dit lijkt erop" in text


async def test_a_past_day_is_kept_in_every_link_of_structure(visit: Callable[..., Any], world: World) -> None:
    answer = await (await visit("aya")).get("/zoeken", params={"zoek": "boom", "op": "01-10-2026"})
    found = re.findall(r'href="(/(?:teams|rollen|personen)/[^"]+)"', answer.text.split('id="inhoud"')[1])
    assert found and all("op=01-10-2026" in link for link in found)
    assert "Je ziet hoe het was op" in answer.text


async def test_the_council_reader_finds_the_public_register_without_names(
    visit: Callable[..., Any], owner: asyncpg.Connection, db: Database, world: World
) -> None:
    await power(owner, "KAP", "Kappen van bomen", "boom")
    await posted(db, world, titel="Boom planten")
    text = (await (await visit("gea")).get("/zoeken", params={"zoek": "boom"})).text
    shown = text.split('id="inhoud"')[1].split("</main>")[0]
    assert 'href="/openbaar/mandaten?bevoegdheid=KAP"' in shown and 'href="/openbaar/mandaten?zoek=GR-01"' in shown
    assert "Boom planten" not in shown and "Proef" not in shown and "/rollen/" not in shown
    assert (await (await visit("gea")).get("/openbaar/mandaten?zoek=GR-01")).status_code == 200
    assert (await (await visit(None)).get("/zoeken?zoek=boom")).status_code == 303


@pytest.mark.parametrize("word", ["groen", "boombeheeder", "xylofoon", ""])
async def test_few_queries(visit: Callable[..., Any], queries: Any, word: str) -> None:
    client = await visit("aya")
    with queries() as sent:
        assert (await client.get("/zoeken", params={"zoek": word})).status_code == 200
    assert len(sent) <= 7


async def test_the_api_answers_the_same(
    visit: Callable[..., Any], db: Database, owner: asyncpg.Connection, world: World
) -> None:
    await accountability(owner, world.roles["boom"], "Elke boom laten controleren")
    await power(owner, "KAP", "Kappen van bomen", "boom")
    klus = await posted(db, world, titel="Boom planten")
    answer = await (await visit("cato")).get("/api/v1/zoeken", params={"zoek": "boom"})
    assert answer.status_code == 200
    body = answer.json()
    found = {one["soort"]: one for one in body["resultaten"]}
    assert found["rol"]["vervullers"] == [{"id": str(world.people["aya"]), "naam": "Aya Proef"}]
    assert found["rol"]["team"]["naam"] == "Groen en Water" and "boom" in found["rol"]["gevondenWoorden"]
    assert (found["klus"]["id"], found["klus"]["nummer"]) == (str(klus.id), str(klus.number))
    assert (found["bevoegdheid"]["id"], found["bevoegdheid"]["nummer"]) == (None, "KAP")
    assert body["volgende"] is None and body["gelijkend"] is False
    one = await (await visit("cato")).get("/api/v1/zoeken", params={"zoek": "boom", "soort": "klus"})
    assert {hit["soort"] for hit in one.json()["resultaten"]} == {"klus"}
    council = (await (await visit("gea")).get("/api/v1/zoeken", params={"zoek": "boom"})).json()
    assert {hit["soort"] for hit in council["resultaten"]} == {"bevoegdheid", "mandaat"}
    for wrong in ({}, {"zoek": "a" * 121}, {"zoek": "a", "soort": "x"}, {"zoek": "a", "op": "gisteren"}):
        assert (await (await visit("cato")).get("/api/v1/zoeken", params=wrong)).status_code == 400, wrong
