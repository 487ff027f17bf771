"""Selection, lots and team claims (R16, R17), and the faults of openopps (klussen 2.5) that cannot happen here."""

import hashlib
from datetime import timedelta
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from teams.journal.models import Actor
from teams.kit.clock import now
from teams.kit.db import Database
from teams.kit.errors import Conflict, Invalid, NotAllowed, NotFound
from teams.klussen.actions.around import add_owner, answer_question, ask_question, copy_klus, invite, remove_owner
from teams.klussen.actions.claim import claim_klus, withdraw_claim
from teams.klussen.actions.klus import change_klus
from teams.klussen.actions.offers import accept_offer, reject_people, select_people
from teams.klussen.actions.phases import cancel_klus, complete_klus, publish_klus, send_back_klus
from teams.klussen.actions.team import claim_for_team, name_people, release_places
from teams.klussen.draws import draw_of
from tests.klussen.acts import SOON, act, claim, claims_of, draft, entries, form, moved, refused
from tests.klussen.scene import clock, crowd, late, policy, states
from tests.klussen.test_claim import posted
from tests.world import TODAY, World


async def applied(db: Database, klus: UUID, people: list[Actor]) -> list[UUID]:
    found = []
    for one in people:
        async with db.begin() as session:
            claim_id, made = await claim_klus(session, klus, by=one, motivation="Ik ken de wijk.")
            assert (made.state, made.seat) == ("aangemeld", None)
            found.append(claim_id)
    return found


async def test_R17_apply_select_several_accept_and_reject_with_a_message(
    db: Database, world: World, owner: asyncpg.Connection
) -> None:
    klus = (await posted(db, world, plaatsen=2, wijze="selectie")).id
    people = await crowd(owner, world, 4)
    claims = await applied(db, klus, people)
    await refused(act(db, world, select_people, "aya", klus, claims[:3]), "vol", kind=Conflict)
    assert await act(db, world, select_people, "aya", klus, claims[:2]) == 2
    assert await claims_of(owner, klus) == [
        ("aangeboden", 1),
        ("aangeboden", 2),
        ("aangemeld", None),
        ("aangemeld", None),
    ]
    with pytest.raises(Invalid):
        await act(db, world, reject_people, "aya", klus, claims[2:], reason=None)
    await act(db, world, reject_people, "aya", klus, claims[2:], reason="Een ander woont dichterbij.")
    async with db.begin() as session:
        assert (await accept_offer(session, claims[0], by=people[0], at=await now(session))).state == "bevestigd"
    await late(owner, klus)
    await clock(db, klus)
    assert await states(owner, klus) == ["bevestigd", "vervallen", "afgewezen", "afgewezen"]
    verbs = "select j.accountable from journal j where j.verb in ('claim.selected', 'claim.rejected')"
    assert [row[0] for row in await owner.fetch(verbs)] == [True] * 4
    await refused(act(db, world, select_people, "aya", klus, claims[2:]), "verkeerd_moment", kind=Conflict)


async def test_R17_nobody_chooses_themselves_and_a_vacature_is_a_decision(
    db: Database, world: World, owner: asyncpg.Connection
) -> None:
    klus = (await posted(db, world, wijze="selectie", urenMin=2)).id
    own = await applied(db, klus, [world.actor("aya")])
    await refused(act(db, world, select_people, "aya", klus, own), "eigen_aanvraag", kind=Conflict)
    vacancy = (await posted(db, world, soort="vacature", wijze="selectie", urenMin=2)).id
    wants = await applied(db, vacancy, [world.actor("dirk")])
    await refused(act(db, world, select_people, "aya", vacancy, wants), "R17", kind=Conflict)


