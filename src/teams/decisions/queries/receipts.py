"""The receipt of a decision, as this person may open it."""

from sqlalchemy.ext.asyncio import AsyncSession

from teams.decisions.queries.seen import decision_for
from teams.journal.models import Actor
from teams.kit.errors import Conflict, NextStep, Reason
from teams.kit.text import N_
from teams.ledger.queries import receipt_of


async def receipt_for(session: AsyncSession, number: str, by: Actor, *, quorum: int) -> bytes:
    """The tlog-proof once a signed head with so many witnesses covers the entry; who may see the number only opens nothing."""
    seen = await decision_for(session, number, by)
    made = await receipt_of(session, seen.row.entry_id, shown=None if seen.full else (), quorum=quorum)
    if made is None:
        raise Conflict(
            Reason("in_behandeling", N_("Het logboek omvat dit besluit nog niet. Het besluit zelf geldt al.")),
            then=(NextStep(N_("Probeer het over een paar tellen opnieuw."), f"/besluiten/{seen.row.number}"),),
        )
    return made


def file_headers(number: str) -> dict[str, str]:
    return {"Content-Disposition": f'attachment; filename="besluit-{number}.tlog-proof"'}
