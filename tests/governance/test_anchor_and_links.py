"""The team that has none above it (rule 4) and roles that take part in another team by its policy (rule 5)."""

from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import asyncpg
import pytest
from pydantic import ValidationError

from teams.governance.actions.offers import accept_offer, offer_role
from teams.governance.changes import CHANGES
from teams.governance.choice_forms import OfferForm
from teams.governance.inherited import takes_part
from teams.governance.queries import members_at, own_roles
from teams.kit.clock import day_of
from teams.kit.db import Database
from teams.kit.errors import Conflict
from teams.structure.moment import Moment
from teams.structure.queries import team_for
from tests.governance.acts import act, bigger, consent, draft, new_role, policy, refused, renamed, state, submitted
from tests.world import World, add_role, fill

TOP = {"who": "sef", "role": "secretaris", "team": "top"}


@pytest.fixture(autouse=True)
async def groen(world: World, owner: asyncpg.Connection) -> None:
    """The top team has sef and kees as members."""
    await bigger(world, owner)
    world.roles["control"] = await add_role(owner, world.teams["top"], "Controle")
    await fill(owner, world.roles["control"], world.people["kees"], 1)


def agreed(kind: str, words: str = "Zo spreken wij het af.", **more: Any) -> dict[str, Any]:
    return {"soort": "afspraak_nieuw", "afspraaksoort": kind, "tekst": words, **{k: str(v) for k, v in more.items()}}


async def purpose_of(db: Database, world: World, team: str, at: datetime) -> str:
    async with db.read() as session:
        return str((await team_for(session, world.teams[team], world.actor("aya"), Moment(at, at, at))).purpose)


async def test_g4_only_the_anchor_says_its_own_purpose_by_policy_and_it_ends_with_the_policy(
    db: Database, world: World, owner: asyncpg.Connection
) -> None:
    began, was = datetime.now(UTC), await purpose_of(db, world, "top", datetime.now(UTC))
    await refused(draft(db, world, agreed("doel", "Een groen dorp.")), "G4", kind=Conflict)
    made = await submitted(db, world, agreed("doel", "Iedereen telt mee."), **TOP)
    other = await submitted(db, world, agreed("doel", "Iets anders."), **TOP)
    await consent(db, world, "kees", made.id)
    assert (await state(owner, made.id))[0] == "aangenomen"
    assert await purpose_of(db, world, "top", datetime.now(UTC)) == "Iedereen telt mee."
    assert await purpose_of(db, world, "top", began) == was, "as known then"
    await consent(db, world, "kees", other.id)
    assert (await state(owner, other.id))[0] == "concept", "one at a time; what is newer stops it"
    stands = await owner.fetchval("select policy_id from policy_version where kind = 'doel:anker'")
    down = {"soort": "afspraak_verplaatsen", "afspraakId": str(stands), "teamId": str(world.teams["groen"])}
    await refused(draft(db, world, down, **TOP), "G4", kind=Conflict)
    ends = await submitted(db, world, {"soort": "afspraak_einde", "afspraakId": str(stands)}, **TOP)
    await consent(db, world, "kees", ends.id)
    assert await purpose_of(db, world, "top", datetime.now(UTC)) == was


async def test_g4_no_rolverdeler_in_the_anchor_unless_it_agreed_so(
    db: Database, world: World, owner: asyncpg.Connection
) -> None:
    lead = world.roles["top_lead"] = await add_role(owner, world.teams["top"], "Rolverdeler", core="rolverdeler")
    form = OfferForm(rolId=lead, persoonId=world.people["beer"], tekst="Het overzicht houden.")
    await refused(act(db, world, offer_role, "sef", form), "G4", kind=Conflict)
    await refused(draft(db, world, agreed("leiding")), "G4", kind=Conflict)
    made = await submitted(db, world, agreed("leiding"), **TOP)
    await consent(db, world, "kees", made.id)
    offer = await act(db, world, offer_role, "sef", form)
    await act(db, world, accept_offer, "beer", offer.id)
    below = OfferForm(rolId=world.roles["groen_lead"], persoonId=world.people["dirk"], tekst="Samen verdelen.")
    assert await act(db, world, offer_role, "aya", below), "every other team has one"