async def test_R5_R17_who_no_longer_fits_is_not_chosen_and_only_that_is_said(
    db: Database, world: World, owner: asyncpg.Connection
) -> None:
    klus = (await posted(db, world, wijze="selectie", urenMin=20)).id
    (person,) = await crowd(owner, world, 1)
    claims = await applied(db, klus, [person])
    other = await posted(db, world, urenMin=20)
    async with db.begin() as session:
        await claim_klus(session, other.id, by=person)
    refusal = await refused(act(db, world, select_people, "aya", klus, claims), "uren_te_veel", kind=Conflict)
    assert refusal.reasons[0].values == {"name": "Wachter 1"}, "no hours of a person"


async def test_R17_lots_are_drawn_after_the_last_day_from_a_seed_that_anybody_can_check(
    db: Database, world: World, owner: asyncpg.Connection
) -> None:
    klus = (await posted(db, world, plaatsen=2, wijze="loten", aanmeldenTot=TODAY + timedelta(days=3))).id
    await applied(db, klus, await crowd(owner, world, 6))
    async with db.read() as session:
        before = await draw_of(session, klus)
    assert (before.seed, before.order) == (None, []), "before the draw only its hash is known"
    await clock(db, klus)
    assert set(await states(owner, klus)) == {"aangemeld"}
    await moved(owner, klus, apply_until=TODAY - timedelta(days=1))
    await clock(db, klus)
    async with db.read() as session:
        after = await draw_of(session, klus)
    assert after.seed is not None
    assert hashlib.sha256(after.seed.encode()).hexdigest() == before.commitment == after.commitment
    numbers = sorted(range(1, 7), key=lambda n: hashlib.sha256(f"{after.seed}:{n}".encode()).hexdigest())
    assert after.order == numbers
    rows = {row["lot"]: row["state"] for row in await owner.fetch("select lot, state from claim")}
    assert [rows[n] for n in numbers] == ["aangeboden"] * 2 + ["wachtlijst"] * 4
    await late(owner, klus)
    await clock(db, klus)
    rows = {row["lot"]: row["state"] for row in await owner.fetch("select lot, state from claim")}
    assert [rows[n] for n in numbers] == ["vervallen"] * 2 + ["aangeboden"] * 2 + ["wachtlijst"] * 2
    with pytest.raises(asyncpg.CheckViolationError):
        await owner.execute("update klus_draw set drawn_at = null")


async def test_R16_a_team_holds_places_names_people_and_each_says_yes(
    db: Database, world: World, owner: asyncpg.Connection
) -> None:
    klus = (await posted(db, world, plaatsen=3)).id
    await refused(act(db, world, claim_for_team, "dirk", klus, world.teams["balie"], 2), "geen_recht", kind=NotAllowed)
    held = await act(db, world, claim_for_team, "cato", klus, world.teams["balie"], 3)
    (waiting,) = await crowd(owner, world, 1, team="top")
    async with db.begin() as session:
        await claim_klus(session, klus, by=waiting, line=True)
    await refused(claim(db, world, "sef", klus), "vol", kind=Conflict)
    with pytest.raises(Invalid):
        await act(db, world, name_people, "cato", held.id, [world.people["bram"]])
    assert await act(db, world, name_people, "cato", held.id, [world.people["dirk"]]) == 1
    own = await owner.fetchval("select id from claim where person_id = $1", world.people["dirk"])
    assert (await act(db, world, accept_offer, "dirk", own)).state == "bevestigd"
    assert await act(db, world, release_places, "cato", held.id) == 2
    assert sorted(await states(owner, klus)) == ["aangeboden", "bevestigd", "ingetrokken", "ingetrokken"]


async def test_R16_places_without_a_name_fall_free_after_three_working_days(
    db: Database, world: World, owner: asyncpg.Connection
) -> None:
    klus = (await posted(db, world, plaatsen=2)).id
    held = await act(db, world, claim_for_team, "cato", klus, world.teams["balie"], 2)
    await late(owner, klus)
    await refused(
        act(db, world, name_people, "cato", held.id, [world.people["dirk"]]), "verkeerd_moment", kind=Conflict
    )
    await clock(db, klus)
    assert await owner.fetchval("select taken from klus") == 0
    assert (await claims_of(owner, klus)) == [("vervallen", None)] * 2


