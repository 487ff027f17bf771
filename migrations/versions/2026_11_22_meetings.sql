-- Meetings, their steps and minutes; calendar feeds.
create table meeting (
  id uuid primary key default uuidv7(),
  number int not null generated always as identity unique,
  team_id uuid not null references team,
  kind text not null check (kind in ('roloverleg','werkoverleg')),
  state text not null default 'gepland' check (state in ('gepland','bezig','gesloten','vervallen')),
  step text not null default 'inchecken' check (step in
    ('inchecken','checklist','cijfers','projecten','agenda','punten','uitchecken')),
  starts_at timestamptz not null,
  ends_at timestamptz not null,
  place text not null default '' check (length(place) <= 120),
  -- G29: what a special meeting is for; nothing else comes onto its agenda.
  intent text not null default '' check (length(intent) <= 4000),
  notice_days int not null check (notice_days between 0 and 30),
  quorum int check (quorum between 1 and 200),
  planned_by uuid references person,
  planned_at timestamptz not null default now(),
  opened_at timestamptz,
  closed_at timestamptz,
  version int not null default 1,
  constraint ck_meeting_time check (ends_at > starts_at and ends_at <= starts_at + interval '12 hours'),
  constraint ck_meeting_opened check ((opened_at is null) = (state in ('gepland','vervallen'))),
  constraint ck_meeting_closed check ((closed_at is null) = (state in ('gepland','bezig')))
);
create index ix_meeting_team on meeting (team_id, starts_at desc);
create index ix_meeting_ahead on meeting (starts_at) where state in ('gepland','bezig');
-- G28: who was told, and whether that was early enough to count as a chance to be there.
create table meeting_notice (
  meeting_id uuid not null references meeting,
  person_id uuid not null references person,
  in_time boolean not null,
  at timestamptz not null default now(),
  primary key (meeting_id, person_id)
);
create index ix_meeting_notice_person on meeting_notice (person_id, meeting_id);
create table meeting_presence (
  meeting_id uuid not null references meeting,
  person_id uuid not null references person,
  marked_by uuid not null references person,
  at timestamptz not null default now(),
  left_at timestamptz,
  primary key (meeting_id, person_id)
);
-- G16: who is named by the filler of a core role who will not be there.
create table meeting_surrogate (
  meeting_id uuid not null references meeting,
  core text not null check (core in ('begeleider','teamsecretaris')),
  person_id uuid not null references person,
  named_by uuid not null references person,
  at timestamptz not null default now(),
  primary key (meeting_id, core)
);
create table meeting_item (
  id uuid primary key default uuidv7(),
  meeting_id uuid not null references meeting,
  label text not null check (length(label) between 1 and 120),
  person_id uuid not null references person,
  election boolean not null default false,
  -- which core role is elected, and the election that was called for it
  role_id uuid references role,
  election_id uuid references election,
  proposal_id uuid references proposal,
  state text not null default 'open' check (state in ('open','bezig','klaar')),
  step text check (step in ('inbrengen','vragen','reacties','verduidelijken','bezwaren','verwerking')),
  outcome text check (outcome in ('aangenomen','gekozen','ingetrokken','vervallen','op_papier','later','besproken','niet_besproken')),
  at timestamptz not null default now(),
  started_at timestamptz,
  ended_at timestamptz,
  constraint ck_meeting_item_election check (election = (role_id is not null) and (election_id is null or (election and proposal_id is null))),
  constraint ck_meeting_item_step check ((step is null) = (state = 'open' or started_at is null)),
  constraint ck_meeting_item_end check ((outcome is not null) = (state = 'klaar') and (ended_at is not null) = (state = 'klaar'))
);
create index ix_meeting_item_meeting on meeting_item (meeting_id);
create unique index uq_meeting_item_proposal on meeting_item (meeting_id, proposal_id);
create unique index uq_meeting_item_role on meeting_item (meeting_id, role_id);
create index ix_meeting_item_election on meeting_item (election_id);
create unique index uq_meeting_item_now on meeting_item (meeting_id) where state = 'bezig';
-- G28: one guest for each tension, invited by the afgevaardigde.
create table meeting_guest (
  item_id uuid primary key references meeting_item,
  meeting_id uuid not null references meeting,
  person_id uuid not null references person,
  invited_by uuid not null references person,
  at timestamptz not null default now()
);
create index ix_meeting_guest_meeting on meeting_guest (meeting_id);
-- What a team looks at in each tactical meeting: a check, a figure, a project of a role.
create table standing_item (
  id uuid primary key default uuidv7(),
  team_id uuid not null references team,
  kind text not null check (kind in ('checklist','cijfers','projecten')),
  role_id uuid not null references role,
  label text not null check (length(label) between 1 and 120),
  made_by uuid not null references person,
  at timestamptz not null default now(),
  ended_at timestamptz
);
create index ix_standing_item_team on standing_item (team_id);
-- Everything that was said or agreed, in order; never changed.
create table meeting_line (
  id uuid primary key default uuidv7(),
  meeting_id uuid not null references meeting,
  item_id uuid references meeting_item,
  standing_id uuid references standing_item,
  kind text not null check (kind in ('stap','beurt','gezegd','melding','volgende_stap','project','verlengd')),
  step text not null,
  person_id uuid not null references person,
  role_id uuid references role,
  written_by uuid not null references person,
  acting_as text,
  text text not null default '' check (length(text) <= 4000),
  at timestamptz not null default now(),
  constraint ck_meeting_line_role check ((kind in ('volgende_stap','project')) = (role_id is not null)),
  constraint ck_meeting_line_standing check ((kind = 'melding') = (standing_id is not null))
);
create index ix_meeting_line_meeting on meeting_line (meeting_id);
create unique index uq_meeting_line_turn on meeting_line
  (meeting_id, coalesce(item_id, '00000000-0000-0000-0000-000000000000'), step, person_id) where kind = 'beurt';
