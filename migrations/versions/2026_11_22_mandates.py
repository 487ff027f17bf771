"""The mandate register: powers, grants, decrees, exceptions, replacements, budgets, interests, frameworks."""

from pathlib import Path

from alembic import op

revision = "2026_11_22_mandates"
down_revision = "2026_11_22_house"

TABLES = (
    "information_call taken_back interest budget replacement power_exclusion decree_item decree grant_version power_grant"
    " framework_version framework power_basis power_version power"
)
FUNCTIONS = (
    "grant_state(uuid, timestamptz, timestamptz)",
    "grant_in_order()",
    "grant_is_sound()",
    "power_is_sound()",
    "party_exists(text)",
)


def upgrade() -> None:
    op.execute("set local lock_timeout = '2s'")  # also opens the transaction, which the driver begins lazily
    sql = Path(__file__).with_suffix(".sql").read_text(encoding="utf-8")
    connection = op.get_bind().connection.dbapi_connection
    connection.run_async(lambda driver: driver.execute(sql))


def downgrade() -> None:
    op.execute("drop view klus_powers")
    for table in TABLES.split():
        op.execute(f"drop table {table} cascade")
    for function in FUNCTIONS:
        op.execute(f"drop function if exists {function}")
    op.execute("drop index ix_role_version_office")
