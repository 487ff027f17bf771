"""The databases of the tests: one is swept clean and used again, unless a test changed its schema or filled it."""

import itertools
from dataclasses import dataclass

import asyncpg

from teams.demo.postgres import Server
from teams.ledger.verbs import VERBS
from tests.keeper import NAME, Keeper

_numbers = itertools.count(1)
_clean: list[str] = []
keeper = Keeper()
_BIG = 40_000_000
_UNKNOWN_VERBS = "select distinct verb from journal where accountable and verb <> all($1) and verb not like 'test.%'"
_WATCH = """
create schema watch;
create table watch.ddl (tag text);
create function watch.note() returns event_trigger language plpgsql security definer as $$
begin insert into watch.ddl values (tg_tag); end $$;
do $$
declare t record; filled boolean;
begin
  for t in select c.relname, (select string_agg(quote_ident(a.attname), ',') from pg_attribute a
      where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = '') as columns
    from pg_class c where c.relnamespace = 'public'::regnamespace and c.relkind = 'r' loop
    execute format('select exists (select from public.%I)', t.relname) into filled;
    if filled then execute format('create table watch.%1$I as select %2$s from public.%1$I', t.relname, t.columns); end if;
  end loop;
end $$;
create event trigger watch on ddl_command_end execute function watch.note();
alter event trigger watch enable always;
"""
_SWEEP = f"""
do $$
declare t record;
begin
  perform pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and application_name <> '{NAME}';
  for t in select c.relname, k.oid is not null as kept,
      (select string_agg(quote_ident(a.attname), ',') from pg_attribute a where a.attrelid = k.oid and a.attnum > 0) as columns
    from pg_class c left join pg_class k on k.relnamespace = 'watch'::regnamespace and k.relname = c.relname
    where c.relnamespace = 'public'::regnamespace and case when c.relkind = 'r' then pg_relation_size(c.oid) > 0 end loop
    execute format('delete from public.%I', t.relname);
    if t.kept then
      execute format('insert into public.%1$I (%2$s) overriding system value select %2$s from watch.%1$I', t.relname, t.columns);
    end if;
  end loop;
  perform setval(s.oid, q.seqstart, false) from pg_class s join pg_sequence q on q.seqrelid = s.oid
    where s.relnamespace = 'public'::regnamespace and case when s.relkind = 'S' then pg_sequence_last_value(s.oid) is not null end;
end $$
"""


@dataclass(frozen=True)
class Place:
    """The addresses of one test's own database, by role."""

    server: Server
    name: str

    def url(self, role: str = "teams_app") -> str:
        return self.server.url(role, self.name)


async def watch(server: Server) -> None:
    """Make the template remember the rows that migrations put in, and note every change of its schema."""
    boss = await asyncpg.connect(server.url("postgres"))
    await boss.execute(_WATCH)
    await boss.close()


async def take(server: Server) -> Place:
    """A migrated database without rows but those of the migrations."""
    if _clean:
        return Place(server, _clean.pop())
    name = f"test_{next(_numbers)}"
    boss = await asyncpg.connect(server.url("postgres", "postgres"))
    await boss.execute(f'create database "{name}" template teams owner teams_owner strategy file_copy')
    await boss.close()
    return Place(server, name)


async def _sweep(boss: asyncpg.Connection) -> tuple[list[str], bool]:
    unknown = [row[0] for row in await boss.fetch(_UNKNOWN_VERBS, list(VERBS))]
    fit: bool = await boss.fetchval(
        "select not exists (select from watch.ddl) and pg_database_size(current_database()) < $1", _BIG
    )
    if fit:
        await boss.execute("set session_replication_role = replica")
        await boss.execute(_SWEEP)
    return unknown, fit


async def give_back(place: Place) -> None:
    """Swept clean for the next test; dropped when its schema was changed or it has grown large."""
    unknown, fit = await keeper.ask(place.url("postgres"), _sweep)
    if fit:
        _clean.append(place.name)
    else:
        await drop(place)
    assert not unknown, f"accountable, but no type of leaf in teams.ledger.verbs: {unknown}"


async def drop(place: Place) -> None:
    boss = await asyncpg.connect(place.server.url("postgres", "postgres"))
    await boss.execute(f'drop database "{place.name}" with (force)')
    await boss.close()
