-- Skills with levels and synonyms, wishes, feedback after a klus.

-- The code that an open list (ESCO, CompetentNL) gives a skill, kept where an import carries one.
alter table skill add column code text check (length(code) between 1 and 80);
create unique index uq_skill_code on skill (code) where code is not null;
create table skill_synonym (
  id uuid primary key default uuidv7(),
  skill_id uuid not null references skill,
  name text not null check (length(name) between 1 and 80)
);
create unique index uq_skill_synonym_name on skill_synonym (plain(name));
create index ix_skill_synonym_skill on skill_synonym (skill_id);
create view skill_name as
  select plain(name) as name, id from skill union all select plain(name), skill_id from skill_synonym;

-- 1: wants to learn it, 2: can do it, 3: can teach it.
alter table person_skill add column level smallint not null default 2 check (level between 1 and 3);
create index ix_person_skill_skill on person_skill (skill_id, person_id);

create table person_wish (
  person_id uuid primary key references person,
  open boolean not null default false,
  hours_most numeric(4,1) check (hours_most > 0 and hours_most <= 60),
  kinds text[] not null default '{}' check (kinds <@ array['klus','project','vacature'])
);

-- Counted each night: how many people can do a klus and have the hours. Numbers, no people.
create table klus_reach (
  klus_id uuid primary key references klus,
  people int not null,
  counted_at timestamptz not null
);

-- After a klus, both ways; append-only.
create table feedback (
  id uuid primary key default uuidv7(),
  claim_id uuid not null references claim,
  author_id uuid not null references person,
  about_id uuid not null references person,
  words text not null check (length(words) between 1 and 1000),
  at timestamptz not null default now(),
  constraint ck_feedback_other check (author_id <> about_id)
);
create unique index uq_feedback on feedback (claim_id, author_id);
create index ix_feedback_about on feedback (about_id);
create table endorsement (
  claim_id uuid not null references claim,
  skill_id uuid not null references skill,
  person_id uuid not null references person,
  author_id uuid not null references person,
  at timestamptz not null default now(),
  primary key (claim_id, skill_id, author_id),
  constraint ck_endorsement_other check (author_id <> person_id)
);
create index ix_endorsement_person on endorsement (person_id);

------------------------------------------------------------------------------------------------ saved searches
-- `wish` is what is looked for, `seen_at` up to when placed klussen were looked at. A klus is told once to a person.
create table saved_search (
  id uuid primary key default uuidv7(),
  person_id uuid not null references person,
  name text not null check (length(name) between 1 and 120),
  wish jsonb not null,
  made_at timestamptz not null default now(),
  seen_at timestamptz not null default now()
);
create unique index uq_saved_search on saved_search (person_id, wish);
create index ix_saved_search_seen on saved_search (seen_at);
create table saved_search_told (
  person_id uuid not null references person,
  klus_id uuid not null references klus,
  at timestamptz not null default now(),
  primary key (person_id, klus_id)
);
create index ix_saved_search_told_klus on saved_search_told (klus_id);
create index ix_klus_published on klus (published_at) where published_at is not null;

------------------------------------------------------------------------------------------------ corrections (AVG 16)
create table correction (
  id uuid primary key default uuidv7(),
  number int not null generated always as identity unique,
  person_id uuid not null references person,
  words text not null check (length(words) between 1 and 1000),
  at timestamptz not null default now(),
  due date not null,
  state text not null default 'gevraagd' check (state in ('gevraagd','verbeterd','afgewezen')),
  answer text not null default '' check (length(answer) <= 1000),
  answered_by uuid references person,
  answered_at timestamptz,
  constraint ck_correction_second_person check (answered_by <> person_id),
  constraint ck_correction_answered check ((state = 'gevraagd') = (answered_by is null) and (state = 'gevraagd') = (answered_at is null)
    and (state = 'gevraagd') = (answer = ''))
);
create index ix_correction_person on correction (person_id);
create index ix_correction_open on correction (due) where state = 'gevraagd';
create function correction_once() returns trigger language plpgsql as $$
begin
  if old.state <> 'gevraagd' or (new.person_id, new.words, new.at, new.due) is distinct from (old.person_id, old.words, old.at, old.due) then
    raise exception 'a correction is answered once' using errcode = '23514', constraint = 'correction_once';
  end if;
  return new;
end $$;
create trigger correction_once before update on correction for each row execute function correction_once();

------------------------------------------------------------------------------------------------ privileges
revoke execute on function correction_once() from public;
do $$
declare r text;
begin
  foreach r in array array['teams_app','teams_worker'] loop
    execute format('grant update (code) on skill to %I', r);
    execute format('grant update (level) on person_skill to %I', r);
    execute format('grant select on skill_name to %I', r);
    execute format('grant select, insert, delete on skill_synonym to %I', r);
    execute format('grant select, insert, update, delete on person_wish, klus_reach to %I', r);
    execute format('grant select, insert on feedback, endorsement, saved_search_told, correction to %I', r);
    execute format('grant select, insert, delete on saved_search to %I', r);
    execute format('grant update (seen_at) on saved_search to %I', r);
    execute format('grant update (state, answer, answered_by, answered_at) on correction to %I', r);
    execute format('grant execute on function correction_once() to %I', r);
  end loop;
end $$;
