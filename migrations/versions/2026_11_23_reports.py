"""What reports look up: klussen and engagements by the days that they took, and everything recorded about one person."""

from alembic import op

revision = "2026_11_23_reports"
down_revision = "2026_11_23_lookups"

_BEGUN = "(at at time zone 'Europe/Amsterdam')::date"
INDEXES = {
    "ix_klus_days": "klus using gist (daterange(starts, coalesce(ends, case when hours_total is null then date 'infinity'"
    " else starts end), '[]')) where kind <> 'vacature'",
    "ix_claim_days": f"claim using gist (daterange({_BEGUN}, greatest({_BEGUN}, coalesce(ended_on, 'infinity')), '[]'))"
    " where state in ('lopend', 'afgerond', 'teruggegeven', 'beeindigd')",
    "ix_contract_begin": "contract (lower(valid)) where upper_inf(recorded) and hours > 0",
    "ix_role_version_now": "role_version (role_id) include (team_id, name, office, valid) where upper_inf(recorded) and upper_inf(valid)",
    # what is recorded about one person: found, not searched for in whole tables
    "ix_decision_reporter": "decision (reporter_id) where reporter_id is not null",
    "ix_klus_posted_by": "klus (posted_by)",
    "ix_claim_chosen_by": "claim (chosen_by) where chosen_by is not null",
    "ix_hours_booking_booked_by": "hours_booking (booked_by)",
    "ix_meeting_presence_person": "meeting_presence (person_id)",
    "ix_meeting_presence_marked_by": "meeting_presence (marked_by) where marked_by is not null",
    "ix_meeting_line_person": "meeting_line (person_id) where person_id is not null",
    "ix_meeting_line_written_by": "meeting_line (written_by) where written_by is not null",
    "ix_meeting_planned_by": "meeting (planned_by) where planned_by is not null",
    "ix_meeting_item_person": "meeting_item (person_id) where person_id is not null",
    "ix_proposal_response_person": "proposal_response (person_id)",
    "ix_proposal_version_made_by": "proposal_version (made_by)",
}


def upgrade() -> None:
    op.execute("set local lock_timeout = '1s'")
    with op.get_context().autocommit_block():  # each index while people work; what an earlier try left goes first
        for name, on in INDEXES.items():
            op.execute(f"drop index concurrently if exists {name}")
            op.execute(f"create index concurrently {name} on {on}")


def downgrade() -> None:
    for name in INDEXES:
        op.execute(f"drop index if exists {name}")
