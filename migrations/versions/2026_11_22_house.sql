create extension if not exists pg_trgm;
create extension if not exists btree_gist;
create extension if not exists unaccent;

-- Text as people search it: without accents, in small letters. Immutable so that an index can stand on it.
create function plain(value text) returns text language sql immutable strict parallel safe
  return lower(public.unaccent('public.unaccent'::regdictionary, value));

------------------------------------------------------------------------------------------------ guards
create function no_change() returns trigger language plpgsql as $$
begin
  raise exception 'table % is append-only', tg_table_name using errcode = '42501';
end $$;

-- On a version row only one thing may change: `recorded` gets its end, and that end is now.
create function only_close_recorded() returns trigger language plpgsql as $$
begin
  if tg_op = 'DELETE' then
    raise exception 'table % keeps its history', tg_table_name using errcode = '42501';
  end if;
  if (to_jsonb(new) - 'recorded') is distinct from (to_jsonb(old) - 'recorded') or not upper_inf(old.recorded) then
    raise exception 'only the end of recorded may be set in %', tg_table_name using errcode = '42501';
  end if;
  if upper_inf(new.recorded) or current_user <> 'teams_owner' then
    new.recorded := tstzrange(lower(old.recorded), greatest(now(), lower(old.recorded)));
  end if;
  return new;
end $$;

------------------------------------------------------------------------------------------------ journal
create table journal (
  id uuid primary key default uuidv7(),
  at timestamptz not null default now(),
  actor uuid,
  acting_role uuid,
  request_id text,
  origin text,
  verb text not null,
  schema_version smallint not null default 1,
  accountable boolean not null default false,
  facts jsonb not null default '{}',
  xid xid8 not null default pg_current_xact_id()
);
create index ix_journal_xid on journal (xid, id);
create index ix_journal_actor on journal (actor, id desc);
create table journal_subject (
  entry uuid not null references journal,
  kind text not null,
  id uuid not null,
  primary key (entry, kind, id)
);
create index ix_journal_subject_page on journal_subject (kind, id, entry desc);
create table journal_text (
  entry uuid not null references journal,
  field text not null,
  key bytea not null check (length(key) = 32),
  value text not null,
  primary key (entry, field)
);

------------------------------------------------------------------------------------------------ people
create table organisation (
  id uuid primary key default uuidv7(),
  name text not null,
  version int not null default 1,
  only_one boolean not null default true unique check (only_one)
);
create table person (
  id uuid primary key default uuidv7(),
  number text not null unique,
  name text not null check (length(name) between 1 and 120),
  email text not null,
  created_at timestamptz not null default now(),
  version int not null default 1
);
create unique index uq_person_email on person (lower(email));
create index ix_person_name on person using gin (plain(name) gin_trgm_ops);
create table contract (
  id uuid primary key default uuidv7(),
  person_id uuid not null references person,
  hours numeric(4,1) not null check (hours between 0 and 60),
  valid daterange not null check (not isempty(valid) and not lower_inf(valid)),
  recorded tstzrange not null default tstzrange(now(), null),
  exclude using gist (person_id with =, valid with &&, recorded with &&)
);
create table absence (
  id uuid primary key default uuidv7(),
  person_id uuid not null references person,
  valid daterange not null check (not isempty(valid) and not lower_inf(valid) and not upper_inf(valid)),
  recorded tstzrange not null default tstzrange(now(), null),
  exclude using gist (person_id with =, valid with &&, recorded with &&)
);
create table skill (
  id uuid primary key default uuidv7(),
  name text not null check (length(name) between 1 and 80)
);
create unique index uq_skill_name on skill (plain(name));
create table person_skill (
  person_id uuid not null references person,
  skill_id uuid not null references skill,
  primary key (person_id, skill_id)
);

