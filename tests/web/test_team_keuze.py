"""Choosing a team where there are too many to list: a part of the name is typed, in the same field."""

from collections.abc import Callable
from typing import Any

import asyncpg
import pytest

from teams.kit.db import Database
from teams.structure import named
from tests.klussen.test_claim import posted
from tests.world import START, TODAY, World


@pytest.fixture
async def many(owner: asyncpg.Connection) -> None:
    """More teams than one chooses from in a list."""
    await owner.execute(
        "with t as (insert into team (code) select 'V' || n from generate_series(1, $1) n returning id, code)"
        " insert into team_version (team_id, name, purpose, valid) select id, 'Wijkteam ' || code, '', daterange($2, null) from t",
        named.FEW + 1, START,
    )  # fmt: skip


@pytest.mark.usefixtures("many")
async def test_of_many_teams_the_name_is_typed(db: Database, visit: Callable[..., Any], world: World) -> None:
    klus = await posted(db, world, titel="Eiken tellen")
    client = await visit("cato")

    async def shows(team: str) -> tuple[str, bool]:
        text = (await client.get("/klussen", params={"team": team})).text
        return text, f'href="/klussen/{klus.id}"' in text

    text, there = await shows("groen en")
    assert there and 'type="search" id="team" name="team" value="groen en"' in text and "<option" in text
    assert f'name="team" value="{world.teams["groen"]}"' not in text, "no list of all teams"
    text, there = await shows(str(world.teams["groen"]))
    assert there and 'name="team" value="Groen en Water"' in text, "a link by id still works and shows the name"
    assert not (await shows("Wijkteam V7"))[1]
    assert "Geen team heet zo" in (await shows("xylofoon"))[0]
    assert "Meer dan 8 teams heten zo" in (await shows("wijkteam"))[0]


async def test_the_map_opens_by_part_from_one_team_more_than_is_listed(
    owner: asyncpg.Connection, visit: Callable[..., Any], world: World
) -> None:
    client, large = await visit("cato"), "Dit is een grote organisatie"
    assert named.FEW == 60
    for teams, opens in ((named.FEW, False), (named.FEW + 1, True)):
        await owner.execute(
            "insert into team (code) select 'W' || $1::int || '-' || n from generate_series(1, $1::int - (select count(*) from team)) n",
            teams,
        )
        assert (large in (await client.get("/organisatie")).text) is opens, teams


@pytest.mark.usefixtures("many")
async def test_who_posts_for_any_team_types_its_name_and_it_stays_when_refused(
    visit: Callable[..., Any], world: World
) -> None:
    client = await visit("wil")
    assert 'name="team"' in (await client.get("/klussen/nieuw")).text
    fields = {
        "titel": "Bomen tellen", "omschrijving": "Alle bomen.", "soort_uren": "eenmalig", "uren": "4", "plaatsen": "1", "van": f"{TODAY:%d-%m-%Y}",
    }  # fmt: skip
    again = await client.send_form("/klussen", {**fields, "team": "wijkteam"})
    assert again.status_code == 422 and "Typ meer van de naam" in again.text and 'value="wijkteam"' in again.text
    done = await client.send_form("/klussen", {**fields, "team": "groen en water"})
    assert done.status_code == 303


@pytest.mark.usefixtures("many")
async def test_register_and_log_filter_on_a_typed_name(visit: Callable[..., Any], world: World) -> None:
    client = await visit("sef")
    for path in ("/mandaten", "/mandaatlogboek"):
        found = await client.get(path, params={"team": "groen en water"})
        assert found.status_code == 200 and 'name="team" value="Groen en Water"' in found.text, path
        wrong = await client.get(path, params={"team": "wijkteam"})
        assert "Meer dan 8 teams heten zo" in wrong.text and 'value="wijkteam"' in wrong.text, path
