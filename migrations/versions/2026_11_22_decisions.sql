-- Personal columns (subject, reasons, counterparty, case, signature, answer, free text of acts) may become null by `erase_decision`, nothing else.
create table decision_counter (
  year int primary key check (year between 2000 and 2199),
  last int not null default 0 check (last >= 0)
);

------------------------------------------------------------------------------------------------ what waits
-- A voornemen: someone wants to decide and waits for advice, a second person, someone higher or an organ. It has no number.
create table intent (
  id uuid primary key default uuidv7(),
  state text not null default 'advies' check (state in
    ('advies','tweede','klaar','doorgestuurd','orgaan','besloten','afgewezen','ingetrokken')),
  power text not null references power (code),
  confidential boolean not null,
  person_id uuid not null references person,
  role_id uuid references role,
  holder_id uuid not null references person,
  second_id uuid references person,
  question jsonb not null default '{}' check (jsonb_typeof(question) = 'object'),
  cents bigint check (cents between 0 and 9007199254740991),
  case_number text check (length(case_number) <= 120),
  counterparty text check (length(counterparty) <= 120),
  subject text check (length(subject) <= 200),
  reasons text check (length(reasons) <= 20000),
  no_interest boolean not null default false,
  origin text not null default 'intern' check (origin in ('intern','initiatief','uitdaagrecht','raad')),
  made_at timestamptz not null default now(),
  version int not null default 1,
  constraint ck_intent_second check (second_id <> person_id and second_id <> holder_id)
);
create index ix_intent_holder on intent (holder_id, id desc) where state in ('advies','tweede','klaar','doorgestuurd','orgaan');
create index ix_intent_second on intent (second_id) where state = 'tweede';
create index ix_intent_person on intent (person_id, id desc);
-- What happened to a voornemen, by whom and when: asked, advised, confirmed, refused, handed up, put to an organ, its outcome.
create table intent_act (
  id uuid primary key default uuidv7(),
  intent_id uuid not null references intent,
  kind text not null check (kind in ('gemaakt','advies_gevraagd','advies','bevestigd','geweigerd','doorgestuurd',
    'voorstel','uitkomst','ingetrokken','besloten')),
  person_id uuid references person,
  role_id uuid references role,
  other_id uuid references person,
  condition text check (length(condition) <= 300),
  agrees boolean,
  given_on date,
  text text check (length(text) <= 4000),
  facts jsonb not null default '{}',
  entry_id uuid references journal,
  at timestamptz not null default now(),
  constraint ck_intent_act_advice check ((kind = 'advies') = (agrees is not null))
);
create index ix_intent_act_intent on intent_act (intent_id, id);
create index ix_intent_act_other on intent_act (other_id) where kind = 'advies_gevraagd';
-- A proposal to the organ that decides itself; its text stays editable until the outcome is entered.
create table organ_proposal (
  id uuid primary key default uuidv7(),
  number int not null generated always as identity unique,
  intent_id uuid not null unique references intent,
  organ_id uuid not null references organ,
  title text check (length(title) <= 200),
  text text check (length(text) <= 40000),
  state text not null default 'concept' check (state in ('concept','besloten','afgewezen','aangehouden')),
  decided_on date,
  decision_number text check (length(decision_number) <= 60),
  remark text check (length(remark) <= 4000),
  made_by uuid not null references person,
  made_at timestamptz not null default now(),
  outcome_by uuid references person,
  outcome_at timestamptz,
  version int not null default 1,
  constraint ck_organ_proposal_outcome check ((state = 'concept') = (decided_on is null)
    and (decided_on is null) = (outcome_by is null) and (state <> 'besloten' or decision_number <> ''))
);

