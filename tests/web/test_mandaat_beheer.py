"""Entering grants through HTTP: who may, every bad input with its reasons and the typed text, decree, replacement, list, downloads."""

import io
import re
from collections.abc import Callable
from datetime import timedelta
from html import unescape
from typing import Any

import asyncpg
import pytest

from teams.web import mandaat_beheer_uit
from teams.web.mandaat_beheer_overnemen import read_list
from tests.mandates.test_register_actions import register  # noqa: F401
from tests.web.conftest import Client
from tests.world import TODAY, World

TODAY_TYPED = f"{TODAY:%d-%m-%Y}"
Visit = Callable[..., Any]


def grant(**more: Any) -> dict[str, Any]:
    """College to the secretary: SUB-01 up to € 25.000, to be handed on."""
    return {
        "nummer": "T1", "codes": "SUB-01", "soorten": ["mandaat"], "gever": ["orgaan:college"], "ontvangerSoort": "functie",
        "ontvanger": "gemeentesecretaris", "grens": "€ 25.000,-", "ondermandaat": "ja", "van": TODAY_TYPED, **more,
    }  # fmt: skip


def below(**more: Any) -> dict[str, Any]:
    """Secretary to the Balie, up to € 5.000; the giver follows from the parent."""
    values = {
        "nummer": "T2", "gever": [], "ouder": "T1", "ontvangerSoort": "rol", "ontvanger": "baliemedewerker", "grens": "5000",
        "ondermandaat": "nee",
    }  # fmt: skip
    return grant(**values | more)


async def step(client: Client, number: str, verb: str, **data: str) -> Any:
    """One act on a grant, with the version that its page shows."""
    page = await client.get(f"/mandaten/{number}/wijzigen")
    version = re.search(r'name="versie" value="([^"]*)"', page.text)
    assert version is not None, page.text[:2000]
    return await client.send_form(f"/mandaten/{number}/{verb}", {"versie": version[1], **data})


async def in_force(client: Client, number: str) -> None:
    decided = await step(client, number, "vaststelling", beslotenOp=TODAY_TYPED, besluit="B&W 2026-44")
    assert decided.status_code == 303, decided.text
    published = await step(client, number, "bekendmaking", bekendgemaaktOp=TODAY_TYPED, publicatie="gmb-2026-1")
    assert published.status_code == 303, published.text


async def stored(owner: asyncpg.Connection) -> tuple[int, int]:
    """How many versions of grants and entries of the journal there are."""
    return await owner.fetchval("select count(*) from grant_version"), await owner.fetchval(
        "select count(*) from journal"
    )


async def ask(client: Client, amount: str) -> str:
    answer = await client.send_form(
        "/mag-ik-dit", {"zin": "SUB-01", "bedrag": amount, "gevoelig": "nee", "belang": "nee"}
    )
    return str(answer.text)


async def test_from_draft_to_withdrawal_with_what_it_touches(visit: Visit, register: World) -> None:  # noqa: F811
    """M13, M17 and question 6; the giver of a sub-grant follows from its parent, and a role is found by its name."""
    sef, cato = await visit("sef"), await visit("cato")
    first = await sef.send_form("/mandaten/nieuw", grant())
    assert first.headers["location"] == "/mandaten/T1/wijzigen?gelukt=nieuw"
    await in_force(sef, "T1")
    second = await sef.send_form("/mandaten/nieuw", below())
    assert second.status_code == 303, second.text
    await in_force(sef, "T2")
    assert "Ja, jij mag dit besluiten" in await ask(cato, "4.000")
    page = await sef.get("/mandaten/T1/wijzigen")
    assert "Dan stopt ook 1 mandaat hieronder" in page.text
    assert "T2" in page.text
    gone = await step(sef, "T1", "intrekking", ingetrokkenOp="", besluit="B&W 2026-45")
    assert gone.status_code == 303, gone.text
    assert "Nee, dit mag jij niet" in await ask(cato, "4.000")
    again = await sef.send_form("/mandaten/T1/intrekking", {"versie": "oud", "besluit": "B&W 2026-46"})
    assert again.status_code == 409


