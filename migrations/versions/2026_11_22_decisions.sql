-- Decisions under a grant, and what waits around them.
select 1;
