-- A party is text: orgaan:CODE, rol:UUID, functie:NAME, persoon:UUID, extern:NAME.
create function party_exists(party text) returns boolean language plpgsql stable as $$
declare kind text := split_part(party, ':', 1); what text := substr(party, strpos(party, ':') + 1);
begin
  if what = '' then return false; end if;
  case kind
    when 'orgaan' then return exists (select from organ where code = what);
    when 'rol' then return exists (select from role where id::text = what);
    when 'persoon' then return exists (select from person where id::text = what);
    when 'functie' then return true;
    when 'extern' then return true;
    else return false;
  end case;
end $$;

------------------------------------------------------------------------------------------------ powers
create table power (
  id uuid primary key default uuidv7(),
  code text not null unique check (length(code) between 1 and 40)
);
create table power_version (
  id uuid primary key default uuidv7(),
  power_id uuid not null references power,
  title text not null check (length(title) between 1 and 300),
  act text not null default 'besluit' check (act in ('besluit','privaatrecht','feitelijk')),
  organs text[] not null check (cardinality(organs) between 1 and 4),
  mandatable text not null default 'ja' check (mandatable in ('ja','nee','alleen_aan')),
  only_to text[] not null default '{}',
  mandatable_source text not null default '',
  specials text[] not null default '{}' check (specials <@ array['bezwaar','boete','klacht','openbare_orde',
    'algemeen_voorschrift','versterkte_meerderheid','vernietiging_of_goedkeuring']),
  ceiling_base text not null default 'per_besluit'
    check (ceiling_base in ('per_besluit','excl_btw','totale_waarde','per_jaar','per_zaak')),
  four_eyes bigint check (four_eyes between -1 and 9007199254740991),
  external_by_law boolean not null default false,
  asks text[] not null default '{}' check (asks <@ array['belang','gevoelig','rapporteur','wederpartij','zaak']),
  confidential boolean not null default false,
  recording text not null default 'per_besluit'
    check (recording in ('per_besluit','reeks','uit_zaaksysteem','niet')),
  keywords text not null default '' check (length(keywords) <= 2000),
  valid tstzrange not null check (not isempty(valid) and not lower_inf(valid)),
  recorded tstzrange not null default tstzrange(now(), null),
  search tsvector not null generated always as
    (setweight(to_tsvector('dutch', plain(title)), 'A') || setweight(to_tsvector('dutch', plain(keywords)), 'B')) stored,
  exclude using gist (power_id with =, valid with &&, recorded with &&)
);
create index ix_power_version_power on power_version (power_id);
create index ix_power_version_search on power_version using gin (search);
create index ix_power_version_words on power_version using gin (plain(title || ' ' || keywords) gin_trgm_ops);
create table power_basis (
  id uuid primary key default uuidv7(),
  item_id uuid not null default uuidv7(),
  power_id uuid not null references power,
  text text not null check (length(text) between 1 and 300),
  valid tstzrange not null check (not isempty(valid) and not lower_inf(valid)),
  recorded tstzrange not null default tstzrange(now(), null),
  exclude using gist (item_id with =, valid with &&, recorded with &&)
);
create index ix_power_basis_power on power_basis (power_id);

create function power_is_sound() returns trigger language plpgsql as $$
begin
  if exists (select from unnest(new.organs) o where not exists (select from organ where code = o)) then
    raise exception 'power of an unknown organ' using errcode = '23503', constraint = 'power_organ';
  end if;
  if exists (select from unnest(new.only_to) p where not party_exists(p)) then
    raise exception 'unknown party' using errcode = '23503', constraint = 'power_only_to';
  end if;
  return new;
end $$;
create trigger sound before insert on power_version for each row execute function power_is_sound();

------------------------------------------------------------------------------------------------ frameworks
create table framework (
  id uuid primary key default uuidv7(),
  code text not null unique check (length(code) between 1 and 40)
);
create table framework_version (
  id uuid primary key default uuidv7(),
  framework_id uuid not null references framework,
  title text not null check (length(title) between 1 and 120),
  text text not null check (length(text) between 1 and 4000),
  organ_id uuid not null references organ,
  decided_on timestamptz not null,
  decision text not null check (decision <> ''),
  valid tstzrange not null check (not isempty(valid) and not lower_inf(valid)),
  recorded tstzrange not null default tstzrange(now(), null),
  exclude using gist (framework_id with =, valid with &&, recorded with &&)
);

