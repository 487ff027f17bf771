"""R7: above what a team agreed, lending somebody out is a decision of who holds the mandate; in hours, weeks and euros, and once."""

import asyncio
from datetime import timedelta
from decimal import Decimal

import asyncpg
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from teams.kit.clock import now
from teams.kit.db import Database
from teams.kit.errors import Invalid
from teams.klussen.actions.claim import claim_klus
from teams.klussen.actions.consent import answer_consent
from teams.klussen.actions.offers import accept_offer
from teams.klussen.actions.phases import publish_klus
from teams.klussen.actions.savings import BaselineForm, fix_baseline
from teams.klussen.actions.team import claim_for_team, name_people
from teams.klussen.consents import consents_for
from teams.klussen.lending import lending
from teams.klussen.models import Claim
from tests.account.acts import decision
from tests.klussen.acts import SOON, act, draft
from tests.klussen.scene import crowd
from tests.klussen.test_claim import posted
from tests.klussen.test_lending import asks, balie_asks
from tests.world import TODAY, World


@given(
    st.integers(1, 400), st.integers(0, 40), st.integers(0, 30), st.integers(0, 40_000), st.none() | st.integers(1, 400),
    st.none() | st.integers(1, 20_000), st.booleans(),
)  # fmt: skip
def test_R7_above_the_bound_is_above_it_and_no_end_is_long(
    tenths: int, bound: int, weeks: int, euros: int, days: int | None, rate: int | None, total: bool
) -> None:
    """Also in euros: hours of all begun weeks times the rate; an amount that nobody knows is above any bound (rule 3)."""
    last = None if days is None else TODAY + timedelta(days=days - 1)
    policy = lending(f"instemming:rolverdeler:besluit-{bound}-{weeks}{f'-{euros}' if euros else ''}")
    begun = [] if days is None else range(0, days, 7)
    length = 1 if total and days is None else days
    worth = None if rate is None or length is None else tenths * rate * (1 if total else len(begun))
    assert policy.decided(Decimal(tenths) / 10, TODAY, last, total=total, rate=rate) == bool(
        (bound and tenths > 10 * bound)
        or (weeks and (length is None or length > 7 * weeks))
        or (euros and (worth is None or worth > 1000 * euros))
    )
    assert not lending("instemming:rolverdeler:altijd").decided(Decimal(40), TODAY, last, total=total, rate=rate)


async def test_R7_above_the_bound_yes_is_a_decision_of_who_holds_the_mandate(
    db: Database, world: World, owner: asyncpg.Connection
) -> None:
    """Also within the own budget; once, by no party, under an HRM power and within mandate. The log names it."""
    await balie_asks(owner, world, ":stil:besluit-4-0")
    _, held = await asks(db, world)
    assert await owner.fetchval("select on_expiry from consent") == "vervalt", "silence is no decision"
    async with db.read() as session:
        (question,) = await consents_for(session, world.actor("cato"), at=await now(session))
    assert question.decided
    wrong = [None, "2026-00000"]
    for who, more in (
        ("sef", {"code": "SUB-01"}),
        ("sef", {"code": "HRM-01", "outcome": "gebrek"}),
        ("dirk", {"code": "HRM-01"}),
    ):
        wrong.append((await decision(owner, world, who, role=None, cents=None, **more))[1])
    for number in wrong:
        with pytest.raises(Invalid) as refusal:
            await act(db, world, answer_consent, "cato", held, agrees=True, decision=number)
        assert list(refusal.value.fields) == ["besluit"] and [one.code for one in refusal.value.reasons] == ["R7"]
    _, number = await decision(owner, world, "sef", role=None, code="HRM-01", cents=None)
    made = await act(db, world, answer_consent, "cato", held, agrees=True, decision=number)
    assert made.state == "bevestigd"
    facts = await owner.fetchval(
        "select facts ->> 'decision' from journal where verb = 'consent.given' and accountable"
    )
    assert facts == number == await owner.fetchval("select decision from consent where state = 'gegeven'")
    crew = await crowd(owner, world, 1)
    async with db.begin() as session:
        again, _ = await claim_klus(session, (await posted(db, world)).id, by=crew[0])
    with pytest.raises(Invalid):
        await act(db, world, answer_consent, "cato", again, agrees=True, decision=number)


