-- Audit, sample, completeness, erasure and the account to the board.

------------------------------------------------------------------------------------------------ how long texts stay
-- The kind of record that an entry of the journal is, by its verb.
create function retention_kind(verb text) returns text language sql immutable strict parallel safe
  return case split_part(verb, '.', 1)
    when 'decision' then 'besluit' when 'intent' then 'besluit' when 'information' then 'besluit' when 'proposal' then 'voorstel' when 'objection' then 'voorstel'
    when 'policy' then 'voorstel' when 'mandate' then 'voorstel' when 'meeting' then 'voorstel' when 'election' then 'voorstel'
    when 'grant' then 'mandaat' when 'decree' then 'mandaat' when 'power' then 'mandaat' when 'framework' then 'mandaat'
    when 'replacement' then 'mandaat' when 'exclusion' then 'mandaat' when 'budget' then 'mandaat' when 'interest' then 'mandaat'
    when 'role' then 'organisatie' when 'team' then 'organisatie' when 'organ' then 'organisatie'
    when 'person' then 'mensen' when 'account' then 'inloggen' when 'session' then 'inloggen'
    when 'klus' then 'klus' when 'claim' then 'klus'
    when 'checklist' then 'verantwoording' when 'sample' then 'verantwoording' when 'report' then 'verantwoording'
    else 'overig' end;

-- `months` null: kept for ever. A change is a new version.
create table retention_term (
  id uuid primary key default uuidv7(),
  kind text not null check (kind in
    ('besluit','mandaat','voorstel','organisatie','mensen','inloggen','klus','verantwoording','overig')),
  months int check (months between 1 and 1200),
  source text not null check (length(source) between 1 and 200),
  set_by uuid references person,
  recorded tstzrange not null default tstzrange(now(), null),
  exclude using gist (kind with =, recorded with &&)
);
insert into retention_term (kind, months, source, recorded) select kind, months, source, tstzrange('2000-01-01', null) from (values
  ('besluit', 120, 'Selectielijst gemeenten 2020 (te controleren)'), ('mandaat', null, 'Selectielijst gemeenten 2020 (te controleren)'),
  ('voorstel', 120, 'Selectielijst gemeenten 2020 (te controleren)'), ('organisatie', 120, 'Selectielijst gemeenten 2020 (te controleren)'),
  ('mensen', 120, 'Selectielijst gemeenten 2020 (te controleren)'), ('inloggen', 6, 'AVG artikel 5, lid 1, onder e (te controleren)'),
  ('klus', 60, 'Selectielijst gemeenten 2020 (te controleren)'), ('verantwoording', null, 'Selectielijst gemeenten 2020 (te controleren)'),
  ('overig', 120, 'Selectielijst gemeenten 2020 (te controleren)')) t(kind, months, source);

-- Until when the texts of an entry stay, by the terms as they are now; null: for ever.
create function retained_until(verb text, at timestamptz) returns timestamptz language sql stable
begin atomic
  select at + make_interval(months => t.months) from retention_term t
  where t.kind = retention_kind(verb) and upper_inf(t.recorded);
end;

------------------------------------------------------------------------------------------------ erasure
create table erasure (
  id uuid primary key default uuidv7(),
  number int not null generated always as identity unique,
  ground text not null check (ground in ('bewaartermijn','avg_17','onrechtmatig')),
  reason text not null check (length(reason) between 1 and 500),
  asked_by uuid not null references person,
  asked_at timestamptz not null default now(),
  state text not null default 'gevraagd' check (state in ('gevraagd','vernietigd','geweigerd')),
  settled_by uuid references person,
  settled_at timestamptz,
  answer text not null default '' check (length(answer) <= 500),
  erased int not null default 0,
  constraint ck_erasure_second_person check (settled_by <> asked_by),
  constraint ck_erasure_settled check ((state = 'gevraagd') = (settled_by is null) and (settled_by is null) = (settled_at is null))
);
create index ix_erasure_asked_by on erasure (asked_by);
create table erasure_item (
  erasure_id uuid not null references erasure,
  entry uuid not null references journal,
  primary key (erasure_id, entry)
);
create index ix_erasure_item_entry on erasure_item (entry);

-- Only `erase` says that something was erased.
create function erased_by_function() returns trigger language plpgsql as $$
begin
  if old.state <> 'gevraagd' or (new.state = 'vernietigd' and current_user <> 'teams_owner') then
    raise exception 'an erasure is settled once, and carried out by erase()' using errcode = '42501';
  end if;
  return new;
end $$;
create trigger settled_once before update on erasure for each row execute function erased_by_function();

