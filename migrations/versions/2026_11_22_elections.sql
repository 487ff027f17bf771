-- Elections (rule 30): ballots are signed and secret until they are shared; then they are nominations, with reasons.
create table election (
  id uuid primary key default uuidv7(),
  number int not null generated always as identity unique,
  team_id uuid not null references team,
  role_id uuid not null references role,
  text text not null check (length(text) between 1 and 4000),
  hours numeric(4,1) check (hours between 0 and 60),
  ends_on date not null,
  candidates text not null check (candidates in ('leden','organisatie','niet_zittend')),
  called_by uuid references person,
  days int check (days between 1 and 30),
  policy_id uuid references policy,
  state text not null default 'stemmen' check (state in
    ('stemmen','wisselen','gelijk','bezwaar','gekozen','ingetrokken','vervallen')),
  round int not null default 1 check (round between 1 and 3),
  due_at timestamptz,
  lapses_at timestamptz not null,
  created_at timestamptz not null default now(),
  constraint ck_election_term check (days is null or policy_id is not null)
);
create unique index uq_election_running on election (role_id) where state in ('stemmen','wisselen','gelijk','bezwaar');
create index ix_election_team on election (team_id, number desc);
create index ix_election_due on election (due_at) where state in ('stemmen','wisselen','gelijk','bezwaar');
create table election_elector (
  election_id uuid not null references election,
  person_id uuid not null references person,
  role_id uuid not null references role,
  primary key (election_id, person_id)
);
create index ix_election_elector_person on election_elector (person_id);
create table election_ballot (
  election_id uuid not null,
  person_id uuid not null,
  candidate_id uuid not null references person,
  reason text not null check (length(reason) between 1 and 4000),
  at timestamptz not null default now(),
  primary key (election_id, person_id),
  foreign key (election_id, person_id) references election_elector
);
create table election_nomination (
  id uuid primary key default uuidv7(),
  election_id uuid not null,
  round int not null check (round between 1 and 3),
  person_id uuid not null,
  candidate_id uuid not null references person,
  reason text not null check (length(reason) between 1 and 4000),
  at timestamptz not null default now(),
  unique (election_id, round, person_id),
  foreign key (election_id, person_id) references election_elector
);
-- Nobody chooses the seed: it is made when the lot is drawn, and anyone can do the sum again.
create table election_draw (
  id uuid primary key default uuidv7(),
  election_id uuid not null references election,
  seed uuid not null default gen_random_uuid(),
  tied uuid[] not null check (cardinality(tied) > 1),
  at timestamptz not null default now()
);
create index ix_election_draw_election on election_draw (election_id);
create table election_act (
  id uuid primary key default uuidv7(),
  election_id uuid not null references election,
  kind text not null check (kind in
    ('gedeeld','wisselronde_dicht','gelijk','loting','herstemming','kandidaat','niet_verder','ingetrokken','vervallen','gekozen')),
  person_id uuid references person,
  acting_as text,
  candidate_id uuid references person,
  text text not null default '' check (length(text) <= 4000),
  at timestamptz not null default now()
);
create index ix_election_act_election on election_act (election_id);

-- Someone is asked to fill a role, or offers to (rule 9: only who is willing); `decider_id`: the role that decides when one does.
create table filling_offer (
  id uuid primary key default uuidv7(),
  team_id uuid not null references team,
  role_id uuid not null references role,
  person_id uuid not null references person,
  asked_by uuid references person,
  election_id uuid references election,
  way text not null check (way in ('verkiezing','team','rol')),
  decider_id uuid references role,
  hours numeric(4,1) check (hours between 0 and 60),
  focus text not null default '' check (length(focus) <= 120),
  ends_on date,
  text text not null check (length(text) between 1 and 4000),
  state text not null default 'gevraagd' check (state in
    ('gevraagd','aanvaard','gever','vervuld','geweigerd','afgewezen','ingetrokken','gestopt','vervallen')),
  fills_at timestamptz,
  at timestamptz not null default now(),
  constraint ck_offer_way check ((way = 'verkiezing') = (election_id is not null) and (way = 'rol') = (decider_id is not null)),
  constraint ck_offer_grantor check ((fills_at is not null) or state <> 'gever')
);
create unique index uq_filling_offer_open on filling_offer (role_id, person_id) where state in ('gevraagd','aanvaard','gever');
create index ix_filling_offer_person on filling_offer (person_id, at desc);
create index ix_filling_offer_role on filling_offer (role_id, at desc);
create index ix_filling_offer_election on filling_offer (election_id);
create table filling_offer_act (
  id uuid primary key default uuidv7(),
  offer_id uuid not null references filling_offer,
  kind text not null check (kind in
    ('aanvaard','geweigerd','besloten','afgewezen','ingetrokken','gever_akkoord','gestopt','vervuld','vervallen')),
  person_id uuid references person,
  acting_as text,
  text text not null default '' check (length(text) <= 4000),
  at timestamptz not null default now()
);
create index ix_filling_offer_act_offer on filling_offer_act (offer_id);
alter table proposal add column offer_id uuid references filling_offer;
create unique index uq_proposal_offer on proposal (offer_id) where offer_id is not null;
alter table proposal_round add column quorum int check (quorum between 1 and 100);

