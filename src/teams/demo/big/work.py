"""Ten years of klussen with who did them, the hours that they booked, and the entries of it all; one of fifty still runs."""

from datetime import date
from typing import Protocol

import asyncpg

from teams.demo.big.rows import run, without_indexes

DAYS = 3_600
_TABLES = ("klus", "klus_skill", "claim", "hours_booking", "notice")
_JOURNAL = ("journal", "journal_subject")


class Sized(Protocol):
    @property
    def klussen(self) -> int: ...
    @property
    def live(self) -> int: ...
    @property
    def active(self) -> int: ...
    @property
    def places(self) -> int: ...


# `ended`: how many days ago it ended; of the last ones every second still runs.
_COPIES = """
    create unlogged table big_klus as
    select n, n::int as k, n % 2 = 0 and n > {klussen} - 2 * {live} as live, b.id as base, n / b.all % {places} as place, s.starts,
        big_at((s.starts - 20)::timestamp, 'klus', n) as id
    from generate_series(1, {klussen}::bigint) n
    cross join lateral (select date '{today}' - 41 - (({klussen} - n) * {days} / {klussen})::int as starts) z
    cross join lateral (select case when n % 2 = 0 and n > {klussen} - 2 * {live} then date '{today}' - 20 + (n / 2 % 60)::int else z.starts end as starts) s
    join (select id, (row_number() over (order by number)) - 1 as place, count(*) over () as all from klus
        where kind <> 'vacature' and state <> 'concept' and way = 'claim') b on b.place = n % b.all
"""
# Words of two syllables, one of 77, and of three, one of 847.
_KLUSSEN = """
    insert into klus (id, title, description, kind, way, state, team_id, role_id, posted_by, places, hours_min, hours_max,
        hours_total, starts, ends, accepting, powers, created_at, published_at, taken)
    select m.id, left(b.title, 90) || ' ' || w.a[m.k % 7 + 1] || w.b[m.k / 7 % 11 + 1],
        b.description || ' ' || w.b[m.k % 11 + 1] || w.a[m.k / 11 % 7 + 1] || w.b[m.k / 77 % 11 + 1]
            || case when m.n % 5 = 0 then ' Dit is voor de buurt.' else '' end
            || case when m.live and m.n % 4000 < 4 then ' De kwikstaart telt mee.' else '' end
            || case when not m.live and m.n % 1000 = 1 then ' ijsvogel' else '' end,
        b.kind, 'claim', case when m.live and m.starts < date '{today}' then 'in_uitvoering' when m.live then 'open'
            when m.n % 7 = 0 then 'verlopen' else 'afgerond' end,
        big_id(b.team_id, m.place), big_id(b.role_id, m.place), p.id, b.places, b.hours_min, b.hours_max, b.hours_total,
        m.starts, case when m.live then date '{today}' + 60 + (m.n % 90)::int else m.starts + 5 + (m.n % 34)::int end, m.live, b.powers,
        m.starts - interval '20 days', m.starts - interval '20 days',
        case when m.live and m.n % 10 = 0 then b.places when m.live and m.n % 10 = 2 then 1 else 0 end
    from big_klus m join klus b on b.id = m.base join big_person p on p.number = m.n * 31 % {active}
    cross join (select array['ba','ke','lo','mi','nu','ra','se'] as a, array['to','vi','wu','ga','de','fo','hi','ju','ka','le','mo'] as b) w
    order by m.n
"""
_SKILLS = "insert into klus_skill select m.id, s.skill_id from big_klus m join klus_skill s on s.klus_id = m.base"
# What ended in time was done by one or two; of what runs a fifth is full and a fifth has one.
_CLAIMS = """
    insert into claim (id, klus_id, person_id, state, seat, hours, at, ended_at, ended_on)
    select big_at(c.at, 'claim', m.n * 100 + seat.n), m.id, p.id,
        case when not m.live then 'afgerond' when m.starts < date '{today}' then 'lopend' else 'bevestigd' end,
        case when m.live then seat.n end, coalesce(k.hours_min, k.hours_total), c.at,
        case when not m.live then k.ends + interval '16 hours' end, case when not m.live then k.ends end
    from big_klus m join klus k on k.id = m.id
    cross join lateral generate_series(1, case when m.live then k.taken when m.n % 7 = 0 then 0 else 1 + m.n % 2 end) seat (n)
    cross join lateral (select m.starts - interval '9 days' + seat.n * interval '1 hour' as at) c
    join big_person p on p.number = (m.n * 7 + m.n / {active} + seat.n * 13) % {active}
    order by c.at, m.n
"""
_HOURS = """
    insert into hours_booking (claim_id, person_id, day, tenths, booked_by, at)
    select c.id, c.person_id, k.starts + 7 * w, 20, c.person_id, k.starts + 7 * w + interval '17 hours'
    from big_klus m join klus k on k.id = m.id join claim c on c.klus_id = m.id
    cross join generate_series(0, least(k.ends, date '{today}' - 7) - k.starts, 1) d(w)
    where m.n % 10 in (1, 2) and d.w <= (k.ends - k.starts) / 7 and k.starts + 7 * d.w < date '{today}' - 7 and c.state in ('lopend', 'afgerond')
"""
_ENTRIES = """
    insert into journal (id, at, actor, verb, facts, xid)
    select big_at(e.at, e.verb, e.n), e.at, e.by, e.verb, e.facts, pg_current_xact_id() from ({events}) e order by e.at
"""
_SUBJECTS = """
    insert into journal_subject (entry, kind, id)
    select big_at(e.at, e.verb, e.n), s.kind, s.id from ({events}) e
    cross join lateral (values ('klus', e.klus), ('team', e.team), ('person', e.who)) s(kind, id) where s.id is not null
"""
_EVENTS = """
    select 'klus.published' as verb, m.n, k.published_at as at, k.posted_by as by, m.id as klus, k.team_id as team, k.posted_by as who,
        jsonb_build_object('number', k.number) as facts from big_klus m join klus k on k.id = m.id
    union all
    select 'claim.made', m.n * 100 + coalesce(c.seat, extract(hour from c.at)::int), c.at, c.person_id, m.id, k.team_id, c.person_id,
        jsonb_build_object('claim', c.id, 'state', 'bevestigd')
    from big_klus m join klus k on k.id = m.id join claim c on c.klus_id = m.id
"""
# Everyone heard of what they claimed; all but the last ten days has been read.
_NOTICES = """
    insert into notice (id, person_id, said, facts, at, read_at, mail)
    select big_at(k.ends::timestamp, 'notice', m.n * 100 + extract(hour from c.at)::int), c.person_id, 'claim.completed:persoon',
        jsonb_build_object('klus', m.id, 'number', k.number::text, 'team', k.team_id), k.ends::timestamp,
        case when k.ends < date '{today}' - 10 then k.ends::timestamp + interval '1 day' end, 'nooit'
    from big_klus m join klus k on k.id = m.id join claim c on c.klus_id = m.id where not m.live
"""


async def work(connection: asyncpg.Connection, size: Sized, today: date) -> None:
    """Needs the structure; the journal's own indexes stay, as others write there meanwhile."""
    sizes = {
        "klussen": size.klussen, "live": size.live, "active": size.active, "places": size.places, "days": DAYS, "today": today.isoformat(),
    }  # fmt: skip
    again = await without_indexes(connection, *_TABLES)
    await run(connection, _COPIES.format(**sizes))
    await run(connection, "create unique index on big_klus (id); analyze big_klus")
    for statement in (_KLUSSEN, _SKILLS, _CLAIMS, _HOURS, _NOTICES):
        await run(connection, statement.format(**sizes))
    await again()
    for statement in (_ENTRIES, _SUBJECTS):
        await run(connection, statement.format(events=_EVENTS))
