"""Notices on screen: the list, the bell, choices, stopping mail from a real mail, and the page of what runs by the clock."""

import asyncio
import json
import re
from collections.abc import Callable
from typing import Any

import asyncpg
import httpx
import pytest

from teams.http.gate import Gate
from teams.jobs.notices import tell_what_happened
from teams.jobs.post import send_mail
from teams.jobs.runs import ran, write_plan
from teams.jobs.schedule import schedule
from teams.kit.db import Database
from tests.conftest import Place
from tests.klussen.acts import claim
from tests.klussen.test_claim import posted
from tests.notices.scene import Box, daytime, gather_and_send_mail, mail_server, settings
from tests.world import World

Visit = Callable[..., Any]


async def claimed(db: Database, place: Place, world: World, title: str = "Bomen tellen") -> None:
    klus = await posted(db, world, titel=title)
    await claim(db, world, "cato", klus.id)
    await tell_what_happened(db, settings(place))


async def test_the_bell_counts_and_the_list_tells_and_marks(
    visit: Visit, db: Database, place: Place, world: World, queries: Any
) -> None:
    aya = await visit("aya")
    assert "Zodra er iets gebeurt" in (await aya.get("/meldingen")).text
    await claimed(db, place, world)
    await claimed(db, place, world, "<b>Sloten</b> meten")
    with queries() as sent:
        shown = await aya.get("/meldingen")
    assert len(sent) <= 3, "who it is, the notices, the names in them"
    assert "Je hebt 2 ongelezen meldingen" in shown.text
    assert "Cato Proef doet mee aan Bomen tellen." in shown.text
    assert "&lt;b&gt;Sloten&lt;/b&gt;" in shown.text and "<b>Sloten" not in shown.text
    newest, older = re.findall(r'action="/meldingen/([0-9a-f-]{36})"', shown.text)[::2]
    went = await aya.send_form(f"/meldingen/{older}", {"naar": "1"})
    assert went.status_code == 303 and went.headers["location"].startswith("/klussen/")
    assert "Je hebt 1 ongelezen melding" in (await aya.get("/klussen")).text, "on every page"
    assert "Bomen" not in (await aya.get("/meldingen?alleen=ongelezen")).text
    await claimed(db, place, world, "Later gekomen")
    await aya.send_form("/meldingen/gelezen", {"tot": newest})
    assert "Je hebt 1 ongelezen melding" in (await aya.get("/meldingen/bel")).text, "what came since stays unread"


async def test_another_persons_notice_does_not_exist(
    visit: Visit, db: Database, place: Place, world: World, owner: asyncpg.Connection
) -> None:
    await claimed(db, place, world)
    id = await owner.fetchval("select id from notice")
    cato = await visit("cato")
    assert (await cato.send_form(f"/meldingen/{id}")).status_code == 404
    assert await owner.fetchval("select read_at from notice") is None


@pytest.mark.parametrize("path", ["/meldingen?voor=x", "/meldingen?x=1", "/meldingen?alleen=a&alleen=b"])
async def test_odd_questions_are_refused(visit: Visit, path: str) -> None:
    assert (await (await visit("aya")).get(path)).status_code == 400


async def test_the_list_goes_on(
    visit: Visit, db: Database, place: Place, owner: asyncpg.Connection, world: World
) -> None:
    await owner.execute(
        "insert into notice (person_id, said, at, mail) select $1, 'account.password_reset:zelf', now(), 'nooit' from generate_series(1, 30)",
        world.people["aya"],
    )  # fmt: skip
    aya = await visit("aya")
    first = (await aya.get("/meldingen")).text
    more = re.search(r"/meldingen\?voor=[0-9a-f-]{36}", first)
    assert more and first.count("opnieuw ingesteld") == 25 * 2
    assert (await aya.get(more[0])).text.count("opnieuw ingesteld") == 5 * 2


