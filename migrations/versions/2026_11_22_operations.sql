-- Run-time settings and operations.
select 1;
