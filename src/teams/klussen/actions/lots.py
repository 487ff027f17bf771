"""Lots (R17): drawn after the last day to apply, from a seed that was fixed, and its hash shown, when the klus was placed.

Anybody can repeat it: the hash on the page is the SHA-256 of the seed, and the numbers stand in the order of the SHA-256
of `seed:number`, both as text.
"""

import hashlib
import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from teams.journal.models import SYSTEM, Note, record
from teams.kit.clock import day_of
from teams.klussen.models import Klus, KlusState, Way

_SEED = text(
    """
    insert into klus_draw (klus_id, seed, commitment) values (:klus, :seed, :commitment)
    on conflict (klus_id) do nothing
    """
)
_DRAW = text("select seed from klus_draw where klus_id = :klus and drawn_at is null for update")
_LOTS = text("select lot from claim where klus_id = :klus and state = 'aangemeld' and lot is not null order by lot")
_DRAWN = text("update klus_draw set drawn_at = :at, places = :places where klus_id = :klus")
_IN_LINE = text(
    """
    update claim c set state = 'wachtlijst', lined_at = cast(:at as timestamptz) + (d.n - 1) * interval '1 millisecond',
        version = c.version + 1
    from unnest(cast(:lots as int[])) with ordinality d(lot, n)
    where c.klus_id = :klus and c.lot = d.lot and c.state = 'aangemeld'
    """
)


def drawn_order(seed: str, lots: Iterable[int]) -> list[int]:
    """The numbers in the order in which the seed puts them."""
    return sorted(lots, key=lambda lot: hashlib.sha256(f"{seed}:{lot}".encode()).hexdigest())


async def fix_seed(session: AsyncSession, klus_id: UUID) -> None:
    """Once, when the klus is placed; what is shown before the draw is only its hash."""
    seed = secrets.token_hex(32)
    commitment = hashlib.sha256(seed.encode()).hexdigest()
    await session.execute(_SEED, {"klus": klus_id, "seed": seed, "commitment": commitment})


async def draw(session: AsyncSession, klus: Klus, *, at: datetime) -> bool:
    """After the last day: who applied stands in line in the drawn order; `promote` then offers the places."""
    closed = klus.apply_until is None or klus.apply_until >= day_of(at)
    if klus.way != Way.LOTS or closed or klus.state not in (KlusState.OPEN, KlusState.RUNNING):
        return False
    seed = await session.scalar(_DRAW, {"klus": klus.id})
    if seed is None:
        return False
    order = drawn_order(seed, (await session.execute(_LOTS, {"klus": klus.id})).scalars())
    await session.execute(_IN_LINE, {"klus": klus.id, "lots": order, "at": at - timedelta(seconds=1)})
    await session.execute(_DRAWN, {"klus": klus.id, "at": at, "places": klus.places - klus.taken})
    facts = {"order": order, "seed": seed, "places": klus.places - klus.taken}
    note = Note("klus.drawn", (("klus", klus.id), ("team", klus.team_id)), facts, accountable=True)
    await record(session, note, by=SYSTEM)
    return True
