-- Audit, sample, completeness, erasure and the account to the board.
select 1;
