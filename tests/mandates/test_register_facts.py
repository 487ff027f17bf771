"""What the database gives is what the pure engine was given: the same answers, byte for byte."""

from dataclasses import replace
from random import Random

import asyncpg
import pytest
from sqlalchemy import event, text

from teams.kit.db import Database
from teams.mandates.engine import answer
from teams.mandates.facts import Facts
from teams.mandates.queries import facts as facts_module
from teams.mandates.queries.facts import facts_for
from teams.mandates.question import Question
from tests.conftest import Place
from tests.mandates.registers import question, register
from tests.mandates.stored import as_asked, as_stored, storable, store
from tests.mandates.test_facts_table import CASES
from tests.mandates.town import ask, town

_EMPTY = """
set session_replication_role = replica;
delete from claim; delete from klus; delete from taken_back; delete from interest; delete from budget; delete from replacement;
delete from power_exclusion; delete from grant_version; delete from power_grant; delete from power_basis;
delete from power_version; delete from power; delete from organ_member; delete from role_filling; delete from person;
delete from role_version; delete from role; delete from team; delete from organ; delete from organisation;
"""


async def same(db: Database, facts: Facts, q: Question) -> str:
    async with db.read() as session:
        found = await facts_for(session, q)
    given, pure = answer(found, q), answer(facts, q)
    assert given.to_json() == pure.to_json()
    return pure.verdict.word


async def test_the_twenty_facts_from_the_database(db: Database, owner: asyncpg.Connection) -> None:
    facts = await store(owner, as_stored(town()))
    for _, code, person, cents, more, verdict, _ in CASES:
        assert await same(db, facts, as_asked(ask(code, person, cents, **more))) == verdict


async def compare(db: Database, owner: asyncpg.Connection, place: Place, seeds: range) -> set[str]:
    boss = await asyncpg.connect(place.url("postgres"))
    seen: set[str] = set()
    for seed in seeds:
        r = Random(seed)
        facts = register(r)
        questions = [question(r, facts) for _ in range(6)]
        if not storable(facts):
            continue
        await boss.execute(_EMPTY)
        kept = await store(owner, as_stored(facts))
        seen |= {await same(db, kept, as_asked(q)) for q in questions}
    await boss.close()
    return seen


async def test_random_registers_from_the_database(db: Database, owner: asyncpg.Connection, place: Place) -> None:
    assert await compare(db, owner, place, range(60)) >= {"ja", "nee", "eerst_overleg"}


@pytest.mark.long
async def test_many_random_registers_from_the_database(db: Database, owner: asyncpg.Connection, place: Place) -> None:
    await compare(db, owner, place, range(60, 1200))


async def test_two_queries_whatever_the_size(db: Database, owner: asyncpg.Connection) -> None:
    """At 20 grants and at 3.000: the same two queries, and no walk through the whole register."""
    facts = await store(owner, as_stored(town()))
    statements: list[str] = []
    event.listen(
        db.engine.sync_engine, "before_cursor_execute", lambda c, cur, statement, *rest: statements.append(statement)
    )
    q = as_asked(ask("SUB-01", "noor", 4_000_00))
    small = await same(db, facts, q)
    await owner.execute(
        "insert into power_grant (number) select 'X' || n from generate_series(1, 3000) n;"
        "insert into grant_version (grant_id, kinds, grantors, holder, powers, valid)"
        " select g.id, '{mandaat}', '{orgaan:college}', 'functie:controller', '{WKPB-1}', tstzrange(now(), null)"
        " from power_grant g where g.number like 'X%'"
    )
    assert await same(db, facts, q) == small == "ja"
    assert len(statements) == 4
    await owner.execute("analyze")
    values = {
        "codes": ["SUB-01"],
        "numbers": [],
        "moment": q.moment,
        "known": q.known_at,
        "about": [],
        "person": None,
        "touching": True,
    }
    async with db.read() as session:
        plan = "\n".join(await session.scalars(text(f"explain {facts_module._REGISTER.text}"), values))
    assert "Seq Scan on grant_version" not in plan


async def test_an_unknown_power_gives_no_facts(db: Database, owner: asyncpg.Connection) -> None:
    await store(owner, as_stored(town()))
    async with db.read() as session:
        found = await facts_for(session, replace(as_asked(ask("SUB-99", "noor")), role="geen id", second="ook niet"))
    assert found.powers == ()
