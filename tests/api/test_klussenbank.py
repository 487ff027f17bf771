"""Hours, vacancies, feedback and saved searches for other systems; person-level calls are off until the works council agreed."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from tests.api.conftest import Call, klus
from tests.klussen.test_hours_booked import LAST_MONDAY, running
from tests.klussen.test_vacancies_savings import appointment
from tests.web.test_persoon import COUNCIL, finished
from tests.world import TODAY, World


@pytest.fixture
def agreed(app: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    state = app.app.state
    monkeypatch.setattr(state, "settings", state.settings.model_copy(update={"works_council": COUNCIL}))


def codes(answer: Any) -> list[str]:
    return [reason["code"] for reason in answer.json()["redenen"]]


@pytest.mark.parametrize("path", ["/uren", "/klussen/{}/uren"])
async def test_WOR27_hours_are_off_before_consent(
    call: Call, owner: asyncpg.Connection, world: World, path: str
) -> None:
    shown, (claim,) = await running(owner, world, "cato")
    cato, bram = await call("cato"), await call("bram")
    assert (await (cato if path == "/uren" else bram).get(path.format(shown))).status_code == 404
    assert (await cato.post(f"/inzet/{claim}/uren", json={"dag": str(LAST_MONDAY), "uren": 3})).status_code == 404
    assert await owner.fetchval("select count(*) from hours_booking") == 0


@pytest.mark.usefixtures("agreed")
async def test_R11_book_take_back_and_a_week_approved_as_one_sum(
    call: Call, owner: asyncpg.Connection, world: World
) -> None:
    shown, (claim,) = await running(owner, world, "cato")
    cato, bram = await call("cato"), await call("bram")
    first = await cato.post(f"/inzet/{claim}/uren", json={"dag": str(LAST_MONDAY), "uren": 3.5, "toelichting": None})
    assert first.status_code == 201, first.text
    assert (await cato.post(f"/uren/{first.json()['id']}/tegenboeking")).status_code == 201
    assert codes(await cato.post(f"/uren/{first.json()['id']}/tegenboeking")) == ["R11"]
    await cato.post(f"/inzet/{claim}/uren", json={"dag": str(LAST_MONDAY), "uren": 2, "toelichting": "Noord"})
    mine = (await cato.get("/uren")).json()["resultaten"]
    assert sorted(one["uren"] for one in mine) == [-3.5, 2.0, 3.5]
    assert (await bram.get("/uren")).json()["resultaten"] == []
    assert (await cato.get(f"/klussen/{shown}/uren")).status_code == 404
    done = await bram.post(f"/klussen/{shown}/uren", json={"week": str(LAST_MONDAY)})
    assert [(week["uren"], week["goedgekeurdDoor"]) for week in done.json()["resultaten"]] == [(2.0, "Bram Proef")]
    late = await cato.post(f"/inzet/{claim}/uren", json={"dag": str(LAST_MONDAY), "uren": 1})
    assert (late.status_code, codes(late)) == (409, ["R11"])


async def test_a_vacancy_from_report_to_appointment_by_decision(
    call: Call, owner: asyncpg.Connection, world: World
) -> None:
    bram, cato = await call("bram"), await call("cato")
    body = klus(world.teams["groen"], soort="vacature", wijze="selectie", plaatsen=1, urenMin=24)
    here = f"/klussen/{(await bram.post('/klussen', json=body)).json()['id']}"
    await bram.post(f"{here}/publicatie")
    here += "/vacature"
    assert (await cato.post(f"{here}/melding")).status_code == 403
    assert (await bram.post(f"{here}/melding")).json()["resultaten"][0]["stap"] == "gemeld"
    skips = await bram.post(f"{here}/stappen", json={"stap": "intern", "van": str(TODAY)})
    assert skips.status_code == 409
    await bram.post(f"{here}/stappen", json={"stap": "formatietoets", "van": str(TODAY)})
    opened = {"stap": "intern", "van": str(TODAY), "overslaan": "Er zijn geen voorrangskandidaten."}
    assert (await bram.post(f"{here}/stappen", json=opened)).status_code == 200
    filled = {"op": str(TODAY), "besluit": "2026-99999", "herkomst": "intern", "persoonId": str(world.people["cato"])}
    assert (await bram.post(f"{here}/benoeming", json=filled)).status_code == 400, "no such decision"
    filled["besluit"] = await appointment(owner, world)
    stages = (await bram.post(f"{here}/benoeming", json=filled)).json()["resultaten"]
    assert [one["stap"] for one in stages] == ["gemeld", "formatietoets", "voorrang", "intern", "vervuld"]
    assert stages[2]["overgeslagen"] and stages[4]["persoon"]["naam"] == "Cato Proef"
    left = await bram.post(f"{here}/vervolg", json={"soort": "vervalt", "reden": "Het werk stopt."})
    assert left.status_code == 200, left.text
    assert (await cato.get(here)).json() == left.json()


async def test_WOR27_feedback_is_off_before_consent(call: Call, db: Any, owner: Any, world: World) -> None:
    claim = await finished(db, world, owner)
    assert (await (await call("aya")).post(f"/inzet/{claim}/terugkoppeling", json={"tekst": "Mooi"})).status_code == 403


@pytest.mark.usefixtures("agreed")
async def test_feedback_both_ways(call: Call, db: Any, owner: Any, world: World) -> None:
    claim = await finished(db, world, owner)
    aya, cato, dirk = await call("aya"), await call("cato"), await call("dirk")
    said = await aya.post(f"/inzet/{claim}/terugkoppeling", json={"tekst": "Nauwkeurig.", "vaardigheden": ["Meten"]})
    assert said.status_code == 201, said.text
    assert (await cato.post(f"/inzet/{claim}/terugkoppeling", json={"tekst": "Fijn begin."})).status_code == 201
    assert (await dirk.post(f"/inzet/{claim}/terugkoppeling", json={"tekst": "Ik ook"})).status_code == 404
    mine = (await cato.get("/terugkoppelingen")).json()
    assert [one["tekst"] for one in mine["terugkoppeling"]] == ["Nauwkeurig."]
    assert mine["afgerond"][0]["gezien"] == ["Meten"] and mine["afgerond"][0]["terugkoppelingGeschreven"]


async def test_a_search_is_kept_and_dropped(call: Call, world: World) -> None:
    cato, bram = await call("cato"), await call("bram")
    body = {
        "naam": "Groen",
        "zoek": "snoeien",
        "urenMax": 8,
        "van": str(TODAY + timedelta(days=1)),
        "soorten": ["klus"],
    }
    made = await cato.post("/zoekopdrachten", json=body)
    assert made.status_code == 201, made.text
    (saved,) = made.json()["resultaten"]
    assert {name: saved[name] for name in body} == body
    assert (await bram.get("/zoekopdrachten")).json()["resultaten"] == []
    assert (await bram.post(f"/zoekopdrachten/{saved['id']}/verwijdering")).status_code == 404
    assert (await cato.post(f"/zoekopdrachten/{UUID(saved['id'])}/verwijdering")).json()["resultaten"] == []
