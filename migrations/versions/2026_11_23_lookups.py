"""What a team, a role or a person has is found by a plain index on whose it is, beside the one that guards its days."""

from alembic import op

revision = "2026_11_23_lookups"
down_revision = "2026_11_23_names"

INDEXES = {
    "ix_team_version_team": "team_version (team_id)",
    "ix_role_version_role": "role_version (role_id)",
    "ix_role_item_role": "role_item (role_id)",
    "ix_contract_person": "contract (person_id)",
    "ix_home_team_person": "home_team (person_id)",
    "ix_grant_version_draft": "grant_version (grant_id) where decided_on is null",
    "ix_grant_version_framework": "grant_version (framework_id) where framework_id is not null",
    "ix_klus_role_live": "klus (role_id, number desc) where state in ('open', 'in_uitvoering')",
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
