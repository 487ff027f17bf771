"""Pages about meetings: plan, join, lead, answer, minutes; lists; calendars; what is typed wrong stays and is named."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import asyncpg
import pytest
from icalendar import Calendar

from teams.kit.db import Database
from teams.kit.workdays import after
from tests.conftest import Place
from tests.governance.acts import bigger, meet, new_role, submitted
from tests.governance.meeting_acts import begins_now, item, on, output, plan, report, standing, start, step
from tests.klussen.acts import claim
from tests.klussen.test_claim import posted
from tests.web.test_voorstellen import text_of
from tests.world import TODAY, World, add_role, fill


@pytest.fixture(autouse=True)
async def groen(world: World, owner: asyncpg.Connection) -> None:
    await bigger(world, owner)


def typed(world: World, **fields: str) -> dict[str, str]:
    day = after(TODAY, 3)
    return {
        "team": str(world.teams["groen"]), "soort": "roloverleg", "dag": f"{day:%d-%m-%Y}", "begin": "9.30", "duur": "60",
        "plaats": "Kamer 3", **fields,
    }  # fmt: skip


async def test_from_a_call_to_minutes_through_the_pages(
    visit: Callable[..., Any], db: Database, world: World, place: Place, owner: asyncpg.Connection
) -> None:
    made = await submitted(db, world, new_role())
    await meet(db, world, "bram", made.id)
    clients = {name: await visit(name) for name in ("aya", "bram", "cato", "sef")}
    sef = clients["sef"]
    assert "wacht op een overleg" in text_of((await sef.get("/")).text)
    assert "Voorstel 1 wacht op een overleg." in (await sef.get(f"/overleggen/nieuw?voorstel={made.id}")).text
    answer = await sef.send_form("/overleggen", typed(world))
    url = answer.headers["location"]
    assert answer.status_code == 303
    assert "Iedereen kreeg op tijd bericht." in (await clients["aya"].get(url)).text
    assert url in (await clients["aya"].get("/")).text and url in (await clients["aya"].get("/overleggen")).text
    assert url in (await clients["aya"].get(f"/teams/{world.teams['groen']}")).text
    await begins_now(place, await owner.fetchval("select id from meeting"))

    async def press(who: str, path: str, **fields: Any) -> str:
        given = {name: str(value) for name, value in fields.items()}
        answer = await clients[who].send_form(f"{url}/{path}", given)
        assert answer.status_code == 303, (path, text_of(answer.text))
        assert answer.headers["location"] == f"{url}#nu"
        return str((await clients[who].get(url)).text)

    async def version() -> int:
        return int(await owner.fetchval("select version from meeting"))

    for who in clients:
        await press(who, "aanwezig")
    assert "Inchecken" in await press("sef", "opening")
    await press("aya", "beurt", tekst="Uitgeslapen.")
    await press("sef", "stap", versie=await version())
    await press("cato", "agenda", label="Water")
    await press("sef", "stap", versie=await version())
    first = await owner.fetchval("select id from meeting_item where proposal_id is not null")
    assert "Egelwacht" in await press("sef", f"punten/{first}/begin", versie=await version())
    for _ in range(3):
        await press("sef", f"punten/{first}/stap", versie=await version())
    assert "Leg voor aan het overleg" in (await clients["aya"].get(url)).text
    assert "Leg voor aan het overleg" not in (await clients["bram"].get(url)).text
    await press("aya", f"punten/{first}/voorleggen")
    assert "Jouw antwoord" in (await clients["bram"].get(url)).text
    for who in ("bram", "cato", "sef"):
        await press(who, f"punten/{first}/antwoord", versie=2, r="consent")
    assert "Aangenomen" in (await clients["aya"].get(url)).text
    await press("sef", "sluiting")
    seen = text_of((await clients["aya"].get(url)).text)
    assert "Verslag" in seen and "Niet aan toegekomen" in seen and "Aangenomen" in seen
    paper = await clients["aya"].get(f"{url}/verslag.pdf")
    assert paper.headers["content-type"] == "application/pdf" and paper.content.startswith(b"%PDF")
    assert (await clients["aya"].get(f"{url}/verslag.pdf")).content == paper.content


@pytest.mark.parametrize(("field", "value", "told"), [
    ("dag", "31-02-2027", "Vul een dag in die bestaat"), ("dag", "", "Vul een dag in"), ("dag", "01-01-2020", "Kies een tijd die nog komt"),
    ("begin", "vroeg", "Vul een tijd in zoals 9.30."), ("duur", "0", "15"), ("duur", "kort", "Vul een heel getal in"), ("plaats", "x" * 200, "hoogstens 120"),
    ("soort", "borrel", "Kies een van deze"), ("team", "nergens", "Kies er een uit de lijst"), ("bedoeling", "y" * 5000, "hoogstens 4000"),
])  # fmt: skip
async def test_wrong_plan_names_the_field_and_keeps_what_was_typed(
    visit: Callable[..., Any], world: World, owner: asyncpg.Connection, field: str, value: str, told: str
) -> None:
    answer = await (await visit("sef")).send_form("/overleggen", typed(world, **{field: value}))
    assert answer.status_code == 422
    assert told in text_of(answer.text) and "Verbeter 1" in text_of(answer.text), text_of(answer.text)[150:700]
    if field != "plaats":
        assert "Kamer 3" in answer.text
    assert await owner.fetchval("select count(*) from meeting") == 0


async def test_wrong_forms_in_a_meeting_are_refused_with_reasons(
    visit: Callable[..., Any], db: Database, world: World, place: Place, owner: asyncpg.Connection
) -> None:
    meeting = await on(db, world, place)
    await step(db, world, meeting)
    made = await item(db, world, meeting)
    url, aya, sef = f"/overleggen/{meeting}", await visit("aya"), await visit("sef")
    rows = await owner.fetchval("select count(*) from meeting_line") + await owner.fetchval(
        "select count(*) from meeting_item"
    )
    for client, path, fields, status in (
        (aya, "agenda", {"label": ""}, 422), (aya, "agenda", {"label": "x" * 121}, 422), (aya, "agenda", {"voorstel": "7"}, 422),
        (aya, "agenda", {"voorstel": str(uuid4())}, 404), (sef, "stap", {"versie": "abc"}, 422), (sef, "stap", {"versie": "99999999999"}, 422),
        (sef, "stap", {"versie": "1"}, 409), (sef, "verlenging", {"minuten": "15"}, 422),
        (sef, "verlenging", {"minuten": "9999", "akkoord": "1"}, 422), (sef, "aanwezig", {"persoon": "7"}, 422),
        (sef, "aanwezig", {"persoon": str(uuid4())}, 409), (aya, "opening", {}, 409), (aya, "sluiting", {}, 403), (aya, "dans", {}, 404),
        (aya, f"punten/{uuid4()}/begin", {"versie": "1"}, 403), (sef, f"punten/{made}/antwoord", {"versie": "1", "r": "bezwaar", "zin": ""}, 422),
        (sef, f"punten/{made}/antwoord", {"versie": "20000", "r": "consent"}, 422), (sef, f"punten/{made}/afspraken", {"soort": "x", "wie": ":"}, 422),
        (sef, f"punten/{made}/dans", {}, 404), (aya, f"lijst/{uuid4()}", {"tekst": "Ja"}, 404), (aya, "vervanger", {"rol": "baas"}, 422),
    ):  # fmt: skip
        answer = await client.send_form(f"{url}/{path}", fields)
        assert answer.status_code == status, (path, fields, answer.status_code, text_of(answer.text)[:500])
    after_ = await owner.fetchval("select count(*) from meeting_line") + await owner.fetchval(
        "select count(*) from meeting_item"
    )
    assert rows == after_
    kept = await aya.send_form(f"{url}/agenda", {"label": "Te lang " * 30})
    assert "Te lang" in kept.text
    assert (await aya.get("/overleggen/nieuw?team=x")).status_code == 200
    for path in ("/overleggen?team=x", f"/overleggen/{uuid4()}", f"{url}/verslag.pdf", "/overleggen/nieuw?voorstel=x"):
        assert (await aya.get(path)).status_code == 404, path
    assert (await aya.get("/overleggen?voor=-1")).status_code == 200


async def test_the_list_of_a_tactical_meeting_and_its_minutes(
    visit: Callable[..., Any], db: Database, world: World, place: Place
) -> None:
    aya = await visit("aya")
    url = f"/teams/{world.teams['groen']}/lijst"
    for fields, status in (
        ({"soort": "checklist", "rol": str(world.roles["boom"]), "label": "Bomen geteld"}, 303),
        ({"soort": "checklist", "rol": str(world.roles["water"]), "label": "Sloten"}, 409), ({"soort": "x", "rol": "y", "label": ""}, 422),
    ):  # fmt: skip
        assert (await aya.send_form(url, fields)).status_code == status
    assert "Bomen geteld" in (await aya.get(url)).text
    check = await standing(db, world)
    meeting = await on(db, world, place, kind="werkoverleg")
    await step(db, world, meeting)
    await report(db, world, meeting, check)
    await step(db, world, meeting, times=3)
    tension = await item(db, world, meeting, label="Takken op het pad")
    await step(db, world, meeting)
    await start(db, world, meeting, tension)
    assert "Boombeheerder: Aya Proef" in (await aya.get(f"/overleggen/{meeting}")).text
    await output(db, world, meeting, tension)
    sef = await visit("sef")
    assert (await sef.send_form(f"/overleggen/{meeting}/sluiting")).status_code == 303
    seen = text_of((await aya.get(f"/overleggen/{meeting}")).text)
    assert "Gedaan." in seen and "Tunnel meten" in seen and "Boombeheerder" in seen
    assert (await aya.get(f"/overleggen/{meeting}/verslag.pdf")).status_code == 200
    assert (await (await visit("dirk")).send_form(f"/lijst/{check}/einde")).status_code == 403
    assert (await aya.send_form(f"/lijst/{check}/einde")).status_code == 303


async def made_feed(client: Any, team: str = "") -> str:
    page = (await client.send_form("/profiel/agenda", {"team": team})).text
    address: str = page.split('id="adres" value="')[1].split('"')[0]
    return address


async def test_a_calendar_of_klussen_and_meetings_until_it_is_revoked(
    visit: Callable[..., Any], db: Database, world: World, owner: asyncpg.Connection
) -> None:
    klus = await posted(db, world, van=TODAY, tot=TODAY + timedelta(days=6), urenMin=1)
    await claim(db, world, "cato", klus.id)
    meeting = await plan(db, world, plaats="Kamer 3")
    cato, nobody = await visit("cato"), await visit(None)
    own, team = await made_feed(cato), await made_feed(cato, str(world.teams["groen"]))
    for address in (own, team):
        answer = await nobody.get(address)
        assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
        events = {str(one["uid"]): one for one in Calendar.from_ical(answer.text).walk("VEVENT")}
        assert set(events) == {f"klus-{klus.id}@teams", f"overleg-{meeting}@teams"}
        period = events[f"klus-{klus.id}@teams"]
        assert (period["dtstart"].dt, period["dtend"].dt) == (TODAY, TODAY + timedelta(days=7))
        row = await owner.fetchrow("select starts_at, ends_at from meeting")
        planned = events[f"overleg-{meeting}@teams"]
        assert (planned["dtstart"].dt, planned["dtend"].dt) == tuple(row)
        assert planned["location"] == "Kamer 3" and str(meeting) in planned["url"]
    secret = own.rsplit("/", 1)[1].removesuffix(".ics")
    kept = await owner.fetch("select * from calendar_feed")
    assert all(secret not in str(row) for row in kept)
    aya = await visit("aya")
    assert f"overleg-{meeting}" in (await nobody.get(await made_feed(aya))).text
    for feed in kept:
        assert (await aya.send_form(f"/profiel/agenda/{feed['id']}/intrekking")).status_code == 404
        assert (await cato.send_form(f"/profiel/agenda/{feed['id']}/intrekking")).status_code == 303
    for address in (own, team, f"{own}x", own.removesuffix(".ics"), "http://teams.test/agenda/.ics"):
        assert (await nobody.get(address)).status_code == 404
    other = await made_feed(aya)
    await owner.execute("update account set disabled_at = now() where id = $1", world.accounts["aya"])
    assert (await nobody.get(other)).status_code == 404


async def test_no_more_than_ten_calendar_addresses(visit: Callable[..., Any], world: World) -> None:
    aya = await visit("aya")
    for _ in range(10):
        await made_feed(aya)
    answer = await aya.send_form("/profiel/agenda", {"team": ""})
    assert answer.status_code == 409 and "tien agenda-adressen" in answer.text
    assert (await aya.send_form("/profiel/agenda", {"team": "x"})).status_code == 404


async def test_pages_cost_a_fixed_number_of_queries(
    visit: Callable[..., Any], db: Database, world: World, place: Place, queries: Any
) -> None:
    meeting = await on(db, world, place)
    await step(db, world, meeting)
    for n in range(5):
        await item(db, world, meeting, label=f"Punt {n}")
        await plan(db, world)
    aya = await visit("aya")
    for path, most in (("/overleggen", 4), (f"/overleggen/{meeting}", 8), ("/profiel/agenda", 3)):
        with queries() as sent:
            assert (await aya.get(path)).status_code == 200
        assert len(sent) <= most, (path, len(sent), sent)


async def test_a_meeting_that_is_called_off_stays_readable(
    visit: Callable[..., Any], db: Database, world: World, place: Place
) -> None:
    meeting = await plan(db, world)
    sef = await visit("sef")
    assert (await (await visit("aya")).send_form(f"/overleggen/{meeting}/intrekking")).status_code == 403
    assert (await sef.send_form(f"/overleggen/{meeting}/intrekking")).status_code == 303
    assert "Dit overleg gaat niet door" in (await sef.get(f"/overleggen/{meeting}")).text
    await begins_now(place, meeting)
    assert (await sef.send_form(f"/overleggen/{meeting}/opening")).status_code == 409


async def test_g28_g30_an_election_and_a_guest_in_a_meeting_through_the_pages(
    visit: Callable[..., Any], db: Database, world: World, place: Place, owner: asyncpg.Connection
) -> None:
    role = await add_role(owner, world.teams["groen"], "Afgevaardigde", core="afgevaardigde")
    await fill(owner, role, world.people["aya"], 1)
    meeting = await on(db, world, place, "aya", "bram", "sef")
    await step(db, world, meeting)
    url = f"/overleggen/{meeting}"
    clients = {name: await visit(name) for name in ("aya", "bram", "sef", "dirk")}

    async def press(who: str, path: str, status: int = 303, **fields: Any) -> str:
        given = {name: str(value) for name, value in fields.items()}
        answer = await clients[who].send_form(f"{url}/{path}", given)
        assert answer.status_code == status, (path, text_of(answer.text))
        return text_of((await clients[who].get(url)).text if status == 303 else answer.text)

    async def version() -> int:
        return int(await owner.fetchval("select version from meeting"))

    assert "Kies een vaste rol van dit team." in await press(
        "bram", "agenda", 422, verkiezing=world.roles["balie_lead"]
    )
    await press("bram", "agenda", verkiezing=role)
    made = await owner.fetchval("select id from meeting_item")
    assert "Een gast nodigt alleen de afgevaardigde uit" in await press(
        "bram", f"punten/{made}/gast", 403, gast="Dirk Proef"
    )
    assert "We vinden deze collega niet." in await press("aya", f"punten/{made}/gast", 422, gast="Niemand")
    assert "Gast: Dirk Proef" in await press("aya", f"punten/{made}/gast", gast="Dirk Proef")
    await press("sef", "stap", versie=await version())
    await press("sef", f"punten/{made}/begin", versie=await version())
    assert "Je bent te gast bij dit punt" in text_of((await clients["dirk"].get(url)).text)
    await press("dirk", f"punten/{made}/beurt", tekst="De balie hoort het graag.")
    await press("dirk", f"punten/{made}/verkiezing/stemmen", 409, kandidaat=world.people["aya"], reden="Aardig.")
    await press("aya", f"punten/{made}/oproep", 422, tekst="Spreken voor ons team.", tot="gisteren")
    page = await press(
        "aya", f"punten/{made}/oproep", tekst="Spreken voor ons team.", tot=f"{TODAY + timedelta(days=300):%d-%m-%Y}"
    )
    assert "Wie wordt Afgevaardigde?" in page and "Jouw stem" in page
    for who, name in (("aya", "aya"), ("bram", "aya")):
        await press(who, f"punten/{made}/verkiezing/stemmen", kandidaat=world.people[name], reden="Legt goed uit.")
    assert "Nog niet iedereen die er is, heeft gestemd." in await press("sef", f"punten/{made}/delen", 409)
    await press("sef", f"punten/{made}/verkiezing/stemmen", kandidaat=world.people["aya"], reden="Luistert.")
    page = await press("sef", f"punten/{made}/delen")
    assert "Legt goed uit." in page and "Sluit de wisselronde" in page
    assert "Wil je deze rol?" not in await press("sef", f"punten/{made}/verkiezing/afsluiting")
    await press("aya", f"punten/{made}/verkiezing/antwoord", antwoord="ja")
    for who in ("bram", "sef"):
        assert "Jouw antwoord" in text_of((await clients[who].get(url)).text)
        await press(who, f"punten/{made}/antwoord", versie=1, r="consent")
    assert "Verkiezing Afgevaardigde" in (page := text_of((await clients["bram"].get(url)).text)) and "Gekozen" in page
    assert await owner.fetchval("select outcome from meeting_item") == "gekozen"
    assert await owner.fetchval("select bool_or(elected) from role_filling where role_id = $1", role)
    await press("bram", f"punten/{made}/verkiezing/vliegen", 404)