------------------------------------------------------------------------------------------------ decisions
create table decision (
  id uuid primary key default uuidv7(),
  year int not null references decision_counter,
  serial int not null check (serial >= 1),
  number text not null generated always as
    (lpad(year::text, 4, '0') || '-' || lpad(serial::text, greatest(5, length(serial::text)), '0')) stored unique,
  power text not null references power (code),
  power_title text not null,
  act text not null check (act in ('besluit','privaatrecht','feitelijk')),
  organ text not null references organ (code),
  confidential boolean not null,
  recording text not null default 'per_besluit' check (recording in ('per_besluit','reeks','uit_zaaksysteem','niet')),
  source text not null default 'scherm' check (source in ('scherm','api','reeks','invoer','zaaksysteem')),
  batch_id uuid,
  external text check (length(external) between 1 and 200),
  origin text not null default 'intern' check (origin in ('intern','initiatief','uitdaagrecht','raad')),
  intent_id uuid unique references intent,
  person_id uuid not null references person,
  role_id uuid references role,
  capacity text not null check (capacity in ('houder','vervanger','orgaan zelf','persoon')),
  absent uuid[] not null default '{}',
  second_id uuid references person check (second_id <> person_id),
  reporter_id uuid references person,
  contested text check (length(contested) <= 120),
  verdict text not null check (verdict in ('ja','bij_bekrachtiging','nee')),
  outcome text not null check (outcome in ('bevoegd','doorbroken','gebrek')),
  grants text[] not null default '{}',
  chains jsonb not null check (jsonb_typeof(chains) = 'array'),
  ceiling bigint,
  base text not null check (base in ('per_besluit','excl_btw','totale_waarde','per_jaar','per_zaak')),
  cents bigint check (cents between 0 and 9007199254740991),
  total bigint check (total between 0 and 9007199254740991),
  rulebook text not null,
  rules jsonb not null check (jsonb_typeof(rules) = 'array'),
  rules_hash text not null check (rules_hash ~ '^sha256:[0-9a-f]{64}$'),
  question jsonb not null default '{}' check (jsonb_typeof(question) = 'object'),
  answer jsonb,
  case_number text check (length(case_number) <= 120),
  counterparty text check (length(counterparty) <= 120),
  subject text check (length(subject) <= 200),
  reasons text check (length(reasons) <= 20000),
  signature text check (length(signature) <= 1000),
  no_interest boolean not null,
  sensitive boolean,
  overridden text check (length(overridden) <= 40),
  override_reason text check (length(override_reason) <= 4000),
  request_key text check (length(request_key) between 8 and 128),
  decided_at timestamptz not null,
  recorded_at timestamptz not null default now(),
  entry_id uuid not null unique references journal,
  unique (year, serial),
  constraint ck_decision_later check (decided_at <= recorded_at + interval '1 minute'),
  constraint ck_decision_yes check (outcome <> 'bevoegd' or verdict = 'ja'),
  constraint ck_decision_override check ((outcome = 'doorbroken') = (overridden is not null))
);
create unique index uq_decision_external on decision (source, external) where external is not null;
create unique index uq_decision_request on decision (person_id, request_key) where request_key is not null;
create index ix_decision_person on decision (person_id, id desc);
create index ix_decision_second on decision (second_id, id desc) where second_id is not null;
create index ix_decision_role on decision (role_id, id desc);
create index ix_decision_power on decision (power, decided_at desc);
create index ix_decision_decided on decision (decided_at, id);
create index ix_decision_case on decision (case_number, power) where case_number is not null;
create index ix_decision_counterparty on decision (counterparty, power) where counterparty is not null;
create index ix_decision_grants on decision using gin (grants);
create index ix_decision_batch on decision (batch_id) where batch_id is not null;

