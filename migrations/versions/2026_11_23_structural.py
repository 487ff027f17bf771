"""Where a person is at home and under which contract is read from the index that finds it; what changed structure is apart."""

from alembic import op

revision = "2026_11_23_structural"
down_revision = "2026_11_23_searches"

VERBS = (
    "role.created", "role.changed", "role.ended", "role.moved", "role.filled", "role.filling_changed", "role.emptied", "team.created",
    "team.changed", "team.moved", "team.ended", "policy.created", "policy.changed", "policy.ended", "policy.moved",
    "person.home_team_changed", "person.home_team_ended", "person.left", "team.direction_set", "breakdown.declared", "breakdown.taken",
    "breakdown.ended",
)  # fmt: skip
INDEXES = {
    "ix_home_team_of_person": "home_team (person_id) include (team_id, valid, recorded)",
    "ix_contract_of_person": "contract (person_id) include (valid, recorded)",
    "ix_journal_structure": "journal (id) where verb in ({})".format(", ".join(f"'{verb}'" for verb in VERBS)),
}
REPLACED = {
    "ix_home_team_person": "home_team (person_id)",
    "ix_contract_person": "contract (person_id)",
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
