-- Ways to hand out places: selection, lots, waiting lists, team claims, consent.
alter table klus drop constraint klus_state_check;
alter table klus add constraint ck_klus_state check (state in
  ('concept','ter_toetsing','open','gesloten','in_uitvoering','afgerond','ingetrokken','verlopen'));
alter table klus add constraint ck_klus_lots check (way <> 'loten' or state = 'concept' or apply_until is not null);

------------------------------------------------------------------------------------------------ team claims (R16)
create table team_claim (
  id uuid primary key default uuidv7(),
  klus_id uuid not null references klus,
  team_id uuid not null references team,
  made_by uuid not null references person,
  places int not null check (places between 1 and 200),
  at timestamptz not null default now(),
  due_at timestamptz not null
);
create index ix_team_claim_klus on team_claim (klus_id);
create index ix_team_claim_team on team_claim (team_id);

------------------------------------------------------------------------------------------------ claims
-- A row without a person is a place that a team holds; `due_at` is the end of an offer, a consent or a reservation.
alter table claim alter column person_id drop not null;
alter table claim
  add column team_claim_id uuid references team_claim,
  add column due_at timestamptz,
  add column lined_at timestamptz,
  add column line_reason text not null default '',
  add column skipped text not null default '',
  add column lot int check (lot >= 1),
  add column chosen_by uuid references person,
  add column result text not null default '',
  add column stops_on date;
alter table claim drop constraint claim_state_check;
alter table claim drop constraint ck_claim_seat;
alter table claim drop constraint ck_claim_end;
alter table claim add constraint ck_claim_state check (state in
  ('aangemeld','wachtlijst','gereserveerd','aangeboden','wacht_op_instemming','bevestigd','lopend',
   'afgerond','afgewezen','afgeslagen','vervallen','geweigerd','ingetrokken','teruggegeven','beeindigd'));
alter table claim add constraint ck_claim_seat check ((seat is not null) =
  (state in ('gereserveerd','aangeboden','wacht_op_instemming','bevestigd','lopend')));
alter table claim add constraint ck_claim_end check ((ended_at is null) =
  (state in ('aangemeld','wachtlijst','gereserveerd','aangeboden','wacht_op_instemming','bevestigd','lopend')));
alter table claim add constraint ck_claim_person check
  (person_id is not null or (team_claim_id is not null
    and state in ('gereserveerd','vervallen','ingetrokken','beeindigd')));
alter table claim add constraint ck_claim_due check
  (due_at is null or state in ('gereserveerd','aangeboden','wacht_op_instemming'));
alter table claim add constraint ck_claim_stops check (stops_on is null or state in ('lopend','teruggegeven','afgerond','beeindigd'));
alter table claim add constraint ck_claim_line check (state <> 'wachtlijst' or lined_at is not null);
drop index uq_claim_active;
create unique index uq_claim_active on claim (klus_id, person_id) where ended_at is null;
create unique index uq_claim_lot on claim (klus_id, lot) where lot is not null;
create index ix_claim_line on claim (klus_id, lined_at, id) where state = 'wachtlijst';
create index ix_claim_due on claim (due_at) where due_at is not null;
create index ix_claim_klus_due on claim (klus_id, due_at) where due_at is not null;
create index ix_claim_active_person on claim (person_id) where ended_at is null;
create index ix_claim_stops on claim (stops_on) where seat is not null and stops_on is not null;

-- The steps of klussen 3.2 and no others; a place in line moves only with a reason (R4).
create function claim_moves() returns trigger language plpgsql as $$
begin
  if old.state <> new.state and not (old.state || ' ' || new.state) = any (array[
    'aangemeld aangeboden', 'aangemeld afgewezen', 'aangemeld wachtlijst', 'aangemeld ingetrokken', 'aangemeld beeindigd',
    'wachtlijst aangeboden', 'wachtlijst ingetrokken', 'wachtlijst beeindigd',
    'gereserveerd aangeboden', 'gereserveerd vervallen', 'gereserveerd ingetrokken', 'gereserveerd beeindigd',
    'aangeboden wacht_op_instemming', 'aangeboden bevestigd', 'aangeboden lopend', 'aangeboden afgeslagen',
    'aangeboden vervallen', 'aangeboden ingetrokken', 'aangeboden beeindigd',
    'wacht_op_instemming bevestigd', 'wacht_op_instemming lopend', 'wacht_op_instemming geweigerd',
    'wacht_op_instemming vervallen', 'wacht_op_instemming ingetrokken', 'wacht_op_instemming beeindigd',
    'bevestigd lopend', 'bevestigd wacht_op_instemming', 'bevestigd ingetrokken', 'bevestigd beeindigd',
    'lopend teruggegeven', 'lopend afgerond', 'lopend beeindigd']) then
    raise exception 'claim cannot go from % to %', old.state, new.state using errcode = '23514', constraint = 'claim_moves';
  end if;
  if old.person_id is not null and new.person_id is distinct from old.person_id or new.klus_id <> old.klus_id then
    raise exception 'a claim stays with its person and klus' using errcode = '23514', constraint = 'claim_moves';
  end if;
  if old.state = 'wachtlijst' and new.state = 'wachtlijst' and new.lined_at <> old.lined_at
    and (new.line_reason = '' or new.version = old.version) then
    raise exception 'a place in line moves only with a reason' using errcode = '23514', constraint = 'claim_line_moves';
  end if;
  return new;
