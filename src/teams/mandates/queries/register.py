"""The register as people read it: a page of grants with filters, one grant, its history, its chain and what hangs below."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from sqlalchemy import Row, TextClause, text
from sqlalchemy.ext.asyncio import AsyncSession

from teams.kit.errors import NextStep, NotFound, Reason
from teams.kit.text import N_
from teams.mandates.models import GrantState
from teams.mandates.queries.parties import PartySeen, party_names
from teams.mandates.queries.powers import tsquery
from teams.structure.moment import Moment

PAGE = 25
_COLUMNS = """g.id as grant_id, g.number, v.hash as version, v.kinds, v.grantors, v.holder, p.number as parent, v.powers,
    v.all_except, v.ceiling, v.base, v.sub, v.sub_depth, v.sub_only_to, v.conditions, v.instructions, v.form,
    v.case_number, v.written, v.remarks, v.decided_on, v.decision, v.published_on, v.publication, v.publication_uri,
    v.consent_holder_on, v.consent_employer_on, v.withdrawn_at, v.withdrawal, lower(v.valid) as starts,
    (select code from framework where id = v.framework_id) as framework,
    upper(v.valid) as ends, lower(v.recorded) as known_from, upper(v.recorded) as known_until,
    (select coalesce(json_object_agg(w.code, t.title), '{}') from power w cross join lateral (
        select title from power_version t where t.power_id = w.id and range_contains_elem(t.recorded, cast(:known as timestamptz))
        order by range_contains_elem(t.valid, cast(:op as timestamptz)) desc, lower(t.valid) desc limit 1) t
        where w.code = any(v.powers || coalesce(v.all_except, '{}'))) as titles"""
_STATE = "grant_state(g.id, cast(:op as timestamptz), cast(:known as timestamptz))"
_KNOWN = "(range_contains_elem({0}.recorded, cast(:known as timestamptz))) is true"
# Walked by number, so that a page stops as soon as it is full. `= any(array[…])` and `is true` leave the index on periods
# out: the planner thinks that it finds one row, and then walks the whole register for each.
_BEST = f"""select {_COLUMNS}, {_STATE} as state
    from (select id, number from power_grant where FIRST order by number offset 0) g cross join lateral (
        select v.* from grant_version v where v.grant_id = any(array[g.id]) and {_KNOWN.format("v")}
        order by range_contains_elem(v.valid, cast(:op as timestamptz)) desc, lower(v.valid) <= cast(:op as timestamptz) desc,
            abs(extract(epoch from lower(v.valid) - cast(:op as timestamptz))) limit 1) v
    left join lateral (select number from power_grant where id = v.parent_id offset 0) p on true"""
# What the version itself says is cheap; only what may still hold is asked of everything above it.
_IN_STATE = f"""case when cast(:state as text) = 'vervallen' or cast(:state as text) = case
        when v.withdrawn_at <= cast(:op as timestamptz) then 'ingetrokken'
        when v.decided_on is null or v.decided_on > cast(:op as timestamptz) then 'voorgenomen'
        when v.form = 'algemeen' and (v.published_on is null or v.published_on > cast(:op as timestamptz)) then 'besloten'
        when lower(v.valid) > cast(:op as timestamptz) then 'bekendgemaakt'
        else 'geldt' end then {_STATE} = cast(:state as text) else false end"""
_POWERS = f"power w join power_version t on t.power_id = w.id and {_KNOWN.format('t')}"
_PARTIES = "select unnest(array['rol:' || r.role_id, 'functie:' || r.office]) from"
_ROLES = f"role_version r where {_KNOWN.format('r')} and (range_contains_elem(r.valid, cast(:day as date))) is true"
_WITH = {
    "role": f"of_role(party) as materialized ({_PARTIES} {_ROLES} and r.role_id = any(array[cast(:role as uuid)]))",
    "team": f"of_team(party) as materialized ({_PARTIES} {_ROLES} and r.team_id = any(array[cast(:team as uuid)]))",
    "person": f"""of_person(party) as materialized (
        select 'persoon:' || cast(cast(:person as uuid) as text) union all {_PARTIES} (
            select role_id from role_filling f where f.person_id = any(array[cast(:person as uuid)]) and {_KNOWN.format("f")}
                and (range_contains_elem(f.valid, cast(:op as timestamptz))) is true offset 0) f
        cross join lateral (select * from {_ROLES} and r.role_id = any(array[f.role_id]) offset 0) r)""",
    "organ": f"of_organ(codes) as materialized (select array(select w.code from {_POWERS} and :organ = any(t.organs)))",
    "word": f"""of_words(codes) as materialized (select array(
            select code from power where id = any(array(
                select t.power_id from power_version t where t.search @@ to_tsquery('dutch', plain(:query)) and {_KNOWN.format("t")}))
            union select w.code from {_POWERS} where plain(w.code) = plain(:word))),
        named(party) as materialized (
            select 'rol:' || r.role_id from {_ROLES} and plain(r.name) like '%' || plain(:like) || '%'
            union select holder from (select distinct v.holder from grant_version v
                where left(v.holder, 4) <> 'rol:' and left(v.holder, 8) <> 'persoon:' offset 0) h
            where plain(substr(holder, strpos(holder, ':') + 1)) like '%' || plain(:like) || '%')""",
}  # fmt: skip
_POWER = f"""(:power = any(v.powers) or (v.all_except is not null and :power <> all(v.all_except)
    and (v.parent_id is not null or v.grantors && array(
        select 'orgaan:' || o from {_POWERS} cross join unnest(t.organs) o where w.code = :power))))"""
# As a range of the index on numbers: behind `like` it is walked only where the plan knows the word.
_BEGINS = r"(plain({0}) ~>=~ plain(:word) and plain({0}) ~<~ (plain(:word) || U&'\+10FFFF'))"
_HELD = "v.holder in (select party from {0})"
_ORGAN = "('orgaan:' || cast(:organ as text) = any(v.grantors) or v.powers && (select codes from of_organ))"
_WORD = f"""({_BEGINS.format("g.number")} or v.powers && (select codes from of_words)
    or {_HELD.format("named")})"""
_WHERE = {
    "organ": _ORGAN, "team": _HELD.format("of_team"), "role": _HELD.format("of_role"), "person": _HELD.format("of_person"),
    "power": _POWER, "state": _IN_STATE, "word": _WORD,
    "parent": "v.parent_id = (select id from power_grant where number = :parent)",
}  # fmt: skip
_EVER = "select v.grant_id from grant_version v {0}"
_BY_PARTY = """select v.grant_id from {0} h
    cross join lateral (select grant_id from grant_version where holder = any(array[h.party]) offset 0) v"""
# Every version that an index finds, whatever it says now; the filter itself then judges the version of the moment.
_ENDED = """with recursive ended(id) as (
    select v.grant_id from grant_version v where v.withdrawn_at <= cast(:op as timestamptz) or upper(v.valid) <= cast(:op as timestamptz)
    union select v.grant_id from ended e join grant_version v on v.parent_id = e.id) select id from ended"""
_EVER_STATE = {
    GrantState.LAPSED: _ENDED,
    GrantState.WITHDRAWN: _EVER.format("where v.withdrawn_at is not null"),
    GrantState.DRAFTED: _EVER.format("where v.decided_on is null or v.decided_on > cast(:op as timestamptz)"),
    GrantState.DECIDED: _EVER.format("where v.published_on is null or v.published_on > cast(:op as timestamptz)"),
    GrantState.PUBLISHED: _EVER.format("where lower(v.valid) > cast(:op as timestamptz)"),
}
_FIRST = {
    "power": _EVER.format("where v.powers @> array[cast(:power as text)] or v.all_except is not null"),
    "role": _BY_PARTY.format("of_role"), "team": _BY_PARTY.format("of_team"), "person": _BY_PARTY.format("of_person"),
    "organ": f"""{_EVER.format("where 'orgaan:' || cast(:organ as text) = any(v.grantors)")}
        union {_EVER.format("where v.powers && (select codes from of_organ)")}""",
    "word": f"""select id from power_grant where {_BEGINS.format("number")}
        union select v.grant_id from grant_version v where v.powers && (select codes from of_words)
        union {_BY_PARTY.format("named")}""",
    "parent": _EVER.format("where v.parent_id = (select id from power_grant where number = :parent)"),
}  # fmt: skip
_NUMBERED = {"after": "number > :after", "number": "number = :number", "numbers": "number = any(:numbers)"}
_HISTORY = text(
    f"""
    select {_COLUMNS}, cast(null as text) as state
    from power_grant g join grant_version v on v.grant_id = g.id left join power_grant p on p.id = v.parent_id
    where g.number = :number and not isempty(v.recorded) order by lower(v.recorded), lower(v.valid)
    """
)
_ABOVE = text(
    """
    with recursive up(number, parent, step) as (
        select g.number, v.parent_id, 0 from power_grant g join grant_version v on v.grant_id = g.id
        where g.number = :number and range_contains_elem(v.recorded, cast(:known as timestamptz)) and range_contains_elem(v.valid, cast(:op as timestamptz))
        union all
        select g.number, v.parent_id, u.step + 1 from up u join power_grant g on g.id = u.parent
        join grant_version v on v.grant_id = g.id and range_contains_elem(v.recorded, cast(:known as timestamptz))
            and range_contains_elem(v.valid, cast(:op as timestamptz))
        where u.step < 8
    ) select number from up order by step desc
    """
)


@dataclass(frozen=True)
class RegisterWish:
    """What someone looks for in the register; `after`: the last number of the page before."""

    organ: str | None = None
    team: UUID | None = None
    role: UUID | None = None
    person: UUID | None = None
    power: str | None = None
    state: GrantState | None = None
    word: str | None = None
    after: str | None = None
    limit: int = PAGE


@dataclass(frozen=True)
class GrantSeen:
    """One version of a grant with names; `version`: its fingerprint; `state` None in its history. Periods are half-open; amounts in cents, inclusive."""

    id: UUID
    number: str
    version: str
    state: GrantState | None
    kinds: tuple[str, ...]
    grantors: tuple[PartySeen, ...]
    holder: PartySeen
    parent: str | None
    powers: tuple[tuple[str, str], ...]
    all_except: tuple[tuple[str, str], ...] | None
    ceiling: int | None
    base: str
    sub: str
    sub_depth: int
    sub_only_to: tuple[PartySeen, ...]
    conditions: tuple[str, ...]
    instructions: tuple[str, ...]
    form: str
    case: str | None
    written: bool
    framework: str | None
    remarks: str
    decided_on: datetime | None
    decision: str
    published_on: datetime | None
    publication: str
    publication_uri: str
    consent_holder_on: datetime | None
    consent_employer_on: datetime | None
    withdrawn_at: datetime | None
    withdrawal: str
    starts: datetime
    ends: datetime | None
    known_from: datetime
    known_until: datetime | None


async def register_page(
    session: AsyncSession, wish: RegisterWish, moment: Moment, *, nameless: bool = False
) -> tuple[list[GrantSeen], str | None]:
    """Grants by number as of the moment, and the `after` of the next page: two queries."""
    given = {name: value for name, value in vars(wish).items() if value is not None and name != "limit"}
    if "word" in given:
        given["query"], given["like"] = tsquery(given["word"]), re.sub(r"([\\%_])", r"\\\1", given["word"])
    shape = tuple(name for name in given if name not in ("query", "like"))
    found = (await session.execute(_page(shape, wish.state), {**moment.values, **given, "limit": wish.limit + 1})).all()
    seen = await _seen(session, found[: wish.limit], moment, nameless=nameless)
    return seen, seen[-1].number if len(found) > wish.limit else None


async def grant_by_number(session: AsyncSession, number: str, moment: Moment, *, nameless: bool = False) -> GrantSeen:
    """One grant as it was; or `NotFound`."""
    found = (await session.execute(_page(("number",)), {**moment.values, "number": number, "limit": 1})).all()
    if not found:
        raise NotFound(
            Reason("onbekend", N_("Dit mandaat staat niet in het register, of stond er toen niet in.")),
            then=(NextStep(N_("Bekijk het register."), "/mandaten"),),
        )
    return (await _seen(session, found, moment, nameless=nameless))[0]


async def history_of(session: AsyncSession, number: str, moment: Moment) -> list[GrantSeen]:
    """Every version ever recorded, oldest first; names as of the moment."""
    found = (await session.execute(_HISTORY, {**moment.values, "number": number})).all()
    return await _seen(session, found, moment)


async def children_of(session: AsyncSession, number: str, moment: Moment) -> list[GrantSeen]:
    """Grants that hang directly below."""
    return await _all(session, "parent", number, moment)


async def chain_of(session: AsyncSession, number: str, moment: Moment) -> list[GrantSeen]:
    """From the first grant down to this one."""
    numbers = list(await session.scalars(_ABOVE, {**moment.values, "number": number}))
    seen = {grant.number: grant for grant in await _all(session, "numbers", numbers, moment)}
    return [seen[number] for number in numbers if number in seen]


async def grants_numbered(session: AsyncSession, numbers: list[str], moment: Moment) -> list[GrantSeen]:
    """These grants, by number; at most 500."""
    return await _all(session, "numbers", numbers, moment)


async def grants_of_role(session: AsyncSession, role: UUID, moment: Moment) -> list[GrantSeen]:
    """What this role holds, also by its office."""
    return await _all(session, "role", role, moment)


async def grants_of_person(session: AsyncSession, person: UUID, moment: Moment) -> list[GrantSeen]:
    """What someone holds by name or through the roles they fill at the moment (not as a replacement)."""
    return await _all(session, "person", person, moment)


async def _all(session: AsyncSession, filter_: str, value: Any, moment: Moment) -> list[GrantSeen]:
    values = {**moment.values, filter_: value, "limit": 500}
    return await _seen(session, (await session.execute(_page((filter_,)), values)).all(), moment)


@lru_cache(maxsize=256)
def _page(filters: tuple[str, ...], state: GrantState | None = None) -> TextClause:
    named, ever, numbered, then = (
        [known[name] for name in filters if name in known] for known in (_WITH, _FIRST, _NUMBERED, _WHERE)
    )
    if state in _EVER_STATE:
        ever.append(_EVER_STATE[state])
    if ever:
        numbered.append(f"id in ({' intersect '.join(f'({one})' for one in ever)})")
    where, before = " and ".join(then) or "true", f"with {', '.join(named)} " if named else ""
    best = _BEST.replace("FIRST", " and ".join(numbered) or "true")
    return text(f"{before}{best} where {where} order by g.number limit :limit")


async def _seen(
    session: AsyncSession, found: Sequence[Row[Any]], moment: Moment, *, nameless: bool = False
) -> list[GrantSeen]:
    texts = {line for row in found for line in (*row.grantors, row.holder, *row.sub_only_to)}
    names = await party_names(session, texts, moment, nameless=nameless) if texts else {}
    return [_grant(row, names) for row in found]


def _grant(row: Row[Any], names: dict[str, PartySeen]) -> GrantSeen:
    def titled(codes: list[str]) -> tuple[tuple[str, str], ...]:
        return tuple((code, row.titles.get(code, code)) for code in codes)

    return GrantSeen(
        row.grant_id, row.number, row.version, GrantState(row.state) if row.state else None, tuple(row.kinds),
        tuple(names[line] for line in row.grantors), names[row.holder], row.parent, titled(row.powers),
        None if row.all_except is None else titled(row.all_except), row.ceiling, row.base, row.sub, row.sub_depth,
        tuple(names[line] for line in row.sub_only_to), tuple(row.conditions), tuple(row.instructions), row.form,
        row.case_number, row.written, row.framework, row.remarks, row.decided_on, row.decision, row.published_on, row.publication,
        row.publication_uri, row.consent_holder_on, row.consent_employer_on, row.withdrawn_at, row.withdrawal,
        row.starts, row.ends, row.known_from, row.known_until,
    )  # fmt: skip
