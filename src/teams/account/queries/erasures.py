"""Requests for erasure and the terms, as people read them."""

from typing import Any
from uuid import UUID

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncSession

from teams.kit.errors import NotFound, Reason
from teams.kit.text import N_

_TERMS = text(
    """
    select t.kind, t.months, t.source, lower(t.recorded) as since, p.name as set_by,
        exists (select from retention_term o where o.kind = t.kind and o.id <> t.id) as changed
    from retention_term t left join person p on p.id = t.set_by where upper_inf(t.recorded) order by t.kind
    """
)
_COLUMNS = """e.id, e.number, e.ground, e.reason, e.asked_by, a.name as asker, e.asked_at, e.state, s.name as settler,
    e.settled_at, e.answer, (select (j.facts ->> 'aantal')::int from journal_subject k join journal j on j.id = k.entry
        where k.kind = 'erasure' and k.id = e.id and j.verb = 'erasure.done') as erased, (select count(*) from erasure_item i where i.erasure_id = e.id) as entries"""
_FROM = "from erasure e join person a on a.id = e.asked_by left join person s on s.id = e.settled_by"
_LIST = text(
    f"select {_COLUMNS} {_FROM} where cast(:mine as uuid) is null or e.asked_by = :mine order by e.number desc limit 200"
)
_ONE = text(f"select {_COLUMNS} {_FROM} where e.id = :id")
_ITEMS = text(
    """
    select j.id, j.at, j.verb, p.name as actor, retention_kind(j.verb) as kind, retained_until(j.verb, j.at) as until,
        array(select t.field from journal_text t where t.entry = j.id order by t.field) as fields,
        (select d.number from journal_subject s join decision d on d.id = s.id where s.entry = j.id and s.kind = 'decision' limit 1) as decision
    from erasure_item i join journal j on j.id = i.entry left join person p on p.id = j.actor
    where i.erasure_id = :id order by j.id limit 200
    """
)
_OF_DECISION = text(
    """
    select s.entry from decision d join journal_subject s on s.kind = 'decision' and s.id = d.id where d.number = :number
    union select d.entry_id from decision d where d.number = :number
    """
)


async def terms(session: AsyncSession) -> list[Row[Any]]:
    return list((await session.execute(_TERMS)).all())


async def erasures(session: AsyncSession, mine: UUID | None = None) -> list[Row[Any]]:
    """The newest 200; `mine`: only what this person asked."""
    return list((await session.execute(_LIST, {"mine": mine})).all())


async def erasure_for(session: AsyncSession, erasure: UUID) -> tuple[Row[Any], list[Row[Any]]]:
    """One request with its first 200 entries: which texts, never the texts themselves."""
    row = (await session.execute(_ONE, {"id": erasure})).one_or_none()
    if row is None:
        raise NotFound(Reason("onbekend", N_("Dit verzoek bestaat niet.")))
    return row, list((await session.execute(_ITEMS, {"id": erasure})).all())


async def entries_of_decision(session: AsyncSession, number: str) -> list[UUID]:
    """Every entry about one decision; empty for an unknown number."""
    return list(await session.scalars(_OF_DECISION, {"number": number}))
