"""The account's life through HTTP: who does which step, who reads when, and bytes that stay the same."""

import contextlib
import hashlib
import re
import zlib
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import asyncpg

from teams.auth.sessions import form_token
from tests.account.acts import decision
from tests.world import World

Visit = Callable[..., Any]
SOON = f"{date.today() + timedelta(days=14):%d-%m-%Y}"
STEPS = {
    "bevinding": {"oordeel": "met_punten", "bevinding": "Het beeld klopt, op één punt na."},
    "vaststelling": {"dag": "10-11-2026", "besluit": "B&W 2026-77", "reactie": "Wij nemen de aanbeveling over."},
    "verzending": {}, "vragen": {"namens": "Fractie Ruim Baan", "tekst": "Waarom twee opdrachten?", "termijn": SOON}, "afronding": {},
}  # fmt: skip
BY = {"bevinding": "kees", "vaststelling": "wil", "verzending": "sef", "vragen": "gea", "afronding": "sef"}
ADDRESS = "/verantwoording/2026-K3"


async def test_each_step_by_one_kind_of_person_in_one_order(
    visit: Visit, owner: asyncpg.Connection, world: World
) -> None:
    _, number = await decision(owner, world, cents=900_000, outcome="gebrek", subject="Huur noodaggregaat")
    people = {who: await visit(who) for who in ("sef", "kees", "wil", "gea", "aya", "beer")}
    for who in ("kees", "wil", "gea", "aya", "beer"):
        assert (await people[who].send_form("/verantwoording", {"periode": "2026-K3"})).status_code == 403
    assert (await people["gea"].get(ADDRESS)).status_code == 404
    made = await people["sef"].send_form("/verantwoording", {"periode": "2026-K3"})
    assert (made.status_code, made.headers["location"]) == (303, ADDRESS)
    words = {
        "periode": "2026-K3",
        "inleiding": "In één zin: het ging goed.",
        "verandert_boven_grens": "Een hogere grens voor noodgevallen.",
    }
    assert (await people["sef"].send_form("/verantwoording", words)).status_code == 303
    page = (await people["sef"].get(ADDRESS)).text
    assert "0 van 1 vastgelegde besluiten binnen mandaat" in page and "Een hogere grens voor noodgevallen." in page
    assert "Dat is niet bekend." in page, "completeness stands beside the percentage"
    order = list(STEPS)
    for place, step in enumerate(order):
        for who, client in people.items():
            if who == BY[step]:
                continue
            answer = await client.send_form(f"{ADDRESS}/{step}", STEPS[step])
            assert answer.status_code in (403, 404), (step, who, answer.status_code)
        for later in order[place + 1 :] if step != "vragen" else ():  # without a question it may be closed
            early = await people[BY[later]].send_form(f"{ADDRESS}/{later}", STEPS[later])
            assert early.status_code in (404, 409), (step, later)
        if step == "afronding":
            held = await people["sef"].send_form(f"{ADDRESS}/{step}", {})
            assert held.status_code == 409 and "1 vragen of toezeggingen open" in held.text
            question = await owner.fetchval("select id from board_question")
            assert (
                await people["kees"].send_form(f"/raadsvragen/{question}/antwoord", {"antwoord": "Nee."})
            ).status_code == 403
            reply = {"antwoord": "Omdat de eerste niet genoeg was."}
            assert (await people["wil"].send_form(f"/raadsvragen/{question}/antwoord", reply)).status_code == 303
            assert (await people["wil"].send_form(f"/raadsvragen/{question}/antwoord", reply)).status_code == 409
        done = await people[BY[step]].send_form(f"{ADDRESS}/{step}", STEPS[step])
        assert done.status_code == 303, (step, done.text[:2000])
        if step != "vragen":
            assert (await people[BY[step]].send_form(f"{ADDRESS}/{step}", STEPS[step])).status_code == 409, (
                "twice is never two"
            )
    verbs = [
        row[0]
        for row in await owner.fetch("select verb from journal where accountable and verb like 'report.%' order by id")
    ]
    assert verbs == [
        "report.drafted",
        "report.drafted",
        "report.found",
        "report.determined",
        "report.sent",
        "report.asked",
        "report.answered",
        "report.closed",
    ]
    assert (await people["sef"].send_form("/verantwoording", {"periode": "2026-K3"})).status_code == 409
    seen = (await people["gea"].get(ADDRESS)).text
    assert "Wij nemen de aanbeveling over." in seen and "Omdat de eerste niet genoeg was." in seen
    assert f"/besluiten/{number}" not in seen, "the council opens no single case"
    for address in (f"/besluiten/{number}", "/mandaatlogboek", "/steekproef", "/toetslijst"):
        assert (await people["gea"].get(address)).status_code in (403, 404)
    assert (await people["aya"].get(ADDRESS)).status_code == 403