BAD: list[tuple[str, dict[str, Any], int, str]] = [
    ("unknown power", {"codes": "SUB-99"}, 409, "De bevoegdheid SUB-99 bestaat niet."),
    ("no power", {"codes": ""}, 409, "Kies ten minste één bevoegdheid"),
    ("cannot be mandated", {"codes": "BEZ-01"}, 409, "BEZ-01 kan niet worden gemandateerd"),
    ("power of another organ", {"codes": "LEG-01"}, 409, "LEG-01 is geen bevoegdheid van de gever."),
    ("root is no organ", {"gever": ["functie:gemeentesecretaris"]}, 409, "komt van een bestuursorgaan"),
    ("a day that does not exist", {"van": "29-02-2027"}, 422, "Vul een dag in die bestaat"),
    ("end before start", {"tot": f"{TODAY - timedelta(days=2):%d-%m-%Y}"}, 422, "De laatste dag ligt voor de eerste dag."),
    ("no kind", {"soorten": []}, 422, "Vul dit in."),
    ("no giver", {"gever": []}, 422, "Vul dit in."),
    ("unknown parent", {"ouder": "T99"}, 422, "Het mandaat T99 staat niet in het register."),
    ("under itself", {"ouder": "T1"}, 422, "Het mandaat T1 staat niet in het register."),
    ("unknown role", {"ontvangerSoort": "rol", "ontvanger": "xyzzy"}, 422, "Deze rol vinden we niet."),
    ("role with two answers", {"ontvangerSoort": "rol", "ontvanger": "rolverdeler"}, 422, "Er zijn meer rollen"),
    ("unknown person", {"ontvangerSoort": "persoon", "ontvanger": "niemand@x.nl"}, 422, "kennen we niet"),
    ("broken condition", {"voorwaarden": "vier_ogen>veel"}, 422, "Deze voorwaarde is niet te lezen."),
    ("case not named", {"vorm": "bepaald_geval"}, 409, "Noem de zaak waarvoor dit mandaat geldt."),
    ("not on paper", {"mondeling": "1"}, 409, "Dit mandaat moet op schrift staan."),
    ("reserved number", {"nummer": "besluit"}, 422, "Dit nummer gebruikt Teams zelf."),
    ("number with a slash", {"nummer": "2024/12"}, 422, "geen spatie of schuine streep"),
    ("number with a space", {"nummer": "T 1"}, 422, "geen spatie of schuine streep"),
    ("sub-mandate of nine steps", {"ondermandaat": "9"}, 422, "Kies nee, ja, een aantal stappen"),
    *(("amount " + amount, {"grens": amount}, 422, "Schrijf een bedrag als 7500 of 7.500,00.")
      for amount in ("7,500", "1,000.50", "1.000.50", "7.5", "1e9", "９９", "NaN", "-1", "1" * 30)),
]  # fmt: skip


@pytest.mark.parametrize(("case", "more", "status", "said"), BAD, ids=[case for case, *_ in BAD])
async def test_bad_input_says_why_keeps_the_text_and_stores_nothing(
    visit: Visit, owner: asyncpg.Connection, register: World, case: str, more: dict[str, Any], status: int, said: str  # noqa: F811
) -> None:  # fmt: skip
    """M01-M12 and the amounts of the contract."""
    sef = await visit("sef")
    before = await stored(owner)
    answer = await sef.send_form("/mandaten/nieuw", grant(opmerkingen="Mijn eigen woorden", **more))
    assert (answer.status_code, said in unescape(answer.text)) == (status, True), answer.text[:5000]
    assert "Mijn eigen woorden" in answer.text
    for name in ("grens", "van", "ontvanger", "codes"):
        typed = more.get(name, grant()[name])
        assert f'name="{name}" value="{typed}"' in unescape(answer.text), name
    assert await stored(owner) == before


async def test_all_reasons_stand_at_once(visit: Visit, register: World) -> None:  # noqa: F811
    sef = await visit("sef")
    rules = unescape((await sef.send_form("/mandaten/nieuw", grant(codes="LEG-01 BEZ-01", mondeling="1"))).text)
    for said in ("LEG-01 is geen bevoegdheid", "BEZ-01 kan niet worden", "moet op schrift staan"):
        assert said in rules
    fields = unescape((await sef.send_form("/mandaten/nieuw", grant(grens="7.5", van="morgen", soorten=[]))).text)
    assert all(f'href="#{field}"' in fields for field in ("grens", "van", "soorten"))


