"""The waiting list (R3, R4, R14): joined when full, promoted in the same transaction, weighed anew, never in silence."""

import asyncio
from uuid import UUID

import asyncpg
import pytest
from sqlalchemy import text

from teams.journal.models import Actor
from teams.kit.clock import now
from teams.kit.db import Database
from teams.kit.errors import Conflict, Invalid, NotAllowed, NotFound, Refusal
from teams.kit.workdays import after, is_workday
from teams.klussen.actions.claim import claim_klus, end_claims, withdraw_claim
from teams.klussen.actions.klus import change_klus
from teams.klussen.actions.line import promote
from teams.klussen.actions.offers import accept_offer, decline_offer, move_in_line, offer_next
from teams.klussen.actions.phases import close_klus, publish_klus
from teams.klussen.actions.settle import due_klussen
from teams.klussen.claims import claim_for
from teams.klussen.queries import locked_klus
from tests.klussen.acts import act, claim, entries, form, refused
from tests.klussen.scene import Counted, clock, crowd, late, states
from tests.klussen.test_claim import posted
from tests.world import TODAY, World


async def join(db: Database, klus: UUID, by: Actor) -> UUID:
    async with db.begin() as session:
        claim_id, made = await claim_klus(session, klus, by=by, line=True)
        assert made.state == "wachtlijst", made
        return claim_id


async def full(
    db: Database, owner: asyncpg.Connection, world: World, waiting: int, **fields: object
) -> tuple[UUID, UUID, list[UUID], list[Actor]]:
    """A klus of one place that Sef holds, and people in line for it."""
    klus = await posted(db, world, plaatsen=1, **fields)
    held = await claim(db, world, "dirk", klus.id)
    people = await crowd(owner, world, waiting)
    return klus.id, held, [await join(db, klus.id, one) for one in people], people


async def test_R3_R4_a_withdrawn_place_is_offered_to_the_first_in_line_at_once(
    db: Database, world: World, owner: asyncpg.Connection
) -> None:
    klus, held, line, people = await full(db, owner, world, 3)
    await act(db, world, withdraw_claim, "dirk", held)
    assert await states(owner, klus) == ["ingetrokken", "aangeboden", "wachtlijst", "wachtlijst"]
    row = await owner.fetchrow("select seat, due_at from claim where id = $1", line[0])
    assert row["seat"] == 1, "the place is held while the offer stands"
    assert (row["due_at"].date() - TODAY).days >= 3
    assert (await entries(owner, klus))[-2:] == ["claim.withdrawn", "claim.offered"]
    async with db.begin() as session:
        taken = await accept_offer(session, line[0], by=people[0], at=await now(session))
    assert taken.state == "bevestigd"


def test_R4_an_offer_stands_for_three_working_days_without_holidays() -> None:
    from datetime import date

    assert after(date(2026, 12, 24), 3) == date(2026, 12, 30), (
        "Christmas (Friday, and Saturday) and the weekend are not counted"
    )
    assert not is_workday(date(2027, 4, 27)) and not is_workday(date(2027, 5, 17)), "King's day, Whit Monday"


@pytest.mark.parametrize("how", ["decline", "expire"])
async def test_R4_declined_or_expired_goes_to_the_next(
    db: Database, world: World, owner: asyncpg.Connection, how: str
) -> None:
    klus, held, line, people = await full(db, owner, world, 2)
    await act(db, world, withdraw_claim, "dirk", held)
    if how == "decline":
        async with db.begin() as session:
            await decline_offer(session, line[0], by=people[0], at=await now(session))
    else:
        await late(owner, klus)
        async with db.read() as session:
            assert await due_klussen(session, at=await now(session)) == [klus]
        await clock(db, klus)
        async with db.begin() as session:
            with pytest.raises(Conflict):
                await accept_offer(session, line[0], by=people[0], at=await now(session))
    assert await states(owner, klus) == [
        "ingetrokken",
        {"decline": "afgeslagen", "expire": "vervallen"}[how],
        "aangeboden",
    ]


