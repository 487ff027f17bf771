-- SCIM: who comes, moves and leaves.
select 1;
