"""What a change set may hold (G1, G2, G17, G19, G36), edited change sets, and conflict with newer governance."""

from typing import Any
from uuid import uuid4

import asyncpg
import pytest
from pydantic import TypeAdapter, ValidationError

from teams.decisions.forms import Subject
from teams.governance.actions.proposals import draft_proposal
from teams.governance.changes import CHANGES
from teams.governance.forms import ProposalForm
from teams.kit.clock import now
from teams.kit.db import Database
from teams.kit.errors import Conflict
from teams.kit.text import Line
from teams.mandates.forms import ConditionLine, PartyLine
from teams.structure.actions.roles import change_role, end_role
from teams.structure.forms import Code, ItemText
from tests.conftest import Place
from tests.governance.acts import (
    close,
    consent,
    draft,
    new_role,
    pass_time,
    policy,
    purpose,
    refused,
    renamed,
    state,
    submit,
    submitted,
)
from tests.world import TODAY, World

ROLE = "0199d3c2-6a10-7c21-9d0e-3f6f4f1b2a01"


@pytest.mark.parametrize(
    "change",
    [
        {"soort": "rol_nieuw", "naam": "Leeg"},
        {"soort": "rol_nieuw", "naam": "", "doel": "x"},
        {"soort": "rol_nieuw", "naam": "Weg", "doel": "x", "domeinen": {"weg": [ROLE]}},
        {"soort": "rol_nieuw", "naam": "Extra", "doel": "x", "kernrol": "rolverdeler"},
        {"soort": "rol_nieuw", "naam": "Elders", "doel": "x", "teamId": ROLE},
        {"soort": "rol_wijzigen", "rolId": ROLE},
        {"soort": "rol_wijzigen", "rolId": "1 or 1=1", "naam": "x"},
        {"soort": "rol_wijzigen", "rolId": ROLE, "doel": "\x00"},
        {"soort": "rol_einde"},
        {"soort": "rol_vervullen", "rolId": ROLE},
        {"rolId": ROLE, "naam": "x"},
        {"soort": "afspraak_nieuw", "tekst": "x", "afspraaksoort": "wet"},
        {"soort": "afspraak_nieuw", "tekst": "x", "afspraaksoort": "besluitvorm"},
        {"soort": "afspraak_nieuw", "tekst": "x", "vorm": "licht"},
        {"soort": "afspraak_nieuw", "tekst": "x", "afspraaksoort": "besluitvorm", "vorm": "licht", "termijn": 31},
        {"soort": "afspraak_einde", "afspraakId": None},
        {"soort": "mandaatverzoek", "rolId": ROLE},
        "rol_nieuw",
        None,
    ],
)  # fmt: skip
def test_g17_a_change_set_is_closed(change: Any) -> None:
    """Projects, people, other teams, unknown fields: not expressible."""
    with pytest.raises(ValidationError):
        CHANGES.validate_python([change])


@pytest.mark.parametrize("changes", [[], [new_role(f"R{n}") for n in range(21)]])
def test_a_change_set_has_one_to_twenty_changes(changes: list[Any]) -> None:
    with pytest.raises(ValidationError):
        CHANGES.validate_python(changes)


async def item(owner: asyncpg.Connection, world: World, role: str) -> str:
    return str(await owner.fetchval("select item_id from role_item where role_id = $1", world.roles[role]))