async def test_ter_toetsing_only_where_the_teams_policy_asks_it(
    db: Database, world: World, owner: asyncpg.Connection
) -> None:
    await policy(owner, world, "groen", "klustoets:rolverdeler")
    made = await draft(db, world)
    assert (await act(db, world, publish_klus, "aya", made.id)).state == "ter_toetsing"
    await refused(act(db, world, publish_klus, "aya", made.id), "eigen_aanvraag", kind=NotAllowed)
    await refused(claim(db, world, "cato", made.id), "onbekend", kind=NotFound)
    assert (await act(db, world, send_back_klus, "bram", made.id, reason="Zeg waar het is.")).state == "concept"
    await act(db, world, publish_klus, "aya", made.id)
    assert (await act(db, world, publish_klus, "bram", made.id)).state == "open"


async def test_a_copy_a_question_an_invitation(db: Database, world: World, owner: asyncpg.Connection) -> None:
    klus = await posted(db, world, van=TODAY - timedelta(days=20), tot=TODAY + timedelta(days=10))
    copied = await act(db, world, copy_klus, "aya", klus.id)
    assert (copied.state, copied.starts, copied.ends) == ("concept", TODAY, TODAY + timedelta(days=30))
    asked = await act(db, world, ask_question, "dirk", klus.id, "Is er koffie?")
    await refused(act(db, world, answer_question, "dirk", asked, "Ja."), "geen_recht", kind=NotAllowed)
    await act(db, world, answer_question, "aya", asked, "Ja.")
    await refused(act(db, world, answer_question, "aya", asked, "Nee."), "verkeerd_moment", kind=Conflict)
    for _ in range(2):
        await act(db, world, invite, "aya", klus.id, world.people["dirk"])
    assert (await entries(owner, klus.id)).count("klus.invited") == 1, "once per person"


async def test_a_klus_that_has_ended_takes_no_question_and_no_helper(db: Database, world: World) -> None:
    """What was asked before may still be answered; who helped may still stop."""
    klus = await posted(db, world)
    asked = await act(db, world, ask_question, "dirk", klus.id, "Is er koffie?")
    await act(db, world, add_owner, "aya", klus.id, world.people["dirk"])
    await act(db, world, cancel_klus, "aya", klus.id)
    await refused(act(db, world, ask_question, "cato", klus.id, "En thee?"), "verkeerd_moment", kind=Conflict)
    await refused(act(db, world, add_owner, "aya", klus.id, world.people["sef"]), "verkeerd_moment", kind=Conflict)
    await act(db, world, answer_question, "aya", asked, "Ja.")
    await act(db, world, remove_owner, "aya", klus.id, world.people["dirk"])


# ------------------------------------------------------------- openopps 2.5, fault by fault
async def test_fault_1_state_comes_from_the_server_never_from_a_form(db: Database, world: World) -> None:
    with pytest.raises(ValueError, match="state"):
        form(world, state="open")
    made = await draft(db, world)
    await refused(act(db, world, complete_klus, "aya", made.id), "verkeerd_moment", kind=Conflict)


async def test_fault_2_nobody_changes_another_persons_application(
    db: Database, world: World, owner: asyncpg.Connection
) -> None:
    klus = (await posted(db, world, wijze="selectie")).id
    people = await crowd(owner, world, 2)
    claims = await applied(db, klus, people)
    await refused(act(db, world, select_people, "dirk", klus, claims), "geen_recht", kind=NotAllowed)
    await refused(act(db, world, withdraw_claim, "dirk", claims[0]), "onbekend", kind=NotFound)
    await act(db, world, select_people, "aya", klus, claims[:1])
    await refused(act(db, world, accept_offer, "dirk", claims[0]), "onbekend", kind=NotFound)


