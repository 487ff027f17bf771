"""Elections and fillings through HTTP: an election by four people, asking for a role, laying one down, bad input."""

import re
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import asyncpg
import pytest

from tests.governance.acts import policy
from tests.governance.choosing import TERM, electing, fillers
from tests.web.test_voorstellen import sent, text_of
from tests.world import World

Visit = Callable[..., Any]


@pytest.fixture(autouse=True)
async def groen(world: World, owner: asyncpg.Connection) -> None:
    await electing(world, owner)


async def test_an_election_from_call_to_chosen(visit: Visit, world: World, owner: asyncpg.Connection) -> None:
    aya, bram, cato, sef = [await visit(name) for name in ("aya", "bram", "cato", "sef")]
    begin = f"/teams/{world.teams['groen']}/verkiezingen"
    assert "Begin een verkiezing" in (await aya.get(begin)).text
    wrong = await aya.send_form(begin, {"rol": str(world.roles["rep"]), "tekst": "", "tot": "31-02-2027"})
    assert wrong.status_code == 422
    assert "Verbeter 2 antwoorden" in wrong.text
    made = await aya.send_form(
        begin, {"rol": str(world.roles["rep"]), "tekst": "Bij Proefdam ons geluid laten horen.", "tot": TERM.strftime("%d-%m-%Y")}
    )  # fmt: skip
    assert made.status_code == 303, text_of(made.text)
    url = made.headers["location"]
    again = await aya.send_form(
        begin, {"rol": str(world.roles["rep"]), "tekst": "Nog eens.", "tot": TERM.strftime("%d-%m-%Y")}
    )
    assert again.status_code == 409
    assert "Stem in de verkiezing van Afgevaardigde" in (await bram.get("/")).text

    people = {"aya": aya, "bram": bram, "cato": cato, "sef": sef}
    seen = await bram.get(url)
    assert "Bram Proef (jij) Waterbeheerder" in text_of(seen.text)
    assert f'value="{world.people["bram"]}"' not in seen.text, "the rolverdeler cannot be chosen (G14)"
    for who, chosen in (("aya", "cato"), ("bram", "cato"), ("cato", "aya")):
        sent = {"kandidaat": str(world.people[chosen]), "reden": f"Geheim van {who}."}
        assert (await people[who].send_form(f"{url}/stemmen", sent)).status_code == 303
        assert "Geheim van" not in (await sef.get(url)).text, "secret until shared"
    twice = await people["aya"].send_form(
        f"{url}/stemmen", {"kandidaat": str(world.people["cato"]), "reden": "Nog eens."}
    )
    assert twice.status_code == 409
    assert "Je stem is al binnen." in twice.text
    none = await sef.send_form(f"{url}/stemmen", {"kandidaat": "", "reden": ""})
    assert none.status_code == 422
    await sef.send_form(f"{url}/stemmen", {"kandidaat": str(world.people["cato"]), "reden": "Geheim van sef."})
    shared = text_of((await bram.get(url)).text)
    assert "Geheim van aya." in shared
    assert "Blijf of wissel" in shared
    refused = await bram.send_form(f"{url}/afsluiting")
    assert refused.status_code == 409
    assert (await sef.send_form(f"{url}/afsluiting")).status_code == 303
    asked = text_of((await cato.get(url)).text)
    assert "Wil je deze rol?" in asked
    proposal = re.search(r"/voorstellen/[0-9a-f-]{36}", (await bram.get(url)).text)
    assert proposal
    shown = text_of((await bram.get(proposal[0])).text)
    assert "Cato Proef voor de rol Afgevaardigde" in shown
    for who in (aya, bram, sef):
        assert (await who.send_form(f"{proposal[0]}/reacties", {"versie": "1", "r": "consent"})).status_code == 303
    assert (await cato.send_form(f"{url}/antwoord", {"antwoord": "ja"})).status_code == 303
    assert "Gekozen" in text_of((await aya.get(url)).text)
    assert await fillers(owner, world, "rep") == {"cato"}
    team = text_of((await aya.get(f"/teams/{world.teams['groen']}")).text)
    assert "Cato Proef is gekozen voor de rol Afgevaardigde : verkiezing 1 ." in team
    assert "Het team nam voorstel 1 aan." in team


