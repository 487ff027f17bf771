-- Meetings, their steps and minutes.
select 1;
