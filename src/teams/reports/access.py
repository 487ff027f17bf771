"""Who may what, at one moment: every person with the grants of the roles they fill, and who holds which right in Teams."""

from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from teams.account.periods import Period
from teams.structure.moment import Moment

HIGH = 5_000_000
"""A ceiling in cents from which a power is special, besides what the law sets apart."""

_LINES = text(
    """
    with held as materialized (
        select g.number, v.holder, v.powers, v.all_except, v.ceiling, v.kinds, lower(v.valid) as since
        from power_grant g cross join lateral (select v.* from grant_version v where v.grant_id = g.id
            and range_contains_elem(v.recorded, cast(:known as timestamptz)) and range_contains_elem(v.valid, cast(:op as timestamptz)) limit 1) v
        where grant_state(g.id, cast(:op as timestamptz), cast(:known as timestamptz)) = 'geldt'
    ), roles as materialized (
        select r.role_id, r.name, r.office, t.name as team from role_version r
        left join team_version t on t.team_id = r.team_id and range_contains_elem(t.recorded, cast(:known as timestamptz)) and range_contains_elem(t.valid, cast(:day as date))
        where range_contains_elem(r.recorded, cast(:known as timestamptz)) and range_contains_elem(r.valid, cast(:day as date))
    ), keys as materialized (
        select 'rol:' || role_id as holder, role_id, name, team from roles
        union all select 'functie:' || office, role_id, name, team from roles where office is not null
    ), fillers as materialized (
        select f.role_id, f.person_id, false as replaces from role_filling f
            where range_contains_elem(f.recorded, cast(:known as timestamptz)) and range_contains_elem(f.valid, cast(:op as timestamptz))
        union all
        select f.role_id, f.person_id, true from replacement f
            where range_contains_elem(f.recorded, cast(:known as timestamptz)) and range_contains_elem(f.valid, cast(:op as timestamptz))
    ), holders as (
        select h.number, k.role_id, coalesce(k.name, gone.name, h.holder) as role, k.team, f.person_id, coalesce(f.replaces, false) as replaces
        from held h left join keys k on k.holder = h.holder left join fillers f on f.role_id = k.role_id
        left join lateral (select r.name from role_version r where r.role_id = case when h.holder like 'rol:%' then cast(substr(h.holder, 5) as uuid) end
            order by lower(r.recorded) desc limit 1) gone on k.role_id is null
        where h.holder like 'rol:%' or h.holder like 'functie:%'
        union all
        select h.number, null, null, null, cast(substr(h.holder, 9) as uuid), false from held h where h.holder like 'persoon:%'
        union all
        select h.number, null, coalesce(o.name, substr(h.holder, 8)), null, null, false from held h
        left join organ o on 'orgaan:' || o.code = h.holder where h.holder like 'orgaan:%' or h.holder like 'extern:%'
    )
    select h.number as mandaat, split_part(h.holder, ':', 1) as houder, coalesce(p.name, '') as persoon, coalesce(p.number, '') as nummer, coalesce(x.role, '') as rol,
        coalesce(x.team, '') as team, x.replaces as vervangt, h.ceiling as grens, h.powers as bevoegdheden,
        h.all_except is not null as alles_behalve, to_char(h.since at time zone 'Europe/Amsterdam', 'YYYY-MM-DD') as sinds,
        coalesce(h.ceiling, 0) >= :high or h.all_except is not null or exists (select from power w
            join power_version v on v.power_id = w.id and range_contains_elem(v.recorded, cast(:known as timestamptz)) and range_contains_elem(v.valid, cast(:op as timestamptz))
            where w.code = any(h.powers) and (v.specials <> '{}' or v.confidential)) as bijzonder
    from holders x join held h on h.number = x.number left join person p on p.id = x.person_id
    order by coalesce(x.team, ''), coalesce(x.role, ''), coalesce(p.name, ''), h.number, x.replaces
    """
)
_RIGHTS = text(
    """
    select coalesce(p.name, a.email) as persoon, coalesce(p.number, '') as nummer, r."right" as recht,
        to_char(r.granted_at at time zone 'Europe/Amsterdam', 'YYYY-MM-DD') as sinds
    from account_right r join account a on a.id = r.account_id left join person p on p.id = a.person_id
    where a.disabled_at is null and r.granted_at <= cast(:known as timestamptz) order by r."right", 1, 2
    """
)


async def who_may_what(session: AsyncSession, moment: Moment, *, special: bool) -> dict[str, Any]:
    """`mandaten` (amounts in cents; `persoon` empty: nobody fills the role, or it is no more) and `rechten`; `special`: only special powers.

    Special is what the law sets apart (objection, fine, complaint, public order …), what is confidential, a reverse
    mandate, and a ceiling from 50,000 euro.
    """
    values = {**moment.values, "high": HIGH}
    lines = [dict(row) for row in (await session.execute(_LINES, values)).mappings()]
    rights = [dict(row) for row in (await session.execute(_RIGHTS, {"known": moment.known})).mappings()]
    return {
        "op": moment.op.isoformat(),
        "bekend": moment.known.isoformat(),
        "mandaten": [line for line in lines if line["bijzonder"] or not special],
        "rechten": rights,
    }


def is_special(period: Period) -> bool:
    """Every quarter the special powers, once a year everything."""
    return period.quarter > 0
