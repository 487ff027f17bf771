"""The profile for matching, and what people say after a klus: off until the works council agreed (WOR 27)."""

from typing import Any

import asyncpg
import pytest

from tests.klussen.test_claim import posted
from tests.world import World

COUNCIL = "Instemming 3 februari 2026, kenmerk OR-2026-07"


@pytest.fixture
def agreed(app: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    state = app.app.state
    monkeypatch.setattr(state, "settings", state.settings.model_copy(update={"works_council": COUNCIL}))


async def finished(db: Any, world: World, owner: asyncpg.Connection, who: str = "cato") -> Any:
    """A klus of Aya that somebody finished; returns the claim's id."""
    klus = await posted(db, world, vaardigheden=["Snoeien", "Meten"])
    return await owner.fetchval(
        "insert into claim (klus_id, person_id, state, hours, ended_at, ended_on)"
        " values ($1, $2, 'afgerond', 6, now(), current_date) returning id",
        klus.id, world.people[who],
    )  # fmt: skip


async def test_levels_and_wishes_are_kept_and_explain_a_klus(visit: Any, db: Any, world: World) -> None:
    klus = await posted(db, world, vaardigheden=["Snoeien", "Meten"])
    cato = await visit("cato")
    await cato.send_form("/profiel/vaardigheden", {"vaardigheid": "Snoeien", "niveau[]": "2|Snoeien"})
    await cato.send_form("/profiel/vaardigheden", {"vaardigheid": "Snoeien", "niveau[]": "1|Snoeien"})
    page = (await cato.get(f"/klussen/{klus.id}")).text
    assert "Je wilt dit leren: Snoeien." in page
    assert "Dit staat niet in je profiel: Meten." in page
    assert "in de drukste week houd je" in page
    assert (await cato.send_form("/profiel/wensen", {"soort": "project", "urenHoogstens": "4"})).status_code == 303
    page = (await cato.get(f"/klussen/{klus.id}")).text
    assert "Je zoekt een ander soort werk." in page
    assert "6 uur per week. Je wilt hoogstens 4 uur." in page
    assert "Je wilt dit leren" not in (await (await visit("bram")).get(f"/klussen/{klus.id}")).text


async def test_a_wish_that_cannot_be_read_stays_typed(visit: Any, world: World) -> None:
    answer = await (await visit("cato")).send_form("/profiel/wensen", {"urenHoogstens": "veel"})
    assert answer.status_code == 422
    assert 'value="veel"' in answer.text


async def test_the_list_says_why(visit: Any, db: Any, world: World) -> None:
    await posted(db, world, vaardigheden=["Snoeien"])
    cato = await visit("cato")
    assert "Waarom past dit bij jou?" not in (await cato.get("/klussen")).text
    await cato.send_form("/profiel/vaardigheden", {"vaardigheid": "Snoeien"})
    page = (await cato.get("/klussen")).text
    assert "Waarom past dit bij jou?" in page
    assert "Je kunt dit: Snoeien." in page


async def test_WOR27_feedback_is_refused_before_consent(visit: Any, db: Any, world: World, owner: Any) -> None:
    claim = await finished(db, world, owner)
    answer = await (await visit("aya")).send_form(f"/inzet/{claim}/terugkoppeling", {"tekst": "Mooi gedaan"})
    assert answer.status_code == 403
    assert "nog niet mee ingestemd" in answer.text
    assert await owner.fetchval("select count(*) from feedback") == 0
    assert "Afgeronde klussen" not in (await (await visit("aya")).get(f"/personen/{world.people['cato']}")).text


@pytest.mark.usefixtures("agreed")
async def test_feedback_goes_both_ways_and_only_those_two_read_it(
    visit: Any, db: Any, world: World, owner: Any
) -> None:
    claim = await finished(db, world, owner)
    aya, cato, dirk = await visit("aya"), await visit("cato"), await visit("dirk")
    form = {"tekst": "Nauwkeurig gemeten.", "vaardigheid": "Meten"}
    for _ in range(2):  # sent twice is said once
        assert (await aya.send_form(f"/inzet/{claim}/terugkoppeling", form)).status_code == 303
    assert (await cato.send_form(f"/inzet/{claim}/terugkoppeling", {"tekst": "Fijn begin."})).status_code == 303
    assert (await dirk.send_form(f"/inzet/{claim}/terugkoppeling", {"tekst": "Ik ook"})).status_code == 404
    assert await owner.fetchval("select count(*) from feedback") == 2
    assert "Nauwkeurig gemeten." in (await cato.get("/profiel")).text
    assert "Fijn begin." in (await aya.get("/profiel")).text
    seen = (await dirk.get(f"/personen/{world.people['cato']}")).text
    assert "Gezien door een collega: Meten" in seen
    assert "Nauwkeurig" not in seen
    wrong = await cato.send_form(f"/inzet/{claim}/terugkoppeling", {"tekst": ""})
    assert wrong.status_code == 422


async def test_who_posts_reads_a_number_and_the_spread(visit: Any, db: Any, world: World) -> None:
    klus = await posted(db, world, vaardigheden=["Snoeien"])
    assert "Dit tellen we vannacht." in (await (await visit("aya")).get(f"/klussen/{klus.id}")).text
    assert "Wie zou dit kunnen?" not in (await (await visit("cato")).get(f"/klussen/{klus.id}")).text
    assert "te klein om te tonen" in (await (await visit("dirk")).get("/klussen/spreiding")).text


async def test_mijn_week_looks_eight_weeks_ahead(visit: Any, world: World) -> None:
    page = (await (await visit("cato")).get("/")).text
    assert page.count('<th scope="row">') == 8
    assert "De komende weken" in page


async def test_a_synonym_that_the_secretary_adds_is_the_same_skill(
    visit: Any, db: Any, world: World, owner: Any
) -> None:
    await posted(db, world, vaardigheden=["Snoeien", "Meten"])
    skill = await owner.fetchval("select id from skill where name = 'Snoeien'")
    sef, cato = await visit("sef"), await visit("cato")
    form = {"vaardigheid": str(skill), "synoniemen": "Bomen knippen, Knotten", "code": "esco:12"}
    assert (await sef.send_form("/beheer/vaardigheden", form)).status_code == 303
    assert "Schouw" in (await cato.get("/klussen?zoek=knotten")).text
    await cato.send_form("/profiel/vaardigheden", {"anders": "bomen knippen"})
    assert await owner.fetchval("select s.name from person_skill join skill s on s.id = skill_id") == "Snoeien"
    wrong = await sef.send_form("/beheer/vaardigheden", {"vaardigheid": str(skill), "synoniemen": "meten"})
    assert wrong.status_code == 422
    assert 'value="meten"' in wrong.text
    assert (await cato.get("/beheer/vaardigheden")).status_code == 403


async def test_rows_29_and_30_a_skill_in_own_words_is_a_short_line(
    visit: Any, owner: asyncpg.Connection, world: World
) -> None:
    cato = await visit("cato")
    for said in ("x" * 81, "bel\x1blen", "e" + "\u0301" * 9, ", ".join(f"nr {n}" for n in range(21))):
        wrong = await cato.send_form("/profiel/vaardigheden", {"vaardigheid": "Snoeien", "anders": said})
        assert wrong.status_code == 422 and 'href="#anders"' in wrong.text, said
        assert f'value="{said}"' in wrong.text
    assert (await cato.send_form("/profiel/vaardigheden", {"anders": "to\u202elken"})).status_code == 303
    assert await owner.fetchval("select count(*) from skill where name = 'tolken'") == 1
