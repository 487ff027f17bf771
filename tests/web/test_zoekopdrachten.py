"""Saved searches through HTTP: kept from the list as it stands, on the profile, gone again; another's does not exist."""

from typing import Any

from tests.world import World


async def test_a_search_is_kept_listed_and_dropped(visit: Any, world: World, owner: Any) -> None:
    cato = await visit("cato")
    page = (await cato.get("/zoekopdrachten/nieuw?zoek=snoeien&soort=klus&vrij=1&volgorde=past")).text
    assert 'value="snoeien, Klus, Met een vrije plek"' in page
    form = {"zoek": "sno\u200beien\u202e", "soort": "klus", "vrij": "1", "uren": "4", "naam": ""}
    wrong = await cato.send_form("/zoekopdrachten", form)
    assert wrong.status_code == 422 and "Vul dit in." in wrong.text
    answer = await cato.send_form("/zoekopdrachten", {**form, "naam": "Groen werk"})
    assert answer.status_code == 303
    page = (await cato.get("/profiel")).text
    assert "Groen werk" in page
    assert "/klussen?zoek=snoeien&amp;soort=klus&amp;uren=4&amp;vrij=1" in page
    search = await owner.fetchval("select id from saved_search")
    assert (await (await visit("bram")).send_form(f"/zoekopdrachten/{search}/verwijdering")).status_code == 404
    assert "Groen werk" not in (await (await visit("bram")).get("/profiel")).text
    assert (await cato.send_form(f"/zoekopdrachten/{search}/verwijdering")).status_code == 303
    assert (await cato.send_form(f"/zoekopdrachten/{search}/verwijdering")).status_code == 404


async def test_ten_at_most_says_so_and_where_to_go(visit: Any, world: World) -> None:
    cato = await visit("cato")
    for number in range(10):
        await cato.send_form("/zoekopdrachten", {"zoek": f"woord{number}", "naam": f"Woord {number}"})
    answer = await cato.send_form("/zoekopdrachten", {"zoek": "nog een", "naam": "Nog een"})
    assert answer.status_code == 409
    assert "Je bewaart al 10 zoekopdrachten." in answer.text and 'value="Nog een"' in answer.text


async def test_mail_about_it_is_never_at_once(visit: Any, world: World) -> None:
    page = (await (await visit("cato")).get("/meldingen/voorkeuren")).text
    part = page[page.index('id="zoeken"') :]
    assert "Meteen" not in part[: part.index("</select>")]


async def test_a_search_in_the_list_leads_to_keeping_it(visit: Any) -> None:
    aya = await visit("aya")
    assert "/zoekopdrachten/nieuw" not in (await aya.get("/klussen")).text
    page = (await aya.get("/klussen?zoek=bomen&soort=klus")).text
    assert 'href="/zoekopdrachten/nieuw?zoek=bomen&amp;soort=klus"' in page
