"""Pages of what changed: words beside colours, who did it by which proposal, both time axes, bad days named and kept."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import asyncpg
import pytest

from teams.kit.clock import now
from teams.kit.db import Database
from teams.structure.actions.roles import change_role
from teams.structure.models import ItemKind
from tests.governance.acts import consent, new_role, submitted
from tests.structure.test_queries import CHANGED, LONG_AGO, rename
from tests.world import TODAY, World, fill

YESTERDAY = TODAY - timedelta(days=1)


def paths(world: World) -> dict[str, str]:
    return {
        "organisatie": "/organisatie/geschiedenis", "team": f"/teams/{world.teams['groen']}/geschiedenis",
        "rol": f"/rollen/{world.roles['boom']}/geschiedenis",
    }  # fmt: skip


async def changed(db: Database, world: World) -> None:
    async with db.begin() as session:
        at = await now(session)
        await change_role(
            session, world.roles["boom"], first=TODAY, purpose="Het doel van <b>gezonde</b> bomen.",
            add=[(ItemKind.ACCOUNTABILITY, "Kap opdragen")], by=world.actor("sef"), at=at,
        )  # fmt: skip


@pytest.mark.parametrize("name", ["organisatie", "team", "rol"])
async def test_the_page_says_in_words_what_came_what_went_and_who_did_it(
    visit: Callable[..., Any], db: Database, world: World, name: str
) -> None:
    path = paths(world)[name]
    await changed(db, world)
    text = (await (await visit("cato")).get(path, params={"van": str(YESTERDAY), "tot": str(TODAY)})).text
    assert '<ins><span class="teams-sr">nieuw: </span>Kap opdragen</ins>' in text
    assert "&lt;b&gt;gezonde&lt;/b&gt;" in text and "<b>gezonde" not in text
    assert '<del><span class="teams-sr">vervalt: </span>Boombeheerder.</del>' in text and "Veranderd" in text
    assert "Sef Proef</a> veranderde de rol" in text
    assert not re.search(r"<[^>]+\s(style|on\w+)=", text)
    assert len(re.findall(r"<h1\b", text)) == 1
    ids = re.findall(r'\sid="([^"]+)"', text)
    assert len(ids) == len(set(ids))
    quiet = (await (await visit("cato")).get(path, params={"van": str(LONG_AGO), "tot": str(YESTERDAY)})).text
    assert "Geen verschil" in quiet


async def test_the_proposal_that_did_it_is_one_click_away(
    visit: Callable[..., Any], db: Database, world: World
) -> None:
    made = await submitted(db, world, new_role("Egelwacht"))
    await consent(db, world, "bram", made.id)
    client = await visit("cato")
    text = (await client.get(paths(world)["team"])).text
    assert f'href="/voorstellen/{made.id}">Door voorstel {made.number}</a>' in text and "Egelwacht" in text
    assert (await client.get(f"/voorstellen/{made.id}")).status_code == 200


async def test_a_later_correction_shows_only_on_the_other_axis(
    visit: Callable[..., Any], owner: asyncpg.Connection, world: World
) -> None:
    await rename(owner, world.teams["groen"], "Groen, Water en Lucht")
    client, path = await visit("cato"), paths(world)["team"]
    same = {"van": str(CHANGED), "tot": str(CHANGED)}
    assert "Geen verschil" in (await client.get(path, params=same)).text
    learnt = (await client.get(path, params={**same, "van_bekend": str(LONG_AGO)})).text
    assert "Geen verschil" not in learnt and "Water en Lucht" in learnt
    known = {"van": str(LONG_AGO), "tot": str(CHANGED), "bekend": str(LONG_AGO)}
    assert "Geen verschil" in (await client.get(path, params=known)).text


async def test_who_came_to_fill_it_is_named_without_hours(
    visit: Callable[..., Any], owner: asyncpg.Connection, world: World
) -> None:
    await fill(owner, world.roles["boom"], world.people["dirk"], 33.5, first=YESTERDAY)
    text = (await (await visit("bram")).get(paths(world)["rol"])).text
    assert (
        '<ins><span class="teams-sr">nieuw: </span>Dirk Proef</ins>' in text
        and "33,5" not in text
        and "33.5" not in text
    )


@pytest.mark.parametrize("name", ["organisatie", "team", "rol"])
async def test_days_that_cannot_be_are_named_and_kept(visit: Callable[..., Any], world: World, name: str) -> None:
    client, path = await visit("aya"), paths(world)[name]
    for field, typed in (
        ("van", "31-02-2026"),
        ("tot", "<script>"),
        ("van_bekend", "ooit"),
        ("tot_bekend", "9" * 99),
        ("bekend", "x"),
    ):
        answer = await client.get(path, params={field: typed})
        assert answer.status_code == 422, field
        wrong = re.search(rf'<input[^>]*id="{field}"[^>]*>', answer.text)
        assert wrong and 'aria-invalid="true"' in wrong[0], field
        assert f'href="#{field}"' in answer.text and "<script>" not in answer.text.split("<main")[1]
    turned = await client.get(path, params={"van": str(TODAY), "tot": str(LONG_AGO)})
    assert turned.status_code == 422 and "op of na de eerste dag" in turned.text
    assert (await client.get(path + "?van=2026-01-01&van=2026-01-02")).status_code == 400
    assert (await client.get(path + "?wie=x")).status_code == 400


async def test_what_does_not_exist_is_404_and_who_may_not_see_is_refused(
    visit: Callable[..., Any], world: World
) -> None:
    client = await visit("aya")
    for path in (f"/teams/{uuid4()}/geschiedenis", f"/rollen/{uuid4()}/geschiedenis", "/teams/x/geschiedenis",
                 f"/rollen/{world.people['aya']}/geschiedenis"):  # fmt: skip
        assert (await client.get(path)).status_code == 404, path
    assert (await (await visit("gea")).get("/organisatie/geschiedenis")).status_code == 403


@pytest.mark.parametrize("name", ["organisatie", "team", "rol"])
async def test_few_queries(visit: Callable[..., Any], queries: Any, db: Database, world: World, name: str) -> None:
    await changed(db, world)
    client = await visit("aya")
    with queries() as sent:
        assert (await client.get(paths(world)[name])).status_code == 200
    assert len(sent) <= 7
