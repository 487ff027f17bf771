-- Booked hours, vacancies, savings.
------------------------------------------------------------------------------------------------ hours (R11)
-- Whole tenths of an hour on one day; corrected by a row with the opposite sign, never by a change.
create table hours_booking (
  id uuid primary key default uuidv7(),
  claim_id uuid not null references claim,
  person_id uuid not null references person,
  day date not null,
  tenths int not null check (tenths <> 0 and tenths between -240 and 240),
  note text not null default '' check (length(note) <= 200),
  reverses uuid unique references hours_booking,
  booked_by uuid references person,
  at timestamptz not null default now(),
  constraint ck_hours_counter check ((reverses is null) = (tenths > 0))
);
create index ix_hours_booking_claim on hours_booking (claim_id, day);
create index ix_hours_booking_person on hours_booking (person_id, day);
create index ix_hours_booking_day on hours_booking (day) include (claim_id, person_id, tenths);
-- A week of one klus, closed after approval; what was approved is the sum of everybody, never of one.
create table hours_week (
  klus_id uuid not null references klus,
  monday date not null check (extract(isodow from monday) = 1),
  tenths int not null check (tenths >= 0),
  approved_by uuid not null references person,
  at timestamptz not null default now(),
  primary key (klus_id, monday)
);

create function hours_within() returns trigger language plpgsql as $$
declare c claim; k klus; b hours_booking;
begin
  select * into c from claim where id = new.claim_id for no key update;
  select * into k from klus where id = c.klus_id;
  if c.person_id is distinct from new.person_id then
    raise exception 'hours of somebody else' using errcode = '23514', constraint = 'hours_person';
  end if;
  if exists (select from hours_week w where w.klus_id = c.klus_id and w.monday = date_trunc('week', new.day)::date) then
    raise exception 'this week is closed' using errcode = '23514', constraint = 'hours_week_closed';
  end if;
  if new.reverses is not null then
    select * into b from hours_booking where id = new.reverses;
    if (b.claim_id, b.day, b.tenths) is distinct from (new.claim_id, new.day, -new.tenths) or b.reverses is not null then
      raise exception 'a counter-booking mirrors one booking' using errcode = '23514', constraint = 'hours_counter';
    end if;
    return new;
  end if;
  if c.state not in ('lopend', 'afgerond', 'teruggegeven')
    or new.day < greatest(k.starts, (c.at at time zone 'Europe/Amsterdam')::date)
    or new.day > least(c.ended_on, coalesce(k.ends, case when k.hours_total is null then date 'infinity' else k.starts end)) then
    raise exception 'hours outside the claim' using errcode = '23514', constraint = 'hours_within_claim';
  end if;
  if new.tenths + coalesce((select sum(h.tenths) from hours_booking h
      where h.person_id = new.person_id and h.day = new.day), 0) > 240 then
    raise exception 'more hours than a day has' using errcode = '23514', constraint = 'hours_in_a_day';
  end if;
  return new;
end $$;
create trigger hours_within before insert on hours_booking for each row execute function hours_within();

------------------------------------------------------------------------------------------------ vacancies (3.2)
create table vacancy_stage (
  id uuid primary key default uuidv7(),
  klus_id uuid not null references klus,
  step int not null check (step >= 1),
  stage text not null check (stage in ('gemeld','formatietoets','voorrang','intern','regionaal','extern',
    'vervuld','ingetrokken','formatie_vervallen')),
  starts date not null,
  minimum_days int not null default 0 check (minimum_days between 0 and 365),
  skipped text not null default '' check (length(skipped) <= 500),
  reason text not null default '' check (length(reason) <= 500),
  filled_from text check (filled_from in ('intern','regionaal','extern')),
  person_id uuid references person,
  decision text unique references decision (number),
  made_by uuid references person,
  at timestamptz not null default now(),
  unique (klus_id, step),
  constraint ck_vacancy_appointment check ((stage = 'vervuld') = (decision is not null)
    and (stage = 'vervuld') = (filled_from is not null) and (filled_from is not null and filled_from = 'intern') = (person_id is not null)),
  constraint ck_vacancy_skip check (skipped = '' or stage in ('voorrang','intern','regionaal')),
  constraint ck_vacancy_end check (stage not in ('ingetrokken','formatie_vervallen') or reason <> '')
);
create index ix_vacancy_filled on vacancy_stage (starts) where stage = 'vervuld';
create index ix_vacancy_person on vacancy_stage (person_id) where person_id is not null;

create function vacancy_moves() returns trigger language plpgsql as $$
declare line text[] := array['gemeld','formatietoets','voorrang','intern','regionaal','extern']; last vacancy_stage; due date;
begin
  perform from klus where id = new.klus_id and kind = 'vacature' for no key update;
  if not found then
    raise exception 'no vacancy' using errcode = '23514', constraint = 'vacancy_kind';
  end if;
  select * into last from vacancy_stage where klus_id = new.klus_id order by step desc limit 1;
  if new.step <> coalesce(last.step, 0) + 1 or (last.id is null) <> (new.stage = 'gemeld') then
    raise exception 'steps follow each other' using errcode = '23514', constraint = 'vacancy_order';
  end if;
  if last.id is null then return new; end if;
  if array_position(line, last.stage) is null then
    raise exception 'the vacancy has ended' using errcode = '23514', constraint = 'vacancy_order';
  end if;
  if new.stage = any (line) and array_position(line, new.stage) <> array_position(line, last.stage) + 1 then
    raise exception 'a stage is missing' using errcode = '23514', constraint = 'vacancy_order';
  end if;
  due := last.starts + case when last.skipped = '' then last.minimum_days else 0 end;
  if new.stage = any (line) and new.starts < due or new.starts < last.starts then
    raise exception 'too early' using errcode = '23514', constraint = 'vacancy_minimum';
  end if;
  if new.stage = 'vervuld' and (last.skipped <> '' or new.filled_from <> all (case last.stage
      when 'voorrang' then array['intern'] when 'intern' then array['intern'] when 'regionaal' then array['intern','regionaal']
      when 'extern' then array['intern','regionaal','extern'] else array[]::text[] end)) then
    raise exception 'filled in another stage' using errcode = '23514', constraint = 'vacancy_order';
  end if;
  return new;
