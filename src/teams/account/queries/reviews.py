"""Access reviews as people read them."""

import json
from typing import Any
from uuid import UUID

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncSession

from teams.kit.errors import NotFound, Reason
from teams.kit.text import N_

_COLUMNS = """r.id, r.number, r.kind, r.period, r.known, r.digest, r.lines, m.name as maker, r.made_at, r.remarks,
    s.name as signer, r.signed_at, r.finding, c.name as checker, r.checked_at,
    (select count(*) from access_review_mark k where k.review_id = r.id) as marks"""
_FROM = """from access_review r join person m on m.id = r.made_by left join person s on s.id = r.signed_by
    left join person c on c.id = r.checked_by"""
_LIST = text(f"select {_COLUMNS} {_FROM} order by r.number desc limit 60")
_ONE = text(f"select {_COLUMNS}, r.content {_FROM} where r.id = :id")
_MARKS = text(
    """
    select k.line, k.verdict, k.note, p.name, k.at from access_review_mark k join person p on p.id = k.marked_by
    where k.review_id = :id order by k.line
    """
)


async def reviews(session: AsyncSession) -> list[Row[Any]]:
    return list((await session.execute(_LIST)).all())


async def review_for(session: AsyncSession, review: UUID) -> tuple[Row[Any], dict[str, Any], dict[int, Row[Any]]]:
    """The review, its frozen content, and its marks by line (the first line is 1)."""
    row = (await session.execute(_ONE, {"id": review})).one_or_none()
    if row is None:
        raise NotFound(Reason("onbekend", N_("Deze toegangscontrole bestaat niet.")))
    marks = {mark.line: mark for mark in (await session.execute(_MARKS, {"id": review})).all()}
    return row, json.loads(row.content), marks