-- What came after, each a new entry: correction, defect found, ratification, content destroyed. The decision itself never changes.
create table decision_act (
  id uuid primary key default uuidv7(),
  decision_id uuid not null references decision,
  kind text not null check (kind in ('correctie','gebrek','bekrachtiging','bezwaar','vernietigd')),
  person_id uuid not null references person,
  role_id uuid references role,
  about_id uuid references decision_act,
  field text check (length(field) <= 40),
  old_value text check (length(old_value) <= 20000),
  new_value text check (length(new_value) <= 20000),
  ground text check (length(ground) <= 120),
  reason text check (length(reason) <= 4000),
  organ text references organ (code),
  organ_decided_on date,
  organ_decision text check (length(organ_decision) <= 60),
  told_on date,
  venue text check (venue in ('bezwaar','beroep','hoger_beroep')),
  effect text check (effect in ('herroepen','opnieuw','in_stand')),
  approved_by uuid references person,
  entry_id uuid not null unique references journal,
  at timestamptz not null default now(),
  constraint ck_decision_act_correction check ((kind = 'correctie') = (field is not null)),
  constraint ck_decision_act_defect check (kind <> 'gebrek' or ground is not null),
  constraint ck_decision_act_ratified check ((kind = 'bekrachtiging') = (organ is not null and organ_decided_on is not null
    and organ_decision is not null and about_id is not null and venue is null)),
  -- Awb 7:11, 8:72: a ruling that found the authority lacking; on an objection by the organ itself, on appeal by a court.
  constraint ck_decision_act_objection check (case when kind = 'bezwaar' then (venue = 'bezwaar') = (organ is not null)
    and organ_decided_on is not null and organ_decision is not null and about_id is not null and ground is not null
    and effect is not null else venue is null and effect is null end),
  constraint ck_decision_act_erased check (kind <> 'vernietigd' or (ground is not null and approved_by <> person_id))
);
create index ix_decision_act_decision on decision_act (decision_id, id);
create index ix_decision_act_kind on decision_act (kind, at);
create unique index uq_decision_act_objection on decision_act (decision_id, venue, organ_decision) where kind = 'bezwaar';
create unique index uq_decision_act_ratified on decision_act (about_id) where kind = 'bekrachtiging';

-- M15 (Awb 10:6 lid 2): who gave the power asks about one decision, with a term.
create table information_request (
  id uuid primary key default uuidv7(),
  decision_id uuid not null references decision,
  asked_by uuid not null references person,
  acting_as text not null check (acting_as <> ''),
  asked_of uuid not null references person,
  question text check (length(question) <= 4000),
  due date not null,
  entry_id uuid not null unique references journal,
  at timestamptz not null default now()
);
create index ix_information_request_decision on information_request (decision_id);
create index ix_information_request_asked on information_request (asked_of);
create table information_answer (
  request_id uuid primary key references information_request,
  person_id uuid not null references person,
  answer text check (length(answer) <= 10000),
  entry_id uuid not null unique references journal,
  at timestamptz not null default now()
);

-- An attempt to decide that was refused. The account shows sums only, never persons.
create table attempt (
  id uuid primary key default uuidv7(),
  power text not null references power (code),
  person_id uuid not null references person,
  role_id uuid references role,
  verdict text not null check (verdict in ('nee','eerst_overleg','samen_met','bij_bekrachtiging')),
  codes text[] not null,
  cents bigint check (cents between 0 and 9007199254740991),
  entry_id uuid not null unique references journal,
  at timestamptz not null default now()
);
create index ix_attempt_person on attempt (person_id, id desc);
create index ix_attempt_at on attempt (at, power);

------------------------------------------------------------------------------------------------ guards
-- The next number of a year; the row stays locked until the transaction ends, so call it in the last statement of the act.
create function next_decision(p_year int) returns int language sql volatile security definer set search_path = public
begin atomic
  insert into decision_counter as c (year, last) values (p_year, 1)
    on conflict (year) do update set last = c.last + 1 returning last;
end;
-- Every number that was taken has its decision when the transaction ends: no hole, and never a step back.
create function no_hole() returns trigger language plpgsql as $$
declare before int := case when tg_op = 'UPDATE' then old.last else 0 end;
begin
  if new.last < before or (select count(*) from decision d where d.year = new.year and d.serial > before and d.serial <= new.last)
      <> new.last - before then
    raise exception 'a number without its decision' using errcode = '23514', constraint = 'decision_no_hole';
  end if;
  return null;
end $$;
create constraint trigger no_hole after insert or update on decision_counter deferrable initially deferred
  for each row execute function no_hole();

