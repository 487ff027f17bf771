"""A large municipality to search and to draw: many people and roles with words, and one team with ten years of weekly changes."""

from datetime import date
from functools import partial

import asyncpg

from teams.demo.postgres import Server
from teams.kit.db import plain_url

WORDS = {
    "gewoon woord": "zorgen", "twee gewone woorden": "bomen controleren", "zeldzaam woord": "kwikstaart", "naam": "Sanne Dijkveld",
    "tikfout": "vergunningverlenr", "niets": "xylofoonbouwer",
}  # fmt: skip
_WORDS = """(select array['water','bomen','vergunningen','parken','subsidies','bruggen','archief','wijken','sporthallen',
    'contracten','leerplicht','gladheid','begraafplaatsen','riolering','speelplekken','handhaving','burgerzaken','monumenten',
    'energie','jeugdhulp'] as thing, array['plannen','controleren','beheren','onderhouden','beoordelen','inkopen','bewaken',
    'vernieuwen','afstemmen','vastleggen'] as act, array['Sanne','Daan','Meike','Joris','Fenna','Ilse','Samir','Noor','Bram',
    'Lotte','Youssef','Eva','Tim','Roos','Karim','Anouk'] as first, array['Dijkveld','Terkluis','Hagewoud','Kastelhof',
    'Sluiswerf','Belkadur','Elsdijk','Veenpoort','Molenrust','Brugstra','Wolters','Akkerman','Zomerdijk','Havenaar'] as last) w"""
