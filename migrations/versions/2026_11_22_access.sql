-- Second factors, identities of a log-in service.
create table identity (
  id uuid primary key default uuidv7(),
  account_id uuid not null references account,
  issuer text not null check (length(issuer) between 1 and 500),
  subject text not null check (length(subject) between 1 and 255),
  linked_at timestamptz not null default now(),
  ended_at timestamptz
);
create unique index uq_identity_issuer_subject on identity (issuer, subject) where ended_at is null;
create index ix_identity_account on identity (account_id);

-- A session has a name that may be shown, and knows how its person came in.
alter table session
  add column handle uuid,
  add column weak boolean not null default false,
  add column proved_at timestamptz not null default now(),
  add column identity_id uuid references identity,
  add column provider_sid text,
  add column id_token text;
-- A first password is good for a week.
alter table account add column password_ends_at timestamptz;
alter table session alter column handle set default uuidv7();
update session set handle = uuidv7();
create unique index uq_session_handle on session (handle);
create index ix_session_identity on session (identity_id) where identity_id is not null;

create table totp (
  account_id uuid primary key references account,
  secret text not null,
  confirmed_at timestamptz,
  last_step bigint not null default 0
);
create table recovery_code (
  account_id uuid not null references account,
  salt bytea not null check (length(salt) = 16),
  hash bytea not null check (length(hash) = 32),
  made_at timestamptz not null default now(),
  used_at timestamptz,
  primary key (account_id, hash)
);
create table passkey (
  id uuid primary key default uuidv7(),
  account_id uuid not null references account,
  credential bytea not null unique check (length(credential) between 16 and 1023),
  public_key bytea not null check (length(public_key) between 32 and 2000),
  counter bigint not null default 0 check (counter >= 0),
  name text not null check (length(name) between 1 and 60),
  made_at timestamptz not null default now(),
  used_at timestamptz
);
create index ix_passkey_account on passkey (account_id);
-- What a browser was asked, that a passkey may answer once.
create table passkey_question (
  browser bytea not null check (length(browser) = 32),
  purpose text not null check (purpose in ('create', 'get')),
  challenge bytea not null check (length(challenge) = 32),
  ends_at timestamptz not null default now() + interval '5 minutes',
  primary key (browser, purpose)
);
create index ix_passkey_question_ends on passkey_question (ends_at);
-- What a browser has under way: the password was right.
create table login_step (
  browser bytea primary key check (length(browser) = 32),
  account_id uuid not null references account on delete cascade,
  ends_at timestamptz not null default now() + interval '10 minutes'
);
create index ix_login_step_ends on login_step (ends_at);
create index ix_login_step_account on login_step (account_id);

do $$
declare r text;
begin
  foreach r in array array['teams_app','teams_worker'] loop
    execute format('grant select, insert on identity, totp, recovery_code, login_step, passkey, passkey_question to %I', r);
    execute format('grant update (ended_at) on identity to %I', r);
    execute format('grant update (used_at) on recovery_code to %I', r);
    execute format('grant update, delete on totp, login_step, passkey_question to %I', r);
    execute format('grant update (counter, used_at, name), delete on passkey to %I', r);
    execute format('grant delete on recovery_code to %I', r);
  end loop;
end $$;
