-- The ledger: leaves, tree nodes, signed heads, witnesses.

------------------------------------------------------------------------------------------------ logs
-- A stolen or lost key begins a new log; `after` is the size at which the one before it was left.
create table log (
  id smallint primary key check (id > 0),
  entry uuid unique,
  after bigint check (after > 0),
  at timestamptz not null default now(),
  check ((id = 1) = (entry is null)),
  check (id > 1 or after is null)
);
insert into log (id) values (1);
-- Who writes leaves holds this row for one batch. A row and no advisory lock: the app can neither see nor take it.
create table sequencer (only_one boolean primary key default true check (only_one));
insert into sequencer default values;

------------------------------------------------------------------------------------------------ leaves and tree
-- No foreign key to the journal: a leaf outlives whatever happens there, and takes no lock on its rows.
create table leaf (
  log smallint not null references log,
  seq bigint not null check (seq >= 0),
  entry uuid not null,
  type text not null,
  nummer text,
  bytes bytea not null check (length(bytes) <= 65535),
  hash bytea not null check (length(hash) = 32),
  primary key (log, seq)
);
create unique index uq_leaf_entry on leaf (entry, log);
create index ix_leaf_nummer on leaf (nummer, type) where nummer is not null;
-- The key of the commitment to an entry's row in the journal. Each text there has a key of its own.
create table leaf_seed (
  log smallint not null,
  seq bigint not null,
  seed bytea not null check (length(seed) = 32),
  primary key (log, seq)
);
create table node (
  log smallint not null references log,
  level smallint not null check (level between 1 and 62),
  idx bigint not null check (idx >= 0),
  hash bytea not null check (length(hash) = 32),
  primary key (log, level, idx)
);

------------------------------------------------------------------------------------------------ heads
create table checkpoint (
  log smallint not null references log,
  size bigint not null check (size > 0),
  root bytea not null check (length(root) = 32),
  note text not null,
  at timestamptz not null default clock_timestamp(),
  primary key (log, size)
);
create table cosignature (
  log smallint not null,
  size bigint not null,
  name text not null,
  line text not null,
  at timestamptz not null default clock_timestamp(),
  primary key (log, size, name),
  foreign key (log, size) references checkpoint
);
-- How far the log is signed, and by so many witnesses too; null while nobody signed that far.
create function head_size(p_log int, p_quorum int) returns bigint language sql stable parallel safe
begin atomic
  select case when p_quorum = 0 then (select c.size from checkpoint c where c.log = p_log order by c.size desc limit 1)
    else (select s.size from cosignature s where s.log = p_log group by s.size having count(*) >= p_quorum order by s.size desc limit 1)
  end;
end;
create table log_key (
  id int primary key generated always as identity,
  log smallint not null,
  vkey text not null,
  kind text not null check (kind in ('begin','erbij','eraf','nieuw')),
  size bigint not null check (size >= 0),
  previous text,
  at timestamptz not null default now(),
  check ((kind = 'nieuw') = (previous is not null))
);
create table alarm (
  id int primary key generated always as identity,
  log smallint not null,
  kind text not null check (kind in ('gekrompen','herschreven','gat','geheugen_kwijt','getuige')),
  size bigint not null check (size >= 0),
  at timestamptz not null default clock_timestamp(),
  settled_at timestamptz
);
create unique index uq_alarm_open on alarm (log, kind) where settled_at is null;

------------------------------------------------------------------------------------------------ what the signer does is an entry too
create function key_event() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
declare made uuid;
begin
  insert into journal (verb, accountable, facts)
  values ('key.' || case new.kind when 'begin' then 'begun' when 'erbij' then 'added' when 'eraf' then 'removed' else 'replaced' end,
    true, jsonb_strip_nulls(jsonb_build_object('vkey', new.vkey, 'vanaf', new.size, 'soort', new.kind, 'vorige', new.previous)))
  returning id into made;
  if new.kind = 'nieuw' then
    perform from sequencer for update;
    insert into log (id, entry, after) values (new.log, made, nullif(new.size, 0));
  end if;
  return null;
end $$;
create trigger key_event after insert on log_key for each row execute function key_event();

create function alarm_event() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
begin
  insert into journal (verb, accountable, facts) values ('log.alarm', true, jsonb_build_object('soort', new.kind, 'aantal', new.size));
  return null;
end $$;
create trigger alarm_event after insert on alarm for each row execute function alarm_event();

do $$
declare t text;
begin
  foreach t in array array['log','leaf','node','checkpoint','cosignature','log_key'] loop
    execute format('create trigger append_only before update or delete on %I for each row execute function no_change()', t);
    execute format('create trigger no_truncate before truncate on %I for each statement execute function no_change()', t);
  end loop;
end $$;

------------------------------------------------------------------------------------------------ privileges
revoke execute on function key_event(), alarm_event(), head_size(int, int) from public;
grant execute on function head_size(int, int) to teams_app, teams_worker, teams_auditor;
grant select on log, leaf, leaf_seed, node, checkpoint, cosignature, log_key, alarm to teams_app, teams_worker, teams_auditor;
grant select on journal_text to teams_auditor;
grant select, update on sequencer to teams_worker;
grant insert on leaf, leaf_seed, node to teams_worker;
grant select (log, seq, bytes, hash) on leaf to teams_signer;
grant select on log, node, checkpoint, cosignature, log_key, alarm to teams_signer;
grant insert (log, size, root, note) on checkpoint to teams_signer;
grant insert (log, size, name, line) on cosignature to teams_signer;
grant insert (log, vkey, kind, size, previous) on log_key to teams_signer;
grant insert (log, kind, size) on alarm to teams_signer;
grant update (settled_at) on alarm to teams_signer;
