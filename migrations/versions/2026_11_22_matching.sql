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

------------------------------------------------------------------------------------------------ privileges
do $$
declare r text;
begin
  foreach r in array array['teams_app','teams_worker'] loop
    execute format('grant update (code) on skill to %I', r);
    execute format('grant update (level) on person_skill to %I', r);
    execute format('grant select on skill_name to %I', r);
    execute format('grant select, insert, delete on skill_synonym to %I', r);
    execute format('grant select, insert, update, delete on person_wish, klus_reach to %I', r);
    execute format('grant select, insert on feedback, endorsement to %I', r);
  end loop;
end $$;
