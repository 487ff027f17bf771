"""A reeks: like decisions declared once, each an entry; all or none (mandates 2.4)."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import asyncpg
import pytest

from teams.decisions.actions.elsewhere import Elsewhere, record_elsewhere
from teams.decisions.forms import DecisionForm
from teams.decisions.models import Source
from teams.journal.models import SYSTEM
from teams.kit.clock import day_of, now
from teams.kit.db import Database
from teams.mandates.question import Question
from tests.decisions.desk import Desk, desks
from tests.mandates.stored import uid
from tests.places import Place

PATH = "/api/v1/besluiten/reeks"
SERIES = {
    "bevoegdheid": "SUB-01", "gevoelig": False, "onderwerp": "Subsidie vereniging", "motivering": "Past in de regeling.",
    "belangVerklaring": True, "besluiten": [{"zaak": "Z-1", "bedrag": 3000}, {"zaak": "Z-2", "bedrag": 2000.50, "onderwerp": "Koor"}],
}  # fmt: skip


@pytest.fixture
async def desk(place: Place, db: Database, owner: asyncpg.Connection) -> AsyncIterator[Desk]:
    async with desks(place, db, owner) as desk:
        boss = await asyncpg.connect(place.url("postgres"))
        await boss.execute("set session_replication_role = replica")
        await boss.execute(
            "update power_version v set recording = 'reeks' from power p where p.id = v.power_id and p.code in ('SUB-01', 'PW-07L')"
        )
        await boss.close()
        yield desk


async def count(owner: asyncpg.Connection, table: str = "decision") -> int:
    found: int = await owner.fetchval(f"select count(*) from {table}")
    return found


async def test_each_gets_a_number_and_an_entry(desk: Desk, owner: asyncpg.Connection) -> None:
    noor = await desk("noor")
    made = await noor.json("POST", PATH, SERIES)
    assert made.status_code == 201, made.text
    body = made.json()
    assert body["aantal"] == 2
    assert [line["uitkomst"] for line in body["besluiten"]] == ["bevoegd", "bevoegd"]
    rows = await owner.fetch("select * from decision order by number")
    assert [(row["source"], row["case_number"], row["cents"], row["subject"]) for row in rows] == [
        ("reeks", "Z-1", 300000, "Subsidie vereniging"), ("reeks", "Z-2", 200050, "Koor"),
    ]  # fmt: skip
    assert {str(row["batch_id"]) for row in rows} == {body["reeks"]}
    assert await owner.fetchval("select count(*) from journal where verb = 'decision.taken' and accountable") == 2


async def test_one_no_refuses_all_and_names_its_line(desk: Desk, owner: asyncpg.Connection) -> None:
    noor = await desk("noor")
    split = [{"zaak": "Z-1", "bedrag": 3000}, {"zaak": "Z-2", "bedrag": 10}, {"zaak": "Z-1", "bedrag": 2500}]
    no = await noor.json("POST", PATH, {**SERIES, "besluiten": split})
    assert no.status_code == 409
    assert [line["code"] for line in no.json()["redenen"]] == ["M21"], "the third with the first is over the ceiling"
    assert no.json()["redenen"][0]["tekst"].startswith("Besluit 3: ")
    assert (await count(owner), await count(owner, "attempt")) == (0, 1)
    cas = await desk("cas")
    assert (await cas.json("POST", PATH, SERIES)).status_code == 409
    assert await count(owner) == 0


async def test_only_for_powers_that_are_recorded_so(desk: Desk, owner: asyncpg.Connection) -> None:
    cas = await desk("cas")
    answer = await cas.json("POST", PATH, {**SERIES, "bevoegdheid": "PW-07"})
    assert (answer.status_code, answer.json()["redenen"][0]["code"]) == (409, "vastlegging")
    assert answer.json()["vervolg"]


async def test_bad_input_is_400_and_names_the_field(desk: Desk, owner: asyncpg.Connection) -> None:
    noor = await desk("noor")
    for change in (
        {"besluiten": []}, {"besluiten": [{"zaak": "Z"}] * 201}, {"besluiten": [{"bedrag": "7,500"}]}, {"besluiten": [{"bedrag": "1e9"}]},
        {"besluiten": [{"bedrag": -1}]}, {"besluiten": "Z-1"}, {"besluiten": [{"nummer": "x"}]}, {"motivering": ""}, {"belangVerklaring": False},
        {"op": "2199-01-01"}, {"bevoegdheid": "XYZ-9"}, {"onderwerp": "x" * 201}, {"bekend": "2026-01-01"},
    ):  # fmt: skip
        answer = await noor.json("POST", PATH, {**SERIES, **change})
        assert answer.status_code == 400, (change, answer.text)
        assert answer.json()["redenen"][0]["code"] == next(iter(change)), answer.text
    assert await count(owner) == 0


async def test_two_series_on_one_case_at_once_never_pass_the_ceiling(desk: Desk, owner: asyncpg.Connection) -> None:
    noor = await desk("noor")
    one = {**SERIES, "besluiten": [{"zaak": "Z-7", "bedrag": 3000}]}
    answers = await asyncio.gather(
        *(noor.json("POST", PATH, one) for _ in range(3)),
        *(noor.json("POST", "/api/v1/besluiten", {**{k: v for k, v in one.items() if k != "besluiten"}, "zaak": "Z-7", "bedrag": 3000}) for _ in range(2)),
    )  # fmt: skip
    assert sorted(answer.status_code for answer in answers) == [201, 409, 409, 409, 409]
    assert await owner.fetchval("select sum(cents) from decision where case_number = 'Z-7'") == 300000


def filled(page: str, **more: Any) -> dict[str, Any]:
    key = page.split('name="sleutel" value="')[1].split('"')[0]
    return {
        "sleutel": key, "bevoegdheid": "SUB-01", "onderwerp": "Subsidie", "motivering": "Past.", "belangVerklaring": "1",
        "regels": "Z-1; 3.000,00\n\nZ-2; 2000,50; De Vries; Koor", **more,
    }  # fmt: skip


async def test_the_page_records_once_and_keeps_what_was_typed(desk: Desk, owner: asyncpg.Connection) -> None:
    noor = await desk("noor")
    page = (await noor.get("/besluiten/reeks")).text
    bad = await noor.send_form("/besluiten/reeks", filled(page, regels="Z-1; 7,500"))
    assert bad.status_code == 422
    assert "Regel 1: schrijf een bedrag als 7500 of 7.500,00." in bad.text
    assert "Z-1; 7,500" in bad.text
    no = await noor.send_form("/besluiten/reeks", filled(page, regels="Z-1; 7500\n<script>; 1"))
    assert no.status_code == 409
    assert "Besluit 1: " in no.text and "<script>;" not in no.text
    first = await noor.send_form("/besluiten/reeks", filled(page))
    again = await noor.send_form("/besluiten/reeks", filled(page))
    assert (first.status_code, first.headers["location"]) == (303, again.headers["location"])
    shown = (await noor.get(first.headers["location"])).text
    assert "2 besluiten, elk met een eigen regel" in shown and "Koor" in shown
    assert await count(owner) == 2
    assert (await (await desk("cas")).get(first.headers["location"])).status_code == 404


async def test_what_had_no_authority_is_listed_for_who_owns_the_role(desk: Desk, db: Database) -> None:
    async with db.begin() as session:
        at = await now(session)
        q = Question("SUB-01", at, at, uid("noor"), None, 7_500_00, "Z-1", interest=False, sensitive=False)
        form = DecisionForm(onderwerp="Te hoge subsidie", motivering="Uit het zaaksysteem.", belangVerklaring=True)
        row = Elsewhere("zaak/1", q, form)
        await record_elsewhere(session, [row], source=Source.CASE_SYSTEM, by=SYSTEM, at=at)
    clients: dict[str, Any] = {}
    for name, sees in (
        ("noor", True),
        ("gijs", True),
        ("wieke", True),
        ("coen", True),
        ("alder", True),
        ("cas", False),
    ):
        client = clients[name] = await desk(name)
        text = (await client.get("/besluiten/zonder-bevoegdheid")).text
        assert ("Te hoge subsidie" in text) is sees, name
    wieke = clients["wieke"]
    number = (await wieke.get("/besluiten/zonder-bevoegdheid")).text.split('href="/besluiten/2')[1].split('"')[0]
    assert (await wieke.get(f"/besluiten/2{number}")).status_code == 200
    assert (await wieke.get(f"/api/v1/besluiten/2{number}")).json()["uitkomst"] == "gebrek"
    told = await wieke.json(
        "POST", f"/api/v1/besluiten/2{number}/gebreken", {"grond": "boven_grens", "reden": "Boven de grens."}
    )
    assert told.status_code in (200, 201), told.text
    ratified = {"besloten": f"{day_of(at):%Y-%m-%d}", "besluitnummer": "B&W 12"}
    assert (await wieke.json("POST", f"/api/v1/besluiten/2{number}/bekrachtigingen", ratified)).status_code in (
        200,
        201,
    )
    assert "Te hoge subsidie" not in (await wieke.get("/besluiten/zonder-bevoegdheid")).text, "ratified, so done"


async def test_a_series_sent_again_with_another_line_says_so(desk: Desk, owner: Any) -> None:
    noor = await desk("noor")
    series = {
        "bevoegdheid": "SUB-01", "onderwerp": "Subsidies", "motivering": "Past.", "belangVerklaring": "1", "sleutel": "een-sleutel-van-het-formulier",
        "regels": "26-1; 100\n26-2; 200",
    }  # fmt: skip
    first = await noor.send_form("/besluiten/reeks", series)
    assert first.status_code == 303, first.text
    assert (await noor.send_form("/besluiten/reeks", series)).headers["location"] == first.headers["location"]
    other = await noor.send_form("/besluiten/reeks", {**series, "regels": "26-3; 300"})
    assert other.status_code == 422 and "26-3; 300" in other.text
    assert f'href="{first.headers["location"]}"' in other.text
    assert series["sleutel"] not in other.text, "sent again, it is another form"
    assert await count(owner) == 2
