"""Posts of outside lists as people read them: all for secretary and controller, those of the own roles for others."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncSession

from teams.journal.models import Actor
from teams.kit.errors import NotFound, Reason
from teams.kit.text import N_

PAGE = 50
_SIGHT = """(:all or i.owner_role in (select f.role_id from role_filling f where f.person_id = :me and upper_inf(f.recorded)
    and f.valid @> now()))"""
_COLUMNS = """i.id, i.number, i.kind, i.reference, i.day, i.amount, i.party, i.case_number, i.given_number, i.state, i.added_at,
    d.number as decision, r.name as owner, r.team as owner_team, i.owner_role"""
_FROM = """from checklist_item i left join decision d on d.id = i.decision_id left join lateral (select v.name, t.name as team
    from role_version v left join team_version t on t.team_id = v.team_id and upper_inf(t.recorded) and t.valid @> (now() at time zone 'Europe/Amsterdam')::date
    where v.role_id = i.owner_role and upper_inf(v.recorded) order by lower(v.valid) desc limit 1) r on true"""
_PAGE = text(
    f"""
    select {_COLUMNS} {_FROM} where i.state = :state and {_SIGHT}
        and (cast(:after_day as date) is null or (i.day, i.number) > (cast(:after_day as date), cast(:after_number as int)))
    order by i.day, i.number limit :limit
    """
)
_ONE = text(f"select {_COLUMNS} {_FROM} where i.id = :id and {_SIGHT}")
_ACTS = text(
    """
    select a.state, a.how, a.at, p.name as person, d.number as decision from checklist_act a
    left join person p on p.id = a.by left join decision d on d.id = a.decision_id where a.item_id = :id order by a.id
    """
)
_LISTS = text(
    """
    select c.number, c.file, c.rows, c.added, c.changed, c.at, p.name as person from checklist c
    left join person p on p.id = c.imported_by order by c.number desc limit 12
    """
)
_SUMS = text("select kind, state, count(*) as number from checklist_item group by kind, state order by kind, state")


@dataclass(frozen=True)
class After:
    """The last post of the page before."""

    day: date
    number: int


def _who(by: Actor) -> dict[str, Any]:
    return {"all": by.has("secretaris", "controller"), "me": by.person_id}


async def posts(
    session: AsyncSession, by: Actor, *, state: str = "open", after: After | None = None
) -> tuple[list[Row[Any]], After | None]:
    """Oldest first, without counting."""
    values = {
        **_who(by), "state": state, "after_day": after.day if after else None, "after_number": after.number if after else None,
        "limit": PAGE + 1,
    }  # fmt: skip
    rows = list((await session.execute(_PAGE, values)).all())
    shown = rows[:PAGE]
    return shown, After(shown[-1].day, shown[-1].number) if len(rows) > PAGE else None


async def post_for(session: AsyncSession, item: UUID, by: Actor) -> tuple[Row[Any], list[Row[Any]]]:
    row = (await session.execute(_ONE, {**_who(by), "id": item})).one_or_none()
    if row is None:
        raise NotFound(Reason("onbekend", N_("Deze post bestaat niet, of is niet van jouw rol.")))
    return row, list((await session.execute(_ACTS, {"id": item})).all())


async def lists(session: AsyncSession) -> tuple[list[Row[Any]], list[Row[Any]]]:
    """The newest lists, and how many posts of each kind stand where."""
    return list((await session.execute(_LISTS)).all()), list((await session.execute(_SUMS)).all())
