"""Sample and completeness through HTTP: the controller draws, judges and finds; owners settle posts."""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import asyncpg

from teams.account.actions.checklists import Post, lay_beside
from teams.account.rules import drawn
from teams.journal.models import SYSTEM
from teams.kit.db import Database
from tests.account.acts import MOMENT, decision, do, head, log_it
from tests.conftest import Place
from tests.world import World

Visit = Callable[..., Any]
AFTER = datetime(2026, 10, 2, tzinfo=UTC)


async def test_from_draw_to_finding(visit: Visit, owner: asyncpg.Connection, place: Place, world: World) -> None:
    numbers = [(await decision(owner, world))[1] for _ in range(28)]
    await log_it(place)
    await head(owner, 28, AFTER, bytes(range(32)))
    kees, sef = await visit("kees"), await visit("sef")
    assert "Trek de steekproef" in (await kees.get("/steekproef")).text
    assert "Trek de steekproef" not in (await sef.get("/steekproef")).text
    made = await kees.send_form("/steekproef", {"periode": "2026-K3"})
    address = made.headers["location"]
    again = await kees.send_form("/steekproef", {"periode": "2026-K3"})
    assert again.status_code == 409 and "Er komt geen tweede." in again.text
    page = (await kees.get(address)).text
    shown = re.findall(r'/besluiten/(2026-\d+)"', page)
    assert shown == drawn(bytes(range(32)), numbers)
    early = await kees.send_form(f"{address}/bevinding", {"oordeel": "in_orde", "bevinding": "Klopt."})
    assert early.status_code == 409 and "25 te gaan" in early.text and "Klopt." in early.text
    wrong = await kees.send_form(f"{address}/oordeel", {"plaats": "3", "oordeel": "niet_in_orde", "notitie": ""})
    assert wrong.status_code == 422 and "Schrijf op wat er niet in orde is." in wrong.text
    for place_ in range(1, 26):
        form = {"plaats": str(place_), "oordeel": "in_orde", "notitie": ""}
        assert (await kees.send_form(f"{address}/oordeel", form)).status_code == 303
    assert (await kees.send_form(f"{address}/oordeel", {"plaats": "26", "oordeel": "in_orde"})).status_code == 404
    assert (await sef.send_form(f"{address}/bevinding", {"oordeel": "in_orde", "bevinding": "x"})).status_code == 403
    assert (
        await kees.send_form(f"{address}/bevinding", {"oordeel": "in_orde", "bevinding": "Het beeld klopt."})
    ).status_code == 303
    seen = (await sef.get(address)).text
    assert "Het beeld klopt." in seen and "25 in orde" in seen
    paper = await kees.send_form(f"{address}/werkpapier")
    assert (
        paper.content.startswith(b"%PDF") and paper.content == (await kees.send_form(f"{address}/werkpapier")).content
    )
    assert await owner.fetchval("select count(*) from journal where verb = 'export.made'") == 2


async def test_a_period_without_a_head_says_when_to_come_back(
    visit: Visit, owner: asyncpg.Connection, world: World
) -> None:
    await decision(owner, world)
    answer = await (await visit("kees")).send_form("/steekproef", {"periode": "2026-K3"})
    assert answer.status_code == 409 and "Probeer het over een minuut opnieuw." in answer.text


async def test_owners_settle_their_posts(visit: Visit, db: Database, owner: asyncpg.Connection, world: World) -> None:
    await decision(owner, world, "bram", role="water", counterparty="Baggerwerken BV", cents=1)
    rows = [
        Post("contract", "<b>K-1</b>", MOMENT.date(), 990_000, party="Baggerwerken BV"),
        *(Post("betaling", f"P-{n:03}", MOMENT.date(), n) for n in range(1, 60)),
    ]
    await do(db, lay_beside, rows, file="inkoop.csv", digest="sha256:" + "a" * 64, by=SYSTEM)
    bram, sef, aya = await visit("bram"), await visit("sef"), await visit("aya")
    mine = (await bram.get("/toetslijst")).text
    assert "&lt;b&gt;K-1" in mine and "P-001" not in mine
    first = (await sef.get("/toetslijst")).text
    assert first.count("/toetslijst/0") == 50 and 'rel="next"' in first
    item = re.search(r'href="(/toetslijst/[0-9a-f-]{36})"', mine)
    assert item is not None
    assert (await aya.get(item[1])).status_code == 404
    assert (await aya.send_form(item[1], {"reden": "dubbel", "toelichting": "x"})).status_code == 404
    bad = await bram.send_form(item[1], {"reden": "hoort_bij", "nummer": "2026-99999", "toelichting": "Zie daar."})
    assert bad.status_code == 422 and "Dit besluit bestaat niet." in bad.text and "Zie daar." in bad.text
    assert (
        await bram.send_form(item[1], {"reden": "zonder_besluit", "nummer": "", "toelichting": "Mondeling."})
    ).status_code == 303
    assert (await bram.send_form(item[1], {"reden": "dubbel", "nummer": "", "toelichting": "x"})).status_code == 409
    assert "Er is geen besluit genomen" in (await sef.get(item[1])).text
    assert "59 posten zonder logboekregel." in (await sef.get("/mandaatlogboek")).text
    for query in ("stand=x", "na=1", "na=2026-01-01_x", "extra=1"):
        assert (await sef.get(f"/toetslijst?{query}")).status_code == 400
