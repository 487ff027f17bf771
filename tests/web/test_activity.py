"""Sentences of the journal: each verb has one, names are links and escaped, nothing private stands on a public page."""

import re
from pathlib import Path

import teams
from teams.http.words import words
from teams.journal.models import SYSTEM, Note, record
from teams.kit.clock import now
from teams.kit.db import Database
from teams.klussen.actions.claim import claim_klus, withdraw_claim
from teams.klussen.actions.klus import post_klus
from teams.klussen.forms import KlusForm
from teams.web.activity import ON_THE_KLUS, OWN, PUBLIC, activity
from tests.klussen.test_claim import posted
from tests.world import TODAY, World

KINDS = "klus|claim|role|team|policy|person|account|organ"
NO_PAGE = {"organ.created", "organ.renamed"}


def test_every_verb_about_what_has_a_page_has_its_sentence() -> None:
    written = {
        found
        for path in Path(teams.__file__).parent.rglob("actions/*.py")
        for found in re.findall(rf'(?<!ForeignKey\()"((?:{KINDS})\.[a-z_]+)"', path.read_text())
    } | {
        found
        for path in Path(teams.__file__).parent.glob("*/actions.py")
        for found in re.findall(rf'(?<!ForeignKey\()"((?:{KINDS})\.[a-z_]+)"', path.read_text())
    }
    assert written - set(PUBLIC) - set(OWN) - NO_PAGE == set()
    assert "klus.posted" in written and "person.hired" in written


def test_R21_public_sentences_hold_acts_only() -> None:
    for sentence in (*PUBLIC.values(), *ON_THE_KLUS.values()):
        assert set(re.findall(r"{(\w+)}", sentence)) <= {
            "actor",
            "person",
            "klus",
            "role",
            "name",
            "team",
            "proposal",
            "election",
        }
    private = {"person.hours_changed", "person.absent", "person.changed", "account.logged_in", "klus.posted"}
    assert private.isdisjoint(PUBLIC)


async def test_a_claim_stands_on_klus_team_and_home_team_without_hours_or_reason(db: Database, world: World) -> None:
    klus = await posted(db, world, titel="Schouw <b>& meer")
    async with db.begin() as session:
        claim, _ = await claim_klus(session, klus.id, by=world.actor("cato"))
    async with db.begin() as session:
        await withdraw_claim(session, claim, by=world.actor("cato"), at=await now(session))
    async with db.read() as session:
        here, _ = await activity(session, "klus", klus.id, words("nl"))
        home, _ = await activity(session, "team", world.teams["balie"], words("nl"))
        mine, _ = await activity(session, "person", world.people["aya"], words("nl"), mine=True)
    cato = f'<a class="nl-link" href="/personen/{world.people["cato"]}">Cato Proef</a>'
    title = f'<a class="nl-link" href="/klussen/{klus.id}">Schouw &lt;b&gt;&amp; meer</a>'
    assert [line[2] for line in here[:2]] == [f"{cato} doet toch niet mee.", f"{cato} doet mee."]
    assert [line[2] for line in home] == [f"{cato} doet toch niet mee aan {title}.", f"{cato} doet mee aan {title}."]
    assert len(mine) == 2


async def test_a_draft_is_named_nowhere(db: Database, world: World) -> None:
    async with db.begin() as session:
        form = KlusForm(titel="Geheim plan", teamId=world.teams["groen"], plaatsen=1, urenTotaal=6, van=TODAY)  # type: ignore[arg-type]
        klus = await post_klus(session, form, by=world.actor("aya"), at=await now(session))
        await record(
            session, Note("klus.changed", (("klus", klus.id), ("team", world.teams["groen"]))), by=world.actor("aya")
        )
    async with db.read() as session:
        lines, _ = await activity(session, "team", world.teams["groen"], words("nl"))
    assert lines == []


async def test_what_only_the_person_may_read_is_not_on_the_team_page(db: Database, world: World) -> None:
    about = (("person", world.people["aya"]), ("team", world.teams["groen"]))
    async with db.begin() as session:
        await record(session, Note("person.hours_changed", about, {"hours": "20"}), by=world.actor("sef"))
        await record(session, Note("role.filled", (*about, ("role", world.roles["leeg"]))), by=SYSTEM)
    async with db.read() as session:
        team, _ = await activity(session, "team", world.teams["groen"], words("nl"))
        own, _ = await activity(session, "person", world.people["aya"], words("nl"), mine=True)
    assert ["contracturen" in line[2] for line in team] == [False]
    assert "Ecoloog" in team[0][2]
    assert sorted("contracturen" in line[2] for line in own) == [False, True]