end $$;
create trigger claim_moves before update on claim for each row execute function claim_moves();

------------------------------------------------------------------------------------------------ lots (R17)
create table klus_draw (
  klus_id uuid primary key references klus,
  seed text not null check (seed ~ '^[0-9a-f]{64}$'),
  commitment text not null check (commitment = encode(sha256(seed::bytea), 'hex')),
  drawn_at timestamptz,
  places int
);
create function draw_is_kept() returns trigger language plpgsql as $$
begin
  if old.drawn_at is not null or (new.klus_id, new.seed, new.commitment) is distinct from (old.klus_id, old.seed, old.commitment) then
    raise exception 'a draw is not changed' using errcode = '23514', constraint = 'draw_is_kept';
  end if;
  return new;
end $$;
create trigger draw_is_kept before update on klus_draw for each row execute function draw_is_kept();

------------------------------------------------------------------------------------------------ consent (R6)
create table consent (
  id uuid primary key default uuidv7(),
  claim_id uuid not null references claim,
  team_id uuid not null references team,
  role_id uuid references role,
  policy text not null default '',
  state text not null default 'gevraagd' check (state in ('gevraagd','gegeven','geweigerd','verlopen','vervallen')),
  on_expiry text not null check (on_expiry in ('vervalt','stil')),
  hours numeric(6,1) not null,
  starts date not null,
  ends date,
  terms int not null,
  asked_at timestamptz not null default now(),
  due_at timestamptz not null,
  answered_at timestamptz,
  answered_by uuid references person,
  acting_role uuid references role,
  reason text not null default '',
  decision text unique,
  version int not null default 1,
  constraint ck_consent_answer check ((answered_by is null or state in ('gegeven','geweigerd','vervallen'))
    and (state = 'gevraagd') = (answered_at is null)),
  constraint ck_consent_refusal check (state <> 'geweigerd' or reason <> ''),
  constraint ck_consent_decision check (decision is null or state in ('gegeven','vervallen'))
);
create unique index uq_consent_asked on consent (claim_id) where state = 'gevraagd';
create index ix_consent_claim on consent (claim_id);
create index ix_consent_team on consent (team_id, state);
create index ix_consent_live on consent (claim_id, team_id) where state in ('gevraagd','gegeven');

-- Four eyes: never the one who is lent out, never who posted the klus or chose this person.
create function consent_by_another() returns trigger language plpgsql as $$
begin
  if old.state <> new.state and not (old.state = 'gevraagd' or (old.state, new.state) = ('gegeven', 'vervallen')) then
    raise exception 'a consent is answered once' using errcode = '23514', constraint = 'consent_moves';
  end if;
  if new.answered_by is distinct from old.answered_by and exists (select from claim c join klus k on k.id = c.klus_id
      where c.id = new.claim_id and new.answered_by in (c.person_id, k.posted_by, c.chosen_by)) then
    raise exception 'consent by a party' using errcode = '23514', constraint = 'consent_by_another';
  end if;
  return new;
end $$;
create trigger consent_by_another before update on consent for each row execute function consent_by_another();

