"""Record a decision through the pages: once, with the typed text kept, and what waits for whom."""

from collections.abc import AsyncIterator
from html import unescape
from typing import Any

import asyncpg
import pytest

from teams.auth.sessions import form_token
from teams.kit.db import Database
from tests.decisions.desk import Desk, desks
from tests.mandates.stored import uid
from tests.places import Place
from tests.web.test_since import kept, rows

KEY = "een-sleutel-van-het-formulier"
ASKED = {"zin": "SUB-01", "bevoegdheid": "SUB-01", "bedrag": "4.000", "gevoelig": "nee"}
FORM = {
    **ASKED, "onderwerp": "Subsidie dansschool", "motivering": "Past in de regeling.", "belangVerklaring": "1",
    "sleutel": KEY, "doe": "vast",
}  # fmt: skip


@pytest.fixture
async def desk(place: Place, db: Database, owner: asyncpg.Connection) -> AsyncIterator[Desk]:
    async with desks(place, db, owner) as desk:
        yield desk


async def count(owner: Any, table: str = "decision") -> int:
    found: int = await owner.fetchval(f"select count(*) from {table}")
    return found


async def test_from_may_i_to_a_decision_that_stands(desk: Desk, owner: Any) -> None:
    noor = await desk("noor")
    asked = await noor.send_form("/mag-ik-dit", {name: ASKED[name] for name in ("zin", "bedrag", "gevoelig")})
    assert 'action="/besluiten/nieuw"' in asked.text
    form = await noor.send_form("/besluiten/nieuw", ASKED)
    assert form.status_code == 200
    assert 'name="sleutel"' in form.text
    assert "Burgemeester en wethouders van Zandermeer" in form.text
    assert await count(owner) == 0
    made = await noor.send_form("/besluiten", {**FORM, "zaak": "26-SUB-1"})
    assert made.status_code == 303, unescape(made.text)
    shown = await noor.get(made.headers["location"])
    assert shown.status_code == 200
    for words in (
        "Subsidie dansschool",
        "€ 4.000",
        "In behandeling",
        "T15",
        "26-SUB-1",
        "Geachte heer, mevrouw",
        "staat vast",
    ):
        assert words in unescape(shown.text).replace("\u00a0", " "), words
    assert "Vastgelegd en controleerbaar" not in shown.text
    listed = await noor.get("/besluiten")
    assert "Subsidie dansschool" in listed.text
    assert (await (await desk("julia")).get(made.headers["location"])).status_code == 404


async def test_double_submit_back_and_again_are_one_decision(desk: Desk, owner: Any) -> None:
    noor = await desk("noor")
    first = await noor.send_form("/besluiten", FORM)
    second = await noor.send_form("/besluiten", FORM)
    assert first.headers["location"] == second.headers["location"]
    other = await noor.send_form("/besluiten", {**FORM, "onderwerp": "Anders getypt"})
    assert other.status_code == 422 and "Anders getypt" in other.text
    assert f'href="{first.headers["location"]}"' in other.text, "nobody may think that the second is recorded"
    assert await count(owner) == 1


CHANGED = [
    ({"bedrag": "7.500"}, 409, "Nee, dit mag jij niet"), ({"bedrag": "7,500"}, 422, "#bedrag"),
    ({"bedrag": "1e9"}, 422, "#bedrag"), ({"bedrag": "1.000.50"}, 422, "#bedrag"), ({"bedrag": "９９"}, 422, "#bedrag"),
    ({"belangVerklaring": ""}, 422, "#belangVerklaring"), ({"motivering": ""}, 422, "#motivering"),
    ({"onderwerp": ""}, 422, "#onderwerp"), ({"motivering": "x" * 20_001}, 422, "#motivering"),
    ({"rol": uid("secretaris"), "bedrag": "7.500"}, 409, "Nee"), ({"bevoegdheid": "INK-02"}, 409, "Nee"),
    ({"datum": "31-12-2198"}, 422, "vooraf"), ({"status": "besloten"}, 400, "status"), ({"zaak": "26\x07"}, 422, "#zaak"),
    ({"persoonId": uid("wieke")}, 400, "persoonId"), ({"tweedePersoonId": "niemand@zandermeer.example"}, 422, "niemand"),
]  # fmt: skip


