"""Elections held in a meeting (rules 14, 28, 30) and the guest of the afgevaardigde (rule 28), on PostgreSQL."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import asyncpg
import pytest
from sqlalchemy.exc import DBAPIError

from teams.governance.actions import meeting_elections
from teams.governance.actions.candidates import break_tie
from teams.governance.actions.elections import cast_ballot, change_nomination, close_changes
from teams.governance.actions.offers import accept_offer
from teams.governance.meeting_forms import CallForm, GuestForm
from teams.kit.clock import now
from teams.kit.db import Database
from teams.kit.errors import Conflict, Invalid, NotAllowed
from tests.conftest import Place
from tests.governance.acts import act, refused, sql
from tests.governance.choosing import call, electing, fillers, lying, name, stage
from tests.governance.meeting_acts import (
    close_,
    finish,
    item,
    join,
    leave,
    on,
    reply,
    say,
    start,
    state_of,
    step,
)
from tests.world import TODAY, World, fill

TERM = TODAY + timedelta(days=365)


@pytest.fixture(autouse=True)
async def groen(world: World, owner: asyncpg.Connection) -> None:
    await electing(world, owner)


async def table(db: Database, world: World, place: Place, *who: str, role: str = "rep") -> tuple[UUID, UUID]:
    """A meeting in which the election of `role` is the item now: meeting, item."""
    meeting = await on(db, world, place, *who)
    await step(db, world, meeting)
    made = await item(db, world, meeting, who[0] if who else "aya", rolId=world.roles[role])
    await step(db, world, meeting)
    await start(db, world, meeting, made)
    return meeting, made


async def here(
    db: Database, world: World, who: str, meeting: UUID, made: UUID, verb: Any, *args: Any, **more: Any
) -> None:
    async with db.begin() as session:
        by, at = world.actor(who), await now(session)
        await meeting_elections.elect_here(
            session, meeting, made, lambda id: verb(session, id, *args, by=by, at=at, **more), by=by, at=at
        )


async def begin(db: Database, world: World, meeting: UUID, made: UUID, who: str = "aya") -> None:
    form = CallForm(tekst="Ons team vertegenwoordigen.", tot=TERM)
    await act(db, world, meeting_elections.call_here, who, meeting, made, form)


async def voted(db: Database, world: World, meeting: UUID, made: UUID, **votes: str) -> None:
    for who, candidate in votes.items():
        await here(db, world, who, meeting, made, cast_ballot, name(world, candidate))


async def share(db: Database, world: World, meeting: UUID, made: UUID, who: str = "sef") -> None:
    await act(db, world, meeting_elections.share_here, who, meeting, made)


async def test_g30_from_the_agenda_to_who_is_chosen_among_who_is_there(
    db: Database, world: World, owner: asyncpg.Connection, place: Place
) -> None:
    meeting, made = await table(db, world, place, "aya", "bram", "sef")
    await begin(db, world, meeting, made)
    election = await owner.fetchval("select election_id from meeting_item where id = $1", made)
    await voted(db, world, meeting, made, aya="aya", bram="aya")
    await refused(share(db, world, meeting, made), "G30", kind=Conflict)
    await voted(db, world, meeting, made, sef="cato")
    await refused(share(db, world, meeting, made, "aya"), "G15", kind=NotAllowed)
    assert await stage(owner, election) == ("stemmen", 1), (
        "cato is away, and a meeting shares when the facilitator says so"
    )
    await share(db, world, meeting, made)
    assert await stage(owner, election) == ("wisselen", 2)
    for who, candidate in (("aya", "aya"), ("bram", "aya"), ("sef", "aya")):
        await here(db, world, who, meeting, made, change_nomination, name(world, candidate))
    lies = await lying(owner, election)
    assert lies["person"] == world.people["aya"]
    await here_accept(db, world, meeting, made, lies["offer"])
    await reply(db, world, meeting, made, "bram", 1)
    assert (await state_of(owner, made))[0] == "bezig"
    await reply(db, world, meeting, made, "sef", 1)
    assert (await state_of(owner, made))[2] == "gekozen", "cato was told in time and had the chance"
    assert await fillers(owner, world, "rep") == {"aya"}
    assert await stage(owner, election) == ("gekozen", 2)


async def here_accept(db: Database, world: World, meeting: UUID, made: UUID, offer: UUID) -> None:
    async with db.begin() as session:
        by, at = world.actor("aya"), await now(session)
        await meeting_elections.elect_here(
            session, meeting, made, lambda _: accept_offer(session, offer, by=by, at=at), by=by, at=at
        )


async def test_g30_a_running_election_comes_onto_the_table_and_goes_on_after_the_meeting(
    db: Database, world: World, owner: asyncpg.Connection, place: Place
) -> None:
    running = await call(db, world)
    meeting, made = await table(db, world, place)
    assert await owner.fetchval("select election_id from meeting_item where id = $1", made) == running.id
    await refused(begin(db, world, meeting, made), "verkeerd_moment", kind=Conflict)
    await voted(db, world, meeting, made, aya="cato")
    await finish(db, world, meeting, made)
    assert (await state_of(owner, made))[2] == "op_papier"
    await close_(db, world, meeting)
    await act(db, world, cast_ballot, "bram", running.id, name(world, "cato"))
    with pytest.raises(DBAPIError, match="secret until all are in"):
        await sql(db, "select share_ballots(:e)", e=running.id)


async def test_g28_ballots_are_not_shared_while_somebody_present_has_not_voted(
    db: Database, world: World, owner: asyncpg.Connection, place: Place
) -> None:
    """The wall in the database too: only who is away, told in time, is passed over."""
    meeting, made = await table(db, world, place, "aya", "bram", "sef")
    await begin(db, world, meeting, made)
    election = await owner.fetchval("select election_id from meeting_item where id = $1", made)
    await voted(db, world, meeting, made, aya="aya", sef="aya")
    with pytest.raises(DBAPIError, match="secret until all are in"):
        await sql(db, "select share_ballots(:e)", e=election)
    await join(db, world, meeting, "cato")
    await leave(db, world, meeting, "bram")
    await refused(share(db, world, meeting, made), "G30", kind=Conflict)
    await voted(db, world, meeting, made, cato="aya")
    await share(db, world, meeting, made)
    assert await owner.fetchval("select count(*) from election_nomination") == 3


async def test_g30_a_tie_in_a_meeting_is_led_by_the_facilitator(
    db: Database, world: World, owner: asyncpg.Connection, place: Place
) -> None:
    meeting, made = await table(db, world, place)
    await begin(db, world, meeting, made)
    election = await owner.fetchval("select election_id from meeting_item where id = $1", made)
    await voted(db, world, meeting, made, aya="cato", bram="aya", cato="sef", sef="sef")
    await here(db, world, "sef", meeting, made, close_changes)
    assert await stage(owner, election) == ("bezwaar", 2), "sef has most"
    with pytest.raises(Conflict):
        await here(db, world, "sef", meeting, made, break_tie, lot=True)


async def test_g17_an_election_names_a_core_role_of_the_own_team_once(db: Database, world: World, place: Place) -> None:
    meeting = await on(db, world, place)
    await step(db, world, meeting)
    for role in ("boom", "balie_lead"):
        with pytest.raises(Invalid):
            await item(db, world, meeting, rolId=world.roles[role])
    await item(db, world, meeting, rolId=world.roles["rep"])
    await refused(item(db, world, meeting, "bram", rolId=world.roles["rep"]), "verkeerd_moment", kind=Conflict)


async def test_g28_the_afgevaardigde_invites_one_guest_who_speaks_and_does_not_answer(
    db: Database, world: World, owner: asyncpg.Connection, place: Place
) -> None:
    meeting = await on(db, world, place, kind="werkoverleg")
    await step(db, world, meeting, times=4)
    made = await item(db, world, meeting)

    async def invite(who: str, guest: str) -> Any:
        form = GuestForm(persoonId=world.people[guest])
        return await act(db, world, meeting_elections.invite_guest, who, meeting, made, form)

    await refused(invite("aya", "dirk"), "G28", kind=NotAllowed)
    await fill(owner, world.roles["rep"], world.people["aya"], 1)
    with pytest.raises(Invalid):
        await invite("aya", "bram")
    await refused(say(db, world, meeting, "dirk", made), "G28", kind=Conflict)
    await invite("aya", "dirk")
    await refused(invite("aya", "beer"), "G28", kind=Conflict)
    await step(db, world, meeting)
    await start(db, world, meeting, made)
    await say(db, world, meeting, "dirk", made, "Bij de balie vragen ze er ook naar.")
    await say(db, world, meeting, "sef", made, "Twee keer per dag.", of="dirk")
    await refused(say(db, world, meeting, "dirk"), "G28", kind=Conflict)
    await refused(reply(db, world, meeting, made, "dirk", 1), "G28", kind=Conflict)
    await refused(say(db, world, meeting, "beer", made), "G28", kind=Conflict)
    said = await owner.fetchval("select count(*) from meeting_line where person_id = $1", world.people["dirk"])
    assert said == 2
