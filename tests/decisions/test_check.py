"""A decision that is changed behind the log's back is found (mandates 4.5, class 8)."""

import asyncpg
import pytest

from teams.decisions.check import changed_decision
from teams.decisions.models import CONTENT
from teams.kit.db import Database
from tests.decisions.acts import settle, taken
from tests.places import Place

CHANGED = {
    "cents": "1", "reasons": "'Anders.'", "subject": "'Anders.'", "case_number": "'Z-9'", "counterparty": "'Ander'",
    "signature": "'Namens niemand'", "person_id": "reporter_id", "rulebook": "'sha256:' || repeat('0', 64)",
}  # fmt: skip


@pytest.mark.parametrize("column", CHANGED)
async def test_class_8_an_edit_of_the_row_is_found(
    place: Place, db: Database, owner: asyncpg.Connection, column: str
) -> None:
    assert column in CONTENT
    await settle(owner)
    done = await taken(db, "SUB-01", "noor", 4_000_00, case="Z-1", counterparty="Dansschool")
    await taken(db, "SUB-01", "noor", 3_000_00, case="Z-2", counterparty="Toneelclub")
    boss = await asyncpg.connect(place.url("postgres"))
    assert await changed_decision(boss) is None
    await boss.execute("set session_replication_role = replica")
    if column == "person_id":
        change = "person_id = (select id from person where id <> person_id limit 1)"
    else:
        change = f"{column} = {CHANGED[column]}"
    await boss.execute(f"update decision set {change} where id = $1", done.id)
    assert await changed_decision(boss) == done.number
    await boss.close()


async def test_what_was_destroyed_by_a_logged_act_is_passed_over(
    place: Place, db: Database, owner: asyncpg.Connection
) -> None:
    await settle(owner)
    done = await taken(db, "SUB-01", "noor", 4_000_00, case="Z-1", counterparty="Dansschool")
    boss = await asyncpg.connect(place.url("postgres"))
    await boss.execute("set session_replication_role = replica")
    await boss.execute("update decision set reasons = null, subject = null where id = $1", done.id)
    await boss.execute("delete from journal_text where entry = $1", done.entry)
    assert await changed_decision(boss) is None
    await boss.close()