async def test_changed_fields_store_nothing_and_typed_text_stays(desk: Desk, owner: Any) -> None:
    noor = await desk("noor")
    for change, status, word in CHANGED:
        answer = await noor.send_form("/besluiten", {**FORM, **change})
        assert answer.status_code == status, (change, unescape(answer.text))
        assert word in unescape(answer.text), change
        if status in (409, 422) and "onderwerp" not in change:
            assert "Subsidie dansschool" in answer.text
    assert await count(owner) == 0
    big = await noor.send_form("/besluiten", {**FORM, "motivering": "x" * 1_000_000})
    assert big.status_code == 413


async def test_a_case_with_markup_is_text(desk: Desk) -> None:
    noor = await desk("noor")
    made = await noor.send_form("/besluiten", {**FORM, "zaak": "<script>alert(1)</script>"})
    shown = await noor.get(made.headers["location"])
    assert "<script>alert" not in shown.text
    assert "&lt;script&gt;" in shown.text


async def test_row_29_a_hidden_direction_is_not_kept_with_a_decision(desk: Desk, owner: Any) -> None:
    made = await (await desk("noor")).send_form(
        "/besluiten", {**FORM, "zaak": "26-\u202eBUS", "wederpartij": "De\u200b Pas", "bevestigd": "On\u202eder"}
    )
    assert made.status_code == 303, unescape(made.text)
    written = await owner.fetchrow("select case_number, counterparty from decision")
    assert tuple(written) == ("26-BUS", "De Pas")
    assert await owner.fetchval("select question ->> 'bevestigd' from decision") == '["Onder"]'


async def test_two_people_decide_and_the_second_finds_it_in_the_week(desk: Desk, owner: Any) -> None:
    """M20."""
    cas, coen = await desk("cas"), await desk("coen")
    await owner.execute("update person set email = 'coen@zandermeer.example' where id = $1", uid("coen"))
    loan = {
        **FORM,
        "bevoegdheid": "PW-07L",
        "zin": "PW-07L",
        "bedrag": "100",
        "tweedePersoonId": "coen@zandermeer.example",
    }
    made = await cas.send_form("/besluiten", loan)
    url = made.headers["location"]
    assert url.startswith("/besluiten/voornemen/")
    assert await count(owner) == 0
    assert url in (await coen.get("/")).text
    seen = await coen.get(url)
    assert "Beslis jij mee?" in seen.text
    wrong = await coen.send_form(f"{url}/bevestiging", {"akkoord": "ja"})
    assert wrong.status_code == 422
    done = await coen.send_form(f"{url}/bevestiging", {"akkoord": "ja", "belangVerklaring": "1"})
    assert done.status_code == 303, unescape(done.text)
    assert (await cas.get(done.headers["location"])).status_code == 200
    assert await count(owner) == 1


async def test_a_no_is_kept_handed_up_and_put_to_the_organ(desk: Desk, owner: Any) -> None:
    noor, wieke = await desk("noor"), await desk("wieke")
    made = await noor.send_form("/besluiten", {**FORM, "bedrag": "7.500", "doe": "voornemen"})
    url = made.headers["location"]
    seen = await noor.get(url)
    assert f'value="{uid("wieke")}"' in seen.text
    up = await noor.send_form(f"{url}/doorgeleiding", {"naar": uid("wieke"), "reden": "Boven mijn grens."})
    assert up.status_code == 303, unescape(up.text)
    assert "Leg besluit vast" in (await wieke.get(url)).text
    put = await wieke.send_form(f"{url}/orgaanvoorstel", {"orgaan": "college"})
    assert put.status_code == 303, unescape(put.text)
    paper = await wieke.get(f"{url}/pdf")
    assert paper.content.startswith(b"%PDF")
    assert "## Motivering" in (await wieke.get(f"{url}/tekst")).text
    drawn = kept((await wieke.get(url)).text)
    text = {"titel": "Van een ander", "voorsteltekst": "Kort."}
    assert (await wieke.send_form(f"{url}/voorsteltekst", text | drawn)).status_code == 303
    stale = await wieke.send_form(f"{url}/voorsteltekst", text | drawn | {"titel": "Van mij"})
    assert rows(stale) == [["Titel", "Van een ander", "Van mij"]] and 'value="Van mij"' in stale.text
    assert (await wieke.send_form(f"{url}/voorsteltekst", text | kept(stale.text))).status_code == 303
    assert (await (await desk("julia")).get(url)).status_code == 404
    alder = await desk("alder")
    assert "Wat besloot het orgaan?" in (await alder.get(url)).text
    late = await alder.send_form(
        f"{url}/uitkomst", {"uitkomst": "besloten", "besloten": "01-01-2001", "besluitnummer": "1"}
    )
    assert late.status_code == 422


