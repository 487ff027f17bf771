-- Upkeep of the mandate register: what an unpublished grant does (M13), decrees that are changed or dropped while they
-- wait, and which draft answers a request of a team.
create table register_setting (
  id uuid primary key default uuidv7(),
  unpublished_refuses boolean not null,
  decision text not null check (length(decision) between 1 and 200),
  set_by uuid references person,
  at timestamptz not null default now()
);
create table mandate_request_draft (
  request_id uuid primary key references mandate_request,
  grant_id uuid not null references power_grant,
  at timestamptz not null default now()
);
create trigger append_only before update or delete on register_setting for each row execute function no_change();
create trigger no_truncate before truncate on register_setting for each statement execute function no_change();
create trigger append_only before update or delete on mandate_request_draft for each row execute function no_change();
create trigger no_truncate before truncate on mandate_request_draft for each statement execute function no_change();

alter table decree drop constraint decree_state_check;
alter table decree drop constraint ck_decree_decided;
alter table decree add constraint decree_state_check
  check (state in ('voorgenomen','besloten','bekendgemaakt','vervallen')) not valid;
alter table decree add constraint ck_decree_decided
  check ((state in ('voorgenomen','vervallen')) = (decided_on is null) and (decided_on is null or decision <> '')) not valid;
alter table decree validate constraint decree_state_check;
alter table decree validate constraint ck_decree_decided;

-- What a decree bundles may change until the organ decides, and never after.
create function decree_item_open() returns trigger language plpgsql as $$
begin
  if tg_op = 'DELETE' and exists (select from decree where id = old.decree_id and state = 'voorgenomen') then return old; end if;
  raise exception 'a decided decree keeps its grants' using errcode = '23514', constraint = 'decree_item_open';
end $$;
drop trigger append_only on decree_item;
create trigger append_only before update or delete on decree_item for each row execute function decree_item_open();
revoke execute on function decree_item_open() from public;

-- M15 (Awb 10:6 lid 2): who gave a grant asks how it is used, with a term. Question and answer themselves are texts of the
-- journal, so that they are erased there; what waits is a row of information_call, which the engine reads.
create table grant_inquiry (
  id uuid primary key default uuidv7(),
  grant_id uuid not null references power_grant,
  asked_by uuid not null references person,
  acting_as text not null check (acting_as <> ''),
  due date not null,
  entry_id uuid not null unique references journal,
  at timestamptz not null default now()
);
create index ix_grant_inquiry_grant on grant_inquiry (grant_id);
create table grant_inquiry_answer (
  inquiry_id uuid primary key references grant_inquiry,
  person_id uuid not null references person,
  entry_id uuid not null unique references journal,
  at timestamptz not null default now()
);
-- A team's policy that works out a framework of an organ.
create table policy_framework (
  policy_id uuid primary key references policy,
  framework_id uuid not null references framework,
  at timestamptz not null default now()
);
create index ix_policy_framework_framework on policy_framework (framework_id);
do $$
declare t text;
begin
  foreach t in array array['grant_inquiry','grant_inquiry_answer','policy_framework'] loop
    execute format('create trigger append_only before update or delete on %I for each row execute function no_change()', t);
    execute format('create trigger no_truncate before truncate on %I for each statement execute function no_change()', t);
  end loop;
end $$;

do $$
declare r text;
begin
  foreach r in array array['teams_app','teams_worker'] loop
    execute format('grant select on register_setting, mandate_request_draft to %I', r);
    execute format('grant insert (unpublished_refuses, decision, set_by) on register_setting to %I', r);
    execute format('grant insert (request_id, grant_id) on mandate_request_draft to %I', r);
    execute format('grant delete on decree_item to %I', r);
    execute format('grant select on grant_inquiry, grant_inquiry_answer, policy_framework to %I', r);
    execute format('grant insert (id, grant_id, asked_by, acting_as, due, entry_id) on grant_inquiry to %I', r);
    execute format('grant insert (inquiry_id, person_id, entry_id) on grant_inquiry_answer to %I', r);
    execute format('grant insert (policy_id, framework_id) on policy_framework to %I', r);
  end loop;
end $$;