create unique index uq_meeting_line_report on meeting_line (meeting_id, standing_id) where kind = 'melding';
-- The round on this version is held in this meeting.
create table meeting_round (
  proposal_id uuid not null,
  version int not null,
  meeting_id uuid not null references meeting,
  item_id uuid not null references meeting_item,
  at timestamptz not null default now(),
  primary key (proposal_id, version, meeting_id),
  foreign key (proposal_id, version) references proposal_round
);
-- An address of a calendar that only its owner knows; we keep its SHA-256.
create table calendar_feed (
  id uuid primary key default uuidv7(),
  hash bytea not null unique check (length(hash) = 32),
  account_id uuid not null references account,
  team_id uuid references team,
  at timestamptz not null default now(),
  used_at timestamptz,
  revoked_at timestamptz
);
create index ix_calendar_feed_account on calendar_feed (account_id);

------------------------------------------------------------------------------------------------ guards
-- Electors of a version who have not answered. While its round is held in a meeting, who was told of that meeting in time
-- and is not there had their chance (G28); but a version to which nobody answered is never decided on (G22).
create or replace function silent_electors(p_proposal uuid, p_version int) returns int language sql stable
begin atomic
  with e as (
    select exists (select from proposal_response r where r.proposal_id = e.proposal_id and r.version = e.version
          and r.person_id = e.person_id)
        or exists (select from objection o where o.proposal_id = e.proposal_id and o.version = e.version
          and o.person_id = e.person_id and o.state in ('ongeldig','opgelost','ingetrokken')) as answered,
      exists (select from meeting_round h
          join meeting m on m.id = h.meeting_id and m.state = 'bezig'
          join meeting_notice n on n.meeting_id = m.id and n.person_id = e.person_id and n.in_time
          where h.proposal_id = e.proposal_id and h.version = e.version and not exists (select from meeting_presence p
            where p.meeting_id = m.id and p.person_id = e.person_id and p.left_at is null)) as away
    from proposal_elector e where e.proposal_id = p_proposal and e.version = p_version
  )
  select (case when bool_or(answered) then count(*) filter (where not answered and not away)
    else count(*) filter (where not answered) end)::int from e;
