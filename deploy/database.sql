-- After roles.sql, as superuser. The owner of the database makes the tables: teams migrate.
create database teams owner teams_owner encoding 'UTF8';
