-- Second factors, passkeys, identities of a log-in service.
select 1;
