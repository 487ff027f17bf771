"""What a person does with a place: R1, R3, R5, R9, R10, R13, R21."""

import asyncio
import json
from datetime import timedelta
from decimal import Decimal
from uuid import UUID, uuid4

import asyncpg
import pytest
from sqlalchemy import text

from teams.journal.models import SYSTEM
from teams.kit.clock import now
from teams.kit.db import Database
from teams.kit.errors import Conflict, NotAllowed, NotFound, Refusal
from teams.klussen.actions.claim import (
    claim_klus,
    complete_claim,
    end_claims,
    hand_back_claim,
    reconfirm_claim,
    withdraw_claim,
)
from teams.klussen.actions.due import apply_due
from teams.klussen.actions.phases import cancel_klus
from tests.klussen.acts import act, claim, claims_of, entries, moved, refused
from tests.klussen.test_claim import posted
from tests.world import TODAY, World, give_contract

YESTERDAY = TODAY - timedelta(days=1)


async def test_R5_all_weeks_of_all_klussen_together(db: Database, world: World) -> None:
    """Dirk: 24 hours; four klussen of six hours fit, a fifth does not."""
    one, two, three, *more = [(await posted(db, world)).id for _ in range(5)]
    held = [await claim(db, world, "dirk", klus) for klus in (one, two, *more)][1]
    refusal = await refused(claim(db, world, "dirk", three), "uren_te_veel", kind=Conflict)
    assert refusal.reasons[0].values["free"] == Decimal(0)
    assert {step.url for step in refusal.then} == {"/klussen?vrij=1&volgorde=past", "/"}
    await act(db, world, withdraw_claim, "dirk", held)
    await claim(db, world, "dirk", three)


async def test_R5_at_the_same_moment_too(db: Database, world: World, owner: asyncpg.Connection) -> None:
    """The person is locked, not only the klus: ten klussen of six hours, room for four."""
    klussen = [(await posted(db, world)).id for _ in range(10)]

    async def attempt(klus: UUID) -> str:
        try:
            await claim(db, world, "dirk", klus)
        except Conflict as refusal:
            return refusal.reasons[0].code
        return "ja"

    answers = await asyncio.gather(*(attempt(klus) for klus in klussen))
    assert sorted(answers) == ["ja"] * 4 + ["uren_te_veel"] * 6
    assert await owner.fetchval("select count(*) from claim") == 4


async def test_R5_hours_of_roles_that_are_not_known_do_not_count(db: Database, world: World) -> None:
    """Dirk has 24 hours and a role without hours; one hour more than the contract is too much all the same."""
    await refused(claim(db, world, "dirk", (await posted(db, world, urenMin=25)).id), "uren_te_veel", kind=Conflict)
    klus = await posted(db, world, urenMin=24)
    await claim(db, world, "dirk", klus.id)
    async with db.read() as session:
        held = await session.scalar(
            text("select hours from claim where klus_id = :klus and seat is not null"), {"klus": klus.id}
        )
    assert held == 24


async def test_R5_absence_and_the_end_of_service(db: Database, world: World, owner: asyncpg.Connection) -> None:
    klus = await posted(db, world)
    week = TODAY + timedelta(days=28 - TODAY.weekday())
    await owner.execute(
        "insert into absence (person_id, valid) values ($1, daterange($2, $3))",
        world.people["cato"], week, week + timedelta(days=5),
    )  # fmt: skip
    refusal = await refused(claim(db, world, "cato", klus.id), "uren_te_veel", kind=Conflict)
    assert refusal.reasons[0].values["monday"] == week
    await owner.execute(
        "update contract set recorded = tstzrange(lower(recorded), now()) where person_id = $1", world.people["dirk"]
    )
    await give_contract(owner, world.people["dirk"], 24, TODAY - timedelta(days=100), TODAY + timedelta(days=20))
    await refused(claim(db, world, "dirk", klus.id), "niet_in_dienst", kind=Conflict)
    await refused(claim(db, world, "wil", klus.id), "niet_in_dienst", kind=Conflict)


async def test_R9_after_the_last_day_it_is_refused_not_lost(
    db: Database, world: World, owner: asyncpg.Connection
) -> None:
    klus = await posted(db, world, aanmeldenTot=TODAY + timedelta(days=3))
    await moved(owner, klus.id, apply_until=TODAY)
    await claim(db, world, "cato", klus.id)
    await moved(owner, klus.id, apply_until=YESTERDAY)
    await refused(claim(db, world, "bram", klus.id), "te_laat", kind=Conflict)