end $$;
create trigger vacancy_moves before insert on vacancy_stage for each row execute function vacancy_moves();

-- What an internal appointment leaves behind: the next vacancy of the chain, a place that goes, or nothing.
create table vacancy_gap (
  klus_id uuid primary key references klus,
  kind text not null check (kind in ('vacature','vervalt','geen')),
  next_id uuid unique references klus check (next_id <> klus_id),
  reason text not null default '' check (length(reason) <= 500),
  made_by uuid references person,
  at timestamptz not null default now(),
  constraint ck_vacancy_gap check ((kind = 'vacature') = (next_id is not null) and (kind = 'vacature' or reason <> ''))
);

------------------------------------------------------------------------------------------------ formation
-- What the budget of a year allows a team, in tenths of hours a week (a full-time place is 360).
alter table budget
  add column formation int check (formation between 0 and 3600000),
  add column team_id uuid references team,
  add constraint ck_budget_formation check (formation is null or team_id is not null);
create index ix_budget_team on budget (team_id, year) where formation is not null;

------------------------------------------------------------------------------------------------ savings (3.5)
-- What it would have cost otherwise: fixed when the klus is posted, never after it was published.
create table klus_baseline (
  klus_id uuid primary key references klus,
  hired boolean not null,
  rate_cents bigint check (rate_cents between 1 and 100000000),
  quote text not null default '' check (length(quote) <= 200),
  made_by uuid references person,
  at timestamptz not null default now(),
  constraint ck_baseline_rate check (hired = (rate_cents is not null))
);
create function baseline_when_posting() returns trigger language plpgsql as $$
begin
  if exists (select from klus where id = new.klus_id and published_at < new.at) then
    raise exception 'the baseline is fixed when posting' using errcode = '23514', constraint = 'baseline_when_posting';
  end if;
  return new;
end $$;
create trigger baseline_when_posting before insert on klus_baseline for each row execute function baseline_when_posting();
create table saving (
  id uuid primary key default uuidv7(),
  number int not null generated always as identity unique,
  type text not null check (type in ('formatie','vacature','inhuur','werving')),
  klus_id uuid not null references klus,
  place_id uuid not null references klus,
  tenths int check (tenths > 0),
  rate_cents bigint check (rate_cents > 0),
  cover_cents bigint not null default 0 check (cover_cents >= 0),
  cents bigint not null check (cents between 1 and 9007199254740991),
  starts date not null,
  ends date check (ends >= starts),
  ground text not null check (length(ground) between 1 and 500),
  state text not null default 'verwacht' check (state in ('verwacht','bevestigd','vervallen')),
  made_by uuid references person,
  at timestamptz not null default now(),
  settled_by uuid references person check (settled_by <> made_by),
  settled_at timestamptz,
  reason text not null default '' check (length(reason) <= 500),
  version int not null default 1,
  constraint ck_saving_structural check ((type = 'formatie') = (ends is null)),
  constraint ck_saving_settled check ((state = 'verwacht') = (settled_by is null) and (settled_by is null) = (settled_at is null)),
  constraint ck_saving_lapsed check (state <> 'vervallen' or reason <> ''),
  constraint ex_saving_place exclude using gist (place_id with =, daterange(starts, ends, '[]') with &&)
    where (type in ('formatie','vacature') and state <> 'vervallen'),
  constraint ex_saving_klus exclude using gist (klus_id with =, type with =, daterange(starts, ends, '[]') with &&)
    where (type in ('inhuur','werving') and state <> 'vervallen')
);
create function saving_moves() returns trigger language plpgsql as $$
begin
  if old.state <> 'verwacht' or new.state = 'verwacht' or (to_jsonb(new) - array['state','settled_by','settled_at','reason','version'])
      is distinct from (to_jsonb(old) - array['state','settled_by','settled_at','reason','version']) then
    raise exception 'a saving is settled once' using errcode = '23514', constraint = 'saving_moves';
  end if;
  return new;
end $$;
create trigger saving_moves before update on saving for each row execute function saving_moves();

------------------------------------------------------------------------------------------------ privileges
do $$
declare t text; r text;
begin
  foreach t in array array['hours_booking','hours_week','vacancy_stage','vacancy_gap','klus_baseline'] loop
    execute format('create trigger append_only before update or delete on %I for each row execute function no_change()', t);
    execute format('create trigger no_truncate before truncate on %I for each statement execute function no_change()', t);
  end loop;
  foreach r in array array['teams_app','teams_worker'] loop
    execute format('grant select, insert on hours_booking, hours_week, vacancy_stage, vacancy_gap, klus_baseline, saving to %I', r);
    execute format('grant update (state, settled_by, settled_at, reason, version) on saving to %I', r);
    execute format('grant insert (formation, team_id) on budget to %I', r);
    execute format('grant execute on function hours_within(), vacancy_moves(), baseline_when_posting(), saving_moves() to %I', r);
  end loop;
end $$;
revoke execute on function hours_within(), vacancy_moves(), baseline_when_posting(), saving_moves() from public;
grant select on vacancy_stage, vacancy_gap, klus_baseline, saving to teams_auditor;