async def test_the_same_bytes_each_time_and_computed_again(
    visit: Visit, owner: asyncpg.Connection, world: World
) -> None:
    await decision(owner, world, cents=900_000, outcome="gebrek")
    sef, stranger = await visit("sef"), await visit(None)
    await sef.send_form("/verantwoording", {"periode": "2026-K3"})
    row = await owner.fetchrow("select known, figures, words, digest from board_account_version")
    await decision(owner, world, recorded_at=datetime.now(UTC))
    frozen = await sef.get(f"{ADDRESS}/bestand/json")
    assert "sha256:" + hashlib.sha256(frozen.content).hexdigest() == row["digest"]
    again = await sef.get(f"{ADDRESS}/cijfers.json", params={"bekend": row["known"].isoformat()})
    assert again.text == row["figures"] and "sha256:" in (await sef.get(ADDRESS)).text
    for kind, start in (("pdf", b"%PDF"), ("xlsx", b"PK")):
        one, two = [(await sef.get(f"{ADDRESS}/bestand/{kind}")).content for _ in range(2)]
        assert one == two and one.startswith(start)
    assert (await stranger.get("/openbaar/verantwoording/2026-K3")).status_code == 404
    for bad in ("bekend=x", "bekend=2026-01-01T00:00:00", "bekend=0001-01-01T00:00:00%2B14:00"):
        assert (await sef.get(f"{ADDRESS}/cijfers.json?{bad}")).status_code == 422


def unpacked(paper: bytes) -> bytes:
    """The streams of a PDF as they were before they were made small."""
    found = []
    for stream in re.findall(rb"stream\r?\n(.*?)\r?\nendstream", paper, re.DOTALL):
        with contextlib.suppress(zlib.error):
            found.append(zlib.decompress(stream))
    return b"\n".join(found) + paper


async def test_the_chart_stands_on_page_and_paper_with_its_table(
    visit: Visit, owner: asyncpg.Connection, world: World
) -> None:
    await decision(owner, world)
    sef = await visit("sef")
    await sef.send_form("/verantwoording", {"periode": "2026-K3"})
    page = (await sef.get(ADDRESS)).text
    chart = page[page.index('<figure class="teams-grafiek"') : page.index("</figure>")]
    assert 'role="img"' in chart and "<table" in chart and chart.count("<circle") == 5
    paper = unpacked((await sef.get(f"{ADDRESS}/bestand/pdf")).content)
    assert b"/Figure" in paper and b"Lijndiagram" in paper.replace(b"\x00", b""), "with words for who cannot see it"


async def test_in_public_without_people_and_only_when_it_was_sent(
    visit: Visit, owner: asyncpg.Connection, world: World
) -> None:
    _, number = await decision(owner, world, subject="Subsidie aan mevrouw Publiek")
    people = {who: await visit(who) for who in ("sef", "kees", "wil", None)}
    await people["sef"].send_form("/verantwoording", {"periode": "2026-K3"})
    for step in ("bevinding", "vaststelling", "verzending"):
        await people[BY[step]].send_form(f"{ADDRESS}/{step}", STEPS[step])
    answer = await people[None].get("/openbaar/verantwoording/2026-K3")
    assert answer.status_code == 200 and "2026-K3" in (await people[None].get("/openbaar/verantwoording")).text
    for secret in ("mevrouw Publiek", "Boombeheerder", "Aya Proef", "Kees Proef", f"/besluiten/{number}"):
        assert secret not in answer.text
    for kind in ("pdf", "xlsx", "json"):
        made = await people[None].get(f"/openbaar/verantwoording/2026-K3/bestand/{kind}")
        assert made.status_code == 200 and b"mevrouw Publiek" not in made.content
    assert (await people[None].get("/openbaar/verantwoording/2026-K3/bestand/exe")).status_code == 404


async def test_bad_input_keeps_what_was_typed(visit: Visit, owner: asyncpg.Connection, world: World) -> None:
    await decision(owner, world)
    sef, kees = await visit("sef"), await visit("kees")
    for period in ("2026-K9", "x", "2026-K3'--", ""):
        assert (await sef.send_form("/verantwoording", {"periode": period})).status_code == 404
    assert (await sef.send_form("/verantwoording", {"periode": "2199-K4"})).status_code == 409
    long = await sef.send_form("/verantwoording", {"periode": "2026-K3", "inleiding": "x" * 4001})
    assert long.status_code == 422 and "4000" in long.text
    await sef.send_form("/verantwoording", {"periode": "2026-K3"})
    said = {"periode": "2026-K3", "inleiding": "Dit\x07 dus", "bezwaren": "Geen enkel verlies."}
    odd = await sef.send_form("/verantwoording", said)
    assert odd.status_code == 422 and "In woorden: Er staat een teken in dat niet te lezen is" in odd.text
    assert "Geen enkel verlies." in odd.text, "the page that the words stand on, with the words"
    twice = {"csrf": form_token(sef.session_id), "periode": "2026-K3", "inleiding": "Rustig kwartaal."}
    assert {(await sef.send_form("/verantwoording", twice)).status_code for _ in range(2)} == {303}
    assert await owner.fetchval("select count(*) from board_account_version") == 2, "one form is one version"
    empty = await kees.send_form(f"{ADDRESS}/bevinding", {"oordeel": "in_orde", "bevinding": ""})
    assert empty.status_code == 422 and "Vul dit in." in empty.text
    assert (
        await kees.send_form(f"{ADDRESS}/bevinding", {"oordeel": "prima", "bevinding": "Een zin."})
    ).status_code == 422
    assert (await kees.send_form(f"{ADDRESS}/bevinding", {"extra": "1"})).status_code == 400
    assert (await kees.send_form(f"{ADDRESS}/niets", {})).status_code == 404
