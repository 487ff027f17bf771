"""Where governing oneself meets the law: what a team decides never gives, widens, moves or orphans a legal grant."""

from typing import Any

import asyncpg
import pytest

from teams.kit.db import Database
from teams.kit.errors import Conflict
from tests.governance.acts import bigger, consent, draft, new_role, refused, renamed, state, submitted
from tests.mandates.stored import with_powers
from tests.mandates.test_register_actions import form, in_force, sub, verdict, word
from tests.world import World, fill


@pytest.fixture
async def granted(db: Database, owner: asyncpg.Connection, world: World) -> World:
    """The college lets the secretary grant subsidies up to € 25.000; the secretary lets the Ecoloog up to € 5.000."""
    await bigger(world, owner)
    await with_powers(owner, world)
    await in_force(db, form(world), world.actor("sef"))
    await in_force(db, sub(world, ontvanger="rol:groen/Ecoloog"), world.actor("sef"))
    return world


async def may(db: Database, world: World, who: str, cents: int) -> str:
    return word(await verdict(db, world, who, cents))


async def adopted(db: Database, world: World, owner: asyncpg.Connection, *changes: dict[str, Any]) -> None:
    made = await submitted(db, world, *changes)
    for who in ("bram", "cato", "sef"):
        await consent(db, world, who, made.id)
    assert (await state(owner, made.id))[0] == "aangenomen"


async def test_g11_the_mandate_of_an_empty_role_does_not_fall_to_the_rolverdeler(
    db: Database, granted: World, owner: asyncpg.Connection
) -> None:
    """G9, G11: nobody has it while the role is empty; who fills the role has it, and nothing else moved it."""
    for who in ("bram", "aya", "dirk"):
        assert await may(db, granted, who, 400_000) == "nee", who
    await fill(owner, granted.roles["leeg"], granted.people["dirk"], 1)
    assert await may(db, granted, "dirk", 400_000) != "nee"
    assert await may(db, granted, "bram", 400_000) == "nee"


async def test_g31_g32_what_a_team_writes_in_a_role_is_no_mandate(
    db: Database, granted: World, owner: asyncpg.Connection
) -> None:
    """G3: a domain is no power to spend. G32: nor is a good intention. G36: the grant is as wide as it was."""
    await fill(owner, granted.roles["leeg"], granted.people["cato"], 1)
    before = await owner.fetch("select * from grant_version order by id")
    asked = [await may(db, granted, who, cents) for who in ("aya", "cato") for cents in (400_000, 600_000)]
    more = {"verantwoordelijkheden": {"bij": ["Alle subsidies verlenen"]}, "domeinen": {"bij": ["Subsidies"]}}
    await adopted(db, granted, owner, {**renamed(granted.roles["boom"]), **more})
    wider = {"verantwoordelijkheden": {"bij": ["Subsidies verlenen tot een miljoen"]}}
    await adopted(db, granted, owner, {**renamed(granted.roles["leeg"]), **wider})
    assert asked[0] == "nee" and asked[2] != "nee" and asked[3] == "nee"
    assert [await may(db, granted, who, cents) for who in ("aya", "cato") for cents in (400_000, 600_000)] == asked
    assert await owner.fetch("select * from grant_version order by id") == before


async def test_g36_a_role_with_a_mandate_or_an_office_keeps_its_name(
    db: Database, granted: World, owner: asyncpg.Connection
) -> None:
    """The decree names the role: under another name the grant would silently be another role's."""
    other = {"soort": "rol_wijzigen", "rolId": str(granted.roles["leeg"]), "naam": "Subsidieverlener"}
    told = await refused(draft(db, granted, other), "G36", kind=Conflict)
    assert "mandaat T2" in str(told.reasons)
    office = {"soort": "rol_wijzigen", "rolId": str(granted.roles["secretaris"]), "naam": "Baas"}
    await refused(draft(db, granted, office, who="sef", role="secretaris", team="top"), "G36", kind=Conflict)
    assert await owner.fetchval("select count(*) from proposal") == 0
    await adopted(
        db, granted, owner, {"soort": "rol_wijzigen", "rolId": str(granted.roles["water"]), "naam": "Waterwacht"}
    )


async def test_g3_a_domain_has_one_role_in_a_team(db: Database, granted: World, owner: asyncpg.Connection) -> None:
    """G1: exclusive control; it passes on only when the one gives it up in the same proposal, and the last one counts."""

    def domain(*texts: str, gone: tuple[str, ...] = ()) -> dict[str, Any]:
        return {"domeinen": {"bij": list(texts), "weg": list(gone)}}

    water, leeg = renamed(granted.roles["water"]), renamed(granted.roles["leeg"])
    mine, theirs = {**water, **domain("De sloten")}, {**new_role(), **domain("de Sloten")}
    await refused(draft(db, granted, mine, theirs), "G3", kind=Conflict)
    await refused(draft(db, granted, theirs, {**theirs, "naam": "Slotenwacht"}), "G3", kind=Conflict)
    late = await submitted(db, granted, theirs)
    await adopted(db, granted, owner, mine)
    await refused(draft(db, granted, theirs), "G3", kind=Conflict)
    await refused(draft(db, granted, {**leeg, **domain("De sloten")}), "G3", kind=Conflict)
    for who in ("bram", "cato", "sef"):
        await consent(db, granted, who, late.id)
    assert (await state(owner, late.id))[0] == "concept", "the domain was given away meanwhile"
    item = str(await owner.fetchval("select item_id from role_item where text = 'De sloten' and upper_inf(recorded)"))
    await adopted(db, granted, owner, {**water, **domain("De vijvers", gone=(item,))}, {**leeg, **domain("De sloten")})
    elsewhere = {**new_role("Slootwacht"), **domain("De vijvers")}
    assert await draft(db, granted, elsewhere, who="sef", role="secretaris", team="top"), (
        "another team is another matter"
    )
