"""Consent of the lending team (R6, R13): who answers, when, what silence means, and what is never said."""

from typing import Any
from uuid import UUID

import asyncpg
import pytest
from hypothesis import given
from hypothesis import strategies as st

from teams.kit.clock import now
from teams.kit.db import Database
from teams.kit.errors import Conflict, Invalid, NotAllowed, NotFound
from teams.klussen.actions.claim import claim_klus, reconfirm_claim, withdraw_claim
from teams.klussen.actions.consent import answer_consent, void_moved
from teams.klussen.actions.klus import change_klus
from teams.klussen.actions.offers import accept_offer
from teams.klussen.actions.team import claim_for_team, name_people
from teams.klussen.consents import consents_for
from teams.klussen.lending import UNSAID, lending
from tests.klussen.acts import act, claim, entries, form, refused
from tests.klussen.scene import clock, crowd, late, policy, states
from tests.klussen.test_claim import posted
from tests.world import START, TODAY, World, fill


@given(st.text(max_size=30))
def test_a_policy_that_cannot_be_read_says_nothing(kind: str) -> None:
    found = lending(kind)
    assert found == UNSAID or kind.startswith("instemming:")


def test_what_a_policy_says() -> None:
    found = lending("instemming:begeleider:altijd:2:stil")
    assert (found.core, found.always, found.days, found.silent) == ("begeleider", True, 2, True)
    assert lending("instemming:burgemeester") == UNSAID


async def asks(db: Database, world: World, who: str = "dirk", **fields: Any) -> tuple[UUID, UUID]:
    """A klus of Groen for which this person's home team is asked."""
    klus = (await posted(db, world, plaatsen=1, **fields)).id
    async with db.begin() as session:
        held, made = await claim_klus(session, klus, by=world.actor(who))
    assert (made.state, made.seat) == ("wacht_op_instemming", 1), "the place is held"
    return klus, held


async def balie_asks(owner: asyncpg.Connection, world: World, rest: str = ":altijd") -> None:
    await policy(owner, world, "balie", f"instemming:rolverdeler{rest}")


async def test_R6_consent_by_the_role_of_the_policy_with_its_record(
    db: Database, world: World, owner: asyncpg.Connection
) -> None:
    await balie_asks(owner, world)
    klus, held = await asks(db, world)
    async with db.read() as session:
        at = await now(session)
        (question,) = await consents_for(session, world.actor("cato"), at=at)
        assert (question.claim_id, question.fits) == (held, True)
        assert not await consents_for(session, world.actor("dirk"), at=at)
    await act(db, world, answer_consent, "cato", held, agrees=True)
    assert await states(owner, klus) == ["bevestigd"]
    row = await owner.fetchrow("select state, answered_by, acting_role, hours, starts from consent")
    assert (row["state"], row["answered_by"], row["acting_role"]) == (
        "gegeven",
        world.people["cato"],
        world.roles["balie_lead"],
    )
    assert (await entries(owner, klus))[-2:] == ["consent.asked", "consent.given"]
    assert await owner.fetchval("select bool_and(accountable) from journal where verb like 'consent.%'")
    await refused(act(db, world, answer_consent, "cato", held, agrees=True), "verkeerd_moment", kind=Conflict)


async def test_R6_a_refusal_has_a_reason_that_is_not_in_the_history_and_the_next_is_offered(
    db: Database, world: World, owner: asyncpg.Connection
) -> None:
    await balie_asks(owner, world)
    klus, held = await asks(db, world)
    (next_one,) = await crowd(owner, world, 1, team="top")
    async with db.begin() as session:
        await claim_klus(session, klus, by=next_one, line=True)
    with pytest.raises(Invalid):
        await act(db, world, answer_consent, "cato", held, agrees=False)
    await act(db, world, answer_consent, "cato", held, agrees=False, reason="De balie is al krap.")
    assert await states(owner, klus) == ["geweigerd", "aangeboden"]


async def test_R6_four_eyes_never_the_claimant_nor_the_poster(
    db: Database, world: World, owner: asyncpg.Connection
) -> None:
    """Cato fills the role herself, so another member answers; Bram posts for Groen and lends for Groen: not both."""
    await balie_asks(owner, world)
    _, held = await asks(db, world, "cato")
    await refused(act(db, world, answer_consent, "cato", held, agrees=True), "eigen_aanvraag", kind=NotAllowed)
    await refused(act(db, world, answer_consent, "beer", held, agrees=True), "onbekend", kind=NotFound)
    await act(db, world, answer_consent, "dirk", held, agrees=True)
    await crowd(owner, world, 1, team="groen")
    klus = await posted(db, world, by="bram", urenMin=20)
    async with db.begin() as session:
        own, made = await claim_klus(session, klus.id, by=world.actor("aya"))
    assert made.state == "wacht_op_instemming", "over the own budget: 20 hours of roles and 20 of this klus"
    await refused(act(db, world, answer_consent, "bram", own, agrees=True), "eigen_aanvraag", kind=NotAllowed)
    with pytest.raises(asyncpg.CheckViolationError):
        await owner.execute(
            "update consent set state = 'gegeven', answered_at = now(), answered_by = $2 where claim_id = $1",
            own, world.people["bram"],
        )  # fmt: skip


async def test_R6_nobody_who_may_answer_is_said_at_once(db: Database, world: World, owner: asyncpg.Connection) -> None:
    await owner.execute(
        "update home_team set recorded = tstzrange(lower(recorded), now()) where person_id = $1", world.people["dirk"]
    )
    klus = await posted(db, world, urenMin=20)
    await refused(claim(db, world, "cato", klus.id), "uren_te_veel", kind=Conflict)
    assert await owner.fetchval("select count(*) from claim") == 0


