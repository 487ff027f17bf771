"""Powers: the catalogue by code, one power, and powers found by the words that people use."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncSession

from teams.kit.errors import NextStep, NotFound, Reason
from teams.kit.text import N_, words_in
from teams.mandates.facts import Facts
from teams.mandates.queries.facts import facts_of_roles
from teams.mandates.questions import FallsAway, RolePower, falls_away, role_powers
from teams.structure.moment import Moment

_SELECT = """
    select w.id, w.code, v.title, v.act, v.mandatable, v.mandatable_source, v.ceiling_base, v.four_eyes, v.asks,
        v.confidential, v.recording, v.keywords, lower(v.valid) as starts, upper(v.valid) as ends,
        (select json_agg(json_build_array(o.code, o.name) order by x.place)
            from unnest(v.organs) with ordinality x(code, place) join organ o on o.code = x.code) as organs,
        (select coalesce(json_agg(json_build_array(b.text, lower(b.valid), upper(b.valid)) order by lower(b.valid), b.text), '[]')
            from power_basis b where b.power_id = w.id and range_contains_elem(b.recorded, cast(:known as timestamptz))) as bases
"""
_FROM = """
    from power w join power_version v on v.power_id = w.id and range_contains_elem(v.recorded, cast(:known as timestamptz))
        and range_contains_elem(v.valid, cast(:op as timestamptz))