-- Rule 6 and mandates 4.4: takes away the openings of the entries and the text they came from, once somebody else approved.
-- Entries themselves and their leaves stay. The application cannot delete a text in any other way.
create function erase(p_erasure uuid, p_by uuid) returns int language plpgsql security definer set search_path = public as $$
declare e erasure; gone int;
begin
  select * into e from erasure where id = p_erasure for update;
  if not found or e.state <> 'gevraagd' or p_by is null or p_by = e.asked_by then
    raise exception 'erasure is not asked for, or not approved by another person' using errcode = '42501';
  end if;
  if e.ground <> 'onrechtmatig' and exists (select from erasure_item i join journal j on j.id = i.entry
      where i.erasure_id = e.id and coalesce(retained_until(j.verb, j.at), 'infinity') > now()
        and (e.ground = 'bewaartermijn' or retention_kind(j.verb) not in ('klus','overig'))) then
    raise exception 'a text is still within its term' using errcode = '42501';
  end if;
  if exists (select from erasure_item i join journal j on j.id = i.entry and j.accountable
      where i.erasure_id = e.id and not exists (select from leaf l where l.entry = i.entry)) then
    raise exception 'an entry is not in the log yet' using errcode = '42501';
  end if;
  delete from leaf_seed s using erasure_item i, leaf l
    where i.erasure_id = e.id and l.entry = i.entry and s.log = l.log and s.seq = l.seq;
  delete from journal_text t using erasure_item i where i.erasure_id = e.id and t.entry = i.entry;
  get diagnostics gone = row_count;
  update claim c set motivation = '', reason = '', handover = '' from erasure_item i
    join journal_subject s on s.entry = i.entry and s.kind = 'claim' where i.erasure_id = e.id and c.id = s.id;
  update erasure set state = 'vernietigd', settled_by = p_by, settled_at = now(), erased = gone where id = e.id;
  return gone;
end $$;

------------------------------------------------------------------------------------------------ access review
-- `content`: who may what, as it was known at `known`, in one form only; `digest` is its SHA-256.
create table access_review (
  id uuid primary key default uuidv7(),
  number int not null generated always as identity unique,
  kind text not null check (kind in ('jaar','kwartaal')),
  period text not null check (period ~ '^[0-9]{4}(-K[1-4])?$'),
  known timestamptz not null,
  content text not null,
  digest text not null check (digest ~ '^sha256:[0-9a-f]{64}$'),
  lines int not null,
  made_by uuid not null references person,
  made_at timestamptz not null default now(),
  remarks text not null default '' check (length(remarks) <= 4000),
  signed_by uuid references person,
  signed_at timestamptz,
  finding text not null default '' check (length(finding) <= 4000),
  checked_by uuid references person,
  checked_at timestamptz,
  unique (kind, period),
  constraint ck_access_review_period check ((kind = 'jaar') = (length(period) = 4)),
  constraint ck_access_review_signed check ((signed_by is null) = (signed_at is null)),
  constraint ck_access_review_checked check (checked_by is null or (signed_by is not null and checked_by <> signed_by))
);
create table access_review_mark (
  review_id uuid not null references access_review,
  line int not null check (line >= 1),
  verdict text not null check (verdict in ('intrekken','uitzoeken')),
  note text not null check (length(note) between 1 and 500),
  marked_by uuid not null references person,
  at timestamptz not null default now(),
  primary key (review_id, line)
);

------------------------------------------------------------------------------------------------ what asks for attention
-- Walked newest first by the audit page: a flag costs what it shows, however long the log is. 'aandacht': at least one that is serious.
create table decision_flag (
  decision_id uuid not null references decision,
  flag text not null check (flag in ('boven_grens','splitsing','bij_grens','gebrek','mandaat_gold_niet','zelfde_persoon',
    'doorbroken','informatie','bekrachtigd','bezwaar','aandacht')),
  decided_at timestamptz not null,
  from_day date,
  primary key (decision_id, flag)
);
create index ix_decision_flag_flag on decision_flag (flag, decided_at desc, decision_id desc);
create index ix_decision_role_decided on decision (role_id, decided_at desc, id desc);
create index ix_decision_role_power_decided on decision (role_id, power, decided_at desc, id desc);
create index ix_decision_organ_decided on decision (organ, decided_at desc, id desc);
create index ix_decision_person_decided on decision (person_id, decided_at desc, id desc);
create index ix_decision_power_decided on decision (power, decided_at desc, id desc);
create index ix_decision_recorded on decision (recorded_at);
create index ix_decision_lacking on decision (year desc, serial desc) where outcome = 'gebrek';