async def test_fault_3_twice_is_once_and_only_when_open(db: Database, world: World, owner: asyncpg.Connection) -> None:
    klus = (await posted(db, world, wijze="selectie")).id
    (person,) = await crowd(owner, world, 1)
    await applied(db, klus, [person])
    async with db.begin() as session:
        with pytest.raises(Conflict, match="al aangemeld"):
            await claim_klus(session, klus, by=person)
    with pytest.raises(asyncpg.UniqueViolationError):
        await owner.execute(
            "insert into claim (klus_id, person_id, state, hours) values ($1, $2, 'aangemeld', 1)",
            klus,
            person.person_id,
        )


@pytest.mark.parametrize(("way", "places"), [("selectie", 1), ("loten", 1), ("claim", 1)])
async def test_fault_4_capacity_is_a_number_that_holds_in_every_way(
    db: Database, world: World, owner: asyncpg.Connection, way: str, places: int
) -> None:
    until = {"aanmeldenTot": TODAY + timedelta(days=2)} if way == "loten" else {}
    klus = (await posted(db, world, wijze=way, plaatsen=places, **until)).id
    people = await crowd(owner, world, 3)
    for one in people:
        async with db.begin() as session:
            await claim_klus(session, klus, by=one, line=True)
    if way == "loten":
        await moved(owner, klus, apply_until=TODAY - timedelta(days=1))
    await clock(db, klus)
    if way == "selectie":
        ids = [row["id"] for row in await owner.fetch("select id from claim order by at, id")]
        await act(db, world, select_people, "aya", klus, ids[:1])
        await refused(act(db, world, select_people, "aya", klus, ids[1:2]), "vol", kind=Conflict)
    assert await owner.fetchval("select taken from klus") == places


async def test_fault_6_who_helps_manage_may_not_cancel_nor_ask_others(
    db: Database, world: World, owner: asyncpg.Connection
) -> None:
    klus = await posted(db, world)
    await act(db, world, add_owner, "aya", klus.id, world.people["dirk"])
    changed = await act(db, world, change_klus, "dirk", klus.id, form(world, titel="Anders"), version=klus.version)
    assert changed.title == "Anders"
    await refused(act(db, world, cancel_klus, "dirk", klus.id), "geen_recht", kind=NotAllowed)
    await refused(act(db, world, add_owner, "dirk", klus.id, world.people["sef"]), "geen_recht", kind=NotAllowed)


async def test_fault_8_9_a_withdrawn_application_stays_and_every_step_is_in_the_journal(
    db: Database, world: World, owner: asyncpg.Connection
) -> None:
    klus = (await posted(db, world, wijze="selectie")).id
    (person,) = await crowd(owner, world, 1)
    for step in (None, withdraw_claim):
        if step is None:
            (held,) = await applied(db, klus, [person])
        else:
            async with db.begin() as session:
                await step(session, held, by=person, at=await now(session))
    (again,) = await applied(db, klus, [person])
    await act(db, world, select_people, "aya", klus, [again])
    assert await states(owner, klus) == ["ingetrokken", "aangeboden"]
    assert (await entries(owner, klus))[2:] == ["claim.applied", "claim.withdrawn", "claim.applied", "claim.selected"]


async def test_fault_7_every_state_has_its_moment_and_wrong_steps_stop_at_the_wall(
    db: Database, world: World, owner: asyncpg.Connection
) -> None:
    klus = (await posted(db, world, van=SOON)).id
    held = await claim(db, world, "dirk", klus)
    steps: list[Any] = ["aangemeld", "wachtlijst", "aangeboden", "afgewezen", "geweigerd", "teruggegeven"]
    for to in steps:
        with pytest.raises(asyncpg.CheckViolationError):
            await owner.execute("update claim set state = $2, lined_at = now() where id = $1", held, to)
