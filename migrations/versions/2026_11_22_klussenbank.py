"""Ways to hand out places: selection, lots, waiting lists, team claims, consent."""

from pathlib import Path

from alembic import op

revision = "2026_11_22_klussenbank"
down_revision = "2026_11_22_meetings"

TABLES = "klus_question klus_invite klus_owner consent klus_draw team_claim"
FUNCTIONS = ("draw_is_kept()", "consent_by_another()")
BACK = """
    alter table klus drop constraint ck_klus_state, drop constraint ck_klus_lots;
    alter table klus add constraint klus_state_check check
        (state in ('concept','open','gesloten','in_uitvoering','afgerond','ingetrokken','verlopen'));
    alter table claim drop constraint ck_claim_state, drop constraint ck_claim_seat, drop constraint ck_claim_end,
        drop constraint ck_claim_person, drop constraint ck_claim_due, drop constraint ck_claim_line,
        drop constraint ck_claim_stops;
    alter table claim add constraint claim_state_check check
        (state in ('bevestigd','lopend','afgerond','ingetrokken','teruggegeven','beeindigd'));
    alter table claim add constraint ck_claim_seat check ((seat is not null) = (state in ('bevestigd','lopend')));
    alter table claim add constraint ck_claim_end check ((ended_at is null) = (state in ('bevestigd','lopend')));
    alter table claim alter column person_id set not null;
    drop index uq_claim_active, ix_claim_active_person;
    create unique index uq_claim_active on claim (klus_id, person_id) where state in ('bevestigd','lopend');
"""
COLUMNS = "team_claim_id due_at lined_at line_reason skipped lot chosen_by result stops_on"


def upgrade() -> None:
    op.execute("set local lock_timeout = '1s'")  # also opens the transaction, which the driver begins lazily
    sql = Path(__file__).with_suffix(".sql").read_text(encoding="utf-8")
    connection = op.get_bind().connection.dbapi_connection
    connection.run_async(lambda driver: driver.execute(sql))


def downgrade() -> None:
    """Only while no claim is in a state that came with this revision; claim_facts stays as it is."""
    op.execute("drop trigger claim_moves on claim")
    op.execute("drop function claim_moves()")
    for statement in BACK.split(";"):
        if statement.strip():
            op.execute(statement)
    house = Path(__file__).with_name("2026_11_22_house.sql").read_text(encoding="utf-8")
    before = house[house.index("create function person_hours") :]
    op.execute(before[: before.index("\nend;") + 5].replace("create function", "create or replace function", 1))
    for column in COLUMNS.split():
        op.execute(f"alter table claim drop column {column} cascade")
    for table in TABLES.split():
        op.execute(f"drop table {table} cascade")
    for function in FUNCTIONS:
        op.execute(f"drop function if exists {function}")
