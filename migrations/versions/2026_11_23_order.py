"""What is listed in an order or counted over days is read from the index that holds that order, without its rows."""

from alembic import op

revision = "2026_11_23_order"
down_revision = "2026_11_23_versions"

INDEXES = {
    "ix_person_by_name": "person (name, id) include (number)",
    "ix_team_version_under": "team_version (parent_id) include (team_id, name, cluster, valid, recorded)",
    "ix_decision_by_day": "decision (decided_at, id) include (outcome, recorded_at)",
    "ix_policy_version_by_policy": "policy_version (policy_id) include (id, kind, title, valid, recorded)",
}
REPLACED = {
    "ix_person_order": "person (name, id)",
    "ix_team_version_below": "team_version (parent_id) include (team_id, name, valid, recorded)",
    "ix_decision_decided": "decision (decided_at, id)",
    "ix_policy_version_of_policy": "policy_version (policy_id) include (kind, title, valid, recorded)",
}


def upgrade() -> None:
    op.execute("set local lock_timeout = '1s'")
    with op.get_context().autocommit_block():  # while people work; what an earlier try left goes first
        for name, on in INDEXES.items():
            op.execute(f"drop index concurrently if exists {name}")
            op.execute(f"create index concurrently {name} on {on}")
        for name in REPLACED:
            op.execute(f"drop index concurrently if exists {name}")


def downgrade() -> None:
    for name, on in REPLACED.items():
        op.execute(f"create index if not exists {name} on {on}")
    for name in INDEXES:
        op.execute(f"drop index if exists {name}")
