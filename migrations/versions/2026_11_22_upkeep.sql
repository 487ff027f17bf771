-- Upkeep of the mandate register.
select 1;
