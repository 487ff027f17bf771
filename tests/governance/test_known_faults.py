"""Faults found in other governance software, each shown not to happen here (RB: Rolebase, LO: Loomio)."""

import json
import re
from pathlib import Path
from typing import Any

import asyncpg
import pytest
from pydantic import ValidationError
from sqlalchemy.exc import DBAPIError

import teams
from teams.governance.actions import adoption
from teams.governance.forms import ObjectionForm
from teams.kit.db import Database
from teams.kit.errors import Conflict, NotAllowed, Reason
from tests.conftest import Place
from tests.governance.acts import (
    YES,
    bigger,
    close,
    confirm,
    consent,
    examine,
    integrate,
    new_role,
    object_,
    pass_time,
    policy,
    purpose,
    refused,
    renamed,
    sql,
    state,
    submit,
    submitted,
    version,
    withdraw,
)
from tests.world import World, fill

MEMBERS = ("bram", "cato", "sef")


@pytest.fixture(autouse=True)
async def groen(world: World, owner: asyncpg.Connection) -> None:
    await bigger(world, owner)


async def forbidden(db: Database, statement: str, **given: Any) -> None:
    with pytest.raises(DBAPIError) as fault:
        await sql(db, statement, **given)
    assert fault.value.orig.sqlstate in ("42501", "23503", "23514")  # type: ignore[union-attr]


async def all_consent(db: Database, world: World, proposal: Any, number: int = 1) -> None:
    for who in MEMBERS:
        await consent(db, world, who, proposal, number)


async def test_rb1_an_outsider_never_decides(db: Database, world: World, owner: asyncpg.Connection) -> None:
    made = await submitted(db, world)
    await refused(consent(db, world, "dirk", made.id), "geen_recht", kind=Conflict)
    await forbidden(
        db, "insert into proposal_response (proposal_id, version, person_id) values (:p, 1, :w)", p=made.id, w=world.people["dirk"]
    )  # fmt: skip
    await forbidden(
        db, "insert into proposal_elector (proposal_id, version, person_id, role_id) values (:p, 9, :w, :r)",
        p=made.id, w=world.people["dirk"], r=world.roles["balie"],
    )  # fmt: skip


async def test_rb2_zero_answers_or_the_authors_own_adopt_nothing(
    db: Database, world: World, owner: asyncpg.Connection, place: Place
) -> None:
    made = await submitted(db, world)
    await refused(consent(db, world, "aya", made.id), "eigen_aanvraag", kind=Conflict)
    await forbidden(db, "insert into adoption (proposal_id, version) values (:p, 1)", p=made.id)
    await pass_time(place, 60)
    await close(db)
    assert await state(owner, made.id) == ("consent", 1)


async def test_rb3_what_is_applied_is_checked_again_at_adoption(
    db: Database, world: World, owner: asyncpg.Connection, place: Place
) -> None:
    """Even a change set that was swapped behind the app's back reaches no other team; it rested on no value that changed."""
    await refused(submitted(db, world, renamed(world.roles["balie"])), "G17", kind=Conflict)
    made = await submitted(db, world)
    boss = await asyncpg.connect(place.url("postgres"))
    await boss.execute("set session_replication_role = replica")
    await boss.execute("update proposal_version set changes = $1::jsonb", json.dumps([renamed(world.roles["balie"])]))
    await boss.close()
    before = await purpose(owner, world.roles["balie"])
    await all_consent(db, world, made.id)
    assert await state(owner, made.id) == ("concept", 1)
    assert "van een ander team" in await owner.fetchval("select reasons::text from proposal_act")
    assert await purpose(owner, world.roles["balie"]) == before


async def test_rb4_text_never_changes_under_answers(db: Database, world: World, owner: asyncpg.Connection) -> None:
    made = await submitted(db, world)
    await consent(db, world, "bram", made.id)
    await forbidden(db, "update proposal_version set changes = '[{}]' where proposal_id = :p", p=made.id)
    await refused(version(db, world, made.id, new_role("Padwacht"), who="bram"), "geen_recht", kind=NotAllowed)
    await version(db, world, made.id, new_role("Padwacht"))
    assert await owner.fetchval("select silent_electors($1, 2)", made.id) == 3


async def test_rb5_history_is_not_written_by_hand(db: Database, world: World) -> None:
    made = await submitted(db, world)
    for statement in (
        "insert into journal (verb, at) values ('proposal.adopted', now() - interval '1 year')",
        "update journal set actor = null", "delete from journal", "update proposal_act set reasons = '[]'",
        "update adoption set silent = 0", "delete from proposal where id = :p", "update proposal_response set at = now()",
        "insert into proposal_version (proposal_id, version, changes, made_by, at) select :p, 2, '[{}]', proposer_id, now() from proposal",
    ):  # fmt: skip
        await forbidden(db, statement, **({"p": made.id} if ":p" in statement else {}))


