"""English on screen: who chose it reads no Dutch sentence on any main page."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from bin.words import english, entries

from teams.http.gate import Gate
from tests.klussen.test_claim import posted
from tests.test_words import DUTCH, Visible, texts
from tests.web import test_mandaten
from tests.web.test_access import routes
from tests.world import World

noor = test_mandaten.noor

TYPED = re.compile(r"Het doel van |Zorgen voor |Rolverdeler$")
KNOWN = entries(english())
ONLY_DUTCH = {
    dutch
    for key, message in KNOWN.items()
    for dutch, other in zip(texts(key), texts(message.string), strict=True)
    if dutch != other and len(dutch) > 3
} - {other for message in KNOWN.values() for other in texts(message.string)}

EVERYONE = (
    "/inloggen",
    "/hulp",
    "/spelregels",
    "/toegankelijkheid",
    "/privacy",
    "/logboek/uitleg",
    "/openbaar/mandaten",
    "/no-such-page",
)
EMPLOYEES = (
    "/", "/klussen", "/klussen?zoek=xyzzy&vrij=ja", "/klussen/nieuw", "/klussen/{klus}", "/klussen/{klus}/wijzigen",
    "/organisatie", "/zoeken", "/zoeken?zoek=boom", "/organisatie?op=2026-01-01", "/teams/{team}", "/rollen/{role}",
    "/personen/{person}", "/profiel", "/wat-ziet-wie", "/wachtwoord", "/mandaten", "/mag-ik-dit",
)  # fmt: skip


def dutch_in(html: str) -> list[str]:
    shown = Visible()
    shown.feed(re.sub(r"<(script|style)\b.*?</\1>", "", html, flags=re.DOTALL))
    shown.close()
    seen = [text.strip() for text in shown.found]
    return [text for text in seen if (text in ONLY_DUTCH or DUTCH.search(text)) and not TYPED.match(text)]


def test_dutch_on_a_page_is_found() -> None:
    assert dutch_in("<p>Hours</p><p>Alle klussen</p><p title='Wat je doet'>x</p>") == ["Alle klussen", "Wat je doet"]


@pytest.mark.parametrize("path", EVERYONE)
async def test_a_visitor_whose_browser_asks_english_gets_english(visit: Callable[..., Any], path: str) -> None:
    client = await visit(None)
    answer = await client.get(path, headers={"accept-language": "en-GB,en;q=0.9"})
    assert '<html lang="en">' in answer.text
    assert dutch_in(answer.text) == []


@pytest.mark.parametrize("name", ["aya", "cato", "sef"])
async def test_an_employee_who_chose_english_gets_english(
    app: Gate, visit: Callable[..., Any], db: Any, owner: Any, world: World, name: str
) -> None:
    klus = await posted(db, world, titel="Playground check", omschrijving="Look at the swings.")
    await owner.execute("update account set language = 'en'")
    client = await visit(name)
    ids = {"klus": klus.id, "team": world.teams["groen"], "role": world.roles["boom"], "person": world.people["aya"]}
    plain = {path for method, path, _ in routes(app) if method == "GET" and "{" not in path}
    for path in sorted(plain | set(EMPLOYEES)):
        answer = await client.get(path.format(**ids))
        assert answer.status_code < 500, path
        if "text/html" not in answer.headers["content-type"]:
            assert path not in EMPLOYEES
            continue
        assert '<html lang="en">' in answer.text or "<html" not in answer.text, path
        assert (path, dutch_in(answer.text)) == (path, [])
    for _ in range(2):
        answer = await client.send_form(f"/klussen/{klus.id}/inzet")
        page = answer if answer.status_code != 303 else await client.get(answer.headers["location"])
        assert dutch_in(page.text) == []


async def test_a_form_with_faults_explains_them_in_english(visit: Callable[..., Any], owner: Any, world: World) -> None:
    await owner.execute("update account set language = 'en'")
    client = await visit("aya")
    answer = await client.send_form("/klussen", {"titel": "", "uren": "many", "plaatsen": "0", "van": "31-02-2026"})
    assert answer.status_code == 422
    assert "Fill this in." in answer.text
    assert dutch_in(answer.text) == []


async def test_may_i_do_this_answers_in_english(noor: Any, owner: Any) -> None:
    await owner.execute("update account set language = 'en'")
    for amount in ("4000", "7500", "", "twee"):
        answer = await noor.send_form("/mag-ik-dit", {**test_mandaten.SUBSIDY, "bedrag": amount})
        assert '<html lang="en">' in answer.text
        assert dutch_in(answer.text) == []