_TEAMS = """
    with e as (insert into team (code) select 'ZOEK' || n from generate_series(1, $1::int) n returning id, code)
    insert into team_version (team_id, name, purpose, cluster, parent_id, valid, recorded)
    select e.id, 'Team ' || e.code, 'Doel van ' || e.code, t.cluster, t.parent_id, daterange($2::date - 900, null), tstzrange($2::date - 900, null)
    from e join (select cluster, parent_id, row_number() over (order by team_id) as n, count(*) over () as all from team_version
        where upper_inf(recorded) and parent_id is not null) t on t.n = 1 + substr(e.code, 5)::int % t.all
"""
_PEOPLE = f"""
    with p as (
        insert into person (number, name, email)
        select 'ZOEK' || n, w.first[1 + n % 16] || ' ' || w.last[1 + n / 16 % 14] || case when n >= 224 then ' ' || n / 224 else '' end,
            'zoek' || n || '@bench.example' from generate_series(0, $1::int - 1) n, {_WORDS} returning id
    ), c as (insert into contract (person_id, hours, valid) select id, 32, daterange($2::date - 900, null) from p)
    insert into home_team (person_id, team_id, valid)
    select p.id, t.team_id, daterange($2::date - 900, null) from (select id, row_number() over () as n from p) p
    join (select team_id, row_number() over (order by team_id) as n, count(*) over () as all from team_version
        where upper_inf(recorded)) t on t.n = 1 + p.n % t.all
"""
_ROLES = f"""
    create unlogged table made_role as select uuidv7() as id, g.n, t.team_id, w.thing[1 + g.n % 20] as thing, w.act[1 + g.n / 20 % 10] as act
    from generate_series(0, $1::int - 1) g(n)
    join (select team_id, row_number() over (order by team_id) as n, count(*) over () as all from team_version
        where upper_inf(recorded)) t on t.n = 1 + g.n % t.all cross join {_WORDS}
"""
_VERSIONS = """
    with r as (insert into role (id) select id from made_role)
    insert into role_version (role_id, team_id, name, purpose, valid, recorded)
    select id, team_id, initcap(thing) || ' ' || act || ' ' || n, 'Alles rond ' || thing || ' klopt.', daterange($1::date - 900, null),
        tstzrange($1::date - 900, null) from made_role
"""
_ITEMS = f"""
    insert into role_item (role_id, kind, text, position, valid)
    select r.id, case when i = 4 then 'domein' else 'verantwoordelijkheid' end,
        case when i = 1 then 'Zorgen voor ' else 'Aan ' end || r.thing || ' en ' || w.thing[1 + (r.n * 7 + i) % 20] || ' ' || w.act[1 + (r.n + i) % 10],
        i, daterange($1::date - 900, null)
    from made_role r cross join generate_series(1, 4) i cross join {_WORDS}
"""
_FILLINGS = """
    insert into role_filling (role_id, person_id, hours, valid)
    select r.id, p.id, 8, tstzrange($1::date - 800, null)
    from made_role r join (select id, (row_number() over (order by number)) - 1 as n, count(*) over () as all from person) p
        on p.n = r.n * 3 % p.all where r.n % 11 > 0
"""
# Every week the team's purpose, a role's text and one of its accountabilities change, and a role changes hands.
_HISTORY_TEAM = """
    with t as (insert into team (code) values ($1) returning id)
    insert into team_version (team_id, name, purpose, valid, recorded)
    select t.id, 'Team ' || $1, 'Doel van week ' || w, daterange($2::date - 7 * ($3::int - w), case when w < $3 then $2::date - 7 * ($3::int - w - 1) end),
        tstzrange($2::date - 7 * ($3::int - w), null) from t, generate_series(1, $3::int) w
"""
_HISTORY_ROLES = """
    create unlogged table made_old as select uuidv7() as id, n, t.id as team_id from generate_series(1, 12) n, team t where t.code = $1
"""
_HISTORY_VERSIONS = """
    with r as (insert into role (id) select id from made_old)
    insert into role_version (role_id, team_id, name, purpose, valid, recorded)
    select r.id, r.team_id, 'Rol ' || n, 'Doel van week ' || w, daterange($1::date - 7 * ($2::int - w), case when w < $2 then $1::date - 7 * ($2::int - w - 1) end),
        tstzrange($1::date - 7 * ($2::int - w), null) from made_old r, generate_series(1, $2::int) w
"""
_HISTORY_ITEMS = """
    insert into role_item (item_id, role_id, kind, text, position, valid, recorded)
    select case when i = 1 then uuidv7() else md5(r.id::text || i)::uuid end, r.id, 'verantwoordelijkheid', 'Werk ' || i || ' van week ' || w, i,
        daterange($1::date - 7 * ($2::int - w), case when w < $2 then $1::date - 7 * ($2::int - w - 1) end),
        tstzrange($1::date - 7 * ($2::int - w), null) from made_old r, generate_series(1, $2::int) w, generate_series(1, 3) i
"""
_HISTORY_FILLINGS = """
    insert into role_filling (role_id, person_id, hours, valid, recorded)
    select r.id, p.id, 8, tstzrange($1::date - 7 * ($2::int - w), case when w < $2 then $1::date - 7 * ($2::int - w - 1) end),
        tstzrange($1::date - 7 * ($2::int - w), null)
    from made_old r, generate_series(1, $2::int) w
    join (select id, (row_number() over (order by number)) - 1 as n, count(*) over () as all from person) p on p.n = w % p.all
"""


async def grow(server: Server, name: str, *, people: int, teams: int, roles: int, weeks: int, today: date) -> None:
    """Into the database `name`; the team with a past has code OUD, one without has NIEUW."""
    connection = await asyncpg.connect(plain_url(server.url(database=name)))
    await connection.execute(
        "set session_replication_role = replica; set synchronous_commit = off; set work_mem = '64MB'"
    )
    run = partial(connection.execute, timeout=600)
    await run(_TEAMS, teams, today)
    await run(_PEOPLE, people, today)
    await run(_ROLES.replace("$1", str(roles)))
    await run(_VERSIONS, today)
    await run(_ITEMS, today)
    await run(_FILLINGS, today)
    for code, changes in (("OUD", weeks), ("NIEUW", 1)):
        await run(_HISTORY_TEAM, code, today, changes)
        await run(_HISTORY_ROLES.replace("$1", f"'{code}'"))
        for filling in (_HISTORY_VERSIONS, _HISTORY_ITEMS, _HISTORY_FILLINGS):
            await run(filling, today, changes)
        await run("drop table made_old")
    await run("vacuum (analyze)")
    await connection.close()
