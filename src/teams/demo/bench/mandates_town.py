"""A mandate register of any size for measuring: chains of one to five grants, roles that people fill, made by SQL."""

import asyncio
from datetime import date
from functools import partial

import asyncpg

from teams.demo.postgres import Server
from teams.kit.db import plain_url
from teams.kit.migrate import migrate, provide_roles

POWERS = 400
PEOPLE = 15_000
ASKER = "vraag@bench.example"
LOWEST = 5_000_00
"""The ceiling of the fifth grant of a chain in cents; each step up allows as much again."""
_NAME = "bench_mandates_{}_{}"

# People, three to a role and six roles to a team; numbered ids, so that a grant can name its holder without a look.
_PEOPLE = """
    insert into organisation (name) values ('gemeente Bench');
    insert into organ (code, name) values ('raad', 'Gemeenteraad'), ('college', 'College van B en W'),
        ('burgemeester', 'Burgemeester');
    insert into person (id, number, name, email)
    select p.id, 'm' || n, 'Bench ' || n, case when n = 0 then 'vraag' else 'm' || n end || '@bench.example'
    from generate_series(0, {people} - 1) n, lateral (select pg_temp.bench_id('1', n) as id) p;
    insert into account (person_id, email) select id, email from person where number = 'm0';
    insert into team (id, code) select pg_temp.bench_id('2', n), 'b' || n from generate_series(0, {people} / 18) n;
    insert into role (id) select pg_temp.bench_id('3', n) from generate_series(0, {people} / 3 - 1) n;
    insert into role_version (role_id, team_id, name, office, valid)
    select pg_temp.bench_id('3', n), pg_temp.bench_id('2', n / 6), 'Rol ' || n, case n when 0 then 'gemeentesecretaris' end,
        daterange('{begin}', null) from generate_series(0, {people} / 3 - 1) n;
    insert into role_filling (role_id, person_id, valid)
    select pg_temp.bench_id('3', n / 3), pg_temp.bench_id('1', n), tstzrange('{begin}', null)
    from generate_series(0, {people} / 3 * 3 - 1) n;
    insert into organ_member (organ_id, person_id, valid)
    select id, pg_temp.bench_id('1', n), daterange('{begin}', null) from organ, generate_series(1, 7) n where code = 'college';
"""
_POWERS = """
    insert into power (id, code) select pg_temp.bench_id('4', n), 'B-' || n from generate_series(0, {powers} - 1) n;
    insert into power_version (power_id, title, organs, specials, four_eyes, valid)
    select pg_temp.bench_id('4', n), 'Bevoegdheid ' || n, '{{college}}', '{{}}', case when n % 20 = 3 then 2000000 end,
        tstzrange('{begin}', null) from generate_series(0, {powers} - 1) n;
    insert into power_basis (power_id, text, valid)
    select pg_temp.bench_id('4', n), 'Awb 4:' || n, tstzrange('{begin}', null) from generate_series(0, {powers} - 1) n;
    insert into power_exclusion (power_id, rule, triggers, source, valid)
    select pg_temp.bench_id('4', n), 'boven een ton', '{{"bedrag>100000"}}', 'mandaatbesluit', tstzrange('{begin}', null)
    from generate_series(0, {powers} - 1, 10) n;
"""
# The chains over one power differ in length, and so do those over two neighbours.
_GRANTS = """
    create temp table made as
    select row_number() over (order by c, k) - 1 as n, c, k, c % {powers} as power,
        lag(pg_temp.bench_id('3', 1 + (c * 7 + k * 1201) % ({people} / 3 - 1))) over (partition by c order by k) as above,
        pg_temp.bench_id('3', 1 + (c * 7 + k * 1201) % ({people} / 3 - 1)) as holder
    from generate_series(0, {grants} - 1) c, lateral generate_series(0, (c + 4 + c / {powers}) % 5) k
    order by c, k limit {grants};
    insert into power_grant (id, number) select pg_temp.bench_id('5', n), 'B' || n from made;
    insert into grant_version (grant_id, kinds, grantors, holder, parent_id, powers, ceiling, sub, conditions, decided_on,
        published_on, decision, publication, hash, valid)
    select pg_temp.bench_id('5', n), '{{mandaat}}', array[coalesce('rol:' || above, 'orgaan:college')], 'rol:' || holder,
        case when k > 0 then pg_temp.bench_id('5', n - 1) end, array['B-' || power], {lowest} * (5 - k), 'ja',
        case when c % 7 = 2 then array['niet_afwijken_van:beleid'] else '{{}}' end, '{begin}', '{begin}', 'B&W 2020-1', 'gmb-2020-1',
        'sha256:' || encode(sha256(n::text::bytea), 'hex'), tstzrange('{begin}', null) from made;
    insert into power_grant (id, number) values (pg_temp.bench_id('6', 0), 'OMGEKEERD');
    insert into grant_version (grant_id, kinds, grantors, holder, all_except, ceiling, sub, decided_on, published_on, decision,
        publication, hash, valid)
    values (pg_temp.bench_id('6', 0), '{{mandaat}}', '{{orgaan:college}}', 'functie:gemeentesecretaris', '{{B-1}}', 10000000, 'ja',
        '{begin}', '{begin}', 'B&W 2020-1', 'gmb-2020-1', 'sha256:', tstzrange('{begin}', null));
"""
_ID = """
    create function pg_temp.bench_id(kind text, n bigint) returns uuid language sql immutable
    as $$ select ('00000000-0000-4000-b000-' || kind || lpad(n::text, 11, '0'))::uuid $$
"""
_BEGIN = date(2020, 1, 1)


async def register(server: Server, grants: int, *, powers: int = POWERS, people: int = PEOPLE) -> str:
    """A database of its own with so many grants over so many powers. Returns its name."""
    name = _NAME.format(grants, powers)
    boss = await asyncpg.connect(plain_url(server.url(database="postgres")))
    await boss.execute(f'create database "{name}" template template0 strategy file_copy')
    await boss.close()
    await provide_roles(server.url(database=name), name)
    await asyncio.to_thread(migrate, server.url("teams_owner", name))
    connection = await asyncpg.connect(plain_url(server.url(database=name)))
    # as superuser without triggers: the rows are known to be right
    await connection.execute("set session_replication_role = replica; set synchronous_commit = off")
    run = partial(connection.execute, timeout=600)
    sizes = {"grants": grants, "powers": powers, "people": people, "begin": _BEGIN.isoformat(), "lowest": LOWEST}
    await run(_ID)
    for statements in (_PEOPLE, _POWERS, _GRANTS):
        await run(statements.format(**sizes))
    await run("vacuum (analyze)")
    await connection.close()
    return name


# The ends of chains five deep, spread over the register, with somebody who fills the last role.
_ENDS = """
    select v.powers[1] as power, f.person_id, v.holder from grant_version v
    join role_filling f on 'rol:' || f.role_id = v.holder
    where v.ceiling = $2 and not exists (select from grant_version below where below.parent_id = v.grant_id)
    order by md5(v.grant_id::text || f.person_id::text) limit $1
"""


async def ends(connection: asyncpg.Connection, count: int) -> list[tuple[str, str, str]]:
    """Power, person and role of so many people at the end of a chain of five."""
    rows = await connection.fetch(_ENDS, count, LOWEST)
    return [(row["power"], str(row["person_id"]), row["holder"].removeprefix("rol:")) for row in rows]
