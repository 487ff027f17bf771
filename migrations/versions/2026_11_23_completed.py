"""When a klus was completed is found by an index, so that the account of a quarter does not read the whole journal."""

from alembic import op

revision = "2026_11_23_completed"
down_revision = "2026_11_23_policies"


def upgrade() -> None:
    op.execute("set local lock_timeout = '1s'")
    with op.get_context().autocommit_block():  # while people work; what an earlier try left goes first
        op.execute("drop index concurrently if exists ix_journal_completed")
        op.execute("create index concurrently ix_journal_completed on journal (at) where verb = 'klus.completed'")


def downgrade() -> None:
    op.execute("drop index if exists ix_journal_completed")