------------------------------------------------------------------------------------------------ structure
create table team (
  id uuid primary key default uuidv7(),
  code text not null unique check (length(code) between 1 and 40)
);
create table team_version (
  id uuid primary key default uuidv7(),
  team_id uuid not null references team,
  name text not null check (length(name) between 1 and 120),
  purpose text not null default '',
  cluster text not null default '',
  parent_id uuid references team check (parent_id <> team_id),
  valid daterange not null check (not isempty(valid) and not lower_inf(valid)),
  recorded tstzrange not null default tstzrange(now(), null),
  exclude using gist (team_id with =, valid with &&, recorded with &&)
);
create index ix_team_version_parent on team_version (parent_id);
create table role (
  id uuid primary key default uuidv7()
);
create table role_version (
  id uuid primary key default uuidv7(),
  role_id uuid not null references role,
  team_id uuid not null references team,
  name text not null check (length(name) between 1 and 120),
  purpose text not null default '',
  core text check (core in ('rolverdeler','begeleider','teamsecretaris','afgevaardigde')),
  office text,
  valid daterange not null check (not isempty(valid) and not lower_inf(valid)),
  recorded tstzrange not null default tstzrange(now(), null),
  exclude using gist (role_id with =, valid with &&, recorded with &&)
);
alter table role_version add constraint ex_role_version_name
  exclude using gist (team_id with =, plain(name) with =, valid with &&, recorded with &&);
create index ix_role_version_name on role_version using gin (plain(name) gin_trgm_ops);
create table role_item (
  id uuid primary key default uuidv7(),
  item_id uuid not null default uuidv7(),
  role_id uuid not null references role,
  kind text not null check (kind in ('verantwoordelijkheid','domein')),
  text text not null check (length(text) between 1 and 500),
  position int not null default 0,
  valid daterange not null check (not isempty(valid) and not lower_inf(valid)),
  recorded tstzrange not null default tstzrange(now(), null),
  exclude using gist (item_id with =, valid with &&, recorded with &&)
);
create index ix_role_item_role on role_item (role_id);
create table role_filling (
  id uuid primary key default uuidv7(),
  role_id uuid not null references role,
  person_id uuid not null references person,
  hours numeric(4,1) check (hours between 0 and 60),
  focus text not null default '',
  elected boolean not null default false,
  valid tstzrange not null check (not isempty(valid) and not lower_inf(valid)),
  recorded tstzrange not null default tstzrange(now(), null),
  exclude using gist (role_id with =, person_id with =, valid with &&, recorded with &&)
);
create index ix_role_filling_person on role_filling (person_id);
create table home_team (
  id uuid primary key default uuidv7(),
  person_id uuid not null references person,
  team_id uuid not null references team,
  valid daterange not null check (not isempty(valid) and not lower_inf(valid)),
  recorded tstzrange not null default tstzrange(now(), null),
  exclude using gist (person_id with =, valid with &&, recorded with &&)
);
create index ix_home_team_team on home_team (team_id);
create table organ (
  id uuid primary key default uuidv7(),
  code text not null unique,
  name text not null
);
create table organ_member (
  id uuid primary key default uuidv7(),
  organ_id uuid not null references organ,
  person_id uuid not null references person,
  valid daterange not null check (not isempty(valid) and not lower_inf(valid)),
  recorded tstzrange not null default tstzrange(now(), null),
  exclude using gist (organ_id with =, person_id with =, valid with &&, recorded with &&)
);
create index ix_organ_member_person on organ_member (person_id);
create table policy (
  id uuid primary key default uuidv7(),
  team_id uuid not null references team
);
create table policy_version (
  id uuid primary key default uuidv7(),
  policy_id uuid not null references policy,
  kind text not null,
  title text not null check (length(title) between 1 and 120),
  text text not null check (length(text) between 1 and 4000),
  valid daterange not null check (not isempty(valid) and not lower_inf(valid)),
  recorded tstzrange not null default tstzrange(now(), null),
  exclude using gist (policy_id with =, valid with &&, recorded with &&)
);

-- A filling lies within the life of its role (both as recorded now); checked at the end of the transaction.
create function within_role() returns trigger language plpgsql as $$
declare life tstzmultirange;
begin
  if not upper_inf(new.recorded) then return null; end if;
  if not exists (select from role_filling f where f.id = new.id and upper_inf(f.recorded)) then return null; end if;
  select range_agg(tstzrange(lower(v.valid)::timestamp at time zone 'Europe/Amsterdam',
                             upper(v.valid)::timestamp at time zone 'Europe/Amsterdam'))
    into life from role_version v where v.role_id = new.role_id and upper_inf(v.recorded);
  if life is null or not life @> new.valid then
    raise exception 'filling outside the life of its role' using errcode = '23514', constraint = 'filling_within_role';
  end if;
  return null;
