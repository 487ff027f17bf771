"""Decisions under a grant, and what waits around them."""

from pathlib import Path

from alembic import op

revision = "2026_11_22_decisions"
down_revision = "2026_11_22_ledger"

TABLES = "attempt information_answer information_request decision_act decision organ_proposal intent_act intent decision_counter"
FUNCTIONS = (
    "erase_decision(uuid)",
    "next_decision(int)",
    "no_hole()",
    "only_erased()",
    "intent_moves()",
    "organ_proposal_moves()",
    "decision_is_confirmed()",
)


def upgrade() -> None:
    op.execute("set local lock_timeout = '1s'")  # also opens the transaction, which the driver begins lazily
    sql = Path(__file__).with_suffix(".sql").read_text(encoding="utf-8")
    connection = op.get_bind().connection.dbapi_connection
    connection.run_async(lambda driver: driver.execute(sql))


def downgrade() -> None:
    for table in TABLES.split():
        op.execute(f"drop table {table} cascade")
    for function in FUNCTIONS:
        op.execute(f"drop function if exists {function}")
