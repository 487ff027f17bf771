"""Audit, sample, completeness, erasure and the account to the board."""

from pathlib import Path

from alembic import op

revision = "2026_11_22_account"
down_revision = "2026_11_22_decisions"

TABLES = """board_question board_account_step board_account_version board_account sample_item sample checklist_act
    checklist_item checklist access_review_mark access_review erasure_item erasure retention_term
    decision_flag decision_grant"""
FUNCTIONS = (
    "decision_flagged() cascade",
    "decision_granted() cascade",
    "decision_act_flagged() cascade",
    "information_flagged() cascade",
    "decision_flags(text, bigint, bigint, bigint, text, jsonb)",
    "erase(uuid, uuid)",
    "erased_by_function()",
    "retained_until(text, timestamptz)",
    "retention_kind(text)",
)

INDEXES = "role_decided role_power_decided organ_decided person_decided power_decided recorded lacking"


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
    for index in INDEXES.split():
        op.execute(f"drop index if exists ix_decision_{index}")
