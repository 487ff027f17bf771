"""The house: journal, people, structure on two time axes, klussen, accounts, waiting imports."""

from pathlib import Path

from alembic import op

revision = "2026_11_22_house"
down_revision = None

TABLES = (
    "form_key throttle api_token session account_right account pending_import claim klus_skill klus policy_version policy"
    " organ_member organ home_team role_filling role_item role_version role team_version team person_skill skill absence"
    " contract person organisation journal_text journal_subject journal"
)
FUNCTIONS = (
    "claim_facts(uuid, uuid)",
    "person_hours(uuid, uuid)",
    "klus_counts_seats()",
    "within_role()",
    "only_close_recorded()",
    "no_change()",
    "plain(text)",
)


def upgrade() -> None:
    op.execute("set local lock_timeout = '2s'")  # also opens the transaction, which the driver begins lazily
    sql = Path(__file__).with_suffix(".sql").read_text(encoding="utf-8")
    connection = op.get_bind().connection.dbapi_connection
    connection.run_async(lambda driver: driver.execute(sql))


def downgrade() -> None:
    for table in TABLES.split():
        op.execute(f"drop table {table} cascade")
    for function in FUNCTIONS:
        op.execute(f"drop function if exists {function}")
