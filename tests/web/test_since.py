"""Row 23: a stale form is 409, shows what another changed beside what was typed, keeps the text, and then goes through."""

import re
from collections.abc import Awaitable, Callable
from datetime import timedelta
from html import unescape
from typing import Any

import httpx

from teams.kit.errors import Conflict, Invalid, Reason
from teams.web.since import since
from tests.governance.acts import bigger
from tests.klussen.test_claim import posted
from tests.mandates.test_register_actions import register  # noqa: F401
from tests.web.test_mandaat_beheer import grant
from tests.world import TODAY, World

Visit = Callable[..., Awaitable[Any]]
STALE = Conflict(Reason("verouderd", "Oud"))


def kept(page: str) -> dict[str, str]:
    """What goes along unseen in the form."""
    found = re.search(r'name="versie" value="([^"]*)"><input type="hidden" name="stond" value="([^"]*)"', page)
    assert found is not None
    return {"versie": unescape(found[1]), "stond": unescape(found[2])}


def rows(page: httpx.Response) -> list[list[str]]:
    """Each row of the difference: field, now, typed."""
    assert page.status_code == 409, page.text[:500]
    part = page.text.partition('aria-labelledby="intussen"')[2].partition("</section>")[0]
    body = part.partition("<tbody")[2]
    return [
        [unescape(re.sub(r"<[^>]+>", "", cell)).strip() for cell in re.findall(r"<t[hd] .*?</t[hd]>", row, re.S)]
        for row in body.split("</tr>")[:-1]
    ]


def test_only_what_another_changed_is_shown_and_a_mistake_does_not_make_a_form_fresh() -> None:
    drawn = since(3, {"titel": "A", "uren": "4", "tekst": "een\ntwee", "deel": ["b", "a"]})
    typed = {
        "versie": "3",
        "stond": drawn.stood,
        "titel": "Mijn",
        "uren": "8",
        "tekst": "een\r\ntwee ",
        "deel": ["a", "b"],
    }
    now = {"titel": "B", "uren": "4", "tekst": "een\ntwee", "deel": ["a", "b"]}
    stale = since(5, now, typed, STALE)
    assert stale.changed == [("titel", "B", "Mijn")] and stale.version == 5
    wrong = since(5, now, typed, Invalid({"uren": Reason("uren", "x")}))
    assert (wrong.version, wrong.stood, wrong.changed) == ("3", drawn.stood, [])
    assert since(5, now, {**typed, "stond": "oud: :: x"}, STALE).changed == [("titel", "B", "Mijn"), ("uren", "4", "8")]
    long = "\n".join(f"regel {n}" for n in range(90))
    assert since(2, {"tekst": long + "\nnieuw"}, {"tekst": long}, STALE).changed == [("tekst", "nieuw", "")]


async def test_row_23_a_klus(visit: Visit, db: Any, world: World) -> None:
    klus = await posted(db, world)
    aya = await visit("aya")
    url = f"/klussen/{klus.id}"
    hers = kept((await aya.get(f"{url}/wijzigen")).text)
    form = {"titel": klus.title, "omschrijving": klus.description, "soort_uren": "week", "uren": "6", "plaatsen": "3",
            "van": f"{TODAY + timedelta(days=10):%d-%m-%Y}", "wijze": klus.way}  # fmt: skip
    assert (await aya.send_form(url, form | hers)).status_code == 303
    theirs = kept((await aya.get(f"{url}/wijzigen")).text)
    assert (
        await aya.send_form(url, form | theirs | {"titel": "Van <b>een ander</b>", "plaatsen": "4"})
    ).status_code == 303
    mine = form | theirs | {"titel": "Mijn tekst", "uren": "7"}
    wrong = await aya.send_form(url, mine | {"uren": "zes"})
    assert wrong.status_code == 422 and kept(wrong.text) == theirs
    stale = await aya.send_form(url, mine)
    assert rows(stale) == [
        ["Titel", "Van <b>een ander</b>", "Mijn tekst"], ["Hoeveel plekken?", "4", "3"]
    ], "the hours were changed here only"  # fmt: skip
    assert 'value="Mijn tekst"' in stale.text and "&lt;b&gt;een ander" in stale.text
    assert (await aya.send_form(url, mine | kept(stale.text))).status_code == 303


async def test_row_23_the_direction_of_a_team_and_a_setting(visit: Visit, world: World, owner: Any) -> None:
    await bigger(world, owner)
    bram, sef = await visit("bram"), await visit("sef")
    url = f"/teams/{world.teams['groen']}/koers"
    drawn = kept((await bram.get(url)).text)
    form = {"strategie": "", "prioriteiten": "Egels", "aanspreekrol": ""}
    assert (await bram.send_form(url, form | drawn | {"aanspreekrol": str(world.roles["boom"])})).status_code == 303
    wrong = await bram.send_form(url, form | drawn | {"strategie": "x" * 401})
    assert wrong.status_code == 422 and kept(wrong.text) == drawn
    stale = await bram.send_form(url, form | drawn | {"prioriteiten": "Wadi's"})
    assert [row[0] for row in rows(stale)] == ["Wat gaat nu voor?", "Naar welke rol gaan vragen aan dit team?"]
    assert rows(stale)[1][1:] == ["Boombeheerder", "leeg"] and "Wadi&#39;s" in stale.text
    assert (await bram.send_form(url, form | kept(stale.text))).status_code == 303
    path = "/beheer/instellingen/works_council"
    typed = {"waarde": "OR 1", "reden": "Brief", "versie": "0"}
    assert (await sef.send_form(path, typed)).status_code == 303
    assert rows(await sef.send_form(path, typed | {"waarde": "OR 2"})) == [["Waarde", "OR 1", "OR 2"]]


async def test_row_23_a_draft_of_a_mandate_and_a_decree(visit: Visit, register: World) -> None:  # noqa: F811
    sef, aya = await visit("sef"), await visit("aya")
    await sef.send_form("/mandaten/nieuw", grant())
    url = "/mandaten/T1/wijzigen"
    form = {name: value for name, value in grant().items() if name != "nummer"}
    drawn = kept((await sef.get(url)).text)
    assert (await sef.send_form(url, form | drawn | {"grens": "30000"})).status_code == 303
    wrong = await sef.send_form(url, form | drawn | {"grens": "veel"})
    assert wrong.status_code == 422 and kept(wrong.text) == drawn
    stale = await sef.send_form(url, form | drawn | {"opmerkingen": "Van mij", "grens": "31000"})
    assert rows(stale) == [["Tot en met welk bedrag?", "30000,00", "31000"]] and "Van mij" in stale.text
    assert (await sef.send_form(url, form | kept(stale.text))).status_code == 303
    outside = await aya.send_form(url, form | drawn)
    assert outside.status_code == 403 and "30000" not in outside.text.partition("intussen")[2]
    bundle = {"orgaan": "college", "titel": "Eerste", "tekst": "Omdat.", "geeft": ["T1"]}
    decree = (await sef.send_form("/mandaten/besluit", bundle)).headers["location"] + "/wijzigen"
    drawn = kept((await sef.get(decree)).text)
    assert (await sef.send_form(decree, bundle | drawn | {"tekst": "Daarom."})).status_code == 303
    stale = await sef.send_form(decree, bundle | drawn | {"titel": "Tweede"})
    assert rows(stale) == [["Toelichting", "Daarom.", "Omdat."]] and 'value="Tweede"' in stale.text
    assert (await sef.send_form(decree, bundle | kept(stale.text))).status_code == 303
