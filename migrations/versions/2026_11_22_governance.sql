create table tension (
  id uuid primary key default uuidv7(),
  team_id uuid not null references team,
  role_id uuid not null references role,
  person_id uuid not null references person,
  text text not null check (length(text) between 1 and 4000),
  example text not null check (length(example) between 1 and 4000),
  at timestamptz not null default now()
);
create table proposal (
  id uuid primary key default uuidv7(),
  number int not null generated always as identity unique,
  team_id uuid not null references team,
  tension_id uuid not null unique references tension,
  proposer_id uuid not null references person,
  version int not null default 1,
  state text not null default 'concept' check (state in
    ('concept','consent','bezwaar','overleg','aangenomen','ingetrokken','vervallen')),
  created_at timestamptz not null default now()
);
create index ix_proposal_team on proposal (team_id, number desc);
create index ix_proposal_state on proposal (state, number desc);
create index ix_proposal_proposer on proposal (proposer_id, number desc);
create table proposal_version (
  proposal_id uuid not null references proposal,
  version int not null check (version >= 1),
  changes jsonb not null check (jsonb_typeof(changes) = 'array' and jsonb_array_length(changes) between 1 and 20),
  note text not null default '' check (length(note) <= 4000),
  made_by uuid not null references person,
  at timestamptz not null default now(),
  primary key (proposal_id, version)
);
-- A round of consent on one version: its form and term as the team's policy had them, and what the change set found (`before`).
create table proposal_round (
  proposal_id uuid not null,
  version int not null,
  form text not null check (form in ('licht','gewoon','streng')),
  days int check (days between 1 and 30),
  policy_id uuid references policy,
  due_at timestamptz,
  lapses_at timestamptz not null,
  before jsonb not null,
  opened_at timestamptz not null default now(),
  primary key (proposal_id, version),
  foreign key (proposal_id, version) references proposal_version,
  constraint ck_round_term check ((due_at is null) = (days is null) and (days is null or policy_id is not null))
);
create table proposal_extension (
  proposal_id uuid not null,
  version int not null,
  due_at timestamptz not null,
  at timestamptz not null default now(),
  primary key (proposal_id, version),
  foreign key (proposal_id, version) references proposal_round
);
create table proposal_elector (
  proposal_id uuid not null,
  version int not null,
  person_id uuid not null references person,
  role_id uuid not null references role,
  primary key (proposal_id, version, person_id),
  foreign key (proposal_id, version) references proposal_round
);
create index ix_proposal_elector_person on proposal_elector (person_id);
-- G22: one answer 'no objection' per person per version, of a member only.
create table proposal_response (
  proposal_id uuid not null,
  version int not null,
  person_id uuid not null,
  at timestamptz not null default now(),
  primary key (proposal_id, version, person_id),
  foreign key (proposal_id, version, person_id) references proposal_elector
);
create table proposal_remark (
  id uuid primary key default uuidv7(),
  proposal_id uuid not null,
  version int not null,
  person_id uuid not null references person,
  kind text not null check (kind in ('vraag','opmerking')),
  text text not null check (length(text) between 1 and 4000),
  at timestamptz not null default now(),
  foreign key (proposal_id, version) references proposal_round
);
create index ix_proposal_remark_proposal on proposal_remark (proposal_id, version);
create table objection (
  id uuid primary key default uuidv7(),
  proposal_id uuid not null,
  version int not null,
  person_id uuid not null,
  text text not null check (length(text) between 1 and 4000),
  breach boolean not null default false,
  state text not null default 'ingebracht' check (state in
    ('ingebracht','toets','geldig','ongeldig','verwerking','opgelost','ingetrokken')),
  at timestamptz not null default now(),
  foreign key (proposal_id, version, person_id) references proposal_elector
);
create index ix_objection_proposal on objection (proposal_id);
-- What was done with an objection: test asked, judged (facts: the four criteria), an integration, its confirmation, withdrawal.
create table objection_act (
  id uuid primary key default uuidv7(),
  objection_id uuid not null references objection,
  kind text not null check (kind in ('toets_gevraagd','oordeel','verwerking','bevestiging','ingetrokken')),
  person_id uuid not null references person,
  acting_as text,
  integration_id uuid references objection_act,
  text text not null default '' check (length(text) <= 4000),
  facts jsonb not null default '{}',
  at timestamptz not null default now(),
  constraint ck_objection_act_of check ((kind = 'bevestiging') = (integration_id is not null))
);
create index ix_objection_act_objection on objection_act (objection_id);
create unique index uq_objection_act_verdict on objection_act (objection_id) where kind = 'oordeel';
create unique index uq_objection_act_confirmed on objection_act (integration_id, person_id) where kind = 'bevestiging';
-- What happened to a proposal as a whole: a meeting asked for, sent back by a conflict, withdrawn, lapsed.
create table proposal_act (
  id uuid primary key default uuidv7(),
  proposal_id uuid not null,
  version int not null,
  kind text not null check (kind in ('overleg','teruggekomen','ingetrokken','vervallen')),
  person_id uuid references person,
  text text not null default '' check (length(text) <= 4000),
  reasons jsonb not null default '[]',
  at timestamptz not null default now(),
  foreign key (proposal_id, version) references proposal_version
);
create index ix_proposal_act_proposal on proposal_act (proposal_id);
create table adoption (
  proposal_id uuid primary key references proposal,
  version int not null,
  by_silence boolean not null,
  silent int not null check (silent >= 0),
  at timestamptz not null default now(),
  foreign key (proposal_id, version) references proposal_round
);
-- A team grants no mandate: what it asks waits for the written decision of who has the power (Awb 10:5).
create table mandate_request (
  id uuid primary key default uuidv7(),
  proposal_id uuid not null references adoption,
  role_id uuid not null references role,
  text text not null check (length(text) between 1 and 4000),
  at timestamptz not null default now()
);
create index ix_mandate_request_role on mandate_request (role_id);