async def test_R4_who_no_longer_fits_is_skipped_and_told_and_keeps_the_place(
    db: Database, world: World, owner: asyncpg.Connection
) -> None:
    klus, held, line, people = await full(db, owner, world, 2, urenMin=20)
    other = await posted(db, world, urenMin=20)
    async with db.begin() as session:
        await claim_klus(session, other.id, by=people[0])
    await act(db, world, withdraw_claim, "dirk", held)
    assert await states(owner, klus) == ["ingetrokken", "wachtlijst", "aangeboden"]
    told = "select count(*) from journal j join journal_subject s on s.entry = j.id where j.verb = 'claim.skipped' and s.id = $1"
    assert await owner.fetchval(told, people[0].person_id) == 1
    async with db.read() as session:
        row = await claim_for(session, line[0], people[0], at=await now(session))
    assert (row.state, row.place) == ("wachtlijst", 1)


async def test_R4_who_fits_later_is_offered_the_place_by_the_clock_and_not_told_twice(
    db: Database, world: World, owner: asyncpg.Connection
) -> None:
    klus, held, _, people = await full(db, owner, world, 1, urenMin=20)
    other = await posted(db, world, urenMin=20)
    async with db.begin() as session:
        busy, _ = await claim_klus(session, other.id, by=people[0])
    await act(db, world, withdraw_claim, "dirk", held)
    await clock(db, klus)
    await clock(db, klus)
    assert (await entries(owner, klus)).count("claim.skipped") == 1
    async with db.begin() as session:
        await withdraw_claim(session, busy, by=people[0], at=await now(session))
    await clock(db, klus)
    assert await states(owner, klus) == ["ingetrokken", "aangeboden"]


async def test_R4_the_order_changes_only_with_a_logged_reason_and_never_ones_own(
    db: Database, world: World, owner: asyncpg.Connection
) -> None:
    klus, held, line, _ = await full(db, owner, world, 3)
    with pytest.raises(Invalid):
        await act(db, world, move_in_line, "aya", line[2], 1, reason=None)
    await refused(act(db, world, move_in_line, "dirk", line[2], 1, reason="x"), "geen_recht", kind=NotAllowed)
    own = await join(db, klus, world.actor("aya"))
    await refused(act(db, world, move_in_line, "aya", own, 1, reason="x"), "eigen_aanvraag", kind=Conflict)
    with pytest.raises(asyncpg.CheckViolationError):
        await owner.execute(
            "update claim set lined_at = lined_at - interval '1 day', version = version + 1 where id = $1", line[2]
        )
    await act(db, world, move_in_line, "aya", line[2], 1, reason="Afgesproken in het team.")
    entry = await owner.fetchrow(
        "select j.accountable, t.value from journal j join journal_text t on t.entry = j.id where j.verb = 'claim.moved_in_line'"
    )
    assert tuple(entry) == (True, "Afgesproken in het team.")
    await act(db, world, withdraw_claim, "dirk", held)
    assert await owner.fetchval("select id from claim where state = 'aangeboden'") == line[2]


async def test_R14_somebody_sees_the_own_place_only(db: Database, world: World, owner: asyncpg.Connection) -> None:
    _, _, line, people = await full(db, owner, world, 3)
    async with db.read() as session:
        at = await now(session)
        assert [(await claim_for(session, c, p, at=at)).place for c, p in zip(line, people, strict=True)] == [1, 2, 3]
        with pytest.raises(NotFound):
            await claim_for(session, line[0], people[1], at=at)


async def test_R3_hand_and_clock_share_one_function(db: Database, world: World, owner: asyncpg.Connection) -> None:
    """More places, an inscription that opens again, somebody who leaves, a press of the button: all promote."""
    klus, _, line, _ = await full(db, owner, world, 4)
    version = await owner.fetchval("select version from klus where id = $1", klus)
    await act(db, world, change_klus, "aya", klus, form(world, plaatsen=2), version=version)
    assert (await states(owner, klus)).count("aangeboden") == 1
    await act(db, world, close_klus, "aya", klus)
    async with db.begin() as session:
        await end_claims(session, {world.people["dirk"]: TODAY})
    assert (await states(owner, klus)).count("aangeboden") == 1, "closed: no new people"
    await act(db, world, publish_klus, "aya", klus)
    assert (await states(owner, klus)).count("aangeboden") == 2
    await owner.execute("update klus set places = 3 where id = $1", klus)
    assert await act(db, world, offer_next, "aya", klus) == 1
    await refused(act(db, world, offer_next, "dirk", klus), "geen_recht", kind=NotAllowed)
    assert await owner.fetchval("select taken from klus where id = $1", klus) == 3
    assert len(line) == 4


