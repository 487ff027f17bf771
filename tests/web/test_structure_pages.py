"""Pages of structure through HTTP: map, team, role, person, on two time axes; what others see of a person."""

import html
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import asyncpg
import pytest
import sqlalchemy as sa

from teams.kit.db import Database
from teams.klussen.actions.claim import claim_klus
from teams.structure import branch
from teams.web import organisatie
from tests.klussen.test_claim import posted
from tests.reports.test_search import power
from tests.structure.test_queries import CHANGED, LONG_AGO, rename
from tests.world import START, TODAY, World, add_role, fill


def paths(world: World) -> dict[str, str]:
    return {
        "organisatie": "/organisatie", "tabel": "/organisatie/tabel", "team": f"/teams/{world.teams['groen']}",
        "rol": f"/rollen/{world.roles['boom']}", "persoon": f"/personen/{world.people['aya']}",
    }  # fmt: skip


@pytest.mark.parametrize("name", ["organisatie", "tabel", "team", "rol", "persoon"])
async def test_each_page_is_there_for_who_works_here_and_needs_no_inline_style(
    visit: Callable[..., Any], world: World, name: str
) -> None:
    path = paths(world)[name]
    for reader in ("aya", "cato", "sef", "kees", "beer", "wil"):
        answer = await (await visit(reader)).get(path)
        assert answer.status_code == 200, (reader, answer.text[:300])
        assert not re.search(r"<[^>]+\s(style|on\w+)=", answer.text)
        assert len(re.findall(r"<h1\b", answer.text)) == 1
        ids = re.findall(r'\sid="([^"]+)"', answer.text)
        assert len(ids) == len(set(ids))
    assert (await (await visit("gea")).get(path)).status_code == 403, "a council reader reads no structure"
    assert (await (await visit(None)).get(path)).status_code == 303


@pytest.mark.parametrize("name", ["organisatie", "tabel", "team", "rol", "persoon"])
async def test_at_most_nine_queries_constant_in_rows(
    visit: Callable[..., Any], queries: Any, db: Database, owner: asyncpg.Connection, world: World, name: str
) -> None:
    client, path = await visit("aya"), paths(world)[name]
    with queries() as few:
        assert (await client.get(path)).status_code == 200
    for number in range(12):
        role = await add_role(owner, world.teams["groen"], f"Groenrol {number}")
        for person in ("aya", "cato"):
            await fill(owner, role, world.people[person], 0)
    for number in range(3):
        klus = await posted(db, world, titel=f"Klus {number}", urenMin=1, rolId=world.roles["boom"])
        async with db.begin() as session:
            await claim_klus(session, klus.id, by=world.actor("aya"))
    with queries() as many:
        assert (await client.get(path)).status_code == 200
    assert len(few) <= len(many) <= 9
    assert len(many) - len(few) <= 1, "only the names that activity asks for"


@pytest.mark.parametrize("path", ["/teams/{}", "/rollen/{}", "/personen/{}"])
async def test_unknown_is_404(visit: Callable[..., Any], path: str) -> None:
    client = await visit("aya")
    for key in (uuid4(), "99999999999", "x", "10" * 20):
        assert (await client.get(path.format(key))).status_code == 404


@pytest.mark.parametrize("name", ["organisatie", "tabel", "team", "rol", "persoon"])
async def test_a_day_that_cannot_be_read_is_named_and_kept(visit: Callable[..., Any], world: World, name: str) -> None:
    client, path = await visit("aya"), paths(world)[name]
    for field, text in (("op", "2026-10-25T02:30:00"), ("bekend", "31-02-2026"), ("op", "<script>"), ("op", "9" * 500)):
        answer = await client.get(path, params={field: text})
        assert answer.status_code == 422
        wrong = re.search(rf'<input[^>]*id="{field}"[^>]*>', answer.text)
        assert wrong and 'aria-invalid="true"' in wrong[0] and html.escape(text) in wrong[0].replace("&#34;", "&quot;")
        assert f'href="#{field}"' in answer.text
    for field in ("op", "bekend"):
        assert (await client.get(f"/organisatie?{field}=2026-01-01&{field}=2026-01-02")).status_code == 400
    assert (await client.get(f"/teams/{world.teams['groen']}?voor=x")).status_code == 400


async def test_the_past_is_shown_with_a_banner_and_kept_in_every_link(
    visit: Callable[..., Any], owner: asyncpg.Connection, world: World
) -> None:
    await rename(owner, world.teams["groen"], "Groen, Water en Lucht")
    client, team = await visit("cato"), f"/teams/{world.teams['groen']}"
    present = await client.get(team)
    assert "Groen, Water en Lucht" in present.text and "Je ziet" not in present.text
    past = await client.get(team, params={"op": f"{LONG_AGO:%d-%m-%Y}"})
    assert '<h1 class="nl-heading nl-heading--level-1">Groen en Water</h1>' in past.text
    assert "Je ziet hoe het was op" in past.text and f'<a class="nl-link" href="{team}">Terug naar vandaag' in past.text
    inside = [link for link in re.findall(r'href="(/(?:teams|rollen|personen|organisatie)[^"]*)"', past.text)
              if link not in (team, "/organisatie")]  # fmt: skip
    named = [link for link in re.findall(r'href="(/[^"]*)"', past.text.split('id="verloop"')[0]) if link in inside]
    assert len(named) > 5 and all(f"op={LONG_AGO:%d-%m-%Y}" in link for link in named)
    known = await client.get(team, params={"op": str(CHANGED), "bekend": str(LONG_AGO)})
    assert "zoals dat op" in known.text and "Groen en Water</h1>" in known.text
    assert (await client.get(team, params={"op": str(START - timedelta(days=1))})).status_code == 404
    future = await client.get(team, params={"op": str(TODAY + timedelta(days=9))})
    assert future.status_code == 200 and "Je ziet" not in future.text


