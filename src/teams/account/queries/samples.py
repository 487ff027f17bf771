"""Samples as people read them; what is confidential is a number for the secretary."""

from typing import Any
from uuid import UUID

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncSession

from teams.journal.models import Actor
from teams.kit.errors import NotFound, Reason
from teams.kit.text import N_

_COLUMNS = """s.id, s.number, s.period, s.head_size, encode(s.head_root, 'hex') as root, s.head_note, s.population, s.drawn_at,
    d.name as drawer, s.verdict, s.finding, f.name as finder, s.found_at,
    (select count(*) from sample_item i where i.sample_id = s.id and i.why = 'loting') as lots,
    (select count(*) from sample_item i where i.sample_id = s.id and i.why = 'secretaris') as own,
    (select count(*) from sample_item i where i.sample_id = s.id and i.verdict = 'in_orde') as good,
    (select count(*) from sample_item i where i.sample_id = s.id and i.verdict = 'niet_in_orde') as wrong"""
_FROM = "from sample s join person d on d.id = s.drawn_by left join person f on f.id = s.found_by"
_LIST = text(f"select {_COLUMNS} {_FROM} order by s.period desc limit 60")
_ONE = text(f"select {_COLUMNS} {_FROM} where s.id = :id")
_ITEMS = text(
    """
    select i.position, i.why, i.verdict, i.note, i.judged_at, d.number, d.decided_at, d.power, d.power_title, d.outcome, d.confidential,
        case when d.confidential and not :opens then null else d.subject end as subject,
        case when d.confidential and not :opens then null else d.cents end as cents,
        case when d.confidential and not :opens then null else d.ceiling end as ceiling,
        case when d.confidential and not :opens then '' else p.name end as person, d.case_number,
        array(select f.flag from decision_flag f where f.decision_id = d.id and f.flag <> 'aandacht' order by f.flag) as flags
    from sample_item i join decision d on d.id = i.decision_id join person p on p.id = d.person_id
    where i.sample_id = :id order by i.position
    """
)


async def samples(session: AsyncSession) -> list[Row[Any]]:
    return list((await session.execute(_LIST)).all())


async def sample_for(session: AsyncSession, sample: UUID, by: Actor) -> tuple[Row[Any], list[Row[Any]]]:
    row = (await session.execute(_ONE, {"id": sample})).one_or_none()
    if row is None:
        raise NotFound(Reason("onbekend", N_("Deze steekproef bestaat niet.")))
    items = await session.execute(_ITEMS, {"id": sample, "opens": by.has("controller")})
    return row, list(items.all())