async def test_a_cycle_and_a_ceiling_below_a_child(visit: Visit, owner: asyncpg.Connection, register: World) -> None:  # noqa: F811
    """M02: on changing a parent; a stale form is 409 too."""
    sef = await visit("sef")
    assert (await sef.send_form("/mandaten/nieuw", grant())).status_code == 303
    assert (await sef.send_form("/mandaten/nieuw", below())).status_code == 303
    before = await stored(owner)
    version = re.search(r'name="versie" value="([^"]*)"', (await sef.get("/mandaten/T1/wijzigen")).text)
    assert version is not None
    for more, said in (
        ({"ouder": "T2"}, "De mandaten verwijzen in een kring naar elkaar."),
        ({"ouder": "T1"}, "Een mandaat kan niet onder zichzelf hangen."),
        ({"grens": "4.999,99"}, "is hoger dan die van T1"),
        ({"ondermandaat": "nee"}, "T1 mag niet worden doorgegeven."),
    ):
        form = grant(versie=version[1], **more)
        del form["nummer"]
        answer = await sef.send_form("/mandaten/T1/wijzigen", form)
        assert (answer.status_code, said in unescape(answer.text)) == (409, True), (more, answer.text[:3000])
    assert await stored(owner) == before
    stale = await sef.send_form("/mandaten/T1/wijzigen", grant(versie="sha256:oud", grens="30000"))
    assert stale.status_code == 409
    assert 'value="30000"' in stale.text
    assert await stored(owner) == before
    changed = await sef.send_form("/mandaten/T1/wijzigen", grant(versie=version[1], grens="30000"))
    assert changed.status_code == 303, changed.text


WHO = {"sef": 303, "wil": 303, "aya": 403, "cato": 403, "kees": 403, "beer": 403, "gea": 403}


@pytest.mark.parametrize(("who", "status"), WHO.items())
async def test_who_may_enter_a_grant_of_the_college(
    visit: Visit, owner: asyncpg.Connection, register: World, who: str, status: int  # noqa: F811
) -> None:  # fmt: skip
    """The secretary and the officeholder of the organ; never the administrator ('Who may do what')."""
    client = await visit(who)
    before = await stored(owner)
    answer = await client.send_form("/mandaten/nieuw", grant())
    assert answer.status_code == status
    form = await client.get("/mandaten/nieuw")
    index = await client.get("/mandaten")
    assert form.status_code == (200 if status == 303 else 403 if who == "gea" else 404)
    assert ('href="/mandaten/nieuw"' in index.text) == (status == 303)
    if status == 403:
        assert await stored(owner) == before
        return
    shown = await (await visit("aya")).get("/mandaten/T1")
    assert "/mandaten/T1/wijzigen" not in shown.text
    assert "/mandaten/T1/wijzigen" in (await client.get("/mandaten/T1")).text


async def test_a_grantor_hands_on_only_the_own_grant(visit: Visit, owner: asyncpg.Connection, register: World) -> None:  # noqa: F811
    """M04: who holds a grant that may be handed on enters and withdraws below it, and nothing else."""
    sef, aya, bram = await visit("sef"), await visit("aya"), await visit("bram")
    assert (
        await sef.send_form("/mandaten/nieuw", grant(ontvangerSoort="rol", ontvanger="boombeheerder"))
    ).status_code == 303
    await in_force(sef, "T1")
    form = await aya.get("/mandaten/nieuw")
    assert form.status_code == 200
    assert "Boombeheerder" in form.text
    assert (await bram.get("/mandaten/nieuw")).status_code == 404
    before = await stored(owner)
    wrong = await aya.send_form("/mandaten/nieuw", grant(nummer="T3", opmerkingen="Toch proberen"))
    assert wrong.status_code == 403
    assert "Toch proberen" in wrong.text
    assert "Alleen wie dit mandaat geeft" in wrong.text
    assert (await bram.send_form("/mandaten/nieuw", below())).status_code == 403
    assert await stored(owner) == before
    assert (await aya.send_form("/mandaten/nieuw", below())).status_code == 303
    await in_force(aya, "T2")
    assert (await bram.get("/mandaten/T2/wijzigen")).status_code == 404
    assert (await aya.get("/mandaten/T1/wijzigen")).status_code == 404
    gone = await step(aya, "T2", "intrekking", besluit="Brief van vandaag")
    assert gone.status_code == 303


