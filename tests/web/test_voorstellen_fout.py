"""Governance as it is tried with bad intent or by mistake, through HTTP: every time reasons, and nothing stored."""

from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import uuid4

import asyncpg
import pytest

from teams.exchange.run import run_import
from teams.kit.db import Database
from tests.conftest import Place
from tests.governance.acts import bigger, policy
from tests.web.test_voorstellen import form, sent, text_of
from tests.world import World

Visit = Callable[..., Any]
EVERYTHING = (
    "proposal", "proposal_version", "proposal_round", "proposal_response", "proposal_remark", "proposal_act", "objection",
    "objection_act", "adoption", "tension", "role_version", "role_item", "policy_version", "team_version", "journal",
)  # fmt: skip


async def stored(owner: asyncpg.Connection) -> dict[str, str]:
    """A digest of all that governance could have changed."""
    return {
        table: str(
            await owner.fetchval(f"select md5(coalesce(string_agg(t::text, '|' order by t::text), '')) from {table} t")
        )
        for table in EVERYTHING
    }


@pytest.fixture(autouse=True)
async def groen(world: World, owner: asyncpg.Connection) -> None:
    await bigger(world, owner)


@pytest.mark.parametrize(
    ("status", "fields", "words"),
    [
        (409, {"doelrol": "{balie}"}, "is van een ander team"),
        (409, {"doelrol": str(uuid4())}, "Een rol in dit voorstel bestaat niet."),
        (409, {"doelrol": "{groen_lead}"}, "Rolverdeler is een vaste rol. Die is in elk team gelijk."),
        (409, {"verantwoordelijkheden_weg": str(uuid4())}, "hoort niet alles wat dit voorstel wil laten vervallen"),
        (422, {"verantwoordelijkheden_weg": "alles"}, "Kies er een uit de lijst."),
        (409, {"rol": "{water}:{groen}"}, "vanuit een rol die je zelf vervult"),
        (409, {"rol": "{boom}:{balie_team}"}, "vanuit een rol die je zelf vervult"),
        (409, {"soort": "rol_verplaatsen", "naarteam": "{groen}"}, "Verplaatsen kan alleen naar het team direct erboven of direct eronder."),
        (409, {"soort": "rol_verplaatsen", "naarteam": "{balie_team}"}, "Verplaatsen kan alleen naar het team direct erboven of direct eronder."),
        (409, {"soort": "rol_verplaatsen", "naarteam": "{water}"}, "Verplaatsen kan alleen naar het team direct erboven of direct eronder."),
        (409, {"soort": "afspraak_einde", "afspraak": "{afspraak_balie}"}, "is van een ander team"),
        (422, {"soort": "rolvervulling"}, "Vul dit in."),
        (400, {"wijzigingen": '[{"soort":"rol_einde"}]'}, "niet te lezen"),
    ],
)  # fmt: skip
async def test_an_edited_change_set_or_ids_of_another_circle(
    visit: Visit, world: World, owner: asyncpg.Connection, status: int, fields: dict[str, str], words: str
) -> None:
    """G17, G20: also a role that is moved into its own team or into a role."""
    names = {name: str(id) for name, id in world.roles.items()}
    names |= {"groen": str(world.teams["groen"]), "balie_team": str(world.teams["balie"])}
    names["afspraak_balie"] = str(await policy(owner, world.teams["balie"], "beperking"))
    given = {
        name: names.get(value.strip("{}"), value) if value.count("{") == 1 else value for name, value in fields.items()
    }
    given |= {name: value.format_map(names) for name, value in fields.items() if name == "rol"}
    before = await stored(owner)
    answer = await (await visit("aya")).send_form("/voorstellen", form(world, **given))
    assert answer.status_code == status, text_of(answer.text)
    assert words in text_of(answer.text), text_of(answer.text)[400:1600]
    if status != 400:
        assert "Sloten slibben dicht." in answer.text, "what was typed stays"
    assert await stored(owner) == before


async def test_answers_after_adoption_of_an_older_version_and_twice(
    visit: Visit, world: World, owner: asyncpg.Connection
) -> None:
    """G22: nothing moves what is adopted; an answer counts once and for the version that was read."""
    clients = {name: await visit(name) for name in ("aya", "bram", "cato", "sef", "dirk")}
    url = await sent(clients["aya"], world)
    consent = {"versie": "1", "r": "consent"}
    assert (await clients["bram"].send_form(f"{url}/reacties", consent)).status_code == 303
    before = await stored(owner)
    for who, fields, words in (
        ("bram", consent, "al geantwoord"),
        ("aya", consent, "je eigen voorstel"),
        ("dirk", consent, "Alleen wie bij de indiening lid was"),
        ("cato", {**consent, "versie": "2"}, "Er ligt nu versie 1."),
        ("cato", {"versie": "1", "r": "bezwaar", "zin": ""}, "Vul"),
    ):
        answer = await clients[who].send_form(f"{url}/reacties", fields)
        assert answer.status_code in (409, 422), (who, answer.status_code)
        assert words in text_of(answer.text), (who, words)
    assert await stored(owner) == before
    for who in ("cato", "sef"):
        await clients[who].send_form(f"{url}/reacties", consent)
    assert await owner.fetchval("select state from proposal") == "aangenomen"
    before = await stored(owner)
    for who, path, fields in (
        ("bram", "reacties", consent), ("cato", "reacties", {"versie": "1", "r": "bezwaar", "zin": "Toch niet."}),
        ("aya", "intrekking", {}), ("aya", "indiening", {}), ("bram", "overleg", {}), ("aya", "versies", form(world)),
    ):  # fmt: skip
        answer = await clients[who].send_form(f"{url}/{path}", fields)
        assert 400 <= answer.status_code < 500, (who, path)
        assert len(text_of(answer.text)) > 100, "a page with words"
    assert await stored(owner) == before


