-- Elections and who fills a role.
select 1;