async def test_a_form_without_its_token_does_nothing(visit: Visit, owner: asyncpg.Connection, register: World) -> None:  # noqa: F811
    sef = await visit("sef")
    before = await stored(owner)
    answer = await sef.send_form("/mandaten/nieuw", grant(csrf="fout"))
    assert answer.status_code == 403
    assert (await sef.send_form("/mandaten/nieuw", grant(published_on=TODAY_TYPED))).status_code == 400
    assert await stored(owner) == before


async def test_a_decree_bundles_drafts_and_withdrawals(visit: Visit, register: World) -> None:  # noqa: F811
    """Text, difference, annex, PDF and editable text; then the organ's decision and the publication."""
    sef, aya, wil = await visit("sef"), await visit("aya"), await visit("wil")
    await sef.send_form("/mandaten/nieuw", grant())
    await in_force(sef, "T1")
    await sef.send_form("/mandaten/nieuw", grant(nummer="T3", grens="30.000"))
    choose = await sef.get("/mandaten/besluit")
    assert 'name="geeft" value="T3" checked' in choose.text
    assert 'name="trektIn" value="T1"' in choose.text
    empty = await sef.send_form("/mandaten/besluit", {"orgaan": "college", "titel": "Zomer", "tekst": ""})
    assert empty.status_code == 422
    assert 'value="Zomer"' in empty.text
    bundle = {
        "orgaan": "college",
        "titel": "Tweede wijziging",
        "tekst": "De grens gaat omhoog.",
        "geeft": ["T3"],
        "trektIn": ["T1"],
    }
    assert (await aya.send_form("/mandaten/besluit", bundle)).status_code == 403
    made = await sef.send_form("/mandaten/besluit", bundle)
    assert made.status_code == 303, made.text
    url = made.headers["location"]
    page = await wil.get(url)
    for said in (
        "Anders: T3 komt voor T1",
        "was € 25.000",
        "wordt € 30.000",
        "Artikel 1 Mandaat",
        "De grens gaat omhoog.",
    ):
        assert said in unescape(page.text), said
    assert (await sef.send_form("/mandaten/besluit", bundle)).status_code == 409
    pdf = await sef.get(f"{url}/pdf")
    assert pdf.content.startswith(b"%PDF-")
    text = await sef.get(f"{url}/tekst")
    assert text.text.startswith("# Tweede wijziging")
    assert "attachment" in text.headers["content-disposition"]
    assert "/vaststelling" not in (await aya.get(url)).text
    decide = {"versie": "1", "beslotenOp": TODAY_TYPED, "besluit": "B&W 2026-50"}
    assert (await aya.send_form(f"{url}/vaststelling", decide)).status_code == 403
    later = await sef.send_form(f"{url}/vaststelling", {**decide, "beslotenOp": "01-01-2190"})
    assert later.status_code == 422
    assert "Deze dag moet nog komen" in later.text
    assert (await sef.send_form(f"{url}/vaststelling", {**decide, "versie": "7"})).status_code == 409
    assert (await sef.send_form(f"{url}/vaststelling", decide)).status_code == 303
    publish = {"versie": "2", "bekendgemaaktOp": TODAY_TYPED, "publicatie": "gmb-2026-9", "adres": "ftp://x"}
    assert (await sef.send_form(f"{url}/bekendmaking", publish)).status_code == 422
    done = await sef.send_form(f"{url}/bekendmaking", {**publish, "adres": "https://example.nl/gmb-2026-9"})
    assert done.status_code == 303, done.text
    assert "Geldt" in (await sef.get("/mandaten/T3")).text
    assert "Ingetrokken" in (await sef.get("/mandaten/T1")).text


