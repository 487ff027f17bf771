"""Policies of a team and their versions are found by an index, and teams by name in their order."""

from alembic import op

revision = "2026_11_23_policies"
down_revision = "2026_11_23_covering"

INDEXES = {
    "ix_policy_team": "policy (team_id)",
    "ix_policy_version_of_policy": "policy_version (policy_id) include (kind, title, valid, recorded)",
    "ix_team_version_name": "team_version (name, team_id)",
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
