"""The mandate log through HTTP: who sees what, filters, bad addresses, files that are entries, and few queries."""

import csv
import io
import json
import zipfile
from collections.abc import Callable
from typing import Any

import asyncpg
import pytest

from tests.account.acts import decision, head, log_it
from tests.conftest import Place
from tests.world import World

Visit = Callable[..., Any]


async def test_the_secretary_finds_what_went_over_its_ceiling(
    visit: Visit, owner: asyncpg.Connection, world: World
) -> None:
    for _ in range(30):
        await decision(owner, world)
    _, number = await decision(
        owner, world, cents=1_120_000, ceiling=1_000_000, outcome="gebrek", subject="Huur noodaggregaat"
    )
    sef = await visit("sef")
    whole = await sef.get("/mandaatlogboek")
    assert whole.status_code == 200 and "1 besluit vraagt aandacht." in whole.text and "Logboek" in whole.text
    found = (await sef.get("/mandaatlogboek?signaal=boven_grens")).text
    assert number in found and "Huur noodaggregaat" in found and "€ 11.200" in found and "Buiten mandaat" in found
    assert "1 besluit<" in found
    empty = (await sef.get("/mandaatlogboek?signaal=splitsing&periode=2026-K1")).text
    assert "Er is geen besluit dat bij deze filters past." in empty and "Wis dit filter" in empty


async def test_pages_follow_each_other_without_counting(
    visit: Visit, owner: asyncpg.Connection, world: World, queries: Any
) -> None:
    numbers = [(await decision(owner, world))[1] for _ in range(60)]
    kees, seen, address = await visit("kees"), [], "/mandaatlogboek?bevoegdheid=SUB-01"
    for _ in range(3):
        with queries() as sent:
            text = (await kees.get(address)).text
        assert len(sent) <= 4, [one[:80] for one in sent]
        seen += [number for number in numbers if f"/besluiten/{number}" in text]
        address = text.split('rel="next" href="')[1].split('"')[0].replace("&amp;", "&") if 'rel="next"' in text else ""
    assert sorted(seen) == sorted(numbers) and address == ""


async def test_queries_do_not_grow_with_rights(
    visit: Visit, owner: asyncpg.Connection, world: World, queries: Any
) -> None:
    await decision(owner, world)
    for who in ("sef", "wil", "aya", "beer"):
        client = await visit(who)
        with queries() as sent:
            assert (await client.get("/mandaatlogboek")).status_code == 200
        assert len(sent) <= 4, who


async def test_confidential_is_a_number_for_the_secretary_in_page_and_files(
    visit: Visit, owner: asyncpg.Connection, world: World
) -> None:
    _, number = await decision(
        owner, world, "dirk", role="balie", code="WMO-02", confidential=True, counterparty="Mevrouw Geheim", cents=1_234_567, case_number="Z-777",
        outcome="gebrek",
    )  # fmt: skip
    sef, kees = await visit("sef"), await visit("kees")
    page = (await sef.get("/mandaatlogboek")).text
    assert number in page and "Z-777" in page
    pages = [
        (await sef.get(path)).text
        for path in (
            f"/besluiten/{number}", "/besluiten/zonder-bevoegdheid", f"/api/v1/besluiten/{number}", f"/zoeken?zoek={number}",
            "/zoeken?zoek=Geheim",
        )
    ]  # fmt: skip
    assert all(number in page for page in pages[:4])
    files = [
        (await sef.send_form("/mandaatlogboek/export", {"vorm": kind})) for kind in ("csv", "json", "xlsx", "bewijs")
    ]
    packed = [zipfile.ZipFile(io.BytesIO(made.content)) for made in files[2:]]
    inside = [
        one.read(name).decode(errors="replace") for one in packed for name in one.namelist() if name != "verifier.py"
    ]
    for secret in (
        "Mevrouw",
        "12.345",
        "1234567",
        "12345.67",
        "Dirk Proef",
        "Baliemedewerker",
        str(world.people["dirk"]),
    ):
        assert not any(secret in one for one in (page, *pages, *(made.text for made in files[:2]), *inside)), secret
    assert "Dirk Proef" in (await kees.get("/mandaatlogboek")).text
    for client in (sef, kees):
        line = (await client.send_form("/mandaatlogboek/export", {"vorm": "json"})).json()["besluiten"][0]
        assert (line["nummer"], line["vertrouwelijk"]) == (number, True)


