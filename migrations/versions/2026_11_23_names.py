"""Different spellings of one case, and of one other party, are found as one."""

from pathlib import Path

from alembic import op

revision = "2026_11_23_names"
down_revision = "2026_11_23_direction"

FUNCTIONS = ("case_key(text)", "party_key(text)", "name_words(text, text)")
INDEXES = {
    "ix_decision_case_key": "decision (case_key(case_number), power) where case_number is not null",
    "ix_decision_party_key": "decision (party_key(counterparty), power) where counterparty is not null",
    "ix_decision_act_case_key": "decision_act (case_key(new_value)) where kind = 'correctie' and field = 'zaak'",
    "ix_decision_act_party_key": "decision_act (party_key(new_value)) where kind = 'correctie' and field = 'wederpartij'",
    "ix_interest_key": "interest (party_key(about))",
}


def upgrade() -> None:
    op.execute("set local lock_timeout = '1s'")  # also opens the transaction, which the driver begins lazily
    sql = Path(__file__).with_suffix(".sql").read_text(encoding="utf-8")
    connection = op.get_bind().connection.dbapi_connection
    connection.run_async(lambda driver: driver.execute(sql))
    # Each index while decisions are taken; what an earlier try left goes first.
    with op.get_context().autocommit_block():
        for name, on in INDEXES.items():
            op.execute(f"drop index concurrently if exists {name}")
            op.execute(f"create index concurrently {name} on {on}")


def downgrade() -> None:
    for name in INDEXES:
        op.execute(f"drop index if exists {name}")
    for function in FUNCTIONS:
        op.execute(f"drop function if exists {function}")
