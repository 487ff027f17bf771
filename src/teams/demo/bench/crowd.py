"""Databases for measuring: Zandermeer, with its klussen copied until there are as many as asked."""

import asyncio
from datetime import date
from functools import partial

import asyncpg

from teams.demo.postgres import Server
from teams.demo.seed import seed
from teams.kit.db import plain_url
from teams.kit.migrate import migrate, provide_roles

COMMON, RARE, PAST, MISSPELT = "buurt", "kwikstaart", "ijsvogel", "kwikstaartt"
"""In a fifth of all klussen; in three live ones; in one of a thousand, all of them ended; a typing error."""
RARE_KLUSSEN = 3
GROUND = "bench_ground"
_JOURNAL_MOST = 100_000

_INDEXES = """
    select i.indexrelid::regclass::text as name, pg_get_indexdef(i.indexrelid) as definition from pg_index i
    where i.indrelid in ('klus'::regclass, 'klus_skill'::regclass)
        and not exists (select from pg_constraint c where c.conindid = i.indexrelid)
"""
# Words of three syllables by the law of Zipf: word n is n times as rare as the first.
_COPIES = """
    create unlogged table made as
    select g, uuidv7() as id, b.id as base, g > $1::int - 2 * $2::int and g % 2 = 0 as live,
        (select string_agg(s[1 + w % 30] || s[1 + w / 30 % 30] || s[1 + w / 900 % 30], ' ') from (
            select floor(power(27000, random()))::int as w from generate_series(1, 14) where g > 0) x) as words
    from generate_series(1, $1::int) g
    join (select id, (row_number() over (order by number)) - 1 as n, count(*) over () as all from klus) b
        on b.n = g % b.all,
    (select array['ba','ke','lo','mi','nu','ra','se','to','vi','wu','ga','de','fo','hi','ju','ka','le','mo','ni','pu',
        'ta','ve','wo','zi','du','ja','he','go','bi','su'] as s) syllables
"""
_KLUSSEN = """
    insert into klus (id, title, description, kind, way, state, team_id, role_id, posted_by, places, hours_min, hours_max,
        hours_total, starts, ends, accepting, powers, created_at, published_at)
    select m.id, left(b.title, 90) || ' ' || split_part(m.words, ' ', 1), b.description || ' ' || m.words
            || case when m.g % 5 = 0 then ' Dit is voor de buurt.' else '' end
            || case when not m.live and m.g % 1000 = 1 then ' ijsvogel' else '' end,
        b.kind, case when b.way = 'loten' then 'claim' else b.way end, case when m.live then 'open' when m.g % 7 = 0 then 'verlopen' else 'afgerond' end,
        b.team_id, b.role_id, b.posted_by, b.places, b.hours_min, b.hours_max, b.hours_total,
        case when m.live then $1::date + m.g % 60 else $1::date - 40 - m.g % 700 end,
        case when m.live then $1::date + 60 + m.g % 90 else $1::date - 1 - m.g % 39 end, m.live, b.powers,
        now() - interval '1 year', now() - interval '1 year'
    from made m join klus b on b.id = m.base order by m.g
"""
_RARE = """
    update klus set description = description || ' De kwikstaart telt mee.' where id in (
        select id from made where live order by g limit $1)
"""
_SKILLS = """
    insert into klus_skill select m.id, s.skill_id from made m join klus_skill s on s.klus_id = m.base
"""
# Every fifth live klus is full; one of twenty that ended was done by two.
_CLAIMS = """
    insert into claim (klus_id, person_id, state, seat, hours, at, ended_at, ended_on)
    select k.id, p.id, case when m.live then 'bevestigd' else 'afgerond' end, case when m.live then seat.n end,
        coalesce(k.hours_min, k.hours_total), now() - interval '60 days',
        case when not m.live then now() - interval '40 days' end, case when not m.live then $1::date - 40 end
    from made m join klus k on k.id = m.id
    cross join lateral generate_series(1, case when m.live then k.places else 2 end) seat (n)
    join (select id, (row_number() over (order by number)) - 1 as n, count(*) over () as all from person) p
        on p.n = (m.g / 5 * 7 + seat.n) % p.all
    where m.g % case when m.live then 10 else 20 end = 0
"""
_TAKEN = "update klus set taken = places from made m where m.id = klus.id and m.live and m.g % 10 = 0"
_ENTRIES = """
    with e as (
        insert into journal (verb, facts, at) select 'klus.published', jsonb_build_object('klus', id), now() from made
        returning id, (facts ->> 'klus')::uuid as klus
    ) insert into journal_subject (entry, kind, id) select id, 'klus', klus from e
"""
_MORE_LIVE = """
    update klus set state = 'open', accepting = true, starts = $1::date + m.g % 60, ends = $1::date + 60 + m.g % 90
    from made m where m.id = klus.id and not m.live and m.g > $2::int - 2 * $3::int and m.g % 2 = 0
"""


async def provide(server: Server, today: date) -> None:
    """Zandermeer itself, in a database of its own: the ground of every crowd."""
    await _create(server, GROUND, "template0")
    await provide_roles(server.url(database=GROUND), GROUND)
    owner = server.url("teams_owner", GROUND)
    await asyncio.to_thread(migrate, owner)
    await seed(owner, today, lambda _: None, decisions=300)


async def crowd(server: Server, klussen: int, *, live: int, today: date) -> str:
    """A database with so many klussen, `live` of them open. Returns its name."""
    name = f"bench_{klussen}"
    await _create(server, name, GROUND)
    await provide_roles(server.url(database=name), name)
    connection = await _filler(server, name)
    indexes = await connection.fetch(_INDEXES)
    for index in indexes:
        await connection.execute(f"drop index {index['name']}")
    await connection.execute("select setseed(0.5)")
    run = partial(connection.execute, timeout=3600)
    await run(_COPIES.replace("$1", str(klussen)).replace("$2", str(live)))
    await run("create unique index on made (id); analyze made")
    await run(_KLUSSEN, today)
    await run(_RARE, RARE_KLUSSEN)
    await run(_SKILLS)
    await run(_CLAIMS, today)
    await run(_TAKEN)
    if klussen <= _JOURNAL_MOST:
        await run(_ENTRIES)
    for index in indexes:
        await run(index["definition"])
    await run("vacuum (analyze)")
    await connection.close()
    return name


async def drop(server: Server, *names: str) -> None:
    boss = await asyncpg.connect(plain_url(server.url(database="postgres")))
    for name in names:
        await boss.execute(f'drop database if exists "{name}" with (force)')
    await boss.close()


async def _create(server: Server, name: str, template: str) -> None:
    boss = await asyncpg.connect(plain_url(server.url(database="postgres")))
    await boss.execute(f'create database "{name}" template "{template}" strategy file_copy')
    await boss.close()


async def more_live(server: Server, name: str, klussen: int, *, live: int, today: date) -> None:
    """The harder case: so many klussen open in that same database."""
    connection = await _filler(server, name)
    await connection.execute(_MORE_LIVE, today, klussen, live, timeout=3600)
    await connection.execute("vacuum (analyze) klus", timeout=3600)
    await connection.close()


async def _filler(server: Server, name: str) -> asyncpg.Connection:
    """As superuser without triggers: the rows are known to be right, and a million is too many to check."""
    connection = await asyncpg.connect(plain_url(server.url(database=name)))
    await connection.execute(
        "set session_replication_role = replica; set maintenance_work_mem = '512MB'; set work_mem = '64MB'"
    )
    await connection.execute("set max_parallel_maintenance_workers = 0; set synchronous_commit = off")
    return connection