async def test_ids_of_objections_of_another_team(visit: Visit, world: World, owner: asyncpg.Connection) -> None:
    aya, bram, dirk = [await visit(name) for name in ("aya", "bram", "dirk")]
    url = await sent(aya, world)
    await bram.send_form(f"{url}/reacties", {"versie": "1", "r": "bezwaar", "zin": "Er is geen geld."})
    objection = await owner.fetchval("select id from objection")
    before = await stored(owner)
    for verb, fields in (
        ("toets", {}),
        ("verwerking", {"tekst": "Zo."}),
        ("bevestiging", {}),
        ("intrekking", {}),
        ("dans", {}),
    ):
        answer = await dirk.send_form(f"/bezwaren/{objection}/{verb}", fields)
        assert 400 <= answer.status_code < 500, verb
        assert (await dirk.send_form(f"/bezwaren/{uuid4()}/{verb}", fields)).status_code == 404
    assert await stored(owner) == before


async def test_two_imports_that_together_make_a_cycle_of_teams(
    visit: Visit, db: Database, world: World, owner: asyncpg.Connection, tmp_path: Path
) -> None:
    """Each by itself is right; after the first the second is refused, and the tree stays a tree."""
    for code, name, above in (("groen", "Groen en Water", "balie"), ("balie", "Balie", "groen")):
        (tmp_path / "teams.csv").write_text(f"code;naam;bovenliggend\n{code};{name};{above}\n", encoding="utf-8")
        assert (await run_import(db, "organisatie", tmp_path, dry_run=False, namens=None))[0] == 0
    sef = await visit("sef")
    ids = [row[0] for row in await owner.fetch("select id from pending_import order by number")]
    assert (await sef.send_form(f"/beheer/invoer/{ids[0]}/bevestiging", {"versie": "1"})).status_code == 303
    before = await stored(owner)
    answer = await sef.send_form(f"/beheer/invoer/{ids[1]}/bevestiging", {"versie": "1"})
    assert answer.status_code == 409
    assert len(text_of(answer.text)) > 100
    assert await stored(owner) == before


async def test_g18_how_a_team_lends_is_proposed_in_ordinary_fields(
    visit: Visit, world: World, owner: asyncpg.Connection, place: Place
) -> None:
    """R6: who answers, always or not, in how many days, and what silence means; adopted it is what the software follows."""
    clients = {name: await visit(name) for name in ("aya", "bram", "cato", "sef")}
    empty = dict.fromkeys(("doelrol", "doel", "verantwoordelijkheden"), "")
    fields = {
        "soort": "afspraak_nieuw",
        "tekst": "Zo lenen wij uit.",
        "afspraaksoort": "instemming",
        "wie": "rolverdeler",
    }
    page = await clients["aya"].get(
        f"/voorstellen/nieuw?rol={world.roles['boom']}:{world.teams['groen']}&soort=afspraak_nieuw"
    )
    assert "Vraag het bij elke klus van een ander team" in page.text
    assert "Wie een klus bekijkt voordat die open gaat" in text_of(page.text)
    url = await sent(
        clients["aya"],
        world,
        **{
            **empty,
            **fields,
            "altijd": "1",
            "termijn": "3",
            "stil": "1",
            "besluitUren": "12",
            "besluitEuro": "€ 7.500,-",
        },
    )
    seen = text_of((await clients["bram"].get(url)).text)
    assert "Bij elke klus van een ander team" in seen and "Dan is het ja" in seen and "3 werkdagen" in seen
    assert "12 uur per week besluit wie het mandaat heeft" in seen
    assert "€ 7.500 besluit wie het mandaat heeft" in seen
    for who in ("bram", "cato", "sef"):
        await clients[who].send_form(f"{url}/reacties", {"versie": "1", "r": "consent"})
    kinds = [row[0] for row in await owner.fetch("select kind from policy_version where upper_inf(recorded)")]
    assert "instemming:rolverdeler:altijd:3:stil:besluit-12-0-7500" in kinds
    answer = await clients["aya"].send_form(
        "/voorstellen", form(world, **{**empty, **fields, "wie": "team", "altijd": "1"})
    )
    assert answer.status_code == 422
    assert "Over uitlenen beslist een vaste rol" in answer.text
    amount = await clients["aya"].send_form("/voorstellen", form(world, **{**empty, **fields, "besluitEuro": "7,5"}))
    assert amount.status_code == 422 and "hele euro" in amount.text and 'value="7,5"' in amount.text
    assert 'name="altijd" value="1" checked' in answer.text.replace("  ", " "), "what was ticked stays"


async def test_g7_what_teams_above_add_to_the_rolverdeler_stands_on_that_role(
    visit: Visit, world: World, owner: asyncpg.Connection
) -> None:
    await policy(owner, world.teams["top"], "kernrol:rolverdeler")
    await policy(owner, world.teams["balie"], "kernrol:rolverdeler")
    aya = await visit("aya")
    seen = text_of((await aya.get(f"/rollen/{world.roles['groen_lead']}")).text)
    assert "Hoort er ook bij" in seen
    assert "Afspraak van Proefdam" in seen
    assert "Afspraak van Balie" not in seen, "not of a team beside it"
    seen = text_of((await aya.get(f"/rollen/{world.roles['balie_lead']}")).text)
    assert "Afspraak van Proefdam" in seen and "Afspraak van Balie" in seen
    assert "Hoort er ook bij" not in (await aya.get(f"/rollen/{world.roles['facilitator']}")).text
