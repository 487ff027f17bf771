-- Notices, mail and what people want to hear.

-- An act puts its entry here, in its own transaction; the worker takes rows, makes notices of them and deletes them.
-- No reference to the journal: the row is written in one statement with its entry, and a claim must stay fast.
create table outbox (
  entry uuid not null,
  consumer text not null check (consumer = 'melding'),
  tries int not null default 0,
  primary key (entry, consumer)
);

-- R12: a reminder exists once for what it is about, its rule and the day it is due.
create table reminder (
  object uuid not null,
  rule text not null,
  due date not null,
  at timestamptz not null default now(),
  primary key (object, rule, due)
);
create index ix_reminder_due on reminder (due);

-- What is mailed: a notice at once, or what lies ready once a day or a week. No words: those are made when it is sent.
create table mail (
  id uuid primary key default uuidv7(),
  person_id uuid not null references person,
  sort text not null check (sort in ('direct','dag','week')),
  day date,
  state text not null default 'wacht' check (state in ('wacht','verstuurd','mislukt','vervallen')),
  next_at timestamptz not null,
  tries int not null default 0,
  fault text not null default '' check (length(fault) <= 80),
  made_at timestamptz not null default now(),
  sent_at timestamptz,
  constraint ck_mail_day check ((day is null) = (sort = 'direct')),
  constraint ck_mail_sent check ((sent_at is not null) = (state = 'verstuurd'))
);
create unique index uq_mail_day on mail (person_id, sort, day) where day is not null;
create index ix_mail_waits on mail (next_at) where state = 'wacht';
create index ix_mail_failed on mail (id) where state = 'mislukt';
create index ix_mail_old on mail (made_at);

-- What one person should hear. `said` names the sentence, `facts` holds ids, numbers and days.
create table notice (
  id uuid primary key default uuidv7(),
  person_id uuid not null references person,
  said text not null,
  facts jsonb not null default '{}',
  entry uuid,
  at timestamptz not null,
  read_at timestamptz,
  mail text not null check (mail in ('direct','dag','week','nooit')),
  mail_id uuid references mail
);
create unique index uq_notice_entry on notice (person_id, entry, said) where entry is not null;
create index ix_notice_page on notice (person_id, id desc);
create index ix_notice_unread on notice (person_id) where read_at is null;
create index ix_notice_mail on notice (mail_id) where mail_id is not null;
create index ix_notice_old on notice (at);
create index ix_notice_gathered on notice (mail, person_id) where mail_id is null and mail in ('dag','week');

create table notice_choice (
  person_id uuid not null references person,
  kind text not null,
  mail text not null check (mail in ('direct','dag','week','nooit')),
  primary key (person_id, kind)
);
-- Hours (Amsterdam) in which no mail goes out; equal means: never quiet.
create table quiet_hours (
  person_id uuid primary key references person,
  starts time not null,
  ends time not null
);

-- Signs the addresses with which a mail can be stopped without logging in.
create table mail_key (
  only_one boolean primary key default true check (only_one),
  key bytea not null check (length(key) = 32)
);
insert into mail_key (key) values
  (decode(replace(gen_random_uuid()::text || gen_random_uuid()::text, '-', ''), 'hex'));

-- The schedule as the leading process has it, how each job last went, and what it last did where that is counted.
create table job_run (
  job text primary key,
  plan text not null default '',
  next_at timestamptz,
  last_at timestamptz,
  took_ms int,
  fault text not null default '',
  did jsonb not null default '{}',
  did_at timestamptz
);

------------------------------------------------------------------------------------------------ privileges
do $$
declare r text;
begin
  foreach r in array array['teams_app','teams_worker'] loop
    execute format('grant select, insert, delete on outbox to %I', r);
    execute format('grant update (tries) on outbox to %I', r);
    execute format('grant select, insert (object, rule, due) on reminder to %I', r);
    execute format('grant select, insert on mail, notice to %I', r);
    execute format('grant update (state, next_at, tries, fault, sent_at) on mail to %I', r);
    execute format('grant update (read_at, mail_id) on notice to %I', r);
    execute format('grant select, insert, update, delete on notice_choice, quiet_hours, job_run to %I', r);
    execute format('grant select on mail_key to %I', r);
  end loop;
end $$;
-- What is old goes by the clock, never by a page.
grant delete on notice, mail, reminder to teams_worker;