async def test_promotion_of_a_list_of_500_takes_ten_statements_at_most(
    db: Database, world: World, owner: asyncpg.Connection
) -> None:
    """None of the first 499 has room: the worst walk along the list."""
    klus, held, _, people = await full(db, owner, world, 1, urenMin=20)
    more = await crowd_of(owner, world, 499)
    await owner.execute(
        "insert into claim (klus_id, person_id, state, hours, lined_at) select $1, p, 'wachtlijst', 20, now() + interval '1 second' from unnest($2::uuid[]) p",
        klus, [one.person_id for one in more],
    )  # fmt: skip
    busy = await posted(db, world, urenMin=20, plaatsen=200)
    third = await posted(db, world, urenMin=20, plaatsen=200)
    fourth = await posted(db, world, urenMin=20, plaatsen=200)
    everybody = [people[0], *more[:-1]]
    for number, other in enumerate((busy, third, fourth)):
        part = everybody[number * 200 : number * 200 + 200]
        await owner.execute(
            "insert into claim (klus_id, person_id, state, seat, hours) select $1, p, 'bevestigd', n, 20 from unnest($2::uuid[]) with ordinality x(p, n)",
            other.id, [one.person_id for one in part],
        )  # fmt: skip
    await owner.execute("update claim set state = 'ingetrokken', seat = null, ended_at = now() where id = $1", held)
    async with db.begin() as session:
        entity = await locked_klus(session, klus)
        at = await now(session)
        with Counted(db) as sent:
            assert await promote(session, entity, at=at) == 1
    assert len(sent) <= 10, sent
    assert (await entries(owner, klus)).count("claim.skipped") == 499


async def crowd_of(owner: asyncpg.Connection, world: World, count: int) -> list[Actor]:
    await owner.execute("update person set number = 'X' || number, email = 'x' || email where number like 'W%'")
    return await crowd(owner, world, count)


async def test_races_withdraw_promote_accept_expire_keep_every_place_once(
    db: Database, world: World, owner: asyncpg.Connection
) -> None:
    """Four places, twelve in line; all that can happen to a place happens at once, again and again."""
    klus = (await posted(db, world, plaatsen=4, urenMin=2)).id
    people = await crowd(owner, world, 16)
    for one in people:
        async with db.begin() as session:
            await claim_klus(session, klus, by=one, line=True)

    async def once(person: Actor, turn: int) -> None:
        async with db.read() as session:
            row = (
                await session.execute(
                    text("select id, state from claim where klus_id = :k and person_id = :p order by at desc limit 1"),
                    {"k": klus, "p": person.person_id},
                )
            ).one()
        try:
            async with db.begin() as session:
                at = await now(session)
                if row.state == "aangeboden":
                    await (accept_offer if turn % 3 else decline_offer)(session, row.id, by=person, at=at)
                elif row.state in ("bevestigd", "wachtlijst") and turn % 2:
                    await withdraw_claim(session, row.id, by=person, at=at)
                else:
                    await claim_klus(session, klus, by=person, line=True)
        except Refusal:
            return

    for turn in range(6):
        if turn == 3:
            await late(owner, klus)
        await asyncio.gather(*(once(one, turn + n) for n, one in enumerate(people)), clock(db, klus), clock(db, klus))
        held = await owner.fetch("select seat, person_id from claim where klus_id = $1 and seat is not null", klus)
        assert len({row["seat"] for row in held}) == len({row["person_id"] for row in held}) == len(held) <= 4
        assert await owner.fetchval("select taken from klus where id = $1", klus) == len(held)
    await clock(db, klus)
    waiting = await owner.fetchval("select count(*) from claim where klus_id = $1 and state = 'wachtlijst'", klus)
    taken = await owner.fetchval("select taken from klus where id = $1", klus)
    assert taken == 4 or not waiting, "nobody waits beside a free place"