end $$;
create constraint trigger filling_within_role after insert on role_filling deferrable initially deferred
  for each row execute function within_role();

------------------------------------------------------------------------------------------------ klussen
create table klus (
  id uuid primary key default uuidv7(),
  number int not null generated always as identity unique,
  version int not null default 1,
  terms int not null default 1,
  title text not null check (length(title) between 1 and 120),
  description text not null default '' check (length(description) <= 4000),
  kind text not null check (kind in ('klus','project','vacature')),
  way text not null check (way in ('claim','selectie','loten')),
  state text not null check (state in
    ('concept','open','gesloten','in_uitvoering','afgerond','ingetrokken','verlopen')),
  team_id uuid not null references team,
  role_id uuid references role,
  organ_id uuid references organ,
  posted_by uuid not null references person,
  places int not null check (places between 1 and 200),
  taken int not null default 0,
  hours_min numeric(4,1) check (hours_min > 0 and hours_min <= 60),
  hours_max numeric(4,1) check (hours_max >= hours_min and hours_max <= 60),
  hours_total numeric(6,1) check (hours_total > 0 and hours_total <= 2000),
  starts date not null,
  ends date,
  apply_until date,
  accepting boolean not null default true,
  origin text not null default 'intern' check (origin in ('intern','initiatief','uitdaagrecht','raad')),
  origin_reference text not null default '',
  powers text[] not null default '{}',
  created_at timestamptz not null default now(),
  published_at timestamptz,
  search tsvector not null generated always as
    (setweight(to_tsvector('dutch', plain(title)), 'A') || setweight(to_tsvector('dutch', plain(description)), 'B')) stored,
  constraint ck_klus_period check (ends >= starts),
  constraint ck_klus_hours check ((hours_total is null) <> (hours_min is null) and (hours_min is null) = (hours_max is null)),
  constraint ck_klus_capacity check (taken between 0 and places),
  constraint ck_klus_appointment check (kind <> 'vacature' or way = 'selectie')
);
create index ix_klus_open_new on klus (number desc) where state in ('open','in_uitvoering');
create index ix_klus_open_starts on klus (starts, number) where state in ('open','in_uitvoering');
create index ix_klus_new on klus (state, number desc);
create index ix_klus_team on klus (team_id, number desc);
create index ix_klus_search on klus using gin (search);
create index ix_klus_search_live on klus using gin (search) where state in ('open','in_uitvoering');
create index ix_klus_words_live on klus using gin (plain(title || ' ' || description) gin_trgm_ops)
  where state in ('open','in_uitvoering');
create index ix_klus_due on klus (starts) where state in ('open','gesloten');
create table klus_skill (
  klus_id uuid not null references klus,
  skill_id uuid not null references skill,
  primary key (klus_id, skill_id)
);
create index ix_klus_skill_skill on klus_skill (skill_id, klus_id);
create table claim (
  id uuid primary key default uuidv7(),
  klus_id uuid not null references klus,
  person_id uuid not null references person,
  state text not null check (state in
    ('bevestigd','lopend','afgerond','ingetrokken','teruggegeven','beeindigd')),
  seat int check (seat >= 1),
  hours numeric(6,1) not null check (hours > 0),
  terms int not null default 1,
  motivation text not null default '',
  at timestamptz not null default now(),
  ended_at timestamptz,
  ended_on date,
  reason text not null default '',
  handover text not null default '',
  version int not null default 1,
  constraint ck_claim_seat check ((seat is not null) = (state in ('bevestigd','lopend'))),
  constraint ck_claim_end check ((ended_at is null) = (state in ('bevestigd','lopend')))
);
create unique index uq_claim_seat on claim (klus_id, seat) where seat is not null;
create unique index uq_claim_active on claim (klus_id, person_id) where state in ('bevestigd','lopend');
create index ix_claim_klus on claim (klus_id, at);
create index ix_claim_person on claim (person_id, at desc);
create index ix_claim_at on claim (at);