@pytest.mark.parametrize("change", [agreed("koppeling"), agreed("beperking", koppelRolId=uuid4()), agreed("koppeling", koppelRolId="x"),
                                    agreed("doel", ookOnder=True), agreed("koppeling", koppelRolId=uuid4(), ookOnder=True)])  # fmt: skip
def test_g4_g5_what_belongs_to_another_kind_is_refused(change: Any) -> None:
    with pytest.raises(ValidationError):
        CHANGES.validate_python([change])


async def links(db: Database, world: World, owner: asyncpg.Connection, role: str = "balie") -> str:
    made = await submitted(db, world, agreed("koppeling", "Meldt kapotte bankjes.", koppelRolId=world.roles[role]))
    for who in ("bram", "cato", "sef"):
        await consent(db, world, who, made.id)
    assert (await state(owner, made.id))[0] == "aangenomen"
    return str(
        await owner.fetchval(
            "select policy_id from policy_version where kind like 'koppeling:%' and upper_inf(recorded)"
        )
    )


async def members(db: Database, world: World) -> set[str]:
    async with db.read() as session:
        found = {one.id for one in await members_at(session, world.teams["groen"], at=datetime.now(UTC))}
    return {name for name, person in world.people.items() if person in found}


async def test_g5_a_role_takes_part_in_another_team_by_its_policy_until_that_ends(
    db: Database, world: World, owner: asyncpg.Connection
) -> None:
    """G13: who fills it is a member, answers, and may propose from that role; who fills it stays its own team's choice."""
    assert await members(db, world) == {"aya", "bram", "cato", "sef"}
    lying = await submitted(db, world)
    made = await links(db, world, owner)
    assert await members(db, world) == {"aya", "bram", "cato", "sef", "dirk"}
    await refused(consent(db, world, "dirk", lying.id), "geen_recht", kind=Conflict)
    async with db.read() as session:
        seen = {(role.team, role.name) for role in await own_roles(session, world.actor("dirk"), at=datetime.now(UTC))}
        at = datetime.now(UTC)
        told = await takes_part(session, world.roles["balie"], None, day=day_of(at), known=at)
    assert seen == {("Balie", "Baliemedewerker"), ("Groen en Water", "Baliemedewerker")}
    assert [(one.team, one.text) for one in told] == [("Groen en Water", "Meldt kapotte bankjes.")]
    mine = await submitted(db, world, new_role("Bankenwacht"), who="dirk", role="balie")
    for who in ("aya", "bram", "cato", "sef"):
        await consent(db, world, who, mine.id)
    assert (await state(owner, mine.id))[0] == "aangenomen"
    await refused(draft(db, world, renamed(world.roles["balie"])), "G17", kind=Conflict)
    form = OfferForm(rolId=world.roles["balie"], persoonId=world.people["aya"], tekst="Help ons.")
    await refused(act(db, world, offer_role, "bram", form), "geen_recht", kind=Conflict)
    ends = await submitted(db, world, {"soort": "afspraak_einde", "afspraakId": made})
    for who in ("bram", "cato", "sef", "dirk"):
        await consent(db, world, who, ends.id)
    assert (await state(owner, ends.id))[0] == "aangenomen"
    assert await members(db, world) == {"aya", "bram", "cato", "sef"}, "what the host added went with it"
    await refused(draft(db, world, who="dirk", role="balie"), "G20", kind=Conflict)


async def test_g5_only_a_role_of_another_team_and_only_once(
    db: Database, world: World, owner: asyncpg.Connection
) -> None:
    def link(role: Any) -> dict[str, Any]:
        return agreed("koppeling", koppelRolId=role)

    await refused(draft(db, world, link(world.roles["water"])), "G5", kind=Conflict)
    await refused(draft(db, world, link(world.roles["balie_lead"])), "G5", kind=Conflict)
    await refused(draft(db, world, link(uuid4())), "onbekend", kind=Conflict)
    await refused(draft(db, world, link(world.roles["balie"]), link(world.roles["balie"])), "G5", kind=Conflict)
    await links(db, world, owner)
    await refused(draft(db, world, link(world.roles["balie"])), "G5", kind=Conflict)
    await policy(owner, world.teams["groen"], "kandidaten:leden")
    assert await draft(db, world, link(world.roles["control"]))