async def test_a_file_is_an_entry_with_its_digest(
    visit: Visit, owner: asyncpg.Connection, place: Place, world: World
) -> None:
    import hashlib

    _, number = await decision(owner, world, subject="=SOM(1)")
    await log_it(place)
    await head(owner, 1)
    kees = await visit("kees")
    made = await kees.send_form("/mandaatlogboek/export", {"vorm": "csv"})
    assert made.status_code == 200
    rows = list(csv.DictReader(io.StringIO(made.content.decode("utf-8-sig")), delimiter=";"))
    assert rows[0]["nummer"] == number and rows[0]["onderwerp"] == "'=SOM(1)" and rows[0]["bedrag"] == "4000.00"
    facts = json.loads(await owner.fetchval("select facts from journal where verb = 'export.made' and accountable"))
    assert facts == {
        "soort": "csv",
        "aantal": 1,
        "hoofd": 1,
        "bestand": "sha256:" + hashlib.sha256(made.content).hexdigest(),
    }
    assert (await kees.send_form("/mandaatlogboek/export", {"vorm": "json"})).json()["besluiten"][0]["nummer"] == number
    assert (await kees.send_form("/mandaatlogboek/export", {"vorm": "xlsx"})).content[:2] == b"PK"
    bundle = zipfile.ZipFile(io.BytesIO((await kees.send_form("/mandaatlogboek/export", {"vorm": "bewijs"})).content))
    assert {"LEESMIJ.txt", "besluiten.json", "checkpoint", "verifier.py", f"bewijs/{number}.tlog-proof"} <= set(
        bundle.namelist()
    )
    assert bundle.read(f"bewijs/{number}.tlog-proof").startswith(b"c2sp.org/tlog-proof@v1")
    for who in ("wil", "aya", "beer", "gea"):
        assert (await (await visit(who)).send_form("/mandaatlogboek/export", {"vorm": "csv"})).status_code == 403


BAD = (
    ("signaal=alles", 400), ("uitkomst=goed", 400), ("periode=2026-K5", 404), ("periode=x", 404), ("team=1", 404), ("na=1", 400),
    ("na=2026-01-01~x", 400), ("signaal=gebrek&signaal=gebrek", 400), ("extra=1", 400), ("bevoegdheid=" + "x" * 500, 200),
    ("periode=9999999999999999-K1", 404), ("na=0001-01-01T00:00:00~00000000-0000-0000-0000-000000000000", 200),
    ("na=0001-01-01T00:00:00%2B14:00~00000000-0000-0000-0000-000000000000", 400),
)  # fmt: skip


@pytest.mark.parametrize(("query", "status"), BAD)
async def test_bad_addresses_are_answered(visit: Visit, world: World, query: str, status: int) -> None:
    assert (await (await visit("sef")).get(f"/mandaatlogboek?{query}")).status_code == status


async def test_an_alarm_of_the_signer_stands_on_top(visit: Visit, owner: asyncpg.Connection, world: World) -> None:
    await owner.execute("insert into alarm (log, kind, size) values (1, 'herschreven', 12)")
    page = (await (await visit("sef")).get("/mandaatlogboek")).text
    assert "De ondertekenaar slaat alarm" in page and "Oude regels zijn veranderd." in page


async def test_the_council_reads_no_log(visit: Visit, owner: asyncpg.Connection, world: World) -> None:
    _, number = await decision(owner, world)
    gea = await visit("gea")
    assert (await gea.get("/mandaatlogboek")).status_code == 403
    assert (await gea.get(f"/besluiten/{number}")).status_code in (403, 404)


async def test_the_decisions_of_one_mandate(visit: Visit, owner: asyncpg.Connection, world: World) -> None:
    """M15: every decision is retrievable per grant; it is no way around what somebody may see."""
    chain = f"T12@sha256:{'ab' * 32}"
    under = [(await decision(owner, world, chains=json.dumps([[chain]]), grants=["T1", "T12"]))[1] for _ in range(2)]
    _, other = await decision(owner, world, grants=["T1"])
    kees, beer = await visit("kees"), await visit("beer")
    found = (await kees.get("/mandaatlogboek?mandaat=T12")).text
    assert "Alleen besluiten met mandaat T12." in found and "2 besluiten" in found
    assert all(number in found for number in under) and other not in found
    assert 'name="mandaat" value="T12"' in found, "a filter keeps it, and so does an export"
    assert "Er is geen besluit dat bij deze filters past." in (await kees.get("/mandaatlogboek?mandaat=%3Cb%3E")).text
    closed = (await beer.get("/mandaatlogboek?mandaat=T12")).text
    assert not any(number in closed for number in under)