async def test_asking_for_a_role_deciding_and_laying_it_down(
    visit: Visit, world: World, owner: asyncpg.Connection
) -> None:
    await policy(owner, world.teams["groen"], "vervulling:rolverdeler")
    aya, bram, dirk = [await visit(name) for name in ("aya", "bram", "dirk")]
    role = f"/rollen/{world.roles['leeg']}"
    assert "Vraag iemand, of bied jezelf aan" in (await aya.get(role)).text
    form = await aya.get(f"{role}/vervulling")
    assert "Iemand van buiten het team" in form.text
    unknown = await aya.send_form(
        f"{role}/vervulling", {"wie": "anders", "email": "weg@proefdam.example", "tekst": "Otters."}
    )
    assert unknown.status_code == 422
    assert "weg@proefdam.example" in unknown.text, "what was typed stays"
    made = await aya.send_form(
        f"{role}/vervulling",
        {"wie": "anders", "email": "dirk@proefdam.example", "tekst": "Dirk kent otters.", "uren": "3,5"},
    )
    assert made.status_code == 303, text_of(made.text)
    url = made.headers["location"]
    assert "Wil je de rol Ecoloog vervullen?" in (await dirk.get("/")).text
    assert (await dirk.send_form(f"{url}/antwoord", {"antwoord": "ja"})).status_code == 303
    assert "Beslis wie de rol Ecoloog vervult" in (await bram.get("/")).text
    no = await bram.send_form(f"{url}/besluit", {"akkoord": "nee"})
    assert no.status_code == 422
    assert (await aya.send_form(f"{url}/besluit", {"akkoord": "ja"})).status_code == 409
    assert (await bram.send_form(f"{url}/besluit", {"akkoord": "ja"})).status_code == 303
    assert await fillers(owner, world, "leeg") == {"dirk"}
    assert "Ecoloog" in (await dirk.get("/")).text
    assert (await aya.send_form(f"{role}/neerlegging")).status_code == 409
    assert (await dirk.send_form(f"{role}/neerlegging")).status_code == 303
    assert await fillers(owner, world, "leeg") == set()


async def test_what_does_not_exist_is_not_found(visit: Visit, world: World) -> None:
    aya, nothing = await visit("aya"), uuid4()
    for path in (
        f"/teams/{nothing}/verkiezingen", f"/teams/{world.teams['groen']}/verkiezingen/{nothing}", f"/rolvervullingen/{nothing}",
        f"/rollen/{nothing}/vervulling",
    ):  # fmt: skip
        assert (await aya.get(path)).status_code == 404, path
    for path in (f"/teams/{nothing}/verkiezingen/{nothing}/stemmen", f"/teams/{nothing}/verkiezingen/{nothing}/niets",
                 f"/rolvervullingen/{nothing}/antwoord", f"/rollen/{nothing}/neerlegging"):  # fmt: skip
        assert (await aya.send_form(path)).status_code in (404, 422), path


async def test_an_adopted_proposal_that_broke_the_rules_is_struck_with_a_reason(
    visit: Visit, world: World, owner: asyncpg.Connection
) -> None:
    aya, bram, cato, sef = [await visit(name) for name in ("aya", "bram", "cato", "sef")]
    url = await sent(aya, world)
    for who in (bram, cato, sef):
        assert (await who.send_form(f"{url}/reacties", {"versie": "1", "r": "consent"})).status_code == 303
    assert "Schrap dit besluit" not in (await bram.get(url)).text
    empty = await sef.send_form(f"{url}/schrapping", {"schrap": ""})
    assert empty.status_code == 422
    assert (await bram.send_form(f"{url}/schrapping", {"schrap": "Zomaar."})).status_code == 409
    assert (await sef.send_form(f"{url}/schrapping", {"schrap": "Dit mag niet van de Awb."})).status_code == 303
    seen = text_of((await aya.get(url)).text)
    assert "Dit is geschrapt" in seen
    assert "Dit mag niet van de Awb." in seen
    assert "Geschrapt" in (await aya.get("/voorstellen")).text