async def test_what_comes_after_on_the_page(desk: Desk, owner: Any) -> None:
    noor, alder = await desk("noor"), await desk("alder")
    url = (await noor.send_form("/besluiten", {**FORM, "zaak": "26-1"})).headers["location"].partition("?")[0]
    fixed = await noor.send_form(f"{url}/correctie", {"veld": "zaak", "waarde": "26-2", "reden": "Typefout."})
    assert fixed.status_code == 303, unescape(fixed.text)
    assert "26-1 → 26-2" in (await noor.get(url)).text
    empty = await noor.send_form(f"{url}/gebrek", {"grond": "verlopen", "reden": ""})
    assert empty.status_code == 422
    assert (await noor.send_form(f"{url}/gebrek", {"grond": "verlopen", "reden": "Te laat gezien."})).status_code == 303
    page = (await alder.get(url)).text
    assert "Leg de bekrachtiging vast" in page
    assert (
        await noor.send_form(f"{url}/bekrachtiging", {"besloten": "1-1-2026", "besluitnummer": "x"})
    ).status_code == 403
    question = {"csrf": form_token(alder.session_id), "vraag": "Waarom deze?", "uiterlijk": "31-12-2198"}
    asked = await alder.send_form(f"{url}/inlichtingen", question)
    again = await alder.send_form(f"{url}/inlichtingen", question)
    assert again.headers["location"] == asked.headers["location"]
    assert await count(owner, "information_request") == 1, "one form is one question"
    odd = await alder.send_form(f"{url}/bezwaar", {"grond": "x", "kenmerk": "ECLI-1"})
    assert odd.status_code == 422 and "ECLI-1" in odd.text
    assert 'href="#grond-b">Wat ontbrak?: Kies een van deze' in odd.text, "a choice too has its sentence"
    assert asked.status_code == 303, unescape(asked.text)
    assert "Geef inlichtingen over besluit" in (await noor.get("/")).text
    id = await owner.fetchval("select id from information_request")
    assert (await noor.send_form(f"{url}/antwoord/{id}", {"antwoord": "Daarom."})).status_code == 303
    assert "Daarom." in (await alder.get(url)).text


async def test_a_line_of_a_series_that_cannot_be_read_is_named_and_a_form_without_its_key_is_kept(
    desk: Desk, owner: Any
) -> None:
    noor = await desk("noor")
    form = {
        "bevoegdheid": "SUB-01",
        "motivering": "Past in de regeling.",
        "regels": "26-\x1b1",
        "belangVerklaring": "1",
    }
    for sent in (form, {**form, "regels": "26-e" + "\u0301" * 9}):
        wrong = await noor.send_form("/besluiten/reeks", {**sent, "sleutel": KEY})
        assert wrong.status_code == 422 and 'href="#regels">Besluiten: Er sta' in wrong.text
    for address, more in (("/besluiten/reeks", {}), ("/besluiten", {"zin": "SUB-01", "onderwerp": "x"})):
        lost = await noor.send_form(address, {**{n: form[n] for n in ("bevoegdheid", "motivering")}, **more})
        assert lost.status_code == 422 and "niet heel aan" in lost.text and "Past in de regeling." in lost.text
    assert await count(owner) == 0
