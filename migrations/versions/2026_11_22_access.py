"""Second factors, identities of a log-in service."""

from pathlib import Path

from alembic import op

revision = "2026_11_22_access"
down_revision = "2026_11_22_operations"

TABLES = "passkey_question passkey login_step recovery_code totp"
FUNCTIONS: tuple[str, ...] = ()


def upgrade() -> None:
    op.execute("set local lock_timeout = '1s'")  # also opens the transaction, which the driver begins lazily
    sql = Path(__file__).with_suffix(".sql").read_text(encoding="utf-8")
    connection = op.get_bind().connection.dbapi_connection
    connection.run_async(lambda driver: driver.execute(sql))


def downgrade() -> None:
    for table in TABLES.split():
        op.execute(f"drop table {table} cascade")
    for column in ("handle", "weak", "proved_at", "identity_id", "provider_sid", "id_token"):
        op.execute(f"alter table session drop column {column}")
    op.execute("alter table account drop column password_ends_at")
    op.execute("drop table identity")
    for function in FUNCTIONS:
        op.execute(f"drop function if exists {function}")