async def test_g17_only_the_teams_own_roles_items_and_policies(
    db: Database, world: World, owner: asyncpg.Connection
) -> None:
    """G5: a role of another team is neither taken in nor changed from here."""
    elsewhere = await policy(owner, world.teams["balie"], "werk")
    foreign = await item(owner, world, "balie")
    cases: list[tuple[list[str], list[dict[str, Any]]]] = [
        (["G17"], [renamed(world.roles["balie"])]),
        (["G17"], [{"soort": "rol_einde", "rolId": world.roles["balie"]}]),
        (["G17"], [{**renamed(world.roles["water"]), "verantwoordelijkheden": {"weg": [foreign]}}]),
        (["G17"], [{"soort": "afspraak_einde", "afspraakId": elsewhere}]),
        (["G17"], [{"soort": "mandaatverzoek", "rolId": world.roles["balie"], "tekst": "Noodkap."}]),
        (["onbekend"], [renamed(uuid4())]),
        (["onbekend"], [{"soort": "afspraak_einde", "afspraakId": uuid4()}]),
        (["G15"], [renamed(world.roles["groen_lead"])]),
        (["G15"], [{"soort": "rol_einde", "rolId": world.roles["groen_lead"]}]),
        (["bezet"], [new_role("waterbeheerder")]),
        (["bezet"], [{"soort": "rol_wijzigen", "rolId": world.roles["leeg"], "naam": "Wáterbeheerder"}]),
        (["G1"], [{"soort": "rol_wijzigen", "rolId": world.roles["water"], "verantwoordelijkheden": {"bij": ["Zorgen voor Waterbeheerder"]}}]),
        (["G17"], [new_role("Dubbel"), new_role("dubbel")]),
        (["G17"], [renamed(world.roles["water"]), {"soort": "rol_einde", "rolId": world.roles["water"]}]),
        (["G17"], [{"soort": "rol_einde", "rolId": world.roles["water"]}, {"soort": "mandaatverzoek", "rolId": world.roles["water"], "tekst": "x"}]),
        (["G17", "G15"], [renamed(world.roles["balie"]), renamed(world.roles["groen_lead"])]),
    ]  # fmt: skip
    for codes, changes in cases:
        await refused(draft(db, world, *changes), *codes, kind=Conflict)
    assert (
        await owner.fetchval("select count(*) from tension") + await owner.fetchval("select count(*) from proposal")
        == 0
    )
    assert await owner.fetchval("select count(*) from journal") == 0


async def test_g19_one_policy_about_deciding_at_a_time(db: Database, world: World, owner: asyncpg.Connection) -> None:
    old = await policy(owner, world.teams["groen"], "besluitvorm:gewoon")
    new = {"soort": "afspraak_nieuw", "tekst": "Licht.", "afspraaksoort": "besluitvorm", "vorm": "licht", "termijn": 3}
    await refused(draft(db, world, new), "G19", kind=Conflict)
    made = await submitted(db, world, new, {"soort": "afspraak_einde", "afspraakId": old})
    await consent(db, world, "bram", made.id)
    assert (await state(owner, made.id))[0] == "aangenomen"
    second = await submitted(db, world)
    row = await owner.fetchrow("select form, days from proposal_round where proposal_id = $1", second.id)
    assert tuple(row) == ("licht", 3), "the software reads the policy that the team just made"


async def test_g36_a_role_on_which_law_or_register_hangs_does_not_end(
    db: Database, world: World, owner: asyncpg.Connection
) -> None:
    grant = await owner.fetchval("insert into power_grant (number) values ('M-7') returning id")
    await owner.execute(
        "insert into grant_version (grant_id, kinds, grantors, holder, powers, valid) values"
        " ($1, '{mandaat}', '{orgaan:college}', $2, '{}', tstzrange(now() - interval '1 day', null))",
        grant, f"rol:{world.roles['leeg']}",
    )  # fmt: skip
    end = {"soort": "rol_einde", "rolId": world.roles["leeg"]}
    told = await refused(draft(db, world, end), "G36", kind=Conflict)
    assert "M-7" in str(told)
    made = await submitted(db, world, {"soort": "rol_einde", "rolId": world.roles["water"]})
    await owner.execute(
        "insert into budget (code, year, name, holder_id) values ('B1', 2026, 'Water', $1)", world.roles["water"]
    )
    await consent(db, world, "bram", made.id)
    assert (await state(owner, made.id))[0] == "concept", "what came to hang on the role meanwhile stops the adoption"
    await refused(
        draft(
            db,
            world,
            {"soort": "rol_einde", "rolId": world.roles["secretaris"]},
            who="sef",
            role="secretaris",
            team="top",
        ),
        "G36",
    )


