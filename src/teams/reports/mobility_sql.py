"""The questions of the mobility figures: people and days in service, work for another team, moves, vacancies, booked hours.

All over the days `first` ≤ day < `until`, as recorded now. What counts as work on a klus: a claim that ran (`lopend`, `afgerond`,
`teruggegeven`; `beeindigd` when it ran until then), on the days between its begin and its end. A vacancy is an appointment and never
counts as a klus.
"""

from sqlalchemy import text

HEADS = text(
    """
    select c.person_id, sum(d.days)::int as days, sum(d.days * c.hours * 10)::bigint as tenth_days, h.team_id as team
    from contract c cross join lateral (select least(upper(c.valid), cast(:until as date))
        - greatest(lower(c.valid), cast(:first as date)) as days) d
    left join (select distinct on (person_id) person_id, team_id from home_team
        where upper_inf(recorded) and valid && daterange(:first, :until) order by person_id, lower(valid) desc) h on h.person_id = c.person_id
    where upper_inf(c.recorded) and c.hours > 0 and c.valid && daterange(:first, :until)
    group by c.person_id, h.team_id
    """
)
# Klus and claim are found by their days (ix_klus_days, ix_claim_days): the work of one year costs what that year holds.
_LAST = "coalesce(k.ends, case when k.hours_total is null then date 'infinity' else k.starts end)"
_BEGUN = "(c.at at time zone 'Europe/Amsterdam')::date"
_COUNTS = "c.state in ('lopend', 'afgerond', 'teruggegeven', 'beeindigd')"
_RAN = f"""
    k.kind <> 'vacature' and {_COUNTS}
        and (c.state <> 'beeindigd' or exists (select from hours_booking b where b.claim_id = c.id)
            or exists (select from journal_subject s join journal j on j.id = s.entry and j.verb = 'claim.ended'
                and j.facts ->> 'claim' = c.id::text and j.facts ->> 'was' = 'lopend' where s.kind = 'klus' and s.id = c.klus_id))
        and {_BEGUN} <= least(c.ended_on, {_LAST}) and k.starts <= coalesce(c.ended_on, 'infinity')
"""
_KLUS_DAYS = f"daterange(k.starts, {_LAST}, '[]') && daterange(:first, :until)"
_CLAIM_DAYS = (
    f"daterange({_BEGUN}, greatest({_BEGUN}, coalesce(c.ended_on, 'infinity')), '[]') && daterange(:first, :until)"
)
_CLAIMED = f"daterange(greatest(k.starts, {_BEGUN}), greatest(k.starts, {_BEGUN}, least(c.ended_on, {_LAST}) + 1))"
_FILLED = """v.valid * daterange(
    (lower(f.valid) at time zone 'Europe/Amsterdam')::date, (upper(f.valid) at time zone 'Europe/Amsterdam')::date)"""
