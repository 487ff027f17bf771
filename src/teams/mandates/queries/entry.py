"""What the pages for entering grants offer to choose from, and the lists of what was entered: decrees, replacements, interests, upkeep."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncSession

from teams.kit.clock import day_of
from teams.mandates.facts import Facts, Grant, Span
from teams.mandates.queries import rows as to
from teams.mandates.questions import Health, health
from teams.mandates.terms import Form

FEW, MOST = 50, 400
# The versions first: by number one by one costs more than all of them. Of some posts and of every post apart: one plan that is
# kept for both would read them all.
_HANDED_ON = {
    every: text(
        f"""
        with v as materialized (
            select v.grant_id, v.holder, v.kinds, v.ceiling, lower(v.valid) as starts from grant_version v
            where upper_inf(v.recorded) and v.sub <> 'nee' and v.withdrawn_at is null and (upper_inf(v.valid) or upper(v.valid) > :at)
                {"" if every else "and v.holder = any(:posts)"}
        )
        select distinct on (g.number) g.number, v.holder, v.kinds, v.ceiling from v join power_grant g on g.id = v.grant_id
        order by g.number, v.starts desc limit :most
        """
    )
    for every in (True, False)
}
_ORGANS = text("select code, name from organ order by name")
# Few roles have an office: apart from them all that is told of a role stands in the index by team.
_ROLES = text(
    """
    with offices as materialized (select role_id, office from role_version where office is not null and upper_inf(recorded)
        and range_contains_elem(valid, cast(:day as date)))
    select v.role_id, t.code || '/' || v.name as typed, v.name, n.name as team, o.office
    from team t cross join lateral (select name from team_version where team_id = t.id and upper_inf(recorded)
        and range_contains_elem(valid, cast(:day as date)) offset 0) n
    cross join lateral (select role_id, name from role_version where team_id = t.id and upper_inf(recorded)
        and range_contains_elem(valid, cast(:day as date)) offset 0) v
    left join offices o on o.role_id = v.role_id
    where plain(t.code || ' ' || n.name || ' ' || v.name) like all (cast(:words as text[]))
    order by t.code, v.name limit :most
    """
)
_PLAIN = text("select coalesce(array_agg('%' || plain(w) || '%'), '{}') from unnest(cast(:words as text[])) w")
_TYPED = text(
    """
    select 'rol:' || x.id as party, t.code || '/' || v.name as typed
    from unnest(cast(:roles as uuid[])) x(id) cross join lateral (
        select * from role_version v where v.role_id = x.id and upper_inf(v.recorded) order by lower(v.valid) desc limit 1) v
    join team t on t.id = v.team_id
    union all select 'persoon:' || id, email from person where id = any(:people)
    """
)
_HOLDER = text(
    """
    select v.holder from power_grant g join grant_version v on v.grant_id = g.id and upper_inf(v.recorded)
    where g.number = :number order by lower(v.valid) desc limit 1
    """
)
_DECREES = text(
    """
    select d.number, d.title, d.state, d.decided_on, d.made_at, o.name as organ, d.version,
        (select count(*) from decree_item i where i.decree_id = d.id) as items
    from decree d join organ o on o.id = d.organ_id order by d.number desc limit 100
    """
)
_DECREE = text(
    """
    select d.number, d.title, d.state, d.version, d.text, o.code as organ,
        array(select g.number from decree_item i join power_grant g on g.id = i.grant_id
            where i.decree_id = d.id and i.act = 'geeft' order by g.number) as given,
        array(select g.number from decree_item i join power_grant g on g.id = i.grant_id
            where i.decree_id = d.id and i.act = 'trekt_in' order by g.number) as gone
    from decree d join organ o on o.id = d.organ_id
    where d.number = :number
    """
)
_FREE = """v.decided_on is {0} null and upper_inf(v.recorded) and 'orgaan:' || :organ = any(v.grantors) and v.withdrawn_at is null
        and not exists (select from decree_item i join decree d on d.id = i.decree_id
            where i.grant_id = v.grant_id and d.state = 'voorgenomen')"""
_FREE_NUMBERS = f"""select distinct g.number from power_grant g join grant_version v on v.grant_id = g.id
    where {_FREE} order by g.number limit :most"""
_FREE_DRAFTS = text(_FREE_NUMBERS.format(""))
# Versions met first, in no order, tell that there are too many; only few are put in order.
_FREE_DECIDED = text(
    f"""
    select case when (select count(distinct x.grant_id) < :most from (
        select v.grant_id from grant_version v where {_FREE.format("not")} limit 4 * :most) x)
        then array({_FREE_NUMBERS.format("not")}) end
    """
)
_UNTRANSFERABLE = text(
    """
    select w.code from power w join power_version v on v.power_id = w.id and v.mandatable = 'nee'
        and range_contains_elem(v.recorded, cast(:at as timestamptz)) and range_contains_elem(v.valid, cast(:at as timestamptz))
    order by w.code
    """
)
_REPLACEMENTS = text(
    """
    select s.item_id, r.name as role, s.role_id, p.name as person, s.person_id, s.reason, s.decision,
        lower(s.valid) as starts, upper(s.valid) as ends
    from replacement s join person p on p.id = s.person_id cross join lateral (
        select name from role_version v where v.role_id = s.role_id and upper_inf(v.recorded)
        order by lower(v.valid) desc limit 1) r
    where upper_inf(s.recorded) and (upper_inf(s.valid) or upper(s.valid) > :at)
    order by lower(s.valid), r.name limit 200
    """
)
_INTERESTS = text(
    "select about, kind, lower(recorded) as since from interest where person_id = :person and upper_inf(recorded) order by about"
)
_LIVES = text(
    """
    select g.number, v.holder, p.number as parent, v.form, v.decided_on, v.published_on, v.withdrawn_at,
        lower(v.valid) as starts, upper(v.valid) as ends
    from power_grant g join grant_version v on v.grant_id = g.id left join power_grant p on p.id = v.parent_id
    where range_contains_elem(v.recorded, cast(:at as timestamptz)) and range_contains_elem(v.valid, cast(:at as timestamptz))
    """
)


@dataclass(frozen=True)
class RoleSeen:
    """`typed`: TEAM/ROL, as the import files have it."""

    id: UUID
    typed: str
    name: str
    team: str
    office: str | None


async def handed_on(
    session: AsyncSession, posts: Collection[str], *, every: bool, at: datetime, most: int = MOST
) -> list[Row[Any]]:
    """Grants that may be handed on (M04), by these posts or by anyone: number, holder, kinds, ceiling."""
    values = {"at": at, "most": most} | ({} if every else {"posts": list(posts)})
    return list((await session.execute(_HANDED_ON[every], values)).all())


async def organs(session: AsyncSession) -> list[tuple[str, str]]:
    return [(row.code, row.name) for row in await session.execute(_ORGANS)]


async def roles_found(session: AsyncSession, words: str, at: datetime, *, most: int = MOST) -> list[RoleSeen]:
    """Roles whose name, team or team code have all the words; without words the first ones."""
    parts = await session.scalar(_PLAIN, {"words": words.replace("/", " ").split()[:8]})
    values = {"words": parts or ["%"], "day": day_of(at), "most": most}
    rows = (await session.execute(_ROLES, values)).all()
    return [RoleSeen(row.role_id, row.typed, row.name, row.team, row.office) for row in rows]


async def typed_parties(session: AsyncSession, parties: Collection[str]) -> dict[str, str]:
    """Each party as people type it after its kind: TEAM/ROL, e-mail address, code."""
    ids = {
        kind: to.uuids(p.partition(":")[2] for p in parties if p.startswith(f"{kind}:")) for kind in ("rol", "persoon")
    }
    rows = await session.execute(_TYPED, {"roles": ids["rol"], "people": ids["persoon"]})
    known = {row.party: row.typed for row in rows}
    return {party: known.get(party, party.partition(":")[2]) for party in parties}


async def holder_of(session: AsyncSession, number: str) -> str | None:
    found: str | None = await session.scalar(_HOLDER, {"number": number})
    return found


async def decree_list(session: AsyncSession) -> list[Row[Any]]:
    return list((await session.execute(_DECREES)).all())


async def decree_by_number(session: AsyncSession, number: int) -> Row[Any] | None:
    """State, version, text, organ code and the numbers of one decree."""
    return (await session.execute(_DECREE, {"number": number})).one_or_none()


async def free_for_decree(session: AsyncSession, organ: str) -> tuple[list[str], list[str] | None]:
    """Numbers of grants of this organ that are not withdrawn and in no decree that still waits: drafts, and what was decided;
    None when that is more than one chooses from."""
    drafts = list(await session.scalars(_FREE_DRAFTS, {"organ": organ, "most": MOST}))
    decided = await session.scalar(_FREE_DECIDED, {"organ": organ, "most": FEW + 1})
    return drafts, decided if decided is not None and len(decided) <= FEW else None


async def untransferable(session: AsyncSession, at: datetime) -> list[str]:
    """Codes of what the law does not let an organ hand over."""
    return list(await session.scalars(_UNTRANSFERABLE, {"at": at}))


async def replacement_list(session: AsyncSession, at: datetime) -> list[Row[Any]]:
    """Those that hold now or later."""
    return list((await session.execute(_REPLACEMENTS, {"at": at})).all())


async def interests_of(session: AsyncSession, person: UUID) -> list[Row[Any]]:
    return list((await session.execute(_INTERESTS, {"person": person})).all())


async def upkeep(session: AsyncSession, at: datetime) -> Health:
    """Question 7 over the whole register as it is now, in one query."""
    grants = tuple(
        Grant(
            row.number, frozenset(), (), to.party(row.holder), row.parent, form=Form(row.form), decided_on=row.decided_on,
            published_on=row.published_on, valid=Span(row.starts, row.ends), withdrawn_at=row.withdrawn_at,
        )
        for row in await session.execute(_LIVES, {"at": at})
    )  # fmt: skip
    return health(Facts((), grants=grants), at, at)