async def test_choices_come_back_and_faults_name_the_field(
    visit: Visit, owner: asyncpg.Connection, world: World
) -> None:
    aya = await visit("aya")
    page = (await aya.get("/meldingen/voorkeuren")).text
    assert "Er gaat nu geen mail uit" in page, "without a mail server the page says so"
    bad = await aya.send_form(
        "/meldingen/voorkeuren", {"klussen": "week", "stil_van": "kwart over", "stil_tot": "7:30"}
    )
    assert bad.status_code == 422 and "Schrijf een tijd als 19:00" in bad.text and 'value="kwart over"' in bad.text
    assert await owner.fetchval("select count(*) from notice_choice") == 0
    good = await aya.send_form("/meldingen/voorkeuren", {"klussen": "week", "stil_van": "", "stil_tot": ""})
    assert good.status_code == 303
    again = (await aya.get("/meldingen/voorkeuren")).text
    assert '<option value="week" selected' in again


async def one_mail(db: Database, place: Place, owner: asyncpg.Connection, world: World) -> Box:
    await daytime(owner)
    await owner.execute(
        "insert into notice_choice (person_id, kind, mail) values ($1, 'beheer', 'direct')", world.people["aya"]
    )
    async with mail_server() as box:
        klus = await posted(db, world)
        await claim(db, world, "cato", klus.id)
        await tell_what_happened(db, settings(place, box.port))
        await send_mail(db, settings(place, box.port))
    assert len(box.mails) == 1
    return box


async def test_unsubscribing_from_a_real_mail_in_one_click_as_a_mail_program_does(
    app: Gate, db: Database, place: Place, owner: asyncpg.Connection, world: World
) -> None:
    """RFC 8058: a POST without cookies to the address of the header; no session, no token of a form."""
    mail = (await one_mail(db, place, owner, world)).raw[0].decode()
    found = re.search(r"(?m)^List-Unsubscribe: <https://teams\.test(/[^>\s]+)>\r$", mail)
    assert found and "\r\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n" in mail, "as it came over the wire"
    address = found[1]
    program = httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://teams.test")
    async with program:
        answer = await program.post(address, data={"List-Unsubscribe": "One-Click"})
        assert answer.status_code == 200 and "Klussen die ik beheer" in answer.text
        again = await program.post(address, files={"List-Unsubscribe": (None, "One-Click")})
        assert again.request.headers["content-type"].startswith("multipart/form-data"), "as RFC 8058 prefers"
        assert again.status_code == 200
        assert (await program.post("/inloggen", files={"x": (None, "y")})).status_code in (403, 415)
        assert (await program.post(address[:-1] + "x")).status_code == 404
        assert (await program.post("/meldingen/voorkeuren", data={"klussen": "nooit"})).status_code == 403
    rows = await owner.fetch("select kind, mail from notice_choice where person_id = $1", world.people["aya"])
    assert [tuple(row) for row in rows] == [("beheer", "nooit")]


async def test_unsubscribing_by_hand_from_the_link_in_the_mail(
    visit: Visit, db: Database, place: Place, owner: asyncpg.Connection, world: World
) -> None:
    [mail] = (await one_mail(db, place, owner, world)).mails
    words = mail.get_body(("plain",))
    link = re.search(r"/meldingen/afmelden/\S+", words.get_content() if words else "")
    assert link
    reader = await visit(None)
    page = await reader.get(link[0])
    assert page.status_code == 200 and "Stop deze mail" in page.text
    assert await owner.fetchval("select mail from notice_choice") == "direct", "looking changes nothing"
    aya = await visit("aya")
    assert "Je krijgt hierover geen mail meer." in (await aya.send_form(link[0])).text
    assert await owner.fetchval("select mail from notice_choice") == "nooit"


