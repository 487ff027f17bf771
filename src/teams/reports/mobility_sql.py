"""The questions of the mobility figures: people and days in service, work for another team, moves, vacancies, booked hours.

All over the days `first` ≤ day < `until`, as recorded now. What counts as work on a klus: a claim that ran (`lopend`, `afgerond`,
`teruggegeven`; `beeindigd` when it ran until then), on the days between its begin and its end. A vacancy is an appointment and never
counts as a klus.
"""

from sqlalchemy import text

HEADS = text(
    """
    select c.person_id, sum(d.days)::int as days, sum(d.days * c.hours * 10)::bigint as tenth_days,
        (select h.team_id from home_team h where h.person_id = c.person_id and upper_inf(h.recorded)
            and h.valid && daterange(:first, :until) order by lower(h.valid) desc limit 1) as team
    from contract c cross join lateral (select least(upper(c.valid), cast(:until as date))
        - greatest(lower(c.valid), cast(:first as date)) as days) d
    where upper_inf(c.recorded) and c.hours > 0 and c.valid && daterange(:first, :until)
    group by c.person_id
    """
)
AWAY = text(
    """
    with ran as materialized (
        select id from claim where state in ('lopend', 'afgerond', 'teruggegeven') and person_id is not null
        union all
        select c.id from claim c where c.state = 'beeindigd' and c.person_id is not null and (
            exists (select from hours_booking b where b.claim_id = c.id)
            or exists (select from journal_subject s join journal j on j.id = s.entry and j.verb = 'claim.ended'
                and j.facts ->> 'claim' = c.id::text and j.facts ->> 'was' = 'lopend' where s.kind = 'klus' and s.id = c.klus_id))
    ), work as materialized (
        select c.person_id, k.team_id, k.id as klus, null::uuid as role, daterange(
            greatest(k.starts, (c.at at time zone 'Europe/Amsterdam')::date),
            least(c.ended_on, coalesce(k.ends, case when k.hours_total is null then date 'infinity' else k.starts end)) + 1) as days
        from claim c join klus k on k.id = c.klus_id
        where c.id in (select id from ran)
            and k.kind <> 'vacature' and k.starts < :until
            and (c.at at time zone 'Europe/Amsterdam')::date <= least(c.ended_on, coalesce(k.ends, case
                when k.hours_total is null then date 'infinity' else k.starts end))
            and k.starts <= least(c.ended_on, coalesce(k.ends, 'infinity')) and coalesce(c.ended_on, 'infinity') >= :first
            and coalesce(k.ends, case when k.hours_total is null then date 'infinity' else k.starts end) >= :first
        union all
        select f.person_id, v.team_id, null, f.role_id, v.valid * daterange(
            (lower(f.valid) at time zone 'Europe/Amsterdam')::date, (upper(f.valid) at time zone 'Europe/Amsterdam')::date)
        from role_filling f join role_version v on v.role_id = f.role_id and upper_inf(v.recorded)
        where upper_inf(f.recorded) and f.valid && tstzrange(cast(:first as date), cast(:until as date))
    )
    select distinct w.person_id, h.team_id as lends, w.team_id as borrows, w.klus, w.role
    from work w join home_team h on h.person_id = w.person_id and upper_inf(h.recorded) and h.team_id <> w.team_id
        and h.valid && w.days * daterange(:first, :until)
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
# First which claim was lent by whom in which days, then the hours: so each is read once, and nothing is looked up row by row.
HOURS = text(
    """
    with lent as (
        select b.person_id, x.lends, x.borrows, extract(year from b.day)::int * 4 + extract(quarter from b.day)::int - 1 as quarter,
            sum(b.tenths)::int as tenths
        from hours_booking b join (
            select c.id, k.team_id as borrows, h.team_id as lends, lower(h.valid) as begins, coalesce(upper(h.valid), 'infinity') as ends
            from claim c join klus k on k.id = c.klus_id
            join home_team h on h.person_id = c.person_id and upper_inf(h.recorded) and h.team_id <> k.team_id) x
            on x.id = b.claim_id and x.begins <= b.day and x.ends > b.day
        where b.day >= :first and b.day < :until
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
    order by team_id, lower(valid) desc
    """
)
WORK = text("select id, number, title from klus where id = any(:ids)")
ROLES = text(
    """
    select distinct on (role_id) role_id, name from role_version where upper_inf(recorded) and role_id = any(:ids)
    order by role_id, lower(valid) desc
    """
)
BEGIN = text(
    """
    select (select min(lower(valid)) from contract where upper_inf(recorded) and hours > 0) as service,
        (select min((at at time zone 'Europe/Amsterdam')::date) from claim where state in ('lopend', 'afgerond', 'teruggegeven')) as klussen
    """
)
