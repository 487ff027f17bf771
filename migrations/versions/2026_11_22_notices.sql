-- Notices, mail and what people want to hear.
select 1;