async def test_the_api_gives_my_notices(visit: Visit, db: Database, place: Place, world: World) -> None:
    await claimed(db, place, world)
    body = json.loads((await (await visit("aya")).get("/api/v1/meldingen?ongelezen=true")).text)
    assert body["ongelezen"] == 1 and body["volgende"] is None
    [line] = body["resultaten"]
    assert line["tekst"] == "Cato Proef doet mee aan Bomen tellen."
    assert (line["soort"], line["gelezenOp"]) == ("beheer", None) and line["url"].startswith("/klussen/")
    assert json.loads((await (await visit("cato")).get("/api/v1/meldingen")).text)["resultaten"] == []


async def test_the_schedule_on_one_page_with_last_and_next_run(
    visit: Visit, db: Database, place: Place, owner: asyncpg.Connection
) -> None:
    beer = await visit("beer")
    assert "Het werk loopt niet" in (await beer.get("/beheer/werk")).text
    plan = schedule(db, settings(place))
    plan.start(paused=True)
    try:
        await write_plan(db, plan)
        names = {job.args[0].__name__ for job in plan.get_jobs()}
    finally:
        plan.shutdown()
    await ran(db, "clear_old_notices", seconds=0.2, fault="", did={"notices": 1200, "mails": 0})
    await ran(db, "clear_old_notices", seconds=0.2, fault="", did={})
    await ran(db, "settle_klussen", seconds=0.2, fault="OSError")
    shown = (await beer.get("/beheer/werk")).text
    assert await owner.fetchval("select count(*) from job_run") == len(names)
    assert "Het werk loopt niet" not in shown
    for words in (
        "1.200 meldingen",
        "blijven 365 dagen staan",
        "in 200 ms",
        "mislukt: OSError",
        "elke 2 seconden",
        "elke minuut",
        "elke dag om 3.15 uur",
    ):
        assert words in shown, words
    await owner.execute("update job_run set next_at = now() - interval '5 minutes'")
    assert "Het werk loopt niet" in (await beer.get("/beheer/werk")).text


async def test_every_job_has_words() -> None:
    from teams.web.werk import JOBS

    plan = schedule(None, None)  # type: ignore[arg-type]
    assert {job.args[0].__name__ for job in plan.get_jobs()} <= set(JOBS)


async def test_mail_that_failed_is_listed_and_tried_again(
    visit: Visit, db: Database, place: Place, owner: asyncpg.Connection, world: World
) -> None:
    await daytime(owner)
    await owner.execute(
        "insert into notice_choice (person_id, kind, mail) values ($1, 'beheer', 'direct')", world.people["aya"]
    )
    beer = await visit("beer")
    async with mail_server() as box:
        box.answer = "550 no such user"
        klus = await posted(db, world)
        await claim(db, world, "cato", klus.id)
        await tell_what_happened(db, settings(place, box.port))
        await gather_and_send_mail(db, settings(place, box.port))
        shown = (await beer.get("/beheer/werk")).text
        assert "aya@proefdam.example" in shown and "SMTP 550" in shown
        assert "Bomen" not in shown and "Schouw" not in shown, "whom it did not reach, never what it said"
        [id] = re.findall(r"/beheer/werk/mail/([0-9a-f-]{36})", shown)
        assert (await beer.send_form(f"/beheer/werk/mail/{id}")).status_code == 303
        assert (await beer.send_form(f"/beheer/werk/mail/{id}")).status_code == 409
        box.answer = "250 OK"
        await gather_and_send_mail(db, settings(place, box.port))
        assert len(box.mails) == 1


async def test_the_bell_is_told_over_the_live_channel(
    db: Database, place: Place, owner: asyncpg.Connection, world: World
) -> None:
    """The worker tells the topic of the person, after the fact and in its own transaction."""
    heard: list[str] = []
    await owner.add_listener("teams_live", lambda *given: heard.append(str(given[-1])))
    klus = await posted(db, world)
    await claim(db, world, "cato", klus.id)
    await asyncio.sleep(0.1)
    assert heard == [], "an act tells nothing"
    await tell_what_happened(db, settings(place))
    await asyncio.sleep(0.2)
    assert heard == [f"person:{world.people['aya']}"]
