-- Settings that may change while everything runs: every value they were given, and the entry that tells who and why.
create table setting (
  name text not null check (name ~ '^[a-z_]{1,40}$'),
  number int not null check (number > 0),
  value text check (length(value) <= 400),
  entry_id uuid not null unique references journal,
  set_by uuid references account,
  set_at timestamptz not null default now(),
  primary key (name, number)
);
create index ix_setting_set_by on setting (set_by);
create trigger append_only before update or delete on setting for each row execute function no_change();
create trigger no_truncate before truncate on setting for each statement execute function no_change();

grant select on setting to teams_app, teams_worker;
grant insert (name, number, value, entry_id, set_by) on setting to teams_app;
