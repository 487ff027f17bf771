"""Run-time settings and operations."""

from pathlib import Path

from alembic import op

revision = "2026_11_22_operations"
down_revision = "2026_11_22_matching"

TABLES = ""
FUNCTIONS: tuple[str, ...] = ()
INDEXES = """
    ix_role_version_words ix_role_item_words ix_role_item_alike ix_person_words ix_policy_version_words ix_tension_words
    ix_proposal_version_words ix_decision_words ix_power_grant_number ix_role_version_team ix_role_item_holds ix_role_filling_role
    ix_person_order ix_team_version_words ix_team_version_alike
"""


def upgrade() -> None:
    op.execute("set local lock_timeout = '1s'")  # also opens the transaction, which the driver begins lazily
    sql = Path(__file__).with_suffix(".sql").read_text(encoding="utf-8")
    connection = op.get_bind().connection.dbapi_connection
    connection.run_async(lambda driver: driver.execute(sql))


def downgrade() -> None:
    for index in INDEXES.split():
        op.execute(f"drop index {index}")
    op.execute("create index ix_role_item_role on role_item (role_id)")
    op.execute(
        "alter table role_filling drop constraint role_filling_role_id_person_id_valid_recorded_excl,"
        " add constraint role_filling_role_id_person_id_valid_recorded_excl"
        " exclude using gist (role_id with =, person_id with =, valid with &&, recorded with &&)"
    )
    for table in TABLES.split():
        op.execute(f"drop table {table} cascade")
    for function in FUNCTIONS:
        op.execute(f"drop function if exists {function}")
