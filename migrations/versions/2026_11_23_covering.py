"""What a team, a role or a filling is called and when it held is read from the index that finds it, without its rows."""

from alembic import op

revision = "2026_11_23_covering"
down_revision = "2026_11_23_reports"

INDEXES = {
    "ix_team_version_of_team": "team_version (team_id) include (name, parent_id, valid, recorded)",
    "ix_team_version_below": "team_version (parent_id) include (team_id, name, valid, recorded)",
    "ix_role_version_of_role": "role_version (role_id) include (team_id, name, core, valid, recorded)",
    "ix_role_version_in_team": "role_version (team_id) include (role_id, name, core, valid, recorded)",
    "ix_role_filling_of_role": "role_filling (role_id) include (person_id, valid, recorded)",
    "ix_role_filling_of_person": "role_filling (person_id) include (role_id, valid, recorded)",
}
REPLACED = {
    "ix_team_version_team": "team_version (team_id)",
    "ix_team_version_parent": "team_version (parent_id)",
    "ix_role_version_role": "role_version (role_id)",
    "ix_role_version_team": "role_version (team_id) include (role_id)",
    "ix_role_filling_role": "role_filling (role_id)",
    "ix_role_filling_person": "role_filling (person_id)",
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
