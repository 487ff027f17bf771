"""M15: a grantor asks how a grant is used, with a term; who holds it answers, once, and the engine knows what waits."""

import asyncio
from datetime import timedelta
from typing import Any

import asyncpg
import pytest

from teams.kit.clock import now
from teams.kit.db import Database
from teams.kit.errors import Conflict, Invalid, NotAllowed, NotFound
from teams.mandates.actions.grants import draft_grant
from teams.mandates.actions.information import answer_about, ask_about
from teams.mandates.engine import answer
from teams.mandates.forms import InlichtingenAntwoord, InlichtingenForm
from teams.mandates.queries.facts import facts_for
from teams.mandates.queries.information import WAITING, asked_too_long_ago, desk_about
from teams.mandates.question import Question
from tests.mandates.test_register_actions import act, form, in_force, present, sub
from tests.mandates.test_register_actions import register as register
from tests.world import TODAY, World

WISH = InlichtingenForm(vraag="Hoe vaak, en voor wie?", uiterlijk=TODAY + timedelta(days=14))
REPLY = InlichtingenAntwoord(antwoord="Twee keer, voor de muziekschool.")


async def told(db: Database, world: World, moment: Any = None) -> str:
    """What rule M15 says to who holds T2."""
    async with db.read() as session:
        at = await now(session)
        q = Question("SUB-01", moment or at, at, str(world.people["cato"]), cents=1_000_00, interest=False)
        return next(str(rule.fact) for rule in answer(await facts_for(session, q), q).rules if rule.code == "M15")


async def waiting(db: Database, world: World, who: str) -> list[str]:
    async with db.read() as session:
        rows = await session.execute(WAITING, {"me": world.people[who], "today": TODAY})
        return [row.number for row in rows]


async def test_M15_asked_by_the_giver_answered_by_the_holder(
    db: Database, owner: asyncpg.Connection, register: World
) -> None:
    sef, cato = register.actor("sef"), register.actor("cato")
    await in_force(db, form(register), sef)
    await in_force(db, sub(register), sef)
    inquiry = await act(db, ask_about, "T2", WISH, by=sef)
    assert "wacht op inlichtingen over T2" in await told(db, register)
    assert await waiting(db, register, "cato") == ["T2"] and await waiting(db, register, "sef") == []
    for nobody in ("aya", "sef"):
        with pytest.raises(NotAllowed):
            await act(db, answer_about, "T2", inquiry, REPLY, by=register.actor(nobody))
    async with db.read() as session:
        before = (await present(session)).op
    await act(db, answer_about, "T2", inquiry, REPLY, by=cato)
    assert await told(db, register) == "Er staat geen vraag van een gever open."
    assert "wacht op inlichtingen" in await told(db, register, before), "as of before the answer it waited"
    assert await waiting(db, register, "cato") == []
    with pytest.raises(Conflict):
        await act(db, answer_about, "T2", inquiry, REPLY, by=cato)
    async with db.read() as session:
        (seen,) = (await desk_about(session, "T2", await present(session), by=sef)).inquiries
        assert (seen.question, seen.answer, seen.acting_as.id) == (WISH.vraag, REPLY.antwoord, "gemeentesecretaris")
        assert (await desk_about(session, "T2", await present(session), by=register.actor("aya"))).inquiries == []
    verbs = await owner.fetch(
        "select verb, facts from journal where accountable and verb like 'information.%' order by id"
    )
    assert [row["verb"] for row in verbs] == ["information.grant_asked", "information.grant_answered"]
    assert all("muziek" not in row["facts"] and "vaak" not in row["facts"] for row in verbs), "texts stand apart"


async def test_M15_the_organ_above_asks_too_and_nobody_else(db: Database, register: World) -> None:
    sef = register.actor("sef")
    await in_force(db, form(register), sef)
    await in_force(db, sub(register), sef)
    member = register.actor("wil")
    await act(db, ask_about, "T2", WISH, by=member)
    for who in ("cato", "aya", "kees", "beer"):
        with pytest.raises(NotAllowed):
            await act(db, ask_about, "T2", WISH, by=register.actor(who))
    with pytest.raises(NotAllowed):
        await act(db, ask_about, "T1", WISH, by=sef)  # who holds it, answers


async def test_M15_bad_questions_are_named_and_nothing_is_stored(
    db: Database, owner: asyncpg.Connection, register: World
) -> None:
    sef = register.actor("sef")
    await in_force(db, form(register), sef)
    await act(db, draft_grant, sub(register), by=sef)
    with pytest.raises(Conflict):  # a draft was never used
        await act(db, ask_about, "T2", WISH, by=sef)
    past = WISH.model_copy(update={"uiterlijk": TODAY - timedelta(days=1)})
    with pytest.raises(Invalid) as wrong:
        await act(db, ask_about, "T1", past, by=register.actor("wil"))
    assert set(wrong.value.fields) == {"uiterlijk"}
    with pytest.raises(NotFound):
        await act(db, ask_about, "T9", WISH, by=sef)
    assert await owner.fetchval("select count(*) from grant_inquiry") == 0
    assert await owner.fetchval("select count(*) from information_call") == 0


async def test_M15_two_answers_at_once_are_one(db: Database, owner: asyncpg.Connection, register: World) -> None:
    sef, cato = register.actor("sef"), register.actor("cato")
    await in_force(db, form(register), sef)
    await in_force(db, sub(register), sef)
    inquiry = await act(db, ask_about, "T2", WISH, by=sef)
    both = [act(db, answer_about, "T2", inquiry, REPLY, by=cato) for _ in range(2)]
    found = await asyncio.gather(*both, return_exceptions=True)
    assert sorted(type(one).__name__ for one in found) == ["Conflict", "NoneType"]
    assert await owner.fetchval("select count(*) from grant_inquiry_answer") == 1


async def test_M15_an_answer_after_its_last_day_is_flagged(
    db: Database, owner: asyncpg.Connection, register: World
) -> None:
    sef = register.actor("sef")
    await in_force(db, form(register), sef)
    await in_force(db, sub(register), sef)
    await act(db, ask_about, "T2", WISH, by=sef)
    async with db.read() as session:
        at = await now(session)
        assert await asked_too_long_ago(session, at) == []
        assert await asked_too_long_ago(session, at + timedelta(days=15)) == ["T2"]
        (seen,) = (await desk_about(session, "T2", await present(session), by=sef)).inquiries
        assert not seen.late(at) and seen.late(at + timedelta(days=15))