async def test_replacement_and_interest(visit: Visit, owner: asyncpg.Connection, register: World) -> None:  # noqa: F811
    """M19, M23."""
    sef, aya, dirk = await visit("sef"), await visit("aya"), await visit("dirk")
    form = {
        "rol": "groen/Boombeheerder", "vervanger": "bram@proefdam.example", "reden": "afwezig", "van": TODAY_TYPED,
        "tot": f"{TODAY + timedelta(days=9):%d-%m-%Y}", "besluit": "Brief 12",
    }  # fmt: skip
    wrong = await sef.send_form("/mandaten/vervanging", {**form, "rol": "x", "vervanger": "y", "van": "31-02-2027"})
    assert wrong.status_code == 422
    assert all(f'href="#{field}"' in wrong.text for field in ("rol", "vervanger", "van"))
    assert 'value="31-02-2027"' in wrong.text
    assert (await aya.send_form("/mandaten/vervanging", form)).status_code == 403
    own = await sef.send_form("/mandaten/vervanging", {**form, "vervanger": "sef@proefdam.example"})
    assert own.status_code == 409
    assert "Je wijst jezelf niet aan" in own.text
    assert (await sef.send_form("/mandaten/vervanging", form)).status_code == 303
    page = await sef.get("/mandaten/vervanging")
    assert "Bram Proef" in page.text
    end = re.search(r'action="(/mandaten/vervanging/[^"]+/einde)"', page.text)
    assert end is not None
    assert (await sef.send_form(end[1])).status_code == 303
    assert "Er is geen vervanging." in (await sef.get("/mandaten/vervanging")).text
    mine = {"betreft": "Z-2026-1", "soort": "familie"}
    assert (await aya.send_form("/mandaten/belang", mine)).status_code == 303
    assert (await aya.send_form("/mandaten/belang", mine)).status_code == 409
    assert "Z-2026-1" in (await aya.get("/mandaten/belang")).text
    assert "Z-2026-1" not in (await dirk.get("/mandaten/belang")).text
    other = {**mine, "persoon": "dirk@proefdam.example"}
    assert (await aya.send_form("/mandaten/belang", other)).status_code == 403
    assert (await sef.send_form("/mandaten/belang", other)).status_code == 303
    assert "Z-2026-1" in (await dirk.get("/mandaten/belang")).text


async def test_upkeep_is_for_secretary_and_controller(visit: Visit, register: World) -> None:  # noqa: F811
    """Question 7: what ends soon, what was never published, what lost its parent."""
    sef = await visit("sef")
    soon = f"{TODAY + timedelta(days=30):%d-%m-%Y}"
    await sef.send_form("/mandaten/nieuw", grant(tot=soon))
    await step(sef, "T1", "vaststelling", beslotenOp=TODAY_TYPED, besluit="B&W 1")
    await sef.send_form("/mandaten/nieuw", below(tot=soon))
    await in_force(sef, "T2")
    page = await (await visit("kees")).get("/mandaten/onderhoud")
    parts = re.findall(r'id="(loopt-af|niet-bekend|wees|ongebruikt)">[^(<]+\((\d+)\)', page.text)
    assert dict(parts) == {"loopt-af": "2", "niet-bekend": "1", "wees": "0", "ongebruikt": "2"}
    assert "Nooit gebruikt" in (await sef.get("/mandaten/T2")).text
    await step(sef, "T1", "intrekking", besluit="B&W 2")
    assert dict(re.findall(r'id="(wees)">[^(<]+\((\d+)\)', (await sef.get("/mandaten/onderhoud")).text)) == {
        "wees": "1"
    }
    for who in ("aya", "beer", "wil"):
        assert (await (await visit(who)).get("/mandaten/onderhoud")).status_code == 404