------------------------------------------------------------------------------------------------ grants
create table power_grant (
  id uuid primary key default uuidv7(),
  number text not null unique check (length(number) between 1 and 40)
);
create table grant_version (
  id uuid primary key default uuidv7(),
  grant_id uuid not null references power_grant,
  kinds text[] not null check (cardinality(kinds) > 0 and
    kinds <@ array['mandaat','volmacht','machtiging','ondertekening','delegatie']),
  grantors text[] not null,
  holder text not null,
  parent_id uuid references power_grant check (parent_id <> grant_id),
  powers text[] not null default '{}',
  all_except text[],
  ceiling bigint check (ceiling between 0 and 9007199254740991),
  base text not null default 'per_besluit'
    check (base in ('per_besluit','excl_btw','totale_waarde','per_jaar','per_zaak')),
  sub text not null default 'nee' check (sub in ('nee','ja','diepte','alleen_aan')),
  sub_depth int not null default 0 check (sub_depth between 0 and 8),
  sub_only_to text[] not null default '{}',
  conditions text[] not null default '{}',
  instructions text[] not null default '{}',
  form text not null default 'algemeen' check (form in ('algemeen','bepaald_geval')),
  case_number text,
  written boolean not null default true,
  framework_id uuid references framework,
  remarks text not null default '' check (length(remarks) <= 4000),
  decided_on timestamptz,
  decision text not null default '',
  published_on timestamptz,
  publication text not null default '',
  publication_uri text not null default '',
  consent_holder_on timestamptz,
  consent_employer_on timestamptz,
  withdrawn_at timestamptz,
  withdrawal text not null default '',
  hash text not null default '',
  valid tstzrange not null check (not isempty(valid) and not lower_inf(valid)),
  recorded tstzrange not null default tstzrange(now(), null),
  constraint ck_grant_version_all_except check (all_except is null or powers = '{}'),
  constraint ck_grant_version_delegation check (not kinds @> array['delegatie'] or holder like 'orgaan:%'),
  constraint ex_grant_version exclude using gist (grant_id with =, valid with &&, recorded with &&)
);
create index ix_grant_version_grant on grant_version (grant_id);
create index ix_grant_version_parent on grant_version (parent_id) where parent_id is not null;
create index ix_grant_version_powers on grant_version using gin (powers);
create index ix_grant_version_reverse on grant_version (grant_id) where all_except is not null;
create index ix_grant_version_holder on grant_version (holder);
create index ix_role_version_office on role_version (office) where office is not null;

-- Also sets `hash`, the fingerprint of everything the version says, by which an answer and a decision refer to it.
create function grant_is_sound() returns trigger language plpgsql set timezone = 'UTC' as $$
begin
  if exists (select from unnest(new.grantors || new.holder || new.sub_only_to) p where not party_exists(p)) then
    raise exception 'unknown party' using errcode = '23503', constraint = 'grant_party';
  end if;
  if exists (select from unnest(new.powers || coalesce(new.all_except, '{}')) c
      where not exists (select from power where code = c)) then
    raise exception 'unknown power' using errcode = '23503', constraint = 'grant_power';
  end if;
  new.hash := 'sha256:' || encode(sha256(convert_to(
    (to_jsonb(new) - array['id', 'hash', 'recorded'])::text, 'UTF8')), 'hex');
  return new;
end $$;
create trigger sound before insert on grant_version for each row execute function grant_is_sound();

-- M02: no circle and at most eight steps, over all versions as recorded now; one writer at a time.
create function grant_in_order() returns trigger language plpgsql as $$
declare above int; below int; circle boolean;
begin
  if not exists (select from grant_version v where v.id = new.id and upper_inf(v.recorded)) then return null; end if;
  perform pg_advisory_xact_lock(hashtext('teams.mandates'));
  with recursive up(id, step) as (
    select new.parent_id, 1 where new.parent_id is not null
    union
    select v.parent_id, u.step + 1 from up u join grant_version v on v.grant_id = u.id and upper_inf(v.recorded)
    where v.parent_id is not null and u.id <> new.grant_id and u.step < 9
  ) select coalesce(max(step), 0), coalesce(bool_or(id = new.grant_id), false) into above, circle from up;
  with recursive down(id, step) as (
    select new.grant_id, 0
    union
    select v.grant_id, d.step + 1 from down d join grant_version v on v.parent_id = d.id and upper_inf(v.recorded)
    where d.step < 9
  ) select max(step) into below from down;
  if circle then
    raise exception 'grants refer to one another in a circle' using errcode = '23514', constraint = 'grant_no_circle';
  end if;
  if above + 1 + below > 8 then
    raise exception 'chain of more than eight grants' using errcode = '23514', constraint = 'grant_depth';
  end if;
  return null;