-- A row keeps everything but its personal text, and that only becomes null, under a 'vernietigd' act.
create function only_erased() returns trigger language plpgsql as $$
declare erasable text[] := tg_argv[0]::text[]; name text; before jsonb := to_jsonb(old); after jsonb := to_jsonb(new);
begin
  -- A generated column has no value yet in a trigger that runs before.
  if (after - erasable - 'number') is distinct from (before - erasable - 'number') then
    raise exception 'a recorded row of % does not change', tg_table_name using errcode = '42501';
  end if;
  foreach name in array erasable loop
    if after -> name is distinct from before -> name and after -> name not in ('null'::jsonb, '{}'::jsonb) then
      raise exception 'text of % can only be erased', tg_table_name using errcode = '42501';
    end if;
  end loop;
  if current_setting('teams.erasing', true) is distinct from 'on' then
    raise exception 'text of % is erased by erase_decision only', tg_table_name using errcode = '42501';
  end if;
  return new;
end $$;
create trigger kept before update on decision for each row execute function
  only_erased('{answer,case_number,counterparty,subject,reasons,signature,override_reason,question}');
create trigger kept before update on decision_act for each row execute function only_erased('{old_value,new_value,reason}');
create trigger kept before update on information_request for each row execute function only_erased('{question}');
create trigger kept before update on information_answer for each row execute function only_erased('{answer}');
create trigger kept before update on intent_act for each row execute function only_erased('{text}');

-- States move only while a voornemen is open; who holds it and its second person may change with them.
create function intent_moves() returns trigger language plpgsql as $$
declare moving text[] := array['state','version','holder_id','role_id','second_id'];
begin
  if current_user = 'teams_owner' then
    return new;
  end if;
  if (to_jsonb(new) - moving) is distinct from (to_jsonb(old) - moving) or new.version <> old.version + 1 then
    raise exception 'only the state of a voornemen changes' using errcode = '42501';
  end if;
  if old.state in ('besloten','afgewezen','ingetrokken') then
    raise exception 'a closed voornemen does not change' using errcode = '23514', constraint = 'intent_moves';
  end if;
  return new;
end $$;
create trigger moves before update on intent for each row execute function intent_moves();

create function organ_proposal_moves() returns trigger language plpgsql as $$
begin
  if current_user <> 'teams_owner' and old.state in ('besloten','afgewezen') then
    raise exception 'a proposal with its outcome does not change' using errcode = '23514', constraint = 'organ_proposal_moves';
  end if;
  return new;
end $$;
create trigger moves before update on organ_proposal for each row execute function organ_proposal_moves();

-- M20: the second person confirmed, in an act of their own, before the decision stands.
create function decision_is_confirmed() returns trigger language plpgsql as $$
begin
  if new.second_id is not null and new.source in ('scherm','api') and not exists (select from intent_act a
      where a.intent_id = new.intent_id and a.kind = 'bevestigd' and a.person_id = new.second_id) then
    raise exception 'not confirmed by the second person' using errcode = '23514', constraint = 'decision_confirmed';
  end if;
  if new.serial > (select last from decision_counter where year = new.year) then
    raise exception 'a number that was not given' using errcode = '23514', constraint = 'decision_number';
  end if;
  if new.confidential and new.subject is not null then
    raise exception 'a confidential power shows the number only' using errcode = '23514', constraint = 'decision_confidential';
  end if;
  return new;
end $$;
create trigger confirmed before insert on decision for each row execute function decision_is_confirmed();