------------------------------------------------------------------------------------------------ guards
-- Electors of a version who have not answered: no consent, and no objection that is closed by now.
create function silent_electors(p_proposal uuid, p_version int) returns int language sql stable
begin atomic
  select count(*)::int from proposal_elector e
  where e.proposal_id = p_proposal and e.version = p_version
    and not exists (select from proposal_response r where r.proposal_id = e.proposal_id and r.version = e.version
      and r.person_id = e.person_id)
    and not exists (select from objection o where o.proposal_id = e.proposal_id and o.version = e.version
      and o.person_id = e.person_id and o.state in ('ongeldig','opgelost','ingetrokken'));
end;

-- Answers, remarks, objections belong to the version that lies before the team now.
create function round_is_open() returns trigger language plpgsql as $$
declare p proposal;
begin
  select * into p from proposal where id = new.proposal_id for no key update;
  if p.version <> new.version or p.state not in ('consent','bezwaar') then
    raise exception 'this version is not open' using errcode = '23514', constraint = 'round_is_open';
  end if;
  return new;
end $$;
create trigger open before insert on proposal_response for each row execute function round_is_open();
create trigger open before insert on proposal_remark for each row execute function round_is_open();
create trigger open before insert on objection for each row execute function round_is_open();
create trigger open before insert on proposal_extension for each row execute function round_is_open();

-- G22: no adoption with an open objection; none without every answer, unless a policy's term has passed.
create function adoption_is_allowed() returns trigger language plpgsql as $$
declare p proposal; r proposal_round; due timestamptz;
begin
  select * into p from proposal where id = new.proposal_id for no key update;
  select * into r from proposal_round where proposal_id = new.proposal_id and version = new.version;
  if p.version <> new.version or p.state <> 'consent' then
    raise exception 'adoption of a version that is not open' using errcode = '23514', constraint = 'adoption_version';
  end if;
  if exists (select from objection o where o.proposal_id = new.proposal_id
      and o.state not in ('ongeldig','opgelost','ingetrokken')) then
    raise exception 'adoption with an open objection' using errcode = '23514', constraint = 'adoption_objection';
  end if;
  new.silent := silent_electors(new.proposal_id, new.version);
  new.by_silence := new.silent > 0 or not exists (select from proposal_elector e
    where e.proposal_id = new.proposal_id and e.version = new.version);
  if new.by_silence then
    select greatest(r.due_at, max(x.due_at)) into due from proposal_extension x
      where x.proposal_id = new.proposal_id and x.version = new.version;
    if r.policy_id is null or due is null or due > now() then
      raise exception 'silence is no consent' using errcode = '23514', constraint = 'adoption_silence';
    end if;
  end if;
  return new;
end $$;
create trigger allowed before insert on adoption for each row execute function adoption_is_allowed();

