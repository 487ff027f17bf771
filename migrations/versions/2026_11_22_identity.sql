-- Identities, second factors, passkeys, SCIM.
select 1;
