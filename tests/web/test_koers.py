"""The pages of a team's direction (rules 8, 12) and of deciding that broke down (rule 34) through HTTP."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import asyncpg
import pytest

from teams.kit.clock import now
from teams.kit.db import Database
from teams.structure.actions.fillings import fill_role
from teams.structure.forms import FillingForm
from tests.governance.acts import bigger, renamed, submitted
from tests.web.test_voorstellen import text_of
from tests.world import TODAY, World, add_role, fill


@pytest.fixture(autouse=True)
async def groen(world: World, owner: asyncpg.Connection) -> None:
    await bigger(world, owner)
    world.roles["top_fac"] = await add_role(owner, world.teams["top"], "Begeleider", core="begeleider")
    await fill(owner, world.roles["top_fac"], world.people["kees"], 1)


async def test_g12_the_rolverdeler_writes_it_and_everybody_reads_it(visit: Callable[..., Any], world: World) -> None:
    url = f"/teams/{world.teams['groen']}"
    bram, aya = await visit("bram"), await visit("aya")
    assert "Pas de koers aan" in (await bram.get(url)).text and 'id="koers"' not in (await aya.get(url)).text
    fields = {
        "versie": "0",
        "strategie": "Liever <b>voorkomen</b>",
        "prioriteiten": "Wadi's\r\n\r\nEgels\r\n",
        "aanspreekrol": str(world.roles["boom"]),
    }
    assert (await bram.send_form(f"{url}/koers", fields)).headers["location"] == f"{url}#koers"
    seen = (await aya.get(url)).text
    assert (
        "Liever &lt;b&gt;voorkomen&lt;/b&gt;" in seen
        and "Boombeheerder" in text_of(seen)
        and "Pas de koers aan" not in seen
    )
    assert "stelde de koers van het team" in text_of(seen)
    assert "Bewaar de koers" not in (await aya.get(f"{url}/koers")).text
    again = await bram.send_form(f"{url}/koers", fields)
    assert again.status_code == 409 and "intussen veranderd" in again.text and "Wadi&#39;s" in again.text, (
        "sent twice, kept once"
    )
    assert (await aya.send_form(f"{url}/koers", fields)).status_code == 403
    for wrong in (
        {"prioriteiten": "x" * 401}, {"prioriteiten": "\n".join(f"punt {n}" for n in range(21))}, {"strategie": "a\nA"},
        {"strategie": "a\x00"}, {"aanspreekrol": str(world.roles["balie"])}, {"aanspreekrol": "x"}, {"versie": "x"}, {"versie": ""},
    ):  # fmt: skip
        answer = await bram.send_form(f"{url}/koers", {"versie": "4", "strategie": "Blijft staan", **wrong})
        assert answer.status_code in (400, 422), wrong
        if answer.status_code == 422 and "strategie" not in wrong:
            assert "Blijft staan" in answer.text and "Verbeter 1 antwoord" in answer.text
    assert (await bram.send_form(f"{url}/koers", {"versie": "4", "naam": "x"})).status_code == 400
    assert (await bram.get(f"{url}/koers?naam=x")).status_code == 400
    assert (await bram.get(f"/teams/{world.roles['boom']}/koers")).status_code == 404


async def test_g12_the_direction_of_another_day_is_read_and_not_written(
    visit: Callable[..., Any], world: World
) -> None:
    url = f"/teams/{world.teams['groen']}"
    bram = await visit("bram")
    fields = {"versie": "0", "strategie": "", "prioriteiten": "Wadi's", "aanspreekrol": ""}
    assert (await bram.send_form(f"{url}/koers", fields)).status_code == 303
    before = str(TODAY - timedelta(days=1))
    for path in (url, f"{url}/koers"):
        now_, then = (await bram.get(path)).text, (await bram.get(path, params={"op": before})).text
        assert "Wadi&#39;s" in now_ and "Wadi&#39;s" not in then and "Terug naar vandaag" in then
        assert "Bewaar de koers" not in then and "Pas de koers aan" not in then
        for odd in ("31-02-2026", "ooit", "9" * 99):
            assert (await bram.get(path, params={"bekend": odd})).status_code == 422
        assert (await bram.get(path, params={"op": "01-01-1990"})).status_code == 404
    assert "Dit team had toen geen koers." in then and f'href="{url}?op={before}"' in then
    changes = text_of((await bram.get(f"{url}/geschiedenis", params={"van": before})).text)
    assert "Wat nu voorgaat" in changes and "1. Wadi&#39;s" in changes and "stelde de koers van het team" in changes


async def test_g34_the_page_says_who_can_do_what(visit: Callable[..., Any], world: World) -> None:
    team = f"/teams/{world.teams['groen']}"
    url = f"{team}/vastgelopen"
    aya, sef, kees = await visit("aya"), await visit("sef"), await visit("kees")
    assert "Meld het" not in (await aya.get(url)).text and "Meld het" in (await sef.get(url)).text
    assert (await aya.send_form(f"{url}/melding", {"tekst": "Zo gaat het niet."})).status_code == 409
    empty = await sef.send_form(f"{url}/melding", {"tekst": " "})
    assert empty.status_code == 422 and "Vul dit in." in empty.text
    assert (await sef.send_form(f"{url}/melding", {"tekst": "Niemand <i>luistert</i>."})).status_code == 303
    twice = await sef.send_form(f"{url}/melding", {"tekst": "Niemand luistert."})
    assert twice.status_code == 409 and "al gemeld" in twice.text
    assert "loopt vast" in (await aya.get(team)).text and "Niemand &lt;i&gt;luistert" in (await aya.get(url)).text
    assert "Neem de begeleiding over" in (await kees.get(url)).text
    assert "Neem de begeleiding over" not in (await sef.get(url)).text
    assert (await kees.send_form(f"{url}/overname")).status_code == 303
    assert "Kees Proef" in text_of((await aya.get(team)).text) and "ook rolverdeler" in (await kees.get(url)).text
    assert (await sef.send_form(f"{url}/einde", {"tekst": "Klaar."})).status_code == 409
    assert (await kees.send_form(f"{url}/einde", {"tekst": "Iedereen komt aan het woord."})).status_code == 303
    assert (
        "loopt vast" not in (await aya.get(team)).text and "Iedereen komt aan het woord." in (await aya.get(url)).text
    )
    for path in (f"{url}/anders", f"/teams/{world.roles['boom']}/vastgelopen/melding"):
        assert (await sef.send_form(path, {"tekst": "x"})).status_code == 404


async def test_g10_a_change_of_a_divided_role_is_laid_beside_every_focus(
    visit: Callable[..., Any], db: Database, owner: asyncpg.Connection, world: World
) -> None:
    form = FillingForm(persoonId=world.people["dirk"], focus="Noord <i>en</i> Zuid")
    async with db.begin() as session:
        at = await now(session)
        await fill_role(session, world.roles["water"], form, start=at, by=world.actor("sef"), at=at)
    made = await submitted(db, world, renamed(world.roles["water"], "Droge voeten."))
    page = (await (await visit("cato")).get(f"/voorstellen/{made.id}")).text
    assert "Deze rol is verdeeld" in page and "Noord &lt;i&gt;en&lt;/i&gt; Zuid" in page
    other = await submitted(db, world, renamed(world.roles["boom"], "Hoge bomen."))
    assert "Deze rol is verdeeld" not in (await (await visit("cato")).get(f"/voorstellen/{other.id}")).text


async def test_g5_from_a_role_of_another_team_to_a_proposal_that_lets_it_take_part(
    visit: Callable[..., Any], world: World, owner: asyncpg.Connection
) -> None:
    aya, role = await visit("aya"), world.roles["balie"]
    address = f"/voorstellen/nieuw?soort=afspraak_nieuw&koppelrol={role}"
    assert address.replace("&", "&amp;") in (await aya.get(f"/rollen/{role}")).text
    mine = f"{world.roles['boom']}:{world.teams['groen']}"
    assert "gaat meedoen in jouw team" in (await aya.get(address)).text
    form = await aya.get(f"{address}&rol={mine}")
    assert (
        "Baliemedewerker" in form.text and 'value="koppeling" checked' in form.text and 'value="doel"' not in form.text
    )
    fields = {"rol": mine, "soort": "afspraak_nieuw", "afspraaksoort": "koppeling", "koppelrol": str(role), "tekst": "Meldt bankjes.",
              "naam": "Balie doet mee", "spanning": "Wij horen het te laat.", "voorbeeld": "Vorige week."}  # fmt: skip
    for wrong in (
        {"koppelrol": ""},
        {"koppelrol": "x"},
        {"koppelrol": str(world.roles["water"])},
        {"koppelrol": str(world.teams["groen"])},
    ):
        answer = await aya.send_form("/voorstellen", fields | wrong)
        assert answer.status_code in (409, 422) and "Meldt bankjes." in answer.text, wrong
    made = await aya.send_form("/voorstellen", fields)
    assert made.status_code == 303 and "Baliemedewerker" in (await aya.get(made.headers["location"])).text
    assert (await aya.get(f"{made.headers['location']}/wijzigen")).status_code == 200
    for odd in ("x", "%00", str(world.teams["groen"])):
        assert (await aya.get(f"/voorstellen/nieuw?soort=afspraak_nieuw&koppelrol={odd}")).status_code in (200, 400)
    assert await owner.fetchval("select count(*) from proposal") == 1
