-- The PostgreSQL roles of Teams. Run once by a superuser, before `teams migrate`; may be run again.
-- Then give each its own way to log in (password, certificate or peer) in the manner of your installation.
do $$
declare name text;
begin
  foreach name in array array['teams_owner','teams_app','teams_worker','teams_signer','teams_auditor','teams_backup'] loop
    if not exists (select from pg_roles where rolname = name) then
      execute format('create role %I login', name);
    end if;
  end loop;
end $$;
grant pg_read_all_data to teams_backup;
-- What Teams asks for at each connection; here as well, because a pooler does not pass it on.
alter role teams_app set statement_timeout = '5s';
alter role teams_app set lock_timeout = '2s';
alter role teams_app set idle_in_transaction_session_timeout = '5s';
alter role teams_app set transaction_timeout = '30s';
alter role teams_app set jit = 'off';
alter role teams_app set pg_trgm.word_similarity_threshold = '0.4';