async def test_the_map_links_every_team_and_the_list_says_the_same(visit: Callable[..., Any], world: World) -> None:
    text = (await (await visit("aya")).get("/organisatie")).text
    assert "3 teams, 7 rollen, 8 mensen" in text
    for team in world.teams.values():
        assert text.count(f'href="/teams/{team}"') == 2
    assert 'aria-label="Groen en Water, 4 rollen, 1 open"' in text
    past = (await (await visit("aya")).get("/organisatie", params={"op": "1950-01-01"})).text
    assert "<svg viewBox" not in past.split('id="inhoud"')[1]
    assert "Op deze dag waren er nog geen teams." in past


async def test_an_old_address_of_the_search_leads_to_the_one_search(visit: Callable[..., Any]) -> None:
    answer = await (await visit("aya")).get("/organisatie", params={"zoek": "groen & water", "op": "2026-01-01"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/zoeken?op=2026-01-01&zoek=groen+%26+water")


async def test_a_role_with_a_mandate_that_nobody_fills_says_so(
    visit: Callable[..., Any], owner: asyncpg.Connection, world: World
) -> None:
    await power(owner, "KAP", "Kappen", "", role="Ecoloog")
    client = await visit("cato")
    assert "Mandaat zonder houder" in (await client.get(f"/rollen/{world.roles['leeg']}")).text
    await fill(owner, world.roles["leeg"], world.people["dirk"], 2)
    assert "Mandaat zonder houder" not in (await client.get(f"/rollen/{world.roles['leeg']}")).text


async def test_a_role_with_a_vacature_that_has_a_place_is_filled_in_part(
    visit: Callable[..., Any], db: Database, world: World
) -> None:
    await posted(db, world, soort="vacature", wijze="selectie", rolId=world.roles["boom"])
    client = await visit("cato")
    team = (await client.get(f"/teams/{world.teams['groen']}")).text
    assert team.count("teams-rol__c deels") == 2, "the role and the legend"
    assert "zoekt nog iemand" in (await client.get(f"/rollen/{world.roles['boom']}")).text
    assert "zoekt nog iemand" not in (await client.get(f"/rollen/{world.roles['water']}")).text
    assert "Deels" not in (await client.get(f"/teams/{world.teams['groen']}", params={"op": str(LONG_AGO)})).text


async def test_hours_and_activity_of_a_person_are_only_for_the_person(
    visit: Callable[..., Any], db: Database, world: World
) -> None:
    klus = await posted(db, world, by="bram", titel="Havenkade schoon")
    async with db.begin() as session:
        await claim_klus(session, klus.id, by=world.actor("aya"))
    path = f"/personen/{world.people['aya']}"
    mine = (await (await visit("aya")).get(path)).text
    assert "20" in mine and "6 per week" in mine and "Wat er met jou gebeurde" in mine
    for reader in ("bram", "cato", "sef", "kees", "beer", "wil"):
        theirs = (await (await visit(reader)).get(path)).text
        body = theirs.split('id="inhoud"')[1].split("<footer")[0]
        assert "Havenkade schoon" in body and "Boombeheerder" in body
        assert not re.search(r"per week|Uren|gebeurde|P001|>20<", body)


async def test_a_large_organisation_is_shown_by_part_and_its_table_by_page(
    visit: Callable[..., Any], world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(branch, "_MANY", sa.text("select true"))
    client = await visit("aya")
    top, groen = world.teams["top"], world.teams["groen"]
    whole = (await client.get("/organisatie")).text
    assert f'href="/teams/{groen}"' in whole and "Dit is een grote organisatie" in whole
    part = (await client.get("/organisatie", params={"tak": str(groen)})).text
    assert f'href="/organisatie?tak={top}"' in part, "the way back"
    monkeypatch.setattr(branch, "PAGE", 1)
    monkeypatch.setattr(organisatie, "BRANCH", 1)
    for path in ("/organisatie", "/organisatie/tabel"):
        seen, address = set[str](), path
        for _ in range(9):
            text = (await client.get(address)).text
            seen |= set(re.findall(r'href="/(?:teams|rollen)/([0-9a-f-]{36})"', text.split('id="inhoud"')[1]))
            more = re.search(r'rel="next" href="([^"]+)"', text)
            if more is None:
                break
            address = html.unescape(more[1])
        assert str(groen if path == "/organisatie" else world.roles["boom"]) in seen and not more, path
    for wrong, status in ({"tak": "x"}, 400), ({"na": "x"}, 400), ({"tak": str(uuid4())}, 404):
        assert (await client.get("/organisatie", params=wrong)).status_code == status