async def test_R5_R6_over_the_own_budget_asks_over_contract_refuses(
    db: Database, world: World, owner: asyncpg.Connection
) -> None:
    """Cato: 36 hours of which 22 for roles."""
    async with db.begin() as session:
        _, made = await claim_klus(session, (await posted(db, world, urenMin=14)).id, by=world.actor("cato"))
    assert made.state == "bevestigd", "within the own budget nobody is asked"
    await asks(db, world, "cato", urenMin=10)
    await refused(claim(db, world, "cato", (await posted(db, world, urenMin=13)).id), "uren_te_veel", kind=Conflict)


@pytest.mark.parametrize(
    ("rest", "state", "verb"),
    [(":altijd:2", "vervallen", "consent.expired"), (":altijd:2:stil", "bevestigd", "consent.silent")],
)
async def test_R6_on_expiry_the_policys_rule_holds_and_is_logged(
    db: Database, world: World, owner: asyncpg.Connection, rest: str, state: str, verb: str
) -> None:
    await balie_asks(owner, world, rest)
    klus, _ = await asks(db, world)
    await late(owner, klus)
    await clock(db, klus)
    assert await states(owner, klus) == [state]
    assert await owner.fetchval("select accountable from journal where verb = $1", verb)
    assert await owner.fetchval("select answered_by from consent") is None, "silence has no name"


async def test_R13_another_home_team_makes_consent_void_and_asks_the_new_one(
    db: Database, world: World, owner: asyncpg.Connection
) -> None:
    await balie_asks(owner, world)
    await policy(owner, world, "top", "instemming:rolverdeler:altijd")
    klus, held = await asks(db, world)
    await act(db, world, answer_consent, "cato", held, agrees=True)
    await owner.execute(
        "update home_team set recorded = tstzrange(lower(recorded), now()) where person_id = $1", world.people["dirk"]
    )
    await owner.execute(
        "insert into home_team (person_id, team_id, valid) values ($1, $2, daterange($3, null))",
        world.people["dirk"], world.teams["top"], TODAY,
    )  # fmt: skip
    async with db.begin() as session:
        assert await void_moved(session, at=await now(session))
        assert not await void_moved(session, at=await now(session))
    assert await states(owner, klus) == ["wacht_op_instemming"]
    assert {row["state"] for row in await owner.fetch("select state from consent")} == {"vervallen", "gevraagd"}
    told = await owner.fetch(
        "select s.id from journal j join journal_subject s on s.entry = j.id where j.verb = 'consent.voided' and s.kind = 'team'"
    )
    assert {row["id"] for row in told} >= {world.teams["balie"], world.teams["top"]}, "both teams are told"
    await act(db, world, answer_consent, "sef", held, agrees=True)


async def test_R8_R6_other_hours_need_a_new_consent(db: Database, world: World, owner: asyncpg.Connection) -> None:
    await balie_asks(owner, world)
    klus, held = await asks(db, world)
    await act(db, world, answer_consent, "cato", held, agrees=True)
    version = await owner.fetchval("select version from klus where id = $1", klus)
    await act(db, world, change_klus, "aya", klus, form(world, plaatsen=1, urenMin=8), version=version)
    assert (await act(db, world, reconfirm_claim, "dirk", held)).state == "wacht_op_instemming"
    assert [row["state"] for row in await owner.fetch("select state from consent order by asked_at")] == [
        "vervallen",
        "gevraagd",
    ]


async def test_a_withdrawn_claim_leaves_no_open_question(db: Database, world: World, owner: asyncpg.Connection) -> None:
    await balie_asks(owner, world)
    _, held = await asks(db, world)
    await act(db, world, withdraw_claim, "dirk", held)
    assert await owner.fetchval("select state from consent") == "vervallen"
    await refused(act(db, world, answer_consent, "cato", held, agrees=True), "verkeerd_moment", kind=Conflict)


async def test_R6_the_named_role_goes_before_others(db: Database, world: World, owner: asyncpg.Connection) -> None:
    """As long as the rolverdeler can answer, another member cannot; a core role of another kind comes second."""
    await balie_asks(owner, world)
    people = await crowd(owner, world, 1)
    _, held = await asks(db, world)
    async with db.begin() as session:
        with pytest.raises(NotAllowed):
            await answer_consent(session, held, agrees=True, by=people[0], at=await now(session))
    assert people[0].person_id is not None
    await fill(owner, world.roles["balie_lead"], people[0].person_id, None, START)
    async with db.begin() as session:
        await answer_consent(session, held, agrees=True, by=people[0], at=await now(session))


async def test_R16_R6_a_team_that_names_somebody_consents_by_that_until_that_person_moves(
    db: Database, world: World, owner: asyncpg.Connection
) -> None:
    await balie_asks(owner, world)
    klus = (await posted(db, world)).id
    held = await act(db, world, claim_for_team, "cato", klus, world.teams["balie"], 1)
    await act(db, world, name_people, "cato", held.id, [world.people["dirk"]])
    own = await owner.fetchval("select id from claim where person_id = $1", world.people["dirk"])
    assert (await act(db, world, accept_offer, "dirk", own)).state == "bevestigd"
    given = await owner.fetchrow("select state, answered_by from consent")
    assert tuple(given) == ("gegeven", world.people["cato"])
    await owner.execute(
        "update home_team set recorded = tstzrange(lower(recorded), now()) where person_id = $1", world.people["dirk"]
    )
    async with db.begin() as session:
        assert await void_moved(session, at=await now(session))
    assert await owner.fetchval("select state from consent") == "vervallen"
    assert await states(owner, klus) == ["bevestigd"], "without a home team nobody is asked"