-- Keeps klus.taken equal to the number of seats held; with ck_klus_capacity the last wall behind R1 and R8.
create function klus_counts_seats() returns trigger language plpgsql as $$
declare change int := 0;
begin
  if tg_op <> 'INSERT' and old.seat is not null then change := change - 1; end if;
  if tg_op <> 'DELETE' and new.seat is not null then change := change + 1; end if;
  if change <> 0 then
    update klus set taken = taken + change where id = coalesce(new.klus_id, old.klus_id);
  end if;
  return null;
end $$;
create trigger klus_counts_seats after insert or update of seat or delete on claim
  for each row execute function klus_counts_seats();

-- R5: everything known of a person's hours from last week on; `p_except` leaves out one klus.
create function person_hours(p_person uuid, p_except uuid default null) returns jsonb language sql stable
begin atomic
  select jsonb_build_object(
    'contracts', (select coalesce(jsonb_agg(jsonb_build_array(lower(c.valid), upper(c.valid), c.hours)), '[]')
      from contract c where c.person_id = p_person and upper_inf(c.recorded)),
    'absences', (select coalesce(jsonb_agg(jsonb_build_array(lower(a.valid), upper(a.valid))), '[]')
      from absence a where a.person_id = p_person and upper_inf(a.recorded) and upper(a.valid) > current_date - 8),
    'roles', (select coalesce(jsonb_agg(jsonb_build_array(
        (lower(f.valid) at time zone 'Europe/Amsterdam')::date, (upper(f.valid) at time zone 'Europe/Amsterdam')::date,
        f.hours)), '[]')
      from role_filling f where f.person_id = p_person and upper_inf(f.recorded)
        and (upper_inf(f.valid) or upper(f.valid) > now())),
    'others', (select coalesce(jsonb_agg(jsonb_build_array(o.starts, o.ends, c.hours, o.hours_total is not null)), '[]')
      from claim c join klus o on o.id = c.klus_id
      where c.person_id = p_person and c.seat is not null and c.klus_id is distinct from p_except)
  );
end;

-- R1: locks person, then klus, as statements of their own (the facts are read after the wait), and returns what
-- the rules need as JSON. Null when one of the two does not exist.
create function claim_facts(p_person uuid, p_klus uuid) returns jsonb language plpgsql volatile as $$
declare k klus; result jsonb;
begin
  perform from person where id = p_person for no key update;
  if not found then return null; end if;
  select * into k from klus where id = p_klus for no key update;
  if not found then return null; end if;
  select jsonb_build_object(
    'at', now(),
    'claim_id', uuidv7(),
    'klus', jsonb_build_object('state', k.state, 'kind', k.kind, 'way', k.way, 'places', k.places, 'taken', k.taken,
      'starts', k.starts, 'ends', k.ends, 'apply_until', k.apply_until, 'accepting', k.accepting, 'terms', k.terms,
      'hours_min', k.hours_min, 'hours_max', k.hours_max, 'hours_total', k.hours_total, 'team_id', k.team_id,
      'number', k.number, 'posted_by', k.posted_by, 'title', k.title),
    'seats', (select coalesce(jsonb_agg(c.seat), '[]') from claim c where c.klus_id = k.id and c.seat is not null),
    'mine', (select c.state from claim c where c.klus_id = k.id and c.person_id = p_person and c.seat is not null),
    'home_team', (select h.team_id from home_team h where h.person_id = p_person and upper_inf(h.recorded)
      and h.valid @> (now() at time zone 'Europe/Amsterdam')::date)
  ) || person_hours(p_person, p_klus) into result;
  return result;
end $$;

