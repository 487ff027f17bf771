"""Mobility through HTTP: every number is a link to rows, every period an address, files beside it; small groups stay out."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import asyncpg
import pytest

from teams.http.gate import Gate
from teams.kit.db import Database
from teams.kit.settings import Settings
from teams.web import mobiliteit
from tests.account.acts import decision
from tests.klussen.acts import draft
from tests.klussen.test_hours_booked import LAST_MONDAY, running
from tests.places import Place
from tests.world import TODAY, World

Visit = Callable[..., Any]


async def test_numbers_open_their_rows(visit: Visit, owner: asyncpg.Connection, world: World) -> None:
    aya = await visit("aya")
    page = (await aya.get("/mobiliteit")).text
    assert "Mobiliteit" in page and f"/mobiliteit/M2?periode={TODAY.year}" in page
    for address in set(re.findall(r'href="(/mobiliteit[^"]*)"', page)):
        assert (await aya.get(address)).status_code == 200, address
    assert "van 8" in page and "gedeeld door het gemiddelde aantal mensen in dienst" in page
    # Groen has two people, Balie two, Proefdam four: all under five, so they stand together in one line.
    rows = (await aya.get("/mobiliteit/M2")).text
    assert "Kleine teams samen" in rows and "Balie" not in rows


async def test_hours_of_a_few_people_are_not_told(visit: Visit, owner: asyncpg.Connection, world: World) -> None:
    klus = await owner.fetchval(
        "insert into klus (title, kind, way, state, team_id, posted_by, places, hours_min, hours_max, starts) values"
        " ('Bomen tellen', 'klus', 'claim', 'in_uitvoering', $1, $2, 1, 4, 4, $3) returning id",
        world.teams["groen"], world.people["aya"], TODAY - timedelta(days=1),
    )  # fmt: skip
    claim = await owner.fetchval(
        "insert into claim (klus_id, person_id, state, seat, hours, at) values ($1, $2, 'lopend', 1, 4, $3) returning id",
        klus, world.people["cato"], TODAY - timedelta(days=1),
    )  # fmt: skip
    await owner.execute(
        "insert into hours_booking (claim_id, person_id, day, tenths) values ($1, $2, $3, 35)",
        claim,
        world.people["cato"],
        TODAY,
    )
    aya = await visit("aya")
    for address in ("/mobiliteit", "/mobiliteit/M3", "/mobiliteit/uren", "/mobiliteit/bestand/csv"):
        told = (await aya.get(address)).text
        assert "3,5" not in told, address
    assert "te weinig mensen" in (await aya.get("/mobiliteit/M3")).text
    assert "Bomen tellen" in (await aya.get("/mobiliteit/stromen")).text


async def test_of_many_places_a_page_shows_the_first_and_the_files_have_all(
    visit: Visit, owner: asyncpg.Connection, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mobiliteit, "SHOWN", 1)
    for title in ("Bomen tellen", "Nesten tellen"):
        klus = await owner.fetchval(
            "insert into klus (title, kind, way, state, team_id, posted_by, places, hours_min, hours_max, starts) values"
            " ($1, 'klus', 'claim', 'in_uitvoering', $2, $3, 1, 4, 4, $4) returning id",
            title, world.teams["groen"], world.people["aya"], TODAY - timedelta(days=1),
        )  # fmt: skip
        await owner.execute(
            "insert into claim (klus_id, person_id, state, seat, hours, at) values ($1, $2, 'lopend', 1, 4, $3)",
            klus, world.people["cato"], TODAY - timedelta(days=1),
        )  # fmt: skip
    aya = await visit("aya")
    shown = (await aya.get("/mobiliteit/stromen")).text
    assert "Bomen tellen" in shown and "Nesten tellen" not in shown and "de eerste 1 van 2 plekken" in shown
    told = await aya.get("/mobiliteit/bestand/csv")
    assert "Bomen tellen" in told.text and "Nesten tellen" in told.text
    assert (await aya.get("/mobiliteit/bestand/xlsx")).content[:2] == b"PK"
    small = (await aya.get("/mobiliteit/stromen?uit=*&in=*")).text
    assert "Bomen tellen" in small and "Alleen wat Kleine teams samen uitleent aan Kleine teams samen" in small
    assert "werkte niemand voor een ander team" in (await aya.get("/mobiliteit/stromen?uit=Zonnebloem")).text
    assert (await aya.get("/mobiliteit/M1?uit=*")).status_code == 400
    head = await aya.head("/mobiliteit/bestand/csv")
    assert (head.status_code, head.content) == (200, b"")


async def test_bad_addresses_say_what_to_do(visit: Visit, world: World) -> None:
    aya = await visit("aya")
    for address in ("?periode=2199", "?periode=morgen", "/M9", "/bestand/pdf", "?periode=2026-K9"):
        assert (await aya.get(f"/mobiliteit{address}")).status_code == 404, address
    assert (await aya.get("/mobiliteit?team=1")).status_code == 400
    assert (await (await visit("gea")).get("/mobiliteit")).status_code == 200


async def test_R11_hours_are_off_until_the_works_council_consented(visit: Visit, world: World) -> None:
    for address in ("/uren", f"/klussen/{world.teams['groen']}/uren"):
        answer = await (await visit("aya")).get(address)
        assert answer.status_code == 404 and "ondernemingsraad" in answer.text


async def test_booking_and_approving_on_the_pages(
    place: Place, db: Database, visit: Visit, owner: asyncpg.Connection, world: World, app: Gate
) -> None:
    app.app.state.settings = Settings(database_url=place.url(), works_council="OR 2026-03")
    klus, (claim,) = await running(owner, world, "cato")
    cato, sef = await visit("cato"), await visit("sef")
    assert "Bomen tellen" in (await cato.get("/uren")).text
    bad = await cato.send_form(f"/inzet/{claim}/uren", {"dag": "31-02-2026", "uren": "veel"})
    assert bad.status_code == 422 and 'value="31-02-2026"' in bad.text and 'value="veel"' in bad.text
    good = {"dag": f"{LAST_MONDAY:%d-%m-%Y}", "uren": "3,5", "toelichting": "", "sleutel": "een-eigen-sleutel"}
    assert (await cato.send_form(f"/inzet/{claim}/uren", good)).status_code == 303
    other = await cato.send_form(f"/inzet/{claim}/uren", {**good, "uren": "7"})
    assert other.status_code == 409 and "al verstuurd, met iets anders" in other.text
    assert (await (await visit("dirk")).send_form(f"/inzet/{claim}/uren", good)).status_code == 404
    seen = (await sef.get(f"/klussen/{klus}/uren")).text
    assert "3,5" in seen and "Cato" not in seen
    assert (await (await visit("dirk")).get(f"/klussen/{klus}/uren")).status_code == 404
    assert (await sef.send_form(f"/klussen/{klus}/uren", {"week": LAST_MONDAY.isoformat()})).status_code == 303
    late = await cato.send_form(f"/inzet/{claim}/uren", {**good, "sleutel": "een-andere-sleutel"})
    assert late.status_code == 409 and "gesloten" in late.text


async def test_the_steps_of_a_vacancy_on_its_page(
    db: Database, visit: Visit, owner: asyncpg.Connection, world: World
) -> None:
    klus = (
        await draft(db, world, "bram", titel="Ecoloog", soort="vacature", wijze="selectie", plaatsen=1, urenMin=24)
    ).id
    address, bram, kees = f"/klussen/{klus}/vacature", await visit("bram"), await visit("kees")
    assert (await bram.get(address)).status_code == 200
    assert (await bram.send_form(address, {"keuze": "melden"})).status_code == 303
    early = await bram.send_form(
        address, {"keuze": "stap", "stap": "intern", "van": f"{TODAY:%d-%m-%Y}", "overslaan": "Zomaar."}
    )
    assert early.status_code == 409 and "nooit overgeslagen" in early.text and 'value="Zomaar."' in early.text
    for stage in ("formatietoets", "voorrang"):
        assert (
            await bram.send_form(address, {"keuze": "stap", "stap": stage, "van": f"{TODAY:%d-%m-%Y}"})
        ).status_code == 303
    unknown = {
        "keuze": "vervuld",
        "op": f"{TODAY:%d-%m-%Y}",
        "besluit": "2026-00001",
        "herkomst": "intern",
        "persoon": "cato@proefdam.example",
    }
    answer = await bram.send_form(address, unknown)
    assert answer.status_code == 422 and "besluit binnen mandaat over personeel" in answer.text
    _, number = await decision(owner, world, code="HRM-01", cents=None)
    assert (await bram.send_form(address, {**unknown, "besluit": number})).status_code == 303
    assert (
        await bram.send_form(address, {"keuze": "vervolg", "soort": "vervalt", "reden": "Het werk is weg."})
    ).status_code == 303
    assert "De oude plek vervalt" in (await bram.get(address)).text
    money = f"/klussen/{klus}/besparing"
    form = {
        "keuze": "boeking",
        "soort": "formatie",
        "van": "01-01-2027",
        "norm": "74.500",
        "uren": "24",
        "grond": "Uit de formatie.",
    }
    bad = await bram.send_form(money, {**form, "norm": "veel"})
    assert bad.status_code == 422 and 'value="veel"' in bad.text
    assert (await bram.send_form(money, form)).status_code == 303
    assert (await bram.send_form(money, form)).status_code == 409
    saving = await owner.fetchval("select id from saving")
    assert (await bram.send_form(f"{money}/{saving}", {"oordeel": "bevestigd"})).status_code == 403
    assert (await kees.send_form(f"{money}/{saving}", {"oordeel": "bevestigd", "reden": ""})).status_code == 303
    assert await owner.fetchval("select cents from saving where state = 'bevestigd'") == 49_666_67
    assert (await (await visit("dirk")).get(money)).status_code == 404