-- Destroys personal text and openings of one decision and what belongs to it; needs the 'vernietigd' act, which stays. Returns openings destroyed.
create function erase_decision(p_act uuid) returns int language plpgsql security definer set search_path = public as $$
declare d decision; n int;
begin
  select x.* into d from decision x join decision_act a on a.decision_id = x.id where a.id = p_act and a.kind = 'vernietigd';
  if not found then
    raise exception 'no act of erasure' using errcode = '23514', constraint = 'erase_decision';
  end if;
  perform set_config('teams.erasing', 'on', true);
  update decision set answer = null, case_number = null, counterparty = null, subject = null, reasons = null, signature = null,
    override_reason = null, question = '{}' where id = d.id;
  update decision_act set old_value = null, new_value = null, reason = null where decision_id = d.id and id <> p_act;
  update information_request set question = null where decision_id = d.id;
  update information_answer set answer = null
    where request_id in (select id from information_request where decision_id = d.id);
  update intent_act set text = null where intent_id = d.intent_id;
  update intent set case_number = null, counterparty = null, subject = null, reasons = null, question = '{}' where id = d.intent_id;
  update organ_proposal set title = null, text = null, remark = null where intent_id = d.intent_id;
  delete from journal_text t where t.entry in (
    select d.entry_id
    union select a.entry_id from decision_act a where a.decision_id = d.id and a.id <> p_act
    union select r.entry_id from information_request r where r.decision_id = d.id
    union select w.entry_id from information_answer w join information_request r on r.id = w.request_id where r.decision_id = d.id
    union select i.entry_id from intent_act i where i.intent_id = d.intent_id and i.entry_id is not null);
  get diagnostics n = row_count;
  perform set_config('teams.erasing', 'off', true);
  return n;
end $$;

create trigger append_only before update or delete on attempt for each row execute function no_change();
do $$
declare t text;
begin
  foreach t in array array['intent','intent_act','organ_proposal','decision','decision_act','information_request','information_answer',
      'decision_counter'] loop
    execute format('create trigger kept_row before delete on %I for each row execute function no_change()', t);
  end loop;
  foreach t in array array['intent','intent_act','organ_proposal','decision','decision_act','information_request','information_answer',
      'attempt','decision_counter'] loop
    execute format('create trigger no_truncate before truncate on %I for each statement execute function no_change()', t);
  end loop;
end $$;

------------------------------------------------------------------------------------------------ privileges
revoke execute on function next_decision(int), no_hole(), only_erased(), intent_moves(), organ_proposal_moves(), decision_is_confirmed(),
  erase_decision(uuid) from public;
grant execute on function next_decision(int), erase_decision(uuid) to teams_app, teams_worker;
do $$
declare r text; t text;
begin
  foreach r in array array['teams_app','teams_worker'] loop
    foreach t in array array[
        'intent (state, power, confidential, person_id, role_id, holder_id, second_id, question, cents, case_number, counterparty, subject, reasons, no_interest, origin)',
        'intent_act (intent_id, kind, person_id, role_id, other_id, condition, agrees, given_on, text, facts, entry_id)',
        'organ_proposal (intent_id, organ_id, title, text, made_by)',
        'decision (id, year, serial, power, power_title, act, organ, confidential, recording, source, batch_id, external, origin, intent_id, person_id, role_id, capacity, absent, second_id, reporter_id, contested, verdict, outcome, grants, chains, ceiling, base, cents, total, rulebook, rules, rules_hash, question, answer, case_number, counterparty, subject, reasons, signature, no_interest, sensitive, overridden, override_reason, request_key, decided_at, entry_id)',
        'decision_act (decision_id, kind, person_id, role_id, about_id, field, old_value, new_value, ground, reason, organ, organ_decided_on, organ_decision, told_on, venue, effect, approved_by, entry_id)',
        'information_request (decision_id, asked_by, acting_as, asked_of, question, due, entry_id)',
        'information_answer (request_id, person_id, answer, entry_id)',
        'attempt (power, person_id, role_id, verdict, codes, cents, entry_id)'] loop
      execute format('grant select on %I to %I', split_part(t, ' ', 1), r);
      execute format('grant insert %s on %I to %I', substring(t from '\(.*\)'), split_part(t, ' ', 1), r);
    end loop;
    execute format('grant select on decision_counter to %I', r);
    execute format('grant update (state, version, holder_id, role_id, second_id) on intent to %I', r);
    execute format('grant update (title, text, state, decided_on, decision_number, remark, outcome_by, outcome_at, version) on organ_proposal to %I', r);
  end loop;
end $$;
grant select on decision, decision_act, decision_counter, information_request, information_answer, attempt to teams_auditor;
