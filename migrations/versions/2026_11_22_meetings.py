"""Meetings, their steps and minutes; calendar feeds."""

from pathlib import Path

from alembic import op

revision = "2026_11_22_meetings"
down_revision = "2026_11_22_elections"

TABLES = (
    "calendar_feed meeting_round meeting_line standing_item meeting_guest meeting_item meeting_surrogate meeting_presence meeting_notice"
    " meeting"
)
FUNCTIONS: tuple[str, ...] = (
    "meeting_moves()",
    "meeting_item_moves()",
    "meeting_is_on()",
    "meeting_round_is_held()",
    "only_end_once()",
)
_SILENT = """
    create or replace function silent_electors(p_proposal uuid, p_version int) returns int language sql stable
    begin atomic
      select count(*)::int from proposal_elector e
      where e.proposal_id = p_proposal and e.version = p_version
        and not exists (select from proposal_response r where r.proposal_id = e.proposal_id and r.version = e.version
          and r.person_id = e.person_id)
        and not exists (select from objection o where o.proposal_id = e.proposal_id and o.version = e.version
          and o.person_id = e.person_id and o.state in ('ongeldig','opgelost','ingetrokken'));
    end
"""
_BALLOTS = """
    create or replace function ballots_missing(p_election uuid) returns int language sql stable
    begin atomic
      select count(*)::int from election_elector v where v.election_id = p_election
        and not exists (select from election_ballot b where b.election_id = v.election_id and b.person_id = v.person_id);
    end
"""


def upgrade() -> None:
    op.execute("set local lock_timeout = '1s'")  # also opens the transaction, which the driver begins lazily
    sql = Path(__file__).with_suffix(".sql").read_text(encoding="utf-8")
    connection = op.get_bind().connection.dbapi_connection
    connection.run_async(lambda driver: driver.execute(sql))


def downgrade() -> None:
    op.execute(_SILENT)
    op.execute(_BALLOTS)
    for table in TABLES.split():
        op.execute(f"drop table {table} cascade")
    for function in FUNCTIONS:
        op.execute(f"drop function if exists {function}")
