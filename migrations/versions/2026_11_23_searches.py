"""What people type is found by an index: a code, a part of an address, a personnel number; and which proposal did an act."""

from alembic import op

revision = "2026_11_23_searches"
down_revision = "2026_11_23_completed"

INDEXES = {
    "ix_power_code": "power (plain(code))",
    "ix_person_email_parts": "person using gin (lower(email) gin_trgm_ops)",
    "ix_person_number": "person (lower(number))",
    "ix_journal_adopted": "journal (xid, id) where verb = 'proposal.adopted'",
}


def upgrade() -> None:
    op.execute("set local lock_timeout = '1s'")
    with op.get_context().autocommit_block():  # while people work; what an earlier try left goes first
        for name, on in INDEXES.items():
            op.execute(f"drop index concurrently if exists {name}")
            op.execute(f"create index concurrently {name} on {on}")


def downgrade() -> None:
    for name in INDEXES:
        op.execute(f"drop index if exists {name}")
