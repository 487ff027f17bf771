-- What a rolverdeler sets without a proposal (G8, G12): strategies, priorities, and which role answers for the team.
create table direction (
  id uuid primary key default uuidv7(),
  team_id uuid not null references team
);
create index ix_direction_team on direction (team_id);
create table direction_version (
  id uuid primary key default uuidv7(),
  direction_id uuid not null references direction,
  kind text not null check (kind in ('strategie','prioriteit','aanspreekrol')),
  text text not null check (length(text) <= 400),
  role_id uuid references role,
  position int not null check (position between 0 and 100),
  valid daterange not null check (not isempty(valid) and not lower_inf(valid)),
  recorded tstzrange not null default tstzrange(now(), null),
  constraint ck_direction_role check ((kind = 'aanspreekrol') = (role_id is not null) and (role_id is not null) = (text = '')),
  exclude using gist (direction_id with =, valid with &&, recorded with &&)
);
create index ix_direction_version_role on direction_version (role_id) where role_id is not null;
create trigger history before update or delete on direction_version for each row execute function only_close_recorded();
create trigger no_truncate before truncate on direction_version for each statement execute function no_change();

-- G34: the deciding of a team no longer works; who took its guidance over, as which role of the team above; and its end.
create table process_breakdown (
  id uuid primary key default uuidv7(),
  team_id uuid not null references team,
  declared_by uuid not null references person,
  acting_as text not null,
  text text not null check (length(text) between 1 and 4000),
  at timestamptz not null default now(),
  taken_by uuid references person,
  taken_role uuid references role,
  taken_at timestamptz,
  ended_by uuid references person,
  ended_text text not null default '' check (length(ended_text) <= 4000),
  ended_at timestamptz,
  constraint ck_breakdown_taken check ((taken_at is null) = (taken_by is null) and (taken_at is null) = (taken_role is null)),
  constraint ck_breakdown_ended check ((ended_at is null) = (ended_by is null) and (ended_at is null) = (ended_text = '')),
  constraint ck_breakdown_own check (taken_by is distinct from declared_by)
);
create unique index uq_breakdown_now on process_breakdown (team_id) where ended_at is null;
create index ix_breakdown_team on process_breakdown (team_id, at desc);
create function breakdown_moves() returns trigger language plpgsql as $$
declare
  taken constant text[] := array['taken_by','taken_role','taken_at'];
  ended constant text[] := array['ended_by','ended_text','ended_at'];
begin
  if (to_jsonb(new) - taken - ended) is distinct from (to_jsonb(old) - taken - ended) or old.ended_at is not null
      or (old.taken_at is not null and (new.taken_by, new.taken_role, new.taken_at)
        is distinct from (old.taken_by, old.taken_role, old.taken_at)) then
    raise exception 'a breakdown is taken over once and ended once' using errcode = '42501';
  end if;
  return new;
end $$;
create trigger moves before update on process_breakdown for each row execute function breakdown_moves();
create trigger kept before delete on process_breakdown for each row execute function no_change();
create trigger no_truncate before truncate on process_breakdown for each statement execute function no_change();

-- G5: which role of another team a policy lets take part.
create index ix_policy_version_link on policy_version (kind) where kind like 'koppeling:%';

revoke execute on function breakdown_moves() from public;
grant select on direction, direction_version, process_breakdown to teams_app, teams_worker;
grant insert on direction to teams_app;
grant insert (direction_id, kind, text, role_id, position, valid), update (recorded) on direction_version to teams_app;
grant insert (team_id, declared_by, acting_as, text) on process_breakdown to teams_app;
grant update (taken_by, taken_role, taken_at, ended_by, ended_text, ended_at) on process_breakdown to teams_app;