-- One row for each grant in the chains of a decision: some grants stand in few of a million, some in most, and no index on an
-- array finds both the last one and a thousand of them without reading all.
create table decision_grant (
  number text not null,
  decided_at timestamptz not null,
  decision_id uuid not null references decision,
  primary key (number, decided_at, decision_id)
);
create function decision_granted() returns trigger language plpgsql security definer set search_path = public as $$
begin
  insert into decision_grant (number, decided_at, decision_id) select distinct n, new.decided_at, new.id from unnest(new.grants) n;
  return null;
end $$;
create trigger granted after insert on decision for each row when (new.grants <> '{}') execute function decision_granted();

-- `rules` as written with the decision: [[code, outcome], …].
create function decision_flags(base text, ceiling bigint, cents bigint, total bigint, outcome text, rules jsonb) returns text[]
language sql immutable parallel safe
begin atomic
  select array_remove(array[
    case when (case when base in ('per_jaar','per_zaak') then greatest(total, cents) else cents end) > ceiling then 'boven_grens' end,
    case when base not in ('per_jaar','per_zaak') and cents <= ceiling and total > ceiling then 'splitsing' end,
    case when ceiling > 0 and cents <= ceiling and cents >= ceiling - ceiling / 10 then 'bij_grens' end,
    case when outcome = 'gebrek' then 'gebrek' end,
    case when jsonb_path_exists(rules, 'strict $[*] ? (@[0] == "M13" || @[0] == "M17" || @[0] == "M29") ? (@[1] == "nee" || @[1] == "let_op")')
      then 'mandaat_gold_niet' end,
    case when jsonb_path_exists(rules, 'strict $[*] ? (@[0] == "M09" || @[0] == "M10" || @[0] == "M20") ? (@[1] == "nee")')
      then 'zelfde_persoon' end,
    case when outcome = 'doorbroken' then 'doorbroken' end], null);
end;
create function decision_flagged() returns trigger language plpgsql security definer set search_path = public as $$
declare found text[] := decision_flags(new.base, new.ceiling, new.cents, new.total, new.outcome, new.rules);
begin
  if found <> '{}' then
    insert into decision_flag (decision_id, flag, decided_at)
    select new.id, f, new.decided_at from unnest(found || case when found <> array['bij_grens'] then array['aandacht'] else '{}' end) f;
  end if;
  return null;
end $$;
create trigger flagged after insert on decision for each row execute function decision_flagged();
create function decision_act_flagged() returns trigger language plpgsql security definer set search_path = public as $$
begin
  insert into decision_flag (decision_id, flag, decided_at)
  select d.id, f, d.decided_at from decision d, unnest(case when new.kind = 'bekrachtiging' then array['bekrachtigd'] when new.kind = 'bezwaar' then array['bezwaar'] else array['gebrek','aandacht',
    case new.ground when 'boven_grens' then 'boven_grens' when 'gesplitst' then 'splitsing' when 'zelfde_persoon' then 'zelfde_persoon'
      when 'verlopen' then 'mandaat_gold_niet' when 'niet_bekendgemaakt' then 'mandaat_gold_niet' when 'terugwerkend' then 'mandaat_gold_niet'
      else 'gebrek' end] end) f
  where d.id = new.decision_id on conflict do nothing;
  return null;
end $$;
create trigger flagged after insert on decision_act for each row when (new.kind in ('gebrek','bekrachtiging','bezwaar'))
  execute function decision_act_flagged();
create function information_flagged() returns trigger language plpgsql security definer set search_path = public as $$
begin
  if tg_table_name = 'information_request' then
    insert into decision_flag (decision_id, flag, decided_at, from_day)
    select d.id, 'informatie', d.decided_at, new.due + 1 from decision d where d.id = new.decision_id
    on conflict (decision_id, flag) do update set from_day = least(decision_flag.from_day, excluded.from_day);
  else
    delete from decision_flag f using information_request r where r.id = new.request_id and f.decision_id = r.decision_id
      and f.flag = 'informatie' and not exists (select from information_request o where o.decision_id = r.decision_id
        and not exists (select from information_answer a where a.request_id = o.id));
  end if;
  return null;
end $$;
create trigger flagged after insert on information_request for each row execute function information_flagged();
create trigger flagged after insert on information_answer for each row execute function information_flagged();