async def test_downloads_of_the_shown_moment(visit: Visit, register: World) -> None:  # noqa: F811
    """Formula-safe, as of a day, for employees."""
    sef, aya = await visit("sef"), await visit("aya")
    await sef.send_form("/mandaten/nieuw", grant(opmerkingen="=1+1"))
    csv = await aya.get("/mandaten.csv")
    assert csv.content.startswith(b"\xef\xbb\xbf")
    assert "T1;SUB-01" in csv.text
    assert "'=1+1" in csv.text
    yesterday = (TODAY - timedelta(days=1)).isoformat()
    assert "T1;SUB-01" not in (await aya.get(f"/mandaten.csv?bekend={yesterday}")).text
    assert (await aya.get("/mandaten.csv?op=29-02-2027")).status_code == 422
    import python_calamine

    sheets = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO((await aya.get("/mandaten.xlsx")).content))
    assert "mandaten" in sheets.sheet_names
    assert (await aya.get("/mandaten.json")).json()["mandaten"][0]["grens"] == "25000.00"
    pdf = await aya.get("/mandaten.pdf")
    assert (pdf.headers["content-type"], pdf.content[:5]) == ("application/pdf", b"%PDF-")
    assert (await (await visit("gea")).get("/mandaten.csv")).status_code == 403