async def test_R3_every_end_frees_the_seat_in_the_same_transaction(
    db: Database, world: World, owner: asyncpg.Connection
) -> None:
    klus = await posted(db, world, plaatsen=1, van=TODAY)
    taken = "select taken from klus"
    first = await claim(db, world, "cato", klus.id)
    await refused(claim(db, world, "bram", klus.id), "vol", kind=Conflict)
    await act(db, world, hand_back_claim, "cato", first, reason="Te druk.", handover="Zie de map.")
    assert await owner.fetchval(taken) == 0
    second = await claim(db, world, "bram", klus.id)
    await act(db, world, complete_claim, "bram", second)
    third = await claim(db, world, "cato", klus.id)
    assert await claims_of(owner, klus.id) == [("teruggegeven", None), ("afgerond", None), ("lopend", 1)]
    row = await owner.fetchrow("select reason, handover, ended_on from claim where id = $1", first)
    assert tuple(row) == ("Te druk.", "Zie de map.", TODAY)
    assert third not in (first, second)


async def test_R2_the_state_decides_what_can_be_done(db: Database, world: World, owner: asyncpg.Connection) -> None:
    early = await posted(db, world)
    held = await claim(db, world, "cato", early.id)
    for verb in (hand_back_claim, complete_claim):
        await refused(act(db, world, verb, "cato", held), "verkeerd_moment", kind=Conflict)
    await moved(owner, early.id, starts=TODAY)
    refusal = await refused(act(db, world, withdraw_claim, "cato", held), "verkeerd_moment", kind=Conflict)
    assert "begonnen" in refusal.reasons[0].text
    await act(db, world, hand_back_claim, "cato", held)
    for verb in (withdraw_claim, hand_back_claim, complete_claim, reconfirm_claim):
        await refused(act(db, world, verb, "cato", held), "verkeerd_moment", kind=Conflict)
    assert (await entries(owner, early.id))[-2:] == ["klus.started", "claim.handed_back"]


async def test_R2_the_same_end_twice_at_once_is_one_end(db: Database, world: World, owner: asyncpg.Connection) -> None:
    klus = await posted(db, world)
    held = await claim(db, world, "cato", klus.id)

    async def attempt() -> str:
        try:
            await act(db, world, withdraw_claim, "cato", held)
        except Conflict as refusal:
            return refusal.reasons[0].code
        return "ja"

    assert sorted(await asyncio.gather(*(attempt() for _ in range(8)))) == ["ja"] + ["verkeerd_moment"] * 7
    assert (await entries(owner, klus.id)).count("claim.withdrawn") == 1


@pytest.mark.parametrize("who", ["dirk", "kees", "beer", "wil", "gea"])
async def test_another_persons_place_does_not_exist_for_me(
    db: Database, world: World, owner: asyncpg.Connection, who: str
) -> None:
    klus = await posted(db, world, van=TODAY)
    held = await claim(db, world, "cato", klus.id)
    before = await owner.fetch("select * from claim")
    for verb in (withdraw_claim, hand_back_claim, complete_claim, reconfirm_claim):
        await refused(act(db, world, verb, who, held), "onbekend", kind=NotFound)
        await refused(act(db, world, verb, who, uuid4()), "onbekend", kind=NotFound)
    assert await owner.fetch("select * from claim") == before


@pytest.mark.parametrize("who", ["cato", "aya", "bram", "sef"])
async def test_R15_done_is_said_by_the_person_or_by_who_manages(db: Database, world: World, who: str) -> None:
    klus = await posted(db, world, van=TODAY)
    held = await claim(db, world, "cato", klus.id)
    assert (await act(db, world, complete_claim, who, held)).state == "afgerond"


async def test_the_system_claims_nothing(db: Database, world: World) -> None:
    klus = await posted(db, world)

    async def attempt() -> None:
        async with db.begin() as session:
            await claim_klus(session, klus.id, by=SYSTEM)

    await refused(attempt(), "geen_recht", kind=NotAllowed)


async def test_a_claim_on_a_due_klus_starts_it_for_all(db: Database, world: World, owner: asyncpg.Connection) -> None:
    klus = await posted(db, world)
    await claim(db, world, "cato", klus.id)
    await moved(owner, klus.id, starts=TODAY)
    await claim(db, world, "bram", klus.id)
    assert await claims_of(owner, klus.id) == [("lopend", 1), ("lopend", 2)]
    assert (await entries(owner, klus.id))[-2:] in (["klus.started", "claim.made"], ["claim.made", "klus.started"])


