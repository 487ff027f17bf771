"""Elections and who fills a role."""

from pathlib import Path

from alembic import op

revision = "2026_11_22_elections"
down_revision = "2026_11_22_account"

TABLES = (
    "proposal_strike filling_offer_act filling_offer election_act election_draw election_nomination election_ballot election_elector"
    " election"
)
FUNCTIONS = (
    "adoption_of_offer() cascade",
    "offer_moves()",
    "election_moves()",
    "share_ballots(uuid)",
    "ballots_missing(uuid)",
    "election_is_open()",
)


def upgrade() -> None:
    op.execute("set local lock_timeout = '1s'")  # also opens the transaction, which the driver begins lazily
    sql = Path(__file__).with_suffix(".sql").read_text(encoding="utf-8")
    connection = op.get_bind().connection.dbapi_connection
    connection.run_async(lambda driver: driver.execute(sql))


def downgrade() -> None:
    op.execute("alter table proposal drop column offer_id")
    op.execute("alter table proposal_round drop column quorum")
    for table in TABLES.split():
        op.execute(f"drop table {table} cascade")
    for function in FUNCTIONS:
        op.execute(f"drop function if exists {function}")
