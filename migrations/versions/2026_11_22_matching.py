"""Skills with levels and synonyms, wishes, feedback after a klus, saved searches, corrections."""

from pathlib import Path

from alembic import op

revision = "2026_11_22_matching"
down_revision = "2026_11_22_hours"

TABLES = "correction saved_search_told saved_search endorsement feedback klus_reach person_wish skill_synonym"
FUNCTIONS: tuple[str, ...] = ("correction_once()",)


def upgrade() -> None:
    op.execute("set local lock_timeout = '1s'")  # also opens the transaction, which the driver begins lazily
    sql = Path(__file__).with_suffix(".sql").read_text(encoding="utf-8")
    connection = op.get_bind().connection.dbapi_connection
    connection.run_async(lambda driver: driver.execute(sql))


def downgrade() -> None:
    op.execute("drop view skill_name")
    op.execute("alter table person_skill drop column level")
    op.execute("drop index ix_person_skill_skill")
    op.execute("drop index ix_klus_published")
    op.execute("alter table skill drop column code")
    for table in TABLES.split():
        op.execute(f"drop table {table} cascade")
    for function in FUNCTIONS:
        op.execute(f"drop function if exists {function}")