create function proposal_moves() returns trigger language plpgsql as $$
begin
  if (to_jsonb(new) - array['state','version']) is distinct from (to_jsonb(old) - array['state','version']) then
    raise exception 'only state and version of a proposal change' using errcode = '42501';
  end if;
  if new.version not in (old.version, old.version + 1) or old.state in ('aangenomen','ingetrokken','vervallen') then
    raise exception 'a settled proposal does not change' using errcode = '23514', constraint = 'proposal_moves';
  end if;
  if new.state in ('consent','bezwaar') and not exists (select from proposal_round r
      where r.proposal_id = new.id and r.version = new.version) then
    raise exception 'no round was opened' using errcode = '23514', constraint = 'proposal_moves';
  end if;
  if new.state = 'aangenomen' and not exists (select from adoption a
      where a.proposal_id = new.id and a.version = new.version) then
    raise exception 'no adoption' using errcode = '23514', constraint = 'proposal_moves';
  end if;
  return new;
end $$;
create trigger moves before update on proposal for each row execute function proposal_moves();

-- G26: an objection is resolved only when objector and proposer both confirmed the same integration.
create function objection_moves() returns trigger language plpgsql as $$
declare last uuid; proposer uuid;
begin
  if (to_jsonb(new) - 'state') is distinct from (to_jsonb(old) - 'state') then
    raise exception 'only the state of an objection changes' using errcode = '42501';
  end if;
  if old.state in ('ongeldig','opgelost','ingetrokken') then
    raise exception 'a closed objection does not change' using errcode = '23514', constraint = 'objection_moves';
  end if;
  if new.state in ('geldig','ongeldig') and not exists (select from objection_act a where a.objection_id = new.id
      and a.kind = 'oordeel' and a.facts ->> 'geldig' = (new.state = 'geldig')::text) then
    raise exception 'an objection that was not judged' using errcode = '23514', constraint = 'objection_moves';
  end if;
  if new.state = 'ingetrokken' and not exists (select from objection_act a where a.objection_id = new.id
      and a.kind = 'ingetrokken' and a.person_id = new.person_id) then
    raise exception 'only the objector withdraws' using errcode = '23514', constraint = 'objection_moves';
  end if;
  if new.state = 'opgelost' then
    select id into last from objection_act where objection_id = new.id and kind = 'verwerking' order by id desc limit 1;
    select proposer_id into proposer from proposal where id = new.proposal_id;
    if (select count(*) from objection_act a where a.integration_id = last and a.kind = 'bevestiging'
        and a.person_id in (new.person_id, proposer)) <> 2 then
      raise exception 'not confirmed by both' using errcode = '23514', constraint = 'objection_moves';
    end if;
  end if;
  return new;
end $$;
create trigger moves before update on objection for each row execute function objection_moves();

do $$
declare t text;
begin
  foreach t in array array['tension','proposal_version','proposal_round','proposal_extension','proposal_elector','proposal_response',
      'proposal_remark','objection_act','proposal_act','adoption','mandate_request'] loop
    execute format('create trigger append_only before update or delete on %I for each row execute function no_change()', t);
    execute format('create trigger no_truncate before truncate on %I for each statement execute function no_change()', t);
  end loop;
  foreach t in array array['proposal','objection'] loop
    execute format('create trigger kept before delete on %I for each row execute function no_change()', t);
    execute format('create trigger no_truncate before truncate on %I for each statement execute function no_change()', t);
  end loop;
end $$;

------------------------------------------------------------------------------------------------ privileges
revoke execute on function silent_electors(uuid, int), round_is_open(), adoption_is_allowed(), proposal_moves(), objection_moves()
  from public;
grant execute on function silent_electors(uuid, int) to teams_app, teams_worker;
do $$
declare r text; t text;
begin
  foreach r in array array['teams_app','teams_worker'] loop
    foreach t in array array[
        'tension (team_id, role_id, person_id, text, example)', 'proposal (team_id, tension_id, proposer_id)',
        'proposal_version (proposal_id, version, changes, note, made_by)',
        'proposal_round (proposal_id, version, form, days, policy_id, due_at, lapses_at, before)',
        'proposal_extension (proposal_id, version, due_at)', 'proposal_elector (proposal_id, version, person_id, role_id)',
        'proposal_response (proposal_id, version, person_id)', 'proposal_remark (proposal_id, version, person_id, kind, text)',
        'objection (proposal_id, version, person_id, text, breach)',
        'objection_act (objection_id, kind, person_id, acting_as, integration_id, text, facts)',
        'proposal_act (proposal_id, version, kind, person_id, text, reasons)', 'adoption (proposal_id, version)',
        'mandate_request (proposal_id, role_id, text)'] loop
      execute format('grant select on %I to %I', split_part(t, ' ', 1), r);
      execute format('grant insert %s on %I to %I', substring(t from '\(.*\)'), split_part(t, ' ', 1), r);
    end loop;
    execute format('grant update (state, version) on proposal to %I', r);
    execute format('grant update (state) on objection to %I', r);
  end loop;
end $$;
