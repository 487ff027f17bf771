"""Upkeep of the mandate register."""

from pathlib import Path

from alembic import op

revision = "2026_11_22_upkeep"
down_revision = "2026_11_22_klussenbank"

TABLES = "policy_framework grant_inquiry_answer grant_inquiry register_setting mandate_request_draft"
FUNCTIONS: tuple[str, ...] = ("decree_item_open() cascade",)


def upgrade() -> None:
    op.execute("set local lock_timeout = '1s'")  # also opens the transaction, which the driver begins lazily
    sql = Path(__file__).with_suffix(".sql").read_text(encoding="utf-8")
    connection = op.get_bind().connection.dbapi_connection
    connection.run_async(lambda driver: driver.execute(sql))


def downgrade() -> None:
    op.execute("create trigger kept before update or delete on decree_item for each row execute function no_change()")
    op.execute("alter table decree drop constraint decree_state_check, drop constraint ck_decree_decided")
    op.execute(
        "alter table decree add constraint decree_state_check check (state in ('voorgenomen','besloten','bekendgemaakt')) not valid"
    )
    op.execute(
        "alter table decree add constraint ck_decree_decided check"
        " ((state = 'voorgenomen') = (decided_on is null) and (decided_on is null or decision <> '')) not valid"
    )
    op.execute("revoke delete on decree_item from teams_app, teams_worker")
    for table in TABLES.split():
        op.execute(f"drop table {table} cascade")
    for function in FUNCTIONS:
        op.execute(f"drop function if exists {function}")
    op.execute("alter trigger kept on decree_item rename to append_only")