async def test_the_job_starts_and_expires(db: Database, world: World, owner: asyncpg.Connection) -> None:
    with_somebody, with_nobody, one_off, running = [
        (await posted(db, world, **fields)).id
        for fields in ({}, {}, {"urenMin": None, "urenTotaal": 4, "tot": None}, {"van": TODAY})
    ]
    await claim(db, world, "cato", with_somebody)
    await moved(owner, with_somebody, starts=TODAY)
    await moved(owner, with_nobody, apply_until=YESTERDAY)
    await moved(owner, one_off, starts=YESTERDAY)
    async with db.begin() as session:
        assert await apply_due(session, TODAY) == 3
    async with db.begin() as session:
        assert await apply_due(session, TODAY) == 0
    states = {row["id"]: row["state"] for row in await owner.fetch("select id, state from klus")}
    assert [states[k] for k in (with_somebody, with_nobody, one_off, running)] == [
        "in_uitvoering", "verlopen", "verlopen", "open",
    ]  # fmt: skip
    assert await claims_of(owner, with_somebody) == [("lopend", 1)]


async def test_R13_who_leaves_gives_every_place_back_and_both_teams_are_told(
    db: Database, world: World, owner: asyncpg.Connection
) -> None:
    soon, running = await posted(db, world), await posted(db, world, van=TODAY)
    for klus in (soon, running):
        await claim(db, world, "cato", klus.id)
        await claim(db, world, "dirk", klus.id)
    async with db.begin() as session:
        assert await end_claims(session, {world.people["cato"]: TODAY}, reason="Uit dienst.") == 2
    async with db.begin() as session:
        assert await end_claims(session, {world.people["cato"]: TODAY}) == 0
    rows = await owner.fetch("select state, seat, ended_on from claim where person_id = $1", world.people["cato"])
    assert [tuple(row) for row in rows] == [("beeindigd", None, TODAY)] * 2
    assert await owner.fetchval("select array_agg(taken) from klus") == [1, 1]
    told = await owner.fetch(
        "select s.id from journal j join journal_subject s on s.entry = j.id where j.verb = 'claim.ended' and s.kind = 'team'"
    )
    assert {row["id"] for row in told} == {world.teams["groen"], world.teams["balie"]}


async def test_R13_leaving_while_the_place_changes(db: Database, world: World, owner: asyncpg.Connection) -> None:
    """The claim begins or ends while the leaver waits for the klus: nobody keeps a place, nothing is told twice."""
    for round_ in range(6):
        klus = await posted(db, world)
        held = await claim(db, world, "cato", klus.id)
        if round_ % 2:
            await moved(owner, klus.id, starts=TODAY)

        async def leaves() -> None:
            async with db.begin() as session:
                await end_claims(session, {world.people["cato"]: TODAY})

        async def meanwhile(klus_id: UUID = klus.id, held: UUID = held, starts: bool = bool(round_ % 2)) -> None:
            try:
                async with db.begin() as session:
                    if starts:
                        await apply_due(session, TODAY, klus_id=klus_id)
                    else:
                        await withdraw_claim(session, held, by=world.actor("cato"), at=await now(session))
                    await asyncio.sleep(0.05)
            except Refusal:
                return

        first = asyncio.create_task(meanwhile())
        await asyncio.sleep(0.02)
        await asyncio.gather(first, leaves())
        assert [seat for _, seat in await claims_of(owner, klus.id)] == [None]
        ends = [verb for verb in await entries(owner, klus.id) if verb in ("claim.ended", "claim.withdrawn")]
        assert len(ends) == 1


async def test_R21_the_journal_holds_no_hours_and_no_reasons_of_a_claim(
    db: Database, world: World, owner: asyncpg.Connection
) -> None:
    klus = await posted(db, world, van=TODAY, urenMin=5, urenMax=7)
    held = await claim(db, world, "cato", klus.id, hours=Decimal("6.5"), motivation="Ik wil dit graag.")
    await act(db, world, hand_back_claim, "cato", held, reason="Ik was te ziek.", handover="In de kast.")
    await act(db, world, cancel_klus, "aya", klus.id)
    rows = await owner.fetch("select verb, facts from journal where verb like 'claim.%'")
    assert {key for row in rows for key in json.loads(row["facts"])} <= {"claim", "seat", "state", "was"}
    texts = await owner.fetch(
        "select t.value from journal_text t join journal j on j.id = t.entry where j.verb like 'claim.%'"
    )
    assert texts == []


async def test_a_refused_act_leaves_nothing(db: Database, world: World, owner: asyncpg.Connection) -> None:
    """No entry, no act; and no act, no entry."""
    klus = await posted(db, world, plaatsen=1)
    await claim(db, world, "cato", klus.id)
    before = await owner.fetch("select * from journal"), await owner.fetch("select * from claim")
    await refused(claim(db, world, "bram", klus.id), "vol", kind=Conflict)
    await refused(claim(db, world, "cato", klus.id), "al_ingeschreven", "vol", kind=Conflict)
    assert (await owner.fetch("select * from journal"), await owner.fetch("select * from claim")) == before
