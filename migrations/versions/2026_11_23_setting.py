"""Settings that may change while everything runs, as rows."""

from pathlib import Path

from alembic import op

revision = "2026_11_23_setting"
down_revision = "2026_11_22_scim"

TABLES = "setting"
FUNCTIONS: tuple[str, ...] = ()


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