_AWAY = f"""
    with klussen as materialized (
        select id, kind, team_id, title, number, starts, ends, hours_total from klus k where k.kind <> 'vacature' and {_KLUS_DAYS}
    ), claims as materialized (
        select id, klus_id, person_id, state, at, ended_on from claim c where c.person_id is not null and {_COUNTS} and {_CLAIM_DAYS}
    ), work as materialized (
        select c.person_id, k.team_id, k.id as klus, k.title, k.number, null::uuid as role, {_CLAIMED} as days
        from klussen k join claims c on c.klus_id = k.id where {_RAN}
        union all
        select f.person_id, v.team_id, null, v.name, null, f.role_id, {_FILLED}
        from role_filling f join role_version v on v.role_id = f.role_id and upper_inf(v.recorded) and v.valid && daterange(:first, :until)
        where upper_inf(f.recorded) and f.valid && tstzrange(cast(:first as date), cast(:until as date))
    ), away as materialized (
        select distinct on (w.person_id, h.team_id, w.team_id, w.klus, w.role)
            w.person_id, h.team_id as lends, w.team_id as borrows, w.klus, w.role, w.title, w.number
        from work w join home_team h on h.person_id = w.person_id and upper_inf(h.recorded) and h.team_id <> w.team_id
            and h.valid && w.days * daterange(:first, :until)
        order by w.person_id, h.team_id, w.team_id, w.klus, w.role, lower(w.days) desc
    )
"""
# Who worked for another team, and how many places each team lent to each other one.
AWAY = text(
    f"""
    {_AWAY}
    select person_id, null::uuid as lends, null::uuid as borrows, null::int as places from away group by person_id
    union all select null, lends, borrows, count(*)::int from away group by lends, borrows
    """
)
PEOPLE_AWAY = text(f"{_AWAY} select distinct person_id from away")
# Each place, with the names that may be told; `uit`, `in`: only from or to the teams of one name.
PLACES = text(
    f"""
    {_AWAY}, called as (select * from unnest(cast(:teams as uuid[]), cast(:names as text[])) n(team, name))
    select coalesce(l.name, '') as lends, coalesce(b.name, '') as borrows, a.title as work, a.klus, a.number
    from away a left join called l on l.team = a.lends left join called b on b.team = a.borrows
    where (cast(:uit as text) is null or coalesce(l.name, '') = :uit) and (cast(:in as text) is null or coalesce(b.name, '') = :in)
    order by lends, borrows, work, klus::text nulls first limit :most
    """
)
# Whoever ever did, beside those who are `known`: of each person the first claim or role that shows it, never the whole history.
EVER = text(
    f"""
    select p.person_id from (select distinct person_id from contract
        where upper_inf(recorded) and hours > 0 and valid && daterange(:first, :until) and person_id <> all (cast(:known as uuid[]))) p
    where coalesce((select true from claim c join klus k on k.id = c.klus_id
            join home_team h on h.person_id = c.person_id and upper_inf(h.recorded) and h.team_id <> k.team_id
            where c.person_id = p.person_id and {_RAN} and h.valid && {_CLAIMED} * daterange(:first, :until) limit 1), false)
        or coalesce((select true from role_filling f join role_version v on v.role_id = f.role_id and upper_inf(v.recorded)
            join home_team h on h.person_id = f.person_id and upper_inf(h.recorded) and h.team_id <> v.team_id
            where f.person_id = p.person_id and upper_inf(f.recorded) and h.valid && {_FILLED} * daterange(:first, :until) limit 1), false)
    """
)
MOVES = text(
    """
    select person_id, before as lends, team_id as borrows, null::uuid as klus from (
        select h.person_id, h.team_id, lower(h.valid) as day,
            lag(h.team_id) over (partition by h.person_id order by lower(h.valid)) as before
        from home_team h where upper_inf(h.recorded)) m
    where before <> team_id and day >= :first and day < :until
    union all
    select s.person_id, null, k.team_id, k.id from vacancy_stage s join klus k on k.id = s.klus_id
    where s.stage = 'vervuld' and s.person_id is not null and s.starts >= :first and s.starts < :until
    """
)
# First the claims that hours were booked on in these days, then their klussen: each index is walked once, not once for every claim.
# How many come out of an array the planner cannot know; a full join is hashed whatever it expects, and what it adds nobody booked on.
HOURS = text(
    """
    with booked as materialized (
        select claim_id, person_id, day, tenths from hours_booking where day >= :first and day < :until
    ), ours as materialized (
        select c.id, c.person_id, c.klus_id from claim c where c.id = any(array(select distinct claim_id from booked))
    ), work as materialized (
        select k.id, k.team_id from klus k where k.id = any(array(select distinct klus_id from ours))
    ), placed as materialized (
        select c.id, k.team_id as borrows, h.team_id as lends, h.valid from ours c full join work k on k.id = c.klus_id
        full join (select person_id, team_id, valid from home_team where upper_inf(recorded)) h on h.person_id = c.person_id
    ), lent as (
        select b.person_id, p.lends, p.borrows,
            extract(year from b.day)::int * 4 + extract(quarter from b.day)::int - 1 as quarter, sum(b.tenths)::int as tenths
        from booked b join placed p on p.id = b.claim_id and p.lends <> p.borrows and p.valid @> b.day
        group by 1, 2, 3, 4
    )
    select lends, borrows, quarter, sum(tenths)::int as tenths, count(distinct person_id)::int as people
    from lent group by grouping sets ((lends), (borrows), (quarter))
    """
)
VACANCIES = text(
    """
    select k.id, k.number, k.title, k.team_id as team, s.filled_from, s.starts as filled, g.starts as reported, s.decision
    from vacancy_stage s join klus k on k.id = s.klus_id join vacancy_stage g on g.klus_id = k.id and g.step = 1
    where s.stage = 'vervuld' and s.starts >= :first and s.starts < :until order by s.starts, k.number
    """
)
TEAMS = text(
    """
    select distinct on (team_id) team_id, name from team_version where upper_inf(recorded) and lower(valid) < :until
        and (cast(:teams as uuid[]) is null or team_id = any(cast(:teams as uuid[])))
    order by team_id, lower(valid) desc
    """
)
BEGIN = text(
    """
    select (select lower(valid) from contract where upper_inf(recorded) and hours > 0 order by lower(valid) limit 1) as service,
        (select (at at time zone 'Europe/Amsterdam')::date from claim where state in ('lopend', 'afgerond', 'teruggegeven')
            order by at limit 1) as klussen
    """
)