end $$;
create constraint trigger grant_in_order after insert on grant_version deferrable initially deferred
  for each row execute function grant_in_order();

-- How a grant stands at a moment, as known then; M17: what its parents lost, it lost as well.
create function grant_state(p_grant uuid, p_at timestamptz, p_known timestamptz) returns text language plpgsql stable as $$
declare v grant_version; next uuid := p_grant; mine text; step int := 0;
begin
  loop
    select * into v from grant_version g where g.grant_id = next and g.recorded @> p_known
      order by g.valid @> p_at desc, lower(g.valid) <= p_at desc, abs(extract(epoch from lower(g.valid) - p_at)) limit 1;
    if not found then
      return case when step = 0 then null else 'vervallen' end;
    end if;
    if step = 0 then
      mine := case
        when v.withdrawn_at <= p_at then 'ingetrokken'
        when v.decided_on is null or v.decided_on > p_at then 'voorgenomen'
        when upper(v.valid) <= p_at then 'vervallen'
        when v.form = 'algemeen' and (v.published_on is null or v.published_on > p_at) then 'besloten'
        when lower(v.valid) > p_at then 'bekendgemaakt'
        else 'geldt' end;
      if mine in ('ingetrokken','voorgenomen','vervallen') then return mine; end if;
    elsif v.withdrawn_at <= p_at or upper(v.valid) <= p_at then
      return 'vervallen';
    end if;
    next := v.parent_id;
    step := step + 1;
    if next is null or step > 8 then return mine; end if;
  end loop;
end $$;

------------------------------------------------------------------------------------------------ decrees
create table decree (
  id uuid primary key default uuidv7(),
  number int not null generated always as identity unique,
  organ_id uuid not null references organ,
  title text not null check (length(title) between 1 and 120),
  text text not null check (length(text) <= 20000),
  state text not null default 'voorgenomen' check (state in ('voorgenomen','besloten','bekendgemaakt')),
  decided_on timestamptz,
  decision text not null default '',
  published_on timestamptz,
  publication text not null default '',
  publication_uri text not null default '',
  made_by uuid references person,
  made_at timestamptz not null default now(),
  version int not null default 1,
  constraint ck_decree_decided check ((state = 'voorgenomen') = (decided_on is null) and (decided_on is null or decision <> '')),
  constraint ck_decree_published check ((state = 'bekendgemaakt') = (published_on is not null) and published_on >= decided_on)
);
create table decree_item (
  decree_id uuid not null references decree,
  grant_id uuid not null references power_grant,
  act text not null check (act in ('geeft','trekt_in')),
  primary key (decree_id, grant_id)
);
create index ix_decree_item_grant on decree_item (grant_id);

------------------------------------------------------------------------------------------------ around the grants
create table power_exclusion (
  id uuid primary key default uuidv7(),
  item_id uuid not null default uuidv7(),
  power_id uuid not null references power,
  grant_id uuid references power_grant,
  rule text not null check (length(rule) <= 500),
  triggers text[] not null default '{}',
  source text not null default '',
  valid tstzrange not null check (not isempty(valid) and not lower_inf(valid)),
  recorded tstzrange not null default tstzrange(now(), null),
  exclude using gist (item_id with =, valid with &&, recorded with &&)
);
create index ix_power_exclusion_power on power_exclusion (power_id);
create table replacement (
  id uuid primary key default uuidv7(),
  item_id uuid not null default uuidv7(),
  role_id uuid not null references role,
  person_id uuid not null references person,
  reason text not null check (reason in ('afwezig','ontstentenis')),
  decision text not null default '',
  valid tstzrange not null check (not isempty(valid) and not lower_inf(valid)),
  recorded tstzrange not null default tstzrange(now(), null),
  exclude using gist (item_id with =, valid with &&, recorded with &&)
);
create index ix_replacement_role on replacement (role_id);
create index ix_replacement_person on replacement (person_id);
create table budget (
  id uuid primary key default uuidv7(),
  code text not null check (length(code) between 1 and 40),
  year int not null check (year between 2000 and 2199),
  name text not null check (length(name) between 1 and 120),
  portfolio text not null default '',
  amount bigint check (amount between 0 and 9007199254740991),
  holder_id uuid references role,
  powers text[] not null default '{}',
  recorded tstzrange not null default tstzrange(now(), null),
  exclude using gist (code with =, year with =, recorded with &&)
);
create index ix_budget_powers on budget using gin (powers);
create table interest (
  id uuid primary key default uuidv7(),
  person_id uuid not null references person,
  about text not null check (length(about) between 1 and 120),
  kind text not null default '',
  recorded tstzrange not null default tstzrange(now(), null),
  exclude using gist (person_id with =, about with =, kind with =, recorded with &&)
);
create index ix_interest_about on interest (about);
create table taken_back (
  id uuid primary key default uuidv7(),
  grant_id uuid not null references power_grant,
  case_number text not null check (case_number <> ''),
  taken_by text not null,
  at timestamptz not null,
  recorded tstzrange not null default tstzrange(now(), null)
);
create index ix_taken_back_grant on taken_back (grant_id);
create table information_call (
  id uuid primary key default uuidv7(),
  item_id uuid not null default uuidv7(),
  grant_id uuid not null references power_grant,
  asked_by text not null,
  due timestamptz not null,
  answered_at timestamptz,
  recorded tstzrange not null default tstzrange(now(), null),
  exclude using gist (item_id with =, recorded with &&)
);
create index ix_information_call_grant on information_call (grant_id);