------------------------------------------------------------------------------------------------ completeness
create table checklist (
  id uuid primary key default uuidv7(),
  number int not null generated always as identity unique,
  file text not null check (length(file) between 1 and 200),
  digest text not null check (digest ~ '^sha256:[0-9a-f]{64}$'),
  rows int not null check (rows >= 0),
  added int not null check (added >= 0),
  changed int not null check (changed >= 0),
  imported_by uuid references person,
  at timestamptz not null default now()
);
-- One post of an outside list. `state` is the last of its acts, which keep what was known when.
create table checklist_item (
  id uuid primary key default uuidv7(),
  number int not null generated always as identity unique,
  kind text not null check (kind in ('contract','betaling','zaak')),
  reference text not null check (length(reference) between 1 and 120),
  day date not null,
  amount bigint check (amount between 0 and 9007199254740991),
  party text not null default '' check (length(party) <= 200),
  case_number text not null default '' check (length(case_number) <= 120),
  given_number text not null default '' check (length(given_number) <= 40),
  state text not null check (state in ('gevonden','open','verklaard')),
  decision_id uuid references decision,
  owner_role uuid references role,
  checklist_id uuid not null references checklist,
  added_at timestamptz not null default now(),
  version int not null default 1,
  unique (kind, reference),
  constraint ck_checklist_item_found check (state <> 'gevonden' or decision_id is not null)
);
create index ix_checklist_item_open on checklist_item (day, number) where state = 'open';
create index ix_checklist_item_day on checklist_item (day);
create index ix_checklist_item_owner on checklist_item (owner_role) where state = 'open';
create table checklist_act (
  id uuid primary key default uuidv7(),
  item_id uuid not null references checklist_item,
  state text not null check (state in ('gevonden','open','verklaard')),
  how text not null check (how in ('nummer','zaak','partij_en_bedrag','geen','eigenaar',
    'hoort_niet','niet_vastleggen','dubbel','fout_in_lijst','zonder_besluit')),
  decision_id uuid references decision,
  owner_role uuid references role,
  day date not null,
  amount bigint,
  by uuid references person,
  at timestamptz not null default now()
);
create index ix_checklist_act_item on checklist_act (item_id, id desc);

------------------------------------------------------------------------------------------------ sample
-- The seed is the root of the first signed head that covers the period, so nobody chooses what is drawn.
create table sample (
  id uuid primary key default uuidv7(),
  number int not null generated always as identity unique,
  period text not null unique check (period ~ '^[0-9]{4}(-K[1-4])?$'),
  head_size bigint not null check (head_size > 0),
  head_root bytea not null check (length(head_root) = 32),
  head_note text not null,
  population int not null check (population >= 0),
  drawn_by uuid not null references person,
  drawn_at timestamptz not null default now(),
  verdict text check (verdict in ('in_orde','met_punten','niet_in_orde')),
  finding text not null default '' check (length(finding) <= 4000),
  found_by uuid references person,
  found_at timestamptz,
  version int not null default 1,
  constraint ck_sample_found check ((verdict is null) = (found_by is null) and (found_by is null) = (found_at is null)
    and (verdict is null or finding <> ''))
);
create table sample_item (
  sample_id uuid not null references sample,
  position int not null check (position >= 1),
  decision_id uuid not null references decision,
  why text not null check (why in ('loting','secretaris')),
  verdict text check (verdict in ('in_orde','niet_in_orde')),
  note text not null default '' check (length(note) <= 1000),
  judged_by uuid references person,
  judged_at timestamptz,
  primary key (sample_id, position),
  unique (sample_id, decision_id),
  constraint ck_sample_item_judged check ((verdict is null) = (judged_by is null)),
  constraint ck_sample_item_note check (verdict is distinct from 'niet_in_orde' or note <> '')
);