------------------------------------------------------------------------------------------------ around a klus
create table klus_owner (
  id uuid primary key default uuidv7(),
  klus_id uuid not null references klus,
  person_id uuid not null references person,
  added_by uuid not null references person,
  at timestamptz not null default now(),
  ended_at timestamptz
);
create unique index uq_klus_owner on klus_owner (klus_id, person_id) where ended_at is null;
create index ix_klus_owner_person on klus_owner (person_id) where ended_at is null;
create table klus_invite (
  klus_id uuid not null references klus,
  person_id uuid not null references person,
  invited_by uuid not null references person,
  at timestamptz not null default now(),
  primary key (klus_id, person_id)
);
create index ix_klus_invite_person on klus_invite (person_id);
create table klus_question (
  id uuid primary key default uuidv7(),
  klus_id uuid not null references klus,
  person_id uuid not null references person,
  question text not null check (length(question) between 1 and 4000),
  at timestamptz not null default now(),
  answer text check (length(answer) between 1 and 4000),
  answered_by uuid references person,
  answered_at timestamptz,
  constraint ck_klus_question_answer check ((answer is null) = (answered_by is null) and (answer is null) = (answered_at is null))
);
create index ix_klus_question_klus on klus_question (klus_id, at);

------------------------------------------------------------------------------------------------ hours of a person
-- As before, and: who said to stop earlier keeps the hours after that day free.
create or replace function person_hours(p_person uuid, p_except uuid default null) returns jsonb language sql stable
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
    'others', (select coalesce(jsonb_agg(jsonb_build_array(o.starts,
        case when o.hours_total is null then least(o.ends, c.stops_on) else o.ends end, c.hours, o.hours_total is not null)), '[]')
      from claim c join klus o on o.id = c.klus_id
      where c.person_id = p_person and c.seat is not null and c.klus_id is distinct from p_except)
  );
end;

------------------------------------------------------------------------------------------------ facts of a claim
-- As before, and: whether something on this klus has passed its term, and what the home team's policy says of consent.
create or replace function claim_facts(p_person uuid, p_klus uuid) returns jsonb language plpgsql volatile as $$
declare k klus; home uuid; result jsonb;
begin
  perform from person where id = p_person for no key update;
  if not found then return null; end if;
  select * into k from klus where id = p_klus for no key update;
  if not found then return null; end if;
  select h.team_id into home from home_team h where h.person_id = p_person and upper_inf(h.recorded)
    and h.valid @> (now() at time zone 'Europe/Amsterdam')::date;
  select jsonb_build_object(
    'at', now(),
    'clock', clock_timestamp(),
    'claim_id', uuidv7(),
    'klus', jsonb_build_object('state', k.state, 'kind', k.kind, 'way', k.way, 'places', k.places, 'taken', k.taken,
      'starts', k.starts, 'ends', k.ends, 'apply_until', k.apply_until, 'accepting', k.accepting, 'terms', k.terms,
      'hours_min', k.hours_min, 'hours_max', k.hours_max, 'hours_total', k.hours_total, 'team_id', k.team_id,
      'number', k.number, 'posted_by', k.posted_by, 'title', k.title),
    'seats', (select coalesce(jsonb_agg(c.seat), '[]') from claim c where c.klus_id = k.id and c.seat is not null),
    'mine', (select c.state from claim c where c.klus_id = k.id and c.person_id = p_person and c.ended_at is null),
    'late', exists (select from claim c where c.klus_id = k.id and (c.due_at <= now()
      or c.seat is not null and c.stops_on < (now() at time zone 'Europe/Amsterdam')::date)),
    'home_team', home,
    'consent', (select v.kind from policy y join policy_version v on v.policy_id = y.id
      where y.team_id = home and v.kind like 'instemming:%' and upper_inf(v.recorded)
        and v.valid @> (now() at time zone 'Europe/Amsterdam')::date order by lower(v.valid) desc, v.id limit 1)
  ) || person_hours(p_person, p_klus) into result;
  return result;
end $$;

------------------------------------------------------------------------------------------------ privileges
revoke execute on function claim_moves(), draw_is_kept(), consent_by_another() from public;
do $$
declare r text;
begin
  foreach r in array array['teams_app','teams_worker'] loop
    execute format('grant select, insert on team_claim, klus_draw, consent, klus_owner, klus_invite, klus_question to %I', r);
    execute format('grant update (drawn_at, places) on klus_draw to %I', r);
    execute format('grant update (state, answered_at, answered_by, acting_role, reason, decision, version) on consent to %I', r);
    execute format('grant update (ended_at) on klus_owner to %I', r);
    execute format('grant update (answer, answered_by, answered_at) on klus_question to %I', r);
    execute format('grant execute on function claim_moves(), draw_is_kept(), consent_by_another() to %I', r);
  end loop;
end $$;
grant select on consent, klus_draw, team_claim to teams_auditor;