-- M30: who works on a klus that touches powers, and when.
create view klus_powers as
  select c.person_id, k.title, k.powers, tstzrange(c.at, c.ended_at) as valid
  from claim c join klus k on k.id = c.klus_id where k.powers <> '{}' and c.at < coalesce(c.ended_at, 'infinity');

------------------------------------------------------------------------------------------------ guards on history
do $$
declare t text;
begin
  foreach t in array array['power_version','power_basis','framework_version','grant_version','power_exclusion','replacement',
                           'budget','interest','taken_back','information_call'] loop
    execute format('create trigger history before update or delete on %I for each row execute function only_close_recorded()', t);
    execute format('create trigger no_truncate before truncate on %I for each statement execute function no_change()', t);
  end loop;
  foreach t in array array['power','power_grant','decree_item','framework'] loop
    execute format('create trigger append_only before update or delete on %I for each row execute function no_change()', t);
    execute format('create trigger no_truncate before truncate on %I for each statement execute function no_change()', t);
  end loop;
end $$;

------------------------------------------------------------------------------------------------ privileges
revoke execute on function party_exists(text), power_is_sound(), grant_is_sound(), grant_in_order(),
  grant_state(uuid, timestamptz, timestamptz) from public;
grant execute on function party_exists(text), grant_state(uuid, timestamptz, timestamptz) to teams_app, teams_worker, teams_auditor;

do $$
declare r text; t text;
begin
  foreach r in array array['teams_app','teams_worker'] loop
    foreach t in array array['power','power_version','power_basis','framework','framework_version','power_grant','grant_version',
        'decree','decree_item','power_exclusion','replacement','budget','interest','taken_back','information_call','klus_powers'] loop
      execute format('grant select on %I to %I', t, r);
    end loop;
    foreach t in array array[
        'power_version (power_id, title, act, organs, mandatable, only_to, mandatable_source, specials, ceiling_base, four_eyes, external_by_law, asks, confidential, recording, keywords, valid)',
        'power_basis (item_id, power_id, text, valid)',
        'framework_version (framework_id, title, text, organ_id, decided_on, decision, valid)',
        'grant_version (grant_id, kinds, grantors, holder, parent_id, powers, all_except, ceiling, base, sub, sub_depth, sub_only_to, conditions, instructions, form, case_number, written, framework_id, remarks, decided_on, decision, published_on, publication, publication_uri, consent_holder_on, consent_employer_on, withdrawn_at, withdrawal, valid)',
        'power_exclusion (item_id, power_id, grant_id, rule, triggers, source, valid)',
        'replacement (item_id, role_id, person_id, reason, decision, valid)',
        'budget (code, year, name, portfolio, amount, holder_id, powers)', 'interest (person_id, about, kind)',
        'taken_back (grant_id, case_number, taken_by, at)', 'information_call (item_id, grant_id, asked_by, due, answered_at)'] loop
      execute format('grant insert %s on %s to %I', substring(t from '\(.*\)'), split_part(t, ' ', 1), r);
      execute format('grant update (recorded) on %s to %I', split_part(t, ' ', 1), r);
    end loop;
    execute format('grant insert on power, power_grant, framework, decree_item to %I', r);
    execute format('grant insert (organ_id, title, text, made_by), update (title, text, state, decided_on, decision, published_on, publication, publication_uri, version) on decree to %I', r);
  end loop;
end $$;