"""
_LIST = text(
    f"""{_SELECT} {_FROM}
    where (cast(:organ as text) is null or :organ = any(v.organs)) and (cast(:after as text) is null or w.code > :after)
    order by w.code limit :limit"""
)
_ONE = text(f"{_SELECT} {_FROM} where w.code = :code")
_WORDS = text(
    f"""{_SELECT}, ts_rank(v.search, to_tsquery('dutch', plain(:query))) + case when plain(w.code) = any(:codes) then 10 else 0 end as rank
    {_FROM} where v.search @@ to_tsquery('dutch', plain(:query)) or plain(w.code) = any(:codes)
        or exists (select from power_basis b where b.power_id = w.id and range_contains_elem(b.recorded, cast(:known as timestamptz))
            and plain(b.text) = plain(:words))
    order by rank desc, w.code limit :limit"""
)
_ALIKE = text(
    f"""{_SELECT}, (select max(word_similarity(x, plain(v.title || ' ' || v.keywords))) from unnest(cast(:codes as text[])) x) as rank
    {_FROM} where exists (select from unnest(cast(:codes as text[])) x where length(x) > 3
        and x <% plain(v.title || ' ' || v.keywords))
    order by rank desc, w.code limit :limit"""
)
_KNOWN_CODE = text(
    """
    select exists (select from power w join power_version v on v.power_id = w.id
        where w.code = :code and (range_contains_elem(v.recorded, cast(:known as timestamptz))) is true)
    """
)
_HELD = text(
    """
    with held as materialized (
        select v.grant_id, v.powers, v.all_except from grant_version v
        where (range_contains_elem(v.recorded, cast(:known as timestamptz))) is true and v.holder = any(array(
            select 'rol:' || x from unnest(cast(:roles as uuid[])) x
            union all
            select 'functie:' || r.office from role_version r where r.role_id = any(cast(:roles as uuid[]))
                and range_contains_elem(r.recorded, cast(:known as timestamptz)) and r.office is not null))
    )
    select array(select unnest(powers) from held union
            select w.code from power w where exists (select from held where all_except is not null and w.code <> all(all_except))) as codes,
        array(select number from power_grant where id = any(array(select grant_id from held))) as numbers
    """
)
_OF_PERSON = text(
    """
    select role_id from role_filling where person_id = :person and range_contains_elem(recorded, cast(:known as timestamptz))
        and range_contains_elem(valid, cast(:op as timestamptz))
    """
)


@dataclass(frozen=True)
class PowerSeen:
    """`four_eyes`: cents above which a second person decides along, -1 always, None never. `bases`: article, from, until."""

    id: UUID
    code: str
    title: str
    act: str
    organs: tuple[tuple[str, str], ...]
    bases: tuple[tuple[str, datetime, datetime | None], ...]
    mandatable: str
    mandatable_source: str
    ceiling_base: str
    four_eyes: int | None
    asks: frozenset[str]
    confidential: bool
    recording: str
    keywords: str
    starts: datetime
    ends: datetime | None


async def power_list(
    session: AsyncSession, moment: Moment, *, organ: str | None = None, after: str | None = None, limit: int = 100
) -> tuple[list[PowerSeen], str | None]:
    """The catalogue by code, and the `after` of the next page."""
    values = {**moment.values, "organ": organ, "after": after, "limit": limit + 1}
    rows = [_power(row) for row in await session.execute(_LIST, values)]
    return rows[:limit], rows[limit - 1].code if len(rows) > limit else None


async def power_by_code(session: AsyncSession, code: str, moment: Moment) -> PowerSeen:
    """One power as it was; or `NotFound`."""
    row = (await session.execute(_ONE, {**moment.values, "code": code})).one_or_none()
    if row is None:
        raise NotFound(
            Reason("onbekend", N_("Deze bevoegdheid staat niet in de lijst.")),
            then=(NextStep(N_("Bekijk het register."), "/mandaten"),),
        )
    return _power(row)


async def known_power(session: AsyncSession, code: str, known: datetime) -> bool:
    """Whether the catalogue has this power, now or then."""
    return bool(await session.scalar(_KNOWN_CODE, {"code": code, "known": known}))


async def powers_found(session: AsyncSession, words: str, moment: Moment, *, limit: int = 8) -> list[PowerSeen]:
    """Powers by code, article, title and other words for them, best first; else by likeness of words."""
    codes = [word.lower() for word in re.split(r"\s+", words.strip())[:12] if word]
    query = tsquery(words, " | ")
    if not codes:
        return []
    values = {**moment.values, "words": words.strip(), "codes": codes, "query": query, "limit": limit}
    found = (await session.execute(_WORDS, values)).all()
    if not found:
        found = (await session.execute(_ALIKE, values)).all()
    return [_power(row) for row in found]


def tsquery(words: str, between: str = " & ") -> str:
    """Letters and digits only, so nothing to inject; words of three letters or more also begin a word."""
    found = [word for word in words_in(words)[:12] if not word.isdigit()]
    return between.join(f"{word}:*" if len(word) > 2 else word for word in found)


async def what_role_may(session: AsyncSession, role: UUID, moment: Moment) -> tuple[RolePower, ...]:
    """Question 5: the powers of this role with ceiling and numbers: three queries."""
    facts = await _facts_of(session, [role], moment)
    return role_powers(facts, str(role), moment.op, moment.known) if facts else ()


async def what_falls_away(session: AsyncSession, person: UUID, role: UUID, moment: Moment) -> tuple[FallsAway, ...]:
    """Question 5: what this person loses on leaving the role."""
    mine = await session.scalars(_OF_PERSON, {"person": person, **moment.values})
    facts = await _facts_of(session, sorted({role, *mine}), moment)
    return falls_away(facts, str(person), str(role), moment.op, moment.known) if facts else ()


async def _facts_of(session: AsyncSession, roles: list[UUID], moment: Moment) -> Facts | None:
    held = (await session.execute(_HELD, {"roles": roles, "known": moment.known})).one()
    if not held.codes:
        return None
    return await facts_of_roles(
        session, held.codes, held.numbers, moment.op, moment.known, roles=[str(one) for one in roles]
    )


def _power(row: Row[Any]) -> PowerSeen:
    bases = tuple(
        (line, datetime.fromisoformat(start), end and datetime.fromisoformat(end)) for line, start, end in row.bases
    )
    return PowerSeen(
        row.id, row.code, row.title, row.act, tuple((code, name) for code, name in row.organs), bases, row.mandatable,
        row.mandatable_source, row.ceiling_base, row.four_eyes, frozenset(row.asks), row.confidential, row.recording,
        row.keywords, row.starts, row.ends,
    )  # fmt: skip
