"""The town of the twenty facts, with short words for one act each, in a transaction of its own."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any
from uuid import UUID

import asyncpg

from teams.decisions.actions.decide import Refused, Taken, decide
from teams.decisions.actions.intents import prepare
from teams.decisions.forms import DecisionForm
from teams.journal.models import Actor
from teams.kit.clock import now
from teams.kit.db import Database
from teams.mandates.facts import Facts, Filling
from teams.mandates.question import Question
from tests.mandates.stored import as_stored, store, uid
from tests.mandates.town import COLLEGE, FROM_START, MAYOR, grant, role, town

FORM = DecisionForm(onderwerp="Subsidie dansschool", motivering="Past in het beleid.", belangVerklaring=True)
RIGHTS = {"wieke": {"secretaris"}, "coen": {"controller"}, "alder": {"bestuurder"}, "mayor": {"bestuurder"}}


def bigger() -> Facts:
    """The town, with a second budget holder, a grant that asks advice, one with an instruction, one with a yearly room."""
    facts = town()
    more = (
        grant("T21", "OMG-01", COLLEGE, role("jurist"), conditions="advies:Groen/Budgethouder>1000"),
        grant("T22", "HK-22", COLLEGE, role("jurist"), instructions=("Meld het eerst aan de wethouder",)),
        grant("T23", "WKPB-1", COLLEGE, role("budget"), conditions="max_per_jaar:1000"),
        grant("T24", "APV-03", MAYOR, role("gebouw")),
    )
    fillings = (*facts.fillings, Filling("subsidies", "gijs", FROM_START, FROM_START))
    return replace(facts, grants=(*facts.grants, *more), fillings=fillings)


async def settle(owner: asyncpg.Connection) -> None:
    await store(owner, as_stored(bigger()))


def who(name: str) -> Actor:
    return Actor(person_id=UUID(uid(name)), name=name.capitalize(), rights=frozenset(RIGHTS.get(name, set())))


async def act(db: Database, verb: Callable[..., Awaitable[Any]], *args: Any, by: str, **more: Any) -> Any:
    async with db.begin() as session:
        return await verb(session, *args, by=who(by), at=await now(session), **more)


async def ask(db: Database, code: str, by: str, cents: int | None = None, **more: Any) -> Question:
    async with db.begin() as session:
        at = await now(session)
    return Question(code, at, at, uid(by), cents=cents, **{"sensitive": False, **more})


async def take(
    db: Database, code: str, by: str, cents: int | None = None, *, form: DecisionForm = FORM, **more: Any
) -> Any:
    key = more.pop("key", None)
    return await act(db, decide, await ask(db, code, by, cents, **more), form, by=by, key=key)


async def taken(db: Database, code: str, by: str, cents: int | None = None, **more: Any) -> Taken:
    done = await take(db, code, by, cents, **more)
    assert isinstance(done, Taken), done.weighed.answer.sentence
    return done


async def refusal(db: Database, code: str, by: str, cents: int | None = None, **more: Any) -> Refused:
    done = await take(db, code, by, cents, **more)
    assert isinstance(done, Refused), done
    return done


async def intend(db: Database, code: str, by: str, cents: int | None = None, **more: Any) -> UUID:
    made: UUID = await act(db, prepare, await ask(db, code, by, cents, **more), FORM, by=by)
    return made
