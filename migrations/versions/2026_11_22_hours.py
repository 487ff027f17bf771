"""Booked hours, vacancies, savings."""

from pathlib import Path

from alembic import op

revision = "2026_11_22_hours"
down_revision = "2026_11_22_notices"

TABLES = "saving klus_baseline vacancy_gap vacancy_stage hours_week hours_booking"
FUNCTIONS: tuple[str, ...] = ("hours_within()", "vacancy_moves()", "baseline_when_posting()", "saving_moves()")


def upgrade() -> None:
    op.execute("set local lock_timeout = '1s'")  # also opens the transaction, which the driver begins lazily
    sql = Path(__file__).with_suffix(".sql").read_text(encoding="utf-8")
    connection = op.get_bind().connection.dbapi_connection
    connection.run_async(lambda driver: driver.execute(sql))


def downgrade() -> None:
    op.execute("alter table budget drop column formation, drop column team_id")
    for table in TABLES.split():
        op.execute(f"drop table {table} cascade")
    for function in FUNCTIONS:
        op.execute(f"drop function if exists {function}")
