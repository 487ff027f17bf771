"""The statements of the account: decisions of a period (`start`, `end`) as known at `known`; every list has one order."""

from sqlalchemy import text

# Defects and ratifications are entries of their own; what was not known yet does not count.
_DECISIONS = """
    defects as (select a.decision_id, min(a.ground) as ground from decision_act a where a.kind = 'gebrek' and a.at <= :known group by 1),
    repairs as (select a.decision_id, min(coalesce(o.name, 'de rechter')) as organ, min(a.organ_decided_on) as day
        from decision_act a left join organ o on o.code = a.organ where a.kind in ('bekrachtiging', 'bezwaar') and a.at <= :known group by 1),
    d as (select d.*, coalesce(g.decision_id is not null or d.outcome = 'gebrek', false) as wrong, g.ground, r.organ as repaired_by, r.day as repaired_on
        from decision d left join defects g on g.decision_id = d.id left join repairs r on r.decision_id = d.id
        where d.decided_at >= :start and d.decided_at < :end and d.recorded_at <= :known)
"""
_SUMS = """count(*) as besluiten, count(*) filter (where d.wrong) as mis, count(*) filter (where d.wrong and d.repaired_by is not null) as hersteld,
    coalesce(sum(d.cents), 0)::bigint as bedrag, count(*) filter (where d.outcome = 'doorbroken') as tegen_instructie"""
# The programme of a decision: the budget of the team that decided, else the one budget that names the power.
TOTALS = text(
    f"""
    with {_DECISIONS}, budgets as (
        select b.name, b.portfolio, b.powers, v.team_id from budget b left join role_version v on v.role_id = b.holder_id
            and range_contains_elem(v.recorded, cast(:known as timestamptz)) and range_contains_elem(v.valid, cast(:last as date))
        where b.year = :year and range_contains_elem(b.recorded, cast(:known as timestamptz))
    ), of_team as (
        select team_id, min(name) as name, min(portfolio) as portfolio from budgets where team_id is not null group by 1
    ), of_power as (
        select p as power, min(name) as name, min(portfolio) as portfolio from budgets cross join unnest(powers) p
        group by 1 having count(distinct name) = 1
    ), teams as (
        select distinct on (v.role_id) v.role_id, v.team_id from role_version v where range_contains_elem(v.recorded, cast(:known as timestamptz))
        order by v.role_id, lower(v.valid) desc
    ), p as (
        select d.*, coalesce(t.name, w.name) as name, case when t.name is null then w.portfolio else t.portfolio end as portfolio
        from d left join teams r on r.role_id = d.role_id left join of_team t on t.team_id = r.team_id left join of_power w on w.power = d.power
    )
    select grouping(p.name) as whole, coalesce(p.name, '') as programma, coalesce(p.portfolio, '') as portefeuille, {_SUMS.replace("d.", "p.")},
        count(*) filter (where p.cents is null) as zonder_bedrag, count(*) filter (where p.confidential) as vertrouwelijk,
        count(*) filter (where p.batch_id is not null) as in_reeks, count(*) filter (where p.source in ('invoer','zaaksysteem')) as aangeleverd
    from p
    group by grouping sets ((), (p.name, p.portfolio)) order by 1 desc, besluiten desc, programma, portefeuille
    """
)
WRONG = text(
    f"""
    with {_DECISIONS}
    select d.number as nummer, d.cents as bedrag, d.ground, d.repaired_by as hersteld_door, d.repaired_on,
        decision_flags(d.base, d.ceiling, d.cents, d.total, d.outcome, d.rules) as flags
    from (select * from d where d.wrong offset 0) d order by d.number limit 2000
    """
)
_SHOWN = """d.number as nummer, d.power as bevoegdheid, d.power_title as titel, case when d.confidential then null else d.subject end as onderwerp,
    d.confidential as vertrouwelijk, d.cents as bedrag, case when d.confidential then '' else coalesce((select v.name from role_version v
        where v.role_id = d.role_id and range_contains_elem(v.recorded, cast(:known as timestamptz)) order by lower(v.valid) desc limit 1), '') end as rol,
    o.name as orgaan, d.wrong as mis"""