end;

-- Electors whose ballot is not in. While the election is on the table of a meeting, who was told of it in time and is not there
-- had their chance (G28).
create or replace function ballots_missing(p_election uuid) returns int language sql stable
begin atomic
  select count(*)::int from election_elector v where v.election_id = p_election
    and not exists (select from election_ballot b where b.election_id = v.election_id and b.person_id = v.person_id)
    and not exists (select from meeting_item i
      join meeting m on m.id = i.meeting_id and m.state = 'bezig'
      join meeting_notice n on n.meeting_id = m.id and n.person_id = v.person_id and n.in_time
      where i.election_id = v.election_id and i.state = 'bezig' and not exists (select from meeting_presence p
        where p.meeting_id = m.id and p.person_id = v.person_id and p.left_at is null));
end;

create function meeting_moves() returns trigger language plpgsql as $$
begin
  if (to_jsonb(new) - array['state','step','ends_at','opened_at','closed_at','version'])
      is distinct from (to_jsonb(old) - array['state','step','ends_at','opened_at','closed_at','version']) then
    raise exception 'this of a meeting does not change' using errcode = '42501';
  end if;
  if new.version <> old.version + 1 or old.state in ('gesloten','vervallen')
      or (old.state = 'bezig' and new.state not in ('bezig','gesloten')) or (old.state = 'gepland' and new.state = 'gesloten') then
    raise exception 'a meeting does not go this way' using errcode = '23514', constraint = 'meeting_moves';
  end if;
  if new.state = 'gesloten' and exists (select from meeting_item i where i.meeting_id = new.id and i.state <> 'klaar') then
    raise exception 'items without an outcome' using errcode = '23514', constraint = 'meeting_moves';
  end if;
  return new;
end $$;
create trigger moves before update on meeting for each row execute function meeting_moves();

-- G27: one step after another; from the objections to integration and back.
create function meeting_item_moves() returns trigger language plpgsql as $$
declare
  steps constant text[] := array['inbrengen','vragen','reacties','verduidelijken','bezwaren'];
  was int := coalesce(array_position(steps, old.step), 0);
begin
  if (to_jsonb(new) - array['state','step','outcome','proposal_id','election_id','started_at','ended_at'])
      is distinct from (to_jsonb(old) - array['state','step','outcome','proposal_id','election_id','started_at','ended_at'])
      or (old.proposal_id is not null and new.proposal_id is distinct from old.proposal_id)
      or (old.election_id is not null and new.election_id is distinct from old.election_id)
      or (new.election_id is distinct from old.election_id and not exists (select from election e
        where e.id = new.election_id and e.role_id = new.role_id)) then
    raise exception 'this of an item does not change' using errcode = '42501';
  end if;
  if old.state = 'klaar' or (old.state = 'bezig' and new.state = 'open') or (new.step is distinct from old.step and not (
      (old.step is distinct from 'verwerking' and new.step is not distinct from steps[was + 1])
      or (old.step, new.step) in (('bezwaren','verwerking'), ('verwerking','bezwaren')))) then
    raise exception 'an item does not go this way' using errcode = '23514', constraint = 'meeting_item_moves';
  end if;
  return new;
end $$;
create trigger moves before update on meeting_item for each row execute function meeting_item_moves();

create function meeting_is_on() returns trigger language plpgsql as $$
begin
  if not exists (select from meeting m where m.id = new.meeting_id and m.state = 'bezig') then
    raise exception 'the meeting is not open' using errcode = '23514', constraint = 'meeting_is_on';
  end if;
  return new;