------------------------------------------------------------------------------------------------ accounts
create table account (
  id uuid primary key default uuidv7(),
  person_id uuid unique references person,
  email text not null,
  password_hash text,
  must_change boolean not null default false,
  language text not null default 'nl' check (language in ('nl','en')),
  disabled_at timestamptz,
  created_at timestamptz not null default now(),
  version int not null default 1
);
create unique index uq_account_email on account (lower(email));
create table account_right (
  account_id uuid not null references account,
  "right" text not null check ("right" in ('secretaris','controller','raad','beheer')),
  granted_at timestamptz not null default now(),
  primary key (account_id, "right")
);
create table session (
  id bytea primary key check (length(id) = 32),
  account_id uuid not null references account on delete cascade,
  created_at timestamptz not null default now(),
  seen_at timestamptz not null default now(),
  ends_at timestamptz not null default now() + interval '12 hours',
  device text not null default ''
);
create index ix_session_account on session (account_id);
create table api_token (
  id uuid primary key default uuidv7(),
  account_id uuid not null references account,
  name text not null,
  hash bytea not null unique check (length(hash) = 32),
  created_at timestamptz not null default now(),
  used_at timestamptz,
  revoked_at timestamptz
);
create index ix_api_token_account on api_token (account_id);
create table throttle (
  key text primary key,
  since timestamptz not null default now(),
  tries int not null default 1
);
create table form_key (
  account_id uuid not null references account,
  key text not null,
  request_hash bytea not null,
  status int,
  answer jsonb,
  at timestamptz not null default now(),
  primary key (account_id, key)
);
create index ix_form_key_at on form_key (at);

------------------------------------------------------------------------------------------------ imports that wait
create table pending_import (
  id uuid primary key default uuidv7(),
  number int not null generated always as identity unique,
  kind text not null check (kind in ('organisatie','mandaten','budgetten')),
  state text not null default 'wacht' check (state in ('wacht','bevestigd','afgewezen','vervallen')),
  files jsonb not null,
  difference jsonb not null,
  offered_by uuid references person,
  offered_at timestamptz not null default now(),
  settled_by uuid references person,
  settled_at timestamptz,
  version int not null default 1
);

------------------------------------------------------------------------------------------------ guards on history
do $$
declare t text;
begin
  foreach t in array array['contract','absence','team_version','role_version','role_item','role_filling','home_team',
                           'organ_member','policy_version'] loop
    execute format('create trigger history before update or delete on %I for each row execute function only_close_recorded()', t);
    execute format('create trigger no_truncate before truncate on %I for each statement execute function no_change()', t);
  end loop;
  foreach t in array array['journal','journal_subject'] loop
    execute format('create trigger append_only before update or delete on %I for each row execute function no_change()', t);
    execute format('create trigger no_truncate before truncate on %I for each statement execute function no_change()', t);
  end loop;
end $$;

------------------------------------------------------------------------------------------------ privileges
revoke all on schema public from public;
grant usage on schema public to teams_app, teams_worker, teams_signer, teams_auditor, teams_backup;
revoke execute on all functions in schema public from public;
grant execute on all functions in schema public to teams_app, teams_worker, teams_auditor;

do $$
declare r text; t text;
begin
  foreach r in array array['teams_app','teams_worker'] loop
    execute format('grant select on all tables in schema public to %I', r);
    execute format('grant insert (actor, acting_role, request_id, origin, verb, schema_version, accountable, facts) on journal to %I', r);
    execute format('grant insert on journal_subject, journal_text to %I', r);
    foreach t in array array['contract (person_id, hours, valid)', 'absence (person_id, valid)',
        'team_version (team_id, name, purpose, cluster, parent_id, valid)',
        'role_version (role_id, team_id, name, purpose, core, office, valid)',
        'role_item (item_id, role_id, kind, text, position, valid)',
        'role_filling (role_id, person_id, hours, focus, elected, valid)', 'home_team (person_id, team_id, valid)',
        'organ_member (organ_id, person_id, valid)', 'policy_version (policy_id, kind, title, text, valid)'] loop
      execute format('grant insert (%s) on %s to %I', trim(both '()' from substring(t from '\(.*\)')), split_part(t, ' ', 1), r);
      execute format('grant update (recorded) on %s to %I', split_part(t, ' ', 1), r);
    end loop;
    execute format('grant insert, update on organisation, person, klus, claim, account, pending_import to %I', r);
    execute format('grant insert on team, role, organ, policy, skill to %I', r);
    execute format('grant update (name) on organ to %I', r);
    execute format('grant insert, delete on person_skill, klus_skill, account_right to %I', r);
    execute format('grant insert, update, delete on session, throttle, form_key, api_token to %I', r);
  end loop;
end $$;
grant select on journal, journal_subject to teams_auditor;