async def test_rb6_all_of_a_change_set_or_nothing(
    db: Database, world: World, owner: asyncpg.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def not_possible(*_: Any, **__: Any) -> None:
        raise Conflict(Reason("bezet", "Dit kan niet."), then=())

    made = await submitted(db, world, new_role(), renamed(world.roles["water"]))
    monkeypatch.setattr(adoption, "change_role", not_possible)
    await all_consent(db, world, made.id)
    assert await state(owner, made.id) == ("concept", 1)
    assert await owner.fetchval("select count(*) from adoption") == 0
    assert await owner.fetchval("select count(*) from role_version where name = 'Egelwacht'") == 0, (
        "the first change too"
    )


async def test_rb6_no_lost_update(db: Database, world: World, owner: asyncpg.Connection) -> None:
    one = await submitted(db, world, new_role(), renamed(world.roles["water"], "Van één."))
    two = await submitted(db, world, renamed(world.roles["water"], "Van twee."))
    await all_consent(db, world, two.id)
    await all_consent(db, world, one.id)
    assert (await state(owner, one.id))[0] == "concept"
    assert await purpose(owner, world.roles["water"]) == "Van twee."
    assert await owner.fetchval("select count(*) from role_version where name = 'Egelwacht'") == 0


async def test_rb7_an_objection_has_words_a_test_and_an_integration_and_accountabilities_are_rows(
    db: Database, world: World, owner: asyncpg.Connection
) -> None:
    made = await submitted(db, world, {**new_role(), "verantwoordelijkheden": ["Egels tellen", "Paden openhouden"]})
    for nothing in ("", "   "):
        with pytest.raises(ValidationError):
            ObjectionForm(versie=1, tekst=nothing)
    objection = await object_(db, world, "bram", made.id)
    await examine(db, world, "sef", objection.id, **YES)
    await integrate(
        db, world, "bram", objection.id, {**new_role(), "verantwoordelijkheden": ["Egels tellen", "Paden sluiten"]}
    )
    assert await state(owner, made.id) == ("bezwaar", 1), "the objector alone resolves nothing"
    await confirm(db, world, "aya", objection.id)
    await all_consent(db, world, made.id, 2)
    rows = await owner.fetch("select item_id, text from role_item where text in ('Egels tellen','Paden sluiten')")
    assert len({row["item_id"] for row in rows}) == 2


async def test_rb8_no_right_goes_past_the_rules(db: Database, world: World) -> None:
    """Administrator, controller and secretary answer only where they are members; nothing else changes roles."""
    made = await submitted(db, world)
    for who in ("beer", "kees", "wil", "gea"):
        await refused(consent(db, world, who, made.id), "geen_recht", kind=Conflict)
        await refused(withdraw(db, world, made.id, who), "geen_recht", kind=NotAllowed)
    root = Path(teams.__file__).parent
    users = {
        path.relative_to(root).parts[0]
        for path in root.rglob("*.py")
        if re.search(r"structure\.actions(\.(roles|policies)| import\b.*\b(roles|policies)\b)", path.read_text())
    }
    assert users <= {"governance", "structure", "exchange", "demo"}, (
        "only adoption and confirmed imports change structure"
    )


async def test_lo1_an_objection_is_no_label_it_blocks(
    db: Database, world: World, owner: asyncpg.Connection, place: Place
) -> None:
    await policy(owner, world.teams["groen"])
    made = await submitted(db, world)
    await object_(db, world, "bram", made.id)
    await pass_time(place, 15)
    await close(db)
    assert await state(owner, made.id) == ("bezwaar", 1)
    await forbidden(db, "insert into adoption (proposal_id, version) values (:p, 1)", p=made.id)


async def test_lo2_a_decision_is_not_in_a_vacuum(db: Database, world: World, owner: asyncpg.Connection) -> None:
    made = await submitted(db, world, renamed(world.roles["water"], "Droge voeten."))
    await all_consent(db, world, made.id)
    assert await purpose(owner, world.roles["water"]) == "Droge voeten."


async def test_lo3_a_version_under_way_is_never_edited_while_answers_stay(db: Database, world: World) -> None:
    made = await submitted(db, world)
    await all_consent(db, world, (await submitted(db, world, new_role("Anders"))).id)
    await consent(db, world, "bram", made.id)
    await version(db, world, made.id, new_role("Padwacht"))
    await refused(consent(db, world, "cato", made.id, 1), "verouderd", kind=Conflict)
    await consent(db, world, "bram", made.id, 2)


async def test_lo4_who_joins_later_has_no_vote(db: Database, world: World, owner: asyncpg.Connection) -> None:
    made = await submitted(db, world)
    await fill(owner, world.roles["leeg"], world.people["dirk"], 1)
    await refused(consent(db, world, "dirk", made.id), "geen_recht", kind=Conflict)
    await refused(object_(db, world, "dirk", made.id), "geen_recht", kind=Conflict)


async def test_lo5_what_is_closed_does_not_reopen(db: Database, world: World, owner: asyncpg.Connection) -> None:
    made = await submitted(db, world)
    await all_consent(db, world, made.id)
    for act in (submit(db, world, made.id), withdraw(db, world, made.id), version(db, world, made.id, new_role())):
        await refused(act, "verkeerd_moment", kind=Conflict)
    await refused(consent(db, world, "bram", made.id), "verkeerd_moment", kind=Conflict)
    for wanted in ("concept", "consent", "overleg"):
        await forbidden(db, "update proposal set state = :s where id = :p", p=made.id, s=wanted)