async def test_R7_above_so_many_euros_yes_is_a_decision_at_each_door(
    db: Database, world: World, owner: asyncpg.Connection
) -> None:
    """Six hours in eight begun weeks: at € 104 an hour € 4.992, at € 104,25 € 5.004. Without a rate it is unknown."""
    await balie_asks(owner, world, ":besluit-0-0-5000")
    crew = await crowd(owner, world, 6)
    for person, cents, asked in zip(crew, (10400, 10425, None), (False, True, True), strict=False):
        klus = await draft(db, world, plaatsen=1, van=SOON, tot=SOON + timedelta(days=55))
        if cents:
            await act(db, world, fix_baseline, "aya", klus.id, BaselineForm(ingehuurd=True, tarief=cents))
        await act(db, world, publish_klus, "aya", klus.id)
        async with db.begin() as session:
            held, made = await claim_klus(session, klus.id, by=person)
        assert made.state == ("wacht_op_instemming" if asked else "bevestigd"), cents
        async with db.read() as session:
            waits = {
                q.claim_id: q.decided for q in await consents_for(session, world.actor("cato"), at=await now(session))
            }
        assert waits.get(held) == (True if asked else None)
        if asked:
            with pytest.raises(Invalid):
                await act(db, world, answer_consent, "cato", held, agrees=True)
    klus = await posted(db, world)
    made = await act(db, world, claim_for_team, "cato", klus.id, world.teams["balie"], 1)
    named = crew[-1].person_id
    await act(db, world, name_people, "cato", made.id, [named])
    async with db.begin() as session:
        offered = await session.scalar(select(Claim.id).where(Claim.person_id == named))
        claim = await accept_offer(session, offered, by=crew[-1], at=await now(session))
    assert claim.state == "wacht_op_instemming", "naming somebody is no decision under a mandate"


async def test_R7_two_answers_at_once_and_one_decision_lends_out_one(
    db: Database, world: World, owner: asyncpg.Connection
) -> None:
    """The second waits for the first and reads why not; behind that the database knows one consent per decision."""
    await balie_asks(owner, world, ":besluit-4-0")
    held = [(await asks(db, world, "dirk"))[1]]
    (other,) = await crowd(owner, world, 1)
    async with db.begin() as session:
        held.append((await claim_klus(session, (await posted(db, world)).id, by=other))[0])
    _, number = await decision(owner, world, "sef", role=None, code="HRM-01", cents=None)
    async with db.begin() as session:
        await answer_consent(
            session, held[0], agrees=True, decision=number, by=world.actor("cato"), at=await now(session)
        )
        second = asyncio.create_task(act(db, world, answer_consent, "cato", held[1], agrees=True, decision=number))
        waits = "select exists (select from pg_locks where locktype = 'advisory' and not granted)"
        while not second.done() and not await owner.fetchval(waits):
            await asyncio.sleep(0.01)
        assert not second.done(), "it waits for the answer before it"
    with pytest.raises(Invalid) as refusal:
        await second
    assert [one.code for one in refusal.value.reasons] == ["R7"]
    assert await owner.fetchval("select count(*) from consent where decision = $1", number) == 1
    with pytest.raises(asyncpg.UniqueViolationError):
        await owner.execute(
            "update consent set decision = $1, state = 'gegeven', answered_at = now() where decision is null", number
        )


async def test_R7_below_the_bound_nobody_is_asked_and_a_no_needs_no_decision(
    db: Database, world: World, owner: asyncpg.Connection
) -> None:
    await balie_asks(owner, world, ":besluit-4-0")
    async with db.begin() as session:
        _, small = await claim_klus(session, (await posted(db, world, urenMin=4)).id, by=world.actor("dirk"))
    assert small.state == "bevestigd"
    crew = await crowd(owner, world, 1)
    klus = await posted(db, world)
    async with db.begin() as session:
        held, large = await claim_klus(session, klus.id, by=crew[0])
    assert large.state == "wacht_op_instemming"
    ended = await act(db, world, answer_consent, "cato", held, agrees=False, reason="Nu niet.")
    assert ended.state == "geweigerd"