async def test_adoption_ends_a_role_and_asks_a_mandate_but_never_gives_one(
    db: Database, world: World, owner: asyncpg.Connection
) -> None:
    changes = [
        {"soort": "rol_einde", "rolId": world.roles["leeg"]},
        {"soort": "afspraak_nieuw", "tekst": "Vanaf € 2.500 twee offertes."},
        {"soort": "mandaatverzoek", "tekst": "Noodkap tot € 15.000."},
        {**renamed(world.roles["boom"], "Bomen blijven."), "verantwoordelijkheden": {"bij": ["Egels tellen"], "weg": [await item(owner, world, "boom")]}},
    ]  # fmt: skip
    made = await submitted(db, world, *changes)
    await consent(db, world, "bram", made.id)
    assert (await state(owner, made.id))[0] == "aangenomen"
    assert (
        await owner.fetchval(
            "select upper(valid) - 1 from role_version where role_id = $1 and upper_inf(recorded)", world.roles["leeg"]
        )
        == TODAY
    )
    assert (
        await owner.fetchval("select kind || ' ' || title from policy_version")
        == "beperking Vanaf € 2.500 twee offertes."
    )
    assert await owner.fetchval("select role_id from mandate_request") == world.roles["boom"]
    assert await owner.fetchval("select count(*) from power_grant") == 0
    items = await owner.fetch(
        "select text from role_item where role_id = $1 and upper_inf(recorded) and valid @> current_date",
        world.roles["boom"],
    )
    assert [row[0] for row in items] == ["Egels tellen"]


async def test_newer_governance_stops_an_adoption_and_sends_it_back(
    db: Database, world: World, owner: asyncpg.Connection
) -> None:
    first = await submitted(db, world, renamed(world.roles["water"], "Van één."))
    second = await submitted(db, world, renamed(world.roles["water"], "Van twee."), new_role())
    await consent(db, world, "bram", first.id)
    await consent(db, world, "bram", second.id)
    assert await state(owner, second.id) == ("concept", 1)
    assert await purpose(owner, world.roles["water"]) == "Van één."
    assert await owner.fetchval("select count(*) from role_version where name = 'Egelwacht'") == 0, "all or nothing"
    assert (
        await owner.fetchval("select reasons -> 0 ->> 'code' from proposal_act where kind = 'teruggekomen'")
        == "verouderd"
    )
    await submit(db, world, second.id)
    assert await state(owner, second.id) == ("consent", 2)
    await consent(db, world, "bram", second.id, 2)
    assert await purpose(owner, world.roles["water"]) == "Van twee."


async def test_a_role_that_changed_or_ends_otherwise_also_stops_it(
    db: Database, world: World, owner: asyncpg.Connection, place: Place
) -> None:
    await policy(owner, world.teams["groen"])
    one = await submitted(db, world, renamed(world.roles["water"]))
    two = await submitted(db, world, {"soort": "rol_einde", "rolId": world.roles["leeg"]})
    three = await submitted(db, world, new_role("Bever"))
    async with db.begin() as session:
        at = await now(session)
        await change_role(
            session, world.roles["water"], first=TODAY, add=(), name="Waterbaas", by=world.actor("sef"), at=at
        )
        await end_role(session, world.roles["leeg"], last=TODAY, by=world.actor("sef"), at=at)
        await change_role(session, world.roles["boom"], first=TODAY, name="Bever", by=world.actor("sef"), at=at)
    await pass_time(place, 15)
    assert await close(db) == 3
    assert {(await state(owner, made.id))[0] for made in (one, two, three)} == {"concept"}
    assert await owner.fetchval("select count(*) from adoption") == 0


async def test_a_draft_needs_a_tension_with_a_real_example(db: Database, world: World) -> None:
    """G21."""
    whole = {
        "teamId": world.teams["groen"],
        "rolId": world.roles["boom"],
        "spanning": "x",
        "voorbeeld": "y",
        "wijzigingen": [new_role()],
    }
    for missing in ("spanning", "voorbeeld", "wijzigingen", "rolId"):
        with pytest.raises(ValidationError):
            ProposalForm.model_validate({**whole, missing: "" if missing != "wijzigingen" else []})
    async with db.begin() as session:
        made = await draft_proposal(
            session, ProposalForm.model_validate(whole), by=world.actor("aya"), at=await now(session)
        )
    assert (made.state, made.version) == ("concept", 1)


@pytest.mark.parametrize(
    ("form", "longest"),
    [(ItemText, 500), (Subject, 200), (PartyLine, 200), (ConditionLine, 300), (Line, 120), (Code, 40)],
)
def test_a_line_is_as_long_as_its_own_limit_says(form: Any, longest: int) -> None:
    """A longer kind of line is not cut down by the limit of the shorter one that it is made of."""
    words = ("advies " * 80)[:longest].strip().ljust(longest, "x")
    assert TypeAdapter(form).validate_python(words) == words
    for wrong in (f"{words}x", "", "   ", "\x00"):
        with pytest.raises(ValidationError):
            TypeAdapter(form).validate_python(wrong)
