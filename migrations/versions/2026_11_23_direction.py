"""Where a team is heading, and a team whose deciding no longer works."""

from pathlib import Path

from alembic import op

revision = "2026_11_23_direction"
down_revision = "2026_11_23_setting"

TABLES = "process_breakdown direction_version direction"
FUNCTIONS = ("breakdown_moves()",)


def upgrade() -> None:
    op.execute("set local lock_timeout = '1s'")  # also opens the transaction, which the driver begins lazily
    sql = Path(__file__).with_suffix(".sql").read_text(encoding="utf-8")
    connection = op.get_bind().connection.dbapi_connection
    connection.run_async(lambda driver: driver.execute(sql))


def downgrade() -> None:
    op.execute("drop index ix_policy_version_link")
    for table in TABLES.split():
        op.execute(f"drop table {table} cascade")
    for function in FUNCTIONS:
        op.execute(f"drop function if exists {function}")