-- G33: governance that broke the rules is struck, with an announcement; it stays in the history.
create table proposal_strike (
  id uuid primary key default uuidv7(),
  proposal_id uuid not null unique references adoption,
  person_id uuid not null references person,
  acting_as text not null,
  text text not null check (length(text) between 1 and 4000),
  at timestamptz not null default now()
);

------------------------------------------------------------------------------------------------ guards
create function election_is_open() returns trigger language plpgsql as $$
declare e election;
begin
  select * into e from election where id = new.election_id for no key update;
  if tg_table_name = 'election_ballot' then
    if e.state <> 'stemmen' or e.due_at <= now() then
      raise exception 'no ballots any more' using errcode = '23514', constraint = 'election_is_open';
    end if;
  elsif new.round = 1 then
    if current_user <> 'teams_owner' then
      raise exception 'the first nominations are the ballots' using errcode = '42501';
    end if;
  elsif e.state <> 'wisselen' or e.round <> new.round or not exists (select from election_nomination n
      where n.election_id = new.election_id and n.round = 1 and n.person_id = new.person_id) then
    raise exception 'no change of nomination now' using errcode = '23514', constraint = 'election_is_open';
  end if;
  return new;
end $$;
create trigger open before insert on election_ballot for each row execute function election_is_open();
create trigger open before insert on election_nomination for each row execute function election_is_open();

create function ballots_missing(p_election uuid) returns int language sql stable
begin atomic
  select count(*)::int from election_elector v where v.election_id = p_election
    and not exists (select from election_ballot b where b.election_id = v.election_id and b.person_id = v.person_id);
end;

-- The only way in which ballots are read: all at once, when all are in or the policy's term has passed.
create function share_ballots(p_election uuid) returns int language plpgsql security definer set search_path = public as $$
declare e election; n int;
begin
  select * into e from election where id = p_election for no key update;
  if e.state <> 'stemmen' then
    raise exception 'these ballots were shared' using errcode = '23514', constraint = 'share_ballots';
  end if;
  if (e.due_at is null or e.due_at > now()) and ballots_missing(p_election) > 0 then
    raise exception 'ballots are secret until all are in' using errcode = '23514', constraint = 'share_ballots';
  end if;
  insert into election_nomination (election_id, round, person_id, candidate_id, reason, at)
    select election_id, 1, person_id, candidate_id, reason, at from election_ballot where election_id = p_election
    on conflict do nothing;
  get diagnostics n = row_count;
  return n;
end $$;

create function election_moves() returns trigger language plpgsql as $$
begin
  if (to_jsonb(new) - array['state','round','due_at']) is distinct from (to_jsonb(old) - array['state','round','due_at']) then
    raise exception 'only the state of an election changes' using errcode = '42501';
  end if;
  if old.state in ('gekozen','ingetrokken','vervallen') or new.round not in (old.round, old.round + 1) then
    raise exception 'a settled election does not change' using errcode = '23514', constraint = 'election_moves';
  end if;
  if new.state in ('wisselen','gelijk','bezwaar') and not exists (select from election_nomination n
      where n.election_id = new.id) then
    raise exception 'no ballots were shared' using errcode = '23514', constraint = 'election_moves';
  end if;
  if new.state = 'gekozen' and not exists (select from filling_offer o join proposal p on p.offer_id = o.id
      join adoption a on a.proposal_id = p.id where o.election_id = new.id) then
    raise exception 'nobody was elected' using errcode = '23514', constraint = 'election_moves';
  end if;
  return new;
end $$;
create trigger moves before update on election for each row execute function election_moves();