------------------------------------------------------------------------------------------------ the account to the board
create table board_account (
  id uuid primary key default uuidv7(),
  period text not null unique check (period ~ '^[0-9]{4}(-K[1-4])?$'),
  state text not null default 'concept' check (state in ('concept','bevinding','vastgesteld','naar_raad','beantwoord')),
  version int not null default 1,
  made_at timestamptz not null default now()
);
-- What was frozen: `figures` computed over the period as known at `known`, `words` by the secretary; `digest` covers both.
create table board_account_version (
  account_id uuid not null references board_account,
  version int not null check (version >= 1),
  known timestamptz not null,
  figures text not null,
  words text not null,
  digest text not null check (digest ~ '^sha256:[0-9a-f]{64}$'),
  made_by uuid not null references person,
  at timestamptz not null default now(),
  primary key (account_id, version)
);
create table board_account_step (
  id uuid primary key default uuidv7(),
  account_id uuid not null,
  version int not null,
  step text not null check (step in ('concept','bevinding','vastgesteld','naar_raad','beantwoord')),
  text text not null default '' check (length(text) <= 8000),
  decision text not null default '' check (length(decision) <= 120),
  day date,
  by uuid not null references person,
  at timestamptz not null default now(),
  foreign key (account_id, version) references board_account_version
);
create unique index uq_board_account_step on board_account_step (account_id, version, step);
create table board_question (
  id uuid primary key default uuidv7(),
  number int not null generated always as identity unique,
  account_id uuid not null references board_account,
  kind text not null check (kind in ('vraag','toezegging')),
  text text not null check (length(text) between 1 and 2000),
  behalf text not null default '' check (length(behalf) <= 120),
  asked_by uuid references person,
  asked_account uuid references account,
  asked_at timestamptz not null default now(),
  due date not null,
  answer text not null default '' check (length(answer) <= 4000),
  answered_by uuid references person,
  answered_at timestamptz,
  constraint ck_board_question_asked check (num_nonnulls(asked_by, asked_account) > 0),
  constraint ck_board_question_answered check ((answered_by is null) = (answered_at is null) and (answered_by is null) = (answer = ''))
);
create index ix_board_question_account on board_question (account_id, number);
create index ix_board_question_open on board_question (due) where answered_by is null;

------------------------------------------------------------------------------------------------ guards and privileges
do $$
declare t text;
begin
  create trigger history before update or delete on retention_term for each row execute function only_close_recorded();
  foreach t in array array['decision_grant','erasure_item','access_review_mark','checklist','checklist_act','board_account_version','board_account_step'] loop
    execute format('create trigger append_only before update or delete on %I for each row execute function no_change()', t);
  end loop;
  foreach t in array array['decision_flag','decision_grant','retention_term','erasure','erasure_item','access_review','access_review_mark','checklist','checklist_item',
      'checklist_act','sample','sample_item','board_account','board_account_version','board_account_step','board_question'] loop
    execute format('create trigger no_truncate before truncate on %I for each statement execute function no_change()', t);
  end loop;
end $$;

revoke execute on function decision_flags(text, bigint, bigint, bigint, text, jsonb), decision_flagged(), decision_granted(), decision_act_flagged(),
  information_flagged(), erased_by_function(), retention_kind(text), retained_until(text, timestamptz), erase(uuid, uuid) from public;
grant execute on function decision_flags(text, bigint, bigint, bigint, text, jsonb), retention_kind(text), retained_until(text, timestamptz), erase(uuid, uuid) to teams_app, teams_worker;

do $$
declare r text; t text;
begin
  foreach r in array array['teams_app','teams_worker'] loop
    foreach t in array array['decision_flag','decision_grant','retention_term','erasure','erasure_item','access_review','access_review_mark','checklist','checklist_item',
        'checklist_act','sample','sample_item','board_account','board_account_version','board_account_step','board_question'] loop
      execute format('grant select on %I to %I', t, r);
    end loop;
    execute format('grant insert (kind, months, source, set_by), update (recorded) on retention_term to %I', r);
    execute format('grant insert (ground, reason, asked_by), update (state, settled_by, settled_at, answer) on erasure to %I', r);
    execute format('grant insert on erasure_item to %I', r);
    execute format('grant insert (kind, period, known, content, digest, lines, made_by), update (remarks, signed_by, signed_at, finding, checked_by, checked_at) on access_review to %I', r);
    execute format('grant insert (review_id, line, verdict, note, marked_by) on access_review_mark to %I', r);
    execute format('grant insert (file, digest, rows, added, changed, imported_by) on checklist to %I', r);
    execute format('grant insert (kind, reference, day, amount, party, case_number, given_number, state, decision_id, owner_role, checklist_id), update (day, amount, party, case_number, given_number, state, decision_id, owner_role, checklist_id, version) on checklist_item to %I', r);
    execute format('grant insert (item_id, state, how, decision_id, owner_role, day, amount, by) on checklist_act to %I', r);
    execute format('grant insert (period, head_size, head_root, head_note, population, drawn_by), update (verdict, finding, found_by, found_at, version) on sample to %I', r);
    execute format('grant insert (sample_id, position, decision_id, why), update (verdict, note, judged_by, judged_at) on sample_item to %I', r);
    execute format('grant insert (period), update (state, version) on board_account to %I', r);
    execute format('grant insert (account_id, version, known, figures, words, digest, made_by) on board_account_version to %I', r);
    execute format('grant insert (account_id, version, step, text, decision, day, by) on board_account_step to %I', r);
    execute format('grant insert (account_id, kind, text, behalf, asked_by, asked_account, due), update (answer, answered_by, answered_at) on board_question to %I', r);
  end loop;
end $$;
