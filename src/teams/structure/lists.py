"""Lists of structure by name: pages of teams and of people without counting."""

from typing import Any
from uuid import UUID

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncSession

from teams.structure.moment import Moment
from teams.structure.queries import fills, holds

Place = tuple[str, UUID]
"""Where a page ended: name and id of its last row; the next page begins after it."""

_AFTER = "(cast(:after as uuid) is null or ({name}, {id}) > (cast(:after_name as text), cast(:after as uuid)))"


def _near(name: str) -> str:
    """SQL: nearly the same name. The operator finds it by index, at the looser measure of klussen; then a stricter one."""
    return f"(plain(:word) <% plain({name}) and word_similarity(plain(:word), plain({name})) >= 0.6)"


_TEAMS = text(
    f"""
    select t.team_id as id, e.code, t.name, t.purpose, t.cluster, t.parent_id
    from team_version t join team e on e.id = t.team_id
    where {holds("t")} and {_AFTER.format(name="t.name", id="t.team_id")}
    order by t.name, t.team_id limit :limit
    """
)

# Not `exists`: the planner would first gather all contracts of the house, for one page of people. Any of one: the index that is
# half as high as the one that guards.
_PRESENT = f"""coalesce((select true from contract c where c.person_id = any(array[p.id]) and {holds("c")} limit 1),
    (select true from organ_member m where m.person_id = p.id and {holds("m")} limit 1),
    (select true from role_filling f where f.person_id = p.id and {fills("f")} limit 1), false)"""
"""A person of this municipality at the moment: employed, member of an organ, or filler of a role."""

_SHOWN = f"""
    select p.id, p.name, p.email, h.team_id, t.name as team from ({{found}}) p
    left join home_team h on h.person_id = p.id and {holds("h")}
    left join team_version t on t.team_id = h.team_id and {holds("t")} order by p.name, p.id limit :limit"""
_NEXT = f"person p where {_AFTER.format(name='p.name', id='p.id')}"
_PEOPLE = text(_SHOWN.format(found=f"select * from {_NEXT} and {_PRESENT} order by p.name, p.id limit :limit"))
_MATCHES = (
    "plain(p.name) like plain(:like)", "lower(p.email) like lower(:like)", "lower(p.number) = lower(:word)", _near("p.name")
)  # fmt: skip
WALKED = 200
# A part that many names have is met soon in the order of names; indexes are asked only when it was not.
_FOUND = text(
    _SHOWN.format(
        found=f"""with walked as materialized (
            select p.id, p.name, p.email from (select * from {_NEXT} order by name, id limit {WALKED}) p
            where ({" or ".join(_MATCHES)}) and {_PRESENT} order by name, id limit :limit
        ), far as materialized (
            select p.id, p.name, p.email from {_NEXT} and {_PRESENT} and p.id = any(array({
            " union ".join(
                f"select p.id from person p where (select count(*) from walked) < :limit and {one}" for one in _MATCHES
            )
        }))
            order by p.name, p.id limit :limit
        )
        select * from walked union select * from far"""
    )
)


async def teams_page(
    session: AsyncSession, moment: Moment, *, after: Place | None = None, limit: int = 50
) -> tuple[list[Row[Any]], Place | None]:
    """Teams by name: id, code, name, purpose, cluster, parent_id; and where the next page begins, if there is one."""
    given = {"known": moment.known, "day": moment.day, **_place(after), "limit": limit + 1}
    return _page(list((await session.execute(_TEAMS, given)).all()), limit)


async def people_page(
    session: AsyncSession, moment: Moment, *, search: str = "", after: Place | None = None, limit: int = 50
) -> tuple[list[Row[Any]], Place | None]:
    """People by name: id, name, email, team_id, team; found by name, e-mail or personnel number."""
    word = search.strip() or None
    given = {**moment.values, **_place(after), "limit": limit + 1}
    if word:
        given |= {"word": word, "like": _like(word)}
    return _page(list((await session.execute(_FOUND if word else _PEOPLE, given)).all()), limit)


def _like(word: str) -> str:
    for sign in ("\\", "%", "_"):
        word = word.replace(sign, "\\" + sign)
    return f"%{word}%"


def _place(after: Place | None) -> dict[str, Any]:
    return {"after_name": after[0] if after else None, "after": after[1] if after else None}


def _page(rows: list[Row[Any]], limit: int) -> tuple[list[Row[Any]], Place | None]:
    last = rows[limit - 1] if len(rows) > limit else None
    return rows[:limit], (last.name, last.id) if last is not None else None
