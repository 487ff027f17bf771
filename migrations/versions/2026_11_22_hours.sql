-- Booked hours, vacancies, savings, matching.
select 1;