-- Rule 9: nobody fills a role without having said yes; nobody decides on an own offer.
create function offer_moves() returns trigger language plpgsql as $$
begin
  if (to_jsonb(new) - array['state','fills_at']) is distinct from (to_jsonb(old) - array['state','fills_at']) then
    raise exception 'only the state of an offer changes' using errcode = '42501';
  end if;
  if old.state not in ('gevraagd','aanvaard','gever') then
    raise exception 'a settled offer does not change' using errcode = '23514', constraint = 'offer_moves';
  end if;
  if new.state in ('aanvaard','gever','vervuld') and not exists (select from filling_offer_act a where a.offer_id = new.id
      and a.kind = 'aanvaard' and a.person_id = new.person_id) then
    raise exception 'only who is willing' using errcode = '23514', constraint = 'offer_moves';
  end if;
  if new.state in ('gever','vervuld') and not (
      (new.way = 'rol' and exists (select from filling_offer_act a where a.offer_id = new.id and a.kind = 'besloten'
        and a.person_id <> new.person_id))
      or (new.way <> 'rol' and exists (select from proposal p join adoption a on a.proposal_id = p.id
        where p.offer_id = new.id))) then
    raise exception 'not decided' using errcode = '23514', constraint = 'offer_moves';
  end if;
  return new;
end $$;
create trigger moves before update on filling_offer for each row execute function offer_moves();

-- Adoption of who fills a role waits for that person's own yes; silence needs the quorum that the team's policy asks.
create function adoption_of_offer() returns trigger language plpgsql as $$
declare p proposal; r proposal_round; electors int;
begin
  select * into p from proposal where id = new.proposal_id;
  if p.offer_id is not null and not exists (select from filling_offer o where o.id = p.offer_id and o.state = 'aanvaard') then
    raise exception 'the person did not accept' using errcode = '23514', constraint = 'adoption_of_offer';
  end if;
  select * into r from proposal_round where proposal_id = new.proposal_id and version = new.version;
  if new.by_silence and r.quorum is not null then
    select count(*) into electors from proposal_elector e where e.proposal_id = new.proposal_id and e.version = new.version;
    if (electors - new.silent) * 100 < r.quorum * electors then
      raise exception 'too few answered' using errcode = '23514', constraint = 'adoption_of_offer';
    end if;
  end if;
  return new;
end $$;
create trigger offered before insert on adoption for each row execute function adoption_of_offer();

do $$
declare t text;
begin
  foreach t in array array['election_elector','election_ballot','election_nomination','election_draw','election_act','filling_offer_act',
      'proposal_strike'] loop
    execute format('create trigger append_only before update or delete on %I for each row execute function no_change()', t);
    execute format('create trigger no_truncate before truncate on %I for each statement execute function no_change()', t);
  end loop;
  foreach t in array array['election','filling_offer'] loop
    execute format('create trigger kept before delete on %I for each row execute function no_change()', t);
    execute format('create trigger no_truncate before truncate on %I for each statement execute function no_change()', t);
  end loop;
end $$;

------------------------------------------------------------------------------------------------ privileges
revoke execute on function election_is_open(), ballots_missing(uuid), share_ballots(uuid), election_moves(), offer_moves(), adoption_of_offer() from public;
grant execute on function share_ballots(uuid), ballots_missing(uuid) to teams_app, teams_worker;
do $$
declare r text; t text;
begin
  foreach r in array array['teams_app','teams_worker'] loop
    foreach t in array array[
        'election (team_id, role_id, text, hours, ends_on, candidates, called_by, days, policy_id, due_at, lapses_at)',
        'election_elector (election_id, person_id, role_id)',
        'election_nomination (election_id, round, person_id, candidate_id, reason)', 'election_draw (election_id, tied)',
        'election_act (election_id, kind, person_id, acting_as, candidate_id, text)',
        'filling_offer (team_id, role_id, person_id, asked_by, election_id, way, decider_id, hours, focus, ends_on, text)',
        'filling_offer_act (offer_id, kind, person_id, acting_as, text)',
        'proposal_strike (proposal_id, person_id, acting_as, text)'] loop
      execute format('grant select on %I to %I', split_part(t, ' ', 1), r);
      execute format('grant insert %s on %I to %I', substring(t from '\(.*\)'), split_part(t, ' ', 1), r);
    end loop;
    -- who voted, never for whom
    execute format('grant select (election_id, person_id, at) on election_ballot to %I', r);
    execute format('grant insert (election_id, person_id, candidate_id, reason) on election_ballot to %I', r);
    execute format('grant update (state, round, due_at) on election to %I', r);
    execute format('grant update (state, fills_at) on filling_offer to %I', r);
    execute format('grant insert (offer_id) on proposal to %I', r);
    execute format('grant insert (quorum) on proposal_round to %I', r);
  end loop;
end $$;
