-- SCIM: what the directory says of an account, its groups, and the tokens with which it comes.
create table scim_user (
  account_id uuid primary key references account,
  external_id text check (length(external_id) between 1 and 400),
  said jsonb not null default '{}',
  created_at timestamptz not null default now(),
  changed_at timestamptz not null default now(),
  deleted_at timestamptz
);
create unique index uq_scim_user_external on scim_user (external_id) where deleted_at is null;
create table scim_group (
  id uuid primary key default uuidv7(),
  name text not null check (length(name) between 1 and 400),
  external_id text check (length(external_id) between 1 and 400),
  created_at timestamptz not null default now(),
  changed_at timestamptz not null default now()
);
create unique index uq_scim_group_name on scim_group (lower(name));
create table scim_member (
  group_id uuid not null references scim_group on delete cascade,
  account_id uuid not null references account,
  primary key (group_id, account_id)
);
create index ix_scim_member_account on scim_member (account_id);
-- Which role someone has by being in a group, so that leaving it ends that one and no other.
create table scim_filling (
  group_id uuid not null references scim_group on delete cascade,
  person_id uuid not null references person,
  role_id uuid not null references role,
  primary key (group_id, person_id, role_id)
);
create index ix_scim_filling_person on scim_filling (person_id);
create index ix_scim_filling_role on scim_filling (role_id);
create table scim_token (
  id uuid primary key default uuidv7(),
  hash bytea not null unique check (length(hash) = 32),
  created_at timestamptz not null default now(),
  used_at timestamptz,
  revoked_at timestamptz
);
-- Two people give the right `beheer`: one asks, another agrees.
create table right_request (
  id uuid primary key default uuidv7(),
  account_id uuid not null references account,
  "right" text not null check ("right" in ('beheer')),
  asked_by uuid not null references account,
  asked_at timestamptz not null default now(),
  settled_by uuid references account,
  settled_at timestamptz,
  granted boolean,
  check ((settled_at is null) = (granted is null)),
  check ((settled_at is null) = (settled_by is null)),
  check (asked_by <> settled_by or not granted)
);
create unique index uq_right_request_open on right_request (account_id, "right") where settled_at is null;
create index ix_right_request_asked_by on right_request (asked_by);
create index ix_right_request_settled_by on right_request (settled_by);

do $$
declare r text;
begin
  foreach r in array array['teams_app','teams_worker'] loop
    execute format('grant select, insert, update on scim_user, scim_token, right_request to %I', r);
    execute format('grant select, insert, update, delete on scim_group, scim_member, scim_filling to %I', r);
  end loop;
end $$;
