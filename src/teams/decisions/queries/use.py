"""How grants are used: how often in a year and when last, and which never. Counts only, so for everyone who reads the register."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

MOST = 1_000
_UNUSED = text(
    """
    select n from unnest(cast(:numbers as text[])) n
    where not exists (select from decision_grant d where d.number = n and d.decided_at <= :at) order by n
    """
)
# A busy grant is counted up to a thousand, so that its page costs no more than that.
_USE = text(
    """
    select n, (select count(*) from (select from decision_grant d where d.number = n and d.decided_at <= :at
            and d.decided_at > cast(:at as timestamptz) - interval '1 year' limit :most) x) as many,
        (select d.decided_at from decision_grant d where d.number = n and d.decided_at <= :at
            order by d.decided_at desc limit 1) as last
    from unnest(cast(:numbers as text[])) n
    """
)


@dataclass(frozen=True, slots=True)
class Use:
    """`many`: decisions in the year before, at most MOST; `last`: None when it was never used."""

    many: int
    last: datetime | None


async def unused(session: AsyncSession, numbers: Sequence[str], at: datetime) -> list[str]:
    """Question 7: which of these grants stand in the chain of no recorded decision."""
    return list(await session.scalars(_UNUSED, {"numbers": list(numbers), "at": at}))


async def use_of(session: AsyncSession, numbers: Sequence[str], at: datetime) -> dict[str, Use]:
    """By number, as of a moment."""
    rows = await session.execute(_USE, {"numbers": list(numbers), "at": at, "most": MOST})
    return {row.n: Use(row.many, row.last) for row in rows}