end $$;
create trigger on_now before insert on meeting_line for each row execute function meeting_is_on();

create function meeting_round_is_held() returns trigger language plpgsql as $$
begin
  if not exists (select from meeting m join meeting_item i on i.meeting_id = m.id where m.id = new.meeting_id
      and m.state = 'bezig' and i.id = new.item_id and i.state = 'bezig'
      and ((i.step = 'bezwaren' and i.proposal_id = new.proposal_id) or exists (select from filling_offer o
        join proposal p on p.offer_id = o.id where o.election_id = i.election_id and p.id = new.proposal_id))) then
    raise exception 'no round in this meeting' using errcode = '23514', constraint = 'meeting_round_is_held';
  end if;
  return new;
end $$;
create trigger held before insert on meeting_round for each row execute function meeting_round_is_held();

create function only_end_once() returns trigger language plpgsql as $$
declare field text := tg_argv[0]; spare text[] := array[field] || tg_argv[1:];
begin
  if (to_jsonb(new) - spare) is distinct from (to_jsonb(old) - spare)
      or (to_jsonb(old) ->> field is not null and to_jsonb(new) ->> field is distinct from to_jsonb(old) ->> field) then
    raise exception 'only the end is set, once' using errcode = '42501';
  end if;
  return new;
end $$;
create trigger ends before update on standing_item for each row execute function only_end_once('ended_at');
create trigger ends before update on calendar_feed for each row execute function only_end_once('revoked_at', 'used_at');

do $$
declare t text;
begin
  foreach t in array array['meeting_notice','meeting_line','meeting_round','meeting_surrogate','meeting_guest'] loop
    execute format('create trigger append_only before update or delete on %I for each row execute function no_change()', t);
    execute format('create trigger no_truncate before truncate on %I for each statement execute function no_change()', t);
  end loop;
  foreach t in array array['meeting','meeting_item','meeting_presence','standing_item'] loop
    execute format('create trigger kept before delete on %I for each row execute function no_change()', t);
    execute format('create trigger no_truncate before truncate on %I for each statement execute function no_change()', t);
  end loop;
end $$;

------------------------------------------------------------------------------------------------ privileges
revoke execute on function meeting_moves(), meeting_item_moves(), meeting_is_on(), meeting_round_is_held(), only_end_once() from public;
do $$
declare r text; t text;
begin
  foreach r in array array['teams_app','teams_worker'] loop
    foreach t in array array[
        'meeting (team_id, kind, starts_at, ends_at, place, intent, notice_days, quorum, planned_by)',
        'meeting_notice (meeting_id, person_id, in_time)', 'meeting_presence (meeting_id, person_id, marked_by)',
        'meeting_surrogate (meeting_id, core, person_id, named_by)',
        'meeting_item (meeting_id, label, person_id, election, role_id, proposal_id)',
        'meeting_guest (item_id, meeting_id, person_id, invited_by)',
        'meeting_line (meeting_id, item_id, standing_id, kind, step, person_id, role_id, written_by, acting_as, text)',
        'meeting_round (proposal_id, version, meeting_id, item_id)', 'standing_item (team_id, kind, role_id, label, made_by)',
        'calendar_feed (hash, account_id, team_id)'] loop
      execute format('grant select on %I to %I', split_part(t, ' ', 1), r);
      execute format('grant insert %s on %I to %I', substring(t from '\(.*\)'), split_part(t, ' ', 1), r);
    end loop;
    execute format('grant update (state, step, ends_at, opened_at, closed_at, version) on meeting to %I', r);
    execute format('grant update (state, step, outcome, proposal_id, election_id, started_at, ended_at) on meeting_item to %I', r);
    execute format('grant update (marked_by, left_at) on meeting_presence to %I', r);
    execute format('grant update (ended_at) on standing_item to %I', r);
    execute format('grant update (used_at, revoked_at) on calendar_feed to %I', r);
  end loop;
end $$;