async def test_too_many_grants_for_one_pdf_say_what_to_do(
    visit: Visit,
    register: World,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(mandaat_beheer_uit, "MOST_IN_PDF", 0)
    await (await visit("sef")).send_form("/mandaten/nieuw", grant())
    aya = await visit("aya")
    refused = await aya.get("/mandaten.pdf")
    assert refused.status_code == 409 and "te veel mandaten voor één PDF" in refused.text
    assert "Kies op de bladzijde Mandaten een team" in refused.text and 'href="/mandaten.csv"' in refused.text
    team = await aya.get(f"/mandaten.pdf?team={register.teams['top']}")
    assert (team.status_code, team.content[:5]) == (200, b"%PDF-")
    assert (await aya.get("/mandaten.pdf?team=morgen")).status_code == 404


async def test_the_first_day_with_everything_except(visit: Visit, owner: asyncpg.Connection, register: World) -> None:  # noqa: F811
    """M26: one form, one draft; what the law keeps with the organ is an exception from the start."""
    sef = await visit("sef")
    page = await sef.get("/mandaten/omgekeerd")
    assert 'name="bevoegdheid" value="BEZ-01" checked' in page.text
    assert 'name="bevoegdheid" value="SUB-01"><' in page.text
    form = {
        "gever": ["orgaan:college"], "bereik": "alles_behalve", "bevoegdheid": ["BEZ-01"], "soorten": ["mandaat"],
        "ontvangerSoort": "functie", "ontvanger": "gemeentesecretaris", "ondermandaat": "ja", "van": TODAY_TYPED, "grens": "",
    }  # fmt: skip
    wrong = await sef.send_form("/mandaten/omgekeerd", {**form, "grens": "7.5"})
    assert wrong.status_code == 422
    made = await sef.send_form("/mandaten/omgekeerd", form)
    assert made.status_code == 303, made.text
    number = made.headers["location"].split("/")[2]
    await in_force(sef, number)
    assert "Ja, jij mag dit besluiten" in await ask(sef, "4.000")


LIST = """Nr.;Bevoegdheid;Grondslag;Mandaatgever;Gemandateerde;Ondermandaat;Soort;Grens;Opmerkingen
1;Subsidie verlenen aan scholen;Awb 4:23;College van B en W;Medewerker balie;nee;M;7.500;Let op
2;Boom kappen;APV 4:11;College van B en W;Boombeheerder;ja;M;;
3;Contract tekenen;Gemw 160;College van B en W;Afdelingshoofd;nee;V;10.000;
"""


async def test_a_municipality_takes_over_its_list(visit: Visit, owner: asyncpg.Connection, world: World) -> None:
    """Paste, columns, functions, preview, waiting import, confirmation, and the first right answer."""
    sef, cato = await visit("sef"), await visit("cato")
    yesterday = f"{TODAY - timedelta(days=1):%d-%m-%Y}"
    typed = {
        "lijst": LIST, "beslotenOp": yesterday, "besluit": "B&W 2026-1", "bekendgemaaktOp": yesterday, "publicatie": "gmb-1",
        "van": "",
    }  # fmt: skip
    columns = await sef.send_form("/mandaten/overnemen", {**typed, "stap": "kolommen"})
    assert columns.status_code == 200
    chosen = dict(
        re.findall(r'<select[^>]*name="(kolom-\w+)"[^>]*>(?:(?!</select>).)*value="(\d+)" selected', columns.text, re.S)
    )
    assert chosen == {
        "kolom-nummer": "0", "kolom-titel": "1", "kolom-grondslag": "2", "kolom-gever": "3", "kolom-functie": "4",
        "kolom-ondermandaat": "5", "kolom-soort": "6", "kolom-grens": "7", "kolom-opmerkingen": "8",
    }  # fmt: skip
    missing = await sef.send_form("/mandaten/overnemen", {**typed, **chosen, "kolom-functie": "", "stap": "rollen"})
    assert missing.status_code == 422
    roles = await sef.send_form("/mandaten/overnemen", {**typed, **chosen, "stap": "rollen"})
    assert 'value="rol:groen/Boombeheerder" selected' in roles.text, "the same name needs no choice"
    open_ = await sef.send_form("/mandaten/overnemen", {**typed, **chosen, "stap": "voorbeeld"})
    assert open_.status_code == 422
    final = {
        **typed,
        **chosen,
        "rol-0": "rol:balie/Baliemedewerker",
        "rol-1": "rol:groen/Boombeheerder",
        "rol-2": "niet",
    }
    before = await stored(owner)
    preview = await sef.send_form("/mandaten/overnemen", {**final, "stap": "voorbeeld"})
    assert preview.status_code == 200, preview.text
    assert "Bied deze lijst aan" in preview.text
    assert await stored(owner) == before
    wrong = await sef.send_form(
        "/mandaten/overnemen", {**final, "lijst": LIST.replace("7.500", "7,500"), "stap": "aanbieden"}
    )
    assert wrong.status_code == 422
    assert "mandaten:2:grens" in wrong.text
    offered = await sef.send_form("/mandaten/overnemen", {**final, "stap": "aanbieden"})
    assert offered.status_code == 303, offered.text
    url = offered.headers["location"]
    version = re.search(r'name="versie" value="(\d+)"', (await sef.get(url)).text)
    assert version is not None
    assert (await sef.send_form(f"{url}/bevestiging", {"versie": version[1]})).status_code == 303
    question = {"zin": "subsidie scholen", "gevoelig": "nee", "belang": "nee"}
    assert "Ja, jij mag dit besluiten" in (await cato.send_form("/mag-ik-dit", {**question, "bedrag": "7.500"})).text
    assert "Nee, dit mag jij niet" in (await cato.send_form("/mag-ik-dit", {**question, "bedrag": "7.501"})).text
    assert (await cato.get("/mandaten/overnemen")).status_code == 403


@pytest.mark.parametrize(
    "text", ["", "alleen een kop;en nog een", 'a;b\n"c;d', "x" * 300_001, "geen kolommen\nook niet"]
)
async def test_a_list_that_cannot_be_read_is_kept(visit: Visit, text: str) -> None:
    sef = await visit("sef")
    answer = await sef.send_form("/mandaten/overnemen", {"lijst": text, "stap": "kolommen"})
    assert answer.status_code == 422
    assert unescape(text) in unescape(answer.text)


def test_a_dash_is_an_empty_cell_and_no_formula() -> None:
    """As lists of municipalities have them; a negative amount stays what it is, and is refused later."""
    taking, fault = read_list("Taak\tFunctie\tGrens\tToelichting\n- Verlenen\tX\t–\t-\nWeigeren\tY\t-5\tn.v.t.\n")
    taking.places = {"titel": 0, "functie": 1, "grens": 2, "opmerkingen": 3}
    said = [
        [taking.words(row, "titel"), taking.cell(row, "grens"), taking.words(row, "opmerkingen")]
        for _, row in taking.rows
    ]
    assert (fault, said) == ("", [["Verlenen", "", ""], ["Weigeren", "-5", ""]])


async def test_a_first_column_without_a_name_keeps_its_place(visit: Visit) -> None:
    sef = await visit("sef")
    answer = await sef.send_form(
        "/mandaten/overnemen", {"lijst": "\tBevoegdheid\tFunctie\nx\tBoom kappen\tBoombeheerder", "stap": "rollen"}
    )
    assert 'value="rol:groen/Boombeheerder" selected' in answer.text