LARGEST = text(
    f"""
    with {_DECISIONS} select {_SHOWN} from (select * from d where d.cents is not null order by d.cents desc, d.number limit 10) d
    join organ o on o.code = d.organ order by d.cents desc, d.number
    """
)
SENSITIVE = text(
    f"""
    with {_DECISIONS} select {_SHOWN}, d.sensitive is true as gevoelig, d.outcome = 'doorbroken' as doorbroken, count(*) over () as alle
    from d join organ o on o.code = d.organ where d.sensitive is true or d.outcome = 'doorbroken' order by d.number limit 25
    """
)
SECRETARY = text(
    f"""
    with {_DECISIONS}, own as (
        select v.role_id from role_version v where v.office = 'gemeentesecretaris' and range_contains_elem(v.recorded, cast(:known as timestamptz))
    ), given as (
        select g.number, v.withdrawn_at, v.decided_on from power_grant g join grant_version v on v.grant_id = g.id
        where range_contains_elem(v.recorded, cast(:known as timestamptz)) and (v.grantors @> '{{functie:gemeentesecretaris}}'
            or v.grantors && array(select 'rol:' || role_id from own)))
    select {_SUMS}, count(*) filter (where d.capacity = 'vervanger') as door_vervanger,
        (select count(distinct g.number) from given g where g.decided_on >= :start and g.decided_on < :end) as ondermandaten,
        (select count(distinct g.number) from given g where g.withdrawn_at >= :start and g.withdrawn_at < :end) as ingetrokken
    from d where d.role_id in (select role_id from own)
    """
)
# The state of every grant at both moments as `grant_state` has it, in one pass: a grant holds when nothing above it has ended.
MORE_POWER = text(
    """
    with recursive known as materialized (
        select v.grant_id, v.parent_id, v.ceiling, v.form, v.decided_on, v.published_on, v.withdrawn_at, v.valid
        from grant_version v where range_contains_elem(v.recorded, cast(:known as timestamptz))
    ), stood as materialized (
        select distinct on (m.at, v.grant_id) m.at, v.*, coalesce(v.withdrawn_at <= m.at or upper(v.valid) <= m.at, false) as ended
        from (values (cast(:start as timestamptz)), (cast(:until as timestamptz))) m(at) cross join known v
        order by m.at, v.grant_id, range_contains_elem(v.valid, m.at) desc, lower(v.valid) <= m.at desc, abs(extract(epoch from lower(v.valid) - m.at))
    ), gone(at, grant_id) as (
        select c.at, c.grant_id from stood c left join stood p on p.at = c.at and p.grant_id = c.parent_id
        where c.parent_id is not null and coalesce(p.ended, true)
        union
        select c.at, c.grant_id from gone g join stood c on c.at = g.at and c.parent_id = g.grant_id
    ), held as (
        select s.grant_id, bool_or(s.at = cast(:start as timestamptz)) as before, max(s.ceiling) filter (where s.at = cast(:start as timestamptz)) as van,
            max(s.ceiling) filter (where s.at = cast(:until as timestamptz)) as naar
        from stood s where s.decided_on <= s.at and not s.ended and (s.form <> 'algemeen' or s.published_on <= s.at)
            and coalesce(lower(s.valid) <= s.at, true) and not exists (select from gone g where g.at = s.at and g.grant_id = s.grant_id)
        group by 1 having bool_or(s.at = cast(:until as timestamptz))
    ), more as (
        select g.number, h.*, count(*) over () as alle
        from held h cross join lateral (select number from power_grant where id = h.grant_id offset 0) g
        where not h.before or (h.van is not null and (h.naar is null or h.naar > h.van)) order by g.number limit 50
    )
    select b.number as mandaat, case when b.before then 'hogere_grens' else 'nieuw' end as wat, b.van, b.naar,
        a.all_except is not null as alles_behalve, a.powers as bevoegdheden,
        coalesce((select v.name || coalesce(', ' || t.name, '') from role_version v left join team_version t on t.team_id = v.team_id
            and range_contains_elem(t.recorded, cast(:known as timestamptz))
            where v.role_id = case when a.holder like 'rol:%' then cast(substr(a.holder, 5) as uuid) end and range_contains_elem(v.recorded, cast(:known as timestamptz))
            order by lower(v.valid) desc, lower(t.valid) desc limit 1),
            case when a.holder like 'persoon:%' then 'één persoon' else substr(a.holder, strpos(a.holder, ':') + 1) end) as ontvanger,
        b.alle
    from more b cross join lateral (select v.* from grant_version v where v.grant_id = b.grant_id
        and range_contains_elem(v.recorded, cast(:known as timestamptz)) and range_contains_elem(v.valid, cast(:until as timestamptz)) limit 1) a
    order by b.number
    """
)
SAMPLE = text(
    """
    select s.head_size as hoofd, encode(s.head_root, 'hex') as wortel, s.population as uit,
        (select count(*) from sample_item i where i.sample_id = s.id and i.why = 'loting') as loting,
        (select count(*) from sample_item i where i.sample_id = s.id and i.why = 'secretaris') as secretaris,
        case when s.found_at <= :known then s.verdict end as oordeel, case when s.found_at <= :known then s.finding end as bevinding,
        case when s.found_at <= :known then (select count(*) from sample_item i where i.sample_id = s.id and i.verdict = 'in_orde' and i.why = 'loting') end as in_orde,
        case when s.found_at <= :known then (select count(*) from sample_item i where i.sample_id = s.id and i.verdict = 'niet_in_orde') end as niet_in_orde,
        case when s.found_at <= :known then array(select d.number from sample_item i join decision d on d.id = i.decision_id
            where i.sample_id = s.id and i.verdict = 'niet_in_orde' order by i.position) end as nummers
    from sample s where s.period = :period and s.drawn_at <= :known
    """
)
POSTS = text(
    """
    select i.number as post, i.kind as soort, i.reference as kenmerk, to_char(a.day, 'YYYY-MM-DD') as dag, a.amount as bedrag, a.state as stand, a.how as hoe
    from checklist_item i cross join lateral (select a.state, a.how, a.day, a.amount from checklist_act a where a.item_id = i.id and a.at <= :known
        order by a.id desc limit 1) a
    where a.day between :first and :last and i.added_at <= :known order by i.number
    """
)
ATTEMPTS = text(
    "select power as bevoegdheid, count(*) as aantal from attempt where at >= :start and at < :end and at <= :known group by power order by 2 desc, 1 limit 50"
)
INFORMATION = text(
    """
    select count(*) as gevraagd, count(w.request_id) as beantwoord,
        count(*) filter (where w.request_id is null and r.due < (cast(:known as timestamptz) at time zone 'Europe/Amsterdam')::date) as te_laat
    from information_request r left join information_answer w on w.request_id = r.id and w.at <= :known
    where r.at >= :start and r.at < :end and r.at <= :known
    """
)
UNLOGGED = text(
    """
    select w.code, v.title as titel from power w join power_version v on v.power_id = w.id and range_contains_elem(v.recorded, cast(:known as timestamptz))
        and range_contains_elem(v.valid, cast(:until as timestamptz)) where v.recording = 'niet' order by w.code
    """
)
WORK = text(
    """
    with served as materialized (select distinct c.person_id, h.team_id from contract c
        left join home_team h on h.person_id = c.person_id and range_contains_elem(h.recorded, cast(:known as timestamptz)) and range_contains_elem(h.valid, cast(:last as date))
        where range_contains_elem(c.recorded, cast(:known as timestamptz)) and range_contains_elem(c.valid, cast(:last as date)))
    select (select count(*) from served) as mensen,
        (select count(*) from served s where (select true from claim c join klus k on k.id = c.klus_id
            where c.person_id = s.person_id and c.at < :end and c.at <= :known and coalesce(c.ended_at, 'infinity') >= :start
                and k.team_id is distinct from s.team_id limit 1)) as buiten_team,
        (select count(distinct s.id) from journal j join journal_subject s on s.entry = j.id and s.kind = 'klus'
            where j.verb = 'klus.completed' and j.at >= :start and j.at < :end and j.at <= :known) as klussen_afgerond,
        (select count(*) from klus k where k.published_at >= :start and k.published_at < :end and k.published_at <= :known) as klussen_geplaatst
    """
)
ORIGIN = text(
    """
    select o as herkomst, coalesce(d.many, 0) as besluiten,
        (select count(*) from klus k where k.origin = o and k.published_at >= :start and k.published_at < :end and k.published_at <= :known) as klussen
    from unnest(array['initiatief','uitdaagrecht','raad']) o left join (select d.origin, count(*) as many from decision d
        where d.decided_at >= :start and d.decided_at < :end and d.recorded_at <= :known group by 1) d on d.origin = o order by o
    """
)
# The quarters follow one another: each decision of the whole span is read once.
QUARTERS = text(
    """
    with defects as (select distinct a.decision_id from decision_act a where a.kind = 'gebrek' and a.at <= :known),
    counted as (
        select width_bucket(d.decided_at, cast(:starts as timestamptz[])) as place, count(*) as besluiten,
            count(*) filter (where d.outcome = 'gebrek' or d.id in (select decision_id from defects)) as mis
        from decision d where d.decided_at >= (cast(:starts as timestamptz[]))[1] and d.decided_at < :end and d.recorded_at <= :known group by 1
    )
    select n as place, coalesce(c.besluiten, 0) as besluiten, coalesce(c.mis, 0) as mis
    from generate_series(1, cardinality(cast(:starts as timestamptz[]))) n left join counted c on c.place = n order by n
    """
)
HEAD = text(
    """
    select c.size as regels, encode(c.root, 'hex') as wortel from checkpoint c where c.at <= :known and :quorum <=
        (select count(*) from cosignature s where s.log = c.log and s.size = c.size and s.at <= :known)
    order by c.log desc, c.size desc limit 1
    """
)
# A ruling counts in the period in which it was given, whenever the decision itself was taken.
OBJECTIONS = text(
    """
    select d.number as nummer, d.power as bevoegdheid, d.power_title as titel, a.ground as grond, a.venue as instantie, a.effect as gevolg,
        to_char(a.organ_decided_on, 'YYYY-MM-DD') as dag, a.organ_decision as kenmerk, count(*) over () as alle
    from decision_act a join decision d on d.id = a.decision_id
    where a.kind = 'bezwaar' and a.organ_decided_on between :first and :last and a.at <= :known
    order by a.organ_decided_on, d.number, a.organ_decision limit 50
    """
)
# A decision counts with a framework that held when it was taken and to which a grant of its chain refers, as that grant read then.
FRAMEWORKS = text(
    f"""
    with {_DECISIONS}, held as (
        select v.*, f.code, o.name as organ from framework f join framework_version v on v.framework_id = f.id
            and range_contains_elem(v.recorded, cast(:known as timestamptz)) and lower(v.valid) <= :until and (upper_inf(v.valid) or upper(v.valid) > :start)
        join organ o on o.id = v.organ_id
    ), links as (
        select g.number, g.number || '@' || x.hash as link, x.framework_id from grant_version x join power_grant g on g.id = x.grant_id
        where x.framework_id is not null
    ), taken as materialized (
        select d.id, d.decided_at, l as link from (select * from d where d.grants && array(select number from links)) d
        cross join lateral jsonb_array_elements(d.chains) c cross join lateral jsonb_array_elements_text(c) l
    ), under as (
        select distinct h.id as version, t.id as decision from taken t join links using (link)
        join held h on h.framework_id = links.framework_id and h.valid @> t.decided_at
    )
    select h.code, h.title as titel, h.organ as orgaan, h.decision as besluit,
        to_char(h.decided_on at time zone 'Europe/Amsterdam', 'YYYY-MM-DD') as besloten_op,
        to_char(lower(h.valid) at time zone 'Europe/Amsterdam', 'YYYY-MM-DD') as vanaf,
        to_char((upper(h.valid) at time zone 'Europe/Amsterdam') - interval '1 microsecond', 'YYYY-MM-DD') as tot_en_met,
        (select count(*) from under u where u.version = h.id) as besluiten, count(*) over () as alle,
        (select count(distinct u.decision) from under u) as onder
    from held h order by besluiten desc, h.code, lower(h.valid) limit 50
    """
)
OPEN_QUESTIONS = text(
    """
    select q.number as nummer, a.period as bij, q.kind as soort, q.text as tekst, to_char(q.due, 'YYYY-MM-DD') as termijn
    from board_question q join board_account a on a.id = q.account_id
    where q.asked_at <= :known and (q.answered_at is null or q.answered_at > :known) order by q.number
    """
)
