"""Proposals through HTTP: from a tension to an adopted role by three people, a light proposal, and every refusal as a page."""

import asyncio
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import asyncpg
import pytest

from teams.auth.sessions import form_token
from teams.kit.clock import day_of
from teams.kit.db import Database
from tests.conftest import Place
from tests.governance.acts import bigger, close, pass_time, policy
from tests.world import World, fill

Visit = Callable[..., Any]


def text_of(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def form(world: World, **fields: Any) -> dict[str, Any]:
    return {
        "rol": f"{world.roles['boom']}:{world.teams['groen']}", "soort": "rol_wijzigen", "doelrol": str(world.roles["water"]),
        "doel": "Water blijft schoon.", "verantwoordelijkheden": "Sloten schouwen\nDuikers vrijhouden",
        "spanning": "Sloten slibben dicht.", "voorbeeld": "Vorige maand liep de Dijkweg onder.", **fields,
    }  # fmt: skip


async def sent(client: Any, world: World, **fields: Any) -> str:
    answer = await client.send_form("/voorstellen", form(world, **fields))
    assert answer.status_code == 303, text_of(answer.text)
    url: str = answer.headers["location"]
    return url


async def test_a_proposal_from_tension_to_adopted_role_with_one_objection(
    visit: Visit, world: World, owner: asyncpg.Connection
) -> None:
    await bigger(world, owner)
    aya, bram, cato, sef = [await visit(name) for name in ("aya", "bram", "cato", "sef")]
    begin = await aya.get(f"/voorstellen/nieuw?team={world.teams['groen']}")
    assert "Vanuit welke rol merk je dit?" in begin.text
    role = f"{world.roles['boom']}:{world.teams['groen']}"
    assert "Welke rol?" in (await aya.get(f"/voorstellen/nieuw?rol={role}&soort=rol_wijzigen")).text
    filled = await aya.get(f"/voorstellen/nieuw?rol={role}&soort=rol_wijzigen&doelrol={world.roles['water']}")
    assert "Zorgen voor waterbeheerder" in filled.text
    item = re.search(r'name="verantwoordelijkheden_weg" value="([^"]+)"', filled.text)
    assert item
    url = await sent(aya, world, verantwoordelijkheden_weg=item[1], mandaat="Noodkap tot € 15.000.")

    seen = text_of((await bram.get(url)).text)
    assert "Sloten slibben dicht." in seen
    assert "nieuw: Duikers vrijhouden" in seen
    assert "vervalt: Zorgen voor waterbeheerder" in seen
    assert "Een team kan geen mandaat geven." in seen
    assert "zwijgen telt niet" in seen
    assert "Wacht op jouw antwoord" in (await bram.get("/voorstellen?mij=1")).text

    assert (
        await bram.send_form(f"{url}/reacties", {"versie": "1", "r": "vraag", "vraag": "Ook in de winter?"})
    ).status_code == 303
    assert (
        await bram.send_form(f"{url}/reacties", {"versie": "1", "r": "bezwaar", "zin": "Wie betaalt de duikers?"})
    ).status_code == 303
    shown = (await aya.get(url)).text
    assert "Wie betaalt de duikers?" in shown
    assert "Ook in de winter?" in shown
    objection = re.search(r'id="bezwaar-([0-9a-f-]+)"', shown)
    assert objection
    at = f"/bezwaren/{objection[1]}"
    assert (await cato.send_form(f"{at}/toets")).status_code == 303
    answers = dict.fromkeys(("schade", "rol", "nieuw", "zeker"), "ja") | {"schade_tekst": "Het geld is op."}
    refusal = await cato.send_form(f"{at}/toets", answers)
    assert refusal.status_code == 409
    assert "Nooit wie zelf partij is" in refusal.text
    assert (await sef.send_form(f"{at}/toets", answers)).status_code == 303
    assert "Het geld is op." in (await aya.get(url)).text

    change = await aya.get(f"{url}/wijzigen")
    assert "Duikers vrijhouden" in change.text
    amended = {
        name: value
        for name, value in form(world, verantwoordelijkheden="Sloten schouwen").items()
        if name not in ("rol", "spanning", "voorbeeld")
    }
    assert (await aya.send_form(f"{url}/versies", {**amended, "toelichting": "Zonder duikers."})).status_code == 303
    assert (await aya.send_form(f"{at}/verwerking", {"tekst": "De duikers zijn eruit."})).status_code == 303
    assert "Ja, zo is het opgelost" in (await bram.get(url)).text
    assert (await bram.send_form(f"{at}/bevestiging")).status_code == 303
    stale = await bram.send_form(f"{url}/reacties", {"versie": "1", "r": "consent"})
    assert stale.status_code == 409
    assert "Er ligt nu versie 2." in stale.text
    for who in (bram, cato, sef):
        assert (await who.send_form(f"{url}/reacties", {"versie": "2", "r": "consent"})).status_code == 303
    done = text_of((await aya.get(url)).text)
    assert "Aangenomen" in done
    assert "Iedereen heeft geantwoord." in done
    page = await aya.get(f"/rollen/{world.roles['water']}")
    assert "Water blijft schoon." in page.text
    assert "Sloten schouwen" in page.text


async def test_a_light_proposal_is_adopted_by_the_passing_of_its_term(
    visit: Visit, world: World, db: Database, place: Place, owner: asyncpg.Connection
) -> None:
    await policy(owner, world.teams["groen"])
    aya, bram = await visit("aya"), await visit("bram")
    url = await sent(aya, world, soort="rol_nieuw", doelrol="", naam="Egelwacht", doel="Egels leven.")
    shown = text_of((await bram.get(url)).text)
    assert "Reageer je niet? Dan heb je geen overwegend bezwaar." in shown
    assert "nieuw: Egelwacht" in shown
    await pass_time(place, 15)
    await close(db)
    assert "De termijn ging voorbij zonder overwegend bezwaar." in (await bram.get(url)).text
    assert "Egelwacht" in (await bram.get(f"/teams/{world.teams['groen']}")).text


async def test_drafts_withdrawal_meeting_and_resubmission(visit: Visit, world: World) -> None:
    aya, bram = await visit("aya"), await visit("bram")
    url = await sent(aya, world, concept="1")
    assert "Nog een concept" in (await aya.get(url)).text
    assert (await bram.get(url)).status_code == 404
    assert (await aya.send_form(f"{url}/indiening")).status_code == 303
    assert (await bram.send_form(f"{url}/overleg")).status_code == 303
    assert "Dien opnieuw in" in (await aya.get(url)).text
    assert (await aya.send_form(f"{url}/indiening")).status_code == 303
    assert (await bram.send_form(f"{url}/intrekking")).status_code == 403
    assert (await aya.send_form(f"{url}/intrekking")).status_code == 303
    assert "Ingetrokken" in (await bram.get(url)).text
    late = await bram.send_form(f"{url}/reacties", {"versie": "2", "r": "consent"})
    assert late.status_code == 409
    assert "loopt nu geen ronde" in late.text


async def test_each_kind_of_change_has_its_form_and_page(visit: Visit, world: World, owner: asyncpg.Connection) -> None:
    old = await policy(owner, world.teams["groen"], "werk")
    aya = await visit("aya")
    role = f"{world.roles['boom']}:{world.teams['groen']}"
    cases = {
        "rol_nieuw": ({"naam": "Bever"}, "nieuw: Bever"),
        "rol_einde": ({"doelrol": str(world.roles["leeg"])}, "vervalt: Ecoloog"),
        "afspraak_nieuw": ({"naam": "Offertes", "tekst": "Twee offertes.", "afspraaksoort": "besluitvorm", "vorm": "licht", "termijn": "5"}, "5 werkdagen"),
        "afspraak_einde": ({"afspraak": str(old)}, "vervalt: Zo."),
        "mandaatverzoek": ({"mandaat": "Noodkap."}, "nieuw: Noodkap."),
    }  # fmt: skip
    for kind, (fields, words) in cases.items():
        query = "&".join(
            f"{name}={value}"
            for name, value in {"rol": role, "soort": kind, **fields}.items()
            if name in ("rol", "soort", "doelrol", "afspraak")
        )
        page = await aya.get(f"/voorstellen/nieuw?{query}")
        assert page.status_code == 200
        assert 'name="spanning"' in page.text, kind
        url = await sent(
            aya,
            world,
            **{
                **dict.fromkeys(("doelrol", "doel", "verantwoordelijkheden"), ""),
                "soort": kind,
                **({"doel": "Dammen."} if kind == "rol_nieuw" else {}),
                **fields,
            },
        )
        assert words in text_of((await aya.get(url)).text), kind
        assert (await aya.get(f"{url}/wijzigen")).status_code == 200
    listed = text_of((await aya.get("/voorstellen")).text)
    for words in (
        "Nieuwe rol: Bever",
        "De rol Ecoloog vervalt",
        "Nieuwe afspraak: Offertes",
        "Een afspraak vervalt",
        "Mandaatverzoek voor de rol",
    ):
        assert words in listed


@pytest.mark.parametrize(
    ("status", "fields", "words"),
    [
        (422, {"spanning": ""}, "Vul dit in."),
        (422, {"doel": "", "verantwoordelijkheden": ""}, "Vul in wat er aan de rol verandert."),
        (422, {"soort": "taak"}, "Kies een van deze soorten:"),
        (422, {"rol": "geen"}, "Kies er een uit de lijst."),
        (400, {"status": "aangenomen"}, "niet te lezen"),
    ],
)  # fmt: skip
async def test_what_is_wrong_is_said_and_what_was_typed_stays(
    visit: Visit, world: World, owner: asyncpg.Connection, status: int, fields: dict[str, str], words: str
) -> None:
    answer = await (await visit("aya")).send_form("/voorstellen", form(world, **fields))
    assert answer.status_code == status
    assert words in answer.text
    assert await owner.fetchval("select count(*) from proposal") == 0


async def test_a_role_of_another_team_is_refused_with_its_reason(visit: Visit, world: World) -> None:
    answer = await (await visit("aya")).send_form("/voorstellen", form(world, doelrol=str(world.roles["balie"])))
    assert answer.status_code == 409
    assert "is van een ander team" in answer.text
    assert "Sloten slibben dicht." in answer.text


async def test_the_pages_take_a_fixed_number_of_queries(visit: Visit, world: World, queries: Any) -> None:
    aya, bram = await visit("aya"), await visit("bram")
    url = await sent(aya, world)
    for _ in range(4):
        await bram.send_form(f"{url}/reacties", {"versie": "1", "r": "bezwaar", "zin": "Nee."})
        await sent(aya, world)
    for path, most in ((url, 7), ("/voorstellen", 2)):
        with queries() as seen:
            assert (await bram.get(path)).status_code == 200
        assert len(seen) <= most, seen


async def test_what_waits_stands_in_mijn_week_and_goes_when_done(
    visit: Visit, world: World, owner: asyncpg.Connection
) -> None:
    await bigger(world, owner)
    aya, bram, sef = [await visit(name) for name in ("aya", "bram", "sef")]
    url = await sent(aya, world)
    assert "vraagt je antwoord" in (await bram.get("/")).text
    await bram.send_form(f"{url}/reacties", {"versie": "1", "r": "bezwaar", "zin": "Nee."})
    assert "vraagt je antwoord" not in (await bram.get("/")).text
    assert "Er is een overwegend bezwaar bij je voorstel" in (await aya.get("/")).text
    found = re.search(r'id="bezwaar-([0-9a-f-]+)"', (await bram.get(url)).text)
    assert found
    await aya.send_form(f"/bezwaren/{found[1]}/toets")
    assert "Toets het bezwaar" in (await sef.get("/")).text
    answers = dict.fromkeys(("schade", "rol", "nieuw", "zeker"), "ja")
    assert (await sef.send_form(f"/bezwaren/{found[1]}/toets", answers)).status_code == 303
    assert "Toets het bezwaar" not in (await sef.get("/")).text
    await aya.send_form(f"{url}/overleg")
    assert "is bij je terug" in (await aya.get("/")).text
    assert "/voorstellen" in (await bram.get("/klussen")).text
    assert f"/voorstellen/nieuw?team={world.teams['groen']}" in (await bram.get(f"/teams/{world.teams['groen']}")).text


async def test_what_is_sent_twice_is_one(visit: Visit, world: World, owner: asyncpg.Connection) -> None:
    """A proposal, a question under it and a meeting, each sent three times at once as a browser without scripts may do."""
    aya, bram = await visit("aya"), await visit("bram")

    async def thrice(client: Any, url: str, fields: dict[str, Any]) -> str:
        body = {"csrf": form_token(client.session_id), **fields}
        head = {"sec-fetch-site": "same-origin"}
        answers = await asyncio.gather(*(client.post(url, data=body, headers=head) for _ in range(3)))
        assert {answer.status_code for answer in answers} == {303}
        (address,) = {answer.headers["location"] for answer in answers}
        return str(address)

    url = await thrice(aya, "/voorstellen", form(world))
    assert await owner.fetchval("select count(*) from proposal") == 1
    assert await owner.fetchval("select count(*) from tension") == 1
    await thrice(bram, f"{url}/reacties", {"versie": "1", "r": "vraag", "vraag": "Waarom nu?"})
    assert await owner.fetchval("select count(*) from proposal_remark") == 1
    when = (day_of(datetime.now(UTC)) + timedelta(days=20)).strftime("%d-%m-%Y")
    plan = {"team": str(world.teams["groen"]), "soort": "werkoverleg", "dag": when, "begin": "09:30", "duur": "60"}
    await thrice(bram, "/overleggen", plan)
    assert await owner.fetchval("select count(*) from meeting") == 1


async def test_g20_who_joins_later_is_named_beside_who_answers(
    visit: Visit, world: World, owner: asyncpg.Connection
) -> None:
    aya = await visit("aya")
    url = await sent(aya, world)
    assert "Kwam later in het team" not in (await aya.get(url)).text
    await fill(owner, world.roles["leeg"], world.people["dirk"], 1)
    assert "telt in deze ronde niet mee: Dirk Proef." in text_of((await aya.get(url)).text)
