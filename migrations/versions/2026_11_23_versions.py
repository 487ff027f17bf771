"""What changed between two days: versions are told apart by the index that finds them; acts with effect later than the day on which
they were done have an index of their own, so that all others are found by when they were done."""

from alembic import op

revision = "2026_11_23_versions"
down_revision = "2026_11_23_structural"

VERBS = (
    "role.created", "role.changed", "role.ended", "role.moved", "role.filled", "role.filling_changed", "role.emptied", "team.created",
    "team.changed", "team.moved", "team.ended", "policy.created", "policy.changed", "policy.ended", "policy.moved",
    "person.home_team_changed", "person.home_team_ended", "person.left", "team.direction_set", "breakdown.declared", "breakdown.taken",
    "breakdown.ended",
)  # fmt: skip
_DAY = "(extract(year from {0}) * 10000 + extract(month from {0}) * 100 + extract(day from {0}))::int".format(
    "(at at time zone 'Europe/Amsterdam')"
)
LATER = rf"""
    create or replace function takes_effect_later(facts jsonb, at timestamptz) returns boolean language sql immutable parallel safe return
        case when coalesce(facts ->> 'from', facts ->> 'first', facts ->> 'until') ~ '^\d{{4}}-\d\d-\d\d'
            then replace(left(coalesce(facts ->> 'from', facts ->> 'first', facts ->> 'until'), 10), '-', '')::int > {_DAY}
        when facts ->> 'last' ~ '^\d{{4}}-\d\d-\d\d$' then replace(facts ->> 'last', '-', '')::int > {_DAY}
        else false end
"""
INDEXES = {
    "ix_role_version_by_role": "role_version (role_id) include (id, team_id, name, core, valid, recorded)",
    "ix_role_filling_by_role": "role_filling (role_id) include (id, person_id, valid, recorded)",
    "ix_journal_later": "journal (id) where verb in ({}) and takes_effect_later(facts, at)".format(
        ", ".join(f"'{verb}'" for verb in VERBS)
    ),
}
REPLACED = {
    "ix_role_version_of_role": "role_version (role_id) include (team_id, name, core, valid, recorded)",
    "ix_role_filling_of_role": "role_filling (role_id) include (person_id, valid, recorded)",
}


def upgrade() -> None:
    op.execute("set local lock_timeout = '1s'")
    op.execute(LATER)
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
    op.execute("drop function if exists takes_effect_later")
