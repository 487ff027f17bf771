"""A report reads what it tells of: its questions reach the indexes that were made for them, and long answers come in parts."""

from datetime import timedelta
from typing import Any

import asyncpg
import pytest
from sqlalchemy import TextClause, text

from teams.kit.db import Database
from teams.kit.parts import parts_of
from teams.reports import mobility_sql as sql
from tests.plans import plan_of
from tests.world import TODAY, World

SPAN = {"first": TODAY - timedelta(days=300), "until": TODAY}
CASES = (
    (sql.AWAY, SPAN, {"ix_klus_days", "ix_claim_days"}, {"claim", "klus"}),
    (sql.PEOPLE_AWAY, SPAN, {"ix_klus_days", "ix_claim_days"}, {"claim", "klus"}),
    (sql.EVER, {**SPAN, "known": []}, {"ix_claim_person"}, {"claim", "klus"}),
    (sql.HOURS, SPAN, {"ix_hours_booking_day"}, {"claim", "klus", "hours_booking"}),
    (sql.BEGIN, {}, {"ix_contract_begin"}, {"claim", "contract"}),
)
# Of what grows with the work, everything that says who: their own data are found by it (AVG art. 15).
GROW = {
    "klus",
    "claim",
    "decision",
    "hours_booking",
    "meeting_presence",
    "meeting_line",
    "proposal_response",
    "notice",
    "mail",
}
_BARE = """
    select c.relname || '.' || a.attname from pg_constraint k join pg_class c on c.oid = k.conrelid
    join pg_attribute a on a.attrelid = k.conrelid and a.attnum = k.conkey[1]
    where k.contype = 'f' and k.confrelid in ('person'::regclass, 'account'::regclass) and cardinality(k.conkey) = 1
        and c.relname = any($1::text[]) and not exists (select from pg_index i where i.indrelid = c.oid and i.indkey[0] = a.attnum)
"""


@pytest.mark.parametrize(("question", "values", "reached", "whole"), CASES)
async def test_a_question_reaches_its_index_and_reads_no_table_from_end_to_end(
    owner: asyncpg.Connection,
    world: World,
    question: TextClause,
    values: dict[str, Any],
    reached: set[str],
    whole: set[str],
) -> None:
    await owner.execute("vacuum analyze")  # counts of a nearly empty place say nothing: they are forgotten again
    plan = await plan_of(owner, question.text, **values)
    assert {name for name in reached if name not in plan} == set(), plan
    assert [table for table in whole if f"Seq Scan on {table} " in plan] == []


async def test_what_somebody_did_is_found_by_an_index(owner: asyncpg.Connection) -> None:
    assert [row[0] for row in await owner.fetch(_BARE, list(GROW))] == []


async def test_a_long_answer_comes_in_parts_and_leaves_the_connection_as_it_was(db: Database) -> None:
    many = text("select n from generate_series(1, :most) n")
    async with db.read() as session:
        async with parts_of(session, many, {"most": 25}, size=10) as parts:
            assert [[row.n for row in part] for part in [one async for one in parts]] == [
                list(range(1, 11)), list(range(11, 21)), list(range(21, 26)),
            ]  # fmt: skip
        async with parts_of(session, many, {"most": 25}, size=10) as parts:
            async for part in parts:
                assert len(part) == 10
                break  # whoever stops halfway
        assert await session.scalar(text("select 1")) == 1
