"""Mijn week and the profile: own hours for own eyes, news of the teams, what waits."""

from datetime import timedelta
from typing import Any

from tests.klussen.test_claim import posted
from tests.world import TODAY, World


async def test_a_new_claim_is_seen_by_both_teams(visit: Any, db: Any, world: World, queries: Any) -> None:
    klus = await posted(db, world)
    await (await visit("cato")).send_form(f"/klussen/{klus.id}/inzet")
    for colleague in ("bram", "dirk"):  # the poster's team and the home team
        client = await visit(colleague)
        with queries() as sent:
            page = await client.get("/")
        assert "Cato Proef" in page.text
        assert "Schouw van speelplekken" in page.text
        assert len(sent) <= 8
    assert "Cato Proef" not in (await (await visit("kees")).get("/")).text


async def test_the_hours_add_up_and_are_only_mine(visit: Any, db: Any, world: World) -> None:
    klus = await posted(db, world, van=TODAY - timedelta(days=1))
    cato = await visit("cato")
    await cato.send_form(f"/klussen/{klus.id}/inzet")
    assert "28 van je 36 uur is ingevuld" in (await cato.get("/")).text
    assert "28 van" not in (await (await visit("bram")).get(f"/personen/{world.people['cato']}")).text


async def test_R8_changed_hours_wait_on_the_claimant(visit: Any, db: Any, world: World) -> None:
    klus = await posted(db, world)
    cato, aya = await visit("cato"), await visit("aya")
    await cato.send_form(f"/klussen/{klus.id}/inzet")
    values = {
        "titel": "Schouw",
        "soort_uren": "week",
        "uren": "7",
        "van": f"{TODAY + timedelta(days=10):%d-%m-%Y}",
        "plaatsen": "3",
    }
    answer = await aya.send_form(f"/klussen/{klus.id}", {**values, "versie": klus.version})
    assert answer.status_code == 303, answer.text
    assert "Zeg of je meedoet" in (await cato.get("/")).text
    async with db.read() as session:
        from sqlalchemy import text

        claim = await session.scalar(text("select id from claim"))
    assert (await cato.send_form(f"/inzet/{claim}/herbevestiging")).status_code == 303
    assert "Zeg of je meedoet" not in (await cato.get("/")).text


async def test_skills_and_absence_are_kept(visit: Any, world: World) -> None:
    cato = await visit("cato")
    assert (await cato.send_form("/profiel/vaardigheden", {"anders": "Foto's maken, Tekenen"})).status_code == 303
    page = await cato.get("/profiel")
    assert page.text.count("checked") == 2
    day = TODAY + timedelta(days=5)
    assert (
        await cato.send_form("/profiel/afwezig", {"van": f"{day:%d-%m-%Y}", "tot": f"{day:%d-%m-%Y}"})
    ).status_code == 303
    assert "Haal weg" in (await cato.get("/profiel")).text
    wrong = await cato.send_form("/profiel/afwezig", {"van": "31-02-2027", "tot": ""})
    assert wrong.status_code == 422
    assert 'value="31-02-2027"' in wrong.text


async def test_a_council_reader_sees_the_profile_and_no_klussen(visit: Any, world: World) -> None:
    gea = await visit("gea")
    assert (await gea.get("/")).headers["location"] == "/profiel"
    assert (await gea.get("/profiel")).status_code == 200
    assert (await gea.get("/klussen")).status_code == 403
    assert (await gea.get("/wat-ziet-wie")).status_code == 200
