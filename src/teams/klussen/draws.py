"""Reading the draw of a klus: what is public of it, before and after (R17)."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from teams.kit.errors import NextStep, NotFound, Reason
from teams.kit.text import N_

_DRAW = text(
    """
    select d.commitment, d.drawn_at, case when d.drawn_at is not null then d.seed end as seed, d.places, k.apply_until,
        (select j.facts -> 'order' from journal_subject s join journal j on j.id = s.entry
            where s.kind = 'klus' and s.id = k.id and j.verb = 'klus.drawn' limit 1) as drawn
    from klus_draw d join klus k on k.id = d.klus_id where k.id = :klus and k.way = 'loten'
    """
)


@dataclass(frozen=True)
class Draw:
    """`order`: the numbers as they were drawn. The first ones whose hours still fitted were offered a place."""

    commitment: str
    on: date | None
    drawn_at: datetime | None
    seed: str | None
    places: int | None
    order: list[int] = field(default_factory=list)


async def draw_of(session: AsyncSession, klus_id: UUID) -> Draw:
    """The draw, or `NotFound` for a klus that is not drawn. Call `klus_for` first: this asks nothing."""
    row = (await session.execute(_DRAW, {"klus": klus_id})).one_or_none()
    if row is None:
        raise NotFound(
            Reason("onbekend", N_("Bij deze klus wordt niet geloot.")),
            then=(NextStep(N_("Bekijk de klus."), f"/klussen/{klus_id}"),),
        )
    on = row.apply_until + timedelta(days=1) if row.apply_until else None
    return Draw(row.commitment, on, row.drawn_at, row.seed, row.places, row.drawn or [])
